"""Lists written out, and read again without loss."""

from __future__ import annotations

import csv
import datetime as dt
import shutil
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liaison.errors import UserError
from liaison.exchange.csv_writing import csv_bytes
from liaison.exchange.reading import read_list
from liaison.files import CannotWrite
from liaison.records import FieldSpec, Kind, all_specs, ids
from liaison.records.casework import Visit
from liaison.records.check import tidy
from liaison.records.directory import Contact, Organisation, Post, Service
from liaison.records.home import Resident, Staff
from liaison.records.rules import times
from liaison.records.training import Course
from liaison.security.roles import MANAGER
from liaison.services import editing
from liaison.services.exporting import export
from liaison.services.homes import OpenHome
from liaison.services.importing import planning
from liaison.services.importing.columns import exchanged
from liaison.services.permissions import hidden_from
from tests import homes as made
from tests.services.conftest import add, got
from tests.services.lists import all_of, counts, look, take


def table(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def column(path: Path, heading: str) -> list[str]:
    first, *rows = table(path)
    return [row[first.index(heading)] for row in rows]


def test_a_list_reads_as_excel_in_britain_does(home: OpenHome, tmp_path: Path) -> None:
    priory = add(home, Organisation(name="Priory", kind="GP practice"))
    add(
        home,
        Resident(
            name="=cmd|' /C calc'!A0",
            nhs_number="9990000018",
            date_of_birth=dt.date(1931, 2, 3),
            practice=priory,
            next_of_kin_phone="+44 1823 259444",
        ),
    )
    done = export(home, "resident", tmp_path / "out.csv")
    assert (done.rows, done.file) == (1, tmp_path / "out.csv")
    data = done.file.read_bytes()
    assert data.startswith(b"\xef\xbb\xbfName,")
    assert data.count(b"\r\n") == 2
    assert column(done.file, "Name") == ["'=cmd|' /C calc'!A0"]
    assert column(done.file, "NHS number") == ["999 000 0018"]
    assert column(done.file, "Date of birth") == ["03/02/1931"]
    assert column(done.file, "GP practice") == ["Priory"]
    assert column(done.file, "Next of kin's phone") == ["'+44 1823 259444"]
    assert table(done.file)[0] == [field.label for field in exchanged(all_specs()["resident"])]


def test_what_is_sensitive_stays_at_home(home: OpenHome, tmp_path: Path) -> None:
    add(home, Resident(name="Mary Jones", next_of_kin="Zq Jones", next_of_kin_phone="zq"))
    add(home, Organisation(name="Priory", kind="other", private_notes="zq slow"))
    add(home, Staff(name="Jo", job_role="nurse", phone="zq", nmc_pin="zq"))
    for type_name in ("resident", "organisation", "staff"):
        done = export(home, type_name, tmp_path / f"{type_name}.csv", for_sharing=True)
        assert done.rows == 1
        assert b"zq" not in done.file.read_bytes().lower()
        sensitive = {f.label for f in all_specs()[type_name].fields if f.sensitive}
        assert sensitive
        assert not sensitive & set(table(done.file)[0])
        whole = export(home, type_name, tmp_path / f"{type_name} whole.csv")
        assert b"zq" in whole.file.read_bytes().lower()


def test_only_what_stands_is_written(home: OpenHome, tmp_path: Path) -> None:
    names = ["kept", "archived", "struck", "merged"]
    kept, archived, struck, merged = (add(home, Contact(name=name)) for name in names)
    editing.archive(home, got(home, Contact, archived), "left")
    editing.strike(home, got(home, Contact, struck), "mistake")
    editing.merge(home, got(home, Contact, merged), got(home, Contact, kept))
    done = export(home, "contact", tmp_path / "out.csv")
    assert (done.rows, done.struck) == (1, 1)
    assert column(done.file, "Name") == ["kept"]


def test_a_reference_that_a_name_does_not_settle_has_its_id(home: OpenHome, tmp_path: Path) -> None:
    twins = [add(home, Contact(name=name)) for name in ("Tom Hill", "tom  hill")]
    gone = add(home, Contact(name="Ann Lee"))
    editing.archive(home, got(home, Contact, gone), "retired")
    for contact in (*twins, gone):
        add(home, Resident(name="Mary", gp=contact))
    done = export(home, "resident", tmp_path / "out.csv")
    written = column(done.file, "GP")
    assert written == [
        f"Tom Hill [{ids.to_text(twins[0])}]",
        f"tom  hill [{ids.to_text(twins[1])}]",
        f"Ann Lee [{ids.to_text(gone)}]",
    ]
    # three called Mary with nothing else to tell them apart are known by nothing
    rejected = look(home, "resident", done.file.read_bytes()).rejected
    assert len(rejected) == 3


def test_both_hours_of_the_night_the_clocks_go_back_are_told_apart(
    home: OpenHome, tmp_path: Path
) -> None:
    now = home.store.clock()
    for typed in ("25/10/2026 01:30 BST", "25/10/2026 01:30 GMT", "2026-10-26 14:20:31"):
        add(home, Visit(at=times.parse_time(typed, now=now), kind="visit"))
    done = export(home, "visit", tmp_path / "out.csv")
    assert column(done.file, "When") == [
        "25/10/2026 01:30 BST", "25/10/2026 01:30 GMT", "26/10/2026 14:20:31",
    ]  # fmt: skip
    assert counts(look(home, "visit", done.file.read_bytes())) == (0, 0, 3, 0)


ODD = "=1+1, \"x\"; 'y'\n+z"
LINE = '@a, "b"; \'c'
AT = dt.datetime(2026, 11, 23, 14, 20, tzinfo=dt.UTC)


def value_of(home: OpenHome, field: FieldSpec, mark: str) -> Any:
    """Return something for a field that is hard to write and read; None for a reference."""
    items = home.store.vocabularies.items(field)
    return {
        Kind.DATE: dt.date(2026, 2, 3),
        Kind.TIME: AT,
        Kind.INT: 3,
        Kind.MINUTES: 3,
        Kind.MONEY: Decimal("1234.50"),
        Kind.BOOL: False,
        Kind.CHOICE: items[-1].value if items else None,
        Kind.REF: None,
        Kind.NOTE: ODD,
        Kind.PHONE: "+44 1823 259444",
        Kind.POSTCODE: "TA1 1AA",
        Kind.NHS_NUMBER: "9990000018",
    }.get(field.kind, f"{LINE} {mark}".strip())


def sample(home: OpenHome, type_name: str, mark: str = "") -> Any:
    """Return a record of a type with something in every field.

    What it refers to has what it must have, and is added to the home.
    """
    spec = all_specs()[type_name]
    assert spec.cls is not None
    values: dict[str, Any] = {}
    for field in exchanged(spec):
        value = value_of(home, field, mark)
        if field.kind is Kind.REF and (field.required or not mark):
            other = sample(home, field.target, f"{mark} {field.name}")
            with home.unit() as unit:
                value = unit.add(other)
        if field.many and value is not None:
            value = (value, f"{value} too") if field.kind is Kind.TEXT else (value,)
        values[field.name] = () if field.many and value is None else value
    return spec.cls(**values)


#: What even a manager is not shown: it goes into no list, and so cannot be read again.
UNSEEN = {name: field for name, field in hidden_from(MANAGER) if field in all_specs()[name].by_name}


def test_what_nobody_is_shown_goes_into_no_list(home: OpenHome, tmp_path: Path) -> None:
    assert UNSEEN == {"membership": "entry"}
    record = sample(home, "membership")
    with home.unit() as unit:
        unit.add(record)
    done = export(home, "membership", tmp_path / "out.csv")
    assert "Signed entry" in table(done.file)[0]
    for row in table(done.file)[1:]:
        assert row[:2] != ["", ""]
        assert row[2] == ""


@pytest.mark.parametrize(
    "type_name",
    [
        name
        for name, spec in all_specs().items()
        if spec.cls and not spec.single and name not in UNSEEN
    ],
)
def test_every_field_of_every_type_is_read_again_as_it_was(
    home: OpenHome, tmp_path: Path, type_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # also the types that do not come in lists are written so that they could
    monkeypatch.setattr(planning, "refuse_type", lambda _: None)
    record = sample(home, type_name)
    with home.unit() as unit:
        added = unit.add(record)
    done = export(home, type_name, tmp_path / "out.csv")
    (place,) = [n for n, one in enumerate(all_of(home, type_name), 1) if one.id == added]
    own = len(exchanged(all_specs()[type_name]))
    assert "" not in table(done.file)[place][:own]
    plan = look(home, type_name, done.file.read_bytes())
    assert plan.rejected == ()
    assert (plan.added, plan.updated, plan.unchanged) == (0, 0, done.rows)
    # and not because nothing was compared
    again = look(home, type_name, done.file.read_bytes().replace(b"14:20", b"14:21"))
    other = look(home, type_name, done.file.read_bytes().replace(b"/2026", b"/2025"))
    if any(field.kind is Kind.DATE for field in exchanged(all_specs()[type_name])):
        assert other.unchanged < done.rows
    if any(field.kind is Kind.TIME for field in exchanged(all_specs()[type_name])):
        assert again.unchanged < done.rows


NASTY = st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("=+-@'\";,[]")
TEXTS = st.text(NASTY, max_size=15).map(lambda text: tidy(text, long=False))
NOTES = st.text(NASTY | st.just("\n"), max_size=25).map(lambda text: tidy(text, long=True))
PHONES = st.text(st.sampled_from("0123456789+ ()-"), max_size=14).map(str.strip)


@pytest.fixture(scope="module")
def empty(pattern: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made.copy(pattern, tmp_path_factory.mktemp("round trip") / "home")


@settings(max_examples=40)
@given(
    st.lists(
        st.builds(
            Organisation,
            name=TEXTS,
            kind=st.just("other"),
            address=NOTES,
            phone=PHONES,
            website=TEXTS,
            former_names=st.lists(TEXTS.filter(bool), max_size=3, unique=True).map(tuple),
            private_notes=NOTES,
        ),
        min_size=1,
        max_size=5,
    )
)
def test_whatever_was_typed_goes_from_one_home_into_another(
    empty: Path, tmp_path_factory: pytest.TempPathFactory, records: list[Organisation]
) -> None:
    folder = tmp_path_factory.mktemp("example")
    # a code tells them apart, whatever they are called
    wanted = [
        Organisation(
            name=record.name or "x", kind="other", ods_code=f"A{number}", address=record.address or None,
            phone=record.phone if any(map(str.isdigit, record.phone or "")) else None,
            website=record.website or None, former_names=record.former_names,
            private_notes=record.private_notes or None,
        )
        for number, record in enumerate(records)
    ]  # fmt: skip
    try:
        with made.unlock(made.copy(empty, folder / "one")) as one:
            with one.unit() as unit:
                for record in wanted:
                    unit.add(record)
            done = export(one, "organisation", folder / "out.csv")
            assert counts(look(one, "organisation", done.file.read_bytes())) == (
                0, 0, len(wanted), 0,
            )  # fmt: skip
        with made.unlock(made.copy(empty, folder / "two")) as two:
            take(two, folder, "organisation", done.file.read_bytes())
            found = {record.ods_code: record for record in all_of(two, "organisation")}
        for record in wanted:
            other = found[record.ods_code]
            assert set(other.former_names) == set(record.former_names)
            for name in ("name", "address", "website", "private_notes"):
                assert getattr(other, name) == getattr(record, name)
    finally:
        shutil.rmtree(folder)


# ---- where it is written


def test_an_older_export_is_replaced_and_nothing_else(home: OpenHome, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    add(home, Contact(name="A"))
    export(home, "contact", path)
    add(home, Contact(name="B"))
    assert export(home, "contact", path, for_sharing=True).rows == 2
    assert export(home, "contact", path).rows == 2
    before = path.read_bytes()
    with pytest.raises(UserError) as caught:
        export(home, "service", path)
    assert caught.value.code == "already-exists"
    assert path.read_bytes() == before
    other = tmp_path / "mine.csv"
    other.write_text("Name,Shopping\r\nx,y\r\n", encoding="utf-8-sig")
    with pytest.raises(UserError):
        export(home, "contact", other)
    assert "Shopping" in other.read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    ("place", "code"),
    [("home/out.csv", "bad-place"), ("nowhere/out.csv", "no-folder"), ("", "already-exists")],
)
def test_a_place_that_will_not_do_is_told(
    home: OpenHome, tmp_path: Path, place: str, code: str
) -> None:
    with pytest.raises(UserError) as caught:
        export(home, "contact", tmp_path / place)
    assert caught.value.code == code
    assert caught.value.kept == "Nothing was written."


def test_a_full_disk_leaves_the_older_export(
    home: OpenHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out.csv"
    add(home, Contact(name="A"))
    export(home, "contact", path)
    before = path.read_bytes()

    def fail(rows: Any) -> Any:
        yield next(iter(csv_bytes(rows)))
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("liaison.services.exporting.csv_bytes", fail)
    with pytest.raises(CannotWrite) as caught:
        export(home, "contact", path)
    assert caught.value.code == "disk-full"
    assert path.read_bytes() == before
    assert sorted(made.names(tmp_path)) == ["home", "out.csv"]


def test_somebodys_own_list_with_headings_of_ours_is_not_replaced(
    home: OpenHome, tmp_path: Path
) -> None:
    own = tmp_path / "contacts.csv"
    own.write_text("Name,Phone,E-mail\r\nAunt Mary,1,\r\n", encoding="utf-8-sig")
    with pytest.raises(UserError) as caught:
        export(home, "contact", own)
    assert caught.value.code == "already-exists"
    assert "Aunt Mary" in own.read_text(encoding="utf-8-sig")


def test_a_name_no_disk_takes_is_a_plain_error(home: OpenHome, tmp_path: Path) -> None:
    with pytest.raises(CannotWrite):
        export(home, "contact", tmp_path / f"{'x' * 250}.csv")


# ---- workbooks, cards, and what another home may have


def test_a_workbook_says_what_the_csv_says(home: OpenHome, tmp_path: Path) -> None:
    add(home, Course(name="=Fire", refresh_months=12))
    add(home, Resident(name="Mary Jones", date_of_birth=dt.date(1931, 2, 3), alerts="a\nb"))
    add(home, Visit(at=times.parse_time("25/10/2026 01:30 BST", now=home.store.clock()),
                    kind="visit"))  # fmt: skip
    for type_name in ("course", "resident", "visit"):
        text = export(home, type_name, tmp_path / f"{type_name}.csv").file
        book = export(home, type_name, tmp_path / f"{type_name}.xlsx").file
        with text.open("rb") as one, book.open("rb") as other:
            rows = [tuple(row.cells for row in read_list(file).rows) for file in (one, other)]
        assert [[*map(len, rows[0])]] == [[*map(len, rows[1])]]
        assert rows[0] == rows[1]
    sheet = openpyxl.load_workbook(tmp_path / "course.xlsx").worksheets[0]
    assert sheet.title == "Courses"
    assert 12 in [cell.value for cell in sheet[2]]


CANARY = "zqcanary"


def test_nothing_private_is_in_what_another_home_gets(home: OpenHome, tmp_path: Path) -> None:
    resident = add(home, Resident(name=f"{CANARY} Mary", next_of_kin=CANARY))
    staff = add(home, Staff(name=f"{CANARY} Jo", job_role="nurse", phone=CANARY))
    wound = add(home, Service(name="Wound care"))
    place = add(
        home, Organisation(name="Priory", kind="other", offers=(wound,), private_notes=CANARY)
    )
    ann = add(home, Contact(name="Ann Lee", ask_about=(wound,), private_notes=f"{CANARY} slow"))
    add(home, Post(contact=ann, role="GP", organisation=place))
    gone = add(home, Contact(name=f"{CANARY} gone"))
    editing.archive(home, got(home, Contact, gone), CANARY)
    struck = add(home, Contact(name=f"{CANARY} wrong"))
    editing.strike(home, got(home, Contact, struck), CANARY)
    double = add(home, Contact(name=f"{CANARY} twice"))
    editing.merge(home, got(home, Contact, double), got(home, Contact, ann))
    add(home, Visit(at=home.store.clock(), kind="visit", professional=ann, reason=CANARY))
    assert resident
    assert staff
    for ending in ("xlsx", "vcf"):
        done = export(home, "directory", tmp_path / f"ours.{ending}", for_sharing=True)
        data = done.file.read_bytes()
        if ending == "xlsx":
            with zipfile.ZipFile(done.file) as book:
                data = b"".join(book.read(name) for name in book.namelist())
        assert CANARY.encode() not in data.lower()
        for word in (b"Priory", b"Ann Lee", b"GP", b"Wound care"):
            assert word in data
        own = export(home, "directory", tmp_path / f"own.{ending}")
        if ending == "vcf":
            assert CANARY.encode() in own.file.read_bytes()
    fields = {
        field.name: field.target
        for name in ("organisation", "contact", "service", "post")
        for field in all_specs()[name].fields
        if field.target
    }
    # what is shared points to nobody who lives or works here
    assert not {"resident", "staff", "person"} & set(fields.values())


def test_some_are_written_where_some_are_asked_for(home: OpenHome, tmp_path: Path) -> None:
    identities = [add(home, Contact(name=name)) for name in ("A", "B", "C")]
    for ending, count in (("csv", 2), ("xlsx", 2), ("vcf", 2)):
        path = tmp_path / f"some.{ending}"
        assert export(home, "contact", path, only=identities[:2]).rows == count
    assert column(tmp_path / "some.csv", "Name") == ["A", "B"]
    assert export(home, "contact", tmp_path / "none.csv", only=[]).rows == 0


def test_an_older_export_of_any_kind_is_replaced_and_nothing_else(
    home: OpenHome, tmp_path: Path
) -> None:
    add(home, Contact(name="A"))
    add(home, Organisation(name="P", kind="other"))
    for name, type_name in (("a.xlsx", "contact"), ("a.vcf", "contact"), ("d.xlsx", "directory")):
        export(home, type_name, tmp_path / name)
        assert export(home, type_name, tmp_path / name).rows
    before = (tmp_path / "a.xlsx").read_bytes()
    other = tmp_path / "other.vcf"
    other.write_bytes(b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Mum\r\nEND:VCARD\r\n")
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(before[:200])
    for path, type_name in (
        (tmp_path / "a.xlsx", "organisation"), (other, "contact"), (broken, "contact"),
        (tmp_path / "d.xlsx", "organisation"),
    ):  # fmt: skip
        with pytest.raises(UserError) as caught:
            export(home, type_name, path)
        assert caught.value.code == "already-exists"
    assert (tmp_path / "a.xlsx").read_bytes() == before


def test_that_a_list_was_written_is_noted(home: OpenHome, tmp_path: Path) -> None:
    export(home, "contact", tmp_path / "out.csv")
    details = [event.detail for event in all_of(home, "access_event") if event.kind == "exported"]
    assert details == ["Contacts: 0 to out.csv"]
