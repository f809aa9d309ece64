"""What somebody chose once and need not choose again, kept in the database; neither logged nor sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from liaison.store.driver import plain_errors

if TYPE_CHECKING:
    from liaison.store.store import Store


def keep_choice(store: Store, name: str, choice: dict[str, Any]) -> None:
    """Keep a choice in the place of the one of that name.

    Args:
        store: The home.
        name: What it is for.
        choice: What can be said in JSON.
    """
    with store.writing() as connection:
        connection.execute(
            "INSERT INTO window_state(name, state) VALUES (?, ?) "
            "ON CONFLICT(name) DO UPDATE SET state = excluded.state",
            (name, json.dumps(choice)),
        )


def kept_choice(store: Store, name: str) -> dict[str, Any]:
    """Return what was kept under a name; an empty mapping if nothing was."""
    with plain_errors():
        row = store.connection.execute(
            "SELECT state FROM window_state WHERE name = ?", (name,)
        ).fetchone()
    found = None if row is None else json.loads(row[0])
    return found if isinstance(found, dict) else {}
