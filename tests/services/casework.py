"""A home on a Wednesday in November, for the tests of referrals, transfers and leaving."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from liaison.records.casework import Referral, Transfer
from liaison.records.directory import Organisation
from liaison.records.home import Resident
from liaison.services import homes
from liaison.services.homes import OpenHome
from tests import homes as made
from tests.services.conftest import add

TODAY = dt.date(2026, 11, 18)
NOW = dt.datetime(2026, 11, 18, 10, 40, tzinfo=dt.UTC)


def on(month: int, day: int) -> dt.date:
    return dt.date(2026, month, day)


def at(month: int, day: int, hour: int = 12) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, tzinfo=dt.UTC)


@pytest.fixture
def care(folder: Path) -> Iterator[OpenHome]:
    """Open the home as on that Wednesday."""
    with homes.open_home(folder, None, made.PASSWORD, clock=lambda: NOW) as opened:
        yield opened


@pytest.fixture
def mary(care: OpenHome) -> int:
    return add(care, Resident(name="Mary Jones", room="4", date_of_birth=dt.date(1931, 2, 3)))


@pytest.fixture
def chairs(care: OpenHome) -> int:
    return add(
        care, Organisation(name="Wheelchair Service", kind="equipment", typical_wait_days=126)
    )


def referred(care: OpenHome, resident: int, place: int, sent: dt.date, **other: object) -> int:
    fields: dict[str, object] = {
        "resident": resident, "organisation": place, "sent": sent, "reason": "Chair too small",
    } | other  # fmt: skip
    return add(care, Referral(**fields))  # type: ignore[arg-type]  # by name


def moved(care: OpenHome, resident: int, direction: str, when: dt.datetime, **other: object) -> int:
    fields: dict[str, object] = {"resident": resident, "direction": direction, "at": when} | other
    return add(care, Transfer(**fields))  # type: ignore[arg-type]  # by name
