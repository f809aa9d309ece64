"""The dark panel at the left of the door: place and time, or the steps of setting up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from liaison.ui import clock, theme
from liaison.ui.mark import Mark

_CLOCK_POINTS: Final = 46.0


class Line(QLabel):
    """A line on the dark panel: its colours are the panel's, whatever the theme.

    Args:
        words: What it says.
        points: Its size at 100 %.
        strong: Whether it stands out.
        quiet: Whether it stands back.
        wraps: Whether it may take several lines.
    """

    def __init__(
        self,
        words: str,
        points: float,
        *,
        strong: bool = False,
        quiet: bool = False,
        wraps: bool = False,
    ) -> None:
        super().__init__(words)
        self._points, self._strong, self._quiet = points, strong, quiet
        self._look: tuple[object, ...] = ()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wraps)
        vertical = QSizePolicy.Policy.Minimum if wraps else QSizePolicy.Policy.Fixed
        self.setSizePolicy(QSizePolicy.Policy.Ignored, vertical)
        self._dress()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme and the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._dress()

    def _dress(self) -> None:
        tokens = theme.tokens()
        if self._look == (look := (tokens.dark, theme.scale())):
            # Qt tells a widget several times on its way into a window
            return
        self._look = look
        self.setFont(theme.font(self._points, theme.SEMIBOLD if self._strong else theme.REGULAR))
        strong = tokens.text if tokens.dark else "#FFFFFF"
        colour = tokens.sidemuted if self._quiet else tokens.sidetext
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.WindowText, QColor(strong if self._strong else colour))
        self.setPalette(palette)


class _Fact(QWidget):
    """A fact about the locked home, with its icon."""

    def __init__(self, icon: str, words: str) -> None:
        super().__init__()
        self._icon = icon
        self._words = Line(words, theme.SECONDARY)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(28), theme.px(3), 0, theme.px(3))
        row.addWidget(self._words)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint the icon."""
        painter = QPainter(self)
        icon = theme.pixmap(self._icon, "sidebar", 18, self)
        height = icon.height() / icon.devicePixelRatio()
        painter.drawPixmap(0, round((self.height() - height) / 2), icon)
        painter.end()


class Panel(QWidget):
    """The dark ground with the mark at the top.

    Args:
        width: Its width at 100 %.
        side: The space at its sides at 100 %.
    """

    def __init__(self, width: int, side: int) -> None:
        super().__init__()
        self._wanted, self._side = width, side
        self.content = QVBoxLayout(self)
        self.content.setSpacing(0)
        head = QHBoxLayout()
        head.addWidget(Mark(40))
        head.addSpacing(12)
        head.addWidget(Line("Liaison", 15, strong=True), 1)
        self.content.addLayout(head)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "content"):
            self._fit()

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint the ground."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.tokens().side))
        painter.end()

    def _fit(self) -> None:
        # half as much wider as the text is larger: the task at the right needs the room
        share = 1 + (theme.scale() - 1) / 3
        self.setFixedWidth(round(self._wanted * share))
        side = round(self._side * share)
        self.content.setContentsMargins(side, side, side, side)


class PlacePanel(Panel):
    """Where and when: the time, the day, the home, and what is known of it while it is locked.

    Args:
        home: The home's name; empty if this PC has never opened it.
        pc: What this PC is called.
        facts: Icons and sentences.
        now: The present moment.
    """

    def __init__(
        self,
        home: str,
        pc: str,
        facts: Sequence[tuple[str, str]],
        now: Callable[[], dt.datetime] = clock.now,
    ) -> None:
        super().__init__(392, 40)
        self._now = now
        self._hour = Line("", _CLOCK_POINTS, strong=True)
        self._day = Line("", 12)
        self.content.addStretch(5)
        self.content.addWidget(self._hour)
        self.content.addSpacing(4)
        self.content.addWidget(self._day)
        self.content.addSpacing(36)
        if home:
            self.content.addWidget(Line(home, 15, strong=True, wraps=True))
        if pc:
            self.content.addWidget(Line(pc, theme.BODY))
        self.content.addStretch(9)
        for icon, words in facts:
            self.content.addWidget(_Fact(icon, words))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._tick)
        self._tick()

    def _tick(self) -> None:
        moment = self._now()
        self._hour.setText(clock.hour(moment))
        self._day.setText(clock.whole_day(moment.date()))
        # on the minute
        self._timer.start(60_000 - moment.second * 1000 - moment.microsecond // 1000 + 20)


class _Step(QWidget):
    """A step of setting up: done, being done, or to come."""

    def __init__(self, number: int, words: str) -> None:
        super().__init__()
        self._number, self._words = number, words
        self._state = "to come"
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.show_state("to come")

    def show_state(self, state: str) -> None:
        """Show it as ``done``, ``now`` or ``to come``."""
        self._state = state
        said = {"done": "done", "now": "this step", "to come": "to come"}[state]
        self.setAccessibleName(f"Step {self._number}: {self._words}, {said}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(10, theme.px(52))

    def paintEvent(self, _: QPaintEvent) -> None:
        tokens = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = theme.px(30)
        disc = QRectF(1, (self.height() - side) / 2, side, side)
        now, done = self._state == "now", self._state == "done"
        colour = QColor(tokens.sidebar if now or done else tokens.sidemuted)
        painter.setPen(QPen(colour, 1.6))
        painter.setBrush(colour if now else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(disc)
        if done:
            self._tick(painter, disc)
        else:
            painter.setPen(QColor(tokens.side if now else tokens.sidetext))
            painter.setFont(theme.font(theme.BODY, theme.SEMIBOLD))
            painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, str(self._number))
        bright = tokens.text if tokens.dark else "#FFFFFF"
        painter.setPen(QColor(bright if now else tokens.sidetext))
        painter.setFont(theme.font(11.5, theme.SEMIBOLD if now else theme.REGULAR))
        left = disc.right() + theme.px(14)
        where = QRectF(left, 0, self.width() - left, self.height())
        words = painter.fontMetrics().elidedText(
            self._words, Qt.TextElideMode.ElideRight, int(where.width())
        )
        painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, words)
        painter.end()

    def _tick(self, painter: QPainter, disc: QRectF) -> None:
        unit = disc.width() / 30
        painter.drawPolyline(
            [
                disc.topLeft() + QPointF(x * unit, y * unit)
                for x, y in ((9, 15.5), (13, 19.5), (21, 11))
            ]
        )


class StepsPanel(Panel):
    """The steps of setting up.

    Args:
        steps: Their words, in order.
        title: What they are the steps of.
    """

    def __init__(self, steps: Sequence[str], title: str = "Setting up your home") -> None:
        super().__init__(300, 32)
        self._title = Line(title, theme.SECONDARY, quiet=True, wraps=True)
        self.content.addSpacing(38)
        self.content.addWidget(self._title)
        self.content.addSpacing(8)
        self._steps = [_Step(number, words) for number, words in enumerate(steps, 1)]
        for step in self._steps:
            self.content.addWidget(step)
        self.content.addStretch(1)
        self._foot = Line("", theme.SECONDARY, wraps=True)
        self.content.addWidget(self._foot)

    def show_step(self, now: int, foot: str) -> None:
        """Show which step is being done (from 0), and a sentence at the foot."""
        for place, step in enumerate(self._steps):
            step.show_state("done" if place < now else "now" if place == now else "to come")
        self._foot.setText(foot)

    def say_title(self, title: str) -> None:
        """Say what they are the steps of."""
        self._title.setText(title)

    def name_home(self, name: str) -> None:
        """Name the home that is being set up."""
        self._title.setText(f"Setting up {name}" if name else "Setting up your home")
