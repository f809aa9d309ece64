"""A record is named by its id or its exact name; who could be meant as well is always shown."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from liaison.records import ids
from liaison.records.casework import Action, Visit, VisitEntry
from liaison.records.directory import Contact, Organisation, Post, Service
from liaison.records.home import Resident
from liaison.services import editing, references
from liaison.services.homes import OpenHome
from liaison.services.references import (
    Names,
    NotOne,
    described,
    name_of,
    named,
    others_called_so,
    resolve,
)
from liaison.store import query
from tests.services.conftest import add, got

BORN = dt.date(1931, 2, 3)


def not_one(home: OpenHome, type_name: str, typed: str) -> NotOne:
    with pytest.raises(NotOne) as caught:
        resolve(home.store, type_name, typed)
    return caught.value


def test_an_id_is_enough_in_any_case(home: OpenHome) -> None:
    mary = add(home, Resident(name="Mary Jones"))
    text = ids.to_text(mary)
    assert resolve(home.store, "resident", text) == mary
    assert resolve(home.store, "resident", text.lower()) == mary
    assert not_one(home, "contact", text).code == "not-found"


NAMES = [
    "Mary Jones",
    "O'Neil",
    'Mary "Peggy" Ellis',
    "Siân Ffion Llŷr",
    "Łucja Żółć",
    "İpek Straße",
    "محمد بن علي",
    "שרה כהן",
    "山田 花子",
    "Dr 👩🏽‍⚕️ Patel",
    "100% -- AND OR * NEAR(",
    "Li",
    "X",
    "null",
    "=1+1",
    "../../etc/passwd",
    "a\N{ZERO WIDTH NON-JOINER}b",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_enough_in_any_case_and_any_script(name: str, home: OpenHome) -> None:
    for other in NAMES:
        add(home, Resident(name=other))
    (expected,) = (
        identity
        for (identity,) in home.store.connection.execute(
            "SELECT id FROM resident WHERE name = ?", (name,)
        )
    )
    for typed in (name, name.upper(), name.lower(), name.swapcase(), f"  {name} "):
        # the capitals of the German and the Turkish name are other letters
        if typed.strip().casefold() == name.casefold() and "SS" not in typed:
            assert resolve(home.store, "resident", typed) == expected, typed


def test_an_accent_composed_or_not_is_the_same_letter(home: OpenHome) -> None:
    sian = add(home, Resident(name="Si\N{LATIN SMALL LETTER A WITH CIRCUMFLEX}n Llyr"))
    typed = "Sia\N{COMBINING CIRCUMFLEX ACCENT}n Llyr"
    assert resolve(home.store, "resident", typed) == sian
    # another letter is another name, and near
    error = not_one(home, "resident", "Sian Llyr")
    assert error.code == "not-found"
    assert ids.to_text(sian) in error.do


@pytest.mark.parametrize(
    "word", ["Physiotherapy", "CHRISTOPHERSO", "0000000000000", "ZZZZZZZZZZZZZ", "7ZZZZZZZZZZZZ"]
)
def test_a_name_that_looks_like_an_id_is_a_name(word: str, home: OpenHome) -> None:
    assert len(word) == ids.LENGTH
    assert not_one(home, "service", word).code == "not-found"
    service = add(home, Service(name=word))
    assert resolve(home.store, "service", word) == service


def test_an_id_goes_before_a_name_that_looks_like_it(home: OpenHome) -> None:
    first = add(home, Service(name="District nursing"))
    add(home, Service(name=ids.to_text(first)))
    assert resolve(home.store, "service", ids.to_text(first)) == first


def test_several_of_one_name_are_listed_with_what_tells_them_apart(home: OpenHome) -> None:
    one = add(home, Resident(name="Mary Jones", room="4", date_of_birth=BORN))
    two = add(home, Resident(name="MARY JONES", room="9"))
    error = not_one(home, "resident", "mary jones")
    assert error.code == "not-one"
    assert error.what.startswith("2 residents are called 'mary jones': ")
    assert f"Mary Jones (room 4, date of birth 3 Feb 1931) {ids.to_text(one)}" in error.what
    assert f"(room 9, date of birth not recorded) {ids.to_text(two)}" in error.what
    assert "id" in error.do


def test_many_of_one_name_are_not_all_listed(home: OpenHome) -> None:
    with home.unit() as unit:
        for room in range(20):
            unit.add(Resident(name="Mary Jones", room=str(room)))
    error = not_one(home, "resident", "Mary Jones")
    assert error.what.startswith("20 residents")
    assert error.what.count("date of birth") == 12
    assert error.what.endswith(" ....")


def test_archived_and_merged_ones_are_no_candidates(home: OpenHome) -> None:
    stays = add(home, Resident(name="Mary Jones", room="4"))
    gone = add(home, Resident(name="Mary Jones", room="5"))
    twice = add(home, Resident(name="Mary Jones", room="6"))
    editing.archive(home, got(home, Resident, gone), "moved out")
    editing.merge(home, got(home, Resident, twice), got(home, Resident, stays))
    assert resolve(home.store, "resident", "Mary Jones") == stays
    # an id still says which: an archived one is itself, a duplicate is what it became
    assert resolve(home.store, "resident", ids.to_text(gone)) == gone
    assert resolve(home.store, "resident", ids.to_text(twice)) == stays
    editing.archive(home, got(home, Resident, stays), "moved out")
    assert not_one(home, "resident", "Mary Jones").code == "not-found"


@pytest.mark.parametrize("typed", ["", " ", "Mary", "%", "*", "Mary Jones\0", "\udcff", "x" * 5000])
def test_what_names_nobody_is_a_plain_error(typed: str, home: OpenHome) -> None:
    add(home, Resident(name="Mary Jones", room="4"))
    error = not_one(home, "resident", typed)
    assert error.code == "not-found"
    assert "exact name" in error.do
    assert len(error.message) < 500
    assert ("Near ones: Mary Jones (room 4" in error.do) == (typed in {"Mary", "Mary Jones\0"})


def test_a_type_without_names_is_named_by_id_only(home: OpenHome) -> None:
    visit = add(home, Visit(at=home.store.clock(), kind="visit"))
    assert resolve(home.store, "visit", ids.to_text(visit)) == visit
    assert not_one(home, "visit", "yesterday's").do == "Give an id."


def test_namesakes_are_told_apart_wherever_they_are_shown(home: OpenHome) -> None:
    one = add(home, Resident(name="Mary Jones", room="4", date_of_birth=BORN))
    visit = add(home, Visit(at=home.store.clock(), kind="visit"))
    entry = add(home, VisitEntry(visit=visit, resident=one, found="Well."))
    assert named(home.store, got(home, Resident, one)) == "Mary Jones"
    two = add(home, Resident(name="mary  jónes", room="5"))
    apart = "Mary Jones (room 4, date of birth 3 Feb 1931)"
    assert named(home.store, got(home, Resident, one)) == apart
    assert name_of(home.store, "resident", two) == (
        "mary  jónes (room 5, date of birth not recorded)"
    )
    # also inside the name of something else
    assert named(home.store, got(home, VisitEntry, entry)).startswith(f"{apart}, Visit, ")
    assert apart in described(home.store, got(home, VisitEntry, entry))


def test_a_long_list_is_named_as_a_short_one_and_quickly(home: OpenHome) -> None:
    with home.unit() as unit:
        for number in range(3_000):
            unit.add(Organisation(name=f"Practice number {number // 2}", kind="GP practice"))
            unit.add(Organisation(name=f"Surgery number {number}", kind="GP practice"))
        gone = unit.add(Organisation(name="Practice number 1", kind="other", archived=True))
        alone = unit.add(Organisation(name="Hospice", kind="hospice", archived=True))
    records = list(query.every(home.store, query.Query("organisation", archived=True)))
    names = Names(home.store)
    begin = time.process_time()
    words = [names.of(record) for record in records]
    # 20 s when each was looked for by itself
    assert time.process_time() - begin < 3
    for record, shown in list(zip(records, words, strict=True))[:: len(records) // 50]:
        assert shown == named(home.store, record)
    assert sum("(kind GP practice, postcode not recorded" in shown for shown in words) == 3_000
    assert names.by_id("organisation", gone).startswith("Practice number 1 (kind Other")
    assert names.by_id("organisation", alone) == "Hospice"


@pytest.mark.parametrize("soon_read", [300, 2])
def test_names_read_at_once_are_those_read_one_by_one(
    soon_read: int, home: OpenHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(references, "_SOON_READ", soon_read)
    alone = add(home, Resident(name="Ivy Cole", room="1"))
    one = add(home, Resident(name="Mary Jones", room="4", date_of_birth=BORN))
    two = add(home, Resident(name="mary  jónes", room="5"))
    gone = add(home, Resident(name="Mary Jones", room="6", archived=True))
    left = add(home, Resident(name="Tom Wood", archived=True))
    same = add(home, Resident(name="Ivy Coal", merged_into=alone))
    action = add(home, Action(what="Ring back"))
    wanted = [alone, one, two, gone, left, same, 12345]
    for some in (wanted, [alone], [one], [same, left]):
        each = {identity: name_of(home.store, "resident", identity) for identity in some}
        assert Names(home.store).words("resident", [*some, None]) == each
    assert Names(home.store).words("action", [action]) == {action: "Ring back"}
    assert "room 5" in Names(home.store).words("resident", wanted)[two]


def test_contacts_and_organisations_are_told_apart_too(home: OpenHome) -> None:
    asha = add(home, Contact(name="Dr Asha Patel", phone="01632 960001"))
    add(home, Contact(name="Dr Asha Patel", email="asha@example.org"))
    surgery = add(home, Organisation(name="The Surgery", kind="GP practice", postcode="TA1 1AA"))
    post = add(home, Post(contact=asha, role="GP", organisation=surgery))
    words = named(home.store, got(home, Post, post))
    assert "Dr Asha Patel (phone 01632 960001" in words
    assert "The Surgery" in words


def test_what_is_not_here_yet_is_said(home: OpenHome) -> None:
    assert name_of(home.store, "resident", 12345) == "(not on this PC yet)"
    action = add(home, Action(what="Ring back"))
    assert named(home.store, got(home, Action, action)).startswith("Ring back")


def test_others_of_a_new_records_name_are_told_and_forbid_nothing(home: OpenHome) -> None:
    add(home, Resident(name="Mary Jones", room="4", date_of_birth=BORN))
    identity, warnings = editing.add(home, Resident(name="mary  jones"))
    (told,) = warnings
    assert (told.field, told.blocks) == ("name", False)
    assert told.message == (
        "There is another Mary Jones (room 4, date of birth 3 Feb 1931). Is it the same person?"
    )
    assert others_called_so(home.store, got(home, Resident, identity))
    assert not others_called_so(home.store, Resident(name="Mary Joness"))
    assert not others_called_so(home.store, Resident())
