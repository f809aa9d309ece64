"""What was erased by law, as the tests of it look for it on the shelves and in the storage."""

from __future__ import annotations

from liaison.errors import UserError
from liaison.records.home import Resident
from liaison.store.changes import Envelope
from liaison.sync import compacting, sealed
from liaison.sync.means import look, units_in
from tests.store.test_erasing import SECRET, erase
from tests.sync.conftest import Pc, Ring
from tests.sync.scenes import come_to, residents
from tests.sync.test_compacting import own


def opened(pc: Pc, data: bytes | None) -> list[Envelope]:
    """Return what a PC can read in an object."""
    assert data is not None
    return units_in(pc.means, look(pc.means, data, sealed.SEGMENT))


def secrets(pc: Pc) -> list[str]:
    """Return the names of what lies on a PC's shelf and says what was erased."""
    shelf = pc.means.shelf
    lying = [(name, shelf.read(name)) for name in shelf.kept]
    lying += [(name, shelf.read_fetched(name)) for name in shelf.fetched]
    return [name for name, data in lying if SECRET in str(opened(pc, data))]


def removed(ring: Ring) -> Pc:
    """Let the night's PC write a secret that all have, and be removed."""
    office, _, night = ring.pcs
    mary = office.add(Resident(name="Mary", alerts=SECRET))
    ring.settle()
    night.add(Resident(name="Tom", alerts=SECRET))
    ring.settle()
    ring.roster.cuts[night.pc] = come_to(office, night)
    ring.pcs.remove(night)
    assert residents(office) == {"Mary", "Tom"}
    office.clock.advance(minutes=1)
    erase(office.store, "resident", mary, "alerts")
    return night


def named(pc: Pc, name: str) -> int:
    """Return the record of a resident."""
    (found,) = pc.store.connection.execute("SELECT id FROM resident WHERE name = ?", (name,))
    return int(found[0])


def bundles(ring: Ring, pc: Pc) -> list[str]:
    """Return what stands for others among what lies there of a PC."""
    return [name for name in own(ring, pc) if "-from-" in name]


_put = compacting.put_and_read_back


def put_alone(means: object, data: bytes, units: list[Envelope]) -> bool:
    """Lay a bundle into the storage, and end before this PC knows of it."""
    kept = set(means.shelf.kept)  # type: ignore[attr-defined]
    _put(means, data, units)  # type: ignore[arg-type]
    for name in means.shelf.kept - kept:  # type: ignore[attr-defined]
        means.shelf.forget(name)  # type: ignore[attr-defined]
    return False


def refuses(_name: str) -> None:
    """Take nothing away."""
    raise UserError("Nothing may be taken away here.")
