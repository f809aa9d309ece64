"""Shares of staff who hold what they must: the home over a year, courses, job roles and teams."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from liaison import charts
from liaison.charts import Bar
from liaison.records.rules import shares, times
from liaison.records.rules.shares import Share
from liaison.services.compliance import over_time
from liaison.services.training import matrix
from liaison.ui import theme
from liaison.ui.chart import ChartView
from liaison.ui.widgets import Banner, Card, Columns, EmptyState, FlowRow, StateChip, spaced
from liaison.ui.widgets.painting import box, draw_pixmap, painter_for

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.records.rules.matrix import Column, Matrix
    from liaison.store.store import Store
    from liaison.ui.desk import Desk

_LEFT: Final = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
_RIGHT: Final = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
_ROW: Final = 34
_NAME: Final = 0.42
_FIGURES: Final = 132


@dataclasses.dataclass(frozen=True, slots=True)
class _Read:
    made: Matrix
    months: tuple[tuple[dt.date, Share], ...]


class ShareLine(QProgressBar):
    """A share: its name, a bar, "20 of 22", and the per cent, marked if a target is missed.

    Args:
        name: Of what.
        part: How many do.
        whole: Out of how many.
        percent: The share.
        target: The share that is asked for from outside; None if there is none.
    """

    def __init__(  # noqa: PLR0917  # what it shows
        self, name: str, part: int, whole: int, percent: Decimal, target: int | None = None,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.name, self.part, self.whole = name, part, whole
        self.percent, self.target = percent, target
        self.setRange(0, 1000)
        self.setValue(int(percent * 10))
        self.setTextVisible(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{name}: {self.words}")

    @property
    def words(self) -> str:
        """The share in words."""
        if not self.whole:
            return "nobody needs it"
        said = f"{self.part:,} of {self.whole:,}, {_per_cent(self.percent)}"
        if self.target is None:
            return said
        return f"{said}, target {self.target} % {'met' if self.met else 'missed'}"

    @property
    def met(self) -> bool:
        """Whether the target is met; without one, whether everybody does."""
        wanted = 100 if self.target is None else self.target
        return 100 * self.part >= wanted * self.whole

    @property
    def state(self) -> str:
        """The state of the bar: ok, due, or late below a target from outside."""
        if self.met or not self.whole:
            return "ok"
        return "due" if self.target is None else "late"

    def sizeHint(self) -> QSize:
        """Ask for one line."""
        return QSize(theme.px(320), theme.px(_ROW))

    def minimumSizeHint(self) -> QSize:
        """Allow a narrow line."""
        return QSize(theme.px(200), theme.px(_ROW))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the name, the bar and the figures."""
        painter = painter_for(self)
        wide, tall = self.width(), self.height()
        names = wide * _NAME
        figures = min(theme.px(_FIGURES), wide * 0.34)
        painter.setFont(theme.font(theme.BODY))
        painter.setPen(theme.colour("text"))
        metrics = painter.fontMetrics()
        name = metrics.elidedText(self.name, Qt.TextElideMode.ElideRight, int(names - theme.px(8)))
        painter.drawText(QRectF(0, 0, names, tall), _LEFT, name)
        track = QRectF(names, tall / 2 - theme.px(6), wide - names - figures, theme.px(12))
        box(painter, track, theme.px(4), theme.colour("track"))
        if self.whole and self.part:
            done = QRectF(track)
            done.setWidth(max(track.width() * float(self.percent) / 100, theme.px(4)))
            box(painter, done, theme.px(4), theme.colour(f"{self.state}bar"))
        if self.whole and self.target is not None:
            x = track.left() + track.width() * self.target / 100
            painter.fillRect(
                QRectF(x - 1, track.top() - 3, 2, track.height() + 6), theme.colour("text")
            )
        said = f"{self.part:,}/{self.whole:,}  {_per_cent(self.percent)}" if self.whole else "-"
        painter.setFont(theme.with_features(theme.font(theme.BODY, theme.SEMIBOLD), "tnum"))
        painter.setPen(theme.colour("text"))
        painter.drawText(QRectF(wide - figures, 0, figures, tall), _RIGHT, said)
        if self.state == "late":
            picture = theme.pixmap("circle-x", "late", 15, self)
            draw_pixmap(painter, wide - figures + theme.px(4), tall / 2, picture)


def _per_cent(share: Decimal) -> str:
    return f"{share:f}".removesuffix(".0") + " %"


