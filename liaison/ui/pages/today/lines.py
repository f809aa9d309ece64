"""The lines of the Today page: what is to be done, who comes, who came."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final, NamedTuple

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPaintEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QSpacerItem,
    QWidget,
)

from liaison.records.rules import times
from liaison.services.today import Item, Section
from liaison.ui import theme
from liaison.ui.parts import closing
from liaison.ui.widgets import Button, spaced
from liaison.ui.widgets.chips import paint_state
from liaison.ui.widgets.painting import box, draw_pixmap, draw_words, painter_for
from liaison.ui.widgets.text import as_tip, tips

_LEFT: Final = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
_RIGHT: Final = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
_CHIP_WIDTH: Final = 128
_GAP: Final = 12
_BETWEEN: Final = 8
_LEAST: Final = 48
"""So much of shortened words is always seen."""
_LEAD: Final = 90

#: What kind of thing each section holds, in one word or two.
KINDS: Final = {
    Section.ANSWERS: "Answer",
    Section.CONCERNS: "Concern",
    Section.REVIEWS: "Review",
    Section.ACTIONS: "Action",
    Section.RESULTS: "Result",
    Section.REFERRALS: "Referral",
    Section.TRAINING: "Training",
}


_TIPS: Final = {
    closing.RECORD: "Say in one line what came of it",
    closing.ANSWER: "Note what was answered, and by whom",
    closing.CHASE: "Note that you asked after it",
}


def verb_of(item: Item) -> str:
    """Return what can be done with something on its line."""
    if item.section is Section.CONCERNS:
        return closing.ANSWER
    return closing.CHASE if item.section is Section.REFERRALS else closing.RECORD


def state_of(item: Item) -> tuple[str, str]:
    """Return the state of something to do and the words of its chip."""
    if item.section is Section.REFERRALS:
        chase = item.words.endswith("to chase")
        over = "Over usual wait" if item.late else "Waiting"
        return "late" if item.late else "info", "Chase" if chase else over
    if item.section is Section.CONCERNS:
        return "late" if item.late else "due", "No answer"
    if item.section is Section.TRAINING and item.when is None:
        return ("late", "Missing") if item.late else ("none", "Not recorded")
    if item.section is Section.TRAINING:
        return ("late", "Run out") if item.late else ("due", "Due soon")
    words = item.words[:1].upper() + item.words[1:]
    if item.late:
        return "late", words
    return ("due" if item.when is not None else "none"), words


def waited(item: Item) -> str:
    """Return what stands at the right of something to do: its day, or how long it waits."""
    if item.section in {Section.REFERRALS, Section.CONCERNS}:
        return f"{item.days:,} day{'' if item.days == 1 else 's'}" if item.days else "today"
    if item.section is Section.TRAINING:
        return "" if item.when is None else item.words
    day = item.when.date() if isinstance(item.when, dt.datetime) else item.when
    return "" if day is None else times.show_date(day)


def _joined(parts: Iterable[str]) -> str:
    return "<br>".join(part for part in parts if part)


class _Fit(NamedTuple):
    """Where words stand on a line.

    Args:
        left: Where they begin.
        width: How much room they have.
        whole: Whether that is enough for all of them.
    """

    left: int
    width: int
    whole: bool


class DoLine(QWidget):
    """One thing to do: how it stands, what it is about, since when, and a way to it.

    Args:
        item: The thing.
        closes: Whether what came of it can be said here.
    """

    def __init__(self, item: Item, *, closes: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.item = item
        self._state, self._standing = state_of(item)
        kind = KINDS[item.section]
        self._about = item.detail or kind
        self._when = waited(item)
        parts = (self._standing, item.title, self._about, self._when)
        self.setAccessibleName(", ".join(part for part in parts if part))
        # a screen reader is told the tip too, and never asks for it as the mouse does
        self.setToolTip(_joined(tips.of(words) for words in (item.title, self._about)))
        self.button = Button("Open", small=True, parent=self)
        said = ", ".join(part for part in (item.title, item.detail, item.words) if part)
        self.button.setAccessibleName(f"Open {kind.lower()}: {said}")
        self.verb = verb_of(item)
        self.outcome = Button(self.verb, role=Button.QUIET, small=True, parent=self)
        self.outcome.setAccessibleName(f"{self.verb} {kind.lower()}: {said}")
        self.outcome.setToolTip(_TIPS[self.verb])
        self.setFocusProxy(self.button)
        # the words are painted: each a widget of its own would take most of the page's time
        self._words = QSpacerItem(0, 0)
        row = spaced(QHBoxLayout(self), 0, (0, 7, 0, 7))
        row.addItem(self._words)
        self._buttons = spaced(QBoxLayout(QBoxLayout.Direction.LeftToRight), 12)
        self._buttons.addWidget(self.outcome)
        self._buttons.addWidget(self.button)
        row.addLayout(self._buttons)
        if not closes:
            self.outcome.hide()
        self._restyle()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "button"):
            self._restyle()

    def event(self, event: QEvent) -> bool:
        """Say in the tip, as it is asked for, what does not fit now and what abbreviations mean."""
        if event.type() == QEvent.Type.ToolTip:
            self.setToolTip(
                _joined(
                    part
                    for words, fits in zip((self.item.title, self._about), self._fit(), strict=True)
                    for part in ("" if fits.whole else as_tip(words), tips.of(words))
                )
            )
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint how it stands, what it is about and since when."""
        painter = painter_for(self)
        room, height = self._words.geometry(), self.height()
        paint_state(
            painter, room.left(), height / 2, theme.px(_CHIP_WIDTH), self._state, self._standing, self,
        )  # fmt: skip
        title, about = self._fit()
        for words, fits, weight, token in (
            (self.item.title, title, theme.SEMIBOLD, "text"),
            (self._about, about, theme.REGULAR, "muted"),
        ):
            painter.setFont(theme.font(theme.BODY, weight))
            painter.setPen(theme.colour(token))
            shown = words
            if not fits.whole:
                elide = Qt.TextElideMode.ElideRight
                shown = painter.fontMetrics().elidedText(words, elide, fits.width)
            painter.drawText(QRectF(fits.left, 0, fits.width + 2, height), _LEFT, shown)
        end = QRectF(room.left(), 0, room.width() - theme.px(_GAP), height)
        painter.drawText(end, _RIGHT, self._when)

    def _fit(self) -> tuple[_Fit, _Fit]:
        """Return where what it is about stands: who or what, and more about it."""
        room, (title, about, when) = self._words.geometry(), self._widths()
        left = room.left() + theme.px(_CHIP_WIDTH) + theme.px(_GAP)
        between = theme.px(_BETWEEN)
        free = room.right() + 1 - 2 * theme.px(_GAP) - when - left - between
        # who it is about stands there in full, as long as a few letters of the rest do too
        least = theme.px(_LEAST)
        first = max(min(title, free - min(about, least)), min(title, least))
        return (
            _Fit(left, first, first >= title),
            _Fit(left + first + between, max(free - first, 0), free - first >= about),
        )

    def _widths(self) -> tuple[int, int, int]:
        """Return how wide the words would be: who or what, more about it, since when."""
        bold = QFontMetrics(theme.font(theme.BODY, theme.SEMIBOLD))
        plain = QFontMetrics(theme.font(theme.BODY))
        wide = plain.horizontalAdvance
        return bold.horizontalAdvance(self.item.title), wide(self._about), wide(self._when)

    def _restyle(self) -> None:
        title, about, when = self._widths()
        least = sum(min(words, theme.px(_LEAST)) for words in (title, about))
        width = theme.px(_CHIP_WIDTH) + 3 * theme.px(_GAP) + theme.px(_BETWEEN) + least + when
        policy = QSizePolicy.Policy
        self._words.changeSize(width, 0, policy.MinimumExpanding, policy.Minimum)
        direction = QBoxLayout.Direction
        self._buttons.setDirection(
            direction.LeftToRight if theme.roomy() else direction.TopToBottom
        )


