"""Domain rule 10: the NHS number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.records.rules.nhs_number import clean, is_test, is_valid, problem, show

NINE = st.from_regex(r"[0-9]{9}", fullmatch=True)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("9434765919", id="plain"),
        pytest.param("943 476 5919", id="3-3-4"),
        pytest.param("943-476-5919", id="hyphens"),
        pytest.param("943\N{NON-BREAKING HYPHEN}476\N{EN DASH}5919", id="other hyphens"),
        pytest.param("\ufeff943 476 5919", id="byte-order mark"),
        pytest.param("943\N{NO-BREAK SPACE}476\N{ZERO WIDTH SPACE}5919\n", id="invisible"),
    ],
)
def test_spellings(text: str) -> None:
    assert clean(text) == "9434765919"
    assert is_valid(text)
    assert problem(text) is None
    assert show(text) == "943 476 5919"


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        pytest.param("4010232137", True, id="published example"),
        pytest.param("9990000042", True, id="test range"),
        pytest.param("9434765918", False, id="wrong check digit"),
        pytest.param("9434765991", False, id="two digits changed places"),
        pytest.param("0000000060", False, id="check digit would be 10, written as 0"),
        pytest.param("0000000061", False, id="check digit would be 10, written as 1"),
        pytest.param("0000000000", True, id="check digit 11 counts as 0"),
        pytest.param("943476591", False, id="nine digits"),
        pytest.param("94347659190", False, id="eleven digits"),
        pytest.param("943476591X", False, id="a letter"),
        pytest.param("٩٤٣٤٧٦٥٩١٩", False, id="other digits"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_check_digit(text: str, valid: bool) -> None:  # noqa: FBT001
    assert is_valid(text) is valid


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("943 476 591", "has 9 digits; an NHS number has 10"),
        ("9", "has 1 digit;"),
        ("94347659190", "has 11 digits"),
        ("943 476 5918", "its last digit does not fit the others"),
        ("943 476 591X", "something other than digits"),
        ("unknown", "something other than digits"),
    ],
)
def test_problems_in_plain_english(text: str, said: str) -> None:
    assert said in (problem(text) or "")


@pytest.mark.parametrize("text", ["", "  ", "\ufeff"])
def test_an_unknown_number_is_no_problem(text: str) -> None:
    assert problem(text) is None


def test_shown_in_groups() -> None:
    assert show("9991234567") == "999 123 4567"
    assert show("943 476") == "943 476"
    assert show("") == ""


def test_the_test_range_begins_with_999() -> None:
    assert is_test("999 123 4567")
    assert not is_test("943 476 5919")
    assert not is_test("999")


@given(NINE)
def test_nine_digits_have_at_most_one_check_digit(nine: str) -> None:
    fitting = [last for last in range(10) if is_valid(f"{nine}{last}")]
    total = sum(int(digit) * (10 - place) for place, digit in enumerate(nine))
    assert fitting == [n for n in range(10) if (total + n) % 11 == 0]


@given(NINE, st.integers(0, 8), st.integers(1, 9))
def test_one_mistyped_digit_is_always_noticed(nine: str, place: int, off: int) -> None:
    mistyped = nine[:place] + str((int(nine[place]) + off) % 10) + nine[place + 1 :]
    for last in range(10):
        assert not (is_valid(f"{nine}{last}") and is_valid(f"{mistyped}{last}"))
