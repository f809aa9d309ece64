"""Units taken back out of the log leave a home as if they had never come."""

from __future__ import annotations

import dataclasses

import pytest

from liaison.records.casework import VisitEntry
from liaison.records.directory import Organisation
from liaison.records.home import Resident
from liaison.store import changes as log
from liaison.store import (
    derived,
    driver,
    history,
    merge,
    quarantine,
    search,
    verify,
    withdrawing,
    writing_again,
)
from liaison.store.changes import Envelope
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

OTHER = 77


def sent(store: Store, tag: int, after: int = 0) -> list[Envelope]:
    return merge.units_after(store, tag, after)


def two(make_store: MakeStore) -> tuple[Store, Store]:
    """Make two PCs with the same records, the second of which writes on."""
    office, station = make_store(), make_store(OTHER, person=False)
    know_each_other(office, station)
    typical = add_typical(office)
    merge.merge(station, sent(office, office.context.tag))
    # every kind of work: births, edits, elements in and out of sets, a strike
    change(station, "resident", typical.mary, room="66")
    add(station, Resident(name="Nobody", room="1"))
    add(station, VisitEntry(visit=typical.visit, resident=typical.john, found="Forged findings"))
    loaded = station.load("organisation", typical.surgery)
    assert loaded is not None
    with station.unit(person_of(station)) as unit:
        unit.save(
            loaded,
            dataclasses.replace(loaded.record, former_names=("New Surgery",), phone=None),  # type: ignore[call-arg]
        )
    change(station, "visit_entry", typical.entry, struck_reason="not so")
    return office, station


def test_what_is_withdrawn_leaves_no_trace_but_in_quarantine(make_store: MakeStore) -> None:
    office, station = two(make_store)
    before = verify.state_digest(office.connection)
    units = sent(station, OTHER)
    merge.merge(office, units)
    assert verify.state_digest(office.connection) == verify.state_digest(station.connection)
    assert withdrawing.withdraw(office, OTHER, 0, "it was removed") == units
    assert verify.state_digest(office.connection) == before
    assert verify.verify(office, deep=True).damage == []
    assert not derived.timeline_differs(office.connection)
    assert search.search(office, "forged") == []
    assert [one for one, _ in quarantine.withdrawn(office)] == units
    # and they can come again
    merge.merge(office, units)
    assert verify.state_digest(office.connection) == verify.state_digest(station.connection)


def test_only_what_is_beyond_the_number_goes(make_store: MakeStore) -> None:
    office, station = two(make_store)
    units = sent(station, OTHER)
    merge.merge(office, units[:2])
    before = verify.state_digest(office.connection)
    merge.merge(office, units)
    assert withdrawing.withdraw(office, OTHER, 2, "later ones") == units[2:]
    assert verify.state_digest(office.connection) == before
    assert withdrawing.withdraw(office, OTHER, 2, "none are left") == []


def test_what_others_built_on_it_stays(make_store: MakeStore) -> None:
    office, station = two(make_store)
    (mary,) = office.connection.execute("SELECT id FROM resident WHERE name LIKE 'Mary%'")
    merge.merge(office, sent(station, OTHER))
    change(office, "resident", mary[0], room="7")
    withdrawing.withdraw(office, OTHER, 0, "it was removed")
    assert got(office, Resident, mary[0]).room == "7"
    assert history.conflicts(office) == []
    assert verify.verify(office, deep=True).damage == []


def test_the_guards_stand_again_afterwards(make_store: MakeStore) -> None:
    office, station = two(make_store)
    merge.merge(office, sent(station, OTHER))
    withdrawing.withdraw(office, OTHER, 0, "it was removed")
    for table in ("unit", "change", "resident", "organisation"):
        with pytest.raises(driver.DriverError, match=r"never deleted|only added to"):
            office.connection.execute(f"DELETE FROM {table}")


