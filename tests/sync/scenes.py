"""What the tests of the exchange let PCs do again and again, and how they read what came of it."""

from __future__ import annotations

import dataclasses

from liaison.records.home import Resident
from liaison.store import blobs, segments
from liaison.store.store import Store
from liaison.sync import names, sealed
from liaison.sync.roster import EpochKey
from liaison.sync.sealed import Header, Sealed
from tests.store.conftest import BLOB_KEY, HOME
from tests.sync.conftest import PERSON, Pc, Ring
from tests.sync.places import Lying


def residents(pc: Pc) -> set[str]:
    """Return the names of the residents on a PC."""
    rows = pc.store.connection.execute("SELECT name FROM resident")
    return {name for (name,) in rows}


def reasons(pc: Pc) -> list[str]:
    """Return why things were set apart on a PC."""
    return [one.reason for one in segments.apart(pc.store)]


def come_to(pc: Pc, of: Pc) -> int:
    """Return how far a PC has come in what another one wrote: where that one would be cut off."""
    place = segments.frontier(pc.store, of.tag)
    assert place is not None
    return place.replica.seq


def three_segments(pair: Ring) -> tuple[Pc, Pc, list[Lying]]:
    """Let the office send three segments that the station has not fetched."""
    office, station = pair.pcs
    pair.settle()
    before = set(pair.segments())
    for name in ("one", "two", "three"):
        office.add(Resident(name=name))
        office.round()
    return office, station, sorted(set(pair.segments()) - before)


def take_back(office: Pc, path: Lying) -> None:
    """Take a segment out of the storage, so that the PC that wrote it does not give it back."""
    path.unlink()
    office.means.shelf.forget(path.key)


def found(path: Lying) -> Sealed:
    """Read what lies in the storage."""
    return sealed.require_home(sealed.read(path.read_bytes()), HOME)


def plant(ring: Ring, header: Header, content: bytes, signer: object) -> Lying:
    """Lay a well-formed object into the storage, as somebody with the keys could."""
    data = sealed.seal(header, content, EpochKey("epoch-1", b"e" * 32), signer)  # type: ignore[arg-type]
    name = names.segment(HOME, header.pc, header.incarnation, header.seq, sealed.digest_of(data))
    planted = Lying(name, ring.place)
    planted.write_bytes(data)
    return planted


def change(pc: Pc, rec: int, **fields: object) -> None:
    """Save a resident with other fields."""
    loaded = pc.store.load("resident", rec)
    assert loaded is not None
    with pc.store.unit(PERSON, "") as unit:
        unit.save(loaded, dataclasses.replace(loaded.record, **fields))  # type: ignore[arg-type]


def attach(pc: Pc, letters: dict[str, bytes], to: str = "Mary") -> None:
    """Attach letters to a new resident."""
    with pc.store.unit(PERSON, "") as unit:
        resident = unit.add(Resident(name=to))
        for name, data in letters.items():
            blobs.attach(
                pc.store, unit, BLOB_KEY, owner_type="resident", owner=resident, name=name,
                media_type="text/plain", data=data,
            )  # fmt: skip


def letters_on(store: Store) -> dict[str, bytes]:
    """Return what is here of the letters."""
    return dict(
        store.connection.execute(
            "SELECT name, bytes FROM attachment JOIN blob ON blob.id = attachment.sha256"
        )
    )
