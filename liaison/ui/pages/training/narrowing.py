"""What of the matrix is shown: whom, which courses, in which state, and on which day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from liaison.records.rules import times
from liaison.records.rules.compliance import State
from liaison.ui import theme
from liaison.ui.pages.training.model import Shown
from liaison.ui.widgets import ComboBox, DateField, FlowRow, Segmented

if TYPE_CHECKING:
    import datetime as dt

    from liaison.records.rules.matrix import Matrix
    from liaison.ui.desk import Desk

_DAY: Final = 168
_EVERY: Final = ("", "Any state")


class Narrowing(FlowRow):
    """The line of choices over the matrix.

    Args:
        desk: The desk.
    """

    changed = Signal()
    """Something else of the same matrix is to be shown."""
    day_changed = Signal()
    """The matrix of another day is to be shown."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__((), 8, parent)
        self._desk = desk
        self.gaps = Segmented([(False, "Everyone"), (True, "Only gaps")], "Who is shown")
        self.gaps.set_value(False)
        self.role = ComboBox([("", "All roles")])
        self.team = ComboBox([("", "All teams")])
        self.group = ComboBox([("", "All courses")])
        states = [(state.value, state.value.capitalize()) for state in State]
        self.state = ComboBox([_EVERY, *states])
        self.day = DateField(
            lambda text: times.parse_date(text, today=desk.today()),
            times.show_date,
            "As it is today",
            today=desk.today,
        )
        self.day.setAccessibleName("As it was on")
        self.day.setToolTip("As it was on a day; empty for today")
        self.day.setFixedWidth(theme.px(_DAY))
        for part in (self.gaps, self.role, self.team, self.group, self.state, self.day):
            self.flow.addWidget(part)
        for part, name in (
            (self.role, "Job role"), (self.team, "Team"), (self.group, "How often"),
            (self.state, "State"),
        ):  # fmt: skip
            part.set_value("")
            part.setAccessibleName(name)
            part.changed.connect(lambda _: self.changed.emit())
        self.gaps.changed.connect(lambda _: self.changed.emit())
        self.day.changed.connect(lambda _: self.day_changed.emit())

    @property
    def shown(self) -> Shown:
        """What is to be shown of a matrix."""
        return Shown(
            bool(self.gaps.value), str(self.role.value or ""), str(self.team.value or ""),
            str(self.group.value or ""), str(self.state.value or ""),
        )  # fmt: skip

    @property
    def on(self) -> dt.date:
        """The day the matrix is to be of."""
        value = self.day.value
        return self._desk.today() if value is None else value  # type: ignore[return-value]  # as it parses

    def offer(self, made: Matrix) -> None:
        """Offer what there is to choose from in a matrix; what was chosen stays if it is there."""
        roles = dict.fromkeys((row.job_role or "", row.role) for row in made.rows if row.role)
        teams = dict.fromkeys((row.staff.team or "", row.team) for row in made.rows if row.team)
        groups = dict.fromkeys((column.group, column.group) for column in made.columns)
        for part, every, choices in (
            (self.role, "All roles", roles),
            (self.team, "All teams", sorted(teams, key=lambda pair: pair[1])),
            (self.group, "All courses", groups),
        ):
            part.set_choices([("", every), *choices])
            if part.value is None:
                part.set_value("")

    def clear(self) -> None:
        """Show everybody and every course again; the day stays."""
        self.gaps.set_value(False)
        for part in (self.role, self.team, self.group, self.state):
            part.set_value("")
