"""The rows that could not come in, as a file to correct and import again."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.exchange.csv_writing import csv_bytes
from liaison.exchange.formulas import guard, unguard
from liaison.files import CannotWrite, discard, write_new_file
from liaison.records import RecordSpec, all_specs

if TYPE_CHECKING:
    from liaison.services.importing.planning import Plan

_HEADING: Final = "Problems"
_OTHER_HEADING: Final = "What to correct"
_REJECTS_NAME: Final = re.compile(r"(?P<stem>.+)\.rejected(?: [0-9]+)?", re.DOTALL)
_MOST_FILES: Final = 1_000


def problems_heading(spec: RecordSpec) -> str:
    """Return the heading of the column that says what is wrong; no field is called so."""
    names = {name.casefold() for field in spec.fields for name in (field.name, field.label)}
    return _OTHER_HEADING if _HEADING.casefold() in names else _HEADING


def rejects_bytes(plan: Plan) -> bytes:
    """Return a plan's rejected rows as a file like the one they came from.

    Cells say what they said: one that a spreadsheet would run has an apostrophe in front, which
    importing takes off. A file without headings gets none, so that it is read the same way.
    """
    return b"".join(csv_bytes(_rows(plan), plan.delimiter))


def _rows(plan: Plan) -> Iterator[Sequence[str]]:
    headings = plan.columns.headings
    own: int | None = None
    if headings is None:
        width = max(len(rejected.cells) for rejected in plan.rejected)
    else:
        heading = problems_heading(all_specs()[plan.type])
        # of a rejects file that is imported again, what was wrong then says nothing any more
        own = headings.index(heading) if heading in headings else None
        left = _without(headings, own)
        width = len(left)
        yield [*_harmless(left), heading]
    for rejected in plan.rejected:
        cells = _without(rejected.cells, own)
        cells += [""] * (width - len(cells))
        # cells without a heading stay behind the last one, so that they are still too many
        problems = guard(" ".join(rejected.problems))
        yield [*_harmless(cells[:width]), problems, *_harmless(cells[width:])]


def _without(cells: Sequence[str], place: int | None) -> list[str]:
    return [cell for number, cell in enumerate(cells) if number != place]


def _harmless(cells: Sequence[str]) -> Iterator[str]:
    return (guard(unguard(cell)) for cell in cells)


class Rejects:
    """The file of rejected rows beside the one that was imported.

    No file is ever written over: somebody may be correcting it.

    Args:
        beside: The file that was imported.
        data: The rejected rows.
    """

    def __init__(self, beside: Path, data: bytes) -> None:
        self._beside = beside
        self._data = data
        self._made: Path | None = None

    def write(self) -> Path:
        """Write the file and return where; an equal one that is there already will do.

        Raises:
            UserError: It cannot be written there.
        """
        for path in itertools.islice(self._names(), _MOST_FILES):
            try:
                if path.is_file() and path.stat().st_size == len(self._data):
                    if path.read_bytes() == self._data:
                        return path
                    continue
                write_new_file(path, self._data)
            except (CannotWrite, OSError) as fault:
                if isinstance(fault, CannotWrite) and fault.code == "already-exists":
                    continue
                raise self._unwritten(fault) from fault
            self._made = path
            return path
        raise self._unwritten(None)

    def take_back(self) -> None:
        """Remove the file again if it was written just now: the import did not happen."""
        if self._made is not None:
            discard(self._made)

    def _names(self) -> Iterator[Path]:
        match = _REJECTS_NAME.fullmatch(self._beside.stem)
        stem = match["stem"] if match else self._beside.stem
        yield self._beside.with_name(f"{stem}.rejected.csv")
        for number in itertools.count(2):
            yield self._beside.with_name(f"{stem}.rejected {number}.csv")

    def _unwritten(self, fault: Exception | None) -> UserError:
        reason = fault.what if isinstance(fault, UserError) else ""
        return UserError(
            f"The rows with problems cannot be kept beside {self._beside.name}. {reason}".strip(),
            kept="Nothing was changed.",
            do="Copy the list into a folder of your own with some space, and import it from there.",
            code=fault.code if isinstance(fault, UserError) else "cannot-write",
        )
