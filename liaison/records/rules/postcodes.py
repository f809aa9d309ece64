"""The shape of a UK postcode. Whether it exists is for the post office to say."""

from __future__ import annotations

import re
from typing import Final

# TA1 1AA, M1 1AE, SW1A 1AA; the last two letters are never C, I, K, M, O or V.
_SHAPE: Final = re.compile(r"([A-Z]{1,2}[0-9](?:[0-9]|[A-Z])?|GIR)([0-9][ABD-HJLNP-UW-Z]{2})")


def _parts(text: str) -> tuple[str, str] | None:
    match = _SHAPE.fullmatch("".join(text.replace("\ufeff", "").split()).upper())
    return (match[1], match[2]) if match else None


def tidy(text: str) -> str:
    """Write a postcode the usual way: ``ta11aa`` becomes ``TA1 1AA``.

    Args:
        text: The postcode as typed.

    Returns:
        Capitals with one space before the last three; what is not a UK postcode stays as typed,
        without the spaces around it.
    """
    parts = _parts(text)
    return " ".join(parts) if parts else text.strip()


def problem(text: str) -> str | None:
    """Say in plain English that a text is not shaped like a UK postcode.

    Args:
        text: The postcode as typed; nothing at all is no problem.

    Returns:
        A plain sentence, or None when there is nothing to say.
    """
    if not text.strip() or _parts(text):
        return None
    return f"“{text.strip()}” is not shaped like a UK postcode, such as TA1 1AA."
