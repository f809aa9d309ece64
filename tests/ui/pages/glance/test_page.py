"""At a glance in the window: the answers at once, and the records behind the one that is chosen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from liaison.errors import UserError
from liaison.services import glance
from liaison.services.glance import QUESTIONS
from liaison.ui import theme
from liaison.ui.desk import Desk
from liaison.ui.pages import PAGES
from liaison.ui.pages.glance import GlancePage, facts
from liaison.ui.parts.case_list import CaseLine
from liaison.ui.shell.places import SHOWN_ON
from tests.ui.parts.conftest import Heard, Ids


@pytest.fixture
def page(qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids) -> Iterator[GlancePage]:
    opened = GlancePage(desk)
    qtbot.addWidget(opened)
    opened.resize(1150, 700)
    opened.show()
    with qtbot.waitSignal(opened.filled, timeout=10_000):
        opened.refresh()
    yield opened
    assert heard.faults == []


def lines(page: GlancePage) -> list[CaseLine]:
    return [row for row in page.card.list.cases.rows if isinstance(row, CaseLine)]


def test_the_answers_stand_at_the_left_and_the_first_ones_records_at_the_right(
    qtbot: QtBot, page: GlancePage
) -> None:
    shown = [row.title for row in page.list.cases.rows if isinstance(row, CaseLine)]
    assert shown == [one.asks for one in QUESTIONS]
    assert page.card.answer is not None
    assert page.card.answer.name == "training"
    qtbot.waitUntil(lambda: bool(lines(page)))
    assert [line.title for line in lines(page)] == ["Moira Kelly"]


def test_an_answer_leads_to_its_records_and_each_record_to_its_page(
    qtbot: QtBot, page: GlancePage, heard: Heard, ids: Ids
) -> None:
    page.show_argument({"question": "own-gp"})
    qtbot.waitUntil(lambda: len(lines(page)) == 2)
    assert page.card.figure.text() == "0 of 2"
    assert page.card.behind.text() == "2 records behind it"
    page.list.setFocus()
    qtbot.keyClick(page.list, Qt.Key.Key_Return)
    assert page.card.list.current is not None
    qtbot.keyClick(page.card.list, Qt.Key.Key_Return)
    assert heard.opened[0][0] == "resident"
    assert heard.opened[0][1] in {ids.dorothy, ids.other_dorothy}
    qtbot.keyClick(page.card.list, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: page.list.hasFocus() or not page.isActiveWindow())


def test_a_chart_tells_its_numbers_and_a_plain_answer_has_none(
    qtbot: QtBot, page: GlancePage
) -> None:
    page.show_argument({"question": "planned"})
    assert page.card.chart.isVisible()
    assert "Nov 1" in page.card.chart.accessibleName()
    page.show_argument({"question": "own-gp"})
    assert not page.card.chart.isVisible()


def test_a_shorter_period_is_asked_anew_and_printed_as_it_is_shown(
    qtbot: QtBot, page: GlancePage, desk: Desk
) -> None:
    page.months._group.button(0).click()
    qtbot.waitUntil(lambda: page._found is not None and page._found.start.month == 8)
    went: list[tuple[str, object]] = []
    desk.went.connect(lambda name, argument: went.append((name, argument)))
    page.print_button.click()
    assert went == [("reports", {"report": "at-a-glance", "days": page.period})]


def test_every_question_leads_to_a_page_and_every_record_behind_it_to_one_too(
    page: GlancePage,
) -> None:
    assert set(facts.PAGES) == {one.name for one in QUESTIONS}
    assert {name for name, _ in facts.PAGES.values()} <= set(PAGES)
    assert page.reads >= {"visit", "concern", "referral", "transfer", "staff"}
    assert {"visit_entry", "agenda_line", "action", "supervision", "contact"} <= set(SHOWN_ON)


def test_what_cannot_be_read_is_said_with_a_way_to_try_again(
    qtbot: QtBot, page: GlancePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise UserError("The disk cannot be read.", do="Check it.")

    monkeypatch.setattr(glance, "read", broken)
    page.refresh()
    qtbot.waitUntil(page.trouble.isVisible)
    monkeypatch.undo()
    page.trouble.button.click()
    qtbot.waitUntil(lambda: not page.trouble.isVisible())


def test_large_text_puts_the_records_under_the_questions(page: GlancePage) -> None:
    theme.current().resize(2.0)
    try:
        assert page.card.mapTo(page, page.card.rect().topLeft()).x() < 100
    finally:
        theme.current().resize(1.0)
