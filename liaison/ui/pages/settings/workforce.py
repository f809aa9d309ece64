"""The workforce return: what it would refuse, each with a way to where it is put right, and the file."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QWidget

from liaison.services import workforce
from liaison.ui.parts.asking_files import ask_where_to_save
from liaison.ui.widgets import (
    Banner,
    Button,
    Card,
    FlowRow,
    StateChip,
    Text,
    Wrap,
    announce,
    spaced,
)

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.services.workforce import LeftOut, Return, Written
    from liaison.ui.desk import Desk

_MOST: Final = 60


class WorkforceCard(Card):
    """Checks the return's training file, and writes it.

    Args:
        desk: The desk.
    """

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__("Workforce return (ASC-WDS)", parent=parent)
        self.desk = desk
        self.dialog: QFileDialog | None = None
        self.made: Return | None = None
        self.add(
            Wrap(
                "The training file of the yearly return: every training record of everybody who "
                "works here now. What the return would refuse is listed first, and left out.",
                "muted",
                widest=760,
            )
        )
        self.check = Button("Check it", "list-checks")
        self.check.clicked.connect(lambda *_: self.look())
        self.save = Button("Save the file", "download", Button.PRIMARY)
        self.save.clicked.connect(lambda *_: self._ask())
        self.save.setEnabled(False)
        row = spaced(QHBoxLayout(), 8)
        row.addWidget(self.check)
        row.addWidget(self.save)
        row.addStretch(1)
        self.add(row)
        self.chips = FlowRow()
        self.add(self.chips)
        self.chips.hide()
        self._box = QWidget()
        self.add(self._box)
        self._more = Text("", "secondary")
        self.add(self._more)
        self._more.hide()
        self.banner = Banner("info", "")
        self.banner.hide()
        self.add(self.banner)

    def look(self) -> None:
        """Check what would be refused."""
        self.check.setEnabled(False)
        self.desk.jobs.read(
            workforce.workforce_return,
            self._show,
            self._failed,
            latest=(id(self), "return"),
            owner=self,
        )

    def _show(self, made: Return) -> None:
        self.check.setEnabled(True)
        self.banner.hide()
        self.made = made
        self.save.setEnabled(bool(made.lines))
        self.chips.clear()
        chips = [StateChip("ok" if made.lines else "none", f"{workforce.counted(made)} can go")]
        if made.missing:
            chips.append(StateChip("late", f"{made.missing:,} would be refused"))
        for chip in chips:
            self.chips.flow.addWidget(chip)
            chip.show()
        self.chips.show()
        self._list(made)
        announce(self, ", ".join(chip.text() for chip in chips))

    def _list(self, made: Return) -> None:
        old = self._box
        self._box = QWidget()
        grid = spaced(QGridLayout(self._box), 8)
        grid.setColumnStretch(0, 1)
        lines = workforce.told(made.left_out)
        for place, (one, words) in enumerate(zip(made.left_out[:_MOST], lines, strict=False)):
            grid.addWidget(Wrap(words), place, 0)
            button = Button("Open it", "arrow-right", small=True)
            button.setAccessibleName(f"Open it: {one.about}")
            button.clicked.connect(partial(self._open, one))
            grid.addWidget(button, place, 1, Qt.AlignmentFlag.AlignTop)
        self.body.replaceWidget(old, self._box)
        old.hide()
        old.deleteLater()
        self._box.setVisible(bool(lines))
        more = len(lines) - _MOST
        self._more.setText(f"{more:,} more; they show when these are put right.")
        self._more.setVisible(more > 0)

    def _open(self, one: LeftOut, *_: object) -> None:
        if one.record is not None:
            self.desk.open(one.type, one.record)

    def _ask(self) -> None:
        day = self.desk.today()
        name = f"Workforce return {day.day:02}.{day.month:02}.{day.year}.csv"
        self.dialog = ask_where_to_save(
            self, "Save the workforce return", name, "CSV (*.csv)", self.save_to, sure=False
        )

    def save_to(self, file: Path) -> None:
        """Write the return to a file."""
        self.save.setEnabled(False)
        self.banner.hide()
        self.desk.jobs.write(
            lambda home: workforce.write_return(home, file), self._done, self._failed, owner=self
        )

    def _done(self, written: Written) -> None:
        self._show(written.made)
        left = f" {written.made.missing:,} left out." if written.made.missing else ""
        words = f"{workforce.counted(written.made)} in {written.file}.{left}"
        self.banner.say("ok", f"{words} The file is not encrypted: whoever has it can read it.")

    def _failed(self, error: UserError) -> None:
        self.check.setEnabled(True)
        self.save.setEnabled(self.made is not None and bool(self.made.lines))
        self.banner.say("late", str(error))
