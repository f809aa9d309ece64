"""Whoever raised something sees across every page that it was answered, until they have read it."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from liaison.records.administration import Person
from liaison.records.casework import Concern
from liaison.records.home import Resident, Staff
from liaison.services import concerns, editing
from tests import homes as made
from tests.ui.whole import Whole


@pytest.fixture
def answered(home_folder: Path) -> int:
    """A concern of whoever signs in, about one of two residents of one name, answered."""
    with made.unlock(home_folder) as home:
        staff = editing.add(home, Staff(name="Kate Morgan", job_role="manager"))[0]
        loaded = home.store.load("person", home.person)
        assert loaded is not None
        assert isinstance(loaded.record, Person)
        with home.unit() as unit:
            unit.save(loaded, dataclasses.replace(loaded.record, staff=staff))
        mary = editing.add(home, Resident(name="Mary Ellis", room="4"))[0]
        editing.add(home, Resident(name="Mary Ellis", room="9"))
        one = concerns.raise_concern(home, Concern(resident=mary, situation="Coughs")).id
        concerns.answer(home, one, "Thicken the tea", "Dr Anwar")
    return one


def test_the_answer_is_said_on_every_page_until_it_is_read(
    home_folder: Path, answered: int
) -> None:
    with Whole(home_folder, made.PASSWORD) as whole:
        whole.go("residents")
        bar = whole.shell.answers
        assert bar.isVisible()
        said = bar.banner.accessibleName()
        assert said == (
            "Dr Anwar answered what you raised about Mary Ellis (room 4, date of birth not recorded)."
        )
        bar.banner.button.click()
        whole.settle()
        page = whole.shell.page
        assert page is not None
        assert page.name == "concern"
        # the page itself says it
        assert not bar.isVisible()
        whole.go("directory")
        assert bar.isVisible()
        whole.jobs.write(lambda home: concerns.acknowledge(home, answered))
        whole.settle()
        assert not bar.isVisible()
        assert whole.troubles == []


@pytest.mark.parametrize(("role", "shown"), [("carer", False), ("manager", True)])
def test_today_is_not_told_twice(
    home_folder: Path,
    answered: int,
    role: str,
    shown: bool,  # noqa: FBT001  # a table
) -> None:
    with Whole(home_folder, made.PASSWORD, role) as whole:
        whole.go("today")
        assert whole.shell.answers.isVisible() is shown
        item = whole.shell.sidebar.item("concern")
        assert (item is None) is shown
        if item is not None:
            assert item.accessibleDescription() or item.accessibleName()
            assert whole.shell.answers.found.count == 1


def test_an_end_without_an_answer_is_said_on_today_too(home_folder: Path, answered: int) -> None:
    with made.unlock(home_folder) as home:
        concerns.acknowledge(home, answered)
        mary = concerns.open_concerns(home.store)[0].resident
        other = concerns.raise_concern(home, Concern(resident=mary, situation="Will not eat")).id
        concerns.close(home, other, "Ate lunch")
    with Whole(home_folder, made.PASSWORD, "carer") as whole:
        whole.go("today")
        assert whole.shell.answers.isVisible()
        said = whole.shell.answers.banner.accessibleName()
        assert said.endswith("was closed with an outcome.")


@pytest.mark.parametrize("role", ["manager", "carer", "reader"])
def test_one_key_leads_to_raising_it_for_whoever_may(home_folder: Path, role: str) -> None:
    with Whole(home_folder, made.PASSWORD, role) as whole:
        whole.go("residents")
        whole.shell._worry()
        whole.settle()
        page = whole.shell.page
        assert page is not None
        assert page.name == ("residents" if role == "reader" else "concern")
        assert whole.shell.header.worried.isVisible() is (role == "manager")
