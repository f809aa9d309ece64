"""The one place that writes into the library's text object says what the library would say."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from liaison.reports.kit import typeface
from liaison.reports.kit.typeface import REGULAR, TABLE, TABLE_BOLD
from liaison.reports.kit.writing import Writer

LETTERS = sorted(typeface.plain_letters(REGULAR))


def canvas() -> Canvas:
    return Canvas(io.BytesIO(), invariant=1)


def by_library(lines: list[str]) -> list[str]:
    typeface.font(REGULAR)
    text = canvas().beginText()
    text.setFont(REGULAR, 9, 11.8)
    for line in lines:
        text.textLine(line)
    return str(text.getCode()).split()


def by_us(lines: list[str]) -> list[str]:
    page = canvas()
    typeface.font(REGULAR)
    text: Any = page.beginText()
    text.setFont(REGULAR, 9, 11.8)
    Writer(page).put(text, lines)
    return str(text.getCode()).split()


@pytest.mark.parametrize(
    "lines",
    [
        ["plain words", "and more"],
        ["(half", "open)", "back\\slash", ""],
        ["after this", "", "an empty line"],
        ["“quoted” — £5 ½", "naïve café"],
        ["".join(LETTERS[:400]), "then ASCII again", "".join(LETTERS[400:700]), "é after many"],
    ],
)
def test_lines_are_written_as_the_library_writes_them(lines: list[str]) -> None:
    assert by_us(lines) == by_library(lines)


@given(st.lists(st.text(st.sampled_from(LETTERS), max_size=40), max_size=8))
def test_any_lines_of_one_font_are_written_as_the_library_writes_them(lines: list[str]) -> None:
    # the library forgets the leading of an empty first line
    lines = ["first", *lines]
    assert by_us(lines) == by_library(lines)


def test_an_empty_first_line_is_as_high_as_the_others() -> None:
    assert by_us(["", "second"])[8:] == [
        "/F2+0",
        "9",
        "Tf",
        "11.8",
        "TL",
        "T*",
        "(second)",
        "Tj",
        "T*",
        "ET",
    ]


def test_colour_is_named_when_it_changes_and_not_before() -> None:
    page = canvas()
    writer = Writer(page)
    text = writer.begin()
    for style in (TABLE, TABLE_BOLD, typeface.TABLE_MUTED, typeface.TABLE_MUTED, TABLE):
        writer.write(text, 10, 10, style, ("word",))
    code = str(text.getCode())
    assert code.count(typeface.INK.fill) == 2
    assert code.count(typeface.MUTED.fill) == 1
