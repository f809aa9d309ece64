"""Every training record of some people as plain kept values: thousands at once, for a return."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from liaison.store.driver import plain_errors

if TYPE_CHECKING:
    from liaison.store.store import Store

Trained = tuple[
    int, int, int | None, str | None, str | None, str | None, str | None, str | None, str | None
]
"""Of a record: id, staff, course, completed, expires, accredited, delivered by, delivery, notes."""

_THEIRS: Final = (
    "SELECT id, staff, course, completed, expires, accredited, delivered_by, delivery, notes "
    "FROM training_record WHERE staff IN (SELECT value FROM json_each(?)) "
    "AND archived IS NOT 1 AND merged_into IS NULL AND coalesce(struck_reason, '') = ''"
)


def trained(store: Store, staff: Iterable[int]) -> list[Trained]:
    """Return every training record of some people that stands, in no order.

    Args:
        store: The home.
        staff: The ids of the members of staff and of their duplicates.
    """
    with plain_errors():
        found = store.connection.execute(_THEIRS, (json.dumps(list(staff)),))
        rows: list[Trained] = found.fetchall()
    return rows
