"""A backup replaces nothing but a backup, and is restored as a new life of its home."""

from __future__ import annotations

import errno
import os
import time
from functools import partial
from pathlib import Path

import pytest

from liaison import security
from liaison.records.directory import Service
from liaison.records.home import Resident
from liaison.security import ForeignKeyFile
from liaison.services import backups, restoring, upkeep
from liaison.services.homes import OpenHome
from liaison.store.backup import read_label
from liaison.store.verify import verify
from tests.homes import (
    CHEAP,
    DATABASE,
    KEYS,
    MANAGER,
    MARK,
    PASSWORD,
    contents,
    flip,
    make,
    names,
    unlock,
)
from tests.services.conftest import add, refused


def test_a_restored_home_goes_on_as_a_new_incarnation(folder: Path, tmp_path: Path) -> None:
    backup = tmp_path / "Friday.backup"
    with unlock(folder) as home:
        before = add(home, Resident(name="Mary Jones"))
        backups.by_hand(home, backup)
        assert read_label(backup).home == home.unlocked.home_id
        after = add(home, Resident(name="John Kowalski"))
        old = home.unlocked.vault
    restored = restoring.restore_home(backup, tmp_path / "restored", None, PASSWORD)
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
    with restoring.restore_home(backup, tmp_path / "third", None, PASSWORD) as third:
        assert third.unlocked.vault.tag not in {old.tag, new.tag}


def test_a_backup_is_restored_with_the_password_of_its_time(folder: Path, tmp_path: Path) -> None:
    with unlock(folder) as home:
        backups.by_hand(home, tmp_path / "b")
        security.change_password(folder / KEYS, home.unlocked, "coffee", cost=CHEAP)
    target = tmp_path / "restored"
    error = refused(lambda: restoring.restore_home(tmp_path / "b", target, None, "coffee"))
    assert error.code == "wrong-password"
    assert names(tmp_path) == ["b", "home"]
    restoring.restore_home(tmp_path / "b", target, None, PASSWORD).close()
    assert restoring.read_backup_keys(tmp_path / "b").people[0].name == MANAGER


def test_a_restore_never_replaces_a_home(folder: Path, tmp_path: Path) -> None:
    with unlock(folder) as home:
        backups.by_hand(home, tmp_path / "b")
    before = contents(folder)
    error = refused(lambda: restoring.restore_home(tmp_path / "b", folder, None, PASSWORD))
    assert error.code == "already-exists"
    assert contents(folder) == before


@pytest.mark.parametrize("what", ["missing", "folder", "letter", "short", "flipped"])
def test_what_is_no_good_backup_is_refused_and_leaves_nothing(
    what: str, folder: Path, tmp_path: Path
) -> None:
    backup = tmp_path / "b"
    with unlock(folder) as home:
        backups.by_hand(home, backup)
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
    error = refused(lambda: restoring.restore_home(backup, tmp_path / "new", None, PASSWORD))
    assert error.code == "damaged-backup"
    assert names(tmp_path) == before


def test_a_backup_replaces_an_older_one_and_nothing_else(folder: Path, tmp_path: Path) -> None:
    backup, letter = tmp_path / "nightly.backup", tmp_path / "letter.txt"
    letter.write_text("Dear Mum")
    with unlock(folder) as home:
        backups.by_hand(home, backup)
        first = backup.read_bytes()
        add(home, Service(name="Chiropody"))
        backups.by_hand(home, backup)
        assert backup.read_bytes() != first
        # a damaged one is replaced as well
        backup.write_bytes(first[:2000])
        backups.by_hand(home, backup)
        assert refused(lambda: backups.by_hand(home, letter)).code == "already-exists"
        assert refused(lambda: backups.by_hand(home, tmp_path)).code == "already-exists"
        assert refused(lambda: backups.by_hand(home, tmp_path / "no" / "b")).code == "no-folder"
        assert refused(lambda: backups.by_hand(home, letter / "b")).code == "no-folder"
        for own in (DATABASE, KEYS, "my.backup"):
            assert refused(partial(backups.by_hand, home, folder / own)).code == "bad-place"
    assert letter.read_text() == "Dear Mum"
    assert names(tmp_path) == ["home", "letter.txt", "nightly.backup"]
    assert names(folder) == [KEYS, DATABASE, MARK, upkeep.FILE_NAME]
    unlock(folder).close()


def test_a_backup_that_fails_leaves_the_older_one(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = tmp_path / "b"
    with unlock(folder) as home:
        backups.by_hand(home, backup)
        good = backup.read_bytes()

        def full(*_: object) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(os, "replace", full)
        assert refused(lambda: backups.by_hand(home, backup)).code == "disk-full"
    assert backup.read_bytes() == good
    assert names(tmp_path) == ["b", "home"]


def test_what_a_killed_backup_left_is_swept_later(folder: Path, tmp_path: Path) -> None:
    left, fresh = tmp_path / ".b.11111111.db.tmp", tmp_path / ".b.22222222.tmp"
    for path in (left, fresh):
        path.write_bytes(b"half")
    os.utime(left, (time.time() - 7200,) * 2)
    with unlock(folder) as home:
        backups.by_hand(home, tmp_path / "b")
    assert names(tmp_path) == [fresh.name, "b", "home"]


def test_a_backup_never_holds_the_keys_of_another_home(
    home: OpenHome, folder: Path, tmp_path: Path
) -> None:
    other, _ = make(tmp_path / "other")
    other.close()
    file = tmp_path / "home.backup"
    backups.by_hand(home, file)
    good = file.read_bytes()
    (folder / KEYS).write_bytes((tmp_path / "other" / KEYS).read_bytes())
    with pytest.raises(ForeignKeyFile):
        backups.by_hand(home, file)
    assert file.read_bytes() == good
