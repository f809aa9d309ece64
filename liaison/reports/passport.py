"""A member of staff's training passport: courses, skills, and whom they taught. It may leave the house."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Final

from liaison.records.rules.times import show_plain_date
from liaison.reports.kit.listing import Cell, Column, Listing, Piece
from liaison.reports.kit.marks import Mark
from liaison.reports.kit.opening import Figure, figures
from liaison.reports.kit.sheet import FIRST_LINE, MM, Furniture, Sheet
from liaison.reports.kit.typeface import (
    BLOCK_TITLE,
    BODY_MUTED,
    INK,
    INTRO,
    TABLE_BOLD,
    TABLE_MUTED,
    TITLE_BOLD,
    Style,
)
from liaison.reports.kit.wording import counted, long_date
from liaison.reports.spec import Document, Parameters, Printed, ReportSpec

_NAME: Final = Style(TITLE_BOLD, 26, 30)
_ROOM_TO_BEGIN: Final = 96.0  # points of a page that make beginning a table on it worth while
_BOX_HIGH: Final = 31.0
_BOX_GAP: Final = 27.0


@dataclasses.dataclass(frozen=True, slots=True)
class Course:
    """A course the home asks for of this person.

    Args:
        name: Its name.
        completed: When it was completed; None if it was not.
        runs_out: The last day it counts; None: it has no end.
        mark: The sign of how it stands.
        state: How it stands, in a word or two.
        taught: By whom and how; may be empty.
    """

    name: str
    completed: dt.date | None
    runs_out: dt.date | None
    mark: Mark
    state: str
    taught: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Skill:
    """A skill somebody signed off; no resident is named in it.

    Args:
        name: The skill.
        level: Its level in words.
        mark: The sign of it.
        by: Who signed it off; may be empty.
        on: When.
        review: When it is judged anew; None if nobody said.
        late: Whether that day is past.
    """

    name: str
    level: str
    mark: Mark
    by: str
    on: dt.date | None
    review: dt.date | None
    late: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Chain:
    """Who taught whom in a course: each a name, and a line below it.

    Args:
        course: The course.
        boxes: From whoever taught this person on to whom they taught.
    """

    course: str
    boxes: tuple[tuple[str, str], ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """What the passport shows.

    Args:
        home: The home's name.
        phone: Its number, for whoever wants to check a certificate; may be empty.
        name: The member of staff.
        line: Their job role, since when, and the like.
        on: The day it stands for.
        courses: What the home asks for of them.
        out: The first course that is not in date; empty if all are.
        skills: What was signed off.
        taught: How many colleagues they taught, in how many ``sessions``.
        sessions: See ``taught``.
        minutes: How long they were taught in the last 12 months, as far as it was noted.
        face: How much of that was face to face.
        chains: Who taught whom.
        first_name: What the closing sentence calls them.
    """

    home: str
    phone: str
    name: str
    line: str
    on: dt.date
    courses: tuple[Course, ...] = ()
    in_date: int = 0
    required: int = 0
    out: str = ""
    skills: tuple[Skill, ...] = ()
    taught: int = 0
    sessions: int = 0
    minutes: int = 0
    face: int = 0
    chains: tuple[Chain, ...] = ()
    first_name: str = ""


def render(facts: Facts, printed: Printed) -> Document:
    """Set the passport on paper.

    Args:
        facts: What it shows.
        printed: When and by whom it was printed.
    """
    covers = f"Records to {long_date(facts.on)}"
    sheet = Sheet(Furniture(facts.home, SPEC.title, covers, printed), f"{SPEC.title}, {facts.name}")
    sheet.new_page()
    sheet.bookmark(facts.name)
    y = sheet.paragraph(sheet.left, FIRST_LINE + 14, facts.name, _NAME, sheet.room, most=3)
    if facts.line:
        y = sheet.paragraph(sheet.left, y - 8, facts.line, INTRO, sheet.room, most=3)
    y = figures(sheet, y + 2, _figures(facts)) - 8
    y = _courses(sheet, y, facts)
    y = _skills(sheet, y, facts)
    for chain in facts.chains:
        y = _chain(sheet, y, chain)
    _closing(sheet, y, facts)
    return sheet.finish()


SPEC: Final = ReportSpec(
    name="passport",
    title="Training passport",
    about="What one member of staff has learned and was signed off for, to take along.",
    parameters=Parameters(on=True, subjects=("staff",)),
    render=render,
)


def _figures(facts: Facts) -> list[Figure]:
    signed = [skill for skill in facts.skills if skill.mark is Mark.DONE]
    teach = sum(skill.level.casefold().startswith("can teach") for skill in signed)
    hours = _hours(facts.minutes)
    if facts.required:
        courses = f"{facts.in_date} of {facts.required}"
        note, mark = (facts.out, Mark.PAST) if facts.out else ("all of them", Mark.DONE)
    else:
        courses, note, mark = "none", "none is asked for", None
    return [
        Figure(courses, "courses in date", note, mark),
        Figure(
            str(len(signed)), "skill signed off" if len(signed) == 1 else "skills signed off",
            f"{teach} of them to teach" if teach else "", Mark.DONE if teach else None,
        ),
        Figure(
            str(facts.taught), "colleague taught" if facts.taught == 1 else "colleagues taught",
            counted(facts.sessions, "session"),
        ),
        Figure(
            hours, "training in 12 months",
            f"{_hours(facts.face)} face to face" if facts.minutes else "as far as it was noted",
        ),
    ]  # fmt: skip


def _hours(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if not hours and rest:
        return f"{rest}\u00a0min"
    return f"{hours + (rest >= 30)}\u00a0h"  # noqa: PLR2004  # half an hour


def _begin(
    sheet: Sheet, y: float, title: str, note: str = "", room: float = _ROOM_TO_BEGIN
) -> float:
    if sheet.bottom - y < room:
        sheet.new_page()
        y = sheet.top - 16
    wide = sheet.text(sheet.left, y + 20, title, BLOCK_TITLE, sheet.room)
    if note:
        left = sheet.left + wide + 12
        sheet.text(left, y + 20, note, TABLE_MUTED, sheet.right - left)
    sheet.bookmark(title, level=1)
    return y + 24


def _courses(sheet: Sheet, y: float, facts: Facts) -> float:
    if not facts.courses:
        return y
    y = _begin(sheet, y, "Courses", "what the home asks for in this job")
    table = Listing(
        sheet,
        [
            Column("Course", 46 * MM),
            Column("Completed", 24 * MM),
            Column("Runs out", 25 * MM),
            Column("State", 29 * MM),
            Column("Taught by, how", sheet.room - 124 * MM, gap=0),
        ],
        y,
        sheet.new_page,
    )
    for one in facts.courses:
        ends = "" if one.completed is None else "no end date"
        table.row(
            [Piece(one.name, TABLE_BOLD)],
            [Piece(show_plain_date(one.completed) if one.completed else "")],
            [Piece(show_plain_date(one.runs_out) if one.runs_out else ends)],
            [Piece(one.state, TABLE_BOLD, one.mark)],
            [Piece(one.taught, TABLE_MUTED)],
        )
    return table.y


def _skills(sheet: Sheet, y: float, facts: Facts) -> float:
    if not facts.skills:
        return y
    y = _begin(sheet, y, "Skills signed off")
    table = Listing(
        sheet,
        [
            Column("Skill", 54 * MM),
            Column("Level", 47 * MM),
            Column("Signed off by", 42 * MM),
            Column("Review", sheet.room - 143 * MM, gap=0),
        ],
        y,
        sheet.new_page,
    )
    for one in facts.skills:
        by: Cell = [
            Piece(one.by or "nobody named"),
            Piece(show_plain_date(one.on) if one.on else "", TABLE_MUTED),
        ]
        review = Piece("none said", TABLE_MUTED)
        if one.review is not None:
            review = Piece(show_plain_date(one.review), mark=Mark.PAST if one.late else None)
        table.row(
            [Piece(one.name, TABLE_BOLD)], [Piece(one.level, TABLE_BOLD, one.mark)], by, [review]
        )
    return table.y


def _chain(sheet: Sheet, y: float, chain: Chain) -> float:
    y = _begin(sheet, y, f"Who taught whom: {chain.course}", room=_BOX_HIGH + 40) + 4
    number = len(chain.boxes)
    # whom they taught takes the most room
    share = (sheet.room - _BOX_GAP * (number - 1)) / (number + 0.5)
    x = sheet.left
    for place, (name, below) in enumerate(chain.boxes):
        wide = share * (1.5 if place == number - 1 else 1)
        sheet.box(x, y, wide, _BOX_HIGH, outline=INK, weight=0.9)
        sheet.text(x + 7, y + 13, name, TABLE_BOLD, wide - 14)
        sheet.text(x + 7, y + 25, below, TABLE_MUTED, wide - 14)
        if place < number - 1:
            middle = y + _BOX_HIGH / 2
            sheet.rule(x + wide, middle, x + wide + _BOX_GAP, weight=0.9, ink=INK)
        x += wide + _BOX_GAP
    return y + _BOX_HIGH


def _closing(sheet: Sheet, y: float, facts: Facts) -> None:
    checked = f" on {facts.phone}" if facts.phone else ""
    words = (
        f"{facts.first_name or facts.name} may take this sheet to another employer. Certificates "
        f"are held by {facts.home} and can be checked{checked}."
    )
    if sheet.bottom - y < 40:  # noqa: PLR2004  # two lines and the air over them
        sheet.new_page()
        y = sheet.top - 18
    sheet.paragraph(sheet.left, y + 18, words, BODY_MUTED, sheet.room, balanced=False)
