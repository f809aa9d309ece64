"""Who to ring for something at this hour: the named person first, then who stands in for them.

Pure: it is given the directory and whether it is out of hours, and ranks whom to ring. It says what
the home's record says, and gives no clinical advice.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Iterable, Mapping
from typing import Final

from liaison.records.rules.same_name import name_key

SURGERY: Final = "GP practice"
"""The kind of place where doctors are."""


class Why(enum.Enum):
    """Why somebody is to be rung, from the strongest reason to the weakest."""

    OWN = "own"
    """It is the resident's own doctor, nurse or practice."""
    NAMED = "named"
    """They were asked for by name."""
    LINK = "link"
    """They are the home's named link for it."""
    DEPUTY = "deputy"
    """They stand in for somebody before them."""
    ASKED = "asked"
    """They are who is asked about it."""
    ROLE = "role"
    """It belongs to what they are."""
    OFFERS = "offers"
    """The place offers it."""
    WORKS = "works"
    """Somebody before it works there."""
    LIKELY = "likely"
    """Places of this kind often see to it; nobody has said that this one does."""
    PRACTICE = "practice"
    """Nobody else can be reached: it is the practice that the settings name."""


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """An organisation that can be rung.

    Args:
        id: Its record.
        name: What it is called.
        kind: Its kind, as it is kept.
        phone: The number in hours; empty if none is recorded.
        out_of_hours: The number out of hours.
        offers: The needs it serves.
    """

    id: int
    name: str
    kind: str = ""
    phone: str = ""
    out_of_hours: str = ""
    offers: frozenset[int] = frozenset()


