"""The page of reports: chosen, asked for, looked at, saved, printed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pypdfium2 import PdfDocument
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from pytestqt.qtbot import QtBot

from liaison.errors import UserError
from liaison.reports.spec import Asked
from liaison.services import reporting
from liaison.store.store import Store
from liaison.ui import theme
from liaison.ui.desk import Desk
from liaison.ui.pages.reports import printing
from liaison.ui.pages.reports.asking import Asking
from liaison.ui.pages.reports.page import ReportsPage
from liaison.ui.parts.facts import Candidate
from tests.ui.parts.conftest import NOW, Heard, Ids

WAIT = 30_000


def words_of(file: Path) -> str:
    document = PdfDocument(file)
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


def words_on(page: ReportsPage) -> str:
    assert page.paper is not None
    return "\n".join(page.paper.words(number) for number in range(page.paper.pages))


@pytest.fixture
def page(qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids) -> Iterator[ReportsPage]:
    """Open the page and wait until the first report is on it."""
    opened = ReportsPage(desk)
    qtbot.addWidget(opened)
    opened.resize(1150, 700)
    with qtbot.waitSignal(opened.filled, timeout=WAIT):
        opened.show()
    yield opened
    assert heard.faults == []


def form(page: ReportsPage) -> Asking:
    return page._forms[page._open]


def test_the_first_report_is_there_with_its_pages_without_a_press(page: ReportsPage) -> None:
    assert page.list.value == "visits"
    assert page.paper is not None
    assert page.preview.where.text() == f"Page 1 of {page.paper.pages}"
    assert "Left shin" in words_on(page)
    assert page.print_button.isEnabled()


def test_opening_the_page_makes_the_report_once(
    qtbot: QtBot, desk: Desk, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    gather = reporting.gather

    def counted(store: Store, name: str, wanted: Asked) -> object:
        asked.append(name)
        return gather(store, name, wanted)

    monkeypatch.setattr(reporting, "gather", counted)
    opened = ReportsPage(desk)
    qtbot.addWidget(opened)
    qtbot.waitUntil(lambda: opened._document is not None, timeout=WAIT)
    assert not form(opened)._pause.isActive()
    assert asked == ["visits"]


def test_the_report_says_who_printed_it_and_when(page: ReportsPage, desk: Desk) -> None:
    assert f"by {desk.person.name}" in words_on(page)
    assert "18 November 2026" in words_on(page)


def test_another_report_comes_in_its_place(qtbot: QtBot, page: ReportsPage) -> None:
    with qtbot.waitSignal(page.filled, timeout=WAIT):
        page.list._choose("training-matrix")
    assert "Training matrix" in words_on(page)
    assert form(page).asked == Asked(on=NOW.date())


def test_a_period_can_be_typed_and_one_that_ends_too_early_is_said_at_its_field(
    qtbot: QtBot, page: ReportsPage
) -> None:
    asking = form(page)
    with qtbot.waitSignal(page.filled, timeout=WAIT):
        asking.set_days(dt.date(2026, 1, 1), dt.date(2026, 1, 31))
    assert "No visits are recorded" in words_on(page)
    asking.end.set_text("31 Dec 2025")
    assert asking.asked is None
    assert asking.end_field.error == "This is before the first day."
    asking.end.set_text("today")
    assert asking.end_field.error == ""
    assert asking.asked is not None
    assert asking.asked.end == NOW.date()


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("4 weeks", dt.date(2026, 10, 22), dt.date(2026, 11, 18)),
        ("this month", dt.date(2026, 11, 1), dt.date(2026, 11, 18)),
        ("last month", dt.date(2026, 10, 1), dt.date(2026, 10, 31)),
        ("12 months", dt.date(2025, 11, 19), dt.date(2026, 11, 18)),
    ],
)
def test_a_period_that_is_offered_covers_the_days_it_says(
    page: ReportsPage, name: str, first: dt.date, last: dt.date
) -> None:
    asking = form(page)
    asking.period.set_value(name)
    asking._use_period(name)
    assert asking.asked is not None
    assert (asking.asked.start, asking.asked.end) == (first, last)


def test_a_report_can_be_about_one_resident_and_with_initials(
    qtbot: QtBot, page: ReportsPage, ids: Ids
) -> None:
    asking = form(page)
    asking.about.set_value("resident")
    asking._choose_about("resident")
    assert asking.asked is None, "somebody must be chosen first"
    with qtbot.waitSignal(page.filled, timeout=WAIT):
        asking.set_subject("resident", Candidate(ids.dorothy, "Dorothy Hale", "Room 12"))
    assert "Dorothy Hale" in words_on(page)
    with qtbot.waitSignal(page.filled, timeout=WAIT):
        asking.names.set_value("initials")
        asking.names.changed.emit("initials")
    assert "Dorothy" not in words_on(page)


def test_it_can_be_gone_to_for_one_report_about_one_person(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    opened = ReportsPage(desk)
    qtbot.addWidget(opened)
    opened.show_argument(
        {
            "report": "visits",
            "about": "contact",
            "candidate": Candidate(ids.grace, "Grace Adeyemi", ""),
        }
    )
    qtbot.waitUntil(lambda: opened._document is not None, timeout=WAIT)
    asked = form(opened).asked
    assert asked is not None
    assert asked.subject == ("contact", ids.grace)
    opened.show_argument({"report": "no such report"})
    assert opened.list.value == "visits"


# ---- saving


def test_what_is_on_the_screen_is_saved_word_for_word(
    qtbot: QtBot, page: ReportsPage, heard: Heard, tmp_path: Path
) -> None:
    assert page.file_name == "Visits, 19 Aug 2026 to 18 Nov 2026.pdf"
    page.save()
    assert page.dialog is not None
    page.dialog.fileSelected.emit(str(tmp_path / "visits.pdf"))
    page.dialog.reject()
    qtbot.waitUntil(lambda: bool(heard.said))
    assert page._document is not None
    assert (tmp_path / "visits.pdf").read_bytes() == page._document.content
    assert heard.said[0].startswith("Saved as visits.pdf, ")


def test_a_place_that_cannot_be_written_to_is_said_and_nothing_is_lost(
    qtbot: QtBot, page: ReportsPage, heard: Heard, tmp_path: Path
) -> None:
    page.save_to(tmp_path / "no such folder" / "visits.pdf")
    qtbot.waitUntil(lambda: bool(heard.troubles))
    assert page.save_button.isEnabled()
    home = page.desk.jobs.home
    assert home is not None
    page.save_to(home.folder / "visits.pdf")
    qtbot.waitUntil(lambda: len(heard.troubles) == 2)
    assert heard.troubles[1].code == "bad-place"
    assert not (home.folder / "visits.pdf").exists()


# ---- printing


def test_a_missing_printer_is_said_plainly_and_the_report_stays(
    page: ReportsPage, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: object) -> None:
        raise UserError("No printer is set up on this PC.", code="no-printer")

    monkeypatch.setattr(printing, "ask_printer", missing)
    page.print()
    assert [trouble.code for trouble in heard.troubles] == ["no-printer"]
    assert page.print_button.isEnabled()


def test_it_is_printed_in_the_background_and_says_so(
    qtbot: QtBot, page: ReportsPage, heard: Heard, tmp_path: Path
) -> None:
    printer = printing.prepared("Visits")
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    printer.setResolution(100)
    assert page.paper is not None
    page.print_as(printing.wish_of(printer, "Visits", page.paper.pages))
    assert page.preview.waiting.isVisible()
    assert not page.print_button.isEnabled()
    qtbot.waitUntil(lambda: bool(heard.said), timeout=WAIT)
    assert heard.said[0].endswith("sent to printed.pdf.")
    assert (tmp_path / "printed.pdf").stat().st_size > 1_000
    assert page.print_button.isEnabled()


# ---- waiting, stopping, failing


def test_making_it_can_be_stopped_and_what_was_there_stays(qtbot: QtBot, page: ReportsPage) -> None:
    before = page.paper
    page.make()
    assert page.preview.waiting.isVisible()
    page.preview.stop.click()
    assert not page.preview.waiting.isVisible()
    assert page.paper is before
    assert page.preview.banner.isVisible()
    assert not page.print_button.isEnabled(), "the pages are not what is chosen"
    with qtbot.waitSignal(page.filled, timeout=WAIT):
        page.preview.banner.button.click()
    assert page.print_button.isEnabled()


def test_what_cannot_be_made_is_said_with_a_way_to_try_again(
    qtbot: QtBot, page: ReportsPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise UserError("The disk cannot be read.", do="Check it.")

    monkeypatch.setattr(reporting, "gather", broken)
    page.make()
    qtbot.waitUntil(page.preview.banner.isVisible)
    assert "The disk cannot be read. Check it." in page.preview.banner.accessibleName()
    monkeypatch.undo()
    with qtbot.waitSignal(page.filled, timeout=WAIT):
        page.preview.banner.button.click()
    assert not page.preview.banner.isVisible()


# ---- finding words


def test_words_are_found_while_typing_and_enter_goes_on(qtbot: QtBot, page: ReportsPage) -> None:
    preview = page.preview
    qtbot.keyClicks(preview.search, "visit")
    qtbot.waitUntil(lambda: " of " in preview.found.text())
    first = preview.found.text()
    assert first.startswith("1 of ")
    qtbot.keyClick(preview.search, Qt.Key.Key_Return)
    assert preview.found.text() != first
    preview.search.setText("nobody of that name")
    preview.find_words()
    qtbot.waitUntil(lambda: preview.found.text() == "Not found")


def test_large_text_stacks_the_columns_and_leaves_the_small_pages_out(
    qtbot: QtBot, page: ReportsPage
) -> None:
    assert page.preview.thumbs.isVisible()
    theme.current().resize(2.0)
    assert not page.preview.thumbs.isVisible()
    assert page.list.combo.isVisible()
    theme.current().resize(1.0)
    assert page.preview.thumbs.isVisible()
    assert page.left.width() == 300


def test_it_is_made_anew_when_records_changed_and_stays_on_its_page(
    qtbot: QtBot, page: ReportsPage, ids: Ids
) -> None:
    before = page.paper
    with qtbot.waitSignal(page.filled, timeout=WAIT):
        page.refresh()
    assert page.paper is not before


# ---- sending, and what a printer does to a file


def test_sending_offers_what_is_on_the_screen_and_is_noted_without_its_password(
    qtbot: QtBot, page: ReportsPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.send_button.click()
    dialog = page.sending
    assert dialog is not None
    assert "Visits" in dialog.question.text()
    home = page.desk.jobs.home
    assert home is not None
    seen: list[str] = []

    def note(kind: Any, about: Any = None, detail: str = "") -> None:
        seen.append(detail)

    monkeypatch.setattr(home.access, "note", note)
    dialog.save_to(tmp_path / "out.pdf", mails=False)
    qtbot.waitUntil(dialog.card.isVisible)
    password = dialog.password.text()
    dialog.accept()
    assert [one for one in seen if "out.pdf, with a password" in one]
    assert not [one for one in seen if password in one]


def test_printing_to_a_file_never_takes_the_place_of_other_work_or_of_the_home(
    qtbot: QtBot, page: ReportsPage, heard: Heard, tmp_path: Path
) -> None:
    printer = printing.prepared("Visits")
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    home = page.desk.jobs.home
    assert home is not None
    letter = tmp_path / "letter.pdf"
    letter.write_text("Dear Mum")
    for file in (home.folder / "liaison.db", letter):
        before = file.read_bytes()
        printer.setOutputFileName(str(file))
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        page.print_as(printing.wish_of(printer, "Visits", 1))
        qtbot.waitUntil(page.print_button.isEnabled, timeout=WAIT)
        assert file.read_bytes() == before
    assert [one.code for one in heard.troubles] == ["bad-place", "already-exists"]


def test_it_can_be_gone_to_for_a_report_of_certain_days(
    qtbot: QtBot, desk: Desk, heard: Heard
) -> None:
    opened = ReportsPage(desk)
    qtbot.addWidget(opened)
    days = dt.date(2026, 10, 1), dt.date(2026, 10, 31)
    opened.show_argument({"report": "at-a-glance", "days": days})
    qtbot.waitUntil(lambda: opened._document is not None, timeout=WAIT)
    asked = form(opened).asked
    assert asked is not None
    assert (asked.start, asked.end) == days


def test_a_report_that_was_opened_from_elsewhere_is_in_sight_in_its_list(
    qtbot: QtBot, page: ReportsPage
) -> None:
    bar = page._lines.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    assert bar.value() == 0
    page.show_argument({"report": "audit-summary"})
    line = page.list.chosen_line
    assert line is not None
    assert line.accessibleName() == "Audit summary"
    qtbot.waitUntil(lambda: not line.visibleRegion().isEmpty())
    # what it covers stands in sight below the list
    assert page._form_card.isVisible()
