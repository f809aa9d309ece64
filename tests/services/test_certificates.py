"""Certificates without a session: training recorded, file kept, for one or many; nothing twice."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from liaison.errors import UserError
from liaison.records.home import Staff
from liaison.records.training import Course, TrainingRecord
from liaison.services import attachments, certificates, editing, homes
from liaison.services.attachments import Incoming
from liaison.services.editing import Unfit
from liaison.services.homes import OpenHome
from liaison.store import query
from tests import homes as made
from tests.services.conftest import add, written

NOW = dt.datetime(2026, 11, 18, 16, 0, tzinfo=dt.UTC)
DONE = dt.date(2026, 11, 2)
PAPER = Incoming("ana silva fire.pdf", "application/pdf", b"%PDF ana")


@pytest.fixture
def care(folder: Path) -> Iterator[OpenHome]:
    with homes.open_home(folder, None, made.PASSWORD, clock=lambda: NOW) as home:
        yield home


@pytest.fixture
def staff(care: OpenHome) -> list[int]:
    return [
        add(care, Staff(name=name, job_role="care assistant")) for name in ("Ana Silva", "Ben Hall")
    ]


@pytest.fixture
def fire(care: OpenHome) -> TrainingRecord:
    course = add(care, Course(name="Fire safety", refresh_months=12))
    return TrainingRecord(course=course, completed=DONE, delivery="e-learning", taught_by="Skills")


def trained(home: OpenHome) -> list[TrainingRecord]:
    found = query.every(home.store, query.Query("training_record", newest_first=False))
    return [one for one in found if isinstance(one, TrainingRecord) and not one.struck_reason]


def test_a_certificate_for_many_is_recorded_kept_and_taken_back_as_one(
    care: OpenHome, staff: list[int], fire: TrainingRecord
) -> None:
    done = certificates.bring(care, fire, [(one, PAPER) for one in staff])
    assert (done.recorded, done.attached, done.known) == (2, 2, ())
    assert [(one.staff, one.completed, one.delivery) for one in trained(care)] == [
        (who, DONE, "e-learning") for who in staff
    ]
    for record in done.records.values():
        (file,) = attachments.attached_to(care.store, "training_record", record)
        assert file.name == PAPER.name
    editing.undo(care, done.changes, "")
    assert trained(care) == []


def test_the_same_certificate_twice_adds_nothing_and_a_new_file_goes_to_the_same_record(
    care: OpenHome, staff: list[int], fire: TrainingRecord
) -> None:
    ana = staff[0]
    first = certificates.bring(care, fire, [(ana, PAPER)])
    before = written(care)
    again = certificates.bring(care, fire, [(ana, dataclasses.replace(PAPER, name="copy.pdf"))])
    assert (again.recorded, again.attached, again.known) == (0, 0, ("copy.pdf",))
    assert written(care) == before
    back = Incoming("back.pdf", "application/pdf", b"%PDF back")
    more = certificates.bring(care, fire, [(ana, back)])
    assert (more.recorded, more.attached, more.records) == (0, 1, first.records)


def test_whoever_brings_no_file_is_recorded_too_and_told_if_they_were(
    care: OpenHome, staff: list[int], fire: TrainingRecord
) -> None:
    ana, ben = staff
    done = certificates.bring(care, fire, [(ana, PAPER)], also=[ben])
    assert (done.recorded, done.attached) == (2, 1)
    with pytest.raises(Unfit, match="recorded already"):
        certificates.bring(care, fire, [], also=[ben])


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"completed": dt.date(2026, 11, 19)}, "is in the future"),
        ({"expires": dt.date(2026, 11, 1)}, "lies before"),
        ({"course": None}, "Course is missing"),
    ],
)
def test_what_cannot_be_right_is_refused_and_nothing_is_kept(
    care: OpenHome,
    staff: list[int],
    fire: TrainingRecord,
    fields: dict[str, object],
    message: str,
) -> None:
    before = written(care)
    wrong = dataclasses.replace(fire, **fields)  # type: ignore[arg-type]  # by name
    with pytest.raises(UserError, match=message):
        certificates.bring(care, wrong, [(staff[0], PAPER)])
    assert written(care) == before


def test_a_leaver_another_end_and_nobody_are_refused(
    care: OpenHome, staff: list[int], fire: TrainingRecord
) -> None:
    gone = add(care, Staff(name="Gone", job_role="cook", left_on=dt.date(2026, 10, 1)))
    with pytest.raises(Unfit, match="Gone left on Thu 1 Oct 2026"):
        certificates.bring(care, fire, [(staff[0], PAPER), (gone, PAPER)])
    assert trained(care) == []
    with pytest.raises(Unfit, match="missing"):
        certificates.bring(care, fire, [])
    certificates.bring(care, fire, [(staff[0], PAPER)])
    other = dataclasses.replace(fire, expires=dt.date(2027, 5, 1))
    with pytest.raises(Unfit, match="recorded already, without a day of its own"):
        certificates.bring(care, other, [(staff[0], PAPER)])


def test_whose_a_file_is_is_told_by_its_name_among_those_who_work_here(
    care: OpenHome, staff: list[int]
) -> None:
    add(care, Staff(name="Old Hand", job_role="cook", left_on=dt.date(2026, 10, 1)))
    names = ("Fire - BEN HALL.pdf", "scan0001.pdf", "old hand.pdf")
    assert certificates.named(care.store, names) == (staff[1], None, None)
