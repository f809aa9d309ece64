"""When records were first written and by whom, read from the log for many at once."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from liaison.records.rules import times
from liaison.store.driver import plain_errors

if TYPE_CHECKING:
    from liaison.store.store import Store


def first_written(store: Store, identities: Iterable[int]) -> dict[int, dt.datetime]:
    """Return when records were first written, by the clock of the PC that wrote them.

    Args:
        store: The home.
        identities: Their ids, of any type.

    Returns:
        The moments by id; a record whose first change has not arrived yet is left out.
    """
    with plain_errors():
        rows = store.connection.execute(
            "SELECT c.rec, u.at FROM (SELECT rec, min(stamp) AS stamp FROM change "
            "WHERE rec IN (SELECT value FROM json_each(?)) GROUP BY rec) AS c "
            "JOIN change AS first ON first.stamp = c.stamp JOIN unit AS u ON u.id = first.unit",
            (json.dumps([*identities]),),
        ).fetchall()
    return {rec: times.from_stored(at) for rec, at in rows}


def first_writers(store: Store, identities: Iterable[int]) -> dict[int, int]:
    """Return who first wrote records.

    Args:
        store: The home.
        identities: Their ids, of any type.

    Returns:
        The ids of person records by id of the record; a record whose first change has not arrived
        yet is left out.
    """
    with plain_errors():
        rows = store.connection.execute(
            "SELECT c.rec, u.person FROM (SELECT rec, min(stamp) AS stamp FROM change "
            "WHERE rec IN (SELECT value FROM json_each(?)) GROUP BY rec) AS c "
            "JOIN change AS first ON first.stamp = c.stamp JOIN unit AS u ON u.id = first.unit",
            (json.dumps([*identities]),),
        ).fetchall()
    return dict(rows)
