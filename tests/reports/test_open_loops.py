"""Open loops on paper."""

from __future__ import annotations

import datetime as dt

from liaison.reports import open_loops
from liaison.reports.open_loops import SPEC, Facts, Group, Row
from liaison.reports.spec import Naming
from tests.reports.facts import PRINTED
from tests.reports.paper import assert_clean, assert_within_margins, text_of

DAY = dt.date(2026, 11, 18)
CHAIR = Row(
    "Referral", "Wheelchairs, Own chair", "Frank Osei, Room 4", "Colin Webber",
    "Chased Thu 29 Oct 2026, no reply", dt.date(2026, 5, 18), dt.date(2026, 9, 21), 184, "late",
)  # fmt: skip
RING = Row("Action", "Ring the ward", "", "Nobody is named", "No day set", DAY, None, 0, "ok")


def text(*groups: Group, names: Naming = "full") -> str:
    kinds = tuple({row.kind: ("Things", 1) for group in groups for row in group.rows}.values())
    document = open_loops.render(Facts("Rosewood House", DAY, groups, kinds, names), PRINTED)
    assert_within_margins(document)
    assert_clean(document)
    return text_of(document)


def test_each_says_what_about_whom_who_has_it_and_how_long() -> None:
    said = text(Group("Over 90 days", (CHAIR,)), Group("Up to 7 days", (RING,)))
    assert "2 things have no outcome on 18 November 2026" in said
    assert "184 days: the oldest" in said
    for words in ("Frank Osei, Room 4", "Colin Webber", "Chased Thu 29 Oct 2026", "184 days"):
        assert words in said
    assert "no day set" in said
    assert said.index("Over 90 days") < said.index("Up to 7 days")
    assert "End of open loops." in said


def test_nothing_open_says_so() -> None:
    assert "everything had an outcome" in text()


def test_a_copy_with_initials_says_that_it_is_one() -> None:
    assert "by initials and room" in text(Group("Over 90 days", (CHAIR,)), names="initials")


def test_long_words_and_many_lines_go_on_over_pages() -> None:
    long = Row("Concern", "Wont " * 300, "R" * 200, "O" * 200, "S" * 900, DAY, DAY, 12_000, "due")
    document = open_loops.render(
        Facts("Rosewood House", DAY, (Group("Over 90 days", (CHAIR, long) * 40),), ()), PRINTED
    )
    assert document.pages > 5
    assert_within_margins(document)


def test_it_is_asked_for_a_day() -> None:
    assert SPEC.parameters.on
    assert SPEC.parameters.initials
