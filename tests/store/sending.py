"""What one PC sends to another: as it is, or made and signed by hand; and what came of it there."""

from __future__ import annotations

from typing import Any

from liaison.store import changes as log
from liaison.store import merge, verify
from liaison.store.changes import Change, Envelope, make_change
from liaison.store.store import Store
from tests.store.conftest import (
    NURSES,
    Two,
    sent_by,
    signer_of,
)


def count(store: Store, table: str) -> int:
    """Return how many rows a table holds, or those of them that are asked for."""
    (found,) = store.connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(found)


def reasons(store: Store) -> list[str]:
    """Return why units were set apart."""
    rows = store.connection.execute("SELECT reason FROM quarantine ORDER BY id")
    return [reason for (reason,) in rows]


def exchange(*stores: Store) -> None:
    """Give everything to everybody."""
    for store in stores:
        for other in stores:
            if other is not store:
                merge.merge(store, sent_by(other))


def agree(*stores: Store) -> None:
    """Hold that some PCs show the same, from logs that hold, and that none waits for anything."""
    digests = {verify.state_digest(store.connection) for store in stores}
    assert len(digests) == 1
    for store in stores:
        assert verify.verify(store, deep=True).damage == []
        assert count(store, "superseded") == count(store, "waiting") == 0


def sealed(
    envelope: Envelope, *, by: int = NURSES, before: bytes | None = None, **words: Any
) -> Envelope:
    """Return a unit with other words, hashed and signed anew as whoever holds a key can.

    Args:
        envelope: The unit; its changes may be misshapen.
        by: The tag of the PC whose key signs.
        before: The hash it continues; that of the nurses' first four units unless given.
        words: Words of the unit to replace.
    """
    unit = envelope.unit._replace(**words)
    assert before is not None
    digest = log.unit_hash(before, unit, [c.digest for c in envelope.changes])
    signature = signer_of(by).sign(log.signed_bytes(digest))
    return Envelope(unit._replace(hash=digest, signature=signature), envelope.changes)


def rewritten(one: Change, **words: Any) -> Change:
    """Return a change with other words, its texts and digest made to fit."""
    made: dict[str, Any] = {
        "stamp": one.stamp, "type_name": one.type, "rec": one.rec, "op": one.op,
        "fields": one.fields, "over": one.over, "salt": one.salt,
    }  # fmt: skip
    return make_change(**made | words)


def next_unit(two: Two, *changes: tuple[Any, ...], by: int = NURSES, **words: Any) -> Envelope:
    """Return a unit that continues what the nurses' PC wrote, with changes made by hand.

    Args:
        two: The two PCs.
        changes: Type, record (None for its own stamp), op, fields and what they replace.
        by: The tag of the PC whose key signs.
        words: Words of the unit to replace.
    """
    last = two.sent[-1]
    tick = (last.changes[-1].stamp >> 14) + 1
    stamps = [tick + place << 14 | NURSES for place in range(len(changes) + 1)]
    made = [
        make_change(stamp, name, rec or stamp, op, fields, over, b"5" * 16)
        for stamp, (name, rec, op, fields, over) in zip(stamps[1:], changes, strict=True)
    ]
    unit = last.unit._replace(id=stamps[0], seq=last.unit.seq + 1)
    return sealed(Envelope(unit, made), by=by, before=last.unit.hash, **words)
