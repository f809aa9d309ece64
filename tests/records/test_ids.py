"""Ids as people and files see them, and ids built from content."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.records import ids

NUMBERS = st.integers(0, ids.LARGEST)


@given(NUMBERS)
def test_an_id_is_written_and_read_back(number: int) -> None:
    text = ids.to_text(number)
    assert len(text) == ids.LENGTH
    assert ids.looks_like_id(text)
    assert ids.from_text(text) == number
    assert ids.from_text(text.lower()) == number
    assert not set("ILOU") & set(text)


@given(NUMBERS, NUMBERS)
def test_written_ids_sort_as_the_numbers_do(one: int, other: int) -> None:
    assert (ids.to_text(one) < ids.to_text(other)) == (one < other)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0000000000000"),
        (1, "0000000000001"),
        (31, "000000000000Z"),
        (32, "0000000000010"),
        (1_877_000_000_000_000_000, "1M33HHRHPH000"),
        (ids.LARGEST, "7ZZZZZZZZZZZZ"),
    ],
)
def test_what_is_written_is_frozen(number: int, text: str) -> None:
    assert ids.to_text(number) == text
    assert ids.from_text(text) == number


@given(NUMBERS)
def test_misread_letters_are_forgiven(number: int) -> None:
    text = ids.to_text(number)
    for letter in "Oo":
        assert ids.from_text(text.replace("0", letter)) == number
    for letter in "IiLl":
        assert ids.from_text(text.replace("1", letter)) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "000000000000",
        "00000000000000",
        "000000000000U",
        "000000000000u",
        "000000000000-",
        " 000000000000",
        "0000000000000\n",
        "00000000000é0",
        "\u0660\u0660\u0660\u0660\u0660\u0660\u0660\u0660\u0660\u0660\u0660\u0660\u0660",
        "\u017f000000000000",
        "\u212a000000000000",  # KELVIN SIGN, whose lower case is a k
    ],
)
def test_other_texts_are_no_ids(text: str) -> None:
    assert not ids.looks_like_id(text)
    with pytest.raises(ValueError, match=r"is not an id: 13 letters and digits$"):
        ids.from_text(text)


@pytest.mark.parametrize("text", ["8000000000000", "ZZZZZZZZZZZZZ", "zzzzzzzzzzzzz"])
def test_more_than_63_bits_is_too_large(text: str) -> None:
    with pytest.raises(ValueError, match=r"too large"):
        ids.from_text(text)


@pytest.mark.parametrize(
    ("type_name", "source", "text"),
    [
        ("service", ("Catheter care",), "7N08EZ36N06DP"),
        ("term", ("DN",), "3TZYGSXPWCXFF"),
        ("organisation_offers", (7, "offers", 9), "03NQC0256JAF3"),
        ("agenda_line", ("round", 5, "concern", 6), "3V3KGPHMF8H7M"),
        ("staff_lead_roles", (7, "lead_roles", "falls"), "689SAX98FVN93"),
        ("term", ("Ŵyn 👩‍⚕️",), "33B84X4BSKY7H"),
    ],
)
def test_ids_built_from_content_are_frozen(
    type_name: str, source: tuple[str | int, ...], text: str
) -> None:
    """A version that builds other ids would make every PC's own services and links twice."""
    assert ids.to_text(ids.derived_id(type_name, *source)) == text


@given(st.text("ab:1", max_size=6), st.text("ab:1", max_size=6))
def test_what_an_id_is_built_from_cannot_run_together(one: str, other: str) -> None:
    built = ids.derived_id("service", one, other)
    assert 0 <= built <= ids.LARGEST
    assert built != ids.derived_id("service", one + other)
    if other:
        assert built != ids.derived_id("service", one + other, "")
    if one:
        assert built != ids.derived_id("service" + one, other)
