"""What the page of appointments and loans shows, as plain words: read in a job, no widget in sight."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING, Final

from liaison.records import spec_of
from liaison.records.rules import times
from liaison.services import appointments
from liaison.services.references import Names
from liaison.ui.parts.case_list import CaseLine
from liaison.ui.parts.case_page import PAGE, Lines
from liaison.ui.parts.facts import Link

if TYPE_CHECKING:
    from liaison.records import Record
    from liaison.records.casework import Appointment, EquipmentLoan
    from liaison.services.appointments import Going, Lent
    from liaison.store.query import Position
    from liaison.store.store import Store

COMING: Final = "coming"
PAST: Final = "past"
LOANS: Final = "loans"
BACK: Final = "back"
_LOAN_STATES: Final = {
    "asked for": ("due", "Asked for"),
    "here": ("ok", "Here"),
    "check due": ("late", "Check due"),
    "returned": ("none", "Went back"),
}
_STATUS: Final = {"attended": "ok", "cancelled": "none", "missed": "late"}


@dataclasses.dataclass(frozen=True, slots=True)
class GoingFacts:
    """What the card of an appointment shows: the appointment, whom and where, and the rest."""

    going: Going
    who: Link | None
    where: Link | None
    escort: Link | None
    rows: tuple[tuple[str, str], ...]
    chip: tuple[str, str]

    @property
    def record(self) -> Appointment:
        """The appointment."""
        return self.going.appointment


@dataclasses.dataclass(frozen=True, slots=True)
class LentFacts:
    """What the card of a loan shows: the loan, for whom and from where, and the rest."""

    lent: Lent
    who: Link | None
    where: Link | None
    rows: tuple[tuple[str, str], ...]
    chip: tuple[str, str]

    @property
    def record(self) -> EquipmentLoan:
        """The loan."""
        return self.lent.loan


# ---- the lists


def coming_lines(store: Store, on: dt.date) -> Lines:
    """Return what is booked, and first what is past and has no outcome."""
    found = appointments.appointments(store, on)
    missing = sum(bool(one.missing) for one in found)
    words = f"{len(found)} booked"
    if missing:
        words += f", {missing} without an escort or transport yet"
    return Lines(
        tuple(_going_line(store, one) for one in found), f"{words}." if found else "Nothing booked."
    )


def past_lines(store: Store, after: Position | None) -> Lines:
    """Return a page of the appointments that are over, the latest first."""
    found, more = appointments.past(store, PAGE, after)
    lines = tuple(_going_line(store, one) for one in found)
    return Lines(lines, "Attended, cancelled and missed, the latest first.", more)


def loan_lines(store: Store, on: dt.date) -> Lines:
    """Return what is on loan or was asked for, what needs somebody first."""
    found = appointments.loans(store, on)
    due = sum(one.state == "check due" for one in found)
    words = f"{len(found)} on loan or asked for"
    if due:
        words += f", {due} to be checked"
    return Lines(tuple(_loan_line(one) for one in found), f"{words}." if found else "Nothing.")


def returned_lines(store: Store, after: Position | None) -> Lines:
    """Return a page of what went back, the latest first."""
    found, more = appointments.returned(store, PAGE, after)
    return Lines(tuple(_loan_line(one) for one in found), "The latest first.", more)


def _going_line(store: Store, one: Going) -> CaseLine:
    record = one.appointment
    at = "" if record.at is None else times.show_time(record.at)
    detail = ", ".join(part for part in (at, one.place, _short(record.purpose)) if part)
    state, words = _chip(store, one)
    group = ""
    if record.status == "booked":
        group = "Past, no outcome yet" if one.to_close else "Coming"
    return CaseLine("appointment", one.id, one.resident, detail, words, state, group=group)


def _chip(store: Store, one: Going) -> tuple[str, str]:
    record = one.appointment
    declared = spec_of(record).by_name["status"]
    if record.status != "booked":
        word = store.vocabularies.label(declared, record.status or "")
        return _STATUS.get(record.status or "", "none"), word
    if one.to_close:
        return "late", "No outcome yet"
    if one.missing:
        named = " or ".join([one.missing[0], *(label.lower() for label in one.missing[1:])])
        return "due", f"No {named[:1].lower()}{named[1:]} yet"
    days = one.days
    near = {0: "Today", 1: "Tomorrow"}
    return "info", near.get(days, f"In {days} days")


def _loan_line(one: Lent) -> CaseLine:
    record = one.loan
    detail = ", ".join(part for part in (record.what or "", one.supplier) if part)
    state, words = _loan_chip(one)
    title = one.resident or "The home"
    return CaseLine("equipment_loan", one.id, title, detail, words, state)


def _loan_chip(one: Lent) -> tuple[str, str]:
    state, words = _LOAN_STATES[one.state]
    if one.state == "asked for":
        words = f"{words} {one.days} day{'' if one.days == 1 else 's'} ago" if one.days else words
    return state, words


def _short(text: str | None) -> str:
    return " ".join((text or "")[:120].split())


# ---- the card


def card(store: Store, type_name: str, identity: int) -> GoingFacts | LentFacts | None:
    """Return what the card of an appointment or a loan shows; None if it is not here."""
    return _going(store, identity) if type_name == "appointment" else _lent(store, identity)


def _going(store: Store, identity: int) -> GoingFacts | None:
    going = appointments.appointment(store, identity)
    if going is None:
        return None
    record, names = going.appointment, Names(store)
    return GoingFacts(
        going=going,
        who=_link(names, "resident", record.resident),
        where=_link(names, "organisation", record.place),
        escort=_link(names, "staff", record.escort),
        rows=_rows(record, "at", "purpose", "transport", "outcome"),
        chip=_chip(store, going),
    )


def _lent(store: Store, identity: int) -> LentFacts | None:
    lent = appointments.loan(store, identity)
    if lent is None:
        return None
    record, names = lent.loan, Names(store)
    return LentFacts(
        lent=lent,
        who=_link(names, "resident", record.resident),
        where=_link(names, "organisation", record.supplier),
        rows=_rows(record, "requested_on", "arrived_on", "next_check", "returned_on"),
        chip=_loan_chip(lent),
    )


def _rows(record: Record, *fields: str) -> tuple[tuple[str, str], ...]:
    rows = []
    for name in fields:
        value = getattr(record, name)
        if value is None:
            continue
        if isinstance(value, dt.datetime):
            words = times.show_time(value)
        else:
            words = times.show_date(value) if isinstance(value, dt.date) else str(value)
        rows.append((spec_of(record).by_name[name].label, words))
    return tuple(rows)


def _link(names: Names, type_name: str, identity: int | None) -> Link | None:
    if identity is None:
        return None
    found = names.record(type_name, identity)
    stands = identity if found is None or found.id is None else found.id
    return Link(type_name, stands, names.by_id(type_name, identity))
