"""The lists of words: what ships, and what the manager adds, renames and retires."""

from __future__ import annotations

from pathlib import Path

import pytest

from liaison.errors import UserError
from liaison.records import all_specs
from liaison.records.home import Staff
from liaison.services import editing, words
from liaison.services.homes import OpenHome
from liaison.services.words import Word, WordList
from tests import homes as made


@pytest.fixture
def home(tmp_path: Path) -> OpenHome:
    return made.make(tmp_path / "home")[0]


def team(home: OpenHome) -> WordList:
    return next(one for one in words.word_lists(home.store) if one.vocabulary == "team")


def word(home: OpenHome, value: str) -> Word:
    return next(one for one in team(home).words if one.value == value)


def test_every_list_that_forms_offer_is_there_under_a_name_people_know(home: OpenHome) -> None:
    offered = {
        field.vocabulary
        for spec in all_specs().values()
        for field in spec.fields
        if field.vocabulary and field.vocabulary != "workforce_category"
    }
    lists = words.word_lists(home.store)
    assert {one.vocabulary for one in lists} == offered | {"visit_template"}
    assert {one.title for one in lists} >= {"Member of staff: team", "Visit: kind"}
    assert all(one.words for one in lists)


def test_a_word_is_added_at_the_end_and_can_be_used(home: OpenHome) -> None:
    words.add(home, "team", "  Night   bank ")
    assert team(home).words[-1] == Word("night bank", "Night bank", ships=False)
    editing.add(home, Staff(name="Lena Fox", job_role="care assistant", team="night bank"))


def test_a_word_that_is_there_already_is_refused_in_any_case(home: OpenHome) -> None:
    label = team(home).words[0].label
    with pytest.raises(UserError, match="is on this list already"):
        words.add(home, "team", label.upper())
    words.retire(home, "team", team(home).words[0].value)
    with pytest.raises(UserError, match="no longer offered") as refused:
        words.add(home, "team", label)
    assert refused.value.do == "Offer it again."


def test_a_shipped_word_is_renamed_and_says_what_it_was(home: OpenHome) -> None:
    first = team(home).words[0]
    words.rename(home, "team", first.value, "Early shift")
    assert word(home, first.value) == Word(first.value, "Early shift", ships=True, was=first.label)
    words.rename(home, "team", first.value, first.label)
    assert word(home, first.value).was == ""
    with pytest.raises(UserError, match="already"):
        words.rename(home, "team", first.value, team(home).words[1].label)


def test_a_retired_word_stands_last_stays_known_and_can_be_offered_again(home: OpenHome) -> None:
    first = team(home).words[0]
    one = words.retire(home, "team", first.value)
    assert team(home).words[-1].value == first.value
    assert word(home, first.value).retired
    assert home.store.vocabularies.has("team", first.value)
    other = words.offer(home, "team", first.value)
    assert not word(home, first.value).retired
    assert one == other, "a word has one record, however often it is changed"


def test_a_renamed_word_stays_renamed_when_it_is_retired(home: OpenHome) -> None:
    first = team(home).words[0]
    words.rename(home, "team", first.value, "Early shift")
    words.retire(home, "team", first.value)
    assert word(home, first.value).label == "Early shift"
