"""The whole window on a hard day: long names, names from the right, a theme that is switched."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from liaison.records.casework import Visit, VisitEntry
from liaison.records.directory import Contact, Organisation
from liaison.records.home import Resident, Staff
from liaison.services.homes import OpenHome
from liaison.store import query
from liaison.store.store import Store
from liaison.ui import theme
from tests import homes as made
from tests.ui import walk
from tests.ui.whole import DAY, Whole

LONG = "Wilhelmina" * 20
ARABIC = "فاطمة الزهراء بنت محمد"
HEBREW = "שרה לוי"


@pytest.fixture
def hard(qtbot: QtBot, home_folder: Path) -> Iterator[Whole]:
    """A window of 1280x720 over a home where every name is 200 letters long or from the right."""
    with made.unlock(home_folder) as home:
        for name in (LONG, ARABIC, HEBREW):
            fill(home, name)
    with Whole(home_folder, made.PASSWORD, size=(1280, 720)) as whole:
        yield whole


def fill(home: OpenHome, name: str) -> None:
    with home.store.unit(home.person, "hard day") as unit:
        resident = unit.add(Resident(name=name, room="1", allergies=name))
        organisation = unit.add(Organisation(name=name))
        contact = unit.add(Contact(name=name, mobile="+447700900123"))
        unit.add(Staff(name=name))
        visit = unit.add(
            Visit(at=moment(), kind="visit", professional=contact, organisation=organisation)
        )
        unit.add(VisitEntry(visit=visit, resident=resident, found=f"{name} {ARABIC} {name}"))


def test_names_of_200_letters_and_from_the_right_stay_inside_a_small_window(hard: Whole) -> None:
    found = []
    for name in hard.pages:
        page = hard.go(name)
        found += [f"{name}: {words}" for words in walk.unreadable(page)]
        assert (hard.frame.width(), hard.frame.height()) == (1280, 720), name
    for type_name in ("resident", "organisation", "contact", "staff", "visit"):
        for identity in hard.ask(functools.partial(ids, type_name)):
            page = hard.open(type_name, identity)
            found += [f"{type_name}: {words}" for words in walk.unreadable(page)]
            assert (hard.frame.width(), hard.frame.height()) == (1280, 720), type_name
    assert not found, "\n".join(found)
    assert hard.troubles == []


def ids(type_name: str, store: Store) -> list[int]:
    return [one.id or 0 for one in query.every(store, query.Query(type_name))]


def moment() -> dt.datetime:
    return dt.datetime.combine(DAY, dt.time(10, 5), dt.UTC)


def test_a_name_from_the_right_is_found_by_search(hard: Whole, qtbot: QtBot) -> None:
    hard.go("today")
    box = hard.shell.search
    box.setFocus()
    # there is no key for it on the tests' keyboard
    box.insert(HEBREW.split(maxsplit=1)[0])
    box.textEdited.emit(box.text())
    qtbot.waitUntil(box.hits.isVisible)
    told = QAccessible.queryAccessibleInterface(box.hits)
    words = [part.text(QAccessible.Text.Name) for part in walk.interfaces(told)]
    assert [each for each in words if HEBREW in each]


def test_the_theme_is_switched_while_every_page_is_open(
    hard: Whole, look: theme.Theme, qtbot: QtBot
) -> None:
    for name in hard.pages:
        hard.go(name)
    for choice, tokens in (("dark", theme.DARK), ("light", theme.LIGHT)):
        look.choose(choice)
        for name in hard.pages:
            page = hard.go(name)
            ground = page.grab().toImage().pixelColor(4, 4)
            assert ground == QColor(tokens.bg), f"{name} is not {choice}"
        side = hard.shell.sidebar.grab().toImage().pixelColor(4, 300)
        assert side == QColor(tokens.side)
    assert hard.troubles == []


def test_the_system_goes_dark_while_the_window_is_open(
    hard: Whole, look: theme.Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = hard.go("today")
    look.choose("system")
    before = page.grab().toImage().pixelColor(4, 4)
    monkeypatch.setattr(look, "system_is_dark", lambda: True)
    QApplication.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    after = page.grab().toImage().pixelColor(4, 4)
    assert (before, after) == (QColor(theme.LIGHT.bg), QColor(theme.DARK.bg))
