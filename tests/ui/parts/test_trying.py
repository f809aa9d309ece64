"""Whether somebody was reached is noted by one press; what else there is to say may follow."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from liaison.errors import UserError
from liaison.records.directory import ContactAttempt
from liaison.services import attempts
from liaison.services.homes import OpenHome
from liaison.store import query
from liaison.store.store import Store
from liaison.ui.desk import Desk
from liaison.ui.parts.trying import Trying, Whom
from tests.ui.parts.conftest import NOW, Heard, Ids


@pytest.fixture
def trying(qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids) -> Trying:
    made = Trying(desk)
    qtbot.addWidget(made)
    made.about(Whom("Grace Adeyemi", contact=ids.grace, organisation=ids.surgery))
    made.resize(700, 500)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def press(qtbot: QtBot, trying: Trying, button: QPushButton) -> None:
    with qtbot.waitSignal(trying.noted):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def add_button(trying: Trying) -> QPushButton:
    assert trying.save_button is not None
    return trying.save_button


def kept(qtbot: QtBot, desk: Desk) -> list[ContactAttempt]:
    """Return the attempts that stand, oldest first."""

    def read(store: Store) -> list[ContactAttempt]:
        found = query.every(store, query.Query("contact_attempt", newest_first=False))
        return [r for r in found if isinstance(r, ContactAttempt) and not r.struck_reason]

    answers: list[list[ContactAttempt]] = []
    desk.jobs.read(read, answers.append)
    qtbot.waitUntil(lambda: bool(answers))
    return answers[0]


def put(trying: Trying, **typed: str) -> None:
    assert trying.fields is not None
    for name, words in typed.items():
        trying.fields.editor(name).put(words)


def test_one_press_notes_who_was_tried_and_when(
    qtbot: QtBot, trying: Trying, desk: Desk, heard: Heard, ids: Ids
) -> None:
    press(qtbot, trying, trying.missed)
    (attempt,) = kept(qtbot, desk)
    assert (attempt.contact, attempt.organisation, attempt.at) == (ids.grace, ids.surgery, NOW)
    assert (attempt.reached, attempt.how) == (False, "phone")
    assert heard.said == ["Grace Adeyemi: tried, no answer at 10:41, noted."]
    press(qtbot, trying, trying.reached)
    assert [one.reached for one in kept(qtbot, desk)] == [False, True]
    assert heard.said[-1] == "Grace Adeyemi: got through at 10:41, noted."


def test_it_is_taken_back_by_one_press(
    qtbot: QtBot, trying: Trying, desk: Desk, heard: Heard
) -> None:
    press(qtbot, trying, trying.missed)
    assert trying.fields is not None
    assert callable(heard.undo)
    with qtbot.waitSignal(desk.jobs.changed):
        heard.undo()
    assert kept(qtbot, desk) == []
    assert trying.fields is None


def test_more_about_it_is_added_to_the_one_attempt(
    qtbot: QtBot, trying: Trying, desk: Desk, heard: Heard, ids: Ids
) -> None:
    press(qtbot, trying, trying.missed)
    put(trying, waited="11", note="Rings out after a while.")
    press(qtbot, trying, add_button(trying))
    (attempt,) = kept(qtbot, desk)
    assert (attempt.waited, attempt.note) == (11, "Rings out after a while.")
    assert (attempt.contact, attempt.at, attempt.reached) == (ids.grace, NOW, False)
    assert trying.fields is None
    assert callable(heard.undo)
    with qtbot.waitSignal(desk.jobs.changed):
        heard.undo()
    (attempt,) = kept(qtbot, desk)
    assert attempt.waited is None


def test_what_is_no_number_of_minutes_is_said_beside_the_field(
    qtbot: QtBot, trying: Trying, desk: Desk
) -> None:
    press(qtbot, trying, trying.missed)
    put(trying, waited="ages", note="Held.")
    qtbot.mouseClick(add_button(trying), Qt.MouseButton.LeftButton)
    assert trying.fields is not None
    assert "Waited" in trying.fields.boxes["waited"].error
    assert trying.fields.editor("note").typed() == "Held."
    assert trying.fields.editor("waited").control.hasFocus()


def test_what_was_typed_is_kept_when_somebody_else_is_looked_at(
    qtbot: QtBot, trying: Trying, desk: Desk, ids: Ids
) -> None:
    press(qtbot, trying, trying.missed)
    put(trying, waited="ages", note="Held the line.")
    with qtbot.waitSignal(trying.noted):
        trying.about(Whom("Meadow Lane Surgery", organisation=ids.surgery))
    assert trying.fields is None
    (attempt,) = kept(qtbot, desk)
    assert attempt.contact == ids.grace
    assert attempt.note == "Held the line.\nWaited: ages"


def test_what_was_typed_is_kept_when_the_pc_is_locked(
    qtbot: QtBot, trying: Trying, desk: Desk
) -> None:
    press(qtbot, trying, trying.missed)
    put(trying, note="Held the line.")
    with qtbot.waitSignal(trying.noted):
        desk.keeping.emit()
    assert [one.note for one in kept(qtbot, desk)] == ["Held the line."]


def test_the_same_person_again_leaves_what_is_being_typed_alone(
    qtbot: QtBot, trying: Trying, ids: Ids
) -> None:
    press(qtbot, trying, trying.missed)
    put(trying, note="Half a")
    trying.about(Whom("Grace Adeyemi", contact=ids.grace))
    assert trying.fields is not None
    assert trying.fields.editor("note").typed() == "Half a"


def test_with_nothing_typed_nothing_more_is_written(
    qtbot: QtBot, trying: Trying, desk: Desk, ids: Ids
) -> None:
    press(qtbot, trying, trying.missed)
    (before,) = kept(qtbot, desk)
    assert trying.fields is not None
    trying.fields.editor("note").control.setFocus()
    qtbot.mouseClick(add_button(trying), Qt.MouseButton.LeftButton)
    assert trying.fields is None
    assert trying.isAncestorOf(QApplication.focusWidget())
    trying.about(Whom("Meadow Lane Surgery", organisation=ids.surgery))
    assert kept(qtbot, desk) == [before]


def test_a_failed_amendment_leaves_what_was_typed(
    qtbot: QtBot, trying: Trying, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    press(qtbot, trying, trying.missed)
    put(trying, note="Held the line.")

    def full(*_: object) -> None:
        raise UserError("The disk is full.")

    monkeypatch.setattr(attempts, "amend", full)
    qtbot.mouseClick(add_button(trying), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(heard.troubles))
    assert trying.fields is not None
    assert trying.fields.editor("note").typed() == "Held the line."
    assert add_button(trying).isEnabled()


def test_a_failed_note_can_be_tried_again(
    qtbot: QtBot, trying: Trying, desk: Desk, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_home: OpenHome, _attempt: ContactAttempt) -> None:
        raise UserError("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(attempts, "record", full)
        qtbot.mouseClick(trying.missed, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: bool(heard.troubles))
    press(qtbot, trying, trying.missed)
    assert len(kept(qtbot, desk)) == 1
