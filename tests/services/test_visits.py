"""Visits with their notes and actions: one unit to write, pages to read."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from liaison.errors import UserError
from liaison.records import ids
from liaison.records.casework import Action, Referral, Visit, VisitEntry
from liaison.records.directory import Contact, Organisation
from liaison.records.home import Resident, Staff
from liaison.services import editing
from liaison.services.editing import Unfit
from liaison.services.homes import OpenHome
from liaison.services.visits import (
    VisitSaved,
    WholeVisit,
    change_visit,
    record_visit,
    timeline,
    timeline_counts,
    visit_with_entries,
    visits_between,
)
from liaison.store.query import Position
from tests.services.conftest import add, got, written

AT = dt.datetime(2026, 11, 18, 10, 5, tzinfo=dt.UTC)
DUE = dt.date(2026, 11, 25)


@dataclasses.dataclass(frozen=True)
class People:
    """Who is in the tests' home."""

    frank: int
    dot: int
    joan: int
    moira: int
    grace: int


@pytest.fixture
def people(home: OpenHome) -> People:
    return People(
        frank=add(home, Resident(name="Frank Osei", room="4")),
        dot=add(home, Resident(name="Dorothy Hale", room="12")),
        joan=add(home, Resident(name="Joan Tully", room="9")),
        moira=add(home, Staff(name="Moira Kelly", job_role="nurse")),
        grace=add(home, Contact(name="Grace Adeyemi")),
    )


def visit_of(people: People, **other: object) -> Visit:
    made = Visit(
        at=AT, kind="visit", professional=people.grace, left_at=AT + dt.timedelta(minutes=33)
    )
    return dataclasses.replace(made, **other)  # type: ignore[arg-type]  # by name


def note(resident: int, found: str | None = "Well.", **other: object) -> VisitEntry:
    made = VisitEntry(resident=resident, found=found)
    return dataclasses.replace(made, **other)  # type: ignore[arg-type]  # by name


def recorded(home: OpenHome, people: People) -> VisitSaved:
    return record_visit(
        home,
        visit_of(people),
        [note(people.frank), note(people.dot, "Wound smaller.", raised="Dressing on left shin.")],
        [
            Action(what="Order dressings", resident=people.dot, owner_staff=people.moira, due=DUE),
            Action(what="Ring the surgery", owner_staff=people.moira),
        ],
    )


def whole(home: OpenHome, visit: int) -> WholeVisit:
    found = visit_with_entries(home.store, visit)
    assert found is not None
    return found


def test_a_visit_its_notes_and_actions_are_one_unit(home: OpenHome, people: People) -> None:
    before = written(home)
    saved = recorded(home, people)
    assert written(home) == (before[0] + 1, before[1] + 5)
    frank, dot = (got(home, VisitEntry, entry) for entry in saved.entries)
    assert (frank.visit, frank.resident, frank.found) == (saved.visit, people.frank, "Well.")
    assert (dot.visit, dot.resident) == (saved.visit, people.dot)
    dressings, surgery = (got(home, Action, action) for action in saved.actions)
    assert (dressings.source_type, dressings.source_id) == ("visit_entry", ids.to_text(dot.id or 0))
    assert (dressings.owner_staff, dressings.due) == (people.moira, DUE)
    assert (surgery.source_type, surgery.source_id) == ("visit", ids.to_text(saved.visit))
    assert saved.warnings == ()


def test_all_problems_of_all_parts_are_told_at_once(home: OpenHome, people: People) -> None:
    before = written(home)
    with pytest.raises(Unfit) as error:
        record_visit(
            home,
            visit_of(people, kind=None, left_at=AT - dt.timedelta(hours=1)),
            [note(people.frank), note(people.dot, None), note(99), note(people.frank)],
            [Action(due=DUE), Action(what="Ring", owner_staff=77)],
        )
    assert {problem.field: problem.message for problem in error.value.problems} == {
        "entries.3.resident": "Frank Osei: there is a note in this visit already.",
        "visit.kind": "Kind is missing.",
        "visit.left_at": "Left at lies before When.",
        "entries.1.found": "Dorothy Hale: What they found and advised is missing: the visit has "
        "already happened.",
        "entries.2.resident": "(not on this PC yet): Resident: there is no such record.",
        "actions.0.what": "Action 1: What is to be done is missing.",
        "actions.1.owner_staff": "Action 2: Who does it: there is no such record.",
    }
    assert written(home) == before


