"""Adding somebody on the way: what was added stands in the field that asked for it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from liaison.services import drafts
from liaison.ui.desk import Desk
from liaison.ui.parts.begun import on_the_way
from liaison.ui.parts.card import RecordCard
from liaison.ui.parts.editors.picker import RefPicker
from liaison.ui.parts.form import RecordForm
from liaison.ui.parts.quick import QuickAdd
from liaison.ui.widgets import Button, LineEdit
from tests.ui.parts.conftest import Heard, Ids


def asked(qtbot: QtBot, desk: Desk) -> tuple[QWidget, RecordForm, QuickAdd]:
    """Type a practice that is not there beside a sidebar, and choose to add it."""
    window = QWidget()
    column = QVBoxLayout(window)
    column.addWidget(Button("Today"))
    form = RecordForm(desk, "resident")
    column.addWidget(form)
    qtbot.addWidget(window)
    window.resize(900, 800)
    with qtbot.waitSignal(form.ready):
        window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    assert form.fields is not None
    editor = form.fields.editor("practice")
    assert isinstance(editor, RefPicker)
    editor.control.setFocus()
    editor.control.clear()
    qtbot.keyClicks(editor.control, "Riverside Surgery")
    qtbot.waitUntil(lambda: bool(editor.finder.offers))
    qtbot.keyClick(editor.control, Qt.Key.Key_Up)
    qtbot.keyClick(editor.control, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: any(q.isVisible() for q in window.findChildren(QuickAdd)))
    (quick,) = window.findChildren(QuickAdd)
    return window, form, quick


def test_what_was_added_is_chosen_without_an_error_and_the_focus_is_in_the_field(
    qtbot: QtBot, desk: Desk, heard: Heard
) -> None:
    _window, form, quick = asked(qtbot, desk)
    assert form.fields is not None
    assert quick.fields is not None
    box = form.fields.boxes["practice"]
    line, said = box.editor.control, list[str]()
    assert isinstance(line, LineEdit)
    form.fields.settled.connect(lambda: said.append(line.text()))
    quick.fields.editor("kind").set_value("GP practice")
    quick.save_button.setFocus()
    qtbot.mouseClick(quick.save_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Riverside Surgery added." in heard.said)
    assert isinstance(box.editor.value(), int)
    assert box.editor.control.hasFocus()
    # it was looked at once, when it was chosen: opening the small form is no leaving
    assert said == ["Riverside Surgery"]
    qtbot.waitUntil(lambda: desk.jobs.home is not None and not box.error)


def test_opening_the_small_form_says_nothing_is_wrong_and_leaving_the_field_does(
    qtbot: QtBot, desk: Desk, heard: Heard
) -> None:
    _window, form, quick = asked(qtbot, desk)
    assert form.fields is not None
    box = form.fields.boxes["practice"]
    with qtbot.assertNotEmitted(box.editor.settled, wait=200):
        assert not box.editor.control.hasFocus()
    assert box.error == ""
    qtbot.mouseClick(quick.cancel, Qt.MouseButton.LeftButton)
    assert box.editor.control.hasFocus()
    form.fields.editor("name").control.setFocus()
    qtbot.waitUntil(lambda: "choose one from the list" in box.error)


def test_a_card_that_is_made_anew_keeps_the_focus(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    window = QWidget()
    column = QVBoxLayout(window)
    column.addWidget(Button("Today"))
    card = RecordCard(desk)
    column.addWidget(card)
    qtbot.addWidget(window)
    window.resize(700, 700)
    window.show()
    window.activateWindow()
    with qtbot.waitSignal(card.shown):
        card.show_record("contact", ids.grace)
    (before,) = (b for b in card.findChildren(Button) if b.words == "History")
    before.setFocus()
    with qtbot.waitSignal(card.shown):
        card.show_record("contact", ids.grace)
    focus = QApplication.focusWidget()
    assert focus is not before
    assert isinstance(focus, Button)
    assert focus.words == "History"


def test_a_number_with_too_many_digits_is_said_while_somebody_is_added(
    qtbot: QtBot, desk: Desk, heard: Heard
) -> None:
    _window, _form, quick = asked(qtbot, desk)
    assert quick.fields is not None
    box = quick.fields.boxes["phone"]
    box.editor.control.setFocus()
    qtbot.keyClicks(box.editor.control, "01803 5551234567")
    quick.save_button.setFocus()
    qtbot.waitUntil(lambda: "15 digits" in box.warning)
    assert not box.error


def test_what_was_typed_into_the_small_form_is_there_again_when_it_is_asked_for_again(
    qtbot: QtBot, desk: Desk, heard: Heard
) -> None:
    window, _form, quick = asked(qtbot, desk)
    assert quick.fields is not None
    qtbot.keyClicks(quick.fields.editor("phone").control, "01803 555")
    quick.fields.editor("kind").set_value("GP practice")
    # as a lock does
    desk.keeping.emit()
    window.hide()
    _window, _form, quick = asked(qtbot, desk)
    qtbot.waitUntil(quick.banner.isVisible)
    assert quick.fields is not None
    fields = quick.fields
    assert fields.typed(fields.boxes) == {
        "name": "Riverside Surgery",
        "kind": "GP practice",
        "phone": "01803 555",
    }
    qtbot.mouseClick(quick.save_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Riverside Surgery added." in heard.said)
    left: list[drafts.Draft | None] = []
    about = on_the_way("organisation", "resident/")
    desk.jobs.write(lambda home: drafts.find(home, about), left.append)
    qtbot.waitUntil(lambda: left == [None])
