"""What a page on the exchange reads: nothing out of sight, and all of it once it is shown again."""

from __future__ import annotations

import threading

from pytestqt.qtbot import QtBot

from liaison.services.homes import OpenHome
from liaison.ui.desk import Desk
from liaison.ui.parts.exchanging import Seen
from liaison.ui.parts.follows_exchange import FollowsExchange


class Counting(FollowsExchange):
    """A page that counts how often it read."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.read = 0

    def refresh(self) -> None:
        """Read whether a home is open."""
        self.read_shown(lambda home: home.person, self._show)

    def _show(self, _: int) -> None:
        self.read += 1
        self.filled.emit()


def test_rounds_out_of_sight_are_read_once_as_it_is_shown(qtbot: QtBot, desk: Desk) -> None:
    page = Counting(desk)
    qtbot.addWidget(page)
    for _ in range(3):
        desk.tell_exchange(Seen())
    assert desk.jobs.is_idle
    with qtbot.waitSignal(page.filled):
        page.show()
    assert page.read == 1
    with qtbot.waitSignal(page.filled):
        desk.tell_exchange(Seen())
    page.hide()
    page.show()
    # nothing was told meanwhile
    assert desk.jobs.is_idle
    assert page.read == 2


def test_of_two_reads_at_once_the_later_one_is_shown(qtbot: QtBot, desk: Desk) -> None:
    page = Counting(desk)
    qtbot.addWidget(page)
    gate, shown = threading.Event(), list[str]()

    def slow(_: OpenHome) -> str:
        gate.wait(10)
        return "as it was"

    page.read_shown(slow, shown.append)
    page.read_shown(lambda _: "as it is", shown.append)
    qtbot.waitUntil(lambda: bool(shown))
    gate.set()
    qtbot.waitUntil(lambda: desk.jobs.is_idle)
    assert shown == ["as it is"]
