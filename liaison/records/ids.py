"""Record ids outside the database: 13 characters of Crockford base32, and ids built from content."""

from __future__ import annotations

import hashlib
import re
from typing import Final

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES: Final = {character: number for number, character in enumerate(_ALPHABET)}
# people read O for 0 and I or L for 1; Crockford's base32 accepts them
_VALUES.update({"O": 0, "I": 1, "L": 1})
LENGTH: Final = 13
LARGEST: Final = 2**63 - 1
_SHAPE: Final = re.compile(rf"[0-9A-TV-Za-tv-z]{{{LENGTH}}}")


def to_text(number: int) -> str:
    """Write an id (63 bits) as people and files see it."""
    characters = []
    for _ in range(LENGTH):
        number, digit = divmod(number, 32)
        characters.append(_ALPHABET[digit])
    return "".join(reversed(characters))


def from_text(text: str) -> int:
    """Read an id.

    Raises:
        ValueError: The text is not an id.
    """
    if not looks_like_id(text):
        message = f"{text[:40]!r} is not an id: {LENGTH} letters and digits"
        raise ValueError(message)
    number = 0
    for character in text.upper():
        number = number * 32 + _VALUES[character]
    if number > LARGEST:
        message = f"{text!r} is not an id: too large"
        raise ValueError(message)
    return number


def as_id(text: str) -> int | None:
    """Return the id a text is, or None; "Physiotherapy" has the shape of one and is none."""
    try:
        return from_text(text)
    except ValueError:
        return None


def looks_like_id(text: str) -> bool:
    """Return whether a text has the shape of an id (a name may have it too)."""
    return _SHAPE.fullmatch(text) is not None


def derived_id(type_name: str, *source: str | int) -> int:
    """Return the id of a record the program builds by itself, the same on every PC.

    The first 63 bits of SHA-256 over the type and what the record is made from.

    Args:
        type_name: The record type's wire name.
        source: What makes it this record (for a set's element: owner, field, value).
    """
    # length before each part: ("ab", "c") and ("a", "bc") must differ
    parts = [part if isinstance(part, str) else str(part) for part in (type_name, *source)]
    digest = hashlib.sha256("".join(f"{len(p)}:{p}" for p in parts).encode())
    return int.from_bytes(digest.digest()[:8], "big") >> 1
