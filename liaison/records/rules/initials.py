"""Initials in place of names, for a copy that leaves the home."""

from __future__ import annotations

from typing import Final

_TITLES: Final = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "rev", "sir", "lady"})


def initials(name: str) -> str:
    """Reduce a name to its initials.

    Args:
        name: The name as recorded, with or without a title.

    Returns:
        ``A.P.`` for ``Mrs Anna Popescu``; a name of nothing but signs or a title keeps a dash.
    """
    words = name.replace("-", " ").split()
    letters = [
        next((letter for letter in word if letter.isalpha()), "")
        for word in words
        if word.strip(".").casefold() not in _TITLES
    ]
    reduced = "".join(f"{letter.upper()}." for letter in letters if letter)
    return reduced or "\N{EN DASH}"


def letters(place: int) -> str:
    """Return the letters that stand for somebody without saying who.

    Args:
        place: Their place in a list, from 0.

    Returns:
        ``A`` to ``Z``, then ``AA``, ``AB`` and so on.
    """
    made = ""
    place += 1
    while place:
        place, letter = divmod(place - 1, 26)
        made = chr(ord("A") + letter) + made
    return made
