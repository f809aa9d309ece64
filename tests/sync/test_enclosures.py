"""Attachments go before what names them; those of a first fill are fetched as they lie there."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from liaison.records.administration import Attachment
from liaison.store import blobs, segments, verify
from liaison.sync import enclosures, pushing, sealed, snapshot
from liaison.sync.sealed import Header
from tests.store.conftest import BLOB_KEY, HOME, signer_of
from tests.sync.conftest import Pc, Ring
from tests.sync.places import Lying, lying
from tests.sync.scenes import attach, letters_on, residents
from tests.sync.test_snapshot import filled, manifest_of

LETTERS = {
    f"letter {number}": f"a letter of Mary's, {number}".encode() * 999 for number in range(5)
}


def named(pc: Pc) -> list[str]:
    """Return what a check of everything says is wrong on a PC."""
    return [one.what for one in verify.verify(pc.store, deep=True, blob_key=BLOB_KEY).damage]


def of(ring: Ring, data: bytes) -> Lying:
    """Return where an attachment lies."""
    name = blobs.blob_id(BLOB_KEY, data)
    return next(one for one in lying(ring.place, ".blob") if f"/{name}/" in one.key)


@pytest.mark.both_places
def test_a_new_pc_has_every_attachment_and_the_copy_holds_none_of_them(ring: Ring) -> None:
    office, station, _ = ring.pcs
    attach(office, dict(list(LETTERS.items())[:3]))
    ring.settle()
    # not sent yet: the copy speaks of them, no segment does
    attach(station, dict(list(LETTERS.items())[3:]))
    manifest = manifest_of(ring, station)
    new = filled(ring, manifest)
    assert letters_on(new.store) == LETTERS
    assert named(new) == []
    assert manifest.attached == sum(map(len, LETTERS.values()))
    assert len(lying(ring.place, ".blob")) == len(LETTERS)
    assert not list(new.folder.glob("coming*"))
    ring.settle()
    # nobody laid one a second time, nobody lacks any
    assert len(lying(ring.place, ".blob")) == len(LETTERS)
    assert not any(one.blobs_missing for one in ring.settle(1))


def test_a_storage_that_lost_them_has_them_again_when_a_copy_is_laid(ring: Ring) -> None:
    office = ring.pcs[0]
    attach(office, LETTERS)
    ring.settle(1)
    for blob in lying(ring.place, ".blob")[:2]:
        blob.unlink()
    assert letters_on(filled(ring, manifest_of(ring, office)).store) == LETTERS


def test_one_that_cannot_be_had_is_named_by_the_check_and_comes_with_a_round(ring: Ring) -> None:
    office = ring.pcs[0]
    attach(office, LETTERS)
    manifest = manifest_of(ring, office)
    gone, damaged = of(ring, LETTERS["letter 1"]), of(ring, LETTERS["letter 2"])
    whole = {blob: blob.read_bytes() for blob in (gone, damaged)}
    gone.unlink()
    damaged.write_bytes(whole[damaged][:-1] + bytes([whole[damaged][-1] ^ 1]))
    new = filled(ring, manifest)
    assert letters_on(new.store).keys() == LETTERS.keys() - {"letter 1", "letter 2"}
    assert named(new) == ["The bytes of 2 attachments are missing."]
    assert new.round().blobs_missing == 2
    for blob, data in whole.items():
        blob.write_bytes(data)
    assert new.round().blobs_missing == 0
    assert letters_on(new.store) == LETTERS
    assert named(new) == []


@pytest.mark.both_places
def test_what_a_new_pc_cannot_use_is_laid_there_again_by_one_that_has_it(ring: Ring) -> None:
    office, station, _ = ring.pcs
    attach(office, LETTERS)
    ring.settle(1)
    manifest = manifest_of(ring, office)
    gone, damaged, forged = (of(ring, LETTERS[f"letter {number}"]) for number in range(3))
    gone.unlink()
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"?")
    forged.write_bytes(of(ring, LETTERS["letter 3"]).read_bytes())
    new = filled(ring, manifest)
    asked: list[int] = []
    for _ in range(4):
        asked.append(new.round().blobs_missing)
        # one that lacks the same file helps nobody
        station.round()
        office.round()
    assert asked == [3, 0, 0, 0]
    assert letters_on(new.store) == LETTERS
    # what was of no use is gone, and nobody lays it again and again
    assert not any(one.exists() for one in (damaged, forged))
    assert len(lying(ring.place, ".blob")) == len(LETTERS)
    # it said so once, and then that it has them
    assert [one.counter for one in segments.heard(office.store) if one.pc == new.pc] == [2]


def test_what_another_laid_in_their_place_is_never_taken(ring: Ring) -> None:
    office = ring.pcs[0]
    attach(office, LETTERS)
    manifest = manifest_of(ring, office)
    first, second, third = (of(ring, LETTERS[f"letter {number}"]) for number in range(3))
    epoch = snapshot.epoch_of(office.means)
    # by a PC of the home: another file; by a stranger: that very file, under the home's own key
    pushing.lay_blob(
        office.means, blobs.blob_id(BLOB_KEY, LETTERS["letter 0"]), b"forged",
        Header(sealed.BLOB, HOME, office.pc, 0, office.tag), epoch,
    )  # fmt: skip
    first.unlink()
    header = Header(sealed.BLOB, HOME, office.pc, 0, office.tag)
    second.write_bytes(sealed.seal(header, LETTERS["letter 1"], epoch, signer_of(1)))
    # of another kind
    third.write_bytes(lying(ring.place, ".snap")[0].read_bytes())
    new = filled(ring, manifest)
    assert letters_on(new.store).keys() == {"letter 3", "letter 4"}


def test_one_of_two_that_is_whole_does(ring: Ring) -> None:
    office = ring.pcs[0]
    attach(office, LETTERS)
    manifest = manifest_of(ring, office)
    data = LETTERS["letter 0"]
    header = Header(sealed.BLOB, HOME, office.pc, 0, office.tag)
    pushing.lay_blob(
        office.means, blobs.blob_id(BLOB_KEY, data), data, header, snapshot.epoch_of(office.means)
    )
    of(ring, data).write_bytes(b"the first of them is damaged")
    assert letters_on(filled(ring, manifest).store) == LETTERS


def test_work_ahead_keeps_its_order_and_what_nobody_waits_for_is_never_begun() -> None:
    begun: list[int] = []

    def note(number: int) -> int:
        begun.append(number)
        return number * 2

    with enclosures.lane("test") as way:
        assert list(enclosures.ahead(way, note, range(9))) == [(n, n * 2) for n in range(9)]
    begun.clear()
    held = threading.Event()
    with enclosures.lane("test") as way:
        way.submit(held.wait, 10)
        # that it is given up is what lets the one before it end
        way.submit(note, 1).add_done_callback(lambda _: held.set())
    assert begun == []


class Enough(Exception):
    """Somebody stops waiting."""


def test_fetching_them_goes_on_where_it_was_stopped_and_nothing_lies_there_in_the_clear(
    ring: Ring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = ring.pcs[0]
    attach(office, LETTERS)
    manifest = manifest_of(ring, office)
    coming, transport = tmp_path / "coming", office.means.transport
    snapshot.fetch(transport, manifest, coming)
    told: list[int] = []

    def stop(done: int, total: int) -> None:
        assert (total, done <= total) == (manifest.whole, True)
        told.append(done)
        if len(told) == 3:
            raise Enough

    with pytest.raises(Enough):
        snapshot.fetch_attachments(transport, manifest, coming, ring.roster.signing_key, stop)
    folder = tmp_path / "coming.files"
    came = {path.name for path in folder.iterdir()}
    assert len(came) == 2
    assert b"Mary" not in b"".join(path.read_bytes() for path in folder.iterdir())
    asked: list[str] = []
    real = transport.get

    def noting(key: str) -> bytes | None:
        asked.append(key)
        return real(key)

    monkeypatch.setattr(transport, "get", noting)
    snapshot.fetch_attachments(transport, manifest, coming, ring.roster.signing_key)
    assert len(asked) == 3
    assert not any(name in key for key in asked for name in came)
    # one that a power cut left half written is passed by
    (folder / min(came)).write_bytes(b"")
    wanted = sorted(path.name for path in folder.iterdir())
    opened = enclosures.opened(coming, HOME, wanted, ring.keys.key, BLOB_KEY)
    assert [name for name, _ in opened] == [name for name in wanted if name != min(came)]
    snapshot.discard_coming(coming)
    assert not list(tmp_path.glob("coming*"))


def test_a_copy_that_is_no_database_is_refused_before_anything_else_is_fetched(
    ring: Ring, tmp_path: Path
) -> None:
    manifest = manifest_of(ring, ring.pcs[0])
    (tmp_path / "coming").write_bytes(bytes(manifest.size))
    with pytest.raises(snapshot.BadSnapshot, match="no copy of a home"):
        snapshot.fetch_attachments(
            ring.pcs[0].means.transport, manifest, tmp_path / "coming", ring.roster.signing_key
        )


def test_an_attachment_is_in_the_storage_before_the_segment_that_names_it(pair: Ring) -> None:
    office, station = pair.pcs
    pair.settle()
    attach(office, {"letter.pdf": b"%PDF a letter"})
    put: list[str] = []
    transport = office.means.transport
    real = transport.put

    def noting(key: str, data: bytes) -> None:
        put.append(key.split("/")[2])
        real(key, data)

    transport.put = noting  # type: ignore[method-assign]
    office.round()
    assert put == ["blob", "d", "hb"]
    assert station.round().blobs_missing == 0
    (row,) = station.store.connection.execute("SELECT id FROM attachment").fetchall()
    loaded = station.store.get("attachment", row[0])
    assert isinstance(loaded, Attachment)
    assert blobs.read_blob(station.store, loaded) == b"%PDF a letter"
    assert b"a letter" not in b"".join(one.read_bytes() for one in lying(pair.place, ".blob"))


@pytest.mark.both_places
def test_an_attachment_that_is_missing_is_told_and_fetched_when_it_is_there(pair: Ring) -> None:
    office, station = pair.pcs
    pair.settle()
    attach(office, {"letter.pdf": b"%PDF a letter"})
    office.round()
    (blob,) = lying(pair.place, ".blob")
    away = blob.read_bytes()
    blob.unlink()
    assert station.round().blobs_missing == 1
    assert residents(station) == {"Mary"}
    blob.write_bytes(away)
    assert station.round().blobs_missing == 0
