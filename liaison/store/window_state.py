"""What each person last chose in the window: columns, filters, the last page.

It belongs to this PC: neither logged nor sent to others. It lies in the encrypted database because
a filter may hold a resident's name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from liaison.records import ids
from liaison.store.driver import plain_errors

if TYPE_CHECKING:
    from liaison.store.store import Store

LARGEST: Final = 65_536
"""Characters of one state; it is for choices, not for what people write."""


def put(store: Store, person: int, key: str, state: Mapping[str, Any]) -> None:
    """Remember a state in place of the one before.

    Args:
        store: The home.
        person: The id of the person record of whoever sits at the window.
        key: What it is the state of, such as ``list:visit``.
        state: Whatever JSON can hold.

    Raises:
        ValueError: It is too large to be a state.
    """
    text = json.dumps(state, sort_keys=True)
    if len(text) > LARGEST:
        raise ValueError(f"{len(text)} characters are too many for the state of {key}.")
    with store.writing() as connection:
        connection.execute(
            "INSERT INTO window_state(name, state) VALUES (?, ?) "
            "ON CONFLICT(name) DO UPDATE SET state = excluded.state WHERE state <> excluded.state",
            (_name(person, key), text),
        )


def get(store: Store, person: int, key: str) -> dict[str, Any]:
    """Return the state that was last remembered; an empty one if there is none."""
    with plain_errors():
        row = store.connection.execute(
            "SELECT state FROM window_state WHERE name = ?", (_name(person, key),)
        ).fetchone()
    state: dict[str, Any] = {} if row is None else json.loads(row[0])
    return state


def _name(person: int, key: str) -> str:
    return f"{ids.to_text(person)}/{key}"
