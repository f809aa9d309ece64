"""Settle differences: which value is right, and whether two records are about the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QVBoxLayout

from liaison.security.roles import Action, may, who_may
from liaison.ui.page import Page
from liaison.ui.pages.differences.twice import Twice
from liaison.ui.parts.settle import Differences
from liaison.ui.widgets import OneOf, PageHeader, ScrollPage, Segmented, spaced

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from liaison.ui.desk import Desk

_FIELDS, _TWICE = "fields", "twice"


class DifferencesPage(Page):
    """What two PCs changed or made before they heard from each other.

    Args:
        desk: What a page is given.
    """

    name: ClassVar[str] = "differences"
    title: ClassVar[str] = "Settle differences"
    icon: ClassVar[str] = "git-merge"
    roles: ClassVar[frozenset[str]] = frozenset(who_may(Action.UNDO_OTHERS))
    shortcuts: ClassVar[tuple[tuple[str, str], ...]] = (
        ("1, 2", "Choose one of the values"),
        ("Ctrl+Down", "Next difference"),
        ("Ctrl+Up", "Difference before"),
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.tabs = Segmented(
            [(_FIELDS, "Differences"), (_TWICE, "Perhaps entered twice")], "What is shown"
        )
        self.tabs.changed.connect(lambda value: self._turn(str(value)))
        merges = may(desk.person.role, Action.STRIKE_OTHERS)
        if not merges:
            self.tabs.hide()
        self.header = PageHeader(
            self.title,
            "Two PCs changed the same thing before they heard from each other. Nothing was lost: "
            "both are kept until you choose.",
            (self.tabs,),
        )
        self.fields = Differences(desk)
        self.fields.counted.connect(lambda _: self.filled.emit())
        self.twice = Twice(desk)
        self.stack = OneOf()
        self._places: dict[str, QWidget] = {_FIELDS: self.fields, _TWICE: self.twice}
        for part in self._places.values():
            self.stack.addWidget(part)
        sheet = ScrollPage()
        sheet.body.addWidget(self.header)
        sheet.body.addWidget(self.stack, 1)
        spaced(QVBoxLayout(self), 0).addWidget(sheet)
        self._turn(_FIELDS)

    def _turn(self, which: str) -> None:
        self.tabs.set_value(which)
        self.stack.setCurrentWidget(self._places[which])
        if which == _TWICE:
            self.twice.refresh()

    def show_argument(self, argument: object) -> None:
        """Show what was gone to: ``{"twice": True}`` for records entered twice.

        Args:
            argument: A mapping.
        """
        twice = isinstance(argument, Mapping) and bool(argument.get(_TWICE))
        self._turn(_TWICE if twice and not self.tabs.isHidden() else _FIELDS)
        if self.stack.currentWidget() is self.fields:
            self.fields.begin()

    def show_start(self) -> None:
        """Begin where one chooses."""
        self._turn(_FIELDS)
        self.fields.begin()

    def refresh(self) -> None:
        """Read what is to be settled."""
        self.fields.refresh()
        if self.stack.currentWidget() is self.twice:
            self.twice.refresh()