def test_what_a_fork_held_is_written_again_with_nothing_lost(make_store: MakeStore) -> None:
    """Of a PC that was set back: births, edits of them, sets and edits of what was there before."""
    office = make_store()
    typical = add_typical(office)
    begin = len(sent(office, office.context.tag))
    change(office, "resident", typical.mary, room="66")
    surgery = add(office, Organisation(name="Fork Surgery", former_names=("Old",)))
    change(office, "organisation", surgery, name="Fork Surgery Ltd", former_names=("Older",))
    before = verify.state_digest(office.connection)
    tag, public = office.context.tag, replica_key(office)
    pc = 1000 + tag
    office.new_incarnation(public, pc, 1)
    lost = withdrawing.withdraw(office, tag, begin, "a fork")
    assert office.get("organisation", surgery) is None
    assert writing_again.write_again(office, pc, "a fork", "done", "Again.") == len(lost) == 3
    assert writing_again.write_again(office, pc, "a fork", "done", "Again.") == 0
    found = got(office, Organisation, surgery)
    assert (found.name, found.former_names) == ("Fork Surgery Ltd", ("Older",))
    assert got(office, Resident, typical.mary).room == "66"
    assert history.conflicts(office) == []
    assert verify.verify(office, deep=True).damage == []
    assert verify.state_digest(office.connection) != before


def test_of_a_fork_nothing_is_written_again_that_was_erased_by_law(make_store: MakeStore) -> None:
    office = make_store()
    add(office, Organisation(name="Surgery", former_names=("New Surgery",)))
    unit, changes = sent(office, office.context.tag)[-1]
    left = [
        log.make_change(*one[:4], {"owner": one.fields["owner"]}, {}, b"")
        if "value" in one.fields
        else one
        for one in changes
    ]
    assert left != list(changes)
    # the other line gave the same ids to something else
    pc = merge.find_replica(office.connection, office.context.tag)
    assert pc is not None
    quarantine.set_aside(office, [Envelope(unit, left)], "a fork", pc=pc.pc)
    assert writing_again.write_again(office, pc.pc, "a fork", "done", "Again.") == 1
    both = office.connection.execute("SELECT name FROM organisation").fetchall()
    assert len(both) == 2
    assert verify.verify(office, deep=True).damage == []


def replica_key(store: Store) -> bytes:
    (row,) = store.connection.execute("SELECT public_key FROM replica").fetchall()
    return bytes(row[0])


def test_what_was_written_of_a_record_under_another_type_goes_as_well(
    make_store: MakeStore,
) -> None:
    office, station = make_store(), make_store(OTHER, person=False)
    know_each_other(office, station)
    typical = add_typical(office)
    merge.merge(station, sent(office, office.context.tag))
    before = verify.state_digest(office.connection)
    change(station, "resident", typical.mary, alerts="Forged")
    with station.unit(person_of(station)) as unit:
        fields = {"status": "took place"}
        unit.write_again(log.make_change(0, "visit", typical.mary, log.EDIT, fields, {}, b""))
    merge.merge(office, sent(station, OTHER))
    withdrawing.withdraw(office, OTHER, 0, "it was removed")
    assert verify.state_digest(office.connection) == before
    assert verify.verify(office, deep=True).damage == []


def test_of_what_is_large_no_more_is_set_aside_than_asked_for(make_store: MakeStore) -> None:
    office, station = two(make_store)
    units = sent(station, OTHER)
    quarantine.set_aside(office, units, "late", pc=7, most_bytes=1)
    assert [one for one, _ in quarantine.withdrawn(office)] == units[:1]


def test_each_unit_is_set_aside_once_and_no_more_than_asked_for(make_store: MakeStore) -> None:
    office, station = two(make_store)
    units = sent(station, OTHER)
    quarantine.set_aside(office, units[:2], "late", pc=7, most=3)
    quarantine.set_aside(office, units, "late", pc=7, most=3)
    assert [one for one, _ in quarantine.withdrawn(office)] == units[:3]


def test_what_lies_there_and_cannot_be_read_is_passed_over(make_store: MakeStore) -> None:
    office, station = two(make_store)
    first, *rest = sent(station, OTHER)
    broken = Envelope(first.unit._replace(at="yesterday"), first.changes)
    quarantine.set_aside(office, [broken, *rest], "of an earlier Liaison", pc=7)
    assert [one for one, _ in quarantine.withdrawn(office)] == rest
