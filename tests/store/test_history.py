"""Who changed what from what to what, taking it back, and settling what PCs differ in."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable

import pytest

from liaison.records.casework import AgendaLine, VisitEntry
from liaison.records.directory import ContactAttempt, Organisation
from liaison.records.home import Resident, Staff
from liaison.store import history, verify
from liaison.store.history import Conflict, Skipped, Step, Undone
from liaison.store.rows import WHOLE
from liaison.store.store import Store
from tests.store.conftest import (
    START,
    TAG,
    FakeClock,
    MakeStore,
    Typical,
    add,
    change,
    got,
    know_each_other,
    last_stamp,
    person_of,
)
from tests.store.sending import exchange

NURSES = 9


def steps(store: Store, type_name: str, rec: int) -> list[dict[str, tuple[object, object]]]:
    """Return what each change of a record did, as (before, after)."""
    return [
        {name: (step.before, step.after) for name, step in entry.fields.items()}
        for entry in history.history(store, type_name, rec)
    ]


def undo(store: Store, *stamps: int) -> Undone:
    with store.unit(person_of(store), "undone", kind="undo") as unit:
        return history.undo(store, unit, stamps)


def batch_of(store: Store, batch: int) -> list[int]:
    rows = store.connection.execute(
        "SELECT stamp FROM change JOIN unit ON unit.id = change.unit WHERE unit.batch = ?", (batch,)
    )
    return [stamp for (stamp,) in rows]


@pytest.fixture
def nurses(store: Store, typical: Typical, make_store: MakeStore) -> Store:
    """Make a second PC that has everything the first has."""
    other = make_store(NURSES)
    know_each_other(store, other)
    exchange(store, other)
    return other


# ---- history


def test_a_history_tells_each_field_before_and_after(store: Store, typical: Typical) -> None:
    change(store, "resident", typical.mary, room="5", alerts="falls")
    change(store, "resident", typical.mary, room=None, date_of_birth=dt.date(1931, 2, 3))
    change(store, "resident", typical.mary, archived=True)
    assert steps(store, "resident", typical.mary) == [
        {"name": (None, "Mary Jones"), "room": (None, "4"), "practice": (None, typical.surgery)},
        {"room": ("4", "5"), "alerts": (None, "falls")},
        {"room": ("5", None), "date_of_birth": (None, dt.date(1931, 2, 3))},
        {"archived": (None, True)},
    ]


def test_a_history_tells_who_when_where_and_why(
    store: Store, typical: Typical, clock: FakeClock, nurses: Store
) -> None:
    clock.now = dt.datetime(2026, 7, 1, 14, 5, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    stamp = change(nurses, "resident", typical.mary, "nearer the lift", room="1")
    exchange(store, nurses)
    entry = history.history(store, "resident", typical.mary)[-1]
    assert entry == history.HistoryEntry(
        id=stamp, at=clock.now, person=person_of(nurses), pc=1000 + NURSES,
        reason="nearer the lift", kind="save", op="edit", batch=None,
        fields={"room": Step("4", "1")}, unit=entry.unit,
    )  # fmt: skip
    assert entry.at.utcoffset() == dt.timedelta(hours=1)


def test_a_history_tells_what_went_into_a_set_and_out(store: Store, typical: Typical) -> None:
    change(store, "organisation", typical.surgery, former_names=("Old Surgery", "Older"))
    change(store, "organisation", typical.surgery, former_names=("Older",), name="New")
    change(store, "organisation", typical.surgery, former_names=("Older", "Old Surgery"))
    told = steps(store, "organisation", typical.surgery)
    assert told[1:] == [
        {"offers": ((), (typical.service,))},
        {"former_names": ((), ("Old Surgery",))},
        {"former_names": (("Old Surgery",), ("Old Surgery", "Older"))},
        {"name": ("Larkfield Surgery", "New")},
        {"former_names": (("Old Surgery", "Older"), ("Older",))},
        {"former_names": (("Older",), ("Older", "Old Surgery"))},
    ]


def test_a_history_tells_of_concurrent_edits_what_each_really_stood_on(
    store: Store, typical: Typical, nurses: Store, clock: FakeClock
) -> None:
    change(store, "resident", typical.mary, room="5")
    change(nurses, "resident", typical.mary, room="6")
    clock.advance(minutes=1)
    change(nurses, "resident", typical.mary, room="7")
    exchange(store, nurses)
    change(store, "resident", typical.mary, room="8")
    exchange(store, nurses)
    for pc in (store, nurses):
        told = [step["room"] for step in steps(pc, "resident", typical.mary)]
        assert sorted(told[1:3]) == [("4", "5"), ("4", "6")]
        assert told[3:] == [("6", "7"), ("7", "8")]


def test_two_births_of_one_record_are_both_in_its_history(store: Store, nurses: Store) -> None:
    line = AgendaLine(round=1, resident=2, question="How is she?")
    for pc in (store, nurses):
        with pc.unit(person_of(pc)) as unit:
            rec = unit.add(line, derived_from=("a round", 2))
    exchange(store, nurses)
    change(store, "agenda_line", rec, question="Better?", position=3)
    told = steps(store, "agenda_line", rec)
    assert [entry.op for entry in history.history(store, "agenda_line", rec)] == [
        "birth", "birth", "edit",
    ]  # fmt: skip
    assert told[2] == {"question": ("How is she?", "Better?"), "position": (None, 3)}


def test_a_history_as_known_at_a_moment_is_that_of_then(
    store: Store, typical: Typical, clock: FakeClock
) -> None:
    for room in ("5", "6", "7"):
        clock.advance(hours=1)
        change(store, "resident", typical.mary, room=room)
        change(store, "organisation", typical.surgery, former_names=(room,))

    def rooms(at: dt.datetime) -> list[object]:
        entries = history.history(store, "resident", typical.mary, as_known_at=at)
        return [entry.fields["room"].after for entry in entries]

    assert rooms(START - dt.timedelta(seconds=1)) == []
    assert rooms(START) == ["4"]
    assert rooms(START + dt.timedelta(hours=2)) == ["4", "5", "6"]
    assert rooms(START + dt.timedelta(hours=9)) == ["4", "5", "6", "7"]
    then = START + dt.timedelta(hours=1)
    sets = history.history(store, "organisation", typical.surgery, as_known_at=then)
    assert sets[-2].fields["former_names"].after == ("Old Surgery", "5")
    assert sets[-1].fields["former_names"] == Step(("Old Surgery", "5"), ("5",))


def test_what_is_not_there_has_no_history(store: Store) -> None:
    assert history.history(store, "resident", 12345) == []


# ---- undo


def test_undo_of_an_edit_brings_the_value_before_back(store: Store, typical: Typical) -> None:
    first = change(store, "resident", typical.mary, room="5", alerts="falls")
    second = change(store, "resident", typical.mary, room="6")
    assert undo(store, second) == Undone(changes=1)
    assert got(store, Resident, typical.mary).room == "5"
    # the room now stands on an undo, not on the first edit any more
    assert undo(store, first) == Undone(
        changes=0, skipped=[Skipped(first, "resident", typical.mary, "room")]
    )
    shown = got(store, Resident, typical.mary)
    assert (shown.room, shown.alerts) == ("5", None)


def test_undo_of_the_first_edit_brings_the_value_of_the_birth_back(
    store: Store, typical: Typical
) -> None:
    stamp = change(store, "resident", typical.mary, room="5", known_as="May", archived=True)
    assert undo(store, stamp) == Undone(changes=1)
    shown = got(store, Resident, typical.mary)
    assert (shown.room, shown.known_as, shown.archived) == ("4", None, None)
    assert history.history(store, "resident", typical.mary)[-1].kind == "undo"


def test_undo_of_a_birth_archives_the_record(store: Store, typical: Typical) -> None:
    assert undo(store, typical.john) == Undone(changes=1)
    assert got(store, Resident, typical.john).archived is True
    assert got(store, Resident, typical.john).name == "John Kowalski"


def test_undo_of_an_entry_of_the_moment_strikes_it(store: Store) -> None:
    rec = add(store, ContactAttempt(at=START, reached=False, note="engaged"))
    assert undo(store, rec) == Undone(changes=1)
    assert got(store, ContactAttempt, rec).struck_reason == "Undone"
    assert got(store, ContactAttempt, rec).archived is None


def test_undo_of_a_birth_leaves_what_was_worked_with_since_and_says_so(
    store: Store, typical: Typical
) -> None:
    change(store, "resident", typical.john, room="6", alerts="falls")
    assert undo(store, typical.john) == Undone(
        changes=0,
        skipped=[
            Skipped(typical.john, "resident", typical.john, "alerts"),
            Skipped(typical.john, "resident", typical.john, "room"),
        ],
    )
    assert got(store, Resident, typical.john).archived is None


def test_undo_leaves_a_field_that_was_changed_since_and_says_so(
    store: Store, typical: Typical
) -> None:
    stamp = change(store, "resident", typical.mary, room="5", alerts="falls")
    change(store, "resident", typical.mary, room="6")
    assert undo(store, stamp) == Undone(
        changes=0, skipped=[Skipped(stamp, "resident", typical.mary, "room")]
    )
    shown = got(store, Resident, typical.mary)
    assert (shown.room, shown.alerts) == ("6", None)


def test_undo_leaves_a_field_on_which_another_pc_says_something_else(
    store: Store, typical: Typical, nurses: Store
) -> None:
    stamp = change(store, "resident", typical.mary, room="5")
    change(nurses, "resident", typical.mary, room="6")
    exchange(store, nurses)
    assert undo(store, stamp).skipped == [Skipped(stamp, "resident", typical.mary, "room")]
    assert len(history.conflicts(store)) == 1


def test_undo_takes_what_went_into_a_set_out_and_what_went_out_in(
    store: Store, typical: Typical
) -> None:
    change(store, "organisation", typical.surgery, former_names=("Older",))
    into, out = sorted(
        entry.id for entry in history.history(store, "organisation", typical.surgery)[-2:]
    )
    assert undo(store, into) == Undone(changes=1)
    assert got(store, Organisation, typical.surgery).former_names == ()
    assert undo(store, out) == Undone(changes=1)
    assert got(store, Organisation, typical.surgery).former_names == ("Old Surgery",)
    assert history.conflicts(store) == []
    change(store, "organisation", typical.surgery, former_names=("Older", "Old Surgery"))
    assert got(store, Organisation, typical.surgery).former_names == ("Old Surgery", "Older")


def test_undo_of_an_undo_brings_the_undone_back(store: Store, typical: Typical) -> None:
    edit = change(store, "resident", typical.mary, room="5")
    undo(store, edit)
    taken_back = last_stamp(store)
    assert undo(store, taken_back) == Undone(changes=1)
    assert got(store, Resident, typical.mary).room == "5"
    undo(store, last_stamp(store))
    assert got(store, Resident, typical.mary).room == "4"
    undo(store, typical.john)
    undo(store, last_stamp(store))
    assert got(store, Resident, typical.john).lives


def test_undo_of_a_strike_and_of_a_settled_difference(
    store: Store, typical: Typical, nurses: Store, clock: FakeClock
) -> None:
    stamp = change(store, "visit_entry", typical.entry, struck_reason="wrong person")
    undo(store, stamp)
    assert got(store, VisitEntry, typical.entry).struck_reason is None
    change(store, "resident", typical.mary, room="5")
    clock.advance(minutes=1)
    change(nurses, "resident", typical.mary, room="6")
    exchange(store, nurses)
    settle(store, "4b")
    undo(store, last_stamp(store))
    # back to what was shown before it was settled
    assert got(store, Resident, typical.mary).room == "6"


@pytest.fixture
def batch(store: Store, typical: Typical, clock: FakeClock) -> int:
    """Import: two new organisations with sets, and a room changed three times, in three units."""
    number: int | None = None
    for room in ("5", "6", "7"):
        mary = store.load("resident", typical.mary)
        assert mary is not None
        assert isinstance(mary.record, Resident)
        with store.unit(person_of(store), "import", kind="import", batch=number) as unit:
            number = unit.start_batch()
            unit.save(mary, dataclasses.replace(mary.record, room=room))
            unit.add(Organisation(name=f"Surgery {room}", former_names=("x", "y")))
    assert number is not None
    return number


def test_a_batch_is_undone_as_one_even_where_it_changed_a_field_several_times(
    store: Store, typical: Typical, batch: int
) -> None:
    assert undo(store, *batch_of(store, batch)) == Undone(changes=12)
    assert got(store, Resident, typical.mary).room == "4"
    # one change back, not three
    assert history.history(store, "resident", typical.mary)[-1].fields == {"room": Step("7", "4")}
    living = store.connection.execute("SELECT name FROM organisation WHERE archived IS NOT 1")
    assert living.fetchall() == [("Larkfield Surgery",)]
    assert history.conflicts(store) == []
    assert verify.verify(store, deep=True).damage == []


def test_undo_of_a_batch_leaves_what_was_changed_since_and_takes_back_the_rest(
    store: Store, typical: Typical, batch: int
) -> None:
    change(store, "resident", typical.mary, room="8")
    surgery = min(
        rec for (rec,) in store.connection.execute("SELECT id FROM organisation WHERE name = 'Surgery 5'")
    )  # fmt: skip
    change(store, "organisation", surgery, phone="01632 960001")
    undone = undo(store, *batch_of(store, batch))
    assert undone.changes == 8
    assert [(s.rec, s.field) for s in undone.skipped] == [
        (typical.mary, "room"), (typical.mary, "room"), (surgery, "phone"), (typical.mary, "room"),
    ]  # fmt: skip
    assert got(store, Resident, typical.mary).room == "8"
    assert got(store, Organisation, surgery).lives


def test_undo_of_part_of_a_chain_goes_back_to_what_stood_before_that_part(
    store: Store, typical: Typical
) -> None:
    stamps = [change(store, "resident", typical.mary, room=room) for room in ("5", "6", "7")]
    assert undo(store, *stamps[1:]) == Undone(changes=2)
    assert got(store, Resident, typical.mary).room == "5"


def test_undo_with_a_gap_in_the_chain_skips_what_lies_beneath(
    store: Store, typical: Typical
) -> None:
    stamps = [change(store, "resident", typical.mary, room=room) for room in ("5", "6", "7")]
    undone = undo(store, stamps[0], stamps[2])
    assert undone == Undone(
        changes=1, skipped=[Skipped(stamps[0], "resident", typical.mary, "room")]
    )
    assert got(store, Resident, typical.mary).room == "6"


def test_a_record_born_and_edited_in_what_is_undone_is_archived(store: Store) -> None:
    rec = add(store, Resident(name="Wrong person", room="1"))
    edit = change(store, "resident", rec, room="2")
    gone = change(store, "resident", rec, archived=False)
    assert undo(store, rec, edit, gone) == Undone(changes=3)
    assert got(store, Resident, rec).archived is True
    assert history.conflicts(store) == []
    assert verify.verify(store).damage == []


def test_undo_of_what_is_not_in_the_log_does_nothing(store: Store, typical: Typical) -> None:
    before = verify.state_digest(store.connection)
    assert undo(store, 12345) == Undone()
    assert verify.state_digest(store.connection) == before


def test_undo_is_the_same_on_every_pc(store: Store, typical: Typical, nurses: Store) -> None:
    edit = change(store, "resident", typical.mary, room="5")
    exchange(store, nurses)
    undo(nurses, edit, typical.john)
    exchange(store, nurses)
    assert got(store, Resident, typical.mary).room == "4"
    assert not got(store, Resident, typical.john).lives
    assert verify.state_digest(store.connection) == verify.state_digest(nurses.connection)


# ---- differences between PCs


def settle(store: Store, value: object) -> None:
    """Settle the one difference there is."""
    (conflict,) = history.conflicts(store)
    with store.unit(person_of(store), "asked Mary") as unit:
        unit.resolve(
            conflict.type, conflict.rec, conflict.field, value,
            [version.stamp for version in conflict.versions],
        )  # fmt: skip


def told(conflicts: Iterable[Conflict]) -> list[tuple[str, int, str, list[object]]]:
    return [(c.type, c.rec, c.field, [v.value for v in c.versions]) for c in conflicts]


def test_a_field_in_which_pcs_differ_is_listed_newest_first_with_who_and_why(
    store: Store, typical: Typical, nurses: Store, clock: FakeClock
) -> None:
    older = change(store, "resident", typical.mary, "asked her", room="5", alerts="falls")
    clock.advance(minutes=5)
    newer = change(nurses, "resident", typical.mary, "asked the nurse", room="6")
    exchange(store, nurses)
    for pc in (store, nurses):
        assert history.conflicts(pc) == [
            Conflict("resident", typical.mary, "room", (
                history.Version(newer, "6", clock.now, person_of(nurses), 1009, "asked the nurse"),
                history.Version(older, "5", START, person_of(store), 1000 + TAG, "asked her"),
            ))
        ]  # fmt: skip
        assert got(pc, Resident, typical.mary).room == "6"


def test_the_same_value_written_twice_is_no_difference(
    store: Store, typical: Typical, nurses: Store
) -> None:
    for pc in (store, nurses):
        change(pc, "resident", typical.mary, room="5", practice=None)
    exchange(store, nurses)
    assert history.conflicts(store) == []
    # whoever changes it next stands on both
    change(store, "resident", typical.mary, room="6")
    exchange(store, nurses)
    assert history.conflicts(nurses) == []


def test_nothing_and_something_differ(store: Store, typical: Typical, nurses: Store) -> None:
    change(store, "resident", typical.mary, room=None)
    change(nurses, "resident", typical.mary, room="")
    exchange(store, nurses)
    assert len(history.conflicts(store)) == 1


def test_a_difference_in_what_is_hidden_is_not_told(
    store: Store, typical: Typical, nurses: Store
) -> None:
    change(store, "resident", typical.mary, room="5")
    change(nurses, "resident", typical.mary, room="6")
    exchange(store, nurses)
    for hidden in (("resident", "room"), ("resident", WHOLE)):
        store.hide(frozenset({hidden}))
        assert history.conflicts(store) == []
    store.hide(frozenset({("resident", "name")}))
    assert len(history.conflicts(store)) == 1


def test_what_many_pcs_built_alike_does_not_hide_a_true_difference(
    store: Store, typical: Typical, nurses: Store
) -> None:
    for pc in (store, nurses):
        with pc.unit(person_of(pc)) as unit:
            for number in range(20):
                line = AgendaLine(round=1, resident=number, question="?")
                unit.add(line, derived_from=("a round", number))
    change(store, "resident", typical.mary, room="5")
    change(nurses, "resident", typical.mary, room="6")
    exchange(store, nurses)
    assert told(history.conflicts(store, limit=5)) == [
        ("resident", typical.mary, "room", ["6", "5"])
    ]


def test_no_more_differences_are_listed_than_asked_for(
    store: Store, typical: Typical, nurses: Store
) -> None:
    for pc, word in ((store, "a"), (nurses, "b")):
        change(pc, "resident", typical.mary, room=word, alerts=word, known_as=word)
    exchange(store, nurses)
    assert len(history.conflicts(store)) == 3
    assert len(history.conflicts(store, limit=2)) == 2


@pytest.fixture
def three(store: Store, nurses: Store, make_store: MakeStore) -> tuple[Store, Store, Store]:
    """Make a third PC that knows the two others and has nothing of theirs yet."""
    third = make_store(13)
    know_each_other(store, nurses, third)
    return store, nurses, third


@pytest.mark.parametrize("value", ["5", "6", "7", None])
def test_a_difference_that_was_settled_stays_settled_on_every_pc(
    three: tuple[Store, Store, Store], typical: Typical, clock: FakeClock, value: str | None
) -> None:
    store, nurses, third = three
    change(store, "resident", typical.mary, room="5")
    clock.advance(minutes=1)
    change(nurses, "resident", typical.mary, room="6")
    exchange(store, nurses, third)
    settle(third, value)
    assert history.conflicts(third) == []
    for order in ((store, nurses, third), (third, nurses, store), (nurses, store, third)):
        exchange(*order)
    for pc in (store, nurses, third):
        assert history.conflicts(pc) == []
        assert got(pc, Resident, typical.mary).room == value
        entry = history.history(pc, "resident", typical.mary)[-1]
        assert (entry.op, entry.fields) == ("resolve", {"room": Step("6", value)})
    assert len({verify.state_digest(pc.connection) for pc in (store, nurses, third)}) == 1


def test_a_version_that_came_while_somebody_settled_is_still_a_difference(
    three: tuple[Store, Store, Store], typical: Typical
) -> None:
    store, nurses, third = three
    exchange(*three)
    change(store, "resident", typical.mary, room="5")
    change(nurses, "resident", typical.mary, room="6")
    change(third, "resident", typical.mary, room="7")
    exchange(store, nurses)
    settle(store, "5")
    exchange(store, nurses, third)
    ((_, _, _, values),) = told(history.conflicts(nurses))
    assert set(values) == {"5", "7"}


def test_two_people_who_settle_it_differently_differ_again(
    store: Store, typical: Typical, nurses: Store
) -> None:
    change(store, "resident", typical.mary, room="5")
    change(nurses, "resident", typical.mary, room="6")
    exchange(store, nurses)
    settle(store, "5")
    settle(nurses, "6")
    exchange(store, nurses)
    ((_, _, _, values),) = told(history.conflicts(store))
    assert set(values) == {"5", "6"}
    settle(nurses, "6")
    exchange(store, nurses)
    assert history.conflicts(store) == []


def test_a_set_has_no_difference_when_two_pcs_take_the_same_element_out(
    store: Store, typical: Typical, nurses: Store
) -> None:
    for pc in (store, nurses):
        change(pc, "organisation", typical.surgery, former_names=())
    exchange(store, nurses)
    assert history.conflicts(store) == []
    rec = add(store, Staff(name="Ola", job_role="carer", lead_roles=("a",)))
    assert got(store, Staff, rec).lead_roles == ("a",)
