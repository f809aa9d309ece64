"""Old homes open for ever, newer ones are refused, and the tables are what the declarations say."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import sqlcipher3

from liaison.records import all_specs
from liaison.records.administration import Attachment
from liaison.records.directory import Contact, Organisation
from liaison.records.home import Resident, Staff
from liaison.records.ids import from_text
from liaison.records.values import record_to_json
from liaison.store import blobs, derived, driver, history, merge, migrations, query, search, verify
from liaison.store.driver import Connection, DatabaseTrouble, DriverError
from liaison.store.migrations import NewerHome, statements_of
from liaison.store.schema import table_sql
from liaison.store.store import FILE_NAME, Store
from tests.store import make_schema_home as frozen
from tests.store.conftest import (
    KEY,
    TAG,
    FakeClock,
    MakeStore,
    Typical,
    add,
    change,
    got,
    person_of,
    reopened,
    signer_of,
)
from tests.store.newer import newer_liaison

from sqlite_utils import Migrations  # isort: skip

#: What has shipped is never edited: the next number is added. Before the first release whoever
#: edits the first file writes its new fingerprint here and remakes ``tests/data/home-schema-1``.
SHIPPED = {
    "0001_first.sql": "465ed68aa9b190dd05723763203331989550d5b02060676827e5ca4c3e17e268",
    "0002_sync.sql": "930a38838691426795753834e4a47571f37d2d3c1b3529f6204028aae5c93f1f",
    "0003_checks.sql": "3b4f5b4fc152620b864907ca0bb4f2e1ea1e61601847a354d3a8287342a87efa",
    "0004_membership.sql": "c8c86d724132fc66e32985b62241038620a4c1f11ca43db349b40f4e35acd1e6",
    "0005_leaving.sql": "149ffa956773197ffc90d29a8aa46e4b4dddbd8765a7ed10b4410bc6f9fa615a",
}
#: The tables that hold no records.
HOUSE = {
    "_sqlite_migrations", "blob", "blob_leaving", "change", "claim", "context", "draft",
    "field_version", "heard", "ods_reference", "outbox", "quarantine", "replica", "segment_apart",
    "superseded", "timeline", "unit", "waiting", "window_state",
}  # fmt: skip
HOMES = sorted(frozen.DATA.glob("home-schema-*"))


def tables(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Return the columns of every table that is not a part of a search index."""
    rows = connection.execute(
        "SELECT name, type, wr, strict FROM pragma_table_list "
        "WHERE type = 'table' AND schema = 'main' AND name NOT LIKE 'sqlite_%'"
    ).fetchall()
    return {
        name: [("options", *options), *connection.execute(f"PRAGMA table_info('{name}')")]
        for name, *options in rows
    }


def derived_objects(connection: Connection) -> dict[str, str]:
    rows = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type IN ('trigger', 'view', 'index') "
        "OR sql LIKE 'CREATE VIRTUAL%'"
    )
    return dict(rows.fetchall())


# ---- the tables are what the declarations say


def _unordered(table: list[tuple[Any, ...]]) -> set[tuple[Any, ...]]:
    """Return a table without the places of its columns: one that came later stands at the end."""
    options, *columns = table
    found = {options, *(column[1:] for column in columns)}
    assert len(found) == len(table)
    return found


def test_every_record_table_is_as_its_declaration_says_no_more_and_no_less(store: Store) -> None:
    declared = sqlcipher3.dbapi2.connect(":memory:")
    for spec in all_specs().values():
        declared.execute(table_sql(spec))
    wanted, made = tables(declared), tables(store.connection)
    declared.close()
    assert wanted.keys() == all_specs().keys()
    for name in wanted:
        assert _unordered(made[name]) == _unordered(wanted[name]), name
    assert made.keys() == wanted.keys() | HOUSE


def test_the_first_schema_is_written_as_the_declarations_write_it(store: Store) -> None:
    """Until a second migration adds to a table, even the text is the same."""
    if len(migrations.migrations()._migrations) == 1:
        rows = store.connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
        texts = dict(rows.fetchall())
        for name, spec in all_specs().items():
            assert " ".join(texts[name].split()) == " ".join(table_sql(spec).split())


def test_a_declared_field_without_a_column_is_noticed(store: Store) -> None:
    with newer_liaison(), pytest.raises((KeyError, AssertionError)):
        test_every_record_table_is_as_its_declaration_says_no_more_and_no_less(store)


