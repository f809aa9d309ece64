"""The residents' page, as people use it: the list, one resident, and what is opened from there."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from liaison.errors import UserError
from liaison.records.casework import Concern, Visit, VisitEntry
from liaison.records.directory import ContactAttempt
from liaison.records.home import Resident
from liaison.services import editing, visits
from liaison.services.homes import OpenHome
from liaison.ui import theme
from liaison.ui.desk import Desk
from liaison.ui.pages import PAGES
from liaison.ui.pages.residents import ResidentsPage
from liaison.ui.pages.residents.timeline import Asked, TimelineView
from liaison.ui.parts.card import RecordCard
from liaison.ui.parts.form import RecordForm
from liaison.ui.shell.shell import Shell
from liaison.ui.widgets import FilterChip, Text
from tests.ui.names import nameless
from tests.ui.parts.conftest import NOW, Heard, Ids

MANY = 130


def write(qtbot: QtBot, desk: Desk, work: object) -> None:
    done: list[bool] = []
    desk.jobs.write(work, lambda _: done.append(True))  # type: ignore[arg-type]  # writes, all of them
    qtbot.waitUntil(lambda: bool(done))


def many_calls(home: OpenHome, resident: int, number: int = MANY) -> None:
    with home.unit("many calls") as unit:
        for hours in range(number):
            at = NOW - dt.timedelta(hours=1 + hours)
            unit.add(ContactAttempt(at=at, resident=resident, reached=True, note=f"{hours}."))


@pytest.fixture
def shell(qtbot: QtBot, desk: Desk, heard: Heard) -> Shell:
    """The window with the pages about people."""
    pages = {name: PAGES[name] for name in ("residents", "directory", "staff")}
    made = Shell(desk, "Willow House", pages)
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def page_of(shell: Shell) -> ResidentsPage:
    assert isinstance(shell.page, ResidentsPage)
    return shell.page


def open_list(qtbot: QtBot, shell: Shell) -> ResidentsPage:
    with qtbot.waitSignal(shell.page_filled):
        shell.go("residents")
    return page_of(shell)


def open_resident(qtbot: QtBot, shell: Shell, identity: int) -> ResidentsPage:
    shell.go("residents")
    page = page_of(shell)
    with qtbot.waitSignal(page.view.shown):
        shell.desk.open("resident", identity)
    return page


def said(part: QWidget) -> list[str]:
    return [text.text() for text in part.findChildren(Text) if text.isVisible()]


def chips(page: ResidentsPage) -> dict[str, FilterChip]:
    return {c.words: c for c in page.view.chips.findChildren(FilterChip) if c.isVisible()}


# ---- the list


def test_a_click_on_a_name_opens_that_resident_and_back_leads_to_the_list(
    qtbot: QtBot, shell: Shell, ids: Ids
) -> None:
    page = open_list(qtbot, shell)
    qtbot.waitUntil(lambda: page.list.model.rowCount() == 2)
    row = page.list.model.find(ids.other_dorothy)
    place = page.list.table.visualRect(page.list.model.index(row, 0)).center()
    with qtbot.waitSignal(page.view.shown):
        qtbot.mouseClick(page.list.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert page.stack.currentWidget() is page.view
    assert "Room 7 · born 9 May 1941, 85" in said(page.view)
    shell.back()
    assert page.stack.currentWidget() is page._lists
    assert page.list.table.hasFocus()


def test_the_sidebar_leads_to_the_list_from_anywhere(qtbot: QtBot, shell: Shell, ids: Ids) -> None:
    page = open_resident(qtbot, shell, ids.dorothy)
    shell.sidebar.chosen.emit("residents")
    assert page.stack.currentWidget() is page._lists


def test_those_who_left_are_in_a_list_of_their_own(qtbot: QtBot, shell: Shell, ids: Ids) -> None:
    def leave(home: OpenHome) -> None:
        loaded = home.store.load("resident", ids.other_dorothy)
        assert loaded is not None
        gone = dataclasses.replace(loaded.record, left_on=dt.date(2026, 10, 1))  # type: ignore[call-arg]  # a resident
        editing.save(home, loaded, gone)

    write(qtbot, shell.desk, leave)
    page = open_list(qtbot, shell)
    qtbot.waitUntil(lambda: page.list.model.rowCount() == 1)
    assert page.list.model.find(ids.dorothy) == 0
    page.who.set_value("left")
    page.who.changed.emit("left")
    qtbot.waitUntil(lambda: page.list.model.find(ids.other_dorothy) == 0)


def test_a_new_resident_is_added_and_shown_at_once(
    qtbot: QtBot, shell: Shell, heard: Heard
) -> None:
    page = open_list(qtbot, shell)
    qtbot.keyClick(page, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    form = page.room.currentWidget()
    assert isinstance(form, RecordForm)
    qtbot.waitUntil(lambda: form.fields is not None)
    assert form.fields is not None
    qtbot.keyClicks(form.fields.editor("name").control, "Joan Tully")
    with qtbot.waitSignal(page.view.shown):
        form.save_button.click()
    assert "Joan Tully" in said(page.view)
    assert "Joan Tully saved." in heard.said


def test_a_home_without_residents_says_how_they_come(qtbot: QtBot, shell: Shell, ids: Ids) -> None:
    def empty(home: OpenHome) -> None:
        for who in (ids.dorothy, ids.other_dorothy):
            record = home.store.get("resident", who)
            assert record is not None
            editing.archive(home, record, "entered by mistake")

    write(qtbot, shell.desk, empty)
    page = open_list(qtbot, shell)
    qtbot.waitUntil(page.list.nothing.isVisible)
    assert "No residents yet" in said(page)
    page.list.nothing.button.click()
    assert isinstance(page.room.currentWidget(), RecordForm)


# ---- one resident


def test_chips_count_what_happened_and_leave_one_kind(qtbot: QtBot, shell: Shell, ids: Ids) -> None:
    write(qtbot, shell.desk, lambda home: many_calls(home, ids.dorothy, 3))
    page = open_resident(qtbot, shell, ids.dorothy)
    shown = chips(page)
    names = [chip.accessibleName() for chip in shown.values()]
    assert names == ["Everything, 4", "Visits, 1", "Calls, 3"]
    assert shown["Everything"].isChecked()
    with qtbot.waitSignal(page.view.shown):
        qtbot.mouseClick(shown["Calls"], Qt.MouseButton.LeftButton)
    assert {item.type for item in page.view.timeline.items.items} == {"contact_attempt"}
    assert not shown["Everything"].isChecked()
    with qtbot.waitSignal(page.view.shown):
        qtbot.mouseClick(shown["Calls"], Qt.MouseButton.LeftButton)
    assert page.view.timeline.items.rowCount() == 4


def test_the_timeline_is_read_on_as_its_end_comes_near(
    qtbot: QtBot, shell: Shell, ids: Ids
) -> None:
    write(qtbot, shell.desk, lambda home: many_calls(home, ids.dorothy))
    page = open_resident(qtbot, shell, ids.dorothy)
    items = page.view.timeline.items
    assert items.rowCount() < MANY
    bar = page.view.timeline.verticalScrollBar()

    def at_end() -> bool:
        bar.setValue(bar.maximum())
        return items.complete

    qtbot.waitUntil(at_end)
    assert items.rowCount() == MANY + 1
    notes = [item.text for item in items.items if item.type == "contact_attempt"]
    assert notes == [f"{'Out of hours. ' * (not f)}{n}." for n, f in in_hours()]


def in_hours() -> list[tuple[int, bool]]:
    from liaison.records.rules.hours import out_of_hours

    moments = [NOW - dt.timedelta(hours=1 + n) for n in range(MANY)]
    return [(n, not out_of_hours(at)) for n, at in enumerate(moments)]


def test_something_new_leaves_the_place_in_the_timeline(
    qtbot: QtBot, shell: Shell, ids: Ids
) -> None:
    write(qtbot, shell.desk, lambda home: many_calls(home, ids.dorothy))
    page = open_resident(qtbot, shell, ids.dorothy)
    view = page.view.timeline
    view.setCurrentIndex(view.items.index(20, 0))
    current = view.items.items[20].id
    view.verticalScrollBar().setValue(700)
    visit = Visit(at=NOW + dt.timedelta(minutes=1), kind="visit")
    note = VisitEntry(resident=ids.dorothy, found="Well.")
    with qtbot.waitSignal(page.view.shown):
        shell.desk.jobs.write(lambda home: visits.record_visit(home, visit, [note]))
    assert view.items.items[0].text == "Well."
    assert view.items.items[view.currentIndex().row()].id == current
    assert view.verticalScrollBar().value() == 700


def test_an_item_opens_by_click_and_by_enter(
    qtbot: QtBot, shell: Shell, heard: Heard, ids: Ids
) -> None:
    page = open_resident(qtbot, shell, ids.dorothy)
    view = page.view.timeline
    heard.opened.clear()
    place = view.visualRect(view.items.index(0, 0)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert heard.opened == [("visit_entry", ids.entry)]
    heard.opened.clear()
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert heard.opened == [("visit_entry", ids.entry)]


def test_a_concern_opens_with_its_resident_behind_it(qtbot: QtBot, shell: Shell, ids: Ids) -> None:
    added: list[int] = []
    concern = Concern(resident=ids.dorothy, raised_by=ids.moira, raised_at=NOW, situation="Coughs.")
    write(qtbot, shell.desk, lambda home: added.append(editing.add(home, concern)[0]))
    shell.go("residents")
    page = page_of(shell)
    with qtbot.waitSignal(page.view.shown):
        page.show_record("concern", added[0])
    card = page.room.findChild(RecordCard)
    assert card is not None
    qtbot.waitUntil(lambda: "Coughs." in said(card))
    qtbot.keyClick(page.room.currentWidget(), Qt.Key.Key_Escape)
    assert page.stack.currentWidget() is page.view
    assert page.view.resident == ids.dorothy


def test_details_lead_to_all_fields_and_back(qtbot: QtBot, shell: Shell, ids: Ids) -> None:
    page = open_resident(qtbot, shell, ids.dorothy)
    page.view.head.details.click()
    card = page.room.findChild(RecordCard)
    assert card is not None
    qtbot.waitUntil(lambda: "Date of birth" in said(card))
    card.history_asked.emit("resident", ids.dorothy)
    assert page.room.count() == 2
    page.room.back()
    page.room.back()
    assert page.stack.currentWidget() is page.view


def test_a_visit_is_recorded_for_the_resident_who_is_shown(
    qtbot: QtBot, shell: Shell, ids: Ids
) -> None:
    page = open_resident(qtbot, shell, ids.dorothy)
    with qtbot.waitSignal(shell.desk.went) as went:
        page.view.head.record.click()
    assert went.args == ["record-visit", {"resident": ids.dorothy}]


def test_who_left_long_ago_is_shown_with_everything(qtbot: QtBot, shell: Shell, ids: Ids) -> None:
    long_ago = ContactAttempt(
        at=NOW - dt.timedelta(days=500), resident=ids.other_dorothy, reached=True
    )
    write(qtbot, shell.desk, lambda home: editing.add(home, long_ago))
    page = open_resident(qtbot, shell, ids.other_dorothy)
    assert page.view.period.value is None
    assert page.view.timeline.items.rowCount() == 1
    page.view.period.set_value(3)
    with qtbot.waitSignal(page.view.shown):
        page.view.period.changed.emit(3)
    assert "Nothing in this period" in said(page.view)
    with qtbot.waitSignal(page.view.shown):
        page.view.nothing.button.click()
    assert page.view.timeline.isVisible()


def test_somebody_to_whom_nothing_happened_yet_is_no_empty_page(
    qtbot: QtBot, shell: Shell, ids: Ids
) -> None:
    page = open_resident(qtbot, shell, ids.other_dorothy)
    assert "Nothing has happened yet" in said(page.view)
    assert page.view.nothing.button.isHidden()


def test_what_cannot_be_read_is_said_and_what_was_there_stays(
    qtbot: QtBot, shell: Shell, ids: Ids, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_resident(qtbot, shell, ids.dorothy)

    def broken(*_: object, **__: object) -> None:
        raise UserError("The disk could not be read.")

    with monkeypatch.context() as patch:
        patch.setattr("liaison.ui.pages.residents.facts.resident", broken)
        page.view.refresh()
        qtbot.waitUntil(page.view.trouble.isVisible)
    assert "Dorothy Hale" in said(page.view)
    page.view.trouble.button.click()
    qtbot.waitUntil(page.view.trouble.isHidden)


def test_a_reader_may_look_and_not_write(qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids) -> None:
    desk.person = dataclasses.replace(desk.person, role="reader")
    page = ResidentsPage(desk)
    qtbot.addWidget(page)
    page.show()
    with qtbot.waitSignal(page.view.shown):
        page.show_record("resident", ids.dorothy)
    assert page.add.isHidden()
    assert page.view.head.change.isHidden()
    assert page.view.head.record.isHidden()


def test_every_control_has_a_name(qtbot: QtBot, shell: Shell, ids: Ids) -> None:
    page = open_list(qtbot, shell)
    assert nameless(page) == []
    page = open_resident(qtbot, shell, ids.dorothy)
    assert nameless(page) == []
    index = page.view.timeline.items.index(0, 0)
    words = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert words == (
        "Visit: Grace Adeyemi, district nurse. Today 10:41. Raised: Left shin\nHealing. "
        "Written by Kate Morgan"
    )


@pytest.mark.parametrize("scale", [1.0, 1.4, 2.0])
@pytest.mark.parametrize("look", ["light", "dark"])
def test_large_text_stacks_and_never_widens_the_window(
    qtbot: QtBot, shell: Shell, ids: Ids, look: str, scale: float
) -> None:
    page = open_resident(qtbot, shell, ids.dorothy)
    theme.current().choose(look)
    theme.current().resize(scale)
    timeline, side = page.view.timeline, page.view.side
    below = (
        side.mapTo(page, side.rect().topLeft()).y()
        > timeline.mapTo(page, timeline.rect().topLeft()).y()
    )
    assert below == (scale >= 1.4)
    assert page.minimumSizeHint().height() < 768 - theme.px(56)
    assert not page.grab().isNull()


def test_long_and_right_to_left_names_are_shortened_not_cut(
    qtbot: QtBot, shell: Shell, ids: Ids
) -> None:
    added: list[int] = []
    names = ("Wolfeschlegelsteinhausenbergerdorff " * 5, "שרה כהן")
    for name in names:
        resident = Resident(name=name.strip())
        write(qtbot, shell.desk, lambda home, r=resident: added.append(editing.add(home, r)[0]))
    for identity in added:
        page = open_resident(qtbot, shell, identity)
        assert page.view.head.width() <= page.width()
        assert not page.grab().isNull()


def test_rows_are_as_high_as_their_words_need_at_any_width(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    long = ContactAttempt(at=NOW, resident=ids.other_dorothy, reached=True, note="word " * 60)
    write(qtbot, desk, lambda home: editing.add(home, long))
    view = TimelineView(desk.jobs, "Timeline")
    qtbot.addWidget(view)
    view.resize(900, 400)
    view.show()
    with qtbot.waitSignal(view.items.arrived):
        view.show_timeline(Asked(ids.other_dorothy, (), None, NOW.date()), from_top=True)
    wide = view.rowHeight(0)
    view.resize(420, 400)
    assert view.rowHeight(0) > wide
