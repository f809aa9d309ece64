"""What runs out or is missing within some days, and which sessions would close most of it."""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from liaison.records.rules.compliance import State
from liaison.records.rules.matrix import Column, Matrix, Row
from liaison.records.rules.standing import Cell, id_of

MOST_SESSIONS: Final = 30
"""A plan longer than this is not read; the gaps themselves are all listed."""
PLACES: Final = 12
"""How many a session takes that nobody has given a number of places."""


@dataclasses.dataclass(frozen=True, slots=True)
class Gap:
    """A course somebody must hold and does not, or will not for much longer.

    Args:
        row: Who.
        column: Which course.
        cell: How they stand with it.
        state: The state, looking ahead: what runs out within the days asked for is due soon.
        by: The last day they can be taught without being late: the day it runs out, or the day
            before a new starter must hold it; None if they are late already without one.
    """

    row: Row
    column: Column
    cell: Cell
    state: State
    by: date | None

    @property
    def staff(self) -> int:
        """The member of staff's id."""
        return self.cell.staff

    @property
    def course(self) -> int:
        """The course's id."""
        return self.cell.course

    @property
    def runs_out(self) -> date | None:
        """The last day what they hold counts; None if they never held it."""
        return None if self.cell.held is None else self.cell.held.runs_out

    @property
    def booked(self) -> bool:
        """Whether a place on a coming session is held for them."""
        return self.cell.booked is not None

    def is_late(self, on: date) -> bool:
        """Return whether they should hold it by a day and do not."""
        return self.by is None or self.by < on


@dataclasses.dataclass(frozen=True, slots=True)
class Coming:
    """A session that is planned already.

    Args:
        session: Its id.
        course: Its course.
        at: When.
        free: How many places nobody has.
        teams: How many of each team have one.
    """

    session: int
    course: int
    at: datetime
    free: int
    teams: Mapping[str, int] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, slots=True)
class Proposal:
    """A session, planned already or to be planned, and the gaps it would close.

    Args:
        course: Its course.
        gaps: What it closes, the most pressing first.
        coming: The session that is planned already; None: one is to be planned.
    """

    course: int
    gaps: tuple[Gap, ...]
    coming: Coming | None = None

    @property
    def people(self) -> tuple[Row, ...]:
        """Who is to come, the most pressing first."""
        return tuple({gap.staff: gap.row for gap in self.gaps}.values())

    @property
    def by(self) -> date | None:
        """The day by which it should be held; None if somebody is late already without one."""
        days = [gap.by for gap in self.gaps]
        return None if None in days else min(day for day in days if day is not None)


def find(made: Matrix, within: int) -> tuple[Gap, ...]:
    """Return what is missing, out of date, or runs out soon, the most pressing first.

    Args:
        made: The matrix of the day.
        within: How many days to look ahead.
    """
    last = made.on + timedelta(days=within)
    found = [
        gap
        for row in made.rows
        for column, cell in zip(made.columns, row.cells, strict=True)
        if (gap := _gap(row, column, cell, made.on, last)) is not None
    ]
    return tuple(sorted(found, key=_pressing))


def _gap(row: Row, column: Column, cell: Cell, on: date, last: date) -> Gap | None:
    begins = cell.required_from
    if begins is None or cell.exemption is not None:
        return None
    end = None if cell.held is None else cell.held.runs_out
    if cell.in_date:
        if end is None or end > last:
            return None
        return Gap(row, column, cell, State.BOOKED if cell.booked else State.DUE_SOON, end)
    if begins > on:
        # a new starter's time is running, or the requirement is only to come
        if begins > last:
            return None
        by = begins - timedelta(days=1)
        return Gap(row, column, cell, State.BOOKED if cell.booked else State.DUE_SOON, by)
    return Gap(row, column, cell, cell.state, end)


def _pressing(gap: Gap) -> tuple[date, str, int]:
    return gap.by or date.min, gap.row.name.casefold(), gap.course


