"""Workbooks made for tests: as Excel makes them, and as nobody should."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

from openpyxl import Workbook


def workbook(
    rows: Sequence[Sequence[object]], change: Callable[[Any, Any], object] | None = None
) -> io.BytesIO:
    """Return a workbook with one sheet.

    Args:
        rows: What stands in it.
        change: Changes the book and its sheet before they are saved.
    """
    book = Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(list(row))
    if change is not None:
        change(book, sheet)
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file


def with_parts(file: io.BytesIO, **parts: bytes | None) -> io.BytesIO:
    """Return a workbook of which parts are other than they were (None: gone).

    Args:
        file: The workbook.
        parts: By the end of their names without ``.xml``: ``sheet1``, ``workbook``.
    """
    changed = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            key = name.rpartition("/")[2].removesuffix(".xml")
            data = parts.get(key, old.read(name))
            if data is not None:
                new.writestr(name, data)
    changed.seek(0)
    return changed


def part(file: io.BytesIO, ends: str) -> bytes:
    """Return a part of a workbook."""
    file.seek(0)
    with zipfile.ZipFile(file) as opened:
        (name,) = [name for name in opened.namelist() if name.endswith(ends)]
        return opened.read(name)
