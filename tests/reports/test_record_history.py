"""One record's history on paper."""

from __future__ import annotations

import datetime as dt

from liaison.reports import record_history
from liaison.reports.record_history import SPEC, Facts, Look, Save, Step
from tests.reports.facts import PRINTED
from tests.reports.paper import assert_clean, assert_within_margins, text_of

AT = dt.datetime(2026, 10, 20, 13, 0, tzinfo=dt.UTC)
ADDED = Save(AT, "Kate Morgan", "Office PC", "Added", "", (Step("Room", "", "4"),))
CHANGED = Save(
    AT + dt.timedelta(days=1), "Sam Okafor", "Nurses' PC", "Changed", "moved downstairs",
    (Step("Room", "4", "5"), Step("Alerts", "Falls", ""), Step("Notes", "", "erased by law")),
)  # fmt: skip


def text(*saves: Save, looks: tuple[Look, ...] = ()) -> str:
    document = record_history.render(
        Facts("Rosewood House", "Resident", "Joan Frost", saves, looks), PRINTED
    )
    assert_within_margins(document)
    assert_clean(document)
    return text_of(document)


def test_each_save_says_who_when_why_and_each_field_before_and_after() -> None:
    said = text(ADDED, CHANGED)
    assert "Resident Joan Frost" in said
    assert "2 saves, oldest first, by 2 people" in said
    assert "Tue 20 Oct 2026, 14:00 Kate Morgan, on Office PC Added Room 4" in said
    assert "Wed 21 Oct 2026, 14:00 Sam Okafor, on Nurses' PC Changed" in said
    assert "“moved downstairs”" in said
    assert "Room 4 5" in said
    assert "Alerts Falls nothing" in said
    assert "Notes nothing erased by law" in said
    assert "End of history." in said


def test_who_looked_stands_at_the_end() -> None:
    look = Look(AT, "Kate Morgan", "Office PC", "Printed", "Visits, 3 pages: visits.pdf")
    said = text(ADDED, looks=(look,))
    assert "Who opened and printed it" in said
    assert "Visits, 3 pages: visits.pdf" in said
    assert "Who opened and printed it" not in text(ADDED)


def test_a_long_history_goes_on_over_pages() -> None:
    document = record_history.render(
        Facts("Rosewood House", "Resident", "Joan Frost", (ADDED, *[CHANGED] * 90)), PRINTED
    )
    assert document.pages > 3
    assert_within_margins(document)


def test_it_is_asked_for_one_record() -> None:
    assert SPEC.name == "record-history"
    assert "resident" in SPEC.parameters.subjects
