"""Today for whoever runs the home: figures, charts, what to do next, who comes and who came."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from liaison import charts
from liaison.charts import Bar, Wait
from liaison.services.today import Item, Section
from liaison.ui import theme
from liaison.ui.chart import ChartView
from liaison.ui.pages import PAGES
from liaison.ui.pages.today import boards, figures
from liaison.ui.pages.today.boards import DoNext
from liaison.ui.pages.today.shares import Shares
from liaison.ui.widgets import (
    STATE_ICONS,
    Button,
    Card,
    EmptyState,
    FigureTile,
    Icon,
    State,
    Text,
    spaced,
)

if TYPE_CHECKING:
    from liaison.services.today import Today
    from liaison.ui.desk import Desk
    from liaison.ui.pages.today.facts import TodayFacts

_Places = tuple[tuple[int, int, int], ...]
_SIDE_BY_SIDE: Final = ((0, 0, 1), (0, 1, 1), (0, 2, 1), (1, 0, 2), (1, 2, 1))
_BELOW: Final = ((0, 0, 1), (0, 1, 1), (0, 2, 1), (1, 0, 3), (2, 0, 3))
_STACKED: Final = ((2, 0, 1), (3, 0, 1), (4, 0, 1), (0, 0, 1), (1, 0, 1))
"""Row, column and span of the cards, the widest first: ages, waits, directory, what to do next, who comes and came."""
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
        self._tiles = self._figures(found)
        self._row = spaced(QGridLayout(), 16)
        column.addLayout(self._row)
        self._parts = (
            _ages(found),
            _waits(found.today),
            self._directory(found),
            self.next,
            _column(
                boards.coming(desk, found.today, _FEW_COMING),
                boards.visits(desk, found.today, _FEW_VISITS),
            ),
        )
        self._grid = spaced(QGridLayout(), 16)
        column.addLayout(self._grid, 1)
        self._laid: tuple[int, _Places] = (0, ())
        self._lay_out(len(self._tiles), _SIDE_BY_SIDE if theme.roomy() else _STACKED)

    def changeEvent(self, event: QEvent) -> None:
        """Stack the cards where text is large."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_laid"):
            self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stack the cards where they have no room beside each other."""
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        """Stack them too where one of them now needs more room, such as another kind of line."""
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self._arrange()
        return super().event(event)

    def minimumSizeHint(self) -> QSize:
        """Allow the width of the cards below each other: else they would never be given less."""
        tiles = self._tiles_need(len(self._tiles) // 2)
        cards = _least(_widths(self._parts), _STACKED, self._grid.spacing())
        return QSize(max(tiles, cards), super().minimumSizeHint().height())

    def _tiles_need(self, wide: int) -> int:
        places = tuple((number // wide, number % wide, 1) for number in range(len(self._tiles)))
        return _least(_widths(self._tiles), places, self._row.spacing())

    def _arrange(self) -> None:
        """Put as much side by side as there is room for, and nothing where text is large."""
        number, widths, gap = len(self._tiles), _widths(self._parts), self._grid.spacing()
        roomy, room = theme.roomy(), self.width()
        wide = number if roomy and self._tiles_need(number) <= room else number // 2
        beside = (_SIDE_BY_SIDE, _BELOW) if roomy else ()
        fit = (places for places in beside if _least(widths, places, gap) <= room)
        self._lay_out(wide, next(fit, _STACKED))

    def _lay_out(self, wide: int, places: _Places) -> None:
        if self._laid == (wide, places):
            return
        self._laid = (wide, places)
        for number, tile in enumerate(self._tiles):
            self._row.addWidget(tile, number // wide, number % wide)
            self._row.setColumnStretch(number, int(number < wide))
        for part, (row, column, span) in zip(self._parts, places, strict=True):
            self._grid.addWidget(part, row, column, 1, span)
        stacked = places is _STACKED
        for column, share in enumerate(_SHARES):
            self._grid.setColumnStretch(column, int(column == 0) if stacked else share)
        for row in range(len(self._parts)):
            self._grid.setRowStretch(row, int(row == 1 and not stacked))

    def _figures(self, found: TodayFacts) -> tuple[FigureTile, ...]:
        today = found.today
        trained = FigureTile("graduation-cap", "All required training")
        figures.show_trained(trained, today)
        trained.clicked.connect(lambda *_: self._to_training())
        kept = FigureTile("shield-check", "Last backup")
        figures.show_backup(kept, found)
        kept.clicked.connect(lambda *_: self._desk.go("settings", "backup"))
        return (*figures.of_loops(self._desk, found), trained, kept)

    def _directory(self, found: TodayFacts) -> Card:
        """Return the card that says how fresh the directory is."""
        checked = found.checked
        card = Card("Directory last checked")
        if checked is None or not checked.total:
            words = "How fresh numbers and names are stands here, once there are some."
            card.add(EmptyState("book-user", "Nobody is in the directory", words), 1)
            return card
        card.set_note(f"{checked.total:,} entries")
        card.add(Shares([(checked.fresh, "ok"), (checked.due, "due"), (checked.old, "late")]))
        months = checked.months
        for state, words, number in (
            ("ok", f"Under {months} months", checked.fresh),
            ("due", f"{months} to {2 * months} months", checked.due),
            ("late", f"Over {2 * months} months, or never", checked.old),
        ):
            row = spaced(QHBoxLayout(), 8)
            row.addWidget(Icon(STATE_ICONS[State(state)], state, 16))
            row.addWidget(Text(words), 1)
            row.addWidget(Text(f"{number:,}", "label"))
            card.add(row)
        card.body.addStretch(1)
        check = Button("Check", small=True)
        check.setAccessibleName("Check the directory")
        check.clicked.connect(lambda *_: self._desk.go("directory"))
        foot = spaced(QHBoxLayout(), 8)
        stale = checked.due + checked.old
        told = "1 to check" if stale == 1 else f"{stale:,} to check"
        foot.addWidget(Text(told if stale else "All are fresh", "secondary"), 1)
        foot.addWidget(check)
        card.add(foot)
        return card

    def _to(self, section: Section | None) -> None:
        """Show the list behind a figure, and go to it."""
        self.next.choose(section)
        self.next.show_first()

    def _to_training(self) -> None:
        if "training" in PAGES:
            self._desk.go("training")
        else:
            self._to(Section.TRAINING)


def _widths(parts: Sequence[QWidget]) -> list[int]:
    return [part.minimumSizeHint().width() for part in parts]


def _least(widths: Sequence[int], places: _Places, gap: int) -> int:
    """Return the least width of a grid whose parts need so much each, in their places."""
    columns = dict.fromkeys(range(max(column + span for _, column, span in places)), 0)
    # what spans several columns widens them only by what they lack
    for span, column, width in sorted(
        (span, column, width) for width, (_, column, span) in zip(widths, places, strict=True)
    ):
        spanned = range(column, column + span)
        lacks = width - gap * (span - 1) - sum(columns[one] for one in spanned)
        columns[column] += max(lacks, 0)
    return sum(columns.values()) + gap * (len(columns) - 1)


def _column(*parts: QWidget) -> QWidget:
    """Return parts one under another."""
    whole = QWidget()
    column = spaced(QVBoxLayout(whole), 16)
    for part in parts[:-1]:
        column.addWidget(part)
    column.addWidget(parts[-1], 1)
    return whole


def _ages(found: TodayFacts) -> Card:
    card = Card("Open loops by age", note="days")
    still = found.open
    if still is None or not still.total:
        words = "Everything without an outcome is counted here until somebody records one."
        card.add(EmptyState("chart-column", "Nothing is open", words), 1)
        return card
    bars = [Bar(band.short, number, band.state) for band, number in still.bands]
    view = ChartView("Open loops by age")
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
