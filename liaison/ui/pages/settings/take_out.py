"""Take lists out: everything of one kind as a file that spreadsheets read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from liaison.records import all_specs
from liaison.services import exporting
from liaison.ui.pages.settings.section import CardsSection
from liaison.ui.pages.settings.workforce import WorkforceCard
from liaison.ui.parts import plan
from liaison.ui.parts.asking_files import ask_where_to_save
from liaison.ui.widgets import Banner, Button, CheckBox, ComboBox, Field, Wrap, spaced

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.services.exporting import Exported
    from liaison.ui.desk import Desk


class TakeOutSection(CardsSection):
    """One list, or the workforce return, written out."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.dialog: QFileDialog | None = None
        card = self.card(
            "Take a list out",
            "A CSV file with everything recorded of one kind, for a spreadsheet or another "
            "program. It can be brought in again as it is.",
        )
        self.type = ComboBox(kinds())
        self.type.set_value("resident")
        self.sharing = CheckBox("Leave out what is not for other eyes, such as private notes")
        self.button = Button("Save the list", "download", Button.PRIMARY)
        self.button.clicked.connect(self._ask)
        self.banner = Banner("info", "")
        self.banner.hide()
        card.add(Field("Which list", self.type))
        card.add(self.sharing)
        card.add(
            Wrap(
                "The file is not encrypted: whoever has it can read it. Archived, merged and "
                "struck-through records are left out.",
                "secondary",
                widest=760,
            )
        )
        row = spaced(QHBoxLayout(), 8)
        row.addWidget(self.button)
        row.addStretch(1)
        card.add(row)
        card.add(self.banner)
        self.workforce = WorkforceCard(desk)
        self.sheet.body.addWidget(self.workforce)
        self.sheet.body.addStretch(1)

    def _ask(self) -> None:
        plural = all_specs()[str(self.type.value)].plural
        day = self.desk.today()
        name = f"{plural} {day.day:02}.{day.month:02}.{day.year}.csv"
        self.dialog = ask_where_to_save(
            self, "Save the list", name, "CSV (*.csv)", self.save_to, sure=False
        )

    def save_to(self, file: Path) -> None:
        """Write the chosen list to a file."""
        type_name, sharing = str(self.type.value), self.sharing.isChecked()
        self.button.setEnabled(False)
        self.banner.hide()
        self.desk.jobs.write(
            lambda home: exporting.export(home, type_name, file, for_sharing=sharing),
            self._done,
            self._failed,
            owner=self,
        )

    def _done(self, exported: Exported) -> None:
        self.button.setEnabled(True)
        spec = all_specs()[str(self.type.value)]
        what = spec.label if exported.rows == 1 else spec.plural
        struck = f" {exported.struck:,} struck through left out." if exported.struck else ""
        self.banner.say("ok", f"{exported.rows:,} {what.lower()} in {exported.file}.{struck}")

    def _failed(self, error: UserError) -> None:
        self.button.setEnabled(True)
        self.banner.say("late", str(error))


def kinds() -> list[tuple[object, str]]:
    """Return the record types that lists are made of, by their names in order."""
    found = [(name, spec.plural) for name, spec in all_specs().items() if plan.may_add(spec)]
    return [(name, words) for name, words in sorted(found, key=lambda one: one[1].casefold())]
