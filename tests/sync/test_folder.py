"""A shared folder and everything such folders do otherwise."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from liaison.sync import folder as folder_module
from liaison.sync import names
from liaison.sync.folder import PAUSES, Folder, FolderTrouble

NAME = "v1/home/d/PC/0/0000000001-abc.seg"


class Waits:
    """Notes how long was waited."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
def folder(tmp_path: Path, waits: Waits) -> Folder:
    root = tmp_path / "shared"
    root.mkdir()
    return Folder(root, sleep=waits)


def test_what_was_put_is_listed_and_read(folder: Folder) -> None:
    folder.put(NAME, b"one")
    folder.put("v1/home/d/PC/0/0000000002-abc.seg", b"two")
    folder.put("v1/other/x", b"another home")
    assert folder.list("v1/home/") == [NAME, "v1/home/d/PC/0/0000000002-abc.seg"]
    assert folder.list("v1/home/", NAME) == ["v1/home/d/PC/0/0000000002-abc.seg"]
    assert folder.get(NAME) == b"one"
    assert folder.get("v1/home/nothing") is None
    assert folder.list("v1/nobody/") == []


def test_the_same_again_is_not_written_again(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.put(NAME, b"one")
    monkeypatch.setattr(folder_module, "replace_file", lambda *_a, **_k: pytest.fail("written"))
    folder.put(NAME, b"one")


def test_what_is_damaged_there_is_put_right(folder: Folder) -> None:
    folder.put(NAME, b"one")
    (folder.path / NAME).write_bytes(b"\0\0\0")
    folder.put(NAME, b"one")
    assert folder.get(NAME) == b"one"


def test_what_was_begun_and_never_finished_is_not_listed(folder: Folder) -> None:
    folder.put(NAME, b"one")
    place = (folder.path / NAME).parent
    (place / ".0000000002-abc.seg.12.tmp").write_bytes(b"half")
    (place / "~0000000002-abc.seg").write_bytes(b"half")
    assert folder.list("v1/") == [NAME]


def test_a_file_is_whole_and_on_the_disk_before_it_has_its_name(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    real_sync, real_replace = os.fsync, os.replace

    def sync(handle: int) -> None:
        done.append("sync")
        real_sync(handle)

    def replace(old: Any, new: Any) -> None:
        done.append("rename")
        assert Path(old).read_bytes() == b"one"
        real_replace(old, new)

    folder.put(NAME + "x", b"the folders are there now")
    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(os, "replace", replace)
    folder.put(NAME, b"one")
    assert done == ["sync", "rename", "sync"]


@pytest.mark.parametrize("number", [errno.EBUSY, errno.EACCES, errno.ETIMEDOUT])
def test_a_file_that_is_held_for_a_moment_is_waited_for(
    folder: Folder, waits: Waits, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    folder.put(NAME, b"one")
    monkeypatch.setattr(folder_module, "_read", failing(2, number, folder_module._read))
    assert folder.get(NAME) == b"one"
    assert waits.seconds == list(PAUSES[:2])


def test_a_file_that_stays_held_is_given_up_in_plain_words(
    folder: Folder, waits: Waits, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.put(NAME, b"one")
    monkeypatch.setattr(folder_module, "_read", failing(99, errno.EBUSY, folder_module._read))
    with pytest.raises(FolderTrouble, match="could not be read") as trouble:
        folder.get(NAME)
    assert waits.seconds == list(PAUSES)
    assert "every exchange" in trouble.value.do
    assert NAME not in str(trouble.value)


def failing(times: int, number: int, then: Callable[..., Any]) -> Callable[..., Any]:
    left = [times]

    def act(*args: Any, **more: Any) -> Any:
        if left[0]:
            left[0] -= 1
            raise OSError(number, os.strerror(number))
        return then(*args, **more)

    return act


def test_a_placeholder_that_the_cloud_cannot_download_now_is_a_trouble_not_an_absence(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.put(NAME, b"one")
    monkeypatch.setattr(folder_module, "_read", failing(99, errno.EIO, folder_module._read))
    with pytest.raises(FolderTrouble):
        folder.get(NAME)


def test_a_full_folder_says_so(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "write", failing(99, errno.ENOSPC, os.write))
    with pytest.raises(FolderTrouble, match="is full") as trouble:
        folder.put(NAME, b"one")
    assert trouble.value.code == "disk-full"
    assert folder.list("v1/") == []
    assert not [path for path in folder.path.rglob("*") if path.is_file()]


def test_a_folder_that_vanished_is_told_from_an_empty_one(folder: Folder) -> None:
    folder.put(NAME, b"one")
    shutil.rmtree(folder.path)
    for act in (
        lambda: folder.list("v1/"),
        lambda: folder.get(NAME),
        lambda: folder.put(NAME, b"one"),
    ):
        with pytest.raises(FolderTrouble, match="cannot be reached") as trouble:
            act()
        assert trouble.value.code == "no-folder"
    # nor is it made again: it may be where a stick or a share is to be
    assert not folder.path.exists()


def test_a_folder_pulled_out_in_the_middle_of_a_write_is_told_in_plain_words(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pulled(_old: Any, _new: Any) -> None:
        shutil.rmtree(folder.path)
        raise FileNotFoundError(errno.ENOENT, "gone")

    monkeypatch.setattr(os, "replace", pulled)
    with pytest.raises(FolderTrouble, match="cannot be reached"):
        folder.put(NAME, b"one")


def test_removing_twice_is_no_trouble(folder: Folder) -> None:
    folder.put(NAME, b"one")
    folder.remove(NAME)
    folder.remove(NAME)
    assert folder.list("v1/") == []


@pytest.mark.parametrize(
    "name",
    ["../x", "v1/../../x", "/etc/x", "v1//x", "v1/.hidden", "v1\\x", "C:x", "v1/a\nb", "v1/x\0"],
)
def test_a_name_that_leads_elsewhere_is_no_name(name: str) -> None:
    assert not names.is_safe(name)


def test_the_names_that_cloud_programs_give_to_copies_can_be_files() -> None:
    for name in ("v1/h/0000000001-ab (1).seg", "v1/h/0000000001-ab-DESKTOP-7Q2.seg"):
        assert names.is_safe(name)
        assert names.read_segment(name) is None
