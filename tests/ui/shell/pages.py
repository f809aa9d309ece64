"""Small pages for the tests of the shell."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtWidgets import QLineEdit, QVBoxLayout

from liaison.store import query
from liaison.store.store import Store
from liaison.ui.desk import Desk
from liaison.ui.page import Page
from liaison.ui.widgets import Text

HERE = "tests.ui.shell.pages"
PAGES = {
    "today": f"{HERE}:Today",
    "residents": f"{HERE}:Residents",
    "directory": f"{HERE}:Directory",
    "reports": f"{HERE}:Broken",
}


class Today(Page):
    name: ClassVar[str] = "today"
    title: ClassVar[str] = "Today"
    reads: ClassVar[frozenset[str]] = frozenset({"resident"})
    shortcuts: ClassVar[tuple[tuple[str, str], ...]] = (("Ctrl+S", "Save the day"),)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.refreshed = 0
        self.residents: list[str] = []
        self.typed = QLineEdit()
        self.typed.setAccessibleName("Something typed")
        column = QVBoxLayout(self)
        column.addWidget(Text("Today", "title"))
        column.addWidget(self.typed)
        column.addStretch(1)

    def refresh(self) -> None:
        self.refreshed += 1

        def read(store: Store) -> list[str]:
            found = query.every(store, query.Query("resident"))
            return [str(getattr(record, "name", "")) for record in found]

        self.desk.jobs.read(read, self._show, owner=self)

    def _show(self, residents: list[str]) -> None:
        self.residents = residents
        self.filled.emit()


class Residents(Page):
    name: ClassVar[str] = "residents"
    title: ClassVar[str] = "Residents"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.shown: list[object] = []

    def show_argument(self, argument: object) -> None:
        self.shown.append(argument)

    def show_record(self, type_name: str, identity: int) -> None:
        self.shown.append((type_name, identity))


class Directory(Page):
    name: ClassVar[str] = "directory"
    title: ClassVar[str] = "Directory"
    roles: ClassVar[frozenset[str]] = frozenset({"carer"})


class Broken(Page):
    name: ClassVar[str] = "reports"
    title: ClassVar[str] = "Reports"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        raise ZeroDivisionError("a fault of ours that names Margaret Ellis")
