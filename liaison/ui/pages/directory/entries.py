"""The directory's list: everybody and every place, by what they do for the home."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from liaison.records import all_specs
from liaison.records.directory import Contact, Organisation, Post, Service
from liaison.records.rules.same_name import name_key
from liaison.services import directory
from liaison.services.references import Names
from liaison.services.today.items import id_of
from liaison.store import query

if TYPE_CHECKING:
    from liaison.records.vocabularies import Vocabularies
    from liaison.store.store import Store

_DOT: Final = " \N{MIDDLE DOT} "
_CHUNK: Final = 2_000
_ELSEWHERE: Final = "Belongs to no organisation"
NO_NEED: Final = "Nothing said yet"


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

    @property
    def said(self) -> str:
        """All of it, for a screen reader."""
        label = all_specs()[self.type].label
        return ". ".join(
            part for part in (self.name, label, self.detail, _check(self.to_check)) if part
        )


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
    """

    entries: tuple[Entry, ...]
    kinds: tuple[str, ...]

    def narrowed(self, typed: str, which: str) -> list[Entry]:
        """Return the entries that fit.

        Args:
            typed: What is searched for; every word must be in what an entry is found by.
            which: contact, organisation, "to check", or nothing for all.
        """
        words = [name_key(word) for word in typed.split()]
        return [
            entry
            for entry in self.entries
            if all(word in entry.searched for word in words) and _fits(entry, which)
        ]

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
    return entry.to_check if which == "to check" else which in {"", entry.type}


def _under_its_place(entry: Entry) -> tuple[tuple[str, int], bool, str, int]:
    return entry.place, entry.type == "contact", name_key(entry.name), entry.id


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
    return _Reading(store).directory()


class _Reading:
    """Reads the directory's lists once each, whatever their length."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._names = Names(store)
        self._words: Vocabularies = store.vocabularies
        self._services = {id_of(s): s for s in _all(store, "service") if isinstance(s, Service)}
        self._places = {
            id_of(o): o for o in _all(store, "organisation") if isinstance(o, Organisation)
        }
        today = directory.today(store)
        self._posts: defaultdict[int, list[Post]] = defaultdict(list)
        for post in _all(store, "post"):
            if isinstance(post, Post) and directory.held_on(post, today):
                self._posts[self._stands("contact", post.contact)].append(post)
        self._is_stale = directory.staleness(store, today)

    def _stands(self, type_name: str, identity: int | None) -> int:
        if identity is None:
            return 0
        known = self._places if type_name == "organisation" else None
        if known is not None and identity in known:
            return identity
        found = self._names.record(type_name, identity)
        return identity if found is None else id_of(found)

    def directory(self) -> Directory:
        """Return everybody and every place."""
        contacts = [c for c in _all(self._store, "contact") if isinstance(c, Contact)]
        self._names.learn({"contact": map(id_of, contacts), "organisation": self._places})
        entries = [self._place(place) for place in self._places.values()]
        entries += [self._person(person) for person in contacts]
        entries.sort(key=lambda one: (name_key(one.name), one.id))
        field = all_specs()["organisation"].by_name["kind"]
        kinds = tuple(item.label for item in self._words.items(field))
        return Directory(tuple(entries), kinds)

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
        )  # fmt: skip

    def _needs(self, identities: Iterable[int]) -> list[Service]:
        return [self._services[one] for one in identities if one in self._services]


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
