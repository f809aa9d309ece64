"""Who do I ring for ...? The home's directory, read once, and asked in anybody's own words."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.records import all_specs
from liaison.records.directory import Contact, Organisation, Post, Service
from liaison.records.home import Home, Resident
from liaison.records.rules.asking import Entry, Match, Wordbook
from liaison.records.rules.hours import next_change, out_of_hours
from liaison.records.rules.ringing import Choice, Everybody, Own, Person, Place, Want, Why, ranked
from liaison.records.rules.same_name import name_key
from liaison.services import starting
from liaison.services.directory import held_on
from liaison.services.references import Names
from liaison.store import query

if TYPE_CHECKING:
    from liaison.store.store import Store

_CHUNK: Final = 2_000
_SEPARATORS: Final = re.compile(r"[,;\n]")
_SYNONYM: Final = 0.95
_EXPLANATION: Final = 0.6
_NEARLY: Final = 0.8
_MOST_WANTS: Final = 3
_ACTIVE: Final = frozenset({None, "active"})

Key = tuple[str, object]
"""What words mean: "need", "person" or "place" and an id, "role" or "kind" and its kept word."""


@dataclasses.dataclass(frozen=True, slots=True)
class Hours:
    """When it is in hours in this home.

    Args:
        start: When the day begins, as ``08:00``.
        end: When it ends.
    """

    start: str
    end: str

    def out(self, at: dt.datetime) -> bool:
        """Return whether a moment is out of hours (domain rule 4)."""
        return out_of_hours(at, self.start, self.end)

    def until(self, at: dt.datetime) -> dt.datetime:
        """Return when that changes next."""
        return next_change(at, self.start, self.end)


@dataclasses.dataclass(frozen=True, slots=True)
class Asked:
    """What was asked, and whom to ring.

    Args:
        text: What was asked for.
        meant: What it was taken to mean, in the home's words; empty if nothing fits.
        choices: Whom to ring, best first.
        out: Whether it is out of hours.
        until: When that changes.
    """

    text: str
    meant: tuple[str, ...]
    choices: tuple[Choice, ...]
    out: bool
    until: dt.datetime


class Book:
    """The directory as it stands, ready to be asked while somebody types.

    Make it anew (:func:`read`) when the directory was changed.
    """

    def __init__(
        self,
        everybody: Everybody,
        hours: Hours,
        entries: Iterable[Entry[Key]],
        labels: Mapping[Key, str],
        usual: Mapping[int, tuple[tuple[str, ...], tuple[str, ...]]],
    ) -> None:
        self.everybody = everybody
        self.hours = hours
        self._words: Wordbook[Key] = Wordbook(entries)
        self._labels = labels
        self._usual = usual

    def ask(self, text: str, at: dt.datetime, own: Own | None = None) -> Asked:
        """Return whom to ring.

        Args:
            text: What for, in anybody's own words; or a name, a role, a kind of place.
            at: When.
            own: Who looks after the resident that it is about.
        """
        found = self._words.find(text)
        near = [one for one in found if one.score >= _NEARLY * found[0].score][:_MOST_WANTS]
        out = self.hours.out(at)
        choices = ranked(self.everybody, map(self._want, near), out=out, own=own)
        meant = tuple(dict.fromkeys(self._labels[one.key] for one in near))
        return Asked(text, meant, choices, out, self.hours.until(at))

    def for_need(self, need: int, at: dt.datetime) -> tuple[Choice, ...]:
        """Return whom to ring for a need."""
        want = self._want(Match(("need", need), 1.0, ""))
        return ranked(self.everybody, (want,), out=self.hours.out(at))

    def label(self, kind: str, key: object) -> str:
        """Return what a need, role or kind of place is called in this home."""
        return self._labels.get((kind, key), str(key))

    def _want(self, match: Match[Key]) -> Want:
        kind, key = match.key
        if kind == "need" and isinstance(key, int):
            roles, kinds = self._usual.get(key, ((), ()))
            return Want(need=key, roles=roles, kinds=kinds)
        if kind == "person" and isinstance(key, int):
            return Want(people=frozenset({key}))
        if kind == "place" and isinstance(key, int):
            return Want(places=frozenset({key}))
        return Want(roles=(str(key),)) if kind == "role" else Want(kinds=(str(key),))


def read(store: Store) -> Book:
    """Read the directory once, whatever its length."""
    return _Reading(store).book()


def own_of(store: Store, resident: int) -> Own | None:
    """Return who looks after a resident; None if the resident is not here."""
    found = store.follow("resident", resident)
    if not isinstance(found, Resident):
        return None
    return Own(
        _stands(store, "contact", found.gp),
        _stands(store, "organisation", found.practice),
        _stands(store, "contact", found.named_nurse),
    )


def _stands(store: Store, type_name: str, identity: int | None) -> int | None:
    found = None if identity is None else store.follow(type_name, identity)
    return identity if found is None else found.id


class _Reading:
    """Reads what can be rung, and every word it is known by."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._names = Names(store)
        self._today = store.today()
        loaded = store.the("home")
        self._home = loaded.record if loaded and isinstance(loaded.record, Home) else Home()
        self._label = store.vocabularies.label

    def book(self) -> Book:
        """Return the book."""
        services = [one for one in self._every("service") if isinstance(one, Service)]
        here = {one.id or 0 for one in services}
        contacts = [one for one in self._every("contact") if isinstance(one, Contact)]
        organisations = [
            one for one in self._every("organisation") if isinstance(one, Organisation)
        ]
        self._names.learn({
            "contact": [one.id or 0 for one in contacts],
            "organisation": [one.id or 0 for one in organisations],
        })  # fmt: skip
        places = {one.id: one for one in self._places(organisations, here)}
        people = {one.id: one for one in self._people(contacts, here, places)}
        everybody = Everybody(people, places, self._now("organisation", self._home.practice))
        labels: dict[Key, str] = {}
        entries = [
            *self._needs(services, labels),
            *self._words_for("post", "role", labels),
            *self._words_for("organisation", "kind", labels),
            *self._called("person", people.values(), labels),
            *self._called("place", places.values(), labels),
        ]
        usual = {
            one.id or 0: (known.roles, known.organisations)
            for one in services
            if (known := _shipped().get(name_key(one.name or ""))) is not None
        }
        return Book(everybody, hours_of(self._home), entries, labels, usual)

    def _needs(self, services: Iterable[Service], labels: dict[Key, str]) -> Iterator[Entry[Key]]:
        for one in services:
            name = one.name or ""
            key: Key = "need", one.id or 0
            labels[key] = name
            shipped = _shipped().get(name_key(name))
            said = {part.strip() for part in _SEPARATORS.split(one.synonyms or "")}
            if shipped is not None and not one.synonyms:
                said = set(shipped.synonyms)
            phrases = [(name, 1.0), *((part, _SYNONYM) for part in sorted(said) if part)]
            if len(phrases) == 1 and one.explanation:
                phrases.append((one.explanation, _EXPLANATION))
            yield Entry(key, tuple(phrases))

    def _words_for(
        self, type_name: str, field: str, labels: dict[Key, str]
    ) -> Iterator[Entry[Key]]:
        kind = "role" if field == "role" else "kind"
        for item in self._store.vocabularies.items(all_specs()[type_name].by_name[field]):
            if item.value != "other":
                labels[kind, item.value] = item.label
                phrases = [(item.label, 1.0), *((w, _SYNONYM) for w in _ALSO.get(item.value, ()))]
                yield Entry((kind, item.value), tuple(phrases))

    @staticmethod
    def _called(
        kind: str, named: Iterable[Person | Place], labels: dict[Key, str]
    ) -> Iterator[Entry[Key]]:
        for one in named:
            labels[kind, one.id] = one.name
            yield Entry((kind, one.id), ((one.name, 1.0),))

    def _places(self, found: Iterable[Organisation], here: set[int]) -> Iterator[Place]:
        for one in found:
            if one.status in _ACTIVE:
                yield Place(
                    one.id or 0,
                    self._names.of(one),
                    one.kind or "",
                    one.phone or "",
                    one.phone_out_of_hours or "",
                    self._needs_of(one.offers, here),
                )

    def _people(
        self, found: Iterable[Contact], here: set[int], places: Mapping[int, Place]
    ) -> Iterator[Person]:
        posts: defaultdict[int, list[tuple[str, int | None]]] = defaultdict(list)
        for post in self._every("post"):
            if isinstance(post, Post) and held_on(post, self._today):
                contact = self._now("contact", post.contact)
                at = self._now("organisation", post.organisation)
                if contact is not None and (at is None or at in places):
                    posts[contact].append((post.role or "", at))
        for one in found:
            yield Person(
                one.id or 0,
                self._names.of(one),
                tuple(number for number in (one.phone, one.mobile) if number),
                one.cover or "in hours",
                bool(one.named_link),
                self._now("contact", one.deputy),
                self._needs_of(one.ask_about, here),
                tuple(posts[one.id or 0]),
            )

    def _needs_of(self, needs: Iterable[int], here: set[int]) -> frozenset[int]:
        return frozenset(one if one in here else self._now("service", one) or one for one in needs)

    def _now(self, type_name: str, identity: int | None) -> int | None:
        """Return the id of the record that stands for an id today."""
        found = None if identity is None else self._names.record(type_name, identity)
        return None if found is None else found.id

    def _every(self, type_name: str) -> Iterator[object]:
        for record in query.every(self._store, query.Query(type_name), _CHUNK):
            if not record.struck_reason:
                yield record


