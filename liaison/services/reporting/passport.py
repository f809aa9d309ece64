"""The facts of a member of staff's training passport, gathered for paper."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.records import spec_of
from liaison.records.home import Staff
from liaison.records.rules.compliance import State
from liaison.records.rules.days import add_months
from liaison.records.rules.times import in_london
from liaison.records.training import Session, TrainingRecord
from liaison.reports.kit.marks import Mark
from liaison.reports.kit.wording import day_and_month, long_date
from liaison.reports.passport import SPEC, Chain, Course, Facts, Skill
from liaison.services import competency, lineage
from liaison.services.references import Names
from liaison.services.training import matrix
from liaison.store import query
from liaison.store.query import Condition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from liaison.records.rules.matrix import Column
    from liaison.records.rules.standing import Cell
    from liaison.reports.spec import Asked
    from liaison.services.lineage import Lesson
    from liaison.store.store import Store

__all__ = ["SPEC", "gather"]

_UNNAMED: Final = "This home"
_MOST_CHAINS: Final = 3
_MOST_NAMES: Final = 6
_TITLES: Final = r"(?:(?:mr|mrs|ms|miss|dr)\.?\s+)?"
_SHORTEST: Final = 3


def gather(store: Store, asked: Asked) -> Facts:
    """Return what the passport shows.

    Args:
        store: The home.
        asked: The member of staff and the day.

    Raises:
        UserError: Nobody is named, or they are not here.
    """
    person = None if asked.subject is None else store.follow(*asked.subject)
    if not isinstance(person, Staff) or person.id is None:
        raise UserError(
            "Say whose passport it is.",
            kept="Nothing was printed.",
            do="Name the member of staff.",
            code="no-subject",
        )
    on = asked.on or store.today()
    loaded = store.the("home")
    home = None if loaded is None else loaded.record
    names = Names(store)
    found = matrix(store, on, staff=person.id)
    row = next(iter(found.rows), None)
    cells = [] if row is None else list(zip(found.columns, row.cells, strict=True))
    wanted = [(column, cell) for column, cell in cells if _is_asked(cell)]
    out = [column.course.name or "" for column, cell in wanted if cell.counts and not cell.in_date]
    taught = _taught(store, person.id, on)
    minutes, face = _minutes(store, person.id, on)
    return Facts(
        home=getattr(home, "name", None) or _UNNAMED,
        phone=getattr(home, "phone", None) or "",
        name=person.name or "",
        line=_line(store, names, person),
        on=on,
        courses=tuple(_course(store, column, cell, on) for column, cell in wanted),
        in_date=0 if row is None else row.in_date,
        required=0 if row is None else row.required,
        out=_out(out),
        skills=tuple(_skills(store, person.id, on)),
        taught=len({one.staff for lesson in taught for one in lesson.learners}),
        sessions=len(taught),
        minutes=minutes,
        face=face,
        chains=tuple(_chains(store, person, on)),
        first_name=(person.name or "").partition(" ")[0],
    )


def _line(store: Store, names: Names, person: Staff) -> str:
    by_name, label = spec_of(person).by_name, store.vocabularies.label
    role = label(by_name["job_role"], person.job_role) if person.job_role else ""
    since = f"since {long_date(person.started)}" if person.started else ""
    leads = ", ".join(label(by_name["lead_roles"], one) for one in person.lead_roles)
    manager = names.by_id("staff", person.manager) if person.manager is not None else ""
    left = f"Left {long_date(person.left_on)}" if person.left_on else ""
    parts = (
        " ".join(part for part in (role, since) if part),
        f"{by_name['lead_roles'].label}: {leads}" if leads else "",
        f"{by_name['manager'].label}: {manager}" if manager else "",
        left,
    )
    return " ".join(f"{part}." for part in parts if part)


def _is_asked(cell: Cell) -> bool:
    # what they hold beside what is asked for goes along to another employer as well
    return cell.required_from is not None or cell.held is not None


def _out(out: list[str]) -> str:
    if not out:
        return ""
    return f"{out[0]} is not" if len(out) == 1 else f"{len(out)} are not"


def _course(store: Store, column: Column, cell: Cell, on: dt.date) -> Course:
    held = cell.held
    name = column.course.name or ""
    if held is None:
        mark, words = _NOT_HELD.get(cell.state, (Mark.PAST, "None recorded"))
        return Course(name, None, None, mark, words)
    if not held.in_date(on):
        mark, words = Mark.PAST, "Ran out"
    elif held.runs_out is None:
        mark, words = Mark.DONE, "Done"
    elif cell.state is State.DUE_SOON:
        left = (held.runs_out - on).days
        mark, words = Mark.SOON, f"{left}\u00a0day{'' if left == 1 else 's'} left"
    else:
        mark, words = Mark.DONE, "In date"
    record = None if held.record is None else store.get("training_record", held.record)
    taught = ""
    if isinstance(record, TrainingRecord):
        by_name, label = spec_of(record).by_name, store.vocabularies.label
        how = label(by_name["delivery"], record.delivery).lower() if record.delivery else ""
        by = record.taught_by or (
            label(by_name["delivered_by"], record.delivered_by) if record.delivered_by else ""
        )
        taught = ", ".join(part for part in (by, how) if part)
    return Course(name, held.completed, held.runs_out, mark, words, taught[:1].upper() + taught[1:])


_NOT_HELD: Final = {
    State.EXEMPT: (Mark.ABSENT, "Exempt"),
    State.BOOKED: (Mark.OPEN, "Booked"),
    State.NOT_REQUIRED: (Mark.ABSENT, "Not asked for yet"),
}


def _skills(store: Store, staff: int, on: dt.date) -> Iterator[Skill]:
    for one in competency.skills(store, on, staff=staff):
        record = one.competency
        name = record.skill or ""
        if record.resident is not None:
            found = store.follow("resident", record.resident)
            name = f"{without_name(name, getattr(found, 'name', None) or '')}, one named resident"
        works_alone = record.level in competency.SIGNED_OFF
        level = f"{one.level}, delegated" if record.delegated else one.level
        yield Skill(
            name=name,
            level=level,
            mark=Mark.DONE if works_alone else Mark.OPEN,
            by=one.assessor,
            on=record.assessed_on,
            review=record.review_due,
            late=one.state == "late",
        )


def without_name(text: str, name: str) -> str:
    """Return a text in which a resident is not named: "Hoist and sling of the resident".

    Args:
        text: The text.
        name: The resident's name; its words of three letters or more are looked for.
    """
    words = [re.escape(word) for word in name.split() if len(word) >= _SHORTEST]
    if not words:
        return text
    any_of = "|".join(words)
    named = rf"\b{_TITLES}(?:{any_of})(?:\s+(?:{any_of}))*\b(?:['\u2019]s\b)?"
    return re.sub(named, "the resident", text, flags=re.IGNORECASE)


def _taught(store: Store, staff: int, on: dt.date) -> list[Lesson]:
    """Return the sessions somebody of ours held by a day, with who learned in them."""
    return [
        lesson
        for course in _courses_of(store, staff)
        for lesson in lineage.of_course(store, course, on).lessons
        if lesson.link.taught.staff == staff
    ]


def _courses_of(store: Store, staff: int) -> list[int]:
    """Return the courses somebody taught, the one they taught last first."""
    where = (Condition("teacher_staff", staff),)
    found = [
        one
        for one in query.every(store, query.Query("session", where))
        if isinstance(one, Session) and not one.struck_reason and one.at is not None
    ]
    found.sort(key=lambda one: (one.at, one.id), reverse=True)
    return list(dict.fromkeys(one.course for one in found if one.course is not None))


def _chains(store: Store, person: Staff, on: dt.date) -> Iterator[Chain]:
    """Yield who taught this person and whom they taught, in the courses they taught last."""
    for course in _courses_of(store, person.id or 0)[:_MOST_CHAINS]:
        found = lineage.of_course(store, course, on)
        lessons = {lesson.link.taught.session: lesson for lesson in found.lessons}
        theirs = [one for one in found.lessons if one.link.taught.staff == person.id]
        if not theirs:
            continue
        last = max(theirs, key=lambda one: one.link.taught.at)
        boxes: list[tuple[str, str]] = []
        above = None if last.link.came_from is None else lessons.get(last.link.came_from)
        if above is not None and above.teacher:
            boxes.append((above.teacher, f"taught on {_on(above)}"))
        boxes.append((person.name or "", f"taught on {_on(last)}"))
        learners = [one.name.partition(" ")[0] for one in last.learners]
        more = len(learners) - _MOST_NAMES
        shown = ", ".join(learners[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
        count = f"{len(learners)} colleague{'' if len(learners) == 1 else 's'}"
        boxes.append((count, shown or "nobody is recorded"))
        yield Chain(found.name, tuple(boxes))


def _on(lesson: Lesson) -> str:
    day = lesson.link.taught.day
    return f"{day_and_month(day)} {day.year}"


def _minutes(store: Store, staff: int, on: dt.date) -> tuple[int, int]:
    """Return how long somebody was taught in the 12 months to a day, and face to face of that."""
    since = add_months(on, -12)
    where = (Condition("staff", staff), Condition("completed", since, ">"))
    whole = face = 0
    for record in query.every(store, query.Query("training_record", where)):
        if not isinstance(record, TrainingRecord) or record.struck_reason or record.session is None:
            continue
        session = store.follow("session", record.session)
        if not isinstance(session, Session) or not session.length or session.at is None:
            continue
        if in_london(session.at).date() > on:
            continue
        whole += session.length
        face += session.length if record.delivery == "face to face" else 0
    return whole, face
