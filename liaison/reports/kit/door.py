"""The one door for text: what people typed, made fit to be set, and nothing of it lost.

No markup is read anywhere on this path, so ``<b>`` and ``a<b`` print as they were typed.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

LONGEST: Final = 20_000
"""Letters of one text that are printed: about eight pages of a column."""

_LONGEST_LINE: Final = 300  # twice what fits across a page that lies on its side

# what nearly every text is made of; it takes nothing but a look to see that it may pass
_PLAIN: Final = re.compile(r"[\n -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u20ac]*")
_ENDS: Final = re.compile(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_MANY_EMPTY: Final = re.compile(r"\n{3,}")
_SPACES: Final = re.compile(r"[\t\u1680\u2000-\u200a\u205f\u3000]")
_JOINERS: Final = "\u200c\u200d"
# these change the order of what stands around them, which a note has no need to
_DROPPED: Final = frozenset(["Cc", "Cs", "Cf", "Cn"])

_MONTHS: Final = (
    "January February March April May June July August September October November December "
    "Jan Feb Mar Apr Jun Jul Aug Sep Oct Nov Dec"
).replace(" ", "|")
_UNITS: Final = (
    "days?|weeks?|months?|years?|hours?|hrs?|h|minutes?|mins?|am|pm|mg|mcg|g|kg|ml|mL|l|cm|mm|%"
)
# every branch begins at a blank: that is what the search can leap to
_JOINED: Final = re.compile(
    rf" (?:(?<=\d )(?=(?:{_MONTHS}|{_UNITS})(?!\w))"
    r"|(?<=[a-z] )(?=(?:19|20)\d\d(?!\d))"
    r"|(?:(?<=\bDr )|(?<=\bMr )|(?<=\bMs )|(?<=\bMrs ))(?=[A-Z]))"
)


def tidy(text: str) -> str:
    """Make a text fit to be set.

    Line ends become one kind, control characters and the invisible signs that reorder text go,
    letters and their accents become one sign, and a text beyond every use is cut with a word
    about it.

    Args:
        text: As it was typed.

    Returns:
        The text, without blanks at its ends.
    """
    if len(text) <= LONGEST and _PLAIN.fullmatch(text):
        return text.strip() if "\n\n\n" not in text else _MANY_EMPTY.sub("\n\n", text.strip())
    whole = len(text)
    # composing letters can only make a text shorter; reading all of a huge one would take long
    text = text[: 2 * LONGEST]
    text = unicodedata.normalize("NFC", _SPACES.sub(" ", _ENDS.sub("\n", text)))
    text = "".join(
        letter
        for letter in text
        if letter == "\n" or letter in _JOINERS or unicodedata.category(letter) not in _DROPPED
    )
    text = _MANY_EMPTY.sub("\n\n", text).strip()
    if len(text) <= LONGEST and whole <= 2 * LONGEST:
        return text
    return (
        f"{text[:LONGEST].rstrip()} …\n[Shortened here: {whole:,} letters were typed. "
        "The record holds all of them.]"
    )


def one_line(text: str) -> str:
    """Make a text fit to be set on one line: line ends become blanks, and no line is endless."""
    if len(text) > _LONGEST_LINE:
        text = f"{text[:_LONGEST_LINE]}…"
    return tidy(text).replace("\n", " ")


def keep_together(text: str) -> str:
    """Join what reads badly over a line's end, such as ``2 June``, ``12 weeks`` and ``Dr Nair``."""
    return _JOINED.sub("\u00a0", text)
