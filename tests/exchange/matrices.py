"""Training matrices as homes keep them, made with the library that reads them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from openpyxl import Workbook


def workbook(
    sheets: Mapping[str, Iterable[Sequence[Any]]],
    merged: Mapping[str, Sequence[str]] | None = None,
    hidden: Sequence[str] = (),
) -> io.BytesIO:
    """Make a workbook.

    Args:
        sheets: By name, the rows.
        merged: By sheet, the cells that are joined, such as "A1:C1".
        hidden: The sheets that are hidden.
    """
    book = Workbook()
    first = book.active
    assert first is not None
    book.remove(first)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for cells in (merged or {}).get(name, ()):
            sheet.merge_cells(cells)
        if name in hidden:
            sheet.sheet_state = "hidden"
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file


def csv_file(text: str) -> io.BytesIO:
    """Make a CSV file."""
    return io.BytesIO(text.encode())
