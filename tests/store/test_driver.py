"""The encrypted connection: the driver's place, its settings, its faults in plain words."""

from __future__ import annotations

import contextlib
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
import sqlcipher3

from liaison.errors import UserError
from liaison.records.directory import Service
from liaison.store import driver
from liaison.store.driver import DatabaseTrouble, WrongKey
from liaison.store.query import Query, every
from liaison.store.search import search
from liaison.store.store import Store
from liaison.store.verify import verify
from tests.store.children import HEAD, case, child, said
from tests.store.conftest import KEY, add, person_of, reopened, signer_of

OTHER_KEY: Final = bytes(range(1, 33))
# how SQLite lays out a write-ahead log and its index
LOG_HEAD: Final = 32
PAGE_SALT: Final = 8
INDEX_HEAD: Final = 136

# ---- the driver in sqlite-utils' place


def python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )


def test_sqlite_utils_uses_the_encrypted_driver() -> None:
    done = python(
        "import liaison.store.driver, sqlcipher3, sqlite_utils.utils\n"
        "assert sqlite_utils.utils.sqlite3 is sqlcipher3\n"
        "assert sqlite_utils.db.sqlite3 is sqlcipher3\n"
    )
    assert done.returncode == 0, done.stderr


def test_a_wrong_order_of_imports_fails_loudly() -> None:
    done = python("import sqlite_utils\nimport liaison.store.driver\n")
    assert done.returncode != 0
    assert "must be imported before sqlite_utils" in done.stderr


WRITE_AND_RETURN: Final = """
import sys, sqlcipher3, sqlite_utils
def opened():
    connection = sqlcipher3.connect(sys.argv[1], isolation_level=None)
    connection.execute("PRAGMA key = \\"x'" + "00" * 32 + "'\\"")
    return connection
connection = opened()
db = sqlite_utils.Database(connection, execute_plugins=False)
db.execute("CREATE TABLE t (a TEXT UNIQUE)")
for values in ("('one')", "('two'), ('one')"):
    try:
        list(db.query(f"INSERT INTO t VALUES {values} RETURNING a"))
        print("written")
    except sqlcipher3.Error as error:
        print(type(error).__name__)
    print(connection.in_transaction)
connection.execute("INSERT INTO t VALUES ('three')")
connection.close()
print([a for (a,) in opened().execute("SELECT a FROM t")])
"""


@pytest.mark.parametrize(
    ("first", "printed"),
    [
        pytest.param(
            "import liaison.store.driver",
            ["written", "False", "IntegrityError", "False", "['one', 'three']"],
            id="in its place",
        ),
        pytest.param(
            "",
            # a transaction is left open, and everything written after it is lost
            ["OperationalError", "True", "OperationalError", "True", "[]"],
            id="without: this is why",
        ),
    ],
)
def test_a_failing_statement_leaves_no_transaction_open(
    tmp_path: Path, first: str, printed: list[str]
) -> None:
    with child(f"{first}\n{WRITE_AND_RETURN}", tmp_path / "x.db") as process:
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert out.splitlines() == printed


def test_sqlite_utils_gets_a_keyed_connection_only(store: Store) -> None:
    db = driver.database(store.connection)
    assert db.conn is store.connection
    assert "person" in db.table_names()
    assert not store.path.read_bytes().startswith(b"SQLite format 3")


def test_a_new_file_is_its_owners_and_never_an_old_one(tmp_path: Path) -> None:
    path = tmp_path / "liaison.db"
    driver.new_file(path)
    if sys.platform != "win32":
        assert path.stat().st_mode & 0o777 == 0o600
    path.write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        driver.new_file(path)
    assert path.read_bytes() == b"mine"


# ---- settings


