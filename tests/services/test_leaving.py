"""Somebody leaves or dies: what closes is listed and confirmed, what must be finished stays open."""

from __future__ import annotations

import pytest

from liaison.errors import UserError
from liaison.records.casework import (
    Action,
    Appointment,
    Concern,
    EquipmentLoan,
    Referral,
    Transfer,
    Visit,
    VisitEntry,
)
from liaison.records.home import Resident, Staff
from liaison.services import editing, leaving
from liaison.services.homes import OpenHome
from tests.services.casework import TODAY, at, care, chairs, mary, moved, on, referred
from tests.services.conftest import add, got, written

__all__ = ["care", "chairs", "mary"]


@pytest.fixture
def everything(care: OpenHome, mary: int, chairs: int) -> dict[str, int]:
    """Give a resident one open thing of every kind."""
    ann = add(care, Resident(name="Ann Lee"))
    amy = add(care, Staff(name="Amy Bell", job_role="care assistant"))
    alone = add(care, Visit(status="planned", at=at(11, 25), kind="visit", reason="Heel"))
    add(care, VisitEntry(visit=alone, resident=mary))
    shared = add(care, Visit(status="planned", at=at(11, 26), kind="round"))
    add(care, VisitEntry(visit=shared, resident=mary))
    add(care, VisitEntry(visit=shared, resident=ann))
    past = add(care, Visit(status="happened", at=at(11, 2), kind="visit"))
    add(care, VisitEntry(visit=past, resident=mary, found="Fine"))
    return {
        "alone": alone,
        "shared": shared,
        "eyes": add(care, Appointment(resident=mary, at=at(12, 1), place=chairs, purpose="Eyes")),
        "chair": referred(care, mary, chairs, on(5, 18), next_chase=on(11, 20)),
        "back": moved(care, mary, "discharge", at(11, 13)),
        "frame": add(
            care,
            EquipmentLoan(what="Frame", resident=mary, requested_on=on(9, 1), arrived_on=on(9, 3)),
        ),
        "bloods": add(
            care, Action(what="Bloods", kind="result awaited", resident=mary, due=on(11, 20))
        ),
        "worry": add(
            care,
            Concern(resident=mary, raised_by=amy, raised_at=at(11, 17), situation="Not eating"),
        ),
    }


def keys(loose: tuple[leaving.Loose, ...]) -> set[int]:
    return {one.id for one in loose}


def test_nothing_is_closed_until_somebody_confirms_it(
    care: OpenHome, mary: int, everything: dict[str, int]
) -> None:
    before = written(care)
    found = leaving.closing(care.store, mary, TODAY)
    assert found is not None
    assert keys(found.closes) == {everything[n] for n in ("alone", "eyes", "chair", "back")}
    assert keys(found.stays) == {everything[n] for n in ("shared", "frame", "bloods", "worry")}
    why = {one.id: one.why for one in found.stays}
    assert why[everything["shared"]] == "is also for Ann Lee"
    assert why[everything["frame"]] == "is to go back"
    assert why[everything["bloods"]] == "the result still has to be read"
    assert written(care) == before


def test_what_is_confirmed_is_closed_with_the_reason_in_one_step_and_can_be_taken_back(
    care: OpenHome, mary: int, everything: dict[str, int]
) -> None:
    found = leaving.closing(care.store, mary, TODAY)
    assert found is not None
    kept = [one.key for one in found.closes if one.id != everything["eyes"]]
    units = written(care)[0]
    left = leaving.leave(care, mary, TODAY, "died", kept)
    assert written(care)[0] == units + 1
    assert left.closed == 3
    assert keys(left.stays) == {everything[n] for n in ("shared", "frame", "bloods", "worry")}
    who = got(care, Resident, mary)
    assert (who.left_on, who.left_reason) == (TODAY, "died")
    visit = got(care, Visit, everything["alone"])
    assert (visit.status, visit.reason) == ("cancelled", "Heel\nDied, Wed 18 Nov 2026")
    chair = got(care, Referral, everything["chair"])
    assert (chair.closed_on, chair.outcome) == (TODAY, "Died, Wed 18 Nov 2026")
    assert chair.next_chase is None
    back = got(care, Transfer, everything["back"])
    assert (back.reviewed_on, back.review) == (TODAY, "Died, Wed 18 Nov 2026")
    # nobody confirmed this one, and it may still be closed by hand
    assert got(care, Appointment, everything["eyes"]).status == "booked"
    assert got(care, Visit, everything["shared"]).status == "planned"
    assert got(care, EquipmentLoan, everything["frame"]).returned_on is None
    editing.undo(care, left.changes)
    assert got(care, Resident, mary).left_on is None
    assert got(care, Visit, everything["alone"]).status == "planned"


def test_a_day_ahead_is_refused_and_nothing_is_closed(
    care: OpenHome, mary: int, everything: dict[str, int]
) -> None:
    before = written(care)
    with pytest.raises(UserError, match="lies in the future"):
        leaving.leave(care, mary, on(11, 19), "died", [("referral", everything["chair"])])
    assert written(care) == before


def test_what_was_closed_meanwhile_is_not_closed_again(
    care: OpenHome, mary: int, everything: dict[str, int]
) -> None:
    found = leaving.closing(care.store, mary, TODAY)
    assert found is not None
    wanted = [one.key for one in found.closes]
    leaving.leave(care, mary, TODAY, "died", wanted[:1])
    before = written(care)
    with pytest.raises(UserError, match="closed or changed meanwhile"):
        leaving.leave(care, mary, TODAY, "died", wanted)
    assert written(care) == before


def test_of_somebody_who_left_before_the_rest_can_still_be_closed(
    care: OpenHome, mary: int, everything: dict[str, int]
) -> None:
    leaving.leave(care, mary, TODAY, "moved home", [])
    found = leaving.closing(care.store, mary, TODAY)
    assert found is not None
    assert everything["eyes"] in keys(found.closes)
    left = leaving.leave(care, mary, TODAY, "moved home", [("appointment", everything["eyes"])])
    eyes = got(care, Appointment, everything["eyes"])
    assert (eyes.status, eyes.outcome) == ("cancelled", "Moved home, Wed 18 Nov 2026")
    assert left.closed == 1


def test_a_return_that_was_planned_does_not_come_about_and_is_struck_through(
    care: OpenHome, mary: int
) -> None:
    planned = moved(care, mary, "discharge", at(11, 23), planned=True)
    found = leaving.closing(care.store, mary, TODAY)
    assert found is not None
    assert [(one.key, one.why) for one in found.closes] == [
        (("transfer", planned), "is struck through, as it does not come about")
    ]
    left = leaving.leave(care, mary, TODAY, "died", [("transfer", planned)])
    struck = got(care, Transfer, planned)
    assert (struck.struck_reason, struck.reviewed_on) == ("Died, Wed 18 Nov 2026", None)
    editing.undo(care, left.changes)
    assert got(care, Transfer, planned).struck_reason is None
    assert got(care, Resident, mary).left_on is None
