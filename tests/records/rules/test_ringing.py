"""Who to ring at this hour: a table of directories."""

from __future__ import annotations

import dataclasses

from liaison.records.rules.ringing import Choice, Everybody, Own, Person, Place, Want, Why, ranked

NEED = 1
NURSING = Place(10, "Nursing", "community nursing", "01", "02", frozenset({NEED}))
SURGERY = Place(11, "Surgery", "GP practice", "11", "111")
OTHER = Place(12, "Other surgery", "GP practice", "12", "", frozenset({NEED}))
GRACE = Person(
    20, "Grace", ("20",), "in hours", is_link=True, deputy=21, asks=frozenset({NEED}),
    posts=(("district nurse", 10),),
)  # fmt: skip
SAM = Person(21, "Sam", ("21",), posts=(("district nurse", 10),))
WANT = Want(need=NEED, roles=("district nurse",), kinds=("community nursing", "GP practice"))


def everybody(*known: Person | Place, practice: int | None = None) -> Everybody:
    return Everybody(
        {one.id: one for one in known if isinstance(one, Person)},
        {one.id: one for one in known if isinstance(one, Place)},
        practice,
    )


def rung(choices: tuple[Choice, ...]) -> list[tuple[int, str, bool]]:
    return [(one.person or one.place or 0, one.phone, one.now) for one in choices]


def test_in_hours_the_named_link_comes_first_then_her_deputy_then_the_place() -> None:
    found = ranked(everybody(NURSING, GRACE, SAM), [WANT], out=False)
    assert rung(found) == [(20, "20", True), (21, "21", True), (10, "01", True)]
    assert [one.why for one in found] == [Why.LINK, Why.DEPUTY, Why.OFFERS]
    assert found[1].instead_of == 20


def test_out_of_hours_the_places_other_number_comes_first_and_those_off_last() -> None:
    found = ranked(everybody(NURSING, GRACE, SAM), [WANT], out=True)
    assert rung(found) == [(10, "02", True), (20, "20", False), (21, "21", False)]


def test_who_covers_the_night_is_rung_at_night_and_not_by_day() -> None:
    night = Person(22, "Maria", ("22",), "out of hours", asks=frozenset({NEED}))
    always = dataclasses.replace(night, id=23, name="Ann", phones=("23",), cover="both")
    known = everybody(NURSING, GRACE, night, always)
    assert rung(ranked(known, [WANT], out=True))[:2] == [(23, "23", True), (22, "22", True)]
    by_day = ranked(known, [WANT], out=False)
    assert rung(by_day)[0] == (20, "20", True)
    assert rung(by_day)[-1] == (22, "22", False)


def test_who_is_asked_about_it_comes_before_who_only_has_the_role() -> None:
    asked = Person(24, "Zoe", ("24",), asks=frozenset({NEED}))
    found = ranked(everybody(NURSING, SAM, asked), [WANT], out=False)
    assert [one.why for one in found] == [Why.ASKED, Why.ROLE, Why.OFFERS]
    assert [one.person for one in found] == [24, 21, None]


def test_a_role_fits_only_where_it_is_seen_to() -> None:
    ward = Place(13, "Ward", "hospital", "13")
    away = Person(25, "Tom", ("25",), posts=(("district nurse", 13),))
    assert ranked(everybody(NURSING, ward, away), [WANT], out=False)[0].person is None


def test_somebody_without_a_number_is_asked_for_at_their_place() -> None:
    bare = dataclasses.replace(GRACE, phones=(), deputy=None)
    found = ranked(everybody(NURSING, bare), [WANT], out=False)
    assert rung(found)[0] == (20, "01", True)
    nights = dataclasses.replace(bare, cover="out of hours")
    assert (20, "02", True) in rung(ranked(everybody(NURSING, nights), [WANT], out=True))
    assert (20, "01", False) in rung(ranked(everybody(NURSING, nights), [WANT], out=False))
    nowhere = dataclasses.replace(bare, posts=())
    assert rung(ranked(everybody(nowhere), [WANT], out=False)) == [(20, "", False)]


def test_a_place_without_a_night_number_is_shown_last_with_its_own() -> None:
    day_only = dataclasses.replace(NURSING, out_of_hours="")
    found = ranked(everybody(day_only, SURGERY, practice=11), [WANT], out=True)
    assert rung(found) == [(11, "111", True), (10, "01", False)]
    assert found[0].why is Why.PRACTICE


def test_without_a_practice_in_the_settings_nobody_is_made_up() -> None:
    day_only = dataclasses.replace(NURSING, out_of_hours="")
    assert rung(ranked(everybody(day_only, SURGERY), [WANT], out=True)) == [(10, "01", False)]
    assert ranked(everybody(SURGERY), [], out=True) == ()


def test_places_of_a_likely_kind_are_named_only_when_nobody_else_is_known() -> None:
    surgery = ranked(everybody(SURGERY), [WANT], out=False)
    assert [(one.place, one.why) for one in surgery] == [(11, Why.LIKELY)]
    assert 11 not in [one.place for one in ranked(everybody(NURSING, SURGERY), [WANT], out=False)]


def test_a_residents_own_doctor_and_practice_come_before_the_homes() -> None:
    gp = Person(26, "Dr A", ("26",), is_link=True, asks=frozenset({NEED}), posts=(("GP", 11),))
    own = Person(27, "Dr B", ("27",), asks=frozenset({NEED}), posts=(("GP", 12),))
    want = Want(need=NEED, roles=("GP",), kinds=("GP practice",))
    known = everybody(SURGERY, OTHER, gp, own, practice=11)
    assert ranked(known, [want], out=False)[0].person == 26
    theirs = ranked(known, [want], out=False, own=Own(doctor=27, practice=12))
    assert [one.person for one in theirs][:2] == [27, None]
    assert theirs[0].why is Why.OWN
    assert theirs[1].place == 12
    nurse = Person(28, "Nurse", ("28",), posts=(("district nurse", 10),))
    known = everybody(NURSING, GRACE, nurse)
    assert ranked(known, [WANT], out=False, own=Own(nurse=28))[0].person == 28


def test_somebody_asked_for_by_name_comes_first_and_their_place_answers_when_they_are_off() -> None:
    known = everybody(NURSING, GRACE, SAM)
    want = Want(people=frozenset({20}))
    assert ranked(known, [want], out=False)[0].why is Why.NAMED
    assert rung(ranked(known, [want], out=True))[0] == (10, "02", True)


def test_what_is_likelier_meant_comes_before_what_is_less_likely() -> None:
    second = dataclasses.replace(GRACE, id=29, name="A", asks=frozenset({2}), posts=(), deputy=None)
    plain = Person(30, "B", ("30",), asks=frozenset({NEED}))
    found = ranked(everybody(second, plain), [Want(need=NEED), Want(need=2)], out=False)
    assert [one.person for one in found] == [30, 29]


def test_deputies_of_each_other_are_named_once() -> None:
    sam = dataclasses.replace(SAM, deputy=20)
    found = ranked(everybody(NURSING, GRACE, sam), [WANT], out=False)
    assert [one.person for one in found] == [20, 21, None]
    alone = dataclasses.replace(GRACE, deputy=20)
    assert [one.person for one in ranked(everybody(alone), [WANT], out=False)] == [20]
