"""Lists come in through the window: looked through, corrected, merged, written, taken back."""

from __future__ import annotations

import dataclasses
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from liaison.records.directory import Contact, Term
from liaison.records.home import Resident
from liaison.services import editing
from liaison.services.homes import OpenHome
from liaison.store import query
from liaison.store.store import Store
from liaison.ui import theme
from liaison.ui.desk import Desk
from liaison.ui.pages.bringing_in import BringInPage, facts
from liaison.ui.pages.bringing_in.facts import Line, What
from liaison.ui.pages.bringing_in.listing import Listing
from liaison.ui.parts.asking_files import plain_size
from liaison.ui.widgets import StateChip
from tests.exchange import workbooks
from tests.ui import walk
from tests.ui.parts.conftest import Heard, Ids
from tests.ui.whole import settle

WAIT = 20_000
LIST = (
    "Surname,First name,Room no,DOB,Remarks\n"
    "Novak,Irena,43,1 May 1941,left handed\n"
    "Reed,Ffion,44,31/02/1944,\n"
    "Osei,Frank,42,2/3/1940,\n"
)
MESSY = (
    "Contacts of the home,,,,\n"
    ",,,,\n"
    "Full Name,Tel (work),E-mail,Job title,Practice\n"
    "Dr S Patel,1632960201,s.patel@example.org,GP,Meadow Lane Surgery\n"
    "Grace Adeyemi,+44 1632 960499,GRACE@example.org,district nurse,Specsright\n"
    "Zoë Müller,01632 960777,zoe at example,dietitian,Meadow Lane Surgery\n"
    ",01632 960300,,,\n"
    "Ann Lowe,01632 960888,,optician,Specsright,too,many\n"
)


@pytest.fixture
def page(qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids) -> Iterator[BringInPage]:
    opened = BringInPage(desk)
    qtbot.addWidget(opened)
    opened.resize(1150, 700)
    opened.show()
    opened.activateWindow()
    yield opened
    assert heard.faults == []


def read(qtbot: QtBot, desk: Desk, type_name: str) -> list[Any]:
    found: list[list[Any]] = []

    def every(store: Store) -> list[Any]:
        return list(query.every(store, query.Query(type_name)))

    desk.jobs.read(every, found.append, owner=desk)
    qtbot.waitUntil(lambda: bool(found))
    return found[0]


def names(qtbot: QtBot, desk: Desk, type_name: str) -> list[str]:
    return [record.name for record in read(qtbot, desk, type_name)]


def look_at(qtbot: QtBot, page: BringInPage, file: Path) -> None:
    page.use_file(file)
    qtbot.waitUntil(lambda: page._looked_at is not None, timeout=WAIT)


@pytest.fixture
def bring(qtbot: QtBot, page: BringInPage, tmp_path: Path) -> BringInPage:
    """Open a list of three residents, one of them with a day that does not exist."""
    file = tmp_path / "lists" / "residents.csv"
    file.parent.mkdir()
    file.write_text(LIST)
    look_at(qtbot, page, file)
    return page


@pytest.fixture
def messy(qtbot: QtBot, page: BringInPage, tmp_path: Path) -> BringInPage:
    """Open a list of contacts as homes have them."""
    file = tmp_path / "lists" / "contacts.csv"
    file.parent.mkdir()
    file.write_bytes(MESSY.encode("cp1252"))
    look_at(qtbot, page, file)
    return page


def chips(page: BringInPage) -> list[str]:
    flow = page.outcome.chips.flow
    items = (flow.itemAt(number) for number in range(flow.count()))
    widgets = (item.widget() for item in items if item is not None)
    return [chip.text() for chip in widgets if isinstance(chip, StateChip)]


def shown(page: BringInPage) -> list[tuple[What, int | None, str]]:
    lines = [page.outcome.rows.line(number) for number in range(page.outcome.rows.count)]
    return [(line.what, line.row, line.title) for line in lines]


def test_a_list_is_looked_through_before_anything_is_written(
    qtbot: QtBot, bring: BringInPage, desk: Desk
) -> None:
    combos = bring.columns.combos
    assert [combo.value for combo in combos] == ["name", "name", "room", "date_of_birth", ""]
    assert chips(bring) == ["2 new", "1 not taken in"]
    assert bring.outcome.left_out.text() == "Not brought in: Remarks"
    assert bring.outcome.left_out.isVisible()
    assert bring.outcome.go.words == "Bring in 2 rows"
    assert shown(bring) == [
        (What.REJECTED, 3, "Reed, Ffion, 44, 31/02/1944"),
        (What.NEW, None, "Irena Novak"),
        (What.NEW, None, "Frank Osei"),
    ]
    assert len(names(qtbot, desk, "resident")) == 2


