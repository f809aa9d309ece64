"""The head of the page: what the matrix comes to, and the buttons of each tab."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from liaison.records.rules import times
from liaison.security.roles import Action, may
from liaison.services import permissions
from liaison.services.matrix_file import write_matrix
from liaison.ui.pages import PAGES
from liaison.ui.parts.asking_files import ask_where_to_save
from liaison.ui.widgets import Button, PageHeader

if TYPE_CHECKING:
    from liaison.records.rules.matrix import Matrix
    from liaison.ui.desk import Desk

_ADD: Final = {
    "session": "Add a session",
    "course": "Add a course",
    "requirement": "Add a requirement",
}
_ENDING: Final = ".xlsx"


class Head(PageHeader):
    """The title with its buttons: record, add, print, save as a workbook.

    Args:
        desk: The desk.
        title: The title.
        own: Whether whoever is here sees their own training alone.
    """

    recording = Signal()
    """Somebody wants to record training."""
    adding = Signal()
    """Somebody wants to add to the list of the tab that is shown."""

    def __init__(self, desk: Desk, title: str, *, own: bool) -> None:
        self._desk = desk
        self._matrix: Matrix | None = None
        self.dialog: QFileDialog | None = None
        role = desk.person.role
        self._writes = permissions.may_add(role, "training_record")
        self._requires = permissions.may_add(role, "requirement")
        self._exports = may(role, Action.EXPORT)
        self.prints = "reports" in PAGES and may(role, Action.PRINT_REPORTS)
        self.record_button = Button("Record training", "plus", Button.PRIMARY)
        self.record_button.setEnabled(False)
        self.print_button = Button("Print", "printer")
        self.print_button.setAccessibleName("Print the matrix")
        self.add_button = Button("", "plus")
        self.add_button.hide()
        self.save_button = Button("Workbook", "file-spreadsheet")
        self.save_button.setAccessibleName("Save the matrix as a workbook")
        actions: list[QWidget] = []
        if self._exports:
            actions.append(self.save_button)
        if self.prints:
            actions.append(self.print_button)
        if self._writes:
            actions += [self.add_button, self.record_button]
        # a line that is empty at first, so that nothing moves when its words come
        super().__init__(title, "" if own else " ", actions)
        for button in (self.save_button, self.print_button, self.add_button, self.record_button):
            if button not in actions:
                # it goes with the page: on its own it would stay until the program ends
                button.setParent(self)
                button.hide()
        self.record_button.clicked.connect(lambda *_: self.recording.emit())
        self.add_button.clicked.connect(lambda *_: self.adding.emit())
        self.print_button.clicked.connect(
            lambda *_: desk.go("reports", {"report": "training-matrix"})
        )
        self.save_button.clicked.connect(lambda *_: self._ask_where())

    def show_matrix(self, found: Matrix) -> None:
        """Say what a matrix comes to; it is the one that is saved."""
        self._matrix = found
        self.record_button.setEnabled(True)
        some = (
            f"{found.complete:,} of {len(found.rows):,} staff hold every course they need. "
            "Each cell says when it runs out; d means days."
        )
        if found.on != self._desk.today():
            some = f"As it was on {times.show_date(found.on)}. {some}"
        self.set_subtitle(some if found.rows else "Who holds what, and until when.")

    def show_tab(self, name: str) -> None:
        """Show the buttons of a tab."""
        self.print_button.setVisible(name == "matrix" and self.prints)
        self.save_button.setVisible(name == "matrix" and self._exports)
        adds = self._requires if name in {"course", "requirement"} else self._writes
        self.add_button.setVisible(name in _ADD and adds)
        self.add_button.set_words(_ADD.get(name, ""))

    def _ask_where(self) -> None:
        if self._matrix is not None:
            name = f"Training matrix {self._matrix.on:%Y-%m-%d}{_ENDING}"
            self.dialog = ask_where_to_save(
                self, "Save the matrix as a workbook", name, f"Workbook (*{_ENDING})", self.save_to
            )

    def save_to(self, file: Path) -> None:
        """Write the matrix that is shown to a workbook."""
        made = self._matrix
        if made is None:
            return
        self._desk.jobs.write(
            lambda home: write_matrix(home, made, file),
            lambda where: self._desk.say(f"The matrix is in {where.name}."),
            self._desk.trouble,
            owner=self,
        )
