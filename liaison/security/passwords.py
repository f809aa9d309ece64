"""How long a password would hold, said honestly.

The question is not how colourful a password is but how many tries somebody needs who has a copy of
this PC's disk and knows how people choose passwords. So the password is taken apart in the way that
needs the fewest tries: known passwords and words, keys that lie in a row, repeats, years, and only
what is left letter by letter.
"""

from __future__ import annotations

import dataclasses
import math
import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Final

from liaison.security.errors import BadPassword
from liaison.security.passphrases import word_list
from liaison.security.primitives import password_bytes
from liaison.settings import resource

SHORTEST: Final = 12
"""Characters a password of a person's own needs."""
TRIES_A_SECOND: Final = 10_000
"""What somebody with many rented computers manages against this home's key derivation."""

_WEAK, _FAIR, _GOOD = 33, 45, 50
_ROWS: Final = (
    "qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890", "0123456789",
    "abcdefghijklmnopqrstuvwxyz", "qazwsxedcrfvtgbyhnujmikolp",
)  # fmt: skip
_SHORTEST_ROW: Final = 3
_LONGEST_WORD: Final = 24
# What one character adds when nothing is known about it.
_BITS_A_DIGIT: Final = math.log2(10)
_BITS_A_LETTER: Final = math.log2(26)
_BITS_A_SIGN: Final = math.log2(33)
# A word of the language or a name that is on no list of ours: one of about 100,000.
_BITS_A_WORD: Final = 17.0
_BITS_COMMON: Final = 8.0
_BITS_PERSONAL: Final = 4.0
_BITS_ROW: Final = 5.0
_BITS_YEAR: Final = 7.0
_LEET: Final = str.maketrans("013457@$!", "oleastasi")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_WORDLIKE: Final = re.compile(r"(?=.*[aeiouy])(?!.*[^aeiouy]{5})[a-z]{3,12}")
_LONGEST: Final = 128


@dataclasses.dataclass(frozen=True, slots=True)
class Strength:
    """How strong a password is.

    Args:
        level: From 0 (will not do) to 3 (strong), for the bar.
        word: The level in a word.
        advice: What it means or what to do, one sentence.
        enough: Whether it may be used.
    """

    level: int
    word: str
    advice: str
    enough: bool


def judge(password: str, about: Iterable[str] = ()) -> Strength:
    """Say how strong a password is.

    Args:
        password: As typed.
        about: Words that others know too: the names of the home and of the person.
    """
    if not password:
        return Strength(0, "", "Twelve characters or more; a few words are easiest to type.", False)
    missing = SHORTEST - len(unicodedata.normalize("NFKC", password))
    if missing > 0:
        more = "One more character" if missing == 1 else f"{missing} more characters"
        return Strength(0, "Too short", f"{more}; a few words are easiest to type.", False)
    measured = bits(password, about)
    lasts = f"A stolen copy of this PC's disk would hold for {_lasting(measured)}."
    if measured < _WEAK:
        return Strength(0, "Too easy to guess", f"{lasts} Add another word or two.", False)
    if measured < _FAIR:
        return Strength(1, "Fair", lasts, True)
    if measured < _GOOD:
        return Strength(2, "Good", lasts, True)
    return Strength(3, "Strong", lasts, True)


def refuse_weak(password: str, about: Iterable[str] = ()) -> None:
    """Refuse a new password that is too short or too easy to guess; there are no other rules.

    Args:
        password: As typed.
        about: As for :func:`judge`.

    Raises:
        BadPassword: It will not do, with what to do about it.
    """
    password_bytes(password)
    judged = judge(password, about)
    if not judged.enough:
        raise BadPassword(
            f"This password will not do: {judged.word.lower()}. {judged.advice}",
        )


def bits(password: str, about: Iterable[str] = ()) -> float:
    """Return the tries a password needs, as a power of two: the fewest over all ways to read it."""
    text = unicodedata.normalize("NFKC", password)[:_LONGEST]
    lower = text.lower()
    plain = lower.translate(_LEET) if len(lower.translate(_LEET)) == len(lower) else lower
    personal = {word.lower() for name in about for word in name.split() if len(word) > 1}
    # best[end]: the fewest bits for the characters before it
    best = [0.0] + [math.inf] * len(lower)
    for end in range(1, len(lower) + 1):
        best[end] = best[end - 1] + _one(text[end - 1])
        for start in range(max(0, end - _LONGEST_WORD), end - 1):
            cost = _piece(lower[start:end], plain[start:end], personal)
            # a capital somewhere is one question more
            cost += 1.0 if text[start:end] != lower[start:end] else 0.0
            best[end] = min(best[end], best[start] + cost)
    # the same again and again is one piece and a count
    for period in range(1, len(lower) // 2 + 1):
        if lower == (lower[:period] * (len(lower) // period + 1))[: len(lower)]:
            return min(best[-1], best[period] + math.log2(len(lower) / period))
    return best[-1]


def _piece(piece: str, plain: str, personal: set[str]) -> float:
    """Return the bits of a piece read as one thing; infinite if it is none."""
    found = math.inf
    for spelling in {piece, plain}:
        swapped = 0.0 if spelling == piece else 2.0
        if spelling in personal:
            found = min(found, _BITS_PERSONAL + swapped)
        elif spelling in _common():
            found = min(found, _BITS_COMMON + swapped)
        elif spelling in _listed():
            found = min(found, math.log2(len(_listed())) + swapped)
        elif _WORDLIKE.fullmatch(spelling):
            found = min(found, _BITS_A_WORD + swapped)
    if len(piece) >= _SHORTEST_ROW:
        if len(set(piece)) == 1:
            found = min(found, _one(piece[0]) + math.log2(len(piece)))
        if any(piece in row or piece in row[::-1] for row in _ROWS):
            found = min(found, _BITS_ROW + math.log2(len(piece)))
        if _YEAR.fullmatch(piece):
            found = min(found, _BITS_YEAR)
    return found


def _one(character: str) -> float:
    """Return the bits of a character nobody knows anything about."""
    if character == " ":
        # between words it goes without saying
        return 0.0
    if character.isdigit():
        return _BITS_A_DIGIT
    return _BITS_A_LETTER if character.isalpha() else _BITS_A_SIGN


def learn() -> None:
    """Read the lists of words now, on a thread where nobody waits for the disk."""
    _common()
    _listed()


@cache
def _common() -> frozenset[str]:
    return frozenset(resource("common_passwords.txt").read_text("utf-8").split())


@cache
def _listed() -> frozenset[str]:
    return frozenset(word_list())


_SPANS: Final = (
    ("minute", 60),
    ("hour", 3_600),
    ("day", 86_400),
    ("month", 2_629_800),
    ("year", 31_557_600),
)
_MOST_YEARS: Final = 1_000


def _lasting(measured: float) -> str:
    """Return how long half of all tries take."""
    seconds = 2 ** (min(measured, 200) - 1) / TRIES_A_SECOND
    if seconds < _SPANS[0][1]:
        return "less than a minute"
    unit, length = next(span for span in reversed(_SPANS) if seconds >= span[1])
    count = round(seconds / length)
    if unit == "year" and count >= _MOST_YEARS:
        return "more than 1,000 years"
    return f"about {count} {unit}{'' if count == 1 else 's'}"
