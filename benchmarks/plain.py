"""The floor's database: Python's own sqlite3, not encrypted, with the same care for what is saved."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def connect(path: Path) -> sqlite3.Connection:
    """Open a plain database: write-ahead log, every commit on the disk, as ours; nothing else set.

    The page cache is left as it comes and there is no key; both make it cheaper than ours, never
    dearer.
    """
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection
