"""Where lists come in: the way to the pages that do it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QHBoxLayout, QWidget

from liaison.ui.pages.settings.section import CardsSection
from liaison.ui.widgets import Button, spaced

if TYPE_CHECKING:
    from liaison.ui.desk import Desk

_WAYS: Final = (
    (
        "import",
        "A list of your own",
        (
            "Contacts, organisations, residents, staff and more, from a spreadsheet (XLSX or CSV) or "
            "from vCards (VCF). A file can also be dropped anywhere on the window."
        ),
        "Bring a list in",
        "upload",
    ),
    (
        "practices",
        "The NHS's list of practices",
        (
            "Add a practice by part of its name or postcode, and see what a newer list says otherwise "
            "of those in the directory: new names, closures, phone numbers, addresses."
        ),
        "Open the list",
        "stethoscope",
    ),
)


class ListsInSection(CardsSection):
    """The ways in, each with a word on what it is for."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        for page, title, words, verb, icon in _WAYS:
            card = self.card(title, words)
            button = Button(verb, icon)
            button.clicked.connect(partial(self._go, page))
            row = spaced(QHBoxLayout(), 8)
            row.addWidget(button)
            row.addStretch(1)
            card.add(row)
        self.sheet.body.addStretch(1)

    def _go(self, page: str, *_: object) -> None:
        self.desk.go(page)
