"""What follows from the declarations: search, names, timeline and guards, always in step."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random
from typing import Any, Final

import pytest

from liaison.records import Kind, Record, RecordSpec, all_specs, ids, spec_of
from liaison.records.casework import (
    Action,
    Appointment,
    Chase,
    Concern,
    EquipmentLoan,
    Referral,
    Transfer,
    Visit,
    VisitEntry,
)
from liaison.records.directory import Contact, ContactAttempt, Organisation
from liaison.records.home import Resident
from liaison.records.training import Competency
from liaison.records.values import keep
from liaison.store import derived, driver, search
from liaison.store.store import Store
from tests.store.conftest import START, Typical, add, change, person_of, reopened

RECORDS: Final = [spec for spec in all_specs().values() if spec.cls]
SEARCHED: Final = [spec for spec in RECORDS if derived.searched(spec)]
DAY: Final = dt.date(2026, 11, 23)


def at(**later: float) -> dt.datetime:
    return START + dt.timedelta(**later)


def made(spec: RecordSpec, **values: Any) -> Record:
    assert spec.cls is not None
    return spec.cls(**values)


def indexes_hold(store: Store) -> None:
    """Let FTS5 compare every index with the records it is made from."""
    for spec in all_specs().values():
        for prefix, fields in (
            (derived.SEARCH_PREFIX, derived.searched(spec)),
            (derived.NAMES_PREFIX, derived.named(spec)),
        ):
            if fields:
                index = prefix + spec.name
                store.connection.execute(
                    f"INSERT INTO {index}({index}, rank) VALUES ('integrity-check', 1)"
                )


def edit(store: Store, spec: RecordSpec, rec: int, values: dict[str, Any]) -> None:
    loaded = store.load(spec.name, rec)
    assert loaded is not None
    with store.unit(person_of(store)) as unit:
        unit.save(loaded, dataclasses.replace(loaded.record, **values))


def found(store: Store, typed: str) -> list[int | None]:
    return [hit.record.id for hit in search.search(store, typed)]


# ---- search


def test_every_searched_field_is_found_and_follows_a_change(store: Store) -> None:
    for spec in SEARCHED:
        for field in derived.searched(spec):
            rec = add(store, made(spec, **{field.name: "firstword"}))
            assert found(store, "firstword") == [rec], (spec.name, field.name)
            if spec.events:
                change(store, spec.name, rec, struck_reason="wrong", archived=None)
                with store.applying() as connection:
                    connection.execute(f"UPDATE {spec.name} SET archived = 1 WHERE id = ?", (rec,))
                continue
            edit(store, spec, rec, {field.name: "otherword"})
            assert found(store, "firstword") == [], (spec.name, field.name)
            assert found(store, "otherword") == [rec], (spec.name, field.name)
            edit(store, spec, rec, {field.name: None})
            assert found(store, "otherword") == [], (spec.name, field.name)
    indexes_hold(store)


def test_fields_that_are_not_searched_are_not_in_the_index() -> None:
    """Choices are words of ours, numbers and dates are looked for in lists."""
    for spec in all_specs().values():
        for field in derived.searched(spec):
            assert not field.many
            assert not field.is_number
            assert field.kind not in {Kind.DATE, Kind.TIME, Kind.CHOICE}
    assert "owner_id" not in [f.name for f in derived.searched(all_specs()["attachment"])]


def test_of_a_phone_number_the_index_holds_the_digits(store: Store) -> None:
    rec = add(store, Contact(name="x", phone="+44 (0)1632-960.123 / ext 4"))

    def matches(digits: str) -> list[tuple[int]]:
        rows: list[tuple[int]] = store.connection.execute(
            "SELECT rowid FROM search_contact WHERE search_contact MATCH ?", (f'phone:"{digits}"*',)
        ).fetchall()
        return rows

    assert matches("4401632960123") == [(rec,)]
    assert matches("01632") == []
    # shown as typed all the same
    assert store.connection.execute("SELECT phone FROM contact").fetchall() == [
        ("+44 (0)1632-960.123 / ext 4",)
    ]
    change(store, "contact", rec, phone="0117 496 0000")
    assert matches("4401632960123") == []
    assert matches("01174960000") == [(rec,)]
    indexes_hold(store)


def test_a_change_of_something_else_leaves_the_index_alone(store: Store, typical: Typical) -> None:
    before = store.connection.execute("SELECT count(*) FROM search_resident_data").fetchone()
    change(store, "resident", typical.mary, gp_choice="own choice", moved_in=DAY)
    after = store.connection.execute("SELECT count(*) FROM search_resident_data").fetchone()
    assert after == before
    indexes_hold(store)


def test_elements_of_sets_are_searched_by_their_own_index(store: Store, typical: Typical) -> None:
    change(store, "organisation", typical.surgery, former_names=("Old Surgery", "Zebra House"))
    assert found(store, "zebra") == [typical.surgery]
    change(store, "organisation", typical.surgery, former_names=("Old Surgery",))
    assert found(store, "zebra") == []
    indexes_hold(store)


def test_names_are_found_by_three_letters_from_the_middle(store: Store, typical: Typical) -> None:
    names = {spec.name for spec in RECORDS if derived.named(spec)}
    assert {"resident", "staff", "contact", "organisation"} <= names
    for name in sorted(names):
        spec = all_specs()[name]
        for field in derived.named(spec):
            rec = add(store, made(spec, **{field.name: "Quetzalcoatl Ŵyn"}))
            for piece in ("tzalc", "ŵyn", "wyn", "atl w"):
                hits = search.find_names(store, piece, types=(name,))
                assert [hit.id for hit in hits] == [rec], (name, field.name, piece)
            change(store, name, rec, **{field.name: "x"})
            assert search.find_names(store, "tzalc", types=(name,)) == []
    indexes_hold(store)


# ---- timeline


def timeline_of(store: Store, resident: int | None = None) -> list[tuple[str, int, str]]:
    where = "" if resident is None else f" WHERE resident = {resident}"
    rows: list[tuple[str, int, str]] = store.connection.execute(
        f"SELECT at, rec, type FROM timeline{where} ORDER BY at, rec"
    ).fetchall()
    return rows


def test_every_type_with_a_moment_and_a_resident_declares_a_timeline() -> None:
    shown = {spec.name: spec.timeline for spec in RECORDS if spec.timeline}
    assert shown == {
        "contact_attempt": "at",
        "visit_entry": "visit.at",
        "concern": "raised_at",
        "referral": "sent",
        "transfer": "at",
        "appointment": "at",
        "equipment_loan": "requested_on",
        "action": "done_at",
        "chase": "at",
        "competency": "assessed_on",
    }


MOMENTS: Final[list[tuple[Record, str, tuple[Any, Any]]]] = [
    (Concern(situation="x"), "raised_at", (at(), at(days=1))),
    (Referral(reason="x"), "sent", (DAY, DAY + dt.timedelta(1))),
    (Transfer(direction="admission"), "at", (at(), at(days=1))),
    (Appointment(purpose="x"), "at", (at(), at(days=1))),
    (EquipmentLoan(what="x"), "requested_on", (DAY, DAY + dt.timedelta(1))),
    (Action(what="x"), "done_at", (at(), at(days=1))),
    (Competency(skill="x"), "assessed_on", (DAY, DAY + dt.timedelta(1))),
]


@pytest.mark.parametrize(
    ("record", "moment", "times"), MOMENTS, ids=[type(case[0]).__name__ for case in MOMENTS]
)
def test_a_moment_and_a_resident_may_be_corrected(
    store: Store, typical: Typical, record: Record, moment: str, times: tuple[Any, Any]
) -> None:
    spec = spec_of(record)
    first, then = times
    mary, john = typical.mary, typical.john
    before = {mary: timeline_of(store, mary), john: timeline_of(store, john)}

    def own(resident: int) -> list[tuple[str, int, str]]:
        return [row for row in timeline_of(store, resident) if row not in before[resident]]

    kept = [str(keep(spec.by_name[moment], value)) for value in (first, then)]
    values: dict[str, Any] = {moment: first, "resident": mary}
    rec = add(store, dataclasses.replace(record, **values))
    assert own(mary) == [(kept[0], rec, spec.name)]
    change(store, spec.name, rec, **{moment: then})
    assert own(mary) == [(kept[1], rec, spec.name)]
    change(store, spec.name, rec, resident=john)
    assert (own(mary), own(john)) == ([], [(kept[1], rec, spec.name)])
    for gone in ("resident", moment):
        nothing: dict[str, Any] = {gone: None}
        change(store, spec.name, rec, **nothing)
        assert (own(mary), own(john)) == ([], [])
        change(store, spec.name, rec, resident=john, **{moment: then})
        assert own(john) == [(kept[1], rec, spec.name)]
    change(store, spec.name, rec, resident=mary, **{moment: first})
    assert (own(mary), own(john)) == ([(kept[0], rec, spec.name)], [])
    assert not derived.timeline_differs(store.connection)


def test_an_event_is_on_the_timeline(store: Store, typical: Typical) -> None:
    rec = add(store, ContactAttempt(at=at(hours=1), resident=typical.mary, reached=False))
    add(store, ContactAttempt(at=at(hours=1), reached=False))
    assert timeline_of(store, typical.mary)[-1] == (
        "2026-11-23T10:00:00Z+00:00",
        rec,
        "contact_attempt",
    )
    assert len(timeline_of(store)) == 2


def test_a_note_follows_its_visit(store: Store, typical: Typical) -> None:
    mary, john, entry = typical.mary, typical.john, typical.entry
    stored = "2026-11-23T09:00:00Z+00:00"
    assert timeline_of(store, mary) == [(stored, entry, "visit_entry")]
    # the visit's time is corrected
    change(store, "visit", typical.visit, at=at(days=-1))
    assert timeline_of(store, mary) == [("2026-11-22T09:00:00Z+00:00", entry, "visit_entry")]
    # and cleared, and given again
    change(store, "visit", typical.visit, at=None)
    assert timeline_of(store) == []
    change(store, "visit", typical.visit, at=at())
    assert timeline_of(store, mary) == [(stored, entry, "visit_entry")]
    # the note belongs to another visit, another resident, both at once
    other = add(store, Visit(at=at(days=5), kind="visit"))
    change(store, "visit_entry", entry, visit=other)
    assert timeline_of(store, mary) == [("2026-11-28T09:00:00Z+00:00", entry, "visit_entry")]
    change(store, "visit_entry", entry, resident=john)
    assert timeline_of(store) == [("2026-11-28T09:00:00Z+00:00", entry, "visit_entry")]
    change(store, "visit_entry", entry, resident=mary, visit=typical.visit)
    assert timeline_of(store, mary) == [(stored, entry, "visit_entry")]
    assert timeline_of(store, john) == []
    # to a visit that has not arrived
    change(store, "visit_entry", entry, visit=12345)
    assert timeline_of(store) == []
    assert not derived.timeline_differs(store.connection)


def test_a_note_may_arrive_before_its_visit(store: Store, typical: Typical) -> None:
    visit = ids.derived_id("visit", "that day")
    entries = [
        add(store, VisitEntry(visit=visit, resident=resident))
        for resident in (typical.mary, typical.john, typical.mary)
    ]
    assert {rec for _, rec, _ in timeline_of(store)} == {typical.entry}
    with store.unit(person_of(store)) as unit:
        assert unit.add(Visit(at=at(days=1), kind="visit"), derived_from=("that day",)) == visit
    tomorrow = "2026-11-24T09:00:00Z+00:00"
    assert timeline_of(store, typical.john) == [(tomorrow, entries[1], "visit_entry")]
    assert timeline_of(store, typical.mary)[1:] == [
        (tomorrow, entries[0], "visit_entry"),
        (tomorrow, entries[2], "visit_entry"),
    ]
    assert not derived.timeline_differs(store.connection)


def test_a_chase_follows_the_resident_of_its_referral(store: Store, typical: Typical) -> None:
    referral = ids.derived_id("referral", "wheelchair")
    chase = add(store, Chase(referral=referral, at=at(), result="No reply."))
    stored = ("2026-11-23T09:00:00Z+00:00", chase, "chase")
    assert stored not in timeline_of(store)
    # the referral arrives after it
    with store.unit(person_of(store)) as unit:
        made = Referral(resident=typical.mary, sent=DAY, reason="x")
        assert unit.add(made, derived_from=("wheelchair",)) == referral
    assert stored in timeline_of(store, typical.mary)
    later = add(store, Chase(referral=referral, at=at(days=1), result="Promised a day."))
    change(store, "referral", referral, resident=typical.john)
    assert {chase, later} <= {rec for _, rec, _ in timeline_of(store, typical.john)}
    assert not {chase, later} & {rec for _, rec, _ in timeline_of(store, typical.mary)}
    change(store, "referral", referral, resident=None)
    assert not {chase, later} & {rec for _, rec, _ in timeline_of(store)}
    assert not derived.timeline_differs(store.connection)


def test_both_half_past_ones_keep_their_order(store: Store, typical: Typical) -> None:
    bst = dt.timezone(dt.timedelta(hours=1))
    second = add(
        store,
        Concern(resident=typical.john, raised_at=dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC)),
    )
    first = add(
        store,
        Concern(resident=typical.john, raised_at=dt.datetime(2026, 10, 25, 1, 30, tzinfo=bst)),
    )
    assert [rec for _, rec, _ in timeline_of(store, typical.john)] == [first, second]


def test_whatever_is_done_the_timeline_says_what_the_records_say(store: Store) -> None:
    chance = random.Random(3)
    with store.unit(person_of(store)) as unit:
        residents = [unit.add(Resident(name=f"r{number}")) for number in range(4)]
        visits = [unit.add(Visit(at=at(days=number))) for number in range(4)]
    entries: list[int] = []
    concerns: list[int] = []
    for step in range(200):
        resident = chance.choice([*residents, None])
        match chance.randrange(6):
            case 0:
                entries.append(
                    add(store, VisitEntry(visit=chance.choice([*visits, 7]), resident=resident))
                )
            case 1:
                concerns.append(add(store, Concern(raised_at=at(hours=step), resident=resident)))
            case 2:
                change(
                    store, "visit", chance.choice(visits), at=chance.choice([None, at(days=step)])
                )
            case 3 if entries:
                visit = chance.choice([*visits, 7])
                change(store, "visit_entry", chance.choice(entries), visit=visit, resident=resident)
            case 4 if entries:
                change(store, "visit_entry", chance.choice(entries), resident=resident)
            case 5 if concerns:
                change(store, "concern", chance.choice(concerns), resident=resident)
    assert timeline_of(store) == expected_timeline(store, entries, concerns)
    assert len(timeline_of(store)) > 20
    assert not derived.timeline_differs(store.connection)
    indexes_hold(store)


def expected_timeline(
    store: Store, entries: list[int], concerns: list[int]
) -> list[tuple[str, int, str]]:
    rows: list[tuple[str, int, str]] = []
    moment = all_specs()["visit"].by_name["at"]
    for rec in entries:
        entry = store.get("visit_entry", rec)
        assert isinstance(entry, VisitEntry)
        visit = store.get("visit", entry.visit or 0)
        if entry.resident is not None and isinstance(visit, Visit) and visit.at is not None:
            rows.append((str(keep(moment, visit.at)), rec, "visit_entry"))
    for rec in concerns:
        concern = store.get("concern", rec)
        assert isinstance(concern, Concern)
        if concern.resident is not None:
            rows.append((str(keep(moment, concern.raised_at)), rec, "concern"))
    return sorted(rows)


@pytest.mark.parametrize(
    "tampering",
    [
        "DELETE FROM timeline WHERE rec = (SELECT min(rec) FROM timeline)",
        "UPDATE timeline SET at = '2020-01-01'",
        "INSERT INTO timeline VALUES (1, '2020-01-01', 7, 'concern')",
        "UPDATE timeline SET type = 'concern'",
    ],
)
def test_a_timeline_that_is_out_of_step_is_noticed(
    store: Store, typical: Typical, tampering: str
) -> None:
    assert not derived.timeline_differs(store.connection)
    with store.applying() as connection:
        connection.execute(tampering)
    assert derived.timeline_differs(store.connection)
    with store.applying() as connection:
        assert derived.rebuild(connection, force=True)
    assert not derived.timeline_differs(store.connection)


# ---- guards


def test_records_of_every_type_are_written_in_units_only(store: Store) -> None:
    connection = store.connection
    for name in all_specs():
        with pytest.raises(driver.DriverError, match="only inside a unit of work"):
            connection.execute(f"INSERT INTO {name}(id) VALUES (7)")
        with store.applying() as opened:
            opened.execute(f"INSERT INTO {name}(id) VALUES (8)")
            for statement, why in (
                (f"DELETE FROM {name} WHERE id = 8", "never deleted"),
                (f"UPDATE {name} SET id = 9 WHERE id = 8", "only inside a unit"),
                (f"INSERT OR REPLACE INTO {name}(id) VALUES (8)", "never deleted"),
            ):
                with pytest.raises(driver.DriverError, match=why):
                    opened.execute(statement)
        with pytest.raises(driver.DriverError, match="only inside a unit of work"):
            connection.execute(f"UPDATE {name} SET archived = 1")
        with pytest.raises(driver.DriverError, match="never deleted"):
            connection.execute(f"DELETE FROM {name}")


@pytest.mark.parametrize("table", ["unit", "change"])
def test_the_log_is_only_added_to(store: Store, table: str) -> None:
    column = "seq" if table == "unit" else "rec"
    with store.applying() as opened:
        for statement in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):
            with pytest.raises(driver.DriverError, match="only added to"):
                opened.execute(statement)
    with pytest.raises(driver.DriverError, match="only added to"):
        store.connection.execute(f"DELETE FROM {table}")
    with pytest.raises(driver.DriverError, match="only inside a unit"):
        store.connection.execute(f"INSERT INTO {table} SELECT * FROM {table} LIMIT 1")


# ---- making them anew


def objects(store: Store) -> list[tuple[str, str, str]]:
    rows: list[tuple[str, str, str]] = store.connection.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY 1, 2"
    ).fetchall()
    return rows


def test_nothing_is_made_anew_while_the_declarations_stay(store: Store) -> None:
    with store.applying() as connection:
        assert not derived.rebuild(connection)


def test_made_anew_they_are_the_same(store: Store, typical: Typical) -> None:
    before = objects(store), timeline_of(store)
    with store.applying() as connection:
        assert derived.rebuild(connection, force=True)
    assert (objects(store), timeline_of(store)) == before
    assert found(store, "catheter flushed") == [typical.entry]
    assert found(store, "01632960123") == [typical.surgery]
    assert [r.id for r in search.find_names(store, "owals", types=("resident",))] == [typical.john]
    indexes_hold(store)


def test_what_an_older_version_made_is_made_anew_at_opening(store: Store, typical: Typical) -> None:
    """Its index lacked a field, its guard was weaker, its trigger is not known any more."""
    before = objects(store)
    with store.applying() as connection:
        connection.execute("DROP TABLE search_resident")
        connection.execute("CREATE VIRTUAL TABLE search_resident USING fts5(name)")
        connection.execute("DROP TRIGGER guard_visit_delete")
        connection.execute("DROP INDEX by_visit_at")
        connection.execute("CREATE INDEX by_visit_reason ON visit (reason)")
        connection.execute("DELETE FROM timeline")
        connection.execute(
            "CREATE TRIGGER old_one AFTER INSERT ON visit BEGIN DELETE FROM timeline; END"
        )
        connection.execute("UPDATE context SET derived = 'an older version'")
    with reopened(store) as home:
        assert objects(home) == before
        assert not derived.timeline_differs(home.connection)
        assert found(home, "kowalski") == [typical.john]
        assert found(home, "catheter flushed") == [typical.entry]
        indexes_hold(home)


def test_the_tables_themselves_are_never_touched(store: Store, typical: Typical) -> None:
    tables = [name for kind, name, _ in objects(store) if kind == "table"]
    kept = [name for name in tables if name in all_specs() or name in {"unit", "change", "blob"}]
    before = {n: store.connection.execute(f"SELECT * FROM {n}").fetchall() for n in kept}
    assert len(kept) == len(all_specs()) + 3
    with store.applying() as connection:
        derived.rebuild(connection, force=True)
    assert before == {n: store.connection.execute(f"SELECT * FROM {n}").fetchall() for n in kept}


def test_every_index_is_for_a_field_that_asks_for_it(store: Store) -> None:
    names = {name for kind, name, _ in objects(store) if kind == "index" and name.startswith("by_")}
    assert names == {
        f"by_{spec.name}_{field.name}"
        for spec in all_specs().values()
        for field in spec.columns
        if field.indexed
    } | {"by_change_erasure", "by_unit_access", "by_unit_gone"}


def test_actions_and_organisations_are_not_on_the_timeline(store: Store, typical: Typical) -> None:
    before = timeline_of(store)
    add(store, Action(what="x", resident=typical.mary, due=DAY))
    add(store, Organisation(name="x", kind="other"))
    assert timeline_of(store) == before
