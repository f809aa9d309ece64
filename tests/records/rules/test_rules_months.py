"""The shares of many days at once are those that each day's own matrix has."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from liaison.records.home import Staff
from liaison.records.rules import shares
from liaison.records.rules.compliance import Done
from liaison.records.rules.matrix import build
from liaison.records.rules.months import shares_on
from liaison.records.rules.standing import Facts
from liaison.records.rules.times import show_plain_date
from liaison.records.training import Course, Exemption, JobHeld, Requirement
from liaison.records.vocabularies import Vocabularies

DAY = dt.date(2026, 11, 22)
ROLES = ("nurse", "cook", None)


def day(chance: random.Random, back: int = 1200) -> dt.date:
    return DAY - dt.timedelta(days=chance.randrange(back))


def some(chance: random.Random) -> Facts:
    """Make up a home with everything that can decide a share."""

    def maybe(value: dt.date, odds: float = 0.3) -> dt.date | None:
        return value if chance.random() < odds else None

    parts = [Course(name=f"Care Certificate {n}: Part", id=50 + n) for n in range(1, 4)]
    courses = [
        Course(
            name=f"Course {n}", id=n, refresh_months=chance.choice((12, 24, 36, None)),
            satisfies=(chance.randrange(1, 9),) if chance.random() < 0.3 else (),
            archived=chance.random() < 0.1, merged_into=chance.choice((2, None, None, None)) if n > 2 else None,
        )
        for n in range(1, 9)
    ]  # fmt: skip
    whole = Course(name="Care Certificate", id=50, satisfies=tuple(one.id or 0 for one in parts))
    staff = [
        Staff(
            name=f"Person {n}", id=100 + n, job_role=chance.choice(ROLES[:2]),
            started=maybe(day(chance)), left_on=maybe(day(chance, 400), 0.2),
            archived=chance.random() < 0.1, merged_into=101 if n == 7 else None,
        )
        for n in range(1, 12)
    ]  # fmt: skip
    known = [*courses, whole, *parts]

    def pick() -> tuple[int, int]:
        return chance.choice(staff).id or 0, chance.choice(known).id or 0

    return Facts(
        staff=staff,
        courses=known,
        requirements=[
            Requirement(
                id=200 + n, course=chance.choice(known).id, job_role=chance.choice(ROLES[:2]),
                since=maybe(day(chance)), grace_days=chance.choice((0, 84)),
                struck_reason="Wrong" if chance.random() < 0.1 else None,
            )
            for n in range(16)
        ],
        exemptions=[
            Exemption(id=300 + n, staff=pick()[0], course=pick()[1], until=maybe(day(chance, 300)))
            for n in range(4)
        ],
        jobs=[
            JobHeld(id=400 + n, staff=pick()[0], job_role=chance.choice(ROLES[:2]), since=day(chance))
            for n in range(5)
        ],
        trained=[
            Done(500 + n, *pick(), day(chance), maybe(day(chance, 500), 0.2)) for n in range(120)
        ],
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(25))
def test_each_day_has_the_share_of_its_own_matrix(seed: int) -> None:
    facts, days = some(random.Random(seed)), shares.month_ends(DAY, 12)
    found = shares_on(facts, days, show_plain_date)
    for one, share in zip(days, found, strict=True):
        made = build(facts, one, due_soon_days=60, vocabularies=Vocabularies({}), names={})
        assert share == shares.of_home(made, show_plain_date(one)), (seed, one)
    assert any(share.held for share in found)
