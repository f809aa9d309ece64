"""A folder whose files a cloud program has not downloaded, more of them than are waited for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from liaison.records import ids
from liaison.records.home import Resident
from tests.sync.conftest import TAGS, Ring, agree
from tests.sync.scenes import attach, letters_on, residents
from tests.sync.test_folder_rounds import Share, unreadable

LETTERS = {f"{number}.txt": f"letter {number}".encode() for number in range(12)}


@pytest.fixture
def share(tmp_path: Path) -> Share:
    return Share(tmp_path / "storage")


@pytest.fixture
def around(tmp_path: Path, empty_homes: Path, share: Share) -> Iterator[Ring]:
    """Two PCs of one home around it."""
    made = Ring(tmp_path, empty_homes, TAGS[:2], share)
    yield made
    made.close()


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
