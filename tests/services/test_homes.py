"""A home is made whole or not at all, opens only as itself, and is restored as a new one."""

from __future__ import annotations

import dataclasses
import errno
import json
import os
import secrets
import shutil
import sqlite3
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from liaison import security
from liaison.errors import UserError
from liaison.records import ids
from liaison.records.directory import Service
from liaison.records.home import Home, Resident
from liaison.security import ForeignKeyFile, RecoveryKey
from liaison.security.wire import with_checksum
from liaison.services import homes
from liaison.services.homes import OpenHome
from liaison.store import driver
from liaison.store.query import Query, every
from liaison.store.verify import verify
from tests.homes import (
    CHEAP,
    DATABASE,
    KEYS,
    MANAGER,
    MARK,
    NAME,
    PASSWORD,
    child,
    contents,
    copy,
    flip,
    make,
    names,
    unlock,
)
from tests.services.conftest import add


def refused(what: Callable[[], object]) -> UserError:
    """Return the plain error something ends with."""
    with pytest.raises(UserError) as caught:
        what()
    assert caught.value.what.endswith(".")
    return caught.value


# ---- making


def test_a_home_is_made_and_opened_again(tmp_path: Path) -> None:
    home, recovery = make(tmp_path / "home", name="  Willow \n House ", person=" Kate\tMorgan ")
    with home:
        assert home.folder == tmp_path / "home"
        kept = home.store.the("home")
        assert kept is not None
        assert isinstance(kept.record, Home)
        assert kept.record.name == NAME
        person = home.store.get("person", home.person)
        assert getattr(person, "name", None) == MANAGER
        assert verify(home.store, deep=True).damage == []
    assert names(tmp_path) == ["home"]
    assert names(tmp_path / "home") == [KEYS, DATABASE, MARK]
    with unlock(tmp_path / "home") as again:
        assert again.person == home.person
    keys = homes.read_keys(tmp_path / "home")
    assert keys.unlock_with_recovery(recovery).by_recovery


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_only_its_owner_may_look_into_it(folder: Path, tmp_path: Path) -> None:
    make(tmp_path / "made")[0].close()
    assert (tmp_path / "made").stat().st_mode & 0o777 == 0o700
    assert all(path.stat().st_mode & 0o77 == 0 for path in (tmp_path / "made").iterdir())


def test_an_empty_folder_becomes_a_home(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    make(tmp_path / "home")[0].close()
    assert names(tmp_path) == ["home"]
    unlock(tmp_path / "home").close()


def test_missing_folders_on_the_way_are_made(tmp_path: Path) -> None:
    make(tmp_path / "Ffion's files" / "cartref é 家" / "home")[0].close()
    unlock(tmp_path / "Ffion's files" / "cartref é 家" / "home").close()


def test_the_tilde_means_the_same_folder_all_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    make(Path("~/home"))[0].close()
    assert names(tmp_path) == ["home"]
    unlock(Path("~/home")).close()


def test_a_link_to_an_empty_folder_elsewhere_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "home").symlink_to(tmp_path / "disk")
    make(tmp_path / "home")[0].close()
    assert (tmp_path / "home").is_symlink()
    assert names(tmp_path / "disk") == [KEYS, DATABASE, MARK]
    unlock(tmp_path / "home").close()


@pytest.mark.parametrize("what", ["home", "letter", "file", "dangling"])
def test_what_is_there_already_is_not_touched(
    what: str, tmp_path: Path, folder: Path, pattern: Path
) -> None:
    target = tmp_path / "taken"
    match what:
        case "home":
            copy(pattern, target)
        case "letter":
            target.mkdir()
            (target / "letter.txt").write_text("Dear Mum")
        case "file":
            target.write_text("Dear Mum")
        case _:
            target.symlink_to(tmp_path / "nowhere")
    before = contents(tmp_path)
    error = refused(lambda: make(target))
    assert error.code == "already-exists"
    assert refused(lambda: homes.check_new_place(target)).code == "already-exists"
    assert ("a home" in error.what) == (what == "home")
    assert contents(tmp_path) == before
    assert len(names(tmp_path)) == 2