class HappeningLine(QPushButton):
    """Somebody who comes or came: when, who, and whom it is about. Pressing it opens the record.

    Args:
        item: What happens or happened.
        today: Whether it is today: then the time leads, else the day.
    """

    def __init__(self, item: Item, *, today: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.item = item
        moment = item.when if isinstance(item.when, dt.datetime) else None
        local = None if moment is None else times.in_london(moment)
        self._time = "" if local is None else f"{local.hour:02}:{local.minute:02}"
        # within a week a day and a month are enough; its name says the year
        self._day = "" if today or local is None else times.show_date(local.date())[:-5]
        self._flag = item.words if item.section is Section.VISITS and item.late else ""
        self.setAutoDefault(False)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        parts = (item.title, item.when_words, item.detail, item.words)
        self.setAccessibleName(", ".join(part for part in parts if part))
        self.setToolTip("")

    def sizeHint(self) -> QSize:
        """Ask for two lines."""
        return QSize(theme.px(240), theme.px(54))

    def minimumSizeHint(self) -> QSize:
        """Allow shortened words."""
        return QSize(theme.px(160), theme.px(54))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line."""
        painter = painter_for(self)
        rect, colour = QRectF(self.rect()), theme.colour
        if self.underMouse() or self.isDown():
            box(painter, rect, theme.px(8), colour("raised"))
        if self.hasFocus():
            box(painter, rect, theme.px(8), None, colour("focus"), 2)
        side, upper, lower = theme.px(8), self.height() * 0.31, self.height() * 0.69
        tall = theme.px(22)

        def line(left: float, room: float, middle: float, words: str) -> None:
            draw_words(painter, QRectF(left, middle - tall / 2, room, tall), words)

        lead = theme.px(_LEAD)
        right = self.width() - side
        points, middle = (theme.BODY, upper) if self._day else (13.0, self.height() / 2)
        painter.setFont(theme.with_features(theme.font(points, theme.SEMIBOLD), "tnum"))
        painter.setPen(colour("text"))
        line(side, lead, middle, self._time)
        if self._day:
            painter.setFont(theme.font(theme.SECONDARY))
            painter.setPen(colour("muted"))
            line(side, lead, lower, self._day)
        left: float = side + lead
        painter.setFont(theme.font(theme.BODY, theme.SEMIBOLD))
        painter.setPen(colour("text"))
        line(left, right - left, upper, self.item.title)
        painter.setFont(theme.font(theme.SECONDARY))
        if self._flag:
            picture = theme.pixmap("circle-x", "late", 15, self)
            left += draw_pixmap(painter, left, lower, picture) + theme.px(5)
            painter.setPen(colour("late"))
            words = self._flag[:1].upper() + self._flag[1:]
            line(left, right - left, lower, words)
            return
        painter.setPen(colour("muted"))
        line(left, right - left, lower, self.item.detail or "Nothing more recorded")
