"""A window that is moved between two screens of different scale; run in a process of its own.

``python -m tests.ui.two_screens HOME`` prints what was wrong, one thing a line.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtGui import QScreen
from PySide6.QtWidgets import QApplication, QWidget

_SCREENS = """{"screens": [
  {"name": "office", "x": 0, "y": 0, "width": 1366, "height": 768, "dpr": 1},
  {"name": "wall", "x": 1366, "y": 0, "width": 1920, "height": 1080, "dpr": 1}]}"""
#: The second is a sharper screen at 150 per cent: 1280 x 720 of the window's pixels.
_SCALES = "office=1;wall=1.5"
_TURNS = ("wall", "office")


def main(folder: Path) -> None:
    """Open the home's window, move it to and fro, and print what is wrong."""
    from liaison.ui import theme
    from tests import homes as made
    from tests.ui.whole import Whole

    app = QApplication(["Liaison", "-style", "fusion"])
    look = theme.install(app, "light", 1.0)
    screens = {screen.name(): screen for screen in app.screens()}
    with Whole(folder, made.PASSWORD, size=(1280, 700)) as whole:
        whole.frame.move(20, 20)
        # pages that were painted before the move
        whole.go("today")
        whole.go("training")
        for turn, name in enumerate(_TURNS):
            _move(whole.frame, screens[name])
            look.choose("dark" if turn % 2 else "light")
            whole.settle()
            for page in whole.pages:
                print_all(name, page, wrong(whole.go(page), screens[name]))
            whole.go("today")
            print_all(name, "popover", wrong_popover(whole, screens[name]))
            print_all(name, "sheet", wrong_dialog(whole, screens[name]))
            if whole.frame.width() > screens[name].geometry().width():
                print_all(name, "window", [f"{whole.frame.size()} is wider than the screen"])
        print_all("", "window", [str(each) for each in whole.troubles])


def _move(window: QWidget, screen: QScreen) -> None:
    from tests.ui.whole import settle

    window.move(screen.geometry().topLeft() + QPoint(0, 10))
    settle(lambda: window.screen().name() == screen.name())


def print_all(screen: str, where: str, found: list[str]) -> None:
    """Print what was found."""
    for words in found:
        print(f"{screen}, {where}: {words}")  # noqa: T201  # that is its answer


def wrong(page: QWidget, screen: QScreen) -> list[str]:
    """Return what is cut off on a page, or painted for another screen."""
    from tests.ui import walk

    found = walk.unreadable(page)
    ratio = screen.devicePixelRatio()
    if page.grab().devicePixelRatio() != ratio:
        found.append(f"painted at {page.grab().devicePixelRatio()}, not {ratio}")
    return found + [f"icon at {got}, not {ratio}" for got in _icons(page) if got != ratio]


def _icons(page: QWidget) -> Iterator[float]:
    from liaison.ui import theme

    for widget in (page, *page.findChildren(QWidget)):
        if widget.isVisible():
            yield theme.pixmap("check", "text", 18, widget).devicePixelRatio()


def wrong_popover(whole: object, screen: QScreen) -> list[str]:
    """Return what is wrong with a popover: off its screen, or words cut off."""
    from tests.ui import walk
    from tests.ui.whole import Whole

    assert isinstance(whole, Whole)
    whole.shell.show_look(whole.shell.header.person)
    popover = whole.shell.look
    assert popover is not None
    whole.settle()
    found = walk.unreadable(popover) + _outside(popover, screen)
    popover.done()
    whole.settle()
    return found


def wrong_dialog(whole: object, screen: QScreen) -> list[str]:
    """Return what is wrong with a dialog."""
    from tests.ui import walk
    from tests.ui.whole import Whole

    assert isinstance(whole, Whole)
    whole.shell.show_shortcuts()
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    whole.settle()
    found = walk.unreadable(dialog) + _outside(dialog, screen)
    dialog.close()
    whole.settle()
    return found


def _outside(floating: QWidget, screen: QScreen) -> list[str]:
    there = floating.frameGeometry() if floating.isWindow() else floating.rect()
    if floating.isWindow() and not screen.geometry().intersects(there):
        return [f"{there} is not on {screen.geometry()}"]
    return []


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        layout = Path(place, "screens.json")
        layout.write_text(_SCREENS, "utf-8")
        os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={layout}"
        os.environ["QT_SCREEN_SCALE_FACTORS"] = _SCALES
        main(Path(sys.argv[1]))
