"""How far a home's log has grown: whether anything was written since somebody looked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from liaison.store.driver import plain_errors

if TYPE_CHECKING:
    from liaison.store.store import Store


def position(store: Store) -> int:
    """Return a number that every unit of work raises, this PC's and those that other PCs send."""
    with plain_errors():
        (units,) = store.connection.execute("SELECT sum(seq) FROM replica").fetchone()
    return int(units or 0)
