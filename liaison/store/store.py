"""The store: one home's encrypted database, opened, written through units of work, read in pages."""

from __future__ import annotations

import dataclasses
import datetime as dt
import gc
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Self

from liaison.files import plain_errors as plain_file_errors
from liaison.records import Record, RecordSpec, all_specs
from liaison.records.rules.times import in_london
from liaison.records.vocabularies import Vocabularies, shipped
from liaison.store import derived, driver, mark, projection, rows
from liaison.store.driver import DatabaseTrouble, plain_errors
from liaison.store.migrations import pending, upgrade
from liaison.store.replicas import Context, Replica, admit, read_context
from liaison.store.rows import Loaded
from liaison.store.stamps import MOST_TAGS
from liaison.store.transactions import Transaction, guard_open, immediate, savepoint
from liaison.store.unit import Signer, UnitOfWork

if TYPE_CHECKING:
    from liaison.store.driver import Connection
    from liaison.store.stamps import Clock

FILE_NAME = "liaison.db"


def now() -> dt.datetime:
    """Return the present moment by this PC's clock."""
    return dt.datetime.now().astimezone()


class Store:
    """An open home.

    Args:
        path: The database file.
        key: Its 32-byte key.
        signer: This PC's signing key; None to open for reading only.
        clock: This PC's clock.
        fixed: It lies where nothing can be written.

    Raises:
        UserError: The file cannot be opened or written, in plain words.
    """

    def __init__(
        self,
        path: Path,
        key: bytes,
        signer: Signer | None = None,
        *,
        clock: Clock = now,
        fixed: bool = False,
    ) -> None:
        self.path = path
        self.clock = clock
        self.key = key
        self._signer = signer
        self._words: Vocabularies | None = None
        self._non_empty: set[str] = set()
        self._touched: set[str] = set()
        # an I/O error came and the file could not be opened anew yet
        self._doubtful = False
        # what is written now becomes part of a transaction that is open already
        self._joined = False
        self._sealed: mark.Head | None = None
        self.fixed = fixed
        self.loss: mark.Loss | None = None
        """What the outside mark says is missing; nothing is written until somebody has decided."""
        _require_database(path, fixed=fixed)
        self.connection: Connection = driver.connect(
            path, key, read_only=signer is None, fixed=fixed
        )
        try:
            with plain_errors():
                _require_home(self.connection)
                if signer is None:
                    self._require_this_version()
                else:
                    self._upgrade()
                self.context = read_context(self.connection)
                self.mark = mark.Mark(path.with_name(mark.FILE_NAME), self.context.home)
                if signer is not None:
                    self._compare_with_mark()
        except BaseException:
            self.connection.close()
            raise

    def _compare_with_mark(self) -> None:
        """See whether the database has come as far as the mark beside it says it had."""
        # first the mark, then the database: another program may be saving
        marked = self.mark.read()
        if marked is None:
            self._begin_mark()
        else:
            self.loss = mark.loss_of(self.connection, marked)

    def _begin_mark(self) -> None:
        head = mark.head_of(self.connection, self.context.tag)
        if head is not None:
            self.mark.begin(head)

    def accept_loss(self) -> None:
        """Go on with what is there: the manager has decided; from here on it may be written to."""
        self.loss = None
        self._begin_mark()

    @classmethod
    def create(
        cls, path: Path, key: bytes, *, context: Context, replica: Replica, signer: Signer,
        clock: Clock = now,
    ) -> Store:  # fmt: skip
        """Make an empty database and return it open.

        Args:
            path: A file that does not exist.
            key: Its 32-byte key.
            context: What it shall know of its home.
            replica: This PC as the first to write here.
            signer: This PC's signing key.
            clock: This PC's clock.
        """
        with plain_file_errors(path):
            driver.new_file(path)
        connection = driver.connect(path, key)
        try:
            with plain_errors(), immediate(connection):
                upgrade(driver.database(connection))
                connection.execute(
                    "INSERT INTO context(one, home, root, tag, generation, derived) "
                    "VALUES (1, ?, ?, ?, ?, '')",
                    dataclasses.astuple(context),
                )
                admit(connection, replica)
                derived.rebuild(connection)
        finally:
            connection.close()
        return cls(path, key, signer, clock=clock)

    def _require_this_version(self) -> None:
        """Refuse to read tables that are not those of the declarations."""
        if pending(driver.database(self.connection)):
            raise DatabaseTrouble(
                "This home was last used with an older version of Liaison.",
                kept="Nothing was changed.",
                do="Open it once for writing; that brings it up to date.",
                code="older-home",
            )

    def _upgrade(self) -> None:
        """Bring an older home to this version's schema; nearly always nothing is to be done."""
        connection = self.connection
        # looked at before the lock is taken: opening never waits for another program's write
        if not (pending(driver.database(connection)) or derived.outdated(connection)):
            return
        with immediate(connection):
            before = _columns(connection)
            migrated = upgrade(driver.database(connection))
            if migrated:
                # search and guards follow the declarations; rows that waited for a new column
                # are put in place before they exist
                with guard_open(connection):
                    projection.catch_up(connection, before)
            derived.rebuild(connection, force=migrated)

    def wait_at_most(self, seconds: float) -> None:
        """Wait no longer than this for another program's write, from now on."""
        self.connection.execute(f"PRAGMA busy_timeout = {round(seconds * 1000):d}")

    def close(self) -> None:
        """Close the home; the write-ahead log is folded into the file first.

        Never ``PRAGMA optimize`` here: statistics of a home with one record were believed when it
        had thousands, and a check of the log took minutes. Without any, the indexes decide.
        """
        try:
            # nobody waits at closing for another program's write
            self.connection.execute("PRAGMA busy_timeout = 0")
            self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except driver.DriverError:
            # nothing is lost: the log is folded in at the next opening
            pass
        finally:
            self.connection.close()
            self.mark.close()

    def __enter__(self) -> Self:
        """Use the store in a ``with`` block; it closes at the end."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the store."""
        self.close()

    # ---- writing

    @contextmanager
    def unit(
        self, person: int, reason: str = "", *, kind: str = "save", batch: int | None = None
    ) -> Iterator[UnitOfWork]:
        """Write records: everything done inside is one transaction, or nothing.

        Args:
            person: The id of the person record of whoever does this.
            reason: Why, in their words.
            kind: What kind of work it is, one word.
            batch: The batch this is a part of.

        Yields:
            The unit of work.

        Raises:
            UserError: The disk or another program prevented it; nothing was written.
        """
        if self._signer is None:
            raise self._for_reading_only()
        with self._transaction() as transaction:
            work = UnitOfWork(
                self.connection,
                signer=self._signer,
                clock=self.clock,
                person=person,
                reason=reason,
                kind=kind,
                batch=batch,
            )
            self._see_own_life(work.tag)
            yield work
            work.finish()
            # nothing to keep: the guard falls shut with the rest
            transaction.keep = work.wrote
        if work.wrote:
            self._note(work.head)
        self._touched |= work.touched
        self._words = None

    def _see_own_life(self, tag: int) -> None:
        """Notice that another connection began a new life of this PC: the old one writes no more."""
        if tag != self.context.tag:
            self.context = dataclasses.replace(self.context, tag=tag)

    def _note(self, head: mark.Head) -> None:
        """Note outside how far the chain has come, once that is on the disk."""
        if self._joined:
            self._sealed = head
        else:
            self.mark.write(head)

    def _note_sealed(self) -> None:
        if self._sealed is not None:
            self.mark.write(self._sealed)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Write what is no record: units that wait, what the database knows of its keys."""
        with self._transaction():
            yield self.connection

    @contextmanager
    def together(self) -> Iterator[None]:
        """Let everything written inside be one transaction: units and what is no record alike.

        Raises:
            UserError: The disk or another program prevented it; nothing at all was written.
        """
        within, before = self._joined, self._sealed
        if not within:
            self._sealed = None
        try:
            with self._transaction():
                self._joined = True
                try:
                    yield
                finally:
                    self._joined = False
        except BaseException:
            # of what was taken back nothing is noted outside
            self._sealed = before
            raise
        if not within:
            # never before all of it is on the disk
            self._note_sealed()

    @contextmanager
    def applying(self) -> Iterator[Connection]:
        """Add checked units of other PCs to the log and show them; only the merge does this."""
        with self.writing() as connection, guard_open(connection):
            yield connection
        # what other PCs send may be of any type
        self._touched |= all_specs().keys()
        self._words = None

    def _for_reading_only(self) -> DatabaseTrouble:
        if self.fixed:
            return driver.read_only_media()
        return DatabaseTrouble(
            "This home was opened for reading only.", kept="Nothing was changed.", code="read-only"
        )

    @contextmanager
    def _transaction(self) -> Iterator[Transaction]:
        if self._joined:
            # a unit inside a unit would break the chain: only one level joins
            self._joined = False
            try:
                with plain_errors(), savepoint(self.connection) as transaction:
                    yield transaction
            finally:
                self._joined = True
            return
        if self._doubtful:
            self._reopen()
        if self.loss is not None:
            raise mark.Incomplete(self.loss)
        try:
            with plain_errors(), immediate(self.connection) as transaction:
                yield transaction
        except DatabaseTrouble as trouble:
            if trouble.code == driver.DISK_ERROR:
                self._reopen()
            raise

    def _reopen(self) -> None:
        """Open the file anew: after an I/O error what the connection remembers may be wrong."""
        self._doubtful = True
        anew = driver.connect(self.path, self.key, read_only=self._signer is None, fixed=self.fixed)
        anew.hidden = self.hidden
        self.connection.close()
        self.connection = anew
        with plain_errors():
            for (message,) in self.connection.execute("PRAGMA quick_check(1)"):
                if message != "ok":
                    raise driver.not_this_key()
            if self._signer is not None:
                self._compare_with_mark()
        self._doubtful = False

    def see_generation(self, generation: int) -> None:
        """Remember the key file's generation, so that an older one is noticed."""
        # of a database that went back in time it is remembered once somebody has decided
        if generation > self.context.generation and self.loss is None:
            with self.writing() as connection:
                connection.execute("UPDATE context SET generation = ?", (generation,))
            self.context = dataclasses.replace(self.context, generation=generation)

    def found(self, root: bytes, generation: int) -> None:
        """Pin the root of trust of a home that is just being made."""
        with self.writing() as connection:
            connection.execute("UPDATE context SET root = ?, generation = ?", (root, generation))
        self.context = dataclasses.replace(self.context, root=root, generation=generation)

    def new_incarnation(self, public_key: bytes, pc: int, incarnation: int) -> Replica:
        """Go on as a replica of its own, with a tag nobody here has had.

        Args:
            public_key: The key this PC signs with (32 bytes).
            pc: The id of this PC's record.
            incarnation: Which life of this PC it is.

        Returns:
            The new replica; the vault must learn its tag.
        """
        with self.writing() as connection:
            known = {tag for (tag,) in connection.execute("SELECT tag FROM replica")}
            tag = secrets.choice([tag for tag in range(MOST_TAGS) if tag not in known])
            replica = Replica(tag, pc, incarnation, public_key)
            admit(connection, replica)
            connection.execute("UPDATE context SET tag = ?", (tag,))
        self.context = dataclasses.replace(self.context, tag=tag)
        self._begin_mark()
        return replica

    @property
    def hidden(self) -> frozenset[tuple[str, str]]:
        """The fields that whoever opened the home does not see, as pairs of type and field."""
        hidden: frozenset[tuple[str, str]] = self.connection.hidden
        return hidden

    def hide(self, fields: frozenset[tuple[str, str]]) -> None:
        """Leave fields empty in everything that is read, found or told of the past.

        It is a courtesy between people at one PC: the file holds them, and the key opens it all.
        """
        self.connection.hidden = fields

    def today(self) -> dt.date:
        """Return the day on the home's wall: in Europe/London, whatever zone the PC is in."""
        return in_london(self.clock()).date()

    def take_touched(self) -> frozenset[str]:
        """Return the record types that were written since this was last asked.

        A list or a page that shows one of them is out of date. An element of a set counts as a
        change of its record's type and of the link type.
        """
        touched, self._touched = frozenset(self._touched), set()
        return touched

    # ---- reading

    def refresh(self) -> None:
        """Forget what is remembered of the tables: another connection has written."""
        self._words = None

    def get(self, type_name: str, identity: int) -> Record | None:
        """Return one record as it is, merged into another or not; None if it is not here."""
        with plain_errors():
            return rows.get(self.connection, _type(type_name), identity)

    def follow(self, type_name: str, identity: int) -> Record | None:
        """Return the record that stands for an id today: duplicates lead to what they became."""
        seen: list[int] = []
        record = self.get(type_name, identity)
        while record is not None and record.merged_into is not None:
            if identity in seen:
                # two PCs merged two records into each other: the older one stands for both
                return self.get(type_name, min(seen[seen.index(identity) :]))
            seen.append(identity)
            identity = record.merged_into
            target = self.get(type_name, identity)
            if target is None:
                return record
            record = target
        return record

    def load(self, type_name: str, identity: int) -> Loaded | None:
        """Return one record with the versions to save it with; None if it is not here."""
        with plain_errors():
            return rows.load(self.connection, _type(type_name), identity)

    def the(self, type_name: str) -> Loaded | None:
        """Return the one record of a type that a home has once."""
        with plain_errors():
            row = self.connection.execute(f"SELECT min(id) FROM {_type(type_name).name}").fetchone()
        return None if row[0] is None else self.load(type_name, row[0])

    @property
    def vocabularies(self) -> Vocabularies:
        """The home's lists of choices: the shipped ones with the manager's changes."""
        if self._words is None:
            with plain_errors():
                own = self.connection.execute(
                    "SELECT vocabulary, value, label, position, retired, "
                    "archived OR merged_into IS NOT NULL FROM vocabulary_item ORDER BY id"
                ).fetchall()
            words = shipped()
            self._words = words.extended(
                # a word that was taken out stays known to the records that use it; a change to a
                # shipped one that was taken out leaves the shipped one
                (vocabulary, value, label, position, retired or gone)
                for vocabulary, value, label, position, retired, gone in own
                if not gone or not words.has(vocabulary, value)
            )
        return self._words

    def non_empty(self, candidates: Mapping[str, object]) -> list[str]:
        """Return which of some types have any record; nothing is ever deleted, so it may be kept."""
        for name in candidates:
            if name not in self._non_empty:
                found = self.connection.execute(f"SELECT 1 FROM {_type(name).name} LIMIT 1")
                if found.fetchone():
                    self._non_empty.add(name)
        return [name for name in candidates if name in self._non_empty]


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pause Python's cyclic garbage collector: over many changes it took a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _columns(connection: Connection) -> dict[str, frozenset[str]]:
    """Return the columns of every record table there is."""
    found: dict[str, frozenset[str]] = {}
    for name in all_specs():
        columns = connection.execute(f"PRAGMA table_info('{name}')").fetchall()
        found[name] = frozenset(column[1] for column in columns)
    return found


