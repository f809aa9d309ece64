"""The settings: words, backups, lists in and out, how the window looks."""

from __future__ import annotations

import csv
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from liaison.errors import UserError
from liaison.records.directory import Term
from liaison.services import drafts, editing, words
from liaison.services.homes import OpenHome
from liaison.store import drafts as lying
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
from liaison.ui.pages.settings.words import RenamePopover, WordsSection
from liaison.ui.widgets import Button
from tests import homes as made
from tests.ui.parts.conftest import NOW, Heard, Ids, writing_held

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
    left: list[list[drafts.Draft]] = []
    page.desk.jobs.write(drafts.mine, left.append)
    qtbot.waitUntil(lambda: left == [[]])
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


def test_half_a_new_name_for_a_word_comes_back(
    qtbot: QtBot, page: SettingsPage, team: WordsSection, heard: Heard
) -> None:
    def renaming() -> RenamePopover:
        rows(team)[0].rename.click()  # type: ignore[attr-defined]  # a row of the list
        left: list[object] = []
        page.desk.jobs.write(drafts.mine, left.append)
        qtbot.waitUntil(lambda: bool(left))
        return next(one for one in page.findChildren(RenamePopover) if one.isVisible())

    popover = renaming()
    shorter = popover.line.text()[:-1]
    qtbot.keyClick(popover.line, Qt.Key.Key_End)
    qtbot.keyClick(popover.line, Qt.Key.Key_Backspace)
    qtbot.keyClick(popover.line, Qt.Key.Key_Escape)
    popover = renaming()
    assert popover.line.text() == shorter
    popover.keep.click()
    assert renaming().line.text() != shorter


def left(qtbot: QtBot, desk: Desk) -> list[drafts.Draft]:
    """Return the drafts that lie in the home, once everything is written."""
    found: list[list[drafts.Draft]] = []
    desk.jobs.write(drafts.mine, found.append)
    qtbot.waitUntil(lambda: bool(found))
    return found[0]


def renaming(qtbot: QtBot, page: SettingsPage, team: WordsSection) -> RenamePopover:
    """Ask what the first word is to be called."""
    rows(team)[0].rename.click()  # type: ignore[attr-defined]  # a row of the list
    left(qtbot, page.desk)
    return next(one for one in page.findChildren(RenamePopover) if one.isVisible())


def test_a_name_that_comes_back_is_typed_over(
    qtbot: QtBot, page: SettingsPage, team: WordsSection
) -> None:
    popover = renaming(qtbot, page, team)
    qtbot.keyClicks(popover.line, "Early shi")
    qtbot.keyClick(popover.line, Qt.Key.Key_Escape)
    popover = renaming(qtbot, page, team)
    assert popover.line.text() == "Early shi"
    assert "You typed this " in popover.line.accessibleDescription()
    qtbot.keyClicks(popover.line, "Night shift")
    assert popover.line.text() == "Night shift"


def test_a_name_that_is_typed_at_once_is_not_put_behind_what_lies_there(
    qtbot: QtBot, page: SettingsPage, team: WordsSection
) -> None:
    popover = renaming(qtbot, page, team)
    qtbot.keyClicks(popover.line, "Early shi")
    qtbot.keyClick(popover.line, Qt.Key.Key_Escape)
    left(qtbot, page.desk)
    for closes in (True, False):
        with writing_held(page.desk.jobs):
            rows(team)[0].rename.click()  # type: ignore[attr-defined]  # a row of the list
            popover = next(one for one in page.findChildren(RenamePopover) if one.isVisible())
            qtbot.keyClicks(popover.line, "Night shift")
            if closes:
                qtbot.keyClick(popover.line, Qt.Key.Key_Escape)
        (draft,) = left(qtbot, page.desk)
        assert draft.typed == {"label": "Night shift"}
    assert popover.line.text() == "Night shift"


def test_a_name_that_was_given_leaves_no_draft_though_it_had_to_wait(
    qtbot: QtBot, page: SettingsPage, team: WordsSection, heard: Heard
) -> None:
    page.desk.jobs.changed.connect(lambda _: page.refresh())
    with writing_held(page.desk.jobs):
        rows(team)[0].rename.click()  # type: ignore[attr-defined]  # a row of the list
        popover = next(one for one in page.findChildren(RenamePopover) if one.isVisible())
        qtbot.keyClicks(popover.line, "Early shift")
        popover.save_button.click()
        # nor is anything typed into it while it is done, or asked for twice
        qtbot.keyClicks(popover.line, "s")
        qtbot.keyClick(popover.line, Qt.Key.Key_Return)
        qtbot.keyClick(popover.line, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: "Early shift" in labels(team))
    assert left(qtbot, page.desk) == []
    assert len(heard.said) == 1


