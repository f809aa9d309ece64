"""The backup: whole or refused, never in the place of a good one, never in clear."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import random
import shutil
import struct
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from liaison.errors import UserError
from liaison.files import CannotWrite
from liaison.records.directory import Service
from liaison.store import backup
from liaison.store.backup import DamagedBackup, read_about, read_keys, unpack, write_backup
from liaison.store.driver import DatabaseTrouble, WrongKey
from liaison.store.query import Query, every
from liaison.store.store import FILE_NAME, Store
from liaison.store.verify import verify
from tests.store.children import case, said
from tests.store.conftest import HOME, KEY, Typical, add, person_of, signer_of

KEYS: Final = b'{"the key file": "of this moment"}'


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Another disk."""
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


@pytest.fixture
def written(store: Store, typical: Typical, place: Path) -> Path:
    """A good backup of a home with a few records."""
    path = place / "home.backup"
    write_backup(store, KEY, KEYS, path)
    return path


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def services(store: Store) -> list[str]:
    found = every(store, Query("service", newest_first=False))
    return [str(record.name) for record in found if isinstance(record, Service)]


@contextlib.contextmanager
def restored(path: Path) -> Iterator[Store]:
    """Unpack a backup into a folder of its own and open it."""
    with tempfile.TemporaryDirectory() as name:
        unpack(path, Path(name))
        with Store(Path(name) / FILE_NAME, KEY, signer_of(5)) as home:
            yield home


# ---- there and back


def test_a_backup_brings_everything_back(
    store: Store, typical: Typical, place: Path, tmp_path: Path
) -> None:
    path = place / "Home of Siân's 100% #1?.backup"
    told = write_backup(store, KEY, KEYS, path)
    assert names(place) == [path.name]
    assert told == read_about(path)
    assert told.home == HOME
    assert told.made_at == "2026-11-23T09:00:00Z+00:00"
    folder = tmp_path / "new"
    folder.mkdir()
    about, keys = unpack(path, folder)
    assert (about, keys) == (told, KEYS)
    assert read_keys(path) == KEYS
    assert names(folder) == [FILE_NAME]
    assert (folder / FILE_NAME).stat().st_size == about.size
    with Store(folder / FILE_NAME, KEY, signer_of(5)) as home:
        assert home.context == store.context
        for table in ("resident", "organisation", "visit_entry", "change", "unit", "timeline"):
            sql = f"SELECT * FROM {table} ORDER BY 1, 2"
            assert (
                home.connection.execute(sql).fetchall() == store.connection.execute(sql).fetchall()
            )
        assert verify(home).damage == []
        # and it is a home to go on with
        assert add(home, Service(name="after"))


def test_a_reader_may_make_a_backup_too(store: Store, typical: Typical, place: Path) -> None:
    with Store(store.path, KEY) as reader:
        write_backup(reader, KEY, KEYS, place / "home.backup")
    with restored(place / "home.backup") as home:
        assert verify(home).damage == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_only_the_owner_may_read_it(written: Path, tmp_path: Path) -> None:
    assert written.stat().st_mode & 0o777 == 0o600
    unpack(written, tmp_path)
    assert (tmp_path / FILE_NAME).stat().st_mode & 0o777 == 0o600


def test_a_newer_backup_takes_the_place_of_an_older(
    store: Store, written: Path, place: Path
) -> None:
    add(store, Service(name="newer"))
    write_backup(store, KEY, b"newer keys", written)
    assert names(place) == ["home.backup"]
    assert read_keys(written) == b"newer keys"
    with restored(written) as home:
        assert services(home)[-1] == "newer"


def test_nothing_in_it_is_in_clear(store: Store, place: Path) -> None:
    add(store, Service(name="quetzalcoatlus", explanation="zwieback " * 2000))
    write_backup(store, KEY, KEYS, place / "home.backup")
    data = (place / "home.backup").read_bytes().lower()
    assert KEYS.lower() in data, "the key file is sealed by itself"
    for word in (b"quetzal", b"zwieback", KEY, KEY.hex().encode(), b"sqlite format"):
        assert word not in data


