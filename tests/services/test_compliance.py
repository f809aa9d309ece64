"""The home's share over the months before, each as it was on its day."""

from __future__ import annotations

import datetime as dt

from liaison.records.home import Staff
from liaison.records.training import Course, JobHeld, Requirement, TrainingRecord
from liaison.services.compliance import over_time
from liaison.services.homes import OpenHome
from tests.services.conftest import add


def test_what_counted_then_counts_then_and_whoever_worked_then_is_counted(home: OpenHome) -> None:
    fire = add(home, Course(name="Fire safety", refresh_months=12))
    add(home, Requirement(course=fire, job_role="cook"))
    ann = add(home, Staff(name="Ann", job_role="cook"))
    # renewed late: for two months nothing counted
    for day in (dt.date(2023, 5, 1), dt.date(2024, 6, 20)):
        add(home, TrainingRecord(staff=ann, course=fire, completed=day))
    add(home, Staff(name="Ben", job_role="cook", left_on=dt.date(2024, 4, 30)))
    # a cook only since June
    caz = add(home, Staff(name="Caz", job_role="cook"))
    add(home, JobHeld(staff=caz, job_role="manager", since=dt.date(2020, 1, 1)))
    add(home, JobHeld(staff=caz, job_role="cook", since=dt.date(2024, 6, 1)))
    found = over_time(home.store, dt.date(2024, 6, 30), 4)
    assert [(day, share.complete, share.people, share.held, share.required) for day, share in found] == [
        (dt.date(2024, 3, 31), 2, 3, 1, 2),
        (dt.date(2024, 4, 30), 2, 3, 1, 2),
        (dt.date(2024, 5, 31), 1, 2, 0, 1),
        (dt.date(2024, 6, 30), 1, 2, 1, 2),
    ]  # fmt: skip
