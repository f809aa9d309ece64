"""Today for whoever runs the home: figures, charts, what to do next, who comes and who came."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from liaison import charts
from liaison.charts import Bar, Wait
from liaison.records.rules import times
from liaison.services.today import Item, Section
from liaison.ui import theme
from liaison.ui.chart import ChartView
from liaison.ui.pages import PAGES
from liaison.ui.pages.today import boards
from liaison.ui.pages.today.boards import DoNext
from liaison.ui.widgets import Card, EmptyState, FigureTile, spaced

if TYPE_CHECKING:
    from liaison.services.today import Today
    from liaison.ui.desk import Desk
    from liaison.ui.pages.today.facts import TodayFacts

_AGES: Final = (
    (7, "0\N{EN DASH}7", "ok"),
    (14, "8\N{EN DASH}14", "ok"),
    (30, "15\N{EN DASH}30", "due"),
    (90, "31\N{EN DASH}90", "due"),
    (10**6, "over 90", "late"),
)
"""Up to so many days, in words, and the state of what waits that long."""
_SIDE_BY_SIDE: Final = ((0, 0, 1), (0, 1, 1), (0, 2, 1), (1, 0, 2), (1, 2, 1))
_STACKED: Final = ((2, 0, 1), (3, 0, 1), (1, 0, 1), (0, 0, 1), (4, 0, 1))
"""Row, column and span of the cards: ages, waits, coming, what to do next, visits."""
_SHARES: Final = (32, 36, 34)
_MOST_WAITS: Final = 5
_FEW_COMING: Final = 3
_FEW_VISITS: Final = 8


class ManagerBoard(QWidget):
    """The board.

    Args:
        desk: The desk.
        found: What it shows.
    """

    def __init__(self, desk: Desk, found: TodayFacts) -> None:
        super().__init__()
        self._desk = desk
        self.next = DoNext(desk, found.today)
        column = spaced(QVBoxLayout(self), 16)
        self._tiles = self._figures(found.today)
        self._row = spaced(QGridLayout(), 16)
        column.addLayout(self._row)
        self._parts = (
            _ages(found.today),
            _waits(found.today),
            boards.coming(desk, found.today, _FEW_COMING),
            self.next,
            boards.visits(desk, found.today, _FEW_VISITS),
        )
        self._grid = spaced(QGridLayout(), 16)
        column.addLayout(self._grid, 1)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        """Stack the cards where text is large."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_grid"):
            self._arrange()

    def _arrange(self) -> None:
        roomy = theme.roomy()
        wide = len(self._tiles) if roomy else len(self._tiles) // 2
        for number, tile in enumerate(self._tiles):
            self._row.addWidget(tile, number // wide, number % wide)
            self._row.setColumnStretch(number, int(number < wide))
        places = _SIDE_BY_SIDE if roomy else _STACKED
        for part, (row, column, span) in zip(self._parts, places, strict=True):
            self._grid.addWidget(part, row, column, 1, span)
        for column, share in enumerate(_SHARES):
            self._grid.setColumnStretch(column, share if roomy else int(column == 0))
        for row in range(len(self._parts)):
            self._grid.setRowStretch(row, int(row == 1 and roomy))

    def _figures(self, today: Today) -> tuple[FigureTile, ...]:
        still = FigureTile("repeat", "Still open")
        waiting = [item for item in boards.to_do(today) if item.section is not Section.TRAINING]
        late = sum(item.late for item in waiting)
        still.set_figure(
            f"{len(waiting):,}", "without an outcome",
            state="late" if late else "ok", words=f"{late:,} late" if late else "None is late",
        )  # fmt: skip
        still.clicked.connect(lambda *_: self._to(None))
        longest = FigureTile("hourglass", "Longest wait")
        _show_longest(longest, today.sections.get(Section.REFERRALS, ()))
        longest.clicked.connect(lambda *_: self._to(Section.REFERRALS))
        trained = FigureTile("graduation-cap", "All required training")
        _show_trained(trained, today)
        trained.clicked.connect(lambda *_: self._to_training())
        expected = FigureTile("calendar-check", "Expected today")
        _show_expected(expected, today.sections.get(Section.COMING, ()))
        expected.clicked.connect(lambda *_: self._to_first(today))
        return (still, longest, trained, expected)

    def _to(self, section: Section | None) -> None:
        """Show the list behind a figure, and go to it."""
        self.next.choose(section)
        self.next.show_first()

    def _to_training(self) -> None:
        if "training" in PAGES:
            self._desk.go("training")
        else:
            self._to(Section.TRAINING)

    def _to_first(self, today: Today) -> None:
        items = today.sections.get(Section.COMING, ())
        if items:
            self._desk.open(items[0].type, items[0].id)


def _show_longest(tile: FigureTile, referrals: tuple[Item, ...]) -> None:
    if not referrals:
        tile.set_figure("None", "no referral is waiting", state="ok", words="Nothing to chase")
        return
    longest = max(referrals, key=lambda item: item.days)
    unit = longest.title.split(",")[0]
    days = f"{longest.days:,} day{'' if longest.days == 1 else 's'}"
    if longest.usual is None:
        tile.set_figure(days, unit, state="none", words="No usual wait recorded")
    else:
        over = longest.days > longest.usual
        words = f"Usual wait is {longest.usual:,}"
        tile.set_figure(days, unit, state="late" if over else "ok", words=words)


def _show_trained(tile: FigureTile, today: Today) -> None:
    learned = today.learned
    if learned is None or not learned.people:
        tile.set_figure("None", "no staff recorded yet", state="none", words="Add your staff first")
        return
    figure = f"{learned.complete:,} of {learned.people:,}"
    if learned.target is not None and not learned.target.met:
        words = f"{learned.course} {learned.target.share}%, target {learned.target.percent}"
        tile.set_figure(figure, "staff in date", state="due", words=words)
    elif learned.lacking:
        words = f"{learned.lacking:,} run out or missing"
        tile.set_figure(figure, "staff in date", state="late", words=words)
    else:
        tile.set_figure(figure, "staff in date", state="ok", words="Everybody is in date")


def _show_expected(tile: FigureTile, items: tuple[Item, ...]) -> None:
    today = [item for item in items if item.days == 0]
    unit = f"{len(items):,} within a week" if items else "nor within a week"
    words = "Nobody is expected"
    if items:
        first = items[0]
        words = f"{_when(first.when, today=first.days == 0)} {first.title}"
    figure = f"{len(today):,}" if today else "Nobody"
    tile.set_figure(figure, unit, state="info" if items else "none", words=words)


def _when(moment: dt.date | dt.datetime | None, *, today: bool) -> str:
    assert isinstance(moment, dt.datetime)  # noqa: S101  # what is coming has a moment
    day, _, hour = times.show_time(moment).partition(", ")
    return hour if today else " ".join(day.split()[:3])


def _ages(today: Today) -> Card:
    card = Card("Concerns and referrals by age", note="days")
    waiting = [
        item.days
        for section in (Section.CONCERNS, Section.REFERRALS)
        for item in today.sections.get(section, ())
    ]
    if not waiting:
        words = "Concerns and referrals are counted here until they have an outcome."
        # actions, results and reviews may well be open
        card.add(EmptyState("chart-column", "No concern or referral is open", words), 1)
        return card
    bars, least = [], -1
    for most, label, state in _AGES:
        bars.append(Bar(label, sum(least < days <= most for days in waiting), state))
        least = most
    view = ChartView("Concerns and referrals by age")
    told = ", ".join(f"{bar.label} days: {bar.count}" for bar in bars)
    view.show_chart(lambda w, h, measure: charts.columns(bars, w, h, measure), told)
    card.add(view, 1)
    return card


def _waits(today: Today) -> Card:
    referrals = sorted(today.sections.get(Section.REFERRALS, ()), key=lambda item: -item.days)
    usual = any(item.usual for item in referrals)
    card = Card("Waits, days so far", note="| usual wait" if usual else "")
    if not referrals:
        words = "How long each referral has waited stands here, beside what is usual."
        card.add(EmptyState("hourglass", "Nobody is waiting", words), 1)
        return card
    lines = [
        Wait(item.title.split(",")[0], item.days, item.usual, _wait_state(item))
        for item in referrals[:_MOST_WAITS]
    ]
    view = ChartView("Referrals that wait longest")
    told = ", ".join(
        f"{line.label} {line.days} days" + (f", usual {line.usual}" if line.usual else "")
        for line in lines
    )
    view.show_chart(lambda w, h, measure: charts.waits(lines, w, h, measure), told)
    card.add(view, 1)
    return card


def _wait_state(item: Item) -> str:
    if item.usual is None:
        return "due" if item.late else "ok"
    if item.days > item.usual:
        return "late"
    return "due" if item.late else "ok"
