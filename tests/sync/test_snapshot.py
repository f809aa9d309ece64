"""The first fill of a new PC: everything that is shared comes, nothing that is the other PC's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from liaison.records.home import Resident
from liaison.store import verify
from liaison.store.store import FILE_NAME, Store
from liaison.sync import snapshot
from liaison.sync.snapshot import BadSnapshot, Manifest
from tests.store.conftest import BLOB_KEY, HOME, KEY, FakeClock, replica_of, signer_of
from tests.sync.conftest import Pc, Ring, agree
from tests.sync.places import lying

NEW_TAG = 77
NEW_KEY = b"n" * 32


def manifest_of(ring: Ring, pc: Pc) -> Manifest:
    name = snapshot.publish(pc.means, pc.folder, snapshot.epoch_of(pc.means))
    data = pc.means.transport.get(name)
    assert data is not None
    return snapshot.read_manifest(data, HOME, ring.roster.signing_key, ring.keys.key)


def filled(ring: Ring, manifest: Manifest) -> Pc:
    """Fill a new PC, and let it and the others know each other."""
    folder = ring.path / "new"
    folder.mkdir(exist_ok=True)
    transport, coming = ring.pcs[0].means.transport, folder / "coming"
    snapshot.fetch(transport, manifest, coming)
    snapshot.fetch_attachments(transport, manifest, coming, ring.roster.signing_key)
    snapshot.adopt(
        coming, manifest, folder / FILE_NAME, NEW_KEY, key=ring.keys.key, naming=BLOB_KEY
    )
    snapshot.discard_coming(coming)
    replica = replica_of(NEW_TAG)
    ring.roster.keys[replica.pc] = replica.public_key
    clock = FakeClock()
    store = Store(folder / FILE_NAME, NEW_KEY, signer_of(NEW_TAG), clock=clock)
    store.new_incarnation(replica.public_key, replica.pc, 0)
    pc = ring.join(NEW_TAG, store, clock)
    ring.pcs.append(pc)
    return pc


def test_a_new_pc_has_the_home_and_what_came_after_the_copy(ring: Ring) -> None:
    office, station, _ = ring.pcs
    for number in range(30):
        office.add(Resident(name=f"R{number}"))
        office.round()
    ring.settle()
    # not sent yet when the copy was made
    station.add(Resident(name="unsent"))
    manifest = manifest_of(ring, station)
    office.add(Resident(name="the tail"))
    ring.settle(2)
    new = filled(ring, manifest)
    new.add(Resident(name="from the new one"))
    ring.settle()
    assert len(new.store.connection.execute("SELECT 1 FROM resident").fetchall()) == 33
    agree(ring)
    # and it can give everything back to a storage that was lost
    assert {path.name for path in ring.segments()} <= {
        Path(name).name for name in new.means.shelf.kept
    }


def test_what_is_the_other_pcs_own_does_not_come(ring: Ring) -> None:
    office = ring.pcs[0]
    with office.store.writing() as connection:
        connection.execute("INSERT INTO draft VALUES (1, 'visit/new', 'now', 'a secret of mine')")
    office.add(Resident(name="unsent"))
    new = filled(ring, manifest_of(ring, office))
    for table in ("draft", "outbox", "quarantine", "heard", "claim"):
        assert new.store.connection.execute(f"SELECT * FROM {table}").fetchall() == []
    assert verify.verify(new.store, deep=True).damage == []
    assert not list(office.folder.glob(".snapshot*"))


def test_the_copy_opens_with_no_key_of_the_other_pc(ring: Ring) -> None:
    manifest = manifest_of(ring, ring.pcs[0])
    new = filled(ring, manifest)
    assert manifest.key not in {KEY, NEW_KEY}
    assert KEY not in b"".join(one.read_bytes() for one in lying(ring.place, ".part"))
    new.close()
    with pytest.raises(Exception, match="cannot be read"):
        Store(new.folder / FILE_NAME, KEY, signer_of(NEW_TAG))
    ring.pcs.pop()


def test_a_damaged_piece_is_refused_and_fetched_again_alone(
    ring: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "PIECE_BYTES", 64 * 1024)
    manifest = manifest_of(ring, ring.pcs[0])
    pieces = lying(ring.place, ".part")
    whole = pieces[3].read_bytes()
    pieces[3].write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(BadSnapshot, match="missing or damaged"):
        filled(ring, manifest)
    pieces[3].write_bytes(whole)
    asked: list[str] = []
    transport = ring.pcs[0].means.transport
    real = transport.get

    def noting(key: str) -> bytes | None:
        asked.append(key)
        return real(key)

    monkeypatch.setattr(transport, "get", noting)
    filled(ring, manifest)
    # what had come before the damaged one was kept
    assert not any(name.endswith(piece.name) for name in asked for piece in pieces[:3])


def test_a_manifest_that_another_signed_or_that_is_of_another_home_is_refused(ring: Ring) -> None:
    office = ring.pcs[0]
    name = snapshot.publish(office.means, office.folder, snapshot.epoch_of(office.means))
    data = ring.place.read(name)
    stranger = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    for home, believed, key in (
        ("ANOTHERH0ME00", ring.roster.signing_key, ring.keys.key),
        (HOME, lambda _: stranger, ring.keys.key),
        (HOME, lambda _: None, ring.keys.key),
        (HOME, ring.roster.signing_key, lambda _: b"x" * 32),
    ):
        with pytest.raises(BadSnapshot):
            snapshot.read_manifest(data, home, believed, key)


def test_snapshots_are_taken_away_again(ring: Ring) -> None:
    office = ring.pcs[0]
    manifest_of(ring, office)
    snapshot.withdraw_snapshots(office.means, {office.pc})
    assert snapshot.manifests(office.means.transport, HOME) == []
    assert not lying(ring.place, ".part")
