"""Taking in lists: what comes in, what does not and why, and that it is all or nothing."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from liaison.errors import UserError
from liaison.exchange.csv_reading import read_csv
from liaison.exchange.sheets import Row, Sheet
from liaison.records import all_specs, ids
from liaison.records.casework import Visit
from liaison.records.directory import Contact, Organisation, Service
from liaison.records.home import Resident, Staff
from liaison.records.rules import times
from liaison.records.training import Course, TrainingRecord
from liaison.services import editing, importing
from liaison.services.editing import Unfit
from liaison.services.homes import OpenHome
from liaison.services.importing import Outdated, Wishes
from liaison.services.importing.columns import exchanged, match, taken_in
from liaison.settings import resource
from liaison.store import query
from liaison.store.history import batch_changes
from liaison.store.search import search
from liaison.store.unit import UnitOfWork
from liaison.store.verify import verify
from tests import homes as made
from tests.services.conftest import add, got, written
from tests.services.lists import all_of, counts, look, take

PRACTICES = """A81001,THE PRIORY SURGERY,x,TA1 1AA,1823259444
A81002,"MILL LANE, FROME",x,BA11 1AB,01373 301301
A81003,ABBEY HEALTH CENTRE,x,BA5 2AA,
"""
READ = (("1", "ods_code"), ("2", "name"), ("4", "postcode"), ("5", "phone"))
PRACTICE = {"columns": READ, "has_headings": False, "fixed": (("kind", "gp practice"),)}


def test_a_list_without_headings_comes_in_and_a_second_time_adds_nothing(
    home: OpenHome, tmp_path: Path
) -> None:
    done = take(home, tmp_path, "organisation", PRACTICES, **PRACTICE)
    assert counts(done.plan) == (3, 0, 0, 0)
    assert done.rejects is None
    priory, mill, _ = all_of(home, "organisation")
    assert (priory.name, priory.kind, priory.ods_code) == (
        "THE PRIORY SURGERY", "GP practice", "A81001",
    )  # fmt: skip
    assert priory.phone == "01823259444"
    assert mill.name == "MILL LANE, FROME"
    before = written(home)
    again = take(home, tmp_path, "organisation", PRACTICES, **PRACTICE)
    assert counts(again.plan) == (0, 0, 3, 0)
    assert again.batch is None
    assert written(home) == before
    assert search(home.store, "priory")
    assert verify(home.store, deep=True).damage == []


def test_a_phone_that_lost_its_zero_is_repaired_and_said(home: OpenHome) -> None:
    plan = look(home, "organisation", PRACTICES, **PRACTICE)
    (note,) = plan.notes
    assert note.row == 1
    assert "leading 0" in note.text
    assert "01823259444" in note.text


def test_one_undo_takes_a_whole_import_back_and_it_can_come_in_again(
    home: OpenHome, tmp_path: Path
) -> None:
    kept = add(home, Organisation(name="Old name", kind="GP practice", ods_code="A81002"))
    done = take(home, tmp_path, "organisation", PRACTICES, **PRACTICE)
    assert counts(done.plan) == (2, 1, 0, 0)
    assert got(home, Organisation, kept).name == "MILL LANE, FROME"
    assert done.batch is not None
    undone = editing.undo(home, batch_changes(home.store, done.batch))
    assert undone.skipped == []
    (left,) = all_of(home, "organisation")
    assert (left.id, left.name, left.phone) == (kept, "Old name", None)
    again = take(home, tmp_path, "organisation", PRACTICES, **PRACTICE)
    assert counts(again.plan) == (2, 1, 0, 0)
    assert [note.text for note in again.plan.notes].count(
        "One like this was archived before; it is added anew."
    ) == 2


def test_a_preview_writes_nothing(home: OpenHome, tmp_path: Path) -> None:
    before = written(home)
    plan = look(home, "organisation", PRACTICES + "bad\n", **PRACTICE)
    assert counts(plan) == (3, 0, 0, 1)
    assert written(home) == before
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


def test_headings_are_known_by_name_label_and_what_people_call_them(
    home: OpenHome, tmp_path: Path
) -> None:
    text = (
        "Surname,First name,Title,TEL,E-Mail Address,Fax,cover\n"
        "Patel,Sarah,Dr,01823 259444,s.patel@example.org,1,Both\n"
    )
    plan = take(home, tmp_path, "contact", text).plan
    (sarah,) = all_of(home, "contact")
    assert (sarah.name, sarah.phone, sarah.email, sarah.cover) == (
        "Dr Sarah Patel", "01823 259444", "s.patel@example.org", "both",
    )  # fmt: skip
    assert [column.name for column in plan.columns.unused] == ["Fax"]


def test_address_lines_become_one_address(home: OpenHome, tmp_path: Path) -> None:
    text = (
        "Practice,Type,County,Address 1,Address 2,Town,Post code\n"
        "Priory Surgery,GP practice,Somerset,1 High Street,,Taunton,ta11aa\n"
    )
    take(home, tmp_path, "organisation", text)
    (priory,) = all_of(home, "organisation")
    assert priory.address == "1 High Street\nTaunton\nSomerset"
    assert priory.postcode == "TA1 1AA"


def test_every_field_of_every_type_is_known_by_its_name_and_by_its_label() -> None:
    for spec in all_specs().values():
        if spec.cls is None:
            continue
        fields = exchanged(spec)
        for headings in ([f.label for f in fields], [f.name.upper() for f in fields]):
            used = match(spec, headings, has_headings=True).used
            assert {f.name: [c.place for c in columns] for f, columns in used.items()} == {
                f.name: [place] for place, f in enumerate(fields)
            }, spec.name


def test_every_spelling_leads_to_a_field_that_exists() -> None:
    groups = json.loads(resource("column_names.json").read_text("utf-8"))
    everything = {f.name for spec in all_specs().values() if spec.cls for f in exchanged(spec)}
    for group in groups:
        names = {*group["fields"], *group.get("joined", {})}
        assert names <= everything
        for type_name in group["types"]:
            assert names <= {f.name for f in taken_in(all_specs()[type_name])}


def test_columns_told_by_hand_win_and_can_be_left_out(home: OpenHome, tmp_path: Path) -> None:
    text = "Name,Phone,Other\nSarah Patel,01823 1,01823 259444\n"
    plan = take(
        home, tmp_path, "contact", text, columns=(("Other", "phone"), ("Phone", "mobile"))
    ).plan
    (sarah,) = all_of(home, "contact")
    assert (sarah.phone, sarah.mobile) == ("01823 259444", "01823 1")
    assert plan.columns.unused == ()
    left_out = look(home, "contact", text, columns=(("Phone", ""),))
    assert [column.name for column in left_out.columns.unused] == ["Phone", "Other"]


def test_two_columns_told_to_be_one_text_are_joined(home: OpenHome, tmp_path: Path) -> None:
    text = "Sarah,Patel,Bath,Wells\n"
    columns = (("1", "name"), ("2", "name"), ("3", "private_notes"), ("4", "private_notes"))
    take(home, tmp_path, "contact", text, has_headings=False, columns=columns)
    (sarah,) = all_of(home, "contact")
    assert (sarah.name, sarah.private_notes) == ("Sarah Patel", "Bath\nWells")


def test_two_columns_of_one_heading_and_columns_without_one(home: OpenHome, tmp_path: Path) -> None:
    text = "Name,Phone,,Phone\nSarah Patel,01823 259444,x,01823 259445\n"
    plan = look(home, "contact", text)
    assert [column.name for column in plan.columns.unused] == ["column 3", "Phone"]
    with pytest.raises(UserError, match=r"2 columns are headed 'Phone'.*2, 4"):
        look(home, "contact", text, columns=(("Phone", "mobile"),))
    take(home, tmp_path, "contact", text, columns=(("4", "mobile"), ("3", "best_time")))
    (sarah,) = all_of(home, "contact")
    assert (sarah.phone, sarah.mobile, sarah.best_time) == ("01823 259444", "01823 259445", "x")


@pytest.mark.parametrize(
    ("wishes", "said"),
    [
        ({"columns": (("Nme", "name"),)}, "Near ones: Name"),
        ({"columns": (("Name", "nam"),)}, "Near ones: name"),
        ({"columns": (("Name", "archived"),)}, "no field 'archived'"),
        ({"columns": (("9", "name"),)}, "no column 9"),
        ({"columns": (("Name", "phone"), ("Town", "phone"))}, "Name and Town"),
        ({"columns": (("Town", "name"),), "fixed": (("name", "x"),)}, "given twice"),
        ({"fixed": (("nam", "x"),)}, "Near ones: name"),
        ({"fixed": (("cover", "sometimes"),)}, "not one of the choices"),
        ({"fixed": (("cover", "both"), ("cover", "both"))}, "given twice"),
        ({"has_headings": False}, "Without headings"),
        ({"has_headings": False, "columns": (("Name", "name"),)}, "by its number"),
    ],
)
def test_a_mapping_that_cannot_be_is_told_with_what_comes_near(
    home: OpenHome, wishes: dict[str, object], said: str
) -> None:
    with pytest.raises(UserError) as caught:
        look(home, "contact", "Name,Town\nSarah Patel,Bath\n", **wishes)
    assert said in str(caught.value)
    assert caught.value.kept == "Nothing was changed."


def test_a_first_row_that_is_data_is_noticed(home: OpenHome) -> None:
    with pytest.raises(UserError, match="None of the headings") as caught:
        look(home, "contact", "Sarah Patel,01823 259444\nTom Hill,01823 259445\n")
    assert "no" in caught.value.do
    with pytest.raises(UserError, match="one of an organisation") as caught:
        look(home, "organisation", "Riverside,TA1\n")
    assert "an organisation has Name" in caught.value.do


def test_headings_without_a_row_add_nothing(home: OpenHome) -> None:
    assert counts(look(home, "contact", "Name,Phone\n")) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    "typed",
    [
        "23/11/1931", "1931-11-23", "23.11.1931", "23 Nov 1931", "23-Nov-31", "23-11-1931",
        "Mon 23 November 1931", "1931-11-23 00:00:00", "23/11/31", "11650",
    ],
)  # fmt: skip
def test_a_date_is_read_in_every_spelling_that_spreadsheets_use(
    home: OpenHome, tmp_path: Path, typed: str
) -> None:
    take(home, tmp_path, "resident", f"Name,DOB\nMary Jones,{typed}\n")
    (mary,) = all_of(home, "resident")
    assert mary.date_of_birth == dt.date(1931, 11, 23)


@pytest.mark.parametrize("typed", ["11/23/1931", "mon", "-30d", "31/02/1931", "1931", "23 Nov"])
def test_what_is_no_whole_date_is_told(home: OpenHome, typed: str) -> None:
    (rejected,) = look(home, "resident", f"Name,DOB\nMary Jones,{typed}\n").rejected
    assert rejected.row == 2
    assert rejected.problems[0].startswith("Date of birth: ")


def test_a_day_kept_as_a_number_is_said(home: OpenHome) -> None:
    (note,) = look(home, "resident", "Name,DOB\nMary Jones,11650\n").notes
    assert "Mon 23 Nov 1931" in note.text


def test_all_problems_of_a_row_are_told_with_its_number(home: OpenHome, tmp_path: Path) -> None:
    text = (
        "Name,Date of birth,NHS number,Stay\n"
        "\n"
        "Mary Jones,03/02/1931,9990000019,permanent\n"
        ",31/02/1931,1234567890,for ever\n"
    )
    done = take(home, tmp_path, "resident", text)
    assert counts(done.plan) == (0, 0, 0, 2)
    assert [rejected.row for rejected in done.plan.rejected] == [3, 4]
    (_, last) = done.plan.rejected
    assert len(last.problems) == 2
    assert "31" in last.problems[0]
    assert "for ever" in last.problems[1]


def test_good_rows_come_in_beside_bad_ones(home: OpenHome, tmp_path: Path) -> None:
    text = 'Name,Phone\nA,01823 1\n"B,2\nC\0,3\nD,4,5\n,6\nE,7\n'
    done = take(home, tmp_path, "contact", text)
    assert counts(done.plan) == (2, 0, 0, 4)
    assert [contact.name for contact in all_of(home, "contact")] == ["A", "E"]
    assert [rejected.row for rejected in done.plan.rejected] == [3, 4, 5, 6]
    for rejected, said in zip(
        done.plan.rejected, ("quotation mark", "damaged", "cells", "Name is missing."), strict=True
    ):
        assert said in " ".join(rejected.problems)


def test_a_cell_of_ten_megabytes_costs_its_own_row(home: OpenHome, tmp_path: Path) -> None:
    long = "x" * 10_000_000
    done = take(home, tmp_path, "contact", f"Name,Phone,Notes\nA,1,{long}\nB,{long},\nC,3,\n")
    assert counts(done.plan) == (1, 0, 0, 2)
    for rejected in done.plan.rejected:
        assert "is longer than" in rejected.problems[0]
        assert len(rejected.problems[0]) < 500
    assert done.rejects is not None
    assert done.rejects.stat().st_size > 20_000_000


def test_damaged_letters_cost_their_own_row(home: OpenHome, tmp_path: Path) -> None:
    text = "Name,Phone\nZoë Hughes,1\nSiân Rees,2\n".encode().replace("â".encode(), b"\xc3")
    done = take(home, tmp_path, "contact", text)
    assert [contact.name for contact in all_of(home, "contact")] == ["Zoë Hughes"]
    assert "half of a character" in done.plan.rejected[0].problems[0]
    assert done.rejects is not None
    assert b"Si\xc3n Rees" in done.rejects.read_bytes()


@pytest.mark.parametrize("type_name", ["home", "person", "pc", "access_event", "attachment"])
def test_what_the_program_keeps_itself_does_not_come_in_lists(
    home: OpenHome, type_name: str
) -> None:
    with pytest.raises(UserError) as caught:
        look(home, type_name, "Name\nx\n")
    assert caught.value.code == "kept-by-program"


# ---- references


def test_references_are_found_by_name_id_or_both(home: OpenHome, tmp_path: Path) -> None:
    priory = add(home, Organisation(name="Priory Surgery", kind="GP practice"))
    add(home, Contact(name="Sarah Patel"))
    twin = add(home, Contact(name="Tom Hill", phone="01823 1"))
    add(home, Contact(name="Tom Hill", phone="01823 2"))
    twin_id = ids.to_text(twin)
    text = (
        "Name,GP,Practice\n"
        "A,sarah  patel,PRIORY SURGERY\n"
        f"B,{twin_id},\n"
        f"C,Tom Hill [{twin_id}],Priory Surgery [0000000000000]\n"
        "D,Tom Hill,\n"
        "E,Nobody,\n"
    )
    done = take(home, tmp_path, "resident", text)
    first, second, third = all_of(home, "resident")
    assert first.practice == third.practice == priory
    assert second.gp == third.gp == twin
    (two, none) = done.plan.rejected
    assert "2 contacts are called 'Tom Hill'" in two.problems[0]
    assert twin_id in two.problems[0]
    assert "no contact 'Nobody'" in none.problems[0]


def test_rows_of_one_file_may_refer_to_each_other(home: OpenHome, tmp_path: Path) -> None:
    text = "Name,Deputy\nSarah Patel,Tom Hill\nTom Hill,Sarah Patel\nAnn Lee,ann lee\n"
    done = take(home, tmp_path, "contact", text)
    assert counts(done.plan) == (3, 0, 0, 0)
    sarah, tom, ann = all_of(home, "contact")
    assert (sarah.deputy, tom.deputy, ann.deputy) == (tom.id, sarah.id, ann.id)
    assert counts(look(home, "contact", text)) == (0, 0, 3, 0)
    assert verify(home.store, deep=True).damage == []
    assert done.batch is not None
    assert editing.undo(home, batch_changes(home.store, done.batch)).skipped == []
    assert all_of(home, "contact") == []


def test_a_row_that_is_there_may_refer_to_one_that_is_new(home: OpenHome, tmp_path: Path) -> None:
    boss = add(home, Staff(name="Kate Morgan", job_role="manager"))
    text = (
        "Name,Job role,Manager\nKate Morgan,manager,Jo Bell\nJo Bell,deputy manager,Kate Morgan\n"
    )
    assert counts(take(home, tmp_path, "staff", text).plan) == (1, 1, 0, 0)
    kate, jo = all_of(home, "staff")
    assert (kate.id, kate.manager, jo.manager) == (boss, jo.id, boss)


def test_a_set_may_refer_to_rows_of_the_file(home: OpenHome, tmp_path: Path) -> None:
    text = "Name,Also counts as\nFire marshal,Fire safety; Fire drill\nFire safety,\nFire drill,\n"
    take(home, tmp_path, "course", text)
    marshal, safety, drill = all_of(home, "course")
    assert set(marshal.satisfies) == {safety.id, drill.id}
    assert counts(look(home, "course", text)) == (0, 0, 3, 0)


def test_a_reference_to_a_row_that_cannot_come_in_is_told(home: OpenHome, tmp_path: Path) -> None:
    text = (
        "Name,Kind,Part of\n"
        "Ward 3,hospital,Musgrove\n"
        "Bay 1,hospital,Ward 3\n"
        "Musgrove,castle,\n"
        "Priory,GP practice,\n"
    )
    done = take(home, tmp_path, "organisation", text)
    assert [rejected.row for rejected in done.plan.rejected] == [2, 3, 4]
    assert "Part of" in done.plan.rejected[0].problems[0]
    assert [organisation.name for organisation in all_of(home, "organisation")] == ["Priory"]


def test_a_name_that_two_rows_or_a_row_and_a_record_have_says_nothing(home: OpenHome) -> None:
    add(home, Organisation(name="Boots", kind="pharmacy", postcode="TA1 1AA"))
    text = (
        "Name,Kind,Post code,Part of\n"
        "Boots,pharmacy,BA1 1AA,\n"
        "Lloyds,pharmacy,TA2 1AA,\nLloyds,pharmacy,TA3 1AA,\n"
        "A,pharmacy,,Boots\nB,pharmacy,,Lloyds\n"
    )
    plan = look(home, "organisation", text)
    assert [rejected.row for rejected in plan.rejected] == [5, 6]
    assert "a row of this file and one in the home" in plan.rejected[0].problems[0]
    assert "several rows" in plan.rejected[1].problems[0]


def test_sets_are_taken_apart_sensibly(home: OpenHome, tmp_path: Path) -> None:
    adults, wounds = (
        add(home, Service(name=name)) for name in ("Catheter care, adults", "Wound care")
    )
    text = (
        "Name,Kind,Offers,Former names\n"
        'A,other,"Catheter care, adults","Old Surgery, Mill Lane"\n'
        'B,other,"Wound care; Catheter care, adults",First; Second\n'
        'C,other,"wound care\nCatheter care, adults",\n'
    )
    take(home, tmp_path, "organisation", text)
    first, second, third = all_of(home, "organisation")
    assert first.offers == (adults,)
    assert first.former_names == ("Old Surgery, Mill Lane",)
    assert set(second.offers) == set(third.offers) == {adults, wounds}
    assert set(second.former_names) == {"First", "Second"}
    take(home, tmp_path, "staff", 'Name,Job role,Leads on\nJo,nurse,"falls, dementia"\n')
    (jo,) = all_of(home, "staff")
    assert set(jo.lead_roles) == {"falls", "dementia"}


def test_times_are_read_in_the_homes_time(home: OpenHome, tmp_path: Path) -> None:
    text = "When,Kind\n25/10/2026 01:30 BST,visit\n2026-10-25 01:30 GMT,visit\n25/10/2026 01:30,x\n"
    done = take(home, tmp_path, "visit", text)
    first, second = all_of(home, "visit")
    assert second.at - first.at == dt.timedelta(hours=1)
    assert "happens twice" in done.plan.rejected[0].problems[0]
    assert counts(look(home, "visit", text)) == (0, 0, 2, 1)


# ---- all or nothing


def test_a_home_that_changed_since_the_preview_is_looked_at_again(
    home: OpenHome, tmp_path: Path
) -> None:
    plan = look(home, "contact", "Name,Cover\nSarah Patel,\nTom Hill,never\n")
    add(home, Contact(name="Sarah Patel"))
    before = written(home)
    with pytest.raises(Outdated):
        importing.carry_out(home, plan, beside=tmp_path / "list.csv")
    assert written(home) == before
    assert not (tmp_path / "list.rejected.csv").exists()
    assert counts(look(home, "contact", "Name\nSarah Patel\n")) == (0, 0, 1, 0)


def test_an_import_at_once_looks_again_by_itself(
    home: OpenHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns: list[int] = []

    def read() -> Sheet:
        turns.append(1)
        sheet = read_csv(io.BytesIO(b"Name\nSarah Patel\n"))

        def rows() -> Iterator[Row]:
            yield from sheet.rows
            if len(turns) == 1:
                # somebody else is quicker
                add(home, Contact(name="Sarah Patel"))

        return Sheet(rows())

    done = importing.take_in(home, "contact", read, Wishes(), beside=tmp_path / "x.csv")
    assert counts(done.plan) == (0, 0, 1, 0)
    assert len(all_of(home, "contact")) == 1


def test_without_a_place_for_the_rejected_rows_nothing_comes_in(
    home: OpenHome, tmp_path: Path
) -> None:
    before = written(home)
    plan = look(home, "contact", "Name,Cover\nSarah Patel,\nTom Hill,never\n")
    with pytest.raises(UserError) as caught:
        importing.carry_out(home, plan, beside=tmp_path / "gone" / "list.csv")
    assert caught.value.kept == "Nothing was changed."
    assert written(home) == before
    assert all_of(home, "contact") == []


def test_rejected_rows_are_not_left_when_the_writing_fails(
    home: OpenHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = look(home, "contact", "Name,Cover\nSarah Patel,\nTom Hill,never\n")

    def fail(_: UnitOfWork) -> None:
        assert (tmp_path / "list.rejected.csv").exists()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(UnitOfWork, "finish", fail)
    with pytest.raises(OSError, match="space"):
        importing.carry_out(home, plan, beside=tmp_path / "list.csv")
    assert not (tmp_path / "list.rejected.csv").exists()
    assert all_of(home, "contact") == []


def test_a_second_program_that_is_quicker_does_not_double_anything(
    folder: Path, home: OpenHome, tmp_path: Path
) -> None:
    text = "Name\nSarah Patel\nTom Hill\n"
    plan = look(home, "contact", text)
    with made.unlock(folder) as other:
        take(other, tmp_path, "contact", text)
    with pytest.raises(Outdated):
        importing.carry_out(home, plan, beside=tmp_path / "list.csv")
    assert len(all_of(home, "contact")) == 2


def test_more_than_one_unit_of_changes_is_one_batch(home: OpenHome, tmp_path: Path) -> None:
    text = "Name\n" + "".join(f"Contact {number}\n" for number in range(5_200))
    done = take(home, tmp_path, "contact", text)
    assert counts(done.plan) == (5_200, 0, 0, 0)
    assert done.batch is not None
    assert len(batch_changes(home.store, done.batch)) == 5_200
    editing.undo(home, batch_changes(home.store, done.batch))
    assert query.page(home.store, query.Query("contact"), limit=1).records == []


def test_the_checks_are_those_of_a_save_by_hand(home: OpenHome) -> None:
    add(home, Service(name="Falls"))
    with pytest.raises(Unfit):
        editing.add(
            home, Resident(name="A", moved_in=dt.date(2026, 2, 1), left_on=dt.date(2026, 1, 1))
        )
    text = "Name,Moved in,Left on\nA,01/02/2026,01/01/2026\n"
    (rejected,) = look(home, "resident", text).rejected
    assert "lies before" in rejected.problems[0]


def test_what_is_unusual_comes_in_with_a_note(home: OpenHome) -> None:
    plan = look(home, "contact", "Name,Phone,E-mail\nA,01632 960123,a.example\n")
    assert counts(plan) == (1, 0, 0, 0)
    assert len(plan.notes) == 2


def test_events_come_in_once(home: OpenHome, tmp_path: Path) -> None:
    add(home, Contact(name="Sarah Patel"))
    text = (
        "When,Contact,Got through,Waited\n"
        "23/11/2026 14:20,Sarah Patel,no,20\n23/11/2026 14:50,Sarah Patel,yes,5\n"
    )
    assert counts(take(home, tmp_path, "contact_attempt", text).plan) == (2, 0, 0, 0)
    assert counts(take(home, tmp_path, "contact_attempt", text).plan) == (0, 0, 2, 0)


def test_a_visit_with_something_else_is_another_visit(home: OpenHome, tmp_path: Path) -> None:
    at = times.parse_time("21/10/2026 14:20", now=home.store.clock())
    add(home, Visit(at=at, kind="visit", reason="Catheter"))
    text = "When,Kind,Reason\n21/10/2026 14:20,visit,Wound\n21/10/2026 14:20,visit,Catheter\n"
    assert counts(take(home, tmp_path, "visit", text).plan) == (1, 0, 1, 0)
    assert counts(take(home, tmp_path, "visit", text).plan) == (0, 0, 2, 0)


def test_an_enormous_name_is_refused_before_it_is_looked_at_closely(
    home: OpenHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[str] = []

    def key(name: str) -> str:
        compared.append(name)
        return name

    monkeypatch.setattr("liaison.services.importing.likeness._words", key)
    plan = look(home, "contact", f"Name,Phone\n{'ab ' * 100_000},1\nAnn,2\n")
    assert plan.rejected[0].problems == ("Name is longer than 2,000 characters.",)
    assert max(map(len, compared)) < 2_000


def test_only_records_a_row_may_be_about_are_read(
    home: OpenHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, bob = (add(home, Staff(name=name, job_role="nurse")) for name in ("Ann", "Bob"))
    double = add(home, Staff(name="Anne", job_role="nurse"))
    course = add(home, Course(name="Fire safety"))
    for person, day in ((ann, 1), (bob, 1), (double, 2)):
        completed = dt.date(2026, 5, day)
        add(home, TrainingRecord(staff=person, course=course, completed=completed))
    editing.merge(home, got(home, Staff, double), got(home, Staff, ann))
    read: list[int | None] = []
    every = query.every

    def counting(*asked: Any, **more: Any) -> Iterator[Any]:
        for record in every(*asked, **more):
            if isinstance(record, TrainingRecord):
                read.append(record.staff)
            yield record

    monkeypatch.setattr("liaison.services.importing.matching.query.every", counting)
    text = "Staff,Course,Completed\nAnn,Fire safety,1/5/2026\nAnn,Fire safety,2/5/2026\n"
    assert counts(look(home, "training_record", text)) == (0, 0, 2, 0)
    assert len(read) == 2
    assert set(read) == {ann, double}
