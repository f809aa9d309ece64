"""The card of one answer: its figure, its chart, and the records behind it."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from liaison import charts
from liaison.ui import theme
from liaison.ui.chart import ChartView
from liaison.ui.pages.glance import facts
from liaison.ui.parts.case_list import CaseLine, CaseList
from liaison.ui.parts.line_list import ROW
from liaison.ui.widgets import (
    Banner,
    Button,
    Card,
    EmptyState,
    Flow,
    OneOf,
    StateChip,
    Text,
    Wrap,
    spaced,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison.charts import Chart, Measure
    from liaison.services.glance import Answer, Behind

_FULL: Final = 100
_LEAST: Final = 180
_CHART: Final = 132


class AnswerCard(Card):
    """Such a card; it shows the answer at once and its records when they are read."""

    open_asked = Signal(str, object)
    """Somebody wants to see a record behind the answer: its type and id."""
    page_asked = Signal()
    """Somebody wants to see the page that has everything the question is about."""
    again = Signal()
    """The records could not be read: somebody wants to try again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(" ", parent=parent)
        self.answer: Answer | None = None
        self.figure = Text("", "figure")
        self.unit = Wrap("", "body", widest=420)
        self.chip = StateChip("none", "")
        top = QWidget()
        flow = Flow(top, 10)
        for part in (self.figure, self.unit, self.chip):
            flow.addWidget(part)
        self.chart = ChartView("Chart", _CHART, _CHART + 40)
        self.counts = Text("", "caption")
        self.behind = Text("", "label")
        self.whole = Button("Open the page", "arrow-right", small=True)
        self.whole.clicked.connect(self.page_asked)
        row = spaced(QHBoxLayout(), 8)
        row.addWidget(self.behind, 1)
        row.addWidget(self.whole)
        self.trouble = Banner("late", "", "Try again")
        self.trouble.pressed.connect(self.again)
        self.trouble.hide()
        self.list = CaseList("The records behind it")
        self.list.clicked.connect(self._press)
        self.list.entered.connect(lambda: self._press(self.list.currentIndex()))
        self.nothing = EmptyState(
            "circle-check", "Nothing is behind it", "There is no record of this in the period."
        )
        self._either = OneOf()
        self._either.addWidget(self.list)
        self._either.addWidget(self.nothing)
        for one in (top, self.counts, self.chart, row, self.trouble):
            self.add(one)
        self.add(self._either, 1)
        self.fit()

    def fit(self) -> None:
        """Follow the text size."""
        self.list.setMinimumHeight(theme.px(_LEAST))

    def show_answer(self, answer: Answer) -> None:
        """Show an answer; its records are still to come."""
        changed = self.answer is None or self.answer.name != answer.name
        self.answer = answer
        self.set_title(answer.asks)
        self.figure.setText(answer.figure)
        self.unit.setText(answer.unit)
        self.chip.set_state(answer.state, answer.words or answer.stands)
        has_chart = bool(answer.bars or answer.waits)
        self.chart.setVisible(has_chart)
        self.counts.setVisible(has_chart)
        self.counts.setText(answer.drawn)
        if has_chart:
            self.chart.show_chart(functools.partial(_drawn, answer), facts.told(answer))
        self.trouble.hide()
        if changed:
            self.list.show_lines(())
            self.behind.setText("The records behind it")
            self._either.setCurrentIndex(0)

    def show_behind(self, rows: Sequence[Behind]) -> None:
        """Show the records behind the answer."""
        if self.answer is None:
            return
        self.trouble.hide()
        self.list.show_lines(facts.records(self.answer, rows))
        many = f"{len(rows):,} record{'' if len(rows) == 1 else 's'} behind it"
        self.behind.setText(many if rows else "No records behind it")
        self._either.setCurrentIndex(0 if rows else 1)

    def show_trouble(self, words: str) -> None:
        """Say why there are no records to see."""
        self.trouble.say("late", words, "Try again")

    def _press(self, index: QModelIndex) -> None:
        line = index.data(ROW) if index.isValid() else None
        if isinstance(line, CaseLine):
            self.open_asked.emit(line.type, line.id)


def _drawn(answer: Answer, width: float, height: float, measure: Measure) -> Chart:
    if answer.waits:
        return charts.waits(answer.waits, width, height, measure)
    whole = _FULL if answer.per_cent else 0
    return charts.columns(answer.bars, width, height, measure, whole=whole)
