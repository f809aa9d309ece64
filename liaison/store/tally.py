"""How much a home holds: for whoever looks into a backup, or at how large the home has grown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from liaison.records import all_specs
from liaison.store.derived import ACCESS
from liaison.store.driver import PAGE_BYTES, plain_errors
from liaison.store.schema import quote

if TYPE_CHECKING:
    from liaison.store.store import Store


def tally(store: Store, types: Iterable[str]) -> dict[str, int]:
    """Return how many records there are of some types, archived ones and duplicates left out.

    It reads every row: for a look now and then, not for a view.
    """
    found: dict[str, int] = {}
    with plain_errors():
        for name in types:
            (found[name],) = store.connection.execute(
                f"SELECT count(*) FROM {quote(all_specs()[name].name)} "
                "WHERE archived IS NOT 1 AND merged_into IS NULL"
            ).fetchone()
    return found


def size(store: Store) -> int:
    """Return how many bytes the database has, with what is not folded into its file yet."""
    with plain_errors():
        (pages,) = store.connection.execute("PRAGMA page_count").fetchone()
    return int(pages) * PAGE_BYTES


def newest(store: Store) -> str:
    """Return when the last unit was written here, as kept; empty if there is none."""
    with plain_errors():
        row = store.connection.execute("SELECT at FROM unit ORDER BY id DESC LIMIT 1").fetchone()
    return str(row[0]) if row else ""


def newest_outside(store: Store, begin: str, end: str) -> str:
    """Return when the last unit was written that is not from a stretch of time, as kept.

    Args:
        store: The home.
        begin: The beginning of the stretch, as kept.
        end: Its end.

    Returns:
        The moment by the clock of the PC that wrote it; empty if there is none.
    """
    with plain_errors():
        row = store.connection.execute(
            "SELECT at FROM unit WHERE at NOT BETWEEN ? AND ? ORDER BY id DESC LIMIT 1",
            (begin, end),
        ).fetchone()
    return str(row[0]) if row else ""


def units(store: Store) -> int:
    """Return how many saves the log holds."""
    with plain_errors():
        (found,) = store.connection.execute("SELECT coalesce(sum(seq), 0) FROM replica").fetchone()
    return int(found)


def worked_since(store: Store, tag: int, seq: int) -> bool:
    """Return whether a replica has written anything but accesses after one of its units."""
    with plain_errors():
        found = store.connection.execute(
            "SELECT 1 FROM unit WHERE tag = ? AND seq > ? AND kind <> ? LIMIT 1", (tag, seq, ACCESS)
        ).fetchone()
    return found is not None
