"""What must go by law is gone from everywhere in the file, and the log still verifies."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from liaison.records import all_specs, ids
from liaison.records.casework import VisitEntry
from liaison.records.directory import Organisation
from liaison.records.home import Resident
from liaison.store import (
    changes,
    derived,
    erased_apart,
    erasing,
    history,
    merge,
    outbox,
    verify,
    withdrawing,
)
from liaison.store.changes import ERASED
from liaison.store.driver import DriverError
from liaison.store.search import search
from liaison.store.store import Store
from tests.store.conftest import (
    KEY,
    FakeClock,
    MakeStore,
    Typical,
    add,
    add_typical,
    change,
    got,
    know_each_other,
    person_of,
    reopened,
)

SECRET: Final = "Zygomatic-canary-7731"
WORDS: Final = f"{SECRET} was found by the nurse"
_PAGE, _RESERVED, _IV = 4096, 48, 16


def pages(path: Path) -> bytes:
    """Return every page of a database in clear, free ones too, as somebody with the key could."""
    data = path.read_bytes()
    found = []
    for start in range(0, len(data), _PAGE):
        page = data[start : start + _PAGE]
        head = 16 if start == 0 else 0
        vector = page[_PAGE - _RESERVED : _PAGE - _RESERVED + _IV]
        cipher = Cipher(algorithms.AES(KEY), modes.CBC(vector)).decryptor()
        found.append(cipher.update(page[head : _PAGE - _RESERVED]) + cipher.finalize())
    return b"".join(found)


def erase(store: Store, type_name: str, rec: int, *names: str) -> int:
    """Erase fields of a record as the service does."""
    texts = erasing.texts_of(store.connection, rec, names)
    with erasing.leaving_nothing(store):
        with store.unit(person_of(store), "Request of 3 March", kind=erasing.KIND) as unit:
            count = erasing.erase(store, unit, type_name, rec, names)
        erasing.sweep(store, type_name, rec, texts)
    return count


def damage(store: Store) -> list[str]:
    """Return what a whole check finds."""
    return [one.what for one in verify.verify(store, deep=True).damage]


def note(store: Store, typical: Typical) -> int:
    """Write a note with the secret, correct it twice, and return its id."""
    entry = add(
        store,
        VisitEntry(visit=typical.visit, resident=typical.mary, found=WORDS, raised="A cough."),
    )
    change(store, "visit_entry", entry, found=f"{WORDS} again", raised="A bad cough.")
    change(store, "visit_entry", entry, found=f"Once more {WORDS}")
    return entry


def test_no_record_type_has_a_field_of_the_name_an_erasure_uses() -> None:
    assert all(ERASED not in spec.by_name for spec in all_specs().values())


def test_what_was_erased_is_in_no_page_of_the_file(store: Store, typical: Typical) -> None:
    # as of a library that does not overwrite what it frees
    store.connection.execute("PRAGMA secure_delete = OFF").fetchall()
    entry = note(store, typical)
    with store.writing() as connection:
        for place, body in (
            (f"visit_entry/{ids.to_text(entry)}/", "{}"),
            ("visit/new/", f'{{"typed": "{WORDS}"}}'),
            ("concern/new/", '{"typed": "something else"}'),
        ):
            connection.execute(
                "INSERT INTO draft(person, place, at, body) VALUES (1, ?, '', ?)", (place, body)
            )
        # long gone, but still in pages that are free since
        connection.execute(
            "INSERT INTO draft(person, place, at, body) VALUES (1, 'visit/old/', '', ?)",
            (f"{WORDS} " * 2_000,),
        )
    with store.writing() as connection:
        connection.execute("DELETE FROM draft WHERE place = 'visit/old/'")
    store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    assert SECRET.encode() in pages(store.path)
    assert b"zygomat" in pages(store.path)

    assert erase(store, "visit_entry", entry, "found") == 3

    store.close()
    left = pages(store.path)
    assert SECRET.encode() not in left
    # nor the stem that the search index keeps of it
    assert b"zygomat" not in left
    assert b"something else" in left
    assert not (store.path.with_name("liaison.db-wal")).exists()


def test_the_log_verifies_and_the_rest_of_the_record_and_its_history_stay(
    store: Store, typical: Typical
) -> None:
    entry = note(store, typical)
    erase(store, "visit_entry", entry, "found")
    assert damage(store) == []
    kept = got(store, VisitEntry, entry)
    assert (kept.found, kept.raised, kept.resident) == (None, "A bad cough.", typical.mary)
    told = history.history(store, "visit_entry", entry)
    assert [one.op for one in told] == ["birth", "edit", "edit", "erase"]
    assert [sorted(one.erased) for one in told] == [["found"], ["found"], ["found"], []]
    assert [one.fields["raised"].after for one in told[:2]] == ["A cough.", "A bad cough."]
    assert told[3].reason == "Request of 3 March"
    assert WORDS not in repr(told)
    assert search(store, SECRET) == []


def test_a_record_goes_on_after_an_erasure(store: Store, typical: Typical) -> None:
    entry = note(store, typical)
    erase(store, "visit_entry", entry, "found")
    stamp = change(store, "visit_entry", entry, found="Chest clear.")
    with store.unit(person_of(store), kind="undo") as unit:
        history.undo(store, unit, [stamp])
    assert got(store, VisitEntry, entry).found is None
    assert damage(store) == []


def test_a_second_erasure_takes_another_field_of_the_same_changes(
    store: Store, typical: Typical
) -> None:
    entry = note(store, typical)
    erase(store, "visit_entry", entry, "found")
    erase(store, "visit_entry", entry, "raised")
    assert damage(store) == []
    told = history.history(store, "visit_entry", entry)
    assert sorted(told[0].erased) == ["found", "raised"]


def test_elements_of_a_set_are_emptied_and_can_be_written_again(
    store: Store, typical: Typical
) -> None:
    erase(store, "organisation", typical.surgery, "former_names")
    assert got(store, Organisation, typical.surgery).former_names == ()
    assert damage(store) == []
    change(store, "organisation", typical.surgery, former_names=("Old Surgery",))
    assert got(store, Organisation, typical.surgery).former_names == ("Old Surgery",)
    assert damage(store) == []
    assert history.history(store, "organisation", typical.surgery)[0].erased == frozenset()


# ---- the guards let nothing else through


def test_the_log_refuses_every_other_update(store: Store, typical: Typical) -> None:
    entry = note(store, typical)
    erase(store, "visit_entry", entry, "found")
    for update in (
        # not named by an erasure
        f"UPDATE change SET fields = '{{}}' WHERE stamp = {typical.entry}",
        # named, but more than content and salt
        f"UPDATE change SET op = 'edit' WHERE stamp = {entry}",
        f"UPDATE change SET digest = zeroblob(32) WHERE stamp = {entry}",
        "UPDATE unit SET reason = ''",
        f"DELETE FROM change WHERE stamp = {entry}",
    ):
        with pytest.raises(DriverError, match="only added to"), store.applying() as connection:
            connection.execute(update)
    with pytest.raises(DriverError, match="only added to"), store.writing() as connection:
        # named, but outside a unit
        connection.execute(f"UPDATE change SET salt = NULL WHERE stamp = {entry}")


def test_content_taken_out_without_an_erasure_is_found(store: Store, typical: Typical) -> None:
    for trigger in ("guard_change_update", "guard_visit_entry_update"):
        store.connection.execute(f"DROP TRIGGER {trigger}")
    store.connection.execute(
        "UPDATE change SET salt = NULL, fields = json_set(fields, '$.found', NULL) WHERE stamp = ?",
        (typical.entry,),
    )
    store.connection.execute("UPDATE visit_entry SET found = NULL")
    assert "A change in the log was altered afterwards." in damage(store)


def test_what_an_erasure_left_cannot_be_altered_unseen(store: Store, typical: Typical) -> None:
    entry = note(store, typical)
    erase(store, "visit_entry", entry, "found")
    store.connection.execute("DROP TRIGGER guard_change_update")
    store.connection.execute(
        "UPDATE change SET fields = json_set(fields, '$.raised', 'Nothing.') WHERE stamp = ?",
        (entry,),
    )
    assert damage(store) == ["A change in the log was altered afterwards."]


# ---- other PCs


def test_another_pc_that_takes_an_erasure_in_loses_the_content_too(
    make_store: MakeStore, clock: FakeClock
) -> None:
    office, nurses = make_store(5), make_store(9)
    typical = add_typical(office)
    entry = note(office, typical)
    know_each_other(office, nurses)
    merge.merge(nurses, merge.units_after(office, 5, 0))
    clock.advance(minutes=1)
    # the other PC has gone on with the very field
    change(nurses, "visit_entry", entry, found=f"{WORDS}, the nurse's version")
    clock.advance(minutes=1)
    merge.merge(office, merge.units_after(nurses, 9, 0))
    erase(office, "visit_entry", entry, "found")
    taken = merge.merge(nurses, merge.units_after(office, 5, 0))
    assert taken.quarantined == []
    for pc in (office, nurses):
        assert SECRET not in str(pc.connection.execute("SELECT fields FROM change").fetchall())
        assert got(pc, VisitEntry, entry).found is None
        assert damage(pc) == []
    assert verify.state_digest(office.connection) == verify.state_digest(nurses.connection)


def test_another_pc_takes_out_of_its_lists_whoever_lost_their_name(make_store: MakeStore) -> None:
    office, nurses = make_store(5), make_store(9)
    mary = add_typical(office).mary
    know_each_other(office, nurses)
    merge.merge(nurses, merge.units_after(office, 5, 0))
    with office.unit(person_of(office), "Request of 3 March", kind=erasing.KIND) as unit:
        erasing.erase(office, unit, "resident", mary, ["name"], {"archived": 1})
    assert merge.merge(nurses, merge.units_after(office, 5, 0)).quarantined == []
    for pc in (office, nurses):
        assert got(pc, Resident, mary).name is None
        assert not got(pc, Resident, mary).lives
        assert damage(pc) == []


def test_what_is_left_on_another_pc_is_proven_too(make_store: MakeStore, clock: FakeClock) -> None:
    office, nurses = make_store(5), make_store(9)
    entry = note(office, add_typical(office))
    know_each_other(office, nurses)
    merge.merge(nurses, merge.units_after(office, 5, 0))
    clock.advance(minutes=1)
    erase(office, "visit_entry", entry, "found")
    merge.merge(nurses, merge.units_after(office, 5, 0))
    nurses.connection.execute("DROP TRIGGER guard_change_update")
    nurses.connection.execute(
        "UPDATE change SET fields = json_set(fields, '$.raised', 'Nothing.') WHERE stamp = ?",
        (entry,),
    )
    assert damage(nurses) == ["A change in the log was altered afterwards."]


def test_two_pcs_that_erase_from_one_change_at_once_leave_nothing_of_either(
    make_store: MakeStore, clock: FakeClock
) -> None:
    office, nurses = make_store(5), make_store(9)
    entry = note(office, add_typical(office))
    know_each_other(office, nurses)
    merge.merge(nurses, merge.units_after(office, 5, 0))
    clock.advance(minutes=1)
    erase(office, "visit_entry", entry, "found")
    erase(nurses, "visit_entry", entry, "raised")
    merge.merge(nurses, merge.units_after(office, 5, 0))
    merge.merge(office, merge.units_after(nurses, 9, 0))
    for pc in (office, nurses):
        left = str(pc.connection.execute("SELECT fields FROM change").fetchall())
        assert SECRET not in left
        assert "cough" not in left
        assert damage(pc) == []


def test_a_pc_that_joins_later_is_sent_the_chain_without_the_content(
    make_store: MakeStore,
) -> None:
    office, late = make_store(5), make_store(9)
    typical = add_typical(office)
    entry = note(office, typical)
    erase(office, "visit_entry", entry, "found")
    know_each_other(office, late)
    sent = [changes.encode(one) for one in merge.units_after(office, 5, 0)]
    assert not any(SECRET.encode() in body for body in sent)
    taken = merge.merge(late, map(changes.decode, sent))
    assert (taken.quarantined, taken.waiting) == ([], 0)
    assert damage(late) == []
    assert got(late, VisitEntry, entry).raised == "A bad cough."


def test_a_change_that_arrives_after_its_erasure_is_emptied(make_store: MakeStore) -> None:
    office, nurses, late = make_store(5), make_store(9), make_store(11)
    entry = add(office, Resident(name="Mary Jones", room="4"))
    know_each_other(office, nurses, late)
    merge.merge(nurses, merge.units_after(office, 5, 0))
    change(nurses, "resident", entry, alerts=WORDS)
    whole = merge.units_after(nurses, 9, 0)
    merge.merge(office, whole)
    erase(office, "resident", entry, "alerts")
    merge.merge(late, merge.units_after(office, 5, 0))
    merge.merge(late, whole)
    assert SECRET not in str(late.connection.execute("SELECT fields FROM change").fetchall())
    assert damage(late) == []


def test_an_erasure_that_names_a_change_of_another_record_takes_nothing_from_it(
    make_store: MakeStore, clock: FakeClock
) -> None:
    office, nurses = make_store(5), make_store(9)
    typical = add_typical(office)
    entry = note(office, typical)
    know_each_other(office, nurses)
    merge.merge(nurses, merge.units_after(office, 5, 0))
    clock.advance(minutes=1)
    said = changes.dump({str(entry): "00" * 48})
    with nurses.unit(person_of(nurses), kind=erasing.KIND) as unit:
        wrong = changes.make_change(
            0, "resident", typical.mary, changes.ERASE, {"alerts": None, ERASED: said}, {}, b""
        )
        unit.write_again(wrong)
    assert merge.merge(office, merge.units_after(nurses, 9, 0)).quarantined == []
    for pc in (office, nurses):
        assert SECRET in (got(pc, VisitEntry, entry).found or "")
        assert damage(pc) == []


@pytest.mark.parametrize("others_have_it", [True, False])
def test_an_erasure_that_is_taken_back_out_gives_back_what_somebody_still_has(
    make_store: MakeStore, clock: FakeClock, *, others_have_it: bool
) -> None:
    office, nurses = make_store(5), make_store(9)
    entry = note(office, add_typical(office))
    know_each_other(office, nurses)
    whole = merge.units_after(office, 5, 0)
    merge.merge(nurses, whole)
    merge.merge(office, merge.units_after(nurses, 9, 0))
    begin, state = len(merge.units_after(nurses, 9, 0)), verify.state_digest(office.connection)
    clock.advance(minutes=1)
    erase(nurses, "visit_entry", entry, "found")
    merge.merge(office, merge.units_after(nurses, 9, 0))
    assert got(office, VisitEntry, entry).found is None
    stamps = withdrawing.emptied_beyond(office, 9, begin)
    assert len(stamps) == 3
    had = [one for unit in whole for one in unit.changes if one.stamp in stamps]
    withdrawing.withdraw(office, 9, begin, "removed", had if others_have_it else ())
    assert (verify.state_digest(office.connection) == state) is others_have_it
    assert (SECRET in (got(office, VisitEntry, entry).found or "")) is others_have_it
    assert damage(office) == []


# ---- killed while it erases

_CHILD: Final = """
import os, sys
from pathlib import Path
from liaison.store.store import Store
from tests.store.conftest import KEY, signer_of
from tests.store.test_erasing import erase

