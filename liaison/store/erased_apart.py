"""Units that were erased as a whole while they were set apart, and count after all.

The removal of their PC is taken back, and its segments are taken in again: the chain needs the
units, but nothing that they said comes back. Of each of their changes the log keeps what says that
there is a record, so on every PC the record is what the log says without them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from liaison.records import Kind, all_specs
from liaison.store import changes as log
from liaison.store import derived, erasing, withdrawing
from liaison.store.driver import plain_errors

if TYPE_CHECKING:
    from collections.abc import Collection

    from liaison.records.values import Kept
    from liaison.store.driver import Connection
    from liaison.store.store import Store

_STAYS: Final = frozenset({"person", "pc", "membership"})
"""Who belongs to the home is not for an erasure to change."""
_OUT: Final = "archived"
_HOLDS_NOTHING: Final = frozenset({Kind.REF, Kind.BOOL})
# in this order: from the few erasures to what they name
_ERASED: Final = (
    "FROM unit AS e CROSS JOIN unit AS u ON u.id = e.batch "
    f"CROSS JOIN change AS c ON {log.OF_UNIT} WHERE e.kind = '{log.GONE}'"
)
_CHANGE: Final = (
    "c.stamp, c.type, c.rec, c.op, c.fields, c.over, coalesce(c.salt, X''), c.digest, c.unit"
)


def empty(store: Store) -> int:
    """Take out of the log what units said that were erased as a whole, on whichever PC.

    Args:
        store: The home, which took in the units or the erasure just now.

    Returns:
        How many changes lost content.
    """
    with plain_errors():
        rows = store.connection.execute(f"SELECT {_CHANGE} {_ERASED} ORDER BY c.stamp").fetchall()
    full = [
        (log.read_change(*row), unit)
        for *row, unit in rows
        if not is_left(row[1], row[3], json.loads(row[4]))
    ]
    if not full:
        return 0
    touched = {(change.type, change.rec) for change, _ in full}
    with store.applying() as connection:
        with derived.deleting(connection, {name for name, _ in touched if name in all_specs()}):
            for change, unit in full:
                left = log.dump(_left(change))
                first = change.first_digest or change.digest
                connection.execute("DELETE FROM change WHERE stamp = ?", (change.stamp,))
                # no salt: nobody can guess from the first digest what was there
                connection.execute(
                    "INSERT INTO change(stamp, unit, type, rec, op, fields, over, salt, digest) "
                    "VALUES (?, ?, ?, ?, ?, ?, '{}', NULL, ?)",
                    (change.stamp, unit, change.type, change.rec, change.op, left, first),
                )
            withdrawing.clear(connection, touched)
        withdrawing.show_anew(connection, touched)
    return len(full)


def stamps(connection: Connection) -> frozenset[int]:
    """Return the stamps of the changes of such units.

    Args:
        connection: The home's database.
    """
    rows = connection.execute(f"SELECT c.stamp {_ERASED}").fetchall()
    return frozenset(stamp for (stamp,) in rows)


def stamps_apart(connection: Connection) -> frozenset[int]:
    """Return the same of what removed PCs erased like that: it stays empty where nobody has it.

    Args:
        connection: The home's database.
    """
    rows = connection.execute(
        f"SELECT c.stamp FROM unit AS u CROSS JOIN change AS c ON {log.OF_UNIT} "
        "WHERE u.id IN (SELECT value FROM json_each(?))",
        (json.dumps(erasing.gone_apart(connection)),),
    ).fetchall()
    return frozenset(stamp for (stamp,) in rows)


def is_left(type_name: str, op: str, fields: Collection[str]) -> bool:
    """Return whether fields are no more than what is left of a change of such a unit.

    Args:
        type_name: Its type.
        op: What it did.
        fields: Their names.
    """
    return is_kept(type_name, op) or set(fields) <= _names(type_name, op)


def is_kept(type_name: str, op: str) -> bool:
    """Return whether a change of such a unit keeps all that it says.

    Args:
        type_name: Its type.
        op: What it did.
    """
    # an erasure says nothing but what is gone
    return type_name in _STAYS or op == log.ERASE


def _names(type_name: str, op: str) -> set[str]:
    """Return which fields of a change are left: of a record's birth what it belongs to."""
    spec = all_specs().get(type_name)
    if spec is None or spec.owner or op not in log.BIRTHS:
        return set()
    return {field.name for field in spec.columns if field.kind in _HOLDS_NOTHING} | {_OUT}


def _left(change: log.Change) -> dict[str, Kept]:
    names = _names(change.type, change.op)
    left = {name: value for name, value in change.fields.items() if name in names}
    # an empty record is not to stand in the lists; one that others made as well is theirs too
    own = change.op in log.BIRTHS and change.rec == change.stamp and change.type in all_specs()
    return {**left, _OUT: 1} if own else left
