"""Chance that repeats: the same words give the same numbers."""

from __future__ import annotations

import random


def chance_of(words: str) -> random.Random:
    """Return a source of numbers that always gives the same ones for the same words.

    Each part of the demonstration has one of its own, so that a change in one part leaves the others
    as they were.
    """
    return random.Random(words)  # noqa: S311  # nothing here is to be secret
