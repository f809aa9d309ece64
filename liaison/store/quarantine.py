"""Units that do not count, kept as they came for people to look through: what a removed PC wrote on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from liaison.records import all_specs
from liaison.records.rules import times
from liaison.store import changes as log
from liaison.store import erasing
from liaison.store.driver import plain_errors
from liaison.store.received import kind_problem
from liaison.store.schema import quote
from liaison.store.segments import FORKED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from liaison.records.values import Kept
    from liaison.store.changes import Envelope
    from liaison.store.driver import Connection
    from liaison.store.store import Store

_ALL: Final = 1 << 62
MOST_LATE: Final = 5_000
"""Units of all lives of a removed PC that are kept: it may write on as long as it likes."""
MOST_LATE_BYTES: Final = 32 * 1024 * 1024
"""Their bytes: what travels small may be very large when it is unpacked."""


def set_aside(
    store: Store,
    envelopes: Iterable[Envelope],
    reason: str,
    *,
    pc: int,
    most: int = _ALL,
    most_bytes: int = _ALL,
) -> None:
    """Put units that are not in the log into quarantine, each once, but for what was erased.

    One that was erased as a whole, on whichever PC, is not kept.

    Args:
        store: The home.
        envelopes: The units, fit to be read.
        reason: Why, as the end of a sentence.
        pc: The PC that wrote them, in whichever of its lives.
        most: Of how many units of that PC together; what comes beyond that is not kept.
        most_bytes: Of how many bytes; the unit that comes to more is the last.
    """
    at = times.to_stored(store.clock())
    envelopes = list(envelopes)
    gone = _gone(store, (one.unit.id for one in envelopes))
    with store.writing() as connection:
        count, size = connection.execute(
            "SELECT count(*), coalesce(sum(length(body)), 0) FROM quarantine WHERE pc = ?", (pc,)
        ).fetchone()
        for one in erasing.without_erased(connection, envelopes):
            if count >= most or size >= most_bytes:
                return
            tag, body = one.unit.tag, log.encode(one)
            if one.unit.id in gone or _is_apart(connection, tag, one.unit.seq, body):
                continue
            count, size = count + 1, size + len(body)
            connection.execute(
                "INSERT INTO quarantine(tag, seq, reason, at, body, pc) VALUES (?, ?, ?, ?, ?, ?)",
                (tag, one.unit.seq, reason, at, body, pc),
            )


def _is_apart(connection: Connection, tag: int, seq: int, body: bytes) -> bool:
    row = connection.execute(
        "SELECT 1 FROM quarantine WHERE tag = ? AND seq = ? AND body = ?", (tag, seq, body)
    )
    return row.fetchone() is not None


def forget_erased(store: Store) -> int:
    """Take units out of quarantine that were erased as a whole, on whichever PC; return how many."""
    with plain_errors():
        rows = store.connection.execute("SELECT id, body FROM quarantine").fetchall()
    if not rows:
        return 0
    units = {row: log.decode(body).unit.id for row, body in rows}
    gone = _gone(store, units.values())
    leave = [(row,) for row, unit in units.items() if unit in gone]
    if leave:
        with store.writing() as connection:
            connection.executemany("DELETE FROM quarantine WHERE id = ?", leave)
    return len(leave)


def _gone(store: Store, units: Iterable[int]) -> set[int]:
    return {unit for unit, kind in decided(store, units).items() if kind == log.GONE}


def is_fit(envelope: Envelope) -> bool:
    """Return whether a unit that nothing vouches for can be read and written again."""
    return not log.shape_problem(envelope) and not kind_problem(envelope)


def is_emptied(change: log.Change) -> bool:
    """Return whether nothing is left of what a change said, as that was erased by law.

    Args:
        change: A change of a unit in quarantine; the birth of a record says that there is one.
    """
    spec = all_specs().get(change.type)
    if change.op not in log.BIRTHS:
        return not change.fields
    return spec is not None and bool(spec.owner) and change.fields.get("value") is None


def is_done_again(reason: str) -> bool:
    """Return whether a unit is in quarantine although its own PC wrote it again."""
    return reason.startswith(f"{FORKED};")


def decided(store: Store, units: Iterable[int]) -> dict[int, str]:
    """Return of withdrawn units what was decided about them, on whichever PC.

    Args:
        store: The home.
        units: Their ids.

    Returns:
        ``changes.LEFT_OUT``, ``TAKEN_IN`` or ``GONE`` by the id of the unit, if anything was; of
        several the last named counts.
    """
    asked = json.dumps(list(units))
    if asked == "[]":
        return {}
    with plain_errors():
        rows = store.connection.execute(
            "SELECT batch, kind FROM unit WHERE batch IN (SELECT value FROM json_each(?1)) "
            "AND kind IN (?2, ?3, ?4) ORDER BY kind = ?4, kind = ?3",
            (asked, log.LEFT_OUT, log.TAKEN_IN, log.GONE),
        ).fetchall()
    return dict(rows)


def element(store: Store, link: str, identity: int) -> tuple[int, Kept] | None:
    """Return whose element of a set one is, and its value; None if it is not known here.

    Args:
        store: The home.
        link: The link type.
        identity: The element's id.
    """
    with plain_errors():
        row: tuple[int, Kept] | None = store.connection.execute(
            f"SELECT owner, value FROM {quote(link)} WHERE id = ?", (identity,)
        ).fetchone()
    return row


def withdrawn(store: Store) -> list[tuple[Envelope, str]]:
    """Return the units in quarantine that can be read, with why they are there, oldest first.

    What is in the log after all is left out.
    """
    with plain_errors():
        rows = store.connection.execute(
            "SELECT body, reason FROM quarantine ORDER BY id"
        ).fetchall()
        found = [(log.decode(body), reason) for body, reason in rows]
        fit = [(one, reason) for one, reason in found if is_fit(one)]
        known = dict(
            store.connection.execute(
                "SELECT id, hash FROM unit WHERE id IN (SELECT value FROM json_each(?))",
                (json.dumps([one.unit.id for one, _ in fit]),),
            ).fetchall()
        )
    return [(one, reason) for one, reason in fit if known.get(one.unit.id) != one.unit.hash]


def overfull(store: Store) -> list[int]:
    """Return the ids of the PCs of which no more units are kept in quarantine."""
    with plain_errors():
        rows = store.connection.execute(
            "SELECT pc FROM quarantine WHERE pc IS NOT NULL GROUP BY pc "
            "HAVING count(*) >= ? OR sum(length(body)) >= ? ORDER BY pc",
            (MOST_LATE, MOST_LATE_BYTES),
        ).fetchall()
    return [pc for (pc,) in rows]


def membership_entries(store: Store, words: str, after: int) -> tuple[int, list[tuple[int, str]]]:
    """Return what such units say of who belongs; see ``membership.entries``.

    Args:
        store: The home.
        words: What such an entry says somewhere; most units in quarantine say no such thing.
        after: What this returned before; 0 for all of them.

    Returns:
        What to ask with the next time; the id of the PC that sent each, and what was signed.
    """
    last = newest(store)
    with plain_errors():
        rows = store.connection.execute(
            "SELECT coalesce(q.pc, r.pc), q.body FROM quarantine AS q "
            "LEFT JOIN replica AS r ON r.tag = q.tag "
            "WHERE q.id > ? AND q.id <= ? AND instr(q.body, CAST(? AS BLOB)) ORDER BY q.id",
            (after, last, words),
        ).fetchall()
    found = [
        (pc, str(change.fields.get("entry", "")))
        for pc, body in rows
        if pc is not None
        for change in log.decode(body).changes
        if change.type == "membership"
    ]
    return last, found


def newest(store: Store) -> int:
    """Return what changes whenever a unit is put into quarantine; 0 if there is none."""
    with plain_errors():
        row = store.connection.execute("SELECT coalesce(max(id), 0) FROM quarantine").fetchone()
    return int(row[0])
