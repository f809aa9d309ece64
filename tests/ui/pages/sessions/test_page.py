"""The page of sessions: who came in a few presses, nothing ticked lost, certificates to their people."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from liaison.records.home import Staff
from liaison.records.training import Course, Session
from liaison.services import editing, sessions
from liaison.services.homes import OpenHome
from liaison.ui.desk import Desk
from liaison.ui.pages.sessions import SessionsPage, facts
from liaison.ui.pages.sessions.ticking import BOOK, CAME
from liaison.ui.widgets import Button
from tests.ui.parts.conftest import NOW, Heard, Ids


@dataclasses.dataclass
class School:
    """Who is there, a session yesterday and one to come."""

    ana: int
    ben: int
    held: int
    coming: int


def write(qtbot: QtBot, desk: Desk, work: Any) -> Any:
    done: list[Any] = []
    desk.jobs.write(work, done.append)
    qtbot.waitUntil(lambda: bool(done))
    return done[0]


@pytest.fixture
def school(qtbot: QtBot, desk: Desk, ids: Ids) -> School:
    def work(home: OpenHome) -> School:
        # the home's clock shows the day that the desk's does
        home.store.clock = lambda: NOW

        def add(record: object) -> int:
            return editing.add(home, record)[0]  # type: ignore[arg-type]  # records, all of them

        ana, ben = (add(Staff(name=name, job_role="nurse")) for name in ("Ana Silva", "Ben Hall"))
        course = add(Course(name="Catheter care"))
        day = dt.timedelta(days=1)
        held = add(Session(course=course, at=NOW - day, teacher_contact=ids.grace, length=90))
        coming = add(Session(course=course, at=NOW + 3 * day, capacity=1))
        sessions.book(home, held, [ana, ben])
        return School(ana, ben, held, coming)

    found: School = write(qtbot, desk, work)
    return found


def shown(qtbot: QtBot, desk: Desk) -> SessionsPage:
    page = SessionsPage(desk)
    qtbot.addWidget(page)
    page.resize(1158, 712)
    page.show()
    with qtbot.waitSignal(page.filled):
        page.refresh()
    return page


def open_card(qtbot: QtBot, page: SessionsPage, identity: int) -> None:
    with qtbot.waitSignal(page.card.shown):
        page.show_record("session", identity)


def seats(qtbot: QtBot, desk: Desk, session: int) -> dict[int, tuple[str, int]]:
    found = write(qtbot, desk, lambda home: sessions.one(home.store, session))
    return {seat.staff: (seat.status, seat.certificates) for seat in found.seats}


def test_what_nobody_recorded_stands_first_and_who_came_is_said_in_three_presses(
    qtbot: QtBot, desk: Desk, school: School, heard: Heard
) -> None:
    page = shown(qtbot, desk)
    rows = [row.words for row in page.list.cases.rows]
    assert rows == ["Past: who came?", "Not recorded yet", "Coming", "0 of 1 booked"]
    open_card(qtbot, page, school.held)
    words = [button.text() for button in page.card.findChildren(Button) if button.isVisible()]
    assert "Record who came" in words
    page.ask_ticks(school.held, CAME)
    assert page.ticks is not None
    with qtbot.waitSignal(page.ticks.filled):
        pass
    assert page.ticks.chosen == [school.ana, school.ben]
    page.ticks.boxes[school.ben].click()
    with qtbot.waitSignal(page.ticks.done):
        page.ticks.save_button.click()
    assert heard.said == ["Catheter care: training recorded for 1 person."]
    assert seats(qtbot, desk, school.held) == {
        school.ana: ("attended", 0), school.ben: ("did not attend", 0),
    }  # fmt: skip
    undo: Any = heard.undo
    undo()
    qtbot.waitUntil(lambda: len(heard.said) > 1)
    assert seats(qtbot, desk, school.held)[school.ana] == ("booked", 0)
    assert not heard.troubles


def test_ticks_outlive_leaving_the_list_and_too_many_are_refused_in_place(
    qtbot: QtBot, desk: Desk, school: School, heard: Heard
) -> None:
    page = shown(qtbot, desk)
    page.ask_ticks(school.coming, BOOK)
    assert page.ticks is not None
    with qtbot.waitSignal(page.ticks.filled):
        pass
    page.ticks.save_button.click()
    assert page.ticks.banner.isVisible()
    page.ticks.tick([school.ana, school.ben])
    with qtbot.waitSignal(page.ticks.keeper.kept):
        page.ticks.keeper.keep()
    page.room.back()
    page.ask_ticks(school.coming, BOOK)
    with qtbot.waitSignal(page.ticks.filled):
        pass
    assert page.ticks.chosen == [school.ana, school.ben]
    page.ticks.save_button.click()
    qtbot.waitUntil(page.ticks.save_button.isEnabled)
    assert "Places: 1 is left, for 2" in page.ticks.banner.accessibleName()
    assert page.ticks.chosen == [school.ana, school.ben]
    page.ticks.boxes[school.ben].click()
    with qtbot.waitSignal(page.ticks.done):
        page.ticks.save_button.click()
    assert seats(qtbot, desk, school.coming) == {school.ana: ("booked", 0)}
    assert not heard.troubles


def test_dropped_certificates_are_sorted_by_name_and_the_unclear_one_is_asked_about(
    qtbot: QtBot, desk: Desk, school: School, heard: Heard, tmp_path: Path
) -> None:
    write(qtbot, desk, lambda home: sessions.record_attendance(
        home, school.held, [school.ana, school.ben]
    ))  # fmt: skip
    page = shown(qtbot, desk)
    page.show_tab(facts.PAST)
    open_card(qtbot, page, school.held)
    files = [tmp_path / "ana silva.txt", tmp_path / "scan.txt"]
    for file in files:
        file.write_text(f"Certificate {file.name}")
    one = write(qtbot, desk, lambda home: sessions.one(home.store, school.held))
    page.card.certificates_asked.emit(one, tuple(files))  # type: ignore[attr-defined]  # this card's
    assert page.whose is not None
    page.whose.save_button.click()
    assert "Choose whose scan.txt is" in page.whose.banner.accessibleName()
    page.whose.choices[1].set_value(0)
    with qtbot.waitSignal(page.whose.done):
        page.whose.save_button.click()
    assert heard.said == ["3 certificates kept."]
    assert seats(qtbot, desk, school.held) == {
        school.ana: ("attended", 2), school.ben: ("attended", 1),
    }  # fmt: skip
    page.refresh()
    words = "2 certificates of Ana Silva"
    qtbot.waitUntil(lambda: any(
        button.accessibleName() == words for button in page.card.findChildren(Button)
    ))  # fmt: skip
    next(b for b in page.card.findChildren(Button) if b.accessibleName() == words).click()
    kept = page.files
    assert kept is not None
    qtbot.waitUntil(lambda: len(kept.found) == 2)
    assert kept.isVisible()


def test_a_session_is_saved_as_a_calendar_file(
    qtbot: QtBot, desk: Desk, school: School, heard: Heard, tmp_path: Path
) -> None:
    page = shown(qtbot, desk)
    open_card(qtbot, page, school.coming)
    found = write(qtbot, desk, lambda home: facts.card(home.store, "session", school.coming))
    file = tmp_path / "training.ics"
    page.save_calendar(found, file)
    qtbot.waitUntil(lambda: bool(heard.said))
    assert file.read_bytes().count(b"BEGIN:VEVENT") == 1
    assert not heard.troubles
