"""A copy of a document that opens only with a password."""

from __future__ import annotations

import io
import secrets
from typing import Final

_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS: Final = 5
_LETTERS_A_GROUP: Final = 5


def new_password() -> str:
    """Return a new password of 25 letters and digits: ``xk7mq-...``, over 120 bits.

    It is typed by somebody in another office, so nothing in it looks like something else.
    """
    groups = (
        "".join(secrets.choice(_LETTERS) for _ in range(_LETTERS_A_GROUP)) for _ in range(_GROUPS)
    )
    return "-".join(groups)


def protect(content: bytes, password: str) -> bytes:
    """Return a PDF that asks for a password, encrypted with AES-256 (revision 6).

    Args:
        content: The PDF.
        password: What opens it; whoever has it may print and copy.
    """
    # a C++ library that most reports do without
    import pikepdf

    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as document:
        document.save(
            made, encryption=pikepdf.Encryption(user=password, owner=password, R=6, aes=True)
        )
    return made.getvalue()
