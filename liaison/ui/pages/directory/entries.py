"""The directory's list: everybody and every place, by what they do for the home."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from liaison.records import all_specs
from liaison.records.directory import Contact, Organisation, Post, Service
from liaison.records.rules import times
from liaison.records.rules.same_name import name_key
from liaison.services import attempts, directory
from liaison.services.references import Names
from liaison.services.today.items import id_of
from liaison.store import query
from liaison.store.query import Condition

if TYPE_CHECKING:
    from liaison.records.vocabularies import Vocabularies
    from liaison.services.attempts import Unmet
    from liaison.store.store import Store

_DOT: Final = " \N{MIDDLE DOT} "
_CHUNK: Final = 2_000
_ELSEWHERE: Final = "Belongs to no organisation"
NO_NEED: Final = "Nothing said yet"
NOT_REACHED: Final = "not reached"
TO_CHECK: Final = "to check"
FEW: Final = 40
"""So many fill the list until all of them are read: two screens of them."""
_FEW_PLACES: Final = FEW // 2
"""As people stand under their places, half as many of these do."""


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """A person or a place in the directory.

    Args:
        type: contact or organisation.
        id: The record.
        name: The name, told apart from others of the same name.
        detail: The role and place, or the kind, and the number to ring.
        kind: The kind of organisation it is, or belongs to, in words.
        place: What it stands under: its organisation's key to sort by.
        needs: What it is asked for, in words.
        to_check: Whether its details were last checked too long ago.
        searched: Everything it is found by.
        tried: How often they were tried and not reached since; empty if nobody did.
        key: The name to sort by.
    """

    type: str
    id: int
    name: str
    detail: str
    kind: str
    place: tuple[str, int]
    needs: tuple[str, ...]
    to_check: bool
    searched: str
    tried: str = ""
    key: str = ""

    @property
    def said(self) -> str:
        """All of it, for a screen reader."""
        label = all_specs()[self.type].label
        parts = (self.name, label, self.detail, self.tried, _check(self.to_check))
        return ". ".join(part for part in parts if part)


def _check(to_check: bool) -> str:  # noqa: FBT001  # what an entry says
    return "To check" if to_check else ""


@dataclasses.dataclass(frozen=True, slots=True)
class Group:
    """Entries under one heading; a list without headings has one group without words."""

    words: str
    entries: tuple[Entry, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Directory:
    """Everybody and every place, and the order in which kinds are listed.

    Args:
        entries: All of them, by name.
        kinds: The kinds of organisations, in the order of the home's list.
        complete: Whether these are all of them, not only those that the list begins with.
        counts: How many there are of each which :meth:`narrowed` knows.
    """

    entries: tuple[Entry, ...]
    kinds: tuple[str, ...]
    complete: bool = True
    counts: Mapping[str, int] = dataclasses.field(default_factory=dict)

    def narrowed(self, typed: str, which: str) -> list[Entry]:
        """Return the entries that fit.

        Args:
            typed: What is searched for; every word must be in what an entry is found by.
            which: contact, organisation, "to check", "not reached", or nothing for all.
        """
        words = [name_key(word) for word in typed.split()]
        found = [
            entry
            for entry in self.entries
            if _fits(entry, which) and all(word in entry.searched for word in words)
        ]
        if which != NOT_REACHED:
            return found
        # what was tried is what one came for
        return [dataclasses.replace(entry, detail=entry.tried, tried="") for entry in found]

    def grouped(self, entries: Sequence[Entry], by: str) -> list[Group]:
        """Return entries under headings.

        Args:
            entries: The entries, by name.
            by: kind, need or name.
        """
        if by == "name":
            return [Group("", tuple(entries))] if entries else []
        if by == "need":
            return _by_need(entries)
        found: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in entries:
            found[entry.kind].append(entry)
        order = {words: number for number, words in enumerate(self.kinds)}
        return [
            Group(words or _ELSEWHERE, tuple(sorted(found[words], key=_under_its_place)))
            for words in sorted(found, key=lambda one: (order.get(one, len(order)), not one, one))
        ]


def _fits(entry: Entry, which: str) -> bool:
    if which == NOT_REACHED:
        return bool(entry.tried)
    return entry.to_check if which == TO_CHECK else which in {"", entry.type}


def _under_its_place(entry: Entry) -> tuple[tuple[str, int], bool, str, int]:
    return entry.place, entry.type == "contact", entry.key, entry.id


def _by_need(entries: Iterable[Entry]) -> list[Group]:
    found: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        for need in entry.needs or ("",):
            found[need].append(entry)
    return [
        # a named person first: it is finding the someone
        Group(need or NO_NEED, tuple(sorted(found[need], key=lambda one: one.type != "contact")))
        for need in sorted(found, key=lambda one: (not one, name_key(one)))
    ]


def read(store: Store) -> Directory:
    """Return everybody and every place in the directory."""
    return _Reading(store, _Records.every(store)).directory()


def begin(store: Store, by: str) -> Directory:
    """Return those that the list begins with: as quick in a large directory as in a small one.

    Args:
        store: The home.
        by: kind, need or name: the order of the list.
    """
    few = [query.identities(store, query.Query(name), limit=FEW)[0] for name in _LISTED]
    if sum(map(len, few)) < FEW:
        return read(store)
    found = _Records.first(store, by)
    return _Reading(store, found).directory(complete=False) if found.any else read(store)


_LISTED: Final = ("contact", "organisation")


@dataclasses.dataclass(frozen=True, slots=True)
class _Records:
    """The records a list is made of."""

    contacts: list[Contact]
    places: list[Organisation]
    posts: list[Post]

    @property
    def any(self) -> bool:
        """Whether there is anything to list."""
        return bool(self.contacts or self.places)

    @classmethod
    def every(cls, store: Store) -> _Records:
        """Read all of them, once each."""
        return cls(
            [c for c in _all(store, "contact") if isinstance(c, Contact)],
            [o for o in _all(store, "organisation") if isinstance(o, Organisation)],
            [p for p in _all(store, "post") if isinstance(p, Post)],
        )

    @classmethod
    def first(cls, store: Store, by: str) -> _Records:
        """Read those that a list begins with, in a few statements of bounded length."""
        pick = {"kind": _first_by_kind, "need": _first_by_need}.get(by, _first_by_name)
        contacts, places = pick(store)
        people = tuple(contacts)
        found = query.page(
            store, query.Query("post", (Condition("contact", people, "in"),)), limit=_CHUNK
        ).records
        posts = [post for post in found if isinstance(post, Post) and not post.struck_reason]
        # the places they work at stand on their lines
        beside = {post.organisation for post in posts if post.organisation} - places.keys()
        also = query.of_ids(store.connection, all_specs()["organisation"], list(beside))
        shown = {**places, **{i: o for i, o in also.items() if isinstance(o, Organisation)}}
        return cls(list(contacts.values()), [o for o in shown.values() if o.lives], posts)


_Found = tuple[dict[int, Contact], dict[int, Organisation]]


def _first_by_kind(store: Store) -> _Found:
    field = all_specs()["organisation"].by_name["kind"]
    places: dict[int, Organisation] = {}
    for item in store.vocabularies.items(field):
        where = (Condition("kind", item.value),)
        asked = query.Query("organisation", where, order_by="name", newest_first=False)
        for place in query.page(store, asked, limit=_FEW_PLACES - len(places)).records:
            if isinstance(place, Organisation) and not place.struck_reason:
                places[id_of(place)] = place
        if len(places) >= _FEW_PLACES:
            break
    where = (Condition("organisation", tuple(places), "in"),)
    posts = query.page(store, query.Query("post", where), limit=4 * FEW).records
    wanted = [p.contact for p in posts if isinstance(p, Post) and p.contact is not None]
    found = query.of_ids(store.connection, all_specs()["contact"], wanted)
    contacts = {
        identity: one
        for identity, one in found.items()
        if isinstance(one, Contact) and one.lives and not one.struck_reason
    }
    return (contacts, places) if places else _first_by_name(store)


def _first_by_need(store: Store) -> _Found:
    needs = sorted(_all(store, "service"), key=lambda one: name_key(getattr(one, "name", "") or ""))
    contacts: dict[int, Contact] = {}
    places: dict[int, Organisation] = {}
    for need in needs:
        if len(contacts) + len(places) >= FEW or not isinstance(need, Service):
            break
        for name, field in (("contact", "ask_about"), ("organisation", "offers")):
            where = (Condition(field, id_of(need)),)
            asked = query.Query(name, where, order_by="name", newest_first=False)
            for one in query.page(store, asked, limit=FEW).records:
                if isinstance(one, Contact) and not one.struck_reason:
                    contacts[id_of(one)] = one
                elif isinstance(one, Organisation) and not one.struck_reason:
                    places[id_of(one)] = one
    return (contacts, places) if contacts or places else _first_by_name(store)


def _first_by_name(store: Store) -> _Found:
    found: list[Contact | Organisation] = []
    for name in _LISTED:
        asked = query.Query(name, order_by="name", newest_first=False)
        found += [
            one
            for one in query.page(store, asked, limit=FEW).records
            if isinstance(one, Contact | Organisation) and not one.struck_reason
        ]
    found.sort(key=lambda one: name_key(one.name or ""))
    first = found[:FEW]
    return (
        {id_of(one): one for one in first if isinstance(one, Contact)},
        {id_of(one): one for one in first if isinstance(one, Organisation)},
    )


class _Reading:
    """Makes the lines of a list from its records."""

    def __init__(self, store: Store, records: _Records) -> None:
        self._store = store
        self._names = Names(store)
        self._words: Vocabularies = store.vocabularies
        self._contacts = records.contacts
        self._services = {id_of(s): s for s in _all(store, "service") if isinstance(s, Service)}
        self._places = {id_of(place): place for place in records.places}
        self._people = {id_of(person) for person in records.contacts}
        today = store.today()
        self._posts: defaultdict[int, list[Post]] = defaultdict(list)
        for post in records.posts:
            if directory.held_on(post, today):
                self._posts[self._stands("contact", post.contact)].append(post)
        self._is_stale = directory.staleness(store, today)
        self._tried = {
            ("contact", one.contact)
            if one.contact is not None
            else ("organisation", one.organisation): _tries(one)
            for one in attempts.unmet(store)
        }

    def _stands(self, type_name: str, identity: int | None) -> int:
        if identity is None:
            return 0
        known = self._places if type_name == "organisation" else self._people
        if identity in known:
            return identity
        found = self._names.record(type_name, identity)
        return identity if found is None else id_of(found)

    def directory(self, *, complete: bool = True) -> Directory:
        """Return everybody and every place."""
        contacts = self._contacts
        self._names.learn({"contact": map(id_of, contacts), "organisation": self._places})
        entries = [self._place(place) for place in self._places.values()]
        entries += [self._person(person) for person in contacts]
        entries.sort(key=lambda one: (one.key, one.id))
        field = all_specs()["organisation"].by_name["kind"]
        kinds = tuple(item.label for item in self._words.items(field))
        ways = (*_LISTED, TO_CHECK, NOT_REACHED)
        counts = {which: sum(_fits(entry, which) for entry in entries) for which in ways}
        return Directory(tuple(entries), kinds, complete, counts)

    def _place(self, place: Organisation) -> Entry:
        spec = all_specs()["organisation"]
        kind = self._words.label(spec.by_name["kind"], place.kind) if place.kind else ""
        closed = "" if place.status in {None, "active"} else self._words.label(
            spec.by_name["status"], place.status or ""
        )  # fmt: skip
        needs = self._needs(place.offers)
        return Entry(
            "organisation", id_of(place), self._names.of(place),
            _DOT.join(part for part in (closed or kind, place.phone or "") if part),
            kind, _key(place), tuple(s.name or "" for s in needs),
            self._is_stale(place.last_checked) and not closed,
            _searched(place.name, kind, place.phone, place.phone_out_of_hours, place.postcode,
                      *place.former_names, *_called(needs)),
            self._tried.get(("organisation", id_of(place)), ""), name_key(place.name or ""),
        )  # fmt: skip

    def _person(self, person: Contact) -> Entry:
        spec = all_specs()["post"]
        posts = self._posts[id_of(person)]
        roles = [self._words.label(spec.by_name["role"], post.role) for post in posts if post.role]
        places = [
            place
            for post in posts
            if (place := self._places.get(self._stands("organisation", post.organisation)))
        ]
        kind = ""
        if places and places[0].kind:
            field = all_specs()["organisation"].by_name["kind"]
            kind = self._words.label(field, places[0].kind)
        needs = self._needs(person.ask_about)
        phone = person.phone or person.mobile or ""
        detail = _DOT.join(part for part in (", ".join(dict.fromkeys(roles)), phone) if part)
        return Entry(
            "contact", id_of(person), self._names.of(person), detail, kind,
            _key(places[0]) if places else ("", 0), tuple(s.name or "" for s in needs),
            self._is_stale(person.last_checked),
            _searched(person.name, *roles, *(p.name for p in places), person.phone, person.mobile,
                      person.email, *_called(needs)),
            self._tried.get(("contact", id_of(person)), ""), name_key(person.name or ""),
        )  # fmt: skip

    def _needs(self, identities: Iterable[int]) -> list[Service]:
        return [self._services[one] for one in identities if one in self._services]


def _tries(unmet: Unmet) -> str:
    """Return how often somebody was tried, for a line of the list."""
    often = "Tried once" if unmet.tries == 1 else f"Tried {unmet.tries} times"
    when = "" if unmet.tries == 1 else "last "
    return f"{often}, {when}{times.show_time(unmet.last)}"


def _key(place: Organisation) -> tuple[str, int]:
    return name_key(place.name or ""), id_of(place)


def _called(needs: Iterable[Service]) -> Iterable[str]:
    for need in needs:
        yield from (need.name or "", need.synonyms or "")


def _searched(*parts: str | None) -> str:
    # a key has no spaces, so a number is found however it is written
    return "\n".join(name_key(part) for part in parts if part)


def _all(store: Store, type_name: str) -> Iterable[object]:
    for record in query.every(store, query.Query(type_name), _CHUNK):
        if not record.struck_reason:
            yield record
