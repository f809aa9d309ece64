"""Text the main font cannot set by itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.reports.kit import runs
from liaison.reports.kit.door import tidy
from liaison.reports.kit.typeface import ARABIC, EMOJI, REGULAR, plain_letters


def shown(text: str) -> list[tuple[str, str]]:
    return [(run.face, "".join(part for part, _ in run.parts)) for run in runs.runs(text, REGULAR)]


@pytest.mark.parametrize(
    "text", ["plain", "naïve café", "Ŵyn Łódź Nguyễn", "Олена", "Σοφία", "£ ½"]
)
def test_what_the_main_font_has_is_plain(text: str) -> None:
    assert runs.is_plain(text, REGULAR)
    assert shown(text) == [(REGULAR, text)]


@pytest.mark.parametrize("text", ["سلام", "😀", "x̃", "漢", "a\u200fb"])
def test_everything_else_is_not(text: str) -> None:
    assert not runs.is_plain(text, REGULAR)


def test_a_line_is_cut_into_runs_of_one_font() -> None:
    assert [face for face, _ in shown("hi 😀 سلام ok")] == [
        REGULAR,
        EMOJI,
        REGULAR,
        ARABIC,
        REGULAR,
    ]


def test_right_to_left_words_stand_from_right_to_left() -> None:
    words = [said for run in runs.runs("سلام عليكم", REGULAR) for _, said in run.parts if said]
    assert [word[::-1] for word in words] == ["عليكم", "سلام"]


def test_numbers_in_right_to_left_text_read_from_left_to_right() -> None:
    assert (REGULAR, "12") in shown("غرفة 12 اليوم")


def test_brackets_in_right_to_left_text_open_to_the_text_they_hold() -> None:
    found = "".join(text for _, text in shown("سلام (عليكم) سلام"))
    assert found.index("(") < found.index(")")


def test_joined_letters_are_narrower_than_each_alone() -> None:
    together = runs.width("سلام", REGULAR)
    assert 0 < together < sum(runs.width(letter, REGULAR) for letter in "سلام")


def test_a_loose_accent_takes_no_room() -> None:
    assert runs.width("x̃", REGULAR) == pytest.approx(runs.width("x", REGULAR))


def test_a_letter_of_no_font_becomes_a_box_and_can_still_be_copied() -> None:
    [run] = runs.runs("漢", REGULAR)
    assert run.parts == (("漢", "漢"),)
    assert run.width > 0


@given(st.text(max_size=40))
def test_any_text_has_runs_and_a_width(typed: str) -> None:
    text = tidy(typed).replace("\n", " ")
    assert runs.width(text, REGULAR) >= 0
    kept = "".join(said or part for run in runs.runs(text, REGULAR) for part, said in run.parts)
    plain = [c for c in text if c in plain_letters(REGULAR) and c.isalnum()]
    assert sorted(plain) == sorted(c for c in kept if c in plain_letters(REGULAR) and c.isalnum())
