"""The settings: the home, the glossary, backups, lists in and out, how the window looks."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from liaison.records.directory import Term
from liaison.services import editing
from liaison.services.homes import OpenHome
from liaison.store import query
from liaison.store.store import Store
from liaison.ui import theme
from liaison.ui.desk import Desk
from liaison.ui.pages.settings.about import AboutSection, licences
from liaison.ui.pages.settings.appearance import AppearanceSection
from liaison.ui.pages.settings.backup import BackupSection
from liaison.ui.pages.settings.lists_in import ListsInSection
from liaison.ui.pages.settings.page import SECTIONS, SettingsPage
from liaison.ui.pages.settings.records import HomeSection, RecordsSection
from liaison.ui.pages.settings.take_out import TakeOutSection
from liaison.ui.widgets import Button
from tests import homes as made
from tests.ui.parts.conftest import NOW, Heard

WAIT = 20_000


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


def test_the_ways_in_for_lists_lead_to_their_pages(
    qtbot: QtBot, page: SettingsPage, desk: Desk
) -> None:
    section = page.open_section("import")
    assert isinstance(section, ListsInSection)
    gone: list[str] = []
    desk.went.connect(lambda name, _: gone.append(name))
    for button in section.findChildren(Button):
        button.click()
    assert gone == ["import", "practices"]


def test_the_home_is_read_first_and_changed_on_its_form(qtbot: QtBot, page: SettingsPage) -> None:
    section = page.open_section("home")
    assert isinstance(section, HomeSection)
    with qtbot.waitSignal(section.shown.shown):
        page.refresh()
    section._change("home", section.shown._what[1] if section.shown._what else 0)
    assert section.stack.currentWidget() is section.room
    section.room.back()
    assert section.stack.currentWidget() is section.shown


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
    page.refresh()
    qtbot.waitUntil(lambda: section.last.text() == "None made from this PC yet")
    file = tmp_path / "outside" / "home.liaison-backup"
    file.parent.mkdir()
    section.back_up_to(file)
    assert section.line.isVisible()
    assert section.stop.isVisible()
    qtbot.waitUntil(section.banner.isVisible, timeout=WAIT)
    assert file.stat().st_size > 10_000
    qtbot.waitUntil(lambda: section.last.text() == "Last made today at 10:41")
    home = desk.jobs.home
    assert home is not None
    assert desk.settings.home(home.folder).backed_up_at == NOW

    restore = section.restore
    restore.use_file(file)
    qtbot.waitUntil(restore.form.isVisible)
    restore.look_button.click()
    assert restore.password_field.error == "Type the password first."
    restore.password.setText("not the password")
    restore.look_button.click()
    qtbot.waitUntil(restore.banner.isVisible, timeout=WAIT)
    assert not restore.inside.isVisible()
    restore.password.setText(made.PASSWORD)
    restore.look_button.click()
    qtbot.waitUntil(restore.inside.isVisible, timeout=WAIT)
    told = " ".join(words.text() for words in restore.told)
    assert made.NAME in told
    assert "2 residents" in told
    assert "Kate Morgan (Manager)" in told
    assert "Dorothy" not in told
    assert not (tmp_path / "back").exists(), "a look writes nothing"
    restore.use_folder(tmp_path / "back")
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
