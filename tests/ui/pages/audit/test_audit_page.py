"""The audit page shows what was done, filters it, opens records, and erases after two questions."""

from __future__ import annotations

import dataclasses
import functools
import threading
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from liaison.errors import UserError
from liaison.records.casework import VisitEntry
from liaison.services import drafts, editing, erasing
from liaison.services.homes import OpenHome
from liaison.ui.desk import Desk
from liaison.ui.jobs import Jobs
from liaison.ui.pages import page_class
from liaison.ui.pages.audit import AuditPage, facts
from liaison.ui.parts.as_known import AsKnown
from liaison.ui.shell.places import groups
from liaison.ui.widgets import Text, Wrap
from tests.ui.parts.conftest import Heard, Ids

SECRET = "Zygomatic canary"


def write(qtbot: QtBot, jobs: Jobs, work: Any) -> Any:
    """Write to the home as the window does."""
    answers: list[Any] = []
    jobs.write(work, answers.append)
    qtbot.waitUntil(lambda: bool(answers))
    return answers[0]


@pytest.fixture
def page(qtbot: QtBot, desk: Desk, jobs: Jobs, ids: Ids, heard: Heard) -> AuditPage:
    """Return the page, filled, after a correction, a sign-in and a look."""

    def fill(home: OpenHome) -> bool:
        home.access.signed_in()
        loaded = home.store.load("visit_entry", ids.entry)
        assert loaded is not None
        assert isinstance(loaded.record, VisitEntry)
        changed = dataclasses.replace(loaded.record, voice=SECRET)
        editing.save(home, loaded, changed, "told at tea")
        home.access.looked("resident", ids.dorothy)
        return home.access.flush()

    assert write(qtbot, jobs, fill)
    made = AuditPage(desk)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show()
    with qtbot.waitSignal(made.filled):
        made.refresh()
    assert heard.faults == []
    return made


def verbs(page: AuditPage) -> list[str]:
    """Return what the lines say, newest first."""
    return [line.verb for line in page.list.lines]


def choose(qtbot: QtBot, page: AuditPage, **values: object) -> None:
    """Choose in the filter bar as somebody does."""
    with qtbot.waitSignal(page.filled):
        for name, value in values.items():
            box = getattr(page, name)
            box.set_value(value)
            box.changed.emit(value)


def test_the_page_is_in_the_sidebar_of_managers_alone() -> None:
    assert page_class("audit") is AuditPage
    for role in ("manager", "senior", "carer", "reader"):
        there = any(
            place.page == "audit"
            for group in groups(role, frozenset({"audit", "today"}))
            for place in group.places
        )
        assert there == (role == "manager")
        assert (role in AuditPage.roles) == (role == "manager")


def test_lines_are_newest_first_under_their_day(page: AuditPage) -> None:
    assert verbs(page)[:3] == ["Opened", "Changed", "Signed in"]
    assert page.list.current is page.list.lines[0]
    model = page.list.model()
    assert model.data(model.index(0, 0)).endswith(str(page.list.lines[0].at.year))
    said = model.data(model.index(1, 0), Qt.ItemDataRole.AccessibleTextRole)
    assert "Opened" in said
    assert "Dorothy Hale" in said


def test_filters_leave_what_was_asked_for(qtbot: QtBot, page: AuditPage, ids: Ids) -> None:
    choose(qtbot, page, what="sign-ins")
    assert verbs(page) == ["Signed in"]
    assert not page.type.isEnabled()
    choose(qtbot, page, what="opened")
    assert verbs(page) == ["Opened"]
    choose(qtbot, page, what="all", type="visit_entry")
    assert verbs(page) == ["Changed", "Added"]
    choose(qtbot, page, type="", days=1)
    assert len(verbs(page)) > 3
    choose(qtbot, page, what="roles")
    assert verbs(page) == []
    assert page.shown.currentWidget() is page.nothing


def test_one_day_is_typed(qtbot: QtBot, page: AuditPage) -> None:
    day = page.list.lines[0].at
    page.days.set_value(facts.ONE_DAY)
    page.days.changed.emit(facts.ONE_DAY)
    assert page.day.isVisibleTo(page)
    with qtbot.waitSignal(page.filled):
        page.day.set_text("1 Nov 2025")
    assert verbs(page) == []
    with qtbot.waitSignal(page.filled):
        page.day.set_text(f"{day:%d/%m/%Y}")
    assert verbs(page)


