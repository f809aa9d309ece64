"""What a storage lost, or never had, is given back: attachments before the segments that name them."""

from __future__ import annotations

import dataclasses

import pytest

from liaison.records import ids
from liaison.records.administration import Attachment
from liaison.records.home import Resident
from liaison.sync import pushing
from liaison.sync.exchange import Exchange
from tests.sync.conftest import PERSON, Pc, Ring
from tests.sync.places import FolderPlace, lying, wipe
from tests.sync.scenes import attach, letters_on, residents, three_segments

LETTER = {"letter.txt": b"Dear Mary"}
OTHER = {"other.txt": b"Dear John"}


def going_by(pc: Pc, place: FolderPlace) -> Exchange:
    """Let a PC go by another place, with what is on its shelf."""
    return Exchange(dataclasses.replace(pc.means, transport=place.transport()))


@pytest.mark.both_places
def test_a_letter_is_back_before_what_names_it_where_somebody_has_not_had_it(ring: Ring) -> None:
    office, station, night = ring.pcs
    ring.settle()
    attach(office, LETTER)
    office.round()
    station.round()
    wipe(ring.place)
    # not the one that wrote it, and neither of the two comes again
    assert station.round().given_back > 0
    result = night.round()
    assert (result.blobs_missing, result.trouble) == (0, None)
    assert residents(night) == {"Mary"}
    assert letters_on(night.store) == LETTER


def test_whoever_goes_by_a_new_place_alone_finds_the_letter_there(ring: Ring) -> None:
    office, station, _ = ring.pcs
    ring.settle()
    new = FolderPlace(ring.path / "new")
    attach(office, LETTER)
    office.round()
    going_by(office, new).round()
    assert going_by(station, new).round().blobs_missing == 0
    assert letters_on(station.store) == LETTER


def test_what_everybody_has_is_laid_again_only_when_somebody_asks(ring: Ring) -> None:
    office, station, _ = ring.pcs
    attach(office, LETTER)
    ring.settle()
    wipe(ring.place)
    assert station.round().given_back > 0
    # else each PC would lay everything there at once
    assert lying(ring.place, ".blob") == []
    attach(station, OTHER)
    station.round()
    assert len(lying(ring.place, ".blob")) == 1


def test_what_no_attachment_can_be_called_is_not_looked_for(
    ring: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, station, _ = ring.pcs
    ring.settle()
    with office.store.unit(PERSON, "") as unit:
        mary = unit.add(Resident(name="Mary"))
        # as a PC writes it on which somebody changed the program
        for name in ("x" * 5000, "../../../" * 20, "a\0b"):
            unit.add(
                Attachment(
                    owner_type="resident", owner_id=ids.to_text(mary), name="letter.txt",
                    media_type="text/plain", size=9, sha256=name,
                )
            )  # fmt: skip
    with monkeypatch.context() as changed:
        changed.setattr(pushing, "_send_blobs", lambda *_: None)
        assert office.round().sent == 1
    station.round()
    wipe(ring.place)
    result = station.round()
    assert result.trouble is None
    assert result.given_back > 0


@pytest.mark.both_places
def test_a_storage_that_was_wiped_is_filled_again_from_any_pc(ring: Ring) -> None:
    office, station, night = ring.pcs
    office.add(Resident(name="Mary"))
    station.add(Resident(name="John"))
    ring.settle()
    before = [path.name for path in ring.segments()]
    wipe(ring.place)
    # not the ones that wrote it: the third has everything
    result = night.round()
    assert result.went_back
    assert result.given_back == len(before)
    assert [path.name for path in ring.segments()] == before


@pytest.mark.both_places
def test_a_storage_that_went_back_is_noticed_and_put_right(pair: Ring) -> None:
    _, station, (_, _, last) = three_segments(pair)
    station.round()
    last.unlink()
    result = station.round()
    assert result.went_back
    assert result.given_back == 1
    assert last.exists()
    assert not station.round().went_back
