"""The recovery sheet on paper, or as a file for a stick."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF
from PySide6.QtGui import QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtWidgets import QWidget

from liaison.errors import UserError
from liaison.files import replace_file
from liaison.ui.threshold.recovery_sheet import HEIGHT, WIDTH, Sheet, paint_sheet

_SHARE: Final = 0.75
"""How much of the paper's width the sheet takes."""


def print_sheet(sheet: Sheet, window: QWidget) -> str:
    """Ask for a printer and print the sheet; see :func:`print_page`."""
    return print_page(
        "Liaison recovery sheet", lambda painter, paper: paint_page(painter, paper, sheet), window
    )


def print_page(name: str, paint: Callable[[QPainter, QRectF], None], window: QWidget) -> str:
    """Ask for a printer and print one page.

    Args:
        name: What it is.
        paint: Paints it on the paper it is given.
        window: Where the question stands.

    Returns:
        The printer's name; empty if it was called off.

    Raises:
        UserError: There is no printer, or it did not take the page.
    """
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo

    if not QPrinterInfo.availablePrinterNames():
        raise UserError(
            "No printer is set up on this PC.",
            kept="It stays on the screen.",
            do="Copy it by hand, or save it to a USB stick where that is offered.",
            code="no-printer",
        )
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(name)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    dialog = QPrintDialog(printer, window)
    dialog.setWindowTitle(f"Print: {name}")
    if dialog.exec() != QPrintDialog.DialogCode.Accepted:
        return ""
    painter = QPainter()
    if not painter.begin(printer):
        raise UserError(
            f"The printer \u201c{printer.printerName()}\u201d did not take the page.",
            kept="It stays on the screen.",
            do="Check that it is switched on and has paper, then print again.",
            code="printer",
        )
    paint(painter, QRectF(printer.pageLayout().paintRectPixels(printer.resolution())))
    painter.end()
    return printer.printerName() or "a file"


def save_sheet(sheet: Sheet, path: Path, home: Path) -> None:
    """Write the sheet as a PDF file.

    Args:
        sheet: The sheet.
        path: The file.
        home: The home's folder, in which the key to it must not lie.

    Raises:
        UserError: The file would lie with the home, or the disk refused.
    """
    if path.resolve().is_relative_to(home.resolve()):
        raise UserError(
            "The recovery sheet would lie in the home's own folder.",
            kept="Nothing was written.",
            do="Save it to a USB stick: whoever copies the home must not get the key with it.",
            code="bad-place",
        )
    replace_file(path, as_pdf(sheet), mode=0o600)


def as_pdf(sheet: Sheet) -> bytes:
    """Return the sheet as a PDF document."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle("Liaison recovery sheet")
    writer.setResolution(600)
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4),
            QPageLayout.Orientation.Portrait,
            QMarginsF(15, 15, 15, 15),
            QPageLayout.Unit.Millimeter,
        )
    )
    painter = QPainter(writer)
    page = QRectF(writer.pageLayout().paintRectPixels(writer.resolution()))
    page.moveTopLeft(QRectF().topLeft())
    paint_page(painter, page, sheet, as_text=True)
    painter.end()
    buffer.close()
    return bytes(data.data())


def paint_page(painter: QPainter, paper: QRectF, sheet: Sheet, *, as_text: bool = False) -> None:
    """Paint the sheet at the top of a page, at three quarters of its width."""
    width = paper.width() * _SHARE
    left = paper.left() + (paper.width() - width) / 2
    page = QRectF(left, paper.top(), width, width * HEIGHT / WIDTH)
    paint_sheet(painter, page, sheet, as_text=as_text)


def stick_folder() -> Path:
    """Return where a file dialog begins: where this system shows sticks, else the own folder."""
    user = os.environ.get("USER", "")
    for folder in (Path("/run/media") / user, Path("/media") / user):
        if user and folder.is_dir():
            return folder
    return Path.home()
