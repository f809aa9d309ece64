"""The page that says how a home stands: its questions, its charts, in colour and off a copier."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from liaison.charts import Bar, Wait
from liaison.reports.at_a_glance import Area, Facts, Row, render
from liaison.reports.spec import Printed
from tests.reports import paper

PRINTED = Printed(dt.datetime(2026, 11, 18, 10, 14, tzinfo=dt.UTC), "Helen Marsh")
MONTHS = tuple(Bar(f"{month:%b}", 20 + month.month, "ok", f"{month:%b}"[0]) for month in (
    dt.date(2026, number, 1) for number in range(1, 13)
))  # fmt: skip
ROWS = (
    Row("Is everybody trained?", "12 of 22", "staff", "7 courses missing", "late",
        "Something is late", MONTHS, drawn="By month", per_cent=True),
    Row("Who waits to be seen?", "2", "wait to be seen", "", "ok", "As it should be",
        waits=(Wait("A service with a name " * 8, 184, 126, "late"), Wait("SLT", 3))),
    Row("Are rounds held?", "None", "rounds held", "", "none", "Nothing recorded"),
)  # fmt: skip
FACTS = Facts(
    "Rosewood House", dt.date(2025, 11, 19), dt.date(2026, 11, 18),
    (Area("Safe", ROWS[:1]), Area("Responsive", ROWS[1:])),
)  # fmt: skip


def test_each_question_stands_with_its_figure_and_how_it_stands_in_a_word() -> None:
    document = render(FACTS, PRINTED)
    first, charts = paper.pages_of(document)
    for words in (
        "Safe",
        "12 of 22 staff",
        "7 courses missing",
        "Something is late",
        "None rounds",
    ):
        assert words in " ".join(first.split())
    assert "184" in charts
    assert "Is everybody trained?" in charts
    paper.assert_within_margins(document)
    paper.assert_clean(document)


def test_months_are_letters_where_their_names_have_no_room() -> None:
    charts = paper.pages_of(render(FACTS, PRINTED))[1]
    assert "Jan" not in charts
    wide = dataclasses.replace(ROWS[0], bars=MONTHS[:3])
    facts = dataclasses.replace(FACTS, areas=(Area("Safe", (wide,)),))
    assert "Jan" in paper.pages_of(render(facts, PRINTED))[1]


def test_without_charts_there_is_no_page_of_them() -> None:
    facts = dataclasses.replace(FACTS, areas=(Area("Safe", ROWS[2:]),))
    assert render(facts, PRINTED).pages == 1


@pytest.mark.parametrize("count", [13, 40])
def test_more_charts_than_a_page_holds_go_on_to_the_next(count: int) -> None:
    facts = dataclasses.replace(FACTS, areas=(Area("Safe", ROWS[:1] * count),))
    document = render(facts, PRINTED)
    assert document.pages > 2
    paper.assert_within_margins(document)
