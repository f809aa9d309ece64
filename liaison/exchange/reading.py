"""A list of any kind: what it is, is told by what is in the file and not by its name."""

from __future__ import annotations

import dataclasses
from itertools import chain, islice
from typing import BinaryIO, Final

from liaison.exchange.csv_reading import read_csv
from liaison.exchange.sheets import NotReadable, Sheet
from liaison.exchange.signatures import FileKind, is_called_workbook, kind_of
from liaison.exchange.vcard_sheets import read_vcards
from liaison.exchange.xlsx_reading import read_xlsx, sheet_names

__all__ = ["ENDINGS", "FileKind", "kind_of", "read_list", "sheet_names"]

ENDINGS: Final = (".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".vcf", ".vcard")
"""How the names of files that are read usually end."""

_LOOKED_AT: Final = 20


def read_list(file: BinaryIO, *, sheet: str = "", organisations: bool = False) -> Sheet:
    """Read a CSV file, an XLSX workbook or vCards.

    Args:
        file: The file, opened in binary; it is read from its beginning and must stay open while
            rows are read.
        sheet: Of a workbook the sheet to read; the first one that is not hidden if empty.
        organisations: Of cards, whether to read those of organisations instead of people's.

    Returns:
        Its rows.

    Raises:
        NotReadable: It is none of these, or damaged.
    """
    file.seek(0)
    match kind_of(file):
        case FileKind.XLSX:
            return read_xlsx(file, sheet)
        case FileKind.VCARD:
            return read_vcards(file, organisations=organisations)
        case FileKind.CSV:
            text = read_csv(file)
            return _called_workbook(text) if is_called_workbook(file) else text


def _called_workbook(sheet: Sheet) -> Sheet:
    """Return a text that is called a workbook, as many programs call the lists they write.

    Raises:
        NotReadable: It has no columns either.
    """
    first = list(islice(sheet.rows, _LOOKED_AT))
    if not any(len(row.cells) > 1 for row in first):
        raise NotReadable(
            "This is not an Excel workbook, although its name says so: it is plain text without "
            "columns.",
            "Open the list in the program it comes from, choose Save As and "
            '"Excel Workbook (.xlsx)", and import that file. If it really is a list of one '
            "column, let its name end in .csv.",
            "not-a-workbook",
        )
    remark = "The file is called an Excel workbook, but is plain text (CSV), and was read as that."
    return dataclasses.replace(
        sheet, rows=chain(first, sheet.rows), remarks=(*sheet.remarks, remark)
    )
