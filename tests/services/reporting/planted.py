"""A home in which every field of every record type holds a word of its own that can be found again."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
from decimal import Decimal
from typing import Any, Final

import pikepdf

from liaison.records import FieldSpec, Kind, RecordSpec, all_specs, ids
from liaison.records.administration import FrameworkTag
from liaison.records.rules.times import show_plain_date
from liaison.reports.spec import Document, Naming, Printed
from liaison.services import reporting
from liaison.services.homes import OpenHome
from tests.reports.paper import text_of

DAY: Final = dt.date(2026, 11, 18)
NOW: Final = dt.datetime(2026, 11, 18, 10, 40, tzinfo=dt.UTC)
BORN: Final = dt.date(1931, 2, 3)
NUMBER: Final = "9990123451"
NAME: Final = "Zebedee Quackenbush"
ROOM: Final = "Turret77"
#: What a report asks a record to be before it shows it at all.
_FITTING: Final[dict[str, Any]] = {
    "resident.name": NAME, "resident.room": ROOM, "resident.date_of_birth": BORN,
    "resident.nhs_number": NUMBER, "resident.left_on": None, "resident.stay": "permanent",
    "visit.status": "happened", "round.status": "planned", "session.status": "happened",
    "staff.left_on": None, "post.until": None, "action.done_at": None, "action.outcome": None,
    "concern.closed_at": None, "referral.closed_on": None, "referral.first_seen": None,
    "equipment_loan.returned_on": None, "transfer.direction": "discharge",
    "transfer.reviewed_on": None, "appointment.status": "booked", "contact_attempt.reached": False,
    "contact.deputy": None, "organisation.parent": None, "organisation.status": "active",
    "exemption.until": None, "attendance.status": "attended", "person.until": None,
    "supervision.kind": "supervision", "job_held.job_role": "nurse", "staff.job_role": "nurse",
    "requirement.job_role": "nurse", "round.at": NOW + dt.timedelta(days=2),
    "appointment.at": NOW + dt.timedelta(days=3), "framework_tag.framework": "key-questions",
    "framework_tag.item": "safe",
}  # fmt: skip
_OWNERS: Final = {"source_type": "visit", "owner_type": "visit", "record_type": "visit"}
_OWNER_IDS: Final = frozenset({"source_id", "owner_id", "record_id"})
_STANDING: Final = frozenset({"archived", "struck_reason", "merged_into"})
#: Kept by the program about itself, or many at once; none of them has text of a resident's.
_LEFT_OUT: Final = frozenset({"person", "pc", "access_event", "home", "vocabulary_item"})


@dataclasses.dataclass
class Planted:
    """What was planted.

    Args:
        home: The home.
        ids: A record of every type.
        words: Where each word is: ``type.field``.
    """

    home: OpenHome
    ids: dict[str, int]
    words: dict[str, str]

    def sensitive(self) -> dict[str, str]:
        """Return the words in fields that never print."""
        return {
            place: word
            for place, word in self.words.items()
            if all_specs()[place.partition(".")[0]].by_name[place.partition(".")[2]].sensitive
        }

    def printed(self, name: str, subject: str, names: Naming = "full") -> Document:
        """Set a report on paper."""
        made = reporting.ask(self.home.store, name, names=names)
        if subject:
            made = dataclasses.replace(made, subject=(subject, self.ids[subject]))
        facts = reporting.gather(self.home.store, name, made)
        return reporting.spec_of_report(name).render(facts, Printed(NOW, "Kate Morgan"))


def plant(home: OpenHome) -> Planted:
    """Add a record of every type with a word in every field."""
    planted = Planted(home, {}, {})
    with home.unit() as unit:
        for name in _in_order():
            planted.ids[name] = unit.add(_record(planted, all_specs()[name]))
        # a note is evidence, too: what is tagged prints its words
        note = ids.to_text(planted.ids["visit_entry"])
        unit.add(
            FrameworkTag(record_type="visit_entry", record_id=note, framework="CQC", item="safe")
        )
    return planted


def _in_order() -> list[str]:
    """Return the types, each after those it refers to."""
    left = {
        name: {
            field.target
            for field in spec.fields
            if field.kind is Kind.REF and field.target not in {name, *_LEFT_OUT}
        }
        for name, spec in all_specs().items()
        if spec.cls is not None and name not in _LEFT_OUT
    }
    found: list[str] = []
    while left:
        ready = [name for name, needs in left.items() if needs <= {*found}]
        # a circle, such as of a resident's practice and its people, begins anywhere
        for name in ready or [min(left, key=lambda one: len(left[one]))]:
            found.append(name)
            del left[name]
    return found


def _record(planted: Planted, spec: RecordSpec) -> Any:
    assert spec.cls is not None
    values = {
        field.name: _value(planted, spec, field)
        for field in spec.fields
        if field.name not in _STANDING
    }
    return spec.cls(**values)


def _value(planted: Planted, spec: RecordSpec, field: FieldSpec) -> Any:
    place = f"{spec.name}.{field.name}"
    if place in _FITTING:
        return _FITTING[place]
    if field.name in _OWNERS:
        return _OWNERS[field.name]
    if field.name in _OWNER_IDS:
        return str(planted.ids.get("visit", 1))
    if field.kind is Kind.REF:
        value = planted.ids.get(field.target)
    else:
        value = _plain(planted, place, field)
    if field.many:
        return () if value is None else (value,)
    return value


def _plain(planted: Planted, place: str, field: FieldSpec) -> Any:
    number = len(planted.words)
    items = planted.home.store.vocabularies.items(field)
    # nobody else has these digits and letters, and no line is too narrow for them
    word = f"Qz{number:03}w"
    found = {
        Kind.DATE: DAY - dt.timedelta(days=40),
        Kind.TIME: NOW - dt.timedelta(days=2),
        Kind.INT: 3,
        Kind.MINUTES: 30,
        Kind.MONEY: Decimal("12.50"),
        Kind.BOOL: True,
        Kind.CHOICE: items[0].value if items else None,
        Kind.POSTCODE: "EX4 4PL",
        Kind.NHS_NUMBER: NUMBER,
    }.get(field.kind, word)
    if field.kind is Kind.PHONE:
        found = word = f"01632 960{number:03}"
    elif field.kind is Kind.EMAIL:
        found = f"{word}@example.org"
    if isinstance(found, str) and word in found:
        planted.words[place] = word
    return found


def everything_in(document: Document) -> str:
    """Return what a file says anywhere, without blanks: its pages, its outline, what is about it."""
    said = [text_of(document)]
    with pikepdf.open(io.BytesIO(document.content)) as pdf:
        assert len(pdf.attachments) == 0
        said += [str(value) for value in pdf.docinfo.values()]
        said.append(str(pdf.Root.get("/Metadata", "")))
        with pdf.open_outline() as outline:
            ahead = list(outline.root)
            while ahead:
                item = ahead.pop()
                said.append(str(item.title))
                ahead += item.children
        for page in pdf.pages:
            for annotation in page.get("/Annots", []):
                said.append(str(annotation.get("/Contents", "")))
    return "".join("".join(said).split()).casefold()


def found_in(said: str, word: str) -> bool:
    """Return whether a word is there, wherever its line was broken."""
    return "".join(word.split()).casefold() in said


#: What says who a resident is.
WHO: Final = (*NAME.split(), "1931", show_plain_date(BORN), "999 012 3451", NUMBER)