def test_a_clock_before_1980_is_no_reason_to_have_no_backup(
    store: Store, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A PC whose battery is empty; a ZIP has no dates before 1980."""
    monkeypatch.setattr(time, "localtime", lambda *_: time.gmtime(0))
    write_backup(store, KEY, KEYS, place / "home.backup")
    with restored(place / "home.backup") as home:
        assert services(home) == []


# ---- what is not a whole backup


def refused(path: Path, folder: Path, code: str = "damaged-backup") -> None:
    """Whoever asks, a backup is refused plainly and nothing is left behind."""
    folder.mkdir(exist_ok=True)
    before = names(folder)
    asking: tuple[Callable[[], object], ...] = (
        lambda: read_about(path),
        lambda: read_keys(path),
        lambda: unpack(path, folder),
    )
    for ask in asking:
        with pytest.raises(DamagedBackup) as caught:
            ask()
        assert caught.value.code == code
        assert caught.value.what
        assert caught.value.do
    assert names(folder) == before


def test_a_backup_cut_short_is_damaged(written: Path, tmp_path: Path, *, full_faults: bool) -> None:
    whole = written.read_bytes()
    chance = random.Random(1)
    lengths = {0, 1, 3, 4, 22, 30, 100, len(whole) - 1, len(whole) - 21, len(whole) - 22}
    lengths.update(chance.sample(range(len(whole)), 3000 if full_faults else 60))
    for length in sorted(lengths):
        written.write_bytes(whole[:length])
        refused(written, tmp_path / "new")


def test_a_flipped_bit_is_damage_or_does_no_harm(
    written: Path, tmp_path: Path, *, full_faults: bool
) -> None:
    """In what is kept every bit counts; in the ZIP's own words some say nothing."""
    whole = written.read_bytes()
    right = read_about(written)
    with zipfile.ZipFile(written) as archive:
        info = archive.getinfo(FILE_NAME)
        begin = info.header_offset
    end = begin + info.file_size
    chance = random.Random(2)
    # around the database every bit; in it, where each is hashed, a sample
    around = [*range(8 * begin, 8 * (begin + 60)), *range(8 * end, 8 * len(whole))]
    around += range(8 * begin)
    inside = range(8 * (begin + 60), 8 * end)
    if full_faults:
        places = [*around, *chance.sample(inside, 20_000)]
    else:
        places = [*chance.sample(around, 400), *chance.sample(inside, 40)]
    harmless = 0
    with written.open("r+b") as file:
        for place in places:
            byte = place // 8
            file.seek(byte)
            file.write(bytes([whole[byte] ^ 1 << place % 8]))
            file.flush()
            try:
                about = read_about(written)
            except DamagedBackup as error:
                assert error.code == "damaged-backup"  # noqa: PT017  # either is right
            else:
                harmless += 1
                assert about == right
                assert read_keys(written) == KEYS
                assert place in around
            file.seek(byte)
            file.write(whole[byte : byte + 1])
            file.flush()
    assert harmless < len(places) // 2
    assert read_about(written) == right


def test_other_files_are_no_backups(store: Store, place: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    path = place / "home.backup"
    path.write_bytes(b"")
    refused(path, new)
    path.write_text("Dear Sir or Madam", "utf-8")
    refused(path, new)
    shutil.copy(store.path, path)
    refused(path, new)
    for members in ({}, {"word/document.xml": b"<w/>"}, {"about.json": b"{}"}):
        zipped(path, members)
        refused(path, new)
    refused(place / "none.backup", new)
    refused(place, new)


def zipped(path: Path, members: dict[str, bytes], how: int = zipfile.ZIP_STORED) -> None:
    with zipfile.ZipFile(path, "w", how) as archive:
        for name, data in members.items():
            archive.writestr(name, data)


def members_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def about_of(members: dict[str, bytes]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(members["about.json"])
    return found


WRONG_WORDS: Final[tuple[Any, ...]] = (
    [],
    None,
    "liaison-backup",
    {},
    {"format": "another"},
    {"size": "12"},
    {"size": True},
    {"size": -1},
    {"size": 2**80},
    {"size": 1e3},
    {"home": 7},
    {"sha256": None},
    {"sha256": "0" * 64},
    {"keys_sha256": "0" * 64},
    {"version": "1"},
    {"version": None},
    {"version": 0},
    {"version": [1]},
)
NO_JSON: Final = (b"", b"{", b"\xff\xfe", b"[" * 60_000, b"9" * 60_000, b"NaN")


def test_words_that_do_not_fit_are_damage(written: Path, tmp_path: Path) -> None:
    members = members_of(written)
    # a dictionary changes good words; an empty one, or anything else, stands in their place
    texts = [
        json.dumps(about_of(members) | words if words and isinstance(words, dict) else words)
        for words in WRONG_WORDS
    ]
    for text in (*NO_JSON, *(text.encode() for text in texts)):
        zipped(written, members | {"about.json": text})
        with case(text):
            refused(written, tmp_path / "new")


def test_a_newer_version_says_so(written: Path, tmp_path: Path) -> None:
    members = members_of(written)
    for version in (2, 99):
        words = about_of(members) | {"version": version, "something": "new"}
        zipped(written, members | {"about.json": json.dumps(words).encode()})
        refused(written, tmp_path / "new", "newer-backup")


def test_a_missing_part_is_damage(written: Path, tmp_path: Path) -> None:
    members = members_of(written)
    for missing in ("about.json", "keys.json", FILE_NAME):
        zipped(written, {name: data for name, data in members.items() if name != missing})
        with case(missing):
            refused(written, tmp_path / "new")


def test_a_changed_part_is_damage(written: Path, tmp_path: Path) -> None:
    """Even where whoever changed it made the ZIP's own checksums right."""
    members = members_of(written)
    zipped(written, members | {"keys.json": b"other keys"})
    refused(written, tmp_path / "new")
    zipped(written, members | {FILE_NAME: members[FILE_NAME][::-1]})
    refused(written, tmp_path / "new")
    zipped(written, members | {FILE_NAME: members[FILE_NAME] + b"\0"})
    refused(written, tmp_path / "new")


def test_a_bomb_is_refused_before_it_is_unpacked(written: Path, tmp_path: Path) -> None:
    members = members_of(written)
    huge = bytes(100 * 1024 * 1024)
    for name in ("about.json", "keys.json", FILE_NAME):
        zipped(written, members | {name: huge}, zipfile.ZIP_DEFLATED)
        assert written.stat().st_size < 3_000_000
        began = time.process_time()
        refused(written, tmp_path / "new")
        # unpacking it once would take longer
        assert time.process_time() - began < 0.5
    # one that says so, and whose fingerprint is right
    words = about_of(members) | {"size": len(huge), "sha256": hashlib.sha256(huge).hexdigest()}
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("about.json", json.dumps(words))
        archive.writestr("keys.json", members["keys.json"])
        archive.writestr(FILE_NAME, huge, zipfile.ZIP_DEFLATED)
    refused(written, tmp_path / "new")
    # packed, but whole: what we write is never packed
    zipped(written, members, zipfile.ZIP_DEFLATED)
    refused(written, tmp_path / "new")
    # it says it is small and is not
    words = about_of(members) | {"padding": "x" * 70_000}
    zipped(written, members | {"about.json": json.dumps(words).encode()})
    refused(written, tmp_path / "new")


def test_sizes_that_lie_are_damage(written: Path, tmp_path: Path) -> None:
    whole = written.read_bytes()
    entries = [at for at in range(len(whole)) if whole.startswith(b"PK\x01\x02", at)]
    assert len(entries) == 3
    for size in (0, 1, 2**31, 2**32 - 2):
        for entry in entries:
            changed = bytearray(whole)
            # both at once: the second, of what it would be unpacked, is what we go by
            struct.pack_into("<LL", changed, entry + 20, size, size)
            written.write_bytes(bytes(changed))
            refused(written, tmp_path / "new")


def test_names_that_lead_elsewhere_write_nothing_there(written: Path, tmp_path: Path) -> None:
    zipped(
        written,
        members_of(written) | {"../outside.txt": b"x", "/outside.txt": b"x", "sub/x": b"x"},
    )
    folder = tmp_path / "new" / "home"
    folder.mkdir(parents=True)
    unpack(written, folder)
    assert names(folder) == [FILE_NAME]
    assert names(folder.parent) == ["home"]


def test_a_backup_of_another_key_does_not_open(written: Path, tmp_path: Path) -> None:
    unpack(written, tmp_path)
    with pytest.raises(WrongKey):
        Store(tmp_path / FILE_NAME, b"x" * 32, signer_of(5))


def test_a_database_in_the_folder_is_never_overwritten(written: Path, tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"mine")
    with pytest.raises(CannotWrite) as caught:
        unpack(written, tmp_path)
    assert caught.value.code == "already-exists"
    assert (tmp_path / FILE_NAME).read_bytes() == b"mine"
    with pytest.raises(CannotWrite) as caught:
        unpack(written, tmp_path / "none")
    assert caught.value.code == "no-folder"


# ---- a backup that fails


@contextlib.contextmanager
def nothing_lost(path: Path, code: str, kind: type[UserError] = UserError) -> Iterator[None]:
    """A backup fails: plainly, the good one is as it was, and nothing else is left."""
    good, beside = path.read_bytes(), names(path.parent)
    with pytest.raises(kind) as caught:
        yield
    assert caught.value.code == code
    assert caught.value.kept
    assert caught.value.do
    assert path.read_bytes() == good
    assert names(path.parent) == beside


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
@pytest.mark.parametrize("share", [0.3, 1.0001])
def test_a_disk_that_takes_no_more(store: Store, written: Path, share: float) -> None:
    """In the middle of the copy, and in the middle of the container."""
    add(store, Service(name="newer"))
    good, beside = written.read_bytes(), names(written.parent)
    size = read_about(written).size
    store.close()
    printed = said(
        """
home = Store(Path(sys.argv[1]), KEY, signer_of(5))
no_file_beyond(int(sys.argv[3]))
attempt(lambda: backup.write_backup(home, KEY, b"keys", Path(sys.argv[2])))
print(sum(1 for _ in query.every(home, query.Query("service"))))
home.close()
""",
        store.path,
        written,
        int(size * share),
    )
    assert printed[0] in {"DatabaseTrouble disk-error", "CannotWrite cannot-write"}
    assert printed[1] == "2"
    assert written.read_bytes() == good
    assert names(written.parent) == beside


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_a_folder_that_cannot_be_written(store: Store, written: Path) -> None:
    store.close()
    with tempfile.TemporaryDirectory() as name:
        outside = Path(name)
        outside.chmod(0o755)
        for folder in ("home", "stick"):
            (outside / folder).mkdir()
            (outside / folder).chmod(0o777)
        path = Path(shutil.copy(store.path, outside / "home"))
        path.chmod(0o666)
        old = Path(shutil.copy(written, outside / "stick"))
        (outside / "stick").chmod(0o555)
        printed = said(
            """
home = Store(Path(sys.argv[1]), KEY, signer_of(5))
give_up_rights()
for place in sys.argv[2:]:
    try:
        backup.write_backup(home, KEY, b"keys", Path(place))
    except UserError as error:
        print(error.code, "|", error.what)
""",
            path,
            old,
            outside / "none" / "home.backup",
        )
        assert old.read_bytes() == written.read_bytes()
        assert names(outside / "stick") == ["home.backup"]
    assert printed[0].startswith("read-only | home.backup cannot be written in ")
    assert printed[1].startswith("no-folder | The folder ")


def test_a_folder_in_the_place_of_the_file(store: Store, place: Path) -> None:
    (place / "home.backup").mkdir()
    (place / "home.backup" / "letter").write_text("x", "utf-8")
    with pytest.raises(CannotWrite):
        write_backup(store, KEY, KEYS, place / "home.backup")
    assert names(place) == ["home.backup"]
    assert names(place / "home.backup") == ["letter"]


def test_a_damaged_home_does_not_replace_a_good_backup(store: Store, written: Path) -> None:
    """The copying itself fails: pages of the home do not read."""
    with store.unit(person_of(store)) as unit:
        for number in range(50):
            unit.add(Service(name=f"{number}", explanation=f"word{number} " * 300))
    store.close()
    damage_but_open(store.path)
    reader = Store(store.path, KEY)
    with reader, nothing_lost(written, "damaged-database", DatabaseTrouble):
        write_backup(reader, KEY, KEYS, written)


def damage_but_open(path: Path) -> None:
    """Damage one page that opening a home does not read."""
    for place in range(path.stat().st_size - 4000, 0, -4096):
        with path.open("r+b") as file:
            file.seek(place)
            before = file.read(6)
            file.seek(place)
            file.write(b"damage")
        with contextlib.suppress(UserError), Store(path, KEY):
            return
        with path.open("r+b") as file:
            file.seek(place)
            file.write(before)
    pytest.fail("opening reads every page")


@pytest.mark.parametrize("byte", [20_000, 200_000])
def test_a_copy_that_does_not_read_back_is_no_backup(
    store: Store, written: Path, monkeypatch: pytest.MonkeyPatch, byte: int
) -> None:
    """The disk wrote something else: noticed before the copy gets its name."""
    check = backup._check_copy

    def damage_then_check(copy: Path, key: bytes) -> None:
        with copy.open("r+b") as file:
            file.seek(byte)
            file.write(b"damage")
        check(copy, key)

    monkeypatch.setattr(backup, "_check_copy", damage_then_check)
    good, beside = written.read_bytes(), names(written.parent)
    with pytest.raises(UserError) as caught:
        write_backup(store, KEY, KEYS, written)
    assert caught.value.code in {"damaged-backup", "damaged-database"}
    assert written.read_bytes() == good
    assert names(written.parent) == beside


def test_a_container_that_does_not_read_back_is_no_backup(
    store: Store, written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = backup._pack

    def pack_and_damage(container: Path, *parts: Any) -> None:
        pack(container, *parts)
        with container.open("r+b") as file:
            file.seek(100_000)
            file.write(b"damage")

    monkeypatch.setattr(backup, "_pack", pack_and_damage)
    with nothing_lost(written, "damaged-backup", DamagedBackup):
        write_backup(store, KEY, KEYS, written)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_a_restore_that_fails_leaves_nothing(written: Path, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    folder.mkdir()
    printed = said(
        """
no_file_beyond(100_000)
attempt(lambda: backup.unpack(Path(sys.argv[1]), Path(sys.argv[2])))
""",
        written,
        folder,
    )
    assert printed == ["CannotWrite cannot-write"]
    assert names(folder) == []


# ---- while others write


def test_a_backup_while_somebody_writes_is_of_one_moment(
    store: Store, typical: Typical, place: Path
) -> None:
    """What it holds is a beginning of what was saved, unit by unit, and it verifies."""
    saved: list[str] = []
    failed: list[BaseException] = []
    stop = threading.Event()

    def write() -> None:
        try:
            with Store(store.path, KEY, signer_of(5)) as second:
                while not stop.is_set():
                    name = f"note {len(saved)}"
                    add(second, Service(name=name, explanation=name * 100))
                    saved.append(name)
        except BaseException as error:  # noqa: BLE001  # told below, on the test's own thread
            failed.append(error)

    writer = threading.Thread(target=write)
    writer.start()
    counts = []
    try:
        for number in range(4):
            seen = len(saved)
            while len(saved) < seen + 5 and writer.is_alive():
                stop.wait(0.001)
            before = len(saved)
            write_backup(store, KEY, KEYS, place / f"{number}.backup")
            counts.append((before, len(saved)))
    finally:
        stop.set()
        writer.join()
    assert failed == []
    assert any(after > before for before, after in counts), "nothing was written meanwhile"
    for number, (before, after) in enumerate(counts):
        with restored(place / f"{number}.backup") as home:
            held = services(home)[1:]
            assert held == saved[: len(held)]
            assert before <= len(held) <= after + 1
            assert verify(home).damage == []


def test_in_the_middle_of_a_unit_there_is_no_backup(store: Store, written: Path) -> None:
    """What is being written is not half in it."""
    with Store(store.path, KEY) as reader, store.unit(person_of(store)) as unit:
        unit.add(Service(name="half"))
        write_backup(reader, KEY, KEYS, written)
    with restored(written) as home:
        assert services(home) == ["District nursing"]
    assert io.BytesIO(written.read_bytes()).read(2) == b"PK"
