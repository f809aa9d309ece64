"""What people do with an agenda: let it be drawn up, add, take off, put in order.

Nothing on it can vanish: what is taken off stays open and comes back at the next round.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.records import Problem, ids
from liaison.records.casework import AgendaLine
from liaison.records.check import is_empty, tidy
from liaison.services import editing, permissions
from liaison.services.rounds.agenda import gathered, round_of, written_lines
from liaison.services.rounds.left import day_of, source_of
from liaison.services.rounds.lines import BY_HAND
from liaison.services.rounds.told import stands
from liaison.services.rounds.waiting import Waiting
from liaison.services.rounds.writing import (
    Done,
    decided_already,
    hand_on,
    line_and_round,
    next_place,
    planned,
    put,
    refuse,
    target_of,
)
from liaison.services.together import Together
from liaison.store import agenda as rows
from liaison.store import history

if TYPE_CHECKING:
    from liaison.services.homes import OpenHome

_DRAWN_UP: Final = "Agenda"
_TAKEN_OFF: Final = "Taken off the agenda"


def draw_up(home: OpenHome, identity: int) -> Done:
    """Write what waits for a round on its agenda; what is there keeps its place.

    Args:
        home: The home.
        identity: The round.

    Returns:
        What was added: nothing if the agenda is complete, or is not built yet because another
        round of the series comes first.

    Raises:
        NotAllowed: Their role does not write on agendas.
    """
    store = home.store
    sitting = round_of(store, identity)
    written = written_lines(store, sitting)
    matters, _ = gathered(store, sitting, Waiting(store, day_of(sitting)), written)
    if not matters:
        return Done()
    editing.refuse_adding(home, "agenda_line")
    with home.unit(_DRAWN_UP) as unit:
        place = next_place(written)
        made = [
            put(
                home, unit,
                AgendaLine(
                    round=sitting.id,
                    resident=matter.resident,
                    source_type=matter.source_type,
                    source_id=ids.to_text(matter.source_id),
                    question=matter.question or None,
                    position=number,
                ),
            )
            for number, matter in enumerate(matters, place)
        ]  # fmt: skip
        at = unit.id
    return Done(tuple(history.batch_changes(store, at)), tuple(made))


def add_line(
    home: OpenHome,
    identity: int,
    question: str,
    resident: int | None = None,
    source: tuple[str, int] | None = None,
) -> Done:
    """Put something on an agenda by hand, at its end.

    Args:
        home: The home.
        identity: The round.
        question: What is to be spoken of.
        resident: About whom; None for nobody in particular.
        source: The record it comes from, for something that waits and was not put on by itself.

    Raises:
        editing.Unfit: There is nothing to speak of, or nobody of that id.
        UserError: The round is over, or it is on the agenda already.
    """
    store = home.store
    sitting = planned(home, identity)
    editing.refuse_adding(home, "agenda_line")
    line = AgendaLine(
        round=sitting.id,
        resident=resident,
        source_type=None if source is None else source[0],
        source_id=None if source is None else ids.to_text(source[1]),
        question=tidy(question, long=True) or None,
        position=next_place(written_lines(store, sitting)),
    )
    problems = editing.problems_of(home, line)
    if is_empty(question):
        problems.insert(0, Problem("question", "Say in a few words what is to be spoken of."))
    refuse(problems)
    with home.unit() as unit:
        made = unit.add(line) if source is None else put(home, unit, line)
        at = unit.id
    changes = tuple(history.batch_changes(store, at))
    if not changes:
        raise UserError(
            "This is on the agenda already.", kept="Nothing was changed.", code="nothing-to-do"
        )
    return Done(changes, (made,), tuple(problems))


def remove(home: OpenHome, line: int, reason: str = "") -> Done:
    """Take a line off an agenda; what it is about stays open and comes back at the next round.

    What somebody wrote on this agenda by hand is about nothing that waits by itself, and does not
    come back.

    Args:
        home: The home.
        line: The line.
        reason: Why; a line that whoever signed in wrote on this agenda themselves needs none.

    Raises:
        UserError: There is no reason, or the line has an outcome already.
    """
    store = home.store
    record, sitting = line_and_round(home, line)
    source = source_of(record)
    if source is None and is_empty(reason) and permissions.wrote(store, line, home.person):
        reason = _TAKEN_OFF
    if rows.outcomes(store, [line]):
        raise decided_already()
    editing.reason_given(reason)
    permissions.require_striking(home, record)
    loaded = store.load("agenda_line", line)
    assert loaded is not None  # noqa: S101  # it was found
    with home.unit(editing.reason_given(reason)) as unit:
        unit.save(loaded, dataclasses.replace(record, archived=True))
        made: tuple[int, ...] = ()
        if source is not None and source[0] == BY_HAND:
            # nothing else would bring it back: it stands on agendas alone
            made = hand_on(home, unit, [record], target_of(home, unit, sitting, None))
        at = unit.id
    return Done(tuple(history.batch_changes(store, at)), made)


def order(home: OpenHome, identity: int, lines: Sequence[int]) -> Done:
    """Put the lines of an agenda in an order.

    Args:
        home: The home.
        identity: The round.
        lines: The lines in their new order; those not named follow as they were.

    Raises:
        NotAllowed: Their role does not write on agendas.
    """
    store = home.store
    sitting = planned(home, identity)
    there = [one.id or 0 for one in written_lines(store, sitting) if stands(one)]
    wanted = [one for one in dict.fromkeys(lines) if one in there]
    wanted += [one for one in there if one not in wanted]
    together = Together(home)
    moved = 0
    for place, one in enumerate(wanted, 1):
        loaded = store.load("agenda_line", one)
        if loaded is not None and getattr(loaded.record, "position", None) != place:
            moved += 1
            changed = dataclasses.replace(loaded.record, position=place)  # type: ignore[call-arg]
            together.change(f"lines.{place}", loaded, changed)
    if not moved:
        return Done()
    saved = together.save()
    return Done(tuple(history.batch_changes(store, saved.unit)))
