"""Typing: fields that say what is wrong, keep their undo, and leave the window its keys."""

from __future__ import annotations

import datetime as dt

import pytest
from PySide6.QtCore import QDate, QEvent, QMimeData, Qt
from PySide6.QtGui import QAccessible, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from liaison.records.rules.times import parse_date, parse_time, show_date, show_time
from liaison.ui.theme import Theme
from liaison.ui.widgets import (
    ComboBox,
    DateField,
    Field,
    LineEdit,
    Segmented,
    TextArea,
    TimeField,
)
from liaison.ui.widgets.calendar import CalendarPopup
from liaison.ui.widgets.line import is_for_the_window
from tests.ui.widgets.conftest import Show

TODAY = dt.date(2026, 11, 18)
NOW = dt.datetime(2026, 11, 18, 9, 30, tzinfo=dt.UTC)
CONTROL = Qt.KeyboardModifier.ControlModifier


def date_field() -> DateField:
    return DateField(lambda text: parse_date(text, today=TODAY), show_date, today=lambda: TODAY)


def time_field() -> TimeField:
    return TimeField(lambda text: parse_time(text, now=NOW), show_time)


class Presses:
    """Counts how often a shortcut of the window was pressed."""

    def __init__(self, window: QWidget, keys: str) -> None:
        self.count = 0
        QShortcut(QKeySequence(keys), window).activated.connect(self.press)

    def press(self) -> None:
        self.count += 1


# ---- fields


def test_a_field_names_its_control_and_says_what_is_wrong(qtbot: QtBot) -> None:
    field = Field("Phone", LineEdit(), "As written on the letter", required=True)
    qtbot.addWidget(field)
    line = field.editor
    assert line.accessibleName() == "Phone, required"
    assert line.accessibleDescription() == "As written on the letter"
    field.set_error("A number has at least 10 digits. Check the letter.")
    assert line.accessibleDescription() == "A number has at least 10 digits. Check the letter."
    assert field.error
    field.set_error(None)
    assert line.accessibleDescription() == "As written on the letter"
    assert not field.error


def test_an_error_moves_nothing_in_the_control(qtbot: QtBot, show: Show) -> None:
    line = LineEdit("01632 960 412")
    field = Field("Phone", line)
    show(field)
    before = (line.geometry(), line.cursorRect())
    field.set_error("Wrong.")
    assert (line.geometry(), line.cursorRect()) == before


def test_a_press_on_the_label_goes_to_the_control(qtbot: QtBot, show: Show) -> None:
    field = Field("Name & number", LineEdit())
    show(field)
    assert field._label.buddy() is field.editor
    assert field.editor.accessibleName() == "Name & number"


@pytest.mark.parametrize("editor", ["line", "area"])
def test_too_much_text_is_said_and_not_cut_off(qtbot: QtBot, show: Show, editor: str) -> None:
    control = LineEdit(limit=5) if editor == "line" else TextArea(limit=5)
    field = Field("Room", control)
    show(field)
    qtbot.keyClicks(control, "1234567")
    assert control.text() == "1234567"
    assert field.error == "This is 2 characters too long. Shorten it."
    qtbot.keyClick(control, Qt.Key.Key_Backspace)
    assert "1 character too" in field.error
    qtbot.keyClick(control, Qt.Key.Key_Backspace)
    assert not field.error


# ---- keys


@pytest.mark.parametrize(
    "keys", ["Ctrl+S", "Ctrl+K", "Ctrl+U", "Ctrl+D", "Ctrl+E", "Ctrl+R", "Ctrl+F"]
)
@pytest.mark.parametrize("kind", [LineEdit, TextArea])
def test_the_windows_shortcuts_work_while_somebody_types(
    qtbot: QtBot, show: Show, keys: str, kind: type[LineEdit | TextArea]
) -> None:
    control = kind("some words")
    window = show(control)
    presses = Presses(window, keys)
    control.setFocus()
    key = getattr(Qt.Key, f"Key_{keys[-1]}")
    qtbot.keyClick(control, key, CONTROL)
    assert presses.count == 1
    assert control.text() == "some words"


