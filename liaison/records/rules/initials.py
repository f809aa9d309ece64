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
