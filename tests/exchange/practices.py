"""Lists of practices as the NHS publishes them, made for tests."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence


def line(  # a line has many columns
    number: int,
    *,
    name: str = "",
    phone: str = "01373 301301",
    status: str = "A",
    closed: str = "",
    street: str = "1 MILL LANE",
    postcode: str = "BA11 1AB",
    kind: str = "4",
    commissioner: str = "11X",
) -> list[str]:
    """Return one line: 27 columns, nothing in most of them."""
    cells = [""] * 27
    cells[0], cells[1], cells[2], cells[3] = f"L81{number:03}", name, "Y58", "QSL"
    cells[1] = name or f"SURGERY {number}"
    cells[4:9] = ["PRIORY HOUSE", street, "", "FROME", "SOMERSET"]
    cells[9], cells[10], cells[11], cells[12] = postcode, "19740401", closed, status
    cells[13], cells[14], cells[15], cells[17] = "B", commissioner, "20130401", phone
    cells[21], cells[23], cells[25] = "0", commissioner, kind
    return cells


def as_file(rows: Iterable[Sequence[str]]) -> io.BytesIO:
    """Return lines as a file."""
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    return io.BytesIO(text.getvalue().encode())
