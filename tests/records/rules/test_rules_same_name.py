"""Domain rule 8: two people of the same name."""

from __future__ import annotations

from datetime import date

import pytest

from liaison.records.rules.same_name import name_key, tell_apart

BORN = date(1931, 2, 3)


def test_a_name_alone_stays_as_it_is() -> None:
    people = [(1, "Mary Jones", "4", BORN), (2, "Mary Johns", "5", BORN)]
    assert tell_apart(people) == {1: "Mary Jones", 2: "Mary Johns"}


def test_two_of_a_name_show_room_and_birth() -> None:
    people = [
        ("a", "Mary Jones", "4", BORN),
        ("b", "Mary Jones", "Room 12b", date(1940, 11, 30)),
        ("c", "John Smith", "5", None),
    ]
    assert tell_apart(people) == {
        "a": "Mary Jones (room 4, born 3 Feb 1931)",
        "b": "Mary Jones (room 12b, born 30 Nov 1940)",
        "c": "John Smith",
    }


@pytest.mark.parametrize(
    ("room", "born", "shown"),
    [
        (None, BORN, "Mary Jones (room not recorded, born 3 Feb 1931)"),
        ("", BORN, "Mary Jones (room not recorded, born 3 Feb 1931)"),
        ("4", None, "Mary Jones (room 4, date of birth not recorded)"),
        (None, None, "Mary Jones (room not recorded, date of birth not recorded)"),
    ],
)
def test_what_is_missing_is_said(room: str | None, born: date | None, shown: str) -> None:
    people = [(1, "Mary Jones", room, born), (2, "Mary Jones", "9", BORN)]
    assert tell_apart(people)[1] == shown


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Mary Jones", "MARY JONES", id="case"),
        pytest.param("Mary Jones", " Mary\N{NO-BREAK SPACE} Jones ", id="spacing"),
        pytest.param("Anna De Souza", "Anna DeSouza", id="a space in the surname"),
        pytest.param("Zoë Müller", "Zoe Muller", id="accents"),
        pytest.param("Zoë", "Zoe\N{COMBINING DIAERESIS}", id="accents written two ways"),
        pytest.param("Łukasz", "Lukasz", id="a letter of its own"),
        pytest.param("Weiß", "WEISS", id="sharp s"),
        pytest.param("O'Neil", "O\N{RIGHT SINGLE QUOTATION MARK}Neil", id="apostrophes"),
    ],
)
def test_spellings_of_one_name(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)
    shown = tell_apart([(1, one, "4", BORN), (2, other, "5", BORN)])
    assert shown[1].startswith(f"{one} (room 4,")
    assert shown[2].startswith(f"{other} (room 5,")


def test_one_person_listed_twice_is_one_person() -> None:
    assert tell_apart([(1, "Mary Jones", "4", BORN)] * 2) == {1: "Mary Jones"}


def test_nobody() -> None:
    assert tell_apart([]) == {}
