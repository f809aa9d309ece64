"""The door: who comes first, what is said, and what the keyboard does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from liaison.services.homes import OpenHome
from liaison.settings import KnownHome, KnownPerson
from liaison.ui import clock, theme
from liaison.ui.jobs import Jobs
from liaison.ui.threshold.choosing import ChoosePassword
from liaison.ui.threshold.unlock import Locked, UnlockScreen
from tests.ui.names import nameless

NOW = clock.in_london(dt.datetime(2026, 11, 18, 7, 42, tzinfo=dt.UTC))
PEOPLE = tuple(
    KnownPerson(str(number), name, role)
    for number, (name, role) in enumerate(
        [("Priya Nair", "carer"), ("Daniel Okafor", "senior"), ("Helen Marsh", "manager")]
    )
)
KNOWN = KnownHome(
    name="Larkfield House",
    seen={"1": NOW - dt.timedelta(days=1), "2": NOW - dt.timedelta(days=3)},
    backed_up_at=NOW - dt.timedelta(hours=1, minutes=42),
)
Door = Callable[..., UnlockScreen]


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    at_work = Jobs()
    yield at_work
    at_work.close()


@pytest.fixture
def door(qtbot: QtBot, jobs: Jobs) -> Door:
    def made(people: tuple[KnownPerson, ...] = PEOPLE, known: KnownHome = KNOWN) -> UnlockScreen:
        screen = UnlockScreen(Locked(people, known, lambda: NOW), jobs, _never)
        qtbot.addWidget(screen)
        screen.resize(1366, 768)
        screen.show()
        return screen

    return made


def _never(*_: object) -> OpenHome:
    raise AssertionError("nothing is unlocked here")


def test_whoever_was_here_last_comes_first_then_by_name() -> None:
    names = [one.name for one in Locked(PEOPLE, KNOWN).in_order()]
    assert names == ["Daniel Okafor", "Helen Marsh", "Priya Nair"]


def test_the_panel_says_what_is_known_and_no_more() -> None:
    assert next(words for _, words in Locked(PEOPLE, KNOWN, lambda: NOW).facts()) == (
        "Backed up today at 06:00"
    )
    assert len(Locked(PEOPLE, KnownHome()).facts()) == 1


def test_many_people_are_behind_one_card(door: Door, qtbot: QtBot) -> None:
    many = tuple(KnownPerson(str(n), f"Person {n:02}", "carer") for n in range(24))
    screen = door(many, KnownHome())
    assert screen.shown[-1] == "Someone else"
    assert len(screen.shown) == 9
    screen.choose("Person 20")
    assert screen.person is not None
    assert screen.person.name == "Person 20"
    assert len(screen.shown) == 24


def test_another_text_size_keeps_whoever_was_chosen(door: Door) -> None:
    many = tuple(KnownPerson(str(n), f"Person {n:02}", "carer") for n in range(24))
    screen = door(many, KnownHome())
    screen.choose("Person 05")
    theme.current().resize(2.0)
    assert screen.person is not None
    assert screen.person.name == "Person 05"
    assert len(screen.shown) < 9


def test_a_new_list_of_people_keeps_what_was_typed_for_whoever_stays(door: Door) -> None:
    screen = door()
    screen.choose("Priya Nair")
    screen.password.setText("half a pass")
    screen.show_people(PEOPLE)
    assert screen.password.text() == "half a pass"
    screen.show_people([PEOPLE[0], KnownPerson("9", "New Person", "carer")])
    assert screen.person is not None
    assert screen.person.name == "Priya Nair"
    assert "New Person" in screen.shown


def test_who_has_just_left_is_not_chosen_for_whoever_comes(door: Door) -> None:
    helen = next(one for one in PEOPLE if one.name == "Helen Marsh")
    screen = door()
    screen.choose("Daniel Okafor")
    # whoever is chosen at first need not be who has left
    screen.choose_another(helen.id)
    assert screen.person is not None
    assert screen.person.name == "Daniel Okafor"
    # nor does this PC remember whom somebody has only just added
    alone = door((helen,))
    alone.choose_another(helen.id)
    alone.show_people(PEOPLE)
    assert alone.person is not None
    assert alone.person.name == "Daniel Okafor"


def test_an_empty_password_is_not_tried(door: Door, qtbot: QtBot) -> None:
    screen = door()
    qtbot.keyClick(screen.password, Qt.Key.Key_Return)
    assert not screen.waiting
    assert screen.note.words == "Type your password first."


def test_caps_lock_is_noticed_by_the_letters_that_come(door: Door, qtbot: QtBot) -> None:
    screen = door()
    qtbot.keyClicks(screen.password, "te")
    assert screen.note.words == ""
    # a capital without Shift
    qtbot.keyClick(screen.password, "A", Qt.KeyboardModifier.NoModifier)
    assert screen.note.words == "Caps Lock is on."
    qtbot.keyClick(screen.password, "B", Qt.KeyboardModifier.ShiftModifier)
    assert screen.note.words == ""


def test_the_password_can_be_shown_and_hidden(door: Door) -> None:
    screen = door()
    screen.password.setText("tea at ten")
    assert screen.password.displayText() != "tea at ten"
    screen.show_button.click()
    assert screen.password.displayText() == "tea at ten"
    assert screen.show_button.words == "Hide"
    screen.show_button.click()
    assert screen.password.displayText() != "tea at ten"


def test_whoever_forgot_is_told_who_can_help(door: Door) -> None:
    screen = door()
    screen.choose("Priya Nair")
    screen.forgotten.click()
    assert "Helen Marsh" in screen.help
    assert not screen.sheet_button.isHidden()
    screen.choose("Helen Marsh")
    screen.forgotten.click()
    assert "recovery sheet" in screen.help


def test_the_advice_is_in_view_in_large_letters_too(door: Door, qtbot: QtBot) -> None:
    screen = door()
    theme.current().resize(2.0)
    screen.resize(1366, 440)
    screen.choose("Priya Nair")
    screen.forgotten.click()
    area = screen._middle.viewport()

    def bottom(part: QWidget) -> int:
        return part.mapTo(area, QPoint(0, part.height())).y()

    qtbot.waitUntil(lambda: bottom(screen._help) > bottom(screen.forgotten))
    qtbot.waitUntil(lambda: 0 < bottom(screen._help) <= area.height())


def test_the_door_opens_where_one_types_and_names_everything(door: Door, qtbot: QtBot) -> None:
    screen = door()
    screen.activateWindow()
    qtbot.waitUntil(screen.password.hasFocus)
    assert nameless(screen) == []


def test_a_password_thought_up_must_be_typed_once(qtbot: QtBot) -> None:
    choose = ChoosePassword()
    qtbot.addWidget(choose)
    assert choose.missing == "Choose a password to go on"
    choose.think.click()
    assert choose.missing == "Type the password again to go on"
    assert choose.first.displayText() == choose.password
    choose.again.setText(choose.password[:-1])
    assert choose.missing == "The two are not the same yet"
    choose.again.setText(choose.password)
    assert choose.missing == ""
    assert nameless(choose) == []


def test_the_key_file_is_not_needed_to_show_the_door(tmp_path: Path, door: Door) -> None:
    assert door().shown == ["Daniel Okafor", "Helen Marsh", "Priya Nair"]
