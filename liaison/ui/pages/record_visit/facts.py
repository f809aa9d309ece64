"""What the page shows of the home: who comes, whom they see, what is planned. Read in read jobs."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from liaison.records import all_specs
from liaison.records.casework import Action, Visit, VisitEntry
from liaison.records.directory import Organisation
from liaison.records.home import Resident
from liaison.records.rules import times
from liaison.records.showing import untitled
from liaison.records.visit_rules import closed_words
from liaison.services import visit_templates, visits
from liaison.services.directory import posts_of
from liaison.services.references import Names, as_id
from liaison.store import query
from liaison.store.query import Condition
from liaison.ui.pages.record_visit.typed import HAPPENED, Note, Sheet, part_of, referred
from liaison.ui.parts import facts
from liaison.ui.parts.facts import Candidate

if TYPE_CHECKING:
    from liaison.records.vocabularies import Vocabularies
    from liaison.services.visit_templates import Template
    from liaison.services.visits import WholeVisit
    from liaison.store.store import Store

_RECENT: Final = 60
"""How many of the last visits are looked at for who comes often."""
_MOST: Final = 8
_DAYS_BACK: Final = 3
"""A planned visit nobody has recorded yet is still offered for so many days."""


@dataclasses.dataclass(frozen=True, slots=True)
class Visitor:
    """Who came: a person, the place they come from, or both.

    Args:
        contact: The person; None if only the place is known.
        organisation: The place; None if none is known.
        name: What they are called.
        apart: What they are, and where from.
        closed: What is said where the place is closed; else empty.
    """

    contact: int | None
    organisation: int | None
    name: str
    apart: str = ""
    closed: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Seen:
    """A resident as the page shows one.

    Args:
        id: The resident.
        name: Their name.
        called: Their first name.
        room: Their room; may be empty.
        born: Their date of birth; may be unknown.
        likes: What they like to be called, if that is recorded.
        alerts: What everybody must know; may be empty.
        allergies: What they must not have; may be empty.
    """

    id: int
    name: str
    called: str = ""
    room: str = ""
    born: dt.date | None = None
    likes: str = ""
    alerts: str = ""
    allergies: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Opening:
    """What a form starts from.

    Args:
        sheet: The visit as it is shown.
        whole: The saved visit with its versions; None for a new one.
        vocabularies: The home's lists of choices.
        visitor: Who came, if that is chosen.
        residents: Those who were seen, by id.
        names: Everything else that is referred to.
        templates: The usual kinds of visit.
    """

    sheet: Sheet
    whole: WholeVisit | None
    vocabularies: Vocabularies
    visitor: Visitor | None
    residents: Mapping[int, Seen]
    names: Mapping[tuple[str, int], Candidate]
    templates: tuple[Template, ...] = ()

    def template(self, value: str) -> Template | None:
        """Return the template of a value; None if there is none."""
        return next((one for one in self.templates if one.value == value), None)


def sheet_of(whole: WholeVisit) -> Sheet:
    """Return a saved visit as a form shows it; what was struck through stays as it is."""
    visit = whole.visit.record
    notes: dict[int, Note] = {}
    for loaded in whole.entries:
        if not loaded.record.struck_reason and loaded.record.lives:
            notes[loaded.id] = Note(part_of(loaded.record, "visit_entry"))
    by_entry = {f"{identity}": note for identity, note in notes.items()}
    for loaded in whole.actions:
        action = loaded.record
        if not isinstance(action, Action) or action.struck_reason or not action.lives:
            continue
        note = by_entry.get(_source(action)) or _about(notes.values(), action.resident)
        if note is not None and action.done_at is None:
            note.actions.append(part_of(action, "action"))
    sheet = Sheet(part_of(visit, "visit"), list(notes.values()))
    sheet.open = 0 if sheet.notes else -1
    return sheet


def _source(action: Action) -> str:
    identity = as_id(action.source_id or "") if action.source_type == "visit_entry" else None
    return "" if identity is None else f"{identity}"


def _about(notes: Iterable[Note], resident: int | None) -> Note | None:
    return next((note for note in notes if note.resident == resident), None)


def opening(store: Store, visit: int | None, sheet: Sheet | None = None) -> Opening:
    """Return what a form starts from.

    Args:
        store: The home.
        visit: The saved visit; None for a new one.
        sheet: What a new one starts from.
    """
    whole = None if visit is None else visits.visit_with_entries(store, visit)
    shown = sheet_of(whole) if whole is not None else sheet
    assert shown is not None  # noqa: S101  # one of both is given
    return around(store, shown, whole)


def around(store: Store, sheet: Sheet, whole: WholeVisit | None) -> Opening:
    """Return a sheet with everything that is needed to show it."""
    names = Names(store)
    residents: dict[int, Seen] = {}
    others: dict[tuple[str, int], Candidate] = {}
    for target, identity in sheet.referred():
        record = store.follow(target, identity)
        if target == "resident":
            residents[identity] = seen(store, identity)
        elif record is not None:
            shown = facts.candidate(store, record, names)
            others[target, identity] = dataclasses.replace(shown, id=identity)
    words = store.vocabularies
    templates = visit_templates.templates(words)
    who = visitor_of(store, sheet)
    return Opening(sheet, whole, words, who, residents, others, templates)


def seen(store: Store, identity: int) -> Seen:
    """Return a resident as the page shows one."""
    record = store.follow("resident", identity)
    if not isinstance(record, Resident):
        return Seen(identity, Names(store).by_id("resident", identity))
    name = record.name or untitled(record)
    likes = record.known_as or ""
    return Seen(
        id=identity,
        name=name,
        called=name.split(" ")[0],
        room=record.room or "",
        born=record.date_of_birth,
        likes=likes,
        alerts=record.alerts or "",
        allergies=_worth_saying(record.allergies or ""),
    )


def living_here(store: Store, day: dt.date) -> tuple[Seen, ...]:
    """Return the residents who live here on a day, for a visit to many of them.

    Args:
        store: The home.
        day: The day of the visit.
    """
    return tuple(
        seen(store, record.id)
        for record in query.every(store, query.Query("resident"))
        if isinstance(record, Resident)
        and record.id is not None
        and not record.struck_reason
        and (record.left_on is None or record.left_on >= day)
        and (record.moved_in is None or record.moved_in <= day)
    )


def _worth_saying(allergies: str) -> str:
    return "" if allergies.casefold().startswith("none known") else allergies


# ---- who came


def visitor_of(store: Store, sheet: Sheet) -> Visitor | None:
    """Return who came as far as that is chosen."""
    contact = referred(sheet.visit.get("professional"))
    organisation = referred(sheet.visit.get("organisation"))
    if contact is None and organisation is None:
        return None
    return visitor(store, contact, organisation)


def visitor(store: Store, contact: int | None, organisation: int | None) -> Visitor:
    """Return somebody who came, with what they are and where from."""
    names = Names(store)
    place = "" if organisation is None else names.by_id("organisation", organisation)
    found = store.follow("organisation", organisation or 0)
    closed = ""
    if isinstance(found, Organisation) and found.status == "closed":
        closed = closed_words(found.name or "")
    if contact is None:
        kind = ""
        if isinstance(found, Organisation) and found.kind:
            field = all_specs()["organisation"].by_name["kind"]
            kind = store.vocabularies.label(field, found.kind)
        return Visitor(None, organisation, place, kind, closed)
    role = _role(store, contact, organisation)
    apart = ", ".join(words for words in (role, place) if words)
    person = store.follow("contact", contact)
    name = names.by_id("contact", contact) if person is None else names.title(person)
    return Visitor(contact, organisation, name, apart, closed)


def _role(store: Store, contact: int, organisation: int | None) -> str:
    held = posts_of(store, contact)
    here = [one for one in held if one.organisation and one.organisation.id == organisation]
    for one in here or held[:1]:
        return store.vocabularies.label(all_specs()["post"].by_name["role"], one.post.role or "")
    return ""


def visitors(store: Store, typed: str, now: dt.datetime) -> list[Visitor]:
    """Return who may be meant while somebody types; nothing typed offers who comes often.

    Args:
        store: The home.
        typed: What was typed so far.
        now: The present moment.
    """
    typed = typed.strip()
    if not typed:
        return _frequent(store, now)
    found: list[Visitor] = []
    for one in facts.candidates(store, "contact", typed):
        held = posts_of(store, one.id)
        places = [post.organisation.id if post.organisation else None for post in held]
        found += [visitor(store, one.id, place) for place in dict.fromkeys(places or [None])]
    for place in facts.candidates(store, "organisation", typed, 4):
        found.append(visitor(store, None, place.id))
    return found[: _MOST + 2]


def _frequent(store: Store, now: dt.datetime) -> list[Visitor]:
    """Return who is expected about now, then who came last, each once."""
    until = times.start_of_day(now.date() + dt.timedelta(days=1))
    asked = query.Query("visit", (Condition("at", until, "<"),), order_by="at")
    found: dict[tuple[int | None, int | None], None] = {}
    for visit in query.page(store, asked, limit=_RECENT).records:
        if isinstance(visit, Visit) and (visit.professional or visit.organisation):
            found.setdefault((visit.professional, visit.organisation))
        if len(found) == _MOST:
            break
    return [visitor(store, *who) for who in found]


# ---- what to begin with


@dataclasses.dataclass(frozen=True, slots=True)
class Expected:
    """A planned visit that may be recorded now: its id, moment, and who sees whom."""

    visit: int
    at: dt.datetime
    who: Visitor
    residents: tuple[str, ...]


def expected(store: Store, today: dt.date) -> tuple[Expected, ...]:
    """Return the planned visits of today and the last days that nobody has recorded yet."""
    first = today - dt.timedelta(days=_DAYS_BACK)
    page = visits.visits_between(store, first, today, newest_first=False, limit=200)
    planned = [one for one in page.visits if one.visit.status == "planned"]
    return tuple(
        Expected(
            one.visit.id or 0,
            one.visit.at,
            visitor(store, one.visit.professional, one.visit.organisation),
            _names_of(store, one.entries),
        )
        for one in planned
        if one.visit.at is not None
    )


def _names_of(store: Store, entries: Sequence[VisitEntry]) -> tuple[str, ...]:
    found = (
        seen(store, one.resident).name
        for one in entries
        if one.resident is not None and not one.struck_reason
    )
    return tuple(dict.fromkeys(found))


def contact_chosen(store: Store, contact: int) -> Visitor:
    """Return somebody from the directory with the post they hold first."""
    held = posts_of(store, contact)
    place = held[0].organisation.id if held and held[0].organisation else None
    return visitor(store, contact, place)


def as_happened(sheet: Sheet) -> Sheet:
    """Return a planned visit as it is recorded once it has happened."""
    sheet.visit.typed["status"] = HAPPENED
    return sheet
