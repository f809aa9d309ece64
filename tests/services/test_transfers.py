"""Transfers: out of hours, reviews, readmissions, the checklist, and reviews with words."""

from __future__ import annotations

import dataclasses

import pytest

from liaison.errors import UserError
from liaison.records.casework import Transfer
from liaison.records.home import Home, Resident
from liaison.services import editing, transfers
from liaison.services.homes import OpenHome
from tests.services.casework import TODAY, at, care, mary, moved, on
from tests.services.conftest import add, got, written

__all__ = ["care", "mary"]


def test_a_discharge_on_a_friday_evening_is_out_of_hours_and_due_seven_working_days_on(
    care: OpenHome, mary: int
) -> None:
    gone = moved(care, mary, "admission", at(11, 3, 9))
    back = moved(care, mary, "discharge", at(11, 6, 18), summary="yes", medicines="no")
    told = {one.id: one for one in transfers.between(care.store, on(11, 1), TODAY)}
    assert list(told) == [back, gone]
    assert told[back].out_of_hours
    assert told[back].review_due == on(11, 17)
    assert told[back].days_late == 1
    assert told[back].gone_since == at(11, 3, 9)
    assert (told[back].lacking, told[back].unanswered) == (("medicines",), ("equipment",))
    assert told[back].direction == "Discharge"
    assert told[back].flags == ("out of hours",)
    assert not told[gone].out_of_hours
    assert (told[gone].review_due, told[gone].days_late) == (None, None)


@pytest.mark.parametrize(("hour", "minute", "out"), [(17, 59, False), (18, 0, True)])
def test_out_of_hours_begins_at_eighteen_hours_sharp(
    care: OpenHome, mary: int, hour: int, minute: int, *, out: bool
) -> None:
    back = moved(care, mary, "discharge", at(11, 6, hour).replace(minute=minute))
    one = transfers.one(care.store, back)
    assert one is not None
    assert one.out_of_hours is out


def test_the_homes_own_hours_and_working_days_count(care: OpenHome, mary: int) -> None:
    loaded = care.store.the("home")
    assert loaded is not None
    assert isinstance(loaded.record, Home)
    editing.save(
        care, loaded, dataclasses.replace(loaded.record, hours_to="20:00", review_working_days=3)
    )
    back = moved(care, mary, "discharge", at(11, 6, 18))
    one = transfers.one(care.store, back)
    assert one is not None
    assert (one.out_of_hours, one.review_due) == (False, on(11, 11))


def test_a_readmission_is_told_with_its_days_also_of_a_merged_duplicate(
    care: OpenHome, mary: int
) -> None:
    twin = add(care, Resident(name="Mary Jones", room="4"))
    moved(care, twin, "discharge", at(10, 20))
    again = moved(care, mary, "A&E", at(11, 10, 2), end_of_life=True)
    one = transfers.one(care.store, again)
    assert one is not None
    assert one.readmitted_after is None
    copy, stands = care.store.get("resident", twin), care.store.get("resident", mary)
    assert copy is not None
    assert stands is not None
    editing.merge(care, copy, stands)
    one = transfers.one(care.store, again)
    assert one is not None
    assert one.readmitted_after == 21
    assert one.flags == (
        "out of hours", "readmitted 21 days after coming back", "end of life",
    )  # fmt: skip


def test_reviews_wait_as_it_was_on_a_day_the_most_overdue_first(care: OpenHome, mary: int) -> None:
    ann = add(care, Resident(name="Ann Lee"))
    late = moved(care, mary, "discharge", at(11, 2))
    soon = moved(care, ann, "move in", at(11, 12))
    assert [one.id for one in transfers.to_review(care.store, TODAY)] == [late, soon]
    transfers.review(care, late, "Two medicines stopped, chart changed")
    assert [one.id for one in transfers.to_review(care.store, TODAY)] == [soon]
    assert [one.id for one in transfers.to_review(care.store, on(11, 17))] == [late, soon]
    assert got(care, Transfer, late).reviewed_on == TODAY


def test_a_review_needs_words_and_is_made_once_and_only_after_coming_back(
    care: OpenHome, mary: int
) -> None:
    back = moved(care, mary, "discharge", at(11, 2))
    gone = moved(care, mary, "admission", at(11, 1))
    before = written(care)
    with pytest.raises(UserError, match="what the review found"):
        transfers.review(care, back, "   ")
    with pytest.raises(UserError, match="No review is due"):
        transfers.review(care, gone, "fine")
    with pytest.raises(UserError, match="lies before"):
        transfers.review(care, back, "fine", on(11, 1))
    assert written(care) == before
    done = transfers.review(care, back, "No change", on(11, 9))
    with pytest.raises(UserError, match="reviewed on Mon 9 Nov 2026"):
        transfers.review(care, back, "again")
    editing.undo(care, done.changes)
    assert got(care, Transfer, back).reviewed_on is None


def test_a_line_of_the_checklist_is_answered_in_one_press(care: OpenHome, mary: int) -> None:
    back = moved(care, mary, "discharge", at(11, 2))
    done = transfers.answer(care, back, "medicines", "partly")
    assert got(care, Transfer, back).medicines == "partly"
    editing.undo(care, done.changes)
    assert got(care, Transfer, back).medicines is None
