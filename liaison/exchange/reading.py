"""A list of any kind: what it is, is told by what is in the file and not by its name."""

from __future__ import annotations

from typing import BinaryIO, Final

from liaison.exchange.csv_reading import read_csv
from liaison.exchange.sheets import Sheet
from liaison.exchange.signatures import FileKind, kind_of
from liaison.exchange.vcard_sheets import read_vcards
from liaison.exchange.xlsx_reading import read_xlsx, sheet_names

__all__ = ["ENDINGS", "FileKind", "kind_of", "read_list", "sheet_names"]

ENDINGS: Final = (".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".vcf", ".vcard")
"""How the names of files that are read usually end."""


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
            return read_csv(file)
