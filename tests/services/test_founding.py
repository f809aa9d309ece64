"""A home is made whole or not at all; so is one that is restored."""

from __future__ import annotations

import errno
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from liaison.errors import UserError
from liaison.records.directory import Service
from liaison.records.home import Home
from liaison.security import RecoveryKey
from liaison.services import backups, homes, new_folders, restoring
from liaison.store import driver
from liaison.store.verify import verify
from tests.homes import (
    DATABASE,
    KEYS,
    MANAGER,
    MARK,
    NAME,
    PASSWORD,
    child,
    contents,
    copy,
    make,
    names,
    unlock,
)
from tests.services.conftest import add, refused


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
    assert refused(lambda: new_folders.check_new_place(target)).code == "already-exists"
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
        backups.by_hand(home, backup)
    place = tmp_path / "place"
    place.mkdir()

    def attempt() -> None:
        if work == "make":
            make(place / "home")[0].close()
        else:
            restoring.restore_home(backup, place / "home", None, PASSWORD).close()

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
from liaison.services import backups, restoring
from liaison.services.homes import OpenHome
from liaison.store import driver
from liaison.store.backup import read_label

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
    restoring.restore_home(backup, place / "home", None, PASSWORD).close()
"""


@pytest.mark.parametrize("work", ["make", "restore"])
def test_kill_9_at_a_step_leaves_a_whole_home_or_none(
    work: str, tmp_path: Path, folder: Path, *, full_faults: bool
) -> None:
    backup = tmp_path / "home.backup"
    with unlock(folder) as home:
        backups.by_hand(home, backup)
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
