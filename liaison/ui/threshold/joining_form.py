"""Joining a home, first step: the invitation, where the PCs meet, and what this PC is called."""

from __future__ import annotations

import dataclasses
import platform
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from liaison.errors import UserError
from liaison.services.object_storage import Typed
from liaison.services.pcs.coming import INVITATION, NAME, InPart, Way
from liaison.services.pcs.naming import LONGEST_NAME
from liaison.ui.parts.path_field import PathField
from liaison.ui.parts.store_form import StoreForm
from liaison.ui.widgets import Field, LineEdit, Segmented, Text, Wrap, spaced

FILE: Final = "file"
WORDS: Final = "words"
FOLDER: Final = "folder"
STORE: Final = "store"


@dataclasses.dataclass(frozen=True, slots=True)
class Filled:
    """What stands in the form.

    Args:
        way: What of it may be kept.
        words: The invitation's words.
        store: The way to an object store, as typed.
    """

    way: Way
    words: str = dataclasses.field(repr=False)
    store: Typed


class JoinForm(QWidget):
    """Such a form."""

    changed = Signal()
    """Somebody typed or chose."""
    file_given = Signal(object)
    """The invitation's file is this one (a ``Path``)."""
    finished = Signal()
    """Enter was pressed in a field."""

    def __init__(self) -> None:
        super().__init__()
        self._file_says = False
        self.kind = Segmented([(FILE, "A file"), (WORDS, "Eight words")])
        self.kind.setAccessibleName("Your invitation")
        self.file = PathField(
            "The invitation's file",
            "The invitation",
            "A manager makes it on a PC that has the home: Settings, Other PCs.",
            kinds=["Invitation (*.json)", "All files (*)"],
            required=True,
        )
        self.words = LineEdit()
        self.words_field = Field(
            "The eight words",
            self.words,
            "With a space between them. They are not kept on this PC.",
            required=True,
        )
        self.place = Segmented([(FOLDER, "A shared folder"), (STORE, "An online store")])
        self.place.setAccessibleName("Where the PCs meet")
        self.folder = PathField(
            "The shared folder",
            "The folder in which the PCs meet",
            "The same one as on the other PCs, as this PC sees it.",
            required=True,
        )
        self.store = StoreForm(locking=False)
        self.said = Wrap("The invitation says where the PCs meet: nothing to type.", "secondary")
        self.name = LineEdit(" ".join(platform.node().split())[:LONGEST_NAME])
        self.name_field = Field(
            "What to call this PC", self.name, "Such as: Night office PC", required=True
        )
        self._place_label = Text("Where the PCs meet", "label")
        rows = spaced(QVBoxLayout(self), 12)
        for part in (
            Text("Your invitation", "label"), self.kind, self.file, self.words_field,
            self._place_label, self.place, self.said, self.folder, self.store, self.name_field,
        ):  # fmt: skip
            rows.addWidget(part)
        rows.addStretch(1)
        self.kind.set_value(FILE)
        self.place.set_value(FOLDER)
        self._fit()
        self._connect()

    def _connect(self) -> None:
        self.kind.changed.connect(lambda _: self._turn())
        self.place.changed.connect(lambda _: self._turn())
        self.file.edit.textChanged.connect(self._file_typed)
        for edit in (self.words, self.folder.edit, self.name):
            edit.textChanged.connect(lambda _: self._typed())
        self.store.changed.connect(self.changed)
        for edit in (self.file.edit, self.words, self.folder.edit, self.name):
            edit.returnPressed.connect(self.finished)
        self.store.finished.connect(self.finished)

    # ---- what stands in it

    @property
    def filled(self) -> Filled:
        """What stands in it."""
        way = Way(
            by_words=self.kind.value == WORDS,
            file=self.file.path,
            in_store=self.kind.value == WORDS and self.place.value == STORE,
            folder=self.folder.path,
            address=self.store.address.text(),
            region=self.store.region.text(),
            name=self.name.text(),
        )
        return Filled(way, self.words.text(), self.store.typed)

    def restore(self, way: Way) -> None:
        """Show what was filled in before."""
        self.kind.set_value(WORDS if way.by_words else FILE)
        self.place.set_value(STORE if way.in_store else FOLDER)
        self.file.edit.setText(way.file)
        self.folder.edit.setText(way.folder)
        self.store.address.setText(way.address)
        self.store.region.setText(way.region)
        if way.name:
            self.name.setText(way.name)
        self._fit()

    def know_file(self, *, says_place: bool) -> None:
        """Show whether the invitation's file says where the PCs meet."""
        self._file_says = says_place
        self._fit()

    def begin(self) -> None:
        """Put the cursor where something is to be filled in."""
        first = self.words if self.kind.value == WORDS else self.file.edit
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def forget(self) -> None:
        """Forget the words and the key."""
        self.words.clear()
        self.store.forget()

    # ---- what is wrong with it

    def refuse(self, error: UserError) -> bool:
        """Say what is wrong beside its field; return whether it belongs to one."""
        if not isinstance(error, InPart):
            return False
        words = f"{error.what} {error.do or ''}".strip()
        if error.part == INVITATION and self.kind.value == WORDS:
            self.words_field.set_error(words)
            self.words.setFocus()
        elif error.part == INVITATION:
            self.file.set_error(words)
            self.file.edit.setFocus()
        elif error.part == NAME:
            self.name_field.set_error(words)
            self.name.setFocus()
        elif self.folder.isHidden():
            return self.store.refuse(error.error)
        else:
            self.folder.set_error(words)
            self.folder.edit.setFocus()
        return True

    def clear_errors(self) -> None:
        """Say that nothing is wrong."""
        for field in (self.file, self.words_field, self.folder, self.name_field):
            field.set_error(None)

    # ---- what of it is to be seen

    def _turn(self) -> None:
        self._fit()
        self._typed()

    def _file_typed(self) -> None:
        self._file_says = False
        self._fit()
        self._typed()
        if self.file.path:
            self.file_given.emit(Path(self.file.path))

    def _typed(self) -> None:
        self.clear_errors()
        self.changed.emit()

    def _fit(self) -> None:
        by_words = self.kind.value == WORDS
        says = self._file_says and not by_words
        in_store = self.place.value == STORE
        self.file.setVisible(not by_words)
        self.words_field.setVisible(by_words)
        self.said.setVisible(says)
        # an invitation's file names the store itself, so only words need it typed
        self.place.setVisible(by_words)
        self._place_label.setVisible(by_words)
        self.folder.setVisible(not says and not (by_words and in_store))
        self.store.setVisible(by_words and in_store)
