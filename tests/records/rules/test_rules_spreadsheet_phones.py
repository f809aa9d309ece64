"""Domain rule 9: what a spreadsheet does to a phone number, undone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.records.rules.phones import repair_lost_zero

NATIONAL = st.from_regex(r"[1235789][0-9]{9}", fullmatch=True)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("1632960123", "01632960123"),
        (" 1632960123 ", "01632960123"),
        ("1632960123.0", "01632960123"),
        ("1632960123.00", "01632960123"),
        ("1.632960123E9", "01632960123"),
        ("1.632960123e+09", "01632960123"),
        ("169772345", "0169772345"),
        ("7911123456", "07911123456"),
        ("441632960123", "+441632960123"),
        ("4.41632960123E+11", "+441632960123"),
        ("111.0", "111"),
    ],
)
def test_what_a_spreadsheet_took_is_put_back_with_a_note(cell: str, number: str) -> None:
    repaired, note = repair_lost_zero(cell)
    assert repaired == number
    assert note is not None
    assert number in note
    assert cell.strip() in note


@pytest.mark.parametrize(
    "cell",
    ["01632960123", "01632 960123", "1632 960123", "+441632960123", "111", "960123", "ask", ""],
)
def test_other_numbers_are_left_alone(cell: str) -> None:
    assert repair_lost_zero(cell) == (cell, None)


@pytest.mark.parametrize("cell", ["1.63296E+09", "1.6E9", "4.4163E+11"])
def test_lost_digits_are_never_made_up(cell: str) -> None:
    repaired, note = repair_lost_zero(cell)
    assert repaired == cell
    assert note is not None
    assert "lost its last digits" in note


@given(NATIONAL)
def test_a_repaired_number_needs_no_further_repair(rest: str) -> None:
    repaired, note = repair_lost_zero(rest)
    assert (repaired, note is not None) == (f"0{rest}", True)
    assert repair_lost_zero(repaired) == (repaired, None)


@given(st.text())
def test_any_text_is_taken(text: str) -> None:
    repaired, note = repair_lost_zero(text)
    assert note is not None or repaired == text
