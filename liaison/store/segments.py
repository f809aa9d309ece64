"""What the exchange keeps in the database: how far segments have come, and what was set apart.

What waits to be sent stands in ``outbox``.
"""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Final

from liaison.records.rules import times
from liaison.store import erasing
from liaison.store.blobs import MISSING
from liaison.store.changes import NO_HASH
from liaison.store.driver import plain_errors
from liaison.store.merge import apply, checked, find_replica
from liaison.store.replicas import Replica, admit
from liaison.store.store import collector_paused

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from liaison.store.changes import Envelope
    from liaison.store.driver import Connection
    from liaison.store.store import Store

FORKED: Final = "that PC wrote something else under the same number before"
GAP: Final = "what it wrote before that is missing"
_LACKS: Final = "it lacks what nobody erased from it"


@dataclasses.dataclass(frozen=True, slots=True)
class Frontier:
    """How far one replica's segments have come here.

    Args:
        replica: The replica, with the number and hash of its last unit.
        seq: The number of its last segment; 0 for none.
        digest: What the next segment must name as the one before it.
        covered: The number of the last unit that a segment holds, as far as this PC sends them.
    """

    replica: Replica
    seq: int
    digest: bytes
    covered: int


@dataclasses.dataclass(frozen=True, slots=True)
class Apart:
    """An object of the storage that was not taken in.

    Args:
        name: Its name there.
        reason: Why, as the end of a sentence.
        at: When that was noticed, as kept.
        size: Its bytes.
    """

    name: str
    reason: str
    at: str
    size: int


@dataclasses.dataclass(frozen=True, slots=True)
class Heard:
    """The newest sign of life of a PC.

    Args:
        pc: Its id.
        incarnation: Which life of it.
        counter: The number of the sign.
        at: When it was given, by that PC's clock, as kept.
        words: What it said, as JSON.
    """

    pc: int
    incarnation: int
    counter: int
    at: str
    words: str


def frontiers(store: Store) -> list[Frontier]:
    """Return how far every known replica has come here, this PC's lives among them."""
    with plain_errors():
        rows = store.connection.execute(
            "SELECT r.tag, r.pc, r.incarnation, r.public_key, r.seq, r.hash, r.segment_seq, "
            "r.segment_hash, (SELECT coalesce(max(o.last_unit), 0) FROM outbox AS o "
            "WHERE o.tag = r.tag) FROM replica AS r ORDER BY r.pc, r.incarnation"
        ).fetchall()
    return [Frontier(Replica(*row[:6]), *row[6:]) for row in rows]


def frontier(store: Store, tag: int) -> Frontier | None:
    """Return how far a replica has come here; None if it is not known."""
    return next((found for found in frontiers(store) if found.replica.tag == tag), None)


def admit_replica(store: Store, replica: Replica) -> bool:
    """Let a replica of an approved PC write here.

    Returns:
        Whether that could be; not if another replica has its tag.
    """
    if find_replica(store.connection, replica.tag) is not None:
        return False
    with store.writing() as connection:
        admit(connection, replica)
    return True


def set_frontier(store: Store, tag: int, seq: int, digest: bytes) -> None:
    """Set how far a replica's segments have come: forward over a bundle, back before a fork."""
    with store.writing() as connection:
        advance(connection, tag, seq, digest)


def advance(connection: Connection, tag: int, seq: int, digest: bytes) -> None:
    """Note how far a replica's segments have come, inside a transaction.

    Args:
        connection: The home's database.
        tag: The replica.
        seq: The number of its last segment.
        digest: What the next one must name.
    """
    connection.execute(
        "UPDATE replica SET segment_seq = ?, segment_hash = ? WHERE tag = ?", (seq, digest, tag)
    )


def take(
    store: Store,
    tag: int,
    envelopes: Sequence[Envelope],
    *,
    seq: int,
    digest: bytes,
    ours: bool,
    told: Collection[tuple[int, bytes]] = (),
) -> str:
    """Take in the units of one or more segments of a replica: all of them, or none.

    Args:
        store: The home.
        tag: The replica, which is known.
        envelopes: Their units, in order; those that are here already may be among them.
        seq: The number of the last of the segments.
        digest: What the segment after it must name.
        ours: Whether an earlier life of this PC wrote them: it need not send them again.
        told: What erasures say that have come and wait for their turn; ``verify`` looks whether
            they were taken in.

    Returns:
        What is wrong with them, as the end of a sentence; empty if they are in.
    """
    # all of it in one transaction: another program may be taking in the same
    with collector_paused(), store.together():
        connection = store.connection
        replica = find_replica(connection, tag)
        assert replica is not None  # noqa: S101  # its caller looked it up
        fresh, problem = _fresh(connection, replica, envelopes)
        known = envelopes[: len(envelopes) - len(fresh)]
        if not problem and not is_vouched(store, known, told):
            # it would take the place of what still says it
            problem = _LACKS
        if fresh and not problem:
            emptied = _named(connection, fresh, told)
            _, problem = checked(replica, fresh, _last_stamp(connection, replica), emptied)
        if problem:
            return problem
        if fresh:
            apply(store, replica, fresh)
        (last,) = connection.execute(
            "SELECT segment_seq FROM replica WHERE tag = ?", (tag,)
        ).fetchone()
        if seq > last:
            units = envelopes[0].unit.seq, envelopes[-1].unit.seq
            _take_place(store, tag, seq, digest, units if ours else None)
    return ""


