"""The home's glossary in the window: read when it opens, and again when somebody changes it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget

from liaison.records.rules import glossary as rules
from liaison.services import glossary
from liaison.ui.widgets import Explained, explaining
from liaison.ui.widgets.button import Button
from liaison.ui.widgets.explaining import Meaning

if TYPE_CHECKING:
    from liaison.ui.desk import Desk


class Glossary(QObject):
    """Teaches the window the home's abbreviations for as long as the home is open.

    Args:
        desk: The desk.
        window: What shows the home; with it this ends.
    """

    def __init__(self, desk: Desk, window: QWidget) -> None:
        super().__init__(window)
        self._desk = desk
        self._window = window
        self._known: dict[str, str] = {}
        self._find = _finder(self._known)
        desk.jobs.changed.connect(self._written)
        self.destroyed.connect(partial(explaining.forget, self._find))
        app = QApplication.instance()
        assert isinstance(app, QApplication)  # noqa: S101  # a widget was made
        app.focusChanged.connect(self._focused)
        self.read()

    def read(self) -> None:
        """Read the abbreviations anew."""
        if self._desk.jobs.home is not None:
            self._desk.jobs.read(
                glossary.explanations, self._learn, latest=(id(self), "terms"), owner=self
            )

    def _written(self, touched: frozenset[str]) -> None:
        if "term" in touched:
            self.read()

    def _learn(self, known: dict[str, str]) -> None:
        if known == self._known:
            return
        self._known.clear()
        self._known.update(known)
        explaining.teach(self._find)
        for label in self._window.findChildren(Explained):
            label.learn()

    def _focused(self, _before: QWidget | None, now: QWidget | None) -> None:
        # what is pressed with the mouse has shown its tip already
        if (
            isinstance(now, Button)
            and now.property("explained")
            and not QApplication.mouseButtons()
        ):
            explaining.show_tip(now, now.toolTip())


def _finder(known: Mapping[str, str]) -> explaining.Finder:
    """Return what finds abbreviations; it outlives the window for a moment, and holds no part of it."""
    return lambda text: [Meaning(*one, known[one.abbreviation]) for one in rules.find(text, known)]
