"""Asking where a file or folder is, or shall be. The question never stops the window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from liaison.errors import UserError
from liaison.files import plain_errors

if TYPE_CHECKING:
    from collections.abc import Sequence

Answer = Callable[[Path], object]


def ask_where_to_save(
    parent: QWidget, title: str, name: str, kinds: str, done: Answer, *, sure: bool = True
) -> QFileDialog:
    """Ask for the name of a file that is to be written.

    Args:
        parent: Whose question it is.
        title: The question: "Save the report as a PDF".
        name: The name that is offered.
        kinds: The kinds of file, as Qt writes them: "PDF (*.pdf)".
        done: Gets the file.
        sure: Whether to ask again before a file is replaced.

    Returns:
        The dialog, which is open.
    """
    dialog = _dialog(parent, title, QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.setNameFilter(kinds)
    dialog.setDefaultSuffix(Path(name).suffix.lstrip("."))
    dialog.setOption(QFileDialog.Option.DontConfirmOverwrite, not sure)
    dialog.selectFile(name)
    return _open(dialog, done)


def ask_for_file(parent: QWidget, title: str, kinds: Sequence[str], done: Answer) -> QFileDialog:
    """Ask for a file that is there.

    Args:
        parent: Whose question it is.
        title: The question.
        kinds: The kinds of file.
        done: Gets the file.
    """
    dialog = _dialog(parent, title, QFileDialog.AcceptMode.AcceptOpen)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilters(list(kinds))
    return _open(dialog, done)


def ask_for_folder(parent: QWidget, title: str, done: Answer) -> QFileDialog:
    """Ask for a folder that is there; the dialog can make one.

    Args:
        parent: Whose question it is.
        title: The question.
        done: Gets the folder.
    """
    dialog = _dialog(parent, title, QFileDialog.AcceptMode.AcceptOpen)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    return _open(dialog, done)


def _dialog(parent: QWidget, title: str, mode: QFileDialog.AcceptMode) -> QFileDialog:
    dialog = QFileDialog(parent, title)
    dialog.setAcceptMode(mode)
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    dialog.setDirectory(documents)
    return dialog


def _open(dialog: QFileDialog, done: Answer) -> QFileDialog:
    dialog.fileSelected.connect(lambda file: done(Path(file)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog


@contextmanager
def opened_to_read(file: Path) -> Iterator[BinaryIO]:
    """Open a file that was chosen, for as long as the block lasts.

    Args:
        file: The file.

    Raises:
        UserError: It is not there any more, or cannot be read.
    """
    if not file.is_file():
        raise UserError(
            f"{file.name} is not there, or is no file.",
            kept="Nothing was changed.",
            do="Choose it again.",
            code="not-there",
        )
    with plain_errors(file), file.open("rb") as opened:
        yield opened


def plain_size(number: int) -> str:
    """Return a file's size as people say it: "1.4 MB"."""
    for unit, factor in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if number >= factor:
            return f"{number / factor:,.1f} {unit}"
    return f"{number} bytes"