def test_a_file_on_the_way_is_a_plain_error(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Mum")
    assert refused(lambda: make(tmp_path / "letter.txt" / "home")).kept
    assert names(tmp_path) == ["letter.txt"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": " "}, "name"),
        ({"person": "\n"}, "name"),
        ({"name": "W\udcff"}, "name"),
        ({"person": "x" * 2_001}, "name"),
        ({"password": ""}, "bad-password"),
        ({"password": "\udcff"}, "bad-password"),
    ],
)
def test_what_cannot_be_kept_makes_no_home(
    changes: dict[str, str], code: str, tmp_path: Path
) -> None:
    assert refused(lambda: make(tmp_path / "home", **changes)).code == code
    assert names(tmp_path) == []


def test_the_recovery_key_is_kept_before_there_is_a_home(tmp_path: Path) -> None:
    seen: list[tuple[str, bool]] = []

    def keep(key: RecoveryKey) -> None:
        seen.append((key.text, (tmp_path / "home").exists()))

    home, key = make(tmp_path / "home", keep_recovery_key=keep)
    home.close()
    assert seen == [(key.text, False)]

    def fail(_key: RecoveryKey) -> None:
        raise OSError(errno.ENOSPC, "full")

    with pytest.raises(OSError, match="full"):
        make(tmp_path / "other", keep_recovery_key=fail)
    assert names(tmp_path) == ["home"]


class Crash(BaseException):
    """The program stops here."""


def steps(monkeypatch: pytest.MonkeyPatch, fault: Callable[[str], None]) -> None:
    """Call `fault` with the name of each step that touches the disk, before it is made."""

    def stop(owner: object, name: str) -> None:
        real = getattr(owner, name)

        def step(*given: object, **named: object) -> object:
            fault(name)
            return real(*given, **named)

        monkeypatch.setattr(owner, name, step)

    for name in ("fsync", "mkdir", "rename", "rmdir", "replace", "link", "open"):
        stop(os, name)
    stop(driver, "connect")
    stop(driver, "new_file")


@pytest.mark.parametrize("kind", ["crash", "disk"])
@pytest.mark.parametrize("work", ["make", "restore"])
def test_a_fault_at_any_step_leaves_a_whole_home_or_none(
    work: str,
    kind: str,
    tmp_path: Path,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    full_faults: bool,
) -> None:
    backup = tmp_path / "home.backup"
    with unlock(folder) as home:
        add(home, Service(name="Chiropody"))
        home.backup(backup)
    place = tmp_path / "place"
    place.mkdir()

    def attempt() -> None:
        if work == "make":
            make(place / "home")[0].close()
        else:
            homes.restore_home(backup, place / "home", None, PASSWORD).close()

    done, whole, none = False, 0, 0
    for last in range(0, 200, 1 if full_faults or kind == "crash" else 2):
        count = 0

        def fault(name: str, last: int = last) -> None:
            nonlocal count
            count += 1
            if count == last + 1:
                if kind == "crash":
                    raise Crash
                raise OSError(errno.EIO, os.strerror(errno.EIO))

        with monkeypatch.context() as patched:
            steps(patched, fault)
            try:
                attempt()
            except (Crash, UserError, OSError):
                pass
            else:
                done = count <= last
        assert names(place) in ([], ["home"]), f"litter after a fault at step {last}"
        if names(place):
            whole += 1
            with unlock(place / "home") as home:
                assert verify(home.store).damage == []
            shutil.rmtree(place / "home")
        else:
            none += 1
        if done:
            break
        # nothing is in the way of a second try
        if last % 6 == 0:
            attempt()
            shutil.rmtree(place / "home")
    assert done
    assert none >= 3
    assert whole >= 1


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.homes import make, PASSWORD
from liaison.services import homes
from liaison.services.homes import OpenHome
from liaison.store import driver

work, place, backup, last = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
count = 0
def watch(owner, name):
    real = getattr(owner, name)
    def step(*given, **named):
        global count
        count += 1
        if count > last:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*given, **named)
    setattr(owner, name, step)
for name in ("fsync", "mkdir", "rename", "rmdir", "link", "replace"):
    watch(os, name)
watch(driver, "connect")
if work == "make":
    make(place / "home")[0].close()
else:
    homes.restore_home(backup, place / "home", None, PASSWORD).close()
