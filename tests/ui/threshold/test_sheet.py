"""The recovery sheet: on the screen, on paper, proven, and never beside the home."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from liaison.errors import UserError
from liaison.security import RecoveryKey
from liaison.ui.jobs import Jobs
from liaison.ui.threshold import printing
from liaison.ui.threshold.recovery_sheet import Sheet, SheetView
from liaison.ui.threshold.sheet_step import SheetStep

KEY = RecoveryKey(bytes(range(20)))
SHEET = Sheet("Larkfield House", "18 November 2026", KEY.blocks)


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    at_work = Jobs()
    yield at_work
    at_work.close()


@pytest.fixture
def step(qtbot: QtBot, jobs: Jobs, tmp_path: Path) -> SheetStep:
    made = SheetStep(tmp_path / "home", jobs, lambda *_: "Brother HL, office")
    qtbot.addWidget(made)
    made.show_key("Larkfield House", KEY.blocks)
    made.show()
    return made


def test_two_whole_blocks_are_to_be_typed_back_each_time_others(
    step: SheetStep,
) -> None:
    seen = set()
    for _ in range(40):
        step.show_key("Larkfield House", KEY.blocks)
        assert len(set(step.wanted)) == 2
        assert all(0 <= place < 8 for place in step.wanted)
        seen.add(step.wanted)
    assert len(seen) > 5


def test_it_is_proven_by_both_blocks_and_the_safe(step: SheetStep) -> None:
    first, second = step.blocks
    assert step.missing == f"Type block {first.number} to go on"
    first.setText(KEY.blocks[step.wanted[0]].lower())
    assert step.missing == f"Type block {second.number} to go on"
    second.setText(f" {KEY.blocks[step.wanted[1]]} ")
    assert "safe" in step.safe.text()
    assert step.missing
    step.safe.setChecked(True)
    assert step.missing == ""
    second.setText("ZZZZ")
    assert step.missing


def test_letters_that_are_read_wrongly_count_as_what_they_look_like(
    qtbot: QtBot, jobs: Jobs, tmp_path: Path
) -> None:
    step = SheetStep(tmp_path, jobs)
    qtbot.addWidget(step)
    blocks = ("0110", *("0110" for _ in range(7)), "00")
    step.show_key("Larkfield House", blocks)
    for edit in step.blocks:
        edit.setText("oIlO")
        assert edit.right


def test_the_screen_hides_the_blocks_that_are_asked_for(qtbot: QtBot) -> None:
    view = SheetView(SHEET)
    qtbot.addWidget(view)
    view.hide_blocks((2, 6))
    told = view.accessibleDescription()
    assert "block 3: hidden" in told
    assert "block 7: hidden" in told
    assert " ".join(KEY.blocks[0]) in told
    whole = SheetView(SHEET)
    qtbot.addWidget(whole)
    assert view.grab().toImage() != whole.grab().toImage()


def test_printing_says_on_which_printer(step: SheetStep, qtbot: QtBot) -> None:
    step.print_button.click()
    assert "Brother HL, office" in step.printed
    assert step.print_button.words == "Print again"


def test_without_a_printer_it_says_what_to_do(qtbot: QtBot, jobs: Jobs, tmp_path: Path) -> None:
    def missing(_: Sheet, __: QWidget) -> str:
        raise UserError("No printer is set up on this PC.", do="Save it to a USB stick.")

    step = SheetStep(tmp_path / "home", jobs, missing)
    qtbot.addWidget(step)
    step.show_key("Larkfield House", KEY.blocks)
    step.print_button.click()
    assert "USB stick" in step.printed


def test_the_sheet_is_saved_as_one_page_of_pdf(
    step: SheetStep, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "stick").mkdir()
    file = tmp_path / "stick" / "sheet.pdf"
    step.save_to(file)
    qtbot.waitUntil(lambda: "Saved" in step.printed)
    data = file.read_bytes()
    assert data.startswith(b"%PDF")
    assert data.count(b"/Type /Page\n") == 1
    assert file.stat().st_mode & 0o077 == 0


def test_the_page_may_go_while_it_is_asked_where_to_save(step: SheetStep) -> None:
    # locked, with the question on the screen: one that stopped the window would end the program
    step.save_button.click()
    asking = step.findChild(QFileDialog)
    assert asking is not None
    assert asking.isVisible()
    assert asking.selectedFiles()[0].endswith("Liaison recovery sheet.pdf")
    asking.reject()


def test_the_sheet_is_not_saved_beside_what_it_opens(
    step: SheetStep, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "home").mkdir()
    step.save_to(tmp_path / "home" / "sheet.pdf")
    qtbot.waitUntil(lambda: "own folder" in step.printed)
    assert not list((tmp_path / "home").iterdir())
    with pytest.raises(UserError):
        printing.save_sheet(SHEET, tmp_path / "none" / "sheet.pdf", tmp_path / "home")


def test_the_key_in_a_file_can_be_copied_and_read_aloud(qtbot: QtBot) -> None:
    with pypdfium2.PdfDocument(printing.as_pdf(SHEET)) as document:
        words = document[0].get_textpage().get_text_bounded()
    assert [block for block in KEY.blocks if block not in words] == []
