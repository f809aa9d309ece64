"""What is filled in about a place where the PCs are to meet: a shared folder, an online store."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liaison.ui.parts.path_field import PathField
from liaison.ui.parts.store_form import StoreForm
from liaison.ui.widgets import Button, Icon, Narrow, Text, Wrap, at_end, spaced

WIDE: Final = 760


class PlaceLine(QWidget):
    """A place where the PCs meet.

    Args:
        icon: Its icon.
        kind: What kind of place it is.
    """

    def __init__(self, icon: str, kind: str) -> None:
        super().__init__()
        row = spaced(QHBoxLayout(self), 12)
        row.addWidget(Icon(icon, "text", 22))
        words = spaced(QVBoxLayout(), 1)
        words.addWidget(Text(kind, "label"))
        self.where = Wrap("", "secondary")
        words.addWidget(self.where)
        row.addLayout(words, 1)
        self.leave = Button("Leave it", small=True)
        self.leave.setAccessibleName(f"Leave the {kind.lower()}")
        row.addWidget(self.leave)

    def show_place(self, where: str, *, leaving: bool) -> None:
        """Show where it is; hidden if nowhere."""
        self.where.setText(where)
        self.setVisible(bool(where))
        self.leave.setVisible(leaving)


class FolderForm(Narrow):
    """Asks for a shared folder."""

    wanted = Signal()
    """Meet in the folder that was typed."""
    left = Signal()
    """Not now."""

    def __init__(self) -> None:
        form = QWidget()
        super().__init__(form, WIDE)
        self.folder = PathField(
            "The shared folder",
            "The folder in which the PCs meet",
            "On a network share, on a stick that is carried to and fro, or one that OneDrive or "
            "Dropbox follows. Everything in it is encrypted.",
            required=True,
        )
        self.use = Button("Meet in this folder", "check", Button.PRIMARY)
        self.not_now = Button("Not now")
        self.folder.edit.returnPressed.connect(self.wanted)
        self.use.clicked.connect(self.wanted)
        self.not_now.clicked.connect(self.left)
        rows = spaced(QVBoxLayout(form), 12)
        rows.addWidget(self.folder)
        rows.addLayout(at_end(self.not_now, self.use))


class StorePart(Narrow):
    """Asks for an online store."""

    wanted = Signal()
    """Test the store that was typed, and meet there."""
    left = Signal()
    """Not now."""

    def __init__(self) -> None:
        form = QWidget()
        super().__init__(form, WIDE)
        self.store = StoreForm(locking=True)
        self.test = Button("Test it, and meet there", "check", Button.PRIMARY)
        self.not_now = Button("Not now")
        self.store.finished.connect(self.wanted)
        self.test.clicked.connect(self.wanted)
        self.not_now.clicked.connect(self.left)
        rows = spaced(QVBoxLayout(form), 12)
        rows.addWidget(
            Wrap(
                "Any S3-compatible store. It is tested first: a small file is written, read back, "
                "found in the list and taken away again.",
                "muted",
                widest=WIDE,
            )
        )
        rows.addWidget(self.store)
        rows.addLayout(at_end(self.not_now, self.test))
