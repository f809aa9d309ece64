"""The sidebar says how much is open, whichever page is in front."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from liaison.records.casework import Action
from liaison.records.home import Staff
from liaison.records.training import Course, Requirement
from liaison.services import editing, outcomes
from liaison.ui import clock
from tests import homes as made
from tests.ui.week import waiting
from tests.ui.whole import Whole


@pytest.fixture
def action(home_folder: Path) -> int:
    """Something that is to be done, as the home is opened."""
    with made.unlock(home_folder) as home:
        due = clock.now().date() - dt.timedelta(days=3)
        course = editing.add(home, Course(name="Fire safety"))[0]
        editing.add(home, Requirement(course=course, job_role="cook"))
        editing.add(home, Staff(name="Amy Lark", job_role="cook"))
        return editing.add(home, Action(what="Ring the ward", due=due))[0]


def test_somebody_who_comes_back_to_another_page_sees_what_is_open_and_what_was_closed(
    home_folder: Path, action: int
) -> None:
    # what is done now is done on the day that is looked at
    with Whole(home_folder, made.PASSWORD, now=clock.now) as whole:
        # as after a lock: neither Today nor the loops were shown
        whole.go("directory")
        assert waiting(whole, "loops") == 1
        assert waiting(whole, "training") == 1
        whole.jobs.write(
            lambda home: outcomes.record(home, "action", action, "They come on Friday")
        )
        whole.settle()
        assert waiting(whole, "loops") == 0
        whole.go("loops")
        assert waiting(whole, "loops") == 0
        assert whole.troubles == []


def test_who_has_no_such_place_in_the_sidebar_counts_nothing(home_folder: Path) -> None:
    with Whole(home_folder, made.PASSWORD, "carer") as whole:
        assert whole.shell.still_open is None
