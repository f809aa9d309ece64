"""The monthly summary in the window: made without anybody's doing, and why if it is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from liaison.errors import UserError
from liaison.services import monthly
from liaison.ui.desk import Desk
from liaison.ui.shell.monthly import MonthlySummary
from tests.ui.parts.conftest import Heard

WORDS = "plum stones in the gravel path"
WAIT = 30_000


@pytest.fixture
def summary(qtbot: QtBot, desk: Desk) -> Iterator[MonthlySummary]:
    parent = QWidget()
    qtbot.addWidget(parent)
    yield MonthlySummary(desk, parent)
    parent.close()


def write(qtbot: QtBot, desk: Desk, work: Any) -> Any:
    done: list[Any] = []
    desk.jobs.write(work, done.append)
    qtbot.waitUntil(lambda: bool(done))
    return done[0]


def test_it_is_made_once_with_its_password_and_said(
    qtbot: QtBot, desk: Desk, heard: Heard, summary: MonthlySummary, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    summary.look()
    looked: list[None] = []
    # reads go in order: the look is over before it is switched on
    desk.jobs.read(lambda _: None, looked.append)
    qtbot.waitUntil(lambda: bool(looked))
    write(qtbot, desk, lambda home: monthly.switch_on(home, out, WORDS))
    assert list(out.iterdir()) == [], "it was not switched on before"
    summary.look()
    qtbot.waitUntil(lambda: bool(heard.said), timeout=WAIT)
    (file,) = out.iterdir()
    assert heard.said == [f"The monthly summary was made: {file.name}."]
    with pikepdf.open(file, password=WORDS) as opened:
        assert len(opened.pages) >= 1
    assert write(qtbot, desk, lambda home: monthly.waiting(home.store)) is None
    assert heard.faults == []


def test_a_folder_that_is_gone_disturbs_nobody_and_is_kept_for_the_settings(  # noqa: PLR0917  # fixtures
    qtbot: QtBot, desk: Desk, heard: Heard, summary: MonthlySummary, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    out = tmp_path / "out"
    out.mkdir()
    write(qtbot, desk, lambda home: monthly.switch_on(home, out, WORDS))

    def gone(*_: object) -> None:
        raise UserError("There is no folder out.", do="Choose another one.")

    monkeypatch.setattr(monthly, "waiting", gone)
    summary.look()

    def failed() -> bool:
        plan: monthly.Plan = write(qtbot, desk, lambda home: monthly.plan_of(home.store))
        return plan.failed == "There is no folder out. Choose another one."

    qtbot.waitUntil(failed, timeout=WAIT)
    assert heard.troubles == []
