"""A search stops in the middle of what it could find, and leaves nothing open behind it."""

from __future__ import annotations

from liaison.records.directory import Contact, Service
from liaison.store.search import search
from liaison.store.store import Store
from tests.store.conftest import add


def test_a_search_that_stops_early_holds_no_read_open(store: Store) -> None:
    for number in range(8):
        add(store, Service(name=f"dressings {number}"))
        add(store, Contact(name=f"Dressings Nurse {number}"))
    hits = search(store, "dress", limit=3, typing=True)
    assert [hit.type for hit in hits] == ["contact", "service", "contact"]
    # an unfinished read would keep the write-ahead log from being folded in
    busy, *_ = store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    assert not busy
