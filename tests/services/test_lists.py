"""Lists from declarations: columns, cells, filters, sorting, pages."""

from __future__ import annotations

import datetime as dt

import pytest

from liaison.records import Kind, RecordSpec, all_specs, spec_of
from liaison.records.casework import Action, Concern, Referral, Visit, VisitEntry
from liaison.records.directory import Contact, Organisation, Service
from liaison.records.home import Resident, Staff
from liaison.services import editing, lists
from liaison.services.homes import OpenHome
from liaison.services.lists import Align, Sorting
from liaison.store import query
from tests.services.conftest import add, got

TYPES = [spec for spec in all_specs().values() if spec.cls is not None]
RESIDENT, VISIT, ENTRY = spec_of(Resident), spec_of(Visit), spec_of(VisitEntry)


def at(day: int, hour: int = 9) -> dt.datetime:
    return dt.datetime(2026, 11, day, hour, tzinfo=dt.UTC)


def cells(home: OpenHome, spec: RecordSpec, *names: str) -> list[tuple[str, ...]]:
    """Return a list's cells as somebody sees them."""
    shown = lists.chosen_columns(spec, names) if names else lists.default_columns(spec)
    return [row.cells for row in lists.page(home.store, lists.asked(spec), shown).rows]


# ---- columns


@pytest.mark.parametrize("spec", TYPES, ids=lambda spec: spec.name)
def test_every_type_declares_columns_that_can_be_shown(spec: RecordSpec) -> None:
    shown = lists.default_columns(spec)
    assert tuple(column.name for column in shown) == spec.shows
    assert spec.single or 2 <= len(shown) <= 8
    lists.asked(spec)


def test_no_column_is_sensitive_or_kept_by_the_program() -> None:
    for spec in TYPES:
        names = {column.name for column in lists.columns(spec)}
        assert names.isdisjoint({"archived", "struck_reason", "merged_into"})
        assert names.isdisjoint(field.name for field in spec.fields if field.sensitive)
    staff = {column.name for column in lists.columns(spec_of(Staff))}
    assert "nmc_pin" not in staff
    assert "name" in staff


def test_labels_and_sides_come_from_the_declaration() -> None:
    by_name = {column.name: column for column in lists.columns(spec_of(Organisation))}
    assert by_name["typical_wait_days"].label == "Typical wait"
    assert by_name["typical_wait_days"].align is Align.RIGHT
    assert by_name["phone"].align is Align.LEFT


def test_only_what_has_an_index_in_an_order_people_know_is_sorted_by() -> None:
    by_name = {column.name: column for column in lists.columns(VISIT)}
    assert by_name["at"].sortable
    # an index over ids, and none at all
    assert not by_name["professional"].sortable
    assert not by_name["kind"].sortable


def test_a_column_that_was_remembered_and_is_none_any_more_is_left_out() -> None:
    chosen = lists.chosen_columns(RESIDENT, ["room", "shoe_size", "name", "room", "next_of_kin"])
    assert [column.name for column in chosen] == ["room", "name"]


@pytest.mark.parametrize(
    ("cls", "sorting"),
    [
        (Resident, Sorting("name", newest_first=False)),
        (Visit, Sorting("at")),
        (Referral, Sorting("sent")),
        (Action, Sorting("due", newest_first=False)),
        (Service, Sorting()),
    ],
)
def test_lists_begin_in_the_order_one_expects(cls: type, sorting: Sorting) -> None:
    assert lists.default_sorting(spec_of(cls)) == sorting


# ---- cells


def test_cells_read_as_people_say_it(home: OpenHome) -> None:
    surgery = add(home, Organisation(name="Meadow Lane Surgery", kind="GP practice"))
    doctor = add(home, Contact(name="Yusuf Anwar"))
    add(
        home,
        Visit(
            at=at(9, 14), kind="visit", urgency="ad hoc", professional=doctor,
            organisation=surgery, id_checked=True,
        ),
    )  # fmt: skip
    names = ("at", "status", "urgency", "professional", "organisation", "id_checked", "left_at")
    assert cells(home, VISIT, *names) == [
        (
            "Mon 9 Nov 2026, 14:00", "Happened", "Ad hoc", "Yusuf Anwar", "Meadow Lane Surgery",
            "Yes", "",
        )
    ]  # fmt: skip


def test_sets_are_named_in_one_cell(home: OpenHome) -> None:
    services = tuple(add(home, Service(name=name)) for name in ("Catheter care", "Wounds"))
    add(home, Contact(name="Grace Adeyemi", ask_about=services))
    assert cells(home, spec_of(Contact), "name", "ask_about") == [
        ("Grace Adeyemi", "Catheter care, Wounds")
    ]


