"""The page "Who do I ring for ...?", as people use it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from liaison.records.directory import Contact, ContactAttempt, Organisation, Service
from liaison.services import editing
from liaison.store import query
from liaison.store.store import Store
from liaison.ui import theme
from liaison.ui.desk import Desk, Person
from liaison.ui.pages.ringing import RingingPage
from liaison.ui.shell.frame import Frame
from liaison.ui.widgets import Button, Text
from tests.ui import walk
from tests.ui.names import nameless
from tests.ui.parts.conftest import Heard, Ids

NIGHT = dt.datetime(2026, 11, 19, 3, 10, tzinfo=ZoneInfo("Europe/London"))


def read(qtbot: QtBot, desk: Desk, work: Any) -> Any:
    answers: list[Any] = []
    desk.jobs.read(work, answers.append)
    qtbot.waitUntil(lambda: bool(answers))
    return answers[0]


def write(qtbot: QtBot, desk: Desk, work: Any) -> None:
    done: list[bool] = []
    desk.jobs.write(work, lambda _: done.append(True))
    qtbot.waitUntil(lambda: bool(done))


@pytest.fixture
def page(qtbot: QtBot, desk: Desk, heard: Heard) -> RingingPage:
    """The page, filled, as the shell shows it."""
    return opened(qtbot, desk)


def opened(qtbot: QtBot, desk: Desk) -> RingingPage:
    made = RingingPage(desk)
    qtbot.addWidget(made)
    desk.jobs.changed.connect(lambda touched: made.refresh() if made.reads & touched else None)
    made.resize(1120, 700)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    with qtbot.waitSignal(made.filled):
        made.refresh()
    return made


def asked(qtbot: QtBot, page: RingingPage, words: str) -> None:
    page.question.clear()
    qtbot.keyClicks(page.question, words)
    qtbot.waitUntil(lambda: page.answer is not None and page.answer.text == words)


def said(part: QWidget) -> str:
    return "\n".join(text.text() for text in part.findChildren(Text) if text.isVisible())


def tries(store: Store) -> list[ContactAttempt]:
    found = query.every(store, query.Query("contact_attempt"))
    return [one for one in found if isinstance(one, ContactAttempt)]


def test_the_number_stands_there_while_somebody_types(qtbot: QtBot, page: RingingPage) -> None:
    asked(qtbot, page, "cathater blokked")
    assert page.main.isVisible()
    assert page.main.title.text() == "Ring now: Grace Adeyemi"
    assert page.main.number.text() == "01632 960412"
    assert page.main.why.text() == "Asked about catheters. District nurse, Meadow Lane Surgery."
    assert page.hours.text() == "It is 10:41, in hours until 18:00"
    assert page.main.number.font().pointSizeF() >= 46


def test_the_number_is_copied_from_the_keyboard(qtbot: QtBot, page: RingingPage) -> None:
    asked(qtbot, page, "catheter")
    QGuiApplication.clipboard().clear()
    page.main.copy.click()
    assert QGuiApplication.clipboard().text() == "01632 960412"
    keys = [shortcut for shortcut, _ in page.shortcuts]
    assert "Ctrl+Shift+C" in keys


def test_enter_goes_on_to_the_answer_and_esc_asks_anew(qtbot: QtBot, page: RingingPage) -> None:
    asked(qtbot, page, "catheter")
    qtbot.keyClick(page.question, Qt.Key.Key_Return)
    assert page.main.got.hasFocus()
    qtbot.keyClick(page.question, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not page.main.isVisible())
    assert page.question.text() == ""
    assert "What we often ask about" in said(page)


def test_no_answer_is_noted_in_one_click_and_can_be_taken_back(
    qtbot: QtBot, page: RingingPage, desk: Desk, heard: Heard, ids: Ids
) -> None:
    asked(qtbot, page, "catheter")
    qtbot.mouseClick(page.main.tried, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(heard.said))
    undo: Any = heard.undo
    assert heard.said[0] == "10:41: tried, no answer from Grace Adeyemi."
    [attempt] = read(qtbot, desk, tries)
    assert (attempt.contact, attempt.reached, attempt.how) == (ids.grace, False, "phone")
    qtbot.waitUntil(lambda: "No answer." in page.main.last.text())
    assert page.main.last.text().endswith("rang at 10:41. No answer.")
    undo()
    qtbot.waitUntil(lambda: page.main.last.text() == "")


def test_minutes_and_a_note_are_added_to_what_was_noted(
    qtbot: QtBot, page: RingingPage, desk: Desk, heard: Heard, ids: Ids
) -> None:
    page.resident.set_value(ids.dorothy)
    asked(qtbot, page, "catheter")
    page.main.got.click()
    qtbot.waitUntil(page.more.isVisible)
    assert page.more.minutes.hasFocus()
    qtbot.keyClicks(page.more.minutes, "ages")
    qtbot.keyClick(page.more.minutes, Qt.Key.Key_Return)
    assert page.more.minutes_field.error == "Write whole minutes, such as 11."
    page.more.minutes.setText("11")
    page.more.note.setText("rings back")
    qtbot.keyClick(page.more.note, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not page.more.isVisible())
    standing = [one for one in read(qtbot, desk, tries) if not one.struck_reason]
    assert [(o.waited, o.note, o.reached, o.resident) for o in standing] == [
        (11, "rings back", True, ids.dorothy)
    ]


def test_what_is_typed_is_kept_when_the_pc_is_locked(
    qtbot: QtBot, page: RingingPage, desk: Desk, heard: Heard
) -> None:
    asked(qtbot, page, "catheter")
    page.main.tried.click()
    qtbot.waitUntil(page.more.isVisible)
    page.more.minutes.setText("about ten")
    page.more.note.setText("engaged")
    desk.keeping.emit()
    qtbot.waitUntil(lambda: not page.more.isVisible())
    standing = [one for one in read(qtbot, desk, tries) if not one.struck_reason]
    assert [one.note for one in standing] == ["engaged Waited: about ten"]


def test_at_night_the_other_number_is_rung(
    qtbot: QtBot, page: RingingPage, desk: Desk, ids: Ids, monkeypatch: pytest.MonkeyPatch
) -> None:
    def at_night_only(home: Any) -> None:
        for type_name, identity, change in (
            ("contact", ids.grace, {"cover": "in hours", "named_link": True}),
            ("organisation", ids.surgery, {"phone_out_of_hours": "111"}),
        ):
            loaded = home.store.load(type_name, identity)
            editing.save(home, loaded, dataclasses.replace(loaded.record, **change))

    write(qtbot, desk, at_night_only)
    monkeypatch.setattr(desk, "_now", lambda: NIGHT)
    asked(qtbot, page, "catheter")
    qtbot.waitUntil(lambda: page.main.number.text() == "111")
    assert page.main.title.text() == "Ring now: Meadow Lane Surgery, out of hours"
    assert (
        "Grace Adeyemi, our named link for catheters, is off until 08:00." in page.main.why.text()
    )
    assert page.hours.text() == "It is 03:10, out of hours until 08:00"
    assert "Off until 08:00" in [chip.text() for chip in page.findChildren(type(page.hours))]


def test_somebody_without_a_number_is_asked_for_at_their_place(
    qtbot: QtBot, page: RingingPage, desk: Desk, ids: Ids
) -> None:
    def bare(home: Any) -> None:
        loaded = home.store.load("contact", ids.grace)
        changed = dataclasses.replace(loaded.record, phone=None, best_time="mornings")
        editing.save(home, loaded, changed)

    write(qtbot, desk, bare)
    asked(qtbot, page, "catheter")
    qtbot.waitUntil(lambda: page.main.number.text() == "01632 960201")
    assert page.main.ask_for.text() == (
        "This is the number of Meadow Lane Surgery. Ask for Grace Adeyemi. "
        "Best time to ring: mornings."
    )


def test_nobody_found_says_what_to_do(
    qtbot: QtBot, page: RingingPage, desk: Desk, heard: Heard, ids: Ids
) -> None:
    asked(qtbot, page, "zzzz")
    assert "Nobody found for \N{LEFT DOUBLE QUOTATION MARK}zzzz" in said(page)
    assert "The settings name no practice" in said(page)
    assert "Life in danger: 999" in said(page)

    def practice(home: Any) -> None:
        loaded = home.store.the("home")
        editing.save(home, loaded, dataclasses.replace(loaded.record, practice=ids.surgery))

    write(qtbot, desk, practice)
    qtbot.waitUntil(lambda: "Meadow Lane Surgery: 01632 960201" in said(page))


def test_a_resident_with_a_namesake_is_told_apart(page: RingingPage) -> None:
    words = [page.resident.itemText(n) for n in range(page.resident.count())]
    assert "About Dorothy Hale, room 12, born 3 Mar 1938" in words
    assert "About Dorothy Hale, room 7, born 9 May 1941" in words


def test_it_is_gone_to_with_a_question_and_a_resident(
    qtbot: QtBot, page: RingingPage, ids: Ids
) -> None:
    page.show_argument({"ask": "catheter", "resident": ids.dorothy})
    qtbot.waitUntil(page.main.isVisible)
    assert page.resident.value == ids.dorothy
    assert page.question.text() == "catheter"


def test_how_to_refer_is_copied_for_a_note(
    qtbot: QtBot, page: RingingPage, desk: Desk, heard: Heard, ids: Ids
) -> None:
    def refer(home: Any) -> None:
        loaded = home.store.load("organisation", ids.surgery)
        changed = dataclasses.replace(loaded.record, how_to_refer="Option 2", typical_wait_days=1)
        editing.save(home, loaded, changed)

    write(qtbot, desk, refer)
    asked(qtbot, page, "catheter")
    qtbot.waitUntil(lambda: "Option 2" in said(page))
    assert "1 day" in said(page).splitlines()
    [copy] = [b for b in page.findChildren(Button) if b.words == "Copy to a visit note"]
    copy.click()
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("Grace Adeyemi, 01632 960412\n")
    assert "How to refer: Option 2" in copied


def test_who_only_reads_notes_no_attempt(qtbot: QtBot, desk: Desk) -> None:
    desk.person = Person(desk.person.id, desk.person.name, "reader")
    page = opened(qtbot, desk)
    asked(qtbot, page, "catheter")
    qtbot.waitUntil(page.main.isVisible)
    assert not page.main.got.isVisible()
    qtbot.keyClick(page.question, Qt.Key.Key_Return)
    assert page.main.copy.hasFocus()


def test_who_was_tried_and_not_reached_is_listed(
    qtbot: QtBot, page: RingingPage, desk: Desk, ids: Ids
) -> None:
    at = desk.now() - dt.timedelta(days=1)
    for waited in (12, 20):
        attempt = ContactAttempt(at=at, contact=ids.grace, waited=waited, reached=False)
        write(qtbot, desk, lambda home, attempt=attempt: editing.add(home, attempt))
    qtbot.waitUntil(lambda: "Tried and not reached yet" in said(page))


def test_the_words_of_an_answer_are_found_by_the_new_directory_at_once(
    qtbot: QtBot, page: RingingPage, desk: Desk
) -> None:
    def add(home: Any) -> None:
        need = editing.add(home, Service(name="Wheelchair"))[0]
        editing.add(home, Contact(name="Colin Webber", phone="01632 960371", ask_about=(need,)))
        editing.add(home, Organisation(name="Chairs", kind="equipment", offers=(need,)))

    asked(qtbot, page, "weelchair")
    write(qtbot, desk, add)
    qtbot.waitUntil(lambda: page.main.number.text() == "01632 960371")


def test_everything_has_a_name_and_large_text_brings_the_number_up(
    qtbot: QtBot, page: RingingPage, look: theme.Theme
) -> None:
    asked(qtbot, page, "catheter")
    assert nameless(page) == []
    look.resize(2.0)
    qtbot.waitUntil(lambda: page.resident.mapTo(page, page.resident.rect().topLeft()).y() >
                    page.main.mapTo(page, page.main.rect().topLeft()).y())  # fmt: skip
    assert page.main.why.y() > page.main.number.y()
    look.resize(1.0)
    qtbot.waitUntil(lambda: page.main.why.y() < page.main.number.y())


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_an_answer_can_be_told_walked_and_read_at_any_size(
    qtbot: QtBot, desk: Desk, look: theme.Theme, scale: float
) -> None:
    write(qtbot, desk, much)
    look.resize(scale)
    page, frame = RingingPage(desk), Frame()
    qtbot.addWidget(frame)
    frame.resize(1120, 700)
    frame.show_scene(page)
    frame.show()
    frame.activateWindow()
    qtbot.waitUntil(frame.isActiveWindow)
    with qtbot.waitSignal(page.filled):
        page.refresh()
    asked(qtbot, page, "catheter")
    qtbot.waitUntil(lambda: page.answer is not None and len(page.answer.others) == 8)
    page.main.tried.click()
    qtbot.waitUntil(page.more.isVisible)
    qtbot.waitUntil(lambda: desk.jobs.is_idle)
    # once it has been laid out
    qtbot.waitUntil(lambda: walk.unreadable(page, scale) == [])
    assert walk.told(page) + walk.by_tab(page) == []
    assert frame.width() == 1120


def much(home: Any) -> None:
    """Write a directory of names that are 200 letters long."""
    long = "Wilhelmina" * 20
    [need] = query.page(home.store, query.Query("service")).records
    needs = (need.id or 0,)
    place = Organisation(name=long, kind="community nursing", phone="01632 960411",
                         offers=needs, how_to_refer=long, opening_hours=long)  # fmt: skip
    editing.add(home, place)
    for number in range(12):
        name = f"{long} {number}"
        editing.add(home, Contact(name=name, phone="01632 960413", ask_about=needs))
