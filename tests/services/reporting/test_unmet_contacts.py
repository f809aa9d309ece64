"""The report on unmet contacts, from a home's own attempts."""

from __future__ import annotations

import dataclasses
import datetime as dt

from liaison.records.directory import Contact, ContactAttempt, Organisation, Post
from liaison.records.home import Resident
from liaison.services import editing, reporting
from liaison.services.homes import OpenHome
from liaison.services.reporting import unmet_contacts
from tests.services.conftest import add

FRIDAY = dt.datetime(2026, 11, 13, 19, 0, tzinfo=dt.UTC)


def test_a_run_belongs_to_the_period_in_which_it_began_whenever_it_was_answered(
    home: OpenHome,
) -> None:
    surgery = add(home, Organisation(name="Meadow Lane", kind="GP practice"))
    grace = add(home, Contact(name="Grace Adeyemi"))
    add(home, Post(contact=grace, role="district nurse", organisation=surgery))
    joan = add(home, Resident(name="Joan Tully", room="4"))

    def tried(days: int, *, reached: bool = False, waited: int | None = None, **who: int) -> int:
        at = FRIDAY + dt.timedelta(days=days)
        return add(home, ContactAttempt(at=at, reached=reached, waited=waited, **who))  # type: ignore[arg-type]

    tried(0, organisation=surgery, waited=20, resident=joan)
    tried(1, organisation=surgery, resident=joan)
    tried(4, organisation=surgery, reached=True)
    tried(2, contact=grace)
    tried(5, contact=grace)
    struck = tried(1, contact=grace)
    record = home.store.get("contact_attempt", struck)
    assert isinstance(record, ContactAttempt)
    editing.strike(home, record, "wrong number")
    until = (FRIDAY + dt.timedelta(days=2)).date()
    asked = reporting.ask(
        home.store, "unmet-contacts", start=FRIDAY.date(), end=until, names="initials"
    )
    facts = unmet_contacts.gather(home.store, asked)
    (answered,) = facts.answered
    assert (answered.name, answered.tries, answered.waited, answered.out, answered.about) == (
        "Meadow Lane", 2, 20, 2, ("J.T.",),
    )  # fmt: skip
    assert answered.reached == FRIDAY + dt.timedelta(days=4)
    (waiting,) = facts.waiting
    assert (waiting.name, waiting.place, waiting.tries) == ("Grace Adeyemi", "Meadow Lane", 2)
    assert [(one.name, one.tries, one.missed) for one in facts.tallies] == [
        ("Meadow Lane", 2, 2),
        ("Grace Adeyemi", 1, 1),
    ]
    plain = dataclasses.replace(asked, names="full")
    assert unmet_contacts.gather(home.store, plain).answered[0].about == ("Joan Tully",)
