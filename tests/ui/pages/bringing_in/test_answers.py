"""What was said of rows that may be the same: counted, taken back, told beside the row."""

from __future__ import annotations

from liaison.services.importing import Same, Suggestion
from liaison.ui.pages.bringing_in.answers import Answers
from liaison.ui.pages.bringing_in.facts import Line, What


def asking(row: int, record: int | None = 7) -> Line:
    suggestion = Suggestion(row, record, None if record else 1, 0.9, (), {})
    return Line(What.SAME, "Ann Lee", "May be Anne Lee.", row=row, suggestion=suggestion)


def test_a_row_that_is_merged_is_told_although_the_plan_asks_about_it_no_more() -> None:
    answers = Answers()
    answers.ask(asking(2))
    answers.ask(asking(3))
    answers.merge(Same(2, 7), Same(3, new=True))
    assert answers.same == (Same(2, 7), Same(3, new=True))
    assert [line.below for line in answers.told([])] == [
        "The same: they are merged. May be Anne Lee.",
        "Added as new. May be Anne Lee.",
    ]


def test_a_row_of_its_own_is_no_longer_open_until_it_is_merged_after_all() -> None:
    answers, line = Answers(), asking(2)
    assert answers.is_open(line)
    assert not answers.is_open(asking(3, record=None)), "another row of the file is not offered"
    answers.ask(line)
    answers.merge(Same(2, 7))
    assert answers.keep_apart(2), "the plan is to be looked through again"
    assert answers.same == ()
    assert not answers.is_open(line)
    assert [one.below for one in answers.told([line])] == [
        "Not the same: both are kept. May be Anne Lee."
    ]
    assert not answers.keep_apart(2)
    answers.merge(Same(2, 7))
    assert answers.is_open(line)
