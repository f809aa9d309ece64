"""Demonstration homes, made once for all tests that only read them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from liaison.records import Record, all_specs, spec_of
from liaison.services import demo, homes
from liaison.services.homes import OpenHome
from liaison.store import query
from tests.homes import CHEAP

R = TypeVar("R", bound=Record)

#: A Sunday, so that neither the round nor the nurses' day is the day itself.
TODAY = dt.date(2026, 11, 22)

Maker = Callable[..., OpenHome]


@pytest.fixture(scope="session")
def make(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Maker]:
    """Make demonstration homes and give them back open."""
    opened: list[OpenHome] = []

    def made(today: dt.date = TODAY, **size: Any) -> OpenHome:
        folder = tmp_path_factory.mktemp("demo") / "home"
        demo.make(folder, size=demo.Size(**size), today=today, cost=CHEAP)
        opened.append(homes.open_home(folder, None, demo.PASSWORD))
        return opened[-1]

    yield made
    for home in opened:
        home.close()


@pytest.fixture(scope="session")
def home(make: Maker) -> OpenHome:
    """Make the usual demonstration home."""
    return make()


def every(home: OpenHome, cls: type[R]) -> list[R]:
    """Return all records of a type, in the order in which they were first written."""
    asked = query.Query(spec_of(cls).name, newest_first=False, archived=True)
    return [record for record in query.every(home.store, asked) if isinstance(record, cls)]


def everything(home: OpenHome) -> dict[str, list[Record]]:
    """Return all records of all types that people write."""
    classes = {name: spec.cls for name, spec in all_specs().items() if spec.cls is not None}
    return {name: every(home, cls) for name, cls in classes.items()}


def folder_of(home: OpenHome) -> Path:
    """Return where a home lies."""
    return home.folder
