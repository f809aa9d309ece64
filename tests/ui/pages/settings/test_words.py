"""Lists of words: added, renamed, given up, no longer offered, and what is typed comes back."""

from __future__ import annotations

import threading
from functools import partial

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from liaison.errors import UserError
from liaison.services import drafts, words
from liaison.services.homes import OpenHome
from liaison.store import drafts as lying
from liaison.ui import theme
from liaison.ui.desk import Desk
from liaison.ui.pages.settings.page import SettingsPage
from liaison.ui.pages.settings.words import RenamePopover, WordsSection
from liaison.ui.widgets import Elided
from tests.ui.parts.conftest import Heard, writing_held


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


def test_a_word_that_is_renamed_is_named(
    qtbot: QtBot, page: SettingsPage, team: WordsSection
) -> None:
    popover = renaming(qtbot, page, team)
    title = f"Rename “{labels(team)[0]}”"
    assert title in [one.text() for one in popover.findChildren(QLabel) if one.isVisible()]


def test_a_new_word_is_given_up_with_its_button(
    qtbot: QtBot, page: SettingsPage, team: WordsSection
) -> None:
    left(qtbot, page.desk)
    assert not team.cancel.isEnabled()
    qtbot.keyClicks(team.line, "Night sister")
    page.desk.keeping.emit()
    assert len(left(qtbot, page.desk)) == 1
    qtbot.mouseClick(team.cancel, Qt.MouseButton.LeftButton)
    assert (team.line.text(), team.line.hasFocus()) == ("", True)
    assert not team.cancel.isEnabled()
    assert left(qtbot, page.desk) == []
    # the next one is kept like any
    qtbot.keyClicks(team.line, "Day sister")
    page.desk.keeping.emit()
    (draft,) = left(qtbot, page.desk)
    assert draft.typed == {"word": "Day sister"}


def test_whoever_comes_back_to_a_new_word_is_told_when_it_was_typed(
    qtbot: QtBot, page: SettingsPage, team: WordsSection
) -> None:
    left(qtbot, page.desk)
    qtbot.keyClicks(team.line, "Night sister")
    assert team.line.accessibleDescription() == ""
    page.open_section("about")
    page.open_section("words")
    qtbot.waitUntil(lambda: "You typed this " in team.line.accessibleDescription())
    assert team.line.text() == "Night sister"
    qtbot.keyClicks(team.line, "s")
    assert team.line.accessibleDescription() == ""
    page.open_section("about")
    page.open_section("words")
    qtbot.waitUntil(lambda: "You typed this " in team.line.accessibleDescription())
    team.cancel.click()
    assert team.line.accessibleDescription() == ""
    page.open_section("about")
    page.open_section("words")
    left(qtbot, page.desk)
    assert team.line.accessibleDescription() == ""


def test_the_buttons_beside_a_new_word_are_as_high_as_its_field(
    page: SettingsPage, team: WordsSection
) -> None:
    for scale in (1.0, 2.0):
        theme.current().resize(scale)
        QApplication.processEvents()
        across = [span(part, page) for part in (team.line, team.cancel, team.add)]
        assert len(set(across)) == 1, across
    theme.current().resize(1.0)


def span(part: QWidget, page: QWidget) -> tuple[int, int]:
    """Return where a part begins and ends from top to bottom."""
    top = part.mapTo(page, QPoint(0, 0)).y()
    return top, top + part.height()


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_a_word_begins_where_its_row_does_and_its_buttons_end_there(
    qtbot: QtBot, page: SettingsPage, team: WordsSection, scale: float
) -> None:
    theme.current().resize(scale)
    row = rows(team)[0]
    assert isinstance(row, QWidget)
    word = row.findChild(Elided)
    assert word is not None

    def fills() -> bool:
        end = row.turn.geometry().right()  # type: ignore[attr-defined]  # a row of the list
        return word.mapTo(row, QPoint(0, 0)).x() == 0 and end == row.width() - 1

    qtbot.waitUntil(fills)
    theme.current().resize(1.0)
