"""How far a home's log has grown: whether anything was written since somebody looked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from liaison.store.derived import ACCESS
from liaison.store.driver import plain_errors

if TYPE_CHECKING:
    from liaison.store.store import Store


def position(store: Store) -> int:
    """Return a number that every unit of work raises, this PC's and those that other PCs send.

    Units that only say what was looked at do not count: nothing was changed by that.
    """
    with plain_errors():
        ((units, looks),) = store.connection.execute(
            "SELECT (SELECT sum(seq) FROM replica), "
            f"(SELECT count(*) FROM unit WHERE kind = '{ACCESS}')"
        ).fetchall()
    return int(units or 0) - int(looks)


def stirred(store: Store) -> tuple[int, int]:
    """Return two numbers that stay the same as long as nothing at all was written by any program."""
    with plain_errors():
        (version,) = store.connection.execute("PRAGMA data_version").fetchone()
    return int(version), int(store.connection.total_changes)