def test_it_comes_in_when_somebody_says_so_and_goes_with_one_undo(
    qtbot: QtBot, bring: BringInPage, desk: Desk, heard: Heard, tmp_path: Path
) -> None:
    bring.outcome.go.click()
    qtbot.waitUntil(lambda: bool(heard.said), timeout=WAIT)
    assert sorted(names(qtbot, desk, "resident"))[2:] == ["Frank Osei", "Irena Novak"]
    assert heard.said == ["Residents: 2 added, 0 changed."]
    rejected = tmp_path / "lists" / "residents.rejected.csv"
    assert str(rejected) in bring.banner.accessibleName()
    assert "Reed" in rejected.read_text("utf-8-sig")
    assert callable(heard.undo)
    heard.undo()
    qtbot.waitUntil(lambda: len(heard.said) == 2, timeout=WAIT)
    assert len(names(qtbot, desk, "resident")) == 2
    assert not bring.banner.isVisible()


def test_the_same_file_again_adds_nothing_and_says_so(
    qtbot: QtBot, bring: BringInPage, heard: Heard, tmp_path: Path
) -> None:
    bring.outcome.go.click()
    qtbot.waitUntil(lambda: bool(heard.said), timeout=WAIT)
    look_at(qtbot, bring, tmp_path / "lists" / "residents.csv")
    assert chips(bring) == ["0 new", "2 known already", "1 not taken in"]
    assert bring.outcome.why.text() == "There is nothing in it that is new."
    assert not bring.outcome.go.isEnabled()


def test_what_was_written_meanwhile_does_not_stop_a_list_that_comes_to_the_same(
    qtbot: QtBot, bring: BringInPage, desk: Desk, heard: Heard
) -> None:
    term = Term(abbreviation="DN", meaning="District nurse")
    desk.jobs.write(lambda home: editing.add(home, term))
    bring.outcome.go.click()
    qtbot.waitUntil(lambda: bool(heard.said), timeout=WAIT)
    assert len(names(qtbot, desk, "resident")) == 4


def test_what_was_written_meanwhile_is_looked_at_if_it_makes_a_difference(
    qtbot: QtBot, messy: BringInPage, desk: Desk, heard: Heard
) -> None:
    before = chips(messy)
    patel = Contact(name="Dr S Patel", email="s.patel@example.org", phone="01632 960201")
    desk.jobs.write(lambda home: editing.add(home, patel))
    messy.outcome.go.click()
    qtbot.waitUntil(messy.banner.isVisible, timeout=WAIT)
    qtbot.waitUntil(messy.outcome.go.isEnabled, timeout=WAIT)
    assert "written meanwhile" in messy.banner.accessibleName()
    assert messy.banner.isVisible(), "it stays until somebody goes on"
    assert chips(messy) != before
    assert heard.said == []
    messy.outcome.go.click()
    qtbot.waitUntil(lambda: bool(heard.said), timeout=WAIT)
    assert names(qtbot, desk, "contact").count("Dr S Patel") == 1


def test_a_column_can_be_said_to_be_something_else(qtbot: QtBot, bring: BringInPage) -> None:
    combos = bring.columns.combos
    combos[4].set_value("alerts")
    combos[4].changed.emit("alerts")
    qtbot.waitUntil(lambda: bring._looked_at is not None, timeout=WAIT)
    assert bring._looked_at is not None
    births = bring._looked_at.plan.births
    (alerts,) = {getattr(birth.record, "alerts", None) for birth in births} - {None}
    assert alerts == "left handed"
    combos[2].set_value("date_of_birth")
    combos[2].changed.emit("date_of_birth")
    qtbot.waitUntil(bring.banner.isVisible, timeout=WAIT)
    assert "has one value" in bring.banner.accessibleName()
    assert not bring.outcome.go.isEnabled()


