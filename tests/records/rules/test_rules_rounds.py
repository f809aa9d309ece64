"""When a recurring round comes next, and what belongs on whose agenda."""

from __future__ import annotations

import datetime as dt

import pytest

from liaison.records.rules import times
from liaison.records.rules.rounds import (
    Kind,
    Mark,
    Matter,
    Seat,
    belongs,
    following,
    holiday_note,
    in_order,
    moment_of,
    review_due,
    sittings,
    start_of,
    start_problem,
)

_D = dt.date
_WEDNESDAY, _FRIDAY = 2, 4


@pytest.mark.parametrize(
    ("every", "weekday", "last", "then"),
    [
        ("week", _WEDNESDAY, _D(2026, 11, 18), _D(2026, 11, 25)),
        # moved to the Thursday: the next one is on the Wednesday again
        ("week", _WEDNESDAY, _D(2026, 11, 19), _D(2026, 11, 25)),
        # moved to the Tuesday before
        ("week", _WEDNESDAY, _D(2026, 11, 17), _D(2026, 11, 25)),
        ("week", None, _D(2026, 11, 19), _D(2026, 11, 26)),
        ("two weeks", _FRIDAY, _D(2026, 12, 25), _D(2027, 1, 8)),
        ("month", _FRIDAY, _D(2026, 11, 13), _D(2026, 12, 11)),
        # a fifth Friday is followed by the last one
        ("month", _FRIDAY, _D(2026, 10, 30), _D(2026, 11, 27)),
        # the second Friday, held a day earlier
        ("month", _FRIDAY, _D(2026, 11, 12), _D(2026, 12, 11)),
        ("month", None, _D(2027, 12, 31), _D(2028, 1, 31)),
        # the 28th is a Saturday, the 14th a Sunday
        ("month", None, _D(2026, 1, 31), _D(2026, 3, 2)),
        ("two months", None, _D(2026, 12, 14), _D(2027, 2, 15)),
        ("quarter", _FRIDAY, _D(2026, 11, 6), _D(2027, 2, 5)),
        (None, _FRIDAY, _D(2026, 11, 6), None),
        ("week", _FRIDAY, _D(9999, 12, 31), None),
    ],
)
def test_the_round_after_one_keeps_its_place_in_the_week_or_month(
    every: str | None, weekday: int | None, last: dt.date, then: dt.date | None
) -> None:
    assert following(every, weekday, last) == then


def test_no_round_is_planned_in_the_past_after_a_long_pause() -> None:
    assert sittings("week", _WEDNESDAY, _D(2026, 1, 7), _D(2026, 11, 22), 2) == [
        _D(2026, 11, 25),
        _D(2026, 12, 2),
    ]


def test_a_new_series_begins_on_its_next_weekday() -> None:
    assert sittings("week", _WEDNESDAY, None, _D(2026, 11, 22), 2) == [
        _D(2026, 11, 25),
        _D(2026, 12, 2),
    ]
    assert sittings(None, _WEDNESDAY, None, _D(2026, 11, 22), 2) == []


def test_a_round_on_a_bank_holiday_says_so() -> None:
    assert "Bank holiday" in holiday_note(_D(2026, 12, 25))
    assert not holiday_note(_D(2026, 12, 23))


def test_a_round_begins_by_the_homes_clock_in_summer_and_winter() -> None:
    winter, summer = moment_of(_D(2026, 11, 25), start_of("14:00")), moment_of(_D(2026, 6, 24), start_of("9.30"))  # fmt: skip
    assert times.to_iso(winter) == "2026-11-25T14:00:00+00:00"
    assert times.to_iso(summer) == "2026-06-24T09:30:00+01:00"


@pytest.mark.parametrize("typed", ["25:00", "ten", "10:60", ""])
def test_a_time_that_no_clock_shows_is_told(typed: str) -> None:
    assert start_problem(typed)
    assert start_problem("14:00") is None


def _matter(kind: Kind, **more: object) -> Matter:
    base: dict[str, object] = {
        "source_type": "concern", "source_id": 1, "resident": 7, "question": "", "why": "",
        "since": _D(2026, 11, 1), "age": "", "mark": Mark.OPEN,
    }  # fmt: skip
    return Matter(kind=kind, **(base | more))  # type: ignore[arg-type]  # by name


_GP = Seat(frozenset({1}), frozenset({10}), frozenset({"GP"}), general=True, elsewhere=frozenset({2}))  # fmt: skip
_PHARMACIST = Seat(frozenset({2}), frozenset({20}), frozenset({"pharmacist"}), general=False)


@pytest.mark.parametrize(
    ("matter", "before"),
    [
        (_matter(Kind.CONCERN, route="round"), (True, False)),
        (_matter(Kind.CONCERN, route="round", person=2), (False, True)),
        # meant for somebody who holds no round here: the main round hears of it
        (_matter(Kind.CONCERN, route="round", person=3), (True, False)),
        (_matter(Kind.QUERY, route="pharmacist"), (False, True)),
        (_matter(Kind.QUERY, route="GP"), (True, False)),
        (_matter(Kind.CONCERN, route="999"), (False, False)),
        (_matter(Kind.ACTION), (True, False)),
        (_matter(Kind.ACTION, person=2), (True, True)),
        (_matter(Kind.ACTION, resident=None), (False, False)),
        (_matter(Kind.ACTION, resident=None, person=1), (True, False)),
        (_matter(Kind.REFERRAL, place=20), (True, True)),
        (_matter(Kind.BACK_HOME), (True, False)),
        (_matter(Kind.REVIEW, person=2), (False, True)),
        (_matter(Kind.REVIEW, person=3), (True, False)),
    ],
)
def test_what_waits_is_put_before_whom_it_is_meant_for(
    matter: Matter, before: tuple[bool, bool]
) -> None:
    assert (belongs(matter, _GP), belongs(matter, _PHARMACIST)) == before


def test_the_order_is_the_same_however_the_matters_were_found() -> None:
    pressing = _matter(Kind.CONCERN, source_id=3, pressing=True, since=_D(2026, 11, 20))
    back = _matter(Kind.BACK_HOME, source_id=4)
    old, young = _matter(Kind.CONCERN, source_id=5), _matter(Kind.CONCERN, source_id=6, since=_D(2026, 11, 9))  # fmt: skip
    wanted = [pressing, back, old, young]
    for found in (wanted, wanted[::-1]):
        assert in_order((matter, "Ivy") for matter in found) == wanted


def test_a_review_is_due_so_many_days_after_the_last_or_after_moving_in() -> None:
    assert review_due(28, _D(2026, 11, 1), _D(2020, 1, 1)) == _D(2026, 11, 29)
    assert review_due(28, None, _D(2026, 11, 1)) == _D(2026, 11, 29)
    assert review_due(28, None, None) == dt.date.min
    assert review_due(None, _D(2026, 11, 1), None) is None
    assert review_due(10**9, _D(2026, 11, 1), None) is None
