"""The gap plan on paper."""

from __future__ import annotations

import dataclasses
import datetime as dt

from liaison.reports import gap_plan
from liaison.reports.gap_plan import SPEC, Facts, Lack, Lesson, Wish
from tests.reports.facts import PRINTED
from tests.reports.paper import assert_clean, assert_within_margins, text_of

ON = dt.date(2026, 11, 22)
AT = dt.datetime(2026, 12, 1, 13, 30, tzinfo=dt.UTC)
FACTS = Facts(
    "Rosewood House", ON, 90, (30, 60, 90), (2, 1, 0, 1),
    (
        Lack("Ann Frost", "Cook", "Food hygiene", None, None),
        Lack("Ben Hart", "Nurse", "Fire safety", dt.date(2026, 10, 6), dt.date(2026, 10, 6), AT),
        Lack("Caz Lane", "Cook", "Fire safety", dt.date(2026, 12, 2), dt.date(2026, 12, 2)),
        Lack("Dee Moss", "Cook", "Fire safety", None, dt.date(2027, 1, 18)),
    ),
    (
        Lesson("Fire safety", 2, ("Caz Lane", "Dee Moss"), dt.date(2026, 12, 2), None, "G. Powell"),
        Lesson("Food hygiene", 1, ("Ann Frost",)),
        Lesson("Moving", 1, ("Ann Frost",), None, AT),
    ),
    (Wish("Catheter change", "Harbour Nursing", 2, "cook 1, nurse 1", dt.date(2027, 2, 10), skill=True),),
)  # fmt: skip


def text(facts: Facts) -> str:
    document = gap_plan.render(facts, PRINTED)
    assert_within_margins(document)
    assert_clean(document)
    return text_of(document)


def test_each_gap_each_session_and_each_wish_says_what_and_when() -> None:
    said = text(FACTS)
    assert "2 late or missing" in said
    assert "1 within 30 days" in said
    assert "Fire safety last: G. Powell by Wed 2 Dec 2026 Caz Lane, Dee Moss 2" in said
    assert "Food hygiene now Ann Frost 1" in said
    assert "planned Tue 1 Dec 2026, 13:30" in said
    assert "Catheter change to be signed off again" in said
    assert "Harbour Nursing Wed 10 Feb 2027 2 cook 1, nurse 1" in said
    for state in (
        "missing", "ran out Tue 6 Oct 2026", "runs out Wed 2 Dec 2026",
        "needed by Mon 18 Jan 2027",
    ):  # fmt: skip
        assert state in said
    assert "End of the gap plan." in said


def test_without_gaps_it_says_so() -> None:
    empty = dataclasses.replace(FACTS, counts=(0, 0, 0, 0), lacks=(), lessons=(), wishes=())
    said = text(empty)
    assert "Nothing is missing, and nothing runs out within 90 days." in said
    assert "Who and what" not in said


def test_a_long_plan_goes_on_over_pages() -> None:
    document = gap_plan.render(dataclasses.replace(FACTS, lacks=FACTS.lacks * 60), PRINTED)
    assert document.pages > 4
    assert_within_margins(document)
    assert SPEC.name == "gap-plan"