def test_no_file_that_has_shipped_was_edited_and_the_numbers_have_no_gap() -> None:
    files = {
        file.name: hashlib.sha256(file.read_text("utf-8").encode()).hexdigest()
        for file in resources.files(migrations).iterdir()
        if file.name.endswith(".sql")
    }
    assert files == SHIPPED
    assert [int(name[:4]) for name in sorted(files)] == list(range(1, len(files) + 1))
    assert [m.name for m in migrations.migrations()._migrations] == [
        name.removesuffix(".sql") for name in sorted(files)
    ]


def test_a_migration_never_looks_at_the_declarations() -> None:
    source = Path(str(migrations.__file__)).read_text("utf-8")
    assert not re.search(r"liaison\.records|all_specs|table_sql", source)


def test_a_script_is_taken_apart_at_the_ends_of_its_statements() -> None:
    script = "-- first\nCREATE TABLE a (x TEXT);\n\nINSERT INTO a VALUES (';');\nDROP TABLE a;"
    assert statements_of(script) == [
        "-- first\nCREATE TABLE a (x TEXT)",
        "INSERT INTO a VALUES (';')",
        "DROP TABLE a",
    ]
    assert statements_of("") == statements_of("\n;\n") == []


# ---- homes of every released schema


@pytest.fixture(params=HOMES, ids=lambda folder: folder.name)
def released(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Copy a home of a released schema, to be opened and upgraded."""
    return Path(shutil.copytree(request.param, tmp_path / "home"))


def opened(released: Path) -> Store:
    signer = frozen.signer_of(frozen.OFFICE)
    return Store(released / FILE_NAME, frozen.KEY, signer, clock=FakeClock())


def test_there_is_a_home_of_every_released_schema() -> None:
    assert [folder.name for folder in HOMES] == [f"home-schema-{int(n[:4])}" for n in SHIPPED]
    for folder in HOMES:
        assert (folder / FILE_NAME).stat().st_size < 1_000_000


def test_a_released_home_opens_and_is_whole(released: Path) -> None:
    for _ in range(2):
        with opened(released) as store:
            report = verify.verify(store, deep=True, blob_key=frozen.BLOB_KEY)
            assert report.damage == []
            assert (report.units, report.changes) == (13, 45)


def test_an_upgraded_home_has_the_tables_of_a_new_one(released: Path, store: Store) -> None:
    with opened(released) as old:
        assert tables(old.connection) == tables(store.connection)
        assert derived_objects(old.connection) == derived_objects(store.connection)


def test_a_released_home_shows_what_it_showed_then(released: Path) -> None:
    shown = json.loads((released / "shown.json").read_text("utf-8"))
    with opened(released) as store:
        for type_name, then in shown.items():
            now = {}
            for (rec,) in store.connection.execute(f"SELECT id FROM {type_name}").fetchall():
                record = store.get(type_name, rec)
                assert record is not None
                now[rec] = record_to_json(record)
            assert len(now) == len(then)
            for was in then:
                document = now[from_text(was["id"])]
                assert {name: document[name] for name in was} == was


def only(store: Store, type_name: str, column: str, value: str) -> int:
    (rec,) = store.connection.execute(
        f"SELECT id FROM {type_name} WHERE {column} = ?", (value,)
    ).fetchone()
    return int(rec)


def test_a_released_home_can_be_worked_with(released: Path) -> None:
    with opened(released) as store:
        mary = only(store, "resident", "name", "Mary Jones")
        surgery = only(store, "organisation", "name", "Larkfield Health Centre")
        # what hangs together still does
        assert got(store, Resident, mary).practice == surgery
        assert got(store, Resident, mary).room == "7"
        assert set(got(store, Organisation, surgery).former_names) == {
            "Old Surgery", "Larkfield Practice",
        }  # fmt: skip
        assert got(store, Staff, only(store, "staff", "name", "Ola Adeyemi")).archived
        twin = store.follow("contact", only(store, "contact", "name", "Sian Oneil"))
        assert isinstance(twin, Contact)
        assert twin.name == "Siân O'Neil"
        letter = store.get("attachment", only(store, "attachment", "name", "letter.pdf"))
        assert isinstance(letter, Attachment)
        assert blobs.read_blob(store, letter) == b"%PDF-1.7 a letter"
        # search, lists, the timeline, history
        assert {hit.record.id for hit in search.search(store, "wójcik")} == {
            only(store, "resident", "name", "Jan Wójcik")
        }
        assert [hit.record.id for hit in search.search(store, "01632 960123")] == [surgery]
        assert len(query.page(store, query.Query("organisation", order_by="name")).records) == 7
        assert [moment for moment, _ in query.timeline(store, mary)[0]] == [
            "2026-11-23T09:01:00Z+00:00", "2026-11-23T09:01:00Z+00:00", "2026-11-02",
        ]  # fmt: skip
        assert [e.op for e in history.history(store, "resident", mary)] == ["birth", "edit", "edit"]
        # settle the difference, undo the import, write something new
        (conflict,) = history.conflicts(store)
        assert [v.value for v in conflict.versions] == ["7", "6"]
        change(store, "resident", mary, room="8")
        assert history.conflicts(store) == []
        (batch,) = store.connection.execute(
            "SELECT batch FROM unit WHERE batch IS NOT NULL"
        ).fetchone()
        stamps = store.connection.execute(
            "SELECT stamp FROM change JOIN unit ON unit.id = change.unit WHERE batch = ?", (batch,)
        ).fetchall()
        with store.unit(person_of(store), kind="undo") as unit:
            assert history.undo(store, unit, [stamp for (stamp,) in stamps]).changes == 6
        new = add(store, Resident(name="Dot", alerts="wasps"))
        assert [hit.record.id for hit in search.search(store, "wasp")] == [new]
        assert verify.verify(store, deep=True, blob_key=frozen.BLOB_KEY).damage == []


def test_a_released_home_still_holds_what_it_did_not_understand_and_what_waits(
    released: Path,
) -> None:
    with opened(released) as store:
        log = {name for (name,) in store.connection.execute("SELECT DISTINCT type FROM change")}
        assert {"garden", "garden_plants"} <= log
        assert len(merge.units_after(store, frozen.NURSES, 0)) == 3
        counts = [
            store.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("waiting", "quarantine")
        ]
        assert counts == [1, 1]


# ---- a newer home is refused


def marked_newer(store: Store) -> bytes:
    """Mark a home as a newer Liaison does; return its file."""
    store.connection.execute(
        "INSERT INTO _sqlite_migrations(migration_set, name, applied_at) "
        "VALUES ('liaison', '0999_from_tomorrow', '2031-01-01')"
    )
    store.close()
    return store.path.read_bytes()


def test_a_home_of_a_newer_liaison_is_refused_and_left_as_it_is(
    store: Store, typical: Typical
) -> None:
    before = marked_newer(store)
    for _ in range(2):
        with pytest.raises(NewerHome, match="newer version") as told:
            Store(store.path, KEY, signer_of(TAG))
        assert told.value.code == "newer-home"
        assert told.value.kept == "Nothing was changed."
        assert "Install the newer version" in told.value.do
    connection = driver.connect(store.path, KEY)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    assert store.path.read_bytes() == before


def test_a_home_of_a_newer_liaison_is_refused_for_reading_too(store: Store) -> None:
    marked_newer(store)
    with pytest.raises(NewerHome):
        Store(store.path, KEY)


def test_an_older_home_is_not_read_before_it_is_upgraded(store: Store, typical: Typical) -> None:
    store.close()
    with newer_liaison():
        with pytest.raises(DatabaseTrouble, match="older version") as told:
            Store(store.path, KEY)
        assert told.value.code == "older-home"
        Store(store.path, KEY, signer_of(TAG)).close()
        with Store(store.path, KEY) as reader:
            assert reader.get("resident", typical.mary) is not None


def test_the_mark_of_another_program_is_not_ours(store: Store) -> None:
    store.connection.execute(
        "INSERT INTO _sqlite_migrations(migration_set, name, applied_at) "
        "VALUES ('something else', '0999_from_tomorrow', '2031-01-01')"
    )
    with reopened(store) as again:
        assert person_of(again)


# ---- an upgrade is all or nothing


def failing(db: Any) -> None:
    db.execute("CREATE TABLE half_done (x TEXT)")
    db.execute('ALTER TABLE "resident" ADD COLUMN "star_sign" TEXT')
    db.execute("THIS IS NO SQL")


def with_second(step: Callable[[Any], None]) -> Migrations:
    made = Migrations("liaison")
    for migration in migrations.migrations()._migrations:
        made(name=migration.name)(migration.fn)
    made(name="0002_second")(step)
    return made


def test_an_upgrade_that_fails_leaves_the_home_as_it_was(
    store: Store, typical: Typical, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, digest = tables(store.connection), verify.state_digest(store.connection)
    store.close()
    with monkeypatch.context() as patch:
        second = with_second(failing)
        patch.setattr(migrations, "migrations", lambda: second)
        with pytest.raises(DriverError):
            Store(store.path, KEY, signer_of(TAG))
    with Store(store.path, KEY, signer_of(TAG)) as again:
        assert tables(again.connection) == before
        assert verify.state_digest(again.connection) == digest
        assert verify.verify(again, deep=True).damage == []


def test_a_home_that_was_upgraded_is_newer_to_the_old_program(
    store: Store, typical: Typical
) -> None:
    store.close()
    with newer_liaison():
        Store(store.path, KEY, signer_of(TAG)).close()
    with pytest.raises(NewerHome):
        Store(store.path, KEY, signer_of(TAG))
    with newer_liaison(), Store(store.path, KEY, signer_of(TAG)) as newer:
        assert verify.verify(newer, deep=True).damage == []


def test_a_new_home_of_a_newer_liaison_equals_an_upgraded_one(
    store: Store, typical: Typical, make_store: MakeStore
) -> None:
    store.close()
    with newer_liaison(), Store(store.path, KEY, signer_of(TAG)) as upgraded:
        made = make_store(9)
        # a column that was added later stands last; nothing depends on the order
        for connection in (upgraded.connection, made.connection):
            columns = [row[1] for row in connection.execute("PRAGMA table_info('resident')")]
            assert columns[-1] == "star_sign"
        assert derived_objects(upgraded.connection) == derived_objects(made.connection)


# ---- what is derived is remade when the declarations say something else, and only then


def test_what_is_derived_is_remade_only_when_the_declarations_changed(store: Store) -> None:
    with store.applying() as connection:
        assert derived.rebuild(connection) is False
        connection.execute("UPDATE context SET derived = 'of another day'")
        assert derived.rebuild(connection) is True
        assert derived.rebuild(connection) is False
        assert derived.rebuild(connection, force=True) is True


def test_opening_a_home_remakes_nothing_unless_the_declarations_changed(store: Store) -> None:
    store.connection.execute("CREATE INDEX by_marker ON resident (room)")
    with reopened(store) as again:
        assert "by_marker" in derived_objects(again.connection)
        again.connection.execute("UPDATE context SET derived = 'of another day'")
    with Store(store.path, KEY, signer_of(TAG)) as again:
        assert "by_marker" not in derived_objects(again.connection)


def test_search_guards_and_timeline_come_back_after_they_were_dropped(
    store: Store, typical: Typical
) -> None:
    before = derived_objects(store.connection)
    for name in (
        "search_visit_entry", "names_resident", "search_organisation", "search_resident",
        "search_organisation_former_names", "timeline",
    ):  # fmt: skip
        store.connection.execute(f"DROP TABLE {name}")
    for name in ("guard_resident_update", "search_resident_insert", "guard_change_delete"):
        store.connection.execute(f"DROP TRIGGER {name}")
    store.connection.execute("DROP VIEW source_search_organisation")
    store.connection.execute("DROP INDEX by_resident_name")
    with pytest.raises(DriverError):
        search.search(store, "catheter")
    with store.applying() as connection:
        derived.rebuild(connection, force=True)
    assert derived_objects(store.connection) == before
    assert verify.verify(store, deep=True).damage == []
    # of one transaction all ids rise in the order of writing: the newest first
    assert [hit.record.id for hit in search.search(store, "catheter")] == [
        typical.entry, typical.service,
    ]  # fmt: skip
    assert [hit.record.id for hit in search.search(store, "old surg", typing=True)] == [
        typical.surgery
    ]
    assert [r.id for r in search.find_names(store, "owals", types=["resident"])] == [typical.john]
    assert len(query.timeline(store, typical.mary)[0]) == 1
    with pytest.raises(DriverError, match="only inside a unit"):
        store.connection.execute("UPDATE resident SET room = '1'")
