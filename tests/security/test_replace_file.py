"""A file is replaced whole or not at all."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from liaison import files
from liaison.errors import UserError
from liaison.files import CannotWrite, replace_file, write_new_file

WRITERS = pytest.mark.parametrize("write", [replace_file, write_new_file])


def fault(number: int) -> OSError:
    return OSError(number, os.strerror(number))


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_a_file_is_made_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    replace_file(path, b"old")
    replace_file(path, b"new" * 100_000)
    assert path.read_bytes() == b"new" * 100_000
    assert names(tmp_path) == ["keys.json"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
@WRITERS
def test_only_the_owner_may_read_it(write: type, tmp_path: Path) -> None:
    write(tmp_path / "keys.json", b"x")
    assert (tmp_path / "keys.json").stat().st_mode & 0o777 == 0o600
    write(tmp_path / "settings.json", b"x", mode=0o640)
    assert (tmp_path / "settings.json").stat().st_mode & 0o777 == 0o640


def test_a_new_file_never_replaces_one(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    write_new_file(path, b"old")
    with pytest.raises(CannotWrite, match=r"already a file named keys\.json") as caught:
        write_new_file(path, b"new")
    assert caught.value.code == "already-exists"
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["keys.json"]


def test_a_new_file_is_made_where_there_are_no_hard_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def link(*_: object) -> None:
        raise fault(errno.EPERM)

    monkeypatch.setattr(os, "link", link)
    path = tmp_path / "keys.json"
    write_new_file(path, b"old")
    with pytest.raises(CannotWrite) as caught:
        write_new_file(path, b"new")
    assert caught.value.code == "already-exists"
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["keys.json"]


@pytest.mark.parametrize("step", ["open", "write", "fsync", "replace"])
@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "disk-full"),
        (errno.EDQUOT, "disk-full"),
        (errno.EACCES, "read-only"),
        (errno.EROFS, "read-only"),
        (errno.EIO, "cannot-write"),
    ],
)
def test_a_fault_at_any_step_leaves_the_old_file_and_nothing_else(
    step: str, number: int, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "keys.json"
    replace_file(path, b"old")

    def fail(*_: object, **__: object) -> None:
        raise fault(number)

    with monkeypatch.context() as patch:
        patch.setattr(os, step, fail)
        with pytest.raises(CannotWrite) as caught:
            replace_file(path, b"new")
    assert caught.value.code == code
    assert "keys.json is as it was" in caught.value.kept
    assert caught.value.do
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["keys.json"]


def test_a_disk_that_fills_up_in_the_middle_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "keys.json"
    replace_file(path, b"old")
    write = os.write
    written: list[int] = []

    def short(handle: int, data: bytes) -> int:
        if len(written) == 3:
            raise fault(errno.ENOSPC)
        written.append(write(handle, bytes(data)[:7]))
        return written[-1]

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", short)
        with pytest.raises(CannotWrite, match="disk is full"):
            replace_file(path, b"new" * 100)
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["keys.json"]


def test_short_writes_are_completed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda handle, data: write(handle, bytes(data)[:7]))
        replace_file(tmp_path / "keys.json", b"new" * 100)
    assert (tmp_path / "keys.json").read_bytes() == b"new" * 100


def test_everything_is_synced_before_the_old_file_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    for step in ("write", "fsync", "replace"):
        real = getattr(os, step)

        def note(*args: object, step: str = step, real: object = real) -> object:
            steps.append(step)
            assert callable(real)
            return real(*args)

        monkeypatch.setattr(os, step, note)
    replace_file(tmp_path / "keys.json", b"new")
    folder = [] if os.name == "nt" else ["fsync"]
    assert steps == ["write", "fsync", "replace", *folder]


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
def test_an_interruption_leaves_nothing_behind(
    stop: type[BaseException], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise stop

    for step in ("fsync", "replace"):
        with monkeypatch.context() as patch:
            patch.setattr(os, step, interrupt)
            with pytest.raises(stop):
                replace_file(tmp_path / "keys.json", b"new")
        assert names(tmp_path) == []


def test_a_folder_that_cannot_be_synced_is_no_fault_but_a_failing_disk_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, fsync, calls = tmp_path / "keys.json", os.fsync, []

    def second_fails(handle: int) -> None:
        calls.append(handle)
        if len(calls) % 2 == 0:
            raise fault(number)
        fsync(handle)

    monkeypatch.setattr(os, "fsync", second_fails)
    number = errno.EINVAL
    replace_file(path, b"one")
    assert path.read_bytes() == b"one"
    if os.name != "nt":
        number = errno.EIO
        with pytest.raises(CannotWrite, match="reported a fault after") as caught:
            replace_file(path, b"two")
        assert "new file is in place" in caught.value.kept
        assert path.read_bytes() == b"two"


def test_windows_is_asked_again_while_a_scanner_holds_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace, refusals = os.replace, [PermissionError(errno.EACCES, "held")] * 3
    pauses: list[float] = []

    def held(*args: Path) -> None:
        if refusals:
            raise refusals.pop()
        replace(*args)

    monkeypatch.setattr(files, "_WINDOWS", True)
    monkeypatch.setattr(time, "sleep", pauses.append)
    monkeypatch.setattr(os, "replace", held)
    replace_file(tmp_path / "keys.json", b"new")
    assert (tmp_path / "keys.json").read_bytes() == b"new"
    assert len(pauses) == 3


def test_windows_is_not_asked_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def held(*_: Path) -> None:
        raise PermissionError(errno.EACCES, "held")

    pauses: list[float] = []
    path = tmp_path / "keys.json"
    replace_file(path, b"old")
    monkeypatch.setattr(files, "_WINDOWS", True)
    monkeypatch.setattr(time, "sleep", pauses.append)
    monkeypatch.setattr(os, "replace", held)
    with pytest.raises(CannotWrite, match="another program holds the file"):
        replace_file(path, b"new")
    assert 3 < sum(pauses) < 6
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["keys.json"]


def test_a_read_only_folder_is_said_plainly(tmp_path: Path) -> None:
    replace_file(tmp_path / "keys.json", b"old")
    # nothing refuses root: a child that has given that up tries it, from inside the folder
    script = (
        "import os, pathlib\n"
        "from liaison.files import CannotWrite, replace_file\n"
        f"os.chdir({str(tmp_path)!r})\n"
        "os.chmod('.', 0o555)\n"
        "if os.geteuid() == 0: os.setuid(65534)\n"
        "try: replace_file(pathlib.Path('keys.json'), b'new')\n"
        "except CannotWrite as refusal: print(refusal.code)\n"
    )
    checkout = Path(files.__file__).parent.parent
    tried = subprocess.run(
        [sys.executable, "-c", script], check=True, cwd=checkout, capture_output=True, text=True
    )
    tmp_path.chmod(0o700)
    assert tried.stdout.strip() == "read-only"
    assert (tmp_path / "keys.json").read_bytes() == b"old"
    assert names(tmp_path) == ["keys.json"]


@WRITERS
def test_a_missing_folder_is_said_plainly(write: type, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="does not exist") as caught:
        write(tmp_path / "gone" / "keys.json", b"new")
    assert caught.value.code == "no-folder"


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_killed_process_leaves_the_old_file_and_its_rest_is_swept_later(
    step: str, tmp_path: Path
) -> None:
    path = tmp_path / "keys.json"
    replace_file(path, b"old")
    script = (
        "import os, pathlib, sys\n"
        "from liaison.files import replace_file\n"
        f"os.{step} = lambda *_: os._exit(9)\n"
        "replace_file(pathlib.Path(sys.argv[1]), b'new')\n"
    )
    checkout = Path(files.__file__).parent.parent
    killed = subprocess.run([sys.executable, "-c", script, path], check=False, cwd=checkout)
    assert killed.returncode == 9
    assert path.read_bytes() == b"old"
    (rest,) = set(names(tmp_path)) - {"keys.json"}

    replace_file(path, b"newer")
    assert rest in names(tmp_path), "it may belong to a process that is writing now"
    os.utime(tmp_path / rest, (0, 0))
    (tmp_path / ".keys.json.note").write_bytes(b"not ours")
    replace_file(path, b"newest")
    assert names(tmp_path) == [".keys.json.note", "keys.json"]
