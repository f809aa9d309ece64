"""The encrypted connection: the only module that knows the database driver.

sqlite-utils catches the exceptions of the driver it finds first. With SQLCipher's driver under it
and the standard library's names in its ``except`` clauses, a failing statement left a transaction
open and rows were lost (measured; ``tests/store/test_driver.py`` shows it). So SQLCipher is put in
the place sqlite-utils looks first, before sqlite-utils is imported anywhere.
"""

from __future__ import annotations

import os
import sys
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

import sqlcipher3

from liaison.errors import UserError

if "sqlite_utils" in sys.modules:  # pragma: no cover  # import order is proven by a test
    message = "liaison.store.driver must be imported before sqlite_utils"
    raise ImportError(message)
sys.modules["pysqlite3"] = sqlcipher3
sys.modules["pysqlite3.dbapi2"] = sqlcipher3.dbapi2

import sqlite_utils  # noqa: E402  # only now, see above
import sqlite_utils.utils  # noqa: E402

if vars(sqlite_utils.utils)["sqlite3"] is not sqlcipher3:  # pragma: no cover
    message = "sqlite-utils did not take SQLCipher's driver"
    raise ImportError(message)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

# Without an adapter of their own the driver asks every None and every bytes twice, in vain, whether
# it can be something else: 0.9 microseconds a value, most of the time of an insert (measured).
sqlcipher3.register_adapter(type(None), {}.get)  # None for None, and no call of ours
sqlcipher3.register_adapter(bytes, bytes)

# the driver ships no types; its connection behaves as sqlite3.Connection
Connection = Any
DriverError: Final = sqlcipher3.Error
KEY_BYTES: Final = 32
BUSY: Final = "busy"
"""The code of an error: another program has the file open or writes to it."""

DISK_ERROR: Final = "disk-error"
"""The code of an input/output error; the connection is opened anew after one."""

PAGE_BYTES: Final = 4096
"""The size of a page, and of the smallest database."""

BUSY_SECONDS: Final = 10
"""How long a write waits for another program's write to end."""

_STEPS: Final = 100_000
"""Steps of SQLite between two looks at whether to go on: a few hundredths of a second."""

_CACHE_KIB: Final = 32 * 1024

# The driver keeps 100 unless told otherwise, and once those are full throws out the newest for
# every next one: in a window that had shown a few lists, each save compiled its every statement
# anew, a fifth of its time (measured).
_STATEMENTS: Final = 1_000


class _Connection(sqlcipher3.Connection):  # type: ignore[misc]  # the driver ships no types
    """A connection that knows which fields whoever uses it does not see."""

    hidden: frozenset[tuple[str, str]] = frozenset()


class WrongKey(UserError):
    """The file is not a database of this key: damaged, replaced, or never one."""

    code = "damaged-database"


class DatabaseTrouble(UserError):
    """The disk or another program kept the database from doing what was asked."""

    code = "database-trouble"


def connect(path: Path, key: bytes, *, read_only: bool = False, fixed: bool = False) -> Connection:
    """Open an encrypted database file (an empty one becomes a new database).

    Args:
        path: The database file; see :func:`new_file` to make one.
        key: 32 bytes; used as it is, without a key derivation.
        read_only: Refuse writes; the file must exist.
        fixed: Nobody can write to it meanwhile: it is read without locks and without a log.

    Returns:
        A connection in autocommit mode: transactions are begun explicitly, always immediate.

    Raises:
        WrongKey: The file does not open with this key.
        DatabaseTrouble: The file cannot be opened at all.
    """
    if len(key) != KEY_BYTES:
        message = "a database key has 32 bytes"
        raise ValueError(message)
    mode = "ro" if read_only else "rw"
    if fixed:
        mode += "&immutable=1"
    elif _has_log(path):
        _take_in_log(path, key)
    with plain_errors():
        connection = _open(path, mode, BUSY_SECONDS)
    try:
        _unlock(connection, key)
        _set_up(connection, read_only=read_only)
    except BaseException:
        connection.close()
        raise
    return connection