ALT = Qt.KeyboardModifier.AltModifier
PLAIN = Qt.KeyboardModifier.NoModifier


@pytest.mark.parametrize(
    ("key", "modifiers", "windows"),
    [
        (Qt.Key.Key_K, CONTROL, True),
        (Qt.Key.Key_1, CONTROL, True),
        (Qt.Key.Key_S, CONTROL | Qt.KeyboardModifier.ShiftModifier, True),
        (Qt.Key.Key_A, CONTROL, False),
        (Qt.Key.Key_Z, CONTROL, False),
        (Qt.Key.Key_Left, CONTROL, False),
        (Qt.Key.Key_Backspace, CONTROL, False),
        (Qt.Key.Key_K, PLAIN, False),
        # AltGr on Windows: it types a letter
        (Qt.Key.Key_E, CONTROL | ALT, False),
    ],
)
def test_which_keys_are_the_windows_is_the_same_on_every_system(
    key: Qt.Key,
    modifiers: Qt.KeyboardModifier,
    windows: bool,  # noqa: FBT001  # a column of the table above
) -> None:
    # Qt's own fields take Ctrl+K and others for editing, but only on some systems
    event = QKeyEvent(QEvent.Type.KeyPress, key, modifiers)
    assert is_for_the_window(event) == windows


@pytest.mark.parametrize("kind", [LineEdit, TextArea])
def test_a_window_key_that_nobody_takes_changes_no_text(
    qtbot: QtBot, show: Show, kind: type[LineEdit | TextArea]
) -> None:
    control = kind("some words")
    show(control)
    control.setFocus()
    for key in (Qt.Key.Key_K, Qt.Key.Key_U, Qt.Key.Key_D, Qt.Key.Key_H):
        qtbot.keyClick(control, key, CONTROL)
    assert control.text() == "some words"


@pytest.mark.parametrize("kind", [LineEdit, TextArea])
def test_undo_is_the_fields_while_it_has_some_and_then_the_windows(
    qtbot: QtBot, show: Show, kind: type[LineEdit | TextArea]
) -> None:
    control = kind()
    window = show(control)
    presses = Presses(window, "Ctrl+Z")
    control.setFocus()
    qtbot.keyClicks(control, "tea")
    qtbot.keyClick(control, Qt.Key.Key_Z, CONTROL)
    assert control.text() == ""
    assert presses.count == 0
    qtbot.keyClick(control, Qt.Key.Key_Z, CONTROL)
    assert presses.count == 1


def test_tab_leaves_a_text_area_and_ctrl_tab_types_one(qtbot: QtBot, show: Show) -> None:
    area, line = TextArea(), LineEdit()
    show(area, line)
    area.setFocus()
    qtbot.keyClick(area, Qt.Key.Key_Tab, CONTROL)
    assert area.text() == "\t"
    qtbot.keyClick(area, Qt.Key.Key_Tab)
    assert line.hasFocus()
    assert area.text() == "\t"


def test_only_plain_text_is_pasted(qtbot: QtBot) -> None:
    area = TextArea()
    qtbot.addWidget(area)
    pasted = QMimeData()
    pasted.setHtml("<h1>Big</h1>")
    pasted.setText("Big")
    area.insertFromMimeData(pasted)
    assert area.text() == "Big"
    assert area.currentCharFormat().font().pointSizeF() <= area.font().pointSizeF()


def test_a_text_area_grows_with_what_is_typed_and_then_scrolls(qtbot: QtBot, show: Show) -> None:
    area = TextArea(lines=2, most=5)
    show(area)
    heights = []
    for _ in range(8):
        heights.append(area.height())
        qtbot.keyClicks(area, "words")
        qtbot.keyClick(area, Qt.Key.Key_Return)
    assert heights[0] == heights[1]
    assert heights[1] < heights[2] < heights[3] < heights[4] == heights[5] == heights[7]