def test_the_settings_are_in_force(store: Store) -> None:
    again = reopened(store)
    reader = Store(store.path, KEY)
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,
        "temp_store": 2,
        "trusted_schema": 0,
        "recursive_triggers": 1,
        "foreign_keys": 0,
    }
    with again, reader:
        for opened, read_only in ((again, 0), (reader, 1)):
            found = {
                name: opened.connection.execute(f"PRAGMA {name}").fetchone()[0] for name in wanted
            }
            assert found == wanted
            (only,) = opened.connection.execute("PRAGMA query_only").fetchone()
            assert only == read_only
            assert not opened.connection.in_transaction
            assert opened.connection.isolation_level is None
        assert again.connection.execute("PRAGMA cipher_version").fetchone()[0]


def test_a_save_compiles_nothing_anew_however_much_was_read_before_and_between(
    store: Store,
) -> None:
    for number in range(150):
        store.connection.execute(f"SELECT {number}").fetchall()
    add(store, Service(name="Wound care"))
    for number in range(150, 300):
        store.connection.execute(f"SELECT {number}").fetchall()
    compiled: list[tuple[object, ...]] = []

    def note(*what: object) -> int:
        compiled.append(what)
        return int(sqlcipher3.SQLITE_OK)

    store.connection.set_authorizer(note)
    # who looks on from now on is asked about everything once more
    add(store, Service(name="Podiatry"))
    assert compiled
    compiled.clear()
    add(store, Service(name="Dietetics"))
    assert compiled == []


def test_a_reader_cannot_write(store: Store) -> None:
    with Store(store.path, KEY) as reader:
        with pytest.raises(driver.DriverError, match="readonly"):
            reader.connection.execute("UPDATE context SET generation = 9")
        with pytest.raises(DatabaseTrouble, match="for reading only"), reader.unit(1):
            pass


# ---- what is not a home, or not this home


@contextlib.contextmanager
def plainly(code: str, *kinds: type[UserError]) -> Iterator[None]:
    """Expect a plain error whose whole traceback tells nothing of the key."""
    with pytest.raises(kinds or UserError) as caught:
        yield
    assert caught.value.code == code
    assert caught.value.what
    assert caught.value.kept
    assert caught.value.do
    told = "".join(traceback.format_exception(caught.value))
    seen: BaseException | None = caught.value
    while seen is not None:
        told += f"{seen!r} {seen} {seen.args}"
        seen = seen.__context__
    for key in (KEY, OTHER_KEY):
        for form in (key.hex(), key.hex().upper(), repr(key), str(list(key))):
            assert form not in told
    assert "PRAGMA key" not in told.replace('connection.execute(f"PRAGMA key', "")


def both_ways(path: Path, key: bytes = KEY) -> Iterator[Callable[[], Store]]:
    yield lambda: Store(path, key, signer_of(5))
    yield lambda: Store(path, key)


@pytest.fixture
def closed(store: Store) -> Path:
    """A home with some pages of notes, closed: one file."""
    with store.unit(person_of(store)) as unit:
        for number in range(30):
            unit.add(Service(name=f"service {number}", explanation=f"word{number} " * 200))
    store.close()
    return store.path


def test_a_wrong_key(closed: Path, capfd: pytest.CaptureFixture[str]) -> None:
    before = closed.read_bytes()
    for opening in both_ways(closed, OTHER_KEY):
        with plainly("damaged-database", WrongKey):
            opening()
    # SQLCipher has a log of its own
    assert capfd.readouterr() == ("", "")
    assert closed.read_bytes() == before


def test_a_key_of_another_length_is_a_bug_of_ours(closed: Path) -> None:
    for length in (0, 31, 33):
        with pytest.raises(ValueError, match=r"^a database key has 32 bytes$"):
            driver.connect(closed, bytes(range(64, 64 + length)))


def plain_database(path: Path) -> None:
    path.unlink()
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE context (home TEXT)")
        connection.commit()


def encrypted_songs(path: Path) -> None:
    path.unlink()
    driver.new_file(path)
    with contextlib.closing(driver.connect(path, KEY)) as connection:
        connection.execute("CREATE TABLE song (title TEXT)")


