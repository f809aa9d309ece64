"""The matrix on its sheet: what is shown of it, what it comes to, and what is said where it is empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from liaison.ui.pages import PAGES
from liaison.ui.pages.training import words
from liaison.ui.pages.training.view import MatrixView
from liaison.ui.widgets import Card, EmptyState, FlowRow, StateChip, spaced

if TYPE_CHECKING:
    from liaison.records.rules.matrix import Matrix
    from liaison.ui.desk import Desk
    from liaison.ui.pages.training.narrowing import Narrowing


class Sheet(QWidget):
    """The matrix, narrowed down as somebody chose.

    Args:
        desk: The desk.
        narrowing: What of it is to be shown.
        may_require: Whether whoever is here says who must hold what.
    """

    adding = Signal(str)
    """Somebody wants to add a record of a type, so that there is something to show."""

    def __init__(self, desk: Desk, narrowing: Narrowing, *, may_require: bool) -> None:
        super().__init__()
        self._desk, self._narrowing, self._requires = desk, narrowing, may_require
        self._matrix: Matrix | None = None
        narrowing.changed.connect(self._filter)
        self.view = MatrixView()
        self.nobody = EmptyState("users", "Nobody here", " ", "Show everyone")
        self.nobody.pressed.connect(self._leave_empty)
        self._inside = QStackedWidget()
        self._inside.addWidget(self.view)
        self._inside.addWidget(self.nobody)
        self._card = Card()
        self._card.add(self._inside, 1)
        self.in_date, self.soon, self.late = (StateChip(s, "") for s in ("ok", "due", "late"))
        self._legend = FlowRow((self.in_date, self.soon, self.late))
        column = spaced(QVBoxLayout(self), 10)
        column.addWidget(self._card, 1)
        column.addWidget(self._legend)
        # nothing is claimed before it is read
        self._card.setVisible(False)
        self._legend.setVisible(False)

    def show_matrix(self, found: Matrix) -> None:
        """Show a matrix; the cell that somebody is at stays, if it is still there."""
        self._matrix = found
        self._card.setVisible(True)
        in_date, soon, late = words.counts(found)
        self.in_date.set_state("ok", f"In date {in_date:,}")
        self.soon.set_state("due", f"Due within {found.due_soon_days} days {soon:,}")
        self.late.set_state("late", f"Late or missing {late:,}")
        self._narrowing.offer(found)
        self._filter()

    def _filter(self) -> None:
        found = self._matrix
        if found is None:
            return
        view = self.view
        current = view.currentIndex()
        across, down = view.horizontalScrollBar().value(), view.verticalScrollBar().value()
        staff = view.cells.rows[current.row()].staff.id if current.isValid() else None
        course = view.cells.columns[current.column()].course.id if current.isValid() else None
        view.cells.show(found, self._narrowing.shown)
        shown = len(view.cells.rows)
        view.corner.setText(f"{shown:,} of {len(found.rows):,} staff" if shown < len(found.rows)
                            else f"{shown:,} staff")  # fmt: skip
        view.horizontalScrollBar().setValue(across)
        view.verticalScrollBar().setValue(down)
        rows = [row.staff.id for row in view.cells.rows]
        columns = [column.course.id for column in view.cells.columns]
        if staff in rows and course in columns:
            view.setCurrentIndex(view.cells.index(rows.index(staff), columns.index(course)))
        self._say_empty(found)
        self._inside.setCurrentWidget(view if shown and columns else self.nobody)

    def _say_empty(self, found: Matrix) -> None:
        if not found.rows:
            self.nobody.say("No staff yet", "The matrix begins with who works here.")
            self._offer("Go to staff" if "staff" in PAGES else "")
        elif not found.columns:
            self.nobody.say("Nothing required yet", "Say which job role must hold which course.")
            self._offer("Add a requirement" if self._requires else "")
        else:
            shown = self._narrowing.shown
            if shown.state or shown.team or shown.group:
                self.nobody.say("Nobody like that", "Choose less, or show everyone.")
            else:
                self.nobody.say("No gaps here", "Everybody shown holds what they need.")
            self._offer("Show everyone")
        self._legend.setVisible(bool(found.rows and found.columns))

    def _offer(self, words: str) -> None:
        self.nobody.button.set_words(words)
        self.nobody.button.setVisible(bool(words))

    def _leave_empty(self) -> None:
        """Do what the empty matrix offers."""
        if self._matrix is None or not self._matrix.rows:
            self._desk.go("staff")
        elif not self._matrix.columns:
            self.adding.emit("requirement")
        else:
            self._narrowing.clear()
            self._filter()
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)
