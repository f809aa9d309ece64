"""Domain rule 9: phone numbers."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.records.rules import phones
from liaison.records.rules.phones import (
    looks_like_phone,
    normalise,
    search_forms,
    warning,
)

# The ten digits after the leading 0.
NATIONAL = st.from_regex(r"[1235789][0-9]{9}", fullmatch=True)


def stored(typed: str) -> str:
    """Strip a number as the store's SQL does."""
    for sign in " ()-./+":
        typed = typed.replace(sign, "")
    return typed


def spellings(rest: str) -> list[str]:
    return [
        f"0{rest}",
        f"0{rest[:4]} {rest[4:]}",
        f"(0{rest[:4]}) {rest[4:7]}-{rest[7:]}",
        f"+44{rest}",
        f"+44 (0){rest}",
        f"+440{rest}",
        f"(+44) {rest}",
        f"0044 {rest}",
        f"0044 (0) {rest}",
        f"44{rest}",
    ]


@pytest.mark.parametrize("typed", spellings("1632960123"))
def test_any_spelling_finds_the_number(typed: str) -> None:
    assert looks_like_phone(typed)
    assert search_forms(typed)[:5] == (
        "01632960123",
        "441632960123",
        "4401632960123",
        "00441632960123",
        "004401632960123",
    )
    assert normalise(typed) == "+441632960123"


@pytest.mark.parametrize(
    ("typed", "forms"),
    [
        ("01632 96", ("0163296", "44163296", "440163296", "0044163296", "00440163296")),
        ("+44 16", ("016", "4416", "44016", "004416", "0044016")),
        ("111", ("111",)),
        ("960123", ("960123",)),
        ("+44", ("44",)),
        ("0", ("0",)),
        ("+33 1 42 68", ("3314268", "003314268")),
        ("0033 1 42", ("33142", "0033142")),
        ("0800 1111", ("08001111", "448001111", "4408001111", "00448001111", "004408001111")),
        ("Mary", ()),
        ("", ()),
        ("()", ()),
    ],
)
def test_beginnings_and_others(typed: str, forms: tuple[str, ...]) -> None:
    assert search_forms(typed) == forms


def test_an_extension_is_not_part_of_the_number() -> None:
    assert search_forms("01823 333444 ext. 12") == search_forms("01823 333444")
    assert normalise("01823 333444 x12") == "+441823333444"


@given(rest=NATIONAL, wanted=st.integers(0, 9), typed=st.integers(0, 9), length=st.integers(4, 16))
def test_every_beginning_finds_every_spelling(
    rest: str, wanted: int, typed: int, length: int
) -> None:
    kept, box = stored(spellings(rest)[wanted]), spellings(rest)[typed][:length]
    # A country code alone says nothing yet about the number.
    if len(stored(box).removeprefix("00").removeprefix("44").removeprefix("0")) < 2:
        return
    assert any(kept.startswith(form) for form in search_forms(box))


@given(NATIONAL)
def test_forms_contain_the_national_one(rest: str) -> None:
    for typed in spellings(rest):
        assert search_forms(typed)[0] == f"0{rest}"


@pytest.mark.parametrize(
    ("text", "looks"),
    [
        ("111", True),
        ("01632 96", True),
        ("+44 (0)1632 960123", True),
        ("01823 333444 ext 12", True),
        ("999 123 4567", True),
        ("12", False),
        ("room 12", False),
        ("+", False),
        ("", False),
        ("23/11/2026", False),
        ("23.11.26", False),
        ("2026-11-23", False),
        ("catheter", False),
        ("0800 FLOWERS", False),
    ],
)
def test_looks_like_phone(text: str, looks: bool) -> None:  # noqa: FBT001
    assert looks_like_phone(text) is looks


@pytest.mark.parametrize(
    ("text", "e164"),
    [
        ("1632960123", "+441632960123"),
        ("07911 123456", "+447911123456"),
        ("0800 1111", "+448001111"),
        ("016977 2345", "+44169772345"),
        ("+33 1 42 68 53 00", "+33142685300"),
        ("111", None),
        ("116123", None),
        ("01632 96", None),
        ("018233334445", None),
        ("ring the office", None),
        ("", None),
    ],
)
def test_normalise(text: str, e164: str | None) -> None:
    assert normalise(text) == e164


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("111", "is a short number"),
        ("999", "is a short number"),
        ("116 123", "is a short number"),
        ("32665", "is the area code missing?"),
        ("01632 960123", "kept for tests and drama"),
        ("+44 (0)1632 960123", "kept for tests and drama"),
        ("07700 900123", "kept for tests and drama"),
        ("020 7946 0123", "kept for tests and drama"),
        ("0161 496 0000", "kept for tests and drama"),
        ("1632960123", "without its leading 0"),
        ("01823 33344", "10 digits, where most UK numbers have 11"),
        ("01823 3334445", "12 digits, where most UK numbers have 11"),
        ("01632 96", "7 digits, where most UK numbers have 11"),
        ("0", "1 digit, where"),
        ("+33 1", "wrong length for a phone number: 3 digits. It"),
        ("04823 333444", "is not of a kind that is in use"),
        ("0800 FLOWERS", "is not only digits"),
        ("01823 333444 or 07911 123456", "is not only digits"),
        ("-", "is not only digits"),
    ],
)
def test_unusual_numbers_warn(text: str, said: str) -> None:
    sentence = warning(text)
    assert sentence is not None
    assert said in sentence
    assert sentence.startswith(f"“{text}” ")
    assert sentence.endswith("It is kept as typed.")


@pytest.mark.parametrize(
    "text",
    [
        "01823 333444",
        "(01823) 333-444",
        "+44 1823 333444",
        "01823 333444 ext 12",
        "0300 123 4567",
        "0800 1111",
        "016977 2345",
        "07911 123456",
        "+353 1 679 0000",
        "",
        "  ",
    ],
)
def test_ordinary_numbers_do_not_warn(text: str) -> None:
    assert warning(text) is None


@given(st.text())
def test_no_text_is_ever_refused(text: str) -> None:
    warning(text)
    normalise(text)
    search_forms(text)


def test_what_is_told_quickly_of_a_plain_number_is_what_the_library_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chance = random.Random(9)
    begin = ("01823", "0117", "020", "0770090", "07911", "0800", "0300", "056", "070", "076", "07781",
             "01481", "01534", "07624", "01624", "03", "09", "0")  # fmt: skip
    numbers = [
        (start := chance.choice(begin)) + "".join(chance.choices("0123456789", k=11 - len(start)))
        for _ in range(3_000)
    ]
    quick = [warning(number) for number in numbers]
    assert 500 < sum(one is None for one in quick) < 2_500, "both kinds are among them"
    monkeypatch.setattr(phones, "_PLAIN", re.compile("never"))
    assert [warning(number) for number in numbers] == quick
