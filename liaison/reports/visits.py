"""Visits by period, professional, organisation or resident: what was raised, found, to be done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from liaison.reports.kit import typeface
from liaison.reports.kit.opening import figures, opening
from liaison.reports.kit.sheet import Furniture, Sheet
from liaison.reports.kit.typeface import BLOCK_TITLE, TABLE, TABLE_MUTED
from liaison.reports.kit.wording import counted, listed, long_period, named, period
from liaison.reports.spec import Document, Parameters, Printed, ReportSpec
from liaison.reports.visits_facts import (
    HAPPENED,
    Entry,
    Facts,
    FollowUp,
    Resident,
    State,
    Visit,
)
from liaison.reports.visits_list import set_visits
from liaison.reports.visits_summary import key_figures, responses, who_came

__all__ = ["SPEC", "Entry", "Facts", "FollowUp", "Resident", "State", "Visit", "render"]

_ROOM_TO_BEGIN: Final = 250.0  # points of a page that make beginning a table on it worth while
_ONE_BY_ONE: Final = "The visits one by one"
_TYPICAL: Final = "Typical response: half came sooner after being asked, half later."
_BY_PERIOD: Final = "by period"
_NOTHING_TELLS: Final = "No visit of this period changed a plan or left something open."


def render(facts: Facts, printed: Printed) -> Document:
    """Set the report on paper.

    Args:
        facts: What it shows.
        printed: When and by whom it was printed.
    """
    covers = f"Period {period(facts.start, facts.end)}"
    name = f"{SPEC.title} {facts.about or _BY_PERIOD}"
    sheet = Sheet(Furniture(facts.home, SPEC.title, covers, printed), f"{name}, {facts.home}")
    sheet.new_page()
    sheet.bookmark(name)
    if not facts.visits:
        _empty(sheet, facts, name)
        return sheet.finish()
    y = opening(sheet, name, _intro(facts))
    happened = [visit for visit in facts.visits if visit.counts]
    if happened:
        y = figures(sheet, y + 10, key_figures(facts, happened))
        y = who_came(sheet, y, happened)
        if responses(happened):
            y = sheet.paragraph(sheet.left, y + 14, _TYPICAL, TABLE_MUTED, sheet.room)
    if sheet.bottom - y < _ROOM_TO_BEGIN:
        sheet.new_page()
        y = opening(sheet, _ONE_BY_ONE, _how_to_read(facts))
    else:
        sheet.text(sheet.left, y + 26, _ONE_BY_ONE, BLOCK_TITLE, sheet.room)
        y = sheet.paragraph(sheet.left, y + 40, _how_to_read(facts), TABLE_MUTED, sheet.room) - 8
    if not facts.listed:
        sheet.text(sheet.left, y + 24, _NOTHING_TELLS, TABLE, sheet.room)
        return sheet.finish()
    set_visits(sheet, facts.listed, y, f"End of visits {facts.about or _BY_PERIOD}.")
    return sheet.finish()


SPEC: Final = ReportSpec(
    name="visits",
    title="Visits",
    about="Who came, what was raised and found for each resident, and what is to be done.",
    parameters=Parameters(
        period=True, subjects=("contact", "organisation", "resident"), initials=True
    ),
    render=render,
)


def _empty(sheet: Sheet, facts: Facts, name: str) -> None:
    y = opening(sheet, name, f"{long_period(facts.start, facts.end)}.")
    sheet.paragraph(
        sheet.left,
        y + 14,
        "No visits are recorded for this period. That says that nothing was written down, not "
        "that nobody came: a visit that was forgotten can still be added, and will show both "
        "when it happened and when it was written.",
        typeface.BODY,
        sheet.room * 0.75,
        balanced=True,
    )


def _intro(facts: Facts) -> str:
    happened = [visit for visit in facts.visits if visit.counts]
    notes = sum(not entry.struck for visit in happened for entry in visit.entries)
    people = {visit.person for visit in happened if visit.person}
    places = {visit.organisation for visit in happened if visit.organisation}
    said = f"{counted(notes, 'entry', 'entries')} in {counted(len(happened), 'visit')}"
    if len(people) > 1:
        said += f" by {counted(len(people), 'named person', 'named people')}"
    if len(places) > 1:
        said += f" from {counted(len(places), 'organisation')}"
    said += f", {long_period(facts.start, facts.end)}."
    if facts.only_resident:
        said += " Only what concerns this resident is shown."
    if others := _not_counted(facts.visits):
        said += f" Listed but not counted: {others}."
    return said + named(facts.names)


def _not_counted(visits: Iterable[Visit]) -> str:
    numbers: defaultdict[str, int] = defaultdict(int)
    for visit in visits:
        if visit.struck:
            numbers["struck through"] += 1
        elif visit.status != HAPPENED:
            numbers[visit.status_label.lower()] += 1
    return (
        listed([f"{number} {words}" for words, number in sorted(numbers.items())])
        if numbers
        else ""
    )


def _how_to_read(facts: Facts) -> str:
    who = "it" if facts.only_resident else "one line for each resident seen"
    under = f"under it, {who}." if not facts.only_resident else "under it, what it was about."
    said = f"Newest first. A grey line is one visit; {under}"
    if facts.extract:
        shown, every = (
            sum(len(visit.entries) for visit in visits) for visits in (facts.listed, facts.visits)
        )
        said += (
            f" Extract: {shown:,} of {counted(every, 'entry', 'entries')}. The others changed "
            "no plan and left nothing open."
        )
    return said