def test_another_kind_of_rows_is_matched_anew_and_asks_for_what_no_column_gives(
    qtbot: QtBot, bring: BringInPage
) -> None:
    bring.file.type.set_value("staff")
    bring.file.type.changed.emit("staff")
    qtbot.waitUntil(lambda: "job_role" in bring.columns.fixed, timeout=WAIT)
    assert not bring.outcome.go.isEnabled()
    line = bring.columns.fixed["job_role"]
    line.setText("care assistant")
    line.editingFinished.emit()
    qtbot.waitUntil(bring.outcome.go.isEnabled, timeout=WAIT)
    assert chips(bring) == ["3 new"]


def test_a_file_whose_headings_nobody_knows_asks_which_column_is_which(
    qtbot: QtBot, page: BringInPage, tmp_path: Path
) -> None:
    (tmp_path / "odd.csv").write_text("Foo,Bar\nIrena Novak,43\n")
    page.use_file(tmp_path / "odd.csv")
    qtbot.waitUntil(page.banner.isVisible, timeout=WAIT)
    assert page.file.type.value is None
    assert "Say what its rows are" in page.banner.accessibleName()
    page.file.type.set_value("resident")
    page.file.type.changed.emit("resident")
    qtbot.waitUntil(lambda: len(page.columns.combos) == 2, timeout=WAIT)
    assert "none of the headings is known" in page.banner.accessibleName()
    page.columns.combos[0].set_value("name")
    page.columns.combos[0].changed.emit("name")
    qtbot.waitUntil(page.outcome.go.isEnabled, timeout=WAIT)
    assert chips(page) == ["1 new"]


def test_a_messy_list_is_read_below_its_title_with_posts_and_what_is_wrong_by_row(
    messy: BringInPage,
) -> None:
    assert messy.file.type.value == "contact"
    combos = messy.columns.combos
    assert [one.value for one in combos] == ["name", "phone", "email", "role", "organisation"]
    assert "The headings are in row 3" in messy.outcome.remarks.text()
    assert chips(messy) == ["3 new", "2 not taken in", "3 posts besides"]
    rejected = {row for what, row, _ in shown(messy) if what is What.REJECTED}
    assert rejected == {7, 8}
    (same,) = (title for what, _, title in shown(messy) if what is What.SAME)
    assert same == "Grace Adeyemi may be Grace Adeyemi, known already"
    said = " ".join(
        messy.outcome.rows.line(number).below for number in range(messy.outcome.rows.count)
    )
    assert "01632960201" in said.replace(" ", ""), "what was put right is said"


def test_a_mapping_that_is_corrected_keeps_the_row_of_headings(
    qtbot: QtBot, messy: BringInPage
) -> None:
    messy.columns.combos[4].set_value("")
    messy.columns.combos[4].changed.emit("")
    qtbot.waitUntil(lambda: messy._looked_at is not None, timeout=WAIT)
    assert messy.outcome.left_out.text() == "Not brought in: Practice"
    assert chips(messy)[:2] == ["3 new", "2 not taken in"]


def test_organisations_that_are_not_known_are_made_when_somebody_says_what_they_are(
    qtbot: QtBot, messy: BringInPage, desk: Desk, heard: Heard
) -> None:
    assert messy.columns.places_field.isVisible()
    messy.columns.places.set_value("therapy")
    assert messy.columns.places.value == "therapy"
    messy.columns.places.changed.emit("therapy")
    qtbot.waitUntil(lambda: "1 organisation besides" in chips(messy), timeout=WAIT)
    messy.outcome.go.click()
    qtbot.waitUntil(lambda: bool(heard.said), timeout=WAIT)
    assert "Specsright" in names(qtbot, desk, "organisation")
    assert "Also added: 3 posts and 1 organisation" in heard.said[0]


def compare(qtbot: QtBot, page: BringInPage) -> None:
    (number,) = (
        n for n in range(page.outcome.rows.count) if page.outcome.rows.line(n).what is What.SAME
    )
    page.outcome.rows.compared.emit(page.outcome.rows.line(number))
    qtbot.waitUntil(page.same.comparing.isVisible, timeout=WAIT)