def _open(path: Path, mode: str, busy_seconds: float) -> Connection:
    return sqlcipher3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        isolation_level=None,
        timeout=busy_seconds,
        check_same_thread=False,
        cached_statements=_STATEMENTS,
        factory=_Connection,
    )


def _has_log(path: Path) -> bool:
    """Return whether there is a write-ahead log: a crash left it, or somebody has the file open."""
    try:
        return path.with_name(f"{path.name}-wal").stat().st_size > 0
    except OSError:
        return False


def _take_in_log(path: Path, key: bytes) -> None:
    """Take in what a crash left in the write-ahead log, while nobody else has the database open.

    The log's index is worked out anew after a crash. SQLite does that in memory it has not cleared,
    and where not even the log's first page is whole, it copies that memory as it is into the file
    ``-shm`` (seen with 3.53): whatever this program has read or been told, in the clear. With the
    database locked for one connection alone there is no such file. If somebody has the database
    open, nothing is to be taken in. Whoever only reads needs it as well: an index is made for them
    too.
    """
    # whatever is wrong is told by the opening that follows
    with suppress(DriverError, UserError), closing(_open(path, "rw", 0)) as connection:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        _unlock(connection, key)


def new_file(path: Path) -> None:
    """Make an empty file for a new database that only its owner may read.

    Raises:
        FileExistsError: There is one already.
    """
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    os.close(handle)


def _unlock(connection: Connection, key: bytes) -> None:
    try:
        # before the key: a failing key statement must not be logged with its text
        connection.execute("PRAGMA cipher_log_level = NONE")
        # the pages' seal: SHA-256 has instructions of its own in today's processors, which takes a
        # fifth off every save; the default of the process, so that a VACUUM INTO is sealed alike
        connection.execute("PRAGMA cipher_default_hmac_algorithm = HMAC_SHA256")
        # a bound parameter does not work in a PRAGMA; the key is hexadecimal digits only
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        # a wrong key shows only at the first read
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except DriverError as error:
        trouble = _trouble(error)
        # from None: the statement that failed holds the key
        if trouble is None or trouble.code == WrongKey.code:
            raise not_this_key() from None
        raise trouble from None


def not_this_key() -> WrongKey:
    """Say that a file is not the database that belongs to a key, whatever else it is."""
    return WrongKey(
        "The home's database cannot be read: it is damaged, or it is not the one that belongs "
        "to these keys.",
        kept="Nothing was changed.",
        do="Restore the newest backup into a new folder, and keep this folder as it is.",
    )


def _set_up(connection: Connection, *, read_only: bool) -> None:
    with plain_errors():
        for pragma in (
            # anything else has been seen to leak plaintext into a temporary file
            "temp_store = MEMORY",
            f"cache_size = -{_CACHE_KIB}",
            "recursive_triggers = ON",
            "foreign_keys = OFF",
            "trusted_schema = OFF",
            # NORMAL lost acknowledged commits in over half of the simulated power cuts
            "synchronous = FULL",
        ):
            connection.execute(f"PRAGMA {pragma}")
        if read_only:
            connection.execute("PRAGMA query_only = ON")
        else:
            connection.execute("PRAGMA journal_mode = WAL")


def database(connection: Connection) -> sqlite_utils.Database:
    """Return sqlite-utils over an encrypted connection (never over a path: that is plaintext)."""
    return sqlite_utils.Database(connection, execute_plugins=False)


def is_damage(error: Exception) -> bool:
    """Return whether a driver's error says that the file is damaged (not locked, full or busy)."""
    trouble = _trouble(error)
    return trouble is not None and trouble.code == WrongKey.code


