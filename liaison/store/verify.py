"""Checking a home: is the file whole, is the log unbroken and signed, do the rows follow from it.

``verify`` trusts nothing that is derived: it hashes every change, checks every signature and works
out every record again from the log, so a write by any other tool shows as state that the log does
not explain.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from liaison.records import all_specs
from liaison.store import changes as log
from liaison.store import derived, driver, erased_apart, erasing, heads
from liaison.store.blobs import blob_id
from liaison.store.merge import signed_by
from liaison.store.rows import column_list
from liaison.store.schema import quote
from liaison.store.store import collector_paused

if TYPE_CHECKING:
    from liaison.records import RecordSpec
    from liaison.records.values import Kept
    from liaison.store.driver import Connection
    from liaison.store.heads import Witness
    from liaison.store.store import Store

Progress = Callable[[str, int, int], None]
"""Told the step's name, how much of it is done and how much there is."""

_MOST_DAMAGE: Final = 100
_TELL_EVERY: Final = 5_000


@dataclasses.dataclass(frozen=True, slots=True)
class Damage:
    """One thing that is not as the log says.

    Args:
        what: One plain sentence.
        type: The record type concerned, if one is.
        rec: The record concerned, if one is.
    """

    what: str
    type: str = ""
    rec: int = 0


@dataclasses.dataclass(slots=True)
class Report:
    """What a check went through and what it found."""

    units: int = 0
    changes: int = 0
    records: int = 0
    damage: list[Damage] = dataclasses.field(default_factory=list)

    def add(self, what: str, type_name: str = "", rec: int = 0) -> None:
        """Note damage; a wrecked file is not listed line by line."""
        if len(self.damage) < _MOST_DAMAGE:
            self.damage.append(Damage(what, type_name, rec))


def verify(
    store: Store,
    *,
    deep: bool = False,
    blob_key: bytes | None = None,
    witnesses: Iterable[Witness] = (),
    progress: Progress = lambda _step, _done, _all: None,
) -> Report:
    """Check everything.

    Args:
        store: The home.
        deep: Also the search index, the timeline and the bytes of attachments.
        blob_key: The home's blob key, for the attachments.
        witnesses: What other places have seen of the log: it must not have lost any of that.
        progress: Told how far it is.

    Returns:
        What was gone through and what was found; no damage means that all of it holds.
    """
    report = Report()
    connection = store.connection
    try:
        with driver.stoppable(connection, partial(progress, "The file", 0, 0)):
            _file(connection, report)
        with collector_paused(), _one_moment(connection):
            _chains(connection, report, progress)
            _records(connection, report, progress)
            for witness in witnesses:
                for what in heads.missing(connection, witness):
                    report.add(what)
        if deep:
            _search_index(connection, report, progress)
            with _one_moment(connection):
                _blobs(connection, report, blob_key, progress)
    except driver.DriverError as error:
        # once a page does not open, what the driver says of the rest may be anything
        if not driver.is_damage(error) and not report.damage:
            # another program, a full disk: nothing that was kept is wrong
            with driver.plain_errors():
                raise
        report.add(f"A part of the database cannot be read ({type(error).__name__}).")
    return report


