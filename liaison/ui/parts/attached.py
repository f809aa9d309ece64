"""Files kept with a record: listed, opened, copied out, struck through; others added or dropped."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from liaison.records import Record
from liaison.records.rules import times
from liaison.services import attachments, permissions
from liaison.ui.parts import reason
from liaison.ui.parts.asking_files import ask_where_to_save, plain_size
from liaison.ui.parts.attached_view import Viewer
from liaison.ui.parts.undoing import offer_undo
from liaison.ui.widgets import (
    Banner,
    Button,
    Card,
    FlowRow,
    Icon,
    IconButton,
    StateChip,
    Text,
    Wrap,
    announce,
    drop_down,
    spaced,
)

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData

    from liaison.errors import UserError
    from liaison.services.attachments import Attached, Content, Incoming
    from liaison.services.homes import OpenHome
    from liaison.ui.desk import Desk

_ICONS: Final = {
    attachments.Kind.PDF: "file-text",
    attachments.Kind.PICTURE: "eye",
    attachments.Kind.TEXT: "file-text",
    attachments.Kind.OTHER: "file",
}


class FileDrop(QObject):
    """Takes files that are dropped on a widget.

    Args:
        over: The widget.
    """

    dropped = Signal(object)
    """Files (a tuple of paths)."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        over.setAcceptDrops(True)
        over.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take files; Qt asks for every event of the widget."""
        if isinstance(event, QDragEnterEvent | QDragMoveEvent):
            if files_of(event.mimeData()):
                event.acceptProposedAction()
                return True
        elif isinstance(event, QDropEvent):
            files = files_of(event.mimeData())
            if files:
                event.acceptProposedAction()
                self.dropped.emit(files)
                return True
        return False


def files_of(data: QMimeData) -> tuple[Path, ...]:
    """Return the files that are dragged; none if something else is."""
    urls = data.urls()
    if not all(url.isLocalFile() for url in urls):
        return ()
    return tuple(Path(url.toLocalFile()) for url in urls)


def ask_for_files(parent: QWidget, done: Callable[[tuple[Path, ...]], object]) -> QFileDialog:
    """Ask which files are to be attached; the question never stops the window."""
    dialog = QFileDialog(parent, "Attach letters, results or photographs")
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.filesSelected.connect(lambda names: done(tuple(Path(name) for name in names)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog


class AttachedFiles(Card):
    """The files of one record.

    Args:
        desk: The desk.
        only_with_files: Whether it is out of sight while there is nothing in it.
    """

    shown = Signal()
    """What is kept with the record is on the screen."""

    def __init__(
        self, desk: Desk, *, only_with_files: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(kind=Card.SUNK, margins=(14, 10, 10, 12), parent=parent)
        self._desk = desk
        self._owner: tuple[str, int] | None = None
        self.found: tuple[Attached, ...] = ()
        self.viewer: Viewer | None = None
        self.dialog: QFileDialog | None = None
        self._only_with_files = only_with_files
        self.may_add = permissions.may_add(desk.person.role, "attachment")
        self.setAccessibleName("Letters and files")
        head = spaced(QHBoxLayout(), 8)
        head.addWidget(Icon("paperclip", "accent"))
        head.addWidget(Text("Letters and files", "label"))
        head.addStretch(1)
        self.add_button = Button("Attach", "plus", Button.QUIET, small=True)
        self.add_button.setAccessibleName("Attach letters, results or photographs")
        self.add_button.setToolTip(f"Or drop files here, {attachments.limit_words()}")
        self.add_button.clicked.connect(self.ask)
        head.addWidget(self.add_button)
        self.add(head)
        self.banner = Banner("late", "")
        self.banner.hide()
        self.add(self.banner)
        self._lines = QWidget()
        self._rows = spaced(QVBoxLayout(self._lines), 6)
        self.add(self._lines)
        self._hint = Wrap("", "secondary")
        self.add(self._hint)
        self._drop = FileDrop(self)
        self._drop.dropped.connect(self.take)
        self.setAcceptDrops(self.may_add)
        self.add_button.setVisible(self.may_add)
        desk.jobs.changed.connect(self._written)
        if only_with_files:
            self.hide()

    def show_owner(self, type_name: str, identity: int) -> None:
        """Show the files of a record.

        Args:
            type_name: Its type.
            identity: Its id.
        """
        self._owner = type_name, identity
        self._desk.jobs.read(
            lambda store: attachments.attached_to(store, type_name, identity),
            self._show,
            self._desk.trouble,
            latest=(id(self), "files"),
            owner=self,
        )

    def _written(self, touched: frozenset[str]) -> None:
        if self._owner is not None and "attachment" in touched:
            self.show_owner(*self._owner)

    def _show(self, found: tuple[Attached, ...]) -> None:
        self.found = found
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for one in found:
            self._rows.addWidget(self._row(one))
        self._lines.setVisible(bool(found))
        words = f"Drop a letter, a result or a photograph here, {attachments.limit_words()}."
        self._hint.setText(words if self.may_add else "Nothing is attached.")
        self._hint.setVisible(not found)
        if self._only_with_files:
            self.setVisible(bool(found) or not self.banner.isHidden())
        self.shown.emit()

    def _row(self, one: Attached) -> QWidget:
        part = QWidget()
        row = spaced(QHBoxLayout(part), 8)
        kind = attachments.kind_of(one.record.media_type or "")
        row.addWidget(Icon(_ICONS[kind], "muted"))
        words = spaced(QVBoxLayout(), 0)
        when = "" if one.at is None else times.show_time(one.at)
        told = (plain_size(one.record.size or 0), one.by, when)
        said = ", ".join(part for part in told if part)
        words.addWidget(Wrap(one.name, "label"))
        words.addWidget(Wrap(said, "secondary"))
        if one.record.struck_reason:
            words.addWidget(FlowRow([StateChip("none", "Struck through", "x")]))
            words.addWidget(Wrap(f"Because: {one.record.struck_reason}", "secondary"))
        row.addLayout(words, 1)
        opening = Button("Open", "eye", Button.QUIET, small=True)
        opening.setAccessibleName(f"Open {one.name}")
        opening.clicked.connect(functools.partial(self.open_file, one))
        row.addWidget(opening)
        more = IconButton("ellipsis", f"More about {one.name}", small=True)
        more.clicked.connect(functools.partial(self._open_menu, more, one))
        row.addWidget(more)
        part.setAccessibleName(f"{one.name}, {said}")
        return part

    # ---- what can be done with one

    def menu(self, one: Attached) -> QMenu:
        """Return what can be done with a file."""
        menu = QMenu(self)
        menu.addAction("Save a copy ...", functools.partial(self.ask_copy, one))
        own = permissions.may_change(self._desk.person.role, "attachment", own=True)
        if own and not one.record.struck_reason:
            record: Record = one.record
            title = f"the file “{one.name}”"
            menu.addAction(
                "Strike through ...", lambda: reason.strike(self, self._desk, record, title)
            )
        return menu

    def _open_menu(self, anchor: QWidget, one: Attached, *_: object) -> None:
        drop_down(self.menu(one), anchor)

    def open_file(self, one: Attached, *_: object) -> None:
        """Show a file; it stays in memory and is laid down nowhere."""
        self.viewer = Viewer(self.window(), self._desk, one)
        self.viewer.copy_asked.connect(functools.partial(self.ask_copy, one))
        self.viewer.open()

    def ask_copy(self, one: Attached, *_: object) -> None:
        """Ask where a copy is to be written."""
        self.dialog = ask_where_to_save(
            self,
            "Save a copy",
            one.name,
            "All files (*)",
            functools.partial(self.save_copy, one),
            sure=False,
        )

    def save_copy(self, one: Attached, file: Path) -> None:
        """Write a copy of a file; the audit says who did and when."""
        home = self._desk.jobs.home
        if home is None:
            return
        folder, desk = home.folder, self._desk

        def write(found: Content) -> None:
            desk.jobs.run(
                lambda _: attachments.write_copy(folder, found, file),
                lambda _: written(),
                desk.trouble,
                owner=desk,
            )

        def written() -> None:
            desk.note("exported", ("attachment", one.id), one.name)
            desk.say(f"Copy saved as {file.name}. It is not encrypted there.")

        desk.jobs.read(
            lambda store: attachments.content(store, one.id), write, desk.trouble, owner=desk
        )

    # ---- adding

    def ask(self, *_: object) -> None:
        """Ask which files are to be attached."""
        self.dialog = ask_for_files(self, self.take)

    def take(self, files: Sequence[Path]) -> None:
        """Attach files: read beside everything else, then kept all together or not at all."""
        if self._owner is None or not files:
            return
        type_name, identity = self._owner
        self.banner.hide()
        self.add_button.setEnabled(False)
        self._desk.jobs.run(
            lambda _: [attachments.read_file(file) for file in files],
            functools.partial(self._keep, type_name, identity),
            self._fail,
            owner=self,
        )

    def _keep(self, type_name: str, identity: int, incoming: list[Incoming]) -> None:
        def keep(home: OpenHome) -> tuple[int, ...]:
            made = attachments.attach(home, type_name, identity, incoming)
            return attachments.changes_of(home.store, made)

        def kept(changes: tuple[int, ...]) -> None:
            self.add_button.setEnabled(True)
            words = incoming[0].name if len(incoming) == 1 else f"{len(incoming)} files"
            offer_undo(self._desk, f"{words} attached.", changes)
            announce(self, f"{words} attached")

        self._desk.jobs.write(keep, kept, self._fail, owner=self)

    def _fail(self, error: UserError) -> None:
        self.add_button.setEnabled(True)
        self.banner.say("late", error.message)
        self.show()
