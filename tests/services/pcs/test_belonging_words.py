"""What a removed PC wrote of who belongs: it may be anything, and people are shown it in words."""

from __future__ import annotations

import dataclasses
import json
from typing import Final

from liaison.records.administration import Membership
from liaison.records.home import Resident
from liaison.services import editing
from liaison.services.pcs import belonging, removing, reviewing
from liaison.store.query import Query, every
from tests.services.pcs.houses import House

_GONE: Final = "PC removed"
_BEYOND: Final = "Z" * 13
"""It looks like an id, and none is so large."""
_KINDS: Final[tuple[object, ...]] = ([], {}, None, 1, "nobody's", _GONE, "person")
_CERTIFICATES: Final[tuple[object, ...]] = (
    None, [], {}, {"person": _BEYOND}, {"person": {"a": 1}},
)  # fmt: skip
ODD: Final = (
    "", "x", "[]", "null", f'"{_GONE}"', "[" * 100_000, '{"kind":' * 50_000,
    *(json.dumps({"kind": kind}) for kind in _KINDS),
    '{"kind": "PC removed", "kind": ["PC removed"]}',
    *(
        json.dumps({"kind": kind, "pc": pc})
        for kind in (_GONE, "PC joined")
        for pc in (True, 0, -5, 1.5, 2**63, 10**30, -(10**30), [1], {"a": 1}, "1")
    ),
    f'{{"kind": "{_GONE}", "pc": 1e999}}', f'{{"kind": "{_GONE}", "pc": {"9" * 5000}}}',
    *(
        json.dumps({"kind": kind, "person": person, "certificate": certificate})
        for kind in ("person removed", "password", "person")
        for person in (_BEYOND, "Z" * 500_000, 5, None)
        for certificate in _CERTIFICATES
    ),
)  # fmt: skip


def test_whatever_a_removed_pc_says_of_who_belongs_keeps_nobody_from_looking_through(
    house: House,
) -> None:
    office, laptop = house.office, house.join("Laptop")
    house.rounds()
    # a word of thirteen letters looks like an id as well
    editing.add(laptop, Resident(name="Mary Hale", room="Physiotherapy"))
    for entry in ODD:
        with laptop.unit() as unit:
            unit.add(Membership(at=laptop.store.clock(), kind=_GONE, entry=entry))
    removing.remove(office, laptop.unlocked.vault.pc.id or 0, "Stolen.")
    house.rounds(laptop, times=1)
    house.rounds(office)
    found = reviewing.find(office)
    assert sum(len(one.saves) for one in found) > len(ODD)
    assert all(one.title and one.label for one in found)
    assert [one.title for one in found if one.able] == ["Mary Hale"]
    reviewing.take_in(office, next(one for one in found if one.able))
    for one in reviewing.find(office):
        reviewing.leave_out(office, one)
    assert reviewing.find(office) == ()


def test_a_removal_put_beside_a_save_is_told_with_it_and_hinders_nobody(house: House) -> None:
    office, laptop = house.office, house.join("Laptop")
    house.rounds()
    mary, _ = editing.add(laptop, Resident(name="Mary Hale"))
    loaded = laptop.store.load("resident", mary)
    assert loaded is not None
    gone = json.dumps({"kind": _GONE, "pc": office.unlocked.vault.pc.id})
    # no Liaison does both in one save
    with laptop.unit() as unit:
        unit.save(loaded, dataclasses.replace(loaded.record, room="9"))  # type: ignore[call-arg]  # by name
        unit.add(Membership(at=laptop.store.clock(), kind=_GONE, entry=gone))
    removing.remove(office, laptop.unlocked.vault.pc.id or 0, "Stolen.")
    house.rounds(laptop, times=1)
    house.rounds(office)
    (matter,) = (one for one in reviewing.find(office) if one.title == "Mary Hale")
    assert [one.verb for one in matter.saves[-1].touched] == ["Changed", "Removed from the home"]
    reviewing.take_in(office, matter)
    found = [one for one in every(office.store, Query("resident")) if isinstance(one, Resident)]
    assert [(one.name, one.room) for one in found] == [("Mary Hale", "9")]
    assert not belonging.standing_of(office).cuts.keys() - {laptop.unlocked.vault.pc.id}