#: What people say for a role or a kind of place whose name they would not say.
_ALSO: Final[Mapping[str, tuple[str, ...]]] = {
    "GP": ("doctor", "Dr"),
    "GP practice": ("surgery", "doctors"),
    "pharmacy": ("chemist",),
    "pharmacist": ("chemist",),
    "district nurse": ("DN", "community nurse"),
    "speech and language therapist": ("SLT", "SALT"),
    "occupational therapist": ("OT",),
    "physiotherapist": ("physio",),
    "podiatrist": ("chiropodist",),
}


def _shipped() -> Mapping[str, starting.StartingService]:
    return {name_key(one.name): one for one in starting.services()}


def hours_of(home: Home) -> Hours:
    """Return when it is in hours in a home; the usual hours if its own cannot be read."""
    usual = Home()
    found = Hours(home.hours_from or usual.hours_from or "", home.hours_to or usual.hours_to or "")
    try:
        found.out(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    except UserError:
        # they are told where they are set; a number is needed all the same
        return Hours(usual.hours_from or "", usual.hours_to or "")
    return found


def why_words(book: Book, asked: Asked, choice: Choice) -> str:
    """Say why somebody is to be rung, in a few words.

    Args:
        book: The directory.
        asked: What was asked.
        choice: Whom to ring.
    """
    people, places = book.everybody.people, book.everybody.places
    place = places.get(choice.place or 0)
    what = in_sentence(asked.meant[choice.want]) if choice.want < len(asked.meant) else "this"
    who = people.get(choice.person or 0)
    role = role_words(book, who, choice.place) if who is not None else ""
    other = people.get(choice.instead_of or 0)
    match choice.why:
        case Why.OWN if choice.person is not None:
            return f"The resident's own {in_sentence(role) or 'contact'}"
        case Why.OWN:
            return "The resident's own practice"
        case Why.NAMED:
            return "You asked for them by name" if who is not None else "You asked for it by name"
        case Why.LINK:
            return f"Our named link for {what}"
        case Why.DEPUTY:
            return f"Stands in for {other.name}" if other is not None else "Deputy"
        case Why.ASKED:
            return f"Asked about {what}"
        case Why.ROLE:
            return f"{role or 'Works'} at {place.name}" if place is not None else role
        case Why.OFFERS:
            return f"Offers {what}" if place and place.offers else f"For {what}"
        case Why.WORKS:
            return "Where they work"
        case Why.LIKELY:
            return f"May know: nobody in the directory is named for {what}"
        case Why.PRACTICE:
            return "Nobody for this can be reached now: the home's own practice"


def role_words(book: Book, person: Person, place: int | None) -> str:
    """Return what somebody is, at a place if they are anything there."""
    held = sorted(person.posts, key=lambda post: post[1] != place)
    words = next((book.label("role", role) for role, _ in held if role not in {"", "other"}), "")
    return words[:1].upper() + words[1:]


def in_sentence(words: str) -> str:
    """Return a heading as it stands in the middle of a sentence: "GP" stays, "Pads" does not."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]
