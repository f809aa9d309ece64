"""What the page of dates and skills shows, as plain words: read in a job, no widget in sight."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING, Final

from liaison.records import spec_of
from liaison.records.home import Staff
from liaison.records.rules import times
from liaison.records.training import Competency, Supervision
from liaison.services import competency, supervision
from liaison.services.references import Names
from liaison.ui.parts.case_list import CaseLine
from liaison.ui.parts.case_page import Lines
from liaison.ui.parts.facts import Link

if TYPE_CHECKING:
    from liaison.records import Record
    from liaison.services.competency import Skill
    from liaison.services.supervision import Date
    from liaison.store.store import Store

DATES: Final = "dates"
SKILLS: Final = "skills"
WITHIN: Final = 90
_GROUPS: Final = {
    "late": "Past its date", "due": "Soon", "none": "Not recorded",
    "ok": f"Within {WITHIN} days",
}  # fmt: skip
_REVIEW: Final = {"late": "Review late", "due": "Review due"}


@dataclasses.dataclass(frozen=True, slots=True)
class ReadyFacts:
    """What the card shows: a supervision, a skill, or all dates of somebody.

    Args:
        record: The record it is about.
        who: Whose it is.
        staff: Their id.
        title: What it is.
        chip: How it stands: state and words.
        rows: What is recorded: label and words.
        links: Who else is named in it.
    """

    record: Record
    who: Link
    staff: int
    title: str
    chip: tuple[str, str]
    rows: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, Link], ...] = ()


def date_lines(store: Store, on: dt.date) -> Lines:
    """Return the dates that are past, soon, near, or were never said, the most pressing first."""
    found = supervision.readiness(store, on, WITHIN)
    late = sum(one.state == "late" for one in found)
    words = f"{late} past their date. " if late else ""
    lines = tuple(
        CaseLine(
            one.type, one.id, one.name, one.what, _standing(one), one.state,
            group=_GROUPS[one.state],
        )
        for one in found
    )  # fmt: skip
    return Lines(lines, f"{words}Supervision, appraisal, registration, DBS and reviews of skills.")


def _standing(one: Date) -> str:
    if one.day is None:
        return "Not recorded"
    if one.state == "late":
        return f"{one.days:,} day{'' if one.days == 1 else 's'} late"
    words = "Planned" if one.planned else "Due"
    return f"{words} {times.show_plain_date(one.day)}"


def skill_lines(store: Store, on: dt.date) -> Lines:
    """Return the skills of everybody as they were judged last, by name."""
    found = competency.skills(store, on)
    lines = tuple(
        CaseLine(
            "competency", one.id, one.competency.skill or "", _judged(one),
            _REVIEW.get(one.state, one.level), one.state, group=one.name,
        )
        for one in found
    )  # fmt: skip
    people = len({one.staff for one in found})
    words = f"{len(found)} skills of {people} staff, as they were judged last."
    return Lines(lines, words if found else "Nothing was signed off yet.")


def _judged(one: Skill) -> str:
    """Say how, when and by whom a skill was judged; the level too, where its review stands in front."""
    day = one.competency.assessed_on
    parts = (
        one.level if one.state in _REVIEW else "",
        times.show_date(day) if day else "",
        f"by {one.assessor}" if one.assessor else "",
    )
    return ", ".join(part for part in parts if part)


def card(store: Store, type_name: str, identity: int, on: dt.date) -> ReadyFacts | None:
    """Return what the card of a record shows; None if it is not here."""
    record = store.follow(type_name, identity)
    names = Names(store)
    if isinstance(record, Supervision):
        return _supervision(store, names, record, on)
    if isinstance(record, Competency):
        return _skill(store, names, record, on)
    return _person(store, names, record, on) if isinstance(record, Staff) else None


def _who(names: Names, staff: int | None) -> Link:
    found = None if staff is None else names.record("staff", staff)
    stands = (staff or 0) if found is None or found.id is None else found.id
    return Link("staff", stands, "" if staff is None else names.by_id("staff", staff))


def _supervision(store: Store, names: Names, record: Supervision, on: dt.date) -> ReadyFacts:
    by_name = spec_of(record).by_name
    who = _who(names, record.staff)
    dates = supervision.readiness(store, on, staff=who.id)
    stands = next((one for one in dates if (one.type, one.id) == ("supervision", record.id)), None)
    late = stands is not None and stands.state == "late"
    if record.done is None:
        chip = ("late", "Past its date") if late else ("info", "Planned")
    else:
        chip = ("late", "Held; the next one is late") if late else ("ok", "Held")
    rows = [
        (by_name[name].label, times.show_date(value))
        for name in ("planned", "done", "next_due")
        if (value := getattr(record, name)) is not None
    ]
    if record.notes:
        rows.append((by_name["notes"].label, record.notes))
    title = store.vocabularies.label(by_name["kind"], record.kind or "")
    return ReadyFacts(record, who, who.id, title, chip, tuple(rows))


def _skill(store: Store, names: Names, record: Competency, on: dt.date) -> ReadyFacts:
    by_name = spec_of(record).by_name
    who = _who(names, record.staff)
    late = record.review_due is not None and record.review_due < on
    level = store.vocabularies.label(by_name["level"], record.level or "")
    rows = [
        (by_name[name].label, times.show_date(value))
        for name in ("assessed_on", "review_due")
        if (value := getattr(record, name)) is not None
    ]
    if record.delegated:
        rows.append((by_name["delegated"].label, "Yes"))
    links = tuple(
        (by_name[field].label, Link(by_name[field].target, identity, names.by_id(
            by_name[field].target, identity
        )))
        for field in ("assessor_contact", "assessor_staff", "resident")
        if (identity := getattr(record, field)) is not None
    )  # fmt: skip
    chip = ("late", f"{level}, review late") if late else ("ok", level)
    if record.id not in {one.id for one in competency.skills(store, on, staff=who.id)}:
        chip = "none", "Judged anew since"
    return ReadyFacts(record, who, who.id, record.skill or "", chip, tuple(rows), links)


def _person(store: Store, names: Names, record: Staff, on: dt.date) -> ReadyFacts:
    found = supervision.readiness(store, on, staff=record.id)
    rows = tuple((one.what, _said(one)) for one in found)
    late = sum(one.state == "late" for one in found)
    missing = sum(one.state == "none" for one in found)
    chip = "ok", "Nothing past its date"
    if late:
        chip = "late", f"{late} past their date"
    elif missing:
        chip = "none", f"{missing} not recorded"
    who = _who(names, record.id)
    return ReadyFacts(record, who, who.id, "Dates to keep", chip, rows)


def _said(one: Date) -> str:
    words = supervision.words(one)
    return words[:1].upper() + words[1:]