def busy(kept: str = "Everything saved before is kept.") -> DatabaseTrouble:
    """Say that another program holds the file."""
    return DatabaseTrouble(
        "Another program is writing to this home just now.",
        kept=kept,
        do="Wait a moment and try again; if it stays so, close the other window of Liaison.",
        code=BUSY,
    )


def _trouble(error: Exception) -> DatabaseTrouble | None:
    """Say in plain words what the disk or another program did; None for a bug of ours."""
    text = str(error)
    kept = "Everything saved before is kept; this last step was not saved."
    # the second after ten seconds in which others opened, closed or recovered it all the while
    if "is locked" in text or "locking protocol" in text:
        return busy(kept)
    if "database or disk is full" in text:
        return DatabaseTrouble(
            "The disk is full.",
            kept=kept,
            do="Free some space, then do it again.",
            code="disk-full",
        )
    if "readonly database" in text:
        return DatabaseTrouble(
            "This home lies in a folder that cannot be written to.",
            kept=kept,
            do="Ask for the right to write there, or move the home to a folder of your own.",
            code="read-only",
        )
    if "unable to open database" in text:
        return DatabaseTrouble(
            "The home's database file cannot be opened.",
            kept="Nothing was changed.",
            do="Check that the folder is there and that you may read and write it.",
            code="cannot-open",
        )
    # a search index whose pages are damaged says only that it could not be made
    if any(
        word in text
        for word in (
            "malformed",
            "not a database",
            "corrupt",
            "fts5: checksum mismatch",
            "vtable constructor failed",
        )
    ):
        return DatabaseTrouble(
            "The home's database is damaged.",
            kept="What is damaged was not used.",
            do="Run the check (verify), then restore the newest backup into a new folder.",
            code="damaged-database",
        )
    if "disk I/O error" in text:
        return DatabaseTrouble(
            "The disk did not do what was asked (an input/output error).",
            kept=kept,
            do="Close Liaison, check the disk and the space left on it, then open it again.",
            code=DISK_ERROR,
        )
    return None


@contextmanager
def stoppable(connection: Connection, look_up: Callable[[], object]) -> Iterator[None]:
    """Look up every now and then during one long statement; what that raises stops the statement.

    Args:
        connection: The connection it runs on.
        look_up: Called every few hundredths of a second.
    """
    stopped: list[BaseException] = []

    def handler() -> int:
        try:
            look_up()
        except BaseException as stop:  # noqa: BLE001  # raised again below: SQLite is in between
            stopped.append(stop)
        return len(stopped)

    connection.set_progress_handler(handler, _STEPS)
    try:
        yield
    except DriverError:
        if stopped:
            raise stopped[0] from None
        raise
    finally:
        connection.set_progress_handler(None, 0)


def pass_over(connection: Connection, tables: Collection[str]) -> None:
    """Let no statement of a connection put rows into some tables; it goes on as if it had.

    That is so for ``VACUUM INTO`` too, whose statements name the tables of the file it makes.

    Args:
        connection: The connection.
        tables: Their names, in whatever database.
    """

    def ruling(action: int, table: str | None, *_: str | None) -> int:
        passed = action == sqlcipher3.SQLITE_INSERT and table in tables
        return int(sqlcipher3.SQLITE_IGNORE if passed else sqlcipher3.SQLITE_OK)

    connection.set_authorizer(ruling)


def read_only_media() -> DatabaseTrouble:
    """Say that a home lies where it can be read and not be written to."""
    return DatabaseTrouble(
        "This home lies on a disk or in a folder that can only be read.",
        kept="Everything in it can be read. What is typed cannot be saved.",
        do="To go on working in it, copy its folder to this PC's own disk and open it there.",
        code="read-only",
    )


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn what the disk or another program did into plain words; leave our own bugs alone."""
    try:
        yield
    except sqlcipher3.DatabaseError as error:
        environment = type(error) in {sqlcipher3.OperationalError, sqlcipher3.DatabaseError}
        trouble = _trouble(error) if environment else None
        if trouble is None:
            raise
        raise trouble from None
