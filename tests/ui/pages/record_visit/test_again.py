"""Whoever has recorded a visit, or left it for later, goes there again and finds a new one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from liaison.services import demo
from liaison.ui.pages.record_visit import RecordVisitPage
from tests.ui.pages.record_visit.conftest import Writer
from tests.ui.photographs import write_visit
from tests.ui.whole import Whole


@pytest.fixture(params=["carer", "manager"])
def whole(
    request: pytest.FixtureRequest, qtbot: QtBot, demonstration: Path
) -> Iterator[tuple[Whole, RecordVisitPage]]:
    with Whole(demonstration, demo.PASSWORD, request.param) as whole:
        whole.go("today")
        write_visit(whole)
        page = whole.shell.page
        assert isinstance(page, RecordVisitPage)
        yield whole, page


def test_after_a_save_a_new_visit_is_begun(
    whole: tuple[Whole, RecordVisitPage], qtbot: QtBot
) -> None:
    window, page = whole
    saved = page.form
    Writer(qtbot, page).who_and_when()
    page.save_button.click()
    window.settle()
    assert window.shell.page is not page, "the visit was not saved"
    for _ in range(2):
        window.go("today")
        window.go("record-visit")
        assert page.form is not None
        assert page.form is not saved
        assert page.form.is_blank


def test_after_a_visit_was_left_for_later_a_new_one_is_begun(
    whole: tuple[Whole, RecordVisitPage],
) -> None:
    window, page = whole
    page.finish_later()
    window.settle()
    assert window.shell.page is not page
    window.go("record-visit")
    assert page.form is not None
    assert page.form.is_blank
