"""The page of visits, on a home with a few of them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from liaison.records.casework import Action, Visit, VisitEntry
from liaison.services import visits
from liaison.services.homes import OpenHome
from liaison.ui.desk import Desk
from liaison.ui.jobs import Jobs
from liaison.ui.pages.visits import VisitsPage
from tests.ui.parts.conftest import (  # noqa: F401  # fixtures, asked for by name
    NOW,
    Ids,
    desk,
    folder,
    heard,
    home,
    ids,
    jobs,
    pattern,
)


@dataclasses.dataclass(frozen=True)
class There:
    """The visits that are there beside the one of the pattern.

    Args:
        before: Of the Tuesday before, with a follow-up that is late.
        coming: Planned for the day after.
        missed: Planned for this morning and not recorded.
    """

    before: visits.VisitSaved
    coming: visits.VisitSaved
    missed: visits.VisitSaved


def write(qtbot: QtBot, jobs: Jobs, work: Any) -> Any:  # noqa: F811  # as the fixture is called
    """Write to the home as the window does."""
    answers: list[Any] = []
    jobs.write(work, answers.append)
    qtbot.waitUntil(lambda: bool(answers))
    return answers[0]


@pytest.fixture
def there(qtbot: QtBot, jobs: Jobs, ids: Ids) -> There:  # noqa: F811  # fixtures
    """Write a few visits around the day of the tests, a Wednesday."""

    def fill(home: OpenHome) -> There:  # noqa: F811  # the open home
        def visit(days: int, status: str, found: str | None, **other: Any) -> visits.VisitSaved:
            at = NOW + dt.timedelta(days=days, hours=-1)
            made = Visit(at=at, kind="phone", status=status, professional=ids.grace, **other)
            entry = VisitEntry(resident=ids.dorothy, raised="Left shin", found=found)
            late = Action(what="Order dressings", resident=ids.dorothy, due=(NOW.date()))
            actions = [dataclasses.replace(late, due=dt.date(2026, 11, 12))] if days < 0 else []
            return visits.record_visit(home, made, [entry], actions)

        return There(
            visit(-8, "happened", "Smaller", left_at=NOW - dt.timedelta(days=8)),
            visit(1, "planned", None),
            visit(0, "planned", None),
        )

    return write(qtbot, jobs, fill)  # type: ignore[no-any-return]  # what fill returns


@pytest.fixture
def page(qtbot: QtBot, desk: Desk, there: There, heard: object) -> VisitsPage:  # noqa: F811  # fixtures
    """Return the page, filled with the present week."""
    made = VisitsPage(desk)
    qtbot.addWidget(made)
    made.resize(1158, 712)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    with qtbot.waitSignal(made.filled):
        made.refresh()
    return made
