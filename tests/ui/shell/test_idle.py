"""Noticing that nobody is there: after minutes, with a warning, and after the PC has slept."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from liaison.ui.shell.idle import Idle, clock_that_never_stops


@dataclasses.dataclass
class Clock:
    now: float = 1_000.0

    def __call__(self) -> float:
        return self.now


@dataclasses.dataclass
class Watched:
    """A window that is watched, and what was said."""

    idle: Idle
    clock: Clock
    window: QWidget
    edit: QLineEdit
    awake: Clock
    said: list[object] = dataclasses.field(default_factory=list)

    def after(self, seconds: float) -> list[object]:
        """Let time pass as the timer does; return what was said."""
        self.said.clear()
        for _ in range(int(seconds // 5)):
            self.clock.now += 5
            self.idle.tick()
        self.clock.now += seconds % 5
        self.idle.tick()
        return list(self.said)


@pytest.fixture
def watched(qtbot: QtBot) -> Iterator[Watched]:
    window, edit = QWidget(), QLineEdit()
    QVBoxLayout(window).addWidget(edit)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    edit.setFocus()
    qtbot.waitUntil(edit.hasFocus)
    clock, awake = Clock(), Clock()
    idle = Idle(seconds=clock, awake=lambda: awake.now)
    watching = Watched(idle, clock, window, edit, awake)
    idle.warned.connect(watching.said.append)
    idle.stirred.connect(lambda: watching.said.append("stirred"))
    idle.due.connect(lambda: watching.said.append("due"))
    idle.start(5)
    yield watching
    idle.stop()


def test_it_is_time_after_the_minutes_and_a_warning_comes_before(watched: Watched) -> None:
    assert watched.after(269) == []
    assert watched.after(1) == [30]
    assert watched.after(29) == [25, 20, 15, 10, 5, 1]
    assert watched.after(1) == ["due"]


@pytest.mark.parametrize("what", ["key", "press", "move", "wheel", "composed"])
def test_any_key_or_movement_begins_the_minutes_anew(watched: Watched, what: str) -> None:
    assert watched.after(280)[-1] == 20
    watched.said.clear()
    handle = watched.window.windowHandle()
    assert handle is not None
    # as the system hands them over: at the window, not at a part of it
    if what == "key":
        QTest.keyClick(handle, Qt.Key.Key_A)
    elif what == "press":
        QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
    elif what == "move":
        QTest.mouseMove(handle, QPoint(9, 9))
        QApplication.sendPostedEvents()
        QTest.mouseMove(handle, QPoint(10, 10))
    elif what == "wheel":
        where = QPoint(5, 5)
        QApplication.sendEvent(handle, _wheel(where))
    else:
        event = QInputMethodEvent()
        event.setCommitString("ŵ")
        QApplication.sendEvent(watched.edit, event)
    assert watched.said == ["stirred"]
    assert watched.after(269) == []


def _wheel(where: QPoint) -> QWheelEvent:
    return QWheelEvent(
        where.toPointF(), where.toPointF(), QPoint(0, 10), QPoint(0, 120),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,  # Qt's own argument
    )  # fmt: skip


def test_the_keys_that_lock_are_heard_where_no_shortcut_is(watched: Watched, qtbot: QtBot) -> None:
    handle = watched.window.windowHandle()
    assert handle is not None
    watched.idle.asked.connect(lambda: watched.said.append("asked"))
    QTest.keyClick(handle, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(handle, Qt.Key.Key_L)
    assert watched.edit.text() == "l"
    # held down from before
    again = (Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier, "", True)
    QApplication.sendEvent(handle, QKeyEvent(QEvent.Type.KeyPress, *again))
    # told after it would have been, as both wait for their turn alike
    QTimer.singleShot(0, watched.idle, lambda: watched.said.append("no more"))
    QTest.keyClick(handle, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: watched.said == ["no more", "asked"])
    assert watched.edit.text() == "l"


def test_a_mouse_that_lies_still_is_nobody(watched: Watched) -> None:
    handle = watched.window.windowHandle()
    assert handle is not None
    QTest.mouseMove(handle, QPoint(9, 9))
    assert watched.after(200) == []
    QTest.mouseMove(handle, QPoint(9, 9))
    assert watched.after(69) == []
    assert watched.after(1)[0] == 30


def test_another_window_of_ours_is_heard_too(watched: Watched, qtbot: QtBot) -> None:
    other = QLineEdit()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(other.isActiveWindow)
    watched.after(280)
    watched.said.clear()
    handle = other.windowHandle()
    assert handle is not None
    QTest.keyClick(handle, Qt.Key.Key_A)
    assert watched.said == ["stirred"]


def test_a_pc_that_slept_is_locked_at_once_however_short_the_minutes(watched: Watched) -> None:
    watched.after(20)
    watched.said.clear()
    watched.clock.now += 31
    watched.idle.tick()
    assert watched.said == ["due"]


def test_stopped_it_says_nothing_and_hears_nothing(watched: Watched) -> None:
    watched.idle.stop()
    assert watched.after(600) == []
    assert not watched.idle.running
    watched.idle.stop()


def test_the_clock_runs_on() -> None:
    first = clock_that_never_stops()
    assert clock_that_never_stops() >= first


def test_a_window_that_was_held_up_is_no_pc_that_slept(watched: Watched) -> None:
    watched.idle.start(5)
    watched.clock.now += 60
    watched.awake.now += 60
    watched.idle.tick()
    assert watched.said == []
    watched.clock.now += 60
    watched.idle.tick()
    assert watched.said == ["due"]
