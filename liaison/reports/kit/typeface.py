"""Fonts, sizes and inks of paper: which there are, and what a style is."""

from __future__ import annotations

import dataclasses
import functools
import re
import unicodedata
from typing import Any, Final

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from liaison.settings import resource

# text made of text is larger and took 15 % of the time; every reader takes plain compressed bytes
rl_config.useA85 = 0

REGULAR: Final = "InterTab-Regular"
SEMIBOLD: Final = "InterTab-SemiBold"
BOLD: Final = "InterTab-Bold"
TITLE_SEMIBOLD: Final = "InterFig-SemiBold"
TITLE_BOLD: Final = "InterFig-Bold"
ARABIC: Final = "NotoSansArabic-Regular"
EMOJI: Final = "NotoEmoji-Regular"

_FILES: Final = (REGULAR, SEMIBOLD, BOLD, TITLE_SEMIBOLD, TITLE_BOLD, ARABIC, EMOJI)
_FIRST_PRIVATE: Final = 0xE000
_FIVE_DIGITS: Final = re.compile("<([0-9A-F]{5})>")


@dataclasses.dataclass(frozen=True, slots=True)
class Ink:
    """A colour, as the operators that switch to it.

    Args:
        red: 0 to 255, like the others.
    """

    red: int
    green: int
    blue: int
    fill: str = dataclasses.field(init=False)
    stroke: str = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        """Write the operators once."""
        parts = " ".join(f"{part / 255:.3f}" for part in (self.red, self.green, self.blue))
        object.__setattr__(self, "fill", f"{parts} rg")
        object.__setattr__(self, "stroke", f"{parts} RG")


INK: Final = Ink(0x14, 0x20, 0x2A)
MUTED: Final = Ink(0x46, 0x52, 0x5E)
HAIR: Final = Ink(0xB9, 0xC2, 0xCA)
TINT: Final = Ink(0xE9, 0xEE, 0xF0)
TEAL: Final = Ink(0x0B, 0x5F, 0x69)
MID: Final = Ink(0xB9, 0xD3, 0xD6)
WHITE: Final = Ink(255, 255, 255)


@dataclasses.dataclass(frozen=True, slots=True)
class Style:
    """How a piece of text is set.

    Args:
        face: The font's name.
        size: In points.
        leading: From one line to the next, in points.
        ink: Its colour.
    """

    face: str
    size: float
    leading: float
    ink: Ink = INK

    def __hash__(self) -> int:
        """Hash by what differs most; styles are few and looked up for every line."""
        return hash((self.face, self.size))


TITLE: Final = Style(TITLE_SEMIBOLD, 20, 24)
INTRO: Final = Style(REGULAR, 10.5, 14.5, MUTED)
BODY: Final = Style(REGULAR, 10, 14.5)
BODY_BOLD: Final = Style(SEMIBOLD, 10, 14.5)
BODY_MUTED: Final = Style(REGULAR, 10, 14.5, MUTED)
BLOCK_TITLE: Final = Style(SEMIBOLD, 10.5, 14.5)
FIGURE: Final = Style(TITLE_SEMIBOLD, 26, 30)
TABLE: Final = Style(REGULAR, 9, 12)
TABLE_BOLD: Final = Style(SEMIBOLD, 9, 12)
TABLE_MUTED: Final = Style(REGULAR, 9, 12, MUTED)
TABLE_HEAD: Final = Style(SEMIBOLD, 8.5, 10.5)
PAGE_HEAD: Final = Style(REGULAR, 8.5, 10)
PAGE_HEAD_BOLD: Final = Style(SEMIBOLD, 8.5, 10)
PAGE_HEAD_MUTED: Final = Style(REGULAR, 8.5, 10, MUTED)
PAGE_FOOT: Final = Style(REGULAR, 8, 10, MUTED)
PAGE_FOOT_BOLD: Final = Style(SEMIBOLD, 8, 10)


class PaperFont(TTFont):  # type: ignore[misc]  # the library has no types
    """A font of ours; its letters beyond 16 bits can be copied from the document too."""

    def addObjects(self, doc: Any) -> None:  # noqa: N802  # the library's name
        """Add the font's objects to a document that is being written."""
        before = set(doc.idToObject)
        super().addObjects(doc)
        for name in doc.idToObject.keys() - before:
            if name.startswith("toUnicodeCMap:"):
                stream = doc.idToObject[name]
                # the library writes five digits where UTF-16 takes two times four
                stream.content = _FIVE_DIGITS.sub(_as_pair, stream.content)


def _as_pair(code: re.Match[str]) -> str:
    return f"<{chr(int(code[1], 16)).encode('utf-16-be').hex().upper()}>"


@functools.cache
def font(name: str) -> TTFont:
    """Return a font, read from its file when it is first asked for."""
    if name not in _FILES:
        raise KeyError(name)
    made = PaperFont(name, str(resource("fonts", "paper", f"{name}.ttf")))
    if name in {REGULAR, SEMIBOLD, BOLD, ARABIC}:
        _name_every_glyph(made)
    pdfmetrics.registerFont(made)
    return made


def _name_every_glyph(made: TTFont) -> None:
    """Give every glyph without a letter of its own a private one, the same in every process.

    The library gives them out as it meets them, so the same facts would print as other bytes.
    """
    face = made.face
    for glyph in range(face.numGlyphs):
        if glyph not in face.glyphToChar:
            code = _FIRST_PRIVATE + glyph
            face.glyphToChar[glyph] = [code]
            face.charToGlyph[code] = glyph
            face.charWidths[code] = face.hmetrics[glyph][0] * 1000 / face.unitsPerEm


@functools.cache
def widths(name: str) -> dict[str, float]:
    """Return the advance of every letter a font has, in thousandths of its size."""
    face = font(name).face
    return {
        chr(code): width
        for code, width in face.charWidths.items()
        if not _FIRST_PRIVATE <= code < _FIRST_PRIVATE + face.numGlyphs
    }


@functools.cache
def plain_letters(name: str) -> frozenset[str]:
    """Return the letters a font sets by itself: no joining, no turning round, no marks on top."""
    return frozenset(
        letter
        for letter in widths(name)
        if letter >= " "
        and not unicodedata.combining(letter)
        and unicodedata.category(letter) != "Cf"
        and unicodedata.bidirectional(letter) not in {"R", "AL", "AN"}
    )
