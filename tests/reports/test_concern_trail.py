"""The trail of a concern on paper: one page that A&E can read."""

from __future__ import annotations

import dataclasses

from liaison.reports import concern_trail
from liaison.reports.concern_trail import SPEC, Facts, Step
from tests.reports.facts import PRINTED
from tests.reports.paper import assert_clean, assert_within_margins, text_of

NOTICED = Step(
    "Sun 25 Oct 2026, 01:30 BST", "Sun 25 Oct 2026, 06:10", "Noticed", "Priya Nair",
    "Chest sounds wet", "Kate Morgan",
)  # fmt: skip
TRIED = Step("Sun 25 Oct 2026, 01:30 GMT", "", "Tried", "NHS 111", "No answer, waited 20 min")
ANSWERED = Step("Sun 25 Oct 2026, 02:10", "", "Answered", "111 clinician", "Ambulance is coming")
FACTS = Facts(
    home="Rosewood House",
    phone="01632 960100",
    kind="Concern",
    name="Joan Frost",
    about=(
        ("Date of birth", "3 Feb 1931"), ("NHS number", "999 012 3451"), ("Room", "7"),
        ("GP practice", "Castle Street Surgery and Health Centre"), ("DNACPR", "In place"),
    ),
    alerts="Allergies: penicillin",
    day="Sun 25 Oct 2026",
    raised="Priya Nair, Sun 25 Oct 2026, 01:30 BST",
    words=(("What is happening", "Chest sounds wet"), ("Background", "Well yesterday")),
    urgency="Wanted now",
    goes_to="Out of hours",
    state="No answer yet",
    closed=False,
    steps=(NOTICED, TRIED, ANSWERED),
)  # fmt: skip


def test_it_says_who_what_when_and_both_times_of_a_late_entry_on_one_page() -> None:
    document = concern_trail.render(FACTS, PRINTED)
    assert document.pages == 1
    assert_within_margins(document)
    assert_clean(document)
    said = text_of(document)
    for words in (
        "Joan Frost",
        "3 Feb 1931",
        "999 012 3451",
        "Castle Street Surgery and Health Centre",
        "Allergies: penicillin",
        "Wanted now",
        "goes to Out of hours",
        "Background Well yesterday",
        "Sun 25 Oct 2026, 01:30 BST",
        "written Sun 25 Oct 2026, 06:10",
        "Sun 25 Oct 2026, 01:30 GMT",
        "Written by Kate Morgan",
        "Ambulance is coming",
        "Questions: Rosewood House, 01632 960100.",
    ):
        assert words in said
    assert said.index("01:30 BST written") < said.index("01:30 GMT") < said.index("02:10")


def test_what_is_not_recorded_leaves_no_label_behind() -> None:
    bare = dataclasses.replace(FACTS, about=(), alerts="", phone="", words=FACTS.words[:1])
    document = concern_trail.render(bare, PRINTED)
    assert_within_margins(document)
    said = text_of(document)
    assert "Room" not in said
    assert "Questions" not in said
    assert "Background" not in said


def test_no_word_is_lost_when_more_was_written_than_a_page_holds() -> None:
    long = "She coughs. " * 900 + "The last words."
    steps = (dataclasses.replace(NOTICED, words=long), *[TRIED] * 60, ANSWERED)
    document = concern_trail.render(
        dataclasses.replace(FACTS, steps=steps, words=(("What is happening", long),)), PRINTED
    )
    assert document.pages > 2
    assert_within_margins(document)
    said = text_of(document)
    assert said.count("The last words.") == 2
    assert "Ambulance is coming" in said


def test_what_was_struck_through_says_so() -> None:
    struck = dataclasses.replace(FACTS, struck="Wrong resident")
    assert "Struck through: Wrong resident" in text_of(concern_trail.render(struck, PRINTED))


def test_it_is_asked_for_a_concern() -> None:
    assert SPEC.name == "concern-trail"
    assert SPEC.parameters.subjects == ("concern",)
