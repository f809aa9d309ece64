"""Fields for dates and times that are typed as people say them: "yesterday 14:20", "25 Nov".

What was typed is read by a function from outside; once it is understood, the field says how.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from PySide6.QtCore import QDate, QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from liaison.ui.widgets.button import IconButton
from liaison.ui.widgets.calendar import CalendarPopup
from liaison.ui.widgets.line import LineEdit, set_wrong
from liaison.ui.widgets.painting import spaced


class TypedField(QWidget):
    """A line that stands for a value: it is read when one leaves it, and shown as understood.

    Args:
        parse: Reads what was typed; raises ``ValueError`` with a sentence for a person.
        show: Writes a value as a person reads it.
        placeholder: An example.

    Attributes:
        changed: The value somebody has entered; None if they emptied the field.
        understood: While typing: how it is understood so far; empty if it is not, or is plain.
        trouble: What cannot be understood, when one leaves the field; empty when all is well.
    """

    changed = Signal(object)
    understood = Signal(str)
    trouble = Signal(str)

    def __init__(
        self,
        parse: Callable[[str], object],
        show: Callable[..., str],
        placeholder: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._parse = parse
        self._shown = show
        self._value: object = None
        self.line = LineEdit(placeholder=placeholder)
        self._row = spaced(QHBoxLayout(self), 4)
        self._row.addWidget(self.line, 1)
        self.setFocusProxy(self.line)
        self.line.textEdited.connect(self._typed)
        self.line.editingFinished.connect(self.settle)

    def setAccessibleName(self, name: str) -> None:
        """Name the line: it is what has the focus."""
        super().setAccessibleName(name)
        self.line.setAccessibleName(name)

    def setAccessibleDescription(self, words: str) -> None:
        """Describe the line."""
        super().setAccessibleDescription(words)
        self.line.setAccessibleDescription(words)

    def event(self, event: QEvent) -> bool:
        """Hand the red edge on to the line."""
        if event.type() == QEvent.Type.DynamicPropertyChange:
            set_wrong(self.line, wrong=bool(self.property("wrong")))
        return super().event(event)

    @property
    def value(self) -> object:
        """The value as last understood; None if the field is empty or was never understood."""
        return self._value

    @property
    def text(self) -> str:
        """What stands in the field, for a draft."""
        return self.line.text()

    def set_value(self, value: object) -> None:
        """Show a value, or none."""
        self._value = value
        self._write("" if value is None else self._shown(value))
        self.understood.emit("")
        self.trouble.emit("")

    def set_text(self, text: str) -> None:
        """Put back what somebody had typed, understood or not."""
        self.line.setText(text)
        self.settle()

    def settle(self) -> bool:
        """Read what is typed; say what it means, or why it means nothing.

        Returns:
            Whether the field holds a value, or nothing at all.
        """
        text = self.line.text().strip()
        before = self._value
        if not text:
            self._value = None
        elif before is None or text != self._shown(before):
            try:
                self._value = self._parse(text)
            except ValueError as error:
                self._value = None
                self.understood.emit("")
                self.trouble.emit(str(error))
                if before is not None:
                    self.changed.emit(None)
                return False
            self._write(self._shown(self._value))
        self.understood.emit("")
        self.trouble.emit("")
        if self._value != before:
            self.changed.emit(self._value)
        return True

    def _write(self, text: str) -> None:
        self.line.setText(text)
        # the weekday is at the start; a narrow field shows that end
        self.line.setCursorPosition(0)

    def _typed(self, text: str) -> None:
        try:
            value = self._parse(text) if text.strip() else None
        except ValueError:
            # half a date is no mistake yet
            self.understood.emit("")
            return
        words = "" if value is None else self._shown(value)
        self.understood.emit("" if words == text.strip() else words)
        self.trouble.emit("")


class DateField(TypedField):
    """A date, typed or chosen in a calendar (Alt+Down opens it).

    Args:
        parse: Reads a date.
        show: Writes it: "Wed 25 Nov 2026".
        placeholder: An example.
        today: Gives today on the home's clock, for the calendar.
    """

    def __init__(
        self,
        parse: Callable[[str], dt.date],
        show: Callable[[dt.date], str],
        placeholder: str = "",
        *,
        today: Callable[[], dt.date],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parse, show, placeholder, parent)
        self._today = today
        self.button = IconButton("calendar-days", "Choose in a calendar", small=True)
        # Alt+Down does the same from the line: one stop for Tab, not two
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.button.setParent(self.line)
        self.button.clicked.connect(self.open_calendar)
        self.line.installEventFilter(self)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Open the calendar with Alt+Down; keep its button at the right end of the line."""
        if event.type() == QEvent.Type.Resize:
            side = self.button.sizeHint()
            gap = (self.line.height() - side.height()) // 2
            self.button.resize(side)
            self.button.move(self.line.width() - side.width() - gap, gap)
            self.line.setTextMargins(0, 0, side.width() - gap, 0)
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Down
            and event.modifiers() & Qt.KeyboardModifier.AltModifier
        ):
            self.open_calendar()
            return True
        return False

    def open_calendar(self) -> None:
        """Show a month to choose from, below the field."""
        self.settle()
        popup = CalendarPopup(self, _qdate(self._today()))
        if isinstance(self.value, dt.date):
            popup.select(_qdate(self.value))
        popup.chosen.connect(self._choose)
        popup.open_at(self.mapToGlobal(QPoint(0, self.height())))

    def _choose(self, day: QDate) -> None:
        chosen = dt.date(day.year(), day.month(), day.day())
        changed = chosen != self._value
        self.set_value(chosen)
        if changed:
            self.changed.emit(chosen)
        self.line.setFocus(Qt.FocusReason.PopupFocusReason)


def _qdate(day: dt.date) -> QDate:
    return QDate(day.year, day.month, day.day)


class TimeField(TypedField):
    """A time of day, or a date with a time: what ``parse`` reads and ``show`` writes."""