def test_a_text_area_grows_for_a_line_that_wraps(qtbot: QtBot, show: Show) -> None:
    area = TextArea(lines=1, most=9)
    window = show(area)
    window.resize(220, 300)
    before = area.height()
    area.setPlainText("one long line of many words " * 6)
    qtbot.waitUntil(lambda: area.height() > 2 * before)


# ---- one of a list


def test_a_list_gives_values_and_takes_them(qtbot: QtBot) -> None:
    box = ComboBox([(None, "Nobody"), (7, "Moira Kelly"), (9, "Helen Marsh")])
    qtbot.addWidget(box)
    assert box.currentText() == "Nobody"
    box.set_value(9)
    assert box.currentText() == "Helen Marsh"
    assert box.value == 9
    box.set_choices([(9, "Helen Marsh"), (11, "Tom Pascoe")])
    assert box.value == 9
    box.set_value(7)
    assert box.value is None


def test_choosing_is_told_and_setting_is_not(qtbot: QtBot, show: Show) -> None:
    box = ComboBox([(7, "Moira Kelly"), (9, "Helen Marsh")])
    show(box)
    with qtbot.assertNotEmitted(box.changed):
        box.set_value(7)
    box.setFocus()
    with qtbot.waitSignal(box.changed) as signal:
        qtbot.keyClick(box, Qt.Key.Key_Down)
    assert signal.args == [9]


# ---- dates


def test_a_date_is_typed_as_people_say_it(qtbot: QtBot, show: Show) -> None:
    day = date_field()
    field = Field("By", day)
    other = LineEdit()
    show(field, other)
    day.setFocus()
    qtbot.keyClicks(day.line, "yesterday")
    assert field._below.text() == "Tue 17 Nov 2026"
    with qtbot.waitSignal(day.changed) as signal:
        other.setFocus()
    assert signal.args == [dt.date(2026, 11, 17)]
    assert day.text == "Tue 17 Nov 2026"
    assert field._below.text() == ""


def test_a_time_is_typed_as_people_say_it(qtbot: QtBot, show: Show) -> None:
    moment = time_field()
    show(moment)
    moment.setFocus()
    qtbot.keyClicks(moment.line, "yesterday 14:20")
    qtbot.keyClick(moment.line, Qt.Key.Key_Return)
    assert moment.text == "Tue 17 Nov 2026, 14:20"
    assert isinstance(moment.value, dt.datetime)


def test_a_date_that_is_none_is_said_when_one_leaves_not_while_typing(
    qtbot: QtBot, show: Show
) -> None:
    day = date_field()
    field, other = Field("By", day), LineEdit()
    show(field, other)
    day.setFocus()
    qtbot.keyClicks(day.line, "31/02/2026")
    assert not field.error
    other.setFocus()
    assert "31/02/2026" in field.error
    assert day.text == "31/02/2026"
    assert day.value is None
    assert day.line.property("wrong") is True
    day.setFocus()
    day.line.selectAll()
    qtbot.keyClicks(day.line, "28/02/2026")
    assert not field.error


def test_a_date_field_can_be_emptied(qtbot: QtBot, show: Show) -> None:
    day = date_field()
    show(day)
    day.set_value(TODAY)
    day.setFocus()
    day.line.selectAll()
    qtbot.keyClick(day.line, Qt.Key.Key_Delete)
    with qtbot.waitSignal(day.changed) as signal:
        assert day.settle()
    assert signal.args == [None]


def test_leaving_a_date_as_it_was_changes_nothing(qtbot: QtBot, show: Show) -> None:
    day, other = date_field(), LineEdit()
    show(day, other)
    day.set_value(TODAY)
    with qtbot.assertNotEmitted(day.changed):
        day.setFocus()
        other.setFocus()
    assert day.value == TODAY


def test_what_was_half_typed_comes_back_from_a_draft(qtbot: QtBot) -> None:
    day = date_field()
    qtbot.addWidget(day)
    day.set_text("25 Nov 2026")
    assert day.value == dt.date(2026, 11, 25)
    day.set_text("some day")
    assert (day.text, day.value) == ("some day", None)


