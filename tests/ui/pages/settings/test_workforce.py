"""The workforce return in the settings: checked first, each refusal with a way to it, then written."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from liaison.exchange import workforce
from liaison.records.home import Home, Staff
from liaison.records.training import Course, TrainingRecord
from liaison.services import editing
from liaison.services.homes import OpenHome
from liaison.ui.desk import Desk
from liaison.ui.pages.settings.workforce import WorkforceCard
from liaison.ui.widgets import Button
from tests.ui.parts.conftest import Heard, Ids

WAIT = 10_000


@pytest.fixture
def card(qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids) -> Iterator[WorkforceCard]:
    made = WorkforceCard(desk)
    qtbot.addWidget(made)
    made.show()
    yield made
    assert heard.faults == []


def write(qtbot: QtBot, desk: Desk, what: Callable[[OpenHome], object]) -> None:
    """Write something, and wait until it is written."""
    done: list[object] = []
    desk.jobs.write(what, lambda _: done.append(True), owner=desk)
    qtbot.waitUntil(lambda: bool(done), timeout=WAIT)


def train(home: OpenHome, moira: int) -> None:
    """Give Moira training, and the home its reference."""
    course = editing.add(home, Course(name="Fire safety", category="6"))[0]
    day = dt.date(2025, 4, 3)
    editing.add(home, TrainingRecord(staff=moira, course=course, completed=day))
    loaded = home.store.the("home")
    assert loaded is not None
    assert isinstance(loaded.record, Home)
    editing.save(home, loaded, dataclasses.replace(loaded.record, workforce_reference="WH1"))


def name(home: OpenHome, moira: int) -> None:
    """Give Moira the reference that the return knows her by."""
    loaded = home.store.load("staff", moira)
    assert loaded is not None
    assert isinstance(loaded.record, Staff)
    editing.save(home, loaded, dataclasses.replace(loaded.record, worker_reference="W1"))


def check(qtbot: QtBot, card: WorkforceCard) -> None:
    before = card.made
    card.check.click()
    qtbot.waitUntil(lambda: card.made is not before, timeout=WAIT)


def test_what_would_be_refused_is_shown_with_a_way_to_it_then_the_file_is_written(  # noqa: PLR0917  # fixtures
    qtbot: QtBot, card: WorkforceCard, desk: Desk, heard: Heard, ids: Ids, tmp_path: Path
) -> None:
    write(qtbot, desk, lambda home: train(home, ids.moira))
    assert not card.save.isEnabled()
    check(qtbot, card)
    assert not card.save.isEnabled()
    (button,) = [one for one in card.findChildren(Button) if one.words == "Open it"]
    assert "Moira Kelly" in button.accessibleName()
    button.click()
    assert heard.opened == [("staff", ids.moira)]

    write(qtbot, desk, lambda home: name(home, ids.moira))
    check(qtbot, card)
    assert card.save.isEnabled()
    file = tmp_path / "return.csv"
    card.save_to(file)
    qtbot.waitUntil(card.banner.isVisible, timeout=WAIT)
    assert "1 training record of 1 member of staff in" in card.banner.accessibleName()
    assert [line[1] for line in workforce.read_lines(file.read_bytes())] == ["W1"]


def test_a_file_that_is_something_else_is_not_replaced(
    qtbot: QtBot, card: WorkforceCard, tmp_path: Path
) -> None:
    file = tmp_path / "mine.csv"
    file.write_text("mine", encoding="utf-8")
    card.save_to(file)
    qtbot.waitUntil(card.banner.isVisible, timeout=WAIT)
    assert "not a workforce return" in card.banner.accessibleName()
    assert file.read_text(encoding="utf-8") == "mine"
