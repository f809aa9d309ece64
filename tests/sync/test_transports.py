"""What every storage must do alike, held against a folder and a real object store."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from liaison.errors import UserError
from liaison.sync.folder import Folder
from liaison.sync.object_store import ObjectStore
from liaison.sync.object_store_patience import Patience
from liaison.sync.transport import Removing, Transport

if TYPE_CHECKING:
    from tests.sync.real_store import RealStore

SEGMENTS = [f"v1/home/d/PC{pc}/1/{seq:010}-{seq:032x}.seg" for pc in (1, 2) for seq in range(1, 4)]


@pytest.fixture(params=["folder", "store"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Transport]:
    """Open the same empty storage anew, as another PC does."""
    if request.param == "folder":
        return lambda: Folder(tmp_path, sleep=lambda _: None)
    real: RealStore = request.getfixturevalue("real_store")
    access = real.access()
    return lambda: ObjectStore(access, patience=Patience(tries=1))


def test_an_empty_storage_lists_nothing_and_has_nothing(storage: Callable[[], Transport]) -> None:
    assert storage().list("v1/home/d/") == []
    assert storage().get(SEGMENTS[0]) is None


def test_what_one_pc_put_another_lists_in_order_and_gets(storage: Callable[[], Transport]) -> None:
    ours, theirs = storage(), storage()
    for name in reversed(SEGMENTS):
        ours.put(name, name.encode())
    assert theirs.list("v1/home/d/") == SEGMENTS
    assert [theirs.get(name) for name in SEGMENTS] == [name.encode() for name in SEGMENTS]


def test_a_list_begins_behind_the_last_name_that_was_seen(storage: Callable[[], Transport]) -> None:
    there = storage()
    for name in SEGMENTS:
        there.put(name, b"x")
    for seen, name in enumerate(SEGMENTS, start=1):
        assert there.list("v1/home/d/", after=name) == SEGMENTS[seen:]
    # also behind a name that was taken away since, or never was there
    assert there.list("v1/home/d/", after=SEGMENTS[1] + "~") == SEGMENTS[2:]


def test_a_list_of_one_folder_leaves_out_its_neighbours(storage: Callable[[], Transport]) -> None:
    there = storage()
    for name in ("d/1/a", "d/10/a", "d1/a", "hb/a"):
        there.put(name, b"x")
    assert there.list("d/1/") == ["d/1/a"]
    assert there.list("d/") == ["d/1/a", "d/10/a"]
    assert there.list("none/") == []


def test_the_same_put_again_changes_nothing(storage: Callable[[], Transport]) -> None:
    for _ in range(2):
        storage().put(SEGMENTS[0], b"segment")
    assert storage().list("v1/") == [SEGMENTS[0]]
    assert storage().get(SEGMENTS[0]) == b"segment"


@pytest.mark.parametrize("length", [0, 1, 6_000_000])
def test_bytes_come_back_as_they_were(storage: Callable[[], Transport], length: int) -> None:
    data = (bytes(range(256)) * (length // 256 + 1))[:length]
    storage().put("blob/x", data)
    assert storage().get("blob/x") == data


def test_what_is_taken_away_is_gone_and_taking_it_again_is_nothing(
    storage: Callable[[], Transport],
) -> None:
    there = storage()
    assert isinstance(there, Removing)
    there.put("d/a", b"x")
    there.remove("d/a")
    there.remove("d/a")
    assert there.get("d/a") is None
    assert there.list("d/") == []


def test_a_storage_that_is_not_there_is_a_plain_error_and_never_an_empty_one(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    real: RealStore = request.getfixturevalue("real_store")
    nobody = ObjectStore(real.access(endpoint="http://127.0.0.1:9"), patience=Patience(tries=1))
    gone: list[Transport] = [Folder(tmp_path / "gone", sleep=lambda _: None), nobody]
    for transport in gone:
        for verb in (
            partial(transport.list, "d/"),
            partial(transport.get, "d/a"),
            partial(transport.put, "d/a", b"x"),
        ):
            with pytest.raises(UserError) as told:
                verb()
            assert told.value.kept
            assert told.value.do