def test_what_is_not_a_whole_home(closed: Path) -> None:
    whole = closed.read_bytes()
    cases: dict[str, bytes | Callable[[Path], None]] = {
        "empty": b"",
        "one byte": b"\x00",
        "half a page": whole[:2000],
        "one page": whole[:4096],
        "half": whole[: len(whole) // 2],
        "a page short": whole[:-4096],
        "a byte short": whole[:-1],
        "zeros": bytes(len(whole)),
        "text": b"Dear Sir or Madam, " * 1000,
        "plain SQLite": plain_database,
        "an encrypted database of another program": encrypted_songs,
    }
    for name, content in cases.items():
        if isinstance(content, bytes):
            closed.write_bytes(content)
        else:
            content(closed)
        before = closed.read_bytes()
        for opening in both_ways(closed):
            with case(name), plainly("damaged-database", WrongKey, DatabaseTrouble):
                opening()
        assert closed.read_bytes() == before, "nothing was changed, as the message says"


def test_an_empty_database_of_ours_is_no_home(tmp_path: Path) -> None:
    """What a power cut leaves just when a home is being made."""
    path = tmp_path / "liaison.db"
    driver.new_file(path)
    for _ in range(2):
        for opening in both_ways(path):
            with plainly("damaged-database", WrongKey):
                opening()
        driver.connect(path, KEY).close()
    for opening in both_ways(path):
        with plainly("damaged-database", WrongKey):
            opening()


def test_no_file_or_a_folder_in_its_place(tmp_path: Path) -> None:
    for path in (tmp_path / "liaison.db", tmp_path, tmp_path / "no" / "liaison.db"):
        for opening in both_ways(path):
            with plainly("damaged-database", DatabaseTrouble):
                opening()
    with plainly("cannot-open", DatabaseTrouble):
        driver.connect(tmp_path, KEY)
    for read_only in (True, False):
        with plainly("cannot-open", DatabaseTrouble):
            driver.connect(tmp_path / "none.db", KEY, read_only=read_only)
    assert not list(tmp_path.iterdir()), "nothing was made"


def everything(path: Path) -> list[object]:
    """Read every page there is: rows, log, search index, structure."""
    with Store(path, KEY) as opened, driver.plain_errors():
        found: list[object] = [*every(opened, Query("service"))]
        found += opened.connection.execute("SELECT * FROM change ORDER BY stamp").fetchall()
        found += opened.connection.execute("SELECT * FROM unit ORDER BY id").fetchall()
        found += search(opened, "word7")
        checked = opened.connection.execute("PRAGMA integrity_check").fetchall()
        return found if checked == [("ok",)] else []


def test_a_flipped_bit_is_told_or_does_no_harm(closed: Path, *, full_faults: bool) -> None:
    """Every page is sealed: what is read is what was written, or a plain error."""
    whole = closed.read_bytes()
    right = everything(closed)
    chance = random.Random(1)
    middle = chance.sample(range(len(whole)), 20_000 if full_faults else 60)
    places = [0, 15, 16, 100, 4000, 4095, *middle]
    told = 0
    with closed.open("r+b") as file:
        for place in places:
            file.seek(place)
            file.write(bytes([whole[place] ^ 1 << chance.randrange(8)]))
            file.flush()
            found: list[object] = []
            try:
                found = everything(closed)
            except UserError as error:
                assert error.code == "damaged-database"  # noqa: PT017  # either is right
            told += not found
            assert not found or found == right
            file.seek(place)
            file.write(whole[place : place + 1])
            file.flush()
    assert told > len(places) // 3
    assert everything(closed) == right


def test_a_flipped_header_is_no_home(closed: Path) -> None:
    whole = closed.read_bytes()
    for place in (0, 15, 16, 60, 4095):
        closed.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        for opening in both_ways(closed):
            with plainly("damaged-database", WrongKey):
                opening()


# ---- permissions


RIGHTS: Final = {
    "folder read-only": (0o644, 0o555, "DatabaseTrouble read-only"),
    "both read-only": (0o444, 0o555, "DatabaseTrouble read-only"),
    "file locked away": (0o000, 0o755, "DatabaseTrouble cannot-open"),
    "folder locked away": (0o644, 0o000, "DatabaseTrouble cannot-open"),
    # told at the first write: reading goes on
    "file read-only": (0o444, 0o777, "opened"),
}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_without_the_right_to_write_or_read(closed: Path) -> None:
    # pytest's own folder cannot be entered by another user
    with tempfile.TemporaryDirectory() as name:
        outside = Path(name)
        outside.chmod(0o755)
        paths = []
        for case_name, (file, folder, _) in RIGHTS.items():
            inside = outside / case_name
            inside.mkdir()
            paths.append(Path(shutil.copy(closed, inside / "liaison.db")))
            paths[-1].chmod(file)
            inside.chmod(folder)
        try:
            printed = said(TRYING, *paths)
        finally:
            for path in paths:
                path.parent.chmod(0o700)
    wanted = [line for _, _, told in RIGHTS.values() for line in (told, told)]
    assert printed == [*wanted, "30", "DatabaseTrouble read-only"]


TRYING: Final = """
give_up_rights()
def opening(signer):
    try:
        Store(path, KEY, signer).close()
        print("opened")
    except UserError as error:
        print(type(error).__name__, error.code)
for path in map(Path, sys.argv[1:]):
    opening(signer_of(5))
    opening(None)
with Store(path, KEY, signer_of(5)) as home:
    print(sum(1 for _ in query.every(home, query.Query("service"))))
    attempt(lambda: note(home, "x"))
"""


# ---- another program


def test_another_programs_write_is_waited_for_and_then_told(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(driver, "BUSY_SECONDS", 0.05)
    with Store(store.path, KEY, signer_of(5)) as second:
        before = [service.name for _, service in services(second)]
        with store.unit(1) as unit:
            unit.add(Service(name="first"))
            with plainly("busy", DatabaseTrouble):
                add(second, Service(name="second"))
            # opening writes nothing when nothing is to be upgraded
            Store(store.path, KEY, signer_of(5)).close()
            # reading goes on, and sees nothing half-written
            assert [service.name for _, service in services(second)] == before
        add(second, Service(name="third"))
        assert {service.name for _, service in services(store)} == {"first", "third"}


def test_a_database_held_by_another_program_is_busy_and_not_damaged(
    closed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(driver, "BUSY_SECONDS", 0.05)
    with contextlib.closing(driver.connect(closed, KEY)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        for opening in both_ways(closed):
            with plainly("busy", DatabaseTrouble):
                opening()


def services(store: Store) -> list[tuple[int | None, Service]]:
    found = [(r.id, r) for r in every(store, Query("service")) if isinstance(r, Service)]
    return sorted(found, key=lambda pair: pair[0] or 0)


# ---- a full disk


LONG: Final = "after " + " ".join(f"word{number}" for number in range(20_000))


def test_a_full_disk_keeps_everything_saved_before(store: Store) -> None:
    kept = add(store, Service(name="kept", explanation="before " * 100))
    (pages,) = store.connection.execute("PRAGMA page_count").fetchone()
    store.connection.execute(f"PRAGMA max_page_count = {pages + 5}")
    for _ in range(3):
        with plainly("disk-full", DatabaseTrouble):
            add(store, Service(name="lost", explanation=LONG))
        assert not store.connection.in_transaction
    assert [service.name for _, service in services(store)] == ["kept"]
    # space was made: the same home goes on
    store.connection.execute("PRAGMA max_page_count = 1000000")
    again = add(store, Service(name="again", explanation=LONG))
    with reopened(store) as home:
        assert [rec for rec, _ in services(home)] == [kept, again]
        assert home.connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert len(search(home, "after")) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_a_disk_that_takes_no_more_loses_nothing_acknowledged(closed: Path) -> None:
    """The log file cannot grow: each note that was acknowledged is there, no other is."""
    printed = said(
        """
path = Path(sys.argv[1])
home = Store(path, KEY, signer_of(5))
no_file_beyond(path.stat().st_size + 100_000)
for number in range(40):
    try:
        print("saved", note(home, f"n{number} " * 3000))
    except UserError as error:
        print(error.code)
        break
try:
    home.close()
except UserError as error:
    print("closing", error.code)
os._exit(0)
""",
        closed,
    )
    saved = [int(line.split()[1]) for line in printed if line.startswith("saved")]
    assert 2 <= len(saved) < 40
    assert printed[len(saved)] in {"disk-error", "disk-full"}
    with Store(closed, KEY, signer_of(5)) as home:
        found = [rec for rec, service in services(home) if service.name == "x"]
        assert found == saved
        assert home.connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert add(home, Service(name="on it goes"))


SAVING: Final = """
home = Store(Path(sys.argv[1]), KEY, signer_of(5))
number = 0
while True:
    number += 1
    rec = note(home, f"n{number} " * 300)
    print(rec, flush=True)
"""


def test_a_kill_while_saving_loses_nothing_acknowledged(closed: Path) -> None:
    """Each time it may be anywhere in a save; what comes after goes on from there."""
    acknowledged: list[int] = []
    for wanted in (1, 9, 25):
        with child(HEAD + SAVING, closed) as process:
            assert process.stdout
            told = [process.stdout.readline() for _ in range(wanted)]
            process.kill()
            # what it had said by then counts too
            told += process.stdout.read().splitlines()
        acknowledged += [int(line) for line in told if line.strip()]
        with Store(closed, KEY, signer_of(5)) as home:
            found = [rec for rec, service in services(home) if service.name == "x"]
            assert found[: len(acknowledged)] == acknowledged
            # at most the one that was saved and not yet said
            assert len(found) <= len(acknowledged) + 1
            acknowledged = [rec for rec in found if rec is not None]
            assert verify(home).damage == []
    assert len(acknowledged) >= 35
    assert sorted(file.name for file in closed.parent.iterdir()) == ["liaison.db", "liaison.mark"]


# ---- nothing in clear

WORDS: Final = ("quetzalcoatlus", "zwieback-pudding", "Łukasz Żółć")

WRITING: Final = f"""
path = Path(sys.argv[1])
words = {WORDS!r}
home = Store(path, KEY, signer_of(5))
unit.MOST_CHANGES = 500
with home.unit(1, "quetzalcoatlus again") as work:
    for number in range(1500):
        work.add(Service(name=f"{{words[0]}} {{number}}", explanation=" ".join(words) * 30))
# sorts, searches and copies that need room of their own
sorting = "SELECT explanation, name FROM service ORDER BY explanation || name, id"
assert len(home.connection.execute(sorting).fetchall()) == 1500
assert len(search.search(home, "zwieback-pudding", limit=2000)) == 1500
# more than the cache holds, uncommitted: pages go to the log file early
home.connection.execute("PRAGMA cache_size = 10")
home.connection.execute("BEGIN IMMEDIATE")
home.connection.execute("CREATE TABLE waiting_copy AS SELECT * FROM service")
home.connection.execute("CREATE TABLE another_copy AS SELECT * FROM change")
home.connection.execute("SAVEPOINT here")
home.connection.execute("UPDATE waiting_copy SET explanation = explanation || name")
print("open", flush=True)
sys.stdin.readline()
home.connection.execute("ROLLBACK")
backup.write_backup(home, KEY, b"keys", path.with_name("copy.backup"))
home.close()
print("closed", flush=True)
sys.stdin.readline()
"""


def test_nothing_is_in_clear_in_any_file(store: Store, tmp_path: Path) -> None:
    """Open, closed and after a kill; in the home's folder and in the one for temporary files."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    path = store.path
    store.close()
    code = HEAD + WRITING

    with child(code, path, temporary=temporary) as process:
        assert process.stdout
        assert process.stdout.readline() == "open\n", process.communicate()[1]
        names = {file.name for file in path.parent.iterdir()}
        assert {"liaison.db", "liaison.db-wal", "liaison.db-shm"} <= names
        assert path.with_name("liaison.db-wal").stat().st_size > 2_000_000
        nothing_in_clear(path.parent, temporary)
        process.kill()
        process.wait()
    nothing_in_clear(path.parent, temporary)

    with Store(path, KEY, signer_of(5)) as home:
        assert len(search(home, "quetzalcoatlus", limit=2000)) == 1500
        nothing_in_clear(path.parent, temporary)
    nothing_in_clear(path.parent, temporary)

    with child(code, path, temporary=temporary) as process:
        process.kill()
        process.wait()
    # the grep itself: it would find them
    (tmp_path / "clear").mkdir()
    (tmp_path / "clear" / "x").write_text("12 Quetzalcoatlus", "utf-8")
    with pytest.raises(AssertionError, match="quetzal"):
        nothing_in_clear(tmp_path / "clear")


def test_nothing_is_in_clear_after_closing_and_backing_up(store: Store, tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    path = store.path
    store.close()
    with child(HEAD + WRITING, path, temporary=temporary) as process:
        assert process.stdin
        assert process.stdout
        assert process.stdout.readline() == "open\n", process.communicate()[1]
        process.stdin.write("\n")
        process.stdin.flush()
        assert process.stdout.readline() == "closed\n", process.communicate()[1]
        files = sorted(file.name for file in path.parent.iterdir())
        assert files == ["copy.backup", "liaison.db", "liaison.mark"]
        nothing_in_clear(path.parent, temporary)
        process.communicate("\n", timeout=60)
    assert process.returncode == 0
    assert not list(temporary.iterdir())


@pytest.mark.parametrize("read_only", [False, True])
def test_a_log_without_one_whole_page_puts_no_memory_of_ours_on_the_disk(
    store: Store, tmp_path: Path, *, read_only: bool
) -> None:
    """A crash between the log's new beginning and its first page leaves one like that."""
    add(store, Service(name="service"))
    after = tmp_path / "after the crash"
    after.mkdir()
    path, log = after / store.path.name, after / f"{store.path.name}-wal"
    shutil.copy(store.path, path)
    page = bytearray(store.path.with_name(log.name).read_bytes())
    page[LOG_HEAD + PAGE_SALT] ^= 1
    log.write_bytes(page)
    # as much memory as the index takes, with words in it, and free again
    held = [bytearray(b"quetzal " * 4600) for _ in range(200)]
    held.clear()

    with contextlib.closing(driver.connect(path, KEY, read_only=read_only)) as connection:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        index = path.with_name(f"{path.name}-shm").read_bytes()
    assert len(index) > INDEX_HEAD
    # there is no page in the log, so the index knows of none
    assert not any(index[INDEX_HEAD:])


def nothing_in_clear(*folders: Path) -> None:
    forms = [
        form
        for word in WORDS
        for piece in (word, word[:9])
        for form in (piece.lower().encode(), piece.lower().encode("utf-16-le"))
    ]
    forms += [KEY, KEY.hex().encode()]
    for folder in folders:
        for file in folder.rglob("*"):
            if file.is_file():
                data = file.read_bytes()
                for text in (data, data.lower()):
                    for form in forms:
                        assert form not in text, (file.name, form)


def test_after_an_error_of_the_disk_the_home_goes_on(closed: Path) -> None:
    code = """
home = Store(Path(sys.argv[1]), KEY, signer_of(5))
note(home, "before")
first = home.connection
size = Path(sys.argv[1] + "-wal").stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
attempt(lambda: note(home, "x" * 100_000))
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print(home.connection is first)
attempt(lambda: note(home, "after"))
print([len(search.search(home, word)) for word in ("before", "after")])
home.close()
"""
    assert said(code, closed) == [
        "DatabaseTrouble disk-error",
        "False",
        "done",
        "[1, 1]",
    ]


def test_a_lock_that_was_not_to_be_had_at_opening_is_no_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "home.db"
    driver.new_file(path)

    class Contended(sqlcipher3.Connection):  # type: ignore[misc]  # the driver ships no types
        def execute(self, statement: str, *given: object) -> object:
            if "sqlite_master" in statement:
                raise sqlcipher3.OperationalError("locking protocol")
            return super().execute(statement, *given)

    monkeypatch.setattr(driver, "_Connection", Contended)
    with pytest.raises(driver.DatabaseTrouble) as told:
        driver.connect(path, bytes(32))
    assert told.value.code == driver.BUSY