def test_more_is_read_when_the_end_comes_near(
    qtbot: QtBot, page: AuditPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = len(page.list.lines)
    monkeypatch.setattr(facts, "PAGE", 4)
    with qtbot.waitSignal(page.filled):
        page.refresh()
    qtbot.waitUntil(lambda: page._next is None or len(page.list.lines) > 4)
    for _ in range(whole):
        if page._next is None:
            break
        before = len(page.list.lines)
        page.list.more_wanted.emit()
        qtbot.waitUntil(functools.partial(_grown, page, before))
    keys = [change for line in page.list.lines for change in line.changes]
    assert len(keys) == len(set(keys))
    assert page._next is None


def _grown(page: AuditPage, before: int) -> bool:
    return len(page.list.lines) > before or page._next is None


def test_enter_opens_the_record_and_all_about_it_is_one_press_away(
    qtbot: QtBot, page: AuditPage, heard: Heard, ids: Ids
) -> None:
    qtbot.keyClick(page.list, Qt.Key.Key_Return)
    assert heard.opened == [("resident", ids.dorothy)]
    with qtbot.waitSignal(page.filled):
        page.detail.history.click()
    assert {line.rec for line in page.list.lines} == {ids.dorothy}
    assert page.record.isVisibleTo(page)
    with qtbot.waitSignal(page.filled):
        page.record.click()
    assert len({line.rec for line in page.list.lines}) > 1


def test_a_record_is_shown_as_it_was_known(
    qtbot: QtBot, page: AuditPage, ids: Ids, desk: Desk
) -> None:
    (line,) = [one for one in page.list.lines if one.verb == "Changed"]
    page.detail.known_asked.emit(line)
    known = page.known
    assert known is not None
    # the desk of these tests stands still, the home's clock goes on
    known.day.set_text(f"{line.at:%d/%m/%Y}")
    qtbot.waitUntil(lambda: SECRET in _shown(known))
    known.day.set_text("1 Nov 2025")
    qtbot.waitUntil(lambda: "not been written yet" in _shown(known))


def _shown(known: AsKnown) -> str:
    texts = [*known.sheet.findChildren(Wrap), *known.sheet.findChildren(Text)]
    return " ".join(one.text() for one in texts if one.isVisibleTo(known))


def test_content_is_erased_after_a_reason_and_a_second_question(
    qtbot: QtBot, page: AuditPage, heard: Heard, ids: Ids, jobs: Jobs
) -> None:
    (line,) = [one for one in page.list.lines if one.verb == "Changed"]
    page.detail.erase_asked.emit(line)
    qtbot.waitUntil(lambda: page.dialog is not None)
    dialog = page.dialog
    assert dialog is not None
    assert list(dialog.boxes) == ["raised", "found", "voice"]
    dialog.do.click()
    assert dialog.sure is None
    dialog.boxes["voice"].setChecked(True)
    dialog.do.click()
    assert dialog.sure is None
    assert dialog.field.error
    dialog.reason.setText("Asked for by her son")
    dialog.do.click()
    assert dialog.sure is not None
    # what Enter presses by mistake keeps everything
    dialog.sure.keep.click()
    dialog.do.click()
    with qtbot.waitSignal(dialog.erased):
        dialog.sure.do.click()
    assert heard.said[-1] == "Erased: What the resident or family said."
    qtbot.waitUntil(lambda: "Erased by law" in verbs(page))
    voice = write(
        qtbot, jobs, lambda home: home.store.get("visit_entry", ids.entry).voice
    )  # fmt: skip
    assert voice is None
    assert SECRET not in " ".join(facts.said(line) + repr(line.steps) for line in page.list.lines)


def test_nothing_is_typed_on_about_what_is_being_erased(
    qtbot: QtBot, page: AuditPage, heard: Heard, jobs: Jobs
) -> None:
    (line,) = [one for one in page.list.lines if one.verb == "Changed"]
    page.detail.erase_asked.emit(line)
    qtbot.waitUntil(lambda: page.dialog is not None)
    dialog = page.dialog
    assert dialog is not None
    write(qtbot, jobs, lambda _: True)
    dialog.boxes["voice"].setChecked(True)
    qtbot.keyClicks(dialog.reason, "Asked for by her son")
    dialog.do.click()
    assert dialog.sure is not None
    goes_on = threading.Event()
    jobs.write(lambda _: goes_on.wait(20))
    dialog.sure.do.click()
    qtbot.keyClicks(dialog.reason, ", Tom")
    with qtbot.waitSignal(dialog.erased):
        goes_on.set()
    assert write(qtbot, jobs, drafts.mine) == []


def test_what_could_not_be_erased_is_typed_on_and_kept(
    qtbot: QtBot, page: AuditPage, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise UserError("The disk is full.")

    monkeypatch.setattr(erasing, "erase", full)
    (line,) = [one for one in page.list.lines if one.verb == "Changed"]
    page.detail.erase_asked.emit(line)
    qtbot.waitUntil(lambda: page.dialog is not None)
    dialog = page.dialog
    assert dialog is not None
    write(qtbot, jobs, lambda _: True)
    dialog.boxes["voice"].setChecked(True)
    qtbot.keyClicks(dialog.reason, "Asked for by her son")
    dialog.do.click()
    assert dialog.sure is not None
    dialog.sure.do.click()
    qtbot.waitUntil(lambda: not dialog.banner.isHidden())
    qtbot.keyClicks(dialog.reason, ", Tom")
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    (draft,) = write(qtbot, jobs, drafts.mine)
    assert draft.typed == {"reason": "Asked for by her son, Tom"}


def test_opening_a_resident_is_noted_soon_and_nobody_waits_for_it(
    qtbot: QtBot, page: AuditPage, desk: Desk, ids: Ids, jobs: Jobs
) -> None:
    desk._noting.setInterval(0)
    with qtbot.waitSignal(jobs.changed) as changed:
        desk.open("resident", ids.other_dorothy)
        desk.open("course", 1)
        # it is on the screen before it is written
        assert jobs.home is not None
        assert jobs.home.access.waits
    assert "access_event" in changed.args[0]
    choose(qtbot, page, what="opened")
    assert verbs(page) == ["Opened", "Opened"]
    with qtbot.waitSignal(jobs.changed):
        desk.note("printed", ("resident", ids.dorothy), "Visits, 2 pages: Office printer")
    choose(qtbot, page, what="out")
    assert [line.detail for line in page.list.lines] == ["Visits, 2 pages: Office printer"]
