"""Taking in what other PCs wrote: whole units, strictly in order per replica, in any order overall.

Nothing is dropped: a unit that comes too early waits, one that is broken is put into quarantine
with a plain reason, and one replica that is stuck never blocks another.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache, partial
from itertools import chain
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from liaison.records.rules import times
from liaison.store import changes as log
from liaison.store import erasing
from liaison.store.changes import Envelope, decode, encode, shape_problem
from liaison.store.driver import plain_errors
from liaison.store.projection import project
from liaison.store.received import kind_problem
from liaison.store.replicas import Replica
from liaison.store.store import collector_paused
from liaison.store.unit import MOST_CHANGES, append_to_log

if TYPE_CHECKING:
    from liaison.store.driver import Connection
    from liaison.store.store import Store

_Claims = Callable[[], frozenset[tuple[int, bytes]]]
"""What erasures say that are in the log or came: changes, and what those hash to now."""

_FORK: Final = "this PC already holds a different unit with that number"
_BROKEN_CHAIN: Final = "it does not continue what came before it"
_BAD_SIGNATURE: Final = "its signature is not that PC's"


@dataclasses.dataclass(slots=True)
class Merged:
    """What became of some received units.

    Args:
        applied: Changes that are now in the log and shown.
        waiting: Units that wait for one before them.
        quarantined: Reasons, one for each unit put into quarantine.
    """

    applied: int = 0
    waiting: int = 0
    quarantined: list[str] = dataclasses.field(default_factory=list)


def merge(store: Store, envelopes: Iterable[Envelope]) -> Merged:
    """Take in units of other replicas; giving the same one twice changes nothing.

    Args:
        store: The home.
        envelopes: The units, in any order.

    Returns:
        What became of them.
    """
    result = Merged()
    received: dict[int, list[Envelope]] = defaultdict(list)
    with plain_errors():
        for (tag,) in store.connection.execute("SELECT DISTINCT tag FROM waiting").fetchall():
            # a PC that has become known since: its turn comes even if nothing new came from it
            received[tag] = []
    for envelope in envelopes:
        received[envelope.unit.tag].append(envelope)
    came = (change for one in chain.from_iterable(received.values()) for change in one.changes)
    with collector_paused(), plain_errors():
        emptied = cache(partial(erasing.claims, store.connection, came))
        for tag in sorted(received):
            _merge_replica(store, tag, received[tag], emptied, result)
    return result


def _merge_replica(
    store: Store,
    tag: int,
    received: Sequence[Envelope],
    emptied: _Claims,
    result: Merged,
) -> None:
    replica = find_replica(store.connection, tag)
    if replica is None:
        # news of that PC may still be on its way: its units wait for it
        _wait(store, received, result)
        return
    pool = _pool([*_waiting(store, tag), *received])
    _set_apart_forks(store, replica, pool, result)
    seq = replica.seq
    while run := _run(seq, pool):
        good = _apply(store, tag, run, emptied, result)
        for envelope in run[:good]:
            seq = envelope.unit.seq
            for other in pool.pop(seq)[1:]:
                _quarantine(store, other, _FORK, result)
        if good < len(run):
            # it has been set apart; perhaps there is another of its number, else the rest waits
            bad = run[good].unit.seq
            pool[bad] = pool[bad][1:]
    _wait(store, [envelope for candidates in pool.values() for envelope in candidates], result)


def _pool(envelopes: Iterable[Envelope]) -> dict[int, list[Envelope]]:
    """Return units by number; of several with one number one is good at most, so all are kept."""
    pool: dict[int, list[Envelope]] = defaultdict(list)
    contents: dict[int, list[tuple[log.Unit, list[bytes]]]] = defaultdict(list)
    for envelope in envelopes:
        seq = envelope.unit.seq
        content = envelope.unit, [change.digest for change in envelope.changes]
        if content not in contents[seq]:
            contents[seq].append(content)
            pool[seq].append(envelope)
    return pool


def _wait(store: Store, envelopes: Sequence[Envelope], result: Merged) -> None:
    if not envelopes:
        return
    with store.writing() as connection:
        for envelope in envelopes:
            connection.execute(
                "INSERT INTO waiting(tag, seq, body) SELECT ?1, ?2, ?3 WHERE NOT EXISTS "
                "(SELECT 1 FROM waiting WHERE tag = ?1 AND seq = ?2 AND body = ?3)",
                (envelope.unit.tag, envelope.unit.seq, encode(envelope)),
            )
    result.waiting += len(envelopes)


def _run(seq: int, pool: Mapping[int, Sequence[Envelope]]) -> list[Envelope]:
    """Return the units that follow a number without a gap, as many as share a transaction."""
    run: list[Envelope] = []
    size = 0
    while candidates := pool.get(seq + 1):
        seq += 1
        envelope = candidates[0]
        # many small units share a transaction, but none grows beyond what keeps saving quick
        if run and size + len(envelope.changes) > MOST_CHANGES:
            break
        run.append(envelope)
        size += len(envelope.changes)
    return run


def find_replica(connection: Connection, tag: int) -> Replica | None:
    """Return a known replica by its tag."""
    row = connection.execute(
        "SELECT tag, pc, incarnation, public_key, seq, hash FROM replica WHERE tag = ?", (tag,)
    ).fetchone()
    return None if row is None else Replica(*row)


def _set_apart_forks(
    store: Store, replica: Replica, pool: dict[int, list[Envelope]], result: Merged
) -> None:
    """Drop what is already here; keep a differing unit of the same number for a person to see."""
    for seq in sorted(number for number in pool if number <= replica.seq):
        known = store.connection.execute(
            "SELECT hash FROM unit WHERE tag = ? AND seq = ?", (replica.tag, seq)
        ).fetchone()
        for envelope in pool.pop(seq):
            # none: the log of this PC is damaged, which is for verify to say
            if known is not None and known[0] != envelope.unit.hash:
                _quarantine(store, envelope, _FORK, result)


def _waiting(store: Store, tag: int) -> list[Envelope]:
    found = store.connection.execute(
        "SELECT body FROM waiting WHERE tag = ? ORDER BY seq, id", (tag,)
    )
    return [decode(body) for (body,) in found]


def _apply(
    store: Store,
    tag: int,
    run: Sequence[Envelope],
    emptied: _Claims,
    result: Merged,
) -> int:
    """Check units that follow each other and apply them in one transaction.

    Returns:
        How many of them were good; what follows a bad one cannot be applied.
    """
    replica = find_replica(store.connection, tag)
    assert replica is not None  # noqa: S101  # its caller looked it up
    # asked for only if something was erased from what came
    named = emptied() if any(envelope.lacks_content for envelope in run) else frozenset()
    good, problem = checked(replica, run, _last_stamp(store.connection, replica), named)
    if good:
        apply(store, replica, good)
        result.applied += sum(len(envelope.changes) for envelope in good)
    if problem:
        _quarantine(store, run[len(good)], problem, result)
    return len(good)


def _last_stamp(connection: Connection, replica: Replica) -> int:
    """Return the highest stamp a replica has used here."""
    row = connection.execute(
        "SELECT last FROM unit WHERE tag = ? AND seq = ?", (replica.tag, replica.seq)
    ).fetchone()
    return 0 if row is None else int(row[0])


def checked(
    replica: Replica,
    run: Sequence[Envelope],
    last_stamp: int = 0,
    emptied: Collection[tuple[int, bytes]] = (),
) -> tuple[Sequence[Envelope], str]:
    """Return the units whose chain and last signature hold, and what is wrong with the next.

    The chain binds each unit to the one before it, so the signature of the last vouches for all
    before it; ``verify`` checks every one.

    Args:
        replica: The replica as far as it is known here.
        run: Units that follow each other in number.
        last_stamp: The highest stamp the replica has used so far.
        emptied: What erasures name: changes, and what they hash to without what was erased. Any
            other change must hash to what it says it does.
    """
    before, last = replica.hash, last_stamp
    good = 0
    problem = ""
    for envelope in run:
        unit = envelope.unit
        problem = shape_problem(envelope) or kind_problem(envelope)
        if not problem:
            digests = [
                c.digest if c.first_digest is None else _vouched(c, c.first_digest, emptied)
                for c in envelope.changes
            ]
            digest = log.unit_hash(before, unit, digests)
            # a stamp used twice would be two versions under one name
            if digest != unit.hash or unit.id <= last:
                problem = _BROKEN_CHAIN
        if problem:
            break
        before = unit.hash
        last = envelope.changes[-1].stamp if envelope.changes else unit.id
        good += 1
    # a forged tail is found from its end: the last unit that the PC really signed counts
    key = Ed25519PublicKey.from_public_bytes(replica.public_key)
    while good and not signed_by(key, run[good - 1].unit):
        good -= 1
        problem = _BAD_SIGNATURE
    return run[:good], problem


def _vouched(change: log.Change, first: bytes, emptied: Collection[tuple[int, bytes]]) -> bytes:
    """Return the digest that a change from which something was erased brings into the chain."""
    return first if (change.stamp, change.digest) in emptied else change.digest


def signed_by(key: Ed25519PublicKey, unit: log.Unit) -> bool:
    """Return whether a unit's signature is that of a key."""
    try:
        key.verify(unit.signature, log.signed_bytes(unit.hash))
    except InvalidSignature:
        return False
    return True


