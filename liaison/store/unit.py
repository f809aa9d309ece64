"""The unit of work: the only way to write records.

It writes the change entries itself, from the record as it was loaded and as it is now, and hands
them to the same code that merges what other PCs send. Everything happens in one transaction: the
entries, the rows, the search index, the hash chain and the signature are there together or not.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final, Protocol

from liaison.errors import UserError
from liaison.records import FieldSpec, Record, RecordSpec, all_specs, spec_of
from liaison.records.ids import derived_id
from liaison.records.rules import times
from liaison.records.values import Kept, keep, kept_columns
from liaison.store import changes as log
from liaison.store import erasing
from liaison.store.mark import Head
from liaison.store.projection import insert_rows, project
from liaison.store.rows import Loaded
from liaison.store.schema import quote
from liaison.store.stamps import Clock, Stamper

if TYPE_CHECKING:
    from liaison.store.driver import Connection

MOST_CHANGES: Final = 5_000
"""Changes in one unit; what is larger becomes several units of one batch, in one transaction."""


class Signer(Protocol):
    """The PC's signing key (an Ed25519 private key)."""

    def sign(self, data: bytes, /) -> bytes:
        """Return the signature (64 bytes) of some bytes."""
        ...


class EventIsFixed(UserError):
    """Somebody tried to edit an entry that can only be struck through."""

    code = "event"


@dataclasses.dataclass(slots=True)
class _Chain:
    """Where this replica's chain of units stands."""

    seq: int
    hash: bytes
    at: str = ""
    """When its last unit was sealed, as kept; empty if it was none of this work's."""


