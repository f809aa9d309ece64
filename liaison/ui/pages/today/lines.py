"""The lines of the Today page: what is to be done, who comes, who came."""

from __future__ import annotations

import datetime as dt
from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from liaison.records.rules import times
from liaison.services.today import Item, Section
from liaison.ui import theme
from liaison.ui.parts import closing
from liaison.ui.widgets import Button, Elided, StateChip, Text, spaced
from liaison.ui.widgets.painting import box, draw_pixmap, painter_for

_LEFT: Final = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
_CHIP_WIDTH: Final = 128
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


class DoLine(QWidget):
    """One thing to do: how it stands, what it is about, since when, and a way to it.

    Args:
        item: The thing.
        closes: Whether what came of it can be said here.
    """

    def __init__(self, item: Item, *, closes: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.item = item
        state, words = state_of(item)
        chip = StateChip(state, words)
        self._place = QWidget()
        spaced(QHBoxLayout(self._place), 0).addWidget(chip, 0, Qt.AlignmentFlag.AlignLeft)
        kind = KINDS[item.section]
        about = QWidget()
        self._about = spaced(QBoxLayout(QBoxLayout.Direction.LeftToRight, about), 8)
        title = Elided(item.title, "label")
        title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._about.addWidget(title)
        self._about.addWidget(Elided(item.detail or kind, "muted"), 1)
        self._when = Text(waited(item), "muted")
        self._when.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.button = Button("Open", small=True)
        said = ", ".join(part for part in (item.title, item.detail, item.words) if part)
        self.button.setAccessibleName(f"Open {kind.lower()}: {said}")
        self.verb = verb_of(item)
        self.outcome = Button(self.verb, role=Button.QUIET, small=True)
        self.outcome.setAccessibleName(f"{self.verb} {kind.lower()}: {said}")
        self.outcome.setToolTip(_TIPS[self.verb])
        self.setFocusProxy(self.button)
        row = spaced(QHBoxLayout(self), 12, (0, 7, 0, 7))
        row.addWidget(self._place)
        row.addWidget(about, 1)
        row.addWidget(self._when)
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

    def _restyle(self) -> None:
        self._place.setFixedWidth(theme.px(_CHIP_WIDTH))
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
            shown = painter.fontMetrics().elidedText(
                words, Qt.TextElideMode.ElideRight, max(round(room), 0)
            )
            painter.drawText(QRectF(left, middle - tall / 2, room + 2, tall), _LEFT, shown)

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
