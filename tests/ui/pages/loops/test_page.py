"""Open loops on the screen: nothing leaves without words, and each line is seen to in its place."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from liaison.records.casework import Action, Concern, Referral, Transfer
from liaison.services import editing, loops
from liaison.services.homes import OpenHome
from liaison.ui.desk import Desk
from liaison.ui.desk import Person as Sitting
from liaison.ui.pages.loops import LoopsPage
from liaison.ui.pages.loops import page as page_module
from liaison.ui.pages.loops.line import LoopLine
from liaison.ui.parts.closing import ClosingPopover
from liaison.ui.widgets import Button
from tests.ui.parts.conftest import NOW, Heard, Ids


def at(days: int) -> dt.datetime:
    return NOW + dt.timedelta(days=days)


def on(days: int) -> dt.date:
    return at(days).date()


def write(qtbot: QtBot, desk: Desk, work: Any) -> Any:
    done: list[Any] = []
    desk.jobs.write(work, done.append)
    qtbot.waitUntil(lambda: bool(done))
    return done[0]


@dataclasses.dataclass
class Open:
    """What is open."""

    referral: int
    review: int
    concern: int
    action: int


@pytest.fixture
def waiting(qtbot: QtBot, desk: Desk, ids: Ids) -> Open:
    """One of four kinds, each older than the next."""

    def work(home: OpenHome) -> Open:
        # the home's clock shows the day that the desk's does
        home.store.clock = lambda: NOW

        def add(record: object) -> int:
            return editing.add(home, record)[0]  # type: ignore[arg-type]  # records, all of them

        return Open(
            add(Referral(resident=ids.dorothy, organisation=ids.surgery, sent=on(-184),
                         reason="Own chair")),
            add(Transfer(resident=ids.dorothy, direction="discharge", at=at(-12))),
            add(Concern(resident=ids.other_dorothy, raised_by=ids.moira, raised_at=at(-5),
                        situation="Coughs after tea")),
            add(Action(what="Ring the surgery", due=on(-2), owner_staff=ids.moira)),
        )  # fmt: skip

    found: Open = write(qtbot, desk, work)
    return found


def shown(qtbot: QtBot, desk: Desk) -> LoopsPage:
    page = LoopsPage(desk)
    qtbot.addWidget(page)
    page.resize(1158, 712)
    page.show()
    page.activateWindow()
    with qtbot.waitSignal(page.filled):
        page.show_start()
    return page


def line_of(page: LoopsPage, identity: int) -> LoopLine:
    return next(line for line in page.lines if line.line.loop.id == identity)


def pressed(qtbot: QtBot, page: LoopsPage, identity: int) -> ClosingPopover:
    line_of(page, identity).button.click()
    (popover,) = [p for p in page.window().findChildren(ClosingPopover) if p.isVisible()]
    qtbot.waitUntil(popover.line.isEnabled)
    return popover


def still_open(qtbot: QtBot, desk: Desk) -> set[int]:
    found = write(qtbot, desk, lambda home: loops.read(home.store, NOW.date()).items)
    return {loop.id for loop in found}


def test_everything_open_is_shown_oldest_first_with_what_to_do(
    qtbot: QtBot, desk: Desk, waiting: Open, heard: Heard
) -> None:
    page = shown(qtbot, desk)
    assert [line.line.loop.id for line in page.lines] == [
        waiting.referral, waiting.review, waiting.concern, waiting.action,
    ]  # fmt: skip
    assert [line.button.text() for line in page.lines] == ["Chase", "Record", "Answer", "Record"]
    line = line_of(page, waiting.concern)
    # two of one name: room and birth stand on the very line
    assert "room" in line.line.resident
    assert line.line.resident != line_of(page, waiting.referral).line.resident
    line.words.click()
    assert heard.opened[-1] == ("concern", waiting.concern)


@pytest.mark.parametrize("typed", ["", "   "])
def test_nothing_leaves_the_list_without_words(
    qtbot: QtBot, desk: Desk, waiting: Open, typed: str
) -> None:
    page = shown(qtbot, desk)
    popover = pressed(qtbot, page, waiting.review)
    popover.line.setText(typed)
    qtbot.keyClick(popover.line, Qt.Key.Key_Return)
    assert popover.isVisible()
    assert popover.line.accessibleDescription() == "Say in a few words what came of it."
    assert waiting.review in still_open(qtbot, desk)


def test_an_outcome_closes_it_in_its_place_and_undo_brings_it_back(
    qtbot: QtBot, desk: Desk, waiting: Open, heard: Heard
) -> None:
    page = shown(qtbot, desk)
    popover = pressed(qtbot, page, waiting.action)
    qtbot.keyClicks(popover.line, "They come on Friday")
    with qtbot.waitSignal(page.filled):
        qtbot.keyClick(popover.line, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: bool(heard.said))
        page.refresh()
    assert waiting.action not in {line.line.loop.id for line in page.lines}
    assert "Ring the surgery" in heard.said[-1]
    assert callable(heard.undo)
    heard.undo()
    qtbot.waitUntil(lambda: waiting.action in still_open(qtbot, desk))


def test_chased_no_reply_takes_two_presses(
    qtbot: QtBot, desk: Desk, waiting: Open, heard: Heard
) -> None:
    page = shown(qtbot, desk)
    popover = pressed(qtbot, page, waiting.referral)
    popover.no_reply.click()
    qtbot.waitUntil(lambda: bool(heard.said))
    assert "To be asked again on" in heard.said[-1]
    with qtbot.waitSignal(page.filled):
        page.refresh()
    step = line_of(page, waiting.referral).line.step
    assert step.startswith("Chased Wed 18 Nov 2026")
    # asking is no outcome
    assert waiting.referral in still_open(qtbot, desk)


def test_an_answer_names_who_gave_it(qtbot: QtBot, desk: Desk, waiting: Open, heard: Heard) -> None:
    page = shown(qtbot, desk)
    popover = pressed(qtbot, page, waiting.concern)
    qtbot.keyClicks(popover.line, "Thickened fluids from today")
    popover.save_button.click()
    assert popover.lines["answered_by"].hasFocus()
    assert not heard.said
    qtbot.keyClicks(popover.lines["answered_by"], "Dr Anwar")
    qtbot.keyClick(popover.lines["answered_by"], Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(heard.said))
    with qtbot.waitSignal(page.filled):
        page.refresh()
    line = line_of(page, waiting.concern)
    assert (line.verb, line.line.step[:8]) == ("Record", "Answered")


def test_what_was_typed_is_found_again(qtbot: QtBot, desk: Desk, waiting: Open) -> None:
    page = shown(qtbot, desk)
    popover = pressed(qtbot, page, waiting.concern)
    qtbot.keyClicks(popover.line, "Thickened")
    qtbot.keyClicks(popover.lines["answered_by"], "Dr")
    qtbot.keyClick(popover.line, Qt.Key.Key_Escape)
    again = pressed(qtbot, page, waiting.concern)
    qtbot.waitUntil(lambda: again.line.text() == "Thickened")
    assert again.lines["answered_by"].text() == "Dr"


def test_one_kind_and_other_groups_are_chosen(qtbot: QtBot, desk: Desk, waiting: Open) -> None:
    page = shown(qtbot, desk)
    with qtbot.waitSignal(page.filled):
        page.show_argument({"kind": "referral"})
    assert [line.line.loop.id for line in page.lines] == [waiting.referral]
    assert page.found is not None
    assert page.found.total == 4
    with qtbot.waitSignal(page.filled):
        page.show_argument({"by": "owner"})
    assert len(page.lines) == 4
    with qtbot.waitSignal(page.filled):
        page.show_argument({"kind": "carried"})
    assert page.lines == []
    assert page.nothing.isVisible()
    page.show_argument({"kind": "nonsense"})
    assert page.found.chosen == 0


def test_the_oldest_is_seen_to_with_one_press(qtbot: QtBot, desk: Desk, waiting: Open) -> None:
    page = shown(qtbot, desk)
    with qtbot.waitSignal(page.filled):
        page.show_argument({"by": "owner"})
    page.start.click()
    qtbot.waitUntil(lambda: any(p.isVisible() for p in page.window().findChildren(ClosingPopover)))
    (popover,) = [p for p in page.window().findChildren(ClosingPopover) if p.isVisible()]
    assert popover.accessibleName().endswith("Own chair")


def test_the_focus_stays_where_somebody_works(
    qtbot: QtBot, desk: Desk, waiting: Open, heard: Heard
) -> None:
    page = shown(qtbot, desk)
    line_of(page, waiting.review).button.setFocus()
    write(qtbot, desk, lambda home: editing.add(home, Action(what="Another", due=on(-1))))
    with qtbot.waitSignal(page.filled):
        page.refresh()
    focus = QApplication.focusWidget()
    assert isinstance(focus, Button)
    assert focus is line_of(page, waiting.review).button


def test_many_are_shown_a_stretch_at_a_time(
    qtbot: QtBot, desk: Desk, ids: Ids, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_module, "MORE", 5)

    def work(home: OpenHome) -> None:
        for number in range(12):
            editing.add(home, Action(what=f"Ring {number}", due=on(-number)))

    write(qtbot, desk, work)
    page = shown(qtbot, desk)
    assert len(page.lines) == 5
    assert page.more.isVisible()
    page.more.click()
    qtbot.waitUntil(lambda: len(page.lines) == 10)
    focus = QApplication.focusWidget()
    assert focus is not None
    assert page.lines[5].isAncestorOf(focus)
    page.more.click()
    qtbot.waitUntil(lambda: len(page.lines) == 12 and not page.more.isVisible())


def test_a_reader_looks_and_changes_nothing(qtbot: QtBot, desk: Desk, waiting: Open) -> None:
    desk.person = Sitting(desk.person.id, desk.person.name, "reader")
    page = shown(qtbot, desk)
    assert {line.button.text() for line in page.lines} == {"Open"}


def test_the_sidebar_is_told_how_many(qtbot: QtBot, desk: Desk, waiting: Open) -> None:
    told: list[tuple[str, int]] = []
    desk.counted.connect(lambda page, count: told.append((page, count)))
    shown(qtbot, desk)
    assert told[-1] == ("loops", 4)


def test_whoever_saw_to_one_goes_on_where_it_stood(
    qtbot: QtBot, desk: Desk, waiting: Open, heard: Heard
) -> None:
    page = shown(qtbot, desk)
    desk.jobs.changed.connect(lambda _: page.refresh())
    popover = pressed(qtbot, page, waiting.review)
    qtbot.keyClicks(popover.line, "Two tablets stopped")
    qtbot.keyClick(popover.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(page.lines) == 3)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is page.lines[1].button)
