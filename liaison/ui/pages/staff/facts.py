"""What the card of a member of staff says: read in one go, off the window's thread."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from liaison.records import spec_of
from liaison.records.home import Resident, Staff
from liaison.records.rules import times
from liaison.records.rules.compliance import State
from liaison.records.training import Competency, JobHeld, Supervision
from liaison.services import training
from liaison.services.today.items import Look, ago, due, id_of, joined
from liaison.store.query import Condition
from liaison.ui.parts import facts
from liaison.ui.parts.facts import Link, Row

if TYPE_CHECKING:
    from liaison.records.rules.matrix import Column
    from liaison.records.rules.standing import Cell
    from liaison.store.store import Store

_DOT: Final = " \N{MIDDLE DOT} "
_MOST: Final = 8
_STATES: Final = {
    State.OUT_OF_DATE: "late",
    State.MISSING: "late",
    State.DUE_SOON: "due",
    State.BOOKED: "info",
    State.IN_DATE: "ok",
    State.EXEMPT: "none",
    State.NOT_REQUIRED: "none",
}
_SHOWN: Final = (State.OUT_OF_DATE, State.MISSING, State.DUE_SOON, State.BOOKED)


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """Something about a member of staff, in a line of their card.

    Args:
        link: The record that it opens.
        detail: More about it; may be empty.
        state: How it stands (ok, due, late, info, none); empty if it has no state.
        words: The state in words.
    """

    link: Link
    detail: str
    state: str = ""
    words: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class StaffFacts:
    """What the card of a member of staff says.

    Args:
        record: The member of staff.
        name: Their name.
        line: Their job role, team and since when.
        rows: What is recorded about them.
        in_date: How many courses that they must hold they do.
        required: How many they must hold.
        learning: The courses that ask for something, the most pressing first.
        competencies: What they were seen to be able to do, the newest first.
        jobs: The job roles they had, the latest first.
        supervisions: What is planned and was held, the latest first.
        residents: Whose key worker they are.
        marks: What became of the record, with the state of the banner that says it.
    """

    record: Staff
    name: str
    line: str
    rows: tuple[Row, ...]
    in_date: int
    required: int
    learning: tuple[Line, ...]
    competencies: tuple[Line, ...]
    jobs: tuple[Line, ...]
    supervisions: tuple[Line, ...]
    residents: tuple[Link, ...]
    marks: tuple[tuple[str, str], ...]

    @property
    def complete(self) -> bool:
        """Whether they hold every course they must."""
        return self.in_date == self.required


def card(store: Store, identity: int, today: dt.date) -> StaffFacts | None:
    """Return what the card of a member of staff says; None if they are not on this PC.

    Args:
        store: The home.
        identity: The member of staff; of a duplicate, the one who stands for both.
        today: The present day.
    """
    person = store.follow("staff", identity)
    if not isinstance(person, Staff):
        return None
    look = Look(store, today)
    look.learn([person])
    mine = Condition("staff", id_of(person))
    in_date, required, learning = _learning(store, id_of(person), today)
    left_out = {"name", "job_role", "team", "started", "left_on"}
    fields = [f for f in spec_of(person).fields if f.asked and f.name not in left_out]
    rows = (facts.row_of(store, look.names, person, field) for field in fields)
    return StaffFacts(
        record=person,
        name=look.names.title(person),
        line=_line(look, person),
        rows=tuple(row for row in rows if row.text),
        in_date=in_date,
        required=required,
        learning=learning,
        competencies=tuple(_competencies(look, mine)),
        jobs=tuple(_jobs(look, mine)),
        supervisions=tuple(_supervisions(look, mine)),
        residents=_residents(look, id_of(person)),
        marks=tuple(_marks(person)),
    )


def _line(look: Look, person: Staff) -> str:
    parts = (
        look.label(person, "job_role"),
        look.label(person, "team"),
        f"since {times.show_plain_date(person.started)}" if person.started else "",
        f"left {times.show_plain_date(person.left_on)}" if person.left_on else "",
    )
    return _DOT.join(part for part in parts if part)


def _learning(store: Store, person: int, today: dt.date) -> tuple[int, int, tuple[Line, ...]]:
    found = training.matrix(store, today)
    for row in found.rows:
        if id_of(row.staff) != person:
            continue
        lines = [
            (_SHOWN.index(cell.state), _course(column, cell, today))
            for column, cell in zip(found.columns, row.cells, strict=True)
            if cell.state in _SHOWN
        ]
        lines.sort(key=lambda pair: pair[0])
        return row.in_date, row.required, tuple(line for _, line in lines)
    return 0, 0, ()


def _course(column: Column, cell: Cell, today: dt.date) -> Line:
    state = cell.state
    ends = None if cell.held is None else cell.held.runs_out
    words = "Not recorded yet" if cell.unsaid else state.value[:1].upper() + state.value[1:]
    detail = ""
    if state is State.BOOKED and cell.booked is not None:
        detail = times.show_time(cell.booked)
    elif ends is not None:
        # the last day still counts
        days = (today - ends).days
        words = due(days).capitalize() if days > 0 else f"Runs out {ago(days)}"
        detail = f"{'Ran' if days > 0 else 'Runs'} out {times.show_date(ends)}"
    elif cell.required_from is not None:
        detail = f"Asked for since {times.show_plain_date(cell.required_from)}"
    link = Link("course", id_of(column.course), column.course.name or "")
    return Line(link, detail, "none" if cell.unsaid else _STATES[state], words)


_LEVELS: Final = {"can teach": "ok", "competent": "ok", "supervised": "info", "aware": "none"}


def _competencies(look: Look, mine: Condition) -> Iterator[Line]:
    found = look.find(Competency, mine)
    look.learn(found)
    found.sort(key=lambda one: (one.assessed_on or dt.date.min, one.id), reverse=True)
    for one in found:
        by = look.name("contact", one.assessor_contact) or look.name("staff", one.assessor_staff)
        seen = times.show_date(one.assessed_on) if one.assessed_on else ""
        detail = joined(seen, f"by {by}" if by else "")
        if one.review_due is not None:
            late = one.review_due < look.day
            detail += f". Review {'was ' if late else ''}due {times.show_date(one.review_due)}"
        state = _LEVELS.get(one.level or "", "none")
        link = Link("competency", id_of(one), one.skill or "")
        yield Line(link, detail, state, look.label(one, "level"))


def _jobs(look: Look, mine: Condition) -> Iterator[Line]:
    found = look.find(JobHeld, mine)
    found.sort(key=lambda one: (one.since or dt.date.min, one.id), reverse=True)
    for one in found:
        since = f"Since {times.show_plain_date(one.since)}" if one.since else ""
        yield Line(Link("job_held", id_of(one), look.label(one, "job_role")), since)


def _supervisions(look: Look, mine: Condition) -> Iterator[Line]:
    found = look.find(Supervision, mine)
    found.sort(
        key=lambda one: (one.done or one.planned or one.next_due or dt.date.min, one.id),
        reverse=True,
    )
    for one in found[:_MOST]:
        link = Link("supervision", id_of(one), look.label(one, "kind"))
        if one.done is not None:
            yield Line(link, f"Held {times.show_date(one.done)}", "ok", "Held")
        elif one.planned is not None:
            days = look.days_since(one.planned)
            state = "late" if days > 0 else "info"
            words = due(days).capitalize() if days > 0 else "Planned"
            yield Line(link, f"Planned {times.show_date(one.planned)}", state, words)
        else:
            yield Line(link, "")


def _residents(look: Look, person: int) -> tuple[Link, ...]:
    found = look.find(Resident, Condition("key_worker", person), Condition("left_on", None))
    found.sort(key=lambda one: one.name or "")
    return tuple(Link("resident", id_of(one), look.names.of(one)) for one in found)


def _marks(person: Staff) -> Iterator[tuple[str, str]]:
    if person.struck_reason:
        yield f"Struck through: {person.struck_reason}", "due"
    if person.archived:
        yield "Archived: in no list any more.", "none"
