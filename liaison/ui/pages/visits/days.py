"""The seven days of a week above the diary, each with how many visits it has."""

from __future__ import annotations

import datetime as dt
import functools
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from liaison.ui import clock, theme
from liaison.ui.widgets.painting import box, painter_for, spaced

if TYPE_CHECKING:
    from liaison.ui.pages.visits.facts import Week


class DayButton(QPushButton):
    """A day; pressing it brings it to the top of the diary.

    Args:
        day: The day.
    """

    def __init__(self, day: dt.date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoDefault(False)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_day(day, 0, today=False)

    def show_day(self, day: dt.date, count: int, *, today: bool) -> None:
        """Show another day.

        Args:
            day: The day.
            count: How many visits it has.
            today: Whether it is the present day.
        """
        self.day = day
        self.count = count
        self._today = today
        visits = {0: "no visits", 1: "1 visit"}.get(count, f"{count} visits")
        named = clock.short_day(day)
        self.setAccessibleName(f"{'Today, ' if today else ''}{named}, {visits}")
        self.setToolTip(f"{named}: {visits}")
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for two lines."""
        return QSize(theme.px(64), theme.px(50))

    def minimumSizeHint(self) -> QSize:
        """Allow a narrow one."""
        return QSize(theme.px(40), theme.px(50))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the day, and its visits as dots with their number."""
        painter = painter_for(self)
        colour, px = theme.colour, theme.px
        rect = QRectF(self.rect())
        hover = self.underMouse() or self.isDown()
        fill = colour("soft" if self._today else "raised" if hover else "surface")
        box(painter, rect, px(10), fill, colour("softline" if self._today else "border"))
        if self.hasFocus():
            box(painter, rect, px(10), None, colour("focus"), 2)
        painter.setFont(theme.font(theme.SECONDARY, theme.SEMIBOLD))
        painter.setPen(colour("accent" if self._today else "text"))
        words = " ".join(clock.short_day(self.day).split(" ")[:2])
        top = QRectF(0, px(7), rect.width(), px(18))
        painter.drawText(top, int(Qt.AlignmentFlag.AlignCenter), words)
        painter.setFont(theme.font(theme.CAPTION, theme.SEMIBOLD if self.count else theme.REGULAR))
        painter.setPen(colour("muted"))
        below = QRectF(0, px(26), rect.width(), px(16))
        said = f"{self.count} visits" if self.count != 1 else "1 visit"
        painter.drawText(below, int(Qt.AlignmentFlag.AlignCenter), said if self.count else "none")


class DayStrip(QWidget):
    """The days of the week that is shown."""

    chosen = Signal(object)
    """Somebody pressed this day."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Days of the week")
        row = spaced(QHBoxLayout(self), 6)
        begin = dt.date(2026, 1, 5)
        self.buttons = [DayButton(begin + dt.timedelta(days=n)) for n in range(7)]
        for button in self.buttons:
            row.addWidget(button)
            button.clicked.connect(functools.partial(self._choose, button))

    def _choose(self, button: DayButton, *_: object) -> None:
        self.chosen.emit(button.day)

    def show_week(self, week: Week, today: dt.date) -> None:
        """Show the days of a week."""
        for button, day in zip(self.buttons, week.days, strict=True):
            button.show_day(day, len(week.of(day)), today=day == today)
