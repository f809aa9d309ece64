"""What waits for a round, read straight along the indexes over what would have closed it.

The agenda of a home of any age costs what is open costs, not what was ever written. A row is plain
kept values; ``services.rounds`` makes words of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from liaison.store.driver import plain_errors

if TYPE_CHECKING:
    from liaison.store.store import Store

_LIVES: Final = "{0}.archived IS NOT 1 AND {0}.merged_into IS NULL AND {0}.struck_reason IS NULL"

# references are never rewritten when two records become one
_OF_SAME: Final = (
    "{0} IN (WITH RECURSIVE same(id) AS (SELECT ? UNION SELECT t.id FROM {0} AS t "
    "JOIN same ON t.merged_into = same.id WHERE t.merged_into IS NOT NULL) SELECT id FROM same)"
)

#: By record type: what waits, or with ``{which}`` replaced, the ones of some ids, open or not.
_COLUMNS: Final[Mapping[str, str]] = {
    "concern": (
        "kind, resident, raised_at, situation, urgency, route, routed_to, raised_by, answered_at, "
        "answer, answered_by, acknowledged_at, closed_at, outcome"
    ),
    "action": (
        "what, resident, owner_staff, owner_contact, due, done_at, outcome, source_type, source_id"
    ),
    "referral": (
        "resident, organisation, contact, sent, reason, next_chase, first_seen, closed_on, outcome"
    ),
    "transfer": (
        "resident, direction, at, place, summary, medicines, problems, reviewed_on, review"
    ),
}
_OPEN: Final[Mapping[str, str]] = {
    "concern": "closed_at IS NULL",
    "action": "done_at IS NULL AND due <= :day",
    "referral": "closed_on IS NULL AND first_seen IS NULL AND sent <= :day",
    "transfer": (
        "reviewed_on IS NULL AND direction IN ('discharge', 'return from A&E', 'move in') "
        "AND at < :after"
    ),
}
SOURCES: Final = tuple(_COLUMNS)
"""The types of record that come onto an agenda by themselves, besides residents' own reviews."""
_CLOSED: Final[Mapping[str, tuple[str, ...]]] = {
    "concern": ("closed_at", "outcome"),
    "action": ("done_at", "outcome"),
    "referral": ("closed_on", "first_seen", "outcome"),
    "transfer": ("reviewed_on", "review"),
}
_PLACES: Final = {
    name: {column.strip(): place for place, column in enumerate(columns.split(","), 1)}
    for name, columns in _COLUMNS.items()
}


def closed(type_name: str, row: tuple[Any, ...]) -> str | None:
    """Return when what a row of :func:`of_ids` says was closed, as it is kept; None if it waits."""
    found = (row[_PLACES[type_name][column]] for column in _CLOSED[type_name][:-1])
    return next((moment for moment in found if moment), None)


def outcome(type_name: str, row: tuple[Any, ...]) -> str | None:
    """Return what came of what a row says."""
    said: str | None = row[_PLACES[type_name][_CLOSED[type_name][-1]]]
    return said


def waiting(store: Store, type_name: str, *, day: str, after: str) -> list[tuple[Any, ...]]:
    """Return what waits of a type: its id, then the columns of the type.

    Args:
        store: The home.
        type_name: One of :data:`SOURCES`.
        day: The day of the round, as it is kept.
        after: The moment at which that day is over, as it is kept.
    """
    with plain_errors():
        found: list[Any] = store.connection.execute(
            f"SELECT id, {_COLUMNS[type_name]} FROM {type_name} AS t "
            f"WHERE {_OPEN[type_name]} AND {_LIVES.format('t')}",
            {"day": day, "after": after},
        ).fetchall()
    return found


def of_ids(store: Store, type_name: str, identities: Iterable[int]) -> list[tuple[Any, ...]]:
    """Return rows as :func:`waiting` does, of some ids, whether they wait or not.

    What was archived, merged or struck through is left out: nobody waits for it.
    """
    with plain_errors():
        found: list[Any] = store.connection.execute(
            f"SELECT id, {_COLUMNS[type_name]} FROM {type_name} AS t "
            f"WHERE id IN (SELECT value FROM json_each(:ids)) AND {_LIVES.format('t')}",
            {"ids": json.dumps([*identities])},
        ).fetchall()
    return found


def residents(store: Store) -> list[tuple[Any, ...]]:
    """Return everybody who lives or lived here, duplicates too.

    Returns:
        Rows of id, name, room, date of birth, day they left, days between reviews, last review,
        day they moved in, named nurse, whether archived or struck through, and whom a duplicate
        stands for.
    """
    with plain_errors():
        found: list[Any] = store.connection.execute(
            "SELECT id, name, room, date_of_birth, left_on, review_every_days, last_reviewed, "
            "moved_in, named_nurse, (archived IS 1 OR struck_reason IS NOT NULL), merged_into "
            "FROM resident"
        ).fetchall()
    return found


