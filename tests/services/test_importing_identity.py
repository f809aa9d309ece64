"""Which record a row is: found again, completed, told apart, or asked about."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from liaison.records import Record, all_specs
from liaison.records.casework import VisitEntry
from liaison.records.directory import Contact, Organisation
from liaison.records.home import Resident, Staff
from liaison.records.training import Course, TrainingRecord
from liaison.services import editing
from liaison.services.homes import OpenHome
from liaison.services.importing import Same, identity
from tests.services.conftest import add, got, written
from tests.services.lists import all_of, counts, look, take


def test_the_rules_name_types_and_fields_that_exist() -> None:
    for type_name, rules in identity._RULES.items():
        fields = all_specs()[type_name].by_name
        for rule in rules:
            assert {*rule.fields, *rule.optional, *rule.unless} <= fields.keys()
            assert not any(fields[name].many for name in rule.fields)


@pytest.mark.parametrize(
    ("there", "type_name", "text"),
    [
        (
            Organisation(name="Priory", kind="other", ods_code="A81001", postcode="TA1 1AA"),
            "organisation",
            "Name,ODS code,Postcode\nRenamed,a81001,BA1 1AA\n",
        ),
        (
            Organisation(name="Priory", kind="other", postcode="TA1 1AA"),
            "organisation",
            "Name,ODS code,Postcode\npriory,A81001,ta11aa\n",
        ),
        (
            Organisation(name="Priory", kind="other", postcode="TA1 1AA"),
            "organisation",
            "Name,Website\nPRIORY,example.org\n",
        ),
        (
            Contact(name="Sarah Patel", email="s@example.org", phone="01823 1"),
            "contact",
            "Name,E-mail,Phone\nSarah  Patel,S@example.org,01823 2\n",
        ),
        (
            Contact(name="Sarah Patel", phone="01823 259444"),
            "contact",
            "Name,Phone,Best time to ring\nsarah patel,+44 1823 259444,mornings\n",
        ),
        (Contact(name="Sarah Patel"), "contact", "Name,Phone\nSarah Patel,01823 259444\n"),
        (
            Resident(name="Mary Jones", nhs_number="9990000018"),
            "resident",
            "Name,NHS number\nMary Smith,999 000 0018\n",
        ),
        (
            Resident(name="Mary Jones", date_of_birth=dt.date(1931, 2, 3)),
            "resident",
            "Name,DOB,NHS number\nMary Jones,03/02/1931,9990000018\n",
        ),
        (
            Resident(name="Mary Jones", date_of_birth=dt.date(1931, 2, 3)),
            "resident",
            "Name,Room\nMary Jones,4\n",
        ),
        (
            Staff(name="Jo Bell", job_role="nurse", worker_reference="W1"),
            "staff",
            "Name,Worker reference,Team\nJoanna Bell,w1,nights\n",
        ),
        (Staff(name="Jo Bell", job_role="nurse"), "staff", "Name,Team\nJo Bell,nights\n"),
        (Course(name="Fire safety"), "course", "Course,Refresh months\nfire safety,12\n"),
    ],
)
def test_a_row_is_a_record_that_agrees_in_what_it_is_known_by(
    home: OpenHome, tmp_path: Path, there: Record, type_name: str, text: str
) -> None:
    known = add(home, there)
    assert counts(take(home, tmp_path, type_name, text).plan) == (0, 1, 0, 0)
    (only,) = all_of(home, type_name)
    assert only.id == known
    assert counts(look(home, type_name, text)) == (0, 0, 1, 0)


@pytest.mark.parametrize(
    ("there", "type_name", "text"),
    [
        (
            Organisation(name="The Surgery", kind="other", ods_code="A1", postcode="TA1 1AA"),
            "organisation",
            "Name,Kind,ODS code,Postcode\nThe Surgery,other,A2,TA1 1AA\n",
        ),
        (
            Organisation(name="Boots", kind="pharmacy", postcode="TA1 1AA"),
            "organisation",
            "Name,Kind,Postcode\nBoots,pharmacy,BA1 1AA\n",
        ),
        (
            Contact(name="Sarah Patel", email="reception@example.org"),
            "contact",
            "Name,E-mail\nTom Hill,reception@example.org\n",
        ),
        (
            Contact(name="Sarah Patel", phone="01823 259444"),
            "contact",
            "Name,Phone\nSarah Patel,01373 301301\n",
        ),
        (
            Resident(name="Mary Jones", date_of_birth=dt.date(1931, 2, 3)),
            "resident",
            "Name,DOB\nMary Jones,04/03/1932\n",
        ),
        (
            Resident(name="Mary Jones", nhs_number="9990000018", date_of_birth=dt.date(1931, 2, 3)),
            "resident",
            "Name,DOB,NHS number\nMary Jones,03/02/1931,9990000026\n",
        ),
        (
            Staff(name="Jo Bell", job_role="nurse", worker_reference="W1"),
            "staff",
            "Name,Job role,Worker reference\nJo Bell,nurse,W2\n",
        ),
    ],
)
def test_a_row_that_contradicts_is_another_record(
    home: OpenHome, tmp_path: Path, there: Record, type_name: str, text: str
) -> None:
    add(home, there)
    assert counts(take(home, tmp_path, type_name, text).plan) == (1, 0, 0, 0)
    assert counts(look(home, type_name, text)) == (0, 0, 1, 0)


def test_empty_cells_never_clear_and_only_what_differs_is_written(
    home: OpenHome, tmp_path: Path
) -> None:
    known = add(
        home, Contact(name="Sarah Patel", phone="01823 259444", best_time="am", mobile="07700 1")
    )
    _, changes = written(home)
    text = "Name,Phone,Best time to ring,Mobile\nSarah Patel,01823259444,,07700 2\n"
    take(home, tmp_path, "contact", text)
    sarah = got(home, Contact, known)
    assert (sarah.best_time, sarah.mobile) == ("am", "07700 2")
    # the same number in another spelling is no difference
    assert sarah.phone == "01823 259444"
    assert written(home)[1] == changes + 1


def test_several_that_it_may_be_are_listed_and_none_is_touched(
    home: OpenHome, tmp_path: Path
) -> None:
    add(home, Resident(name="Mary Jones", room="4"))
    add(home, Resident(name="Mary Jones", room="9"))
    before = written(home)
    done = take(home, tmp_path, "resident", "Name,Known as\nMary Jones,May\n")
    (rejected,) = done.plan.rejected
    assert "room 4" in rejected.problems[0]
    assert "room 9" in rejected.problems[0]
    assert written(home) == before


def test_somebody_says_which_of_several_a_row_is_or_that_it_is_none(
    home: OpenHome, tmp_path: Path
) -> None:
    first = add(home, Resident(name="Mary Jones", room="4"))
    second = add(home, Resident(name="Mary Jones", room="9"))
    text = "Name,Known as\nMary Jones,May\n"
    plan = look(home, "resident", text)
    (several,) = plan.several
    assert (several.row, set(several.records), several.other_rows) == (2, {first, second}, ())
    assert not plan.suggestions
    assert counts(take(home, tmp_path, "resident", text, same=(Same(2, record=second),)).plan) == (
        0,
        1,
        0,
        0,
    )
    assert got(home, Resident, second).known_as == "May"
    assert got(home, Resident, first).known_as is None
    assert counts(take(home, tmp_path, "resident", text, same=(Same(2, new=True),)).plan) == (
        1,
        0,
        0,
        0,
    )
    assert len(all_of(home, "resident")) == 3


def test_a_row_that_may_be_two_rows_above_it_names_them(home: OpenHome) -> None:
    text = "Name,E-mail,Phone\nAnn Lee,a@example.org,\nAnn Lee,b@example.org,\nAnn Lee,,\n"
    plan = look(home, "contact", text)
    (several,) = plan.several
    assert (several.row, several.records, several.other_rows) == (4, (), (2, 3))
    assert counts(look(home, "contact", text, same=(Same(4, other_row=3),))) == (2, 0, 1, 0)


def test_two_rows_about_one_record_make_one(home: OpenHome, tmp_path: Path) -> None:
    text = (
        "Name,Kind,ODS code,Phone,Website\n"
        "Priory,other,A81001,01823 259444,\n"
        "Priory,other,A81001,01823 259444,\n"
        "Priory,other,A81001,,example.org\n"
        "Abbey,other,A81002,,\n"
    )
    assert counts(take(home, tmp_path, "organisation", text).plan) == (2, 1, 1, 0)
    priory, _ = all_of(home, "organisation")
    assert (priory.phone, priory.website) == ("01823 259444", "example.org")
    assert counts(look(home, "organisation", text)) == (0, 0, 4, 0)


def test_rows_that_contradict_each_other_end_alike_each_time(
    home: OpenHome, tmp_path: Path
) -> None:
    text = "Name,Mobile,Ask them about\nSarah Patel,07700 1,\nSarah Patel,07700 2,\n"
    assert counts(take(home, tmp_path, "contact", text).plan) == (1, 1, 0, 0)
    before = written(home)
    assert counts(take(home, tmp_path, "contact", text).plan) == (0, 0, 2, 0)
    assert written(home) == before


def test_the_second_row_of_a_record_whose_first_cannot_come_in_makes_it(
    home: OpenHome, tmp_path: Path
) -> None:
    text = "Name,Job role,NMC PIN\nJo Bell,,1\nJo Bell,nurse,2\n"
    assert counts(take(home, tmp_path, "staff", text).plan) == (1, 0, 0, 1)
    (jo,) = all_of(home, "staff")
    assert jo.nmc_pin == "2"


def test_a_merged_duplicate_is_known_again_and_leaves_what_it_became(
    home: OpenHome, tmp_path: Path
) -> None:
    text = "Name,Phone\nDr S Patel,01823 259444\n"
    take(home, tmp_path, "contact", text)
    (short,) = all_of(home, "contact")
    into = add(home, Contact(name="Sarah Patel", phone="01823 259445"))
    editing.merge(home, short, got(home, Contact, into))
    assert counts(take(home, tmp_path, "contact", text).plan) == (0, 0, 1, 0)
    more = "Name,Phone,Best time to ring\nDr S Patel,01823 259444,mornings\n"
    assert counts(take(home, tmp_path, "contact", more).plan) == (0, 1, 0, 0)
    sarah = got(home, Contact, into)
    assert (sarah.name, sarah.phone, sarah.best_time) == (
        "Sarah Patel", "01823 259445", "mornings",
    )  # fmt: skip


def test_references_to_duplicates_are_the_same_reference(home: OpenHome, tmp_path: Path) -> None:
    jo, course = add(home, Staff(name="Jo", job_role="nurse")), add(home, Course(name="Fire"))
    day = dt.date(2026, 3, 15)
    add(home, TrainingRecord(staff=jo, course=course, completed=day))
    real = add(home, Staff(name="Joanna", job_role="nurse"))
    editing.merge(home, got(home, Staff, jo), got(home, Staff, real))
    text = "Staff,Course,Completed,Trainer\nJoanna,Fire,15/03/2026,K\nJoanna,Fire,16/03/2026,K\n"
    assert counts(take(home, tmp_path, "training_record", text).plan) == (1, 1, 0, 0)
    assert counts(look(home, "training_record", text)) == (0, 0, 2, 0)


def test_a_struck_through_record_is_nobody(home: OpenHome, tmp_path: Path) -> None:
    mary = add(home, Resident(name="Mary Jones"))
    editing.strike(home, got(home, Resident, mary), "never lived here")
    assert counts(take(home, tmp_path, "resident", "Name\nMary Jones\n").plan) == (1, 0, 0, 0)


@pytest.mark.parametrize(
    ("there", "type_name", "text"),
    [
        (
            Contact(name="Sarah Patel", phone="01823 259444"),
            "contact",
            "Name,Phone\nS. Patel,01823259444\n",
        ),
        (Contact(name="Zoë Hughes", phone="1"), "contact", "Name,Phone\nZoe Hughes,2\n"),
        (Staff(name="Jo Bell", job_role="nurse"), "staff", "Name,Job role\nJo  Béll,nurse\n"),
        (
            Organisation(name="Priory", kind="other", postcode="TA1 1AA"),
            "organisation",
            "Name,Kind,Post code\nPriory,other,TA2 2AA\n",
        ),
    ],
)
def test_likeness_is_told_and_never_merged(
    home: OpenHome, there: Record, type_name: str, text: str
) -> None:
    add(home, there)
    plan = look(home, type_name, text)
    assert counts(plan) == (1, 0, 0, 0)
    (note,) = [note.text for note in plan.notes if "This may be" in note.text]
    assert getattr(there, "name") in note  # noqa: B009  # each type has one


def test_what_differs_in_its_number_is_not_called_alike(home: OpenHome) -> None:
    add(home, Organisation(name="The Surgery", kind="other", ods_code="A1"))
    assert look(home, "organisation", "Name,Kind,ODS code\nThe Surgery,other,A2\n").notes == ()


def test_what_has_no_name_is_known_by_everything_the_row_gives(
    home: OpenHome, tmp_path: Path
) -> None:
    take(home, tmp_path, "resident", "Name\nMary Jones\n")
    take(home, tmp_path, "visit", "When,Kind\n21/10/2026 14:20,visit\n")
    (visit,) = all_of(home, "visit")
    (mary,) = all_of(home, "resident")
    add(home, VisitEntry(visit=visit.id, resident=mary.id, found="Dry", voice="Better"))
    from liaison.records import ids

    head, row = (
        "Visit,Resident,What they found and advised",
        f"[{ids.to_text(visit.id)}],Mary Jones",
    )
    text = f"{head}\n{row},Dry\n{row},Wet\n{row},Wet\n"
    assert counts(take(home, tmp_path, "visit_entry", text).plan) == (1, 0, 2, 0)
    assert counts(take(home, tmp_path, "visit_entry", text).plan) == (0, 0, 3, 0)


def test_many_rows_that_say_nearly_the_same_are_not_compared_each_with_each(
    home: OpenHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "".join(f"Ring back,1/2/2026,Said {number}\n" for number in range(200))
    text = f"What is to be done,Due,Outcome\n{rows}"
    fits, asked = identity.Rule.fits, []

    def counting(rule: identity.Rule, row: identity.Values, record: identity.Values) -> bool:
        asked.append(row)
        return fits(rule, row, record)

    monkeypatch.setattr(identity.Rule, "fits", counting)
    assert counts(take(home, tmp_path, "action", text).plan) == (200, 0, 0, 0)
    assert counts(look(home, "action", text)) == (0, 0, 200, 0)
    assert len(asked) <= 2 * 200
    # a row that leaves something out is any record that agrees in the rest
    shorter = "What is to be done,Due,Outcome\nRing back,1/2/2026,\nRing back,1/2/2026,Said 7\n"
    assert counts(look(home, "action", shorter)) == (0, 0, 2, 0)