def test_a_name_that_could_be_neither_given_nor_kept_is_kept_once_there_is_room(
    qtbot: QtBot,
    page: SettingsPage,
    team: WordsSection,
    heard: Heard,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    popover = renaming(qtbot, page, team)
    unkept: list[UserError] = []
    page.desk.unkept.connect(unkept.append)
    with monkeypatch.context() as patch:

        def full(*_: object, **__: object) -> None:
            raise UserError("The disk is full.", code="disk-full")

        patch.setattr(lying, "keep", full)
        patch.setattr(words, "rename", full)
        qtbot.keyClicks(popover.line, "Early shift")
        popover.save_button.click()
        qtbot.waitUntil(lambda: bool(popover.field.error))
        assert len(unkept) == 1
        # as a lock does, which then has to wait
        page.desk.keeping.emit()
        left(qtbot, page.desk)
        assert len(unkept) == 2
    page.desk.keeping.emit()
    assert [one.typed for one in left(qtbot, page.desk)] == [{"label": "Early shift"}]
    assert not popover.line.isReadOnly()


def test_a_new_word_waits_for_the_list_it_was_typed_for(
    qtbot: QtBot, page: SettingsPage, team: WordsSection
) -> None:
    first = team._lists[0].vocabulary
    assert first != "team"
    left(qtbot, page.desk)
    qtbot.keyClicks(team.line, "Night sister")
    page.desk.keeping.emit()
    left(qtbot, page.desk)
    page.hide()

    again = SettingsPage(page.desk)
    qtbot.addWidget(again)
    again.show()
    section = again.open_section("words")
    assert isinstance(section, WordsSection)
    qtbot.waitUntil(lambda: bool(section._lists))
    left(qtbot, page.desk)
    assert (section.list.value, section.line.text()) == (first, "")
    section.show_list("team")
    left(qtbot, page.desk)
    assert section.line.text() == "Night sister"
    assert "You typed this " in section.line.accessibleDescription()
    section.show_list(first)
    assert (section.line.text(), section.line.accessibleDescription()) == ("", "")
    section.show_list("team")
    left(qtbot, page.desk)
    assert section.line.text() == "Night sister"


def test_a_new_word_that_is_being_typed_goes_along_to_another_list(
    qtbot: QtBot, page: SettingsPage, team: WordsSection
) -> None:
    first = team._lists[0].vocabulary
    left(qtbot, page.desk)
    qtbot.keyClicks(team.line, "Night sister")
    page.desk.keeping.emit()
    left(qtbot, page.desk)
    team.show_list(first)
    assert team.line.text() == "Night sister"
    left(qtbot, page.desk)
    page.desk.keeping.emit()
    (draft,) = left(qtbot, page.desk)
    assert draft.about.page.endswith(f"/{first}")
    assert draft.typed == {"word": "Night sister"}


def test_the_next_word_is_typed_while_one_is_being_added(
    qtbot: QtBot, page: SettingsPage, team: WordsSection, heard: Heard
) -> None:
    left(qtbot, page.desk)
    with writing_held(page.desk.jobs):
        qtbot.keyClicks(team.line, "Bank staff")
        qtbot.keyClick(team.line, Qt.Key.Key_Return)
        team.line.selectAll()
        qtbot.keyClicks(team.line, "Night sister")
    qtbot.waitUntil(lambda: "Bank staff added." in heard.said)
    assert team.line.text() == "Night sister"
    page.desk.keeping.emit()
    assert [one.typed for one in left(qtbot, page.desk)] == [{"word": "Night sister"}]


def test_a_rename_that_waits_is_done_though_its_question_is_closed(
    qtbot: QtBot, page: SettingsPage, team: WordsSection, heard: Heard
) -> None:
    page.desk.jobs.changed.connect(lambda _: page.refresh())
    goes_on = threading.Event()
    # something long is written before it
    page.desk.jobs.write(lambda _: goes_on.wait(20))
    rows(team)[0].rename.click()  # type: ignore[attr-defined]  # a row of the list
    popover = next(iter(page.findChildren(RenamePopover)))
    popover.line.setText("Early shift")
    popover.save_button.click()
    qtbot.keyClick(popover.line, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not isValid(popover))
    with qtbot.captureExceptions() as raised:
        goes_on.set()
        qtbot.waitUntil(lambda: "Early shift" in labels(team))
        qtbot.waitUntil(lambda: page.desk.jobs.is_idle)
    assert raised == []
    assert "now called Early shift" in heard.said[-1]


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
