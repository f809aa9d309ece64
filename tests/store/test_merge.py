"""What other PCs send is taken in, in order and once; what comes too early waits, nothing is dropped."""

from __future__ import annotations

from liaison.records.home import Resident
from liaison.store import merge, verify
from liaison.store.changes import decode, encode
from liaison.store.merge import Merged
from liaison.store.store import Store
from liaison.store.unit import MOST_CHANGES
from tests.store.conftest import (
    KEY,
    NURSES,
    OFFICE,
    STRANGER,
    MakeStore,
    Two,
    ann,
    change,
    got,
    know_each_other,
    person_of,
    sent_by,
    signer_of,
)
from tests.store.sending import agree, count, exchange


def test_units_of_another_pc_are_shown_and_leave_the_same_state(two: Two) -> None:
    merged = merge.merge(two.office, two.sent)
    assert merged == Merged(applied=7)
    assert got(two.office, Resident, ann(two.office)).room == "7"
    exchange(two.office, two.nurses)
    agree(two.office, two.nurses)


def test_the_same_units_twice_change_nothing(two: Two) -> None:
    merge.merge(two.office, two.sent)
    before = everything(two.office)
    assert merge.merge(two.office, two.sent * 2) == Merged()
    assert merge.merge(two.office, reversed(two.sent)) == Merged()
    assert everything(two.office) == before


def everything(store: Store) -> list[str]:
    """Return every row of every table."""
    # an index without content cannot be read
    names = store.connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'ods_words'"
    )
    return [
        f"{name} {row}"
        for (name,) in names.fetchall()
        for row in store.connection.execute(f"SELECT * FROM {name}")
    ]


def test_units_may_come_in_any_order_and_twice_in_one_delivery(two: Two) -> None:
    units = [*reversed(two.sent), *two.sent]
    assert merge.merge(two.office, units) == Merged(applied=7)
    exchange(two.office, two.nurses)
    agree(two.office, two.nurses)


def test_a_unit_that_comes_before_another_waits_for_it(two: Two) -> None:
    first, second, third, *rest = two.sent
    assert merge.merge(two.office, [third, *rest]) == Merged(waiting=3)
    assert count(two.office, "waiting") == 3
    assert count(two.office, "resident") == 0
    assert merge.merge(two.office, [first]) == Merged(applied=1, waiting=3)
    assert count(two.office, "waiting") == 3
    assert merge.merge(two.office, [second]) == Merged(applied=6)
    assert count(two.office, "waiting") == 0
    assert got(two.office, Resident, ann(two.office)).room == "7"


def test_what_waits_survives_a_restart(two: Two) -> None:
    first, *rest = two.sent
    merge.merge(two.office, rest)
    two.office.close()
    with Store(two.office.path, KEY, signer_of(OFFICE)) as office:
        assert merge.merge(office, [first]) == Merged(applied=7)
        assert count(office, "waiting") == 0


def test_many_small_units_and_one_large_are_all_applied(two: Two) -> None:
    with two.nurses.unit(person_of(two.nurses), "import", kind="import") as unit:
        for number in range(MOST_CHANGES + 10):
            unit.add(Resident(name=f"Resident {number}"))
    change(two.nurses, "resident", ann(two.nurses), room="8")
    batches = {e.unit.batch for e in two.sent[-3:-1]}
    assert len(batches) == 1
    assert None not in batches
    merge.merge(two.office, two.sent)
    assert count(two.office, "resident") == MOST_CHANGES + 13
    exchange(two.office, two.nurses)
    agree(two.office, two.nurses)


def test_what_a_stranger_sends_waits_until_this_home_knows_them(
    two: Two, make_store: MakeStore
) -> None:
    stranger = make_store(STRANGER)
    merged = merge.merge(two.office, [*sent_by(stranger), *two.sent])
    assert (merged.applied, merged.waiting, merged.quarantined) == (7, 1, [])
    assert count(two.office, "person") == 2
    know_each_other(two.office, stranger)
    assert merge.merge(two.office, []).applied > 0
    assert count(two.office, "person") == 3
    assert verify.verify(two.office).damage == []


def test_units_can_be_passed_on_by_a_third_pc(two: Two, make_store: MakeStore) -> None:
    third = make_store(STRANGER)
    know_each_other(two.office, two.nurses, third)
    merge.merge(two.office, two.sent)
    passed_on = [decode(encode(e)) for e in merge.units_after(two.office, NURSES, 0)]
    assert passed_on == two.sent
    merge.merge(third, passed_on)
    assert got(third, Resident, ann(third)).room == "7"


def test_units_are_handed_out_after_a_number_and_no_more_than_asked_for(two: Two) -> None:
    assert [e.unit.seq for e in merge.units_after(two.nurses, NURSES, 2)] == [3, 4, 5]
    assert [e.unit.seq for e in merge.units_after(two.nurses, NURSES, 0, limit=2)] == [1, 2]
    assert merge.units_after(two.nurses, NURSES, 5) == []
    assert merge.units_after(two.nurses, OFFICE, 0) == []
