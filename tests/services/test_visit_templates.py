"""Templates of usual visits: what ships, what the manager makes of them, what they fill in."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.errors import UserError
from liaison.records import check
from liaison.records.casework import Visit, VisitEntry
from liaison.records.vocabularies import shipped as shipped_words
from liaison.services import visit_templates, words
from liaison.services.homes import OpenHome
from liaison.services.visit_templates import Template, compose, taken_apart

AT = dt.datetime(2026, 11, 18, 10, 5, tzinfo=dt.UTC)


def test_what_ships_is_what_the_list_of_words_offers() -> None:
    offered = [item.value for item in shipped_words().items(visit_templates.field())]
    assert offered == list(visit_templates.shipped())


@pytest.mark.parametrize("template", visit_templates.shipped().values(), ids=lambda t: t.value)
def test_every_template_makes_records_that_are_fit_to_keep(template: Template) -> None:
    visit = template.visit(Visit(at=AT))
    assert check(visit, now=AT) == []
    assert template.ask.endswith(".")
    action = template.action(5, AT)
    if action is not None:
        assert check(action) == []
        assert action.due is None or action.due > AT.date()
    assert len(template.answers) in {0, 2, 3, 4}


def test_the_list_is_the_managers_to_change(home: OpenHome) -> None:
    lists = words.word_lists(home.store)
    assert visit_templates.VOCABULARY in {one.vocabulary for one in lists}
    words.rename(home, visit_templates.VOCABULARY, "dressing", "Wound care")
    words.retire(home, visit_templates.VOCABULARY, "eye test")
    words.add(home, visit_templates.VOCABULARY, "Hearing test")
    found = {one.label: one for one in visit_templates.templates(home.store.vocabularies)}
    assert found["Wound care"].follow_up == "Next dressing"
    assert "Eye test" not in found
    assert found["Hearing test"].raised == "Hearing test."
    assert visit_templates.template(home.store.vocabularies, "hearing TEST").kind == "visit"


def test_one_that_is_not_there_is_answered_with_those_that_are(home: OpenHome) -> None:
    with pytest.raises(UserError, match=r"(?s)dresing.*dressing"):
        visit_templates.template(home.store.vocabularies, "dresing")


def test_what_was_raised_is_not_written_over() -> None:
    dressing = visit_templates.shipped()["dressing"]
    assert dressing.entry(VisitEntry()).raised == "Dressing due."
    assert dressing.entry(VisitEntry(raised="Sore heel")).raised == "Sore heel"


def test_what_follows_is_due_so_many_days_after_the_visit_at_home() -> None:
    # half past midnight of the 2nd in London, still the 1st in UTC
    night = dt.datetime(2026, 7, 1, 23, 30, tzinfo=dt.UTC)
    action = visit_templates.shipped()["dressing"].action(5, night)
    assert action is not None
    assert action.due == dt.date(2026, 7, 5)


ANSWERS = ("Given", "Declined", "Not well")


@given(st.sampled_from(["", *ANSWERS]), st.text(max_size=30))
def test_an_answer_and_its_note_are_one_text_and_two_again(answer: str, note: str) -> None:
    made = compose(answer, note)
    again = taken_apart(made, ANSWERS)
    assert compose(*again) == made
    if answer:
        assert again == (answer, " ".join(note.split()))


def test_a_word_that_only_begins_like_an_answer_is_none() -> None:
    assert taken_apart("Givens came.", ANSWERS) == ("", "Givens came.")
