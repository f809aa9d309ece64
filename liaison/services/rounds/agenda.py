"""The agenda of a round: its lines in order, why each is there, how it stands, who comes."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from liaison.errors import UserError
from liaison.records import all_specs, ids
from liaison.records.casework import AgendaLine, Round, Series
from liaison.records.rules import times
from liaison.records.rules.rounds import (
    Matter,
    Seat,
    belongs,
    frequency,
    holiday_note,
    in_order,
)
from liaison.services.rounds.left import day_of, source_of
from liaison.services.rounds.lines import PLANNED, Line, Sitting, State
from liaison.services.rounds.told import Told
from liaison.services.rounds.waiting import Waiting, Whom, same
from liaison.store import agenda as rows
from liaison.store import query
from liaison.store.driver import plain_errors

if TYPE_CHECKING:
    from liaison.services.references import Names
    from liaison.store.store import Store


@dataclasses.dataclass(frozen=True, slots=True)
class Agenda:
    """The agenda of a round.

    Args:
        sitting: The round.
        lines: Its lines in order.
        builds: Whether what waits is put on it by itself: it is the next one of its series.
        others: What waits and is not put on it by itself, or was taken off it.
    """

    sitting: Sitting
    lines: tuple[Line, ...]
    builds: bool = False
    others: tuple[tuple[Matter, Whom | None], ...] = ()

    def count(self, *states: State) -> int:
        """Return how many lines stand in any of some states."""
        return sum(line.state in states for line in self.lines)

    @property
    def to_do(self) -> int:
        """How many lines nobody has said anything about."""
        return self.count(State.TO_DO)


def round_of(store: Store, identity: int) -> Round:
    """Return a round.

    Raises:
        UserError: It is not here, or it was struck through or archived.
    """
    found = store.follow("round", identity)
    if not isinstance(found, Round) or found.at is None or not found.lives or found.struck_reason:
        raise UserError(
            "This round is not here any more.", kept="Nothing was changed.", code="not-found"
        )
    return found


def agenda(store: Store, identity: int) -> Agenda:
    """Return the agenda of a round, as it stands.

    It is worked out, not written: what waits and is not on it yet has no id until somebody works
    with it (``doing.draw_up``).

    Args:
        store: The home.
        identity: The round.

    Raises:
        UserError: It is not here.
    """
    sitting = round_of(store, identity)
    waiting = Waiting(store, day_of(sitting))
    written = written_lines(store, sitting)
    here, builds = gathered(store, sitting, waiting, written)
    lines = Told(store, waiting, sitting).lines(written)
    new = [
        Line(
            None, number, one.kind, waiting.whom(one.resident), one.question, one.why, one.age,
            one.mark, State.TO_DO, (), "", 0, False, (one.source_type, one.source_id),
        )
        for number, one in enumerate(here, len(lines) + 1)
    ]  # fmt: skip
    others: list[Matter] = []
    if sitting.status == PLANNED:
        # an id is one record's, of whatever type
        taken = {one.source_id for one in here} | {line.source[1] for line in lines if line.source}
        others = [one for one in waiting.matters if one.source_id not in taken]
        others = in_order((one, _called(waiting, one)) for one in others)
    return Agenda(
        sitting_of(sitting, waiting.names),
        (*lines, *new),
        builds,
        tuple((one, waiting.whom(one.resident)) for one in others),
    )


def gathered(
    store: Store, sitting: Round, waiting: Waiting, written: Sequence[AgendaLine]
) -> tuple[list[Matter], bool]:
    """Return what is to be put on an agenda by itself and is not on it yet, in order.

    Args:
        store: The home.
        sitting: The round.
        waiting: What waits on its day.
        written: The lines there are, those that were taken off too.

    Returns:
        The matters, and whether anything is put on this agenda by itself: only on that of the next
        round of its series, as what comes after is decided there.
    """
    if not is_next(store, sitting):
        return [], False
    seat = seat_of(store, sitting, waiting.names)
    wanted = [matter for matter in waiting.matters if belongs(matter, seat)]
    if written:
        there = {source_of(line) for line in written}
        lines = {ids.to_text(line.id or 0) for line in written}
        wanted = [
            matter
            for matter in wanted
            if (matter.source_type, matter.source_id) not in there and matter.agreed not in lines
        ]
    return in_order((matter, _called(waiting, matter)) for matter in wanted), True


def is_next(store: Store, sitting: Round) -> bool:
    """Return whether a round is planned and no other one of its series comes before it."""
    if sitting.status != PLANNED or sitting.at is None:
        return False
    if sitting.series is None:
        return True
    return rows.is_first(store, sitting.series, PLANNED, times.to_stored(sitting.at))


def seat_of(store: Store, sitting: Round, names: Names) -> Seat:
    """Return who comes to a round, as far as it decides what is put before them."""
    day = day_of(sitting).isoformat()
    every = rows.series(store)
    mine = None if sitting.series is None else names.record("series", sitting.series)
    if not isinstance(mine, Series):
        return Seat(elsewhere=_known_as(store, (one.professional for one in every)))
    main = min(every, key=lambda one: (frequency(one.every), one.id), default=mine)
    who = same(store, "contact", mine.professional)
    others = (one.professional for one in every if one.id != mine.id)
    return Seat(
        professional=who,
        organisation=same(store, "organisation", mine.organisation),
        roles=frozenset(rows.roles(store, who, day)) if who else frozenset(),
        general=main.id == mine.id,
        elsewhere=_known_as(store, others) - who,
    )


def _known_as(store: Store, contacts: Iterable[int | None]) -> frozenset[int]:
    """Return every id by which any of some contacts is known."""
    return frozenset(one for contact in contacts for one in same(store, "contact", contact))


def sitting_of(record: Round, names: Names) -> Sitting:
    """Return a round as people name it."""
    found = None if record.series is None else names.record("series", record.series)
    assert record.at is not None  # noqa: S101  # round_of looked
    series = found if isinstance(found, Series) else Series()
    who, place = series.professional, series.organisation
    return Sitting(
        id=record.id or 0,
        series=record.series,
        name=series.name or "Round",
        at=record.at,
        status=record.status or PLANNED,
        who="" if who is None else names.by_id("contact", who),
        place="" if place is None else names.by_id("organisation", place),
        attendees=record.attendees or "",
        minutes=record.minutes or "",
        note=holiday_note(day_of(record)) if record.status == PLANNED else "",
        every=series.every or "",
    )


def written_lines(store: Store, sitting: Round) -> list[AgendaLine]:
    """Return the lines of a round that are written, in order, those that were taken off too."""
    there = rows.written(store, sitting.id or 0)
    if not there:
        return []
    with plain_errors():
        every = query.of_ids(store.connection, all_specs()["agenda_line"], there).values()
    found = [one for one in every if isinstance(one, AgendaLine)]
    return sorted(found, key=lambda one: (one.position is None, one.position or 0, one.id or 0))


def _called(waiting: Waiting, matter: Matter) -> str:
    whom = waiting.whom(matter.resident)
    return "" if whom is None else whom.name
