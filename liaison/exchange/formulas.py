"""Cells that a spreadsheet would take for a formula: made harmless going out, restored coming in.

A name such as ``=HYPERLINK(...)`` would run when somebody opens our list in Excel. An apostrophe in
front makes it text; reading takes that apostrophe off again, so nothing is lost on the way.
"""

from __future__ import annotations

import re
from typing import Final

# The signs with which Excel and LibreOffice begin a formula, also in their full-width forms and behind
# blanks, which some programs take off, after any number of apostrophes: so taking one off is the exact
# reverse of putting one on.
_FORMULA: Final = re.compile("'*\\s*[=+\\-@\\t\\r\\n\uff1d\uff0b\uff0d\uff20]")


def guard(cell: str) -> str:
    """Return a cell as it can be opened in a spreadsheet without anything being run."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguard(cell: str) -> str:
    """Return what a cell said before :func:`guard`, or before somebody typed the apostrophe."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
