"""A copy for another PC: every row that is shared, none of what is left out, in no page of it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from liaison.store import driver
from liaison.store import snapshot as copies
from liaison.store.store import Store
from tests.store.conftest import add_typical

COPYS: Final = b"c" * 32
OWN: Final = b"o" * 32
SECRET: Final = b"a secret of mine"
LEFT_OUT: Final[dict[str, tuple[object, ...]]] = {
    "blob": ("f" * 64, SECRET),
    "blob_leaving": ("f" * 64,),
    "draft": (1, "visit/new", "now", "text"),
    "window_state": ("main", "wide"),
    "outbox": (5, 9, "a name", 1, 1, SECRET, None),
    "waiting": (1, 7, 1, SECRET),
    "quarantine": (1, 7, 1, "forged", "now", SECRET, 7),
    "segment_apart": ("a name", "why", "now", 1),
    "heard": (7, 0, 1, "now", "{}"),
    "claim": (7, 7, 0, 1),
}


def rows(connection: driver.Connection) -> dict[str, list[str]]:
    """Return all rows of all tables."""
    tables = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
    ).fetchall()
    return {
        name: sorted(map(repr, connection.execute(f'SELECT * FROM "{name}"'))) for (name,) in tables
    }


@pytest.fixture
def full(store: Store) -> Store:
    """A home with a row in every table that is left out."""
    add_typical(store)
    with store.writing() as connection:
        for table, row in LEFT_OUT.items():
            places = ", ".join("?" * len(row))
            connection.execute(f"INSERT INTO {table} VALUES ({places})", row)
    return store


def test_a_copy_has_every_row_that_is_shared_and_none_that_is_left_out(
    full: Store, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    copies.write_snapshot(full, copy, COPYS)
    connection = driver.connect(copy, COPYS)
    came, there = rows(connection), rows(full.connection)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()
    assert {name for name, found in there.items() if found != came[name]} == set(LEFT_OUT)
    assert not any(came[name] for name in LEFT_OUT)
    # the home itself has lost none of them
    assert rows(full.connection) == there


def test_a_copy_with_a_row_that_should_be_left_out_is_never_handed_on(
    full: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(driver, "pass_over", lambda *_: None)
    with pytest.raises(AssertionError, match="came into a copy"):
        copies.write_snapshot(full, tmp_path / "copy", COPYS)
    assert not list(tmp_path.glob("copy*"))


def test_attachments_are_put_into_a_copy_under_the_own_key_alone(
    full: Store, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    copies.write_snapshot(full, copy, COPYS)
    copies.adopt_snapshot(copy, COPYS, OWN, [("f" * 64, SECRET)])
    assert [path.name for path in tmp_path.glob("copy*")] == ["copy"]
    with pytest.raises(driver.WrongKey):
        driver.connect(copy, COPYS)
    connection = driver.connect(copy, OWN)
    assert connection.execute("SELECT * FROM blob").fetchall() == [LEFT_OUT["blob"]]
    connection.close()
    assert SECRET not in copy.read_bytes()
