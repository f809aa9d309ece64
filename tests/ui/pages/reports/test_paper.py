"""A document on the screen and on a printer: 300 pages, of which only those in sight are drawn."""

from __future__ import annotations

import io
import pickle
import threading
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pypdfium2 import PdfDocument
from PySide6.QtCore import QObject, Qt
from PySide6.QtPrintSupport import QPrinter
from pytestqt.qtbot import QtBot
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

from liaison.errors import UserError
from liaison.ui.job import Cancelled, Progress
from liaison.ui.jobs import Jobs
from liaison.ui.pages.reports import printing
from liaison.ui.pages.reports.paper import Paper
from liaison.ui.pages.reports.sheets_view import SheetsView
from liaison.ui.pages.reports.thumbnails import Thumbnails

PAGES = 300


def pdf(pages: int, *, on_its_side: tuple[int, ...] = ()) -> bytes:
    """Make a document whose pages say their number."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4)
    for page in range(pages):
        canvas.setPageSize(landscape(A4) if page in on_its_side else A4)
        canvas.drawString(72, 500, f"This is page {page + 1}. Pressure sore on the heel.")
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def drawn(view: SheetsView, page: int) -> bool:
    return view.pictures.get(page) is not None


def width_of(paper: Paper, page: int, _: Progress) -> int:
    return paper.picture(page, 200).width()


@pytest.fixture
def long_paper() -> Paper:
    return Paper.open(pdf(PAGES))


def test_a_page_is_drawn_in_the_width_asked_for_with_ink_on_white() -> None:
    paper = Paper.open(pdf(1))
    picture = paper.picture(0, 600)
    assert (picture.width(), picture.height()) in {(600, 849), (600, 848)}
    colours = {
        picture.pixelColor(x, y).lightness() for x in range(60, 300) for y in range(330, 350)
    }
    assert max(colours) == 255
    assert min(colours) < 100


def test_words_are_found_in_any_case_and_where_they_stand() -> None:
    paper = Paper.open(pdf(2))
    (hit,) = paper.find("PRESSURE sore", 1)
    (place,) = hit.places
    assert hit.page == 1
    # reportlab counts from the foot, the screen from the top
    assert A4[1] - 500 - 12 < place.top() < A4[1] - 500
    assert paper.find("nothing like this", 1) == []


def test_a_document_that_was_closed_gives_no_pages_and_is_no_fault() -> None:
    paper = Paper.open(pdf(1))
    paper.close()
    with pytest.raises(Cancelled):
        paper.picture(0, 100)


def test_of_300_pages_only_those_in_sight_are_drawn(
    qtbot: QtBot, desk: Any, long_paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[int] = []
    picture = Paper.picture

    def counted(paper: Paper, page: int, width: int, **other: Any) -> Any:
        drawn.append(page)
        assert threading.current_thread() is not threading.main_thread()
        return picture(paper, page, width, **other)

    monkeypatch.setattr(Paper, "picture", counted)
    view = SheetsView(desk.jobs)
    thumbs = Thumbnails(desk.jobs)
    for widget in (view, thumbs):
        qtbot.addWidget(widget)
        widget.resize(600, 700)
        widget.show()
        widget.show_paper(long_paper)
    qtbot.waitUntil(lambda: view.pictures.get(0) is not None)
    qtbot.waitUntil(lambda: thumbs.pictures.get(0) is not None)
    view.go_to(PAGES - 1)
    qtbot.waitUntil(lambda: view.pictures.get(PAGES - 1) is not None)
    assert view.page == PAGES - 1
    assert view.accessibleName() == "Preview, page 300 of 300"
    assert len(drawn) < 40
    assert max(len(view.pictures), 1) <= 12


def test_pages_scrolled_past_are_forgotten(qtbot: QtBot, desk: Any, long_paper: Paper) -> None:
    view = SheetsView(desk.jobs)
    qtbot.addWidget(view)
    view.resize(600, 700)
    view.show()
    view.show_paper(long_paper)
    for page in range(0, 60, 2):
        view.go_to(page)
        qtbot.waitUntil(partial(drawn, view, page))
    assert len(view.pictures) <= 12
    assert view.pictures.get(0) is None


def test_the_keys_turn_pages_and_zoom_keeps_the_place(
    qtbot: QtBot, desk: Any, long_paper: Paper
) -> None:
    view = SheetsView(desk.jobs)
    qtbot.addWidget(view)
    view.resize(600, 700)
    view.show()
    view.show_paper(long_paper)
    qtbot.keyClick(view, Qt.Key.Key_PageDown)
    qtbot.keyClick(view, Qt.Key.Key_PageDown)
    assert view.page == 2
    qtbot.keyClick(view, Qt.Key.Key_End)
    assert view.page == PAGES - 1
    qtbot.keyClick(view, Qt.Key.Key_Home)
    assert view.page == 0
    view.go_to(120)
    view.zoom_by(2)
    assert view.zoom == 1.5
    assert view.page == 120
    assert view.horizontalScrollBar().maximum() > 0
    view.resize(500, 700)
    assert view.page == 120


def test_thumbnails_lead_to_their_page_and_say_their_number(
    qtbot: QtBot, desk: Any, long_paper: Paper
) -> None:
    thumbs = Thumbnails(desk.jobs)
    qtbot.addWidget(thumbs)
    thumbs.resize(140, 600)
    thumbs.show()
    thumbs.show_paper(long_paper)
    thumbs.show_page(4)
    with qtbot.waitSignal(thumbs.chosen) as chosen:
        qtbot.keyClick(thumbs, Qt.Key.Key_Down)
    assert chosen.args == [5]
    model = thumbs.model()
    said = model.index(5, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "Page 6"


# ---- on a printer


def printer_to(file: Path) -> QPrinter:
    printer = printing.prepared("A report")
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(file))
    printer.setResolution(100)
    return printer


def sizes_of(file: Path) -> list[tuple[int, int]]:
    document = PdfDocument(file)
    try:
        return [
            (round(width), round(height))
            for width, height in (document.get_page_size(n) for n in range(len(document)))
        ]
    finally:
        document.close()


def test_the_pages_chosen_are_printed_each_the_right_way_round(
    qtbot: QtBot, tmp_path: Path
) -> None:
    printer = printer_to(tmp_path / "printed.pdf")
    printer.setFromTo(2, 4)
    wish = printing.wish_of(printer, "A report", 5)
    assert printing.print_document(pdf(5, on_its_side=(2,)), wish) == 3
    upright = (round(A4[0]), round(A4[1]))
    assert sizes_of(tmp_path / "printed.pdf") == [upright, upright[::-1], upright]


def test_pages_come_in_the_order_chosen_and_never_beyond_the_last(
    qtbot: QtBot, tmp_path: Path
) -> None:
    printer = printer_to(tmp_path / "printed.pdf")
    assert printing.chosen_pages(printer, 3) == (0, 1, 2)
    printer.setFromTo(2, 9)
    printer.setPageOrder(QPrinter.PageOrder.LastPageFirst)
    assert printing.chosen_pages(printer, 3) == (2, 1)


def test_what_was_chosen_in_the_dialog_reaches_the_other_process(
    qtbot: QtBot, tmp_path: Path
) -> None:
    printer = printer_to(tmp_path / "printed.pdf")
    printer.setColorMode(QPrinter.ColorMode.Color)
    printer.setCollateCopies(False)
    wish = printing.wish_of(printer, "A report", 5)
    sent = pickle.loads(pickle.dumps(wish))  # noqa: S301  # our own
    made = printing._printer(sent)
    assert made.colorMode() == QPrinter.ColorMode.Color
    assert not made.collateCopies()
    assert made.docName() == "A report"
    assert made.outputFileName() == str(tmp_path / "printed.pdf")


@pytest.mark.qt_log_ignore("QPainter::")
def test_a_place_that_takes_nothing_is_said_plainly(qtbot: QtBot, tmp_path: Path) -> None:
    printer = printer_to(tmp_path / "no such folder" / "printed.pdf")
    with pytest.raises(UserError) as refused:
        printing.print_document(pdf(1), printing.wish_of(printer, "A report", 1))
    assert refused.value.code == "printer"
    assert "did not take" in refused.value.what


def test_without_a_printer_it_says_so_and_what_to_do_instead(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    class NoPrinters:
        @staticmethod
        def availablePrinterNames() -> list[str]:  # noqa: N802  # as Qt spells it
            return []

    monkeypatch.setattr(printing, "QPrinterInfo", NoPrinters)
    from PySide6.QtWidgets import QWidget

    window = QWidget()
    qtbot.addWidget(window)
    with pytest.raises(UserError) as refused:
        printing.ask_printer(window, "Visits", 1, 0, lambda _: None)
    assert refused.value.code == "no-printer"
    assert "PDF" in refused.value.do


def test_the_same_document_in_two_threads_at_once_is_whole(
    qtbot: QtBot, jobs: Jobs, long_paper: Paper
) -> None:
    owner = QObject()
    widths: list[int] = []
    for page in range(40):
        jobs.run(partial(width_of, long_paper, page), widths.append, owner=owner)
    found: list[int] = []
    jobs.run(
        lambda _: sum(len(long_paper.find("heel", page)) for page in range(PAGES)),
        found.append,
        owner=owner,
    )
    qtbot.waitUntil(lambda: len(widths) == 40 and bool(found), timeout=20_000)
    assert found == [PAGES]
    assert set(widths) == {200}


@pytest.mark.qt_log_ignore("QPainter::")
def test_a_page_that_fails_leaves_the_file_that_was_there_and_nothing_beside_it(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "printed.pdf"
    file.write_bytes(b"%PDF-earlier")
    wish = printing.wish_of(printer_to(file), "A report", 3)
    paint = printing._paint

    def failing(painter: Any, printer: Any, paper: Paper, page: int) -> None:
        if page == 2:
            raise UserError("The disk is full.")
        paint(painter, printer, paper, page)

    monkeypatch.setattr(printing, "_paint", failing)
    with pytest.raises(UserError):
        printing.print_document(pdf(3), wish)
    assert file.read_bytes() == b"%PDF-earlier"
    assert [one.name for one in tmp_path.iterdir()] == ["printed.pdf"]
