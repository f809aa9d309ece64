r"""JSON that others wrote, read so that nothing in it can fail later: in a file, or in the database.

JSON can spell half a character (``"\ud800"``), which Python reads and nothing can keep, and nest so
deeply that reading it fails in a way nobody waits for.
"""

from __future__ import annotations

import json
from typing import Any, Final

ESCAPE: Final = "\\u"
"""Without it in a JSON text, which is UTF-8, there is no half of a character in what it says."""


def read_json(data: bytes) -> Any:
    """Read a JSON value that another PC, or anybody else, wrote.

    Args:
        data: Its bytes.

    Raises:
        ValueError: They are no JSON in UTF-8, nested too deeply, or hold half a character.
    """
    # not left to the module, which lets halves of characters through
    text = data.decode()
    try:
        found = json.loads(text)
    except RecursionError:
        message = "The JSON is nested too deeply."
        raise ValueError(message) from None
    if ESCAPE in text and not is_text(found):
        message = "The JSON holds half a character."
        raise ValueError(message)
    return found


def is_text(value: object) -> bool:
    """Return whether every text in a JSON value can be kept and sent.

    Args:
        value: It, also one that is nested too deeply: of that nothing can be kept.
    """
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except (UnicodeEncodeError, RecursionError):
        return False
    return True
