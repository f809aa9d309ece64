"""The facts of the directory as a booklet; nothing that is declared sensitive is read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from liaison.records import Record, all_specs, spec_of
from liaison.records.directory import Contact, Organisation, Post
from liaison.records.rules.same_name import name_key
from liaison.records.showing import show
from liaison.reports.directory import SPEC, Entry, Facts, Group
from liaison.services.directory import held_on, staleness
from liaison.services.references import Names
from liaison.store import query

if TYPE_CHECKING:
    from liaison.reports.spec import Asked
    from liaison.store.store import Store

__all__ = ["SPEC", "gather"]

_UNNAMED: Final = "This home"
_NOWHERE: Final = "Belongs to no organisation"
_CLOSED: Final = frozenset({"closed", "merged"})
_ABOUT: Final = {
    "organisation": ("offers", "opening_hours", "criteria", "how_to_refer", "typical_wait_days"),
    "contact": ("ask_about", "best_time", "cover", "deputy"),
}
_NUMBERS: Final = {
    "organisation": ("phone", "phone_out_of_hours", "email"),
    "contact": ("phone", "mobile", "email"),
}


def gather(store: Store, asked: Asked) -> Facts:  # noqa: ARG001  # every report is asked like this
    """Return what the booklet shows.

    Args:
        store: The home.
        asked: Nothing: it is about the home as it stands.
    """
    loaded = store.the("home")
    name = None if loaded is None else getattr(loaded.record, "name", None)
    return Facts(name or _UNNAMED, store.today(), _Booklet(store).groups())


class _Booklet:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._names = Names(store)
        self._label = store.vocabularies.label
        self._stale = staleness(store, store.today())

    def groups(self) -> tuple[Group, ...]:
        """Return everybody and every place, by the kind of place."""
        places = [one for one in self._every("organisation") if isinstance(one, Organisation)]
        people = [one for one in self._every("contact") if isinstance(one, Contact)]
        self._names.learn({
            "organisation": [one.id or 0 for one in places],
            "contact": [one.id or 0 for one in people],
            "service": {need for one in (*places,) for need in one.offers}
            | {need for one in people for need in one.ask_about},
        })  # fmt: skip
        open_places = {one.id or 0: one for one in places if one.status not in _CLOSED}
        posts = self._posts()
        found: defaultdict[str, list[tuple[tuple[str, bool, str], Entry]]] = defaultdict(list)
        for place in open_places.values():
            key = name_key(place.name or ""), False, ""
            found[place.kind or ""].append((key, self._place(place)))
        for person in people:
            held = posts[person.id or 0]
            at = [open_places[post.organisation or 0] for post in held
                  if (post.organisation or 0) in open_places]  # fmt: skip
            under = name_key(at[0].name or "") if at else ""
            kind = (at[0].kind or "") if at else ""
            key = under, True, name_key(person.name or "")
            found[kind].append((key, self._person(person, held)))
        return tuple(self._grouped(found))

    def _grouped(
        self, found: dict[str, list[tuple[tuple[str, bool, str], Entry]]]
    ) -> Iterator[Group]:
        field = all_specs()["organisation"].by_name["kind"]
        order = {item.value: n for n, item in enumerate(self._store.vocabularies.items(field))}
        for kind in sorted(found, key=lambda one: (not one, order.get(one, len(order)), one)):
            words = self._label(field, kind) if kind else _NOWHERE
            entries = tuple(entry for _, entry in sorted(found[kind], key=lambda one: one[0]))
            yield Group(words[:1].upper() + words[1:], entries)

    def _posts(self) -> defaultdict[int, list[Post]]:
        found: defaultdict[int, list[Post]] = defaultdict(list)
        today = self._store.today()
        for post in self._every("post"):
            if isinstance(post, Post) and held_on(post, today):
                person = self._names.record("contact", post.contact or 0)
                if person is not None and person.id is not None:
                    found[person.id].append(post)
        return found

    def _place(self, place: Organisation) -> Entry:
        address = ", ".join((place.address or "").splitlines())
        where = ", ".join(part for part in (address, place.postcode or "") if part)
        return Entry(
            self._names.of(place), where, self._fields(place, _NUMBERS), self._fields(place, _ABOUT),
            False, self._stale(place.last_checked), place.last_checked,
        )  # fmt: skip

    def _person(self, person: Contact, held: Iterable[Post]) -> Entry:
        role = all_specs()["post"].by_name["role"]
        told = []
        for post in held:
            what = self._label(role, post.role) if post.role else ""
            where = post.organisation
            at = self._names.by_id("organisation", where) if where is not None else ""
            told.append(", ".join(part for part in (what, at) if part))
        detail = "\n".join(words[:1].upper() + words[1:] for words in told)
        return Entry(
            self._names.of(person), detail, self._fields(person, _NUMBERS),
            self._fields(person, _ABOUT), True, self._stale(person.last_checked),
            person.last_checked,
        )  # fmt: skip

    def _fields(
        self, record: Record, which: Mapping[str, tuple[str, ...]]
    ) -> tuple[tuple[str, str], ...]:
        """Return fields in words, each as (label, words); for a number the number comes last."""
        spec = spec_of(record)
        found = []
        for name in which[spec.name]:
            field = spec.by_name[name]
            # what is declared sensitive never gets here, whatever the lists above say
            if field.sensitive:
                continue
            text = show(
                field, getattr(record, name), vocabularies=self._store.vocabularies,
                name=self._names.by_id,
            )  # fmt: skip
            if text:
                found.append((field.label, text))
        return tuple(found)

    def _every(self, type_name: str) -> Iterator[Record]:
        for record in query.every(self._store, query.Query(type_name)):
            if not record.struck_reason:
                yield record
