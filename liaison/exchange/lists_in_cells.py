"""Several values in one cell, as people type them: ``Monday; Friday``."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Final

_BETWEEN: Final = ";"


def join_values(values: Iterable[str]) -> str:
    """Return values as one cell; :func:`split_values` gives them back."""
    return "; ".join(map(_quoted, values))


def _quoted(value: str) -> str:
    if _BETWEEN in value or value.startswith('"'):
        doubled = value.replace('"', '""')
        return f'"{doubled}"'
    return value


def split_values(cell: str) -> list[str]:
    """Return the values in a cell, separated by semicolons or lines; empty ones left out."""
    return _split(cell, _BETWEEN)


def split_at_commas(cell: str) -> list[str]:
    """Return the values in a cell, separated by commas; empty ones left out."""
    return _split(cell, ",")


def _split(cell: str, between: str) -> list[str]:
    lines = csv.reader(io.StringIO(cell, newline=None), delimiter=between, skipinitialspace=True)
    return [value.strip() for line in lines for value in line if value.strip()]
