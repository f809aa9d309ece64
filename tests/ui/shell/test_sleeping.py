"""The PC is about to sleep: who says it, and that it waits until all is locked."""

from __future__ import annotations

import ctypes
import os
import select
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtDBus import (
    QDBusConnection,
    QDBusMessage,
    QDBusServer,
    QDBusUnixFileDescriptor,
    QDBusVirtualObject,
)
from pytestqt.qtbot import QtBot

from liaison.ui.shell import sleeping
from liaison.ui.shell.sleeping import INTERFACE, PATH, Sleeping, is_suspend


class Logind(QDBusVirtualObject):
    """What logind does for us, at the other end of a bus of our own."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[list[object]] = []
        self.held: list[int] = []
        self._server = QDBusServer("unix:tmpdir=/tmp")
        self._ends: list[QDBusConnection] = []
        self._server.newConnection.connect(self._connected)

    @property
    def address(self) -> str:
        return self._server.address()

    def _connected(self, end: QDBusConnection) -> None:
        end = QDBusConnection(end)
        self._ends.append(end)
        end.registerVirtualObject(PATH, self)

    def introspect(self, path: str) -> str:
        return ""

    def handleMessage(  # noqa: N802  # Qt's own name
        self, message: QDBusMessage, connection: QDBusConnection
    ) -> bool:
        self.asked.append(message.arguments())
        here, there = os.pipe()
        self.held.append(here)
        handed = QDBusUnixFileDescriptor(there)
        os.close(there)
        connection.send(message.createReply([handed]))
        return True

    def say(self, *, begins: bool) -> None:
        signal = QDBusMessage.createSignal(PATH, INTERFACE, "PrepareForSleep")
        signal.setArguments([begins])
        for end in self._ends:
            end.send(signal)

    def waits(self, number: int = -1) -> bool:
        """Return whether the PC still waits for what was handed out."""
        return not select.select([self.held[number]], [], [], 0)[0]

    def end(self) -> None:
        for here in self.held:
            os.close(here)


@pytest.fixture
def logind() -> Iterator[Logind]:
    service = Logind()
    yield service
    service.end()


@pytest.fixture
def listening(logind: Logind, qtbot: QtBot) -> Iterator[Sleeping]:
    bus = QDBusConnection.connectToPeer(logind.address, f"peer-{id(logind)}")
    listener = Sleeping(bus=bus, service="")
    assert listener.start()
    qtbot.waitUntil(lambda: bool(logind.held))
    yield listener
    listener.stop()
    QDBusConnection.disconnectFromPeer(f"peer-{id(logind)}")


def test_the_system_is_asked_to_wait_and_goes_on_once_all_is_locked(
    logind: Logind, listening: Sleeping, qtbot: QtBot
) -> None:
    assert logind.asked == [["sleep", "Liaison", "Locks the record", "delay"]]
    with qtbot.waitSignal(listening.soon, timeout=5_000):
        logind.say(begins=True)
    qtbot.waitUntil(lambda: listening._delay is not None)
    assert logind.waits()
    listening.ready()
    qtbot.waitUntil(lambda: not logind.waits(), timeout=5_000)


def test_after_waking_it_is_asked_again_for_the_next_time(
    logind: Logind, listening: Sleeping, qtbot: QtBot
) -> None:
    heard: list[bool] = []
    listening.soon.connect(lambda: heard.append(True))
    listening.ready()
    logind.say(begins=False)
    qtbot.waitUntil(lambda: len(logind.asked) == 2, timeout=5_000)
    assert heard == []
    assert logind.waits()


def test_without_a_system_bus_it_says_that_nobody_tells(
    monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(sleeping, "_SYSTEM", "darwin")
    assert not Sleeping().start()


def test_windows_says_it_in_a_message(qtbot: QtBot) -> None:
    assert is_suspend(0x0218, 0x0004)
    assert not is_suspend(0x0218, 0x0007), "it has woken"
    assert not is_suspend(0x0100, 0x0004), "a key"
    from ctypes import wintypes

    heard: list[bool] = []
    messages = sleeping._Messages(lambda: heard.append(True))
    for number, detail in ((0x0218, 0x0004), (0x0218, 0x0007)):
        message = wintypes.MSG(message=number, wParam=detail)
        where = ctypes.addressof(message)
        taken, _ = messages.nativeEventFilter(QByteArray(b"windows_generic_MSG"), where)
        assert not taken
    messages.nativeEventFilter(QByteArray(b"xcb_generic_event_t"), 0)
    assert heard == [True]
