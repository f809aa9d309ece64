"""What a visit can begin with: who is expected, and what somebody has not finished yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liaison.ui import clock, theme
from liaison.ui.parts.unfinished import UnfinishedVisits
from liaison.ui.widgets import (
    Avatar,
    Button,
    Card,
    Divider,
    Elided,
    EmptyState,
    FilterChip,
    FlowRow,
    Text,
    spaced,
)

if TYPE_CHECKING:
    from liaison.services.visit_templates import Template
    from liaison.ui.desk import Desk
    from liaison.ui.pages.record_visit.facts import Expected

_SAW: Final = (
    "Whom did they see?",
    "Add a resident, and write down what was raised and what was found or advised.",
)


class Beginning(Card):
    """Stands where notes are written while there is nobody to write about yet.

    Args:
        desk: The desk.
    """

    record_asked = Signal(object)
    """Somebody wants to record this planned visit (its id)."""
    template_asked = Signal(object)
    """Somebody wants to begin with this template (a :class:`Template`)."""
    add_asked = Signal()
    """Somebody wants to add a resident."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(margins=(20, 16, 20, 16), parent=parent)
        self._desk = desk
        self.expected: tuple[Expected, ...] = ()
        self._list = QWidget()
        self._rows = spaced(QVBoxLayout(self._list), 8)
        self.unfinished = UnfinishedVisits(desk)
        self.unfinished.filled.connect(self._follow)
        self.nothing = EmptyState(
            "notebook-pen",
            *_SAW,
            "Add a resident",
            action_icon="plus",
        )
        self.nothing.pressed.connect(self.add_asked)
        self.usual = QWidget()
        usual = spaced(QVBoxLayout(self.usual), 8)
        usual.addWidget(Text("What kind of visit was it?", "card"))
        usual.addWidget(
            Text("What is usual is filled in; change whatever was different.", "secondary")
        )
        self.templates = FlowRow(gap=8)
        usual.addWidget(self.templates)
        self.usual.hide()
        self.add(self.usual)
        self.add(self._list)
        self.add(self.unfinished)
        self.add(self.nothing, 1)
        self._list.hide()
        self.unfinished.hide()
        self.setAccessibleName("Begin")

    def show_templates(self, templates: Sequence[Template], chosen: str) -> None:
        """Offer the usual kinds of visit.

        Args:
            templates: All of them.
            chosen: The value of the one that is chosen; empty for none.
        """
        self.templates.clear()
        for one in templates:
            chip = FilterChip(one.label, on=one.value == chosen)
            chip.setToolTip(one.ask)
            chip.clicked.connect(lambda *_, one=one: self.template_asked.emit(one))
            self.templates.flow.addWidget(chip)
            chip.show()
        self.usual.setVisible(bool(templates))
        self.templates.updateGeometry()

    def show_expected(self, expected: Sequence[Expected], today: dt.date) -> None:
        """Show the planned visits that may be recorded now."""
        self.expected = tuple(expected)
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._rows.addWidget(Text("Expected, not recorded yet", "card"))
        for one in self.expected:
            self._rows.addWidget(Divider())
            self._rows.addWidget(self._row(one, today))
        self._follow()

    def _row(self, one: Expected, today: dt.date) -> QWidget:
        row = QWidget()
        line = spaced(QHBoxLayout(row), 12)
        line.addWidget(Avatar(one.who.name, 36))
        words = spaced(QVBoxLayout(), 1)
        words.addWidget(Elided(one.who.name, "label"))
        whom = ", ".join(one.residents)
        when = clock.ago(one.at, today).replace("today at ", "").replace("at ", "")
        words.addWidget(
            Elided(" \N{MIDDLE DOT} ".join(part for part in (when, whom) if part), "secondary")
        )
        line.addLayout(words, 1)
        button = Button("Record it", small=True)
        button.setAccessibleName(f"Record the visit of {one.who.name}, {when}")
        button.clicked.connect(lambda *_: self.record_asked.emit(one.visit))
        line.addWidget(button)
        return row

    def set_blank(self, *, blank: bool) -> None:
        """Offer what to begin with only while nothing is typed."""
        self._blank = blank
        self._follow()

    _blank = True

    def set_planned(self, *, planned: bool) -> None:
        """Ask whom they will see, or whom they saw."""
        if planned:
            self.nothing.say("Whom will they see?", "Add a resident, and write down what to raise.")
        else:
            self.nothing.say(*_SAW)

    def _follow(self) -> None:
        expected = self._blank and bool(self.expected)
        unfinished = self._blank and self.unfinished.count > 0
        self._list.setVisible(expected)
        self.unfinished.setVisible(unfinished)
        self.nothing.setMinimumHeight(theme.px(190))
