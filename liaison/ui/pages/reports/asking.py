"""What a report is asked for: a period or a day, about whom, and how residents are named."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from liaison.records import all_specs
from liaison.records.rules import times
from liaison.records.rules.days import add_months
from liaison.records.vocabularies import Vocabularies
from liaison.reports.spec import DEFAULT_HOURS, Asked
from liaison.ui.parts.editors.base import Around
from liaison.ui.parts.editors.picker import Finder
from liaison.ui.widgets import ComboBox, DateField, Field, spaced

if TYPE_CHECKING:
    from liaison.reports.spec import Naming, Parameters
    from liaison.ui.desk import Desk
    from liaison.ui.parts.facts import Candidate

_PAUSE_MS: Final = 250
_OTHER: Final = "other"


def _months(months: int) -> Callable[[dt.date], tuple[dt.date, dt.date]]:
    def period(today: dt.date) -> tuple[dt.date, dt.date]:
        return add_months(today, -months) + dt.timedelta(days=1), today

    return period


def _this_month(today: dt.date) -> tuple[dt.date, dt.date]:
    return today.replace(day=1), today


def _last_month(today: dt.date) -> tuple[dt.date, dt.date]:
    last = today.replace(day=1) - dt.timedelta(days=1)
    return last.replace(day=1), last


#: The periods that are offered: what each is known by, its words, and its first and last day.
PERIODS: Final[tuple[tuple[str, str, Callable[[dt.date], tuple[dt.date, dt.date]]], ...]] = (
    ("4 weeks", "Last 4 weeks", lambda today: (today - dt.timedelta(days=27), today)),
    ("this month", "This month", _this_month),
    ("last month", "Last month", _last_month),
    ("3 months", "Last 3 months", _months(3)),
    ("6 months", "Last 6 months", _months(6)),
    ("12 months", "Last 12 months", _months(12)),
)
USUAL: Final = "3 months"
HOURS: Final = (8, 12, 24, 48)
"""How far back a handover goes, to choose from."""
NAMES: Final[tuple[tuple[Naming, str], ...]] = (
    ("full", "In full"),
    ("initials", "Initials and room"),
    ("letters", "Letters, such as Resident A"),
)
"""How residents are named, to choose from; staff have initials in the last two."""


class Asking(QWidget):
    """The form of one report's parameters; it shows only what the report takes.

    Args:
        desk: The desk.
        takes: What the report can be asked for.

    Attributes:
        takes: The same.
    """

    changed = Signal()
    """Something else is asked for now, and it is whole: :attr:`asked` gives it."""

    def __init__(self, desk: Desk, takes: Parameters, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.takes = takes
        self._candidate: Candidate | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self.tell)
        self._column = spaced(QVBoxLayout(self), 12)
        if takes.period:
            self._add_period()
        if takes.on:
            self._add_day()
        if takes.since:
            self._add_since()
        if takes.subjects:
            self._add_subject()
        if takes.initials:
            self.names = ComboBox(NAMES)
            self.names.set_value("full")
            self._column.addWidget(Field("Names", self.names))
            self.names.changed.connect(lambda _: self._pause.start())
        # what it begins with is no change
        self._pause.stop()

    # ---- the parts

    def _day_field(self) -> DateField:
        desk = self._desk
        return DateField(
            lambda text: times.parse_date(text, today=desk.today()),
            times.show_date,
            "Such as 1 Nov 2026",
            today=desk.today,
        )

    def _add_period(self) -> None:
        choices = [(name, words) for name, words, _ in PERIODS]
        self.period = ComboBox([*choices, (_OTHER, "Other days")])
        self.start, self.end = self._day_field(), self._day_field()
        self.start_field = Field("First day", self.start)
        self.end_field = Field("Last day", self.end)
        self.period_field = Field("Period", self.period)
        for part in (self.period_field, self.start_field, self.end_field):
            self._column.addWidget(part)
        self.period.set_value(USUAL)
        self._use_period(USUAL)
        self.period.changed.connect(self._use_period)
        self.start.changed.connect(lambda _: self._days_changed())
        self.end.changed.connect(lambda _: self._days_changed())

    def _use_period(self, name: object) -> None:
        for known, _, period in PERIODS:
            if known == name:
                first, last = period(self._desk.today())
                self.start.set_value(first)
                self.end.set_value(last)
                said = map(times.show_plain_date, (first, last))
                self.period_field.set_hint(" to ".join(said))
        for field in (self.start_field, self.end_field):
            field.setVisible(name == _OTHER)
        if name == _OTHER:
            self.period_field.set_hint("")
            self.start.line.setFocus(Qt.FocusReason.OtherFocusReason)
            self.start.line.selectAll()
        else:
            self._days_changed()

    def set_days(self, first: dt.date, last: dt.date) -> None:
        """Ask for a period of other days."""
        self.period.set_value(_OTHER)
        self._use_period(_OTHER)
        self.start.set_value(first)
        self.end.set_value(last)
        self._days_changed()

    def _days_changed(self) -> None:
        first, last = _day(self.start), _day(self.end)
        backwards = first is not None and last is not None and first > last
        if first is None and not self.start_field.error:
            self.start_field.set_error("Say from which day on.")
        elif first is not None:
            self.start_field.set_error(None)
        if backwards:
            self.end_field.set_error("This is before the first day.")
        elif last is None and not self.end_field.error:
            self.end_field.set_error("Say up to which day.")
        elif last is not None:
            self.end_field.set_error(None)
        self._pause.start()

    def _add_day(self) -> None:
        self.on = self._day_field()
        self.on.set_value(self._desk.today())
        self.on_field = Field("As things stood on", self.on)
        self._column.addWidget(self.on_field)
        self.on.changed.connect(lambda _: self._pause.start())

    def _add_since(self) -> None:
        self.since = ComboBox([(hours, f"The last {hours} hours") for hours in HOURS])
        self.since.set_value(DEFAULT_HOURS)
        self._column.addWidget(Field("Since", self.since))
        self.since.changed.connect(lambda _: self._pause.start())

    def _add_subject(self) -> None:
        choices: list[tuple[object, str]] = [("", "Everybody")]
        choices += [
            (name, f"Only one {all_specs()[name].label.lower()}") for name in self.takes.subjects
        ]
        self.about = ComboBox(choices)
        self.about.set_value("")
        self._column.addWidget(Field("About", self.about))
        around = Around(self._desk, Vocabularies({}), {})
        self.finders = {name: Finder(name, around, self) for name in self.takes.subjects}
        self._finder_fields: dict[str, Field] = {}
        for name, finder in self.finders.items():
            field = Field(all_specs()[name].label, finder.line, required=True)
            field.hide()
            self._finder_fields[name] = field
            self._column.addWidget(field)
            finder.picked.connect(self._pick)
            finder.typed.connect(self._unpick)
        self.about.changed.connect(self._choose_about)

    def _choose_about(self, name: object) -> None:
        self._candidate = None
        for other, field in self._finder_fields.items():
            field.setVisible(other == name)
            field.set_error(None)
            self.finders[other].line.clear()
        if name:
            self.finders[str(name)].line.setFocus()
        self._pause.start()

    def _pick(self, candidate: Candidate) -> None:
        self._candidate = candidate
        name = str(self.about.value)
        self.finders[name].line.setText(candidate.words)
        self._finder_fields[name].set_hint(candidate.apart)
        self._pause.start()

    def _unpick(self) -> None:
        self._candidate = None
        self._finder_fields[str(self.about.value)].set_hint("Choose one from the list.")

    def set_subject(self, type_name: str, candidate: Candidate) -> None:
        """Ask for a report about one."""
        self.about.set_value(type_name)
        self._choose_about(type_name)
        self._pick(candidate)

    # ---- what is asked

    def tell(self) -> None:
        """Say what is asked for, if nothing is missing or wrong, without waiting for more typing."""
        self._pause.stop()
        if self.asked is not None:
            self.changed.emit()

    @property
    def asked(self) -> Asked | None:
        """What is asked for; None while something is missing or wrong."""
        takes = self.takes
        start: dt.date | None = None
        end: dt.date | None = None
        on: dt.date | None = None
        subject: tuple[str, int] | None = None
        if takes.period:
            start, end = _day(self.start), _day(self.end)
            if start is None or end is None or start > end:
                return None
        if takes.on:
            on = _day(self.on)
            if on is None:
                return None
        if takes.subjects and self.about.value:
            if self._candidate is None:
                return None
            subject = str(self.about.value), self._candidate.id
        since: dt.datetime | None = None
        if takes.since and isinstance(self.since.value, int):
            since = self._desk.now() - dt.timedelta(hours=self.since.value)
        chosen = self.names.value if takes.initials else "full"
        names: Naming = next((one for one, _ in NAMES if one == chosen), "full")
        return Asked(start, end, on, subject, names, since)


def _day(field: DateField) -> dt.date | None:
    return field.value if isinstance(field.value, dt.date) else None