@dataclasses.dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be rung.

    Args:
        id: Their record.
        name: Their name.
        phones: Their own numbers, the one to ring first.
        cover: When they can be reached: in hours, out of hours, both.
        is_link: Whether they are the home's named link.
        deputy: Who stands in for them.
        asks: The needs they are asked about.
        posts: The roles they hold today, each with the place's id or None.
    """

    id: int
    name: str
    phones: tuple[str, ...] = ()
    cover: str = "in hours"
    is_link: bool = False
    deputy: int | None = None
    asks: frozenset[int] = frozenset()
    posts: tuple[tuple[str, int | None], ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Everybody:
    """Who can be rung today; closed places and posts that ended are not in it.

    Args:
        people: By id.
        places: By id.
        practice: The home's own practice, as its settings name it.
    """

    people: Mapping[int, Person]
    places: Mapping[int, Place]
    practice: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Want:
    """One thing that is asked for: any of these, the fields of one need belonging together.

    Args:
        need: A need.
        roles: Professional roles that see to it, likeliest first.
        kinds: Kinds of place that see to it, likeliest first.
        people: People who were named.
        places: Places that were named.
    """

    need: int | None = None
    roles: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    people: frozenset[int] = frozenset()
    places: frozenset[int] = frozenset()


@dataclasses.dataclass(frozen=True, slots=True)
class Own:
    """Who looks after the resident that it is about.

    Args:
        doctor: Their GP.
        practice: Their practice.
        nurse: Their named nurse.
    """

    doctor: int | None = None
    practice: int | None = None
    nurse: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Choice:
    """Somebody or some place to ring.

    Args:
        person: The person; None for a place as such.
        place: The place they are rung at, or belong to.
        phone: The number for this hour; else the one they have; empty if none is recorded.
        why: Why they.
        now: Whether they can be reached at this hour, on that number.
        instead_of: Whom they stand in for.
        want: Which of the things asked for it is, from 0.
    """

    person: int | None
    place: int | None
    phone: str
    why: Why
    now: bool
    instead_of: int | None = None
    want: int = 0


_ORDER: Final = {why: number for number, why in enumerate(Why)}
_ANOTHER_PRACTICE: Final = len(_ORDER)


def ranked(
    everybody: Everybody, wants: Iterable[Want], *, out: bool, own: Own | None = None
) -> tuple[Choice, ...]:
    """Return whom to ring, best first; those who cannot be reached at this hour come last.

    Args:
        everybody: Who can be rung.
        wants: What is asked for, likeliest first.
        out: Whether it is out of hours.
        own: Who looks after the resident that it is about.
    """
    made = _Ranking(everybody, own or Own(), out=out)
    wants = tuple(wants)
    for number, want in enumerate(wants):
        made.add(want, number)
    choices = made.in_order()
    if wants and not any(choice.now for choice in choices):
        fallback = made.practice()
        if fallback is not None:
            others = (one for one in choices if (one.person, one.place) != (None, fallback.place))
            return (fallback, *others)
    return choices


class _Ranking:
    def __init__(self, everybody: Everybody, own: Own, *, out: bool) -> None:
        self._all = everybody
        self._own = own
        self._out = out
        self._found: dict[tuple[int | None, int | None], tuple[tuple[object, ...], Choice]] = {}

    def add(self, want: Want, number: int) -> None:
        """Add whoever sees to one of the things that are asked for."""
        before = len(self._found)
        for person in self._all.people.values():
            why = self._why_person(want, person)
            if why is not None:
                self._person(person, why, number, want)
        for place in self._all.places.values():
            if place.id in want.places:
                self._place(place, Why.NAMED, number, want)
            elif self._serves(place, want):
                why = Why.OWN if self._is_own(place) else Why.OFFERS
                self._place(place, why, number, want)
            elif self._is_own(place) and want.kinds[:1] == (SURGERY,):
                self._place(place, Why.OWN, number, want)
        if len(self._found) == before:
            for place in self._all.places.values():
                if place.kind in want.kinds:
                    self._place(place, Why.LIKELY, number, want)

    def in_order(self) -> tuple[Choice, ...]:
        """Return the choices, best first."""
        return tuple(choice for _, choice in sorted(self._found.values(), key=lambda one: one[0]))

    def practice(self) -> Choice | None:
        """Return the practice to ring when nobody else can be reached; None if none is named."""
        for identity in (self._own.practice, self._all.practice):
            place = self._all.places.get(identity or 0)
            if place is not None:
                phone = place.out_of_hours if self._out else place.phone
                if phone:
                    return Choice(None, place.id, phone, Why.PRACTICE, now=True)
        return None

    @staticmethod
    def _serves(place: Place, want: Want) -> bool:
        if want.need is None:
            return place.kind in want.kinds
        return want.need in place.offers

    def _why_person(self, want: Want, person: Person) -> Why | None:
        asked = want.need is not None and want.need in person.asks
        fits = self._fits(want, person)
        if person.id in want.people:
            return Why.NAMED
        if not (asked or fits):
            return None
        if person.id in {self._own.doctor, self._own.nurse}:
            return Why.OWN
        if person.is_link:
            return Why.LINK
        return Why.ASKED if asked else Why.ROLE

    def _fits(self, want: Want, person: Person) -> bool:
        """Return whether it belongs to what somebody is, at a place that sees to it."""
        for role, where in person.posts:
            if role not in want.roles:
                continue
            place = self._all.places.get(where or 0)
            if want.need is None or place is None:
                return True
            if want.need in place.offers or place.kind in want.kinds:
                return True
        return False

    def _person(self, person: Person, why: Why, number: int, want: Want) -> None:
        place = self._best_place(person, want)
        self._put(self._reached(person, place, why, number), want)
        deputy = self._all.people.get(person.deputy or 0)
        if deputy is not None and deputy.id != person.id:
            at = self._best_place(deputy, want)
            choice = self._reached(deputy, at, Why.DEPUTY, number)
            self._put(dataclasses.replace(choice, instead_of=person.id), want, after=why)
        if place is not None:
            self._place(place, Why.WORKS, number, want)

    def _best_place(self, person: Person, want: Want) -> Place | None:
        """Return the place that somebody is rung at: one that sees to what is asked for."""
        held = [self._all.places.get(where or 0) for _, where in person.posts]
        places = [place for place in held if place is not None]
        for place in places:
            if want.need is not None and want.need in place.offers:
                return place
        return places[0] if places else None

    def _reached(self, person: Person, place: Place | None, why: Why, number: int) -> Choice:
        covers = person.cover == "both" or (person.cover == "out of hours") == self._out
        phone = person.phones[0] if person.phones else ""
        if not phone and place is not None:
            # they are asked for at their place
            phone = place.out_of_hours if self._out and covers else place.phone
        at = None if place is None else place.id
        return Choice(person.id, at, phone, why, now=covers and bool(phone), want=number)

    def _place(self, place: Place, why: Why, number: int, want: Want) -> None:
        now = place.out_of_hours if self._out else place.phone
        phone = now or place.phone or place.out_of_hours
        self._put(Choice(None, place.id, phone, why, now=bool(now), want=number), want)

    def _is_own(self, place: Place) -> bool:
        return place.kind == SURGERY and place.id == self._own.practice

    def _put(self, choice: Choice, want: Want, after: Why | None = None) -> None:
        key = choice.person, None if choice.person is not None else choice.place
        rank = self._rank(choice, want, after)
        known = self._found.get(key)
        if known is None or rank < known[0]:
            self._found[key] = rank, choice

    def _rank(self, choice: Choice, want: Want, after: Why | None) -> tuple[object, ...]:
        order = float(_ORDER[choice.why])
        if after is not None:
            order = _ORDER[after] + 0.5
        if self._is_another_practice(choice):
            order += _ANOTHER_PRACTICE
        person = self._all.people.get(choice.person or 0)
        place = self._all.places.get(choice.place or 0)
        kind = place.kind if place is not None else ""
        return (
            not choice.now,
            not choice.phone,
            choice.want,
            order,
            choice.place != self._all.practice,
            want.kinds.index(kind) if kind in want.kinds else len(want.kinds),
            name_key(person.name if person is not None else place.name if place else ""),
            choice.person or choice.place or 0,
        )

    def _is_another_practice(self, choice: Choice) -> bool:
        """Return whether a doctor or surgery is not the one of the resident it is about."""
        if choice.why in {Why.NAMED, Why.OWN}:
            return False
        place = self._all.places.get(choice.place or 0)
        if place is None or place.kind != SURGERY:
            return False
        mine = self._own.practice
        if mine is None and self._own.doctor is not None:
            doctor = self._all.people.get(self._own.doctor)
            where = [at for _, at in doctor.posts] if doctor is not None else []
            return bool(where) and place.id not in where
        return mine is not None and place.id != mine
