"""Appointments with escort and transport; equipment on loan from asking to going back."""

from __future__ import annotations

import pytest

from liaison.errors import UserError
from liaison.records.casework import Appointment, EquipmentLoan
from liaison.records.home import Staff
from liaison.services import appointments, editing
from liaison.services.homes import OpenHome
from tests.services.casework import TODAY, at, care, chairs, mary, on
from tests.services.conftest import add, got

__all__ = ["care", "chairs", "mary"]


def test_what_is_not_arranged_yet_is_told_before_the_day(
    care: OpenHome, mary: int, chairs: int
) -> None:
    amy = add(care, Staff(name="Amy Bell", job_role="care assistant"))
    bare = add(care, Appointment(resident=mary, at=at(11, 20), place=chairs, purpose="Chair"))
    whole = add(
        care,
        Appointment(resident=mary, at=at(11, 25), purpose="Eyes", escort=amy, transport="Taxi"),
    )
    gone = add(care, Appointment(resident=mary, at=at(11, 10), purpose="Feet"))
    first, second, third = appointments.appointments(care.store, TODAY)
    assert (first.id, first.to_close, first.missing) == (gone, True, ())
    assert (second.id, second.days, second.missing) == (bare, 2, ("Escort", "Transport"))
    assert (third.id, third.missing, third.escort) == (whole, (), "Amy Bell")


def test_attending_needs_words_and_its_day(care: OpenHome, mary: int) -> None:
    past = add(care, Appointment(resident=mary, at=at(11, 10), purpose="Feet"))
    ahead = add(care, Appointment(resident=mary, at=at(11, 20), purpose="Eyes"))
    with pytest.raises(UserError, match="what came of it"):
        appointments.finish(care, past, "attended", "   ")
    with pytest.raises(UserError, match="has not come yet"):
        appointments.finish(care, ahead, "attended", "Fine")
    done = appointments.finish(care, past, "attended", "Nails cut")
    assert got(care, Appointment, past).outcome == "Nails cut"
    with pytest.raises(UserError, match="over already"):
        appointments.finish(care, past, "missed")
    assert [one.id for one in appointments.appointments(care.store, TODAY)] == [ahead]
    assert [one.id for one in appointments.past(care.store, 5)[0]] == [past]
    editing.undo(care, done.changes)
    assert got(care, Appointment, past).status == "booked"


def test_a_loan_goes_from_asked_for_to_here_to_its_check_and_back(
    care: OpenHome, mary: int, chairs: int
) -> None:
    frame = add(
        care, EquipmentLoan(what="Frame", resident=mary, supplier=chairs, requested_on=on(11, 2))
    )
    (one,) = appointments.loans(care.store, TODAY)
    assert (one.state, one.days, one.supplier) == ("asked for", 16, "Wheelchair Service")
    with pytest.raises(UserError, match="lies before"):
        appointments.mark_loan(care, frame, "arrived_on", on(11, 1))
    appointments.mark_loan(care, frame, "arrived_on", on(11, 4))
    appointments.checked(care, frame, on(12, 1))
    assert [one.state for one in appointments.loans(care.store, TODAY)] == ["here"]
    assert [one.state for one in appointments.loans(care.store, on(12, 1))] == ["check due"]
    with pytest.raises(UserError, match="does not lie ahead"):
        appointments.checked(care, frame, TODAY)
    appointments.mark_loan(care, frame, "returned_on", TODAY)
    assert appointments.loans(care.store, TODAY) == ()
    ((back,), _) = appointments.returned(care.store, 5)
    assert (back.id, back.state) == (frame, "returned")
    with pytest.raises(UserError, match="went back already"):
        appointments.checked(care, frame, on(12, 1))