def test_a_note_is_one_short_line(home: OpenHome) -> None:
    for situation in ("Coughs\n\nafter tea", "word " * 1_000, "x" * 10_000, "y" * 240):
        mary = add(home, Resident(name="Mary"))
        staff = add(home, Staff(name="Jo", job_role="nurse"))
        add(home, Concern(resident=mary, raised_by=staff, raised_at=at(1), situation=situation))
    whole, long, wordless, short = (
        row[0] for row in reversed(cells(home, spec_of(Concern), "situation"))
    )
    assert short == "Coughs after tea" or whole == "Coughs after tea"
    texts = {whole, long, wordless, short}
    assert "y" * 240 in texts
    assert all("\n" not in text and len(text) <= 244 for text in texts)
    assert sum(text.endswith(" ...") for text in texts) == 2


def test_two_people_of_one_name_are_told_apart_in_every_cell(home: OpenHome) -> None:
    first = add(home, Resident(name="Zoë Hart", room="4"))
    second = add(home, Resident(name="zoe hart", room="9"))
    visit = add(home, Visit(at=at(2), kind="visit"))
    for who in (first, second):
        add(home, VisitEntry(visit=visit, resident=who, found="Seen."))
    found = {row[0] for row in cells(home, ENTRY, "resident")}
    assert found == {
        "Zoë Hart (room 4, date of birth not recorded)",
        "zoe hart (room 9, date of birth not recorded)",
    }


def test_a_reference_to_a_duplicate_names_the_one_that_stands(home: OpenHome) -> None:
    wrong = add(home, Contact(name="Yusuf Anwer"))
    right = add(home, Contact(name="Yusuf Anwar"))
    add(home, Visit(at=at(2), kind="visit", professional=wrong))
    editing.merge(home, got(home, Contact, wrong), got(home, Contact, right))
    assert cells(home, VISIT, "professional") == [("Yusuf Anwar",)]


def test_what_another_pc_will_send_is_said_so(home: OpenHome) -> None:
    with home.unit() as unit:
        unit.add(Visit(at=at(2), kind="visit", professional=12345))
    assert cells(home, VISIT, "professional") == [("(not on this PC yet)",)]


def test_marks_say_in_words_why_a_row_looks_different(home: OpenHome) -> None:
    kept, gone, struck, double = (
        add(home, Resident(name=name)) for name in ("Ann", "Bea", "Cy", "Ann Other")
    )
    editing.archive(home, got(home, Resident, gone), "Entered twice.")
    editing.strike(home, got(home, Resident, struck), "Never lived here.")
    editing.merge(home, got(home, Resident, double), got(home, Resident, kept))
    shown = lists.chosen_columns(RESIDENT, ["name"])
    asked = lists.asked(RESIDENT, archived=True)
    marks = {row.cells[0]: row.marks for row in lists.page(home.store, asked, shown).rows}
    assert marks == {
        "Ann": (), "Bea": ("archived",), "Cy": ("struck through",), "Ann Other": ("merged",),
    }  # fmt: skip


def test_names_are_read_at_once_not_cell_by_cell(home: OpenHome) -> None:
    def statements(number: int) -> int:
        for _ in range(number):
            surgery = add(home, Organisation(name=f"Surgery {number}", kind="GP practice"))
            doctor = add(home, Contact(name=f"Doctor {number}"))
            visit = add(
                home,
                Visit(at=at(2), kind="visit", professional=doctor, organisation=surgery),
            )
            mary = add(home, Resident(name=f"Mary {number}"))
            add(home, VisitEntry(visit=visit, resident=mary, found="Seen."))
        seen: list[str] = []
        home.store.connection.set_trace_callback(seen.append)
        try:
            assert len(cells(home, ENTRY)) >= number
        finally:
            home.store.connection.set_trace_callback(None)
        return len(seen)

    few = statements(5)
    assert statements(30) == few
    assert few <= 20


# ---- sorting, filters, pages


def test_a_list_is_paged_without_gap_or_repetition(home: OpenHome) -> None:
    wanted = [add(home, Visit(at=at(1 + n % 3), kind="visit")) for n in range(25)]
    shown = lists.default_columns(VISIT)
    asked = lists.asked(VISIT)
    found: list[int] = []
    after: query.Position | None = None
    while True:
        page = lists.page(home.store, asked, shown, after, limit=7)
        found += [row.id for row in page.rows]
        if page.next is None:
            break
        after = page.next
    assert len(found) == len(set(found)) == len(wanted)
    moments = [got(home, Visit, rec).at for rec in found]
    assert moments == sorted(moments, reverse=True)  # type: ignore[type-var]  # all have one


