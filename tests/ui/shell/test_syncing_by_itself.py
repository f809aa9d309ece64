"""The window exchanges every few minutes, whether anybody does anything or not."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from liaison.services import syncing
from liaison.ui import window
from liaison.ui.shell import syncing as exchanging
from tests.ui.running import Starter
from tests.ui.shell.pages import Today
from tests.ui.shell.sharing import Pair, add

WAIT = 20_000
FIVE_MINUTES = 5 * 60 * 1000


def test_what_another_pc_wrote_comes_though_nobody_does_anything(
    start: Starter, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert exchanging.EVERY_MS == FIVE_MINUTES
    for place, name in ((exchanging, "FIRST_MS"), (window, "_EXCHANGING_MS")):
        monkeypatch.setattr(place, name, 20)
    monkeypatch.setattr(exchanging, "EVERY_MS", 300)
    pair = Pair.build(tmp_path / "home").copied(tmp_path / "pair")
    shell = start(pair.office, exchanges=True).unlock()
    qtbot.waitUntil(lambda: shell.header.saved.text() == "Up to date", timeout=WAIT)
    # one after the other: the second is not the tail of the first round
    for name in ("Harold Penn", "Grace Adeyemi"):
        with pair.at_nurses() as nurses:
            add(nurses, name)
            syncing.once(nurses)
        today = shell.page
        assert isinstance(today, Today)
        qtbot.waitUntil(lambda name=name, today=today: name in today.residents, timeout=WAIT)  # type: ignore[misc]
