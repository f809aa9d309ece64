"""Everyday visits: what fills the weeks between the stories."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator
from typing import Final

from liaison.services.demo import texts
from liaison.services.demo.cast import Cast, Person
from liaison.services.demo.chance import chance_of
from liaison.services.demo.days import FRIDAY, TUESDAY, at, on_weekday, on_working_day
from liaison.services.demo.seen import Seen, ToDo
from liaison.services.demo.texts import Note
from liaison.services.demo.wording import Mixer, fill

_HOME_PRACTICE: Final = "Meadow Lane Surgery"
_MOST_A_ROUND: Final = 6
_MOST_A_DAY: Final = 6
_TRIES: Final = 40
_NEEDED: Final = {"stroke": "stroke", "diabetic": "diabetes", "hearing aid": "hearing aid"}
_CANNOT_WALK: Final = ("hoist", "two to transfer", "stroke")
_WALKING: Final = ("walk", "fall", "fell", "stairs", "frame", "steps", "slip", "stand", "knit")
_SAYING: Final = ("capacity", "chose", "choice", "asked", "talk", "knows", "wants", "explained")
_OWNERS: Final = ("Moira Kelly", "Daniel Okafor", "Ruby Tregenza", "Tom Pascoe", "Priya Nair")


@dataclasses.dataclass(frozen=True, slots=True)
class _Comer:
    """Who comes, how, and how regularly.

    Args:
        who: Names; the first one that held a post on the day, others by chance.
        every: On one day of so many; 0 for any day.
        kind: As in ``Visit.kind``.
        urgency: As in ``Visit.urgency``.
        hours: Between which hours.
        weekdays: On which days of the week; empty for working days.
        home_practice: Whether only residents of the home's practice are seen.
    """

    who: tuple[str, ...]
    every: int = 0
    kind: str = "visit"
    urgency: str = "planned"
    hours: tuple[int, int] = (9, 16)
    weekdays: tuple[int, ...] = ()
    home_practice: bool = False


_COMERS: Final = {
    "round": _Comer(("Dr Yusuf Anwar",), kind="round", home_practice=True),
    "GP": _Comer(("Dr Yusuf Anwar", "Dr Sarah Whitlock"), urgency="urgent", hours=(11, 17),
                 home_practice=True),
    "GP phone": _Comer(("Dr Sarah Whitlock", "Dr Yusuf Anwar"), kind="phone", urgency="ad hoc",
                       hours=(12, 17), home_practice=True),
    "district nurse": _Comer(("Grace Adeyemi", "Sam Bright", "Elaine Dobbs"), hours=(9, 11),
                             weekdays=(TUESDAY, FRIDAY)),
    "practice nurse": _Comer(("Julie Hendy",), every=28, hours=(9, 11), home_practice=True),
    "community matron": _Comer(("Bronwen Lloyd",), every=28, hours=(10, 12), weekdays=(FRIDAY,)),
    "pharmacist": _Comer(("Ștefan Ionescu",), every=28, hours=(14, 15)),
    "podiatrist": _Comer(("Ruth Penhale",), every=42, hours=(14, 15)),
    "optician": _Comer(("Imran Qureshi",), every=119, hours=(13, 14)),
    "dentist": _Comer(("Dr Fiona Teague",), every=182, hours=(13, 14)),
    "physiotherapist": _Comer(("Hannah Price", "Rosie Blight"), hours=(10, 12)),
    "occupational therapist": _Comer(("Owen Bassett",), hours=(10, 15), kind="assessment"),
    "CPN": _Comer(("Mark Nance",), hours=(13, 16)),
    "dementia specialist": _Comer(("Sue Kitto",), every=60, hours=(13, 15), kind="clinic"),
    "dietitian": _Comer(("Charlotte Moon",), hours=(10, 12)),
    "out of hours": _Comer(("Dr Tomasz Zieliński",), kind="out of hours", urgency="urgent",
                           hours=(19, 23)),
    "social worker": _Comer(("Joanne Marks",), kind="assessment", hours=(10, 15)),
    "voluntary": _Comer(("Jan Couch",), hours=(14, 15)),
}  # fmt: skip


def everyday(cast: Cast, count: int, seed: int) -> Iterator[Seen]:
    """Draw everyday notes about whoever lived in the home.

    Every written note is used once before any are put together from lists.

    Args:
        cast: Who takes part.
        count: How many notes.
        seed: What chance starts from.
    """
    chance = chance_of(f"everyday {seed}")
    written = [(title, note) for title, notes in texts.routine().items() for note in notes]
    chance.shuffle(written)
    drawn = _Drawn(cast, chance)
    for title, note in written[:count]:
        yield from drawn.place_all(title, note)
    mixer = Mixer(f"more {seed}")
    titles = [title for title, _ in written]
    missed = 0
    while drawn.count < count and missed < _TRIES:
        title = chance.choice(titles)
        person_sex = chance.choice("mf")
        raised, advised = mixer.note(person_sex)
        found = drawn.place(title, Note(raised, advised, sex=person_sex))
        missed = 0 if found else missed + 1
        if found:
            yield found


class _Drawn:
    """Finds days and residents for notes, and keeps count of who has had how many."""

    def __init__(self, cast: Cast, chance: random.Random) -> None:
        self._cast = cast
        self._chance = chance
        self._had: Counter[str] = Counter()
        self._taken: set[tuple[str, dt.date, str]] = set()
        self._a_day: Counter[tuple[str, dt.date]] = Counter()
        self._rounds = [
            moment
            for moment in cast.days.rounds
            if moment.date() < cast.days.today and on_working_day(moment.date()) == moment.date()
        ]
        self.count = 0

    def place(self, title: str, note: Note) -> Seen | None:
        """Return the note as seen on some day; None if there is no fitting day and resident."""
        comer = _COMERS[title]
        for _ in range(_TRIES):
            moment, who = self._when(comer, note)
            if found := self._seen(comer, note, moment, who):
                return found
        return None

    def place_all(self, title: str, note: Note) -> Iterator[Seen]:
        """Return the note as seen on some day, and then how it went on."""
        comer, seen = _COMERS[title], self.place(title, note)
        while seen is not None:
            yield seen
            if note.next is None:
                return
            note = note.next
            moment = self._later(comer, seen.moment)
            seen = self._seen(comer, note, moment, seen.who, seen.person)

    def _later(self, comer: _Comer, moment: dt.datetime) -> dt.datetime:
        """Return when somebody is seen again about the same thing."""
        weeks = dt.timedelta(weeks=max(comer.every // 7, self._chance.randint(1, 3)))
        return at((moment + weeks).date(), f"{moment:%H:%M}")

    def _seen(
        self,
        comer: _Comer,
        note: Note,
        moment: dt.datetime,
        who: str,
        person: Person | None = None,
    ) -> Seen | None:
        """Return the note as seen then by them; None if that does not fit."""
        day = moment.date()
        most = _MOST_A_ROUND if comer.kind == "round" else _MOST_A_DAY
        if not self._cast.days.has(day) or day >= self._cast.days.today:
            return None
        if self._a_day[who, day] >= most:
            return None
        person = self._whom(comer, note, who, day, person)
        if person is None:
            return None
        self._had[person.text.key] += 1
        self._taken.add((who, day, person.text.key))
        self._a_day[who, day] += 1
        self.count += 1
        return Seen(
            person=person,
            moment=moment,
            who=who,
            raised=fill(note.raised, person, self._chance),
            found=fill(note.found, person, self._chance),
            said=fill(note.said, person, self._chance),
            ticks=note.ticks,
            kind=comer.kind,
            urgency=comer.urgency,
            to_do=self._to_do(note, moment),
        )

    def _to_do(self, note: Note, moment: dt.datetime) -> tuple[ToDo, ...]:
        if not note.to_do:
            return ()
        what, outcome = note.to_do
        due = self._chance.randint(2, 12)
        # mostly in time
        days = max(1, due + self._chance.randint(-6, 3))
        done = at(moment.date() + dt.timedelta(days=days), f"{self._chance.randint(9, 17):02}:35")
        owner = self._chance.choice(_OWNERS)
        return (ToDo(what, owner, due, done=done, outcome=outcome),)

    def _when(self, comer: _Comer, note: Note) -> tuple[dt.datetime, str]:
        days, chance = self._cast.days, self._chance
        if comer.kind == "round":
            moment = chance.choice(self._fitting(note) or self._rounds)
            return moment, comer.who[0]
        back = chance.randint(2, days.length - 4)
        if note.months:
            backs = [b for b in range(2, days.length - 4) if days.ago(b).month in note.months]
            back = chance.choice(backs) if backs else back
        if comer.every:
            back = max(2, back - back % comer.every + sum(map(ord, comer.who[0])) % 9)
        day = days.ago(back)
        if comer.weekdays:
            day = on_weekday(day, comer.weekdays)
        elif comer.urgency != "urgent":
            day = on_working_day(day)
        hour = chance.randint(*comer.hours)
        clock = f"{hour:02}:{chance.randrange(0, 60, 5):02}"
        return at(day, clock), self._who(comer, day)

    def _fitting(self, note: Note) -> list[dt.datetime]:
        return [moment for moment in self._rounds if not note.months or moment.month in note.months]

    def _who(self, comer: _Comer, day: dt.date) -> str:
        there = [name for name in comer.who if self._in_post(name, day)]
        # the day decides, so that one person sees everybody that day
        return there[day.toordinal() % len(there)] if there else comer.who[-1]

    def _in_post(self, name: str, day: dt.date) -> bool:
        contact = self._cast.contact(name)
        assert contact is not None  # noqa: S101  # of the directory
        _, _, since, until = contact.posts[0 if name == "Elaine Dobbs" else -1]
        days = self._cast.days
        return days.ago(since) <= day and (until is None or day <= days.ago(until))

    def _whom(
        self, comer: _Comer, note: Note, who: str, day: dt.date, same: Person | None
    ) -> Person | None:
        """Return a resident whom a note fits, of those who have had the fewest."""
        fitting = [
            person
            for person in self._cast.here(day)
            if same in {None, person}
            and note.sex in {"", person.text.sex}
            and (not comer.home_practice or person.text.practice == _HOME_PRACTICE)
            and (who, day, person.text.key) not in self._taken
            and self._cast.everyday(person, day)
            and _agrees(note, person)
        ]
        if not fitting:
            return None
        some = self._chance.sample(fitting, min(3, len(fitting)))
        return min(some, key=lambda person: self._had[person.text.key])


def _agrees(note: Note, person: Person) -> bool:
    """Return whether a note contradicts nothing that is known of a resident."""
    found = f"{note.raised} {note.found}".casefold()
    allergies = person.text.allergies.casefold().replace(":", " ").replace(",", " ").split()
    if any(len(word) > 5 and word.rstrip("s") in found for word in allergies):  # noqa: PLR2004
        return False
    known = f"{person.text.alerts} {person.text.matters}".casefold()
    for told, needed in _NEEDED.items():
        if told in found and needed not in known:
            return False
    if any(told in known for told in _CANNOT_WALK) and any(told in found for told in _WALKING):
        return False
    speaks = person.text.dols is None and "can say" not in person.text.matters
    says_much = bool(note.said) or any(told in found for told in _SAYING)
    return speaks or not says_much
