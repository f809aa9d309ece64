"""What cannot be so of a visit is said plainly, beside its field, with both dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from zoneinfo import ZoneInfo

import pytest

from liaison.records import Problem, Record, check, ids
from liaison.records.casework import Action, Visit, VisitEntry
from liaison.records.directory import Organisation
from liaison.records.home import Resident

NOW = dt.datetime(2026, 11, 18, 10, 41, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
MARGARET = Resident(id=3, name="Margaret Ellis", left_on=dt.date(2026, 11, 2))


def problems(
    record: Record, known: Mapping[tuple[str, int], Record] | None = None
) -> list[Problem]:
    here = known or {}
    return check(record, find=lambda name, rec: here.get((name, rec)), today=NOW.date(), now=NOW)


def about(found: list[Problem], field: str) -> list[str]:
    return [problem.message for problem in found if problem.field == field]


def visit(**fields: object) -> Visit:
    return Visit(**({"id": 1, "kind": "visit", "at": NOW} | fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ahead", "refused"), [(4 * MINUTE, False), (6 * MINUTE, True), (-3 * MINUTE, False)]
)
def test_a_visit_that_has_happened_lies_not_ahead_of_the_clock(
    ahead: dt.timedelta, *, refused: bool
) -> None:
    assert bool(about(problems(visit(at=NOW + ahead)), "at")) is refused


def test_it_says_which_moment_has_not_come_and_what_to_do() -> None:
    (said,) = about(problems(visit(at=NOW + dt.timedelta(days=1))), "at")
    assert "Thu 19 Nov 2026, 10:41 has not come yet" in said
    assert "keep it as a planned visit" in said


@pytest.mark.parametrize("status", ["planned", "cancelled", "did not attend"])
def test_what_has_not_happened_may_lie_ahead(status: str) -> None:
    assert not problems(visit(status=status, at=NOW + dt.timedelta(days=9)))


def test_where_only_the_day_is_known_the_day_of_the_homes_clock_counts() -> None:
    # 23:30 in UTC is past midnight in London while it has summer time
    at = dt.datetime(2026, 6, 30, 23, 30, tzinfo=dt.UTC)
    assert check(visit(at=at), today=dt.date(2026, 6, 30))
    assert not check(visit(at=at), today=dt.date(2026, 7, 1))


def test_nobody_asks_for_a_visit_after_it_began() -> None:
    assert not problems(visit(requested_at=NOW))
    (said,) = about(problems(visit(requested_at=NOW + MINUTE)), "requested_at")
    assert "10:42 is after the visit began" in said


def test_the_two_readings_of_one_clock_keep_their_order() -> None:
    london = ZoneInfo("Europe/London")
    first = dt.datetime(2026, 10, 25, 1, 30, tzinfo=london)
    second = first.replace(fold=1).astimezone(dt.UTC)
    assert not problems(visit(at=second, requested_at=first.astimezone(dt.UTC)))
    assert problems(visit(at=first.astimezone(dt.UTC), requested_at=second))


@pytest.mark.parametrize(
    ("status", "warned"), [("happened", True), ("planned", True), ("cancelled", False)]
)
def test_a_closed_organisation_is_only_warned_of(status: str, *, warned: bool) -> None:
    closed = {("organisation", 5): Organisation(id=5, name="Tamar nursing", status="closed")}
    found = problems(visit(status=status, organisation=5), closed)
    assert [problem.blocks for problem in found] == [False] * warned
    assert all("Tamar nursing is closed" in problem.message for problem in found)


@pytest.mark.parametrize(
    ("kind", "status", "blocks"),
    [
        ("visit", "happened", [True]),
        ("clinic", "planned", [True]),
        ("phone", "happened", [False]),
        ("visit", "cancelled", []),
    ],
)
def test_nobody_is_seen_after_they_left_but_may_be_rung_about(
    kind: str, status: str, blocks: list[bool]
) -> None:
    known: dict[tuple[str, int], Record] = {
        ("resident", 3): MARGARET,
        ("visit", 1): visit(kind=kind, status=status),
    }
    found = problems(VisitEntry(visit=1, resident=3, found="Well."), known)
    assert [problem.blocks for problem in found] == blocks
    for problem in found:
        assert problem.field == "resident"
        assert "Margaret Ellis left on Mon 2 Nov 2026, before this visit on Wed 18 Nov 2026" in (
            problem.message
        )


def test_on_their_last_day_they_can_still_be_seen() -> None:
    known: dict[tuple[str, int], Record] = {
        ("resident", 3): MARGARET,
        ("visit", 1): visit(at=dt.datetime(2026, 11, 2, 23, 50, tzinfo=dt.UTC)),
    }
    assert not problems(VisitEntry(visit=1, resident=3, found="Well."), known)


@pytest.mark.parametrize("source", [("visit", 1), ("visit_entry", 7)])
def test_a_follow_up_is_not_due_before_its_visit(source: tuple[str, int]) -> None:
    known: dict[tuple[str, int], Record] = {
        ("visit", 1): visit(),
        ("visit_entry", 7): VisitEntry(id=7, visit=1, resident=3),
    }
    early = Action(
        what="Order dressings",
        due=dt.date(2026, 11, 17),
        source_type=source[0],
        source_id=ids.to_text(source[1]),
    )
    (said,) = about(problems(early, known), "due")
    assert "Tue 17 Nov 2026 lies before the visit on Wed 18 Nov 2026" in said
    same_day = Action(
        what="Order dressings",
        due=dt.date(2026, 11, 18),
        source_type=source[0],
        source_id=ids.to_text(source[1]),
    )
    assert not problems(same_day, known)


def test_an_outcome_can_be_recorded_whatever_the_due_day_was() -> None:
    done = Action(
        what="Order dressings",
        due=dt.date(2026, 11, 1),
        done_at=NOW,
        outcome="Came.",
        source_type="visit",
        source_id=ids.to_text(1),
    )
    assert not problems(done, {("visit", 1): visit()})


@pytest.mark.parametrize("source_id", ["", "not an id", ids.to_text(99)])
def test_what_came_from_nowhere_known_is_no_trouble(source_id: str) -> None:
    action = Action(what="x", due=dt.date(2020, 1, 1), source_type="visit", source_id=source_id)
    assert not about(problems(action), "due")
