"""Who do I ring for ...? on a real home, at the hours that matter."""

from __future__ import annotations

import dataclasses
import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from liaison.records.directory import Contact, Organisation, Post, Service
from liaison.records.home import Home, Resident
from liaison.services import editing, ringing
from liaison.services.homes import OpenHome
from liaison.services.ringing import Asked, why_words
from tests.services.conftest import add, got

LONDON = ZoneInfo("Europe/London")


@dataclasses.dataclass(frozen=True)
class Ids:
    catheters: int
    nursing: int
    surgery: int
    grace: int
    sam: int
    doctor: int


@pytest.fixture
def ids(home: OpenHome) -> Ids:
    """Nurses by day and by night, and the home's surgery."""
    catheters = add(
        home, Service(name="Catheter care", synonyms="catheter blocked, bypassing; wee bag")
    )
    nursing = add(
        home,
        Organisation(
            name="Tamar Nursing", kind="community nursing", phone="01632 960410",
            phone_out_of_hours="01632 960118", offers=(catheters,),
            opening_hours="Every day 08:00 to 18:00",
        ),
    )  # fmt: skip
    surgery = add(
        home,
        Organisation(name="Meadow Lane Surgery", kind="GP practice", phone="01632 960200",
                     phone_out_of_hours="111"),
    )  # fmt: skip
    sam = add(home, Contact(name="Sam Bright", mobile="07700 900367"))
    grace = add(
        home,
        Contact(name="Grace Adeyemi", phone="01632 960412", ask_about=(catheters,),
                deputy=sam, named_link=True),
    )  # fmt: skip
    doctor = add(home, Contact(name="Dr Anwar", phone="01632 960201"))
    for contact, role, place in (
        (grace, "district nurse", nursing),
        (sam, "district nurse", nursing),
        (doctor, "GP", surgery),
    ):
        add(home, Post(contact=contact, role=role, organisation=place))
    return Ids(catheters, nursing, surgery, grace, sam, doctor)


def ask(home: OpenHome, text: str, at: str = "2026-11-19 11:00", resident: int = 0) -> Asked:
    moment = dt.datetime.fromisoformat(at)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=LONDON)
    own = ringing.own_of(home.store, resident) if resident else None
    return ringing.read(home.store).ask(text, moment, own)


def first(asked: Asked) -> tuple[int | None, int | None, str, bool]:
    choice = asked.choices[0]
    return choice.person, choice.place, choice.phone, choice.now


@pytest.mark.parametrize(
    ("at", "out"),
    [
        ("2026-11-19 07:59", True),
        ("2026-11-19 08:00", False),
        ("2026-11-20 17:59", False),
        ("2026-11-20 18:00", True),  # Friday, 18:00
        ("2026-11-21 11:00", True),  # a Saturday
        ("2026-11-22 11:00", True),
        ("2026-12-25 11:00", True),  # a Friday
        ("2026-12-28 11:00", True),  # Boxing Day's substitute
        ("2026-12-29 11:00", False),
        ("2026-10-26 08:30", False),  # the Monday after the clock went back
        ("2026-10-25T01:30:00+01:00", True),
        ("2026-10-25T01:30:00+00:00", True),
        ("2027-03-29 08:30", True),  # Easter Monday, a day after the clock went forward
        ("2026-07-01T07:30:00+00:00", False),  # 08:30 by the home's clock
    ],
)
def test_the_person_by_day_and_the_other_number_out_of_hours(
    home: OpenHome,
    ids: Ids,
    at: str,
    out: bool,  # noqa: FBT001  # a column of the table
) -> None:
    asked = ask(home, "catheter blocked", at)
    assert asked.out is out
    if out:
        assert first(asked) == (None, ids.nursing, "01632 960118", True)
    else:
        assert first(asked) == (ids.grace, ids.nursing, "01632 960412", True)


def test_the_deputy_and_the_place_come_behind_her(home: OpenHome, ids: Ids) -> None:
    asked = ask(home, "wee bag")
    book = ringing.read(home.store)
    assert [why_words(book, asked, one) for one in asked.choices] == [
        "Our named link for catheter care",
        "Stands in for Grace Adeyemi",
        "Offers catheter care",
    ]
    assert asked.choices[1].phone == "07700 900367"


def test_until_when_it_is_out_of_hours_is_said(home: OpenHome, ids: Ids) -> None:
    asked = ask(home, "catheter", "2026-12-24 18:00")
    assert asked.until == dt.datetime(2026, 12, 29, 8, tzinfo=LONDON)