@contextmanager
def _one_moment(connection: Connection) -> Iterator[None]:
    """Read everything as of one moment: another program may be saving meanwhile."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")


def _file(connection: Connection, report: Report) -> None:
    (reader,) = connection.execute("PRAGMA query_only").fetchone()
    if not reader:
        # pages still in the write-ahead log are not seen by the cipher's own check
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
    found = _bad_seals(connection)
    if found:
        # a page that another connection was writing just then is whole the next time
        found &= _bad_seals(connection)
    for message in sorted(found):
        report.add(f"The file is damaged: {message}.")
    for (message,) in connection.execute("PRAGMA integrity_check(20)"):
        if message != "ok":
            report.add(f"The database is damaged: {message}.")


def _bad_seals(connection: Connection) -> set[str]:
    return {message for (message,) in connection.execute("PRAGMA cipher_integrity_check")}


def _chains(connection: Connection, report: Report, progress: Progress) -> None:
    # what a removed PC erased stays empty where nobody has it any more
    lawful = erasing.erasures_apart(connection) | erasing.erasures(connection)
    gone = erased_apart.stamps(connection) | erased_apart.stamps_apart(connection)
    (total,) = connection.execute("SELECT count(*) FROM unit").fetchone()
    known: set[int] = set()
    for tag, public_key, seq, last_hash in connection.execute(
        "SELECT tag, public_key, seq, hash FROM replica ORDER BY tag"
    ).fetchall():
        known.add(tag)
        try:
            key = Ed25519PublicKey.from_public_bytes(public_key)
        except ValueError:
            report.add("The public key of a PC is damaged.")
            continue
        at, chain = 0, log.NO_HASH
        for unit, digests in _units(connection, tag, lawful, gone, report):
            at += 1
            if unit.seq != at:
                report.add(f"Units {at} to {unit.seq - 1} of a PC are missing.")
                at = unit.seq
            chain = log.unit_hash(chain, unit, digests)
            if chain != unit.hash:
                report.add(f"Unit {unit.seq} of a PC was changed or does not continue the chain.")
                chain = unit.hash
            if not signed_by(key, unit):
                report.add(f"The signature of unit {unit.seq} of a PC does not hold.")
            report.units += 1
            if report.units % _TELL_EVERY == 0:
                progress("Signatures", report.units, total)
        if (at, chain) != (seq, last_hash):
            report.add("The newest entries of a PC are missing from the log.")
    orphans = connection.execute(
        "SELECT count(*) FROM change AS c LEFT JOIN unit AS u ON u.id = c.unit "
        "WHERE u.id IS NULL OR c.stamp NOT BETWEEN u.id AND u.last"
    ).fetchone()[0]
    strangers = report.units != total
    if orphans or strangers:
        report.add("The log holds entries of nobody this home knows.")


def _units(
    connection: Connection,
    tag: int,
    lawful: Mapping[int, erasing.Erasure],
    gone: Collection[int],
    report: Report,
) -> Iterator[tuple[log.Unit, list[bytes]]]:
    rows = connection.execute(
        "SELECT u.id, u.tag, u.seq, u.at, u.person, u.kind, u.reason, u.batch, u.hash, "
        "u.signature, u.last, c.stamp, c.type, c.rec, c.op, c.fields, c.over, c.salt, c.digest "
        f"FROM unit AS u LEFT JOIN change AS c ON {log.OF_UNIT} WHERE u.tag = ? "
        "ORDER BY u.seq, c.stamp",
        (tag,),
    )
    words = 10
    for _, group in groupby(rows, key=itemgetter(0)):
        entries = list(group)
        digests: list[bytes] = []
        for row in entries:
            stamp, type_name, rec, op, fields, over, salt, digest = row[words + 1 :]
            if stamp is None:
                continue
            report.changes += 1
            digests.append(digest)
            found = log.digest_of(stamp, type_name, rec, op, fields or "", over, salt or b"")
            if found == digest or _is_erased(lawful.get(stamp), found, fields, salt):
                continue
            whole = stamp in gone and not salt and fields is not None
            if not (whole and erased_apart.is_left(type_name, op, json.loads(fields))):
                report.add("A change in the log was altered afterwards.", type_name, rec)
        first, last = entries[0], entries[-1]
        if last[words] != (last[words + 1] or first[0]):
            report.add(f"Unit {first[2]} of a PC does not end where the log says.")
        yield log.Unit(*first[:words]), digests


def _is_erased(
    erasure: erasing.Erasure | None, found: bytes, fields: str | None, salt: bytes | None
) -> bool:
    """Return whether a change that is not what it was is what an erasure in the log left of it."""
    if erasure is None or fields is None:
        return False
    # two PCs erased from it at once: what both left cannot be hashed, only looked at
    return found == erasure.digest or (
        not salt and all(json.loads(fields).get(name) is None for name in erasure.names)
    )


def _records(connection: Connection, report: Report, progress: Progress) -> None:
    (total,) = connection.execute("SELECT count(*) FROM change").fetchone()
    tables = {name: _Rows(connection, spec) for name, spec in all_specs().items()}
    versions = _Versions(connection)
    done = 0
    rows = connection.execute(
        "SELECT rec, stamp, type, op, fields, over FROM change ORDER BY rec, stamp"
    )
    for rec, group in groupby(rows, key=itemgetter(0)):
        entries = list(group)
        done += len(entries)
        type_name = entries[0][2]
        try:
            state, born, heads = _replay(rec, entries)
        except (ValueError, TypeError, AttributeError):
            # that it was altered has been noted with its digest
            report.add("A record's changes cannot be read.", type_name, rec)
            continue
        if versions.of(rec) != heads:
            report.add("The versions of a record are not those of its changes.", type_name, rec)
        table = tables.get(type_name)
        if table is not None and born:
            report.records += 1
            if table.differs(rec, state, report):
                report.add(
                    "A record is not what the log says: it was written by another program.",
                    type_name,
                    rec,
                )
        if done % _TELL_EVERY < len(entries):
            progress("Records", done, total)
    for name, table in tables.items():
        for rec in table.rest():
            report.add("There is a record that the log does not know.", name, rec)
    if versions.left():
        report.add("There are versions of records that the log does not know.")
    (late,) = connection.execute(
        "SELECT count(*) FROM superseded WHERE stamp IN (SELECT stamp FROM change)"
    ).fetchone()
    if late:
        report.add("Versions are noted as not yet arrived that are here.")


def _replay(rec: int, entries: list[Any]) -> tuple[dict[str, Kept], bool, list[tuple[str, int]]]:
    """Work a record out from its changes.

    Returns:
        Its fields, whether it was born, and its current versions.
    """
    state: dict[str, Kept] = {}
    if len(entries) == 1 and entries[0][1] == rec and entries[0][3] in log.BIRTHS:
        # by far the most: written once, never changed
        return json.loads(entries[0][4]), True, []
    born = False
    heads: set[tuple[str, int]] = set()
    replaced: set[tuple[str, int]] = set()
    for _, stamp, _, op, text, over_text in entries:
        is_birth = op in log.BIRTHS
        born = born or is_birth
        if over_text != "{}":
            over = json.loads(over_text)
            replaced.update((name, old) for name, olds in over.items() for old in olds)
        fields = json.loads(text)
        # in the order of stamps the last one stands: a stamp exceeds what it replaces
        state.update(fields)
        if not is_birth or stamp != rec:
            heads.update((name, stamp) for name in fields if name != log.ERASED)
    return state, born, sorted(heads - replaced)


class _Rows:
    """A record table, read once from its lowest id to its highest beside the log."""

    def __init__(self, connection: Connection, spec: RecordSpec) -> None:
        self._spec = spec
        self._names = [field.name for field in spec.columns]
        self._rows = iter(
            connection.execute(
                f"SELECT {column_list(spec.name)} FROM {quote(spec.name)} ORDER BY id"
            )
        )
        self._row = next(self._rows, None)

    def differs(self, rec: int, state: dict[str, Kept], report: Report) -> bool:
        """Return whether the row of a record is missing or says something else than the log."""
        while self._row is not None and self._row[0] < rec:
            report.add(
                "There is a record that the log does not know.", self._spec.name, self._row[0]
            )
            self._row = next(self._rows, None)
        if self._row is None or self._row[0] != rec:
            return True
        row, self._row = self._row, next(self._rows, None)
        return tuple(row[1:]) != tuple(map(state.get, self._names))

    def rest(self) -> Iterator[int]:
        """Yield the ids of rows that no change of the log explains."""
        while self._row is not None:
            yield self._row[0]
            self._row = next(self._rows, None)


class _Versions:
    """The current versions, read once from the lowest record to the highest."""

    def __init__(self, connection: Connection) -> None:
        rows = connection.execute("SELECT rec, field, stamp FROM field_version ORDER BY 1, 2, 3")
        self._groups = groupby(rows, key=itemgetter(0))
        self._next = self._take()
        self._strange = False

    def _take(self) -> tuple[int, list[tuple[str, int]]] | None:
        found = next(self._groups, None)
        return None if found is None else (found[0], [(row[1], row[2]) for row in found[1]])

    def of(self, rec: int) -> list[tuple[str, int]]:
        """Return the current versions of a record's fields."""
        while self._next is not None and self._next[0] < rec:
            self._strange = True
            self._next = self._take()
        if self._next is None or self._next[0] != rec:
            return []
        versions = self._next[1]
        self._next = self._take()
        return versions

    def left(self) -> bool:
        """Return whether there were versions of records the log does not know."""
        return self._strange or self._next is not None


