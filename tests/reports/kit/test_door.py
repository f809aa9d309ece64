"""The one door for text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.reports.kit.door import LONGEST, keep_together, one_line, tidy


@pytest.mark.parametrize(
    "typed",
    [
        "pain <moderate> now", "a<b", "<b>bold</b>", "<img src=/etc/passwd>", "&amp; & &lt;",
        "(half\\open", "100 %", "Llŷr Ŵyn", "Zażółć gęślą jaźń", "Nguyễn Thị Hằng", "سلام عليكم",
        "tired 😀 today", "first\nsecond", "“quoted” — well…",
    ],
)  # fmt: skip
def test_what_people_type_passes_as_it_is(typed: str) -> None:
    assert tidy(typed) == typed


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("a\x00b\x07c\x1b[31md", "abc[31md"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("a\tb", "a b"),
        ("  edges \n", "edges"),
        ("one\n\n\n\n\ntwo", "one\n\ntwo"),
        ("user\u202egpj.exe", "usergpj.exe"),
        ("soft\u00adhyphen", "softhyphen"),
        ("half \ud800 a letter", "half  a letter"),
        ("e\u0301", "é"),
        ("\ufeffmark", "mark"),
    ],
)
def test_what_cannot_be_printed_goes_and_nothing_else(typed: str, printed: str) -> None:
    assert tidy(typed) == printed


def test_a_text_beyond_every_use_is_cut_and_says_so() -> None:
    printed = tidy("x" * 200_000)
    assert printed.startswith("x" * LONGEST + " …")
    assert "200,000 letters were typed" in printed
    assert len(printed) < LONGEST + 200


def test_a_text_just_short_enough_is_not_cut() -> None:
    typed = "y" * LONGEST
    assert tidy(typed) == typed


def test_a_text_whose_control_characters_made_it_long_is_not_cut() -> None:
    assert tidy("z\x00" * (LONGEST - 10)) == "z" * (LONGEST - 10)


@given(st.text(max_size=200))
def test_no_control_character_comes_through_and_twice_is_once(typed: str) -> None:
    printed = tidy(typed)
    assert all(unicodedata.category(letter) != "Cc" for letter in printed if letter != "\n")
    assert tidy(printed) == printed
    assert "\n" not in one_line(typed)


@pytest.mark.parametrize(
    ("typed", "joined"),
    [
        ("on 2 June we", "on 2~June we"), ("for 12 weeks from", "for 12~weeks from"),
        ("5 mg at night", "5~mg at night"), ("Dr Nair and Mrs Frost", "Dr~Nair and Mrs~Frost"),
        ("October 2026 was", "October~2026 was"), ("2 Juneberries", "2 Juneberries"),
        ("room 12 maybe", "room 12 maybe"), ("Drama 1 May", "Drama 1~May"), ("90 % full", "90~% full"),
    ],
)  # fmt: skip
def test_what_reads_badly_over_a_line_end_is_joined(typed: str, joined: str) -> None:
    assert keep_together(typed) == joined.replace("~", "\u00a0")
