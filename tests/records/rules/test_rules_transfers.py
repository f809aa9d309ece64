"""Going to hospital and coming back: the dates and days that must be exactly right."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from liaison.records.rules import transfers
from liaison.records.rules.transfers import Move, readmitted_after, review_due

BST = timezone(timedelta(hours=1))


def at(day: int, hour: int = 12, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("came", "working_days", "due"),
    [
        (at(6, 18), 7, date(2026, 11, 17)),
        (at(18, month=12), 7, date(2026, 12, 31)),
        (at(6), 0, date(2026, 11, 6)),
        (at(7), 1, date(2026, 11, 9)),
        # by the clock on the wall it is the 2nd already
        (datetime(2026, 7, 1, 23, 30, tzinfo=UTC), 1, date(2026, 7, 3)),
        (datetime(2026, 7, 2, 0, 30, tzinfo=BST), 1, date(2026, 7, 3)),
    ],
)
@pytest.mark.parametrize("direction", ["discharge", "return from A&E", "move in"])
def test_a_review_is_due_some_working_days_after_coming_back(
    direction: str, came: datetime, working_days: int, due: date
) -> None:
    assert review_due(direction, came, working_days) == due


@pytest.mark.parametrize("direction", ["admission", "A&E", "move out", None])
def test_no_review_is_due_after_going_away(direction: str | None) -> None:
    assert review_due(direction, at(6), 7) is None


@pytest.mark.parametrize(
    ("back", "again", "days"),
    [
        (at(1, month=10), at(31, month=10), 30),
        (at(1, month=10), at(1, month=11), None),
        (at(6, 23), at(7, 1), 1),
        (at(6, 8), at(6, 20), 0),
        # back after it is no readmission
        (at(7), at(6), None),
    ],
)
@pytest.mark.parametrize("direction", ["admission", "A&E"])
def test_a_readmission_is_within_thirty_days_of_coming_back(
    direction: str, back: datetime, again: datetime, days: int | None
) -> None:
    others = [Move("admission", back - timedelta(days=3)), Move("discharge", back)]
    assert readmitted_after(Move(direction, again), others) == days


def test_the_latest_return_counts_and_moving_in_is_none() -> None:
    others = [Move("discharge", at(1)), Move("return from A&E", at(9)), Move("move in", at(10))]
    assert readmitted_after(Move("A&E", at(12)), others) == 3
    assert readmitted_after(Move("A&E", at(12)), [Move("move in", at(10))]) is None
    assert readmitted_after(Move("discharge", at(12)), others) is None


def test_somebody_was_away_since_the_first_of_the_transfers_before_the_return() -> None:
    gone = Move("A&E", at(9, 2))
    ward = Move("admission", at(9, 8))
    back = Move("discharge", at(12))
    assert transfers.left_from(back, [gone, ward, back]) == gone.at
    # nobody wrote down the way out
    assert transfers.left_from(back, [Move("discharge", at(3)), back]) is None
    assert transfers.left_from(ward, [gone, ward]) is None


def test_somebody_is_away_until_a_return_is_recorded() -> None:
    moves = [Move("A&E", at(9)), Move("return from A&E", at(10))]
    assert transfers.is_away(moves, at(9, 20))
    assert not transfers.is_away(moves, at(10, 20))
    assert not transfers.is_away(moves, at(8))


def test_what_did_not_come_along_and_what_nobody_answered_are_told_apart() -> None:
    answers = {"summary": "yes", "medicines": "partly", "equipment": None}
    assert transfers.lacking(answers) == ("medicines",)
    assert transfers.unanswered(answers) == ("equipment",)
    assert transfers.lacking({"equipment": "not needed"}) == ()
