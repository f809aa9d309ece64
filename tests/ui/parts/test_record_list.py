"""Lists: never all rows, searched, filtered, sorted, their columns remembered."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from liaison.errors import UserError
from liaison.records import all_specs
from liaison.records.casework import Visit
from liaison.records.home import Resident
from liaison.services import editing
from liaison.services.lists import Sorting
from liaison.settings import Settings
from liaison.store.query import Condition
from liaison.ui import theme
from liaison.ui.desk import Desk
from liaison.ui.parts import model as models
from liaison.ui.parts.column_choice import ColumnPopover
from liaison.ui.parts.filters import FilterPopover
from liaison.ui.parts.model import BLOCK, STATE, LazyModel
from liaison.ui.parts.record_list import RecordList
from tests.ui.parts.conftest import NOW, Heard, Ids

MANY = 1_000


def listed(qtbot: QtBot, desk: Desk, type_name: str, **other: Any) -> RecordList:
    """Open a list and wait until it is read."""
    shown = RecordList(desk, type_name, **other)
    qtbot.addWidget(shown)
    shown.resize(1000, 600)
    with qtbot.waitSignal(shown.model.arrived):
        shown.show()
    shown.activateWindow()
    qtbot.waitUntil(lambda: bool(shown.count.text()) and shown.model.complete)
    return shown


def texts(shown: RecordList, column: int = 0) -> list[str]:
    model = shown.model
    return [str(model.index(row, column).data()) for row in range(model.rowCount())]


def again(qtbot: QtBot, shown: RecordList) -> None:
    with qtbot.waitSignal(shown.model.arrived):
        shown.refresh()


@pytest.fixture
def many(qtbot: QtBot, desk: Desk, ids: Ids) -> None:
    """Write a thousand visits."""

    def write(home: Any) -> bool:
        with home.unit() as unit:
            for number in range(MANY):
                at = NOW - dt.timedelta(hours=number + 1)
                unit.add(Visit(at=at, kind="phone", professional=ids.grace, status="planned"))
        return True

    done: list[bool] = []
    desk.jobs.write(write, done.append)
    qtbot.waitUntil(lambda: bool(done), timeout=20_000)


def test_a_list_shows_people_by_name_with_what_is_recorded(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    shown = listed(qtbot, desk, "resident")
    assert texts(shown) == ["Dorothy Hale", "Dorothy Hale"]
    assert shown.count.text() == "2 residents"
    heads = [
        shown.model.headerData(n, Qt.Orientation.Horizontal)
        for n in range(shown.model.columnCount())
    ]
    assert heads[0] == "Name"
    assert "Next of kin" not in heads, "a list is seen by whoever walks past"


@pytest.mark.parametrize("name", [n for n, s in all_specs().items() if s.cls is not None])
def test_every_record_type_has_a_list(qtbot: QtBot, desk: Desk, heard: Heard, name: str) -> None:
    shown = listed(qtbot, desk, name)
    assert shown.model.columnCount() > 0
    assert heard.troubles == []


def test_a_long_list_reads_only_the_rows_in_sight(
    qtbot: QtBot, desk: Desk, heard: Heard, many: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    from liaison.ui.parts.listing import Listing

    rows = Listing.rows

    def counted(listing: Any, store: Any, wanted: Any) -> Any:
        read.append(len(wanted))
        return rows(listing, store, wanted)

    monkeypatch.setattr(Listing, "rows", counted)
    shown = listed(qtbot, desk, "visit")
    assert shown.model.rowCount() == MANY + 1
    assert sum(read) == BLOCK
    shown.table.go_to(MANY)
    last = shown.model.index(MANY, 1)
    qtbot.waitUntil(lambda: bool(last.data()))
    assert last.data(STATE) == "info"
    assert sum(read) <= 4 * BLOCK


def test_no_row_is_lost_or_shown_twice_and_the_order_is_right(
    qtbot: QtBot, desk: Desk, heard: Heard, many: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "_STRETCH", 3 * BLOCK)
    monkeypatch.setattr(models, "_FIRST", BLOCK)
    shown = listed(qtbot, desk, "visit")
    found = [shown.model.identity(row) for row in range(shown.model.rowCount())]
    assert len(set(found)) == len(found) == MANY + 1
    for row in range(0, MANY + 1, BLOCK):
        qtbot.waitUntil(_is_read(shown, row))
    assert shown.model.index(2 * BLOCK, 0).data() == _said(NOW - dt.timedelta(hours=2 * BLOCK))


def _is_read(shown: RecordList, row: int) -> Callable[[], bool]:
    return lambda: shown.model.row(row) is not None


def _said(at: dt.datetime) -> str:
    from liaison.records.rules import times

    return times.show_time(at)


def test_what_does_not_fit_in_sight_is_shortened_and_not_cut(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    theme.current().resize(2.0)
    shown = listed(qtbot, desk, "resident")
    table = shown.table
    column = [head.field for head in shown.model.heads].index("date_of_birth")
    begins = table.columnViewportPosition(column)
    # a third of "9 May 1941" is in sight
    wanted = begins + theme.px(12 + 30)
    table.setFixedWidth(table.width() - table.viewport().width() + wanted)
    qtbot.waitUntil(lambda: table.viewport().width() == wanted)
    assert table.columnWidth(column) > theme.px(12 + 30)

    def colours(left: int, right: int) -> int:
        row = table.visualRect(shown.model.index(1, column))
        picture = table.viewport().grab().toImage()
        return len(
            {
                picture.pixel(x, y)
                for x in range(left, right)
                for y in range(row.top() + 2, row.bottom() - 2)
            }
        )

    edge = table.viewport().width()
    assert shown.model.index(1, column).data()
    assert colours(begins, edge) > 1, "something of it is in sight"
    assert colours(edge - theme.px(5), edge) == 1, "no letter is cut"

    def heading() -> QImage:
        begins = table.columnViewportPosition(column)
        part = QRect(begins, 0, theme.px(12 + 30), table.heading.height())
        return table.heading.viewport().grab(part).toImage()

    shortened = heading()
    table.horizontalScrollBar().setValue(begins)
    assert table.columnViewportPosition(column) == 0
    assert shortened != heading(), "its heading has an ellipsis where it is not whole"


def test_a_row_gone_to_is_not_under_what_is_said_at_the_foot(
    qtbot: QtBot, desk: Desk, heard: Heard, many: None
) -> None:
    shown = listed(qtbot, desk, "visit")
    view = shown.table.viewport()
    first_hidden = shown.table.rowAt(view.height() - 1) + 1
    for row in (first_hidden, first_hidden - 1, 0, first_hidden + 40):
        shown.table.go_to(row)
        place = shown.table.visualRect(shown.model.index(row, 0))
        assert place.top() >= 0
        assert place.bottom() < view.height() - 80


def test_rows_read_long_ago_are_forgotten_and_read_again(
    qtbot: QtBot, desk: Desk, heard: Heard, many: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "_KEPT_BLOCKS", 2)
    shown = listed(qtbot, desk, "visit")
    for row in (200, 500, 900):
        shown.table.go_to(row)
        qtbot.waitUntil(_is_read(shown, row))
    assert len(shown.model._blocks) == 2
    shown.table.go_to(0)
    qtbot.waitUntil(lambda: shown.model.row(0) is not None)


def test_enter_opens_the_row_that_arrows_went_to(
    qtbot: QtBot, desk: Desk, heard: Heard, many: None
) -> None:
    shown = listed(qtbot, desk, "visit")
    shown.table.setFocus()
    qtbot.keyClick(shown.table, Qt.Key.Key_Down)
    qtbot.keyClick(shown.table, Qt.Key.Key_Down)
    with qtbot.waitSignal(shown.opened) as opened:
        qtbot.keyClick(shown.table, Qt.Key.Key_Return)
    assert opened.args == ["visit", shown.model.identity(2)]
    qtbot.keyClick(shown.table, Qt.Key.Key_End)
    assert shown.current == shown.model.identity(MANY)
    qtbot.keyClick(shown.table, Qt.Key.Key_Home)
    assert shown.current == shown.model.identity(0)


def test_what_is_typed_on_the_list_is_searched_for(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    shown = listed(qtbot, desk, "organisation")
    shown.table.setFocus()
    qtbot.keyClick(shown.table, Qt.Key.Key_M)
    assert shown.search.hasFocus()
    with qtbot.waitSignal(shown.model.arrived):
        qtbot.keyClicks(shown.search, "ead")
    assert shown.search.text().casefold() == "mead"
    assert texts(shown) == ["Meadow Lane Surgery"]
    shown.search.setText("nowhere")
    again(qtbot, shown)
    assert shown.pages.currentWidget() is shown.none_fits
    with qtbot.waitSignal(shown.model.arrived):
        qtbot.mouseClick(shown.none_fits.button, Qt.MouseButton.LeftButton)
    assert texts(shown) == ["Meadow Lane Surgery"]


def test_visits_are_found_by_who_came(
    qtbot: QtBot, desk: Desk, heard: Heard, many: None, ids: Ids
) -> None:
    shown = listed(qtbot, desk, "visit")
    shown.search.setText("adeyemi")
    again(qtbot, shown)
    assert 100 < shown.model.rowCount() <= MANY + 1
    first = shown.model.index(0, 0)
    assert first.data() == _said(NOW), "newest first, as the list is sorted"


def test_a_filter_narrows_and_its_chip_says_what_to(
    qtbot: QtBot, desk: Desk, heard: Heard, many: None
) -> None:
    shown = listed(qtbot, desk, "visit")
    chip = shown.filters.chip("status")
    assert chip is not None
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    (popover,) = shown.window().findChildren(FilterPopover)
    with qtbot.waitSignal(shown.model.arrived):
        qtbot.mouseClick(popover.boxes["happened"], Qt.MouseButton.LeftButton)
    assert shown.model.rowCount() == 1
    assert chip.words == "Status: Happened"
    assert chip.isChecked()
    with qtbot.waitSignal(shown.model.arrived):
        qtbot.mouseClick(popover.boxes["planned"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: shown.model.rowCount() == MANY + 1)
    with qtbot.waitSignal(shown.model.arrived):
        qtbot.mouseClick(popover.boxes[None], Qt.MouseButton.LeftButton)
    assert not popover.boxes["planned"].isChecked()
    assert shown.pages.currentWidget() is shown.none_fits


def test_a_list_can_be_filtered_by_a_person_found_by_name(
    qtbot: QtBot, desk: Desk, heard: Heard, many: None, ids: Ids
) -> None:
    shown = listed(qtbot, desk, "visit")
    chip = shown.filters.chip("professional")
    assert chip is not None
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    (popover,) = shown.window().findChildren(FilterPopover)
    finder = popover.finder
    assert finder is not None
    qtbot.keyClicks(finder.line, "grace")
    qtbot.waitUntil(lambda: bool(finder.offers))
    with qtbot.waitSignal(shown.model.arrived):
        qtbot.keyClick(finder.line, Qt.Key.Key_Return)
    assert chip.words == "Who came: Grace Adeyemi"
    qtbot.waitUntil(lambda: shown.model.rowCount() == MANY + 1)


def test_headings_sort_and_the_button_says_how(
    qtbot: QtBot, desk: Desk, heard: Heard, many: None
) -> None:
    shown = listed(qtbot, desk, "visit")
    at = shown.shown_columns.index("at")
    assert shown.sort.words == "When, latest first"
    with qtbot.waitSignal(shown.model.arrived):
        shown.table.sort_asked.emit(at)
    assert shown.sorting == Sorting("at", newest_first=False)
    assert shown.sort.words == "When, earliest first"
    assert shown.model.index(0, at).data() == _said(NOW - dt.timedelta(hours=MANY))
    shown.table.sort_asked.emit(shown.shown_columns.index("kind"))
    assert shown.sorting.column == "at", "a column without an index is not sorted by"


def test_chosen_columns_are_remembered_for_whoever_chose_them(
    qtbot: QtBot, desk: Desk, heard: Heard
) -> None:
    kept: list[Settings] = []
    desk.changing.connect(kept.append)
    desk.changing.connect(desk.take_settings)
    shown = listed(qtbot, desk, "resident")
    qtbot.mouseClick(shown.columns, Qt.MouseButton.LeftButton)
    (popover,) = shown.window().findChildren(ColumnPopover)
    popover.boxes["dnacpr"].click()
    before = shown.shown_columns
    assert before[-1] == "dnacpr"
    assert kept[-1].columns == {f"resident/{desk.person.id}": before}
    other = listed(qtbot, desk, "resident")
    assert other.shown_columns == before
    desk.person = dataclasses.replace(desk.person, id=1)
    assert listed(qtbot, desk, "resident").shown_columns != before


def test_what_is_written_shows_at_once_and_the_current_row_stays(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    shown = listed(qtbot, desk, "resident")
    shown.table.setFocus()
    shown.table.go_to(1)
    current = shown.current
    with qtbot.waitSignal(shown.model.arrived):
        desk.jobs.write(lambda home: editing.add(home, Resident(name="Albert Aay")))
    assert texts(shown)[0] == "Albert Aay"
    assert shown.current == current
    assert shown.table.currentIndex().row() == 2


def test_archived_records_are_shown_when_asked_for_and_say_so(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    shown = listed(qtbot, desk, "resident")

    def archive(home: Any) -> None:
        record = home.store.get("resident", ids.dorothy)
        editing.archive(home, record, "moved home")

    with qtbot.waitSignal(shown.model.arrived):
        desk.jobs.write(archive)
    assert shown.model.rowCount() == 1
    with qtbot.waitSignal(shown.model.arrived):
        qtbot.mouseClick(shown.archived, Qt.MouseButton.LeftButton)
    assert shown.model.rowCount() == 2
    rows = [shown.model.row(n) for n in range(2)]
    marks = {row.mark for row in rows if row is not None}
    assert marks == {"", "Archived"}
    said = [row.words for row in rows if row is not None and row.mark]
    assert said[0].endswith("archived")


def test_a_list_of_what_belongs_to_a_record_shows_no_other(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    shown = listed(qtbot, desk, "visit_entry", where=(Condition("resident", ids.other_dorothy),))
    assert shown.pages.currentWidget() is shown.nothing
    shown.set_where((Condition("resident", ids.dorothy),))
    qtbot.waitUntil(lambda: shown.model.rowCount() == 1)


def test_a_list_that_cannot_be_read_says_so_and_tries_again(
    qtbot: QtBot, desk: Desk, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    from liaison.ui.parts.listing import Listing

    ids_of = Listing.ids
    broken = {"on": True}

    def ids(listing: Any, store: Any, after: Any, limit: int) -> Any:
        if broken["on"]:
            raise UserError("The disk cannot be read.", do="Check the stick.")
        return ids_of(listing, store, after, limit)

    monkeypatch.setattr(Listing, "ids", ids)
    shown = RecordList(desk, "resident")
    qtbot.addWidget(shown)
    shown.show()
    qtbot.waitUntil(lambda: not shown.banner.isHidden())
    assert shown.banner.accessibleName() == "The disk cannot be read. Check the stick."
    broken["on"] = False
    with qtbot.waitSignal(shown.model.arrived):
        qtbot.mouseClick(shown.banner.button, Qt.MouseButton.LeftButton)
    assert shown.model.rowCount() == 2
    assert shown.banner.isHidden()


def test_a_screen_reader_hears_the_whole_row_and_each_cell_by_its_heading(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    shown = listed(qtbot, desk, "organisation")
    said = Qt.ItemDataRole.AccessibleTextRole
    row = shown.model.index(0, 0).data(said)
    assert row.startswith("Name: Meadow Lane Surgery; Kind: GP practice")
    assert shown.model.index(0, 1).data(said) == "Kind: GP practice"


def test_every_control_of_a_list_is_named_and_reached_with_tab(
    qtbot: QtBot, desk: Desk, heard: Heard
) -> None:
    shown = listed(qtbot, desk, "visit")
    shown.search.setFocus()
    reached = set()
    for _ in range(14):
        focus = QApplication.focusWidget()
        assert focus is not None
        assert focus.accessibleName(), type(focus)
        reached.add(focus)
        qtbot.keyClick(focus, Qt.Key.Key_Tab)
    assert {shown.search, shown.sort, shown.columns, shown.archived, shown.table} <= reached


def test_qts_own_checks_of_a_model_pass(
    qtbot: QtBot, desk: Desk, heard: Heard, many: None, qtmodeltester: Any
) -> None:
    shown = listed(qtbot, desk, "visit")
    model = shown.model
    assert isinstance(model, LazyModel)
    qtmodeltester.check(model)
    assert model.rowCount(model.index(0, 0)) == 0
    assert model.data(QModelIndex()) is None