def test_the_homes_own_hours_count_and_unreadable_ones_are_the_usual_ones(
    home: OpenHome, ids: Ids
) -> None:
    loaded = home.store.the("home")
    assert loaded is not None
    assert isinstance(loaded.record, Home)
    editing.save(home, loaded, dataclasses.replace(loaded.record, hours_to="17:00"))
    assert ask(home, "catheter", "2026-11-19 17:30").out
    later = home.store.the("home")
    assert later is not None
    with home.store.unit(home.person, "as an older version could") as unit:
        unit.save(later, dataclasses.replace(later.record, hours_to="tea time"))  # type: ignore[call-arg]
    assert not ask(home, "catheter", "2026-11-19 17:30").out


def test_closed_places_and_ended_posts_are_not_rung(home: OpenHome, ids: Ids) -> None:
    place = home.store.load("organisation", ids.nursing)
    assert place is not None
    assert isinstance(place.record, Organisation)
    editing.save(home, place, dataclasses.replace(place.record, status="closed"))
    asked = ask(home, "catheter", "2026-11-19 23:00")
    assert ids.nursing not in [one.place for one in asked.choices]
    assert "Tamar Nursing" not in ask(home, "Tamar Nursing ").meant
    assert ask(home, "catheter").choices[0].person == ids.grace
    editing.archive(home, got(home, Contact, ids.grace), "left")
    assert ask(home, "catheter").choices == ()


def test_a_need_that_nobody_serves_says_so_and_names_the_practice_of_the_settings(
    home: OpenHome, ids: Ids
) -> None:
    add(home, Service(name="Wheelchair"))
    asked = ask(home, "weelchair")
    assert asked.meant == ("Wheelchair",)
    assert asked.choices == ()
    loaded = home.store.the("home")
    assert loaded is not None
    changed = dataclasses.replace(loaded.record, practice=ids.surgery)  # type: ignore[call-arg]
    editing.save(home, loaded, changed)
    assert first(ask(home, "wheelchair")) == (None, ids.surgery, "01632 960200", True)
    assert first(ask(home, "wheelchair", "2026-12-25 03:10")) == (None, ids.surgery, "111", True)


def test_what_nobody_understands_finds_nobody(home: OpenHome, ids: Ids) -> None:
    assert ask(home, "zzz") == Asked("zzz", (), (), out=False, until=ask(home, "").until)


def test_people_places_roles_and_kinds_are_found_by_what_they_are_called(
    home: OpenHome, ids: Ids
) -> None:
    assert first(ask(home, "adeyemi"))[0] == ids.grace
    assert first(ask(home, "Medow Lane"))[1] == ids.surgery
    assert {one.person for one in ask(home, "district nurse").choices} >= {ids.grace, ids.sam}
    assert ask(home, "doctor").choices[0].person == ids.doctor
    assert ask(home, "surgery").choices[0].place == ids.surgery


def test_a_residents_own_practice_is_rung_for_what_a_surgery_sees_to(
    home: OpenHome, ids: Ids
) -> None:
    unwell = add(home, Service(name="Unwell, needs the doctor"))
    other = add(
        home,
        Organisation(name="Harbour View", kind="GP practice", phone="01632 960240",
                     offers=(unwell,)),
    )  # fmt: skip
    joan = add(home, Resident(name="Joan Tully", practice=ids.surgery, gp=ids.doctor))
    max_bell = add(home, Resident(name="Max Bell", practice=other))
    assert first(ask(home, "unwell", resident=joan))[0] == ids.doctor
    assert first(ask(home, "unwell", resident=max_bell))[1] == other
    assert ringing.own_of(home.store, 4_711) is None


def test_two_people_of_one_name_are_told_apart(home: OpenHome, ids: Ids) -> None:
    add(home, Contact(name="Grace Adeyemi", phone="01632 960999"))
    people = ringing.read(home.store).everybody.people
    names = [one.name for one in people.values() if one.name.startswith("Grace")]
    assert len(set(names)) == 2


def test_a_merged_contact_is_one_person(home: OpenHome, ids: Ids) -> None:
    twice = add(home, Contact(name="G Adeyemi", ask_about=(ids.catheters,)))
    add(home, Post(contact=twice, role="continence nurse", organisation=ids.nursing))
    editing.merge(home, got(home, Contact, twice), got(home, Contact, ids.grace))
    book = ringing.read(home.store)
    assert twice not in book.everybody.people
    assert len(book.everybody.people[ids.grace].posts) == 2


def test_reading_asks_the_database_as_often_for_many_as_for_few(home: OpenHome, ids: Ids) -> None:
    def statements() -> int:
        seen: list[str] = []
        home.store.connection.set_trace_callback(seen.append)
        ringing.read(home.store)
        home.store.connection.set_trace_callback(None)
        return len(seen)

    few = statements()
    with home.store.unit(home.person, "many") as unit:
        for number in range(200):
            who = unit.add(Contact(name=f"Person {number}", ask_about=(ids.catheters,)))
            unit.add(Post(contact=who, role="GP", organisation=ids.surgery))
    assert statements() <= few + 3
