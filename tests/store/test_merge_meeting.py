"""What several PCs wrote about the same things meets, in whatever order, and comes to the same."""

from __future__ import annotations

import pytest

from liaison.records.casework import AgendaLine
from liaison.records.directory import Organisation
from liaison.records.home import Resident
from liaison.store import history, merge, projection, search, verify
from liaison.store.store import Store
from liaison.store.unit import append_to_log
from tests.store.conftest import (
    NURSES,
    OFFICE,
    STRANGER,
    FakeClock,
    MakeStore,
    Two,
    add,
    change,
    got,
    know_each_other,
    person_of,
    sent_by,
)
from tests.store.sending import agree, count, exchange


@pytest.fixture
def three(make_store: MakeStore) -> tuple[Store, Store, Store]:
    stores = make_store(OFFICE), make_store(NURSES), make_store(STRANGER)
    know_each_other(*stores)
    return stores


def test_edits_that_come_before_the_birth_are_shown_once_it_comes(
    three: tuple[Store, Store, Store],
) -> None:
    office, nurses, kitchen = three
    mary = add(office, Resident(name="Mary", room="1"))
    exchange(office, nurses)
    change(nurses, "resident", mary, room="2", alerts="falls")
    merge.merge(kitchen, sent_by(nurses))
    assert kitchen.get("resident", mary) is None
    merge.merge(kitchen, sent_by(office))
    shown = got(kitchen, Resident, mary)
    assert (shown.name, shown.room, shown.alerts) == ("Mary", "2", "falls")
    assert [hit.record.id for hit in search.search(kitchen, "falls")] == [mary]
    exchange(*three)
    agree(*three)


def test_a_record_built_here_shows_what_came_for_it_before(
    three: tuple[Store, Store, Store],
) -> None:
    office, nurses, kitchen = three
    line = AgendaLine(round=1, resident=2, question="How is she?")
    for_line = ("a round", 2)
    with office.unit(person_of(office)) as unit:
        rec = unit.add(line, derived_from=for_line)
    merge.merge(nurses, sent_by(office))
    change(nurses, "agenda_line", rec, position=7, archived=True)
    # the edit is here, the birth it belongs to is not, and now this PC builds the line too
    merge.merge(kitchen, sent_by(nurses))
    with kitchen.unit(person_of(kitchen)) as unit:
        assert unit.add(line, derived_from=for_line) == rec
    assert (got(kitchen, AgendaLine, rec).position, got(kitchen, AgendaLine, rec).archived) == (
        7,
        True,
    )
    assert verify.verify(kitchen).damage == []
    exchange(*three)
    agree(*three)
    assert got(office, AgendaLine, rec).position == 7


def test_what_two_pcs_built_alike_is_one_record_and_no_difference(two: Two) -> None:
    line = AgendaLine(round=1, resident=2, question="How is she?")
    for store in (two.office, two.nurses):
        with store.unit(person_of(store)) as unit:
            rec = unit.add(line, derived_from=("a round", 2))
    exchange(two.office, two.nurses)
    agree(two.office, two.nurses)
    assert count(two.office, "agenda_line") == 1
    assert history.conflicts(two.office) == []
    # and an edit on either settles both
    change(two.office, "agenda_line", rec, question="Better?")
    exchange(two.office, two.nurses)
    agree(two.office, two.nurses)
    assert got(two.nurses, AgendaLine, rec).question == "Better?"
    assert history.conflicts(two.nurses) == []


def test_two_pcs_that_add_to_a_set_both_add_to_it(two: Two) -> None:
    surgery = add(two.office, Organisation(name="Larkfield", former_names=("Old",)))
    exchange(two.office, two.nurses)
    change(two.office, "organisation", surgery, former_names=("Old", "Older"))
    change(two.nurses, "organisation", surgery, former_names=("Old", "Oldest"))
    exchange(two.office, two.nurses)
    agree(two.office, two.nurses)
    for store in (two.office, two.nurses):
        assert set(got(store, Organisation, surgery).former_names) == {"Old", "Older", "Oldest"}
    assert history.conflicts(two.office) == []


def test_an_element_taken_out_here_and_added_later_there_is_in_and_listed(
    two: Two, clock: FakeClock
) -> None:
    surgery = add(two.office, Organisation(name="Larkfield"))
    exchange(two.office, two.nurses)
    change(two.office, "organisation", surgery, former_names=("Old",))
    change(two.office, "organisation", surgery, former_names=())
    clock.advance(minutes=1)
    # whoever adds it has heard nothing of that, and it is the newer word
    change(two.nurses, "organisation", surgery, former_names=("Old",))
    exchange(two.office, two.nurses)
    agree(two.office, two.nurses)
    assert got(two.office, Organisation, surgery).former_names == ("Old",)
    (conflict,) = history.conflicts(two.office)
    assert (conflict.type, conflict.field) == ("organisation_former_names", "archived")


def test_the_newest_of_several_versions_is_shown_whichever_came_last(
    three: tuple[Store, Store, Store], clock: FakeClock
) -> None:
    office, nurses, kitchen = three
    mary = add(office, Resident(name="Mary", room="1"))
    exchange(*three)
    change(nurses, "resident", mary, room="old")
    clock.advance(minutes=1)
    change(kitchen, "resident", mary, room="new")
    merge.merge(office, sent_by(kitchen))
    merge.merge(office, sent_by(nurses))
    assert got(office, Resident, mary).room == "new"
    exchange(*three)
    agree(*three)


def test_changes_come_to_the_same_in_whatever_order_they_are_shown(
    two: Two, make_store: MakeStore
) -> None:
    merge.merge(two.office, two.sent)
    other = make_store(OFFICE, folder="other")
    know_each_other(other, two.nurses)
    person, births, *edits = two.sent
    for units in ([person, births], edits):
        changes = [one for envelope in units for one in envelope.changes]
        with other.applying() as connection:
            append_to_log(connection, units)
            projection.project(connection, changes[::-1], ours=False)
    assert verify.state_digest(other.connection) == verify.state_digest(two.office.connection)


def test_a_clock_ten_years_behind_still_has_the_last_word_on_what_it_saw(
    two: Two, make_store: MakeStore, clock: FakeClock
) -> None:
    slow = FakeClock(clock.now.replace(year=clock.now.year - 10))
    old = make_store(STRANGER, clock=slow)
    know_each_other(two.office, old)
    mary = add(two.office, Resident(name="Mary", room="1"))
    merge.merge(old, sent_by(two.office))
    change(old, "resident", mary, room="2")
    merge.merge(two.office, sent_by(old))
    assert got(two.office, Resident, mary).room == "2"
    assert history.conflicts(two.office) == []
