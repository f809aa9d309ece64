"""A document on a printer: which pages, how often, on both sides, as the print dialog asks.

The dialog stands in the window; the printing itself is done by the process that makes documents,
for Qt packs each page in one go, while which nothing else of Python runs.
"""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QMarginsF, QRectF
from PySide6.QtGui import QGuiApplication, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QDialog, QWidget

from liaison.errors import UserError
from liaison.files import discard, move_into_place
from liaison.ui.pages.reports.paper import POINTS_PER_INCH, Paper

_FINEST: Final = 300
"""Dots per inch; text is clean at that, and a page is 9 million dots."""


@dataclasses.dataclass(frozen=True, slots=True)
class Wish:
    """What somebody chose in the print dialog, as plain values for another process.

    Args:
        title: The document's title, for the printer's queue.
        printer: The printer's name; empty for a file.
        file: The PDF file to print to; empty for a printer.
        pages: The pages, from 0, in the order in which they are printed.
        copies: How often, where the printer itself makes the copies; else 1.
        collate: Whether each copy comes whole after the other.
        duplex: On both sides or not: the value of ``QPrinter.DuplexMode``.
        grey: Whether in shades of grey.
        source: The tray: the value of ``QPrinter.PaperSource``.
        size: The paper: the value of ``QPageSize.PageSizeId``.
        resolution: Dots per inch.
    """

    title: str
    printer: str
    file: str
    pages: tuple[int, ...]
    copies: int
    collate: bool
    duplex: int
    grey: bool
    source: int
    size: int
    resolution: int


def ask_printer(
    window: QWidget, title: str, pages: int, page: int, done: Callable[[Wish], object]
) -> QPrintDialog:
    """Ask for a printer, the pages and the copies.

    Args:
        window: Where the question stands.
        title: What is printed.
        pages: How many pages it has.
        page: The page that is being read, from 0.
        done: Gets what was chosen.

    Returns:
        The dialog, which is open.

    Raises:
        UserError: There is no printer.
    """
    if not QPrinterInfo.availablePrinterNames():
        raise UserError(
            "No printer is set up on this PC.",
            kept="Nothing was printed.",
            do="Set one up in the settings of this PC, or save the report as a PDF and print that "
            "on another PC.",
            code="no-printer",
        )
    printer = prepared(title)
    dialog = QPrintDialog(printer, window)
    dialog.setWindowTitle(f"Print: {title}")
    dialog.setMinMax(1, pages)
    dialog.setFromTo(1, pages)
    options = QPrintDialog.PrintDialogOption
    dialog.setOptions(
        options.PrintToFile
        | options.PrintPageRange
        | options.PrintCurrentPage
        | options.PrintCollateCopies
    )

    def accepted() -> None:
        if printer.printRange() == QPrinter.PrintRange.CurrentPage:
            printer.setFromTo(page + 1, page + 1)
        done(wish_of(printer, title, pages))

    dialog.accepted.connect(accepted)
    dialog.finished.connect(dialog.deleteLater)
    # Qt hides the plain one behind one of another signature
    QDialog.open(dialog)
    return dialog


