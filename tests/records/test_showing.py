"""How values and records read: plain words, British dates, no ids."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

import pytest

from liaison.records import FieldSpec, Record, all_specs, fields, spec_of
from liaison.records.casework import (
    Action,
    AgendaLine,
    AgendaOutcome,
    Referral,
    Round,
    Series,
    Visit,
    VisitEntry,
)
from liaison.records.directory import Contact, Organisation, Post, Term
from liaison.records.home import Home, Resident
from liaison.records.showing import NOT_HERE, show, title
from liaison.records.training import Course, TrainingRecord
from liaison.records.vocabularies import shipped

BST: Final = dt.timezone(dt.timedelta(hours=1))
AT: Final = dt.datetime(2026, 11, 23, 14, 20, tzinfo=dt.UTC)


def field(type_name: str, name: str) -> FieldSpec:
    return all_specs()[type_name].by_name[name]


def named(type_name: str, identity: int) -> str:
    return f"<{type_name} {identity}>"


def shown(type_name: str, name: str, value: object) -> str:
    return show(field(type_name, name), value, vocabularies=shipped(), name=named)


@pytest.mark.parametrize(
    ("type_name", "name", "value", "text"),
    [
        ("resident", "name", None, ""),
        ("resident", "name", "Siân <b>", "Siân <b>"),
        ("resident", "date_of_birth", dt.date(1931, 2, 3), "3 Feb 1931"),
        ("visit", "at", AT, "Mon 23 Nov 2026, 14:20"),
        ("visit", "at", AT.replace(month=7), "Thu 23 Jul 2026, 15:20"),
        (
            "visit",
            "at",
            dt.datetime(2026, 10, 25, 1, 30, tzinfo=BST),
            "Sun 25 Oct 2026, 01:30 BST",
        ),
        (
            "visit",
            "at",
            dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC),
            "Sun 25 Oct 2026, 01:30 GMT",
        ),
        ("home", "beds", 0, "0"),
        ("session", "length", 90, "90 min"),
        ("home", "due_soon_days", 28, "28 days"),
        ("home", "stale_months", 1, "1 month"),
        ("home", "review_working_days", 7, "7 working days"),
        ("session", "cost", Decimal("1234.5"), "£1,234.50"),
        ("session", "cost", Decimal(0), "£0.00"),
        ("session", "on_site", True, "Yes"),
        ("session", "on_site", False, "No"),
        ("staff", "team", "nights", "Nights"),
        ("contact", "cover", "out of hours", "Out of hours"),
        ("course", "category", "6", "Fire safety"),
        ("course", "category", "no longer a code", "no longer a code"),
        ("resident", "nhs_number", "9991234519", "999 123 4519"),
        ("resident", "nhs_number", "12345", "12345"),
        ("resident", "gp", 7, "<contact 7>"),
        ("organisation", "parent", 7, "<organisation 7>"),
        ("organisation", "offers", (7, 8), "<service 7>, <service 8>"),
        ("organisation", "offers", (), ""),
        ("staff", "lead_roles", ("falls", "end of life"), "Falls, End of life"),
        ("organisation", "former_names", ("Old", "Older"), "Old, Older"),
    ],
)
def test_a_value_as_a_person_reads_it(type_name: str, name: str, value: object, text: str) -> None:
    assert shown(type_name, name, value) == text


# ---- the line that names a record

HELD: Final[dict[tuple[str, int], Record]] = {
    ("resident", 1): Resident(id=1, name="Mary Jones"),
    ("contact", 2): Contact(id=2, name="Siân O'Neil"),
    ("organisation", 3): Organisation(id=3, name="Larkfield Surgery"),
    ("visit", 4): Visit(id=4, at=AT, kind="visit", professional=2, organisation=3),
    ("series", 5): Series(id=5, name="Weekly round"),
    ("round", 6): Round(id=6, at=AT, series=5),
    ("agenda_line", 7): AgendaLine(id=7, round=6, resident=1),
    ("course", 8): Course(id=8, name="Fire safety"),
}


def find(type_name: str, identity: int) -> Record | None:
    return HELD.get((type_name, identity))


def line(record: Record, finder: Callable[[str, int], Record | None] = find) -> str:
    return title(record, find=finder, vocabularies=shipped())


@pytest.mark.parametrize(
    ("record", "text"),
    [
        (Resident(name="Mary Jones"), "Mary Jones"),
        (Resident(), "Resident"),
        (Term(abbreviation="DN", meaning="district nurse"), "DN, district nurse"),
        (Term(abbreviation="DN"), "DN"),
        (Action(what="ring back", resident=1), "ring back, Mary Jones"),
        (Post(contact=2, role="GP", organisation=3), "GP, Larkfield Surgery, Siân O'Neil"),
        (Post(contact=2, role="GP"), "GP, Siân O'Neil"),
        (HELD["visit", 4], "Visit, Mon 23 Nov 2026, 14:20, Siân O'Neil, Larkfield Surgery"),
        (
            VisitEntry(visit=4, resident=1),
            "Mary Jones, Visit, Mon 23 Nov 2026, 14:20, Siân O'Neil, Larkfield Surgery",
        ),
        # three references deep
        (AgendaOutcome(line=7), "Mary Jones, Mon 23 Nov 2026, 14:20, Weekly round"),
        (
            TrainingRecord(staff=99, course=8, completed=dt.date(2026, 3, 15)),
            f"{NOT_HERE}, Fire safety, Sun 15 Mar 2026",
        ),
        (Referral(resident=99, organisation=98), f"{NOT_HERE}, {NOT_HERE}"),
        (Home(name="Larkfield"), "Larkfield"),
    ],
)
def test_the_line_that_names_a_record(record: Record, text: str) -> None:
    assert line(record) == text


@pytest.mark.parametrize("name", [n for n, spec in all_specs().items() if spec.cls])
def test_every_type_has_a_line_even_when_empty(name: str) -> None:
    spec = all_specs()[name]
    assert spec.cls is not None
    assert line(spec.cls())


def test_no_line_shows_an_id() -> None:
    """Every type, everything it refers to missing: no number of ours is on the line."""
    for spec in all_specs().values():
        if spec.cls is None:
            continue
        refers: dict[str, Any] = {f.name: 7_777_777 for f in spec.columns if f.kind.value == "ref"}
        assert "7777" not in line(spec.cls(**refers))


def test_a_circle_of_references_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """No title declared today can go in a circle; one declared tomorrow still ends."""
    circular = dataclasses.replace(spec_of(Contact), title=("name", "deputy"))
    monkeypatch.setitem(fields._BY_CLASS, Contact, circular)
    held: dict[int, Contact] = {
        1: Contact(id=1, name="Ann", deputy=2),
        2: Contact(id=2, name="Bob", deputy=1),
    }
    assert line(held[1], lambda _, identity: held[identity]) == "Ann, Bob, Ann, Bob, Contact"
    alone = Contact(id=1, name="Ann", deputy=1)
    assert line(alone, lambda *_: alone) == "Ann, Ann, Ann, Ann, Contact"
