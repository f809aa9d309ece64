"""Filling and emptying a scrolling sheet whose content is made anew when something was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from liaison.ui.widgets import ScrollPage


def empty(sheet: ScrollPage) -> None:
    """Take everything off a sheet."""
    while (item := sheet.body.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()


def put(sheet: ScrollPage, part: QWidget, stretch: int = 0) -> None:
    """Add a part at the end of a sheet; it can take the focus at once.

    Args:
        sheet: The sheet.
        part: The part.
        stretch: Its share of the room that is left.
    """
    sheet.body.addWidget(part, stretch)
    # Qt would show it only when it lays the sheet out
    part.show()
