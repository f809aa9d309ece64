"""What had no outcome on a day, read along the indexes over what closes it.

Each statement walks the open records and those that were closed after the day: never the closed
ones of years, so it costs the same in a home of any age.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Final

from liaison.records.rules import times
from liaison.store.driver import plain_errors
from liaison.store.schema import quote

if TYPE_CHECKING:
    from liaison.store.store import Store

_LIVES: Final = (
    "{t}.archived IS NOT 1 AND {t}.merged_into IS NULL AND coalesce({t}.struck_reason, '') = ''"
)
_LONGEST: Final = 400
"""So much of a note is read: nobody sees more of it in a list."""

# a plus sign keeps SQLite from walking an index over all there ever was, of which most is closed
_CONCERNS: Final = f"""
SELECT id, raised_at, resident, raised_by, routed_to, substr(situation, 1, {_LONGEST}), kind,
       urgency, route, answered_at, acknowledged_at
FROM concern AS c
WHERE (closed_at IS NULL OR closed_at >= :after) AND +raised_at < :after AND {_LIVES.format(t="c")}
"""
_ACTIONS: Final = f"""
SELECT id, due, resident, owner_staff, owner_contact, what, kind
FROM action AS a
WHERE (done_at IS NULL OR done_at >= :after) AND (+id < :stamp OR +due <= :day) AND {_LIVES.format(t="a")}
"""
_REFERRALS: Final = f"""
SELECT id, sent, resident, contact, organisation, substr(reason, 1, {_LONGEST}), threshold_days,
       next_chase, acknowledged, first_seen
FROM referral AS r
WHERE (closed_on IS NULL OR closed_on > :day) AND +sent <= :day AND {_LIVES.format(t="r")}
"""
_REVIEWS: Final = f"""
SELECT id, at, resident, place, direction
FROM transfer AS t
WHERE (reviewed_on IS NULL OR reviewed_on > :day) AND +at < :after
  AND direction IN (SELECT value FROM json_each(:back)) AND {_LIVES.format(t="t")}
"""
# the few that are still booked; which day one was closed on is not kept, so it is as known today
_APPOINTMENTS: Final = f"""
SELECT id, at, resident, escort, place, substr(purpose, 1, {_LONGEST})
FROM appointment AS p
WHERE status = 'booked' AND +at < :before AND {_LIVES.format(t="p")}
"""
_LOANS: Final = f"""
SELECT id, next_check, resident, supplier, what
FROM equipment_loan AS l
WHERE (returned_on IS NULL OR returned_on > :day) AND +next_check <= :day
  AND {_LIVES.format(t="l")}
"""
NOT_HELD: Final = 1
NOT_SPOKEN_OF: Final = 2
"""Why a line that was not carried over is open: its round was not held, or held without it."""

# driven by the few that were carried and by rounds that were never held: other settled lines are
# not looked at. An outcome counts from the day of its round, or from when it was written before.
# A line that somebody wrote on an agenda at another PC while its round was ended here has none, nor
# has one whose outcome was taken back: nothing else would bring it back
_LINES: Final = f"""
WITH carried(line, resident, into_round) AS (
  SELECT e.line, l.resident, e.carried_to FROM agenda_outcome AS e
  JOIN agenda_line AS l ON l.id = e.line JOIN round AS s ON s.id = l.round
  WHERE e.carried = 1 AND s.at < :after AND {_LIVES.format(t="e")}
), wanted(line) AS (
  SELECT line FROM carried
  UNION
  SELECT l.id FROM carried JOIN agenda_line AS l
    ON l.round = carried.into_round AND l.resident IS carried.resident
  UNION
  SELECT l.id FROM round AS s CROSS JOIN agenda_line AS l ON l.round = s.id
  WHERE s.status IS NOT 'happened' AND s.at < :before
  UNION
  SELECT l.id FROM agenda_line AS l CROSS JOIN round AS s ON s.id = l.round
  WHERE l.source_id IS NULL AND s.status = 'happened' AND s.at < :before AND NOT EXISTS
    (SELECT 1 FROM agenda_outcome AS e WHERE e.line = l.id AND {_LIVES.format(t="e")})
)
SELECT l.id, s.at, l.resident, l.source_type, l.source_id, substr(l.question, 1, {_LONGEST}),
  s.series,
  (SELECT count(*) FROM agenda_outcome AS e
   WHERE e.line = l.id AND +e.carried = 1 AND s.at < :after AND {_LIVES.format(t="e")}),
  (SELECT count(*) FROM agenda_outcome AS e
   WHERE e.line = l.id AND e.outcome IS NOT NULL AND (s.at < :after OR e.id < :stamp)
     AND {_LIVES.format(t="e")}),
  CASE WHEN s.at >= :before THEN 0 WHEN s.status IS NOT 'happened' THEN {NOT_HELD}
    WHEN l.source_id IS NULL THEN {NOT_SPOKEN_OF} ELSE 0 END