def _take_place(
    store: Store, tag: int, seq: int, digest: bytes, units: tuple[int, int] | None
) -> None:
    """Note that a segment was taken in; of an earlier life of this PC also that it is sent."""
    with store.writing() as connection:
        advance(connection, tag, seq, digest)
        if units is not None:
            connection.execute(
                "INSERT OR REPLACE INTO outbox(tag, seq, name, first_unit, last_unit, bytes, sent) "
                "VALUES (?, ?, '', ?, ?, X'', ?)",
                (tag, seq, *units, times.to_stored(store.clock())),
            )


def _fresh(
    connection: Connection, replica: Replica, envelopes: Sequence[Envelope]
) -> tuple[Sequence[Envelope], str]:
    """Return the units that are not here yet, and what is wrong with those that are."""
    known = [one for one in envelopes if one.unit.seq <= replica.seq]
    for envelope in known:
        row = connection.execute(
            "SELECT hash FROM unit WHERE tag = ? AND seq = ?", (replica.tag, envelope.unit.seq)
        ).fetchone()
        if row is None or row[0] != envelope.unit.hash:
            return (), FORKED
    fresh = envelopes[len(known) :]
    if fresh and fresh[0].unit.seq != replica.seq + 1:
        return (), GAP
    return fresh, ""


def is_vouched(
    store: Store, envelopes: Iterable[Envelope], told: Collection[tuple[int, bytes]]
) -> bool:
    """Return whether an erasure is known for each change that came without its content.

    Args:
        store: The home.
        envelopes: Units that came.
        told: What erasures say that have come and wait for their turn.
    """
    envelopes = list(envelopes)
    named = _named(store.connection, envelopes, told)
    return all(
        (change.stamp, change.digest) in named
        for envelope in envelopes
        for change in envelope.changes
        if change.first_digest is not None
    )


def _named(
    connection: Connection, envelopes: Sequence[Envelope], told: Collection[tuple[int, bytes]]
) -> Collection[tuple[int, bytes]]:
    """Return what erasures name; of units that came with all their content nobody need ask."""
    if not any(envelope.lacks_content for envelope in envelopes):
        return told
    changes = (change for envelope in envelopes for change in envelope.changes)
    return erasing.claims(connection, changes).union(told)


def first_difference(store: Store, tag: int, envelopes: Iterable[Envelope]) -> int | None:
    """Return the number of the first unit that is here and is another one; None if there is none."""
    with plain_errors():
        for envelope in envelopes:
            row = store.connection.execute(
                "SELECT hash FROM unit WHERE tag = ? AND seq = ?", (tag, envelope.unit.seq)
            ).fetchone()
            if row is not None and row[0] != envelope.unit.hash:
                return envelope.unit.seq
    return None


def hash_of_unit(store: Store, tag: int, seq: int) -> bytes:
    """Return the hash of a unit by its number; what stands before the first one for 0."""
    with plain_errors():
        row = store.connection.execute(
            "SELECT hash FROM unit WHERE tag = ? AND seq = ?", (tag, seq)
        ).fetchone()
    return NO_HASH if row is None else bytes(row[0])


def frontier_unit(store: Store, tag: int) -> int:
    """Return the number of a replica's last unit here; 0 for none."""
    replica = find_replica(store.connection, tag)
    return 0 if replica is None else replica.seq


def _last_stamp(connection: Connection, replica: Replica) -> int:
    row = connection.execute(
        "SELECT last FROM unit WHERE tag = ? AND seq = ?", (replica.tag, replica.seq)
    ).fetchone()
    return 0 if row is None else int(row[0])


def highest_stamp(store: Store) -> int:
    """Return the highest stamp in the log."""
    with plain_errors():
        (found,) = store.connection.execute("SELECT max(stamp) FROM change").fetchone()
    return int(found or 0)


def set_apart(store: Store, name: str, reason: str, size: int) -> bool:
    """Note that an object was not taken in and why; the first reason stays.

    Returns:
        Whether that is news.
    """
    known = "SELECT 1 FROM segment_apart WHERE name = ?"
    if store.connection.execute(known, (name,)).fetchone() is not None:
        return False
    with store.writing() as connection:
        connection.execute(
            "INSERT OR IGNORE INTO segment_apart(name, reason, at, size) VALUES (?, ?, ?, ?)",
            (name, reason, times.to_stored(store.clock()), size),
        )
    return True