def test_a_planned_visit_needs_nothing_found_until_it_has_happened(
    home: OpenHome, people: People
) -> None:
    planned = visit_of(people, status="planned", left_at=None)
    saved = record_visit(home, planned, [note(people.frank, None), note(people.dot, None)])
    shown = whole(home, saved.visit)
    happened = dataclasses.replace(got(home, Visit, saved.visit), status="happened")
    seen = dataclasses.replace(got(home, VisitEntry, saved.entries[0]), found="Well.")
    # the other note was not touched, and now lacks something
    with pytest.raises(Unfit) as error:
        change_visit(home, shown, happened, [seen])
    (problem,) = error.value.problems
    assert problem.message.startswith("Dorothy Hale: What they found and advised is missing")
    assert got(home, Visit, saved.visit).status == "planned"
    change_visit(home, shown, happened, [seen], struck={saved.entries[1]: "She was asleep"})
    assert got(home, Visit, saved.visit).status == "happened"
    assert got(home, VisitEntry, saved.entries[1]).struck_reason == "She was asleep"


def test_a_visit_is_corrected_added_to_and_struck_in_one_unit(
    home: OpenHome, people: People
) -> None:
    saved = recorded(home, people)
    shown = whole(home, saved.visit)
    before = written(home)
    changed = change_visit(
        home,
        shown,
        dataclasses.replace(got(home, Visit, saved.visit), others_present="Priya"),
        [
            dataclasses.replace(got(home, VisitEntry, saved.entries[1]), found="Wound closed."),
            note(people.joan),
        ],
        [
            dataclasses.replace(
                got(home, Action, saved.actions[0]), due=DUE + dt.timedelta(days=1)
            ),
            Action(what="Weigh her", resident=people.joan),
            Action(what="Ask for a chair", resident=people.dot),
        ],
        struck={saved.entries[0]: "It was not Frank"},
        reason="Read again",
    )
    # the visit, two notes corrected and one struck, one added; an action corrected, two added
    assert written(home) == (before[0] + 1, before[1] + 7)
    assert changed.visit == saved.visit
    assert changed.entries[0] == saved.entries[1]
    assert got(home, Visit, saved.visit).others_present == "Priya"
    assert got(home, VisitEntry, saved.entries[1]).found == "Wound closed."
    assert got(home, VisitEntry, saved.entries[0]).struck_reason == "It was not Frank"
    new = got(home, VisitEntry, changed.entries[1])
    assert (new.visit, new.resident) == (saved.visit, people.joan)
    sources = [got(home, Action, action).source_id for action in changed.actions]
    assert sources == [
        ids.to_text(x) for x in (changed.entries[0], new.id or 0, changed.entries[0])
    ]


def test_what_is_not_named_stays_and_nothing_new_is_nothing_written(
    home: OpenHome, people: People
) -> None:
    saved = recorded(home, people)
    shown = whole(home, saved.visit)
    before = written(home)
    visit = shown.visit.record
    assert isinstance(visit, Visit)
    change_visit(home, shown, visit, [])
    assert written(home) == before
    assert all(got(home, VisitEntry, entry).struck_reason is None for entry in saved.entries)


def test_a_second_note_on_a_resident_is_refused_also_when_the_first_is_there_already(
    home: OpenHome, people: People
) -> None:
    saved = recorded(home, people)
    shown = whole(home, saved.visit)
    visit = got(home, Visit, saved.visit)
    with pytest.raises(Unfit, match="there is a note in this visit already"):
        change_visit(home, shown, visit, [note(people.frank)])
    # in place of the struck-through one it may
    change_visit(home, shown, visit, [note(people.frank)], struck={saved.entries[0]: "Wrong words"})
    assert len(whole(home, saved.visit).entries) == 3


def test_a_whole_visit_has_its_notes_in_order_and_all_that_follows(
    home: OpenHome, people: People
) -> None:
    saved = recorded(home, people)
    other = recorded(home, people)
    found = whole(home, saved.visit)
    assert found.visit.id == saved.visit
    assert tuple(entry.id for entry in found.entries) == saved.entries
    assert tuple(action.id for action in found.actions) == saved.actions
    assert visit_with_entries(home.store, 12345) is None
    # of two that are one visit the notes of both are shown
    editing.merge(home, got(home, Visit, other.visit), got(home, Visit, saved.visit))
    found = whole(home, other.visit)
    assert found.visit.id == saved.visit
    assert tuple(entry.id for entry in found.entries) == (*saved.entries, *other.entries)
    assert len(found.actions) == 3