FROM wanted CROSS JOIN agenda_line AS l ON l.id = wanted.line
CROSS JOIN round AS s ON s.id = l.round
WHERE {_LIVES.format(t="l")}
"""
STATEMENTS: Final = {
    "concern": _CONCERNS,
    "action": _ACTIONS,
    "referral": _REFERRALS,
    "transfer": _REVIEWS,
    "appointment": _APPOINTMENTS,
    "equipment_loan": _LOANS,
    "agenda_line": _LINES,
}
"""By record type, what reads its open ones."""
_LAST: Final = 2**63 - 1
_TICK: Final = 20
"""Bits of a stamp below its milliseconds."""


def parameters(
    on: dt.date, back: Collection[str], *, present: bool = False
) -> dict[str, str | int]:
    """Return what the statements are given to look at a day.

    Args:
        on: The day, all of it counted in.
        back: The directions of a transfer that ask for a review.
        present: Whether it is the present day: then all that was written counts, also by a PC
            whose clock once ran ahead, as its stamps do ever since.
    """
    try:
        ends = times.start_of_day(on + dt.timedelta(days=1))
    except OverflowError:
        ends = dt.datetime.max.replace(tzinfo=dt.UTC)
    milliseconds = int(ends.timestamp() * 1000)
    return {
        "day": on.isoformat(),
        "before": _instant(times.start_of_day(on)),
        "after": _instant(ends),
        # an id is the moment it was made: the only day that an action without a due one has
        "stamp": _LAST if present else min(max(milliseconds, 0) << _TICK, _LAST),
        "back": json.dumps(sorted(back)),
    }


def open_rows(
    store: Store, on: dt.date, back: Collection[str], *, present: bool
) -> dict[str, list[Any]]:
    """Return everything that had no outcome on a day, by type, as kept values in no order.

    Args:
        store: The home.
        on: The day.
        back: The directions of a transfer that ask for a review.
        present: As for :func:`parameters`.

    Returns:
        The rows of each key of :data:`STATEMENTS`, which says the columns.
    """
    given = parameters(on, back, present=present)
    with plain_errors():
        return {
            type_name: store.connection.execute(statement, given).fetchall()
            for type_name, statement in STATEMENTS.items()
        }


def _instant(at: dt.datetime) -> str:
    kept = times.to_stored(at)
    return kept[: kept.index("Z")]


def known(
    store: Store, type_name: str, identities: Collection[int], *fields: str
) -> dict[int, tuple[Any, ...]]:
    """Return what little a list needs of the records that loops name.

    Args:
        store: The home.
        type_name: Their type.
        identities: Their ids.
        fields: What is needed, as kept.

    Returns:
        By id, which record it was merged into (None for none) and the fields.
    """
    if not identities:
        return {}
    columns = ", ".join(quote(name) for name in ("id", "merged_into", *fields))
    with plain_errors():
        found = store.connection.execute(
            f"SELECT {columns} FROM {quote(type_name)} "
            "WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps([*identities]),),
        )
        return {row[0]: row[1:] for row in found}
