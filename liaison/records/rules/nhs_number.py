"""The NHS number: ten digits, the last of which checks the others (domain rule 10)."""

from __future__ import annotations

import re
from typing import Final

# What comes along when a number is copied from a letter, a web page or a file that begins with a
# byte-order mark: spaces and hyphens of every kind, and characters that cannot be seen.
_NOT_PART_OF_IT: Final = re.compile(r"[\s\-\u00ad\u2010-\u2015\u2212\u200b-\u200f\u2060\ufeff]+")
_TEN_DIGITS: Final = re.compile(r"[0-9]{10}")
_LENGTH: Final = 10


def clean(text: str) -> str:
    """Drop spaces, hyphens and invisible characters; everything else stays as typed."""
    return _NOT_PART_OF_IT.sub("", text)


def _check_digit(nine: str) -> int:
    """Work out the check digit: weights 10 to 2, modulo 11. A result of 10 fits no number."""
    total = sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True))
    return (11 - total % 11) % 11


def is_valid(text: str) -> bool:
    """Tell whether a text is an NHS number with the right check digit (domain rule 10)."""
    number = clean(text)
    return bool(_TEN_DIGITS.fullmatch(number)) and _check_digit(number[:9]) == int(number[9])


def problem(text: str) -> str | None:
    """Say in plain English what is wrong with an NHS number (domain rule 10).

    Args:
        text: The number as typed; nothing at all is no problem, the number may be unknown.

    Returns:
        A plain sentence, or None when there is nothing to say.
    """
    number = clean(text)
    if not number or is_valid(number):
        return None
    if not re.fullmatch(r"[0-9]+", number):
        return f"“{text.strip()}” is not an NHS number: it has something other than digits in it."
    if len(number) != _LENGTH:
        digits = "1 digit" if len(number) == 1 else f"{len(number)} digits"
        return f"“{text.strip()}” has {digits}; an NHS number has 10."
    return (
        f"“{text.strip()}” cannot be an NHS number: its last digit does not fit the others. "
        "Look for a mistyped digit or two that changed places."
    )


def show(text: str) -> str:
    """Show an NHS number in groups of 3, 3 and 4: ``999 123 4567``; anything else as it is."""
    number = clean(text)
    if not _TEN_DIGITS.fullmatch(number):
        return text
    return f"{number[:3]} {number[3:6]} {number[6:]}"


def is_test(text: str) -> bool:
    """Tell whether a number is of the range kept for tests, which begins with 999."""
    number = clean(text)
    return bool(_TEN_DIGITS.fullmatch(number)) and number.startswith("999")