class UnitOfWork:
    """Collects what changes; made and committed by ``Store.unit``.

    Args:
        connection: The home's database, inside an immediate transaction.
        signer: This PC's signing key.
        clock: This PC's clock.
        person: The id of the person record of whoever does this.
        reason: Why, in their words; may be empty.
        kind: What kind of work it is ("save", "import", "undo").
        batch: The batch it belongs to, if it is one of several.
    """

    def __init__(  # what a unit row says
        self,
        connection: Connection,
        *,
        signer: Signer,
        clock: Clock,
        person: int,
        reason: str,
        kind: str,
        batch: int | None,
    ) -> None:
        self._connection = connection
        self._signer = signer
        self._clock = clock
        self._reason = reason
        self._kind = kind
        self.person = person
        """Whoever does this; the very first unit sets it to the person it has just added."""
        self.batch = batch
        """The batch id; set when the unit grows beyond one, or by an import."""
        ((tag, seq, chain_hash, last_unit, last_stamp),) = connection.execute(
            "SELECT tag, seq, hash, (SELECT max(id) FROM unit), (SELECT max(stamp) FROM change) "
            "FROM replica WHERE tag = (SELECT tag FROM context)"
        ).fetchall()
        self.tag: int = tag
        """The replica that this database writes as."""
        self._chain = _Chain(seq, chain_hash)
        last = max(last_unit or 0, last_stamp or 0)
        # one look at the clock for a whole unit: its stamps only have to rise
        moment = clock()
        self._stamper = Stamper(tag, last, lambda: moment)
        self._id = self._stamper.next()
        self._changes: list[log.Change] = []
        self._own: dict[tuple[int, str], tuple[int, ...]] = {}
        self._pending_links: dict[int, tuple[int, bool]] = {}
        self._emptied: list[erasing.Emptied] = []
        self.wrote = False
        """Whether anything has been written."""
        self.touched: set[str] = set()
        """The record types written, those of set elements with those of their records."""

    @property
    def id(self) -> int:
        """The stamp of the unit being filled."""
        return self._id

    @property
    def head(self) -> Head:
        """How far this replica's chain has come with what was written."""
        return Head(self.tag, self._chain.seq, self._chain.at, self._chain.hash)

    def start_batch(self) -> int:
        """Make this a batch of its own, to be undone as one; return its id."""
        if self.batch is None:
            self.batch = self._id
        return self.batch

    def add(self, record: Record, *, derived_from: tuple[str | int, ...] | None = None) -> int:
        """Add a new record.

        Args:
            record: The record; its id is ignored.
            derived_from: For a record the program builds by itself: what it is built from, so
                that another PC that builds it too gives it the same id.

        Returns:
            The record's id.
        """
        spec = spec_of(record)
        identity = None if derived_from is None else derived_id(spec.name, *derived_from)
        operation = log.EVENT if spec.events else log.BIRTH
        born = self._write(spec.name, identity, operation, kept_columns(spec, record))
        for field in spec.sets:
            for value in dict.fromkeys(getattr(record, field.name)):
                self._set_element(spec, field, born, value, present=True)
        return born

    def save(self, loaded: Loaded, record: Record) -> Loaded:
        """Write what is different in a record since it was loaded.

        Args:
            loaded: The record and its versions as they were shown.
            record: The record as it shall be.

        Returns:
            What ``loaded`` would be now, to go on from.

        Raises:
            EventIsFixed: The record is an event and more than its strike-through changed.
        """
        spec = spec_of(record)
        fields: dict[str, Kept] = {}
        over: dict[str, tuple[int, ...]] = {}
        for field in spec.columns:
            before = keep(field, getattr(loaded.record, field.name))
            after = keep(field, getattr(record, field.name))
            if before != after:
                fields[field.name] = after
                # what this unit itself wrote of it a moment ago is replaced too
                own = self._own.get((loaded.id, field.name), ())
                if replaced := (*loaded.versions.get(field.name, ()), *own):
                    over[field.name] = tuple(dict.fromkeys(replaced))
        if spec.events and fields.keys() - {"struck_reason"}:
            raise EventIsFixed(
                f"{spec.label} is an entry of the moment and is not edited afterwards.",
                kept="It stands as it was written.",
                do="Strike it through with a reason and write a new one.",
            )
        versions = dict(loaded.versions)
        if fields:
            stamp = self._edit(spec.name, loaded.id, fields, over)
            versions.update(dict.fromkeys(fields, (stamp,)))
        for field in spec.sets:
            was, now = getattr(loaded.record, field.name), getattr(record, field.name)
            for value in dict.fromkeys(now):
                if value not in was:
                    self._set_element(spec, field, loaded.id, value, present=True)
            for value in was:
                if value not in now:
                    self._set_element(spec, field, loaded.id, value, present=False)
        return Loaded(dataclasses.replace(record, id=loaded.id), versions)

    def resolve(
        self, type_name: str, identity: int, field: str, value: object, heads: Iterable[int]
    ) -> None:
        """Settle a conflict: one value stands for all; written even if it is the one shown.

        Args:
            type_name: The record's type.
            identity: The record.
            field: The field with more than one current version.
            value: The value chosen.
            heads: The versions that were shown to the person who chose.
        """
        kept = keep(all_specs()[type_name].by_name[field], value)
        self._write(type_name, identity, log.RESOLVE, {field: kept}, {field: tuple(heads)})

    def put_back(
        self, type_name: str, identity: int, fields: Mapping[str, Kept], over: Mapping[str, int]
    ) -> None:
        """Write earlier kept values again, each over the one version it undoes."""
        self._edit(type_name, identity, fields, {name: (old,) for name, old in over.items()})

    def erase(self, type_name: str, identity: int, fields: Mapping[str, Kept]) -> int:
        """Erase content; see :func:`liaison.store.erasing.erase`.

        Args:
            type_name: The record's type.
            identity: The record; nothing else of it is written in this unit.
            fields: What is written over it; of a field that becomes None no content is left.

        Returns:
            How many changes of the log lose content.
        """
        gone = [name for name, value in fields.items() if value is None]
        changes = erasing.emptied(self._connection, identity, gone)
        heads = self._connection.execute(
            "SELECT field, stamp FROM field_version WHERE rec = ? ORDER BY stamp", (identity,)
        ).fetchall()
        over = {
            name: stamps
            for name in fields
            if (stamps := tuple(stamp for field, stamp in heads if field == name))
        }
        named = {**fields, log.ERASED: erasing.naming(changes)}
        self._write(type_name, identity, log.ERASE, named, over)
        self._emptied += changes
        return len(changes)

    def write_again(self, change: log.Change) -> int:
        """Write a change of a lost fork of this PC as its own; return its new stamp.

        Args:
            change: The change, its ``over`` naming versions that are in the log; a birth whose
                ``rec`` is 0 becomes that of a new record.
        """
        stamp = self._next_stamp()
        over = {name: tuple(olds) for name, olds in change.over.items()}
        rec = change.rec or stamp
        self._append(stamp, change.type, rec, change.op, change.fields, over)
        return stamp

    def _edit(
        self,
        type_name: str,
        identity: int,
        fields: Mapping[str, Kept],
        over: Mapping[str, tuple[int, ...]],
    ) -> int:
        stamp = self._next_stamp()
        self._append(stamp, type_name, identity, log.EDIT, fields, over)
        self._own.update({(identity, name): (stamp,) for name in fields})
        return stamp

    def _write(
        self,
        type_name: str,
        identity: int | None,
        operation: str,
        fields: Mapping[str, Kept],
        over: Mapping[str, tuple[int, ...]] | None = None,
    ) -> int:
        stamp = self._next_stamp()
        rec = stamp if identity is None else identity
        self._append(stamp, type_name, rec, operation, fields, over or {})
        return rec

    def _next_stamp(self) -> int:
        if len(self._changes) >= MOST_CHANGES:
            self.start_batch()
            self._seal()
            self._id = self._stamper.next()
        return self._stamper.next()

    def _append(  # noqa: PLR0917  # the columns of one log entry
        self,
        stamp: int,
        type_name: str,
        rec: int,
        operation: str,
        fields: Mapping[str, Kept],
        over: Mapping[str, tuple[int, ...]],
    ) -> None:
        self.touched.add(type_name)
        salt = os.urandom(log.SALT_BYTES)
        self._changes.append(log.make_change(stamp, type_name, rec, operation, fields, over, salt))

    def _set_element(
        self, spec: RecordSpec, field: FieldSpec, owner: int, value: object, *, present: bool
    ) -> None:
        link = spec.link(field.name)
        self.touched.add(spec.name)
        kept = keep(field, value)
        assert kept is not None  # noqa: S101  # a set has no empty elements
        identity = derived_id(link, owner, field.name, kept)
        known, heads = self._link_state(link, identity)
        if known is None:
            if present:
                # "in the set" is said, not left out: elsewhere it may have been added and removed
                # before, and the newer word is the one to show
                fields = {"owner": owner, "value": kept, "archived": 0}
                stamp = self._next_stamp()
                self._append(stamp, link, identity, log.BIRTH, fields, {})
                self._pending_links[identity] = (stamp, True)
        elif known != present:
            over = {"archived": heads} if heads else {}
            again: dict[str, Kept] = {"archived": int(not present)}
            if present and self._is_erased(link, identity):
                again["value"] = kept
                over |= self._heads_of(identity, "value")
            stamp = self._edit(link, identity, again, over)
            self._pending_links[identity] = (stamp, present)

    def _link_state(self, link: str, identity: int) -> tuple[bool | None, tuple[int, ...]]:
        """Return whether a set's element is in the set (None: never was) and its versions."""
        if identity in self._pending_links:
            stamp, present = self._pending_links[identity]
            return present, (stamp,)
        row = self._connection.execute(
            f"SELECT archived FROM {quote(link)} WHERE id = ?", (identity,)
        ).fetchone()
        if row is None:
            return None, ()
        heads = self._connection.execute(
            "SELECT stamp FROM field_version WHERE rec = ? AND field = 'archived'", (identity,)
        )
        return not row[0], tuple(stamp for (stamp,) in heads)

    def _is_erased(self, link: str, identity: int) -> bool:
        """Return whether a set's element lost its value to an erasure."""
        row = self._connection.execute(
            f"SELECT value IS NULL FROM {quote(link)} WHERE id = ?", (identity,)
        ).fetchone()
        return row is not None and bool(row[0])

    def _heads_of(self, identity: int, field: str) -> dict[str, tuple[int, ...]]:
        rows = self._connection.execute(
            "SELECT stamp FROM field_version WHERE rec = ? AND field = ?", (identity, field)
        )
        heads = tuple(stamp for (stamp,) in rows)
        return {field: heads} if heads else {}

    def finish(self) -> None:
        """Write everything that was collected and close the guard; the caller commits."""
        if self._changes:
            self._seal()
        if self.wrote:
            self._connection.execute("UPDATE replica SET unit_open = 0 WHERE tag = ?", (self.tag,))

    def _seal(self) -> None:
        unit = log.Unit(
            id=self._id,
            tag=self.tag,
            seq=self._chain.seq + 1,
            at=times.to_stored(self._clock()),
            person=self.person,
            kind=self._kind,
            reason=self._reason,
            batch=self.batch,
            hash=b"",
            signature=b"",
        )
        digest = log.unit_hash(self._chain.hash, unit, [c.digest for c in self._changes])
        signed = unit._replace(hash=digest, signature=self._signer.sign(log.signed_bytes(digest)))
        # the chain goes on, and the guard opens for what is written below
        self._connection.execute(
            "UPDATE replica SET seq = ?, hash = ?, unit_open = 1 WHERE tag = ?",
            (unit.seq, digest, self.tag),
        )
        append_to_log(self._connection, [log.Envelope(signed, self._changes)])
        project(self._connection, self._changes, ours=True)
        if self._emptied:
            erasing.empty(self._connection, self._emptied)
        self._chain = _Chain(unit.seq, digest, unit.at)
        self._changes, self._emptied = [], []
        self.wrote = True


def append_to_log(connection: Connection, envelopes: Iterable[log.Envelope]) -> None:
    """Add units and their changes to the log's tables."""
    units: list[tuple[object, ...]] = []
    entries: list[tuple[object, ...]] = []
    for unit, changes in envelopes:
        units.append((*unit, changes[-1].stamp if changes else unit.id))
        of = unit.id
        entries += [
            (stamp, of, type_name, rec, op, fields, over, salt, first or digest)
            for stamp, type_name, rec, op, _, _, fields, over, salt, digest, first in changes
        ]
    insert_rows(
        connection,
        "INSERT INTO unit(id, tag, seq, at, person, kind, reason, batch, hash, signature, last)",
        units,
    )
    insert_rows(
        connection,
        "INSERT INTO change(stamp, unit, type, rec, op, fields, over, salt, digest)",
        entries,
    )
