"""The poster on paper: one page, whatever is in it."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from liaison.reports import who_to_ring
from liaison.reports.spec import Document
from liaison.reports.who_to_ring import MOST_LINES, Facts, Line
from tests.reports.facts import PRINTED
from tests.reports.paper import assert_clean, assert_within_margins, photocopied, picture, text_of

DOCTOR = Line("Doctor", "Castle Street, ask for Dr Nair", "01632 960 114", "Not there: Dr Lee")
FACTS = Facts(
    "Rosewood House", "14 Elm Walk, Marlbury, EX99 1AA", "01632 960 100",
    "Monday to Friday, 08:00 to 18:00", (DOCTOR,) * 5,
    (Line("District nurse", "Night nursing team", "111"),) * 4, dt.date(2026, 11, 16),
)  # fmt: skip


def poster(**changes: object) -> Document:
    document = who_to_ring.render(dataclasses.replace(FACTS, **changes), PRINTED)  # type: ignore[arg-type]
    assert document.pages == 1
    assert_within_margins(document)
    assert_clean(document)
    return document


def test_it_says_where_one_is_whom_to_ring_and_what_if_nobody_answers() -> None:
    said = text_of(poster())
    assert "Life in danger then tell the senior 999" in said
    assert "You are at Rosewood House, 14 Elm Walk, Marlbury, EX99 1AA." in said
    assert "Our number: 01632 960 100" in said
    assert "In hours Monday to Friday, 08:00 to 18:00" in said
    assert "Doctor Castle Street, ask for Dr Nair 01632 960 114 Not there: Dr Lee" in said
    assert "Out of hours Nights, weekends and bank holidays" in said
    assert "District nurse Night nursing team 111" in said
    assert "Numbers checked since 16 November 2026" in said


def test_numbers_never_checked_are_told() -> None:
    assert "Not all numbers checked" in text_of(poster(checked=None))


def test_nobody_for_some_hours_is_told() -> None:
    assert text_of(poster(by_day=(), out=())).count("Nobody is recorded for these hours.") == 2


@pytest.mark.parametrize("length", [30, 200, 4_000])
def test_long_words_stay_on_the_page_and_the_homes_number_stands(length: int) -> None:
    long = "Wilhelmina " * (length // 11)
    line = Line(long, long, "01632 960 114 ext 4410 or 01632 960 115", long)
    document = poster(home=long, address=long, by_day=(line,) * MOST_LINES, out=())
    assert "Our number: 01632 960 100" in text_of(document)


def test_letters_from_the_right_and_pictures_are_set() -> None:
    line = Line("طبيب", "שרה לוי", "111", "\N{TELEPHONE RECEIVER}")
    poster(by_day=(line,))


def test_a_copy_of_a_copy_can_be_read() -> None:
    dark = photocopied(picture(poster())).histogram()
    assert dark[0] > 20_000
    assert dark[255] > 5 * dark[0]
