"""The tables: one per record type, written from its declaration.

The SQL made here is frozen into a numbered migration when a type or field is added, and a test
holds every migration's result against the declarations, so the two cannot drift apart.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from liaison.records import RecordSpec


@lru_cache(maxsize=4096)
def quote(name: str) -> str:
    """Quote a declared name for SQL; only declared names ever come here."""
    if not name.replace("_", "").isalnum() or not name.isascii():
        message = f"{name!r} cannot be a table or column"
        raise ValueError(message)
    return f'"{name}"'


def table_sql(spec: RecordSpec, name: str | None = None) -> str:
    """Return the statement that makes a record type's table.

    STRICT and without UNIQUE, CHECK, NOT NULL or foreign keys: a child may arrive before its
    parent and two PCs may add the same NHS number, so such rules live in ``check()`` and in
    review lists.

    Args:
        spec: The record type.
        name: Another name for the table.
    """
    columns = [
        f"{quote(field.name)} {'INTEGER' if field.is_number else 'TEXT'}" for field in spec.columns
    ]
    body = ",\n    ".join(['"id" INTEGER PRIMARY KEY', *columns])
    return f"CREATE TABLE {quote(name or spec.name)} (\n    {body}\n) STRICT"