def test_a_row_that_is_the_same_is_merged_field_by_field(
    qtbot: QtBot, messy: BringInPage, desk: Desk, heard: Heard, ids: Ids
) -> None:
    compare(qtbot, messy)
    choices = {choice.field.label: choice for choice in messy.same.comparing.choices}
    assert choices["Phone"].ours.words == "01632 960412"
    assert choices["Phone"].ours.isChecked(), "ours stays"
    assert choices["E-mail"].ours.words == "Nothing"
    assert choices["E-mail"].theirs.isChecked(), "a gap is filled"
    messy.same.comparing.merge.click()
    qtbot.waitUntil(
        lambda: messy.outcome.go.isEnabled() and "1 changed" in chips(messy), timeout=WAIT
    )
    (said,) = (
        messy.outcome.rows.line(n).below for n in range(messy.outcome.rows.count)
        if messy.outcome.rows.line(n).what is What.SAME
    )  # fmt: skip
    assert said.startswith("The same: they are merged.")
    messy.outcome.go.click()
    qtbot.waitUntil(lambda: bool(heard.said), timeout=WAIT)
    (grace,) = (one for one in read(qtbot, desk, "contact") if one.name == "Grace Adeyemi")
    assert (grace.id, grace.phone, grace.email) == (
        ids.grace, "01632 960412", "GRACE@example.org",
    )  # fmt: skip


def test_a_row_can_be_right_where_we_were_wrong(
    qtbot: QtBot, messy: BringInPage, desk: Desk, heard: Heard
) -> None:
    compare(qtbot, messy)
    next(c for c in messy.same.comparing.choices if c.field.label == "Phone").theirs.click()
    messy.same.comparing.merge.click()
    qtbot.waitUntil(
        lambda: messy.outcome.go.isEnabled() and "1 changed" in chips(messy), timeout=WAIT
    )
    messy.outcome.go.click()
    qtbot.waitUntil(lambda: bool(heard.said), timeout=WAIT)
    (grace,) = (one for one in read(qtbot, desk, "contact") if one.name == "Grace Adeyemi")
    assert grace.phone.replace(" ", "").endswith("1632960499")


def test_what_is_not_the_same_is_kept_apart_and_can_be_thought_over(
    qtbot: QtBot, messy: BringInPage
) -> None:
    compare(qtbot, messy)
    messy.same.comparing.apart.click()
    assert not messy.same.comparing.isVisible()
    assert not messy.outcome.all_same.isVisible()
    assert chips(messy)[0] == "3 new"
    compare(qtbot, messy)
    messy.same.comparing.merge.click()
    qtbot.waitUntil(lambda: "1 changed" in chips(messy), timeout=WAIT)
    compare(qtbot, messy)
    messy.same.comparing.apart.click()
    qtbot.waitUntil(lambda: chips(messy)[0] == "3 new", timeout=WAIT)


def test_all_that_may_be_the_same_is_merged_at_once_without_touching_what_is_there(
    qtbot: QtBot, messy: BringInPage, desk: Desk, heard: Heard
) -> None:
    messy.outcome.all_same.click()
    qtbot.waitUntil(lambda: "1 changed" in chips(messy), timeout=WAIT)
    messy.outcome.go.click()
    qtbot.waitUntil(lambda: bool(heard.said), timeout=WAIT)
    (grace,) = (one for one in read(qtbot, desk, "contact") if one.name == "Grace Adeyemi")
    assert (grace.phone, grace.email) == ("01632 960412", "GRACE@example.org")


@pytest.fixture
def which(qtbot: QtBot, page: BringInPage, desk: Desk, tmp_path: Path) -> BringInPage:
    """Open a list with a Mary Jones, of whom there are two."""
    added: list[object] = []

    def add(home: OpenHome) -> None:
        for room in ("4", "9"):
            editing.add(home, Resident(name="Mary Jones", room=room))

    desk.jobs.write(add, added.append, owner=desk)
    qtbot.waitUntil(lambda: bool(added))
    file = tmp_path / "residents.csv"
    file.write_text("Name,Known as\nMary Jones,May\n")
    look_at(qtbot, page, file)
    (number,) = (
        n for n in range(page.outcome.rows.count) if page.outcome.rows.line(n).what is What.SAME
    )
    page.outcome.rows.compared.emit(page.outcome.rows.line(number))
    qtbot.waitUntil(page.same.choosing.isVisible, timeout=WAIT)
    return page


