"""A part of a resident's timeline: of some types, from a day on, counted by type."""

from __future__ import annotations

import datetime as dt

from liaison.records.casework import Concern, Referral
from liaison.records.directory import ContactAttempt, Organisation
from liaison.records.home import Resident, Staff
from liaison.services import editing
from liaison.services.homes import OpenHome
from liaison.services.outcomes import record_outcome
from liaison.store import query
from liaison.store.written import first_writers
from tests.services.conftest import add, folder, got, home, pattern  # noqa: F401  # fixtures

AT = dt.datetime(2026, 11, 18, 0, 10, tzinfo=dt.UTC)


def fill(home: OpenHome) -> int:  # noqa: F811  # the fixture
    """Write two calls, a concern and a referral of one resident; return the resident."""
    dot = add(home, Resident(name="Dorothy Hale"))
    moira = add(home, Staff(name="Moira Kelly", job_role="nurse"))
    place = add(home, Organisation(name="Clinic", kind="other"))
    for days in (0, 100):
        at = AT - dt.timedelta(days=days)
        add(home, ContactAttempt(at=at, resident=dot, reached=True))
    add(home, Concern(resident=dot, raised_by=moira, raised_at=AT, situation="Coughs."))
    add(home, Referral(resident=dot, organisation=place, sent=AT.date(), reason="Swallowing"))
    return dot


def test_only_some_types_are_shown(home: OpenHome) -> None:  # noqa: F811  # the fixture
    dot = fill(home)
    shown, more = query.timeline(home.store, dot, types=("concern", "referral"))
    assert {type(record) for _, record in shown} == {Concern, Referral}
    assert more is None


def test_a_day_counts_from_its_first_minute(home: OpenHome) -> None:  # noqa: F811  # the fixture
    dot = fill(home)
    assert len(query.timeline(home.store, dot, since="2026-11-18")[0]) == 3
    assert query.timeline(home.store, dot, since="2026-11-19")[0] == []


def test_a_part_is_read_in_pages_too(home: OpenHome) -> None:  # noqa: F811  # the fixture
    dot = fill(home)
    first, after = query.timeline(home.store, dot, limit=1, types=("contact_attempt",))
    assert after is not None
    second, end = query.timeline(home.store, dot, after, types=("contact_attempt",))
    assert len(first) == len(second) == 1
    assert first[0][0] > second[0][0]
    assert end is None


def test_what_is_archived_is_not_counted(home: OpenHome) -> None:  # noqa: F811  # the fixture
    dot = fill(home)
    assert query.timeline_counts(home.store, dot) == {
        "contact_attempt": 2, "concern": 1, "referral": 1,
    }  # fmt: skip
    (concern,) = query.page(home.store, query.Query("concern")).records
    assert concern.id is not None
    record_outcome(home, "concern", concern.id, "Entered twice.")
    editing.archive(home, got(home, Concern, concern.id), "entered twice")
    assert "concern" not in query.timeline_counts(home.store, dot)
    assert query.timeline_counts(home.store, dot, since="2026-11-01")["contact_attempt"] == 1


def test_counting_stops_one_beyond_what_is_of_use(home: OpenHome) -> None:  # noqa: F811  # the fixture
    dot = fill(home)
    assert query.timeline_counts(home.store, dot, most=1)["contact_attempt"] == 2
    assert query.timeline_counts(home.store, dot, most=0)["contact_attempt"] == 1


def test_a_duplicate_s_records_count_for_who_stands_for_both(
    home: OpenHome,  # noqa: F811  # the fixture
) -> None:
    dot = fill(home)
    other = add(home, Resident(name="Dot Hale"))
    one, twin = (home.store.get("resident", who) for who in (dot, other))
    assert one is not None
    assert twin is not None
    editing.merge(home, one, twin)
    assert query.timeline_counts(home.store, other)["contact_attempt"] == 2


def test_who_first_wrote_a_record_is_known_for_many_at_once(
    home: OpenHome,  # noqa: F811  # the fixture
) -> None:
    fill(home)
    calls = [r.id or 0 for r in query.page(home.store, query.Query("contact_attempt")).records]
    assert first_writers(home.store, [*calls, 5]) == dict.fromkeys(calls, home.person)