def test_the_calendar_opens_from_the_keyboard_and_its_day_is_taken(
    qtbot: QtBot, show: Show
) -> None:
    day = date_field()
    window = show(day)
    day.set_value(dt.date(2026, 11, 25))
    day.setFocus()
    qtbot.keyClick(day.line, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    popup = window.findChild(CalendarPopup)
    assert isinstance(popup, CalendarPopup)
    assert popup._title.text() == "November 2026"
    assert popup.month.selectedDate() == QDate(2026, 11, 25)
    qtbot.keyClick(popup.month.findChild(QWidget, "qt_calendar_calendarview"), Qt.Key.Key_Right)
    with qtbot.waitSignal(day.changed) as signal:
        qtbot.keyClick(
            popup.month.findChild(QWidget, "qt_calendar_calendarview"), Qt.Key.Key_Return
        )
    assert signal.args == [dt.date(2026, 11, 26)]
    assert day.text == "Thu 26 Nov 2026"


# ---- segments


def test_segments_are_radio_buttons_that_share_one_name(qtbot: QtBot, show: Show) -> None:
    why = Segmented([("p", "Planned"), ("a", "Ad hoc"), ("u", "Urgent")], "Why now")
    show(why)
    roles = []
    for button in why._group.buttons():
        found = QAccessible.queryAccessibleInterface(button)
        roles.append((found.role(), found.text(QAccessible.Text.Name)))
        assert found.text(QAccessible.Text.Description) == "Why now"
    assert roles == [
        (QAccessible.Role.RadioButton, "Planned"),
        (QAccessible.Role.RadioButton, "Ad hoc"),
        (QAccessible.Role.RadioButton, "Urgent"),
    ]


def test_segments_are_chosen_with_the_arrow_keys(qtbot: QtBot, show: Show) -> None:
    why = Segmented([("p", "Planned"), ("a", "Ad hoc"), ("u", "Urgent")], "Why now")
    line = LineEdit()
    show(line, why)
    why.set_value("p")
    line.setFocus()
    qtbot.keyClick(line, Qt.Key.Key_Tab)
    focused = why.focusProxy()
    assert focused is not None
    assert focused.hasFocus()
    with qtbot.waitSignal(why.changed) as signal:
        qtbot.keyClick(focused, Qt.Key.Key_Right)
    assert signal.args == ["a"]
    assert why.value == "a"


def test_setting_segments_tells_nobody(qtbot: QtBot) -> None:
    why = Segmented([(True, "Yes"), (False, "No")], "Care plan changed?")
    qtbot.addWidget(why)
    with qtbot.assertNotEmitted(why.changed):
        why.set_value(False)
    assert why.value is False
    why.set_value(None)
    assert why.value is None


def test_an_optional_choice_is_taken_back_by_pressing_it_again(qtbot: QtBot, show: Show) -> None:
    why = Segmented([(True, "Yes"), (False, "No")], "Care plan changed?", optional=True)
    show(why)
    yes = why._group.button(0)
    qtbot.mouseClick(yes, Qt.MouseButton.LeftButton)
    assert why.value is True
    with qtbot.waitSignal(why.changed) as signal:
        qtbot.mouseClick(yes, Qt.MouseButton.LeftButton)
    assert signal.args == [None]
    assert why.value is None
    qtbot.mouseClick(yes, Qt.MouseButton.LeftButton)
    assert why.value is True
    with qtbot.waitSignal(why.changed) as signal:
        qtbot.keyClick(yes, Qt.Key.Key_Delete)
    assert signal.args == [None]


def test_fields_keep_their_height_at_every_text_size(look: Theme, qtbot: QtBot, show: Show) -> None:
    line, box = LineEdit("x"), ComboBox([(1, "Moira Kelly")])
    show(line, box)
    for scale in (1.0, 1.5, 2.0):
        look.resize(scale)
        assert line.height() == box.height() == round(38 * scale)
