"""What a removed PC wrote on: how tests make it, and what they look at of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Final

import pytest

from liaison.records.casework import Visit, VisitEntry
from liaison.records.home import Resident
from liaison.services import editing
from liaison.services.homes import OpenHome
from liaison.services.pcs import removing
from liaison.services.pcs.roster import HomeRoster, means_of
from liaison.store import changes as log
from liaison.store import segments
from liaison.store.merge import units_after
from liaison.store.query import Query, every
from liaison.sync import body, names, sealed
from tests.services.pcs.houses import House, add_manager

SECRET: Final = "Zygomatic-canary-7731"


def change(home: OpenHome, identity: int, why: str = "", **values: str) -> None:
    """Save a resident with other values."""
    loaded = home.store.load("resident", identity)
    assert loaded is not None
    editing.save(home, loaded, dataclasses.replace(loaded.record, **values), why)  # type: ignore[arg-type]  # by name


def rooms(home: OpenHome) -> dict[str, str | None]:
    """Return the residents, each with their room."""
    found = every(home.store, Query("resident"))
    return {one.name or "": one.room for one in found if isinstance(one, Resident)}


def named(home: OpenHome, name: str) -> int:
    """Return the record of a resident."""
    found = every(home.store, Query("resident"))
    return next(one.id or 0 for one in found if isinstance(one, Resident) and one.name == name)


def kept(home: OpenHome) -> str:
    """Return all that a PC keeps of what was set apart."""
    return str(home.store.connection.execute("SELECT body FROM quarantine").fetchall())


def send(house: House, laptop: OpenHome, *changes: tuple[object, ...], at: str = "") -> None:
    """Lay a unit into the storage that a PC signs by hand: its type, record, op and fields."""
    means = means_of(laptop, house.storage, HomeRoster(laptop))
    place = next(one for one in segments.frontiers(laptop.store) if one.replica.pc == means.pc)
    tag, incarnation = place.replica.tag, place.replica.incarnation
    last = units_after(laptop.store, tag, place.covered - 1)[0]
    tick = (last.changes[-1].stamp >> 14) + 1
    stamps = [tick + n << 14 | tag for n in range(len(changes) + 1)]
    made = [
        log.make_change(stamp, name, rec or stamp, op, fields, {}, b"5" * 16)  # type: ignore[arg-type]  # by place
        for stamp, (name, rec, op, fields) in zip(stamps[1:], changes, strict=True)
    ]
    unit = last.unit._replace(id=stamps[0], at=at or last.unit.at, seq=last.unit.seq + 1, reason="")
    signature = means.signer.sign(
        log.signed_bytes(log.unit_hash(last.unit.hash, unit, [one.digest for one in made]))
    )
    unit = unit._replace(signature=signature)
    header = sealed.Header(
        sealed.SEGMENT, means.home, means.pc, incarnation, tag,
        first=place.seq + 1, seq=place.seq + 1, previous=place.digest, changes=len(made),
    )  # fmt: skip
    content = body.encode(last.unit.hash, [log.Envelope(unit, made)])
    data = sealed.seal(header, content, means.keys.for_writing(unit.id), means.signer)
    seq = place.seq + 1
    name = names.segment(means.home, means.pc, incarnation, seq, sealed.digest_of(data), seq)
    house.storage.put(name, data)


@pytest.fixture
def lost(house: House) -> House:
    """Three PCs; what the laptop wrote last was seen by the nurses' station, not by the office."""
    laptop, nurses = house.join("Laptop"), house.join("Nurses")
    mary, _ = editing.add(house.office, Resident(name="Mary Hale", room="3"))
    house.rounds()
    change(laptop, mary, "She moved.", room="12")
    new, _ = editing.add(laptop, Resident(name="Tom Hall", room="1"))
    change(laptop, new, room="2")
    with laptop.unit() as unit:
        visit = unit.add(Visit(at=laptop.store.clock(), status="took place"))
    with laptop.unit() as unit:
        unit.add(VisitEntry(visit=visit, resident=new, found="Heel is healing."))
    add_manager(laptop)
    house.rounds(laptop, nurses, times=1)
    removing.remove(house.office, laptop.unlocked.vault.pc.id or 0, "Lost on the bus.")
    house.rounds(house.office, nurses, times=3)
    assert rooms(nurses) == rooms(house.office) == {"Mary Hale": "3"}
    return house


@pytest.fixture
def stolen(house: House) -> Iterator[tuple[OpenHome, int]]:
    """A laptop that was removed, and a resident."""
    laptop = house.join("Laptop")
    mary, _ = editing.add(house.office, Resident(name="Mary Hale", room="3"))
    house.rounds()
    change(laptop, mary, alerts="None known.")
    house.rounds()
    removing.remove(house.office, laptop.unlocked.vault.pc.id or 0, "Lost on the bus.")
    house.pcs.remove(laptop)
    house.rounds()
    yield laptop, mary
    house.pcs.append(laptop)
