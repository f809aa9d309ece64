"""A storage that is told to stop is asked nothing more, and what was done stays done."""

from __future__ import annotations

from pathlib import Path

import pytest

from liaison.sync.folder import Folder
from liaison.sync.stopping import Stoppable, Stopped, stoppable
from liaison.sync.transport import Removing

NAME = "v1/home/d/a.seg"


class Reading:
    """A storage from which nothing can be taken away."""

    def list(self, prefix: str, after: str = "") -> list[str]:
        return [prefix + after]

    def get(self, _key: str, /) -> bytes | None:
        return b"x"

    def put(self, _key: str, _data: bytes, /) -> None:
        return


def test_it_does_all_that_the_storage_does_until_it_is_stopped(tmp_path: Path) -> None:
    stopped = False
    storage = stoppable(Folder(tmp_path), lambda: stopped)
    storage.put(NAME, b"sealed")
    assert storage.list("v1/") == [NAME]
    assert storage.get(NAME) == b"sealed"
    assert isinstance(storage, Removing)
    storage.remove(NAME)
    assert storage.list("v1/") == []
    storage.put(NAME, b"sealed")
    stopped = True
    for verb in (
        lambda: storage.list("v1/"),
        lambda: storage.get(NAME),
        lambda: storage.put("v1/home/d/b.seg", b"other"),
        lambda: storage.remove(NAME),
    ):
        with pytest.raises(Stopped):
            verb()
    assert Folder(tmp_path).list("v1/") == [NAME]


def test_what_was_laid_there_is_not_taken_for_undone(tmp_path: Path) -> None:
    asked: list[bool] = []

    def stopped() -> bool:
        asked.append(True)
        return len(asked) > 1

    # it was told to stop while it wrote: the answer is the truth all the same
    stoppable(Folder(tmp_path), stopped).put(NAME, b"sealed")
    assert Folder(tmp_path).get(NAME) == b"sealed"


def test_a_storage_that_removes_nothing_is_not_said_to() -> None:
    storage = stoppable(Reading(), lambda: False)
    assert isinstance(storage, Stoppable)
    assert not isinstance(storage, Removing)