def days(home: OpenHome, people: People) -> list[int]:
    return [
        record_visit(
            home,
            visit_of(people, at=AT + dt.timedelta(days=n), left_at=None),
            [note(people.dot), note(people.joan)],
        ).visit
        for n in range(5)
    ]


def test_visits_of_a_period_come_in_pages_with_their_notes(home: OpenHome, people: People) -> None:
    made = days(home, people)
    start, end = dt.date(2026, 11, 19), dt.date(2026, 11, 22)
    found: list[int | None] = []
    after: Position | None = None
    while True:
        page = visits_between(home.store, start, end, after=after, limit=3)
        found += [seen.visit.id for seen in page.visits]
        assert all(len(seen.entries) == 2 for seen in page.visits)
        if page.next is None:
            break
        after = page.next
    assert found == made[:0:-1]
    oldest = visits_between(home.store, start, end, newest_first=False, limit=1)
    assert [seen.visit.id for seen in oldest.visits] == made[1:2]
    assert [e.resident for e in oldest.visits[0].entries] == [people.dot, people.joan]
    assert visits_between(home.store, end, dt.date.max).visits[0].visit.id == made[4]
    editing.merge(home, got(home, Visit, made[3]), got(home, Visit, made[4]))
    both = visits_between(home.store, end, end).visits
    assert [(seen.visit.id, len(seen.entries)) for seen in both] == [(made[4], 4)]


def test_visits_of_one_person_or_place(home: OpenHome, people: People) -> None:
    other = add(home, Contact(name="Dr Anwar"))
    place = add(home, Organisation(name="Tamar", kind="community nursing"))
    day = AT.date()
    mine = record_visit(home, visit_of(people, professional=other), []).visit
    theirs = record_visit(home, visit_of(people, organisation=place), []).visit
    of_contact = visits_between(home.store, day, day, professional=other)
    assert [seen.visit.id for seen in of_contact.visits] == [mine]
    of_place = visits_between(home.store, day, day, organisation=place)
    assert [seen.visit.id for seen in of_place.visits] == [theirs]


def test_a_period_that_ends_before_it_begins_is_a_plain_error(home: OpenHome) -> None:
    with pytest.raises(UserError, match="ends on Sun 1 Nov 2026, before it begins on Mon 2 Nov"):
        visits_between(home.store, dt.date(2026, 11, 2), dt.date(2026, 11, 1))


def test_a_timeline_has_notes_with_their_visit_and_other_things_with_their_day(
    home: OpenHome, people: People
) -> None:
    saved = recorded(home, people)
    place = add(home, Organisation(name="Tamar", kind="therapy"))
    referral = add(
        home,
        Referral(
            resident=people.dot, organisation=place, sent=dt.date(2026, 11, 20), reason="Swallowing"
        ),
    )
    again = dataclasses.replace(
        got(home, Referral, referral), id=None, closed_on=dt.date(2026, 11, 20), outcome="Twice"
    )
    gone = add(home, again)
    editing.archive(home, got(home, Referral, gone), "Entered twice")
    editing.strike(home, got(home, VisitEntry, saved.entries[1]), "Wrong resident")
    page = timeline(home.store, people.dot)
    first, second = page.items
    assert (first.record.id, first.at, first.visit) == (referral, dt.date(2026, 11, 20), None)
    assert (second.record.id, second.at) == (saved.entries[1], AT)
    assert second.record.struck_reason == "Wrong resident"
    assert second.visit is not None
    assert second.visit.id == saved.visit
    assert page.next is None
    # three things lie on the line; the archived one is passed over
    assert len(timeline(home.store, people.dot, limit=2).items) == 1


def test_a_timeline_since_a_day_begins_at_midnight_on_the_homes_wall(
    home: OpenHome, people: People
) -> None:
    night = dt.datetime(2026, 6, 1, 0, 30, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    day = night.date()
    for at in (night, night - dt.timedelta(minutes=31)):
        note = VisitEntry(resident=people.dot, found="Settled.")
        record_visit(home, visit_of(people, at=at, left_at=None), [note])
    place = add(home, Organisation(name="Tamar", kind="therapy"))
    for sent in (day, day - dt.timedelta(days=1)):
        add(home, Referral(resident=people.dot, organisation=place, sent=sent, reason="Falls"))
    page = timeline(home.store, people.dot, since=day)
    assert [item.at for item in page.items] == [day, night]
    assert timeline_counts(home.store, people.dot, day) == {"visit_entry": 1, "referral": 1}