def _search_index(connection: Connection, report: Report, progress: Progress) -> None:
    specs = all_specs()
    for done, (name, spec) in enumerate(specs.items()):
        progress("Search", done, len(specs))
        for prefix, fields in (
            (derived.SEARCH_PREFIX, derived.searched(spec)),
            (derived.NAMES_PREFIX, derived.named(spec)),
        ):
            if not fields:
                continue
            index = quote(prefix + name)
            try:
                connection.execute(
                    f"INSERT INTO {index}({index}, rank) VALUES ('integrity-check', 1)"
                )
            except driver.DriverError as error:
                if not driver.is_damage(error):
                    raise
                report.add("A search index does not fit its records.", name)
    if derived.timeline_differs(connection):
        report.add("The timeline does not fit the records.")


def _blobs(connection: Connection, report: Report, key: bytes | None, progress: Progress) -> None:
    if key is None:
        return
    (count,) = connection.execute("SELECT count(*) FROM blob").fetchone()
    there: set[str] = set()
    # one after another: to look one up SQLite reads all the bytes of those it passes
    for name, data in connection.execute("SELECT id, bytes FROM blob"):
        progress("Attachments", len(there), count)
        there.add(name)
        if blob_id(key, data) != name:
            report.add("The bytes of an attachment were changed.")
    spoken_of = connection.execute("SELECT sha256 FROM attachment WHERE sha256 IS NOT NULL")
    missing = sum(name not in there for (name,) in spoken_of)
    if missing:
        report.add(f"The bytes of {missing} attachments are missing.")


def state_digest(connection: Connection) -> str:
    """Return a digest of everything shown and every current version; equal on equal frontiers."""
    digest = hashlib.sha256()
    tables = [(name, column_list(name), "id") for name in all_specs()]
    tables += [(name, "rec, field, stamp", "1, 2, 3") for name in ("field_version", "superseded")]
    for name, columns, order in tables:
        digest.update(f"{name}\n".encode())
        for row in connection.execute(f"SELECT {columns} FROM {quote(name)} ORDER BY {order}"):
            digest.update(log.dump(row).encode() + b"\n")
    return digest.hexdigest()
