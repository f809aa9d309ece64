"""A temporary password, shown once: to read out, to copy, or to print on a slip."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPainter
from PySide6.QtWidgets import QHBoxLayout

from liaison.errors import UserError
from liaison.ui import theme
from liaison.ui.threshold.parts import Note
from liaison.ui.threshold.printing import print_page
from liaison.ui.widgets import Button, Card, LineEdit, Wrap, announce, spaced

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from liaison.ui.pages.settings.people.facts import Given

    Printing = Callable[[str, Callable[[QPainter, QRectF], None], QWidget], str]

_INK: Final = "#15202A"


class PasswordCard(Card):
    """The password, and how to hand it over.

    Args:
        given: Whose password, and which.
        home: The home's name, for the slip.
        printing: Asks for a printer and prints.
    """

    left = Signal()
    """It was handed over; from now on nobody can look it up."""

    def __init__(self, given: Given, home: str, printing: Printing = print_page) -> None:
        first = given.name.split(" ")[0]
        super().__init__(
            f"The temporary password of {given.name}", "key-round", kind=Card.EMPHASISED
        )
        self._given, self._home, self._printing = given, home, printing
        self.password = LineEdit(given.password, big=True)
        self.password.setReadOnly(True)
        self.password.setAccessibleName(f"Temporary password of {given.name}")
        self.password.setCursorPosition(0)
        self.add(self.password)
        self.add(
            Wrap(
                f"It is shown this once. Give it to {first} alone: at the first time, {first} "
                "chooses a password that nobody else knows.",
                widest=640,
            )
        )
        self.copy = Button("Copy", "copy")
        self.print = Button("Print a slip", "printer")
        self.done = Button("I have handed it over", "check", Button.PRIMARY)
        row = spaced(QHBoxLayout(), 8)
        row.addWidget(self.copy)
        row.addWidget(self.print)
        row.addStretch(1)
        row.addWidget(self.done)
        self.add(row)
        self.note = Note()
        self.add(self.note)
        self.body.addStretch(1)
        self.copy.clicked.connect(self._copy)
        self.print.clicked.connect(self._print)
        self.done.clicked.connect(self._end)

    def begin(self) -> None:
        """Put the cursor where it can be read."""
        self.password.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self, f"The temporary password is: {self._given.password}")

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._given.password)
        self.note.well("Copied. It leaves the clipboard when you press the button, or lock.")

    def _print(self) -> None:
        try:
            printer = self._printing("Liaison temporary password", self._paint, self.window())
        except UserError as error:
            self.note.wrong(error.message)
            return
        if printer:
            self.note.well(f"Printed on “{printer}”.")

    def _end(self) -> None:
        clipboard = QGuiApplication.clipboard()
        if clipboard.text() == self._given.password:
            clipboard.clear()
        self.password.clear()
        self.left.emit()

    def _paint(self, painter: QPainter, page: QRectF) -> None:
        lines = (
            (f"{self._home}: Liaison", 15.0, theme.SEMIBOLD),
            (f"For {self._given.name}", 12.0, theme.REGULAR),
            (self._given.password, 18.0, theme.SEMIBOLD),
            ("Choose your own password at the first time, then tear this up.", 10.5, theme.REGULAR),
        )
        # a slip at the head of the page, in units of an A4 page of 595 points
        unit = page.width() / 595
        top = page.top() + 12 * unit
        painter.setPen(_INK)
        for words, points, weight in lines:
            font = theme.font(10, weight)
            font.setPixelSize(max(1, round(points * unit)))
            painter.setFont(font)
            height = points * 2.4 * unit
            where = QRectF(page.left() + 12 * unit, top, page.width() - 24 * unit, height)
            painter.drawText(where, int(Qt.AlignmentFlag.AlignVCenter), words)
            top += height