class SharesView(QWidget):
    """The shares.

    Args:
        desk: The desk.
    """

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.banner = Banner("late", "", "Try again")
        self.banner.hide()
        self.banner.pressed.connect(self.refresh)
        self.chips = FlowRow()
        self.complete = ChartView(
            "Staff who hold everything, per cent at the end of each month", 170, 240
        )
        self.held = ChartView("Required courses held, per cent at the end of each month", 170, 240)
        first = Card("Staff who hold everything, per cent", "chart-column")
        first.add(self.complete)
        second = Card("Required courses held, per cent", "chart-column")
        second.add(self.held)
        self.courses = Card("By course", "book-open")
        self.roles = Card("By job role", "id-card", "staff who hold everything")
        self.teams = Card("By team", "users", "staff who hold everything")
        self._lines = {card: _column(card) for card in (self.courses, self.roles, self.teams)}
        right = QWidget()
        beside = spaced(QVBoxLayout(right), 16)
        beside.addWidget(self.roles)
        beside.addWidget(self.teams)
        beside.addStretch(1)
        self._whole = QWidget()
        column = spaced(QVBoxLayout(self._whole), 12)
        column.addWidget(self.chips)
        column.addWidget(Columns([(first, 1), (second, 1)]))
        column.addWidget(Columns([(self.courses, 1), (right, 1)], top=True))
        self.nothing = EmptyState(
            "chart-column", "Nothing required yet",
            "Once job roles must hold courses, how many of the staff do appears here.",
        )  # fmt: skip
        around = spaced(QVBoxLayout(self), 12)
        for part in (self.banner, self._whole, self.nothing):
            around.addWidget(part)
        around.addStretch(1)
        self._whole.hide()
        self.nothing.hide()
        self.setAccessibleName("Compliance")

    def refresh(self) -> None:
        """Read the shares anew."""
        desk = self._desk
        if desk.jobs.home is None:
            return
        day = desk.today()

        def read(store: Store) -> _Read:
            return _Read(matrix(store, day), over_time(store, day))

        desk.jobs.read(read, self._show, self._fail, latest=(id(self), "shares"), owner=self)

    def _fail(self, error: UserError) -> None:
        self.banner.say("late", f"{error.what} {error.do or ''}".strip(), "Try again")

    def _show(self, read: _Read) -> None:
        self.banner.hide()
        made = read.made
        self._whole.setVisible(bool(made.required))
        self.nothing.setVisible(not made.required)
        self.chips.clear()
        for chip in _chips(made):
            self.chips.flow.addWidget(chip)
            chip.show()
        _draw(self.complete, [(day, share.percent) for day, share in read.months])
        _draw(self.held, [(day, share.percent_held) for day, share in read.months])
        _fill(self._lines[self.courses], [_of_course(one) for one in made.columns if one.required])
        _fill(self._lines[self.roles], [_of_people(one) for one in shares.by_role(made)])
        _fill(self._lines[self.teams], [_of_people(one) for one in shares.by_team(made)])


def _draw(view: ChartView, months: Sequence[tuple[dt.date, Decimal]]) -> None:
    bars = [Bar(times.show_plain_date(day).split()[1], int(share)) for day, share in months]
    told = ", ".join(f"{times.show_plain_date(day)} {share} per cent" for day, share in months)
    view.show_chart(
        lambda wide, tall, measure: charts.columns(bars, wide, tall, measure, whole=100), told
    )


def _of_course(column: Column) -> ShareLine:
    target = column.target
    name = column.course.name or ""
    if target is not None:
        return ShareLine(name, target.part, target.whole, target.share, target.percent)
    return ShareLine(name, column.in_date, column.required, column.share)


def _of_people(share: Share) -> ShareLine:
    return ShareLine(share.name, share.complete, share.people, share.percent)


def _chips(made: Matrix) -> list[StateChip]:
    whole = made.complete == len(made.rows)
    chips = [
        StateChip(
            "ok" if whole else "due",
            f"{made.complete:,} of {len(made.rows):,} staff hold everything, "
            f"{_per_cent(made.share_complete)}",
        ),
        StateChip(
            "ok" if made.in_date == made.required else "due",
            f"{made.in_date:,} of {made.required:,} courses held, {_per_cent(made.share_in_date)}",
        ),
    ]
    targets = [(column.course.name, column.target) for column in made.columns if column.target]
    return chips + [
        StateChip(
            "ok" if target.met else "late",
            f"{name}: {_per_cent(target.share)}, target {target.percent} % "
            f"{'met' if target.met else 'missed'}",
        )
        for name, target in targets
    ]


def _column(card: Card) -> QVBoxLayout:
    holder = QWidget()
    column = spaced(QVBoxLayout(holder), 2)
    card.add(holder)
    return column


def _fill(column: QVBoxLayout, parts: Sequence[QWidget]) -> None:
    while (item := column.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
    for part in parts:
        column.addWidget(part)
        part.show()
