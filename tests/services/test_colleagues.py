"""Whoever signs in is the member of staff of their name, or somebody says which."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from liaison.records.administration import Person
from liaison.records.home import Staff
from liaison.services import people
from liaison.services.colleagues import colleagues
from liaison.services.editing import Unfit
from liaison.services.homes import OpenHome
from tests import homes as made
from tests.services.conftest import add, got

PRIYA = "Priya Nair"
WORDS = "a password for the first day"


@pytest.fixture
def home(tmp_path: Path) -> OpenHome:
    opened, _ = made.make(tmp_path / "home")
    return opened


def staff(home: OpenHome, name: str = PRIYA, **other: object) -> int:
    return add(home, Staff(name=name, job_role="care assistant", **other))  # type: ignore[arg-type]  # by name


def sign_in(home: OpenHome, name: str = PRIYA, **other: object) -> int | None:
    """Add somebody; return which member of staff they are."""
    person = Person(name=name, role="carer", **other)  # type: ignore[arg-type]  # by name
    identity = people.add(home, person, WORDS, cost=made.CHEAP)
    return got(home, Person, identity).staff


def test_whoever_is_added_is_the_one_member_of_staff_of_their_name(home: OpenHome) -> None:
    staff(home, "Priya Nair", left_on=dt.date(2020, 1, 1))
    here = staff(home, "PRIYA NAIR")
    staff(home, "Sam Okafor")
    assert sign_in(home) == here
    found = [(one.name.partition(" (")[0], one.taken) for one in colleagues(home.store)]
    assert found == [("PRIYA NAIR", True), ("Sam Okafor", False)]
    # nobody of the staff is called so
    assert sign_in(home, "Inspector Lewis") is None


def test_of_several_of_one_name_somebody_says_which_and_nothing_is_written_before(
    home: OpenHome,
) -> None:
    first, second = staff(home), staff(home)
    with pytest.raises(Unfit) as refused:
        sign_in(home)
    assert [problem.field for problem in refused.value.problems] == ["staff"]
    assert "2 have this name" in str(refused.value)
    assert sign_in(home, staff=second) == second
    # the other one is free still, whoever comes next under that name
    assert sign_in(home, "Priya NAIR (nights)", staff=first) == first


def test_somebody_may_be_none_of_them_and_be_linked_later(home: OpenHome) -> None:
    here = staff(home)
    person = Person(name=PRIYA, role="carer")
    identity = people.add(home, person, WORDS, link=False, cost=made.CHEAP)
    assert got(home, Person, identity).staff is None
    people.link_staff(home, identity, here)
    assert got(home, Person, identity).staff == here
    people.link_staff(home, identity, None)
    assert got(home, Person, identity).staff is None
    with pytest.raises(Unfit):
        people.link_staff(home, identity, 5)
