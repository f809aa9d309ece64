"""What every section of the settings is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from liaison.ui import theme
from liaison.ui.widgets import Card, ScrollPage, Wrap, spaced

if TYPE_CHECKING:
    from liaison.ui.desk import Desk


class Section(QWidget):
    """One section: made when it is first opened.

    Args:
        desk: The desk.
    """

    footed = Signal()
    """Something else, or nothing, is to stand at the foot: see :attr:`foot`."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.foot: QWidget | None = None
        """What the page shows below what scrolls, always in view; None for nothing."""
        self.column = spaced(QVBoxLayout(self), 0)

    def refresh(self) -> None:
        """Read anew what it shows; called when it comes to the front and when records changed."""

    def show_record(self, type_name: str, identity: int) -> None:
        """Show a record of a type that this section has.

        Args:
            type_name: Its type.
            identity: Its id.
        """


class Unrolling(QWidget):
    """A column that scrolls by itself; where text is large the whole page scrolls, not a part of it.

    Args:
        spacing: Between its parts, in pixels at 100 per cent.

    Attributes:
        body: The column to add to.
    """

    def __init__(self, spacing: float = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.area = ScrollPage(spacing, (0, 0, 0, 0))
        self.body = self.area.body
        self._column = spaced(QVBoxLayout(self), 0)
        self._column.addWidget(self.area)
        sheet = self.area.widget()
        assert sheet is not None  # noqa: S101  # it was made with one
        self._sheet: QWidget = sheet
        self._unrolled = False
        # never while Qt hands out StyleChange: it walks over widgets that are moved here
        theme.current().changed.connect(self._turn)
        self._turn()

    def _turn(self) -> None:
        unroll = not theme.roomy()
        if unroll == self._unrolled:
            return
        self._unrolled = unroll
        if unroll:
            self.area.takeWidget()
            self.area.hide()
            self._column.addWidget(self._sheet)
        else:
            self._column.removeWidget(self._sheet)
            self.area.setWidget(self._sheet)
            self._sheet.setAutoFillBackground(False)
            self.area.show()
        self._sheet.show()

    def empty(self) -> None:
        """Take everything off it."""
        while (item := self.body.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()

    def put(self, part: QWidget) -> None:
        """Put a part at its end; it can take the focus at once."""
        self.body.addWidget(part)
        part.show()


class CardsSection(Section):
    """A section of cards under each other, which scrolls.

    Args:
        desk: The desk.
    """

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.sheet = Unrolling()
        self.column.addWidget(self.sheet)

    def card(self, title: str, words: str = "") -> Card:
        """Add a card with a sentence that says what it is for; return it."""
        card = Card(title)
        if words:
            card.add(Wrap(words, "muted", widest=760))
        self.sheet.body.addWidget(card)
        return card
