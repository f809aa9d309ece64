"""Setting up where another home is to lie that this PC has asked to join: that is given up first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest
from pytestqt.qtbot import QtBot

from liaison.errors import UserError
from liaison.services.pcs import coming, joining
from liaison.services.pcs.coming import Way
from liaison.ui.jobs import Jobs, Progress
from liaison.ui.threshold.first_run import HOME, PASSWORD, FirstRun, Wanted
from liaison.ui.threshold.making import Makings
from tests import homes as made


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    """Return the threads of a window with no home."""
    at_work = Jobs()
    yield at_work
    at_work.close()


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    """A folder in which a home is to lie that this PC has asked to join."""
    folder = tmp_path / "home"
    coming.keep(folder, Way(asked=True))
    joining.waiting_file(folder).write_bytes(b"its keys")
    return folder


def not_noted() -> Callable[[], None]:
    return lambda: None


def test_a_new_home_is_begun_only_once_joining_another_is_given_up(
    qtbot: QtBot, jobs: Jobs, asked: Path
) -> None:
    makers = Makings(cost=made.CHEAP).makers(asked, not_noted, can_import=False)
    screen = FirstRun(asked, jobs, makers)
    qtbot.addWidget(screen)
    screen.show()
    qtbot.waitUntil(lambda: jobs.is_idle)
    screen.home_name.setText("Willow House")
    screen.person_name.setText(made.MANAGER)
    for answer in ("keep", "do"):
        screen.go_on.click()
        assert screen.sure is not None
        assert screen.step == HOME
        assert joining.waiting_file(asked).exists()
        getattr(screen.sure, answer).click()
    qtbot.waitUntil(lambda: screen.step == PASSWORD)
    assert list(asked.parent.iterdir()) == []


def test_neither_a_home_nor_a_demonstration_is_made_over_it(tmp_path: Path, asked: Path) -> None:
    noted: list[str] = []
    makings = Makings(cost=made.CHEAP, demonstration=asked)
    makers = makings.makers(asked, not_noted, can_import=False)
    wanted = Wanted("Willow House", made.MANAGER, made.PASSWORD)
    with pytest.raises(UserError) as refused:
        makers.make(wanted, lambda _: None, lambda: noted.append("flag"))
    with pytest.raises(UserError) as refused_too:
        makings.demonstrate(cast("Progress", None))
    assert refused.value.code == refused_too.value.code == "asked-before"
    assert not noted
    assert not asked.exists()