def _require_database(path: Path, *, fixed: bool) -> None:
    """Refuse what SQLite would take for an empty database and begin to fill."""
    try:
        size = path.stat().st_size if path.is_file() else None
        log = path.with_name(f"{path.name}-wal")
        in_use = log.exists() and log.stat().st_size > 0
    except OSError:
        # SQLite will say what is in the way
        return
    if size is None:
        raise DatabaseTrouble(
            f"There is no database ({path.name}) in this home's folder.",
            kept="Nothing was changed.",
            do="Bring the file back, or restore the newest backup into a new folder.",
            code="damaged-database",
        )
    if fixed and in_use:
        raise DatabaseTrouble(
            "This home was not closed properly, and lies where it can only be read.",
            kept="Nothing was changed. Its newest saves lie in a file beside the database.",
            do="Copy its whole folder to this PC's own disk and open it there.",
            code="read-only",
        )
    # with nobody writing (the log beside it is empty) a database has whole pages
    if size < driver.PAGE_BYTES or (size % driver.PAGE_BYTES and not in_use):
        raise driver.not_this_key()


def _require_home(connection: Connection) -> None:
    """Refuse a database that is not one of ours, or was never finished."""
    found = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'context'").fetchone()
    if found is None:
        raise driver.not_this_key()


def _type(name: str) -> RecordSpec:
    return all_specs()[name]
