"""Agenda and minutes of a round on paper."""

from __future__ import annotations

import datetime as dt

from liaison.reports import round_agenda, round_minutes
from liaison.reports.kit.marks import Mark
from tests.reports.facts import PRINTED
from tests.reports.paper import assert_clean, assert_within_margins, pages_of, text_of

AT = dt.datetime(2026, 11, 24, 10, 0, tzinfo=dt.UTC)
ITEM = round_agenda.Item(
    "Concern", "Ivy Marlow", "Room 14, born 12 Dec 1936", "5 days", Mark.OPEN,
    "Not sleeping since the change of room.", "Raised by Kofi Mensah, Thu 19 Nov 2026",
)  # fmt: skip
LONG = round_agenda.Item(
    "Back home", "Bartholomew Featherstonehaugh-Cholmondeley", "Room 2, born 2 Nov 1936",
    "review 3 days past", Mark.PAST, "No papers came. " * 60, "To be by Tue 17 Nov 2026. " * 12,
)  # fmt: skip


def _agenda(*items: round_agenda.Item) -> round_agenda.Facts:
    return round_agenda.Facts("Rosewood House", "Weekly round", AT, "Dr Nair", "", items)


def test_five_lines_a_page_each_with_room_to_write() -> None:
    document = round_agenda.render(_agenda(*[ITEM] * 8), PRINTED)
    assert_within_margins(document)
    assert_clean(document)
    first, second = (" ".join(page.split()) for page in pages_of(document))
    assert [page.count("Who, by when") for page in (first, second)] == [5, 3]
    assert "8 lines: 8 concerns." in first
    assert "Raised on the day" in second
    for words in ("Ivy Marlow", "Room 14, born 12 Dec 1936", "Concern, 5 days", "Kofi Mensah"):
        assert words in first


def test_long_words_take_more_room_and_stay_on_the_page() -> None:
    document = round_agenda.render(_agenda(*[LONG] * 4), PRINTED)
    assert_within_margins(document)
    assert text_of(document).count("Typed into Liaison by") == 1


def test_an_empty_agenda_says_so() -> None:
    assert "Nothing is on the agenda yet." in text_of(round_agenda.render(_agenda(), PRINTED))


def test_minutes_show_what_each_person_recorded() -> None:
    said = (
        round_minutes.Said("Bloods tomorrow.", "Siân, Tue 24 Nov 2026, 10:20", Mark.DONE),
        round_minutes.Said("Carried over", "Kofi, Tue 24 Nov 2026, 10:21", Mark.SOON),
    )
    items = (
        round_minutes.Item("Concern", "Ivy Marlow", "Room 14", "Not sleeping.", said, ("Ring",)),
        round_minutes.Item("Asked", "", "", "Flu clinic?", ()),
    )
    facts = round_minutes.Facts(
        "Rosewood House", "Weekly round", AT, "It was held", "Dr Nair", "Siân", "All well.", items
    )
    document = round_minutes.render(facts, PRINTED)
    assert_within_margins(document)
    words = text_of(document)
    for part in ("Bloods tomorrow.", "Carried over", "No outcome recorded", "Attended: Siân"):
        assert part in words
