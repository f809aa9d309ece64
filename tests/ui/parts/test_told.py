"""Histories and differences in words, saving, and taking back."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest

from liaison.records import Record, spec_of
from liaison.records.directory import Contact
from liaison.records.home import Resident
from liaison.services import editing
from liaison.services.editing import Unfit
from liaison.services.homes import OpenHome
from liaison.store import history
from liaison.store.history import Skipped, Undone
from liaison.ui.parts import saving, told
from liaison.ui.parts.differences import Span, spans
from tests.ui.parts.conftest import Ids


def changed(home: OpenHome, record: Record, **fields: Any) -> saving.Saved:
    loaded = home.store.load(spec_of(record).name, record.id or 0)
    assert loaded is not None
    return saving.save(home, loaded, dataclasses.replace(loaded.record, **fields), "she rang")


def the(home: OpenHome, type_name: str, identity: int) -> Record:
    found = home.store.get(type_name, identity)
    assert found is not None
    return found


def test_one_save_is_one_line_of_the_history_with_the_elements_of_its_sets(
    home: OpenHome, ids: Ids
) -> None:
    (line,) = told.history(home.store, "organisation", ids.surgery)
    assert line.verb == "Added"
    assert (line.who, line.reason, line.batch) == ("Kate Morgan", "", False)
    assert [(s.label, s.before, s.after) for s in line.steps] == [
        ("Name", "", "Meadow Lane Surgery"),
        ("Kind", "", "GP practice"),
        ("Phone", "", "01632 960201"),
        ("Offers", "", "Catheters"),
        ("Status", "", "Active"),
        ("Former names", "", "Old Surgery"),
    ]
    assert len(line.changes) == 3


def test_a_change_says_from_what_to_what_and_why(home: OpenHome, ids: Ids) -> None:
    saved = changed(home, the(home, "contact", ids.grace), phone="01632 960421", ask_about=())
    line = told.history(home.store, "contact", ids.grace)[-1]
    assert (line.verb, line.reason) == ("Changed", "she rang")
    assert [(s.label, s.before, s.after) for s in line.steps] == [
        ("Phone", "01632 960412", "01632 960421"),
        ("Ask them about", "Catheters", ""),
    ]
    assert line.changes == saved.changes


def test_a_save_of_which_the_law_left_nothing_says_so_with_the_day(
    home: OpenHome, ids: Ids, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed(home, the(home, "contact", ids.grace), phone="01632 960421")
    *before, last = history.history(home.store, "contact", ids.grace)
    on = dt.datetime(2026, 11, 23, 0, 30, tzinfo=dt.UTC)
    emptied = dataclasses.replace(last, fields={}, emptied=on)
    monkeypatch.setattr(history, "history", lambda *_: [*before, emptied])
    line = told.history(home.store, "contact", ids.grace)[-1]
    assert line.verb == "Changed"
    assert line.steps == (told.Step("What it said", "", "erased by law on Mon 23 Nov 2026"),)


def test_what_happened_to_a_record_has_its_own_word(home: OpenHome, ids: Ids) -> None:
    editing.archive(home, the(home, "contact", ids.grace), "left")
    editing.bring_back(home, the(home, "contact", ids.grace), "came back")
    saved = changed(home, the(home, "contact", ids.grace), best_time="mornings")
    editing.undo(home, saved.changes)
    editing.strike(home, the(home, "visit_entry", ids.entry), "wrong")
    verbs = [line.verb for line in told.history(home.store, "contact", ids.grace)]
    assert verbs == ["Added", "Archived", "Brought back", "Changed", "Taken back"]
    assert told.history(home.store, "visit_entry", ids.entry)[-1].verb == "Struck through"


def test_an_undo_tells_what_it_left_alone(home: OpenHome, ids: Ids) -> None:
    first = changed(home, the(home, "contact", ids.grace), phone="01632 960421", best_time="am")
    changed(home, the(home, "contact", ids.grace), phone="01632 960422")
    undone = editing.undo(home, first.changes)
    assert told.undone_words(undone) == "Not taken back, what was changed since: Phone."
    assert told.undone_words(Undone(changes=1)) == "Taken back."
    assert told.undone_words(Undone()) == "There was nothing to take back."
    of_a_set = Undone(1, [Skipped(5, "organisation_offers", 6, "archived")])
    assert told.undone_words(of_a_set) == "Taken back, except what was changed since: Offers."


def test_adding_says_what_to_take_back_and_what_is_unusual(home: OpenHome) -> None:
    saved = saving.add(home, Contact(name="Sam Bright", phone="12"))
    assert saved.title == "Sam Bright"
    assert [problem.field for problem in saved.warnings] == ["phone"]
    editing.undo(home, saved.changes)
    assert the(home, "contact", saved.id).archived


def test_a_problem_is_told_and_nothing_is_written(home: OpenHome, ids: Ids) -> None:
    before = told.history(home.store, "contact", ids.grace)
    with pytest.raises(Unfit):
        changed(home, the(home, "contact", ids.grace), name="")
    assert told.history(home.store, "contact", ids.grace) == before


def test_a_save_that_changes_nothing_has_nothing_to_take_back(home: OpenHome, ids: Ids) -> None:
    assert changed(home, the(home, "contact", ids.grace)).changes == ()


def test_what_others_changed_meanwhile_stands_and_is_told(home: OpenHome, ids: Ids) -> None:
    mine = home.store.load("contact", ids.grace)
    assert mine is not None
    changed(home, mine.record, phone="01632 960421", best_time="mornings", cover="in hours")
    edited = dataclasses.replace(mine.record, phone="01632 960499", cover="in hours")  # type: ignore[call-arg]  # fields of a contact
    saved = saving.save(home, mine, edited)
    assert saved.both == ("Phone",)
    assert saved.theirs == ("Best time to ring",)
    now = the(home, "contact", ids.grace)
    assert isinstance(now, Contact)
    assert now.best_time == "mornings"
    (difference,) = told.differences(home.store)
    assert (difference.title, difference.field.label) == ("Grace Adeyemi", "Phone")
    assert {choice.words for choice in difference.choices} == {"01632 960421", "01632 960499"}
    assert len(difference.heads) == 2
    assert difference.before == "01632 960412"
    assert {choice.reason for choice in difference.choices} == {"she rang", ""}


def test_an_act_on_a_record_can_be_taken_back(home: OpenHome, ids: Ids) -> None:
    saved = saving.act(
        home, "resident", ids.dorothy, lambda h, r: editing.archive(h, r, "moved home")
    )
    assert the(home, "resident", ids.dorothy).archived
    editing.undo(home, saved.changes)
    assert not the(home, "resident", ids.dorothy).archived


def test_a_moved_note_is_taken_back_whole(home: OpenHome, ids: Ids) -> None:
    def move(opened: OpenHome, record: Record) -> Record:
        return editing.move(opened, record, ids.other_dorothy, "wrong Dorothy")  # type: ignore[arg-type]  # a visit note

    saved = saving.act(home, "visit_entry", ids.entry, move)
    assert saved.id != ids.entry
    assert the(home, "visit_entry", ids.entry).struck_reason == "wrong Dorothy"
    editing.undo(home, saved.changes)
    assert not the(home, "visit_entry", ids.entry).struck_reason
    assert the(home, "visit_entry", saved.id).archived


def test_a_person_with_a_namesake_is_told_apart_in_what_is_said(home: OpenHome) -> None:
    saved = saving.add(home, Resident(name="Dorothy Hale", room="1"))
    assert saved.title == "Dorothy Hale (room 1, date of birth not recorded)"


def test_the_letters_that_differ_are_found() -> None:
    assert spans("01632 960 412", "01632 960 421") == (
        Span("01632 960 4", False),
        Span("12", True),
    )
    assert spans("Fri 08:30 to 18:30", "Friday 08:00 to 18:30")[2:4] == (
        Span("3", True),
        Span("0 to 18:30", False),
    )
    whole_words = spans("closed for lunch", "and Saturday")
    assert all(span.differs or span.text == " " for span in whole_words)
    assert spans("Room 12", "Room 3") == (Span("Room ", False), Span("12", True))
    assert "".join(s.text for s in spans("same", "same")) == "same"
    assert not any(s.differs for s in spans("same", "same"))
    assert spans("abc", "") == (Span("abc", True),)
    assert spans("", "abc") == ()


def test_long_texts_are_compared_from_both_ends() -> None:
    one, other = "x" * 3000 + "one" + "y" * 10, "x" * 3000 + "other" + "y" * 10
    assert [s for s in spans(one, other) if s.differs] == [Span("ne", True)]
    assert "".join(s.text for s in spans(one, other)) == one
