"""A clean home is clean, and whatever was done to it behind our back is found and said plainly."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from liaison.errors import UserError
from liaison.records.casework import AgendaLine, VisitEntry
from liaison.store import blobs, changes, derived, merge, verify
from liaison.store.driver import Connection
from liaison.store.replicas import admit
from liaison.store.store import Store
from liaison.store.verify import Damage
from tests.store.conftest import (
    BLOB_KEY,
    KEY,
    FakeClock,
    MakeStore,
    Typical,
    add_typical,
    change,
    know_each_other,
    new_home,
    person_of,
    reopened,
    replica_of,
    signer_of,
)

NURSES = 9
UNKNOWN = "There is a record that the log does not know."
OTHER = "A record is not what the log says: it was written by another program."
VERSIONS = "The versions of a record are not those of its changes."
STRANGE_VERSIONS = "There are versions of records that the log does not know."
ALTERED = "A change in the log was altered afterwards."
CHAIN = "Unit {} of a PC was changed or does not continue the chain."
SIGNATURE = "The signature of unit {} of a PC does not hold."
NEWEST = "The newest entries of a PC are missing from the log."
ORPHANS = "The log holds entries of nobody this home knows."
SEARCH = "A search index does not fit its records."
TIMELINE = "The timeline does not fit the records."
BLOB = "The bytes of an attachment were changed."


Made = tuple[Path, Typical]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Make a home in which everything has happened that can: two PCs, sets, a difference."""
    folder = tmp_path_factory.mktemp("made")
    clock = FakeClock()
    with (
        new_home(folder / "office", 5, clock) as store,
        new_home(folder / "nurses", NURSES, clock) as nurses,
    ):
        typical = add_typical(store)
        know_each_other(store, nurses)
        merge.merge(nurses, merge.units_after(store, 5, 0))
        clock.advance(minutes=1)
        change(store, "resident", typical.mary, room="5")
        change(nurses, "resident", typical.mary, room="6", alerts="falls")
        change(nurses, "organisation", typical.surgery, former_names=("Older",))
        for pc in (store, nurses):
            with pc.unit(person_of(pc)) as unit:
                unit.add(AgendaLine(round=1, resident=2, question="?"), derived_from=("round", 2))
        merge.merge(store, merge.units_after(nurses, NURSES, 0))
        with store.unit(person_of(store)) as unit:
            blobs.attach(
                store, unit, BLOB_KEY, owner_type="resident", owner=typical.mary,
                name="letter.pdf", media_type="application/pdf", data=b"%PDF",
            )  # fmt: skip
        change(store, "visit", typical.visit, left_at=clock.now)
        change(store, "resident", typical.john, archived=True)
        return store.path, typical


@pytest.fixture
def typical(made: Made) -> Typical:
    """Give the ids in that home."""
    return made[1]


@pytest.fixture
def home(made: Made, tmp_path: Path) -> Iterator[Store]:
    """Open a copy of that home, to be tampered with."""
    path = Path(shutil.copy(made[0], tmp_path))
    with Store(path, KEY, signer_of(5), clock=FakeClock()) as store:
        yield store


def found(store: Store, *, deep: bool = False) -> list[str]:
    return [d.what for d in verify.verify(store, deep=deep, blob_key=BLOB_KEY).damage]


def forced(connection: Connection, *statements: str) -> None:
    """Do what somebody does who knows the key and takes the guards off for a while."""
    connection.execute("BEGIN")
    triggers = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    ).fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        connection.execute(statement)
    for _, sql in triggers:
        connection.execute(sql)
    connection.execute("COMMIT")


def test_a_clean_home_is_clean_and_all_of_it_was_gone_through(home: Store) -> None:
    report = verify.verify(home, deep=True, blob_key=BLOB_KEY)
    assert report.damage == []
    counts = [
        home.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        for table in ("unit", "change")
    ]
    assert [report.units, report.changes] == counts
    assert report.records == 14


def test_a_clean_home_is_clean_after_a_restart_and_for_a_reader(home: Store) -> None:
    with reopened(home) as again:
        assert found(again, deep=True) == []
    with Store(home.path, KEY) as reader:
        assert found(reader) == []


