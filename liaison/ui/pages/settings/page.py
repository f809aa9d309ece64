"""Settings: sections at the left, the open one at the right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar, Final

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout

from liaison.security.roles import Action, who_may
from liaison.ui import theme
from liaison.ui.desk import Desk
from liaison.ui.page import Page
from liaison.ui.pages.settings.about import AboutSection
from liaison.ui.pages.settings.appearance import AppearanceSection
from liaison.ui.pages.settings.backup import BackupSection
from liaison.ui.pages.settings.health import HealthSection
from liaison.ui.pages.settings.lists_in import ListsInSection
from liaison.ui.pages.settings.monthly import MonthlySection
from liaison.ui.pages.settings.pcs import PcsSection
from liaison.ui.pages.settings.people import PeopleSection
from liaison.ui.pages.settings.records import HomeSection, RecordsSection
from liaison.ui.pages.settings.section import Section
from liaison.ui.pages.settings.take_out import TakeOutSection
from liaison.ui.pages.settings.words import WordsSection
from liaison.ui.parts.side_list import Side, SideList
from liaison.ui.widgets import Card, PageHeader, ScrollPage, spaced

_LEFT: Final = 240
_LEAST: Final = 280
_ASKED: Final = QSizePolicy.Policy.Preferred
_IGNORED: Final = QSizePolicy.Policy.Ignored

#: The sections: the line of each in the list, and what makes it when it is first opened.
SECTIONS: Final[tuple[tuple[Side, Callable[[Desk], Section]], ...]] = (
    (Side("home", "The home", "house"), HomeSection),
    (Side("words", "Lists of words", "list"), WordsSection),
    (
        Side("glossary", "Glossary", "book-open"),
        lambda desk: RecordsSection(desk, ["term"], "Explain a word"),
    ),
    (Side("look", "Appearance", "sun-moon"), AppearanceSection),
    (Side("backup", "Backup", "hard-drive"), BackupSection),
    (Side("monthly", "Monthly summary", "calendar-check"), MonthlySection),
    (Side("health", "Health", "heart-pulse"), HealthSection),
    (Side("import", "Bring lists in", "upload"), ListsInSection),
    (Side("export", "Take lists out", "download"), TakeOutSection),
    (Side("people", "People who sign in", "users-round"), PeopleSection),
    (Side("pcs", "Other PCs", "monitor"), PcsSection),
    (Side("about", "About Liaison", "info"), AboutSection),
)

#: Which section shows a record of a type.
_SHOWN_IN: Final = {
    "home": "home", "vocabulary_item": "words", "term": "glossary", "person": "people",
    "pc": "pcs",
}  # fmt: skip


class SettingsPage(Page):
    """The settings; for managers."""

    name: ClassVar[str] = "settings"
    title: ClassVar[str] = "Settings"
    icon: ClassVar[str] = "settings"
    roles: ClassVar[frozenset[str]] = frozenset(who_may(Action.SETTINGS))
    reads: ClassVar[frozenset[str]] = frozenset({"home", "vocabulary_item", "person", "pc"})
    first: ClassVar[str] = "home"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._makers = {side.name: make for side, make in SECTIONS}
        self.sections: dict[str, Section] = {}
        self.list = SideList([side for side, _ in SECTIONS], "Settings")
        self.list.chosen.connect(self.open_section)
        self.stack = QStackedWidget()
        self.card = Card()
        self.card.add(self.list)
        self.card.body.addStretch(1)
        self.header = PageHeader(
            "Settings", "What you change about the home is shared; the look is yours on this PC."
        )
        self._row = spaced(QBoxLayout(QBoxLayout.Direction.LeftToRight), 16)
        self._row.addWidget(self.card)
        self._row.addWidget(self.stack, 1)
        sheet = ScrollPage()
        sheet.body.addWidget(self.header)
        sheet.body.addLayout(self._row, 1)
        whole = spaced(QVBoxLayout(self), 0)
        whole.addWidget(sheet, 1)
        self._foot = spaced(QVBoxLayout(), 0)
        whole.addLayout(self._foot)
        self._fit()
        self.open_section(self.first)

    def open_section(self, name: str) -> Section:
        """Show a section; return it."""
        section = self.sections.get(name)
        if section is None:
            section = self._makers[name](self.desk)
            self.sections[name] = section
            section.footed.connect(self._show_foot)
            section.setSizePolicy(_IGNORED, _IGNORED)
            self.stack.addWidget(section)
        self.list.show_chosen(name)
        if section is not self.stack.currentWidget():
            behind = self.stack.currentWidget()
            if behind is not None:
                # what is not in front is not to decide how high the page is
                behind.setSizePolicy(_IGNORED, _IGNORED)
            section.setSizePolicy(_ASKED, _ASKED)
            self.stack.setCurrentWidget(section)
        self._show_foot()
        section.refresh()
        return section

    def _show_foot(self) -> None:
        """Show what the section in front wants below what scrolls."""
        while (item := self._foot.takeAt(0)) is not None:
            if (before := item.widget()) is not None:
                before.hide()
        section = self.sections.get(self.list.value)
        if section is not None and section.foot is not None:
            self._foot.addWidget(section.foot)
            section.foot.show()

    def show_argument(self, argument: object) -> None:
        """Show the section that was gone to, by its name.

        Args:
            argument: The name, or a mapping with it under ``section``.
        """
        name = argument.get("section") if isinstance(argument, Mapping) else argument
        if isinstance(name, str) and name in self._makers:
            self.open_section(name)

    def open_form(self) -> object:
        """Return the section that is open."""
        return self.list.value

    def reopen(self, form: object) -> None:
        """Show the section that was left open."""
        self.show_argument(form)

    def show_record(self, type_name: str, identity: int) -> None:
        """Show a record in its section."""
        self.open_section(_SHOWN_IN[type_name]).show_record(type_name, identity)

    def refresh(self) -> None:
        """Read what the open section shows."""
        current = self.sections.get(self.list.value)
        if current is not None:
            current.refresh()
        self.filled.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_row"):
            self._fit()

    def _fit(self) -> None:
        way = QBoxLayout.Direction
        self.stack.setMinimumHeight(theme.px(_LEAST))
        if theme.roomy():
            self._row.setDirection(way.LeftToRight)
            self.card.setFixedWidth(theme.px(_LEFT))
        else:
            self._row.setDirection(way.TopToBottom)
            self.card.setMinimumWidth(0)
            self.card.setMaximumWidth(16_777_215)
