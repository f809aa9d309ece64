"""What stands in a shared folder and is no file of anybody: it is passed over, and nothing waits for it."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from liaison.records.home import Resident
from liaison.sync import folder as folder_module
from liaison.sync import names
from liaison.sync.folder import Folder, UnreadableFile
from tests.store.conftest import HOME
from tests.sync.conftest import Ring, agree
from tests.sync.crafted import Says, lay_segment
from tests.sync.scenes import residents, three_segments

pytestmark = pytest.mark.folder_alone("what else can lie in a folder")

DEEP = 1_200
pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")


@pytest.fixture
def shared(pair: Ring) -> Path:
    """Return the folder in which the segments of a home lie."""
    path = pair.path / "storage" / "v1" / HOME / "d"
    path.mkdir(parents=True, exist_ok=True)
    return path


@contextlib.contextmanager
def nested(shared: Path) -> Iterator[Path]:
    """Folders in each other, more than Python goes down; they are gone afterwards."""
    made: list[Path] = []
    path = shared
    try:
        for _ in range(DEEP):
            path /= "a"
            path.mkdir()
            made.append(path)
        yield path
    finally:
        # what clears up after tests goes down as Python does
        for path in reversed(made):
            for left in path.iterdir():
                left.unlink()
            path.rmdir()


def soon(act: Callable[[], object]) -> None:
    """Do something that must not wait; a test that did would never end."""
    came: list[object] = []
    threading.Thread(target=lambda: came.append(act()), daemon=True).start()
    until = time.monotonic() + 20
    while not came and time.monotonic() < until:
        time.sleep(0.01)
    assert came


def test_folders_without_end_hide_nothing(pair: Ring, shared: Path) -> None:
    _, station, _ = three_segments(pair)
    with nested(shared) as deepest:
        (deepest / "x.seg").write_bytes(b"nothing")
        result = station.round()
        # a system can be asked for no name of any length
        assert max(map(len, station.means.transport.list(""))) <= names.LONGEST
    assert result.trouble is None
    assert result.waiting == []
    assert residents(station) == {"one", "two", "three"}
    agree(pair)


def test_what_somebody_moved_some_folders_down_is_found(pair: Ring, shared: Path) -> None:
    _, station, (first, *_) = three_segments(pair)
    data = first.read_bytes()
    first.unlink()
    down = shared.joinpath(*["old"] * 20, Path(first.key).name)
    down.parent.mkdir(parents=True)
    down.write_bytes(data)
    assert station.round().trouble is None
    assert residents(station) == {"one", "two", "three"}


@pipes
@pytest.mark.parametrize("name", ["x.seg", None])
def test_a_pipe_keeps_no_round_waiting(pair: Ring, shared: Path, name: str | None) -> None:
    office, station, (first, *_) = three_segments(pair)
    # once beside the segments, once where the next one would lie
    os.mkfifo(shared / name if name else shared.parent.parent.parent / f"{first.key}.seg")
    soon(lambda: [pc.round() for pc in (station, office)])
    assert residents(station) == {"one", "two", "three"}
    assert station.round().waiting == []


@pipes
def test_a_pipe_in_the_place_of_a_file_is_no_file_and_gives_way_to_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Folder(tmp_path, sleep=lambda _: None)
    os.mkfifo(tmp_path / "x.seg")
    assert folder.list("") == []

    def read() -> None:
        with pytest.raises(UnreadableFile):
            folder.get("x.seg")

    soon(read)
    # it came between the list and the look
    monkeypatch.setattr(folder_module, "_may_be_file", lambda _: True)
    assert folder.list("") == ["x.seg"]
    soon(lambda: folder.put("x.seg", b"one"))
    assert folder.get("x.seg") == b"one"


def test_a_socket_and_a_link_in_a_circle_are_no_files(tmp_path: Path) -> None:
    folder = Folder(tmp_path, sleep=lambda _: None)
    (tmp_path / "round").symlink_to("round")
    (tmp_path / "to.seg").symlink_to("real.seg")
    (tmp_path / "real.seg").write_bytes(b"one")
    with socket.socket(socket.AF_UNIX) as listening:
        before = Path.cwd()
        try:
            # such a name has to be short
            os.chdir(tmp_path)
            listening.bind("x.seg")
        finally:
            os.chdir(before)
    assert [name for name in folder.list("") if name != "round"] == ["real.seg", "to.seg"]
    assert folder.get("to.seg") == b"one"
    assert folder.get("x.seg") is None
    with pytest.raises(UnreadableFile):
        folder.get("round")


def test_a_file_whose_name_is_no_text_is_left_alone(pair: Ring, shared: Path) -> None:
    office, station, _ = three_segments(pair)
    station.round()
    lying = pair.path / "storage" / lay_segment(office.means, station.means, Says('{"name":7}'))
    try:
        lying.rename(shared / os.fsdecode(b"K\xfcche.seg"))
    except OSError:
        pytest.skip("this system has no such names")
    station.add(Resident(name="four"))
    for pc in (station, office):
        result = pc.round()
        assert (result.trouble, result.set_apart, result.unsent) == (None, [], 0)
    assert residents(office) == {"one", "two", "three", "four"}


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("v1/home/d/K\u00fcche (1).seg", True), ("v1/K\udcfcche.seg", False),
        ("a" * 200, True), ("a" * 201, False), ("\u00fc" * 100, True), ("\u00fc" * 101, False),
        ("a/" * 249 + "a", True), ("a/" * 250 + "a", False),
    ],
    ids=lambda value: ascii(value)[:20],
)  # fmt: skip
def test_a_name_that_no_file_here_can_have_is_not_used(name: str, *, safe: bool) -> None:
    assert names.is_safe(name) is safe
