"""A home on a Monday before its Wednesday round, with something of each kind that waits."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from liaison.records.casework import Action, Concern, Referral, Round, Series, Transfer
from liaison.records.directory import Contact, Organisation, Post
from liaison.records.home import Resident, Staff
from liaison.services import homes
from liaison.services.homes import OpenHome
from tests import homes as made
from tests.services.conftest import add

NOW: Final = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
"""A Monday morning."""
ROUND_AT: Final = dt.datetime(2026, 11, 25, 14, 0, tzinfo=dt.UTC)


@dataclasses.dataclass(slots=True)
class Wednesday:
    """The home and what is in it."""

    home: OpenHome
    ivy: int
    frank: int
    kofi: int
    anwar: int
    round: int
    series: int
    concern: int
    action: int
    referral: int
    back: int

    def at(self, moment: dt.datetime) -> None:
        """Let it be another moment."""
        self.home.store.clock = lambda: moment


@pytest.fixture(scope="session")
def monday(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    """Make the home once."""
    folder = tmp_path_factory.mktemp("rounds") / "home"
    home, _ = made.make(folder, clock=lambda: NOW - dt.timedelta(days=40))
    place = add(home, Organisation(name="Meadow Lane Surgery", kind="GP practice"))
    wheels = add(
        home,
        Organisation(name="Wheelchair Service", kind="equipment", typical_wait_days=126),
    )
    anwar = add(home, Contact(name="Dr Yusuf Anwar"))
    add(home, Post(contact=anwar, role="GP", organisation=place))
    kofi = add(home, Staff(name="Kofi Mensah", job_role="care assistant"))
    ivy = add(
        home,
        Resident(
            name="Ivy Marlow", room="14", date_of_birth=dt.date(1936, 12, 12),
            review_every_days=28, last_reviewed=dt.date(2026, 10, 20),
        ),
    )  # fmt: skip
    frank = add(home, Resident(name="Frank Osei", room="4", date_of_birth=dt.date(1940, 9, 4)))
    series = add(
        home,
        Series(
            name="Weekly round", professional=anwar, organisation=place, every="week", weekday=2,
            start_time="14:00",
        ),
    )  # fmt: skip
    home.close()
    with homes.open_home(folder, None, made.PASSWORD, clock=lambda: NOW) as home:
        ids = {
            "ivy": ivy, "frank": frank, "kofi": kofi, "anwar": anwar, "series": series,
            "round": add(home, Round(series=series, at=ROUND_AT)),
            "concern": add(
                home,
                Concern(
                    resident=ivy, raised_by=kofi, raised_at=NOW - dt.timedelta(days=4),
                    situation="Not sleeping since the change of room.",
                ),
            ),
            "action": add(
                home,
                Action(what="Blood test result", resident=frank, owner_staff=kofi,
                       due=dt.date(2026, 11, 20)),
            ),
            "referral": add(
                home,
                Referral(resident=frank, organisation=wheels, sent=dt.date(2026, 5, 18),
                         reason="Wheelchair assessment"),
            ),
            "back": add(
                home,
                Transfer(resident=ivy, direction="discharge", medicines="no",
                         at=dt.datetime(2026, 11, 13, 18, 40, tzinfo=dt.UTC)),
            ),
        }  # fmt: skip
    return folder, ids


@pytest.fixture
def wednesday(monday: tuple[Path, dict[str, int]], tmp_path: Path) -> Iterator[Wednesday]:
    """Open a copy of the home."""
    folder, ids = monday
    copy = made.copy(folder, tmp_path / "home")
    with homes.open_home(copy, None, made.PASSWORD, clock=lambda: NOW) as home:
        yield Wednesday(home, **ids)
