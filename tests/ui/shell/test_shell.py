"""The shell: where one can go, what is said, what the keys do."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from liaison.errors import UserError
from liaison.records.casework import Visit, VisitEntry
from liaison.records.home import Resident
from liaison.services import editing
from liaison.services.homes import OpenHome
from liaison.ui import theme
from liaison.ui.page import Page
from liaison.ui.shell import places
from liaison.ui.shell.finding import Group, look_for
from liaison.ui.shell.shell import Shell
from liaison.ui.shell.sidebar import NARROW, SideItem
from tests.ui.names import nameless
from tests.ui.running import Running, Starter
from tests.ui.shell.pages import PAGES, Residents, Today

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def running(start: Starter, home_folder: Path) -> Running:
    return start(home_folder)


@pytest.fixture
def shell(running: Running) -> Shell:
    return running.unlock()


def add_resident(shell: Shell, qtbot: QtBot, name: str) -> int:
    added: list[int] = []
    shell.desk.jobs.write(lambda home: editing.add(home, Resident(name=name))[0], added.append)
    qtbot.waitUntil(lambda: bool(added))
    return added[0]


@pytest.mark.parametrize(
    ("role", "listed"),
    [
        ("carer", ["today", "record-visit", "residents"]),
        ("senior", ["today", "record-visit", "visits", "residents"]),
        ("manager", ["today", "residents", "visits", "reports"]),
        ("reader", ["today", "visits", "residents", "reports"]),
        ("somebody new", ["today", "visits", "residents", "reports"]),
    ],
)
def test_the_sidebar_lists_what_a_role_sees_and_what_is_there(role: str, listed: list[str]) -> None:
    there = frozenset({"today", "record-visit", "residents", "visits", "reports"})
    groups = places.groups(role, there)
    assert [place.page for group in groups for place in group.places] == listed
    assert all(group.places for group in groups)


def test_every_type_that_is_shown_somewhere_is_a_type() -> None:
    from liaison.records import all_specs

    assert set(places.SHOWN_ON) <= set(all_specs())


def test_only_pages_that_exist_are_listed_and_the_open_one_is_marked(shell: Shell) -> None:
    assert shell.sidebar.pages == ("today", "residents", "directory", "reports")
    shell.go("residents", {"filter": "all"})
    marked = [name for name in shell.sidebar.pages if _item(shell, name).isChecked()]
    assert marked == ["residents"]
    assert isinstance(shell.page, Residents)
    assert shell.page.shown == [{"filter": "all"}]


def _item(shell: Shell, name: str) -> SideItem:
    item = shell.sidebar.item(name)
    assert item is not None
    return item


def test_a_page_without_an_item_marks_what_it_belongs_to(shell: Shell) -> None:
    shell.sidebar.show_open("referrals")
    assert _item(shell, "residents").isChecked()
    shell.sidebar.show_open("today")
    assert not _item(shell, "residents").isChecked()


def test_clicking_the_open_page_leaves_it_marked(shell: Shell, qtbot: QtBot) -> None:
    qtbot.mouseClick(_item(shell, "today"), Qt.MouseButton.LeftButton)
    assert _item(shell, "today").isChecked()
    qtbot.mouseClick(_item(shell, "residents"), Qt.MouseButton.LeftButton)
    assert _item(shell, "residents").isChecked()
    assert not _item(shell, "today").isChecked()


def test_a_count_is_shown_and_said(shell: Shell) -> None:
    shell.desk.count("residents", 14)
    assert _item(shell, "residents").accessibleName() == "Residents, 14 waiting"
    shell.desk.count("residents", 0)
    assert _item(shell, "residents").accessibleName() == "Residents"


def test_keys_go_to_pages_and_back(running: Running, shell: Shell, qtbot: QtBot) -> None:
    running.active()
    qtbot.keyClick(shell, Qt.Key.Key_2, CTRL)
    assert isinstance(shell.page, Residents)
    qtbot.keyClick(shell, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert isinstance(shell.page, Today)


def test_a_page_of_other_roles_or_none_at_all_is_said_so(shell: Shell) -> None:
    shell.desk.go("directory")
    assert isinstance(shell.page, Today)
    assert "other roles" in shell.banner.accessibleName()
    shell.desk.go("nowhere")
    assert "no page for this" in shell.banner.accessibleName()


def test_a_page_that_breaks_is_a_fault_and_the_window_goes_on(
    running: Running, shell: Shell, qtbot: QtBot
) -> None:
    with qtbot.captureExceptions() as raised:
        shell.sidebar.chosen.emit("reports")
    assert [kind for kind, *_ in raised] == [ZeroDivisionError]
    assert isinstance(shell.page, Today)
    shell.go("residents")
    assert isinstance(shell.page, Residents)


def test_the_first_page_belongs_to_the_window_even_if_another_is_gone_to_at_once(
    running: Running, shell: Shell
) -> None:
    other = Shell(shell.desk, "Willow House", PAGES, "today")
    running.qtbot.addWidget(other)
    other.go("residents")
    assert other.built == ("today", "residents")
    assert [page.name for page in other.findChildren(Page)] == ["today", "residents"]
    assert other.page is not None
    assert other.page.name == "residents"


def test_a_record_opens_on_the_page_of_its_type(shell: Shell) -> None:
    # ids have 63 bits: one that a C int would cut must arrive whole
    shell.desk.open("resident", 2**62 + 5)
    assert isinstance(shell.page, Residents)
    assert shell.page.shown == [("resident", 2**62 + 5)]


def test_search_finds_while_typing_and_enter_opens(
    running: Running, shell: Shell, qtbot: QtBot
) -> None:
    margaret = add_resident(shell, qtbot, "Margaret Ellis")
    add_resident(shell, qtbot, "Arthur Finch")
    running.active()
    qtbot.keyClick(shell, Qt.Key.Key_K, CTRL)
    assert shell.search.hasFocus()
    qtbot.keyClicks(shell.search, "marg")
    qtbot.waitUntil(shell.search.hits.isVisible)
    assert shell.search.hits.titles == ["Margaret Ellis"]
    qtbot.keyClick(shell.search, Qt.Key.Key_Return)
    assert isinstance(shell.page, Residents)
    assert shell.page.shown == [("resident", margaret)]
    assert not shell.search.hits.isVisible()
    assert shell.search.text() == ""
    assert not shell.search.hasFocus(), "the keyboard belongs to the page"


def test_a_struck_note_is_found_after_valid_ones_and_says_so(
    running: Running, shell: Shell, qtbot: QtBot
) -> None:
    found: list[tuple[Group, ...]] = []

    def write(home: OpenHome) -> tuple[Group, ...]:
        who, _ = editing.add(home, Resident(name="Mary Ellis", room="4"))
        at = dt.datetime(2026, 11, 22, 14, 20, tzinfo=dt.UTC)
        visit, _ = editing.add(home, Visit(at=at, kind="visit"))
        for words in ("Dressing stands", "Dressing struck"):
            note, _ = editing.add(home, VisitEntry(visit=visit, resident=who, found=words))
        struck = home.store.get("visit_entry", note)
        assert struck is not None
        editing.strike(home, struck, "Wrong resident")
        return look_for(home.store, "dressing", ["visit_entry"])

    shell.desk.jobs.write(write, found.append)
    qtbot.waitUntil(lambda: bool(found))
    (group,) = found[0]
    assert [(hit.words, hit.struck) for hit in group.hits] == [
        ("Dressing stands", False),
        ("Dressing struck", True),
    ]
    assert group.hits[0].title.startswith("Mary Ellis, room 4, ")
    assert group.hits[0].title.count("Mary Ellis") == 1
    assert group.hits[0].title.count("22 Nov 2026") == 1
    hits = shell.search.hits
    hits.show_groups(found[0], "dressing")
    last = hits._list.item(2).data(Qt.ItemDataRole.AccessibleTextRole)
    assert last.startswith("Struck through, Mary Ellis")
    assert not hits.grab().isNull()


def test_search_says_when_there_is_nothing_and_escape_closes(
    running: Running, shell: Shell, qtbot: QtBot
) -> None:
    running.active()
    shell.search.setFocus()
    qtbot.keyClicks(shell.search, "xyz")
    qtbot.waitUntil(shell.search.hits.isVisible)
    assert shell.search.hits.titles == []
    qtbot.keyClick(shell.search, Qt.Key.Key_Escape)
    assert not shell.search.hits.isVisible()
    assert shell.search.text() == "xyz"
    qtbot.keyClick(shell.search, Qt.Key.Key_Escape)
    assert shell.search.text() == ""


def test_arrow_keys_walk_through_the_hits(running: Running, shell: Shell, qtbot: QtBot) -> None:
    first = add_resident(shell, qtbot, "Mary One")
    add_resident(shell, qtbot, "Mary Two")
    running.active()
    shell.search.setFocus()
    qtbot.keyClicks(shell.search, "mary")
    qtbot.waitUntil(shell.search.hits.isVisible)
    assert shell.search.hits.titles == ["Mary Two", "Mary One"]
    qtbot.keyClick(shell.search, Qt.Key.Key_Down)
    qtbot.keyClick(shell.search, Qt.Key.Key_Return)
    assert isinstance(shell.page, Residents)
    assert shell.page.shown == [("resident", first)]


def test_a_piece_from_the_middle_of_a_name_is_found(
    running: Running, shell: Shell, qtbot: QtBot
) -> None:
    add_resident(shell, qtbot, "Anneliese Featherstonehaugh")
    running.active()
    shell.search.setFocus()
    qtbot.keyClicks(shell.search, "erstone")
    qtbot.waitUntil(shell.search.hits.isVisible)
    assert shell.search.hits.titles == ["Anneliese Featherstonehaugh"]


def test_trouble_is_a_banner_with_what_is_kept_and_what_to_do(shell: Shell) -> None:
    error = UserError("The disk is full.", kept="Your words are kept.", do="Free some space.")
    shell.desk.trouble(error)
    assert shell.banner.accessibleName() == (
        "The disk is full. Your words are kept. Free some space."
    )
    assert shell.banner.isVisible()
    shell.desk.jobs.trouble.emit(UserError("The printer is gone."))
    assert shell.banner.accessibleName() == "The printer is gone."


def test_a_toast_takes_back_by_its_button_once(shell: Shell, qtbot: QtBot) -> None:
    undone: list[str] = []
    shell.desk.say("Visit saved.", lambda: undone.append("visit"))
    assert shell.said.toast is not None
    shell.said.toast.undone.emit()
    assert undone == ["visit"]
    shell.said.undo_last()
    assert undone == ["visit"]
    assert shell.said.toast is not None
    assert shell.said.toast.words == "There is nothing to take back."


def test_a_toast_goes_with_its_page_unless_it_came_with_the_change(
    shell: Shell, qtbot: QtBot
) -> None:
    shell.desk.say("Visit saved.", lambda: None)
    shell.go("residents")
    assert shell.said.toast is not None, "saved, and gone on to another page in one act"
    qtbot.waitUntil(lambda: not shell.said._just_said.isActive())
    shell.go("today")
    assert shell.said.toast is None


def test_a_toasts_undo_goes_when_something_else_is_typed(
    running: Running, shell: Shell, qtbot: QtBot
) -> None:
    assert isinstance(shell.page, Today)
    running.active()
    shell.desk.say("Visit saved.", lambda: None)
    shell.page.typed.setFocus()
    assert shell.said.toast is not None
    qtbot.keyClick(shell.page.typed, Qt.Key.Key_Left)
    assert shell.said.toast is not None
    qtbot.keyClicks(shell.page.typed, "w")
    assert shell.said.toast is None
    assert shell.page.typed.text() == "w"


def test_ctrl_z_takes_back_one_after_the_other(
    running: Running, shell: Shell, qtbot: QtBot
) -> None:
    undone: list[str] = []
    shell.desk.say("First.", lambda: undone.append("first"))
    shell.desk.say("Second.", lambda: undone.append("second"))
    shell.desk.say("By the way.")
    running.active()
    qtbot.keyClick(shell, Qt.Key.Key_Z, CTRL)
    qtbot.keyClick(shell, Qt.Key.Key_Z, CTRL)
    assert undone == ["second", "first"]


def test_ctrl_z_in_a_field_takes_back_typing_not_work(
    running: Running, shell: Shell, qtbot: QtBot
) -> None:
    undone: list[str] = []
    shell.desk.say("Saved.", lambda: undone.append("saved"))
    assert isinstance(shell.page, Today)
    typed = shell.page.typed
    running.active()
    typed.setFocus()
    qtbot.keyClicks(typed, "words")
    qtbot.keyClick(typed, Qt.Key.Key_Z, CTRL)
    assert undone == []
    assert typed.text() == ""


def test_the_header_says_what_is_saved(shell: Shell, qtbot: QtBot) -> None:
    assert shell.header.saved.text() == "Everything is saved"
    shell.desk.jobs.busy.emit(True)
    assert shell.header.saved.text() == "Saving..."
    shell.desk.jobs.busy.emit(False)
    assert shell.header.saved.text() == "Everything is saved"
    add_resident(shell, qtbot, "Margaret Ellis")
    qtbot.waitUntil(lambda: shell.header.saved.text().startswith("Saved on this PC at "))


def test_from_140_per_cent_or_in_a_narrow_window_the_sidebar_is_icons(
    running: Running, shell: Shell
) -> None:
    assert shell.sidebar.width() > NARROW
    theme.current().resize(1.4)
    assert shell.sidebar.width() == NARROW
    theme.current().resize(1.0)
    assert shell.sidebar.width() > NARROW
    running.app.frame.resize(900, 700)
    assert shell.sidebar.width() == NARROW


def test_keys_make_the_text_larger_and_smaller(
    running: Running, shell: Shell, qtbot: QtBot
) -> None:
    running.active()
    qtbot.keyClick(shell, Qt.Key.Key_Plus, CTRL)
    qtbot.waitUntil(lambda: theme.scale() == 1.1)
    for _ in range(2):
        qtbot.keyClick(shell, Qt.Key.Key_Plus, CTRL)
    for _ in range(4):
        qtbot.keyClick(shell, Qt.Key.Key_Minus, CTRL)
    # 130 per cent on the way is not laid out: each takes its time
    assert theme.scale() == 1.1
    qtbot.waitUntil(lambda: theme.scale() == 1.0)


def test_the_text_size_is_said_when_the_page_has_it(
    running: Running, shell: Shell, qtbot: QtBot
) -> None:
    running.active()
    at_size: list[float] = []
    qtbot.keyClick(shell, Qt.Key.Key_Plus, CTRL)
    assert shell.desk.settings.text_size == 110
    assert shell.said.toast is None, "the page is laid out a moment later"
    theme.current().changed.connect(lambda: at_size.append(theme.scale()))
    qtbot.waitUntil(lambda: shell.said.toast is not None)
    assert at_size in ([], [1.1])
    assert theme.scale() == 1.1
    assert shell.said.toast is not None
    assert shell.said.toast.words == "Text size 110 %."
    shell.said.toast.leave()
    qtbot.keyClick(shell, Qt.Key.Key_0, CTRL)
    assert shell.said.toast is None
    qtbot.waitUntil(lambda: shell.said.toast is not None)
    assert (theme.scale(), shell.said.toast.words) == (1.0, "Text size 100 %.")
    shell.said.toast.leave()
    # another look is no other size
    shell.header.person.click()
    assert shell.look is not None
    shell.look.controls.themes.changed.emit("dark")
    assert shell.said.toast is None
    shell.look.done()


def test_a_size_that_the_page_has_again_already_is_said_at_once(
    running: Running, shell: Shell, qtbot: QtBot
) -> None:
    running.active()
    qtbot.keyClick(shell, Qt.Key.Key_Plus, CTRL)
    qtbot.keyClick(shell, Qt.Key.Key_Minus, CTRL)
    assert theme.scale() == 1.0
    assert shell.said.toast is not None
    assert shell.said.toast.words == "Text size 100 %."


@pytest.mark.parametrize(("size", "focused"), [(100, "Larger text"), (200, "Smaller text")])
def test_where_the_text_size_is_asked_for_the_keyboard_begins_there(
    running: Running, shell: Shell, qtbot: QtBot, size: int, focused: str
) -> None:
    shell.desk.set(dataclasses.replace(shell.desk.settings, text_size=size))
    qtbot.waitUntil(lambda: theme.scale() == size / 100)
    running.active()
    _item(shell, "look").click()
    focus = QApplication.focusWidget()
    assert focus is not None
    assert focus.accessibleName() == focused
    assert shell.look is not None
    shell.look.done()
    # whoever presses their own name begins at the top
    shell.header.person.click()
    assert shell.look is not None
    assert shell.look.lock.hasFocus()
    shell.look.done()


def test_the_popover_of_the_name_switches_to_dark(shell: Shell) -> None:
    shell.header.person.click()
    assert shell.look is not None
    shell.look.controls.themes.changed.emit("dark")
    assert theme.tokens().dark
    assert shell.desk.settings.theme == "dark"
    shell.look.done()
    assert shell.look is None


def test_f1_shows_all_shortcuts_with_those_of_the_page(
    running: Running, shell: Shell, qtbot: QtBot
) -> None:
    running.active()
    qtbot.keyClick(shell, Qt.Key.Key_F1)
    sheets = [top for top in QApplication.topLevelWidgets() if isinstance(top, QDialog)]
    (sheet,) = [one for one in sheets if one.isVisible()]
    from liaison.ui.widgets import Text

    words = [text.text() for text in sheet.findChildren(Text)]
    assert "Save the day" in words
    assert {"Search", "Save what is open", "Add one to the list that is open"} <= set(words)
    assert nameless(sheet) == []
    sheet.accept()


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_every_control_of_the_shell_has_a_name(shell: Shell, scale: float) -> None:
    theme.current().resize(scale)
    shell.desk.say("Visit saved.", lambda: None)
    shell.trouble_words("The disk is full.")
    assert nameless(shell) == []


def test_no_page_at_all_is_an_empty_window_not_a_broken_one(
    start: Starter, home_folder: Path, qtbot: QtBot
) -> None:
    running = start(home_folder, pages={})
    from liaison.ui.threshold.unlock import UnlockScreen
    from tests import homes as made

    screen = running.scene(UnlockScreen)
    screen.password.setText(made.PASSWORD)
    screen.unlock()
    assert running.scene(Shell).page is None


def test_the_pages_of_the_program_can_all_be_loaded() -> None:
    from liaison.ui.page import Page
    from liaison.ui.pages import PAGES as REAL
    from liaison.ui.pages import page_class

    for name in REAL:
        made = page_class(name)
        assert issubclass(made, Page)
        assert made.name == name
    assert page_class("today", PAGES) is Today
