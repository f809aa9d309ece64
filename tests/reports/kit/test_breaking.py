"""Where lines end."""

from __future__ import annotations

import time
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from liaison.reports.kit.breaking import Breaker
from liaison.reports.kit.door import keep_together, tidy
from liaison.reports.kit.typeface import INTRO, TABLE, TABLE_BOLD

NOTE = "Seen in her room with her daughter. Chest clear. Bloods to be taken on Thursday."


def test_words_stay_whole_and_in_order() -> None:
    lines = Breaker().lines(NOTE, TABLE, 120)
    assert len(lines) > 2
    assert " ".join(lines) == NOTE


def test_no_line_is_wider_than_its_room_and_none_could_take_the_next_word() -> None:
    breaker = Breaker()
    lines = breaker.lines(NOTE, TABLE, 120)
    assert all(breaker.width(line, TABLE) <= 120 for line in lines)
    for line, following in pairwise(lines):
        assert breaker.width(f"{line} {following.split()[0]}", TABLE) > 120


def test_a_persons_own_line_ends_are_kept() -> None:
    assert Breaker().lines("one\n\ntwo", TABLE, 200) == ["one", "", "two"]


def test_a_word_of_200_000_letters_breaks_inside_and_quickly() -> None:
    breaker = Breaker()
    started = time.process_time()
    lines = breaker.lines("x" * 200_000, TABLE, 160)
    assert time.process_time() - started < 5
    assert "".join(lines) == "x" * 200_000
    assert all(breaker.width(line, TABLE) <= 160 for line in lines)


def test_a_long_word_breaks_after_a_hyphen_where_one_is_near() -> None:
    lines = Breaker().lines("Wolstenholme-Featherstonehaugh", TABLE_BOLD, 70)
    assert lines[0] == "Wolstenholme-"


@pytest.mark.parametrize("room", [40, 90, 200])
@example("000000000000\u1dc0")
@example("\u0301" * 90)
@given(st.text(max_size=120))
def test_whatever_is_typed_fits_and_nothing_of_it_is_lost(room: int, typed: str) -> None:
    text = tidy(typed)
    breaker = Breaker()
    lines = breaker.lines(text, TABLE, room)
    kept = [c for line in lines for c in line if c not in "\u200e\u200f"]
    assert [c for c in kept if not c.isspace()] == [c for c in text if not c.isspace()]
    for line in lines:
        if len([c for c in line if not unicodedata.combining(c)]) > 1:
            assert breaker.width(line, TABLE) <= room + 0.01


def test_a_date_does_not_break_over_a_line() -> None:
    breaker = Breaker()
    for room in range(40, 160, 3):
        lines = breaker.lines(keep_together("We will ring again on 2 June if not"), TABLE, room)
        assert any("2 June" in line for line in lines)


def test_an_introduction_has_no_line_of_one_word_and_no_more_lines_than_it_needs() -> None:
    breaker = Breaker()
    text = "Newest first. A grey line is one visit; under it, one line for each resident seen now."
    plain = breaker.lines(text, INTRO, 330)
    even = breaker.balanced(text, INTRO, 330)
    assert len(even) == len(plain)
    widths = [breaker.width(line, INTRO) for line in even]
    assert min(widths) > 0.7 * max(widths)


def test_a_line_that_has_to_be_shorter_ends_in_dots() -> None:
    breaker = Breaker()
    short = breaker.shortened(NOTE, TABLE, 100)
    assert short.endswith("…")
    assert NOTE.startswith(short[:-1])
    assert breaker.width(short, TABLE) <= 100
    assert breaker.shortened("short", TABLE, 100) == "short"


def test_every_line_of_a_right_to_left_text_knows_its_direction() -> None:
    text = "سلام عليكم ورحمة الله وبركاته hello again to you all"
    lines = Breaker().lines(text, TABLE, 90)
    assert len(lines) > 1
    for line in lines:
        is_arabic = any("\u0600" <= c <= "\u06ff" for c in line)
        assert line.startswith("\u200f") == is_arabic
