"""Letters that carry no removable accent although people type them without one (Paweł, Søren)."""

from __future__ import annotations

from typing import Final

PLAIN_LETTERS: Final = {
    letter.upper() if upper else letter: plain.upper() if upper else plain
    for letter, plain in (("ł", "l"), ("ø", "o"), ("đ", "d"))
    for upper in (False, True)
}
"""Letter by letter, in both cases, what an English keyboard has for it."""

_TABLE: Final = str.maketrans(PLAIN_LETTERS)


def plain_letters(text: str) -> str:
    """Write a text with the letters of an English keyboard where no accent can be taken off."""
    return text.translate(_TABLE)