def test_of_a_row_that_may_be_more_than_one_somebody_says_which(
    qtbot: QtBot, which: BringInPage, desk: Desk, heard: Heard
) -> None:
    assert not which.outcome.isVisible()
    assert which.same.choosing.buttons[0].hasFocus()
    in_four = next(one for one in which.same.choosing.buttons if "room 4" in one.accessibleName())
    in_four.click()
    qtbot.waitUntil(which.same.comparing.isVisible, timeout=WAIT)
    which.same.comparing.apart.click()
    # then it is another, or none
    qtbot.waitUntil(which.same.choosing.isVisible, timeout=WAIT)
    next(one for one in which.same.choosing.buttons if "room 4" in one.accessibleName()).click()
    qtbot.waitUntil(which.same.comparing.isVisible, timeout=WAIT)
    which.same.comparing.merge.click()
    qtbot.waitUntil(
        lambda: which.outcome.go.isEnabled() and "1 changed" in chips(which), timeout=WAIT
    )
    which.outcome.go.click()
    qtbot.waitUntil(lambda: bool(heard.said), timeout=WAIT)
    found = {one.room: one.known_as for one in read(qtbot, desk, "resident") if one.known_as}
    assert found == {"4": "May"}


def test_a_row_that_is_none_of_those_it_may_be_is_added_as_new_and_can_be_thought_over(
    qtbot: QtBot, which: BringInPage
) -> None:
    which.same.choosing.none.click()
    qtbot.waitUntil(
        lambda: which.outcome.go.isEnabled() and chips(which) == ["1 new"], timeout=WAIT
    )
    (line,) = (which.outcome.rows.line(n) for n in range(which.outcome.rows.count)
               if which.outcome.rows.line(n).what is What.SAME)  # fmt: skip
    assert line.below.startswith("Added as new.")
    which.outcome.rows.compared.emit(line)
    qtbot.waitUntil(which.same.choosing.isVisible, timeout=WAIT)
    which.same.choosing.back.click()
    assert which.outcome.isVisible()
    assert chips(which) == ["1 new"]


def test_the_lines_are_filtered_by_what_becomes_of_them(messy: BringInPage) -> None:
    messy.outcome._show_only(What.REJECTED)
    assert {what for what, _, _ in shown(messy)} == {What.REJECTED}
    messy.outcome._show_only(None)
    assert What.NEW in {what for what, _, _ in shown(messy)}


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_every_step_can_be_told_walked_and_read(
    qtbot: QtBot, messy: BringInPage, look: theme.Theme, scale: float
) -> None:
    look.resize(scale)

    def wrong() -> list[str]:
        settle(lambda: messy.desk.jobs.is_idle)
        return walk.told(messy) + walk.by_tab(messy) + walk.unreadable(messy, scale)

    found = wrong()
    compare(qtbot, messy)
    found += wrong()
    assert not found, "\n".join(found)


# ---- stopping


