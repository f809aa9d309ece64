"""A newer Liaison on one PC: what only it knows goes through the others, and is lost by none of them."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from liaison.records.home import Resident
from tests.store.newer import newer_liaison
from tests.sync.conftest import PERSON, Pc, Ring, agree
from tests.sync.places import wipe
from tests.sync.scenes import change, residents


def star_signs(pc: Pc) -> dict[str, str]:
    return dict(pc.store.connection.execute("SELECT name, star_sign FROM resident").fetchall())


@pytest.mark.both_places
def test_what_an_older_pc_does_not_know_is_kept_given_on_and_shown_after_its_upgrade(
    ring: Ring,
) -> None:
    office, station, night = ring.pcs
    mary = office.add(Resident(name="Mary", room="1"))
    ring.settle(2)
    station.close()
    with newer_liaison() as garden:
        station = ring.reopen(station)
        # made at run time: no checker knows its fields
        known: Any = garden
        station.add(known(name="Back garden", plants=("rose",)))
        loaded = station.store.load("resident", mary)
        assert loaded is not None
        known = loaded.record
        with station.store.unit(PERSON, "") as unit:
            unit.save(loaded, dataclasses.replace(known, star_sign="Libra"))
        assert station.round().sent == 1
        station.close()

    result = office.round()
    assert (result.taken, result.waiting, result.set_apart) == (1, [], [])
    # it works on, with the very record
    change(office, mary, room="2")
    wipe(ring.place)
    assert office.round().given_back > 0
    assert residents(office) == {"Mary"}

    with newer_liaison():
        # from the older one alone
        night = ring.reopen(night)
        night.round()
        assert star_signs(night) == {"Mary": "Libra"}
        assert night.store.connection.execute("SELECT name FROM garden").fetchall() == [
            ("Back garden",)
        ]
        station, office = ring.reopen(station), ring.reopen(office)
        ring.settle(2)
        agree(ring)
        shown = office.store.get("resident", mary)
        assert isinstance(shown, Resident)
        assert shown.room == "2"
        for pc in ring.pcs:
            pc.close()
