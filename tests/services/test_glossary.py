"""What the home's abbreviations mean."""

from __future__ import annotations

from liaison.records.directory import Term
from liaison.services import editing, glossary
from liaison.services.homes import OpenHome


def _add(home: OpenHome, **fields: str) -> int:
    return editing.add(home, Term(**fields))[0]  # type: ignore[arg-type]  # by name


def test_meaning_and_explanation_are_one_text(home: OpenHome) -> None:
    _add(home, abbreviation="ZQ", meaning="quick zipper", explanation="Nobody has one.")
    _add(home, abbreviation="ZR", meaning="what now?")
    found = glossary.explanations(home.store)
    assert found["ZQ"] == "quick zipper. Nobody has one."
    assert found["ZR"] == "what now?"


def test_two_meanings_are_both_told_in_the_order_they_were_written(home: OpenHome) -> None:
    _add(home, abbreviation="ZQ", meaning="quick zipper")
    _add(home, abbreviation="ZQ", meaning="quiet zone")
    assert glossary.explanations(home.store)["ZQ"] == "quick zipper. Or: quiet zone."


def test_what_is_archived_or_struck_through_explains_nothing(home: OpenHome) -> None:
    one = home.store.get("term", _add(home, abbreviation="ZQ", meaning="quick zipper"))
    two = home.store.get("term", _add(home, abbreviation="ZR", meaning="rare zipper"))
    assert one is not None
    assert two is not None
    editing.archive(home, one, "not said here")
    editing.strike(home, two, "wrong")
    assert not {"ZQ", "ZR"} & glossary.explanations(home.store).keys()
