"""When somebody came and left: typed as people say it, the day that is understood below it."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liaison.records.rules import late, times
from liaison.ui import theme
from liaison.ui.pages.record_visit import moments
from liaison.ui.pages.record_visit.labelled import Labelled
from liaison.ui.pages.record_visit.typed import PLANNED, field, moment
from liaison.ui.widgets import Text, TimeField, spaced

if TYPE_CHECKING:
    from liaison.ui.desk import Desk
    from liaison.ui.pages.record_visit.typed import Sheet

_CLOCK_WIDE: Final = 70


class Times(QWidget):
    """The two moments of a visit.

    Args:
        desk: The desk.
    """

    changed = Signal()
    """Somebody typed or chose something."""
    lies_ahead = Signal()
    """What is typed lies ahead, so the visit is a planned one."""
    looked_at = Signal(str, str)
    """Somebody left a field: its name, and why it cannot be read; empty if it can."""
    ended = Signal()
    """Enter was pressed where the times end."""
    fitted = Signal()
    """They need more or less room than before."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._sheet: Sheet | None = None
        self.arrived = self._time(self._parse_arrived, self._show_arrived)
        self.left = self._time(self._parse_left, self._show_left)
        self.arrived.changed.connect(self._arrived_changed)
        self.left.changed.connect(lambda _: self._keep_left())
        self.arrived.line.textEdited.connect(lambda _: self._keep_arrived())
        self.left.line.textEdited.connect(lambda _: self._keep_left())
        self.arrived.line.returnPressed.connect(self._after_arrived)
        self.left.line.returnPressed.connect(self.ended)
        self.day = Text("", "secondary")
        for which, name in ((self.arrived, "at"), (self.left, "left_at")):
            which.line.textChanged.connect(self._show_day)
            which.line.installEventFilter(self)
            which.line.editingFinished.connect(functools.partial(self._left_field, name, which))
        self.arrived_box = Labelled.of(field("visit", "at"), self.arrived)
        self.left_box = Labelled.of(field("visit", "left_at"), self.left)
        column = spaced(QVBoxLayout(self), 2)
        row = spaced(QHBoxLayout(), 12)
        row.addWidget(self.arrived_box)
        row.addWidget(self.left_box)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self.day)

    @property
    def sheet(self) -> Sheet:
        """The visit as it is being typed."""
        assert self._sheet is not None  # noqa: S101  # the form is filled in
        return self._sheet

    @property
    def is_planned(self) -> bool:
        """Whether the visit lies ahead."""
        return self._sheet is not None and self._sheet.status == PLANNED

    def show_sheet(self, sheet: Sheet) -> None:
        """Show a visit's times."""
        self._sheet = sheet
        self._put_time(self.arrived, sheet.visit.get("at"))
        self._put_time(self.left, sheet.visit.get("left_at"))

    def follow_status(self) -> None:
        """Ask about what is to come in other words than about what was."""
        self.arrived_box.set_label("When" if self.is_planned else field("visit", "at").label)
        self.left_box.setVisible(not self.is_planned)
        self._show_day()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Follow the cursor into and out of the times."""
        if event.type() in {QEvent.Type.FocusIn, QEvent.Type.FocusOut}:
            self._show_day()
        return False

    def _time(self, parse: object, show: object) -> TimeField:
        made = TimeField(parse, show)  # type: ignore[arg-type]  # both take and give moments
        made.line.setTextMargins(0, 0, 0, 0)
        made.line.textChanged.connect(self.fit)
        return made

    @staticmethod
    def _put_time(into: TimeField, typed: object) -> None:
        if isinstance(typed, dict) and typed.get("at"):
            into.set_value(times.from_stored(typed["at"]))
        elif isinstance(typed, dict | str):
            into.set_text(typed.get("text", "") if isinstance(typed, dict) else typed)

    def _parse_arrived(self, text: str) -> dt.datetime:
        return times.parse_time(text, now=self._desk.now(), ahead=self.is_planned)

    def _show_arrived(self, at: dt.datetime) -> str:
        return moments.show_arrived(at, self._desk.now())

    def _parse_left(self, text: str) -> dt.datetime:
        return moments.parse_left(text, self._arrived, self._desk.now())

    def _show_left(self, at: dt.datetime) -> str:
        return moments.show_left(at, self._arrived, self._desk.now())

    @property
    def _arrived(self) -> dt.datetime | None:
        value = self.arrived.value
        return value if isinstance(value, dt.datetime) else None

    def _arrived_changed(self, value: object) -> None:
        before, left = self._before, self.left.value
        if isinstance(value, dt.datetime):
            self._before = value
            if isinstance(left, dt.datetime) and before is not None:
                self.left.set_value(moments.with_day_of(left, before, value))
                self._keep_left()
            if value > self._desk.now() + dt.timedelta(minutes=5) and not self.is_planned:
                self.lies_ahead.emit()
        self._keep_arrived()

    _before: dt.datetime | None = None

    def _keep_arrived(self) -> None:
        self._before = self._arrived or self._before
        text = self.arrived.text
        understood = self._arrived if text.strip() == self._shown(self.arrived) else None
        self.sheet.visit.typed["at"] = moment(understood, text)
        self.changed.emit()

    def _keep_left(self) -> None:
        value, text = self.left.value, self.left.text
        understood = value if text.strip() == self._shown(self.left) else None
        at = understood if isinstance(understood, dt.datetime) else None
        self.sheet.visit.typed["left_at"] = moment(at, text)
        self.changed.emit()

    def _shown(self, which: TimeField) -> str | None:
        value = which.value
        if not isinstance(value, dt.datetime):
            return None
        return self._show_arrived(value) if which is self.arrived else self._show_left(value)

    def _show_day(self) -> None:
        """Show below the times which day is understood, also while it is being typed."""
        text, now = self.arrived.text.strip(), self._desk.now()
        try:
            at = (self._arrived or now) if self._is_settled(text) else self._parse_arrived(text)
        except ValueError:
            at = now
        other = moments.another_day(ahead=self.is_planned)
        if not text and self.arrived.line.hasFocus():
            self.day.setText(f"Today, or {other}")
        elif times.in_london(at).date() == times.in_london(now).date():
            self.day.setText(f"Today, {times.show_date(times.in_london(now).date())}")
        else:
            self.day.setText(times.show_time(at))
        if self.readings("at"):
            self.day.setText("The clocks went back that night")
        if text and not self.is_planned and late.is_late(at, now):
            self.day.setText(f"{self.day.text()} (late entry)")
            tip = "When it happened and when you write it are both kept."
        else:
            tip = f"Another day? Type {other}."
        self.day.setToolTip(tip)
        self.arrived.line.setToolTip(tip)
        self.arrived.setAccessibleDescription(f"{self.day.text()}. {tip}")

    def _is_settled(self, text: str) -> bool:
        return not text or text == self._shown(self.arrived)

    def _left_field(self, name: str, which: TimeField) -> None:
        """Say at once what cannot be read, and no longer what can."""
        unread = which.text.strip() and which.value is None
        # settled already: the field does so first
        self.looked_at.emit(name, self._why_not(which) if unread else "")

    def settle(self) -> dict[str, str]:
        """Read what is typed in the fields; return what cannot be read, by field."""
        wrong: dict[str, str] = {}
        for name, which in (("at", self.arrived), ("left_at", self.left)):
            if not which.settle():
                wrong[name] = self._why_not(which)
        return wrong

    def _why_not(self, which: TimeField) -> str:
        if self.readings("at" if which is self.arrived else "left_at"):
            return (
                f"“{which.text.strip()}” came twice that night, because the clocks went back. "
                "Which one was it?"
            )
        try:
            self._parse(which)(which.text)
        except times.NotRead as error:
            return moments.why_not(error, ahead=self.is_planned)
        return ""

    def _parse(self, which: TimeField) -> Callable[[str], dt.datetime]:
        return self._parse_arrived if which is self.arrived else self._parse_left

    def readings(self, name: str) -> tuple[tuple[str, dt.datetime], ...]:
        """Return the two moments a field may mean, in the hour that comes twice; else none.

        Args:
            name: The field.
        """
        which = self._field_of(name)
        if not which.text.strip() or which.value is not None:
            return ()
        return moments.both_readings(which.text, self._parse(which))

    def choose_reading(self, name: str, at: dt.datetime) -> None:
        """Let a field mean one of its two moments."""
        which = self._field_of(name)
        which.set_value(at)
        if which is self.arrived:
            self._arrived_changed(at)
        else:
            self._keep_left()
        self.looked_at.emit(name, "")
        which.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def _field_of(self, name: str) -> TimeField:
        return self.arrived if name == "at" else self.left

    def _after_arrived(self) -> None:
        if self.arrived.settle() and self.left_box.isVisible():
            self.left.line.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.arrived.value is not None:
            self.ended.emit()

    def fit(self) -> None:
        """Be as wide as what is typed."""
        for which in (self.arrived, self.left):
            line = which.line
            words = line.fontMetrics().horizontalAdvance(line.text()) + theme.px(2 * 12 + 8)
            line.setFixedWidth(max(words, theme.px(_CLOCK_WIDE)))
        self.fitted.emit()
