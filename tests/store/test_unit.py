"""The unit of work: the only way to write, whole or not at all, chained and signed."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from liaison.records import all_specs
from liaison.records.casework import AgendaLine
from liaison.records.directory import ContactAttempt, Organisation
from liaison.records.home import Resident, Staff
from liaison.store import driver, history, merge, verify
from liaison.store.driver import DatabaseTrouble, DriverError
from liaison.store.rows import Loaded
from liaison.store.store import Store
from liaison.store.unit import MOST_CHANGES, EventIsFixed
from tests.store.conftest import (
    KEY,
    START,
    TAG,
    FakeClock,
    MakeStore,
    Typical,
    add,
    change,
    got,
    know_each_other,
    person_of,
    signer_of,
)
from tests.store.sending import count

ROOT = Path(__file__).parent.parent.parent


def loaded(store: Store, type_name: str, rec: int) -> Loaded:
    found = store.load(type_name, rec)
    assert found is not None
    return found


# ---- nothing is written past it

OUTSIDE = {
    "insert": "INSERT INTO resident(id, name) VALUES (1, 'Eve')",
    "insert or replace": "INSERT OR REPLACE INTO resident(id, name) SELECT id, 'E' FROM resident",
    "update": "UPDATE resident SET name = 'Eve'",
    "update of the id": "UPDATE resident SET id = id + 1",
    "delete": "DELETE FROM resident",
    "set element": "INSERT INTO organisation_offers(id, owner, value) VALUES (1, 2, 3)",
    "set element taken out": "UPDATE organisation_former_names SET archived = 1",
    "new unit": "INSERT INTO unit SELECT id + 1, 6, seq, at, person, kind, reason, batch, hash, "
    "signature FROM unit LIMIT 1",
    "new change": "INSERT INTO change SELECT stamp + 1, unit, type, rec, op, fields, over, salt, "
    "digest FROM change LIMIT 1",
    "changed unit": "UPDATE unit SET reason = 'because'",
    "deleted unit": "DELETE FROM unit",
    "changed change": "UPDATE change SET fields = '{}'",
    "deleted change": "DELETE FROM change",
}
NEVER = {
    "update of the id": "id|only inside a unit",
    "delete": "never deleted",
    "insert or replace": "never deleted",
    "changed unit": "only added to",
    "deleted unit": "only added to",
    "changed change": "only added to",
    "deleted change": "only added to",
}


@pytest.mark.parametrize("what", OUTSIDE)
def test_no_other_sql_writes_records_or_the_log(store: Store, typical: Typical, what: str) -> None:
    before = verify.state_digest(store.connection)
    with pytest.raises(DriverError, match=r"unit|never deleted|only added to"):
        store.connection.execute(OUTSIDE[what])
    assert verify.state_digest(store.connection) == before
    assert verify.verify(store, deep=True).damage == []


@pytest.mark.parametrize("what", NEVER)
def test_not_even_inside_a_unit_is_anything_deleted_or_the_log_changed(
    store: Store, typical: Typical, what: str
) -> None:
    with pytest.raises(DriverError, match=NEVER[what]), store.applying() as connection:
        connection.execute(OUTSIDE[what])
    assert verify.verify(store, deep=True).damage == []


def test_every_record_table_has_its_three_guards(store: Store) -> None:
    rows = store.connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    triggers = {name for (name,) in rows}
    for name in all_specs():
        assert {f"guard_{name}_{verb}" for verb in ("insert", "update", "delete")} <= triggers


def test_without_its_guard_a_table_can_be_written(store: Store, typical: Typical) -> None:
    store.connection.execute("DROP TRIGGER guard_resident_update")
    store.connection.execute(OUTSIDE["update"])
    assert verify.verify(store).damage != []


def test_while_a_unit_is_filled_nothing_but_the_unit_itself_can_write_records(
    store: Store, typical: Typical
) -> None:
    before = count(store, "resident")
    with store.unit(person_of(store)) as unit:
        unit.add(Resident(name="Mary"))
        with pytest.raises(DriverError, match="only inside a unit"):
            store.connection.execute(OUTSIDE["update"])
    assert count(store, "resident") == before + 1
    assert verify.verify(store, deep=True).damage == []


def test_the_guard_is_closed_after_a_unit_and_after_a_failed_one(store: Store) -> None:
    add(store, Resident(name="Mary"))
    assert count(store, "replica WHERE unit_open = 1") == 0
    with pytest.raises(ZeroDivisionError), store.unit(person_of(store)):
        raise ZeroDivisionError
    assert count(store, "replica WHERE unit_open = 1") == 0


# ---- all of it or nothing


@pytest.mark.parametrize("many", [1, MOST_CHANGES + 7])
def test_an_exception_takes_everything_back(store: Store, typical: Typical, many: int) -> None:
    before = verify.state_digest(store.connection)
    units, changes = count(store, "unit"), count(store, "change")
    mary = loaded(store, "resident", typical.mary)

    def work() -> None:
        with store.unit(person_of(store)) as unit:
            unit.save(mary, dataclasses.replace(mary.record, archived=True))
            for number in range(many):
                unit.add(Organisation(name=f"Surgery {number}", former_names=("x",)))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        work()
    assert verify.state_digest(store.connection) == before
    assert (count(store, "unit"), count(store, "change")) == (units, changes)
    assert not store.connection.in_transaction
    add(store, Resident(name="John"))
    assert verify.verify(store, deep=True).damage == []


def test_a_unit_in_which_nothing_was_done_writes_nothing(store: Store, typical: Typical) -> None:
    units = count(store, "unit")
    (seq,) = store.connection.execute("SELECT seq FROM replica").fetchone()
    mary = loaded(store, "resident", typical.mary)
    surgery = loaded(store, "organisation", typical.surgery)
    with Store(store.path, KEY) as reader:
        seen = reader.connection.execute("PRAGMA data_version").fetchone()
        with store.unit(person_of(store)):
            pass
        with store.unit(person_of(store)) as unit:
            assert unit.save(mary, mary.record) == mary
            unit.save(surgery, surgery.record)
            assert not unit.wrote
        # not even the guard's opening reached the file
        assert reader.connection.execute("PRAGMA data_version").fetchone() == seen
    assert count(store, "unit") == units
    assert store.connection.execute("SELECT seq FROM replica").fetchone() == (seq,)


def test_a_unit_says_who_when_why_and_what_kind(store: Store, clock: FakeClock) -> None:
    clock.now = dt.datetime(2026, 7, 1, 14, 5, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    add(store, Resident(name="Mary"), "moved in", kind="import", batch=77)
    row = store.connection.execute(
        "SELECT tag, at, person, kind, reason, batch FROM unit ORDER BY id DESC LIMIT 1"
    ).fetchone()
    assert row == (
        TAG, "2026-07-01T13:05:00Z+01:00", person_of(store), "import", "moved in", 77,
    )  # fmt: skip


def test_the_log_holds_what_was_written_and_no_more(store: Store) -> None:
    mary = add(store, Resident(name="Mary", room="4", archived=False))
    change(store, "resident", mary, room="5", known_as="May")
    change(store, "resident", mary, room=None)
    rows = store.connection.execute(
        "SELECT stamp, op, fields, over FROM change WHERE rec = ? ORDER BY stamp", (mary,)
    ).fetchall()
    assert rows[0] == (mary, "birth", '{"name":"Mary","room":"4","archived":0}', "{}")
    assert (rows[1][1], json.loads(rows[1][2]), rows[1][3]) == (
        "edit", {"room": "5", "known_as": "May"}, "{}",
    )  # fmt: skip
    assert rows[2][1:] == ("edit", '{"room":null}', f'{{"room":[{rows[1][0]}]}}')


def test_chain_and_signature_follow_from_the_log_by_plain_arithmetic(
    store: Store, typical: Typical
) -> None:
    change(store, "resident", typical.mary, "o'neil \N{WHITE SMILING FACE}", room="5")
    chain = bytes(32)
    for row in store.connection.execute(
        "SELECT id, tag, seq, at, person, kind, reason, batch, hash, signature "
        "FROM unit ORDER BY seq"
    ).fetchall():
        *words, kept_hash, signature = row
        digests = b""
        for *columns, salt, digest in store.connection.execute(
            "SELECT stamp, type, rec, op, fields, over, salt, digest FROM change "
            "WHERE unit = ? ORDER BY stamp",
            (row[0],),
        ):
            text = "\n".join(map(str, columns))
            assert digest == hashlib.sha256(salt + text.encode()).digest()
            digests += digest
        told = json.dumps(words, ensure_ascii=False, separators=(",", ":")).encode()
        chain = hashlib.sha256(b"liaison unit 1\n" + chain + told + b"\n" + digests).digest()
        assert kept_hash == chain
        signer_of(TAG).public_key().verify(signature, b"liaison unit 1\n" + chain)
    assert store.connection.execute("SELECT hash FROM replica").fetchone() == (chain,)


def test_a_home_opened_for_reading_writes_nothing(store: Store, typical: Typical) -> None:
    with Store(store.path, KEY) as reader:
        assert got(reader, Resident, typical.mary).name == "Mary Jones"
        with pytest.raises(DatabaseTrouble, match="reading only"), reader.unit(1):
            pass
        with pytest.raises(DriverError):
            reader.connection.execute("UPDATE replica SET unit_open = 1")


# ---- large ones


@pytest.mark.parametrize(
    ("changes", "units"), [(MOST_CHANGES, 1), (MOST_CHANGES + 1, 2), (2 * MOST_CHANGES + 1, 3)]
)
def test_what_is_larger_becomes_several_units_of_one_batch_in_one_transaction(
    store: Store, changes: int, units: int
) -> None:
    before = count(store, "unit")
    with Store(store.path, KEY) as reader, store.unit(person_of(store), "import") as unit:
        for number in range(changes):
            unit.add(Resident(name=f"Resident {number}"))
        # what is sealed already is seen by nobody yet
        assert count(store, "unit") == before + units - 1
        assert count(reader, "unit") == before
        assert count(reader, "resident") == 0
    assert count(store, "unit") == before + units
    assert count(store, "resident") == changes
    first, *batches = store.connection.execute(
        "SELECT min(id), min(batch), max(batch), count(batch) FROM unit WHERE reason = 'import'"
    ).fetchone()
    # one that fits is no batch; the first of several gives the name
    assert batches == ([first, first, units] if units > 1 else [None, None, 0])
    assert verify.verify(store, deep=True).damage == []


def test_a_batch_of_several_units_is_undone_as_one(store: Store) -> None:
    with store.unit(person_of(store), "import") as unit:
        batch = unit.start_batch()
        assert unit.start_batch() == batch
        for number in range(MOST_CHANGES + 1):
            unit.add(Resident(name=f"Resident {number}"))
    stamps = [
        stamp
        for (stamp,) in store.connection.execute(
            "SELECT stamp FROM change JOIN unit ON unit.id = change.unit WHERE batch = ?", (batch,)
        )
    ]
    with store.unit(person_of(store), kind="undo") as unit:
        assert history.undo(store, unit, stamps).changes == MOST_CHANGES + 1
    assert count(store, "resident WHERE archived = 1") == MOST_CHANGES + 1


# ---- saving a record


def test_an_entry_of_the_moment_cannot_be_edited_but_struck(store: Store) -> None:
    rec = add(store, ContactAttempt(at=START, reached=False, note="engaged"))
    attempt = loaded(store, "contact_attempt", rec)
    with (
        pytest.raises(EventIsFixed, match="Strike it through"),
        store.unit(person_of(store)) as unit,
    ):
        unit.save(attempt, dataclasses.replace(attempt.record, archived=True))
    shown = got(store, ContactAttempt, rec)
    edited = dataclasses.replace(shown, struck_reason="x", note="no answer")
    with pytest.raises(EventIsFixed), store.unit(person_of(store)) as unit:
        unit.save(attempt, edited)
    assert got(store, ContactAttempt, rec) == attempt.record
    change(store, "contact_attempt", rec, struck_reason="wrong surgery")
    assert got(store, ContactAttempt, rec).struck_reason == "wrong surgery"
    assert got(store, ContactAttempt, rec).note == "engaged"


def test_a_save_does_not_swallow_a_difference_it_did_not_show(
    store: Store, typical: Typical, make_store: MakeStore
) -> None:
    other = make_store(9)
    know_each_other(store, other)
    merge.merge(other, merge.units_after(store, TAG, 0))
    form = loaded(store, "resident", typical.mary)
    # while the form lies open, another PC's word on the same room comes in
    change(other, "resident", typical.mary, room="9")
    merge.merge(store, merge.units_after(other, 9, 0))
    with store.unit(person_of(store)) as unit:
        mary = form.record
        assert isinstance(mary, Resident)
        unit.save(form, dataclasses.replace(mary, room="8"))
    (conflict,) = history.conflicts(store)
    assert {version.value for version in conflict.versions} == {"8", "9"}
    # a form that showed both settles both
    change(store, "resident", typical.mary, room="10")
    assert history.conflicts(store) == []


def test_a_field_that_was_not_touched_keeps_what_came_in_meanwhile(
    store: Store, typical: Typical
) -> None:
    form = loaded(store, "resident", typical.mary)
    change(store, "resident", typical.mary, room="9")
    with store.unit(person_of(store)) as unit:
        mary = form.record
        assert isinstance(mary, Resident)
        unit.save(form, dataclasses.replace(mary, alerts="falls"))
    shown = got(store, Resident, typical.mary)
    assert (shown.room, shown.alerts) == ("9", "falls")
    assert history.conflicts(store) == []


def test_two_saves_of_a_record_in_one_unit_make_no_difference_of_their_own(
    store: Store, typical: Typical
) -> None:
    form = loaded(store, "resident", typical.mary)
    mary = form.record
    assert isinstance(mary, Resident)
    with store.unit(person_of(store)) as unit:
        again = unit.save(form, dataclasses.replace(mary, room="8"))
        last = unit.save(again, dataclasses.replace(mary, room="9"))
    assert got(store, Resident, typical.mary).room == "9"
    assert count(store, "field_version WHERE field = 'room'") == 1
    assert history.conflicts(store) == []
    # and what the save returned is what a form would load now
    assert last == loaded(store, "resident", typical.mary)


def test_a_set_may_be_changed_several_times_in_one_unit(store: Store) -> None:
    rec = add(store, Staff(name="Ola", job_role="carer"))
    form = loaded(store, "staff", rec)
    ola = form.record
    assert isinstance(ola, Staff)
    with store.unit(person_of(store)) as unit:
        for roles in (("a", "b"), ("b",), ("a", "b", "b"), ("c", "a"), ("c",)):
            form = unit.save(form, dataclasses.replace(ola, lead_roles=roles))
    assert got(store, Staff, rec).lead_roles == ("c",)
    assert history.conflicts(store) == []
    assert verify.verify(store).damage == []


def test_the_same_element_twice_is_in_the_set_once(store: Store) -> None:
    rec = add(store, Organisation(name="Larkfield", former_names=("Old", "Old")))
    assert got(store, Organisation, rec).former_names == ("Old",)
    assert count(store, "organisation_former_names") == 1


def test_a_record_and_its_set_may_be_added_and_changed_in_one_unit(store: Store) -> None:
    with store.unit(person_of(store)) as unit:
        record = Staff(name="Ola", job_role="carer", lead_roles=("a",))
        rec = unit.add(record)
        form = Loaded(dataclasses.replace(record, id=rec))
        unit.save(form, dataclasses.replace(record, lead_roles=("b",), team="day"))
    shown = got(store, Staff, rec)
    assert (shown.lead_roles, shown.team) == (("b",), "day")
    assert verify.verify(store, deep=True).damage == []


def test_a_record_the_program_builds_twice_is_one_record(store: Store) -> None:
    recs = set()
    for question in ("Fluids?", "Better?"):
        with store.unit(person_of(store)) as unit:
            line = AgendaLine(round=1, resident=2, question=question)
            recs.add(unit.add(line, derived_from=("a round", 2)))
            recs.add(unit.add(line, derived_from=("a round", 2)))
    (rec,) = recs
    assert got(store, AgendaLine, rec).question == "Better?"
    assert count(store, "agenda_line") == 1
    assert verify.verify(store, deep=True).damage == []


# ---- clocks


@pytest.mark.parametrize("year", [1, 1969, 1970, 2016, 2029, 2250, 9998])
def test_a_wrong_clock_never_refuses_a_write_and_the_last_word_stays_the_last(
    store: Store, typical: Typical, clock: FakeClock, year: int
) -> None:
    stamps = [change(store, "resident", typical.mary, room="before")]
    clock.now = START.replace(year=year, day=2, month=1)
    for room in ("a", "b"):
        stamps.append(change(store, "resident", typical.mary, room=room))
        assert got(store, Resident, typical.mary).room == room
    clock.now = START
    stamps.append(change(store, "resident", typical.mary, room="after"))
    assert stamps == sorted(set(stamps))
    assert got(store, Resident, typical.mary).room == "after"
    assert len(history.history(store, "resident", typical.mary)) == 5
    assert verify.verify(store).damage == []


# ---- two who write


def test_whoever_comes_second_waits_and_gets_its_turn(store: Store, typical: Typical) -> None:
    with Store(store.path, KEY, signer_of(TAG), clock=store.clock) as second:
        started = threading.Event()

        def write() -> None:
            started.set()
            add(second, Resident(name="Second"))

        thread = threading.Thread(target=write)
        with store.unit(person_of(store)) as unit:
            thread.start()
            assert started.wait(60)
            unit.add(Resident(name="First"))
        thread.join(60)
        assert not thread.is_alive()
    names = store.connection.execute("SELECT name FROM resident ORDER BY id DESC LIMIT 2")
    assert [name for (name,) in names] == ["Second", "First"]
    assert verify.verify(store).damage == []


def test_whoever_waited_too_long_is_told_so_and_nothing_is_half_written(
    store: Store, typical: Typical, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(driver, "BUSY_SECONDS", 0)
    with Store(store.path, KEY, signer_of(TAG), clock=store.clock) as second:
        with store.unit(person_of(store)) as unit:
            unit.add(Resident(name="First"))
            with pytest.raises(DatabaseTrouble, match="Another program is writing") as told:
                add(second, Resident(name="Second"))
            assert told.value.code == "busy"
        add(second, Resident(name="Third"))
        assert verify.verify(second).damage == []
    assert count(store, "resident WHERE name = 'Second'") == 0


_WRITER = """
import sys
from pathlib import Path
from liaison.records.home import Resident
from liaison.store.store import Store
from tests.store.conftest import KEY, TAG, add, signer_of
with Store(Path(sys.argv[1]), KEY, signer_of(TAG)) as store:
    for number in range(15):
        add(store, Resident(name=f"{sys.argv[2]} {number}"))
"""


def test_two_processes_that_write_at_once_both_get_everything_in(store: Store) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", _WRITER, str(store.path), name], cwd=ROOT)
        for name in ("one", "other")
    ]
    assert [writer.wait(120) for writer in writers] == [0, 0]
    assert count(store, "resident") == 30
    assert verify.verify(store, deep=True).damage == []
