"""A field for a file or a folder: typed, pasted, or chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from liaison.ui.parts.asking_files import ask_for_file, ask_for_folder
from liaison.ui.widgets import Button, Field, LineEdit, set_wrong, spaced


class PathField(Field):
    """Such a field.

    Args:
        label: Its label.
        question: The title of the dialog in which it is chosen.
        hint: A short help below it.
        kinds: The kinds of file, as Qt writes them; none for a folder.
        required: Whether "required" stands beside the label.

    Attributes:
        edit: Where it is typed.
        button: Opens the dialog.
    """

    def __init__(
        self,
        label: str,
        question: str,
        hint: str = "",
        *,
        kinds: Sequence[str] = (),
        required: bool = False,
    ) -> None:
        self.edit = LineEdit()
        self.button = Button("Choose", "folder-open", beside_field=True)
        holder = QWidget()
        row = spaced(QHBoxLayout(holder), 8)
        row.addWidget(self.edit, 1)
        row.addWidget(self.button)
        holder.setFocusProxy(self.edit)
        super().__init__(label, holder, hint, required=required)
        self.edit.setAccessibleName(f"{label}, required" if required else label)
        self.button.setAccessibleName(question)
        self.dialog: QFileDialog | None = None
        self._question, self._kinds = question, tuple(kinds)
        self.button.clicked.connect(self._ask)
        self.edit.textChanged.connect(lambda _: self.set_error(None))

    @property
    def path(self) -> str:
        """What was typed or chosen."""
        return self.edit.text().strip()

    def choose(self, path: Path) -> None:
        """Take what was chosen."""
        self.edit.setText(str(path))

    def set_error(self, words: str | None) -> None:
        """Say what is wrong and what to do, or that nothing is."""
        super().set_error(words)
        set_wrong(self.edit, wrong=bool(words))
        self.edit.setAccessibleDescription(words or "")

    def _ask(self) -> None:
        done: Callable[[Path], object] = self.choose
        if self._kinds:
            self.dialog = ask_for_file(self, self._question, self._kinds, done)
        else:
            self.dialog = ask_for_folder(self, self._question, done)
