"""Tables that go on over pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from liaison.reports.kit.listing import Band, Column, Listing, Piece
from liaison.reports.kit.marks import Mark
from liaison.reports.kit.sheet import CONTINUED, MM, Sheet
from liaison.reports.kit.typeface import TABLE_BOLD, TABLE_MUTED
from liaison.reports.spec import Document
from tests.reports.kit.test_sheet import FURNITURE
from tests.reports.paper import assert_within_margins, opened, pages_of, picture, text_of

COLUMNS = (Column("Who", 24 * MM), Column("What", 100 * MM), Column("Days", 46 * MM, right=True))


def made(fill: Callable[[Listing], None], y: float = CONTINUED) -> Document:
    sheet = Sheet(FURNITURE, "Test")
    sheet.new_page()
    fill(Listing(sheet, COLUMNS, y, sheet.new_page))
    document = sheet.finish()
    assert_within_margins(document)
    return document


def band(first: bool, continued: bool) -> Band:  # noqa: FBT001  # as Listing asks
    year = " 2026" if first else ""
    return Band(f"Fri 20 Nov{year}", "Tom Redway", "GP", "Planned" + " (continued)" * continued)


def lines(count: int, word: str = "line") -> list[Piece]:
    return [Piece("\n".join(f"{word} {n}" for n in range(1, count + 1)))]


def row(table: Listing, count: int, who: str = "Joan Frost", word: str = "line") -> None:
    table.row(
        [Piece(who, TABLE_BOLD), Piece("Room 7", TABLE_MUTED)], lines(count, word), [Piece("12")]
    )


def test_the_head_repeats_on_every_page() -> None:
    def fill(table: Listing) -> None:
        for _ in range(60):
            row(table, 3)

    pages = pages_of(made(fill))
    assert len(pages) > 3
    assert all("Who What Days" in " ".join(page.split()) for page in pages)


def test_a_row_moves_whole_when_it_does_not_fit() -> None:
    def fill(table: Listing) -> None:
        for number in range(12):
            row(table, 9, f"P{number}", f"w{number}")

    for page in pages_of(made(fill)):
        for number in range(12):
            assert page.count(f"w{number} ") in {0, 9}


@pytest.mark.parametrize("before", range(44, 58))
def test_a_long_row_splits_with_three_lines_or_more_on_each_side(before: int) -> None:
    def fill(table: Listing) -> None:
        table.row([Piece("x")], lines(before, "before"), [])
        row(table, 12, word="note")

    pages = pages_of(made(fill))
    parts = [page.count("note ") for page in pages if "note " in page]
    assert sum(parts) == 12
    assert min(parts) >= 3
    for page in pages:
        assert ("note " in page) == ("Joan Frost" in page), "the resident is repeated"
    assert [f"note {n}" in " ".join(pages) for n in range(1, 13)] == [True] * 12


def test_a_row_longer_than_two_pages_is_printed_whole() -> None:
    document = made(lambda table: row(table, 150))
    text = text_of(document)
    assert document.pages == 3
    assert all(f"line {n} " in text for n in range(1, 151))


@pytest.mark.parametrize("before", range(40, 60))
@pytest.mark.parametrize("after", [1, 6, 30])
def test_a_band_never_stands_last_on_a_page(before: int, after: int) -> None:
    def fill(table: Listing) -> None:
        table.row([Piece("x")], lines(before, "before"), [])
        table.band(band)
        row(table, after, word="note")

    for page in pages_of(made(fill)):
        if "Tom Redway" in page:
            assert page.count("note ") >= min(after, 3 if "(continued)" in page else 6)


@pytest.mark.parametrize("before", range(44, 60))
def test_what_a_band_is_about_stays_with_the_row_that_follows(before: int) -> None:
    def fill(table: Listing) -> None:
        table.row([Piece("x")], lines(before, "before"), [])
        table.band(band)
        table.note(Piece("Reason: dressing"), keep=True)
        row(table, 4, word="note")

    for page in pages_of(made(fill)):
        found = " ".join(page.split())
        assert ("Reason: dressing" in found) == ("Tom Redway" in found) == ("note 4" in found)
    assert "Planned Reason: dressing Joan Frost" in text_of(made(fill))


def test_a_band_is_repeated_as_continued_and_names_the_year_once_a_page() -> None:
    def fill(table: Listing) -> None:
        for _ in range(2):
            table.band(band)
            for _ in range(20):
                row(table, 3)

    pages = pages_of(made(fill))
    assert len(pages) > 2
    assert "(continued)" not in pages[0]
    assert all("(continued)" in page for page in pages[1:])
    assert all(page.count("Fri 20 Nov 2026") == 1 for page in pages)
    # both visits begin once, and every page but the first begins with one that goes on
    assert sum(page.count("Fri 20 Nov") for page in pages) == 2 + len(pages) - 1


def test_a_heading_says_on_the_next_page_that_it_goes_on() -> None:
    def fill(table: Listing) -> None:
        table.heading(Band("Over 90 days", aside="31"))
        for _ in range(31):
            row(table, 3)

    first, second = (" ".join(page.split()) for page in pages_of(made(fill))[:2])
    assert "Who What Days Over 90 days 31 Joan Frost" in first
    assert "Who What Days Over 90 days (continued) 31 Joan Frost" in second


def test_a_band_that_moves_to_the_next_page_with_its_row_is_not_continued() -> None:
    def fill(table: Listing) -> None:
        table.row([Piece("x")], lines(55, "before"), [])
        table.band(band)
        row(table, 5)

    first, second = pages_of(made(fill))
    assert "Tom Redway" not in first
    assert "Fri 20 Nov 2026" in second
    assert "(continued)" not in second


def test_a_band_that_is_full_takes_a_second_line() -> None:
    def fill(table: Listing) -> None:
        table.band(
            lambda _first, _continued: Band(
                "Fri 20 Nov 2026, 14:00", "Bartholomew Featherstonehaugh",
                "Speech and language therapist, Marlbury Community Nursing and Therapy Services",
                "Urgent, asked 2 h before", urgent=True,
            )
        )  # fmt: skip
        row(table, 2)

    text = text_of(made(fill))
    assert "Bartholomew Featherstonehaugh," in text
    assert "Marlbury Community Nursing and Therapy Services" in text


def test_a_band_of_endless_words_stays_on_the_page() -> None:
    def fill(table: Listing) -> None:
        table.band(lambda _first, _continued: Band("x" * 300, "y" * 300, "z" * 300, "aside"))
        row(table, 2)

    made(fill)


def test_numbers_stand_under_the_right_end_of_their_head() -> None:
    document = made(lambda table: row(table, 1))
    with opened(document) as pdf:
        text = pdf[0].get_textpage()
        ends = {}
        for word in ("Days", "12"):
            place, count = text.search(word).get_next()
            ends[word] = text.get_charbox(place + count - 1)[2]
    assert abs(ends["Days"] - ends["12"]) < 1.5


def test_a_sign_and_its_words_wrap_beside_each_other() -> None:
    def fill(table: Listing) -> None:
        table.row([Piece("A long word that wraps", TABLE_BOLD, Mark.OPEN)], [], [])

    document = made(fill)
    with opened(document) as pdf:
        text = pdf[0].get_textpage()
        lefts = {
            round(text.get_charbox(text.search(w).get_next()[0])[0]) for w in ("A long", "wraps")
        }
    assert max(lefts) - min(lefts) <= 1
    assert min(lefts) > 20 * MM + 8


def test_struck_lines_have_a_line_through_them_and_can_still_be_copied() -> None:
    def fill(table: Listing) -> None:
        table.row([], [Piece("wrong person", struck=True)], [])

    document = made(fill)
    assert "wrong person" in text_of(document)
    plain = made(lambda table: table.row([], [Piece("wrong person")], []))
    assert picture(document).tobytes() != picture(plain).tobytes()


def test_the_end_is_said_above_the_foot_and_never_alone_on_a_page() -> None:
    for count in range(40, 60):

        def fill(table: Listing, count: int = count) -> None:
            table.row([], lines(count), [])
            table.end("End of visits by period.")

        document = made(fill)
        assert text_of(document).count("End of visits by period.") == 1
        with opened(document) as pdf:
            page = pdf[document.pages - 1]
            text = page.get_textpage()
            place, _ = text.search("End of visits").get_next()
            # the foot's rule stands 37.5 points above the edge
            assert text.get_charbox(place)[1] > 40
            assert "line " in text.get_text_bounded()


def test_a_first_column_longer_than_a_page_ends_too() -> None:
    def fill(table: Listing) -> None:
        table.row(lines(150, "who"), lines(90), [])

    document = made(fill)
    assert document.pages == 3
    text = text_of(document)
    assert all(text.count(f"who {n} ") == 1 for n in range(1, 151))
