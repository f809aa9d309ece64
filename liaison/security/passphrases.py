"""Passphrases that Liaison thinks up: plain words, drawn by the system's randomness."""

from __future__ import annotations

import secrets
from functools import cache
from typing import Final

from liaison.settings import resource

WORDS: Final = 5
"""Words in a passphrase: with this list, 51 bits."""


@cache
def word_list() -> tuple[str, ...]:
    """Return the words passphrases are made of, in order."""
    return tuple(resource("passphrase_words.txt").read_text("utf-8").split())


def passphrase() -> str:
    """Return a new passphrase: five words with spaces, easy to type and to copy down."""
    return " ".join(secrets.choice(word_list()) for _ in range(WORDS))
