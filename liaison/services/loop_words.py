"""How open loops read in a list, in a terminal and on paper: what, about whom, who has it, since when."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Final

from liaison.records import spec_of
from liaison.records.casework import Chase, Concern, Transfer
from liaison.records.home import Resident
from liaison.records.rules import chasing, times
from liaison.records.rules import loops as rules
from liaison.services.loops import Loop, partners
from liaison.services.today.items import Look, days_words, joined, short
from liaison.store.query import Condition

if TYPE_CHECKING:
    from liaison.store.store import Store

WORDS: Final = {
    "referral": "Referral",
    "concern": "Concern",
    "query": "Query",
    "action": "Action",
    "result": "Result",
    "review": "Review",
    "appointment": "Appointment",
    "loan": "On loan",
    "carried": "Carried over",
}
"""What one of each kind is called."""
REVIEW: Final = "Review after coming back"
NOBODY: Final = "Nobody is named"
GROUPS: Final = {"age": "Age", "owner": "Owner", "resident": "Resident", "partner": "Partner"}
"""By what open loops are put together, and the word for it."""
_NONE_OF: Final = {
    "owner": NOBODY,
    "resident": "About no one resident",
    "partner": "With nobody outside the home",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """An open loop in words.

    Args:
        loop: The loop.
        kind: What it is: "Referral", "Concern".
        what: What it is about.
        resident: About whom, with their room; namesakes with their date of birth too. May be empty.
        owner: Who has to see to it.
        step: What came of it so far, with its day.
        verb: What to do with it: Chase, Answer or Record; Open where its card asks for more.
    """

    loop: Loop
    kind: str
    what: str
    resident: str
    owner: str
    step: str
    verb: str

    @property
    def days(self) -> str:
        """How long it has been open, in words."""
        return days_words(self.loop.days) if self.loop.days else "today"

    @property
    def said(self) -> str:
        """All of it in one line, for a screen reader."""
        parts = (self.kind, self.what, self.resident, self.owner, self.step, f"open {self.days}")
        return ", ".join(part for part in parts if part)


@dataclasses.dataclass(frozen=True, slots=True)
class Group:
    """Open loops under one heading.

    Args:
        words: The heading.
        items: The loops, oldest first.
    """

    words: str
    items: tuple[Loop, ...]


def grouped(store: Store, items: Sequence[Loop], by: str, on: dt.date) -> tuple[Group, ...]:
    """Put open loops together under headings.

    Args:
        store: The home.
        items: The loops, oldest first.
        by: A key of :data:`GROUPS`.
        on: The day they are looked at.

    Returns:
        By age the oldest first; else by who has most, and those of nobody last.
    """
    if by == "age":
        return tuple(
            Group(band.words, of_age)
            for band in reversed(rules.BANDS)
            if (of_age := tuple(loop for loop in items if rules.band(loop.days) is band))
        )
    teller = _Teller(store, on)
    key = teller.heading(by, items)
    found: defaultdict[str, list[Loop]] = defaultdict(list)
    for loop in items:
        found[key(loop)].append(loop)
    last = _NONE_OF[by]
    ordered = sorted(found.items(), key=lambda pair: (pair[0] == last, -len(pair[1]), pair[0]))
    return tuple(Group(words, tuple(loops)) for words, loops in ordered)


def tell(store: Store, items: Iterable[Loop], on: dt.date) -> tuple[Line, ...]:
    """Put open loops into words; whom they name is read at once.

    Args:
        store: The home.
        items: Those in sight.
        on: The day they are looked at.
    """
    return _Teller(store, on).tell([*items])


class _Teller:
    def __init__(self, store: Store, on: dt.date) -> None:
        self._store = store
        self._look = Look(store, on)
        self._chases: dict[int, Chase] = {}

    def _learn(self, items: Sequence[Loop]) -> None:
        wanted: defaultdict[str, set[int]] = defaultdict(set)
        for loop in items:
            for named in (loop.owner, loop.partner):
                if named is not None:
                    wanted[named[0]].add(named[1])
            if loop.resident is not None:
                wanted["resident"].add(loop.resident)
        self._look.names.learn(wanted)

    def heading(self, by: str, items: Sequence[Loop]) -> Callable[[Loop], str]:
        """Return what gives each loop its heading."""
        self._learn(items)
        none = _NONE_OF[by]
        if by == "resident":
            return lambda loop: self._resident(loop.resident) or none
        if by == "owner":
            return lambda loop: self._name(loop.owner) or none
        behind = partners(self._store, items)
        self._look.names.learn({"organisation": {place for _, place in behind.values()}})

        def partner(loop: Loop) -> str:
            named = loop.partner
            if named is not None and named[0] == "contact":
                named = behind.get(named[1], named)
            return self._name(named) or none

        return partner

    def tell(self, items: Sequence[Loop]) -> tuple[Line, ...]:
        self._learn(items)
        referrals = tuple(loop.id for loop in items if loop.type == "referral")
        if referrals:
            chases = self._look.find(Chase, Condition("referral", referrals, "in"))
            told = [chase for chase in chases if chase.at is not None]
            day = self._look.days_since
            told = [c for c in told if c.at is not None and day(c.at) >= 0]
            told.sort(key=lambda chase: (chase.at, chase.id))
            self._chases = {chase.referral or 0: chase for chase in told}
        return tuple(self._line(loop) for loop in items)

    def _line(self, loop: Loop) -> Line:
        return Line(
            loop,
            WORDS[loop.kind],
            self._what(loop),
            self._resident(loop.resident),
            self._name(loop.owner) or NOBODY,
            self._step(loop),
            verb_of(loop),
        )

    def _name(self, named: tuple[str, int] | None) -> str:
        return "" if named is None else self._look.name(*named)

    def _resident(self, identity: int | None) -> str:
        return with_room(self._look, identity)

    def _what(self, loop: Loop) -> str:
        what = short(loop.what).removesuffix(".")
        match loop.type:
            case "referral":
                return joined(self._name(loop.partner), what)
            case "transfer":
                return joined(REVIEW, self._name(loop.partner))
            case "appointment" | "equipment_loan":
                return joined(what, self._name(loop.partner))
            case "agenda_line":
                return what or "A line of a round"
        return what

    def _step(self, loop: Loop) -> str:
        match loop.type:
            case "concern":
                return self._of_concern(loop)
            case "referral":
                return self._of_referral(loop)
            case "transfer":
                direction = self._label(Transfer, "direction", loop.step)
                due = f", due {times.show_date(loop.due)}" if loop.due else ""
                return f"{direction} {_on(loop.step_on)}{due}"
            case "appointment":
                return f"Was {_on(loop.since_day)}; what came of it is not recorded"
            case "equipment_loan":
                return f"Check or return due {_on(loop.due)}"
            case "agenda_line":
                if not loop.carried:
                    held = loop.step == "held"
                    return "Not spoken of at its round" if held else "Its round was not held"
                often = {1: "once", 2: "twice"}.get(loop.carried, f"{loop.carried} times")
                return f"Carried over {often}"
        return f"Due {times.show_date(loop.due)}" if loop.due else "No day set"

    def _of_concern(self, loop: Loop) -> str:
        if loop.step == "read":
            return f"Answered and read {_on(loop.step_on)}, no outcome"
        if loop.step:
            return f"Answered {_on(loop.step_on)}, not read yet"
        route = self._label(Concern, "route", loop.route)
        to = f", goes to {_inside(route)}" if route else ""
        return f"No answer since {times.show_date(loop.since_day)}{to}"

    def _of_referral(self, loop: Loop) -> str:
        chase = self._chases.get(loop.id)
        if loop.step == "seen":
            return f"Seen {_on(loop.step_on)}, no outcome"
        if chase is not None and chase.at is not None:
            day = times.show_date(times.in_london(chase.at).date())
            came = chasing.came_of(short(chase.result))
            return joined(f"Chased {day}", _inside(came).removesuffix("."))
        if loop.step:
            return f"Acknowledged {_on(loop.step_on)}"
        return "No reply recorded"

    def _label(self, cls: type[Concern | Transfer], field: str, value: str) -> str:
        declared = spec_of(cls).by_name[field]
        return self._store.vocabularies.label(declared, value) if value else ""


def with_room(look: Look, identity: int | None) -> str:
    """Return a resident's name with their room; namesakes with their date of birth too."""
    words = look.name("resident", identity)
    record = None if identity is None else look.names.record("resident", identity)
    if isinstance(record, Resident) and words == record.name and record.room:
        # namesakes are told apart by room and birth already
        return f"{words}, Room {record.room.strip().removeprefix('Room ')}"
    return words


_ASKS_MORE: Final = frozenset({"appointment", "equipment_loan"})
"""Whether somebody attended, or it goes back or stays, is asked on the card."""


def verb_of(loop: Loop) -> str:
    """Return what is to be done with a loop, as its button says it."""
    if loop.type == "referral" and loop.step != "seen":
        return "Chase"
    if loop.type == "concern" and not loop.step:
        return "Answer"
    if loop.type in _ASKS_MORE:
        return "Open"
    return "Record"


def _on(day: dt.date | None) -> str:
    return "" if day is None else times.show_date(day)


def _inside(words: str) -> str:
    return words[:1].lower() + words[1:] if words[1:2].islower() else words
