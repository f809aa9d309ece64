"""Attempts to reach somebody: noted at once, said more about later, and whom nobody has reached."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from liaison.errors import UserError
from liaison.records.directory import Contact, ContactAttempt, Organisation
from liaison.services import attempts, editing
from liaison.services.homes import OpenHome
from tests.services.conftest import add, got, written


@pytest.fixture
def grace(home: OpenHome) -> int:
    return add(home, Contact(name="Grace Adeyemi", phone="01632 960412"))


@pytest.fixture
def surgery(home: OpenHome) -> int:
    return add(home, Organisation(name="Meadow Lane", kind="GP practice"))


def tried(home: OpenHome, minutes_ago: int, *, reached: bool = False, **other: object) -> int:
    at = home.store.clock() - dt.timedelta(minutes=minutes_ago)
    attempt = ContactAttempt(at=at, reached=reached, how="phone")
    return attempts.record(home, dataclasses.replace(attempt, **other)).id  # type: ignore[arg-type]


def test_an_attempt_is_noted_and_can_be_taken_back(home: OpenHome, grace: int) -> None:
    noted = attempts.record(
        home, ContactAttempt(at=home.store.clock(), contact=grace, reached=False)
    )
    assert got(home, ContactAttempt, noted.id).reached is False
    editing.undo(home, noted.changes)
    since = home.store.clock() - dt.timedelta(days=1)
    assert attempts.of(home.store, contacts=[grace], since=since) == ()


def test_an_attempt_at_nobody_is_refused(home: OpenHome) -> None:
    before = written(home)
    with pytest.raises(UserError, match="who or where"):
        attempts.record(home, ContactAttempt(at=home.store.clock(), reached=True))
    assert written(home) == before


def test_saying_more_strikes_the_first_and_writes_another_in_one_unit(
    home: OpenHome, grace: int
) -> None:
    first = tried(home, 5, contact=grace)
    units = written(home)[0]
    more = dataclasses.replace(got(home, ContactAttempt, first), waited=11, note="on hold")
    noted = attempts.amend(home, first, more)
    assert written(home)[0] == units + 1
    assert got(home, ContactAttempt, first).struck_reason
    stands = got(home, ContactAttempt, noted.id)
    assert (stands.waited, stands.note, stands.struck_reason) == (11, "on hold", None)
    since = home.store.clock() - dt.timedelta(days=1)
    assert [one.id for one in attempts.of(home.store, contacts=[grace], since=since)] == [noted.id]
    with pytest.raises(UserError, match="does not stand"):
        attempts.amend(home, first, more)
    editing.undo(home, noted.changes)
    assert got(home, ContactAttempt, first).struck_reason is None


def test_what_cannot_be_kept_leaves_the_first_one_standing(home: OpenHome, grace: int) -> None:
    first = tried(home, 5, contact=grace)
    wrong = dataclasses.replace(got(home, ContactAttempt, first), waited=-3)
    before = written(home)
    with pytest.raises(UserError):
        attempts.amend(home, first, wrong)
    assert written(home) == before


def test_whom_nobody_has_reached(home: OpenHome, grace: int, surgery: int) -> None:
    tried(home, 50, contact=grace, waited=20)
    tried(home, 40, contact=grace, reached=True)
    tried(home, 30, organisation=surgery, waited=15)
    tried(home, 20, contact=grace, organisation=surgery, waited=7)
    last = tried(home, 10, contact=grace)
    tried(home, 60 * 24 * 100, contact=grace)
    found = attempts.unmet(home.store)
    assert [(one.contact, one.organisation, one.tries, one.waited) for one in found] == [
        (grace, None, 2, 7),
        (None, surgery, 1, 15),
    ]
    assert found[0].last == got(home, ContactAttempt, last).at
    editing.strike(home, got(home, ContactAttempt, last), "wrong number")
    assert attempts.unmet(home.store)[0].contact == grace
    tried(home, 1, contact=grace, reached=True)
    assert [one.organisation for one in attempts.unmet(home.store)] == [surgery]
