"""Every test of the window starts from the light theme at 100 per cent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from liaison.services.pcs import coming, joining, letting_in
from liaison.ui import theme
from liaison.ui.naming import name_classes
from tests import homes as made
from tests.ui.running import Starter, starting
from tests.ui.whole import make_demonstration


@pytest.fixture(scope="session", autouse=True)
def named(qapp: QApplication) -> None:
    """Have Qt's classes named before any thread of a test loads modules, as the program does."""
    for _ in name_classes():
        pass


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> theme.Theme:
    """Give the application its look; a test may change it."""
    return theme.install(qapp, "light", 1.0)


@pytest.fixture(scope="session")
def window_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the home that every test of the whole window gets a copy of."""
    folder = tmp_path_factory.mktemp("window") / "home"
    made.make(folder)[0].close()
    return folder


@pytest.fixture(scope="session")
def window_demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the demonstration home that every test of it gets a copy of."""
    return make_demonstration(tmp_path_factory.mktemp("demonstration") / "home")


@pytest.fixture
def demonstration(window_demonstration: Path, tmp_path: Path) -> Path:
    """Copy the demonstration home; it is closed."""
    return made.copy(window_demonstration, tmp_path / "demonstration")


@pytest.fixture
def home_folder(window_home: Path, tmp_path: Path) -> Path:
    """Copy the home; it is closed."""
    return made.copy(window_home, tmp_path / "home")


@pytest.fixture
def start(qtbot: QtBot, tmp_path: Path) -> Iterator[Starter]:
    """Start windows of the real program; they are ended after the test."""
    starter, end = starting(qtbot, tmp_path / "settings" / "settings.json")
    yield starter
    end()


@pytest.fixture
def cheap_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The six digits are slow to work out on purpose; how slow is an argument."""
    for takes_cost in (joining.ask, letting_in.asking, coming.ask):
        defaults = takes_cost.__kwdefaults__
        assert defaults is not None
        monkeypatch.setitem(defaults, "cost", made.CHEAP)
