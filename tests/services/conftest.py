"""One home, made once and copied for every test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from liaison.errors import UserError
from liaison.records import Record, spec_of
from liaison.services import editing
from liaison.services.homes import OpenHome
from tests import homes as made

R = TypeVar("R", bound=Record)


@pytest.fixture(scope="session")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the home that every test gets a copy of."""
    folder = tmp_path_factory.mktemp("pattern") / "home"
    made.make(folder)[0].close()
    return folder


@pytest.fixture
def folder(pattern: Path, tmp_path: Path) -> Path:
    """Copy the home; it is closed."""
    return made.copy(pattern, tmp_path / "home")


@pytest.fixture
def home(folder: Path) -> Iterator[OpenHome]:
    """Open the copy."""
    with made.unlock(folder) as opened:
        yield opened


def add(home: OpenHome, record: Record, reason: str = "") -> int:
    """Add a record and return its id."""
    return editing.add(home, record, reason)[0]


def got(home: OpenHome, cls: type[R], identity: int) -> R:
    """Return a record that must be there, as its class."""
    found = home.store.get(spec_of(cls).name, identity)
    assert isinstance(found, cls)
    return found


def written(home: OpenHome) -> tuple[int, int]:
    """Return how much the log holds: units and changes."""
    row = home.store.connection.execute(
        "SELECT (SELECT count(*) FROM unit), (SELECT count(*) FROM change)"
    ).fetchone()
    return int(row[0]), int(row[1])


def refused(what: Callable[[], object]) -> UserError:
    """Return the plain error something ends with."""
    with pytest.raises(UserError) as caught:
        what()
    assert caught.value.what.endswith(".")
    return caught.value
