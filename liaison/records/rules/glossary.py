"""Abbreviations in a text, found among those that the home's glossary explains.

Small and big letters count: "ON" is a way of giving medicine, "on" is a word. Nothing here knows a
home: it is given the abbreviations.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

#: "A&E", "ASC-WDS", "U&E", "GP's": words with what may stand within them.
_WORD: Final = re.compile(r"\w+(?:[&/+'\N{RIGHT SINGLE QUOTATION MARK}-]\w+)*")
_PIECE: Final = re.compile(r"\w+")


class Found(NamedTuple):
    """An abbreviation in a text.

    Args:
        start: Where it begins, in characters.
        end: Where it ends.
        abbreviation: It as the glossary has it: without the s of several.
    """

    start: int
    end: int
    abbreviation: str


def find(text: str, known: Collection[str]) -> list[Found]:
    """Return the abbreviations in a text, from the left.

    Args:
        text: What somebody wrote.
        known: The abbreviations that are explained.
    """
    return list(_found(text, known)) if known else []


def _found(text: str, known: Collection[str]) -> Iterator[Found]:
    for word in _WORD.finditer(text):
        if (one := _meant(word.group(), known)) is not None:
            yield Found(word.start(), word.start() + len(one), one)
            continue
        # "GP-led", "DN/SLT": each piece may be one
        for piece in _PIECE.finditer(text, word.start(), word.end()):
            if (one := _meant(piece.group(), known)) is not None:
                yield Found(piece.start(), piece.start() + len(one), one)


def _meant(word: str, known: Collection[str]) -> str | None:
    if word in known:
        return word
    for ending in ("'s", "\N{RIGHT SINGLE QUOTATION MARK}s", "s"):
        one = word.removesuffix(ending)
        # "DNs" are several; "As" is none of "A"
        if one != word and len(one) > 1 and one in known:
            return one
    return None