def test_verify_changes_nothing(home: Store) -> None:
    before = verify.state_digest(home.connection)
    found(home, deep=True)
    assert verify.state_digest(home.connection) == before
    assert not home.connection.in_transaction


def test_verify_tells_how_far_it_is(home: Store) -> None:
    told: list[tuple[str, int, int]] = []
    verify.verify(
        home, deep=True, blob_key=BLOB_KEY,
        progress=lambda step, done, of: told.append((step, done, of)),
    )  # fmt: skip
    assert {"Search", "Attachments"} <= {step for step, _, _ in told}
    assert all(0 <= done <= of for _, done, of in told)


MARY = "name = 'Mary Jones'"
ROOM = "SELECT rec FROM field_version WHERE field = 'room'"
LAST = "(SELECT max(seq) FROM unit WHERE tag = 5)"

ENDS = "Unit {} of a PC does not end where the log says."

BEHIND_OUR_BACK: dict[str, tuple[tuple[str, ...], set[str]]] = {
    "a value written": ((f"UPDATE resident SET room = '13' WHERE {MARY}",), {OTHER}),
    "a value emptied": ((f"UPDATE resident SET room = NULL WHERE {MARY}",), {OTHER}),
    "a value nobody ever wrote": ((f"UPDATE resident SET stay = 'x' WHERE {MARY}",), {OTHER}),
    "a record shown again": (("UPDATE resident SET archived = 0 WHERE archived = 1",), {OTHER}),
    "a set's element taken out": (
        ("UPDATE organisation_former_names SET archived = 1 WHERE value = 'Older'",),
        {OTHER},
    ),
    "a record removed": ((f"DELETE FROM resident WHERE {MARY}",), {OTHER}),
    "the newest record removed": (
        ("DELETE FROM resident WHERE id = (SELECT max(id) FROM resident)",),
        {OTHER},
    ),
    "a record put in": (("INSERT INTO resident(id, name) VALUES (7, 'Eve')",), {UNKNOWN}),
    "a record put in behind the last": (
        (f"INSERT INTO staff(id, name) VALUES ({2**63 - 1}, 'Eve')",),
        {UNKNOWN},
    ),
    "a record given another id": (
        (f"UPDATE resident SET id = id + 1 WHERE {MARY}",),
        {OTHER, UNKNOWN},
    ),
    "what was written altered": (
        (("UPDATE change SET fields = '{\"room\":\"6b\",\"alerts\":\"falls\"}' WHERE "
         "fields LIKE '%falls%'"),),
        {ALTERED, OTHER},
    ),
    "what was replaced altered": (
        (f"UPDATE change SET over = '{{\"room\":[1]}}' WHERE rec IN ({ROOM}) AND op = 'edit'",),
        {ALTERED},
    ),
    "a change moved to another record": (
        ("UPDATE change SET rec = 8 WHERE fields LIKE '%Kowalski%'",),
        {ALTERED, OTHER, VERSIONS, UNKNOWN},
    ),
    "a change made another kind": (
        ("UPDATE change SET op = 'resolve' WHERE fields LIKE '%falls%'",),
        {ALTERED},
    ),
    "a salt altered": (
        ("UPDATE change SET salt = zeroblob(16) WHERE fields LIKE '%falls%'",),
        {ALTERED},
    ),
    "a digest altered": (
        ("UPDATE change SET digest = zeroblob(32) WHERE fields LIKE '%falls%'",),
        {ALTERED, CHAIN.format(2)},
    ),
    "a change removed": (
        ("DELETE FROM change WHERE fields LIKE '%falls%'",),
        {CHAIN.format(2), ENDS.format(2), OTHER, VERSIONS},
    ),
    "a unit's end altered": (
        ("UPDATE unit SET last = last + 1 WHERE tag = 5 AND seq = 3",),
        {ENDS.format(3)},
    ),
    "a change put outside of its unit": (
        ("UPDATE change SET unit = (SELECT max(id) FROM unit) WHERE fields LIKE '%falls%'",),
        {CHAIN.format(2), ENDS.format(2), ORPHANS},
    ),
    "a unit's author altered": (
        ("UPDATE unit SET person = 4 WHERE tag = 5 AND seq = 3",),
        {CHAIN.format(3)},
    ),
    "a unit's moment altered": (
        ("UPDATE unit SET at = '2020-01-01T00:00:00Z+00:00' WHERE tag = 5 AND seq = 3",),
        {CHAIN.format(3)},
    ),
    "a unit's reason altered": (
        ("UPDATE unit SET reason = 'because' WHERE tag = 9 AND seq = 2",),
        {CHAIN.format(2)},
    ),
    "a unit's hash altered": (
        ("UPDATE unit SET hash = zeroblob(32) WHERE tag = 5 AND seq = 3",),
        {CHAIN.format(3), CHAIN.format(4), SIGNATURE.format(3)},
    ),
    "a unit removed, its changes left": (
        ("DELETE FROM unit WHERE tag = 5 AND seq = 3",),
        {"Units 3 to 3 of a PC are missing.", CHAIN.format(4), ORPHANS},
    ),
    "the newest units cut off with all they did": (
        (f"DELETE FROM change WHERE unit = (SELECT id FROM unit WHERE tag = 5 AND seq = {LAST})",
         f"DELETE FROM unit WHERE tag = 5 AND seq = {LAST}",
         ("DELETE FROM field_version WHERE field = 'archived' AND rec IN "
         "(SELECT id FROM resident WHERE archived = 1)"),
         "UPDATE resident SET archived = NULL"),
        {NEWEST},
    ),
    "all units of a PC removed": (
        ("DELETE FROM unit WHERE tag = 9",),
        {NEWEST, ORPHANS},
    ),
    "a PC made unknown": (("DELETE FROM replica WHERE tag = 9",), {ORPHANS}),
    "a PC's key replaced": (
        (("UPDATE replica SET public_key = (SELECT public_key FROM replica WHERE tag = 5) "
         "WHERE tag = 9"),),
        {SIGNATURE.format(n) for n in (1, 2, 3, 4)},
    ),
    "where a PC stands altered": (("UPDATE replica SET seq = seq + 1 WHERE tag = 9",), {NEWEST}),
    "a signature replaced": (
        (("UPDATE unit SET signature = (SELECT signature FROM unit WHERE tag = 5 AND seq = 2) "
         "WHERE tag = 5 AND seq = 3"),),
        {SIGNATURE.format(3)},
    ),
    "a signature emptied": (
        ("UPDATE unit SET signature = x'' WHERE tag = 9 AND seq = 1",),
        {SIGNATURE.format(1)},
    ),
    "a version added": (
        ("INSERT INTO field_version SELECT rec, 'name', stamp FROM field_version LIMIT 1",),
        {VERSIONS},
    ),
    "a version of nothing added": (
        ("INSERT INTO field_version VALUES (3, 'name', 3)",),
        {STRANGE_VERSIONS},
    ),
    "a version of the last record added": (
        (f"INSERT INTO field_version VALUES ({2**63 - 1}, 'name', 3)",),
        {STRANGE_VERSIONS},
    ),
    "a version removed": (
        ("DELETE FROM field_version WHERE field = 'alerts'",),
        {VERSIONS},
    ),
    "a difference settled behind our back": (
        (("DELETE FROM field_version WHERE field = 'room' AND stamp = "
         "(SELECT min(stamp) FROM field_version WHERE field = 'room')"),),
        {VERSIONS},
    ),
    "what is here noted as not arrived": (
        ("INSERT INTO superseded SELECT * FROM field_version LIMIT 1",),
        {"Versions are noted as not yet arrived that are here."},
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", BEHIND_OUR_BACK)
def test_what_was_written_behind_our_back_is_found(home: Store, what: str) -> None:
    statements, messages = BEHIND_OUR_BACK[what]
    before = home.connection.total_changes
    forced(home.connection, *statements)
    assert home.connection.total_changes > before
    assert set(found(home)) == messages
    # and it is still found by whoever opens the home the next day
    with reopened(home) as again:
        assert set(found(again)) == messages


def test_taking_the_guards_off_alone_does_no_harm(home: Store) -> None:
    forced(home.connection)
    assert found(home, deep=True) == []


DEEP: dict[str, tuple[str, str]] = {
    "a search index emptied": (
        "INSERT INTO search_visit_entry(search_visit_entry) VALUES ('delete-all')",
        SEARCH,
    ),
    "a word put into a search index": (
        "INSERT INTO search_visit_entry(rowid, found) VALUES (5, 'scandal')",
        SEARCH,
    ),
    "an index of names emptied": (
        "INSERT INTO names_resident(names_resident) VALUES ('delete-all')",
        SEARCH,
    ),
    "an index over phone numbers emptied": (
        "INSERT INTO search_organisation(search_organisation) VALUES ('delete-all')",
        SEARCH,
    ),
    "a row of the timeline removed": ("DELETE FROM timeline", TIMELINE),
    "a row of the timeline put in": (
        "INSERT INTO timeline VALUES (1, '2026-01-01', 2, 'visit_entry')",
        TIMELINE,
    ),
    "a row of the timeline moved": ("UPDATE timeline SET resident = resident + 1", TIMELINE),
    "an attachment altered": ("UPDATE blob SET bytes = x'00'", BLOB),
    "an attachment removed": ("DELETE FROM blob", "The bytes of 1 attachments are missing."),
}


@pytest.mark.parametrize("what", DEEP)
def test_a_deep_check_finds_what_follows_from_the_records_and_does_not_fit(
    home: Store, what: str
) -> None:
    statement, message = DEEP[what]
    home.connection.execute(statement)
    assert found(home) == []
    assert found(home, deep=True) == [message]


def test_a_search_index_that_lost_its_triggers_for_a_while_is_found_and_mended(
    home: Store, typical: Typical
) -> None:
    home.connection.execute("DROP TRIGGER search_resident_update")
    change(home, "resident", typical.mary, alerts="bees")
    assert found(home, deep=True) == [SEARCH]
    with home.applying() as connection:
        derived.rebuild(connection, force=True)
    assert found(home, deep=True) == []


def test_damage_names_the_record_it_was_found_in(home: Store, typical: Typical) -> None:
    forced(home.connection, f"UPDATE resident SET room = '13' WHERE id = {typical.mary}")
    assert verify.verify(home).damage == [Damage(OTHER, "resident", typical.mary)]


def test_a_wrecked_home_is_not_listed_line_by_line(home: Store) -> None:
    with home.unit(person_of(home)) as unit:
        for number in range(300):
            unit.add(VisitEntry(found=f"note {number}"))
    forced(home.connection, "UPDATE visit_entry SET found = 'x'")
    assert len(found(home)) == 100


def test_a_file_damaged_on_the_disk_is_damage_and_not_a_crash(home: Store) -> None:
    home.close()
    body = bytearray(home.path.read_bytes())
    # not among the pages that are read at opening
    place = len(body) - 2048
    body[place : place + 8] = b"\0" * 8
    home.path.write_bytes(body)
    with Store(home.path, KEY) as reader:
        damage = found(reader)
    assert damage
    assert any("file is damaged" in what or "cannot be read" in what for what in damage)


# ---- what was erased by law still verifies (more in test_erasing.py)


def test_content_that_is_gone_without_an_erasure_is_damage(home: Store, typical: Typical) -> None:
    stamp = typical.entry
    forced(
        home.connection,
        f"UPDATE change SET fields = NULL, salt = NULL WHERE stamp = {stamp}",
        f"UPDATE visit_entry SET found = NULL WHERE id = {stamp}",
    )
    assert ALTERED in found(home)
    assert "A record's changes cannot be read." in found(home)


# ---- each part of the check is needed

SWITCHED_OFF: dict[str, tuple[Any, str]] = {
    "signed_by": (lambda _key, _unit: True, "a signature replaced"),
    "_Versions.left": (lambda _versions: False, "a version of nothing added"),
    "_Rows.rest": (lambda _rows: [], "a record put in behind the last"),
}


@pytest.mark.parametrize("part", SWITCHED_OFF)
def test_without_a_part_of_the_check_its_damage_goes_unseen(
    home: Store, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    off, damage = SWITCHED_OFF[part]
    forced(home.connection, *BEHIND_OUR_BACK[damage][0])
    monkeypatch.setattr(f"liaison.store.verify.{part}", off)
    assert found(home) == []


def test_without_the_digest_an_altered_change_goes_unseen_by_the_chain(
    home: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = home.connection.execute("SELECT digest FROM change WHERE fields LIKE '%falls%'")
    (digest,) = rows.fetchone()
    forced(home.connection, *BEHIND_OUR_BACK["a salt altered"][0])
    real: Callable[..., bytes] = changes.digest_of
    monkeypatch.setattr(
        changes, "digest_of", lambda *words: digest if words[-1] == bytes(16) else real(*words)
    )
    assert found(home) == []


# ---- and the digest of the state


def test_the_digest_of_the_state_tells_every_value_and_version(
    home: Store, typical: Typical
) -> None:
    seen = {verify.state_digest(home.connection)}
    for statement in (
        "UPDATE resident SET room = '13'",
        "UPDATE resident SET room = NULL",
        "UPDATE organisation_former_names SET archived = NULL",
        "DELETE FROM field_version WHERE field = 'alerts'",
        "INSERT INTO superseded VALUES (1, 'room', 2)",
        "DELETE FROM resident WHERE name LIKE 'John%'",
    ):
        forced(home.connection, statement)
        seen.add(verify.state_digest(home.connection))
    assert len(seen) == 7


def test_the_digest_of_the_state_is_the_same_whatever_way_it_came_about(
    home: Store, make_store: MakeStore
) -> None:
    other = make_store(13, person=False)
    with other.applying() as connection:
        for tag in (NURSES, 5):
            admit(connection, replica_of(tag))
    for tag in (NURSES, 5):
        assert merge.merge(other, merge.units_after(home, tag, 0)).applied > 0
    assert verify.state_digest(other.connection) == verify.state_digest(home.connection)


def test_attachments_are_held_against_the_homes_own_key(home: Store) -> None:
    report = verify.verify(home, deep=True, blob_key=b"x" * 32)
    assert [damage.what for damage in report.damage] == [BLOB]


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE change SET fields = 'garbage' WHERE fields LIKE '%falls%'",
        "UPDATE change SET fields = '[1]' WHERE fields LIKE '%falls%'",
        "UPDATE change SET over = 'garbage' WHERE fields LIKE '%falls%'",
        "UPDATE change SET salt = NULL WHERE fields LIKE '%falls%'",
        "UPDATE replica SET public_key = x'00' WHERE tag = 9",
    ],
)
def test_nonsense_in_the_log_is_damage_and_no_crash(home: Store, damage: str) -> None:
    forced(home.connection, damage)
    assert found(home)


def test_another_programs_write_is_no_damage(home: Store) -> None:
    with Store(home.path, KEY, signer_of(5)) as other, other.writing():
        home.connection.execute("PRAGMA busy_timeout = 20")
        assert found(home) == []
        with pytest.raises(UserError) as caught:
            found(home, deep=True)
    assert caught.value.code == "busy"


def test_the_plan_never_depends_on_how_small_the_home_once_was(home: Store) -> None:
    with Store(home.path, KEY, signer_of(5)) as again:
        names = {name for (name,) in again.connection.execute("SELECT name FROM sqlite_master")}
        assert not {name for name in names if name.startswith("sqlite_stat")}
        plan = again.connection.execute(
            "EXPLAIN QUERY PLAN SELECT c.stamp FROM unit AS u LEFT JOIN change AS c "
            f"ON {changes.OF_UNIT} WHERE u.tag = 5 ORDER BY u.seq, c.stamp"
        ).fetchall()
    assert not [step for *_, step in plan if step.startswith("SCAN")]