def settings(store: Store) -> tuple[int | None, int | None]:
    """Return what the home says of rounds: carried over how often is too often, days for a review."""
    with plain_errors():
        found: tuple[int | None, int | None] | None = store.connection.execute(
            "SELECT carried_alert, review_working_days FROM home ORDER BY id LIMIT 1"
        ).fetchone()
    return found or (None, None)


class Recurring(NamedTuple):
    """A recurring round, as far as it decides what is put before whoever comes."""

    id: int
    professional: int | None
    every: str | None


def series(store: Store) -> list[Recurring]:
    """Return the recurring rounds there are, the oldest first."""
    with plain_errors():
        found = store.connection.execute(
            f"SELECT id, professional, every FROM series AS t WHERE {_LIVES.format('t')} ORDER BY id"
        )
        return [Recurring(*row) for row in found]


def is_first(store: Store, series_id: int, status: str, at: str) -> bool:
    """Return whether no round of a series and its duplicates that stands comes before a moment.

    Args:
        store: The home.
        series_id: The series.
        status: Only the rounds that stand so count.
        at: The moment, as it is kept.
    """
    with plain_errors():
        found = store.connection.execute(
            f"SELECT NOT EXISTS (SELECT 1 FROM round AS t WHERE {_OF_SAME.format('series')} "
            f"AND status = ? AND at < ? AND {_LIVES.format('t')})",
            (series_id, status, at[: at.index("Z") + 1]),
        ).fetchone()
    return bool(found[0])


def written(store: Store, sitting: int) -> list[int]:
    """Return the lines that were ever written for a round or a duplicate of it, in no order."""
    with plain_errors():
        found = store.connection.execute(
            f"SELECT id FROM agenda_line WHERE {_OF_SAME.format('round')} AND merged_into IS NULL",
            (sitting,),
        ).fetchall()
    return [line for (line,) in found]


def chases(store: Store, referrals: Iterable[int]) -> list[tuple[int, str, str | None]]:
    """Return when some referrals were chased and with what result, oldest first."""
    with plain_errors():
        found: list[Any] = store.connection.execute(
            "SELECT referral, at, result FROM chase WHERE referral IN "
            "(SELECT value FROM json_each(?)) AND struck_reason IS NULL ORDER BY at, id",
            (json.dumps([*referrals]),),
        ).fetchall()
    return found


def roles(store: Store, contacts: Iterable[int], day: str) -> list[str]:
    """Return the roles that some contacts hold on a day."""
    with plain_errors():
        found = store.connection.execute(
            "SELECT DISTINCT role FROM post AS t WHERE contact IN (SELECT value FROM json_each(?)) "
            "AND role IS NOT NULL AND (since IS NULL OR since <= ?) "
            f"AND (until IS NULL OR until >= ?) AND {_LIVES.format('t')}",
            (json.dumps([*contacts]), day, day),
        ).fetchall()
    return [role for (role,) in found]


def lines(store: Store, rounds: Iterable[int]) -> list[tuple[int, int, str | None, str | None]]:
    """Return the lines of some rounds that stand, as rows of round, id, type and id of the source."""
    with plain_errors():
        found: list[Any] = store.connection.execute(
            "SELECT round, id, source_type, source_id FROM agenda_line AS t WHERE round IN "
            f"(SELECT value FROM json_each(?)) AND {_LIVES.format('t')}",
            (json.dumps([*rounds]),),
        ).fetchall()
    return found


def outcomes(
    store: Store, lines: Iterable[int]
) -> list[tuple[int, int, str | None, int, int | None]]:
    """Return what was decided about some lines, oldest first; what was taken back is left out.

    Returns:
        Rows of line, id, outcome, whether it was carried over, and the round it was carried to.
    """
    with plain_errors():
        found: list[Any] = store.connection.execute(
            "SELECT line, id, outcome, carried, carried_to FROM agenda_outcome WHERE line IN "
            "(SELECT value FROM json_each(?)) AND struck_reason IS NULL ORDER BY id",
            (json.dumps([*lines]),),
        ).fetchall()
    return found


def decided(store: Store, sources: Iterable[str]) -> list[tuple[str, str, int, int, int]]:
    """Return how lines from some sources were decided, at any round, oldest first.

    Args:
        store: The home.
        sources: The ids of the records they came from, as text.

    Returns:
        Rows of the type and id of the source, the line, its outcome, and whether it was carried
        over.
    """
    with plain_errors():
        found: list[Any] = store.connection.execute(
            "SELECT line.source_type, wanted.value, line.id, said.id, said.carried IS 1 "
            "FROM json_each(?) AS wanted "
            "JOIN agenda_line AS line ON line.source_id = wanted.value COLLATE NOCASE "
            "JOIN agenda_outcome AS said ON said.line = line.id "
            "WHERE said.struck_reason IS NULL ORDER BY said.id",
            (json.dumps([*sources]),),
        ).fetchall()
    return found
