"""What people do to records: checked first, written whole, and nothing written when it is wrong."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from liaison.errors import UserError
from liaison.records import Record, all_specs, ids, spec_of
from liaison.records.administration import AccessEvent, Attachment, FrameworkTag, Pc, Person
from liaison.records.casework import Action, Chase, Concern, Referral, Visit, VisitEntry
from liaison.records.directory import Contact, ContactAttempt, Organisation, Service
from liaison.records.home import Home, Resident, Staff
from liaison.services import concerns, editing
from liaison.services.editing import Unfit
from liaison.services.homes import OpenHome
from liaison.services.together import Together
from liaison.store import query
from liaison.store.blobs import LARGEST, read_blob
from liaison.store.history import history
from liaison.store.rows import Loaded
from liaison.store.unit import EventIsFixed
from liaison.store.verify import state_digest, verify
from tests.services.conftest import add, got, written

AT = dt.datetime(2026, 11, 20, 10, 30, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def still_whole(home: OpenHome) -> Iterator[None]:
    """Whatever a test did, the home must verify."""
    yield
    assert verify(home.store, deep=True, blob_key=home.unlocked.vault.blob_key).damage == []


def refused(home: OpenHome, what: Callable[[], object]) -> UserError:
    """Return the plain error something ends with; nothing may have been written."""
    before = written(home), state_digest(home.store.connection)
    with pytest.raises(UserError) as caught:
        what()
    assert (written(home), state_digest(home.store.connection)) == before
    assert caught.value.what
    assert caught.value.kept
    return caught.value


def loaded(home: OpenHome, cls: type[Record], identity: int) -> Loaded:
    found = home.store.load(spec_of(cls).name, identity)
    assert found is not None
    return found


def change(home: OpenHome, cls: type[Record], identity: int, **fields: object) -> Record:
    before = loaded(home, cls, identity)
    changed = dataclasses.replace(before.record, **fields)  # type: ignore[arg-type]  # by name
    return editing.save(home, before, changed)[0]


# ---- adding and correcting


def test_what_was_wrong_before_is_no_reason_to_refuse_a_change_of_something_else(
    home: OpenHome,
) -> None:
    home.store.clock = lambda: AT
    mary = add(home, Resident(name="Mary Jones"))
    amy = add(home, Staff(name="Amy Bell", job_role="care assistant"))
    worry = add(home, Concern(resident=mary, raised_by=amy, raised_at=AT, situation="Not eating"))
    # they had left the day before, as was found out afterwards
    change(home, Resident, mary, left_on=dt.date(2026, 11, 19), left_reason="moved home")
    answered = concerns.answer(home, worry, "Rang the family.", "Dr Anwar")
    assert [(one.field, one.blocks) for one in answered.warnings] == [("resident", False)]
    assert got(home, Concern, worry).answer == "Rang the family."
    # a new one, and whom it is about, are judged as ever
    late = Concern(resident=mary, raised_by=amy, raised_at=AT, situation="Again")
    assert "left on Thu 19 Nov 2026" in refused(home, lambda: add(home, late)).what
    joan = add(home, Resident(name="Joan Frost", left_on=dt.date(2026, 11, 1), left_reason="died"))
    moved = refused(home, lambda: change(home, Concern, worry, resident=joan))
    assert "Joan Frost left on Sun 1 Nov 2026" in moved.what


def test_what_becomes_wrong_by_what_is_saved_together_is_refused_of_all_of_it(
    home: OpenHome,
) -> None:
    home.store.clock = lambda: AT
    mary = add(home, Resident(name="Mary Jones"))
    ahead = add(home, Visit(status="planned", at=AT, kind="visit"))
    note = add(home, VisitEntry(visit=ahead, resident=mary, raised="Heel"))
    visit, entry = loaded(home, Visit, ahead), loaded(home, VisitEntry, note)
    both = Together(home)
    happened = dataclasses.replace(visit.record, status="happened")  # type: ignore[call-arg]
    raised = dataclasses.replace(entry.record, raised="Heel, red")  # type: ignore[call-arg]
    both.change("visit", visit, happened)
    both.change("entries.0", entry, raised)
    assert isinstance(refused(home, both.save), Unfit)


def test_a_record_is_added_once_with_its_author_and_reason(home: OpenHome) -> None:
    before = written(home)
    mary = add(home, Resident(name="Mary Jones", id=7), "moved in today")
    assert mary != 7
    assert written(home) == (before[0] + 1, before[1] + 1)
    (entry,) = history(home.store, "resident", mary)
    assert (entry.person, entry.reason, entry.op) == (home.person, "moved in today", "birth")


def test_all_problems_are_said_at_once_and_nothing_is_written(home: OpenHome) -> None:
    error = refused(home, lambda: add(home, Visit(status="sometime", professional=5)))
    assert isinstance(error, Unfit)
    assert error.code == "problems"
    assert {problem.field for problem in error.problems} == {
        "status",
        "at",
        "kind",
        "professional",
    }


def test_what_is_only_unusual_is_saved_and_said(home: OpenHome) -> None:
    identity, warnings = editing.add(home, Contact(name="Dr Patel", phone="12", email="at home"))
    assert got(home, Contact, identity).phone == "12"
    assert sorted(warning.field for warning in warnings) == ["email", "phone"]
    saved, warnings = editing.save(
        home,
        loaded(home, Contact, identity),
        dataclasses.replace(got(home, Contact, identity), phone="01632 960123 x"),
    )
    assert isinstance(saved, Contact)
    assert warnings


def test_only_what_is_different_is_written(home: OpenHome) -> None:
    mary = add(home, Resident(name="Mary Jones", room="4"))
    before = written(home)
    change(home, Resident, mary, room="4")
    assert written(home) == before
    after = change(home, Resident, mary, room="5")
    assert isinstance(after, Resident)
    assert (after.name, after.room) == ("Mary Jones", "5")
    assert written(home) == (before[0] + 1, before[1] + 1)
    assert list(history(home.store, "resident", mary)[-1].fields) == ["room"]


def test_a_correction_that_is_wrong_writes_nothing(home: OpenHome) -> None:
    mary = add(home, Resident(name="Mary Jones"))
    assert refused(home, lambda: change(home, Resident, mary, name="  ")).code == "problems"
    assert refused(home, lambda: change(home, Resident, mary, gp=999)).code == "problems"
    assert refused(home, lambda: change(home, Resident, mary, nhs_number="1234567890")).code


def test_sets_are_added_to_and_taken_from(home: OpenHome) -> None:
    one, two, three = (add(home, Service(name=name)) for name in ("A", "B", "C"))
    surgery = add(home, Organisation(name="S", kind="GP practice", offers=(one, two)))
    after = change(home, Organisation, surgery, offers=(two, three))
    assert isinstance(after, Organisation)
    assert set(after.offers) == {two, three}


@pytest.mark.parametrize(
    "record",
    [
        Home(name="Another"),
        Person(name="Mallory", role="manager"),
        Pc(name="PC", joined_at=AT),
        AccessEvent(at=AT, kind="opened"),
    ],
    ids=lambda record: spec_of(record).name,
)
def test_what_the_program_keeps_is_not_added_by_hand(record: Record, home: OpenHome) -> None:
    error = refused(home, lambda: editing.add(home, record))
    assert error.code == "kept-by-program"
    assert error.do


@pytest.mark.parametrize("type_name", ["person", "pc"])
def test_what_has_keys_is_not_changed_by_hand(type_name: str, home: OpenHome) -> None:
    before = home.store.the(type_name)
    assert before is not None
    record = before.record
    renamed = dataclasses.replace(record, name="Mallory")  # type: ignore[call-arg]  # both have one
    reached: list[Callable[[], object]] = [
        lambda: editing.save(home, before, renamed),
        lambda: editing.archive(home, record, "why"),
        lambda: editing.bring_back(home, record, "why"),
        lambda: editing.strike(home, record, "why"),
        lambda: editing.merge(home, record, record),
        lambda: editing.undo(home, [history(home.store, type_name, before.id)[0].id]),
    ]
    for attempt in reached:
        assert refused(home, attempt).code == "kept-by-program"


def test_the_homes_own_record_is_only_corrected(home: OpenHome) -> None:
    before = home.store.the("home")
    assert before is not None
    change(home, Home, before.id, beds=32)
    record = got(home, Home, before.id)
    assert record.beds == 32
    assert refused(home, lambda: editing.archive(home, record, "why")).code == "not-archived"
    assert refused(home, lambda: editing.strike(home, record, "why")).code == "nothing-to-do"
    assert refused(home, lambda: editing.merge(home, record, record)).code == "nothing-to-do"
    birth, edit = history(home.store, "home", before.id)
    assert refused(home, lambda: editing.undo(home, [edit.id, birth.id])).code == "kept-by-program"
    assert editing.undo(home, [edit.id]).changes == 1
    assert got(home, Home, before.id).beds is None


# ---- archiving, striking through


def test_a_record_is_archived_and_brought_back(home: OpenHome) -> None:
    mary = add(home, Resident(name="Mary Jones"))
    lists = query.Query("resident")
    assert editing.archive(home, got(home, Resident, mary), "left us").archived
    assert list(query.every(home.store, lists)) == []
    again = refused(home, lambda: editing.archive(home, got(home, Resident, mary), "left us"))
    assert again.code == "nothing-to-do"
    assert not editing.bring_back(home, got(home, Resident, mary), "a mistake").archived
    assert len(list(query.every(home.store, lists))) == 1
    again = refused(home, lambda: editing.bring_back(home, got(home, Resident, mary), "x"))
    assert again.code == "nothing-to-do"
    reasons = [entry.reason for entry in history(home.store, "resident", mary)]
    assert reasons == ["", "left us", "a mistake"]


@pytest.mark.parametrize("reason", ["", "  ", "\n", "\0"])
def test_taking_away_needs_a_reason(reason: str, home: OpenHome) -> None:
    mary = got(home, Resident, add(home, Resident(name="Mary Jones")))
    john = add(home, Resident(name="John Kowalski"))
    visit = add(home, Visit(at=AT, kind="visit"))
    entry = got(
        home, VisitEntry, add(home, VisitEntry(visit=visit, resident=mary.id, found="Well."))
    )
    gone = editing.archive(home, got(home, Resident, add(home, Resident(name="x"))), "why")
    attempts: list[Callable[[], object]] = [
        lambda: editing.archive(home, mary, reason),
        lambda: editing.bring_back(home, gone, reason),
        lambda: editing.strike(home, mary, reason),
        lambda: editing.move(home, entry, john, reason),
    ]
    for attempt in attempts:
        assert refused(home, attempt).code == "no-reason"


def test_what_is_struck_through_stays_readable_and_is_not_struck_twice(home: OpenHome) -> None:
    visit = add(home, Visit(at=AT, kind="visit", reason="Wrong day"))
    struck = editing.strike(home, got(home, Visit, visit), " wrong\nday\0 ")
    assert isinstance(struck, Visit)
    assert (struck.struck_reason, struck.reason) == ("wrong day", "Wrong day")
    error = refused(home, lambda: editing.strike(home, struck, "again"))
    assert error.code == "nothing-to-do"
    long = refused(home, lambda: editing.strike(home, struck, "x" * 3000))
    assert long.code == "nothing-to-do"
    other = got(home, Visit, add(home, Visit(at=AT, kind="visit")))
    assert refused(home, lambda: editing.strike(home, other, "x" * 3000)).code == "reason"


def test_an_event_is_only_struck_through(home: OpenHome) -> None:
    tried = add(home, ContactAttempt(at=AT, reached=False))
    event = got(home, ContactAttempt, tried)
    assert refused(home, lambda: editing.archive(home, event, "why")).code == "not-archived"
    assert refused(home, lambda: editing.merge(home, event, event)).code == "nothing-to-do"
    with pytest.raises(EventIsFixed):
        change(home, ContactAttempt, tried, waited=20)
    assert editing.strike(home, event, "another day").struck_reason == "another day"
    # undone, an event is struck through as well
    mary = add(home, Resident(name="M"))
    referral = add(
        home, Referral(resident=mary, organisation=_surgery(home), sent=AT.date(), reason="Hip")
    )
    chase = add(home, Chase(referral=referral, at=AT, result="No answer"))
    (birth,) = history(home.store, "chase", chase)
    editing.undo(home, [birth.id])
    assert got(home, Chase, chase).struck_reason


def _surgery(home: OpenHome) -> int:
    return add(home, Organisation(name="Riverside", kind="GP practice"))


@pytest.mark.parametrize("type_name", [n for n, s in all_specs().items() if s.events])
def test_every_type_of_event_is_refused_by_archive(type_name: str, home: OpenHome) -> None:
    cls = all_specs()[type_name].cls
    assert cls is not None
    error = refused(home, lambda: editing.archive(home, cls(), "why"))
    assert error.code in {"not-archived", "kept-by-program"}


# ---- moving a note


@dataclasses.dataclass
class Misfiled:
    """A visit note on the wrong resident, and what hangs on it."""

    mary: int
    john: int
    entry: VisitEntry
    letter: int
    old_letter: int
    tag: int
    action: int
    other_action: int


@pytest.fixture
def misfiled(home: OpenHome) -> Misfiled:
    mary, john = (add(home, Resident(name=name)) for name in ("Mary Jones", "John Kowalski"))
    visit = add(home, Visit(at=AT, kind="visit"))
    entry = add(home, VisitEntry(visit=visit, resident=mary, found="Catheter flushed."))
    text = ids.to_text(entry)
    letter, old_letter = (
        editing.attach(
            home, "visit_entry", entry, name=name, media_type="text/plain", data=name.encode()
        )
        for name in ("letter.txt", "old letter.txt")
    )
    editing.archive(home, got(home, Attachment, old_letter), "superseded")
    tag = add(
        home,
        FrameworkTag(record_type="visit_entry", record_id=text, framework="CQC", item="Safe"),
    )
    ring, order = (
        add(home, Action(what=what, resident=about, source_type="visit_entry", source_id=text))
        for what, about in (("Ring back", mary), ("Order a pump for everybody", None))
    )
    return Misfiled(mary, john, got(home, VisitEntry, entry), letter, old_letter, tag, ring, order)


def test_a_note_moves_in_one_step_with_all_that_hangs_on_it(
    home: OpenHome, misfiled: Misfiled
) -> None:
    before = written(home)
    moved = editing.move(home, misfiled.entry, misfiled.john, "wrong resident")
    assert written(home)[0] == before[0] + 1
    assert isinstance(moved, VisitEntry)
    assert moved.id is not None
    text = ids.to_text(moved.id)
    assert (moved.resident, moved.found) == (misfiled.john, "Catheter flushed.")
    assert (moved.moved_from, moved.struck_reason) == (misfiled.entry.id, None)
    old = got(home, VisitEntry, misfiled.entry.id or 0)
    assert (old.resident, old.found) == (misfiled.mary, "Catheter flushed.")
    assert old.struck_reason == "wrong resident"
    for letter in (misfiled.letter, misfiled.old_letter):
        attachment = got(home, Attachment, letter)
        assert attachment.owner_id == text
        assert read_blob(home.store, attachment) == (attachment.name or "").encode()
    assert got(home, FrameworkTag, misfiled.tag).record_id == text
    action = got(home, Action, misfiled.action)
    assert (action.source_id, action.resident) == (text, misfiled.john)
    # what was about nobody is not made to be about somebody
    assert got(home, Action, misfiled.other_action).resident is None
    assert got(home, Action, misfiled.other_action).source_id == text
    # the timeline shows it where it belongs
    items, _ = query.timeline(home.store, misfiled.john)
    assert [record.id for _, record in items] == [moved.id]


def test_a_move_is_taken_back_in_one_step(home: OpenHome, misfiled: Misfiled) -> None:
    moved = editing.move(home, misfiled.entry, misfiled.john, "wrong resident")
    (birth,) = history(home.store, "visit_entry", moved.id or 0)
    (unit,) = home.store.connection.execute(
        "SELECT unit FROM change WHERE stamp = ?", (birth.id,)
    ).fetchone()
    stamps = [
        stamp
        for (stamp,) in home.store.connection.execute(
            "SELECT stamp FROM change WHERE unit = ?", (unit,)
        )
    ]
    undone = editing.undo(home, stamps, "it was Mary after all")
    assert undone.skipped == []
    assert got(home, VisitEntry, misfiled.entry.id or 0).struck_reason is None
    assert got(home, VisitEntry, moved.id or 0).archived
    assert got(home, Attachment, misfiled.letter).owner_id == ids.to_text(misfiled.entry.id or 0)
    assert got(home, Action, misfiled.action).resident == misfiled.mary


def test_a_move_that_makes_no_sense_writes_nothing(home: OpenHome, misfiled: Misfiled) -> None:
    twin = add(home, Resident(name="Mary Jones"))
    editing.merge(home, got(home, Resident, twin), got(home, Resident, misfiled.mary))
    for same in (misfiled.mary, twin):
        error = refused(home, partial(editing.move, home, misfiled.entry, same, "x"))
        assert error.code == "nothing-to-do"
    error = refused(home, lambda: editing.move(home, misfiled.entry, 12345, "x"))
    assert error.code == "problems"
    editing.move(home, misfiled.entry, misfiled.john, "wrong resident")
    # also with the note as it was shown before: it has been moved since
    error = refused(home, lambda: editing.move(home, misfiled.entry, misfiled.john, "once more"))
    assert "struck through" in error.what


def test_a_note_that_was_corrected_meanwhile_moves_as_it_is_now(
    home: OpenHome, misfiled: Misfiled
) -> None:
    change(home, VisitEntry, misfiled.entry.id or 0, found="Catheter changed.")
    moved = editing.move(home, misfiled.entry, misfiled.john, "wrong resident")
    assert isinstance(moved, VisitEntry)
    assert moved.found == "Catheter changed."
    assert got(home, VisitEntry, misfiled.entry.id or 0).found == "Catheter changed."


# ---- duplicates


def test_a_duplicate_leads_to_what_it_became_and_references_stay(home: OpenHome) -> None:
    visit = add(home, Visit(at=AT, kind="visit"))
    one, two, three = (add(home, Resident(name="Mary Jones", room=r)) for r in "123")
    entry = add(home, VisitEntry(visit=visit, resident=three, found="Well."))
    stands = editing.merge(home, got(home, Resident, three), got(home, Resident, two), "twice")
    assert stands.id == two
    stands = editing.merge(home, got(home, Resident, two), got(home, Resident, one))
    assert stands.id == one
    # along the chain
    found = home.store.follow("resident", three)
    assert found is not None
    assert found.id == one
    assert got(home, VisitEntry, entry).resident == three
    where = query.equal({"resident": one})
    notes = list(query.every(home.store, query.Query("visit_entry", where)))
    assert [note.id for note in notes] == [entry]
    # into one that is itself a duplicate: into what it became
    four = add(home, Resident(name="Mary Jones"))
    stands = editing.merge(home, got(home, Resident, four), got(home, Resident, three))
    assert stands.id == one
    assert got(home, Resident, four).merged_into == one


def test_a_merge_that_makes_no_sense_writes_nothing(home: OpenHome) -> None:
    one, two = (add(home, Resident(name="Mary Jones")) for _ in range(2))
    first = got(home, Resident, one)
    assert refused(home, lambda: editing.merge(home, first, first)).code == "nothing-to-do"
    editing.merge(home, got(home, Resident, two), first)
    second = got(home, Resident, two)
    # in a circle, and twice
    assert refused(home, lambda: editing.merge(home, first, second)).code == "nothing-to-do"
    assert refused(home, lambda: editing.merge(home, second, first)).code == "nothing-to-do"
    other = got(home, Service, add(home, Service(name="x")))
    assert refused(home, lambda: editing.merge(home, first, other)).code == "nothing-to-do"
    # into one that nobody sees: both would be gone
    gone = got(home, Resident, add(home, Resident(name="Mary Jones")))
    editing.archive(home, gone, "left")
    error = refused(home, lambda: editing.merge(home, first, gone))
    assert "archived" in error.what
    # and what is a duplicate is not changed any more, where nobody would see it
    for attempt in (
        lambda: editing.archive(home, second, "x"),
        lambda: editing.strike(home, second, "x"),
        lambda: change(home, Resident, two, room="4"),
    ):
        error = refused(home, attempt)
        assert ids.to_text(one) in error.what


def test_a_merge_is_taken_back(home: OpenHome) -> None:
    one, two = (add(home, Resident(name="Mary Jones")) for _ in range(2))
    editing.merge(home, got(home, Resident, two), got(home, Resident, one))
    merge = history(home.store, "resident", two)[-1]
    assert editing.undo(home, [merge.id], "two people after all").changes == 1
    assert got(home, Resident, two).merged_into is None
    assert len(list(query.every(home.store, query.Query("resident")))) == 2


# ---- attachments


def test_a_file_is_kept_with_a_record(home: OpenHome) -> None:
    mary = add(home, Resident(name="Mary Jones"))
    data = bytes(range(256)) * 100
    letter = editing.attach(
        home, "resident", mary, name=" scan\0 of\nletter.pdf", media_type="application/pdf",
        data=data,
    )  # fmt: skip
    attachment = got(home, Attachment, letter)
    assert (attachment.name, attachment.size) == ("scan of letter.pdf", len(data))
    assert read_blob(home.store, attachment) == data


def test_a_file_that_cannot_be_kept_writes_nothing(home: OpenHome) -> None:
    mary = add(home, Resident(name="Mary Jones"))

    def attach(
        name: str = "a.pdf", data: bytes = b"x", owner: int = mary, kind: str = "resident"
    ) -> UserError:
        return refused(
            home,
            lambda: editing.attach(
                home, kind, owner, name=name, media_type="application/pdf", data=data
            ),
        )

    assert attach(name="caf\udce9.pdf").code == "problems"
    assert attach(name="x" * 3000).code == "problems"
    assert attach(data=bytes(LARGEST + 1)).code == "too-large"
    assert attach(owner=12345).code == "nothing-to-do"
    assert attach(kind="contact").code == "nothing-to-do"
    assert home.store.connection.execute("SELECT count(*) FROM blob").fetchone() == (0,)


# ---- undoing


def test_undo_lists_what_it_left_alone(home: OpenHome) -> None:
    mary = add(home, Resident(name="Mary Jones", room="4"))
    change(home, Resident, mary, room="5", known_as="Molly")
    first = history(home.store, "resident", mary)[-1]
    change(home, Resident, mary, room="6")
    undone = editing.undo(home, [first.id], "typing mistake")
    assert [(left.type, left.rec, left.field) for left in undone.skipped] == [
        ("resident", mary, "room")
    ]
    assert (got(home, Resident, mary).room, got(home, Resident, mary).known_as) == ("6", None)
    # a birth since worked with stays
    birth = history(home.store, "resident", mary)[0]
    assert editing.undo(home, [birth.id]).changes == 0
    assert not got(home, Resident, mary).archived


def test_undo_of_what_is_not_known_does_nothing(home: OpenHome) -> None:
    before = written(home)
    assert editing.undo(home, [12345]).changes == 0
    assert written(home) == before
