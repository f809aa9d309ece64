"""Whose certificate a file is, by its name: "Fire safety - PRIYA NAIR 2026.pdf"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from liaison.records.rules.same_name import name_key

_SHORTEST: Final = 3


def whose(file: str, people: Mapping[int, str]) -> int | None:
    """Return who a file is about; None if its name says nobody, or more than one.

    Args:
        file: The file's name.
        people: Who it may be about: names by id.
    """
    words = _words(file)
    by_parts = {identity: _words(name) for identity, name in people.items()}
    whole = [identity for identity, parts in by_parts.items() if parts and parts <= words]
    if whole:
        return whole[0] if len(whole) == 1 else None
    last = {identity: _last(name) for identity, name in people.items()}
    named = [identity for identity, word in last.items() if word in words]
    # two of one family: either may be meant
    return named[0] if len(named) == 1 else None


def _words(text: str) -> frozenset[str]:
    # letters and digits part as well: "nair2026"
    return frozenset(name_key(word) for word in re.findall(r"[^\W\d_]+", text))


def _last(name: str) -> str:
    parts = [name_key(word) for word in re.findall(r"[^\W\d_]+", name)]
    long = [part for part in parts[1:] if len(part) >= _SHORTEST]
    return long[-1] if long else ""
