"""How the home stands, in few numbers."""

from __future__ import annotations

import datetime as dt

from liaison.records.casework import Action
from liaison.records.directory import Contact, Organisation
from liaison.services import backups
from liaison.services.homes import OpenHome
from liaison.services.today import standing
from tests.services.conftest import add

DAY = dt.date(2026, 11, 18)


def on(days: int) -> dt.date:
    return DAY + dt.timedelta(days=days)


def test_what_is_open_is_counted_by_age(home: OpenHome) -> None:
    assert standing.still_open(home.store, DAY).total == 0
    for days in (-100, -91, -90, -20, -8, 0):
        add(home, Action(what="Ring", due=on(days)))
    found = standing.still_open(home.store, DAY)
    assert (found.total, found.late, found.oldest, found.very_old) == (6, 5, 100, 2)
    assert [number for _, number in found.bands] == [1, 1, 1, 1, 2]


def test_the_directory_is_fresh_due_or_old(home: OpenHome) -> None:
    add(home, Contact(name="Never"))
    # six months before the day, to the day: due
    for checked in (on(0), dt.date(2026, 5, 19), dt.date(2026, 5, 18), dt.date(2025, 11, 18)):
        add(home, Contact(name=str(checked), last_checked=checked))
    add(home, Organisation(name="Clinic", kind="other", last_checked=on(-30)))
    found = standing.checked(home.store, DAY)
    assert (found.months, found.fresh, found.due, found.old) == (6, 3, 1, 2)
    assert found.total == 6


def test_a_backup_grows_stale(home: OpenHome) -> None:
    now = home.store.clock()
    none = standing.backup(home.store, now)
    assert none.last is None
    assert none.stale
    backups.by_hand(home, home.folder.parent / "copy.liaison-backup")
    made = standing.backup(home.store, now)
    assert made.last is not None
    assert not made.stale
    assert standing.backup(home.store, now + backups.STALE + dt.timedelta(hours=1)).stale
