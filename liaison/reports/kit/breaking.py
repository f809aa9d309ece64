"""Where lines end: greedy breaking on the widths of words, each measured once a document."""

from __future__ import annotations

import unicodedata
from typing import Final

from liaison.reports.kit import runs
from liaison.reports.kit.typeface import Style, widths

_ELLIPSIS: Final = "…"
_NO_BREAK: Final = "\u00a0"
_BREAK_AFTER: Final = frozenset("-/_.@?&=,;:+\u2013\u2014")
_PER_MILLE: Final = 1000.0
_MOST_ACCENTS: Final = 8


class Breaker:
    """Breaks text into lines and remembers how wide its words are.

    Give it text that went through the door (:mod:`liaison.reports.kit.door`).
    """

    def __init__(self) -> None:
        self._words: dict[str, dict[str, float]] = {}

    def lines(self, text: str, style: Style, room: float) -> list[str]:
        """Return a text as lines that fit; a word that is too long is broken inside.

        Args:
            text: The text; its own line ends are kept.
            style: What it is set in.
            room: How wide a line may be, in points.
        """
        limit = room * _PER_MILLE / style.size
        face = style.face
        known = self._words.setdefault(face, {})
        space = widths(face)[" "]
        found: list[str] = []
        for paragraph in text.split("\n"):
            line: list[str] = []
            used = -space
            for word in paragraph.split(" "):
                width = known.get(word)
                if width is None:
                    width = known[word] = runs.width(word, face)
                used += space + width
                if used <= limit:
                    line.append(word)
                    continue
                if line:
                    found.append(" ".join(line))
                if width <= limit:
                    line = [word]
                    used = width
                    continue
                *whole, rest = _pieces(word, face, limit)
                found += whole
                line = [rest]
                used = runs.width(rest, face)
            found.append(" ".join(line))
        if not text.isascii():
            found = _finished(text, found)
        return found

    def width(self, text: str, style: Style) -> float:
        """Return how wide a line is, in points."""
        return runs.width(text, style.face) * style.size / _PER_MILLE

    def balanced(self, text: str, style: Style, room: float) -> list[str]:
        """Return a text as lines of about the same length, as few as the room allows."""
        count = len(self.lines(text, style, room))
        if count == 1:
            return self.lines(text, style, room)
        narrow, wide = room / 3, room
        while wide - narrow > 1:
            middle = (narrow + wide) / 2
            if len(self.lines(text, style, middle)) > count:
                narrow = middle
            else:
                wide = middle
        return self.lines(text, style, wide)

    def shortened(self, text: str, style: Style, room: float) -> str:
        """Return one line that fits, its end replaced by three dots if it has to be."""
        return text if self.width(text, style) <= room else self.cut_off(text, style, room)

    def cut_off(self, text: str, style: Style, room: float) -> str:
        """Return as much of a line as fits before three dots."""
        fits, fits_not = 0, len(text) + 1
        while fits_not - fits > 1:
            middle = (fits + fits_not) // 2
            if self.width(text[:middle].rstrip() + _ELLIPSIS, style) <= room:
                fits = middle
            else:
                fits_not = middle
        return text[:fits].rstrip() + _ELLIPSIS


def _pieces(word: str, face: str, limit: float) -> list[str]:
    """Break a word that is wider than a line, after a stop or hyphen where there is one."""
    advances = widths(face)
    pieces: list[str] = []
    start = last_good = 0
    used = 0.0
    for place, letter in enumerate(word):
        # a letter of another font is measured alone, which is never less than joined to others
        width = advances[letter] if letter in advances else runs.width(letter, face)
        if used + width > limit and place > start:
            end = _before_letter(word, start, place)
            # a good place far back would leave a ragged hole
            if last_good - start > (place - start) * 2 // 3:
                end = last_good
            if end > start:
                pieces.append(word[start:end])
                used = runs.width(word[end:place], face)
                start = end
        used += width
        if letter in _BREAK_AFTER:
            last_good = place + 1
    pieces.append(word[start:])
    return pieces


def _before_letter(word: str, start: int, place: int) -> int:
    """Return where the letter begins that a place belongs to: an accent stays with its letter."""
    first = place
    while first > start and place - first < _MOST_ACCENTS and unicodedata.combining(word[first]):
        first -= 1
    # a heap of accents is no letter, and may be broken
    return place if place - first == _MOST_ACCENTS else first


def _finished(text: str, lines: list[str]) -> list[str]:
    """Let each line know the direction of its paragraph, and turn no-break spaces into plain ones."""
    if _NO_BREAK in text:
        lines = [line.replace(_NO_BREAK, " ") for line in lines]
    return runs.with_direction(text, lines)
