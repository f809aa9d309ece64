"""Reports: what each is asked for, and the file it becomes, whole or not at all."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from liaison.errors import UserError
from liaison.files import CannotWrite
from liaison.records import ids
from liaison.records.directory import Contact, Organisation
from liaison.records.home import Resident, Staff
from liaison.records.training import Course, Requirement
from liaison.reports.spec import Asked
from liaison.services import reporting
from liaison.services.homes import OpenHome
from liaison.services.references import NotOne
from tests.services.conftest import add, written

DAY = dt.date(2026, 11, 22)
NAME = "training-matrix"
ABOUT_ONE = {
    "attendance-sheet", "concern-trail", "passport", "timeline", "handover-sheet", "round-agenda",
    "round-minutes",
}  # fmt: skip
"""Those that are of one record, which must be named."""


def words(file: Path, password: str | None = None) -> str:
    document = pypdfium2.PdfDocument(file, password=password)
    return " ".join(page.get_textpage().get_text_range() for page in document)


def test_every_report_has_its_declaration_and_its_facts(home: OpenHome) -> None:
    assert len(set(reporting.names())) == len(reporting.names()) > len(ABOUT_ONE)
    for name in reporting.names():
        spec = reporting.spec_of_report(name)
        assert spec.name == name
        about = "Willow House" if "home" in spec.parameters.subjects else None
        asked = reporting.ask(home.store, name, subject=about)
        if name in ABOUT_ONE:
            with pytest.raises(UserError, match="Nothing was printed"):
                reporting.make(home, name, asked)
            continue
        document = reporting.make(home, name, asked)
        assert document.pages >= 1
        assert document.content.startswith(b"%PDF-")


def test_a_name_that_is_wrong_lists_the_near_ones() -> None:
    with pytest.raises(UserError) as error:
        reporting.spec_of_report("trainings-matrix")
    assert error.value.do == "Near ones: training-matrix."
    with pytest.raises(UserError, match="Reports: visits, training-matrix"):
        reporting.spec_of_report("zzz")


def test_a_period_is_the_last_twelve_months_unless_another_is_asked_for(home: OpenHome) -> None:
    store, now = home.store, home.store.today()
    asked = reporting.ask(store, "visits")
    assert asked.end == now
    assert asked.start is not None
    assert 364 <= (now - asked.start).days <= 365
    asked = reporting.ask(store, "visits", end=dt.date(2024, 2, 29))
    assert (asked.start, asked.end) == (dt.date(2023, 3, 1), dt.date(2024, 2, 29))
    asked = reporting.ask(store, "visits", start=DAY, end=DAY)
    assert (asked.start, asked.end, asked.on) == (DAY, DAY, None)
    assert reporting.ask(store, "visits", end=dt.date.min).start == dt.date.min
    with pytest.raises(UserError, match="ends on Sun 22 Nov 2026, before it begins"):
        reporting.ask(store, "visits", start=dt.date(2026, 11, 23), end=DAY)
    with pytest.raises(UserError, match="before it begins"):
        reporting.ask(store, NAME, start=dt.date(2026, 11, 23), end=DAY)


def test_a_report_of_one_day_is_of_the_day_asked_for_or_the_end_of_the_period(
    home: OpenHome,
) -> None:
    store = home.store
    assert reporting.ask(store, NAME) == Asked(on=store.today())
    assert reporting.ask(store, NAME, on=DAY) == Asked(on=DAY)
    assert reporting.ask(store, NAME, end=DAY) == Asked(on=DAY)
    assert reporting.ask(store, NAME, end=DAY, names="initials") == Asked(on=DAY, names="initials")


def test_what_a_report_does_not_take_is_refused(home: OpenHome) -> None:
    with pytest.raises(UserError, match="Training matrix: this report is about the whole home"):
        reporting.ask(home.store, NAME, subject="Mary Jones")
    with pytest.raises(UserError, match="Visits: this report is about a period, not one day"):
        reporting.ask(home.store, "visits", on=DAY)


def test_whom_it_is_about_is_an_id_or_an_exact_name_of_any_type_it_takes(home: OpenHome) -> None:
    store = home.store
    mary = add(home, Resident(name="Mary Jones"))
    grace = add(home, Contact(name="Grace Adeyemi"))
    add(home, Organisation(name="Mary Jones", kind="other"))
    assert reporting.ask(store, "visits", subject="grace adeyemi").subject == ("contact", grace)
    assert reporting.ask(store, "visits", subject=ids.to_text(mary)).subject == ("resident", mary)
    with pytest.raises(NotOne, match="'Mary Jones' is the name of several: organisation, resident"):
        reporting.ask(store, "visits", subject="Mary Jones")
    with pytest.raises(NotOne, match="There is no contact or organisation or resident 'Nobody'"):
        reporting.ask(store, "visits", subject="Nobody")
    # somebody of a type the report is not about
    staff = add(home, Staff(name="Ann", job_role="cook"))
    with pytest.raises(NotOne, match="There is no contact or"):
        reporting.ask(store, "visits", subject=ids.to_text(staff))
    add(home, Contact(name="Grace Adeyemi", phone="01632 960001"))
    with pytest.raises(NotOne, match="01632 960001"):
        reporting.ask(store, "visits", subject="Grace Adeyemi")


def test_a_file_is_written_whole_and_says_what_it_holds(home: OpenHome, tmp_path: Path) -> None:
    add(home, Staff(name="Ann Cole", job_role="cook"))
    course = add(home, Course(name="Fire safety", refresh_months=12))
    add(home, Requirement(course=course, job_role="cook"))
    before = written(home)
    file = tmp_path / "matrix.pdf"
    file.write_bytes(b"%PDF- an older one")
    made = reporting.write(home, NAME, Asked(on=DAY), file)
    content = file.read_bytes()
    assert (made.pages, made.file, made.password_file) == (1, file, None)
    assert made.sha256 == hashlib.sha256(content).hexdigest()
    page = words(file)
    for said in ("Willow House", "Ann Cole", "Fire safety", "none", "by Kate Morgan"):
        assert said in page
    assert "State on 22 November 2026" in page
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["matrix.pdf"]
    # only the note that it was printed
    assert written(home) == (before[0] + 1, before[1] + 1)


def test_a_protected_copy_opens_with_its_password_alone(home: OpenHome, tmp_path: Path) -> None:
    file, password_file = tmp_path / "matrix.pdf", tmp_path / "password.txt"
    made = reporting.write(home, NAME, Asked(on=DAY), file, password_file=password_file)
    assert made.password_file == password_file
    assert made.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    password = password_file.read_text().strip()
    assert len(password) >= 25
    if os.name != "nt":
        assert password_file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(file)
    with pikepdf.open(file, password=password) as document:
        assert document.encryption.R == 6
        assert document.encryption.bits == 256
        assert str(document.encryption.stream_method).endswith("aesv3")
    assert "Willow House" in words(file, password)
    assert b"Willow" not in file.read_bytes()
    # every copy has a password of its own
    other = tmp_path / "other.txt"
    reporting.write(home, NAME, Asked(on=DAY), tmp_path / "other.pdf", password_file=other)
    assert other.read_text() != password_file.read_text()


def test_the_password_of_another_copy_is_never_replaced(home: OpenHome, tmp_path: Path) -> None:
    file, password_file = tmp_path / "matrix.pdf", tmp_path / "password.txt"
    password_file.write_text("of another\n")
    with pytest.raises(CannotWrite, match="already a file named password"):
        reporting.write(home, NAME, Asked(on=DAY), file, password_file=password_file)
    assert password_file.read_text() == "of another\n"
    assert not file.exists()
    with pytest.raises(UserError, match="cannot be in the same file"):
        reporting.write(home, NAME, Asked(on=DAY), file, password_file=file)


@pytest.mark.parametrize("with_password", [False, True])
def test_what_cannot_be_written_leaves_nothing_behind(
    home: OpenHome, tmp_path: Path, *, with_password: bool
) -> None:
    password_file = tmp_path / "password.txt" if with_password else None
    for file, said in (
        (tmp_path / "no such folder" / "matrix.pdf", "does not exist"),
        (tmp_path, "is a folder"),
    ):
        with pytest.raises(UserError, match=said):
            reporting.write(home, NAME, Asked(on=DAY), file, password_file=password_file)
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


@pytest.mark.parametrize("with_password", [False, True])
def test_a_file_another_program_holds_stays_as_it_is(
    home: OpenHome,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    with_password: bool,
) -> None:
    file = tmp_path / "matrix.pdf"
    file.write_bytes(b"%PDF- open in a reader")
    password_file = tmp_path / "password.txt" if with_password else None

    def held(_source: object, _target: object) -> None:
        raise PermissionError(13, "Permission denied")

    # what Windows says of a file that is open elsewhere
    monkeypatch.setattr("liaison.files.os.replace", held)
    with pytest.raises(CannotWrite, match="another program holds") as error:
        reporting.write(home, NAME, Asked(on=DAY), file, password_file=password_file)
    assert error.value.code == "read-only"
    assert file.read_bytes() == b"%PDF- open in a reader"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "matrix.pdf"]


def test_a_report_never_goes_among_the_homes_own_files(home: OpenHome, folder: Path) -> None:
    database = folder / "liaison.db"
    before = database.stat().st_size
    for file, password_file in (
        (database, None),
        (folder / "new.pdf", None),
        (folder.parent / "new.pdf", folder / "password.txt"),
    ):
        with pytest.raises(UserError, match="the home's own folder"):
            reporting.write(home, NAME, Asked(on=DAY), file, password_file=password_file)
    assert database.stat().st_size == before
    assert not (folder.parent / "new.pdf").exists()


def test_somebodys_own_file_is_never_replaced_by_a_report(home: OpenHome, tmp_path: Path) -> None:
    letter = tmp_path / "contract.docx"
    letter.write_bytes(b"PK\x03\x04 precious")
    asked = reporting.ask(home.store, "training-matrix")
    with pytest.raises(UserError, match="not a PDF") as caught:
        reporting.write(home, "training-matrix", asked, letter)
    assert caught.value.code == "already-exists"
    assert letter.read_bytes() == b"PK\x03\x04 precious"
