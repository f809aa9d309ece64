"""JSON that others wrote is read, or refused in one way that everybody expects."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.records.foreign import is_text, read_json

HALF = "\ud800"
plain: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=6,
)


@given(value=plain, ascii_only=st.booleans())
def test_what_can_be_kept_is_read_however_it_is_spelled(*, value: Any, ascii_only: bool) -> None:
    assert read_json(json.dumps(value, ensure_ascii=ascii_only).encode()) == value
    assert is_text(value)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\xff",
        rb'"\ud800"',
        rb'{"\udfff": 1}',
        rb'[[{"a": ["b", "\ud83d b"]}]]',
        HALF.encode("utf-8", "surrogatepass").join([b'"', b'"']),
        json.dumps("A").encode("utf-16"),
        b"[" * 200_000,
        b'{"a":' * 200_000,
        b"9" * 10_000,
    ],
    ids=lambda data: ascii(data[:20]),
)
def test_what_cannot_be_kept_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_json(data)


def test_two_halves_spelled_one_after_the_other_are_one_character() -> None:
    assert read_json(rb'"\ud83d\ude00"') == "\U0001f600"


def test_a_text_is_looked_for_wherever_it_stands() -> None:
    nested: list[Any] = []
    for _ in range(100_000):
        nested = [nested]
    for value in (HALF, {HALF: 1}, [{"a": [HALF]}], nested):
        assert not is_text(value)
    # taken apart by hand: python's own way is as deep as it is nested
    while nested:
        nested = nested.pop()
