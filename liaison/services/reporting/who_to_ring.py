"""The facts of the poster: for each kind of help one number in hours, and one out of hours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from liaison.records import all_specs
from liaison.records.home import Home
from liaison.records.rules.ringing import SURGERY, Person, Place
from liaison.records.rules.same_name import name_key
from liaison.reports.who_to_ring import MOST_LINES, SPEC, Facts, Line
from liaison.services import ringing
from liaison.services.ringing import Book, in_sentence, role_words

if TYPE_CHECKING:
    from liaison.reports.spec import Asked
    from liaison.store.store import Store

__all__ = ["SPEC", "gather"]

_UNNAMED: Final = "This home"
_BY_DAY: Final = 5
_SHORT: Final = 44
_NEEDS: Final = 2
_WIDEST: Final = 26
_EMERGENCY: Final = "999"
_NHS: Final = "NHS 111"
_DOCTOR: Final = "GP"
_LAST: Final = frozenset({"hospital", "ambulance"})
"""Reached through 999, or by a ward's own number that is in no hurry."""
_Found = tuple[Line, tuple[str, int]]


def gather(store: Store, asked: Asked) -> Facts:  # noqa: ARG001  # every report is asked like this
    """Return what the poster shows.

    Args:
        store: The home.
        asked: Nothing: it is about the home as it stands.
    """
    loaded = store.the("home")
    home = loaded.record if loaded is not None and isinstance(loaded.record, Home) else Home()
    made = _Poster(store, ringing.read(store))
    by_day, out = list(made.by_day()), list(made.out())
    # what one half leaves free the other may have
    room = max(MOST_LINES - len(out), _BY_DAY)
    by_day = by_day[:room]
    out = out[: MOST_LINES - len(by_day)]
    address = ", ".join((home.address or "").splitlines())
    return Facts(
        home=home.name or _UNNAMED,
        address=", ".join(part for part in (address, home.postcode or "") if part),
        phone=home.phone or "",
        hours=f"Monday to Friday, {made.book.hours.start} to {made.book.hours.end}",
        by_day=tuple(line for line, _ in by_day),
        out=tuple(line for line, _ in out),
        checked=_checked(store, [key for _, key in (*by_day, *out)]),
    )


class _Poster:
    def __init__(self, store: Store, book: Book) -> None:
        self.book = book
        self._store = store
        self._people = book.everybody.people
        self._places = book.everybody.places
        kinds = store.vocabularies.items(all_specs()["organisation"].by_name["kind"])
        self._order = {item.value: number for number, item in enumerate(kinds)}

    def by_day(self) -> Iterator[_Found]:
        """Yield a number for each kind of place, those with a named link first."""
        by_kind: dict[str, list[_Found]] = {}
        linked = set()
        for person, place in self._posts():
            if person.cover == "out of hours":
                continue
            number = person.phones[0] if person.phones else place.phone
            if number:
                line = self._person_line(person, place, number, out=False)
                by_kind.setdefault(place.kind, []).append((line, ("contact", person.id)))
                if person.is_link:
                    linked.add(place.kind)
        for place in self._sorted():
            if place.phone:
                line = self._place_line(place, place.phone)
                by_kind.setdefault(place.kind, []).append((line, ("organisation", place.id)))
        kinds = sorted(
            by_kind, key=lambda kind: (kind != SURGERY, kind not in linked, self._rank(kind))
        )
        yield from _once(_in_turns([by_kind[kind][:1] for kind in kinds]))

    def out(self) -> Iterator[_Found]:
        """Yield the numbers that answer out of hours, each once: of each kind one, then the rest."""
        by_kind: dict[str, list[_Found]] = {}
        for place in self._sorted():
            here = by_kind.setdefault(place.kind, [])
            for person, at in self._posts():
                if at is place and person.cover != "in hours" and person.phones:
                    line = self._person_line(person, place, person.phones[0], out=True)
                    here.append((line, ("contact", person.id)))
            if place.out_of_hours:
                line = self._place_line(place, place.out_of_hours)
                here.append((line, ("organisation", place.id)))
        yield from _once(_in_turns(list(by_kind.values())))

    def _posts(self) -> Iterator[tuple[Person, Place]]:
        """Yield people with the places they are rung at, those who matter most first."""
        practice = self.book.everybody.practice
        for person in sorted(self._people.values(), key=_first_asked):
            held = [(role, self._places.get(at or 0)) for role, at in person.posts]
            held.sort(key=lambda post: post[1] is None or post[1].id != practice)
            for role, place in held:
                # whoever else works at a surgery is no doctor
                if place is not None and (place.kind != SURGERY or role == _DOCTOR):
                    yield person, place

    def _sorted(self) -> Sequence[Place]:
        practice = self.book.everybody.practice
        return sorted(
            self._places.values(),
            key=lambda one: (self._rank(one.kind), one.id != practice, name_key(one.name), one.id),
        )

    def _rank(self, kind: str) -> tuple[bool, int]:
        return kind in _LAST, self._order.get(kind, len(self._order))

    def _person_line(self, person: Person, place: Place, number: str, *, out: bool) -> Line:
        role = role_words(self.book, person, place.id)
        if place.kind == SURGERY:
            who = f"{place.name}, ask for {person.name}"
        else:
            who = ", ".join(part for part in (person.name, in_sentence(role) or place.name) if part)
        off = "in hours" if out else "out of hours"
        deputy = self._people.get(person.deputy or 0)
        place_number = place.out_of_hours if out else place.phone
        note = ""
        if deputy is not None and deputy.phones and deputy.cover != off:
            same = deputy.phones[0] == number
            note = f"Not there: {deputy.name}, {'same number' if same else deputy.phones[0]}"
        elif place_number and place_number != number:
            note = f"Not there: {place_number}"
        return Line(self._need(person.asks, place), who, number, note)

    def _place_line(self, place: Place, number: str) -> Line:
        who = _NHS if number.strip() == "111" else place.name
        return Line(self._need(place.offers, place), who, number, self._hours(place))

    def _hours(self, place: Place) -> str:
        record = self._store.get("organisation", place.id)
        hours = getattr(record, "opening_hours", None) or ""
        return hours if len(hours) <= _SHORT else ""

    def _need(self, needs: Iterable[int], place: Place) -> str:
        if place.kind == SURGERY:
            return "Doctor"
        known = sorted(self.book.label("need", need) for need in needs)
        first, *others = known[:_NEEDS] or [self.book.label("kind", place.kind)]
        words = ", ".join([first, *map(in_sentence, others)])
        words = words if len(words) <= _WIDEST else first
        return words[:1].upper() + words[1:]


def _first_asked(person: Person) -> tuple[bool, int, str]:
    return not person.is_link, -len(person.asks), name_key(person.name)


def _in_turns(lists: Sequence[Sequence[_Found]]) -> Iterator[_Found]:
    """Yield the first of each list, then the second of each, and so on."""
    for place in range(max(map(len, lists), default=0)):
        yield from (one[place] for one in lists if place < len(one))


def _once(found: Iterable[_Found]) -> Iterator[_Found]:
    """Yield each number once; 999 stands at the head of the page."""
    seen = {_EMERGENCY}
    for line, key in found:
        number = "".join(line.number.split())
        if number not in seen:
            seen.add(number)
            yield line, key


def _checked(store: Store, keys: Iterable[tuple[str, int]]) -> dt.date | None:
    days = [getattr(store.get(*key), "last_checked", None) for key in keys]
    known = [day for day in days if day is not None]
    return min(known) if known and len(known) == len(days) else None
