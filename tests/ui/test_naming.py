"""Qt's classes are there before another thread loads what uses them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from liaison.ui import naming
from liaison.ui.naming import Naming
from tests.ui.running import Starter


def test_classes_are_named_in_turns_and_once_in_a_process(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[int] = []

    def few() -> Iterator[None]:
        for number in range(3):
            steps.append(number)
            yield

    monkeypatch.setattr(Naming, "_all", False)
    monkeypatch.setattr(naming, "name_classes", few)
    monkeypatch.setattr(naming, "_SLICE_S", 0.0)
    parent = QObject()
    first = Naming(parent)
    first.start()
    assert steps == []
    assert not first.is_over
    qtbot.waitUntil(lambda: first.is_over)
    assert steps == [0, 1, 2]
    again = Naming(parent)
    with qtbot.waitSignal(again.over):
        again.start()
    assert steps == [0, 1, 2]


def test_a_window_loads_nothing_ahead_before_they_are_named(
    start: Starter, home_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bool] = []
    monkeypatch.setattr(
        "liaison.ui.threshold.making.Makings.load", lambda _: seen.append(Naming._all)
    )
    monkeypatch.setattr(Naming, "_all", False)
    running = start(home_folder)
    running.qtbot.waitUntil(lambda: bool(seen))
    assert seen == [True]
