"""Referrals: the clock as it was on a day, asking again, chains, and closing with words."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import pytest

from liaison.errors import UserError
from liaison.records.administration import Person
from liaison.records.casework import Chase, Referral
from liaison.records.home import Resident
from liaison.records.rules.chasing import NO_REPLY
from liaison.services import editing, homes, people, referrals
from liaison.services.homes import OpenHome
from liaison.services.outcomes import record_outcome
from tests import homes as made
from tests.services.casework import NOW, TODAY, care, chairs, mary, on, referred
from tests.services.conftest import add, got, written

__all__ = ["care", "chairs", "mary"]


def test_the_days_are_counted_from_sending_to_the_day_asked_about(
    care: OpenHome, mary: int, chairs: int
) -> None:
    referred(care, mary, chairs, on(5, 18))
    (one,) = referrals.waiting(care.store, TODAY)
    assert (one.days, one.state, one.usual, one.length) == (184, "waiting", 126, "too long")
    assert (one.bar, one.words) == ("late", "184 days, usual wait 126")
    (then,) = referrals.waiting(care.store, on(9, 21))
    assert (then.days, then.length, then.bar) == (126, "within the usual wait", "ok")
    assert referrals.waiting(care.store, on(5, 17)) == ()


def test_what_was_closed_or_seen_later_was_still_waiting_on_the_day(
    care: OpenHome, mary: int, chairs: int
) -> None:
    identity = referred(care, mary, chairs, on(5, 18))
    referrals.mark(care, identity, "first_seen", on(11, 2))
    (seen,) = referrals.waiting(care.store, TODAY)
    assert (seen.state, seen.days, seen.bar) == ("seen", 168, "ok")
    assert seen.words == "seen after 168 days, no outcome yet"
    referrals.close(care, identity, "New chair fitted", on(11, 16))
    assert referrals.waiting(care.store, TODAY) == ()
    assert referrals.waiting(care.store, on(11, 16)) == ()
    assert [w.state for w in referrals.waiting(care.store, on(11, 15))] == ["seen"]
    assert [(w.state, w.days) for w in referrals.waiting(care.store, on(11, 1))] == [
        ("waiting", 167)
    ]
    ((one,), after) = referrals.closed(care.store, 5)
    assert (one.id, after) == (identity, None)


def test_a_threshold_of_its_own_goes_before_the_usual_wait(
    care: OpenHome, mary: int, chairs: int
) -> None:
    identity = referred(care, mary, chairs, on(5, 18), threshold_days=200)
    one = referrals.one(care.store, identity, TODAY)
    assert one is not None
    assert (one.bar, one.words) == ("due", "184 days, usual wait 126, too long after 200")


def test_chased_without_a_reply_takes_nothing_but_the_referral(
    care: OpenHome, mary: int, chairs: int
) -> None:
    identity = referred(care, mary, chairs, on(5, 18))
    units = written(care)[0]
    noted = referrals.chase(care, identity)
    # past the usual wait: five working days after Wed 18 Nov 2026
    assert noted.next_chase == on(11, 25)
    assert written(care)[0] == units + 1
    (chase,) = referrals.chases(care.store, identity)
    assert (chase.result, chase.how) == (NO_REPLY, "phone")
    (one,) = referrals.waiting(care.store, TODAY)
    assert (one.chases, one.last, one.chase_due) == (1, chase, False)
    (later,) = referrals.waiting(care.store, on(11, 25))
    assert later.chase_due
    # as it was before anybody asked
    (before,) = referrals.waiting(care.store, on(11, 17))
    assert (before.chases, before.last) == (0, None)
    editing.undo(care, noted.changes)
    assert got(care, Referral, identity).next_chase is None
    assert [c.struck_reason is not None for c in referrals.chases(care.store, identity)] == [True]


def test_asking_needs_words_and_a_day_ahead_and_writes_nothing_without(
    care: OpenHome, mary: int, chairs: int
) -> None:
    identity = referred(care, mary, chairs, on(5, 18))
    before = written(care)
    with pytest.raises(UserError) as refused:
        referrals.chase(care, identity, result="   ", next_chase=on(11, 17))
    assert "what came of asking" in refused.value.what
    assert "lies ahead" in refused.value.what
    assert written(care) == before


def test_an_outcome_of_three_spaces_closes_nothing(care: OpenHome, mary: int, chairs: int) -> None:
    identity = referred(care, mary, chairs, on(5, 18))
    before = written(care)
    with pytest.raises(UserError, match="what came of it"):
        referrals.close(care, identity, "   ")
    with pytest.raises(UserError):
        record_outcome(care, "referral", identity, "   ")
    assert written(care) == before
    referrals.close(care, identity, "Discharged from their list")
    closed = got(care, Referral, identity)
    assert (closed.closed_on, closed.outcome) == (TODAY, "Discharged from their list")
    for work in (referrals.chase, lambda h, i: referrals.mark(h, i, "first_seen", TODAY)):
        with pytest.raises(UserError, match="closed already"):
            work(care, identity)


def test_being_seen_before_being_sent_is_refused(care: OpenHome, mary: int, chairs: int) -> None:
    identity = referred(care, mary, chairs, on(5, 18))
    with pytest.raises(UserError, match="lies before"):
        referrals.mark(care, identity, "first_seen", on(5, 17))
    with pytest.raises(UserError, match="lies in the future"):
        referrals.mark(care, identity, "acknowledged", on(11, 19))


def test_a_chain_is_told_from_its_beginning_with_its_branches(
    care: OpenHome, mary: int, chairs: int
) -> None:
    first = referred(care, mary, chairs, on(3, 2))
    second = referred(care, mary, chairs, on(4, 2), parent=first)
    branch = referred(care, mary, chairs, on(5, 2), parent=first)
    third = referred(care, mary, chairs, on(6, 2), parent=second)
    referred(care, mary, chairs, on(7, 2))
    expected = [(0, first), (1, second), (2, third), (1, branch)]
    for start in (first, third):
        told = [(depth, r.id) for depth, r in referrals.chain(care.store, start)]
        assert told == expected


def test_a_circle_of_mistakes_ends(care: OpenHome, mary: int, chairs: int) -> None:
    first = referred(care, mary, chairs, on(3, 2))
    second = referred(care, mary, chairs, on(4, 2), parent=first)
    loaded = care.store.load("referral", first)
    assert loaded is not None
    assert isinstance(loaded.record, Referral)
    with care.unit("two PCs") as unit:
        unit.save(loaded, dataclasses.replace(loaded.record, parent=second))
    assert {r.id for _, r in referrals.chain(care.store, first)} == {first, second}


def test_two_residents_of_one_name_are_told_apart(care: OpenHome, mary: int, chairs: int) -> None:
    other = add(care, Resident(name="Mary Jones", room="9", date_of_birth=dt.date(1940, 5, 6)))
    referred(care, mary, chairs, on(5, 18))
    referred(care, other, chairs, on(5, 19))
    one, two = (wait.resident for wait in referrals.waiting(care.store, TODAY))
    assert one == "Mary Jones (room 4, date of birth 3 Feb 1931)"
    assert two == "Mary Jones (room 9, date of birth 6 May 1940)"
    assert [w.resident for w in referrals.waiting(care.store, TODAY, resident=other)] == [two]


def test_a_carer_notes_an_asking_and_leaves_the_plan_as_it_is(
    care: OpenHome, mary: int, chairs: int, folder: Path
) -> None:
    identity = referred(care, mary, chairs, on(5, 18), next_chase=on(11, 18))
    password = "rain on the garden shed roof"
    people.add(care, Person(name="Amy Bell", role="carer"), password, cost=made.CHEAP)
    care.close()
    with homes.open_home(folder, "Amy Bell", password, clock=lambda: NOW) as hers:
        noted = referrals.chase(hers, identity)
        assert noted.next_chase == on(11, 18)
        assert got(hers, Referral, identity).next_chase == on(11, 18)
        assert isinstance(referrals.chases(hers.store, identity)[0], Chase)
        with pytest.raises(UserError):
            referrals.close(hers, identity, "Seen")


def test_what_is_waiting_is_found_by_an_index(care: OpenHome, mary: int, chairs: int) -> None:
    few = referred(care, mary, chairs, on(5, 18))

    def steps() -> int:
        count = 0

        def counted() -> int:
            nonlocal count
            count += 1
            return 0

        care.store.connection.set_progress_handler(counted, 100)
        try:
            assert [w.id for w in referrals.waiting(care.store, TODAY)] == [few]
        finally:
            care.store.connection.set_progress_handler(None, 0)
        return count

    before = steps()
    with care.unit() as unit:
        for number in range(600):
            day = on(5, 1) - dt.timedelta(days=number)
            unit.add(
                Referral(
                    resident=mary, organisation=chairs, sent=day, reason="x",
                    closed_on=day, outcome="Seen",
                )
            )  # fmt: skip
    assert steps() <= before + 10