def prepared(title: str) -> QPrinter:
    """Return a printer set for a report: A4, on both sides where it can, turned on the long side."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setFullPage(True)
    printer.setPageMargins(QMarginsF(0, 0, 0, 0))
    printer.setDuplex(QPrinter.DuplexMode.DuplexAuto)
    # reports lose nothing in grey; the dialog offers colour
    printer.setColorMode(QPrinter.ColorMode.GrayScale)
    return printer


def chosen_pages(printer: QPrinter, pages: int) -> tuple[int, ...]:
    """Return the pages to print, from 0, in the order and as often as somebody chose."""
    first, last = printer.fromPage() or 1, printer.toPage() or pages
    wanted = list(range(max(first, 1) - 1, min(last, pages)))
    if printer.pageOrder() == QPrinter.PageOrder.LastPageFirst:
        wanted.reverse()
    copies = 1 if printer.supportsMultipleCopies() else max(printer.copyCount(), 1)
    return tuple(wanted * copies)


def wish_of(printer: QPrinter, title: str, pages: int) -> Wish:
    """Return what somebody chose in the print dialog.

    Args:
        printer: The printer as it was set.
        title: What is printed.
        pages: How many pages it has.
    """
    copies = max(printer.copyCount(), 1) if printer.supportsMultipleCopies() else 1
    to_file = printer.outputFormat() == QPrinter.OutputFormat.PdfFormat
    return Wish(
        title=title,
        printer="" if to_file else printer.printerName(),
        file=printer.outputFileName(),
        pages=chosen_pages(printer, pages),
        copies=copies,
        collate=printer.collateCopies(),
        duplex=printer.duplex().value,
        grey=printer.colorMode() == QPrinter.ColorMode.GrayScale,
        source=printer.paperSource().value,
        size=printer.pageLayout().pageSize().id().value,
        resolution=printer.resolution(),
    )


#: Qt prints only where there is an application; one without a screen will do.
_applications: Final[list[QGuiApplication]] = []


def print_document(content: bytes, wish: Wish) -> int:
    """Print a document; in the process that makes documents.

    Args:
        content: The PDF file's bytes.
        wish: What somebody chose.

    Returns:
        How many pages were sent to the printer.

    Raises:
        UserError: The printer did not take a page.
    """
    if QGuiApplication.instance() is None:
        _applications.append(QGuiApplication(["Liaison", "-platform", "offscreen"]))
    if not wish.pages:
        return 0
    if not wish.file:
        return _print(content, wish)
    # to a file: beside its place, so that a page that fails leaves what was there before
    file = Path(wish.file)
    beside = file.with_name(f".{file.name}.{secrets.token_hex(4)}.tmp")
    try:
        printed = _print(content, dataclasses.replace(wish, file=str(beside)), named=file.name)
        move_into_place(beside, file)
    finally:
        discard(beside)
    return printed


def _print(content: bytes, wish: Wish, named: str = "") -> int:
    paper = Paper.open(content)
    printer = _printer(wish)
    painter = QPainter()
    try:
        _turn(printer, paper, wish.pages[0])
        if not painter.begin(printer):
            raise _refused(wish, named, "the document")
        for number, page in enumerate(wish.pages):
            if number:
                _turn(printer, paper, page)
                if not printer.newPage():
                    raise _refused(wish, named, f"page {page + 1}")
            _paint(painter, printer, paper, page)
    finally:
        painter.end()
        paper.close()
    return len(wish.pages)


def _printer(wish: Wish) -> QPrinter:
    printer = prepared(wish.title)
    if wish.printer:
        printer.setPrinterName(wish.printer)
    if wish.file:
        printer.setOutputFileName(wish.file)
        # Qt goes by the file's ending otherwise
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId(wish.size)))
    printer.setResolution(wish.resolution)
    printer.setCopyCount(wish.copies)
    printer.setCollateCopies(wish.collate)
    printer.setDuplex(QPrinter.DuplexMode(wish.duplex))
    printer.setPaperSource(QPrinter.PaperSource(wish.source))
    modes = QPrinter.ColorMode
    printer.setColorMode(modes.GrayScale if wish.grey else modes.Color)
    return printer


def _turn(printer: QPrinter, paper: Paper, page: int) -> None:
    width, height = paper.sizes[page]
    way = QPageLayout.Orientation
    printer.setPageOrientation(way.Landscape if width > height else way.Portrait)


def _paint(painter: QPainter, printer: QPrinter, paper: Paper, page: int) -> None:
    whole = QRectF(printer.pageLayout().fullRectPixels(printer.resolution()))
    width, height = paper.sizes[page]
    dots = round(width / POINTS_PER_INCH * min(printer.resolution(), _FINEST))
    grey = printer.colorMode() == QPrinter.ColorMode.GrayScale
    picture = paper.picture(page, dots, grey=grey)
    scale = min(whole.width() / width, whole.height() / height)
    left = (whole.width() - width * scale) / 2
    top = (whole.height() - height * scale) / 2
    painter.drawImage(QRectF(left, top, width * scale, height * scale), picture)


def _refused(wish: Wish, named: str, what: str) -> UserError:
    taker = f"The printer “{wish.printer}”" if wish.printer else f"The file {named}"
    return UserError(
        f"{taker} did not take {what}.",
        kept="The report is still here.",
        do="Check that it is switched on and has paper, then print again."
        if wish.printer
        else "Choose another place for it.",
        code="printer",
    )
