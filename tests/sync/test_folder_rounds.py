"""Whole rounds over a folder that goes away in the middle, or shows what it cannot give.

What a single read or write of such a folder says is in ``test_folder``. Stores have their own faults
(``test_store_rounds``), so these are played in a folder alone.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from liaison.records import ids
from liaison.records.home import Resident
from liaison.store import blobs
from liaison.sync import folder as folder_module
from tests.store.conftest import BLOB_KEY
from tests.sync.conftest import PERSON, TAGS, Pc, Ring, agree
from tests.sync.places import FolderPlace
from tests.sync.scenes import attach, letters_on, residents, three_segments

LETTERS = {f"{number}.txt": f"letter {number}".encode() for number in range(12)}
"""More than so many files that cannot be read as a round goes on after."""


class Share(FolderPlace):
    """A shared folder that can go away and come back with what was in it."""

    def goes(self) -> None:
        """Let it be somewhere else: the stick is pulled out, the share is not mounted."""
        self.path.rename(self._away)

    def comes_back(self) -> None:
        """Let it be there again; nobody may have made another one in its place."""
        assert not self.path.exists()
        self._away.rename(self.path)

    @property
    def _away(self) -> Path:
        return self.path.with_name("away")

    def begun(self) -> list[Path]:
        """Return the files in it that were begun and never finished."""
        return list(self.path.rglob(".*.tmp"))


@pytest.fixture
def share(tmp_path: Path) -> Share:
    return Share(tmp_path / "storage")


@pytest.fixture
def around(tmp_path: Path, empty_homes: Path, share: Share) -> Iterator[Ring]:
    """Two PCs of one home around it."""
    made = Ring(tmp_path, empty_homes, TAGS[:2], share)
    yield made
    made.close()


def write(pc: Pc, name: str) -> None:
    """Write a resident with a letter: an attachment, a segment and a sign of life are to be sent."""
    with pc.store.unit(PERSON, "") as unit:
        blobs.attach(
            pc.store, unit, BLOB_KEY, owner_type="resident", owner=unit.add(Resident(name=name)),
            name="a.txt", media_type="text/plain", data=name.encode(),
        )  # fmt: skip


@pytest.mark.parametrize("ending", [".blob", ".seg", ".hb"])
def test_a_folder_that_goes_away_while_something_is_written_into_it_loses_nothing(
    around: Ring, share: Share, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    office, station = around.pcs
    around.settle()
    write(office, "Mary")
    real = os.replace

    def pulled(old: Any, new: Any) -> None:
        if share.path in Path(new).parents and str(new).endswith(ending):
            # what comes back with the folder is half of it
            os.truncate(old, Path(old).stat().st_size // 2)
            share.goes()
        real(old, new)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", pulled)
        told = office.round().trouble
    assert told is not None
    assert told.code == "no-folder"
    # both work on without it, and are told so each time
    write(office, "John")
    write(station, "Joan")
    for pc in around.pcs:
        result = pc.round()
        assert result.trouble is not None
        assert (result.went_back, result.set_apart) == (False, [])
    assert residents(office) == {"Mary", "John"}
    share.comes_back()
    assert [path.name.endswith(".tmp") for path in share.begun()] == [True]
    for result in around.settle():
        assert (result.trouble, result.waiting, result.set_apart) == (None, [], [])
        assert (result.lacking, result.went_back, result.unsent) == ([], False, 0)
    for pc in around.pcs:
        assert residents(pc) == {"Mary", "John", "Joan"}
    agree(around)


def test_a_folder_that_goes_away_while_something_is_fetched_from_it_loses_nothing(
    around: Ring, share: Share, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, station, (_, middle, _) = three_segments(around)
    station.add(Resident(name="four"))
    real = folder_module._read

    def pulled(path: Path) -> bytes:
        if path == share.path / middle.key:
            share.goes()
        return real(path)

    with monkeypatch.context() as patch:
        patch.setattr(folder_module, "_read", pulled)
        told = station.round().trouble
    assert told is not None
    assert told.code == "no-folder"
    share.comes_back()
    around.settle()
    for pc in around.pcs:
        assert residents(pc) == {"one", "two", "three", "four"}
    agree(around)


def unreadable(monkeypatch: pytest.MonkeyPatch, *paths: Path) -> None:
    """Let files lie there that cannot be read, as where a cloud program has not downloaded them."""
    real = folder_module._read

    def read(path: Path) -> bytes:
        if path in paths:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return real(path)

    monkeypatch.setattr(folder_module, "_read", read)


def test_a_placeholder_that_cannot_be_downloaded_now_holds_nothing_else_up(
    around: Ring, share: Share, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, station, (_, middle, _) = three_segments(around)
    station.add(Resident(name="four"))
    with monkeypatch.context() as patch:
        unreadable(patch, share.path / middle.key)
        for _ in range(2):
            result = station.round()
            # there it is, only not here: no gap, no loss, nothing to put right
            assert [(one.name, one.pc) for one in result.waiting][:1] == [(middle.key, office.pc)]
            assert "cannot be read there now" in result.waiting[0].reason
            assert (result.trouble, result.set_apart, result.damaged) == (None, [], [])
            assert (result.went_back, result.unsent) == (False, 0)
            assert "one" in residents(station)
            assert not residents(station) & {"two", "three"}
        # what this PC wrote went all the same
        assert office.round().trouble is None
        assert "four" in residents(office)
    around.settle()
    for pc in around.pcs:
        assert residents(pc) == {"one", "two", "three", "four"}
    agree(around)


def test_a_sign_of_life_and_a_letter_that_cannot_be_read_now_hold_nothing_else_up(
    around: Ring, share: Share, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, station = around.pcs
    write(office, "Mary")
    office.round()
    station.add(Resident(name="John"))
    held = [*share.path.rglob("*.hb"), *share.path.rglob("*.blob")]
    assert {path.suffix for path in held} == {".hb", ".blob"}
    with monkeypatch.context() as patch:
        unreadable(patch, *held)
        result = station.round()
        assert (result.trouble, result.sent, result.blobs_missing) == (None, 1, 1)
        assert residents(station) == {"Mary", "John"}
        assert office.round().trouble is None
        assert residents(office) == {"Mary", "John"}
    assert all(one.lacking == [] for one in around.settle())
    agree(around)


def test_a_folder_of_which_nothing_can_be_read_is_told_as_one_trouble(
    around: Ring, share: Share, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, station = around.pcs
    for number in range(12):
        office.add(Resident(name=str(number)))
        office.round()
    with monkeypatch.context() as patch:
        unreadable(patch, *share.path.rglob("*.seg"))
        told = station.round().trouble
        assert told is not None
        assert "could not be read" in told.what
    around.settle()
    assert len(residents(station)) == 12
    agree(around)


def test_letters_that_were_not_downloaded_yet_do_not_hold_up_what_is_sent(
    around: Ring, share: Share, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, station = around.pcs
    attach(office, LETTERS)
    office.round()
    held = list(share.path.rglob("*.blob"))
    assert len(held) == len(LETTERS)
    station.add(Resident(name="John"))
    with monkeypatch.context() as patch:
        unreadable(patch, *held)
        result = station.round()
        assert (result.trouble, result.sent, result.unsent) == (None, 1, 0)
        assert sorted(result.lacking) == sorted({path.parent.name for path in held})
        # a sign of life went too, and the letters are there for whoever can read them
        assert [path for path in share.path.rglob("*.hb") if ids.to_text(station.pc) in path.parts]
        assert office.round().trouble is None
        assert residents(office) == {"Mary", "John"}
        # not the ninth alone: no round of this kind ends before what is to be sent
        station.add(Resident(name="Joan"))
        assert station.round().sent == 1
    for result in around.settle():
        assert (result.trouble, result.lacking) == (None, [])
    assert letters_on(station.store) == LETTERS
    assert len(list(share.path.rglob("*.blob"))) == len(LETTERS)
    agree(around)