def take_back_apart(store: Store, names: Iterable[str]) -> None:
    """Forget that objects were set apart: they are whole now, or count after all."""
    known = {one.name for one in apart(store)}
    names = [name for name in names if name in known]
    if not names:
        return
    with store.writing() as connection:
        connection.executemany(
            "DELETE FROM segment_apart WHERE name = ?", [(name,) for name in names]
        )


def apart(store: Store) -> list[Apart]:
    """Return what was set apart, by name."""
    with plain_errors():
        rows = store.connection.execute(
            "SELECT name, reason, at, size FROM segment_apart ORDER BY name"
        ).fetchall()
    return [Apart(*row) for row in rows]


def hear(store: Store, heard: Heard, claims: Mapping[tuple[int, int], int]) -> None:
    """Keep a sign of life; an older one than is known changes nothing of what was claimed.

    Args:
        store: The home.
        heard: The sign.
        claims: How far it says each replica's segments have come, by PC and incarnation; of every
            such claim the highest ever made is kept.
    """
    with store.writing() as connection:
        connection.execute(
            "INSERT INTO heard(pc, incarnation, counter, at, words) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET counter = excluded.counter, at = excluded.at, "
            "words = excluded.words WHERE excluded.counter > counter",
            dataclasses.astuple(heard),
        )
        connection.executemany(
            "INSERT INTO claim(teller, pc, incarnation, seq) VALUES (?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET seq = max(seq, excluded.seq)",
            [(heard.pc, pc, incarnation, seq) for (pc, incarnation), seq in claims.items()],
        )


def heard(store: Store) -> list[Heard]:
    """Return the newest sign of life of every PC, this one's among them."""
    with plain_errors():
        rows = store.connection.execute(
            "SELECT pc, incarnation, counter, at, words FROM heard ORDER BY pc, incarnation"
        ).fetchall()
    return [Heard(*row) for row in rows]


def last_heard(store: Store) -> dict[int, str]:
    """Return when each PC last gave a sign of life or wrote what came here, by its own clock.

    What it wrote counts as far as it goes beyond what its sign of life tells of: the two are fetched
    one after the other, and the sign may come a round later. Not the later moment of the two: a clock
    may have been put back since.
    """
    found = {one.pc: (one.incarnation, one.at) for one in heard(store)}
    with plain_errors():
        rows = store.connection.execute(
            "SELECT r.pc, r.incarnation, u.at FROM replica AS r "
            "JOIN unit AS u ON u.tag = r.tag AND u.seq = r.seq WHERE r.seq > coalesce((SELECT c.seq "
            "FROM claim AS c WHERE c.teller = r.pc AND c.pc = r.pc AND c.incarnation = r.incarnation"
            "), 0) ORDER BY r.pc, r.incarnation"
        ).fetchall()
    for pc, incarnation, at in rows:
        if incarnation >= found.get(pc, (0, ""))[0]:
            found[pc] = incarnation, at
    return {pc: at for pc, (_, at) in found.items()}


def claims(store: Store) -> dict[tuple[int, int, int], int]:
    """Return how far PCs say segments have come: by teller, PC and incarnation."""
    with plain_errors():
        rows = store.connection.execute("SELECT teller, pc, incarnation, seq FROM claim").fetchall()
    return {(teller, pc, incarnation): seq for teller, pc, incarnation, seq in rows}


def attached_in(envelopes: Iterable[Envelope]) -> list[str]:
    """Return the names of the attachments that units speak of."""
    names: dict[str, None] = {}
    for envelope in envelopes:
        for change in envelope.changes:
            name = change.fields.get("sha256") if change.type == "attachment" else None
            if isinstance(name, str):
                names[name] = None
    return list(names)


def missing_blobs(store: Store) -> list[str]:
    """Return the names of attachments whose bytes are not on this PC."""
    with plain_errors():
        rows = store.connection.execute(MISSING).fetchall()
    return [name for (name,) in rows]


def blob(store: Store, name: str) -> bytes | None:
    """Return the bytes of an attachment; None if they are not on this PC."""
    with plain_errors():
        row = store.connection.execute("SELECT bytes FROM blob WHERE id = ?", (name,)).fetchone()
    return None if row is None else bytes(row[0])


def keep_blob(store: Store, name: str, data: bytes) -> None:
    """Keep the bytes of an attachment that came from another PC."""
    with store.writing() as connection:
        connection.execute("INSERT OR IGNORE INTO blob(id, bytes) VALUES (?, ?)", (name, data))


def words_of(claimed: Mapping[tuple[int, int], int]) -> list[list[int]]:
    """Return claims as they are written into JSON."""
    return [[pc, incarnation, seq] for (pc, incarnation), seq in sorted(claimed.items())]


def read_words(text: str) -> dict[str, object]:
    """Read the words of a sign of life; empty if they are none."""
    found = json.loads(text)
    return found if isinstance(found, dict) else {}
