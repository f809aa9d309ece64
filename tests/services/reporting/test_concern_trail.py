"""What goes on the page to A&E: the resident, in the home's own words, and the trail."""

from __future__ import annotations

import datetime as dt

import pytest

from liaison.errors import UserError
from liaison.records.casework import Concern
from liaison.records.directory import Organisation
from liaison.records.home import Resident, Staff
from liaison.records.ids import to_text
from liaison.reports.spec import Asked
from liaison.security.roles import Action
from liaison.services import concerns, reporting
from liaison.services.homes import OpenHome
from liaison.services.reporting import concern_trail
from tests.services.conftest import add


def test_the_page_names_the_resident_and_tells_the_trail(home: OpenHome) -> None:
    surgery = add(home, Organisation(name="Meadow Lane", kind="GP practice"))
    joan = add(
        home,
        Resident(
            name="Joan Tully", room="9", date_of_birth=dt.date(1931, 2, 3),
            nhs_number="9991748466", practice=surgery, allergies="Penicillin", alerts="Falls",
        ),
    )  # fmt: skip
    priya = add(home, Staff(name="Priya Nair", job_role="care assistant"))
    one = concerns.raise_concern(
        home,
        Concern(
            resident=joan, raised_by=priya, situation="Chest sounds wet", background="Well before",
            urgency="now", route="out of hours",
        ),
    ).id  # fmt: skip
    concerns.answer(home, one, "Ambulance is coming", "111 clinician")
    asked = reporting.ask(home.store, "concern-trail", subject=to_text(one))
    facts = concern_trail.gather(home.store, asked)
    assert facts.name == "Joan Tully"
    assert dict(facts.about) == {
        "Date of birth": "3 Feb 1931",
        "NHS number": "999 174 8466",
        "Room": "9",
        "GP practice": "Meadow Lane",
    }
    assert facts.alerts == "Allergies: Penicillin. Alerts: Falls"
    assert facts.words == (
        ("What is happening", "Chest sounds wet"), ("Background", "Well before"),
    )  # fmt: skip
    assert (facts.urgency, facts.goes_to) == ("Wanted now", "Out of hours")
    assert facts.raised.startswith("Priya Nair, ")
    assert [(step.what, step.who) for step in facts.steps] == [
        ("Noticed", "Priya Nair"), ("Answered", "111 clinician"),
    ]  # fmt: skip
    assert reporting.make(home, "concern-trail", asked).pages == 1


def test_without_a_concern_nothing_is_printed(home: OpenHome) -> None:
    with pytest.raises(UserError, match="Say which concern"):
        concern_trail.gather(home.store, Asked())
    with pytest.raises(UserError, match="not here"):
        concern_trail.gather(home.store, Asked(subject=("concern", 12345)))


def test_a_carer_may_print_it_as_an_ambulance_does_not_wait() -> None:
    assert reporting.action_of("concern-trail") is Action.PRINT_SHEETS
