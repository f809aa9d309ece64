"""What was agreed at a round: outcomes, lines carried over, the end of the round.

Every line is saved by itself, so that a power cut during a round keeps all that was recorded. What
a line is about is answered or closed in the same unit of work as its outcome.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.records import Problem, Record, ids, spec_of
from liaison.records.casework import (
    Action,
    AgendaLine,
    AgendaOutcome,
    Concern,
    Referral,
    Round,
    Transfer,
)
from liaison.records.check import is_empty, tidy
from liaison.records.home import Resident
from liaison.records.ids import derived_id
from liaison.records.rules import times
from liaison.services import editing
from liaison.services.references import Names
from liaison.services.rounds.agenda import sitting_of
from liaison.services.rounds.left import day_of, left_open, source_of
from liaison.services.rounds.writing import (
    Done,
    decided_already,
    hand_on,
    line_and_round,
    planned,
    refuse,
    source_id,
    source_type,
    target_of,
)
from liaison.services.together import Together
from liaison.store import agenda as rows
from liaison.store import history

if TYPE_CHECKING:
    from liaison.services.homes import OpenHome
    from liaison.store.unit import UnitOfWork

_LONGEST_TASK: Final = 200
_MOST_NAMED: Final = 3


class Settles(enum.Enum):
    """What an outcome does with the record that its line is about."""

    CLOSE = "close"
    """It is over: the concern is answered and closed, the action done, the review made."""
    ANSWER = "answer"
    """A concern is answered and stays open until somebody closes it."""
    NOTHING = "nothing"
    """The outcome stands in the minutes alone; what the line is about goes on waiting."""


@dataclasses.dataclass(frozen=True, slots=True)
class FollowUp:
    """What is to be done, agreed at a round.

    Args:
        what: What; the outcome's own words if it is empty.
        staff: Who does it.
        contact: Who does it outside.
        due: By when.
    """

    what: str = ""
    staff: int | None = None
    contact: int | None = None
    due: dt.date | None = None


def ways(kind: str | None) -> tuple[Settles, ...]:
    """Return what an outcome may do with the record its line is about, the usual first.

    Args:
        kind: The type of that record; None for a line that somebody wrote on the agenda.
    """
    match kind:
        case "concern":
            return (Settles.CLOSE, Settles.ANSWER, Settles.NOTHING)
        case "action" | "transfer" | "resident":
            return (Settles.CLOSE, Settles.NOTHING)
        case "referral":
            # a talk at a round is not being seen: it goes on waiting
            return (Settles.NOTHING, Settles.CLOSE)
        case _:
            return (Settles.NOTHING,)


def record(
    home: OpenHome,
    line: int,
    words: str,
    *,
    settles: Settles | None = None,
    follow_up: FollowUp | None = None,
) -> Done:
    """Record what was agreed about a line, with what follows from it, in one unit of work.

    Args:
        home: The home.
        line: The line.
        words: What was agreed.
        settles: What that does with the record the line is about; the usual for its type if not
            given.
        follow_up: What is to be done; without it nothing.

    Raises:
        editing.Unfit: There are no words, or something else is wrong; all of it is told, with
            fields such as ``outcome`` and ``action.due``.
        UserError: It has an outcome already, or the role does not allow it.
    """
    store = home.store
    found, sitting = line_and_round(home, line)
    if rows.outcomes(store, [line]):
        raise decided_already()
    words = tidy(words, long=True)
    source = source_of(found)
    possible = ways(None if source is None else source[0])
    together = Together(home)
    together.add("outcome", AgendaOutcome(line=line, outcome=words or None))
    also: list[Problem] = []
    if is_empty(words):
        also.append(Problem("outcome", "Say in a few words what was agreed."))
    settles = possible[0] if settles is None or settles not in possible else settles
    if source is not None and not also:
        _settle(home, together, sitting, source, words, settles)
    if follow_up is not None:
        together.add("action", _action(found, line, words, follow_up))
    problems = [
        *also,
        *(one for one in together.problems() if not also or "outcome." not in one.field),
    ]
    refuse(problems)
    saved = together.save()
    return Done(
        tuple(history.batch_changes(store, saved.unit)), tuple(saved.ids.values()), saved.warnings
    )


def carry(home: OpenHome, line: int, to: int | None = None) -> Done:
    """Carry a line over to a later round, onto whose agenda it is put at once.

    Args:
        home: The home.
        line: The line.
        to: The round; the next one of the series without it, which is planned if need be.

    Raises:
        UserError: It has an outcome already, there is no later round, or the role does not allow it.
    """
    found, sitting = line_and_round(home, line)
    if rows.outcomes(home.store, [line]):
        raise decided_already()
    editing.refuse_adding(home, "agenda_outcome")
    with home.unit() as unit:
        made = _carry(home, unit, sitting, [found], to)
        at = unit.id
    return Done(tuple(history.batch_changes(home.store, at)), made)


def take_back(home: OpenHome, line: int, reason: str) -> tuple[int, ...]:
    """Strike through what was recorded about a line, which is then to be spoken of again.

    What the outcome did elsewhere, such as an answer to a concern, stays as it is. If it was
    carried over, it is taken off the later agenda again, unless that one was held already.

    Args:
        home: The home.
        line: The line.
        reason: Why, in their words.

    Returns:
        The stamps of what was written, so that this can be undone as well.

    Raises:
        UserError: There is no reason, nothing was recorded, or it is another's to take back.
    """
    said = rows.outcomes(home.store, [line])
    if not said:
        raise UserError(
            "Nothing is recorded about this line.", kept="Nothing was changed.",
            code="nothing-to-do",
        )  # fmt: skip
    found, _ = line_and_round(home, line)
    together = Together(home)
    for _, identity, _, _, to in said:
        loaded = home.store.load("agenda_outcome", identity)
        if loaded is not None:
            together.strike(f"outcome.{identity}", loaded, reason)
        later = (to or 0, source_type(found) or "", source_id(found) or "")
        handed = home.store.load("agenda_line", derived_id("agenda_line", *later))
        if (
            handed is not None
            and handed.record.lives
            and not rows.outcomes(home.store, [handed.id])
        ):
            gone = dataclasses.replace(handed.record, archived=True)
            together.change(f"lines.{handed.id}", handed, gone)
    saved = together.save(editing.reason_given(reason))
    return tuple(history.batch_changes(home.store, saved.unit))


def finish(
    home: OpenHome,
    identity: int,
    *,
    attendees: str = "",
    minutes: str = "",
    carry_rest: bool = False,
) -> Done:
    """End a round that was held: only when each line has an outcome or is carried over.

    Args:
        home: The home.
        identity: The round.
        attendees: Who attended.
        minutes: What else was said.
        carry_rest: Whether the lines that are left are carried over to the next round.

    Raises:
        UserError: Lines are left, it lies in the future, or the role does not allow it.
    """
    return _end(home, identity, "happened", attendees, minutes, carry_rest=carry_rest)


def cancel(home: OpenHome, identity: int, why: str = "") -> Done:
    """Call a round off; everything on its agenda is carried over to the next one.

    Args:
        home: The home.
        identity: The round.
        why: Why, for its minutes.

    Raises:
        UserError: There is no later round for what is on it, or the role does not allow it.
    """
    return _end(home, identity, "cancelled", "", why, carry_rest=True)


def _end(  # what is said of its end
    home: OpenHome, identity: int, status: str, attendees: str, minutes: str, *, carry_rest: bool
) -> Done:
    store = home.store
    sitting = planned(home, identity)
    if status == "happened" and sitting.at is not None and sitting.at > store.clock():
        raise UserError(
            f"This round is on {times.show_time(sitting.at)}, which has not come yet.",
            kept="Nothing was changed.",
            do="Finish it once it was held, or change its time if it was earlier.",
            code="not-yet",
        )
    batch: int | None = None
    with store.together():
        left = left_open(store, sitting)
        if left and carry_rest:
            # what is carried over has to be there before the round can end; both are one batch,
            # as taking back half of it would leave lines that nobody has spoken of
            with home.unit() as unit:
                batch = unit.start_batch()
                _carry(home, unit, sitting, [line_and_round(home, line)[0] for line in left], None)
        elif left:
            raise left_over(home, left)
        loaded = store.load("round", sitting.id or 0)
        assert loaded is not None  # noqa: S101  # it was found
        changed = dataclasses.replace(
            sitting,
            status=status,
            attendees=tidy(attendees, long=False) or sitting.attendees,
            minutes=tidy(minutes, long=True) or sitting.minutes,
        )
        editing.refuse_change(home, loaded, changed)
        problems = editing.problems_of(home, changed, loaded.record)
        refuse(problems)
        with home.unit(batch=batch) as unit:
            unit.save(loaded, changed)
            written = unit.id if batch is None else batch
    return Done(tuple(history.batch_changes(store, written)), (), tuple(problems))


def left_over(home: OpenHome, lines: Sequence[int]) -> UserError:
    """Return the error that names the lines nobody has said anything about."""
    names = Names(home.store)
    about: list[str] = []
    for one in lines[:_MOST_NAMED]:
        found = home.store.get("agenda_line", one)
        resident = getattr(found, "resident", None)
        question = " ".join((getattr(found, "question", None) or "").split())[:60]
        about.append(names.by_id("resident", resident) if resident else question)
    more = f" and {len(lines) - _MOST_NAMED} more" if len(lines) > len(about) else ""
    number = "1 line has" if len(lines) == 1 else f"{len(lines)} lines have"
    return UserError(
        f"{number} no outcome yet: {'; '.join(about)}{more}.",
        kept="The round is not finished.",
        do="Record an outcome for each, or carry it over to the next round.",
        code="lines-left",
    )


def _carry(  # what is carried over where
    home: OpenHome,
    unit: UnitOfWork,
    sitting: Round,
    lines: Sequence[AgendaLine],
    to: int | None,
) -> tuple[int, ...]:
    target = target_of(home, unit, sitting, to)
    said = [
        unit.add(AgendaOutcome(line=line.id, carried=True, carried_to=target)) for line in lines
    ]
    return (*said, *hand_on(home, unit, lines, target))


def _settle(  # noqa: PLR0917  # what an outcome does elsewhere
    home: OpenHome,
    together: Together,
    sitting: Round,
    source: tuple[str, int],
    words: str,
    settles: Settles,
) -> None:
    """Answer or close what a line is about; what was closed meanwhile stays as it was closed."""
    stood = home.store.follow(*source)
    loaded = None if stood is None else home.store.load(source[0], stood.id or 0)
    if loaded is None or settles is Settles.NOTHING or loaded.record.struck_reason:
        return
    changed = _settled(home, loaded.record, sitting, words, settles)
    if changed is not None:
        together.change(source[0], loaded, changed, spec_of(changed).label)


def _settled(
    home: OpenHome, record: Record, sitting: Round, words: str, settles: Settles
) -> Record | None:
    now = home.store.clock()
    # of a round that is written up ahead of its hour nobody can say that it was
    day = min(day_of(sitting), home.store.today())
    match record:
        case Concern(closed_at=None):
            who = sitting_of(sitting, Names(home.store))
            answered = dataclasses.replace(
                record,
                answer=words,
                answered_by=who.who or who.name,
                answered_at=now,
                acknowledged_at=None,
            )
            if settles is Settles.ANSWER:
                return answered
            return dataclasses.replace(answered, outcome=words, closed_at=now)
        case Action(done_at=None):
            return dataclasses.replace(record, outcome=words, done_at=now)
        case Transfer(reviewed_on=None):
            return dataclasses.replace(record, review=words, reviewed_on=day)
        case Referral(closed_on=None):
            return dataclasses.replace(record, outcome=words, closed_on=day, next_chase=None)
        case Resident():
            return dataclasses.replace(record, last_reviewed=day)
        case _:
            return None


def _action(line: AgendaLine, identity: int, words: str, wanted: FollowUp) -> Action:
    what = tidy(wanted.what, long=False) or _shortly(words)
    return Action(
        what=what or None,
        resident=line.resident,
        owner_staff=wanted.staff,
        owner_contact=wanted.contact,
        due=wanted.due,
        source_type="agenda_line",
        source_id=ids.to_text(identity),
    )


def _shortly(words: str) -> str:
    line = " ".join(words.split())
    if len(line) <= _LONGEST_TASK:
        return line
    return f"{line[:_LONGEST_TASK].rsplit(' ', 1)[0]} ..."
