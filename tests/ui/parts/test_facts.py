"""What cards and pickers show, read from a real home."""

from __future__ import annotations

import datetime as dt

from liaison.records import all_specs
from liaison.records.casework import Action
from liaison.records.home import Resident
from liaison.records.ids import to_text
from liaison.services import editing
from liaison.services.homes import OpenHome
from liaison.ui.parts import facts
from liaison.ui.parts.facts import Child
from tests.ui.parts.conftest import Ids


def test_a_card_shows_what_is_recorded_by_heading_and_leaves_out_the_rest(
    home: OpenHome, ids: Ids
) -> None:
    found = facts.card(home.store, "organisation", ids.surgery)
    assert found is not None
    assert found.title == "Meadow Lane Surgery"
    assert [title for title, _ in found.sections] == [
        "Organisation", "How to reach them", "What they offer", "This entry",
    ]  # fmt: skip
    rows = {row.field.name: row.text for _, part in found.sections for row in part}
    assert rows == {
        "name": "Meadow Lane Surgery", "kind": "GP practice", "phone": "01632 960201",
        "offers": "Catheters", "status": "Active", "former_names": "Old Surgery",
    }  # fmt: skip


def test_what_a_reference_means_is_a_link_even_in_a_set(home: OpenHome, ids: Ids) -> None:
    found = facts.card(home.store, "organisation", ids.surgery)
    assert found is not None
    links = [row.links for _, part in found.sections for row in part if row.links]
    assert links == [(facts.Link("service", ids.catheters, "Catheters"),)]


def test_a_card_lists_what_belongs_to_the_record_without_repeating_whose_it_is(
    home: OpenHome, ids: Ids
) -> None:
    found = facts.card(home.store, "visit", ids.visit)
    assert found is not None
    (notes,) = found.children
    assert notes.child == Child("visit_entry", "visit")
    assert notes.label == "Visit notes"
    (note,) = notes.links
    assert note.id == ids.entry
    assert note.words.startswith("Dorothy Hale (room 12")


def test_only_a_few_of_what_belongs_to_a_record_are_read(home: OpenHome, ids: Ids) -> None:
    for number in range(facts.FEW + 1):
        editing.add(home, Resident(name=f"Resident {number}", practice=ids.surgery))
    found = facts.card(home.store, "organisation", ids.surgery)
    assert found is not None
    residents = next(c for c in found.children if c.child.field == "practice")
    assert len(residents.links) == facts.FEW
    assert residents.more
    assert residents.links[0].words == f"Resident {facts.FEW}"


def test_what_came_from_a_note_is_found_at_the_note_and_leads_back(
    home: OpenHome, ids: Ids
) -> None:
    written = Action(
        what="Order dressings",
        resident=ids.dorothy,
        source_type="visit_entry",
        source_id=to_text(ids.entry),
    )
    action, _ = editing.add(home, written)
    at_note = facts.card(home.store, "visit_entry", ids.entry)
    assert at_note is not None
    assert [link.id for children in at_note.children for link in children.links] == [action]
    at_action = facts.card(home.store, "action", action)
    assert at_action is not None
    links = [link for _, part in at_action.sections for row in part for link in row.links]
    assert ("visit_entry", ids.entry) in [(link.type, link.id) for link in links]


def test_no_card_reads_a_whole_table() -> None:
    for spec in all_specs().values():
        for child in facts.children_of(spec):
            field = all_specs()[child.type].by_name[child.field]
            assert field.indexed or field.many


def test_ways_of_belonging_that_would_read_alike_are_told_apart() -> None:
    for spec in all_specs().values():
        labels = [facts.label_of(child, spec) for child in facts.children_of(spec)]
        assert len(set(labels)) == len(labels), spec.name


def test_a_duplicate_says_what_stands_for_it(home: OpenHome, ids: Ids) -> None:
    gone = home.store.get("resident", ids.other_dorothy)
    stands = home.store.get("resident", ids.dorothy)
    assert gone is not None
    assert stands is not None
    editing.merge(home, gone, stands)
    found = facts.card(home.store, "resident", ids.other_dorothy)
    assert found is not None
    assert found.stands is not None
    assert found.stands.id == ids.dorothy
    assert facts.card(home.store, "resident", 4) is None


def test_people_of_one_name_are_told_apart_by_room_and_date_of_birth(
    home: OpenHome, ids: Ids
) -> None:
    found = facts.candidates(home.store, "resident", "hale")
    assert {(c.id, c.words, c.apart) for c in found} == {
        (ids.dorothy, "Dorothy Hale", "Room 12 · Date of birth 3 Mar 1938"),
        (ids.other_dorothy, "Dorothy Hale", "Room 7 · Date of birth 9 May 1941"),
    }


def test_a_name_that_begins_with_what_was_typed_comes_first(home: OpenHome, ids: Ids) -> None:
    halena, _ = editing.add(home, Resident(name="Halena Dorofy"))
    editing.add(home, Resident(name="Michael Halex", date_of_birth=dt.date(1930, 1, 1)))
    assert facts.candidates(home.store, "resident", "hale")[0].id == halena


def test_two_letters_and_half_a_word_find_somebody_too(home: OpenHome, ids: Ids) -> None:
    assert [c.id for c in facts.candidates(home.store, "contact", "gr")] == [ids.grace]
    assert [c.id for c in facts.candidates(home.store, "contact", "ad gra")] == [ids.grace]
    assert [c.id for c in facts.candidates(home.store, "service", "draining")] == [ids.catheters]
    assert facts.candidates(home.store, "contact", "nobody") == []


def test_nothing_typed_offers_the_newest(home: OpenHome, ids: Ids) -> None:
    newest, _ = editing.add(home, Resident(name="Ann New"))
    assert facts.candidates(home.store, "resident", " ", limit=2)[0].id == newest
