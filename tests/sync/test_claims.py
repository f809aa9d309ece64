"""What PCs said of each other only grows: one that was set back says less, and takes nothing back."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from liaison.records import ids
from liaison.records.home import Resident
from liaison.store import segments
from liaison.store.segments import Heard
from liaison.store.store import Store
from tests.sync.conftest import TAGS, MakeRing, Ring, agree
from tests.sync.places import lying
from tests.sync.scenes import residents


def set_back_one_after_the_other(ring: Ring) -> bool:
    """Put images of two PCs back, when only one of them had told what the other one wrote last.

    Returns:
        Whether the other one, which comes last, sees that it was set back.
    """
    office, _, night = ring.pcs
    ring.settle()
    before = set(ring.segments())
    images = ring.image(office, "office's"), ring.image(night, "night's")
    office.add(Resident(name="by day"))
    night.add(Resident(name="by night"))
    ring.settle()
    # the storage was set back too, but for what the night's PC laid there
    for one in set(ring.segments()) - before:
        if ids.to_text(office.pc) in one.key:
            one.unlink()
    for beat in lying(ring.place, ".hb"):
        if ids.to_text(night.pc) not in beat.key:
            beat.unlink()
    night = ring.restore(night, images[1])
    # in its new life it says how far it has come by the image: not as far as in the last one
    assert night.round().new_life
    office = ring.restore(office, images[0])
    return office.round().new_life


@pytest.mark.both_places
def test_a_pc_that_says_less_after_it_was_set_back_takes_back_nothing_that_it_said(
    ring: Ring,
) -> None:
    assert set_back_one_after_the_other(ring)
    ring.settle()
    assert all(residents(pc) == {"by day", "by night"} for pc in ring.pcs)
    agree(ring)


def test_the_highest_claim(make_ring: MakeRing, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the newest in its place a PC goes on under numbers that it has used."""

    def scene() -> bool:
        return set_back_one_after_the_other(make_ring(TAGS))

    hear = segments.hear

    def by_the_newest(store: Store, heard: Heard, claims: Mapping[tuple[int, int], int]) -> None:
        with store.writing() as connection:
            connection.execute("DELETE FROM claim WHERE teller = ?", (heard.pc,))
        hear(store, heard, claims)

    assert scene()
    monkeypatch.setattr(segments, "hear", by_the_newest)
    assert not scene()
