"""What was erased as a whole while it was set apart, and came into the log after all."""

from __future__ import annotations

import dataclasses

import pytest

from liaison.records.administration import AccessEvent
from liaison.records.casework import VisitEntry
from liaison.records.directory import Organisation
from liaison.records.home import Resident
from liaison.records.rules import times
from liaison.services import audit
from liaison.store import changes as log
from liaison.store import erased_apart, history, merge, search, verify
from liaison.store.store import Store
from tests.store.conftest import (
    MakeStore,
    add,
    add_typical,
    change,
    got,
    know_each_other,
    person_of,
)
from tests.store.test_withdrawing import OTHER, sent

SECRET = "Zygomatic canary"


def _gone(store: Store, unit: int) -> None:
    with store.unit(person_of(store), "Erased", kind=log.GONE, batch=unit) as work:
        work.add(AccessEvent(kind="role changed"))


@pytest.mark.parametrize("first", ["the units", "the erasure"])
def test_nothing_that_it_said_is_left_whichever_comes_first(
    make_store: MakeStore, first: str
) -> None:
    office, station = make_store(), make_store(OTHER, person=False)
    know_each_other(office, station)
    typical = add_typical(office)
    merge.merge(station, sent(office, office.context.tag))
    change(office, "organisation", typical.surgery, former_names=("Ames",))
    with station.unit(person_of(station)) as unit:
        tom = unit.add(Resident(name="Tom", alerts=SECRET, practice=typical.surgery))
        note = unit.add(VisitEntry(visit=typical.visit, resident=tom, found=SECRET))
        for identity, fields in (
            ("resident", {"room": "66", "alerts": SECRET}),
            ("organisation", {"former_names": ("Ames", "Zygomatic")}),
        ):
            rec = typical.mary if identity == "resident" else typical.surgery
            loaded = station.load(identity, rec)
            assert loaded is not None
            unit.save(loaded, dataclasses.replace(loaded.record, **fields))
    units = sent(station, OTHER)
    before = (got(office, Resident, typical.mary), got(office, Organisation, typical.surgery))
    if first == "the units":
        merge.merge(office, units)
        assert got(office, Resident, typical.mary).room == "66"
    _gone(office, units[-1].unit.id)
    merge.merge(office, units)
    assert erased_apart.empty(office) == 6
    assert erased_apart.empty(office) == 0

    fields = office.connection.execute("SELECT fields, over FROM change").fetchall()
    assert SECRET not in str(fields)
    assert "Zygomatic" not in str(fields)
    assert search.search(office, "zygomatic") == []
    # as if it had not been written; what others wrote too stays
    now = (got(office, Resident, typical.mary), got(office, Organisation, typical.surgery))
    assert now == before
    assert history.conflicts(office) == []
    assert dataclasses.replace(got(office, Resident, tom), id=None) == Resident(
        practice=typical.surgery, archived=True
    )
    assert got(office, VisitEntry, note).found is None
    (entry,) = history.history(office, "resident", tom)
    assert entry.emptied is not None
    untouched, emptied = history.history(office, "resident", typical.mary)[-2:]
    assert (untouched.emptied, emptied.fields) == (None, {})
    (step,) = audit.record_lines(office, "resident", typical.mary)[-1].steps
    on = times.show_date(times.in_london(entry.emptied).date())
    assert (step.label, step.after) == ("What it said", f"erased by law on {on}")
    assert verify.verify(office, deep=True).damage == []
    # and its own PC does the same when it hears of it
    merge.merge(station, sent(office, office.context.tag))
    assert erased_apart.empty(station) == 6
    assert verify.state_digest(station.connection) == verify.state_digest(office.connection)
    assert verify.verify(station, deep=True).damage == []


def test_a_change_without_its_content_is_damage_unless_its_unit_was_erased(
    make_store: MakeStore,
) -> None:
    office = make_store()
    mary = add(office, Resident(name="Mary", alerts=SECRET))
    with office.applying() as connection:
        connection.execute("DROP TRIGGER guard_change_update")
        connection.execute("UPDATE change SET fields = '{}', salt = NULL WHERE rec = ?", (mary,))
    assert "A change in the log was altered afterwards." in [
        one.what for one in verify.verify(office).damage
    ]
