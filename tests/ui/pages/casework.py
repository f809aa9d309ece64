"""What the tests of referrals, transfers and appointments share: writing, pressing, popovers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from liaison.records import Record
from liaison.services import editing
from liaison.services.homes import OpenHome
from liaison.store.store import Store
from liaison.ui.desk import Desk
from liaison.ui.parts.case_page import CasePage
from liaison.ui.parts.say_popover import SayPopover
from liaison.ui.widgets import Button, Explained, StateChip, Text, Wrap

T = TypeVar("T")


def write(qtbot: QtBot, desk: Desk, work: Callable[[OpenHome], T]) -> T:
    """Write something as another program would, and wait for it."""
    done: list[T] = []
    desk.jobs.write(work, done.append)
    qtbot.waitUntil(lambda: bool(done))
    return done[0]


def add(qtbot: QtBot, desk: Desk, record: Record) -> int:
    """Add a record."""
    return write(qtbot, desk, lambda home: editing.add(home, record)[0])


def read(qtbot: QtBot, desk: Desk, work: Callable[[Store], T]) -> T:
    """Read something."""
    done: list[T] = []
    desk.jobs.read(work, done.append)
    qtbot.waitUntil(lambda: bool(done))
    return done[0]


def shown(qtbot: QtBot, page: CasePage) -> None:
    """Show a page, and wait until it and the first card are there."""
    qtbot.addWidget(page)
    page.resize(1158, 712)
    with qtbot.waitSignal(page.filled):
        page.show()
        page.refresh()


def follow(desk: Desk, page: CasePage) -> None:
    """Refresh a page after each write, as the shell does."""

    def changed(touched: frozenset[str]) -> None:
        if touched & page.reads:
            page.refresh()

    desk.jobs.changed.connect(changed)


def button(part: QWidget, words: str) -> Button:
    """Return the button that is in sight with some words."""
    (found,) = [b for b in part.findChildren(Button) if b.words == words and b.isVisible()]
    return found


def popover(qtbot: QtBot, part: QWidget, words: str) -> SayPopover:
    """Press a button that asks, and return its popover once it can be typed into."""
    # one that was closed lives until Qt comes to it
    before = set(part.window().findChildren(SayPopover))
    button(part, words).click()

    def new() -> list[SayPopover]:
        return [p for p in part.window().findChildren(SayPopover) if p not in before]

    qtbot.waitUntil(lambda: any(p.isVisible() for p in new()))
    (found,) = [p for p in new() if p.isVisible()]
    qtbot.waitUntil(lambda: found.keeper._known)
    return found


def said(part: QWidget) -> str:
    """Return everything that is in sight of a part, in words."""
    words = [
        child.text()
        for kind in (Text, Wrap, Explained, StateChip)
        for child in part.findChildren(kind)
        if child.isVisible()
    ]
    words += [b.words for b in part.findChildren(Button) if b.isVisible()]
    return "\n".join(words)
