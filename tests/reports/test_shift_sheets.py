"""The sheets of a shift on paper: its handover, blank forms, and one resident's timeline."""

from __future__ import annotations

import datetime as dt

from liaison.reports import blank_forms, shift_handover, timeline
from liaison.reports.blank_forms import Box, Form
from liaison.reports.shift_handover import Row
from liaison.reports.timeline import Item
from tests.reports.facts import PRINTED
from tests.reports.paper import assert_clean, assert_within_margins, pages_of, text_of

SINCE = dt.datetime(2026, 11, 18, 7, 0, tzinfo=dt.UTC)
UNTIL = SINCE + dt.timedelta(hours=12)
FALL = Row("Wed 18 Nov, 10:10", "Joan Frost, Room 7", "Visit: Grace Adeyemi", "Well.\nAgain in 2.")
LATE = Row("3 days", "Joan Frost, Room 7", "Action: Ring", "Priya. Due.", "Late", late=True)


def handover(happened: tuple[Row, ...], coming: tuple[Row, ...], open_: tuple[Row, ...]) -> str:
    facts = shift_handover.Facts("Rosewood House", SINCE, UNTIL, happened, coming, open_, 4)
    document = shift_handover.render(facts, PRINTED)
    assert_within_margins(document)
    assert_clean(document)
    if happened:
        assert document.pages == 1
    return text_of(document)


def test_a_shift_is_one_page_of_what_happened_who_comes_and_what_is_open() -> None:
    said = handover((FALL,) * 6, (FALL,), (LATE,) * 4)
    assert "From Wed 18 Nov 2026, 07:00 to Wed 18 Nov 2026, 19:00." in said
    order = ("What happened", "Who is coming", "Needs somebody", "Said at the handover")
    assert [said.index(words) for words in order] == sorted(said.index(words) for words in order)
    assert "4 more are open and not pressing" in said
    assert "Late" in said


def test_a_quiet_shift_says_so() -> None:
    said = handover((), (), ())
    assert "Nothing was recorded." in said
    assert "Nobody is expected." in said
    assert "Nothing is late or due." in said


def test_a_busy_shift_goes_on_over_pages() -> None:
    facts = shift_handover.Facts("Home", SINCE, UNTIL, (FALL,) * 90, (FALL,) * 9, (LATE,) * 12)
    document = shift_handover.render(facts, PRINTED)
    assert document.pages > 2
    assert_within_margins(document)


def test_a_blank_form_is_one_page_with_room_to_write_and_boxes_to_tick() -> None:
    form = Form(
        "Visit", "Write clearly.",
        ((Box("When"), Box("Left at", share=2)), (Box("Found", 5),),
         (Box("Kind", choices=("Visit", "Round of the whole home") * 6),)),
    )  # fmt: skip
    document = blank_forms.render(blank_forms.Facts("Rosewood House", (form, form)), PRINTED)
    assert document.pages == 2
    assert_within_margins(document)
    assert_clean(document)
    for page in pages_of(document):
        assert "What" not in page
        for words in ("Visit", "When", "Left at", "Found", "Round of the whole home"):
            assert words in page
    # room to write: what the brief for paper asks for
    assert round(blank_forms.LINE / (72 / 25.4)) == 8


def test_a_timeline_tells_whose_it_is_what_everybody_must_know_and_what_was_struck() -> None:
    items = (
        Item(
            "Tue 17 Nov 2026, 10:15", "Visit: Grace", "Raised: shin\nSmaller.", "Written by Helen"
        ),
        Item("Mon 16 Nov 2026", "Referral: Speech", "Coughs", "", "info", "Waiting, 5 days"),
        Item("Sun 15 Nov 2026", "Wrong one", "x", "", struck="Another resident's"),
    )
    facts = timeline.Facts(
        "Rosewood House", "Dorothy Hale", "Room 12, born 3 Mar 1938", (("GP", "Dr Anwar"),),
        ("Penicillin",), SINCE.date(), UNTIL.date(), items, cut=True,
    )  # fmt: skip
    document = timeline.render(facts, PRINTED)
    assert_within_margins(document)
    assert_clean(document)
    said = text_of(document)
    for words in (
        "Dorothy Hale", "Room 12, born 3 Mar 1938", "Penicillin", "Dr Anwar", "3 entries",
        "Waiting, 5 days", "Struck through: Another resident's", "There is more",
    ):  # fmt: skip
        assert words in said
