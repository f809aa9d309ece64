"""Lists to take in, in the tests of importing and exporting."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from liaison.exchange.csv_reading import read_csv
from liaison.records import Record
from liaison.services import importing
from liaison.services.homes import OpenHome
from liaison.services.importing import Outcome, Plan, Wishes
from liaison.store import query


def look(home: OpenHome, type_name: str, text: str | bytes, **wishes: Any) -> Plan:
    """Preview a list."""
    data = text.encode() if isinstance(text, str) else text
    return importing.preview(home, type_name, read_csv(io.BytesIO(data)), Wishes(**wishes))


def take(home: OpenHome, folder: Path, type_name: str, text: str | bytes, **wishes: Any) -> Outcome:
    """Take a list in; the rejected rows are kept in the folder."""
    return importing.carry_out(
        home, look(home, type_name, text, **wishes), beside=folder / "list.csv"
    )


def counts(plan: Plan) -> tuple[int, int, int, int]:
    """Return how many rows are added, updated, unchanged and rejected."""
    return plan.added, plan.updated, plan.unchanged, len(plan.rejected)


def all_of(home: OpenHome, type_name: str) -> list[Any]:
    """Return the records of a type in the lists, oldest first."""
    asked = query.Query(type_name, newest_first=False)
    records: list[Record] = list(query.every(home.store, asked))
    return records
