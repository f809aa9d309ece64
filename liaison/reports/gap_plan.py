"""The gap plan on paper: sessions that would close most, what to ask partners for, who lacks what."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Final

from liaison.records.rules import times
from liaison.reports.kit.listing import Column, Listing, Piece
from liaison.reports.kit.marks import Mark
from liaison.reports.kit.opening import Figure, begin, figures
from liaison.reports.kit.sheet import MM, Sheet
from liaison.reports.kit.typeface import BLOCK_TITLE, TABLE_BOLD, TABLE_MUTED
from liaison.reports.kit.wording import long_date
from liaison.reports.spec import Document, Parameters, Printed, ReportSpec

_LEAST: Final = 110.0


@dataclasses.dataclass(frozen=True, slots=True)
class Lack:
    """A course somebody lacks, or soon will.

    Args:
        name: Who.
        role: Their job role.
        course: Which course.
        runs_out: The last day what they hold counts; None if they never held it.
        by: The day by which they should be taught; None: they are late.
        booked: When they have a place; None if they have none.
    """

    name: str
    role: str
    course: str
    runs_out: dt.date | None
    by: dt.date | None
    booked: dt.datetime | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Lesson:
    """A session that would close gaps.

    Args:
        course: Its course.
        closes: How many gaps.
        people: For whom.
        by: The day by which it should be held; None: now.
        at: When it is planned already; None: it is to be planned.
        teacher: Who taught it last; empty if nobody from outside did.
    """

    course: str
    closes: int
    people: tuple[str, ...]
    by: dt.date | None = None
    at: dt.datetime | None = None
    teacher: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Wish:
    """Something to ask a partner in health for; nobody of the staff is named.

    Args:
        what: The course or skill.
        partner: Whom to ask.
        people: How many need it.
        roles: Of which job roles, in words.
        by: From which day on; None: now.
        skill: Whether it is a skill to be signed off again.
    """

    what: str
    partner: str
    people: int
    roles: str
    by: dt.date | None
    skill: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """What the report shows.

    Args:
        home: The home's name.
        on: The day.
        within: How many days it looks ahead.
        spans: The ends of the spans in days; ``counts`` how many are late, and how many fall into
            each.
        counts: See ``spans``.
        lacks: What is lacking, the most pressing first.
        lessons: The sessions.
        wishes: What to ask for.
    """

    home: str
    on: dt.date
    within: int
    spans: tuple[int, ...]
    counts: tuple[int, ...]
    lacks: tuple[Lack, ...]
    lessons: tuple[Lesson, ...]
    wishes: tuple[Wish, ...]


def render(facts: Facts, printed: Printed) -> Document:
    """Set the report on paper.

    Args:
        facts: What it shows.
        printed: When and by whom it was printed.
    """
    covers = f"State on {long_date(facts.on)}"
    intro = (
        f"Required training that is missing, or runs out within {facts.within} days of "
        f"{long_date(facts.on)}, and the sessions that would close most of it."
    )
    if not facts.lacks:
        intro = f"Nothing is missing, and nothing runs out within {facts.within} days."
    sheet, y = begin(facts.home, SPEC.title, covers, intro, printed)
    y = figures(sheet, y + 6, _figures(facts))
    y = _lessons(sheet, y, facts)
    y = _wishes(sheet, y, facts)
    _lacks(sheet, y, facts)
    return sheet.finish()


SPEC: Final[ReportSpec[Facts]] = ReportSpec(
    name="gap-plan",
    title="Training gap plan",
    about="What is missing or runs out within 90 days, which sessions would help, whom to ask.",
    parameters=Parameters(on=True, initials=True),
    render=render,
)


def _figures(facts: Facts) -> list[Figure]:
    late, *ahead = facts.counts
    shown = [Figure(f"{late:,}", "late or missing", mark=Mark.PAST if late else None,
                    note="already today" if late else "")]  # fmt: skip
    first = 0
    for span, count in zip(facts.spans, ahead, strict=True):
        days = f"within {span} days" if not first else f"in {first + 1} to {span} days"
        shown.append(Figure(f"{count:,}", days))
        first = span
    return shown


def _block(sheet: Sheet, y: float, title: str) -> float:
    if sheet.bottom - y < _LEAST:
        sheet.new_page()
        y = sheet.top - 12
    sheet.text(sheet.left, y + 18, title, BLOCK_TITLE, sheet.room)
    sheet.bookmark(title, level=1)
    return y + 24


def _listing(sheet: Sheet, y: float, title: str, columns: Callable[[], list[Column]]) -> Listing:
    return Listing(sheet, columns(), _block(sheet, y, title), sheet.new_page)


def _lessons(sheet: Sheet, y: float, facts: Facts) -> float:
    if not facts.lessons:
        return y
    table = _listing(sheet, y, "Sessions that would close most", lambda: [
        Column("Course", 52 * MM), Column("When", 42 * MM), Column("For whom", sheet.room - 106 * MM),
        Column("Gaps", 12 * MM, right=True, gap=0),
    ])  # fmt: skip
    for one in facts.lessons:
        if one.at is not None:
            when = [Piece("planned", mark=Mark.OPEN), Piece(times.show_time(one.at), TABLE_MUTED)]
        elif one.by is None or one.by < facts.on:
            when = [Piece("now", TABLE_BOLD, mark=Mark.PAST)]
        else:
            when = [Piece(f"by {times.show_date(one.by)}", mark=Mark.SOON)]
        what = [Piece(one.course, TABLE_BOLD)]
        if one.teacher:
            what.append(Piece(f"last: {one.teacher}", TABLE_MUTED))
        table.row(what, when, [Piece(", ".join(one.people))], [Piece(f"{one.closes:,}")])
    return table.y


def _wishes(sheet: Sheet, y: float, facts: Facts) -> float:
    if not facts.wishes:
        return y
    table = _listing(sheet, y, "To ask of our partners in health", lambda: [
        Column("What", 58 * MM), Column("Of whom", 62 * MM), Column("From", 28 * MM),
        Column("For", sheet.room - 148 * MM, gap=0),
    ])  # fmt: skip
    for one in facts.wishes:
        kind = "to be signed off again" if one.skill else "to be taught"
        table.row(
            [Piece(one.what, TABLE_BOLD), Piece(kind, TABLE_MUTED)],
            [Piece(one.partner)],
            [Piece("now" if one.by is None else times.show_date(one.by))],
            [Piece(f"{one.people:,}"), Piece(one.roles, TABLE_MUTED)],
        )
    return table.y


def _lacks(sheet: Sheet, y: float, facts: Facts) -> None:
    if not facts.lacks:
        return
    table = _listing(sheet, y, "Who and what", lambda: [
        Column("Staff", 48 * MM), Column("Course", sheet.room - 130 * MM), Column("State", 46 * MM),
        Column("Booked", 36 * MM, gap=0),
    ])  # fmt: skip
    for one in facts.lacks:
        booked = [] if one.booked is None else [Piece(times.show_time(one.booked))]
        table.row(
            [Piece(one.name, TABLE_BOLD), Piece(one.role, TABLE_MUTED)],
            [Piece(one.course)],
            [_state(one, facts.on)],
            booked,
        )
    table.end("End of the gap plan.")


def _state(one: Lack, on: dt.date) -> Piece:
    if one.runs_out is not None:
        if one.runs_out < on:
            return Piece(f"ran out {times.show_date(one.runs_out)}", TABLE_BOLD, mark=Mark.PAST)
        return Piece(f"runs out {times.show_date(one.runs_out)}", mark=Mark.SOON)
    if one.by is not None and one.by >= on:
        return Piece(f"needed by {times.show_date(one.by)}", mark=Mark.OPEN)
    return Piece("missing", TABLE_BOLD, mark=Mark.PAST)
