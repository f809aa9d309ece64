"""The banner of a form: its button acts once, and what stands around it comes and goes with it."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from liaison.errors import UserError
from liaison.ui.parts.notice import Notice


def test_its_button_acts_once_and_puts_it_away_before(qtbot: QtBot) -> None:
    notice = Notice()
    qtbot.addWidget(notice)
    seen: list[bool] = []
    notice.shown.connect(seen.append)
    acted: list[bool] = []
    notice.trouble(
        UserError("The disk is full.", kept="Nothing is lost.", do="Make room."),
        lambda: acted.append(notice.isHidden()),
    )
    assert notice.accessibleName() == (
        "The disk is full. Make room. What you have typed is still here."
    )
    assert not notice.isHidden()
    notice.button.click()
    notice.pressed.emit()
    assert acted == [True]
    assert seen == [True, False, False]


def test_what_a_button_would_have_done_goes_with_its_words(qtbot: QtBot) -> None:
    notice = Notice()
    qtbot.addWidget(notice)
    acted: list[str] = []
    notice.tell("No draft can be kept.", "Try again", lambda: acted.append("kept"))
    notice.tell("Saved as it stood.", kind="info")
    notice.pressed.emit()
    assert acted == []
    assert notice.isHidden()
