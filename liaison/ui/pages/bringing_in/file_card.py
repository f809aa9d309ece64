"""Which file, and how it is to be read: what its rows are, which sheet, whether it has headings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from liaison.exchange.reading import ENDINGS, FileKind
from liaison.ui.pages.bringing_in import facts, matrix_facts
from liaison.ui.parts.asking_files import ask_for_file
from liaison.ui.widgets import Button, Card, CheckBox, ComboBox, Field, Wrap, spaced

if TYPE_CHECKING:
    from liaison.ui.pages.bringing_in.facts import Sample

_NO_FILE: Final = "No file chosen yet. You can also drop one anywhere on the window."
_KINDS: Final = (f"Lists ({' '.join(f'*{ending}' for ending in ENDINGS)})", "All files (*)")


class FileCard(Card):
    """Asks for the file and what is in it; what it holds is guessed until somebody says so."""

    chosen = Signal(object)
    """This file is to be looked into (a ``Path``)."""
    sheet_said = Signal(str)
    """This sheet of it is to be looked into."""
    said = Signal()
    """Somebody said how it is to be read: as what, or with headings or without."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("1. The list", parent=parent)
        self.sample: Sample | None = None
        """The beginning of the file; None while none is chosen."""
        self.dialog: QFileDialog | None = None
        self._type_is_said = False
        self.choose = Button("Choose a file", "folder-open")
        self.choose.clicked.connect(self._ask)
        self.file_name = Wrap(_NO_FILE, "secondary", widest=560)
        self.type = ComboBox([*facts.kinds(), matrix_facts.KIND])
        self.type.setPlaceholderText("Choose what they are")
        self.type.set_value(None)
        self.type.changed.connect(lambda _: self._say_type())
        self.sheets = ComboBox()
        self.sheets.changed.connect(lambda _: self._say_sheet())
        self.sheets_field = Field("Which sheet of the workbook", self.sheets)
        self.sheets_field.hide()
        self.headings = CheckBox("The first row holds the headings", on=True)
        self.headings.toggled.connect(lambda _: self.said.emit())
        row = spaced(QHBoxLayout(), 12)
        row.addWidget(self.choose)
        row.addWidget(self.file_name, 1)
        self.add(
            Wrap(
                "A spreadsheet (XLSX or CSV), your training matrix among them, or contacts from "
                "Outlook, a phone or Google as a vCard file (VCF).",
                "muted",
                widest=760,
            )
        )
        self.add(row)
        self.add(self.sheets_field)
        self.add(Field("What its rows are", self.type))
        self.add(self.headings)

    @property
    def is_matrix(self) -> bool:
        """Whether it is read as a training matrix."""
        return bool(self.type.value == matrix_facts.MATRIX)

    @property
    def has_headings(self) -> bool:
        """Whether its first row is read as headings; cards always have them."""
        is_cards = self.sample is not None and self.sample.kind is FileKind.VCARD
        return is_cards or self.headings.isChecked()

    def show_sample(self, sample: Sample) -> None:
        """Show a file; nobody is told."""
        self.sample = sample
        self.file_name.setText(str(sample.file))
        self.sheets.set_choices([(name, name) for name in sample.sheets])
        self.sheets.set_value(sample.sheet)
        if not self._type_is_said:
            is_matrix = matrix_facts.is_likely(sample)
            self.type.set_value(matrix_facts.MATRIX if is_matrix else facts.likely_type(sample))

    def show_questions(self, sample: Sample) -> None:
        """Ask only what a file of its kind leaves open."""
        # a matrix finds its headings itself, on every sheet
        is_cards = sample.kind is FileKind.VCARD
        self.headings.setVisible(not self.is_matrix and not is_cards)
        self.sheets_field.setVisible(not self.is_matrix and len(sample.sheets) > 1)

    def forget_file(self) -> None:
        """Show no file any more."""
        self.sample = None
        self.sheets_field.hide()
        self.file_name.setText(_NO_FILE)

    def forget_type(self) -> None:
        """Guess what the next file holds: what was said was about one that is done with."""
        self._type_is_said = False
        self.type.set_value(None)

    def _ask(self) -> None:
        self.dialog = ask_for_file(self, "Choose a list", _KINDS, self.chosen.emit)

    def _say_type(self) -> None:
        self._type_is_said = True
        self.said.emit()

    def _say_sheet(self) -> None:
        if self.sample is not None:
            self.sheet_said.emit(str(self.sheets.value))
