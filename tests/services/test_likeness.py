"""Who looks alike: a table of cases."""

from __future__ import annotations

import itertools
import random

import pytest

from liaison.services.importing.likeness import (
    ENOUGH,
    blocks,
    likeness,
    may_be_alike,
    traits,
)

Person = dict[str, object]


def person(name: str, **other: object) -> Person:
    return {"name": name, **other}


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (person("Sarah Patel"), person("Sarah Patel"), True),
        (person("Dr Sarah Patel"), person("Patel, Sarah"), True),
        (person("S\u00e9amus O'Neil"), person("Seamus ONeil"), True),
        (person("Margaret Ellis"), person("Margret Ellis"), True),
        (person("Sarah Patel"), person("Susan Patel"), False),
        (person("John Smith"), person("Joan Smyth"), False),
        (person("Ann"), person("Anna"), False),
        # initials alone are half the country
        (person("S Patel"), person("Sarah Patel"), False),
        (person("S Patel", phone="01823259444"), person("Sarah Patel", phone="01823259444"), True),
        # a surgery's number is everybody's who works there
        (person("Ann Lee", phone="01823259444"), person("Bob Hill", phone="01823259444"), False),
        (person("Ann Lee", phone="01823259444"), person("Ann Hill", phone="01823259444"), True),
        (person("Ann Lee", mobile="07700900123"), person("Mrs Hill", phone="07700900123"), True),
        (person("A", email="ann@example.org"), person("B", email="ann@example.org"), True),
        (person("A", email="info@example.org"), person("B", email="info@example.org"), False),
        (person("Ward 1"), person("Ward 2"), False),
        (person("Mary Jones", date_of_birth=1), person("Mary Jonnes", date_of_birth=1), True),
        (person("Mary Jones", date_of_birth=1), person("Mary Jones", date_of_birth=2), False),
        (person(""), person(""), False),
    ],
)
def test_people_who_look_alike(one: Person, other: Person, alike: bool) -> None:  # noqa: FBT001  # the expected answer
    mine, theirs = traits(one), traits(other)
    assert (likeness(mine, theirs).score >= ENOUGH) is alike
    assert likeness(mine, theirs) == likeness(theirs, mine)
    if alike:
        assert set(blocks(mine)) & set(blocks(theirs))
        assert likeness(mine, theirs).reasons


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (person("The Priory Surgery"), person("PRIORY SURGERY, THE"), True),
        (person("Priory Surgery", postcode="BA111AB"), person("Abbey Surgery", postcode="BA111AB"),
         False),
        (person("Priory Surgery", postcode="BA111AB"), person("Priory Practice", postcode="BA111AB"),
         False),
        (person("Abbey", phone="01373301301"), person("Mill Lane", phone="01373301301"), True),
    ],
)  # fmt: skip
def test_places_that_look_alike(one: Person, other: Person, alike: bool) -> None:  # noqa: FBT001  # the expected answer
    found = likeness(traits(one, is_place=True), traits(other, is_place=True))
    assert (found.score >= ENOUGH) is alike, found


def test_a_score_is_never_beyond_its_bounds() -> None:
    everything = traits(person("Ann Lee", phone="07700900123", email="a@b.org", postcode="BA111AB"))
    assert likeness(everything, everything).score == 1.0
    born = [traits(person("X", date_of_birth=day)) for day in (1, 2)]
    assert likeness(traits(person("A", date_of_birth=1)), born[1]).score == 0.0


def test_whoever_looks_alike_passes_the_quick_look_before() -> None:
    chance = random.Random(4)
    names = ["Ann Lee", "Anne Lee", "A Lee", "Dr Anne Leigh", "Sarah Patel", "Sara Patel", "S Patel",
             "Ward 1", "Ward 2", "Bookkeeper Jones", "Bokkeeper Jones", ""]  # fmt: skip
    others: list[dict[str, object]] = [
        {}, {"phone": "01823259444"}, {"mobile": "07700900123"}, {"email": "ann@example.org"},
        {"date_of_birth": 1}, {"date_of_birth": 2}, {"postcode": "TA11AA"},
    ]  # fmt: skip
    people = [traits(person(name, **chance.choice(others))) for name in names for _ in range(8)]
    alike = 0
    for one, other in itertools.combinations(people, 2):
        if likeness(one, other).score >= ENOUGH:
            alike += 1
            assert may_be_alike(one, other), (one, other)
    assert alike > 100
