"""Who completed a course: a tick for each member of staff, and how they stand with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from liaison.records.rules.same_name import name_key
from liaison.ui import theme
from liaison.ui.pages.training import words
from liaison.ui.widgets import Button, Card, CheckBox, LineEdit, ScrollPage, Text, spaced

if TYPE_CHECKING:
    from collections.abc import Collection

    from liaison.records.rules.matrix import Matrix, Row

_LIST_HEIGHT: Final = 360


class _Person(QWidget):
    """One member of staff in the list: a tick, and how they stand with the course."""

    def __init__(self, row: Row) -> None:
        super().__init__()
        self.row = row
        said = f"{row.name}, {row.role}" if row.role else row.name
        self.tick = CheckBox(said)
        self.stands = Text("", "secondary")
        line = spaced(QHBoxLayout(self), 8, (0, 0, 8, 0))
        line.addWidget(self.tick)
        line.addStretch(1)
        line.addWidget(self.stands)

    def stand(self, told: str) -> None:
        """Say how they stand with the course that is chosen."""
        self.stands.setText(told)
        self.tick.setAccessibleDescription(told)


class Who(Card):
    """The card with everybody who may have completed a course.

    Args:
        matrix: How everybody stands.
        ticked: The ids of those who are ticked at first.
        title: What a tick says of somebody.
    """

    changed = Signal()
    """Somebody was ticked, or is not any more."""

    def __init__(
        self,
        matrix: Matrix,
        ticked: Collection[int] = (),
        title: str = "Who completed it",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, "users", parent=parent)
        self._matrix = matrix
        self._place: int | None = None
        self.people = [_Person(row) for row in matrix.rows]
        for person in self.people:
            person.tick.setChecked(person.row.staff.id in ticked)
            person.tick.toggled.connect(lambda _: self._ticked())
        self.search = LineEdit(placeholder="Search staff")
        self.search.setAccessibleName("Search staff")
        self.search.textChanged.connect(self._narrow)
        self.lacking = Button("Tick all who need it", "list-checks", small=True)
        self.lacking.clicked.connect(self._tick_lacking)
        self.none = Button("None", small=True)
        self.none.setAccessibleName("Tick nobody")
        self.none.clicked.connect(lambda *_: self.tick(set()))
        row = spaced(QHBoxLayout(), 8)
        row.addWidget(self.lacking)
        row.addWidget(self.none)
        row.addStretch(1)
        people = ScrollPage(spacing=0, margins=(0, 0, 0, 0))
        for person in self.people:
            people.body.addWidget(person)
        people.body.addStretch(1)
        people.setMinimumHeight(theme.px(_LIST_HEIGHT))
        self.add(self.search)
        self.add(row)
        self.add(people, 1)
        self._count()

    @property
    def chosen(self) -> list[int]:
        """The ids of those who are ticked."""
        return [
            person.row.staff.id
            for person in self.people
            if person.tick.isChecked() and person.row.staff.id is not None
        ]

    def tick(self, wanted: Collection[int | None]) -> None:
        """Tick those people and nobody else."""
        for person in self.people:
            person.tick.setChecked(person.row.staff.id in wanted)

    def show_course(self, course: int | None) -> None:
        """Say how everybody stands with a course; None if none is chosen."""
        columns = enumerate(self._matrix.columns)
        self._place = next((n for n, one in columns if one.course.id == course), None)
        place = self._place
        self.lacking.setEnabled(place is not None)
        for person in self.people:
            if place is None:
                person.stand("")
            else:
                person.stand(words.told(person.row.cells[place], self._matrix.on))

    def focus(self) -> None:
        """Put the cursor where somebody is looked for."""
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ticked(self) -> None:
        self._count()
        self.changed.emit()

    def _count(self) -> None:
        number = len(self.chosen)
        self.set_note(f"{number:,} ticked" if number else "Nobody ticked yet")

    def _narrow(self, typed: str) -> None:
        letters = name_key(typed)
        for person in self.people:
            person.setVisible(letters in name_key(f"{person.row.name} {person.row.role}"))

    def _tick_lacking(self) -> None:
        place = self._place
        if place is not None:
            self.tick({
                person.row.staff.id
                for person in self.people
                if person.row.cells[place].state in words.GAPS
            })  # fmt: skip
