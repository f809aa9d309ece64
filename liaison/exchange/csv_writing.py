"""CSV as Excel on a British PC opens it with a double click: UTF-8 with its mark, CRLF, commas."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence


def csv_bytes(rows: Iterable[Sequence[str]], delimiter: str = ",") -> Iterator[bytes]:
    """Yield a CSV file, a row at a time.

    Args:
        rows: The cells of each row, already harmless (:func:`liaison.exchange.formulas.guard`).
        delimiter: What separates them.
    """
    yield codecs.BOM_UTF8
    line = io.StringIO(newline="")
    writer = csv.writer(line, delimiter=delimiter, lineterminator="\r\n")
    for row in rows:
        writer.writerow(row)
        # bytes that were no text when they were read become the same bytes again
        yield line.getvalue().encode("utf-8", "surrogateescape")
        line.seek(0)
        line.truncate()