def test_looking_through_is_stopped_and_taken_up_again(
    qtbot: QtBot, page: BringInPage, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, ended = threading.Event(), threading.Event()
    wait = threading.Event()
    usual = facts.look_through

    def slow(  # noqa: PLR0917  # as it is called
        home: Any, kind: str, sample: Any, wishes: Any, tell: Any, most: int
    ) -> Any:
        begun.set()
        try:
            assert wait.wait(60)
            tell(200, 0, "Reading the rows")
            return usual(home, kind, sample, wishes, tell, most=most)
        finally:
            ended.set()

    monkeypatch.setattr(facts, "look_through", slow)
    (tmp_path / "list.csv").write_text(LIST)
    page.use_file(tmp_path / "list.csv")
    qtbot.waitUntil(begun.is_set, timeout=WAIT)
    qtbot.waitUntil(page.working.stop_button.isVisible, timeout=WAIT)
    page.working.stop_button.click()
    wait.set()
    qtbot.waitUntil(lambda: ended.is_set() and desk.jobs.is_idle, timeout=WAIT)
    assert page._looked_at is None
    assert "Nothing was brought in" in page.banner.accessibleName()
    assert not page.working.isVisible()
    page.banner.button.click()
    qtbot.waitUntil(lambda: chips(page) == ["2 new", "1 not taken in"], timeout=WAIT)


def test_bringing_in_that_is_stopped_brings_in_nothing(
    qtbot: QtBot, bring: BringInPage, desk: Desk, heard: Heard, tmp_path: Path
) -> None:
    held, go_on = threading.Event(), threading.Event()

    def hold(_: object) -> None:
        held.set()
        assert go_on.wait(60)

    desk.jobs.write(hold)
    qtbot.waitUntil(held.is_set, timeout=WAIT)
    bring.outcome.go.click()
    bring.working.stop()
    go_on.set()
    qtbot.waitUntil(bring.banner.isVisible, timeout=WAIT)
    assert "Nothing of the list was brought in" in bring.banner.accessibleName()
    assert len(names(qtbot, desk, "resident")) == 2
    assert not (tmp_path / "lists" / "residents.rejected.csv").exists()
    assert heard.said == []
    assert bring.outcome.go.isEnabled(), "it can be brought in after all"


def test_people_save_while_a_list_is_looked_through(
    qtbot: QtBot, page: BringInPage, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, wait = threading.Event(), threading.Event()
    usual = facts.look_through

    def slow(*given: Any, **more: Any) -> Any:
        begun.set()
        assert wait.wait(60)
        return usual(*given, **more)

    monkeypatch.setattr(facts, "look_through", slow)
    (tmp_path / "list.csv").write_text(LIST)
    page.use_file(tmp_path / "list.csv")
    qtbot.waitUntil(begun.is_set, timeout=WAIT)
    saved: list[object] = []
    term = Term(abbreviation="DN", meaning="District nurse")
    desk.jobs.write(lambda home: editing.add(home, term), saved.append)
    qtbot.waitUntil(lambda: bool(saved), timeout=WAIT)
    wait.set()
    qtbot.waitUntil(lambda: page._looked_at is not None, timeout=WAIT)


# ---- other kinds of file


def test_a_workbook_asks_for_the_sheet_and_reads_the_one_that_is_chosen(
    qtbot: QtBot, page: BringInPage, tmp_path: Path
) -> None:
    file = tmp_path / "book.xlsx"

    def with_staff(book: Any, _: object) -> None:
        second = book.create_sheet("Staff")
        for row in (["Name", "Job role"], ["Kate Morgan", "care assistant"], ["Jo Lee", "cook"]):
            second.append(row)

    made = workbooks.workbook([["Name", "Room"], ["Irena Novak", "43"]], with_staff)
    file.write_bytes(made.getvalue())
    look_at(qtbot, page, file)
    assert page.file.sheets_field.isVisible()
    assert page.file.type.value == "resident"
    page.file.sheets.set_value("Staff")
    page.file.sheets.changed.emit("Staff")
    qtbot.waitUntil(lambda: page.file.type.value == "staff", timeout=WAIT)
    qtbot.waitUntil(lambda: page._looked_at is not None, timeout=WAIT)
    assert page.outcome.go.words == "Bring in 2 rows"


def test_vcards_come_in_as_contacts(qtbot: QtBot, page: BringInPage, tmp_path: Path) -> None:
    (tmp_path / "phone.vcf").write_text(
        "BEGIN:VCARD\nVERSION:2.1\nN:Lowe;Ann\nTEL;WORK:01632 960888\nEND:VCARD\n"
        "BEGIN:VCARD\nVERSION:3.0\nFN:Dev Rao\nEMAIL:dev@example.org\nEND:VCARD\n"
        "BEGIN:VCARD\nVERSION:3.0\nTEL:01632 960777\nEND:VCARD\n"
    )
    look_at(qtbot, page, tmp_path / "phone.vcf")
    assert page.file.type.value == "contact"
    assert page.file.headings.isHidden(), "cards have none"
    assert [combo.accessibleName() for combo in page.columns.combos] == [
        "Name comes in as", "Phone comes in as", "E-mail comes in as",
    ]  # fmt: skip
    assert chips(page)[0] == "2 new"
    new = [title for what, _, title in shown(page) if what is What.NEW]
    assert new == ["Ann Lowe", "Dev Rao"]
    assert page.outcome.go.words == "Bring in 2 cards"
    rejected = page.outcome.rows.line(0)
    assert (rejected.what, rejected.where) == (What.REJECTED, "card 3")
    assert page.outcome.why.text().startswith("Cards with problems are kept")


def test_of_a_long_list_the_first_rows_are_shown_while_the_others_are_looked_through(
    qtbot: QtBot, page: BringInPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facts, "FIRST_ROWS", 2)
    seen: list[tuple[list[str], bool, str]] = []
    show_plan = page._show_plan

    def showing(looked: facts.Looked) -> None:
        show_plan(looked)
        names = [title for what, _, title in shown(page) if what is What.NEW]
        seen.append((names, page.outcome.go.isEnabled(), page.outcome.why.text()))

    monkeypatch.setattr(page, "_show_plan", showing)
    (tmp_path / "list.csv").write_text("\nName,Room\nAda,1\n\nBen,2\nCy,3\n")
    page.file.type.set_value("resident")
    page.use_file(tmp_path / "list.csv")
    qtbot.waitUntil(lambda: len(seen) > 1, timeout=WAIT)
    (first, can_first, why), (last, can_last, _) = seen
    assert (first, can_first) == (["Ada", "Ben"], False)
    assert why.startswith("These are its first 2 rows.")
    assert (last, can_last) == (["Ada", "Ben", "Cy"], True)
    assert page.outcome.go.words == "Bring in 3 rows"
    assert page._looked_at is not None
    assert not page._looked_at.is_part


def test_a_list_stays_where_it_was_read_when_the_rest_of_it_arrives(qtbot: QtBot) -> None:
    def lines(what: What, count: int) -> list[Line]:
        return [Line(what, f"{what.name} {number % 9}", "") for number in range(count)]

    rows = Listing()
    qtbot.addWidget(rows)
    rows.resize(600, 330)
    rows.show()
    rows.show_lines([lines(What.NEW, 60)])
    rows.show_lines([lines(What.REJECTED, 3), lines(What.NEW, 60)])
    assert rows.verticalScrollBar().value() == 0, "nobody had scrolled: what is wrong is seen first"
    rows.setCurrentIndex(rows.model().index(3 + 40, 0))
    rows.verticalScrollBar().setValue(30 * theme.px(60) + 7)
    rows.show_lines([lines(What.REJECTED, 5), lines(What.SAME, 2), lines(What.NEW, 900)])
    assert rows.verticalScrollBar().value() == 34 * theme.px(60) + 7
    assert rows.currentIndex().row() == 7 + 40
    rows.show_lines([lines(What.REJECTED, 5)])
    assert rows.verticalScrollBar().value() == 0
    assert not rows.currentIndex().isValid()


def test_what_is_typed_while_a_long_list_is_looked_through_counts(
    qtbot: QtBot, page: BringInPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "list.csv").write_text("Name,Phone\nAda,\nBen,\n")
    look_at(qtbot, page, tmp_path / "list.csv")
    monkeypatch.setattr(facts, "FIRST_ROWS", 1)
    show_plan = page._show_plan

    def showing(looked: facts.Looked) -> None:
        show_plan(looked)
        page.columns.fixed["job_role"].setText("cook")

    monkeypatch.setattr(page, "_show_plan", showing)
    page.file.type.set_value("staff")
    page.file.type.changed.emit("staff")
    qtbot.waitUntil(lambda: chips(page) == ["0 new", "2 not taken in"], timeout=WAIT)
    page.columns.fixed["job_role"].editingFinished.emit()
    qtbot.waitUntil(lambda: chips(page) == ["2 new"], timeout=WAIT)


def test_of_a_row_to_look_at_the_name_is_said_and_nothing_twice(
    qtbot: QtBot, page: BringInPage, tmp_path: Path
) -> None:
    (tmp_path / "list.csv").write_text("Name,Phone\nDev Rao,0163\n")
    look_at(qtbot, page, tmp_path / "list.csv")
    page.file.type.set_value("contact")
    page.file.type.changed.emit("contact")
    qtbot.waitUntil(lambda: page._looked_at is not None, timeout=WAIT)
    (noted,) = [
        one
        for one in map(page.outcome.rows.line, range(page.outcome.rows.count))
        if one.what is What.NOTED
    ]
    assert noted.title == "Dev Rao"
    assert noted.below.count("wrong length") == 1


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_card_that_asks_which_one_is_never_wider_than_its_page(
    which: BringInPage, look: theme.Theme, scale: float
) -> None:
    card = which.same.choosing
    assert card._found is not None
    words, one = card._found.several[0]
    look.resize(scale)
    card.show_candidates(dataclasses.replace(card._found, several=((f"{words} " * 5, one),)))
    settle(lambda: True)
    assert card.minimumSizeHint().width() <= which.sheet.viewport().width()


def test_the_nhs_list_goes_to_its_own_page(
    qtbot: QtBot, page: BringInPage, desk: Desk, tmp_path: Path
) -> None:
    gone: list[tuple[str, object]] = []
    desk.went.connect(lambda name, argument: gone.append((name, argument)))
    columns = ["L81010", "HOPE HOUSE SURGERY", *[""] * 7, "BA3 3EP", "19740401", "", "A"]
    columns += ["B", "92G", *[""] * 10, "4", ""]
    file = tmp_path / "epraccur.csv"
    file.write_text((",".join(columns) + "\n") * 3)
    page.show_argument({"file": file})
    qtbot.waitUntil(lambda: bool(gone), timeout=WAIT)
    assert gone == [("practices", {"file": file})]


def bad_files(folder: Path) -> dict[str, tuple[Path, str]]:
    """Return files that cannot come in, each with a word that names what it is."""
    old = folder / "staff.xls"
    old.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    empty = folder / "empty.csv"
    empty.write_text("")
    picture = folder / "scan.csv"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    bomb = folder / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", bytes(30_000_000))
    giant = folder / "giant.vcf"
    giant.write_bytes(b"BEGIN:VCARD\nNOTE:" + b"x" * 20_000_000)
    return {
        "gone": (folder / "nowhere.csv", "nowhere.csv"),
        "old": (old, "Excel"),
        "empty": (empty, "empty"),
        "picture": (picture, "picture"),
        "bomb": (bomb, ""),
        "giant": (giant, ""),
    }


@pytest.mark.parametrize("which", ["gone", "old", "empty", "picture", "bomb", "giant"])
def test_a_file_that_cannot_come_in_is_named_and_nothing_of_the_one_before_stays(
    qtbot: QtBot, bring: BringInPage, desk: Desk, tmp_path: Path, which: str
) -> None:
    file, word = bad_files(tmp_path)[which]
    bring.use_file(file)
    qtbot.waitUntil(lambda: bring.banner.isVisible() and desk.jobs.is_idle, timeout=WAIT)
    assert word in bring.banner.accessibleName()
    assert bring.file.file_name.text().startswith("No file chosen yet.")
    assert not bring.columns.isVisible()
    assert not bring.outcome.isVisible()
    bring.outcome.go.click()
    assert len(names(qtbot, desk, "resident")) == 2


def test_nuls_and_two_encodings_in_one_file_cost_their_own_rows_only(
    qtbot: QtBot, page: BringInPage, tmp_path: Path
) -> None:
    file = tmp_path / "mixed.csv"
    file.write_bytes(
        b"Name,Room\nIrena Novak,43\nZo\xc3\xab Brand,44\nJos\xe9 Ruiz,45\nBad\x00Row,46\n"
    )
    look_at(qtbot, page, file)
    assert page._looked_at is not None
    added = [str(getattr(one.record, "name", "")) for one in page._looked_at.plan.births]
    assert "Irena Novak" in added
    assert not any("\x00" in name for name in added)


def test_what_the_rows_are_is_guessed_from_the_headings(tmp_path: Path) -> None:
    def guess(headings: str) -> str | None:
        file = tmp_path / f"{plain_size(len(headings))}.csv"
        file.write_text(f"{headings}\n{'x,' * headings.count(',')}x\n")
        return facts.likely_type(facts.look_into(file))

    assert guess("Name,Job role,Started") == "staff"
    assert guess("Surname,First name,Room no,DOB") == "resident"
    assert guess("Staff,Course,Completed") == "training_record"
    assert guess("Foo,Bar") is None
    assert [words for _, words in facts.kinds()][:6] == [
        "Residents", "Staff", "Contacts", "Organisations", "Courses", "Training records",
    ]  # fmt: skip


def test_once_it_is_done_the_keyboard_and_what_became_of_it_are_at_hand(
    qtbot: QtBot, page: BringInPage, heard: Heard, tmp_path: Path
) -> None:
    (tmp_path / "list.csv").write_text(LIST)
    look_at(qtbot, page, tmp_path / "list.csv")
    page.resize(700, 300)
    page.outcome.go.setFocus()
    page.outcome.go.click()
    qtbot.waitUntil(lambda: bool(heard.said), timeout=WAIT)
    qtbot.waitUntil(page.file.choose.hasFocus, timeout=WAIT)
    qtbot.waitUntil(lambda: not page.banner.visibleRegion().isEmpty(), timeout=WAIT)
