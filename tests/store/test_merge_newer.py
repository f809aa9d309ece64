"""What only a newer Liaison knows waits in the log, and is shown after the upgrade."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from liaison.records.home import Resident, Staff
from liaison.store import history, merge, projection, search, verify
from liaison.store.changes import Envelope, decode, encode
from liaison.store.store import Store
from tests.store.conftest import (
    KEY,
    NURSES,
    OFFICE,
    MakeStore,
    Two,
    ann,
    got,
    know_each_other,
    person_of,
    signer_of,
)
from tests.store.newer import newer_liaison
from tests.store.sending import agree, count, next_unit


def garden_units(two: Two) -> list[Envelope]:
    """Return what a newer Liaison on the nurses' PC writes: a type, a set and a field unknown here."""
    last = two.sent[-1].changes[0]
    tick = (two.sent[-1].changes[-1].stamp >> 14) + 2
    garden = tick << 14 | NURSES
    plants = 2**62 + 5
    return [
        next_unit(
            two,
            ("garden", None, "birth", {"name": "Back garden", "notes": "roses"}, {}),
            ("garden_plants", plants, "birth", {"owner": garden, "value": "rose", "archived": 0}, {}),
            ("garden", garden, "edit", {"notes": "Compost heap"}, {}),
            ("resident", last.rec, "edit", {"star_sign": "Libra", "room": "9"}, {"room": [last.stamp]}),
            ("resident", None, "birth", {"name": "Dot", "star_sign": "Aries"}, {}),
        )
    ]  # fmt: skip


def test_a_value_under_the_name_of_a_set_waits_in_the_log_and_stops_nothing(two: Two) -> None:
    unborn = 2**62 + 5
    unit = next_unit(
        two,
        ("staff", unborn, "edit", {"lead_roles": "medicines"}, {}),
        ("staff", unborn, "birth", {"name": "Asha"}, {}),
    )
    merged = merge.merge(two.office, [*two.sent, unit])
    assert merged.quarantined == []
    assert got(two.office, Staff, unborn).name == "Asha"
    assert got(two.office, Staff, unborn).lead_roles == ()
    assert verify.verify(two.office, deep=True).damage == []


def test_what_only_a_newer_liaison_knows_waits_in_the_log_and_is_shown_after_the_upgrade(
    two: Two, make_store: MakeStore
) -> None:
    units = [*two.sent, *garden_units(two)]
    office = two.office
    assert merge.merge(office, units).quarantined == []
    # shown as far as it is known here, kept and passed on whole
    assert got(office, Resident, ann(office)).room == "9"
    assert verify.verify(office, deep=True).damage == []
    assert history.conflicts(office) == []
    assert [decode(encode(e)) for e in merge.units_after(office, NURSES, 0)] == units
    steps = history.history(office, "resident", ann(office))[-1].fields
    assert steps["star_sign"].after == "Libra"
    office.close()

    with (
        newer_liaison() as garden_class,
        Store(office.path, KEY, signer_of(OFFICE), clock=office.clock) as newer,
    ):
        person, mary = person_of(newer), newer.get("resident", ann(newer))
        assert vars_of(mary)["star_sign"] == "Libra"
        (garden,) = newer.connection.execute("SELECT id FROM garden").fetchone()
        shown = vars_of(newer.get("garden", garden))
        assert (shown["name"], shown["notes"]) == ("Back garden", "Compost heap")
        assert shown["plants"] == ("rose",)
        assert [h.record.id for h in search.search(newer, "compost")] == [garden]
        assert len(search.search(newer, "aries")) == 1
        assert verify.verify(newer, deep=True).damage == []
        # and it is a record like any other from now on
        loaded = newer.load("garden", garden)
        assert loaded is not None
        assert isinstance(loaded.record, garden_class)
        with newer.unit(person) as unit:
            back: Any = loaded.record
            unit.save(loaded, dataclasses.replace(back, name="Front", plants=()))
        assert history.conflicts(newer) == []
        assert verify.verify(newer, deep=True).damage == []
        # exactly as on a PC that knew it from the first day
        other = make_store(NURSES, person=False, folder="newer")
        know_each_other(newer, other)
        merge.merge(other, merge.units_after(newer, NURSES, 0))
        merge.merge(other, merge.units_after(newer, OFFICE, 0))
        agree(newer, other)


def vars_of(record: Any) -> dict[str, Any]:
    return {f.name: getattr(record, f.name) for f in dataclasses.fields(record)}


def test_without_catching_up_what_waited_stays_unseen(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    merge.merge(two.office, [*two.sent, *garden_units(two)])
    two.office.close()
    monkeypatch.setattr(projection, "catch_up", lambda _connection, _before: None)
    with newer_liaison(), Store(two.office.path, KEY, signer_of(OFFICE)) as newer:
        assert count(newer, "garden") == 0
        assert verify.verify(newer).damage != []
