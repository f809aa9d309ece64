"""How many records belong to a period, and how much the log holds."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from liaison.records.casework import Referral, Transfer, Visit, VisitEntry
from liaison.records.directory import Organisation
from liaison.records.home import Resident
from liaison.services import editing
from liaison.services.homes import OpenHome
from liaison.store.held import Held, held, log
from tests.services.conftest import add, folder, home, pattern  # noqa: F401  # fixtures

MARCH = dt.date(2026, 3, 1), dt.date(2026, 3, 31)


def moved(home: OpenHome, at: dt.datetime) -> int:  # noqa: F811  # the fixture
    mary = add(home, Resident(name="Mary Jones"))
    return add(home, Transfer(resident=mary, direction="discharge", at=at))


@pytest.mark.parametrize(
    ("at", "number"),
    [
        # London is an hour ahead of UTC from 29 March 2026 on
        (dt.datetime(2026, 2, 28, 23, 59, 59, tzinfo=dt.UTC), 0),
        (dt.datetime(2026, 3, 1, 0, 0, tzinfo=dt.UTC), 1),
        (dt.datetime(2026, 3, 31, 22, 59, 59, tzinfo=dt.UTC), 1),
        (dt.datetime(2026, 3, 31, 23, 0, tzinfo=dt.UTC), 0),
    ],
)
def test_a_period_begins_and_ends_with_its_days_in_london(
    home: OpenHome,  # noqa: F811  # the fixture
    at: dt.datetime,
    number: int,
) -> None:
    moved(home, at)
    assert held(home.store, "transfer", "at", *MARCH) == Held(number, 0, 0)


@pytest.mark.parametrize(("day", "number"), [(28, 0), (1, 1), (31, 1)])
def test_a_day_of_its_own_counts_up_to_the_last_day(
    home: OpenHome,  # noqa: F811  # the fixture
    day: int,
    number: int,
) -> None:
    month = 2 if day == 28 else 3
    sent = dt.date(2026, month, day)
    mary = add(home, Resident(name="Mary Jones"))
    chairs = add(home, Organisation(name="Wheelchair Service", kind="equipment"))
    add(home, Referral(resident=mary, organisation=chairs, reason="Chair", sent=sent))
    assert held(home.store, "referral", "sent", *MARCH) == Held(number, 0, 0)


def test_struck_and_changed_records_and_notes_of_a_visit_are_told(
    home: OpenHome,  # noqa: F811  # the fixture
) -> None:
    resident = add(home, Resident(name="Mary Jones"))
    visit = add(home, Visit(at=dt.datetime(2026, 3, 5, 10, tzinfo=dt.UTC), kind="visit"))
    ids = [
        add(home, VisitEntry(visit=visit, resident=resident, found=words))
        for words in ("a", "b", "c")
    ]
    loaded = home.store.load("visit_entry", ids[0])
    assert loaded is not None
    assert isinstance(loaded.record, VisitEntry)
    editing.save(home, loaded, dataclasses.replace(loaded.record, found="a, corrected"))
    second = home.store.load("visit_entry", ids[1])
    assert second is not None
    editing.strike(home, second.record, "Twice")
    assert held(home.store, "visit_entry", "visit.at", *MARCH) == Held(3, 1, 2)
    april = dt.date(2026, 4, 1), dt.date(2026, 4, 30)
    assert held(home.store, "visit_entry", "visit.at", *april) == Held(0, 0, 0)


def test_the_log_is_counted_with_its_first_and_last_moment(
    home: OpenHome,  # noqa: F811  # the fixture
) -> None:
    before = log(home.store)
    add(home, Resident(name="Mary Jones"))
    after = log(home.store)
    assert after.changes == before.changes + 1
    assert after.first == before.first
    assert after.last is not None
    assert before.last is not None
    assert after.last >= before.last
    assert (after.pcs, after.people) == (1, 1)
