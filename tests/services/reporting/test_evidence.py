"""Tagged evidence on paper: under its question, of its day, without what is struck or private."""

from __future__ import annotations

import dataclasses

from liaison.records import ids
from liaison.records.administration import FrameworkTag
from liaison.records.casework import Concern, Visit, VisitEntry
from liaison.records.home import Resident, Staff
from liaison.services import editing, reporting, starting
from liaison.services.homes import OpenHome
from liaison.services.reporting import evidence
from tests.reports.facts import PRINTED
from tests.reports.paper import assert_clean, assert_within_margins, text_of
from tests.services.casework import at, care, chairs, mary, on
from tests.services.conftest import add

__all__ = ["care", "chairs", "mary"]

QUESTIONS = starting.key_questions().framework


def tag(home: OpenHome, type_name: str, record: int, item: str, framework: str = QUESTIONS) -> int:
    return add(
        home,
        FrameworkTag(
            record_type=type_name, record_id=ids.to_text(record), framework=framework, item=item
        ),
    )


def test_what_is_tagged_stands_under_its_question_with_its_day_and_words(
    care: OpenHome, mary: int
) -> None:
    staff = add(care, Staff(name="Tom Pascoe", job_role="nurse"))
    visit = add(care, Visit(at=at(10, 5), kind="visit"))
    entry = add(care, VisitEntry(visit=visit, resident=mary, found="Weigh weekly"))
    said = Concern(resident=mary, raised_by=staff, raised_at=at(11, 2), situation="More tired")
    raised = add(care, said)
    gone = add(care, VisitEntry(visit=visit, resident=mary, found="Not hers"))
    for kind, record, item in (
        ("visit_entry", entry, "effective"),
        ("concern", raised, "safe"),
        ("concern", raised, "our own question"),
        ("visit_entry", gone, "safe"),
    ):
        tag(care, kind, record, item)
    loaded = care.store.load("visit_entry", gone)
    assert loaded is not None
    editing.strike(care, loaded.record, "Wrong resident")
    asked = reporting.ask(care.store, "evidence", start=on(10, 1), end=on(11, 18))
    facts = evidence.gather(care.store, asked)
    assert [(group.item, [row.kind for row in group.rows]) for group in facts.groups] == [
        ("Safe", ["Concern"]),
        ("Effective", ["Visit note"]),
        ("our own question", ["Concern"]),
    ]
    document = evidence.SPEC.render(facts, PRINTED)
    assert_clean(document)
    assert_within_margins(document)
    text = text_of(document)
    assert "Mon 5 Oct 2026" in text
    assert "Weigh weekly" in text
    assert "Not hers" not in text
    assert "Mary Jones" in text
    short = dataclasses.replace(asked, names="letters")
    assert "Mary Jones" not in text_of(
        evidence.SPEC.render(evidence.gather(care.store, short), PRINTED)
    )
    early = dataclasses.replace(asked, start=on(10, 6))
    assert [group.item for group in evidence.gather(care.store, early).groups] == [
        "Safe", "our own question",
    ]  # fmt: skip


def test_private_fields_of_what_is_tagged_are_not_printed(care: OpenHome) -> None:
    who = add(care, Resident(name="Ann Other", next_of_kin="Secret Sister", alerts="Falls"))
    tag(care, "resident", who, "caring")
    asked = reporting.ask(care.store, "evidence", start=on(1, 1), end=on(12, 31))
    text = text_of(evidence.SPEC.render(evidence.gather(care.store, asked), PRINTED))
    assert "Falls" in text
    assert "Secret Sister" not in text
    assert "Ann Other" in text
    short = evidence.gather(care.store, dataclasses.replace(asked, names="letters"))
    assert "Other" not in text_of(evidence.SPEC.render(short, PRINTED))


def test_a_home_without_tags_says_so(care: OpenHome) -> None:
    asked = reporting.ask(care.store, "evidence")
    text = text_of(evidence.SPEC.render(evidence.gather(care.store, asked), PRINTED))
    assert "was tagged as evidence" in text
