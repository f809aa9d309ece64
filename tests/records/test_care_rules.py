"""Referrals, transfers, appointments and loans that cannot be right are refused with a reason."""

from __future__ import annotations

import datetime as dt

import pytest

from liaison.records import Problem, Record, check
from liaison.records.casework import Appointment, EquipmentLoan, Referral, Transfer
from liaison.records.directory import Organisation
from liaison.records.home import Resident

TODAY = dt.date(2026, 11, 18)
MARY, GONE, COPY, OTHER = 1, 2, 3, 4
FEET, SHUT = 11, 12
FIRST, THEIRS = 21, 22


def at(day: int, hour: int = 12) -> dt.datetime:
    return dt.datetime(2026, 11, day, hour, tzinfo=dt.UTC)


def find(type_name: str, identity: int) -> Record | None:
    known: dict[tuple[str, int], Record] = {
        ("resident", MARY): Resident(id=MARY, name="Mary Jones"),
        ("resident", GONE): Resident(id=GONE, name="Ann Lee", left_on=dt.date(2026, 11, 10)),
        ("resident", COPY): Resident(id=COPY, name="Mary Jones", merged_into=MARY),
        ("resident", OTHER): Resident(id=OTHER, name="Mary Jones"),
        ("organisation", FEET): Organisation(id=FEET, name="Podiatry", kind="therapy"),
        ("organisation", SHUT): Organisation(
            id=SHUT, name="Old Clinic", kind="therapy", status="closed"
        ),
        ("referral", FIRST): Referral(id=FIRST, resident=MARY),
        ("referral", THEIRS): Referral(id=THEIRS, resident=OTHER),
    }
    return known.get((type_name, identity))


def problems(record: Record) -> list[Problem]:
    return check(record, find=find, today=TODAY)


def sent(**other: object) -> Referral:
    fields: dict[str, object] = {
        "resident": MARY, "organisation": FEET, "sent": dt.date(2026, 11, 2), "reason": "Nails",
    } | other  # fmt: skip
    return Referral(**fields)  # type: ignore[arg-type]  # by name


def moved(**other: object) -> Transfer:
    fields: dict[str, object] = {"resident": MARY, "direction": "discharge", "at": at(6)} | other
    return Transfer(**fields)  # type: ignore[arg-type]  # by name


RIGHT = [
    sent(),
    sent(acknowledged=TODAY, first_seen=TODAY),
    sent(resident=GONE, sent=dt.date(2026, 11, 10)),
    sent(parent=FIRST),
    # the same resident by a duplicate's id
    sent(resident=COPY, parent=FIRST),
    # what is over may name a place that has closed since
    sent(organisation=SHUT, closed_on=TODAY, outcome="Seen"),
    moved(),
    moved(at=at(25), planned=True),
    moved(reviewed_on=TODAY, review="No change"),
    Appointment(resident=MARY, at=at(20), purpose="Eyes"),
    Appointment(resident=MARY, at=at(17), purpose="Eyes", status="attended", outcome="Fine"),
    Appointment(resident=GONE, at=at(20), purpose="Eyes", status="cancelled"),
    EquipmentLoan(what="Frame", resident=GONE, requested_on=dt.date(2026, 10, 1),
                  returned_on=TODAY),
]  # fmt: skip


@pytest.mark.parametrize("record", RIGHT)
def test_what_can_be_right_is_kept(record: Record) -> None:
    assert problems(record) == []


WRONG = [
    (sent(acknowledged=dt.date(2026, 11, 19)), "acknowledged", "lies in the future"),
    (sent(first_seen=dt.date(2026, 12, 1)), "first_seen", "Until then it is an appointment."),
    (sent(closed_on=dt.date(2026, 11, 19), outcome="x"), "closed_on", "lies in the future"),
    (sent(closed_on=TODAY, outcome="   "), "outcome", "nothing is closed without one"),
    (sent(first_seen=dt.date(2026, 11, 1)), "first_seen", "lies before"),
    (sent(threshold_days=0), "threshold_days", "from 1 to"),
    (sent(resident=GONE, sent=dt.date(2026, 11, 11)), "sent", "Ann Lee left on Tue 10 Nov 2026"),
    (sent(parent=THEIRS), "parent", "about another resident"),
    (sent(id=FIRST, parent=FIRST), "parent", "follow from itself"),
    (moved(at=at(19)), "at", "say that it is planned"),
    (moved(resident=GONE, at=at(11)), "at", "Ann Lee left on"),
    (moved(reviewed_on=dt.date(2026, 11, 5), review="x"), "reviewed_on", "lies before"),
    (moved(reviewed_on=TODAY), "review", "is missing"),
    (moved(reviewed_on=TODAY, review="   "), "review", "is missing"),
    (moved(reviewed_on=dt.date(2026, 11, 20), review="x"), "reviewed_on", "in the future"),
    (Appointment(resident=MARY, at=at(20), purpose="x", status="attended"), "status",
     "has not come yet"),
    (Appointment(resident=GONE, at=at(20), purpose="x"), "at", "Ann Lee left on"),
    (EquipmentLoan(what="Frame", requested_on=dt.date(2026, 11, 19)), "requested_on", "future"),
]  # fmt: skip


@pytest.mark.parametrize(("record", "field", "words"), WRONG)
def test_what_cannot_be_right_is_refused_at_its_field(
    record: Record, field: str, words: str
) -> None:
    (problem,) = [p for p in problems(record) if p.blocks]
    assert (problem.field, words in problem.message) == (field, True), problem


def test_a_closed_place_is_warned_of_and_does_not_stop_anybody() -> None:
    (problem,) = problems(sent(organisation=SHUT))
    assert not problem.blocks
    assert "Old Clinic has closed" in problem.message
