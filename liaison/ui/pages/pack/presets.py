"""Packs that are kept on this PC: one is taken, the present one is kept, one is let go."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liaison.services.reporting.pack_presets import LONGEST_NAME, Preset
from liaison.ui.widgets import Button, ComboBox, Field, IconButton, LineEdit, spaced

_HINT = "This list is not encrypted: name no resident in it."


class Presets(QWidget):
    """The kept packs."""

    wanted = Signal(object)
    """This one is to be shown (a :class:`Preset`)."""
    kept = Signal(str)
    """What is chosen now is to be kept under this name."""
    dropped = Signal(str)
    """The one of this name is to be kept no longer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._known: Mapping[str, Preset] = {}
        self.list = ComboBox()
        self.list_field = Field("Use one", self.list)
        self.drop = IconButton("trash-2", "Do not keep it any longer")
        self.name = LineEdit()
        self.name.setMaxLength(LONGEST_NAME)
        self.name_field = Field("Keep this one as", self.name, _HINT)
        self.keep = Button("Keep", "save", small=True)
        self._one = QWidget()
        row = spaced(QHBoxLayout(self._one), 4)
        row.addWidget(self.list_field, 1)
        row.addWidget(self.drop)
        column = spaced(QVBoxLayout(self), 12)
        column.addWidget(self._one)
        column.addWidget(self.name_field)
        column.addWidget(self.keep)
        self.list.changed.connect(self._take)
        self.keep.clicked.connect(lambda *_: self._keep())
        self.name.returnPressed.connect(self._keep)
        self.name.textChanged.connect(lambda _: self.name_field.set_error(None))
        self.drop.clicked.connect(lambda *_: self.dropped.emit(str(self.list.value)))

    def show_kept(self, known: Mapping[str, Preset]) -> None:
        """Show which packs are kept."""
        self._known = known
        self.list.set_choices([(name, name) for name in known])
        self._one.setVisible(bool(known))
        self.drop.setEnabled(self.list.value is not None)

    def choose(self, name: str) -> None:
        """Show one as taken; it is what is on the page already."""
        self.list.set_value(name)
        self.drop.setEnabled(self.list.value is not None)
        self.name.clear()

    def refuse(self, words: str) -> None:
        """Say why a name cannot be taken."""
        self.name_field.set_error(words)

    def _take(self, name: object) -> None:
        self.drop.setEnabled(True)
        if (preset := self._known.get(str(name))) is not None:
            self.wanted.emit(preset)

    def _keep(self) -> None:
        self.kept.emit(self.name.text())
