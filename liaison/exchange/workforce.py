"""The training file of the workforce return (ASC-WDS): its columns, its codes, what it refuses.

Everything here is as the return has it and knows nothing of a home: a line is the text of twelve
cells, and :func:`faults` says of any line what the return would say of it.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final

from liaison.exchange.formulas import guard

HEADER: Final = (
    "LOCALESTID", "UNIQUEWORKERID", "CATEGORY", "TRAININGNAME", "ACCREDITED", "WHODELIVERED",
    "PROVIDERNAME", "HOWDELIVERED", "VALIDITY", "DATECOMPLETED", "EXPIRYDATE", "NOTES",
)  # fmt: skip
"""The first line of the file, exactly."""
ACCREDITED: Final = {"no": "0", "yes": "1", "unknown": "999"}
WHO_DELIVERED: Final = {"in house": "1", "external": "2"}
OTHER_PROVIDER: Final = "999"
"""The code of a provider that is not on the return's own list."""
HOW_DELIVERED: Final = {"face to face": "1", "e-learning": "2"}
NEVER: Final = "none"
"""What stands for the months of training that does not run out."""
LONGEST_REFERENCE: Final = 50
LONGEST_NAME: Final = 120
LONGEST_NOTES: Final = 1_000
MOST_MONTHS: Final = 999

_EXTERNAL: Final = WHO_DELIVERED["external"]
_DAY: Final = re.compile(r"([0-3][0-9])/([01][0-9])/([0-9]{4})")


def shown(day: dt.date) -> str:
    """Return a day as the return writes it."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def read_day(text: str) -> dt.date | None:
    """Return the day that a cell means; None if it is written otherwise or is no day."""
    match = _DAY.fullmatch(text)
    if match is None:
        return None
    try:
        return dt.date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError:
        return None


@lru_cache(maxsize=8192)
def one_line(text: str) -> str:
    """Return a text as it can stand in a cell: in one line, and nothing a spreadsheet would run."""
    return guard(" ".join(text.split()))


@lru_cache(maxsize=4096)
def reference_fault(reference: str) -> str:
    """Return what is wrong with the reference of a workplace or a worker; empty if nothing is.

    It must stay as it is to be known again, so one that a spreadsheet would run is refused instead
    of being made harmless.
    """
    if not reference.strip():
        return "is missing"
    if len(reference) > LONGEST_REFERENCE:
        return f"is longer than {LONGEST_REFERENCE} characters"
    if guard(reference) != reference:
        return f"begins with “{reference[:1]}”, which a spreadsheet would take for a formula"
    return ""


def name_fault(name: str) -> str:
    """Return what is wrong with the name of training; empty if nothing is."""
    if not name.strip():
        return "is missing"
    return f"is longer than {LONGEST_NAME} characters" if len(name) > LONGEST_NAME else ""


def days_fault(completed: dt.date, expires: dt.date | None, today: dt.date) -> str:
    """Return what is wrong with the days of training; empty if nothing is.

    Args:
        completed: When it was completed.
        expires: The last day it counts; None if it does not run out.
        today: The day on which the file is made.
    """
    if completed > today:
        return "It was completed on a day that has not come yet."
    if expires is not None and expires <= completed:
        return "The day it runs out must be later than the day it was completed."
    return ""


def notes_fault(notes: str) -> str:
    """Return what is wrong with notes; empty if nothing is."""
    return f"are longer than {LONGEST_NOTES:,} characters" if len(notes) > LONGEST_NOTES else ""


def faults(line: Sequence[str], today: dt.date, categories: Collection[str]) -> list[str]:
    """Return what the return would refuse in a line, each with the name of its column.

    Args:
        line: The cells, as many as there are columns.
        today: The day on which it is sent.
        categories: The codes of the return's training categories.
    """
    if len(line) != len(HEADER):
        return [f"The line has {len(line)} cells instead of {len(HEADER)}."]
    cell = dict(zip(HEADER, line, strict=True))
    found = [
        (name, reference_fault(cell[name])) for name in ("LOCALESTID", "UNIQUEWORKERID")
    ] + [
        ("CATEGORY", "" if cell["CATEGORY"] in categories else "is not one of the codes"),
        ("TRAININGNAME", name_fault(cell["TRAININGNAME"])),
        ("ACCREDITED", _one_of(cell["ACCREDITED"], ACCREDITED.values())),
        ("WHODELIVERED", _one_of(cell["WHODELIVERED"], ["", *WHO_DELIVERED.values()])),
        ("PROVIDERNAME", _provider_fault(cell["PROVIDERNAME"], cell["WHODELIVERED"])),
        ("HOWDELIVERED", _one_of(cell["HOWDELIVERED"], ["", *HOW_DELIVERED.values()])),
        ("VALIDITY", _validity_fault(cell["VALIDITY"], cell["EXPIRYDATE"])),
        ("NOTES", notes_fault(cell["NOTES"])),
    ]  # fmt: skip
    completed, expires = read_day(cell["DATECOMPLETED"]), read_day(cell["EXPIRYDATE"])
    if completed is None:
        found.append(("DATECOMPLETED", "is not a day written as 31/12/2026"))
    if expires is None and cell["EXPIRYDATE"]:
        found.append(("EXPIRYDATE", "is not a day written as 31/12/2026"))
    told = [f"{name} {fault}." for name, fault in found if fault]
    if completed is not None and (fault := days_fault(completed, expires, today)):
        told.append(fault)
    return told


def _one_of(text: str, codes: Iterable[str]) -> str:
    return "" if text in codes else f"{text!r} is not one of the codes"


def _provider_fault(provider: str, who: str) -> str:
    if who != _EXTERNAL:
        return f"stands only beside {_EXTERNAL}" if provider else ""
    return "" if provider.isascii() and provider.isdecimal() else "is not a code"


def _validity_fault(validity: str, expires: str) -> str:
    if validity == NEVER:
        return (
            "says that it does not run out, and there is a day on which it does" if expires else ""
        )
    if not (validity.isascii() and validity.isdecimal() and 1 <= int(validity) <= MOST_MONTHS):
        return f"is neither months from 1 to {MOST_MONTHS} nor {NEVER}"
    return "" if expires else "gives months, and there is no day on which it runs out"


def file_bytes(lines: Iterable[Sequence[str]]) -> bytes:
    """Return the file: the header and the lines.

    Args:
        lines: The cells of each line. There is no mark at the beginning: the return looks for its
            header there.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADER)
    writer.writerows(lines)
    return text.getvalue().encode("utf-8", "replace")


def is_ours(head: bytes) -> bool:
    """Return whether a file begins as one of these.

    Args:
        head: Its first line; a mark that another program put in front is passed over.
    """
    return head.removeprefix(codecs.BOM_UTF8).strip() == ",".join(HEADER).encode()


def read_lines(data: bytes) -> Iterator[list[str]]:
    """Yield the lines of a file below its header."""
    rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    next(rows, None)
    yield from rows
