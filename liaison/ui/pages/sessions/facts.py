"""What the page of sessions shows, as plain words: read in a job, no widget in sight."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING, Final

from liaison.records import spec_of
from liaison.records.home import Staff
from liaison.records.rules import times
from liaison.records.rules.compliance import works_here
from liaison.records.training import Attendance
from liaison.services import sessions
from liaison.services.references import Names
from liaison.store import query
from liaison.ui.parts.case_list import CaseLine
from liaison.ui.parts.case_page import PAGE, Lines
from liaison.ui.parts.facts import Link

if TYPE_CHECKING:
    from liaison.records.training import Session
    from liaison.services.sessions import Occasion
    from liaison.store.query import Position
    from liaison.store.store import Store

COMING: Final = "coming"
PAST: Final = "past"


@dataclasses.dataclass(frozen=True, slots=True)
class SessionFacts:
    """What the card of a session shows: the session, what leads on from it, and the rest."""

    occasion: Occasion
    course: Link | None
    teachers: tuple[tuple[str, Link], ...]
    rows: tuple[tuple[str, str], ...]
    chip: tuple[str, str]

    @property
    def record(self) -> Session:
        """The session."""
        return self.occasion.session

    @property
    def name(self) -> str:
        """What the session is called: its course and when it is."""
        at = self.record.at
        return ", ".join(
            part for part in (self.occasion.course, "" if at is None else times.show_time(at))
            if part
        )  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who can be ticked for a session: who they are, and whether they have a place."""

    staff: int
    name: str
    role: str
    status: str = ""

    @property
    def said(self) -> str:
        """Who they are in one line."""
        return f"{self.name}, {self.role}" if self.role else self.name


@dataclasses.dataclass(frozen=True, slots=True)
class TickFacts:
    """A session, and everybody who works here on its day."""

    occasion: Occasion
    people: tuple[Candidate, ...]


# ---- the lists


def coming_lines(store: Store, on: dt.date) -> Lines:
    """Return what is planned, and first what is past and nobody has recorded."""
    found = sessions.coming(store, on)
    late = sum(one.to_record for one in found)
    words = f"{len(found)} planned"
    if late:
        words += f", {late} past: who came is not recorded yet"
    return Lines(tuple(_line(one) for one in found), f"{words}." if found else "Nothing planned.")


def past_lines(store: Store, after: Position | None) -> Lines:
    """Return a page of the sessions that are over, the latest first."""
    found, more = sessions.past(store, PAGE, after)
    return Lines(tuple(_line(one) for one in found), "Held and cancelled, the latest first.", more)


def _line(one: Occasion) -> CaseLine:
    at = "" if one.session.at is None else times.show_time(one.session.at)
    detail = ", ".join(part for part in (at, one.teacher or one.organisation) if part)
    group = ""
    if one.session.status == "planned":
        group = "Past: who came?" if one.to_record else "Coming"
    state, words = chip(one)
    return CaseLine("session", one.id, one.course, detail, words, state, group=group)


def chip(one: Occasion) -> tuple[str, str]:
    """Return how a session stands: a state and words."""
    if one.session.status == "cancelled":
        return "none", "Cancelled"
    if one.session.status == "happened":
        came = len(one.came)
        return "ok", f"{came} attended" if came else "Held"
    if one.to_record:
        return "late", "Not recorded yet"
    booked = sum(seat.status == sessions.BOOKED for seat in one.seats)
    if one.session.capacity is not None:
        return ("ok" if not one.free else "info"), f"{booked} of {one.session.capacity} booked"
    return "info", f"{booked} booked"


# ---- the card


def card(store: Store, type_name: str, identity: int) -> SessionFacts | None:
    """Return what the card of a session, or of a place on one, shows; None if it is not here."""
    if type_name == "attendance":
        place = store.follow(type_name, identity)
        identity = (place.session if isinstance(place, Attendance) else None) or 0
    one = sessions.one(store, identity)
    if one is None:
        return None
    record, names = one.session, Names(store)
    by_name = spec_of(record).by_name
    teachers = [
        (by_name[field].label, _link(names, by_name[field].target, getattr(record, field)))
        for field in ("teacher_contact", "teacher_staff", "organisation")
    ]
    return SessionFacts(
        occasion=one,
        course=_link(names, "course", record.course),
        teachers=tuple((label, link) for label, link in teachers if link is not None),
        rows=tuple(_rows(store, record)),
        chip=chip(one),
    )


def _rows(store: Store, record: Session) -> list[tuple[str, str]]:
    by_name = spec_of(record).by_name
    told: list[tuple[str, str]] = []
    if record.delivery:
        told.append(("delivery", store.vocabularies.label(by_name["delivery"], record.delivery)))
    if record.place or record.on_site is not None:
        where = {True: "on site", False: "elsewhere", None: ""}[record.on_site]
        told.append(("place", ", ".join(part for part in (record.place or "", where) if part)))
    if record.length:
        told.append(("length", f"{record.length} minutes"))
    if record.cost is not None:
        told.append(("cost", f"£{record.cost:,.2f}"))
    if record.capacity is not None:
        told.append(("capacity", str(record.capacity)))
    return [(by_name[name].label, words) for name, words in told]


def _link(names: Names, type_name: str, identity: int | None) -> Link | None:
    if identity is None:
        return None
    found = names.record(type_name, identity)
    stands = identity if found is None or found.id is None else found.id
    return Link(type_name, stands, names.by_id(type_name, identity))


# ---- ticking


def tickable(store: Store, identity: int) -> TickFacts | None:
    """Return who can be ticked for a session: everybody who works here on its day, by name."""
    one = sessions.one(store, identity)
    if one is None:
        return None
    at = one.session.at
    day = store.today() if at is None else times.in_london(at).date()
    people = [
        person
        for person in query.every(store, query.Query("staff"))
        if isinstance(person, Staff) and works_here(person, day)
    ]
    names = Names(store)
    names.learn({"staff": [person.id for person in people if person.id is not None]})
    status = {seat.staff: seat.status for seat in one.seats}
    role = spec_of(Staff).by_name["job_role"]
    found = [
        Candidate(
            person.id or 0,
            names.of(person),
            store.vocabularies.label(role, person.job_role) if person.job_role else "",
            status.get(person.id or 0, ""),
        )
        for person in people
    ]
    # who has a place stands first
    found.sort(key=lambda person: (not person.status, person.name.casefold(), person.staff))
    return TickFacts(one, tuple(found))
