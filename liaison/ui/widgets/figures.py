"""People and numbers as small pictures: initials, ages against what is expected, progress."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QVariantAnimation
from PySide6.QtGui import QHideEvent, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from liaison.ui import theme
from liaison.ui.widgets.chips import STATE_ICONS, State
from liaison.ui.widgets.painting import box, draw_pixmap, painter_for

LONGEST_DAYS: Final = 200
"""The right end of an age bar; what is older fills it."""


class AgeBar(QProgressBar):
    """How long something has waited, with a tick at the day an answer is expected.

    The scale is a square root up to 200 days, so that 3 and 184 are both visible; the number is
    always printed.

    Args:
        days: How long.
        expected: The days that are usual; None if there is no such number.
        state: ok, due or late.
        words: What stands at the right; "44 days" unless given.
        show_icon: Whether the state's icon stands at the left.
    """

    def __init__(
        self,
        days: int,
        expected: int | None = None,
        state: State | str = State.OK,
        words: str = "",
        *,
        show_icon: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._show_icon = show_icon
        self.setRange(0, LONGEST_DAYS)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_days(days, expected, state, words)

    def set_days(
        self, days: int, expected: int | None, state: State | str = State.OK, words: str = ""
    ) -> None:
        """Show another age."""
        self.days, self.expected, self.state = days, expected, State(state)
        self.words = words or f"{days} day{'' if days == 1 else 's'}"
        self.setValue(min(max(days, 0), LONGEST_DAYS))
        said = {State.OK: "in time", State.DUE: "due", State.LATE: "late"}.get(self.state, "")
        usual = "" if expected is None else f"expected within {expected}"
        shown = self.words if not usual or usual in self.words else f"{self.words}, {usual}"
        self.setAccessibleName(", ".join(part for part in (shown, said) if part))
        self.updateGeometry()
        self.update()

    @staticmethod
    def share(days: int) -> float:
        """Return how far along the bar a number of days is, 0 to 1."""
        return math.sqrt(min(max(days, 0), LONGEST_DAYS) / LONGEST_DAYS)

    def sizeHint(self) -> QSize:
        """Ask for icon, bar and words."""
        self.setFont(theme.font())
        words = self.fontMetrics().horizontalAdvance(self.words)
        return QSize(theme.px(24 + 200 + 9) + words, theme.px(26))

    def minimumSizeHint(self) -> QSize:
        """Keep a short bar beside the words."""
        return QSize(self.sizeHint().width() - theme.px(140), theme.px(26))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint icon, track, bar, tick and words."""
        painter = painter_for(self)
        colour, name = theme.colour, self.state.value
        middle = self.height() / 2
        left = 0.0
        if self._show_icon:
            picture = theme.pixmap(STATE_ICONS[self.state], name, 16, self)
            left += draw_pixmap(painter, 0, middle, picture) + theme.px(8)
        painter.setFont(theme.font())
        wide = painter.fontMetrics().horizontalAdvance(self.words)
        right = min(left + theme.px(200), self.width() - wide - theme.px(8))
        thick = theme.px(8)
        track = QRectF(left, middle - thick / 2, right - left, thick)
        box(painter, track, theme.px(4), colour("track"))
        done = QRectF(track)
        done.setWidth(max(track.width() * self.share(self.days), thick if self.days else 0))
        bar = f"{name}bar" if name in {"ok", "due", "late", "info"} else "strong"
        box(painter, done, theme.px(4), colour(bar))
        if self.expected is not None:
            x = left + track.width() * self.share(self.expected)
            tall = theme.px(15)
            # a gap of the card's colour parts the tick from a bar that passes it
            gap = QRectF(x - 2.5, middle - tall / 2, 5, tall)
            painter.fillRect(gap, colour("surface"))
            painter.fillRect(QRectF(x - 1, middle - tall / 2, 2, tall), colour("text"))
        painter.setPen(colour("text"))
        where = QRectF(right + theme.px(8), 0, wide + 4, self.height())
        at = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(where, at, self.words)


class ProgressLine(QProgressBar):
    """How far something is; without a total (maximum 0) a part of the line runs along it.

    Args:
        name: What is under way, for a screen reader.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setTextVisible(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._run = QVariantAnimation(self)
        self._run.setStartValue(0.0)
        self._run.setEndValue(1.0)
        self._run.setDuration(1_400)
        self._run.setLoopCount(-1)
        self._run.valueChanged.connect(lambda _: self.update())
        self.setRange(0, 0)

    def show_progress(self, done: int, total: int) -> None:
        """Show how far it is; a total of 0 for "not known"."""
        self.setRange(0, total)
        self.setValue(done)
        self._animate()

    def _animate(self) -> None:
        wanted = self.maximum() == 0 and self.isVisible()
        running = self._run.state() == QVariantAnimation.State.Running
        if wanted and not running:
            self._run.start()
        elif running and not wanted:
            self._run.stop()

    def showEvent(self, event: QShowEvent) -> None:
        """Run only while it is in sight."""
        super().showEvent(event)
        self._animate()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest while nobody sees it."""
        super().hideEvent(event)
        self._animate()

    def sizeHint(self) -> QSize:
        """Ask for a thin line."""
        return QSize(theme.px(240), theme.px(8))

    def minimumSizeHint(self) -> QSize:
        """Allow a short one."""
        return QSize(theme.px(60), theme.px(8))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint track and bar."""
        painter = painter_for(self)
        rect = QRectF(self.rect())
        box(painter, rect, rect.height() / 2, theme.colour("track"))
        if self.maximum() > 0:
            part = QRectF(rect)
            part.setWidth(rect.width() * self.value() / self.maximum())
        else:
            at = float(self._run.currentValue() or 0.0)
            wide = rect.width() * 0.3
            part = QRectF(-wide + (rect.width() + wide) * at, 0, wide, rect.height())
            part = part.intersected(rect)
        box(painter, part, rect.height() / 2, theme.colour("okbar"))
