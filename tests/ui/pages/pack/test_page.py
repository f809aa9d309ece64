"""The page of the inspection pack: chosen, ordered, made, stopped, kept and looked at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from liaison.reports.spec import Document
from liaison.services.reporting import pack, pack_presets
from liaison.ui.desk import Desk
from liaison.ui.pages.pack import facts
from liaison.ui.pages.pack.page import PackPage
from liaison.ui.pages.pack.sections import Line
from liaison.ui.pages.reports.page import ReportsPage
from tests.ui.parts.conftest import Heard, Ids

WAIT = 30_000


@pytest.fixture
def page(qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids) -> Iterator[PackPage]:
    desk.changing.connect(desk.take_settings)
    opened = PackPage(desk)
    qtbot.addWidget(opened)
    opened.resize(1150, 700)
    with qtbot.waitSignal(opened.filled, timeout=WAIT):
        opened.show()
    yield opened
    opened.making.cancel()
    assert heard.faults == []


def line(page: PackPage, name: str) -> Line:
    return next(one for one in page.sections.lines if one.offer.name == name)


def made(qtbot: QtBot, page: PackPage) -> Document:
    with qtbot.waitSignal(page.making.made, timeout=WAIT):
        page.make_button.click()
    assert page._made is not None
    document = page._made["document"]
    assert isinstance(document, Document)
    return document


def test_the_usual_sections_are_ticked_in_the_order_of_the_key_questions(page: PackPage) -> None:
    assert page.sections.chosen == pack.usual()
    assert {one.offer.name for one in page.sections.lines} == set(pack.fits())
    assert line(page, "open-loops").words.text().startswith("Safe")


def test_a_pack_is_made_as_it_is_chosen_and_looked_at_on_the_page_of_reports(
    qtbot: QtBot, page: PackPage, desk: Desk, heard: Heard
) -> None:
    for name in page.sections.chosen:
        line(page, name).tick.setChecked(name in {"open-loops", "transfers"})
    line(page, "transfers").up.click()
    went: list[tuple[str, object]] = []
    desk.went.connect(lambda name, argument: went.append((name, argument)))
    document = made(qtbot, page)
    assert page._progress_card.isHidden()
    assert not page._done_card.isHidden()
    [(where, argument)] = went
    assert where == "reports"
    reports = ReportsPage(desk)
    qtbot.addWidget(reports)
    reports.show_argument(argument)
    with qtbot.waitSignal(reports.filled, timeout=WAIT):
        reports.show()
    assert reports.paper is not None
    assert reports.paper.pages == document.pages
    contents = reports.paper.words(1)
    assert contents.index("Transfers") < contents.index("Open loops")
    assert reports.file_name.startswith("Inspection pack, ")
    assert reports.print_button.isEnabled()
    # what was made stays as it was, whatever is saved meanwhile
    reports.refresh()
    assert not reports.making.busy
    # and the list leads back here
    reports.choose("inspection-pack")
    assert went[-1] == ("pack", None)
    reports.choose("open-loops")
    qtbot.waitSignal(reports.filled, timeout=WAIT).wait()
    assert heard.troubles == []


def test_nothing_is_made_without_a_section_or_with_a_period_that_ends_before_it_begins(
    page: PackPage,
) -> None:
    page.sections.choose(())
    page.make_button.click()
    assert not page.making.busy
    assert "No section is ticked" in page.trouble.accessibleName()
    page.choose_usual()
    page.form.period.set_value("other")
    page.form._use_period("other")
    page.form.end.set_value(dt.date(2020, 1, 1))
    page.form._look_at_days()
    page.make_button.click()
    assert not page.making.busy
    assert page.form.end_field.error == "This is before the first day."
    assert not page.trouble.isHidden()


def test_stopping_makes_nothing_and_the_next_pack_can_be_made(
    qtbot: QtBot, page: PackPage, heard: Heard
) -> None:
    page.make_button.click()
    assert page.making.busy
    assert not page.make_button.isEnabled()
    assert not page._progress_card.isHidden()
    page.stop_button.click()
    assert not page.making.busy
    assert page._made is None
    assert page._progress_card.isHidden()
    assert page.make_button.isEnabled()
    page.sections.choose(("open-loops",))
    assert made(qtbot, page).pages >= 4
    assert heard.troubles == []


def test_a_section_without_a_copy_without_names_cannot_be_in_such_a_pack(page: PackPage) -> None:
    audit = line(page, "audit-summary")
    audit.tick.setChecked(True)
    page.form.names.set_value("letters")
    page.form.names.changed.emit("letters")
    assert not audit.tick.isEnabled()
    assert audit.words.text() == "Has no copy without names"
    assert "audit-summary" not in page.sections.chosen
    page.form.names.set_value("full")
    page.form.names.changed.emit("full")
    assert "audit-summary" in page.sections.chosen


def test_the_keyboard_moves_sections_and_is_not_lost_at_the_ends(
    qtbot: QtBot, page: PackPage
) -> None:
    second = page.sections.lines[1]
    second.up.setFocus()
    qtbot.keyClick(second.up, Qt.Key.Key_Space)
    assert page.sections.lines[0] is second
    assert not second.up.isEnabled()
    # the next Tab goes on from there, not from the top of the page
    assert second.tick.nextInFocusChain() in {second.up, second.down}
    assert second.down.nextInFocusChain() is page.sections.lines[1].tick


def test_a_pack_is_kept_used_again_and_let_go(page: PackPage, desk: Desk, heard: Heard) -> None:
    page.sections.choose(("visits", "open-loops"))
    page.form.names.set_value("initials")
    page.presets.name.setText("CQC visit")
    page.presets.keep.click()
    kept = pack_presets.kept(desk.settings)["CQC visit"]
    assert (kept.sections, kept.names) == (("visits", "open-loops"), "initials")
    page.choose_usual()
    page.form.names.set_value("full")
    page.presets.list.changed.emit("CQC visit")
    assert page.sections.chosen == ("visits", "open-loops")
    assert page.form.naming == "initials"
    page.presets.drop.click()
    assert pack_presets.kept(desk.settings) == {}
    page.presets.keep.click()
    assert (
        page.presets.name_field.error == "A pack needs a name. Give it a name of up to 40 letters."
    )


def test_another_framework_says_what_each_section_answers_there(page: PackPage) -> None:
    page.framework.set_value("quality-statements")
    page.framework.changed.emit("quality-statements")
    assert page.sections.chosen == pack.usual("quality-statements")
    assert "Learning culture" in line(page, "open-loops").words.text()


def test_a_pack_covers_the_last_twelve_months_unless_asked() -> None:
    assert facts.period(dt.date(2026, 11, 23), 12) == (
        dt.date(2025, 11, 24),
        dt.date(2026, 11, 23),
    )
    assert facts.in_order(("b",), ("a", "b", "c")) == ("b", "a", "c")
