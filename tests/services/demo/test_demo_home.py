"""The demonstration home is whole, repeats itself, and looks like a home that has been lived in."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections import Counter

import pytest

from liaison.records import Kind, Record, all_specs, check, spec_of
from liaison.records.casework import (
    Action,
    AgendaOutcome,
    Chase,
    Concern,
    Referral,
    Round,
    Transfer,
    Visit,
    VisitEntry,
)
from liaison.records.directory import Contact, ContactAttempt, Organisation, Post
from liaison.records.home import Resident, Staff
from liaison.records.rules import nhs_number, times, waits
from liaison.records.rules.compliance import State
from liaison.records.rules.hours import out_of_hours
from liaison.records.rules.working_days import add_working_days
from liaison.records.training import Competency, Session
from liaison.services import training
from liaison.services.homes import OpenHome
from liaison.store.verify import verify
from tests.services.demo.conftest import TODAY, Maker, every, everything

_TEST_PHONE = re.compile(r"01632 960 \d{3}|07700 900 \d{3}|111|999")
#: Keys are made by chance, and with them the PC's id and what bytes are called.
_BY_KEYS = {("pc", "id"), ("attachment", "sha256")}


def written(home: OpenHome) -> dict[str, list[dict[str, object]]]:
    """Return everything that was written, but what hangs on keys."""
    return {
        name: [
            {
                field: value
                for field, value in dataclasses.asdict(record).items()
                if (name, field) not in _BY_KEYS
            }
            for record in records
        ]
        for name, records in everything(home).items()
    }


# It repeats itself


def test_the_same_seed_and_day_give_the_same_home(home: OpenHome, make: Maker) -> None:
    assert written(make()) == written(home)


def test_another_seed_gives_another_home(home: OpenHome, make: Maker) -> None:
    other = make(seed=2)
    first = {entry.found for entry in every(home, VisitEntry)}
    second = {entry.found for entry in every(other, VisitEntry)}
    assert first != second
    numbers = {resident.nhs_number for resident in every(home, Resident)}
    assert not numbers & {resident.nhs_number for resident in every(other, Resident)}


# It is whole


def test_every_type_has_records_but_those_the_program_keeps(home: OpenHome) -> None:
    empty = {name for name, records in everything(home).items() if not records}
    assert empty == {"access_event", "membership"}


def test_nothing_in_it_would_be_refused(home: OpenHome) -> None:
    words = home.store.vocabularies
    wrong = [
        (name, problem.field, problem.message)
        for name, records in everything(home).items()
        for record in records
        for problem in check(record, find=home.store.get, vocabularies=words, today=TODAY)
        if problem.blocks
    ]
    assert wrong == []


def test_it_verifies(home: OpenHome) -> None:
    report = verify(home.store, deep=True, blob_key=home.unlocked.vault.blob_key)
    assert report.damage == []
    # one act, one unit: a history, not an import
    assert report.units > 1_500


def test_nothing_was_written_after_the_morning_of_the_day(home: OpenHome) -> None:
    newest = max(
        record.id or 0
        for records in everything(home).values()
        for record in records
        if record.id is not None and spec_of(record).name in {"visit", "concern"}
    )
    written_at = dt.datetime.fromtimestamp((newest >> 20) / 1000, dt.UTC)
    assert written_at.date() <= TODAY
    assert times.in_london(written_at) <= times.start_of_day(TODAY) + dt.timedelta(hours=6.6)


def test_two_residents_have_the_same_name_and_can_be_told_apart(home: OpenHome) -> None:
    names = Counter(resident.name for resident in every(home, Resident))
    ((name, number),) = [(n, count) for n, count in names.items() if count > 1]
    assert number == 2
    namesakes = [r for r in every(home, Resident) if r.name == name]
    assert len({(r.room, r.date_of_birth) for r in namesakes}) == 2


def test_nhs_numbers_are_from_the_range_kept_for_tests(home: OpenHome) -> None:
    numbers = [resident.nhs_number or "" for resident in every(home, Resident)]
    assert len(set(numbers)) == len(numbers)
    assert all(number.startswith("999") and nhs_number.is_valid(number) for number in numbers)


def test_phones_are_numbers_that_nobody_answers(home: OpenHome) -> None:
    phones = [
        getattr(record, field.name)
        for name, records in everything(home).items()
        for field in all_specs()[name].columns
        if field.kind is Kind.PHONE
        for record in records
        if getattr(record, field.name)
    ]
    assert len(phones) > 100
    assert [phone for phone in phones if not _TEST_PHONE.fullmatch(phone)] == []


def test_whoever_was_spoken_to_is_somebody_and_it_reads_as_a_sentence(home: OpenHome) -> None:
    known = {contact.name for contact in every(home, Contact)}
    spoken = [chase.spoke_to for chase in every(home, Chase) if chase.spoke_to]
    assert spoken
    # "Spoke to Colin Webber.", "Spoke to the duty clerk."
    assert [one for one in spoken if one not in known and not one.startswith("the ")] == []


def test_hardly_two_notes_are_alike(home: OpenHome) -> None:
    notes = [entry.found for entry in every(home, VisitEntry) if entry.found]
    assert len(notes) > 600
    assert len(set(notes)) / len(notes) > 0.98
    assert not any(re.search(r"[{}|^]", note) for note in notes)


# It looks lived in


def test_visits_are_of_all_kinds_and_states(home: OpenHome) -> None:
    visits = every(home, Visit)
    assert {visit.status for visit in visits} == {
        "planned", "happened", "cancelled", "did not attend",
    }  # fmt: skip
    assert {visit.urgency for visit in visits} == {"planned", "ad hoc", "urgent"}
    kinds = {visit.kind for visit in visits}
    assert kinds >= {"visit", "round", "clinic", "phone", "out of hours", "assessment"}
    today = [v for v in visits if v.at and times.in_london(v.at).date() == TODAY]
    assert today
    assert all(visit.status == "planned" for visit in today)
    notes_a_visit = Counter(entry.visit for entry in every(home, VisitEntry))
    assert max(notes_a_visit.values()) > 3


def test_concerns_are_in_every_state(home: OpenHome) -> None:
    concerns = every(home, Concern)
    assert any(c.answered_at is None for c in concerns)
    assert any(c.answered_at and not c.acknowledged_at for c in concerns)
    assert any(c.acknowledged_at and not c.closed_at for c in concerns)
    assert any(c.closed_at for c in concerns)
    assert any(c.kind == "query" and not c.answered_at for c in concerns)


def test_actions_are_done_open_and_overdue(home: OpenHome) -> None:
    actions = every(home, Action)
    still_open = [action for action in actions if action.done_at is None]
    assert len(actions) - len(still_open) > 20
    assert any(action.due and action.due < TODAY for action in still_open)
    assert any(action.due and action.due >= TODAY for action in still_open)
    assert any(action.kind == "result awaited" for action in still_open)


def test_a_wheelchair_has_not_come_for_184_days(home: OpenHome) -> None:
    referrals = every(home, Referral)
    waiting = [r for r in referrals if not r.first_seen and not r.closed_on and r.sent]
    longest = max(waits.wait(r.sent, None, None, TODAY).days for r in waiting if r.sent)
    assert longest == 184
    assert any(r.parent for r in referrals)
    assert any(r.closed_on for r in referrals)
    assert any(r.acknowledged and not r.first_seen for r in waiting)


def test_somebody_came_home_on_a_friday_evening_without_papers(home: OpenHome) -> None:
    found = [
        t
        for t in every(home, Transfer)
        if t.direction == "discharge" and t.summary == "no" and t.medicines == "no" and t.at
    ]
    assert any(
        times.in_london(t.at).weekday() == 4 and out_of_hours(times.in_london(t.at))
        for t in found
        if t.at
    )
    # and the review after it is late
    assert any(
        t.reviewed_on is None and add_working_days(times.in_london(t.at).date(), 7) < TODAY
        for t in found
        if t.at
    )


def test_somebody_is_in_hospital_and_some_have_left(home: OpenHome) -> None:
    residents = every(home, Resident)
    assert {r.left_reason for r in residents if r.left_on} >= {
        "died", "moved home", "moved care home",
    }  # fmt: skip
    last: dict[int, Transfer] = {}
    for transfer in sorted(every(home, Transfer), key=lambda t: str(t.at and t.at.timestamp())):
        last[transfer.resident or 0] = transfer
    away = [r for r in residents if not r.left_on and r.id in last]
    assert any(last[r.id or 0].direction == "admission" for r in away)


def test_training_is_in_every_state(home: OpenHome) -> None:
    matrix = training.matrix(home.store, TODAY)
    assert {cell.state for row in matrix.rows for cell in row.cells} == set(State)
    assert len(matrix.rows) == 22
    (data,) = [column.target for column in matrix.columns if column.target]
    assert (data.part, data.whole, data.met) == (20, 22, False)


def test_somebody_learned_from_a_nurse_and_passed_it_on(home: OpenHome) -> None:
    sessions = {session.id: session for session in every(home, Session)}
    passed_on = [s for s in sessions.values() if s.cascaded_from and s.teacher_staff]
    assert passed_on
    first = [s for s in passed_on if sessions[s.cascaded_from].teacher_contact]
    # three levels: somebody who learned it from our staff passed it on as well
    assert {s.cascaded_from for s in passed_on if s not in first} & {s.id for s in first}
    teachers = [c for c in every(home, Competency) if c.level == "can teach" and c.review_due]
    assert any(c.review_due and c.review_due < TODAY for c in teachers)


def test_rounds_carry_over_what_they_do_not_settle(home: OpenHome) -> None:
    outcomes = every(home, AgendaOutcome)
    assert any(outcome.carried and outcome.carried_to for outcome in outcomes)
    assert sum(bool(outcome.outcome) for outcome in outcomes) > 200
    assert {r.status for r in every(home, Round)} == {"planned", "happened", "cancelled"}


def test_the_directory_ages(home: OpenHome) -> None:
    checked = [c.last_checked for c in every(home, Contact) if c.last_checked]
    ages = [(TODAY - day).days for day in checked]
    assert min(ages) < 31
    assert max(ages) > 365
    posts = Counter(post.contact for post in every(home, Post) if post.until is None)
    assert max(posts.values()) > 1
    assert any(post.until for post in every(home, Post))
    assert any(o.status == "merged" for o in every(home, Organisation))
    reached = {attempt.reached for attempt in every(home, ContactAttempt)}
    assert reached == {True, False}


def test_mistakes_were_put_right_and_stay_readable(home: OpenHome) -> None:
    entries = {entry.id: entry for entry in every(home, VisitEntry)}
    moved = [entry for entry in entries.values() if entry.moved_from]
    assert moved
    for entry in moved:
        before = entries[entry.moved_from]
        assert before.struck_reason
        assert before.resident != entry.resident
    assert any(contact.merged_into for contact in every(home, Contact))
    assert any(contact.archived for contact in every(home, Contact))
    struck = [
        e for e in entries.values() if e.struck_reason and e.id not in {m.moved_from for m in moved}
    ]
    assert struck


def test_staff_come_and_go_and_change_jobs(home: OpenHome) -> None:
    staff = every(home, Staff)
    assert sum(person.left_on is None for person in staff) == 22
    assert any(person.left_on for person in staff)
    assert any(not person.name.isascii() for person in staff if person.name)


# Other sizes and days


def count(home: OpenHome, cls: type[Record]) -> int:
    return len(every(home, cls))


def test_a_small_home_is_small(make: Maker) -> None:
    small = make(beds=5, staff=8, years=1)
    assert count(small, Resident) == 5
    assert sum(person.left_on is None for person in every(small, Staff)) == 8
    assert 30 < count(small, VisitEntry) < 90
    first = min(visit.at for visit in every(small, Visit) if visit.at)
    assert first.date() > TODAY - dt.timedelta(days=366)


def test_a_large_home_is_large(make: Maker) -> None:
    large = make(beds=60, staff=80)
    residents = every(large, Resident)
    assert len(residents) == 60
    here = [resident for resident in residents if not resident.left_on]
    assert len({resident.room for resident in here}) == len(here)
    assert sum(person.left_on is None for person in every(large, Staff)) == 80
    notes = [entry.found for entry in every(large, VisitEntry) if entry.found]
    assert len(notes) > 1_200
    assert len(set(notes)) / len(notes) > 0.97


def test_a_record_longer_than_anybody_stayed_is_told_throughout(make: Maker) -> None:
    years, beds = 10, 2
    long = make(years=years, beds=beds, staff=1)
    begun = TODAY - dt.timedelta(days=365 * years)
    assert any(person.started and person.started < begun for person in every(long, Staff))
    visits = [visit.at.date() for visit in every(long, Visit) if visit.at]
    assert {day.year for day in visits} >= set(range(TODAY.year - years + 1, TODAY.year))
    assert [len(person.name or "") > 0 for person in every(long, Resident)] == [True] * beds


def test_so_many_notes_as_are_asked_for(make: Maker) -> None:
    crowded = make(beds=12, staff=10, years=1, notes=3_000)
    assert 3_000 <= count(crowded, VisitEntry) <= 3_010
    notes = [entry.found for entry in every(crowded, VisitEntry) if entry.found]
    assert len(set(notes)) / len(notes) > 0.9
    assert verify(crowded.store).damage == []


@pytest.mark.parametrize(
    "today",
    [
        pytest.param(dt.date(2027, 1, 1), id="a bank holiday"),
        pytest.param(dt.date(2026, 10, 25), id="the clocks go back"),
        pytest.param(
            dt.date(2028, 3, 1), id="a Wednesday, the day of the round, after 29 February"
        ),
    ],
)
def test_it_can_be_made_on_any_day(make: Maker, today: dt.date) -> None:
    made = make(today, years=1)
    matrix = training.matrix(made.store, today)
    assert {cell.state for row in matrix.rows for cell in row.cells} == set(State)
    waiting = [r for r in every(made, Referral) if not r.first_seen and not r.closed_on]
    assert max((today - r.sent).days for r in waiting if r.sent) == 184
    wrong = [
        (name, problem.message)
        for name, records in everything(made).items()
        for record in records
        for problem in check(record, find=made.store.get, today=today)
        if problem.blocks
        # the home has a word of its own in a list
        if "bank" not in problem.message
    ]
    assert wrong == []