"""


@pytest.mark.parametrize("work", ["make", "restore"])
def test_kill_9_at_a_step_leaves_a_whole_home_or_none(
    work: str, tmp_path: Path, folder: Path, *, full_faults: bool
) -> None:
    backup = tmp_path / "home.backup"
    with unlock(folder) as home:
        home.backup(backup)
    for last in range(30) if full_faults else (2, 4, 7):
        place = tmp_path / f"place-{last}"
        place.mkdir()
        with child(KILLED, work, place, backup, last) as process:
            _, err = process.communicate(timeout=60)
        if process.returncode == 0:
            break
        assert process.returncode == -9, err
        left = names(place)
        if "home" in left:
            with unlock(place / "home") as home:
                assert verify(home.store).damage == []
            continue
        # what was half made is neither in the way nor left for ever
        for path in (place, *place.rglob("*")):
            os.utime(path, (time.time() - 3600,) * 2)
        make(place / "home")[0].close()
        assert names(place) == ["home"]


def test_what_another_process_is_making_just_now_is_left_alone(tmp_path: Path) -> None:
    busy = tmp_path / ".home.0badcafe.new"
    busy.mkdir()
    (busy / "liaison.db").write_bytes(b"half")
    make(tmp_path / "home")[0].close()
    assert names(busy) == ["liaison.db"]


# ---- opening


def test_a_wrong_password_is_said_and_changes_nothing(folder: Path) -> None:
    before = contents(folder)
    for wrong in ("tea at eleven", "", " ", "TEA AT TEN", "\udcff", "x" * 100_000):
        assert refused(partial(unlock, folder, wrong)).code == "wrong-password"
    assert contents(folder) == before


def test_who_is_not_known_is_said(folder: Path) -> None:
    error = refused(lambda: unlock(folder, person="Nobody Atall"))
    assert error.code == "no-such-person"
    assert "Nobody Atall" in error.what
    unlock(folder, person="KATE morgan").close()
    unlock(folder, person=homes.read_keys(folder).people[0].id).close()


@pytest.mark.parametrize("what", ["missing", "empty", "letters", "file"])
def test_a_folder_that_is_no_home_is_said(what: str, tmp_path: Path) -> None:
    target = tmp_path / "place"
    if what == "file":
        target.write_text("Dear Mum")
    elif what != "missing":
        target.mkdir()
    if what == "letters":
        (target / "letter.txt").write_text("Dear Mum")
    before = contents(tmp_path)
    error = refused(lambda: unlock(target))
    assert error.code == "not-a-home"
    assert str(target) in error.what
    assert contents(tmp_path) == before


def test_a_missing_key_file_is_said(folder: Path) -> None:
    (folder / KEYS).unlink()
    assert refused(lambda: unlock(folder)).code == "not-a-home"


def test_damage_to_the_key_file_is_never_taken_for_a_wrong_password(
    folder: Path, *, full_faults: bool
) -> None:
    good = (folder / KEYS).read_bytes()
    step = 1 if full_faults else 97
    # the last byte is a line end: without it, nothing is missing
    for length in range(0, len(good) - 1, step):
        (folder / KEYS).write_bytes(good[:length])
        assert refused(lambda: unlock(folder)).code == "damaged-key-file"
    before = contents(folder)[DATABASE]
    for place in range(0, len(good), step):
        (folder / KEYS).write_bytes(good)
        flip(folder / KEYS, place, place % 8)
        assert refused(lambda: unlock(folder)).code in {"damaged-key-file", "newer-key-file"}
    assert contents(folder)[DATABASE] == before


def test_a_key_file_that_asks_for_four_gigabytes_is_refused_before_they_are_taken(
    folder: Path,
) -> None:
    document = json.loads((folder / KEYS).read_bytes())
    (slot,) = document["slots"]
    cost = slot["kdf"]
    (name,) = [name for name in cost if "memory" in name]
    cost[name] = 4 * 1024 * 1024
    document["slots"] = [with_checksum(slot)]
    (folder / KEYS).write_bytes(json.dumps(with_checksum(document)).encode())
    begin = time.process_time()
    assert refused(lambda: unlock(folder)).code == "key-file-cost"
    assert time.process_time() - begin < 1


def test_what_cannot_be_finished_at_opening_leaves_nothing_open(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[OpenHome] = []

    def refuse(home: OpenHome) -> None:
        seen.append(home)
        raise security.KeyFileChanged

    monkeypatch.setattr(OpenHome, "finish", refuse)
    with pytest.raises(security.KeyFileChanged):
        unlock(folder)
    with pytest.raises(driver.DriverError, match="closed"):
        seen[0].store.connection.execute("SELECT 1")


def test_the_key_file_of_another_home_does_not_open_this_one(folder: Path, tmp_path: Path) -> None:
    make(tmp_path / "other")[0].close()
    shutil.copy(tmp_path / "other" / KEYS, folder / KEYS)
    before = contents(folder)[DATABASE]
    assert refused(lambda: unlock(folder)).code == "damaged-database"
    assert contents(folder)[DATABASE] == before


def test_keys_of_another_home_with_this_ones_database_key_are_foreign(
    folder: Path, tmp_path: Path
) -> None:
    """Somebody who knows the database key and puts a key file of their own in its place."""
    with unlock(folder) as home:
        vault = home.unlocked.vault
    (folder / KEYS).unlink()
    for home_id in (home.unlocked.home_id, secrets.token_hex(16)):
        security.create(
            folder / KEYS,
            home_id=home_id,
            person=ids.to_text(home.person),
            name=MANAGER,
            password=PASSWORD,
            vault=vault,
            cost=CHEAP,
        )
        assert refused(lambda: unlock(folder)).code == "foreign-key-file"
        (folder / KEYS).unlink()


def test_an_older_key_file_put_back_is_noticed(folder: Path) -> None:
    old = (folder / KEYS).read_bytes()
    with unlock(folder) as home:
        security.change_password(folder / KEYS, home.unlocked, "coffee at three", cost=CHEAP)
    unlock(folder, "coffee at three").close()
    new = (folder / KEYS).read_bytes()
    (folder / KEYS).write_bytes(old)
    error = refused(lambda: unlock(folder))
    assert error.code == "older-key-file"
    (folder / KEYS).write_bytes(new)
    unlock(folder, "coffee at three").close()


def test_a_missing_database_is_not_made_anew(folder: Path) -> None:
    (folder / DATABASE).unlink()
    assert refused(lambda: unlock(folder)).code == "damaged-database"
    assert names(folder) == [KEYS, MARK]


def test_a_database_cut_short_is_damaged_and_stays_as_it_is(folder: Path) -> None:
    good = (folder / DATABASE).read_bytes()
    for length in (0, 1, 15, 100, 4095, 4096, 5000, 8192, 40960, len(good) // 2):
        (folder / DATABASE).write_bytes(good[:length])
        assert refused(lambda: read_all(folder)).code == "damaged-database", length
        assert (folder / DATABASE).read_bytes() == good[:length]


def read_all(folder: Path) -> None:
    with unlock(folder) as home:
        for type_name in ("home", "person", "pc", "resident"):
            list(every(home.store, Query(type_name)))
        report = verify(home.store, deep=True)
    if report.damage:
        raise UserError("Found by verify.", code="damaged-database")


def test_a_flipped_bit_of_the_database_is_never_overlooked(
    folder: Path, *, full_faults: bool
) -> None:
    with unlock(folder) as home:
        add(home, Resident(name="Mary Jones"))
    good = (folder / DATABASE).read_bytes()
    pages = len(good) // 4096
    step = 1 if full_faults else pages // 12
    overlooked = []
    for page in range(0, pages, step):
        (folder / DATABASE).write_bytes(good)
        flip(folder / DATABASE, page * 4096 + 1000 + page % 1000, page % 8)
        with pytest.raises(UserError) as caught:
            read_all(folder)
        if caught.value.code != "damaged-database":
            overlooked.append((page, caught.value))
    assert not overlooked


def test_the_database_of_another_home_is_refused(folder: Path, tmp_path: Path) -> None:
    make(tmp_path / "other")[0].close()
    shutil.copy(tmp_path / "other" / DATABASE, folder / DATABASE)
    before = contents(folder)
    assert refused(lambda: unlock(folder)).code == "damaged-database"
    assert contents(folder) == before


def test_an_unencrypted_database_is_refused(folder: Path) -> None:
    (folder / DATABASE).unlink()
    plain = sqlite3.connect(folder / DATABASE)
    plain.execute("CREATE TABLE context(home, root, tag, generation)")
    plain.commit()
    plain.close()
    before = contents(folder)
    assert refused(lambda: unlock(folder)).code == "damaged-database"
    assert contents(folder) == before


def test_a_folder_in_place_of_the_database_is_refused(folder: Path) -> None:
    (folder / DATABASE).unlink()
    (folder / DATABASE).mkdir()
    assert refused(lambda: unlock(folder)).code == "damaged-database"


def test_the_database_of_another_copy_of_the_home_is_noticed(folder: Path, tmp_path: Path) -> None:
    backup = tmp_path / "b"
    with unlock(folder) as home:
        home.backup(backup)
    homes.restore_home(backup, tmp_path / "restored", None, PASSWORD).close()
    shutil.copy(tmp_path / "restored" / DATABASE, folder / DATABASE)
    before = contents(folder)
    # the restored one has seen a newer key file: that is said first, and opens as little
    assert refused(lambda: unlock(folder)).code in {"copied-database", "older-key-file"}
    assert contents(folder) == before
    shutil.copy(tmp_path / "restored" / KEYS, folder / KEYS)
    unlock(folder).close()


def test_a_database_with_another_tag_is_a_copy(folder: Path) -> None:
    with unlock(folder) as home:
        vault = dataclasses.replace(home.unlocked.vault, tag=(home.unlocked.vault.tag + 1) % 16_384)
        security.replace_vault(folder / KEYS, home.unlocked, vault)
    before = contents(folder)[DATABASE]
    error = refused(lambda: unlock(folder))
    assert error.code == "copied-database"
    assert "another PC" in error.what
    assert contents(folder)[DATABASE] == before


@pytest.mark.parametrize("rekeyed", [False, True], ids=["before", "after"])
def test_a_crash_while_the_database_key_changes_leaves_a_home_that_opens(
    folder: Path, *, rekeyed: bool
) -> None:
    """Key file first (pending), then the database: whichever was reached, one of the two fits."""
    new = secrets.token_bytes(32)
    with unlock(folder) as home:
        resident = add(home, Resident(name="Mary Jones"))
        vault = home.unlocked.vault
        pending = dataclasses.replace(vault.database, pending=new)
        security.replace_vault(
            folder / KEYS, home.unlocked, dataclasses.replace(vault, database=pending)
        )
        old = vault.database.current
    if rekeyed:
        connection = driver.connect(folder / DATABASE, old)
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute(f"PRAGMA rekey = \"x'{new.hex()}'\"")
        connection.close()
    with unlock(folder) as home:
        assert home.store.get("resident", resident) is not None
        assert verify(home.store, deep=True).damage == []
    # with neither key it is damage, not a bug
    flip(folder / DATABASE, 100)
    assert refused(lambda: unlock(folder)).code == "damaged-database"


# ---- backing up and restoring


def test_a_restored_home_goes_on_as_a_new_incarnation(folder: Path, tmp_path: Path) -> None:
    backup = tmp_path / "Friday.backup"
    with unlock(folder) as home:
        before = add(home, Resident(name="Mary Jones"))
        about = home.backup(backup)
        assert about.home == home.unlocked.home_id
        after = add(home, Resident(name="John Kowalski"))
        old = home.unlocked.vault
    restored = homes.restore_home(backup, tmp_path / "restored", None, PASSWORD)
    with restored:
        new = restored.unlocked.vault
        assert new.incarnation == old.incarnation + 1
        assert new.tag != old.tag
        assert new.pc.id == old.pc.id
        assert restored.unlocked.home_id == home.unlocked.home_id
        assert restored.store.get("resident", before) is not None
        assert restored.store.get("resident", after) is None
        add(restored, Resident(name="Anna Nowak"))
        assert verify(restored.store, deep=True).damage == []
    assert names(tmp_path / "restored") == [KEYS, DATABASE, MARK]
    with unlock(tmp_path / "restored") as again:
        assert again.unlocked.vault.incarnation == new.incarnation
    with unlock(folder) as home:
        assert home.store.get("resident", after) is not None
        assert verify(home.store, deep=True).damage == []
    # the same backup once more is a third one, with a tag of its own
    with homes.restore_home(backup, tmp_path / "third", None, PASSWORD) as third:
        assert third.unlocked.vault.tag not in {old.tag, new.tag}


def test_a_backup_is_restored_with_the_password_of_its_time(folder: Path, tmp_path: Path) -> None:
    with unlock(folder) as home:
        home.backup(tmp_path / "b")
        security.change_password(folder / KEYS, home.unlocked, "coffee", cost=CHEAP)
    target = tmp_path / "restored"
    error = refused(lambda: homes.restore_home(tmp_path / "b", target, None, "coffee"))
    assert error.code == "wrong-password"
    assert names(tmp_path) == ["b", "home"]
    homes.restore_home(tmp_path / "b", target, None, PASSWORD).close()
    assert homes.read_backup_keys(tmp_path / "b").people[0].name == MANAGER


def test_a_restore_never_replaces_a_home(folder: Path, tmp_path: Path) -> None:
    with unlock(folder) as home:
        home.backup(tmp_path / "b")
    before = contents(folder)
    error = refused(lambda: homes.restore_home(tmp_path / "b", folder, None, PASSWORD))
    assert error.code == "already-exists"
    assert contents(folder) == before


@pytest.mark.parametrize("what", ["missing", "folder", "letter", "short", "flipped"])
def test_what_is_no_good_backup_is_refused_and_leaves_nothing(
    what: str, folder: Path, tmp_path: Path
) -> None:
    backup = tmp_path / "b"
    with unlock(folder) as home:
        home.backup(backup)
    match what:
        case "missing":
            backup.unlink()
        case "folder":
            backup.unlink()
            backup.mkdir()
        case "letter":
            backup.write_text("Dear Mum")
        case "short":
            backup.write_bytes(backup.read_bytes()[:-500])
        case _:
            flip(backup, backup.stat().st_size // 2)
    before = names(tmp_path)
    error = refused(lambda: homes.restore_home(backup, tmp_path / "new", None, PASSWORD))
    assert error.code == "damaged-backup"
    assert names(tmp_path) == before


def test_a_backup_replaces_an_older_one_and_nothing_else(folder: Path, tmp_path: Path) -> None:
    backup, letter = tmp_path / "nightly.backup", tmp_path / "letter.txt"
    letter.write_text("Dear Mum")
    with unlock(folder) as home:
        home.backup(backup)
        first = backup.read_bytes()
        add(home, Service(name="Chiropody"))
        home.backup(backup)
        assert backup.read_bytes() != first
        # a damaged one is replaced as well
        backup.write_bytes(first[:2000])
        home.backup(backup)
        assert refused(lambda: home.backup(letter)).code == "already-exists"
        assert refused(lambda: home.backup(tmp_path)).code == "already-exists"
        assert refused(lambda: home.backup(tmp_path / "no" / "b")).code == "no-folder"
        assert refused(lambda: home.backup(letter / "b")).code == "no-folder"
        for own in (DATABASE, KEYS, "my.backup"):
            assert refused(partial(home.backup, folder / own)).code == "bad-place"
    assert letter.read_text() == "Dear Mum"
    assert names(tmp_path) == ["home", "letter.txt", "nightly.backup"]
    assert names(folder) == [KEYS, DATABASE, MARK]
    unlock(folder).close()


def test_a_backup_that_fails_leaves_the_older_one(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = tmp_path / "b"
    with unlock(folder) as home:
        home.backup(backup)
        good = backup.read_bytes()

        def full(*_: object) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(os, "replace", full)
        assert refused(lambda: home.backup(backup)).code == "disk-full"
    assert backup.read_bytes() == good
    assert names(tmp_path) == ["b", "home"]


def test_what_a_killed_backup_left_is_swept_later(folder: Path, tmp_path: Path) -> None:
    left, fresh = tmp_path / ".b.11111111.db.tmp", tmp_path / ".b.22222222.tmp"
    for path in (left, fresh):
        path.write_bytes(b"half")
    os.utime(left, (time.time() - 7200,) * 2)
    with unlock(folder) as home:
        home.backup(tmp_path / "b")
    assert names(tmp_path) == [fresh.name, "b", "home"]


def test_a_reason_that_cannot_be_kept_writes_nothing(folder: Path) -> None:
    with unlock(folder) as home:
        for reason in ("x" * 2_001, "half a \udcff letter"):
            error = refused(partial(add, home, Service(name="x"), reason))
            assert error.code == "reason"
        assert list(every(home.store, Query("service"))) == []
        add(home, Service(name="x"), " two\nlines\0 and a bell\a ")
        row = home.store.connection.execute("SELECT reason FROM unit ORDER BY id DESC").fetchone()
        assert row == ("two lines and a bell",)


def test_a_backup_never_holds_the_keys_of_another_home(
    home: OpenHome, folder: Path, tmp_path: Path
) -> None:
    other, _ = make(tmp_path / "other")
    other.close()
    file = tmp_path / "home.backup"
    home.backup(file)
    good = file.read_bytes()
    (folder / KEYS).write_bytes((tmp_path / "other" / KEYS).read_bytes())
    with pytest.raises(ForeignKeyFile):
        home.backup(file)
    assert file.read_bytes() == good
