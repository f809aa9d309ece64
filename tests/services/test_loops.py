"""Open loops: everything without an outcome, as it was on a day, until somebody records one."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest

from liaison.errors import UserError
from liaison.records import ids
from liaison.records.casework import (
    Action,
    AgendaLine,
    AgendaOutcome,
    Appointment,
    Chase,
    Concern,
    EquipmentLoan,
    Referral,
    Round,
    Series,
    Transfer,
)
from liaison.records.directory import Contact, Organisation, Post
from liaison.records.home import Resident, Staff
from liaison.services import appointments, editing, loop_words, loops, outcomes
from liaison.services.homes import OpenHome
from liaison.services.loops import Loop
from liaison.store import query
from tests.services.conftest import add, got

DAY = dt.date(2026, 11, 18)


def on(days: int) -> dt.date:
    return DAY + dt.timedelta(days=days)


def at(days: int, hour: int = 9, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(on(days), dt.time(hour, minute), dt.UTC)


@pytest.fixture(autouse=True)
def clock(home: OpenHome) -> None:
    """Let it be the morning of the day."""
    home.store.clock = lambda: at(0)


@pytest.fixture
def mary(home: OpenHome) -> int:
    return add(home, Resident(name="Mary Ellis", room="4", date_of_birth=dt.date(1931, 2, 3)))


@pytest.fixture
def priya(home: OpenHome) -> int:
    return add(home, Staff(name="Priya Nair", job_role="care assistant"))


@pytest.fixture
def place(home: OpenHome) -> int:
    return add(home, Organisation(name="Wheelchairs", kind="equipment", typical_wait_days=126))


def read(home: OpenHome, day: dt.date = DAY) -> list[Loop]:
    return [*loops.read(home.store, day).items]


def change(home: OpenHome, record: Any, **fields: Any) -> None:
    loaded = home.store.load(loops_type(record), record.id)
    assert loaded is not None
    editing.save(home, loaded, dataclasses.replace(record, **fields))


def loops_type(record: Any) -> str:
    from liaison.records import spec_of

    return spec_of(record).name


def words(home: OpenHome, day: dt.date = DAY) -> list[loop_words.Line]:
    return [*loop_words.tell(home.store, read(home, day), day)]


# ---- what is open, and since when


def test_everything_without_an_outcome_is_there_oldest_first(
    home: OpenHome, mary: int, priya: int, place: int
) -> None:
    add(home, Concern(resident=mary, raised_by=priya, raised_at=at(-5), situation="Coughs"))
    add(
        home,
        Concern(kind="query", resident=mary, raised_by=priya, raised_at=at(-6), situation="Tea?"),
    )
    add(home, Action(what="Ring", due=on(-4), resident=mary, owner_staff=priya))
    add(home, Action(what="Bloods", kind="result awaited", due=on(-3), resident=mary))
    add(home, Referral(resident=mary, organisation=place, sent=on(-184), reason="Chair"))
    add(home, Transfer(resident=mary, direction="discharge", at=at(-12, 18, 40)))
    found = read(home)
    assert [(loop.kind, loop.days) for loop in found] == [
        ("referral", 184), ("review", 12), ("query", 6), ("concern", 5), ("action", 4),
        ("result", 3),
    ]  # fmt: skip
    assert {loop.resident for loop in found} == {mary}
    counts = loops.read(home.store, DAY).counts
    assert list(counts) == ["referral", "concern", "query", "action", "result", "review"]


def test_an_appointment_that_is_past_is_open_until_somebody_says_what_came_of_it(
    home: OpenHome, mary: int, priya: int, place: int
) -> None:
    past = add(
        home, Appointment(resident=mary, at=at(-3), place=place, purpose="Ears.", escort=priya)
    )
    add(home, Appointment(resident=mary, at=at(0, 8), purpose="Today, not over yet"))
    add(home, Appointment(resident=mary, at=at(2), purpose="Ahead"))
    (loop,) = read(home)
    assert (loop.type, loop.id, loop.kind, loop.days) == ("appointment", past, "appointment", 3)
    assert (loop.state, loop.owner) == ("late", ("staff", priya))
    (line,) = words(home)
    assert (line.what, line.verb) == ("Ears, Wheelchairs", "Open")
    assert line.step == "Was Sun 15 Nov 2026; what came of it is not recorded"
    assert read(home, on(-3)) == []
    appointments.finish(home, past, "attended", "Syringed")
    assert read(home) == []


def test_equipment_is_open_from_the_day_its_check_is_due_until_it_is_checked_or_goes_back(
    home: OpenHome, mary: int, place: int
) -> None:
    loan = EquipmentLoan(
        what="Hoist", resident=mary, supplier=place, requested_on=on(-90), arrived_on=on(-80),
        next_check=on(10),
    )  # fmt: skip
    late = add(home, dataclasses.replace(loan, next_check=on(-5)))
    today = add(home, dataclasses.replace(loan, what="Frame", next_check=DAY))
    add(home, loan)
    assert [(one.id, one.kind, one.days, one.state) for one in read(home)] == [
        (late, "loan", 5, "late"), (today, "loan", 0, "due"),
    ]  # fmt: skip
    assert {line.step for line in words(home)} == {
        "Check or return due Fri 13 Nov 2026", "Check or return due Wed 18 Nov 2026",
    }  # fmt: skip
    appointments.checked(home, late, on(60))
    appointments.mark_loan(home, today, "returned_on", DAY)
    assert read(home) == []


def test_a_wait_is_counted_in_calendar_days(home: OpenHome, mary: int, place: int) -> None:
    add(home, Referral(resident=mary, organisation=place, sent=dt.date(2026, 5, 18), reason="x"))
    (loop,) = read(home)
    assert (loop.days, loop.state) == (184, "late")
    assert loop.due == dt.date(2026, 5, 18) + dt.timedelta(days=126)
    assert loop.expected == 126


def test_who_came_back_on_a_friday_evening_is_to_be_reviewed_in_seven_working_days(
    home: OpenHome, mary: int
) -> None:
    add(home, Transfer(resident=mary, direction="return from A&E", at=at(-12, 18, 40)))
    (loop,) = read(home)
    assert loop.since_day == dt.date(2026, 11, 6)
    assert loop.due == dt.date(2026, 11, 17)
    assert (loop.state, loop.step, loop.step_on) == ("late", "return from A&E", loop.since_day)
    add(home, Transfer(resident=mary, direction="admission", at=at(-1)))
    assert len(read(home)) == 1


def test_a_late_evening_belongs_to_its_own_day_here(home: OpenHome, mary: int, priya: int) -> None:
    # half past midnight in summer is the evening before in UTC
    raised = dt.datetime(2026, 7, 1, 23, 30, tzinfo=dt.UTC)
    add(home, Concern(resident=mary, raised_by=priya, raised_at=raised, situation="x"))
    assert [loop.days for loop in read(home, dt.date(2026, 7, 2))] == [0]
    assert read(home, dt.date(2026, 7, 1)) == []


def test_it_is_seen_as_it_was_on_a_day(home: OpenHome, mary: int, priya: int, place: int) -> None:
    concern = add(
        home, Concern(resident=mary, raised_by=priya, raised_at=at(-9), situation="Coughs")
    )
    action = add(home, Action(what="Ring", due=on(-8), resident=mary))
    referral = add(home, Referral(resident=mary, organisation=place, sent=on(-7), reason="x"))
    back = add(home, Transfer(resident=mary, direction="discharge", at=at(-6)))
    change(
        home, got(home, Concern, concern),
        answer="Seen", answered_by="Dr Anwar", answered_at=at(-4), outcome="Well", closed_at=at(-3),
    )  # fmt: skip
    change(home, got(home, Action, action), done_at=at(-3, 22), outcome="Done")
    change(home, got(home, Referral, referral), closed_on=on(-3), outcome="Seen")
    change(home, got(home, Transfer, back), reviewed_on=on(-3), review="Well")
    assert read(home) == []
    # closed on that very day: it had its outcome by its end
    assert read(home, on(-3)) == []
    before = read(home, on(-4))
    assert {loop.type for loop in before} == {"concern", "action", "referral", "transfer"}
    assert next(loop for loop in before if loop.type == "concern").step == "answered"
    assert next(loop for loop in read(home, on(-5)) if loop.type == "concern").step == ""
    assert read(home, on(-10)) == []


@pytest.mark.parametrize("gone", ["strike", "archive", "merge"])
def test_what_does_not_stand_does_not_wait(home: OpenHome, mary: int, gone: str) -> None:
    one = add(home, Action(what="Ring", due=on(-4), resident=mary))
    record = got(home, Action, one)
    if gone == "merge":
        other = add(home, Action(what="Ring them", due=on(-4), resident=mary))
        editing.merge(home, record, got(home, Action, other))
        assert [loop.id for loop in read(home)] == [other]
        return
    if gone == "archive":
        # as another PC, or an earlier Liaison, may have done: here it is refused while it is open
        with home.unit("Not ours.") as unit:
            loaded = home.store.load("action", one)
            assert loaded is not None
            unit.save(loaded, dataclasses.replace(record, archived=True))
    else:
        editing.strike(home, record, "Not ours.")
    assert read(home) == []


def test_a_duplicate_s_loops_are_those_of_who_stands_for_both(home: OpenHome, mary: int) -> None:
    other = add(home, Resident(name="M Ellis"))
    add(home, Action(what="Ring", due=on(-4), resident=other))
    editing.merge(home, got(home, Resident, other), got(home, Resident, mary))
    assert [loop.resident for loop in read(home)] == [mary]


def test_what_a_clock_that_runs_ahead_wrote_is_not_lost_today(home: OpenHome) -> None:
    # ids go on from the latest ever seen: those of this home lie after the day that is looked at
    action = add(home, Action(what="Ring", due=on(400)))
    assert [loop.id for loop in loops.read(home.store, DAY, present=True).items] == [action]
    assert [loop.id for loop in read(home)] == [action]
    assert read(home, on(-1)) == []


# ---- lines of rounds


def two_rounds(home: OpenHome) -> tuple[int, int]:
    anwar = add(home, Contact(name="Dr Anwar"))
    series = add(home, Series(name="Weekly round", professional=anwar))
    first = add(home, Round(series=series, at=at(-14), status="happened"))
    return first, add(home, Round(series=series, at=at(-7), status="happened"))


def test_a_line_that_was_carried_over_is_open_until_it_has_an_outcome(
    home: OpenHome, mary: int
) -> None:
    first, second = two_rounds(home)
    line = add(home, AgendaLine(round=first, resident=mary, question="Hearing aids?"))
    add(home, AgendaOutcome(line=line, carried=True, carried_to=second))
    (loop,) = read(home)
    assert (loop.id, loop.days, loop.carried) == (line, 14, 1)
    text = ids.to_text(line)
    again = add(
        home,
        AgendaLine(round=second, resident=mary, source_type="agenda_line", source_id=text,
                   question="Hearing aids, still"),
    )  # fmt: skip
    (loop,) = read(home)
    # one matter, as old as it is
    assert (loop.id, loop.days) == (again, 14)
    assert words(home)[0].step == "Carried over once"
    add(home, AgendaOutcome(line=again, outcome="Ordered."))
    assert read(home) == []
    # on the day of the first round nobody had said anything yet about the second
    assert [loop.id for loop in read(home, on(-10))] == [again]


def test_a_line_of_a_round_that_was_never_held_does_not_vanish(home: OpenHome, mary: int) -> None:
    past = add(home, Round(at=at(-3)))
    ahead = add(home, Round(at=at(3)))
    line = add(home, AgendaLine(round=past, resident=mary, question="Hearing aids?"))
    add(home, AgendaLine(round=ahead, resident=mary, question="Flu jab?"))
    assert [loop.id for loop in read(home)] == [line]
    assert words(home)[0].step == "Its round was not held"


def test_a_line_that_a_held_round_left_without_an_outcome_does_not_vanish(
    home: OpenHome, mary: int
) -> None:
    # another PC put it on the agenda while the round was ended here
    held, _ = two_rounds(home)
    line = add(home, AgendaLine(round=held, resident=mary, question="Hearing aids?"))
    assert [loop.id for loop in read(home)] == [line]
    assert words(home)[0].step == "Not spoken of at its round"
    assert read(home, on(-14)) == []
    outcomes.record(home, "agenda_line", line, "Ordered.")
    assert read(home) == []
    # an outcome that was taken back leaves it open again
    (said,) = query.every(home.store, query.Query("agenda_outcome"))
    editing.strike(home, said, "Another resident's")
    assert [loop.id for loop in read(home)] == [line]


def test_a_line_about_something_that_is_open_itself_says_it_once(
    home: OpenHome, mary: int, priya: int
) -> None:
    first, second = two_rounds(home)
    concern = add(
        home, Concern(resident=mary, raised_by=priya, raised_at=at(-20), situation="Coughs")
    )
    line = add(
        home,
        AgendaLine(round=first, resident=mary, source_type="concern",
                   source_id=ids.to_text(concern), question="Coughs"),
    )  # fmt: skip
    add(home, AgendaOutcome(line=line, carried=True, carried_to=second))
    assert [loop.type for loop in read(home)] == ["concern"]
    # and is over with it
    change(home, got(home, Concern, concern), outcome="Well", closed_at=at(-1))
    assert read(home) == []


def test_a_matter_that_comes_up_again_is_as_old_as_this_time(home: OpenHome, mary: int) -> None:
    first, second = two_rounds(home)
    third = add(home, Round(at=at(-2), status="happened"))
    for sitting, said in (
        (first, {"carried": True, "carried_to": second}), (second, {"outcome": "Heard well."}),
        (third, {"carried": True}),
    ):  # fmt: skip
        line = add(home, AgendaLine(round=sitting, resident=mary, question="Hearing aids?"))
        add(home, AgendaOutcome(line=line, **said))
    (loop,) = read(home)
    assert (loop.id, loop.days, loop.carried) == (line, 2, 1)


def test_a_carried_review_is_open_until_the_resident_was_reviewed(
    home: OpenHome, mary: int
) -> None:
    first, second = two_rounds(home)
    due = add(home, Resident(name="Joan Frost", review_every_days=30, last_reviewed=on(-60)))
    line = add(
        home,
        AgendaLine(round=first, resident=due, source_type="resident", source_id=ids.to_text(due)),
    )
    add(home, AgendaOutcome(line=line, carried=True, carried_to=second))
    assert [loop.id for loop in read(home)] == [line]
    change(home, got(home, Resident, due), last_reviewed=on(-1))
    assert read(home) == []


# ---- who has it, and how it reads


def test_whoever_is_asked_has_it_until_they_answered(
    home: OpenHome, mary: int, priya: int, place: int
) -> None:
    anwar = add(home, Contact(name="Dr Anwar"))
    add(home, Post(contact=anwar, role="GP", organisation=place))
    concern = add(
        home,
        Concern(resident=mary, raised_by=priya, raised_at=at(-9), situation="Coughs",
                route="GP", routed_to=anwar, urgency="today"),
    )  # fmt: skip
    (line,) = words(home)
    assert (line.owner, line.verb, line.loop.state) == ("Dr Anwar", "Answer", "late")
    assert line.step == "No answer since Mon 9 Nov 2026, goes to GP"
    assert line.resident == "Mary Ellis, Room 4"
    (group,) = loop_words.grouped(home.store, read(home), "partner", DAY)
    assert group.words == "Wheelchairs"
    change(
        home, got(home, Concern, concern),
        answer="Thank you", answered_by="Dr Anwar", answered_at=at(-1),
    )  # fmt: skip
    (line,) = words(home)
    assert (line.owner, line.verb, line.loop.state) == ("Priya Nair", "Record", "ok")
    assert line.step == "Answered Tue 17 Nov 2026, not read yet"


def test_a_referral_tells_how_it_was_chased_up_to_that_day(
    home: OpenHome, mary: int, place: int
) -> None:
    referral = add(
        home,
        Referral(resident=mary, organisation=place, sent=on(-90), reason="Own chair.",
                 next_chase=on(-1)),
    )  # fmt: skip
    assert words(home)[0].step == "No reply recorded"
    for days, result in ((-30, "No reply."), (-20, "Promised a day."), (-2, "Nobody there.")):
        add(home, Chase(referral=referral, at=at(days), how="phone", result=result))
    (line,) = words(home)
    assert (line.what, line.verb) == ("Wheelchairs, Own chair", "Chase")
    assert line.step == "Chased Mon 16 Nov 2026, nobody there"
    assert line.loop.chase
    assert words(home, on(-10))[0].step == "Chased Thu 29 Oct 2026, promised a day"
    change(home, got(home, Referral, referral), first_seen=on(-1))
    assert words(home)[0].step == "Seen Tue 17 Nov 2026, no outcome"
    assert words(home)[0].verb == "Record"


def test_two_residents_of_one_name_are_never_taken_for_each_other(
    home: OpenHome, mary: int
) -> None:
    other = add(home, Resident(name="Mary Ellis", room="9", date_of_birth=dt.date(1940, 5, 6)))
    add(home, Action(what="Ring", due=on(-4), resident=mary))
    add(home, Action(what="Ring", due=on(-3), resident=other))
    first, second = words(home)
    assert "room 4" in first.resident
    assert "3 Feb 1931" in first.resident
    assert "room 9" in second.resident
    assert "6 May 1940" in second.resident
    groups = loop_words.grouped(home.store, read(home), "resident", DAY)
    assert len(groups) == 2


def test_groups_hold_everything_once_and_nobody_s_last(
    home: OpenHome, mary: int, priya: int
) -> None:
    add(home, Action(what="a", due=on(-100), resident=mary))
    for number in range(3):
        add(home, Action(what=str(number), due=on(-number), owner_staff=priya))
    items = read(home)
    for by in loop_words.GROUPS:
        groups = loop_words.grouped(home.store, items, by, DAY)
        assert sorted(loop.id for group in groups for loop in group.items) == sorted(
            loop.id for loop in items
        )
    owners = loop_words.grouped(home.store, items, "owner", DAY)
    assert [group.words for group in owners] == ["Priya Nair", "Nobody is named"]
    ages = loop_words.grouped(home.store, items, "age", DAY)
    assert [group.words for group in ages] == ["Over 90 days", "Up to 7 days"]


# ---- closing


@pytest.mark.parametrize("empty", ["", "   ", "\n\t "])
def test_nothing_is_closed_with_three_spaces(
    home: OpenHome, mary: int, priya: int, place: int, empty: str
) -> None:
    made = {
        "concern": add(
            home, Concern(resident=mary, raised_by=priya, raised_at=at(-1), situation="x")
        ),
        "action": add(home, Action(what="Ring", due=on(-1))),
        "referral": add(home, Referral(resident=mary, organisation=place, sent=on(-1), reason="x")),
        "transfer": add(home, Transfer(resident=mary, direction="discharge", at=at(-1))),
        "agenda_line": add(home, AgendaLine(round=add(home, Round(at=at(-1))), question="x")),
    }
    assert made.keys() == outcomes.CLOSED_WITH
    for type_name, identity in made.items():
        with pytest.raises(UserError) as refused:
            outcomes.record_outcome(home, type_name, identity, empty)
        assert refused.value.code == "no-outcome"
    assert {loop.type for loop in read(home)} == made.keys()
    for type_name, identity in made.items():
        outcomes.record_outcome(home, type_name, identity, "Rang them.")
        with pytest.raises(UserError) as refused:
            outcomes.record_outcome(home, type_name, identity, "Again.")
        assert refused.value.code == "nothing-to-do"
    assert read(home) == []
