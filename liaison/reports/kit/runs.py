"""Text the main font cannot set by itself: Arabic, emoji, loose accents, letters of no font.

A line is put into the order in which it is read, cut into runs of one font, and its letters are
joined and placed. That is slow, so only lines that need it come here.
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Iterator
from itertools import groupby
from typing import Any, Final

from bidi import algorithm as bidi
from reportlab.pdfbase.ttfonts import shapeStr

from liaison.reports.kit import typeface

_MARKS_OF_ORDER: Final = "\u200e\u200f"
LEFT_TO_RIGHT, RIGHT_TO_LEFT = _MARKS_OF_ORDER
_INVISIBLE: Final = re.compile("[\u200e\u200f\ufe00-\ufe0f]")
_RIGHT_TO_LEFT_LETTER: Final = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_SHAPED_AT: Final = 1000.0


@dataclasses.dataclass(frozen=True, slots=True)
class Run:
    """A piece of a line in one font.

    Args:
        face: The font's name.
        width: Its advance, in thousandths of the size.
        parts: Its text from left to right, shaped where the font has to join or place letters;
            each with what it is to be copied as, if its glyphs do not tell.
    """

    face: str
    width: float
    parts: tuple[tuple[str, str], ...]


def is_plain(text: str, face: str) -> bool:
    """Return whether a font sets a text by itself."""
    # a control character is one of the first 128 too, and no font has it
    plain = text.isascii() and text.isprintable()
    return plain or typeface.plain_letters(face).issuperset(text)


def width(text: str, face: str) -> float:
    """Return a text's advance in thousandths of the size, whatever it is made of."""
    if is_plain(text, face):
        advances = typeface.widths(face)
        return sum([advances[letter] for letter in text])
    return sum(run.width for run in runs(text, face))


def with_direction(text: str, lines: list[str]) -> list[str]:
    """Return lines so that each is read in the direction its text begins in.

    By itself a line would be read as its own first word is. An invisible mark says otherwise.
    """
    if not _RIGHT_TO_LEFT_LETTER.search(text):
        return lines
    leftwards = bidi.get_base_level(text)
    mark = RIGHT_TO_LEFT if leftwards else LEFT_TO_RIGHT
    return [
        mark + line if _RIGHT_TO_LEFT_LETTER.search(line) and not line.startswith(mark) else line
        for line in lines
    ]


def runs(line: str, face: str) -> list[Run]:
    """Return a line as runs from left to right.

    Args:
        line: The line, in the order it was typed.
        face: The font it would be in.
    """
    found: list[Run] = []
    chars = _in_order(line)
    for (level, name), group in groupby(
        chars, lambda char: (char[1], _face_of(char[0], char[1], face))
    ):
        letters = "".join(char for char, _ in group)
        if name == typeface.ARABIC and level % 2:
            # the shaper wants the order of typing, and turns right-to-left text round itself
            letters = letters[::-1]
        if name == typeface.EMOJI:
            letters = "".join(c for c in letters if c not in "\u200c\u200d")
        if letters:
            found.append(_shaped(letters, name) if name else _boxes(letters, face))
    return found


def _in_order(line: str) -> list[tuple[str, int]]:
    """Return a line's letters from left to right, each with how deep it is nested (odd: leftwards)."""
    storage: dict[str, Any] = bidi.get_empty_storage()
    storage["base_level"] = bidi.get_base_level(line)
    storage["base_dir"] = ("L", "R")[storage["base_level"]]
    bidi.get_embedding_levels(line, storage)
    bidi.explicit_embed_and_overrides(storage)
    bidi.resolve_weak_types(storage)
    bidi.resolve_neutral_types(storage, False)
    bidi.resolve_implicit_levels(storage, False)
    bidi.reorder_resolved_levels(storage, False)
    bidi.apply_mirroring(storage, False)
    return [
        (char["ch"], char["level"]) for char in storage["chars"] if not _INVISIBLE.match(char["ch"])
    ]


def _face_of(letter: str, level: int, face: str) -> str:
    """Return the font for a letter; empty if no font has it."""
    if level % 2 and letter in typeface.widths(typeface.ARABIC):
        # blanks and stops between Arabic words too, so that a phrase is shaped and copied whole
        return typeface.ARABIC
    if letter in typeface.widths(face):
        return face
    for fallback in (typeface.ARABIC, typeface.EMOJI):
        if letter in typeface.widths(fallback):
            return fallback
    return ""


def _boxes(letters: str, face: str) -> Run:
    """Let empty boxes stand for letters of no font; copied, the text still holds them."""
    box = typeface.font(face).face.defaultWidth
    return Run(face, box * len(letters), tuple((letter, letter) for letter in letters))


def _shaped(letters: str, face: str) -> Run:
    advances = typeface.widths(face)
    if face != typeface.ARABIC and not any(map(unicodedata.combining, letters)):
        return Run(face, sum(advances[letter] for letter in letters), ((letters, ""),))
    shaped = shapeStr(letters, face, _SHAPED_AT, force=True)
    width = sum(data.x_advance for data in shaped.__shapeData__)
    if face != typeface.ARABIC:
        return Run(face, width, ((shaped, ""),))
    return Run(face, width, tuple(_words(shaped, letters)))


def _words(shaped: Any, letters: str) -> Iterator[tuple[str, str]]:
    """Yield the shaped words of a phrase and the blanks between them, from left to right.

    Each word comes with its letters turned round: readers take what a word stands for as they
    take glyphs, from left to right, and put right-to-left text in order themselves.
    """
    words = iter(letters[::-1].split())
    place = 0
    for is_blank, group in groupby(shaped, lambda glyph: glyph == " "):
        end = place + sum(1 for _ in group)
        yield shaped[place:end], "" if is_blank else next(words)
        place = end
