"""The page of concerns, on a home with two residents of one name."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TypeVar

import pytest
from pytestqt.qtbot import QtBot

from liaison.records.administration import Person
from liaison.records.casework import Concern
from liaison.services import concerns
from liaison.services.homes import OpenHome
from liaison.ui.desk import Desk
from liaison.ui.pages.concerns import ConcernsPage
from tests.ui.parts.conftest import (  # noqa: F401  # fixtures, asked for by name
    Heard,
    Ids,
    desk,
    folder,
    heard,
    home,
    ids,
    jobs,
    pattern,
)

T = TypeVar("T")

Write = Callable[[Callable[[OpenHome], T]], T]


@pytest.fixture
def write(qtbot: QtBot, desk: Desk) -> Write[T]:  # noqa: F811  # fixtures
    """Write to the home as the window does."""

    def now(work: Callable[[OpenHome], T]) -> T:
        answers: list[T] = []
        desk.jobs.write(work, answers.append)
        qtbot.waitUntil(lambda: bool(answers))
        return answers[0]

    return now


@pytest.fixture
def moira_signs_in(write: Write[None], ids: Ids) -> None:  # noqa: F811  # fixtures
    """Say that whoever sits here is Moira."""

    def link(home: OpenHome) -> None:  # noqa: F811  # the open home
        loaded = home.store.load("person", home.person)
        assert loaded is not None
        assert isinstance(loaded.record, Person)
        with home.unit() as unit:
            unit.save(loaded, dataclasses.replace(loaded.record, staff=ids.moira))

    write(link)


@pytest.fixture
def raised(write: Write[int], moira_signs_in: None, ids: Ids) -> int:  # noqa: F811  # fixtures
    """A concern of Moira's about one of the two."""
    made = Concern(resident=ids.dorothy, situation="Coughs after tea", background="Ate well before")
    return write(lambda opened: concerns.raise_concern(opened, made).id)


@pytest.fixture
def page(qtbot: QtBot, desk: Desk, heard: Heard, moira_signs_in: None) -> ConcernsPage:  # noqa: F811  # fixtures
    """Return the page, in a window."""
    made = ConcernsPage(desk)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    with qtbot.waitSignal(made.filled):
        made.show()
    made.refresh()

    def written(touched: object) -> None:
        # as the shell does with the page in front
        if isinstance(touched, frozenset) and made.reads & touched:
            made.refresh()

    desk.jobs.changed.connect(written)
    return made
