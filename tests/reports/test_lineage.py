"""Who taught whom on paper."""

from __future__ import annotations

import datetime as dt

from liaison.reports import lineage
from liaison.reports.lineage import SPEC, Course, Facts, Lesson
from tests.reports.facts import PRINTED
from tests.reports.paper import assert_clean, assert_within_margins, text_of

ON = dt.date(2026, 11, 22)
FIRST = Lesson(1, None, 0, dt.date(2025, 9, 1), "Grace Adeyemi", "Harbour Nursing", ("Dan", "Gita"))
SECOND = Lesson(2, 1, 1, dt.date(2025, 10, 22), "Dan", "Our staff", ("Kofi", "Priya"))
THIRD = Lesson(
    3, 2, 2, dt.date(2026, 7, 13), "Kofi", "Our staff", ("Irena",),
    ("Kofi's own training ran out on Sun 12 Jul 2026.",), ("Kofi's own training ran out today.",),
)  # fmt: skip


def text(*courses: Course) -> str:
    document = lineage.render(Facts("Rosewood House", ON, courses), PRINTED)
    assert_within_margins(document)
    assert_clean(document)
    return text_of(document)


def test_three_levels_are_drawn_and_told_with_what_to_look_at() -> None:
    said = text(Course("Catheter care", (FIRST, SECOND, THIRD)))
    assert "3 sessions, 5 people taught, 3 levels of teaching." in said
    # once in the picture, once in the table
    assert said.count("Grace Adeyemi") == 2
    assert "Mon 13 Jul 2026 Kofi" in " ".join(said.replace("\N{NO-BREAK SPACE}", " ").split())
    assert "Kofi's own training ran out on Sun 12 Jul 2026." in said
    assert "Today: Kofi's own training ran out today." in said
    assert "the teacher's own had lapsed" in said


def test_each_box_stands_right_of_the_one_it_came_from() -> None:
    chart = lineage.drawn(Course("Catheter care", (FIRST, SECOND, THIRD)))
    places = {shape.words: shape.x for shape in chart.shapes if hasattr(shape, "words")}
    assert places["Gita"] < places["Priya"] < places["Irena"]


def test_more_than_fits_a_picture_is_a_table_and_nothing_is_said_of_nobody() -> None:
    many = tuple(
        Lesson(n, None, 0, dt.date(2025, 1, 1) + dt.timedelta(days=n), f"Teacher {n}", "", ("Ann",))
        for n in range(40)
    )
    said = text(Course("Fire safety", many))
    assert "There are too many sessions for a picture" in said
    assert said.count("Teacher 39") == 1
    assert "No session is recorded as held." in text()
    assert SPEC.parameters.subjects == ("course",)