def test_rows_of_ids_come_in_the_order_of_the_ids(home: OpenHome) -> None:
    ids = [add(home, Resident(name=name)) for name in ("Ann", "Bea", "Cy")]
    shown = lists.chosen_columns(RESIDENT, ["name"])
    rows = lists.rows_of(home.store, "resident", [ids[2], 99, ids[0]], shown)
    assert [(row.id, row.cells) for row in rows] == [(ids[2], ("Cy",)), (ids[0], ("Ann",))]


def test_choices_yes_or_no_and_references_can_be_filtered_by(home: OpenHome) -> None:
    found = {f.field.name: f for f in lists.filters(VISIT, home.store.vocabularies)}
    assert set(found) == {
        field.name
        for field in VISIT.fields
        if field.asked and field.kind in {Kind.CHOICE, Kind.BOOL, Kind.REF}
    }
    assert [option.label for option in found["urgency"].options] == [
        "Planned", "Ad hoc", "Urgent", "Nothing recorded",
    ]  # fmt: skip
    assert [option.value for option in found["id_checked"].options] == [True, False, None]
    assert [option.value for option in found["professional"].options] == [None]


def test_filters_narrow_a_list_down(home: OpenHome) -> None:
    doctor = add(home, Contact(name="Yusuf Anwar"))
    planned = add(home, Visit(at=at(1), kind="visit", professional=doctor, id_checked=True))
    ad_hoc = add(home, Visit(at=at(2), kind="round", urgency="ad hoc", id_checked=False))
    urgent = add(home, Visit(at=at(3), kind="visit", urgency="urgent", professional=doctor))

    def shown(**chosen: tuple[object, ...]) -> set[int]:
        asked = lists.asked(VISIT, chosen)
        return {row.id for row in lists.page(home.store, asked, ()).rows}

    assert shown() == {planned, ad_hoc, urgent}
    assert shown(urgency=()) == {planned, ad_hoc, urgent}
    assert shown(urgency=("ad hoc",)) == {ad_hoc}
    assert shown(urgency=("ad hoc", "urgent")) == {ad_hoc, urgent}
    assert shown(professional=(doctor,)) == {planned, urgent}
    assert shown(professional=(doctor,), urgency=("urgent",)) == {urgent}
    assert shown(professional=(None,)) == {ad_hoc}
    assert shown(id_checked=(True,)) == {planned}
    assert shown(id_checked=(False,)) == {ad_hoc}
    assert shown(id_checked=(None,)) == {urgent}


def test_all_that_is_chosen_of_a_set_must_be_in_it(home: OpenHome) -> None:
    catheter, wounds = (add(home, Service(name=name)) for name in ("Catheter", "Wounds"))
    add(home, Contact(name="Sam", ask_about=(wounds,)))
    grace = add(home, Contact(name="Grace", ask_about=(catheter, wounds)))
    asked = lists.asked(spec_of(Contact), {"ask_about": (catheter, wounds)})
    assert [row.id for row in lists.page(home.store, asked, ()).rows] == [grace]


@pytest.mark.parametrize(
    ("spec", "chosen"),
    [
        (VISIT, {"reason": ("x",)}),
        (VISIT, {"urgency": ("urgent", None)}),
        (spec_of(Staff), {"nmc_pin": ("x",)}),
    ],
)
def test_what_is_no_filter_is_refused(
    spec: RecordSpec, chosen: dict[str, tuple[object, ...]]
) -> None:
    with pytest.raises(ValueError, match=r"not filtered by|chosen alone"):
        lists.asked(spec, chosen)


@pytest.mark.parametrize("column", ["reason", "professional", "no_such"])
def test_what_would_read_the_whole_table_is_not_sorted_by(column: str) -> None:
    with pytest.raises(ValueError, match="not sorted by visit"):
        lists.asked(VISIT, sorting=Sorting(column))


def test_a_list_is_counted_no_further_than_asked(home: OpenHome) -> None:
    for number in range(5):
        add(home, Resident(name=f"Resident {number}"))
    asked = lists.asked(RESIDENT)
    assert lists.count(home.store, asked).words == "5"
    assert lists.count(home.store, asked, most=5).words == "5"
    assert lists.count(home.store, asked, most=4).words == "more than 4"
