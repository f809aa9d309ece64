"""Of all training, what can still decide how somebody stands: the newest, and what outlasts it.

Twenty years of a home hold many thousand training records, of which one for each person and course
counts. The database leaves the others out, so that a matrix costs what it shows.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from liaison.records import spec_of
from liaison.records.rules.compliance import Done
from liaison.records.training import TrainingRecord
from liaison.records.values import keep
from liaison.store.driver import plain_errors

if TYPE_CHECKING:
    from liaison.store.store import Store

_COUNTS: Final = (
    "staff IN (SELECT value FROM json_each(?)) AND completed <= ? "
    "AND archived IS NOT 1 AND merged_into IS NULL AND coalesce(struck_reason, '') = ''"
)
# Without a day of its own a record lasts by its course's rule, so the newest of those outlasts the
# others. Of two of one day the later one is taken: its id is part of what is compared.
_BY_RULE: Final = (
    "SELECT CAST(substr(newest, 11) AS INTEGER), staff, course, substr(newest, 1, 10), NULL FROM ("
    "SELECT staff, course, max(completed || printf('%020d', id)) AS newest FROM training_record "
    f"WHERE expires IS NULL AND {_COUNTS} GROUP BY staff, course)"
)
# Those with a day of their own are few: left out is one beside which a newer one lasts as long.
_BY_ITSELF: Final = (
    "SELECT id, staff, course, completed, expires FROM ("
    "SELECT id, staff, course, completed, expires, max(expires) OVER (PARTITION BY staff, course "
    "ORDER BY completed DESC, id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS beyond "
    f"FROM training_record WHERE expires IS NOT NULL AND {_COUNTS}) "
    "WHERE beyond IS NULL OR expires > beyond"
)
_EVERY: Final = f"SELECT id, staff, course, completed, expires FROM training_record WHERE {_COUNTS}"


def lasting(store: Store, staff: Iterable[int], on: dt.date) -> list[Done]:
    """Return the training that decides how some people stand on a day, and little more.

    Args:
        store: The home.
        staff: The ids of the members of staff and of their duplicates.
        on: The day; what was completed later is left out.
    """
    return _read(store, staff, on, _BY_RULE, _BY_ITSELF)


def completed(store: Store, staff: Iterable[int], on: dt.date) -> list[Done]:
    """Return all training of some people until a day, for days before it too.

    Args:
        store: The home.
        staff: The ids of the members of staff and of their duplicates.
        on: The last day; what was completed later is left out.
    """
    return _read(store, staff, on, _EVERY)


def _read(store: Store, staff: Iterable[int], on: dt.date, *statements: str) -> list[Done]:
    day = keep(spec_of(TrainingRecord).by_name["completed"], on)
    asked = (json.dumps(list(staff)), day)
    # a few hundred days for thousands of records
    as_date = lru_cache(maxsize=None)(dt.date.fromisoformat)
    rows: list[Any] = []
    with plain_errors():
        for statement in statements:
            rows += store.connection.execute(statement, asked).fetchall()
    # the latest written first: of two that count as long, that one is shown
    rows.sort(key=itemgetter(0), reverse=True)
    return [
        Done(identity, who, course, as_date(done), None if ends is None else as_date(ends))
        for identity, who, course, done, ends in rows
    ]
