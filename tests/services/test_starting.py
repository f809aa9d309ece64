"""The starting lists: what the files hold, and that a home gets each of it once."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from liaison.records import Record, all_specs, check, ids, spec_of
from liaison.records.check import text_problem, tidy
from liaison.records.directory import Contact, Organisation, Post, Service, Term
from liaison.records.rules.same_name import name_key
from liaison.records.rules.times import in_london
from liaison.records.training import Course, Requirement
from liaison.records.vocabularies import shipped
from liaison.services import editing, starting
from liaison.services.homes import OpenHome
from liaison.store import history, query
from tests import homes as made
from tests.services.conftest import add, got, written

AMERICAN = re.compile(
    r"\b(?:\w+iz(?:e|es|ed|ing|ation|ations)|color|center|program|organiz\w*|pediatric\w*|"
    r"edema|diarrhea|anemia|hemorrhage|esophagus|gray|behavior\w*|counsel(?:or|ing)|"
    r"fulfill|license[sd]?|meter|labor|favorite|mom|diaper|gyn?ecology|check-up schedule)\b",
    re.IGNORECASE,
)
NOT_AMERICAN = {"size", "sizes", "sized", "prize", "seize", "seized"}


def words_of(entry: object) -> list[str]:
    """Return every text of an entry of a file."""
    if isinstance(entry, str):
        return [entry]
    if isinstance(entry, tuple):
        return [text for part in entry for text in words_of(part)]
    fields = getattr(entry, "__dataclass_fields__", {})
    return [text for name in fields for text in words_of(getattr(entry, name))]


EVERYTHING = (
    *starting.services(),
    *starting.terms(),
    *starting.courses(),
    starting.key_questions(),
)


def in_lists(home: OpenHome, type_name: str) -> list[Record]:
    return list(query.every(home.store, query.Query(type_name)))


def counted(home: OpenHome) -> dict[str, int]:
    return {
        name: len(in_lists(home, name)) for name in ("service", "term", "course", "requirement")
    }


# ---- the files


def test_there_are_as_many_of_each_as_a_home_needs() -> None:
    assert len(starting.services()) >= 55
    assert len(starting.terms()) >= 80
    assert len(starting.courses()) >= 18
    assert len(starting.key_questions().items) == 5


@pytest.mark.parametrize(
    "names",
    [
        [s.name for s in starting.services()],
        [t.abbreviation for t in starting.terms()],
        [c.name for c in starting.courses()],
        [q.item for q in starting.key_questions().items],
    ],
    ids=["services", "terms", "courses", "questions"],
)
def test_nothing_is_listed_twice(names: list[str]) -> None:
    assert [name for name, times in Counter(map(name_key, names)).items() if times > 1] == []


def test_every_text_is_filled_in_tidy_and_can_be_kept() -> None:
    for entry in EVERYTHING:
        for text in words_of(entry):
            assert tidy(text, long=False) == text
            assert not text_problem(text, long=False)
    assert all(all(words_of(entry)) for entry in (*starting.services(), *starting.terms()))
    explanations = [
        *(need.explanation for need in starting.services()),
        *(term.explanation for term in starting.terms()),
    ]
    for explanation in explanations:
        # a sentence of plain English, not a leaflet
        assert explanation.endswith(".")
        assert 15 <= len(explanation) <= 200, explanation


def test_the_spelling_is_british() -> None:
    found = [
        word
        for entry in EVERYTHING
        for text in words_of(entry)
        for word in AMERICAN.findall(text)
        if word.casefold() not in NOT_AMERICAN
    ]
    assert found == []


def test_synonyms_read_back_from_one_line_as_they_were_listed() -> None:
    for need in starting.services():
        assert len(need.synonyms) >= 5
        assert len({s.casefold() for s in need.synonyms}) == len(need.synonyms), need.name
        assert tuple(", ".join(need.synonyms).split(", ")) == need.synonyms


@pytest.mark.parametrize(
    ("typed", "need"),
    [
        ("catheter blocked", "Catheter care"),
        ("wee bag", "Catheter care"),
        ("can't swallow", "Swallowing"),
        ("coughing when drinking", "Swallowing"),
        ("out of tablets", "Medicines supply"),
        ("fell again", "Falls"),
        ("skin tear", "Skin tears"),
        ("sore bottom", "Pressure damage"),
        ("not eating", "Eating and weight"),
        ("chesty", "Breathing and chest"),
        ("toe nails", "Feet and toe nails"),
        ("glasses broken", "Eyes and glasses"),
        ("hearing aid", "Hearing and hearing aids"),
        ("won't take her medicines", "Taking medicines"),
        ("just in case medicines", "Just-in-case medicines"),
        ("bed rails", "Beds and bed rails"),
        ("special mattress", "Pressure-relieving mattress"),
        ("funding", "Money and funding"),
        ("power of attorney", "Mental capacity and DoLS"),
        ("death at night", "Death at home"),
        ("flu jab", "Vaccinations"),
        ("pads", "Continence"),
    ],
)
def test_what_people_say_leads_to_the_need(typed: str, need: str) -> None:
    assert need in [s.name for s in starting.services() if typed in s.synonyms]


def test_every_choice_is_one_that_ships() -> None:
    words = shipped()
    kinds = all_specs()[spec_of(Organisation).name].by_name["kind"]
    roles = spec_of(Post).by_name["role"]
    jobs = spec_of(Requirement).by_name["job_role"]
    course_kinds = spec_of(Course).by_name["kind"]
    categories = spec_of(Course).by_name["category"]
    for need in starting.services():
        assert need.organisations
        assert need.roles
        assert all(words.knows(kinds, kind) for kind in need.organisations), need.name
        assert all(words.knows(roles, role) for role in need.roles), need.name
    for course in starting.courses():
        assert all(words.knows(jobs, role) for role in course.required_of), course.name
        assert words.knows(course_kinds, course.kind)
        assert words.knows(categories, course.category)


def test_every_abbreviation_a_home_meets_daily_is_explained() -> None:
    listed = {term.abbreviation for term in starting.terms()}
    wanted = (
        "DN CPN MSU TTO SBAR DNACPR DoLS MCA SLT OT CHC MUST NEWS2 RESTORE2 ReSPECT EHCH PCN ICB "
        "CQC ODS MAR PRN UTI CKD COPD PEG BNF LPA IMCA MDT TVN"
    )
    assert set(wanted.split()) <= listed


def test_courses_last_as_long_as_the_usual_defaults() -> None:
    months = {course.name: course.refresh_months for course in starting.courses()}
    yearly = {name for name, lasts in months.items() if lasts == 12}
    assert yearly == {
        "Moving and assisting people", "Basic life support", "Medication", "Safeguarding adults",
        "Fire safety", "Data security",
    }  # fmt: skip
    assert {name for name, lasts in months.items() if lasts == 36} == {
        "Mental capacity and DoLS", "Infection prevention and control", "Food hygiene",
        "Health and safety", "Equality and diversity", "Dignity and person-centred care",
        "Oral health", "Nutrition and hydration",
    }  # fmt: skip
    assert set(months.values()) == {12, 36, None}


def test_the_care_certificate_counts_as_its_sixteen_standards() -> None:
    by_name = {course.name: course for course in starting.courses()}
    standards = by_name["Care Certificate"].satisfies
    assert [name.partition(":")[0] for name in standards] == [
        f"Care Certificate {number}" for number in range(1, 17)
    ]
    assert set(standards) <= by_name.keys()


def test_everybody_needs_the_oliver_mcgowan_e_learning_and_one_tier() -> None:
    by_name = {course.name: course for course in starting.courses()}
    first, second = by_name["Oliver McGowan: Tier 1"], by_name["Oliver McGowan: Tier 2"]
    everyone = {item.value for item in shipped().items(spec_of(Requirement).by_name["job_role"])}
    assert set(by_name["Oliver McGowan: e-learning"].required_of) == everyone
    assert sorted([*first.required_of, *second.required_of]) == sorted(everyone)
    assert second.satisfies == (first.name,)
    assert first.satisfies == ()


def test_the_five_questions_are_those_of_the_regulator() -> None:
    items = [question.item for question in starting.key_questions().items]
    assert items == ["safe", "effective", "caring", "responsive", "well-led"]


# ---- in a home


def test_a_new_home_gets_all_lists_and_every_record_is_fit(home: OpenHome) -> None:
    counts = starting.add_starting_lists(home)
    assert counts == counted(home)
    assert counts["service"] == len(starting.services())
    assert counts["requirement"] == sum(len(c.required_of) for c in starting.courses())
    today = in_london(home.store.clock()).date()
    for name in counts:
        for record in in_lists(home, name):
            found = check(
                record, find=home.store.get, vocabularies=home.store.vocabularies, today=today
            )
            assert found == []


def test_a_need_is_kept_with_its_words_and_is_found_by_them(home: OpenHome) -> None:
    starting.add_starting_lists(home)
    (need,) = query.with_text(home.store, "service", "name", "Catheter care")
    assert isinstance(need, Service)
    assert need.synonyms is not None
    assert "catheter blocked, catheter not draining, bypassing, wee bag" in need.synonyms


def test_references_between_courses_lead_to_the_courses(home: OpenHome) -> None:
    starting.add_starting_lists(home)
    (whole,) = query.with_text(home.store, "course", "name", "Care Certificate")
    assert isinstance(whole, Course)
    standards = [got(home, Course, identity) for identity in whole.satisfies]
    assert len(standards) == 16
    assert all((s.name or "").startswith("Care Certificate ") for s in standards)


def test_the_second_time_adds_nothing_and_writes_nothing(home: OpenHome) -> None:
    starting.add_starting_lists(home)
    before = written(home)
    assert set(starting.add_starting_lists(home).values()) == {0}
    assert written(home) == before


def test_two_homes_build_the_same_records(home: OpenHome, tmp_path: Path) -> None:
    starting.add_starting_lists(home)
    with made.make(tmp_path / "other")[0] as other:
        starting.add_starting_lists(other)
        for name in counted(home):
            here = {(r.id, repr(r)) for r in in_lists(home, name)}
            assert here == {(r.id, repr(r)) for r in in_lists(other, name)}


def test_what_a_home_has_under_that_name_stays_and_is_referred_to(home: OpenHome) -> None:
    own = add(home, Course(name="FIRE  safety", refresh_months=24))
    tier = add(home, Course(name="Oliver McGowan: Tier 1"))
    add(home, Term(abbreviation="dn", meaning="district nurse"))
    counts = starting.add_starting_lists(home)
    assert counts["course"] == len(starting.courses()) - 2
    assert counts["term"] == len(starting.terms()) - 1
    assert got(home, Course, own).refresh_months == 24
    required = query.equal({"course": own})
    assert query.page(home.store, query.Query("requirement", required)).records
    (second,) = query.with_text(home.store, "course", "name", "Oliver McGowan: Tier 2")
    assert isinstance(second, Course)
    assert second.satisfies == (tier,)


def test_a_requirement_that_is_there_is_not_added_again(home: OpenHome) -> None:
    own = add(home, Course(name="Fire safety"))
    add(home, Requirement(course=own, job_role="cook", grace_days=7))
    starting.add_starting_lists(home)
    asked = query.Query("requirement", query.equal({"course": own, "job_role": "cook"}))
    (requirement,) = query.page(home.store, asked).records
    assert isinstance(requirement, Requirement)
    assert requirement.grace_days == 7


def test_what_was_renamed_archived_or_merged_away_does_not_come_back(home: OpenHome) -> None:
    starting.add_starting_lists(home)
    renamed, archived, merged = (
        query.with_text(home.store, "service", "name", name)[0]
        for name in ("Catheter care", "Falls", "Skin tears")
    )
    loaded = home.store.load("service", renamed.id or 0)
    assert loaded is not None
    editing.save(home, loaded, Service(id=renamed.id, name="Catheters and bags"))
    editing.archive(home, archived, "We ring the matron.")
    editing.merge(home, merged, renamed)
    (requirement,) = query.page(home.store, query.Query("requirement"), limit=1).records
    editing.archive(home, requirement, "Not for us.")
    assert set(starting.add_starting_lists(home).values()) == {0}


def test_all_of_it_is_taken_back_as_one_batch(home: OpenHome) -> None:
    starting.add_starting_lists(home)
    ((batch,),) = home.store.connection.execute(
        "SELECT DISTINCT batch FROM unit WHERE kind = 'import'"
    ).fetchall()
    changes = history.batch_changes(home.store, batch)
    undone = editing.undo(home, changes, "Not wanted.")
    assert undone.skipped == []
    assert set(counted(home).values()) == {0}


def test_a_service_can_be_offered_and_asked_about(home: OpenHome) -> None:
    starting.add_starting_lists(home)
    need = ids.derived_id("service", "Catheter care")
    nurse = add(home, Contact(name="Grace Adeyemi", ask_about=(need,)))
    asked = query.Query("contact", query.equal({"ask_about": need}))
    assert [record.id for record in query.page(home.store, asked).records] == [nurse]