def apply(store: Store, replica: Replica, good: Sequence[Envelope]) -> None:
    """Add checked units of one replica to the log and show what they changed."""
    changes = [change for envelope in good for change in envelope.changes]
    last = good[-1].unit
    with store.applying() as connection:
        append_to_log(connection, good)
        project(connection, changes, ours=False)
        erasing.follow(connection, changes)
        connection.execute(
            "UPDATE replica SET seq = ?, hash = ? WHERE tag = ?",
            (last.seq, last.hash, replica.tag),
        )
        connection.execute(
            "DELETE FROM waiting WHERE tag = ? AND seq <= ?", (replica.tag, last.seq)
        )


def _quarantine(store: Store, envelope: Envelope, reason: str, result: Merged) -> None:
    unit = envelope.unit
    body = encode(envelope)
    with store.writing() as connection:
        # a broken unit that waited would be met again at every merge
        connection.execute(
            "DELETE FROM waiting WHERE tag = ? AND seq = ? AND body = ?",
            (unit.tag, unit.seq, body),
        )
        known = connection.execute("SELECT 1 FROM quarantine WHERE body = ?", (body,)).fetchone()
        if known is None:
            connection.execute(
                "INSERT INTO quarantine(tag, seq, reason, at, body, pc) "
                "VALUES (?1, ?2, ?3, ?4, ?5, (SELECT pc FROM replica WHERE tag = ?1))",
                (unit.tag, unit.seq, reason, times.to_stored(store.clock()), body),
            )
    result.quarantined.append(reason)


def units_after(store: Store, tag: int, seq: int, limit: int = 1_000) -> list[Envelope]:
    """Return a replica's units after a number, as they travel to another PC."""
    connection = store.connection
    with plain_errors():
        units = [
            log.Unit(*row)
            for row in connection.execute(
                "SELECT id, tag, seq, at, person, kind, reason, batch, hash, signature FROM unit "
                "WHERE tag = ? AND seq > ? ORDER BY seq LIMIT ?",
                (tag, seq, limit),
            )
        ]
        return [Envelope(unit, changes_of(connection, unit.id)) for unit in units]


def changes_of(connection: Connection, unit: int) -> list[log.Change]:
    """Return the changes of a unit in order."""
    found = connection.execute(
        "SELECT c.stamp, c.type, c.rec, c.op, c.fields, c.over, coalesce(c.salt, X''), c.digest "
        f"FROM unit AS u JOIN change AS c ON {log.OF_UNIT} WHERE u.id = ? ORDER BY c.stamp",
        (unit,),
    )
    return [log.read_change(*row) for row in found]
