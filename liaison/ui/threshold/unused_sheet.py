"""A new recovery sheet that was put on paper and never came into force: its paper opens nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from liaison.ui.widgets import ConfirmDialog

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

WORDS: Final = (
    "The new recovery sheet that was printed or saved on this PC is not in force: it opens "
    "nothing. The old sheet still is the one that works: keep it in the safe.\n\n"
    "Destroy the new paper, and delete its file if it was saved, so that nobody relies on it."
)
"""What is to be known of it."""


def tell(parent: QWidget, destroyed: Callable[[], object]) -> ConfirmDialog:
    """Tell whoever has just signed in that a new sheet was left half-way.

    Args:
        parent: The window.
        destroyed: Called once they say that the paper is destroyed; else they are told again.

    Returns:
        The dialog, open.
    """
    dialog = ConfirmDialog(
        parent,
        "The new recovery sheet is not in force",
        WORDS,
        do="The new paper is destroyed",
        keep="Remind me next time",
    )
    dialog.accepted.connect(destroyed)
    dialog.open()
    return dialog
