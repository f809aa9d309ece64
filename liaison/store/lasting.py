"""Of all training, what can still decide how somebody stands: the newest, and what outlasts it.

Twenty years of a home hold many thousand training records, of which one for each person and course
counts. The database leaves the others out, so that a matrix costs what it shows.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from liaison.records import spec_of
from liaison.records.training import TrainingRecord
from liaison.records.values import keep
from liaison.store.driver import plain_errors
from liaison.store.rows import column_list, to_records

if TYPE_CHECKING:
    from liaison.store.store import Store

# Left out is a record beside which a newer one of the same person and course lasts as long. Without
# a day of its own a record lasts by its course's rule, so the newest of those outlasts the others;
# how long that is the database does not know, only that it is not before the day of completion.
_LASTING: Final = (
    "SELECT {columns} FROM (SELECT *, "
    "row_number() OVER (PARTITION BY staff, course, expires IS NULL "
    "ORDER BY completed DESC, id DESC) AS place, "
    "max(coalesce(expires, completed)) OVER (PARTITION BY staff, course "
    "ORDER BY completed DESC, id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS beyond "
    "FROM training_record WHERE staff IN (SELECT value FROM json_each(?)) AND completed <= ? "
    "AND archived IS NOT 1 AND merged_into IS NULL AND coalesce(struck_reason, '') = '') "
    "WHERE place = 1 OR expires > beyond ORDER BY id DESC"
)


def lasting(store: Store, staff: Iterable[int], on: dt.date) -> list[TrainingRecord]:
    """Return the training that decides how some people stand on a day, and little more.

    Args:
        store: The home.
        staff: The ids of the members of staff and of their duplicates.
        on: The day; what was completed later is left out.
    """
    spec = spec_of(TrainingRecord)
    day = keep(spec.by_name["completed"], on)
    with plain_errors():
        rows = store.connection.execute(
            _LASTING.format(columns=column_list(spec.name)), (json.dumps(list(staff)), day)
        ).fetchall()
        found = to_records(store.connection, spec, rows)
    return [record for record in found if isinstance(record, TrainingRecord)]
