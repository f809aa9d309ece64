"""Whether a record is fit to keep: every problem at once, in plain English."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.records import Problem, Record, all_specs, check
from liaison.records.casework import (
    Action,
    AgendaOutcome,
    Concern,
    EquipmentLoan,
    Referral,
    Series,
    Transfer,
    Visit,
    VisitEntry,
)
from liaison.records.check import LONGEST_LINE, LONGEST_NOTE, is_empty, text_problem, tidy
from liaison.records.cross_rules import dates_in_order
from liaison.records.directory import Contact, ContactAttempt, Organisation, Post, Service, Term
from liaison.records.home import Home, Resident, Staff
from liaison.records.training import Competency, Course, Session, Supervision, TrainingRecord
from liaison.records.vocabularies import shipped

UTC = dt.UTC
AT = dt.datetime(2026, 11, 23, 14, 20, tzinfo=UTC)
LATER = AT + dt.timedelta(hours=1)
EARLIER = AT - dt.timedelta(hours=1)
DAY = dt.date(2026, 11, 23)
NEXT = dt.date(2026, 11, 24)
BEFORE = dt.date(2026, 11, 22)


def messages(record: Record, **how: Any) -> list[str]:
    return [problem.message for problem in check(record, **how)]


# ---- all at once, blocking first


def test_every_problem_is_told_at_once_and_blocking_ones_first() -> None:
    found = check(
        Resident(
            name="   ",
            nhs_number="9991234561",
            stay="for ever",
            next_of_kin_phone="111",
            room="4\0",
            moved_in=DAY,
            left_on=BEFORE,
        )
    )
    assert [(problem.field, problem.blocks) for problem in found] == [
        ("name", True),
        ("room", True),
        ("nhs_number", True),
        ("stay", True),
        ("left_on", True),
        ("next_of_kin_phone", False),
    ]
    assert found[0].message == "Name is missing."
    assert found[4].message == "Left on lies before Moved in."


def test_a_good_record_has_no_problem() -> None:
    assert check(Resident(name="Mary Jones", room="4", nhs_number="999 123 4519")) == []
    assert check(Organisation(name="Larkfield Surgery", kind="GP practice")) == []
    assert check(Home(name="Larkfield")) == []


@pytest.mark.parametrize("name", [n for n, spec in all_specs().items() if spec.cls])
def test_an_empty_record_misses_just_what_is_required(name: str) -> None:
    spec = all_specs()[name]
    assert spec.cls is not None
    missing = [p.field for p in check(spec.cls()) if p.message.endswith(" is missing.")]
    assert missing == [f.name for f in spec.fields if f.required and f.default is None]


@pytest.mark.parametrize("name", [n for n, spec in all_specs().items() if spec.cls])
def test_every_message_names_its_field_by_the_label(name: str) -> None:
    """Whatever a field holds, its problem can be understood without seeing the field."""
    spec = all_specs()[name]
    assert spec.cls is not None
    for field in spec.fields:
        bad: Any = -1 if field.is_number else "half \ud83d"
        held: Any = (bad,) if field.many else bad
        found = [p for p in check(spec.cls(**{field.name: held})) if p.field == field.name]
        if field.kind.value == "bool":
            continue
        assert found, field.name
        assert all(p.message.startswith(field.label) for p in found if p.blocks), found
        assert all(p.message.endswith(".") for p in found)


# ---- what counts as nothing


@pytest.mark.parametrize("nothing", [None, "", "   ", "\t", "\n \n", "\u00a0\u2003"])
def test_only_spaces_count_as_nothing(nothing: str | None) -> None:
    assert is_empty(nothing)
    assert messages(Term(abbreviation=nothing, meaning="district nurse")) == [
        "Abbreviation is missing."
    ]


@pytest.mark.parametrize("something", [0, False, Decimal(0), "0", "."])
def test_nought_and_no_are_something(something: object) -> None:
    assert not is_empty(something)


def test_no_is_an_answer_to_a_required_question() -> None:
    assert check(ContactAttempt(at=AT, reached=False)) == []
    assert messages(ContactAttempt(at=AT)) == ["Got through is missing."]


# ---- texts


@pytest.mark.parametrize(
    "text",
    [
        "Siân O'Neil-Ŵyn ŷ",
        "Łukasz Żółć",
        "مريم",
        "👩‍⚕️ came",
        "x" * LONGEST_LINE,
        "o'neil \"x",
        "\u200bhidden",
    ],
)
def test_any_language_and_sign_may_be_written(text: str) -> None:
    assert check(Service(name=text)) == []


def test_a_note_of_a_megabyte_is_fine_and_a_file_is_not() -> None:
    assert check(Service(name="x", explanation="é\n" * 500_000)) == []
    assert check(Service(name="x", explanation="x" * LONGEST_NOTE)) == []
    assert messages(Service(name="x", explanation="x" * (LONGEST_NOTE + 1))) == [
        "Explanation is longer than 2,000,000 characters."
    ]
    assert messages(Service(name="x" * (LONGEST_LINE + 1))) == [
        "Name is longer than 2,000 characters."
    ]


@pytest.mark.parametrize("number", [0, 1, 8, 11, 13, 27, 31, 127, 128, 159])
def test_control_characters_are_refused_by_number(number: int) -> None:
    text = f"a{chr(number)}b"
    assert messages(Service(name=text)) == [
        f"Name holds a control character (number {number}) that cannot be kept."
    ]
    assert [p.blocks for p in check(Service(name="x", explanation=text))] == [True]


def test_lines_and_tabs_belong_into_notes_only() -> None:
    assert check(Service(name="x", explanation="one\n\ttwo")) == []
    assert messages(Service(name="a\nb")) == [
        "Name holds a control character (number 10) that cannot be kept."
    ]


@pytest.mark.parametrize("text", ["a\ud800b", "\udfff", "\udce9 from a wrong code page"])
def test_half_a_character_is_refused(text: str) -> None:
    for record in (Service(name=text), Service(name="x", explanation=text)):
        (problem,) = check(record)
        assert problem.blocks
        assert "half of a character" in problem.message
        problem.message.encode()


@given(st.text())
def test_what_is_tidied_can_be_kept(text: str) -> None:
    for long in (False, True):
        tidied = tidy(text, long=long)
        assert not text_problem(tidied, long=long)
        assert tidied == tidied.strip()
        assert tidy(tidied, long=long) == tidied


def test_tidying_keeps_what_was_said() -> None:
    assert tidy("  a\r\nb\rc\td\0\x1b ", long=True) == "a\nb\nc\td"
    assert tidy("  a\r\nb\rc\td\0\x1b ", long=False) == "a b c d"


# ---- kinds


def test_a_choice_must_be_on_its_list_and_near_ones_are_told() -> None:
    assert messages(Organisation(name="x", kind="GP practise")) == [
        "Kind: 'GP practise' is not one of the choices. Near ones: GP practice, ..."
    ]


def test_a_choice_far_from_everything_lists_the_choices() -> None:
    (message,) = messages(Post(contact=1, role="qqq"))
    assert message.startswith("Role: 'qqq' is not one of the choices. Choices: GP, ")
    assert message.endswith(", ...")


def test_a_short_list_is_told_whole() -> None:
    assert messages(Staff(name="x", job_role="nurse", team="qqq")) == [
        "Team: 'qqq' is not one of the choices: days, nights, kitchen, housekeeping, office."
    ]


def test_a_choice_may_be_one_the_manager_added_or_retired() -> None:
    words = shipped().extended([
        ("job_role", "night porter", "Night porter", None, False),
        ("team", "office", "Office", None, True),
    ])  # fmt: skip
    porter = Staff(name="x", job_role="night porter", team="office")
    assert check(porter, vocabularies=words) == []
    assert len(check(porter)) == 1


@pytest.mark.parametrize("number", [-1, -(2**63), 2**63, 10**30])
def test_whole_numbers_are_from_nought_up_and_not_endless(number: int) -> None:
    assert messages(Home(name="x", beds=number)) == ["Beds must be a whole number from 0 up."]


@pytest.mark.parametrize("amount", ["-0.01", "12.345", "NaN", "Infinity", "-Infinity", "1e30"])
def test_money_is_whole_pence_from_nought_up(amount: str) -> None:
    assert messages(Session(course=1, at=AT, cost=Decimal(amount))) == [
        "Cost must be an amount of money from 0 up, in whole pence."
    ]


@pytest.mark.parametrize("amount", ["0", "0.00", "12.5", "12.50", "1234567.89"])
def test_money_may_be_written_with_any_zeros(amount: str) -> None:
    assert check(Session(course=1, at=AT, cost=Decimal(amount))) == []


@pytest.mark.parametrize(
    ("record", "field"),
    [
        (Contact(name="x", phone="111"), "phone"),
        (Contact(name="x", mobile="01632 960123"), "mobile"),
        (Contact(name="x", phone="ring the office"), "phone"),
        (Contact(name="x", email="no at sign"), "email"),
        (Contact(name="x", email="a@b@c.uk"), "email"),
        (Home(name="x", postcode="QQ"), "postcode"),
    ],
)
def test_unusual_details_warn_and_never_block(record: Record, field: str) -> None:
    (problem,) = check(record)
    assert (problem.field, problem.blocks) == (field, False)


@pytest.mark.parametrize("number", ["999 123 4561", "12345", "99912345600", "9x9 123 4519"])
def test_a_wrong_nhs_number_blocks(number: str) -> None:
    (problem,) = check(Resident(name="x", nhs_number=number))
    assert problem.blocks
    assert problem.message.startswith("NHS number: ")


# ---- sets


def test_each_element_of_a_set_is_looked_at() -> None:
    staff = Staff(name="x", job_role="nurse", lead_roles=("falls", "dancing", "singing"))
    assert [(p.field, "'dancing'" in p.message) for p in check(staff)] == [
        ("lead_roles", True),
        ("lead_roles", False),
    ]
    assert messages(Organisation(name="x", kind="other", former_names=("old", "a\nb"))) == [
        "Former names holds a control character (number 10) that cannot be kept."
    ]


def test_empty_elements_of_a_set_are_nothing() -> None:
    assert check(Organisation(name="x", kind="other", former_names=("", "  "))) == []


# ---- references


def test_references_are_looked_up_by_type_and_id() -> None:
    asked: list[tuple[str, int]] = []

    def find(type_name: str, identity: int) -> Record | None:
        asked.append((type_name, identity))
        return Service(id=identity, name="x") if identity == 7 else None

    here = Organisation(name="x", kind="other", offers=(7, 8), parent=9, merged_into=7)
    assert [(p.field, p.message) for p in check(here, find=find)] == [
        ("parent", "Part of: there is no such record."),
        ("offers", "Offers: there is no such record."),
    ]
    assert asked == [
        ("organisation", 9),
        ("service", 7),
        ("service", 8),
        ("organisation", 7),
    ]


def test_without_a_store_references_are_let_be() -> None:
    assert check(Organisation(name="x", kind="other", offers=(7, 8), parent=9)) == []


@pytest.mark.parametrize("identity", [1, 2**62, 2**63 - 1])
def test_a_reference_may_be_any_id(identity: int) -> None:
    """Ids built from content use all 63 bits; services and courses have such ids."""
    assert check(Contact(name="x", ask_about=(identity,), deputy=identity)) == []


@pytest.mark.parametrize("identity", [-1, 2**63])
def test_a_reference_is_no_other_number(identity: int) -> None:
    assert [p.blocks for p in check(Contact(name="x", deputy=identity))] == [True]


# ---- across fields


def seen(record: Record, **values: Any) -> list[str]:
    return [p.field for p in check(dataclasses.replace(record, **values))]


HOME = Home(name="x")
RESIDENT = Resident(name="x")
NURSE = Staff(name="x", job_role="nurse")
CONCERN = Concern(resident=1, raised_by=2, raised_at=AT, situation="x")
TRANSFER = Transfer(resident=1, direction="discharge", at=AT)
SKILL = Competency(staff=1, skill="x", level="competent", assessed_on=DAY, assessor_contact=2)
TALK = Supervision(staff=1, kind="supervision", done=DAY)
REFERRAL = Referral(resident=1, organisation=2, sent=DAY, reason="x")
LOAN = EquipmentLoan(what="x", requested_on=DAY)
VISIT = Visit(at=AT, kind="visit")
TRAINED = TrainingRecord(staff=1, course=2, completed=DAY)
OUTCOME = AgendaOutcome(line=1)

GOOD = [
    pytest.param(RESIDENT, {"date_of_birth": BEFORE, "moved_in": DAY, "left_on": NEXT}, id="life"),
    pytest.param(RESIDENT, {"moved_in": DAY, "left_on": DAY}, id="moved in and left one day"),
    pytest.param(RESIDENT, {"left_on": DAY}, id="only left"),
    pytest.param(HOME, {"hours_from": "7:30", "hours_to": "24:00"}, id="hours"),
    pytest.param(HOME, {"hours_from": None, "hours_to": None}, id="hours cleared"),
    pytest.param(NURSE, {"started": DAY, "left_on": NEXT}, id="staff"),
    pytest.param(Post(contact=1, role="GP"), {"since": DAY, "until": DAY}, id="post"),
    pytest.param(VISIT, {"left_at": LATER}, id="visit"),
    pytest.param(VISIT, {"left_at": AT}, id="a moment's visit"),
    pytest.param(
        VISIT,
        {"at": AT, "left_at": AT.astimezone(dt.timezone(dt.timedelta(hours=1)))},
        id="the same instant on another clock",
    ),
    pytest.param(Action(what="x"), {"done_at": AT, "outcome": "done"}, id="action"),
    pytest.param(CONCERN, {"answered_at": LATER, "answer": "x"}, id="answered"),
    pytest.param(CONCERN, {"answer": "x"}, id="answer without a time"),
    pytest.param(CONCERN, {"closed_at": LATER, "outcome": "x"}, id="closed"),
    pytest.param(
        REFERRAL,
        {"acknowledged": DAY, "first_seen": NEXT, "closed_on": NEXT, "outcome": "x"},
        id="referral",
    ),
    pytest.param(LOAN, {"arrived_on": DAY, "returned_on": NEXT}, id="loan"),
    pytest.param(LOAN, {"returned_on": BEFORE}, id="loan of which the arrival is not known"),
    pytest.param(Series(name="x"), {"weekday": 0}, id="Monday"),
    pytest.param(Series(name="x"), {"weekday": 6}, id="Sunday"),
    pytest.param(Course(name="x"), {"refresh_months": 1}, id="monthly"),
    pytest.param(Course(name="x"), {"refresh_months": 999}, id="the longest"),
    pytest.param(Home(name="x"), {"dbs_months": None}, id="DBS checks are not repeated"),
    pytest.param(TRAINED, {"expires": DAY}, id="runs out the same day"),
    pytest.param(OUTCOME, {"outcome": "x"}, id="outcome"),
    pytest.param(OUTCOME, {"carried": True}, id="carried"),
    pytest.param(OUTCOME, {"carried": True, "outcome": "  "}, id="carried, spaces typed"),
]

BAD = [
    pytest.param(RESIDENT, {"date_of_birth": DAY, "moved_in": BEFORE}, ["moved_in"], id="birth"),
    pytest.param(RESIDENT, {"moved_in": DAY, "left_on": BEFORE}, ["left_on"], id="life"),
    pytest.param(NURSE, {"started": DAY, "left_on": BEFORE}, ["left_on"], id="staff"),
    pytest.param(HOME, {"hours_from": "18:00"}, ["hours_from"], id="hours the wrong way round"),
    pytest.param(HOME, {"hours_from": "at eight"}, ["hours_from"], id="no time of day"),
    pytest.param(HOME, {"hours_to": "25:00"}, ["hours_from"], id="no such hour"),
    pytest.param(Post(contact=1, role="GP"), {"since": DAY, "until": BEFORE}, ["until"], id="post"),
    pytest.param(VISIT, {"left_at": EARLIER}, ["left_at"], id="visit"),
    pytest.param(Action(what="x"), {"done_at": AT}, ["outcome"], id="action"),
    pytest.param(Action(what="x"), {"done_at": AT, "outcome": " "}, ["outcome"], id="spaces"),
    pytest.param(CONCERN, {"answered_at": LATER}, ["answer"], id="answered without answer"),
    pytest.param(
        CONCERN, {"answered_at": EARLIER, "answer": "x"}, ["answered_at"], id="answered before"
    ),
    pytest.param(
        CONCERN, {"closed_at": EARLIER, "outcome": "x"}, ["closed_at"], id="closed before"
    ),
    pytest.param(CONCERN, {"closed_at": LATER}, ["outcome"], id="closed without outcome"),
    pytest.param(REFERRAL, {"acknowledged": BEFORE}, ["acknowledged"], id="acknowledged before"),
    pytest.param(REFERRAL, {"first_seen": BEFORE}, ["first_seen"], id="seen before"),
    pytest.param(
        REFERRAL, {"closed_on": BEFORE}, ["closed_on", "outcome"], id="closed before, no outcome"
    ),
    pytest.param(LOAN, {"arrived_on": BEFORE}, ["arrived_on"], id="arrived before"),
    pytest.param(
        LOAN, {"arrived_on": NEXT, "returned_on": DAY}, ["returned_on"], id="returned before"
    ),
    pytest.param(TRANSFER, {"reviewed_on": BEFORE, "review": "x"}, ["reviewed_on"], id="reviewed"),
    pytest.param(TRANSFER, {"reviewed_on": DAY, "review": "  "}, ["review"], id="no review"),
    pytest.param(Session(course=1, at=AT), {"length": 0}, ["length"], id="of no length"),
    pytest.param(Session(course=1, at=AT), {"capacity": 1000}, ["capacity"], id="for a crowd"),
    pytest.param(SKILL, {"review_due": BEFORE}, ["review_due"], id="reviewed before"),
    pytest.param(TALK, {"next_due": BEFORE}, ["next_due"], id="next before"),
    pytest.param(Series(name="x"), {"weekday": 7}, ["weekday"], id="an eighth day"),
    pytest.param(Course(name="x"), {"refresh_months": 0}, ["refresh_months"], id="every 0"),
    pytest.param(Course(name="x"), {"refresh_months": 1000}, ["refresh_months"], id="too long"),
    pytest.param(Home(name="x"), {"dbs_months": 0}, ["dbs_months"], id="DBS every 0 months"),
    pytest.param(TRAINED, {"expires": BEFORE}, ["expires"], id="runs out before"),
    pytest.param(OUTCOME, {}, ["outcome"], id="neither"),
    pytest.param(OUTCOME, {"carried": True, "outcome": "x"}, ["outcome"], id="both"),
]


@pytest.mark.parametrize(("record", "values"), GOOD)
def test_fields_that_fit_together(record: Record, values: dict[str, Any]) -> None:
    assert seen(record, **values) == []


@pytest.mark.parametrize(("record", "values", "fields"), BAD)
def test_fields_that_do_not_fit_together(
    record: Record, values: dict[str, Any], fields: list[str]
) -> None:
    assert seen(record, **values) == fields
    assert all(p.blocks for p in check(dataclasses.replace(record, **values)))


def test_every_rule_has_its_cases() -> None:
    """A common rule added to a declaration must be added to the tables above, or be tested below.

    The modules of rules about one field of work (care_rules, visit_rules ...) have tests of their
    own.
    """
    below = {"found_once_it_happened": VisitEntry, "completed_by_today": TrainingRecord}
    shown = {type(case.values[0]) for case in BAD} | set(below.values())
    common = [
        spec.cls
        for spec in all_specs().values()
        for rule in spec.rules
        if rule.__module__ == dates_in_order.__module__
    ]
    assert set(common) == shown
    assert len(common) == 31


def found_at(visit: Visit | None) -> Callable[[str, int], Record | None]:
    def find(type_name: str, identity: int) -> Record | None:
        return visit if type_name == "visit" else Resident(id=identity, name="x")

    return find


@pytest.mark.parametrize("status", ["planned", "cancelled", "did not attend"])
def test_a_visit_that_did_not_happen_needs_nothing_found(status: str) -> None:
    entry = VisitEntry(visit=1, resident=2, raised="her leg")
    assert check(entry, find=found_at(Visit(id=1, at=AT, kind="visit", status=status))) == []


def test_a_visit_that_happened_needs_what_was_found() -> None:
    entry = VisitEntry(visit=1, resident=2, found="  ")
    happened = found_at(Visit(id=1, at=AT, kind="visit"))
    assert check(entry, find=happened) == [
        Problem(
            "found",
            "What they found and advised is missing: the visit has already happened.",
        )
    ]
    assert check(dataclasses.replace(entry, found="well"), find=happened) == []
    # not looked up, or not here yet: nothing can be said
    assert check(entry) == []
    assert [p.field for p in check(entry, find=found_at(None))] == ["visit"]
    assert messages(VisitEntry(resident=2), find=happened) == ["Visit is missing."]


def test_nobody_has_completed_training_tomorrow() -> None:
    """Domain rule 1; only asked where the day is known."""
    assert check(TRAINED, today=DAY) == []
    assert check(TRAINED) == []
    (problem,) = check(TRAINED, today=BEFORE)
    assert (problem.field, problem.blocks) == ("completed", True)
    assert problem.message.startswith("Completed: The completion date Mon 23 Nov 2026 is in the")
    assert messages(TrainingRecord(staff=1, course=2), today=DAY) == ["Completed is missing."]
