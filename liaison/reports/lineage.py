"""Who taught whom on paper: a course's sessions as a picture and as a table."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from typing import Final

from liaison import charts
from liaison.charts import Chart, Node
from liaison.records.rules import times
from liaison.reports.kit.drawing import draw, scale_of
from liaison.reports.kit.listing import Column, Listing, Piece
from liaison.reports.kit.marks import Mark
from liaison.reports.kit.opening import key, opening
from liaison.reports.kit.sheet import MM, Furniture, Sheet
from liaison.reports.kit.typeface import BODY, TABLE_BOLD, TABLE_MUTED
from liaison.reports.kit.wording import counted, long_date
from liaison.reports.spec import Document, Parameters, Printed, ReportSpec

_TALLEST: Final = 0.55
_SMALLEST: Final = 0.42
_INSET: Final = "\N{NO-BREAK SPACE}" * 4


@dataclasses.dataclass(frozen=True, slots=True)
class Lesson:
    """A session that was held.

    Args:
        session: What it is known by among the others.
        came_from: The session it passes on; None: it begins a line.
        level: How many lie above it.
        day: When.
        teacher: Who taught; empty if that was not recorded.
        place: Where the teacher is from.
        learners: Who was taught.
        doubts: What spoke against the teacher on that day.
        doubts_now: What speaks against them teaching it again.
    """

    session: int
    came_from: int | None
    level: int
    day: dt.date
    teacher: str
    place: str
    learners: tuple[str, ...]
    doubts: tuple[str, ...] = ()
    doubts_now: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Course:
    """A course and its sessions, each followed by those that passed it on."""

    name: str
    lessons: tuple[Lesson, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """What the report shows.

    Args:
        home: The home's name.
        on: The day it stands for.
        courses: The courses.
    """

    home: str
    on: dt.date
    courses: tuple[Course, ...]


def render(facts: Facts, printed: Printed) -> Document:
    """Set the report on paper.

    Args:
        facts: What it shows.
        printed: When and by whom it was printed.
    """
    covers = f"State on {long_date(facts.on)}"
    sheet = Sheet(Furniture(facts.home, SPEC.title, covers, printed), f"{SPEC.title}, {facts.home}")
    for course in facts.courses:
        _course(sheet, course)
    if not facts.courses:
        sheet.new_page(landscape=True)
        sheet.bookmark(SPEC.title)
        y = opening(sheet, SPEC.title, "")
        sheet.text(sheet.left, y, "No session is recorded as held.", BODY, sheet.room)
    return sheet.finish()


SPEC: Final[ReportSpec[Facts]] = ReportSpec(
    name="lineage",
    title="Who taught whom",
    about="A course from the first teacher down to everybody who learned it, and from whom.",
    parameters=Parameters(on=True, subjects=("course",), initials=True),
    render=render,
)


def _course(sheet: Sheet, course: Course) -> None:
    sheet.new_page(landscape=True)
    sheet.bookmark(course.name)
    people = {name for lesson in course.lessons for name in lesson.learners}
    levels = 1 + max((lesson.level for lesson in course.lessons), default=-1)
    intro = (
        f"{counted(len(course.lessons), 'session')}, {counted(len(people), 'person', 'people')} "
        f"taught, {counted(levels, 'level')} of teaching. Each box is a session: who taught, when, "
        "and whom."
    )
    if not course.lessons:
        intro = "No session is recorded as held."
    y = opening(sheet, course.name, intro, eyebrow=SPEC.title)
    if not course.lessons:
        return
    chart = drawn(course)
    height = (sheet.bottom - y) * _TALLEST
    scale = scale_of(chart, sheet.room, height)
    if scale >= _SMALLEST:
        draw(sheet, chart, sheet.left, y + 4, scale)
        y += chart.height * scale + 20
        if any(lesson.doubts or lesson.doubts_now for lesson in course.lessons):
            y = key(
                sheet, y,
                [(Mark.PAST, "the teacher's own had lapsed"), (Mark.SOON, "it has lapsed since")],
            )  # fmt: skip
    else:
        said = "There are too many sessions for a picture; the table below has all of them."
        sheet.text(sheet.left, y + 6, said, TABLE_MUTED, sheet.room)
        y += 12
    _table(sheet, course, y)


def drawn(course: Course) -> Chart:
    """Draw a course's sessions as boxes, from the first teacher at the left."""
    below: defaultdict[int | None, list[Lesson]] = defaultdict(list)
    for lesson in course.lessons:
        below[lesson.came_from].append(lesson)

    def node(lesson: Lesson) -> Node:
        about = ", ".join(
            part for part in (times.show_plain_date(lesson.day), lesson.place) if part
        )
        return Node(
            lesson.teacher or "Teacher not recorded",
            about,
            lesson.learners,
            tuple(node(child) for child in below[lesson.session]),
            "late" if lesson.doubts else "due" if lesson.doubts_now else "ok",
        )

    return charts.tree([node(lesson) for lesson in below[None]])


def _table(sheet: Sheet, course: Course, y: float) -> None:
    if sheet.bottom - y < 90:  # noqa: PLR2004  # points: a head and a few rows
        sheet.new_page(landscape=True)
        y = sheet.top
    table = Listing(
        sheet,
        [
            Column("When", 34 * MM),
            Column("Who taught", 62 * MM),
            Column("Whom", sheet.room - 176 * MM),
            Column("To look at", 80 * MM, gap=0),
        ],
        y,
        lambda: sheet.new_page(landscape=True),
    )
    for lesson in course.lessons:
        who = [Piece(_INSET * lesson.level + (lesson.teacher or "Not recorded"), TABLE_BOLD)]
        if lesson.place:
            who.append(Piece(_INSET * lesson.level + lesson.place, TABLE_MUTED))
        doubts = [Piece(words, mark=Mark.PAST) for words in lesson.doubts]
        doubts += [
            Piece(f"Today: {words}", mark=Mark.SOON)
            for words in lesson.doubts_now
            if words not in lesson.doubts
        ]
        table.row(
            [Piece(times.show_date(lesson.day))],
            who,
            [Piece(", ".join(lesson.learners) or "Nobody recorded")],
            doubts,
        )
    table.end(f"End of {course.name}.")
