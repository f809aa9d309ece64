"""What cannot be so of a concern: noticed tomorrow, or about somebody who had left by then."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from liaison.records import Record, check
from liaison.records.casework import Concern
from liaison.records.home import Resident

NOW = dt.datetime(2026, 11, 18, 10, 41, tzinfo=dt.UTC)
GONE = Resident(id=1, name="Tom Redway", left_on=dt.date(2026, 11, 4))
CONCERN = Concern(resident=1, raised_by=2, raised_at=NOW, situation="Coughs")


def found(concern: Concern, resident: Resident, *, with_hour: bool = True) -> list[str]:
    def find(type_name: str, _identity: int) -> Record | None:
        return resident if type_name == "resident" else Resident()

    problems = check(concern, find=find, today=NOW.date(), now=NOW if with_hour else None)
    return [problem.field for problem in problems if problem.blocks]


HERE = dataclasses.replace(GONE, left_on=None)


@pytest.mark.parametrize("field", ["raised_at", "answered_at", "closed_at"])
@pytest.mark.parametrize(("minutes", "wrong"), [(-1, False), (5, False), (6, True)])
def test_what_has_not_come_yet_is_refused_but_for_what_two_clocks_differ(
    field: str,
    minutes: int,
    wrong: bool,  # noqa: FBT001  # a table
) -> None:
    at = NOW + dt.timedelta(minutes=minutes)
    one = dataclasses.replace(
        CONCERN, raised_at=NOW - dt.timedelta(days=1), answer="Seen", outcome="Better"
    )
    one = dataclasses.replace(one, **{field: at})  # type: ignore[arg-type]  # by name
    assert found(one, HERE) == ([field] if wrong else [])


def test_where_only_the_day_is_known_the_day_counts() -> None:
    tomorrow = dataclasses.replace(CONCERN, raised_at=NOW + dt.timedelta(days=1))
    later = dataclasses.replace(CONCERN, raised_at=NOW + dt.timedelta(hours=3))
    assert found(tomorrow, HERE, with_hour=False) == ["raised_at"]
    assert found(later, HERE, with_hour=False) == []


@pytest.mark.parametrize(
    ("day", "wrong"), [(dt.date(2026, 11, 18), False), (dt.date(2026, 11, 17), True), (None, False)]
)
def test_whoever_had_left_by_then_is_refused(
    day: dt.date | None,
    wrong: bool,  # noqa: FBT001  # a table
) -> None:
    left = dataclasses.replace(GONE, left_on=day)
    assert found(CONCERN, left) == (["resident"] if wrong else [])


def test_what_is_closed_may_go_on_naming_somebody_who_left() -> None:
    closed = dataclasses.replace(CONCERN, outcome="Better", closed_at=NOW)
    assert found(closed, GONE) == []
