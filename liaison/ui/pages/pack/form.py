"""What a pack covers: its period, how people are named, which visits are listed."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from liaison.records.rules import times
from liaison.ui.pages.pack.facts import MONTHS, period
from liaison.ui.widgets import CheckBox, ComboBox, DateField, Field, spaced

if TYPE_CHECKING:
    from liaison.reports.spec import Naming
    from liaison.services.reporting.pack_presets import Preset
    from liaison.ui.desk import Desk

_OTHER: Final = "other"
_NAMES: Final = (
    ("full", "Full names"),
    ("initials", "Initials and room"),
    ("letters", "Resident A, Resident B ..."),
)
_COUNTED: Final = (
    "News: the plan was changed. Open ends: something is still to be done. All visits are counted."
)
_VISITS: Final = (
    (False, "Those with news or open ends"),
    (True, "Every visit"),
)


class Form(QWidget):
    """What a pack covers.

    Args:
        desk: The desk.
    """

    changed = Signal()
    """Something else is wanted."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        choices: list[tuple[object, str]] = [(n, f"Last {n} months") for n in MONTHS]
        self.period = ComboBox([*choices, (_OTHER, "Other days")])
        self.start, self.end = self._day(), self._day()
        self.period_field = Field("Period", self.period)
        self.start_field = Field("First day", self.start)
        self.end_field = Field("Last day", self.end)
        self.names = ComboBox(_NAMES)
        self.names_field = Field("Residents", self.names)
        self.staff = CheckBox("Staff by initials too")
        self.visits = ComboBox(_VISITS)
        self.check_all = CheckBox("Check the whole record first", on=True)
        column = spaced(QVBoxLayout(self), 12)
        for part in (
            self.period_field, self.start_field, self.end_field, self.names_field, self.staff,
            Field("Visits that are listed", self.visits, _COUNTED),
            self.check_all,
        ):  # fmt: skip
            column.addWidget(part)
        self.period.set_value(MONTHS[0])
        self._use_period(MONTHS[0])
        self.names.set_value("full")
        self._say_names()
        self.visits.set_value(False)
        self.period.changed.connect(self._use_period)
        for day in (self.start, self.end):
            day.changed.connect(lambda _: self._look_at_days())
        self.names.changed.connect(lambda _: self._say_names())
        for signal in (self.names.changed, self.visits.changed, self.staff.toggled):
            signal.connect(lambda _: self.changed.emit())

    def _day(self) -> DateField:
        desk = self._desk
        return DateField(
            lambda text: times.parse_date(text, today=desk.today()),
            times.show_date,
            "Such as 1 Nov 2026",
            today=desk.today,
        )

    def _use_period(self, chosen: object) -> None:
        if isinstance(chosen, int):
            first, last = period(self._desk.today(), chosen)
            self.start.set_value(first)
            self.end.set_value(last)
            said = map(times.show_plain_date, (first, last))
            self.period_field.set_hint(" to ".join(said))
        else:
            self.period_field.set_hint("")
        for field in (self.start_field, self.end_field):
            field.setVisible(chosen == _OTHER)
        if chosen == _OTHER:
            self.start.line.setFocus(Qt.FocusReason.OtherFocusReason)
            self.start.line.selectAll()
        self._look_at_days()

    def _look_at_days(self) -> None:
        first, last = self.days
        if first is not None:
            self.start_field.set_error(None)
        elif not self.start_field.error:
            self.start_field.set_error("Say from which day on.")
        if first is not None and last is not None and first > last:
            self.end_field.set_error("This is before the first day.")
        elif last is not None:
            self.end_field.set_error(None)
        elif not self.end_field.error:
            self.end_field.set_error("Say up to which day.")
        self.changed.emit()

    def _say_names(self) -> None:
        full = self.names.value == "full"
        self.names_field.set_hint("" if full else "Names typed inside notes are not changed.")

    # ---- what is wanted

    @property
    def days(self) -> tuple[dt.date | None, dt.date | None]:
        """The first and the last day, where they can be read."""
        first, last = self.start.value, self.end.value
        return (
            first if isinstance(first, dt.date) else None,
            last if isinstance(last, dt.date) else None,
        )

    @property
    def is_whole(self) -> bool:
        """Whether the period can be read and does not end before it begins."""
        first, last = self.days
        return first is not None and last is not None and first <= last

    @property
    def naming(self) -> Naming:
        """How residents are named."""
        return cast("Naming", self.names.value)

    @property
    def every_visit(self) -> bool:
        """Whether every visit is listed."""
        return self.visits.value is True

    def show_preset(self, preset: Preset) -> None:
        """Show what a kept pack is made of; its period stays."""
        self.names.set_value(preset.names)
        self.staff.setChecked(preset.staff_initials)
        self.visits.set_value(preset.every_visit)
        self._say_names()
        self.changed.emit()
