"""What everything that is written about an agenda has in common."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING

from liaison.errors import UserError
from liaison.records import Problem, ids
from liaison.records.casework import AgendaLine, Round, Series
from liaison.records.ids import derived_id
from liaison.records.rules import times
from liaison.services import editing
from liaison.services.rounds import planning
from liaison.services.rounds.agenda import round_of, written_lines
from liaison.services.rounds.left import source_of
from liaison.services.rounds.lines import BY_HAND, PLANNED
from liaison.services.rounds.told import stands

if TYPE_CHECKING:
    from liaison.services.homes import OpenHome
    from liaison.store.unit import UnitOfWork


@dataclasses.dataclass(frozen=True, slots=True)
class Done:
    """What was written.

    Args:
        changes: The stamps of what was written, to take it back.
        ids: The ids of what was added, in order.
        warnings: What is unusual about it.
    """

    changes: tuple[int, ...] = ()
    ids: tuple[int, ...] = ()
    warnings: tuple[Problem, ...] = ()


def planned(home: OpenHome, identity: int) -> Round:
    """Return a round whose agenda is open; refuse one that is over."""
    sitting = round_of(home.store, identity)
    if sitting.status != PLANNED:
        word = "was held" if sitting.status == "happened" else "was called off"
        raise UserError(
            f"This round {word}, and its agenda is closed.",
            kept="Nothing was changed.",
            do="Put it on the next round's agenda.",
            code="round-over",
        )
    return sitting


def line_and_round(home: OpenHome, identity: int) -> tuple[AgendaLine, Round]:
    """Return a line that stands, and its round; refuse one that does not stand any more."""
    found = home.store.follow("agenda_line", identity)
    if not isinstance(found, AgendaLine) or not stands(found) or found.round is None:
        raise UserError(
            "This line is not on the agenda any more.",
            kept="Nothing was changed.",
            code="not-found",
        )
    return found, round_of(home.store, found.round)


def decided_already() -> UserError:
    """Return the error for a line about which something is recorded."""
    return UserError(
        "Something is recorded about this line already.",
        kept="Nothing was changed.",
        do="Take that back first if it is wrong.",
        code="nothing-to-do",
    )


def refuse(problems: Sequence[Problem]) -> None:
    """Refuse what has problems that block."""
    if blocking := [problem for problem in problems if problem.blocks]:
        raise editing.Unfit(blocking)


def next_place(written: Sequence[AgendaLine]) -> int:
    """Return the place after the last line."""
    return max((one.position or 0 for one in written), default=0) + 1


def put(home: OpenHome, unit: UnitOfWork, line: AgendaLine) -> int:
    """Put a line on an agenda once: another PC that puts it there makes the same one."""
    what = (line.round or 0, line.source_type or "", line.source_id or "")
    identity = derived_id("agenda_line", *what)
    known = home.store.load("agenda_line", identity)
    if known is None:
        return unit.add(line, derived_from=what)
    if not known.record.lives:
        again = dataclasses.replace(known.record, archived=None)
        unit.save(known, again)
    return identity


def hand_on(
    home: OpenHome, unit: UnitOfWork, lines: Sequence[AgendaLine], target: int
) -> tuple[int, ...]:
    """Put lines on a later agenda; one written by hand names the one it was written as."""
    there = home.store.follow("round", target)
    place = next_place(written_lines(home.store, there) if isinstance(there, Round) else [])
    return tuple(
        put(
            home,
            unit,
            dataclasses.replace(
                line,
                id=None,
                round=target,
                source_type=source_type(line),
                source_id=source_id(line),
                position=number,
                archived=None,
            ),
        )
        for number, line in enumerate(lines, place)
    )


def source_type(line: AgendaLine) -> str | None:
    """Return what a line carried over names as its source: of one written by hand, the line itself."""
    return BY_HAND if source_of(line) is None else line.source_type


def source_id(line: AgendaLine) -> str | None:
    """Return the id that goes with :func:`source_type`."""
    return ids.to_text(line.id or 0) if source_of(line) is None else line.source_id


def target_of(home: OpenHome, unit: UnitOfWork, sitting: Round, to: int | None) -> int:
    """Return the round to carry over to, which is planned if there is none yet."""
    if to is not None:
        later = planned(home, to)
        if later.at is not None and sitting.at is not None and later.at <= sitting.at:
            raise UserError(
                "A line is carried over to a later round.",
                kept="Nothing was changed.",
                do=f"Choose one after {times.show_time(sitting.at)}.",
                code="not-later",
            )
        return later.id or 0
    there, series, day = planning.after(home, sitting)
    if there is not None:
        return there
    assert isinstance(series, Series)  # noqa: S101  # after() found one or the other
    assert day is not None  # noqa: S101
    return planning.plan_on(home, unit, series, day)
