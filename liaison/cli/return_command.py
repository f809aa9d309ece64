"""The workforce return as ``export asc-wds`` writes and checks it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from liaison.cli.session import Session, note
from liaison.records import ids
from liaison.services.workforce import (
    LeftOut,
    Return,
    counted,
    told,
    workforce_return,
    write_return,
)

NAME: Final = "asc-wds"
"""What stands for the return instead of a record type."""

_MOST_LINES: Final = 40


def export_return(session: Session, file: Path, *, only_check: bool) -> None:
    """Write the return's training file, or only say what it would refuse.

    Args:
        session: Who asks, for which home.
        file: The file to write.
        only_check: Write nothing.
    """
    home = session.open()
    if only_check:
        made, where = workforce_return(home.store), None
    else:
        written = write_return(home, file)
        made, where = written.made, written.file
    document: dict[str, Any] = {
        "rows": len(made.lines),
        "file": None if where is None else str(where),
        "refused": [_document(one) for one in made.left_out],
    }
    if session.json and made.left_out:
        note(f"{made.missing:,} training records would be refused and were left out.")
    session.answer(document, lambda: _words(made, where))


def _document(one: LeftOut) -> dict[str, Any]:
    return {
        "type": one.type,
        "id": None if one.record is None else ids.to_text(one.record),
        "about": one.about,
        "problem": one.why,
        "records": one.records,
    }


def _words(made: Return, where: Path | None) -> Iterator[str]:
    if where is None:
        yield f"The return would take {counted(made)}. Nothing was written."
    else:
        yield f"{counted(made)} written to {where}."
    if made.left_out:
        yield f"It would refuse {made.missing:,}, which are left out:"
        lines = told(made.left_out)
        yield from (f"  {line}" for line in lines[:_MOST_LINES])
        if len(lines) > _MOST_LINES:
            yield f"  ... and {len(lines) - _MOST_LINES:,} more"
    if where is not None:
        yield "The file is not encrypted: whoever has it can read it."
