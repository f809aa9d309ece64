"""Visits and admissions in figures: how planned they were, from which practice, for which resident."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from statistics import median
from typing import Final

from liaison.records.rules.spans import Spans
from liaison.records.rules.times import show_plain_date
from liaison.reports.kit import plots
from liaison.reports.kit.counts import number
from liaison.reports.kit.listing import Column, Listing, Piece
from liaison.reports.kit.opening import Figure, begin, figures
from liaison.reports.kit.plots import Box, Series
from liaison.reports.kit.sheet import MM, Sheet
from liaison.reports.kit.typeface import BLOCK_TITLE, BODY, TABLE_BOLD, TABLE_MUTED
from liaison.reports.kit.wording import counted, long_period, named, per_cent, period
from liaison.reports.spec import Document, Naming, Parameters, Printed, ReportSpec

_CHART: Final = 150.0
_ROOM_TO_BEGIN: Final = 110.0  # points of a page that make beginning a table on it worth while
_DASH: Final = "–"  # noqa: RUF001  # a dash


@dataclasses.dataclass(frozen=True, slots=True)
class Practice:
    """Visits by one GP, or from one practice.

    Args:
        name: Who or which.
        place: The practice of a GP; empty for a practice itself.
        registered: How many residents who live here are registered there, or have this GP.
        visits: How many visits.
        planned: How many of them were planned.
        seen: How many residents they saw.
        last: The day of the last one; None if there was none.
    """

    name: str
    place: str
    registered: int
    visits: int
    planned: int
    seen: int
    last: dt.date | None


@dataclasses.dataclass(frozen=True, slots=True)
class Seen:
    """How often one resident was seen.

    Args:
        resident: The resident, as this copy names them.
        times: In how many visits.
        planned: How many of these were planned.
        people: How many different people came.
        last: When they were last seen; None if nobody saw them.
        left: Whether they do not live here any more.
    """

    resident: str
    times: int
    planned: int
    people: int
    last: dt.date | None
    left: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Admissions:
    """Admissions to hospital: counts, planned and unplanned for each part of the period.

    Args:
        planned: By part.
        unplanned: By part.
        unsaid: By part, where nobody said whether it was planned.
        out_of_hours: How many were out of hours.
        end_of_life: How many concerned somebody at the end of their life.
        again: How many within 30 days of coming back.
        before: How many there were in as long a time before.
    """

    planned: tuple[int, ...]
    unplanned: tuple[int, ...]
    unsaid: tuple[int, ...]
    out_of_hours: int = 0
    end_of_life: int = 0
    again: int = 0
    before: int = 0

    @property
    def all(self) -> int:
        """How many admissions there were."""
        return sum(self.planned) + sum(self.unplanned) + sum(self.unsaid)


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """What the report shows.

    Args:
        home: The home's name.
        start: The first day.
        end: The last day, counted in.
        spans: The period in parts.
        planned: Visits by part of the period: agreed before.
        ad_hoc: Asked for.
        urgent: For the same day.
        before: How many visits there were in as long a time before, and how many were planned.
        practices: Visits by practice and by GP, most first.
        residents: Every resident and how often they were seen, most first.
        admissions: Admissions to hospital.
        names: How residents are named.
    """

    home: str
    start: dt.date
    end: dt.date
    spans: Spans
    planned: tuple[int, ...]
    ad_hoc: tuple[int, ...]
    urgent: tuple[int, ...]
    before: tuple[int, int]
    practices: tuple[Practice, ...]
    residents: tuple[Seen, ...]
    admissions: Admissions
    names: Naming = "full"

    @property
    def visits(self) -> int:
        """How many visits there were."""
        return sum(self.planned) + sum(self.ad_hoc) + sum(self.urgent)


def render(facts: Facts, printed: Printed) -> Document:
    """Set the report on paper.

    Args:
        facts: What it shows.
        printed: When and by whom it was printed.
    """
    covers = f"Period {period(facts.start, facts.end)}"
    intro = f"{_intro(facts)}{named(facts.names)}"
    sheet, y = begin(facts.home, SPEC.title, covers, intro, printed)
    y = figures(sheet, y + 8, _figures(facts)) + 18
    y = _visits(sheet, y, facts)
    y = _admissions(sheet, y, facts)
    y = _practices(sheet, y, facts.practices)
    _residents(sheet, y, facts.residents)
    return sheet.finish()


SPEC: Final = ReportSpec(
    name="activity",
    title="Visits and admissions",
    about="In figures: planned and urgent visits, by GP and practice, by resident; admissions.",
    parameters=Parameters(period=True, initials=True),
    render=render,
)


def _intro(facts: Facts) -> str:
    if not (facts.visits or facts.admissions.all):
        return f"No visit and no admission is recorded from {long_period(facts.start, facts.end)}."
    return (
        f"{counted(facts.visits, 'visit')} and {counted(facts.admissions.all, 'admission')} to "
        f"hospital, {long_period(facts.start, facts.end)}. Visits that were called off do not count."
    )


def _figures(facts: Facts) -> list[Figure]:
    visits, planned = facts.visits, sum(facts.planned)
    before, planned_before = facts.before
    living = [one.times for one in facts.residents if not one.left]
    never = sum(not times for times in living)
    admissions = facts.admissions
    return [
        Figure(f"{visits:,}", "visits", f"{before:,} in as long before"),
        Figure(
            per_cent(planned, visits) if visits else _DASH,
            "planned",
            f"{per_cent(planned_before, before)} as long before" if before else "",
        ),
        Figure(
            f"{median(living):g}" if living else _DASH,
            "visits to a typical resident",
            f"{never:,} seen by nobody" if never else "everybody was seen",
        ),
        Figure(
            f"{admissions.all:,}", "admissions", f"{admissions.before:,} in as long before"
        ),
    ]  # fmt: skip


def _chart(  # a chart, its heads and its size
    sheet: Sheet, y: float, heads: tuple[str, str], spans: Spans, tall: float, *series: Series
) -> float:
    title, how = heads
    sheet.text(sheet.left, y, title, BLOCK_TITLE, sheet.room)
    sheet.text(sheet.left, y + 13, how, TABLE_MUTED, sheet.room)
    shown = [one for one in series if any(one.values)]
    if not shown:
        words = "Nothing is recorded in this period."
        sheet.text(sheet.left, y + 30, words, BODY, sheet.room)
        return y + 52
    # the fillings keep their meaning, so all of them are drawn
    box = Box(sheet.left, y + 22, sheet.room, tall)
    plots.stacked(sheet, box, [part.label for part in spans.parts], series)
    return y + 22 + tall + 22


def _visits(sheet: Sheet, y: float, facts: Facts) -> float:
    series = (
        Series("Planned", facts.planned),
        Series("Ad hoc", facts.ad_hoc),
        Series("Urgent", facts.urgent),
    )
    how = "Planned: agreed before. Ad hoc: asked for. Urgent: asked for the same day."
    heads = f"Visits by {facts.spans.words}", how
    return _chart(sheet, y, heads, facts.spans, _CHART, *series)


def _admissions(sheet: Sheet, y: float, facts: Facts) -> float:
    found = facts.admissions
    title = f"Admissions to hospital by {facts.spans.words}"
    series = (
        Series("Unplanned", found.unplanned),
        Series("Planned", found.planned),
        Series("Not said", found.unsaid),
    )
    how = (
        f"{found.out_of_hours:,} out of hours, {found.again:,} within 30 days of coming back, "
        f"{found.end_of_life:,} at the end of life. A&E without being admitted does not count."
    )
    return _chart(sheet, y, (title, how), facts.spans, 0.7 * _CHART, *series)


def _begin(sheet: Sheet, y: float, title: str, how: str) -> float:
    if sheet.bottom - y < _ROOM_TO_BEGIN:
        sheet.new_page()
        y = sheet.top + 4
    sheet.bookmark(title, level=1)
    sheet.text(sheet.left, y, title, BLOCK_TITLE, sheet.room)
    sheet.text(sheet.left, y + 13, how, TABLE_MUTED, sheet.room)
    return y + 15


def _columns(sheet: Sheet, first: str, *titles: str) -> list[Column]:
    """Return a wide column and narrow ones for numbers, the last of them for a day."""
    wide = [21 * MM] * (len(titles) - 1) + [26 * MM]
    numbers = [Column(title, room, right=True) for title, room in zip(titles, wide, strict=True)]
    return [Column(first, sheet.room - sum(wide)), *numbers]


def _practices(sheet: Sheet, y: float, practices: Sequence[Practice]) -> float:
    how = "Residents: who live here and are registered there, or have this GP."
    y = _begin(sheet, y, "Visits by practice and GP", how)
    if not practices:
        sheet.text(sheet.left, y + 14, "No visit of a GP is recorded.", BODY, sheet.room)
        return y + 40
    titles = ("Residents", "Visits", "Planned", "Residents seen", "Last visit")
    table = Listing(sheet, _columns(sheet, "Practice, GP", *titles), y, sheet.new_page)
    for one in practices:
        who: list[Piece] = [Piece(one.name, TABLE_BOLD)]
        if one.place:
            who.append(Piece(one.place, TABLE_MUTED))
        table.row(
            who,
            [number(one.registered)],
            [number(one.visits)],
            [Piece(per_cent(one.planned, one.visits) if one.visits else _DASH)],
            [number(one.seen)],
            [Piece(show_plain_date(one.last) if one.last else _DASH)],
        )
    return table.y + 24


def _residents(sheet: Sheet, y: float, residents: Sequence[Seen]) -> None:
    how = "Most first. Everybody who lives here, and who left but was seen in the period."
    y = _begin(sheet, y, "Visits by resident", how)
    if not residents:
        sheet.text(sheet.left, y + 14, "No resident is recorded.", BODY, sheet.room)
        return
    titles = ("Visits", "Planned", "People", "Last seen")
    table = Listing(sheet, _columns(sheet, "Resident", *titles), y, sheet.new_page)
    for one in residents:
        who: list[Piece] = [Piece(one.resident, TABLE_BOLD)]
        if one.left:
            who.append(Piece("Does not live here any more", TABLE_MUTED))
        table.row(
            who,
            [number(one.times)],
            [Piece(per_cent(one.planned, one.times) if one.times else _DASH)],
            [number(one.people)],
            [Piece(show_plain_date(one.last) if one.last else _DASH)],
        )
    table.end("End of visits and admissions.")
