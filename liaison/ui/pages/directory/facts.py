"""What the card of a person, place or need says: read in one go, off the window's thread."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.records import Record, spec_of
from liaison.records.directory import Contact, Organisation, Service
from liaison.records.home import Home, Resident
from liaison.records.rules import times
from liaison.records.rules.hours import next_change, out_of_hours
from liaison.records.rules.same_name import name_key
from liaison.services import directory, permissions
from liaison.services.references import Names
from liaison.services.today.items import id_of, joined
from liaison.store import history, query
from liaison.store.query import Condition
from liaison.ui.pages.directory.lately import Lately, lately
from liaison.ui.parts import facts
from liaison.ui.parts.facts import Link, Row

if TYPE_CHECKING:
    from liaison.services.directory import Holder
    from liaison.store.store import Store

MOST_SHOWN: Final = 40
"""People or residents a card names; the others are counted."""


@dataclasses.dataclass(frozen=True, slots=True)
class Number:
    """A number to ring.

    Args:
        label: What it is.
        number: The number.
        first: Whether it is the one for this hour: it is shown largest.
    """

    label: str
    number: str
    first: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Person:
    """Somebody or some place on a card, with a number.

    Args:
        link: The record that the name opens.
        detail: The role, and where.
        phone: The number; empty if none is recorded.
        is_place: Whether it is an organisation.
    """

    link: Link
    detail: str
    phone: str
    is_place: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Checked:
    """When somebody last made sure that the details are right.

    Args:
        words: In a sentence.
        stale: Whether that was too long ago.
        today: Whether it was today.
    """

    words: str
    stale: bool
    today: bool


@dataclasses.dataclass(frozen=True, slots=True)
class CardFacts:
    """What a card says.

    Args:
        record: The record.
        name: What it is called.
        line: Who or what it is, in a line.
        numbers: The numbers, the one for this hour first.
        state: How they can be reached now (ok or none); empty if that cannot be said.
        hours: The same in words.
        rows: What else is recorded about reaching them.
        asked_for: The needs they serve.
        asked_label: What these are called here.
        refer: How somebody is referred.
        deputy: Whom to ask when they are away.
        people: Who works there; for a person, where they work.
        people_label: What these are called.
        more_people: How many more there are.
        residents: The residents they look after who live here.
        more_residents: How many more there are.
        checked: When the details were checked; None where nothing is to check.
        rest: Everything else that is recorded.
        lately: What was last heard of them; None where nothing is heard.
        place: For a person, where they work, if that is one place: an attempt counts for it too.
        named: Whether they are the home's named link.
        private: The private notes, for those who may read them.
        marks: What became of the record, with the state of the banner that says it.
    """

    record: Record
    name: str
    line: str
    numbers: tuple[Number, ...] = ()
    state: str = ""
    hours: str = ""
    rows: tuple[Row, ...] = ()
    asked_for: tuple[Link, ...] = ()
    asked_label: str = ""
    refer: tuple[Row, ...] = ()
    deputy: Person | None = None
    people: tuple[Person, ...] = ()
    people_label: str = ""
    more_people: int = 0
    residents: tuple[Link, ...] = ()
    more_residents: int = 0
    checked: Checked | None = None
    rest: tuple[Row, ...] = ()
    lately: Lately | None = None
    place: int | None = None
    named: bool = False
    private: str = ""
    marks: tuple[tuple[str, str], ...] = ()


def card(
    store: Store, type_name: str, identity: int, now: dt.datetime, role: str
) -> CardFacts | None:
    """Return what the card of a person, place or need says; None if it is not on this PC.

    Args:
        store: The home.
        type_name: contact, organisation or service.
        identity: The record; of a duplicate, the one that stands for both.
        now: The present moment.
        role: The role of whoever looks: not everybody reads private notes.
    """
    made = {"contact": _contact, "organisation": _organisation, "service": _service}
    found = made[type_name](_Around(store, now), identity)
    if found is None:
        return None
    private = ""
    if (type_name, "private_notes") not in permissions.hidden_from(role):
        private = getattr(found.record, "private_notes", None) or ""
    heard = None
    if type_name != "service":
        heard = lately(store, type_name, id_of(found.record), now)
    return dataclasses.replace(
        found, marks=tuple(_marks(found.record)), private=private, lately=heard
    )


class _Around:
    """The home, the moment, and what its hours say of it."""

    def __init__(self, store: Store, now: dt.datetime) -> None:
        self.store = store
        self.names = Names(store)
        self.now = now
        self.day = times.in_london(now).date()
        loaded = store.the("home")
        home = loaded.record if loaded and isinstance(loaded.record, Home) else Home()
        usual = Home()
        hours = home.hours_from or usual.hours_from or "", home.hours_to or usual.hours_to or ""
        try:
            self.out: bool | None = out_of_hours(now, *hours)
            self.until = _until(next_change(now, *hours), now)
        except UserError:
            # hours that cannot be read are told where they are set
            self.out, self.until = None, ""

    def rows(self, record: Record, names: Iterable[str]) -> tuple[Row, ...]:
        """Return some fields of a record that hold something."""
        spec = spec_of(record)
        found = (facts.row_of(self.store, self.names, record, spec.by_name[n]) for n in names)
        return tuple(row for row in found if row.text)

    def rest(self, record: Record, shown: Iterable[str]) -> tuple[Row, ...]:
        """Return what is recorded and nowhere else on the card; nothing that is sensitive."""
        left_out = {*shown, *spec_of(record).title}
        fields = spec_of(record).fields
        names = [f.name for f in fields if f.asked and not f.sensitive and f.name not in left_out]
        return self.rows(record, names)


def _until(change: dt.datetime, now: dt.datetime) -> str:
    local, here = times.in_london(change), times.in_london(now)
    clock = f"{local.hour:02}:{local.minute:02}"
    days = (local.date() - here.date()).days
    if days == 0:
        return clock
    return f"tomorrow {clock}" if days == 1 else f"{times.show_date(local.date())}, {clock}"


def _contact(around: _Around, identity: int) -> CardFacts | None:
    store = around.store
    found = directory.contact_card(store, identity, around.day)
    if found is None:
        return None
    person = found.contact
    spec = spec_of(person)
    numbers = [
        Number(spec.by_name[name].label, value, False)
        for name in ("phone", "mobile")
        if (value := getattr(person, name))
    ]
    if numbers:
        numbers[0] = dataclasses.replace(numbers[0], first=True)
    state, hours = _reachable(around, person.cover)
    deputy = None
    if found.deputy is not None:
        deputy = _somebody(around, found.deputy, directory.posts_of(store, id_of(found.deputy)))
    own = ("best_time", "email")
    told = {*own, "phone", "mobile", "ask_about", "cover", "deputy", "last_checked",
            "named_link"}  # fmt: skip
    residents, more = _residents(store, (("gp", identity), ("named_nurse", identity)))
    places = {id_of(one.organisation) for one in found.posts if one.organisation is not None}
    return CardFacts(
        record=person,
        name=around.names.title(person),
        line=joined(*(_post_words(around, one) for one in found.posts)) or spec.label,
        numbers=tuple(numbers),
        state=state,
        hours=hours,
        rows=around.rows(person, own),
        asked_for=tuple(Link("service", id_of(s), s.name or "") for s in found.ask_about),
        asked_label=spec.by_name["ask_about"].label,
        deputy=deputy,
        people=tuple(_post(around, one) for one in found.posts),
        people_label="Where they work",
        residents=residents,
        more_residents=more,
        checked=_checked(around, person, person.last_checked, stale=found.to_check),
        rest=around.rest(person, told),
        place=places.pop() if len(places) == 1 else None,
        named=bool(person.named_link),
    )


def _reachable(around: _Around, cover: str | None) -> tuple[str, str]:
    """Return whether somebody can be reached at this hour, and the words for it."""
    if around.out is None or cover is None:
        return "", ""
    if cover == "both":
        return "ok", "Can be reached at any hour"
    wanted = "out of hours" if around.out else "in hours"
    if cover == wanted:
        return "ok", f"Can be reached until {around.until}"
    return "none", f"Off until {around.until}"


def _organisation(around: _Around, identity: int) -> CardFacts | None:
    store = around.store
    found = directory.organisation_card(store, identity, around.day)
    if found is None:
        return None
    place = found.organisation
    spec = spec_of(place)
    label = store.vocabularies.label
    kind = label(spec.by_name["kind"], place.kind) if place.kind else spec.label
    part_of = f"part of {found.parent.name}" if found.parent is not None else ""
    own = ("opening_hours", "email", "address", "postcode", "website")
    refer = ("criteria", "how_to_refer", "typical_wait_days")
    told = {*own, *refer, "kind", "parent", "phone", "phone_out_of_hours", "offers", "last_checked"}
    if place.status == "active":
        told.add("status")
    people = [_somebody(around, one.contact, [one]) for one in found.people]
    people += [
        Person(Link("organisation", id_of(part), part.name or ""), "Part of it", part.phone or "",
               is_place=True)
        for part in found.parts
    ]  # fmt: skip
    residents, more = _residents(store, (("practice", identity),))
    state, hours = "", ""
    if around.out is not None and place.status in {None, "active"}:
        state = "none" if around.out else "ok"
        hours = f"{'Out of hours' if around.out else 'In hours'} until {around.until}"
    return CardFacts(
        record=place,
        name=around.names.title(place),
        line=joined(kind, part_of),
        numbers=tuple(_numbers(around, place)),
        state=state,
        hours=hours,
        rows=around.rows(place, own),
        asked_for=tuple(Link("service", id_of(s), s.name or "") for s in found.offers),
        asked_label=spec.by_name["offers"].label,
        refer=around.rows(place, refer),
        people=tuple(people[:MOST_SHOWN]),
        people_label="People there",
        more_people=max(len(people) - MOST_SHOWN, 0),
        residents=residents,
        more_residents=more,
        checked=_checked(around, place, place.last_checked, stale=found.to_check),
        rest=around.rest(place, told),
    )


def _numbers(around: _Around, place: Organisation) -> Iterator[Number]:
    spec = spec_of(place)
    by_day = ("phone", place.phone), ("phone_out_of_hours", place.phone_out_of_hours)
    order = by_day[::-1] if around.out else by_day
    first = True
    for name, number in order:
        if number:
            yield Number(spec.by_name[name].label, number, first)
            first = False


def _service(around: _Around, identity: int) -> CardFacts | None:
    store = around.store
    need = store.follow("service", identity)
    if not isinstance(need, Service):
        return None
    asked = _named(store, "contact", Condition("ask_about", identity))
    offering = _named(store, "organisation", Condition("offers", identity))
    people = [
        _somebody(around, one, directory.posts_of(store, id_of(one)))
        for one in asked
        if isinstance(one, Contact)
    ]
    people += [_place(around, one) for one in offering if isinstance(one, Organisation)]
    return CardFacts(
        record=need,
        name=need.name or "",
        line="What they are asked for",
        rows=around.rows(need, ("explanation", "synonyms")),
        people=tuple(people[:MOST_SHOWN]),
        people_label="Whom to ask",
        more_people=max(len(people) - MOST_SHOWN, 0),
    )


def _named(store: Store, type_name: str, *where: Condition) -> list[Record]:
    found = query.every(store, query.Query(type_name, where))
    return sorted(
        (record for record in found if not record.struck_reason),
        key=lambda record: name_key(getattr(record, "name", "") or ""),
    )


def _post_words(around: _Around, holder: Holder) -> str:
    field = spec_of(holder.post).by_name["role"]
    role = around.store.vocabularies.label(field, holder.post.role) if holder.post.role else ""
    place = holder.organisation.name if holder.organisation is not None else ""
    return joined(role, place or "")


def _post(around: _Around, holder: Holder) -> Person:
    post, place = holder.post, holder.organisation
    field = spec_of(post).by_name["role"]
    role = around.store.vocabularies.label(field, post.role) if post.role else ""
    since = f"since {times.show_plain_date(post.since)}" if post.since else ""
    if place is None:
        return Person(Link("post", id_of(post), role or spec_of(post).label), since, "")
    link = Link("organisation", id_of(place), place.name or "")
    return Person(link, joined(role, since), place.phone or "", is_place=True)


def _somebody(around: _Around, person: Contact, posts: Sequence[Holder]) -> Person:
    words = joined(*(_post_words(around, holder) for holder in posts[:1]))
    link = Link("contact", id_of(person), around.names.of(person))
    return Person(link, words, person.phone or person.mobile or "")


def _place(around: _Around, place: Organisation) -> Person:
    field = spec_of(place).by_name["kind"]
    kind = around.store.vocabularies.label(field, place.kind) if place.kind else ""
    link = Link("organisation", id_of(place), around.names.of(place))
    number = next((one.number for one in _numbers(around, place)), "")
    return Person(link, kind, number, is_place=True)


def _residents(store: Store, ways: Iterable[tuple[str, int]]) -> tuple[tuple[Link, ...], int]:
    """Return who of those who live here is looked after, and how many more there are."""
    found: dict[int, Resident] = {}
    for field, identity in ways:
        where = (Condition(field, identity), Condition("left_on", None))
        for record in query.every(store, query.Query("resident", where)):
            if isinstance(record, Resident) and not record.struck_reason:
                found[id_of(record)] = record
    people = sorted(found.values(), key=lambda one: (name_key(one.name or ""), one.id))
    names = Names(store)
    links = tuple(Link("resident", id_of(one), names.of(one)) for one in people[:MOST_SHOWN])
    return links, max(len(people) - MOST_SHOWN, 0)


def _checked(around: _Around, record: Record, on: dt.date | None, *, stale: bool) -> Checked:
    if on is None:
        return Checked("These details were never checked.", True, False)
    by = ""
    for entry in history.history(around.store, spec_of(record).name, id_of(record)):
        step = entry.fields.get("last_checked")
        if step is not None and step.after == on:
            by = f" by {around.names.by_id('person', entry.person)}"
    today = on == around.day
    day = "today" if today else times.show_date(on)
    return Checked(f"Checked {day}{by}.", stale, today)


def _marks(record: Record) -> Iterator[tuple[str, str]]:
    if record.struck_reason:
        yield f"Struck through: {record.struck_reason}", "due"
    if record.archived:
        yield "Archived: in no list any more.", "none"
    status = getattr(record, "status", None)
    if status in {"closed", "merged"}:
        yield f"This place is {status}.", "due"
