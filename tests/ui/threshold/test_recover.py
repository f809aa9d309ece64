"""Typing the recovery key from the paper: block by block, with a mistake caught in its very block."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from liaison.security import RecoveryKey
from liaison.settings import KnownPerson
from liaison.ui.jobs import Jobs
from liaison.ui.threshold.key_blocks import KeyBlocks
from liaison.ui.threshold.recover import RecoverScreen
from tests.ui.names import nameless

KEY = RecoveryKey(bytes(range(20)))


@pytest.fixture
def keys(qtbot: QtBot) -> KeyBlocks:
    blocks = KeyBlocks()
    qtbot.addWidget(blocks)
    blocks.show()
    blocks.activateWindow()
    blocks.blocks[0].setFocus()
    qtbot.waitUntil(blocks.blocks[0].hasFocus)
    return blocks


def wrong_in(blocks: KeyBlocks) -> list[int]:
    return [one.number for one in blocks.blocks if one.property("wrong")]


def test_a_full_block_leads_to_the_next(keys: KeyBlocks, qtbot: QtBot) -> None:
    typed = "".join(KEY.blocks).lower()
    for letter in typed:
        focus = next(block for block in keys.blocks if block.hasFocus())
        qtbot.keyClicks(focus, letter)
    assert keys.text().upper() == KEY.text
    assert keys.missing == ""
    assert RecoveryKey.parse(keys.text()) == KEY


def test_backspace_goes_back_to_the_block_before(keys: KeyBlocks, qtbot: QtBot) -> None:
    qtbot.keyClicks(keys.blocks[0], KEY.blocks[0])
    assert keys.blocks[1].hasFocus()
    qtbot.keyClick(keys.blocks[1], Qt.Key.Key_Backspace)
    assert keys.blocks[0].hasFocus()


@pytest.mark.parametrize("spelled", [" ".join, "-".join, "".join])
def test_a_whole_key_may_be_pasted(
    keys: KeyBlocks, qtbot: QtBot, spelled: Callable[[tuple[str, ...]], str]
) -> None:
    QGuiApplication.clipboard().setText(spelled(KEY.blocks))
    qtbot.keyClick(keys.blocks[0], Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert keys.text() == KEY.text
    QGuiApplication.clipboard().clear()


def test_a_letter_too_many_does_not_put_the_other_blocks_out(keys: KeyBlocks, qtbot: QtBot) -> None:
    keys.setText(KEY.text)
    keys.blocks[2].setCursorPosition(1)
    qtbot.keyClicks(keys.blocks[2], "X")
    assert [block.text() for block in keys.blocks[3:]] == list(KEY.blocks[3:])
    assert len(keys.blocks[2].text()) == 4


def test_a_letter_that_is_never_used_is_said_at_once(keys: KeyBlocks, qtbot: QtBot) -> None:
    qtbot.keyClicks(keys.blocks[0], "AU")
    assert "never has the letter U" in keys.error
    assert wrong_in(keys) == [1]
    keys.blocks[0].setText("A")
    keys.blocks[0].textEdited.emit("A")
    assert keys.error == ""
    assert wrong_in(keys) == []


def test_what_is_missing_names_the_block(keys: KeyBlocks) -> None:
    keys.setText(" ".join(KEY.blocks[:4]))
    assert keys.missing == "Type block 5 of the recovery key to go on"


def test_a_key_that_was_typed_and_left_is_cleared(qtbot: QtBot) -> None:
    jobs = Jobs()
    managers = [KnownPerson("1", "Helen Marsh", "manager")]
    screen = RecoverScreen(managers, "Larkfield House", jobs, lambda *_: pytest.fail("not asked"))
    qtbot.addWidget(screen)
    screen.show()

    def type_it() -> None:
        screen.key.setText(KEY.text)
        screen.choose.first.setText("otter kettle seventeen lamp")
        assert screen.forgetting.isActive()

    def typed() -> str:
        return screen.key.text() + screen.choose.first.text()

    type_it()
    screen.forgetting.timeout.emit()
    assert typed() == ""
    assert "was cleared" in screen.note.words
    type_it()
    assert typed() != ""
    screen.hide()
    assert typed() == ""
    assert not screen.forgetting.isActive()
    jobs.close()


def test_a_mistake_is_caught_in_its_block_before_a_password_is_thought_up(qtbot: QtBot) -> None:
    jobs = Jobs()
    managers = [KnownPerson("1", "Helen Marsh", "manager")]
    screen = RecoverScreen(managers, "Larkfield House", jobs, lambda *_: pytest.fail("not asked"))
    qtbot.addWidget(screen)
    screen.show()
    assert nameless(screen) == []
    blocks = list(KEY.blocks)
    blocks[5] = ("X" if blocks[5][0] != "X" else "Y") + blocks[5][1:]
    screen.key.setText(" ".join(blocks))
    assert "typing mistake" in screen.key_error
    assert "Look at block 6 first" in screen.key_error
    assert wrong_in(screen.key) == [6]
    screen.choose.first.setText("otter kettle seventeen lamp")
    screen.choose.again.setText("otter kettle seventeen lamp")
    assert not screen.go_on.isEnabled()
    screen.key.setText(KEY.text)
    assert screen.key_error == ""
    assert screen.go_on.isEnabled()
    jobs.close()
