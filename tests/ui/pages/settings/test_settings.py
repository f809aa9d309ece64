"""The settings: words, backups, lists in and out, how the window looks."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from liaison.records.directory import Term
from liaison.services import editing, words
from liaison.services.homes import OpenHome
from liaison.store import query
from liaison.store.store import Store
from liaison.ui import theme
from liaison.ui.desk import Desk
from liaison.ui.pages.settings.about import AboutSection, licences
from liaison.ui.pages.settings.appearance import AppearanceSection
from liaison.ui.pages.settings.backup import BackupSection
from liaison.ui.pages.settings.bring_in import BringInSection
from liaison.ui.pages.settings.page import SECTIONS, ImportPage, SettingsPage
from liaison.ui.pages.settings.records import HomeSection, RecordsSection
from liaison.ui.pages.settings.take_out import TakeOutSection
from liaison.ui.pages.settings.words import RenamePopover, WordsSection
from liaison.ui.widgets import StateChip, Wrap
from tests import homes as made
from tests.ui.parts.conftest import NOW, Heard, Ids

WAIT = 20_000


@pytest.fixture
def page(qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids) -> Iterator[SettingsPage]:
    """Open the settings; what a section sets is applied as the application does it."""
    desk.changing.connect(desk.take_settings)
    opened = SettingsPage(desk)
    qtbot.addWidget(opened)
    opened.resize(1150, 700)
    opened.show()
    opened.activateWindow()
    yield opened
    assert heard.faults == []


def names(qtbot: QtBot, desk: Desk, type_name: str) -> list[str]:
    found: list[list[str]] = []

    def read(store: Store) -> list[str]:
        return [
            str(getattr(record, "name", ""))
            for record in query.every(store, query.Query(type_name))
        ]

    desk.jobs.read(read, found.append, owner=desk)
    qtbot.waitUntil(lambda: bool(found))
    return found[0]


@pytest.mark.parametrize("name", [side.name for side, _ in SECTIONS])
def test_every_section_opens_and_is_named_in_the_list(
    qtbot: QtBot, page: SettingsPage, heard: Heard, name: str
) -> None:
    section = page.open_section(name)
    assert page.stack.currentWidget() is section
    assert page.list.value == name
    with qtbot.waitSignal(page.filled):
        page.refresh()
    assert heard.troubles == []


def test_the_page_that_setting_up_leads_to_opens_where_lists_come_in(
    qtbot: QtBot, desk: Desk
) -> None:
    opened = ImportPage(desk)
    qtbot.addWidget(opened)
    assert isinstance(opened.stack.currentWidget(), BringInSection)


def test_the_home_is_read_first_and_changed_on_its_form(qtbot: QtBot, page: SettingsPage) -> None:
    section = page.open_section("home")
    assert isinstance(section, HomeSection)
    with qtbot.waitSignal(section.shown.shown):
        page.refresh()
    section._change("home", section.shown._what[1] if section.shown._what else 0)
    assert section.stack.currentWidget() is section.room
    section.room.back()
    assert section.stack.currentWidget() is section.shown


# ---- words


@pytest.fixture
def team(qtbot: QtBot, page: SettingsPage) -> WordsSection:
    section = page.open_section("words")
    assert isinstance(section, WordsSection)
    qtbot.waitUntil(lambda: bool(section._lists))
    section.show_list("team")
    return section


def labels(section: WordsSection) -> list[str]:
    shown = section._list
    return [] if shown is None else [word.label for word in shown.words if not word.retired]


def rows(section: WordsSection) -> list[object]:
    body = section.rows.body
    found = (body.itemAt(number) for number in range(body.count()))
    widgets = (item.widget() for item in found if item is not None)
    return [widget for widget in widgets if hasattr(widget, "word")]


def test_a_word_is_added_by_typing_it_and_undo_takes_it_back(
    qtbot: QtBot, page: SettingsPage, team: WordsSection, heard: Heard
) -> None:
    page.desk.jobs.changed.connect(lambda _: page.refresh())
    qtbot.keyClicks(team.line, "Bank staff")
    qtbot.keyClick(team.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Bank staff" in labels(team))
    assert heard.said == ["Bank staff added."]
    assert callable(heard.undo)
    heard.undo()
    qtbot.waitUntil(lambda: "Bank staff" not in labels(team))


def test_a_word_that_is_there_already_is_said_at_the_line(
    qtbot: QtBot, team: WordsSection, heard: Heard
) -> None:
    first = labels(team)[0]
    team.line.setText(first)
    team.add.click()
    qtbot.waitUntil(lambda: bool(team.line_field.error))
    assert first in team.line_field.error
    assert team.line.text() == first
    team.line.clear()
    team.add.click()
    assert team.line_field.error == "Type the word first."


def test_a_word_is_renamed_retired_and_offered_again(
    qtbot: QtBot, page: SettingsPage, team: WordsSection, heard: Heard
) -> None:
    page.desk.jobs.changed.connect(lambda _: page.refresh())
    row = rows(team)[0]
    row.rename.click()  # type: ignore[attr-defined]  # a row of the list
    popover = next(iter(page.findChildren(RenamePopover)))
    popover.line.setText("Early shift")
    popover.save_button.click()
    qtbot.waitUntil(lambda: "Early shift" in labels(team))
    row = rows(team)[0]
    row.turn.click()  # type: ignore[attr-defined]  # the same
    qtbot.waitUntil(lambda: "Early shift" not in labels(team))
    last = rows(team)[-1]
    assert last.turn.accessibleName() == "Offer again: Early shift"  # type: ignore[attr-defined]
    last.turn.click()  # type: ignore[attr-defined]  # the same
    qtbot.waitUntil(lambda: "Early shift" in labels(team))
    assert heard.said[-1] == "Early shift is offered again."


def called(value: str, label: str, home: OpenHome) -> int:
    return words.rename(home, "team", value, label)


def test_undoing_a_rename_leaves_an_earlier_change_of_the_word_alone(
    qtbot: QtBot, page: SettingsPage, team: WordsSection, heard: Heard
) -> None:
    page.desk.jobs.changed.connect(lambda _: page.refresh())
    value = next(one for one in team._lists if one.vocabulary == "team").words[0].value
    for label in ("Early shift", "Earlies"):
        team._do(partial(called, value, label), print, print)
    undo: list[tuple[int, ...]] = []
    team._do(partial(called, value, "Morning"), undo.append, print)
    qtbot.waitUntil(lambda: "Morning" in labels(team))
    from liaison.ui.parts.undoing import take_back

    take_back(page.desk, undo[0])
    qtbot.waitUntil(lambda: "Earlies" in labels(team))


# ---- records


def test_the_glossary_shows_a_word_that_was_looked_for(
    qtbot: QtBot, page: SettingsPage, desk: Desk
) -> None:
    found: list[int] = []

    def write(home: OpenHome) -> int:
        return editing.add(home, Term(abbreviation="DN", meaning="District nurse"))[0]

    desk.jobs.write(write, found.append)
    qtbot.waitUntil(lambda: bool(found))
    page.show_record("term", found[0])
    section = page.stack.currentWidget()
    assert isinstance(section, RecordsSection)
    assert section.stack.currentWidget() is section.room
    section.room.back()
    assert section.stack.currentWidget() is not section.room


def test_the_glossary_is_counted_in_words_and_sorted_from_a_to_z(
    qtbot: QtBot, page: SettingsPage, desk: Desk
) -> None:
    def write(home: OpenHome) -> None:
        for word in ("SLT", "DN"):
            editing.add(home, Term(abbreviation=word, meaning="In plain English"))

    with qtbot.waitSignal(desk.jobs.changed):
        desk.jobs.write(write)
    section = page.open_section("glossary")
    assert isinstance(section, RecordsSection)
    shown = section.lists["term"]
    qtbot.waitUntil(lambda: shown.count.text().endswith("glossary terms"))
    assert shown.sorting.column == "abbreviation"
    assert not shown.sorting.newest_first


# ---- how the window looks


def test_theme_and_text_size_apply_at_once_and_are_kept(
    qtbot: QtBot, page: SettingsPage, desk: Desk
) -> None:
    section = page.open_section("look")
    assert isinstance(section, AppearanceSection)
    section.themes.set_value("dark")
    section.themes.changed.emit("dark")
    assert desk.settings.theme == "dark"
    section.slider.setValue(16)
    assert desk.settings.text_size == 160
    assert section.words.text() == "160 %"
    section.larger.click()
    assert desk.settings.text_size == 170
    for _ in range(9):
        section.smaller.click()
    assert desk.settings.text_size == 100
    assert not section.smaller.isEnabled()


def test_large_text_lets_the_whole_page_scroll_and_back(qtbot: QtBot, page: SettingsPage) -> None:
    section = page.open_section("look")
    assert isinstance(section, AppearanceSection)
    theme.current().resize(2.0)
    assert not section.sheet.area.isVisible()
    assert page.list.combo.isVisible()
    assert section.slider.isVisible()
    theme.current().resize(1.0)
    assert section.sheet.area.isVisible()
    assert section.slider.isVisible()


# ---- backup


def test_a_backup_is_made_said_remembered_and_comes_back_into_a_new_folder(
    qtbot: QtBot, page: SettingsPage, desk: Desk, tmp_path: Path
) -> None:
    section = page.open_section("backup")
    assert isinstance(section, BackupSection)
    assert section.last.text() == "None made from this PC yet"
    file = tmp_path / "outside" / "home.liaison-backup"
    file.parent.mkdir()
    section.back_up_to(file)
    assert section.line.isVisible()
    qtbot.waitUntil(section.banner.isVisible, timeout=WAIT)
    assert file.stat().st_size > 10_000
    assert section.last.text() == "Last made today at 10:41"
    home = desk.jobs.home
    assert home is not None
    assert desk.settings.home(home.folder).backed_up_at == NOW

    restore = section.restore
    restore.use_file(file)
    qtbot.waitUntil(restore.form.isVisible)
    restore.use_folder(tmp_path / "back")
    restore.go.click()
    assert restore.password_field.error == "Type the password first."
    restore.password.setText("not the password")
    restore.go.click()
    qtbot.waitUntil(restore.banner.isVisible, timeout=WAIT)
    assert not (tmp_path / "back").exists()
    assert restore.form.isVisible()
    restore.password.setText(made.PASSWORD)
    restore.go.click()
    qtbot.waitUntil(lambda: not restore.form.isVisible(), timeout=WAIT)
    with made.unlock(tmp_path / "back") as back:
        assert len(list(query.every(back.store, query.Query("resident")))) == 2
    restore.banner.button.click()
    assert desk.settings.last_home == str(tmp_path / "back")


def test_a_backup_into_the_homes_own_folder_is_refused_plainly(
    qtbot: QtBot, page: SettingsPage, desk: Desk
) -> None:
    section = page.open_section("backup")
    assert isinstance(section, BackupSection)
    home = desk.jobs.home
    assert home is not None
    section.back_up_to(home.folder / "home.liaison-backup")
    qtbot.waitUntil(section.banner.isVisible, timeout=WAIT)
    assert "would be lost together with it" in section.banner.accessibleName()
    assert section.button.isEnabled()
    assert desk.settings.home(home.folder).backed_up_at is None


def test_a_file_that_is_no_backup_is_said_so(
    qtbot: QtBot, page: SettingsPage, tmp_path: Path
) -> None:
    section = page.open_section("backup")
    assert isinstance(section, BackupSection)
    (tmp_path / "letter.txt").write_text("Dear Dr Anwar")
    section.restore.use_file(tmp_path / "letter.txt")
    qtbot.waitUntil(section.restore.banner.isVisible)
    assert not section.restore.form.isVisible()


# ---- lists in and out


LIST = (
    "Surname,First name,Room no,DOB,Remarks\n"
    "Novak,Irena,43,1 May 1941,left handed\n"
    "Reed,Ffion,44,31/02/1944,\n"
    "Osei,Frank,42,2/3/1940,\n"
)


@pytest.fixture
def bring(qtbot: QtBot, page: SettingsPage, tmp_path: Path) -> BringInSection:
    """Open a list of three residents, one of them with a day that does not exist."""
    file = tmp_path / "lists" / "residents.csv"
    file.parent.mkdir()
    file.write_text(LIST)
    section = page.open_section("import")
    assert isinstance(section, BringInSection)
    section.use_file(file)
    qtbot.waitUntil(section.outcome.isVisible, timeout=WAIT)
    return section


def chips(section: BringInSection) -> list[str]:
    flow = section.chips.flow
    items = (flow.itemAt(number) for number in range(flow.count()))
    widgets = (item.widget() for item in items if item is not None)
    return [chip.text() for chip in widgets if isinstance(chip, StateChip)]


def test_a_list_is_looked_through_before_anything_is_written(
    qtbot: QtBot, bring: BringInSection, desk: Desk
) -> None:
    assert [combo.value for combo in bring.combos] == ["name", "name", "room", "date_of_birth", ""]
    assert chips(bring) == ["2 new", "1 not taken in"]
    assert bring.left_out.text() == "Not brought in: Remarks"
    assert bring.left_out.isVisible()
    assert bring.go.words == "Bring in 2 rows"
    assert len(names(qtbot, desk, "resident")) == 2


def test_it_comes_in_when_somebody_says_so_and_goes_with_one_undo(
    qtbot: QtBot, bring: BringInSection, desk: Desk, heard: Heard, tmp_path: Path
) -> None:
    bring.go.click()
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


def test_what_was_written_meanwhile_is_looked_at_before_the_list_comes_in(
    qtbot: QtBot, bring: BringInSection, desk: Desk, heard: Heard
) -> None:
    added: list[object] = []
    term = Term(abbreviation="DN", meaning="District nurse")
    desk.jobs.write(lambda home: editing.add(home, term), added.append)
    qtbot.waitUntil(lambda: bool(added))
    bring.go.click()
    qtbot.waitUntil(bring.banner.isVisible, timeout=WAIT)
    qtbot.waitUntil(bring.go.isEnabled, timeout=WAIT)
    assert "written meanwhile" in bring.banner.accessibleName()
    assert bring.banner.isVisible(), "it stays until somebody goes on"
    assert heard.said == []
    bring.go.click()
    qtbot.waitUntil(lambda: bool(heard.said), timeout=WAIT)
    assert len(names(qtbot, desk, "resident")) == 4


def test_a_column_can_be_said_to_be_something_else(qtbot: QtBot, bring: BringInSection) -> None:
    bring.combos[4].set_value("alerts")
    bring.combos[4].changed.emit("alerts")
    qtbot.waitUntil(lambda: bring._plan is not None, timeout=WAIT)
    assert bring._plan is not None
    (alerts,) = {getattr(birth.record, "alerts", None) for birth in bring._plan.births} - {None}
    assert alerts == "left handed"
    bring.combos[2].set_value("date_of_birth")
    bring.combos[2].changed.emit("date_of_birth")
    qtbot.waitUntil(bring.banner.isVisible, timeout=WAIT)
    assert "has one value" in bring.banner.accessibleName()
    assert not bring.go.isEnabled()


def test_another_kind_of_rows_is_matched_anew_and_asks_for_what_no_column_gives(
    qtbot: QtBot, bring: BringInSection, heard: Heard
) -> None:
    bring.type.set_value("staff")
    bring.type.changed.emit("staff")
    qtbot.waitUntil(lambda: "job_role" in bring.fixed, timeout=WAIT)
    assert not bring.go.isEnabled()
    line = bring.fixed["job_role"]
    line.setText("care assistant")
    line.editingFinished.emit()
    qtbot.waitUntil(bring.go.isEnabled, timeout=WAIT)
    assert chips(bring) == ["3 new"]


def test_a_file_whose_headings_nobody_knows_asks_which_column_is_which(
    qtbot: QtBot, page: SettingsPage, tmp_path: Path
) -> None:
    (tmp_path / "odd.csv").write_text("Foo,Bar\nIrena Novak,43\n")
    section = page.open_section("import")
    assert isinstance(section, BringInSection)
    section.use_file(tmp_path / "odd.csv")
    qtbot.waitUntil(section.banner.isVisible, timeout=WAIT)
    assert section.type.value is None
    assert "Say what its rows are" in section.banner.accessibleName()
    section.type.set_value("resident")
    section.type.changed.emit("resident")
    qtbot.waitUntil(lambda: len(section.combos) == 2, timeout=WAIT)
    assert "none of the headings is known" in section.banner.accessibleName()
    section.combos[0].set_value("name")
    section.combos[0].changed.emit("name")
    qtbot.waitUntil(section.go.isEnabled, timeout=WAIT)
    assert chips(section) == ["1 new"]


def test_a_workbook_after_a_list_leaves_nothing_of_the_list(
    qtbot: QtBot, bring: BringInSection, tmp_path: Path
) -> None:
    (tmp_path / "staff.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    bring.use_file(tmp_path / "staff.xls")
    qtbot.waitUntil(bring.banner.isVisible, timeout=WAIT)
    assert "Excel" in bring.banner.accessibleName()
    assert bring.name.text() == "No file chosen yet."
    assert not bring.columns_card.isVisible()
    assert not bring.outcome.isVisible()
    bring.go.click()
    assert bring._sample is None


@pytest.mark.parametrize(
    ("headings", "kind"),
    [
        ("Name,Job role,Started", "staff"),
        ("Surname,First name,Room no,DOB", "resident"),
        ("Staff,Course,Completed", "training_record"),
    ],
)
def test_what_the_rows_are_is_guessed_from_the_headings(
    qtbot: QtBot, page: SettingsPage, tmp_path: Path, headings: str, kind: str
) -> None:
    section = page.open_section("import")
    assert isinstance(section, BringInSection)
    assert section.type.value is None
    assert [section.type.itemText(row) for row in range(6)] == [
        "Residents", "Staff", "Contacts", "Organisations", "Courses", "Training records",
    ]  # fmt: skip
    (tmp_path / "list.csv").write_text(f"{headings}\n{'x,' * headings.count(',')}x\n")
    section.use_file(tmp_path / "list.csv")
    qtbot.waitUntil(lambda: section.type.value is not None, timeout=WAIT)
    assert section.type.value == kind


def test_people_and_pcs_says_who_signs_in(page: SettingsPage) -> None:
    section = page.open_section("people")
    words = [wrap.text() for wrap in section.findChildren(Wrap)]
    assert any("One person signs in" in said for said in words)


def test_a_file_that_cannot_be_read_is_said_so(
    qtbot: QtBot, page: SettingsPage, tmp_path: Path
) -> None:
    section = page.open_section("import")
    assert isinstance(section, BringInSection)
    section.use_file(tmp_path / "nowhere.csv")
    qtbot.waitUntil(section.banner.isVisible)
    (tmp_path / "empty.csv").write_text("")
    section.use_file(tmp_path / "empty.csv")
    qtbot.waitUntil(lambda: "empty" in section.banner.accessibleName())


def test_a_list_is_taken_out_whole_or_without_what_is_private(
    qtbot: QtBot, page: SettingsPage, tmp_path: Path
) -> None:
    section = page.open_section("export")
    assert isinstance(section, TakeOutSection)
    section.save_to(tmp_path / "residents.csv")
    qtbot.waitUntil(section.banner.isVisible)
    with (tmp_path / "residents.csv").open(encoding="utf-8-sig", newline="") as file:
        whole = list(csv.reader(file))
    assert {row[0] for row in whole[1:]} == {"Dorothy Hale"}
    assert "Next of kin" in whole[0]
    section.sharing.setChecked(True)
    section.save_to(tmp_path / "shared.csv")
    qtbot.waitUntil(lambda: "shared.csv" in section.banner.accessibleName())
    assert "Next of kin" not in (tmp_path / "shared.csv").read_text("utf-8-sig")
    section.save_to(tmp_path / "no such folder" / "x.csv")
    qtbot.waitUntil(lambda: "There is no folder" in section.banner.accessibleName())
    assert section.button.isEnabled()


# ---- about


def test_about_says_where_the_home_lies_and_shows_the_licences(
    qtbot: QtBot, page: SettingsPage, desk: Desk
) -> None:
    section = page.open_section("about")
    assert isinstance(section, AboutSection)
    qtbot.waitUntil(lambda: "MIT" in section.text.text())
    assert "PySide6" in licences()
    home = desk.jobs.home
    assert home is not None
    section._copy(str(home.folder), section.text)
    assert QApplication.clipboard().text() == str(home.folder)