path, entry, steps = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
store = Store(path, KEY, signer_of(5))
left = steps
def step():
    global left
    left -= 1
    if left < 0:
        os._exit(9)
    return 0
store.connection.set_progress_handler(step, 400)
erase(store, "visit_entry", entry, "found")
store.close()
"""


def test_killed_at_any_moment_all_of_it_is_there_or_all_of_it_is_gone(
    store: Store, typical: Typical, tmp_path: Path, *, full_faults: bool
) -> None:
    entry = note(store, typical)
    store.close()
    seen: set[bool] = set()
    whole = store.path.read_bytes()
    steps, killed = 0, True
    while killed:
        path = tmp_path / f"at-{steps}" / store.path.name
        path.parent.mkdir()
        path.write_bytes(whole)
        done = subprocess.run(
            [sys.executable, "-c", _CHILD, str(path), str(entry), str(steps)],
            cwd=Path(__file__).parents[2], timeout=60, check=False,
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        )  # fmt: skip
        killed = done.returncode == 9
        assert killed or done.returncode == 0
        with reopened(Store(path, KEY, clock=store.clock)) as after:
            assert damage(after) == []
            gone = got(after, VisitEntry, entry).found is None
            after.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        assert (SECRET.encode() in pages(path)) is not gone
        seen.add(gone)
        steps += 3 if full_faults else 40
    assert seen == {True, False}


def test_the_index_by_which_erasures_are_found_holds_nothing_else(
    store: Store, typical: Typical
) -> None:
    note(store, typical)
    plan = store.connection.execute(
        "EXPLAIN QUERY PLAN SELECT fields FROM change WHERE op = 'erase' AND rec = 1"
    ).fetchall()
    assert "by_change_erasure" in str(plan)
    # nor is the whole log read for all of them
    asked: list[str] = []
    store.connection.set_trace_callback(asked.append)
    erasing.erasures(store.connection)
    outbox.is_emptied(store, store.context.tag, 1, 5)
    erasing.erasers(store.connection)
    erased_apart.empty(store)
    erased_apart.stamps(store.connection)
    store.connection.set_trace_callback(None)
    assert len(asked) == 7
    for statement in asked:
        for *_, step in store.connection.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall():
            assert re.match(r"SCAN .*(VIRTUAL|by_change_erasure|by_unit_gone)|(?!SCAN)", step)
    assert "by_change_erasure" in " ".join(derived.statements())