def plan(
    gaps: Iterable[Gap],
    counting: Mapping[int, frozenset[int]],
    coming: Sequence[Coming] = (),
    *,
    at_once: int | None = None,
    places: int = PLACES,
) -> tuple[Proposal, ...]:
    """Return the sessions that close most gaps: first the planned ones with room, then new ones.

    Each new session is the one that closes most of what the ones before it left open; of two that
    close as many, the one that is needed sooner. Whoever has a place already is left out.

    Args:
        gaps: The gaps.
        counting: What each course counts as.
        coming: The sessions planned already.
        at_once: How many of one team may be away at once; None: any number. Whoever has no team is
            counted with those of their job role.
        places: How many a new session takes.
    """
    left = sorted((gap for gap in gaps if not gap.booked), key=_pressing)
    made: list[Proposal] = []
    for session in sorted(coming, key=lambda one: (one.at, one.session)):
        closes = counting.get(session.course, frozenset({session.course}))
        some = _fill(left, closes, session.free, at_once, Counter(session.teams))
        if some:
            made.append(Proposal(session.course, some, session))
            left = _without(left, some)
    return (*made, *_new(left, counting, at_once, places))


def _new(
    left: list[Gap], counting: Mapping[int, frozenset[int]], at_once: int | None, places: int
) -> Iterable[Proposal]:
    wanted = {gap.course for gap in left}
    closing = {course: also & wanted for course, also in counting.items() if also & wanted}
    for course in wanted - closing.keys():
        closing[course] = frozenset({course})
    best: dict[int, tuple[Gap, ...]] = {}
    stale = set(closing)
    made: list[Proposal] = []
    while left and len(made) < MOST_SESSIONS:
        for course in stale:
            best[course] = _fill(left, closing[course], places, at_once, Counter())
        course = min(
            best, key=lambda one: (-len(best[one]), _first(best[one]), one not in wanted, one)
        )
        chosen = best[course]
        if not chosen:
            break
        made.append(Proposal(course, chosen))
        left = _without(left, chosen)
        gone = {gap.course for gap in chosen}
        stale = {one for one, also in closing.items() if also & gone}
    return made


def _first(gaps: Sequence[Gap]) -> date:
    return min((gap.by or date.min for gap in gaps), default=date.max)


def _fill(
    left: Sequence[Gap],
    closes: frozenset[int],
    places: int,
    at_once: int | None,
    teams: Counter[str],
) -> tuple[Gap, ...]:
    """Return the gaps that one session closes, the most pressing people first."""
    theirs: defaultdict[int, list[Gap]] = defaultdict(list)
    for gap in left:
        if gap.course in closes:
            theirs[gap.staff].append(gap)
    chosen: list[Gap] = []
    for some in theirs.values():
        if places <= 0:
            break
        team = team_of(some[0].row)
        if at_once is not None and teams[team] >= at_once:
            continue
        teams[team] += 1
        places -= 1
        chosen += some
    return tuple(chosen)


def _without(left: Sequence[Gap], closed: Iterable[Gap]) -> list[Gap]:
    gone = {(gap.staff, gap.course) for gap in closed}
    return [gap for gap in left if (gap.staff, gap.course) not in gone]


def team_of(row: Row) -> str:
    """Return the team somebody counts for; their job role where no team is recorded."""
    return row.team or row.role or str(id_of(row.staff))


def by_span(gaps: Iterable[Gap], on: date, spans: Sequence[int]) -> tuple[int, ...]:
    """Return how many gaps are late already, and how many more fall into each span of days.

    Args:
        gaps: The gaps.
        on: The day.
        spans: The ends of the spans in days, rising: 30, 60, 90.
    """
    counts = [0] * (len(spans) + 1)
    for gap in gaps:
        if gap.by is None or gap.by < on:
            counts[0] += 1
            continue
        days = (gap.by - on).days
        for place, end in enumerate(spans, 1):
            if days <= end:
                counts[place] += 1
                break
    return tuple(counts)
