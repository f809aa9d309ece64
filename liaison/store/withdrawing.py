"""Taking units back out of the log: what a removed PC wrote on, and the fork that does not count.

The log is only added to; this is the one exception, and nothing is lost by it. The units go into
quarantine as they came, and their records become what the log says without them, as on a PC that
never had them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from liaison.records import Kind, all_specs, ids
from liaison.records.ids import derived_id
from liaison.records.rules import times
from liaison.store import changes as log
from liaison.store import derived, erasing
from liaison.store.driver import plain_errors
from liaison.store.merge import units_after
from liaison.store.projection import project
from liaison.store.received import kind_problem
from liaison.store.schema import quote
from liaison.store.segments import FORKED
from liaison.store.store import collector_paused

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from liaison.records.values import Kept
    from liaison.store.changes import Envelope
    from liaison.store.driver import Connection
    from liaison.store.store import Store
    from liaison.store.unit import UnitOfWork

_ALL: Final = 1 << 62
MOST_LATE: Final = 5_000
"""Units of all lives of a removed PC that are kept: it may write on as long as it likes."""
MOST_LATE_BYTES: Final = 32 * 1024 * 1024
"""Their bytes: what travels small may be very large when it is unpacked."""


def emptied_beyond(store: Store, tag: int, after: int) -> frozenset[int]:
    """Return the stamps of what a replica's units beyond a number erased from, or as a whole.

    Args:
        store: The home.
        tag: The replica.
        after: The number of the last unit that counts.
    """
    envelopes = units_after(store, tag, after, _ALL)
    changes = [change for one in envelopes for change in one.changes]
    named = frozenset(stamp for stamp, _ in erasing.named_in(changes))
    with plain_errors():
        return named | _gone_by(store.connection, envelopes)


def _gone_by(connection: Connection, envelopes: Collection[Envelope]) -> frozenset[int]:
    """Return the stamps of what units say that were erased as a whole by some others alone."""
    named = [one.unit.batch for one in envelopes if one.unit.kind == log.GONE]
    if not named:
        return frozenset()
    rows = connection.execute(
        f"SELECT c.stamp FROM unit AS u CROSS JOIN change AS c ON {log.OF_UNIT} "
        "WHERE u.id IN (SELECT value FROM json_each(?1)) AND NOT EXISTS "
        f"(SELECT 1 FROM unit AS e WHERE e.kind = '{log.GONE}' AND e.batch = u.id "
        "AND e.id NOT IN (SELECT value FROM json_each(?2)))",
        (json.dumps(named), json.dumps([one.unit.id for one in envelopes])),
    ).fetchall()
    return frozenset(stamp for (stamp,) in rows)


def withdraw(
    store: Store, tag: int, after: int, reason: str, whole: Iterable[log.Change] = ()
) -> list[Envelope]:
    """Take a replica's units beyond a number out of the log and put them into quarantine.

    Args:
        store: The home.
        tag: The replica.
        after: The number of the last unit that counts.
        reason: Why, as the end of a sentence.
        whole: What the units erased from (:func:`emptied_beyond`), as it was before: it is put
            back. What is not among it stays empty.

    Returns:
        The units, in order; none if there are none beyond that number.
    """
    envelopes = units_after(store, tag, after, _ALL)
    if not envelopes:
        return []
    # a PC may have written of a record as if it were of another type
    types = {(c.type, c.rec) for one in envelopes for c in one.changes}
    with collector_paused(), store.applying() as connection:
        at = times.to_stored(store.clock())
        connection.executemany(
            "INSERT INTO quarantine(tag, seq, reason, at, body, pc) "
            "SELECT tag, ?, ?, ?, ?, pc FROM replica WHERE tag = ?",
            [(one.unit.seq, reason, at, log.encode(one), tag) for one in envelopes],
        )
        # as long as the erasures are in the log
        emptied = _put_back(connection, whole, envelopes)
        types |= {(c.type, c.rec) for c in emptied}
        shown = {name for name, _ in types if name in all_specs()}
        with derived.deleting(connection, shown):
            _say_again(connection, emptied)
            for one in envelopes:
                connection.executemany(
                    "DELETE FROM change WHERE stamp = ?", [(c.stamp,) for c in one.changes]
                )
                connection.execute("DELETE FROM unit WHERE id = ?", (one.unit.id,))
            clear(connection, types)
        show_anew(connection, types)
        before = connection.execute(
            "SELECT hash FROM unit WHERE tag = ? AND seq = ?", (tag, after)
        ).fetchone()
        connection.execute(
            "UPDATE replica SET seq = ?, hash = ? WHERE tag = ?",
            (after if before else 0, before[0] if before else log.NO_HASH, tag),
        )
    return envelopes


def _put_back(
    connection: Connection, whole: Iterable[log.Change], envelopes: Collection[Envelope]
) -> list[log.Change]:
    """Put content back that withdrawn erasures took out, if no other one did as well.

    Returns:
        What they erased as a whole, of which more than the content is to be put back.
    """
    withdrawn = {change.stamp for one in envelopes for change in one.changes}
    others = erasing.erasures(connection, without=withdrawn)
    gone = _gone_by(connection, envelopes)
    whole = [one for one in whole if one.first_digest is None and one.stamp not in others]
    connection.executemany(
        # its first digest, which the chain is made of, proves it
        "UPDATE change SET fields = ?, salt = ? WHERE stamp = ? AND digest = ?",
        [
            (one.fields_text, one.salt, one.stamp, one.digest)
            for one in whole
            if one.stamp not in gone
        ],
    )
    return [one for one in whole if one.stamp in gone and one.stamp not in withdrawn]


def _say_again(connection: Connection, whole: Iterable[log.Change]) -> None:
    """Let the log hold changes again as they were written.

    Args:
        connection: Within :func:`derived.deleting`.
        whole: The changes; each is proven by its first digest, which the log has kept.
    """
    for one in whole:
        row = connection.execute(
            "SELECT unit FROM change WHERE stamp = ? AND digest = ?", (one.stamp, one.digest)
        ).fetchone()
        if row is not None:
            connection.execute("DELETE FROM change WHERE stamp = ?", (one.stamp,))
            connection.execute(
                "INSERT INTO change(stamp, unit, type, rec, op, fields, over, salt, digest) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    one.stamp, row[0], one.type, one.rec, one.op,
                    one.fields_text, one.over_text, one.salt, one.digest,
                ),
            )  # fmt: skip


def clear(connection: Connection, records: Collection[tuple[str, int]]) -> None:
    """Delete the rows of records; emptied first, which takes them out of search and timeline.

    Args:
        connection: Within :func:`derived.deleting` of their types.
        records: Their types and ids.
    """
    for name in {name for name, _ in records if name in all_specs()}:
        empty = ", ".join(f"{quote(field.name)} = NULL" for field in all_specs()[name].columns)
        rows = "WHERE id IN (SELECT value FROM json_each(?))"
        ids = (json.dumps([rec for type_, rec in records if type_ == name]),)
        connection.execute(f"UPDATE {quote(name)} SET {empty} {rows}", ids)
        connection.execute(f"DELETE FROM {quote(name)} {rows}", ids)


def show_anew(connection: Connection, records: Iterable[tuple[str, int]]) -> None:
    """Let records become what the log says of them now.

    Args:
        connection: Inside the merge's transaction, their rows cleared.
        records: Their types and ids.
    """
    recs = json.dumps(sorted({rec for _, rec in records}))
    for table in ("field_version", "superseded"):
        connection.execute(
            f"DELETE FROM {table} WHERE rec IN (SELECT value FROM json_each(?))", (recs,)
        )
    project(connection, _left(connection, recs), ours=False)


def _left(connection: Connection, recs: str) -> list[log.Change]:
    found = connection.execute(
        "SELECT stamp, type, rec, op, fields, over, coalesce(salt, X''), digest FROM change "
        "WHERE rec IN (SELECT value FROM json_each(?)) ORDER BY stamp",
        (recs,),
    )
    return [log.read_change(*row) for row in found]


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


def write_again(store: Store, pc: int, reason: str, done: str, why: str) -> int:
    """Write what a fork of this PC held again, as this replica's own, so that nothing is lost.

    Args:
        store: The home.
        pc: This PC.
        reason: The units in quarantine for this reason, of any life of this PC.
        done: The reason they have afterwards.
        why: Put before the reason each unit has.

    Returns:
        How many units that were.
    """
    rows = store.connection.execute(
        "SELECT q.id, q.body FROM quarantine AS q JOIN replica AS r ON r.tag = q.tag "
        "WHERE r.pc = ? AND q.reason = ? ORDER BY q.tag, q.seq, q.id",
        (pc, reason),
    ).fetchall()
    if not rows:
        return 0
    again = _Again(store)
    # together: what was written again is never written a second time
    with store.together():
        for _, content in rows:
            unit, changes = log.decode(content)
            words = f"{why} {unit.reason}".strip()
            with store.unit(unit.person, words, kind=unit.kind) as work:
                for change in changes:
                    if not is_emptied(change):
                        again.write(work, change)
        with store.writing() as connection:
            connection.executemany(
                "UPDATE quarantine SET reason = ? WHERE id = ?", [(done, row[0]) for row in rows]
            )
    return len(rows)


def take_in(
    store: Store,
    envelopes: Iterable[Envelope],
    person: int,
    words: Callable[[Envelope], str],
    *,
    without: Collection[str],
) -> int:
    """Say again, as this replica's own, what withdrawn units said: somebody looked through them.

    Args:
        store: The home.
        envelopes: The units, as :func:`withdrawn` gave them; what builds on another comes with it.
        person: Whoever answers for it.
        words: The reason each unit gets.
        without: Record types of which nothing is said again.

    Returns:
        How many changes that were.
    """
    again = _Again(store)
    count = 0
    with store.together():
        for envelope in envelopes:
            with store.unit(
                person, words(envelope), kind=log.TAKEN_IN, batch=envelope.unit.id
            ) as work:
                for change in envelope.changes:
                    if change.type not in without and not is_emptied(change):
                        again.write(work, change)
                        count += 1
    return count


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


class _Again:
    """Writes changes of a fork again: with new stamps, and other ids where somebody has theirs."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._stamps: dict[int, int] = {}
        self._ids: dict[int, int] = {}
        self._born: dict[int, tuple[int, frozenset[str]]] = {}

    def write(self, work: UnitOfWork, change: log.Change) -> None:
        """Write one change of the fork again."""
        over = self._over(change)
        if change.op not in log.BIRTHS and change.rec in self._born:
            # the birth has become a version of its own, which the edit replaced
            stamp, names = self._born[change.rec]
            over |= {name: (stamp,) for name in change.written if name in names - over.keys()}
        fields = {
            name: self._value(change.type, name, value) for name, value in change.fields.items()
        }
        if change.op == log.ERASE:
            fields[log.ERASED] = self._still_erased(fields)
        typed_birth = change.op in log.BIRTHS and change.rec == change.stamp
        if typed_birth and self._is_known(change.rec):
            # with a wrong clock both lines of the fork gave the same id to different records
            new = work.write_again(change._replace(rec=0, fields=fields, over=over))
            self._ids[change.rec] = self._stamps[change.stamp] = new
            return
        rec = self._element(change, fields)
        stamp = work.write_again(change._replace(rec=rec, fields=fields, over=over))
        self._stamps[change.stamp] = stamp
        if typed_birth:
            self._born[change.rec] = (stamp, frozenset(change.fields))

    def _element(self, change: log.Change, fields: Mapping[str, Kept]) -> int:
        """Return the id a change is about: that of a set's element follows from its owner's."""
        owner, value = fields.get("owner"), fields.get("value")
        spec = all_specs().get(change.type)
        moved = owner != change.fields.get("owner") or value != change.fields.get("value")
        if spec is not None and spec.owner_field and moved and owner is not None:
            assert value is not None  # noqa: S101  # a set has no empty elements
            self._ids[change.rec] = derived_id(change.type, owner, spec.owner_field, value)
        return self._ids.get(change.rec, change.rec)

    def _value(self, type_name: str, name: str, value: Kept) -> Kept:
        """Return a value with the new id of what it points to."""
        if isinstance(value, str):
            # a reference to a record of any type is kept as text
            named = ids.from_text(value) if ids.looks_like_id(value) else 0
            return ids.to_text(self._ids[named]) if named in self._ids else value
        spec = all_specs().get(type_name)
        field = spec.by_name.get(name) if spec is not None else None
        refers = field is not None and field.kind is Kind.REF
        return self._ids.get(value, value) if refers and value is not None else value

    def _over(self, change: log.Change) -> dict[str, tuple[int, ...]]:
        """Return which versions a change replaces, by their new stamps; only those there are."""
        found: dict[str, tuple[int, ...]] = {}
        for name, olds in change.over.items():
            known = tuple(
                self._stamps.get(old, old)
                for old in olds
                if old in self._stamps or self._is_known(old)
            )
            if known:
                found[name] = known
        return found

    def _is_known(self, stamp: int) -> bool:
        row = self._store.connection.execute(
            "SELECT 1 FROM change WHERE stamp = ?", (stamp,)
        ).fetchone()
        return row is not None

    def _still_erased(self, fields: Mapping[str, Kept]) -> str:
        """Return what an erasure names: only changes that still have their stamps."""
        said = json.loads(str(fields.get(log.ERASED, "{}")))
        return log.dump({old: new for old, new in said.items() if int(old) not in self._stamps})


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


def unfounded(store: Store, records: Collection[tuple[str, int]]) -> bool:
    """Return whether nothing is in the log of one of some records.

    Args:
        store: The home.
        records: Their types, "" for any, and ids.
    """
    with plain_errors():
        row = store.connection.execute(
            "SELECT 1 FROM json_each(?) AS wanted WHERE NOT EXISTS "
            "(SELECT 1 FROM change WHERE rec = wanted.value ->> 1 "
            "AND wanted.value ->> 0 IN (type, '')) LIMIT 1",
            (json.dumps(list(records)),),
        ).fetchone()
    return row is not None
