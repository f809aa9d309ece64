"""Who takes part: the residents and staff of a home of a size, and who stood where on a day."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random
from collections.abc import Iterator, Sequence
from typing import Final, TypeVar

from liaison.records.rules import nhs_number
from liaison.services.demo import texts
from liaison.services.demo.chance import chance_of
from liaison.services.demo.days import Days
from liaison.services.demo.texts import ContactText, ResidentText, StaffText

_Somebody = TypeVar("_Somebody", ResidentText, StaffText)

_CARERS: Final = frozenset({"care assistant", "senior carer", "nurse"})
_BIG_ENOUGH_FOR_LEAVERS: Final = 12
_QUIET_DAYS: Final = 320
_RECENT_DAYS: Final = 730
_OLDEST, _YOUNGEST = 1929, 1946

_WOMEN: Final = (
    "Joyce", "Brenda", "Pamela", "Doreen", "Rita", "Audrey", "Jean", "Marjorie", "Eunice", "Thelma",
    "Constance", "Iris", "Muriel", "Freda", "Peggy", "Olive", "Bronwen", "Siobhan", "Irena", "Lakshmi",
    "Carmela", "Esme", "Hyacinth", "Ruth", "Sylvia", "Daphne", "Kathleen", "Vera",
)  # fmt: skip
_MEN: Final = (
    "Ronald", "Derek", "Raymond", "Norman", "Cyril", "Bernard", "Leslie", "Trevor", "Gordon", "Roy",
    "Dennis", "Maurice", "Emlyn", "Giuseppe", "Winston", "Harbhajan", "Eamon", "Jerzy", "Clifford",
    "Alec", "Percy", "Hubert",
)  # fmt: skip
_SURNAMES: Final = (
    "Abbott", "Bolitho", "Carne", "Dunstan", "Eddy", "Faull", "Grigg", "Hosken", "Ivey", "Jenkin",
    "Kitchen", "Lobb", "Martin", "Nance", "Opie", "Pascoe", "Quiller", "Rosewarne", "Spargo", "Tonkin",
    "Uren", "Vivian", "Warne", "Yelland", "Baptiste", "Campbell", "Di Marco", "Gallagher", "Hughes",
    "Lewandowska", "Mistry", "O'Shea", "Rees", "Singh", "Thomas", "Walsh",
)  # fmt: skip
_FIRST_NAMES_OF_STAFF: Final = (
    "Amara", "Bogdan", "Chloe", "Danilo", "Ewa", "Faith", "Gwen", "Hassan", "Ioana", "Jasmin", "Karol",
    "Liza", "Mercy", "Ngozi", "Oksana", "Preeti", "Rowan", "Sinead", "Tendai", "Usha", "Vlad", "Wenna",
    "Yemi", "Zara",
)  # fmt: skip
_SURNAMES_OF_STAFF: Final = (
    "Adebayo", "Bautista", "Constantin", "Davies", "Ekwueme", "Ferreira", "Garcia", "Hill", "Iqbal",
    "Jones", "Kaur", "Lis", "Moyo", "Nowak", "Ojo", "Pillai", "Quinn", "Radu", "Santos", "Thapa",
    "Usman", "Vaz", "Williams", "Zawadzka",
)  # fmt: skip
_EXTRA_ROLES: Final = (
    ("care assistant", "days"), ("care assistant", "nights"), ("senior carer", "days"),
    ("care assistant", "days"), ("housekeeper", "housekeeping"), ("care assistant", "days"),
    ("nurse", "days"), ("cook", "kitchen"), ("care assistant", "nights"), ("administrator", "office"),
)  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class Person:
    """A resident with what chance adds.

    Args:
        text: What the files tell.
        nhs_number: A number from the range kept for tests.
        weight: What they weigh, in kilograms.
    """

    text: ResidentText
    nhs_number: str
    weight: float

    @property
    def ref(self) -> str:
        """The name the script speaks of them by."""
        return f"resident:{self.text.key}"


class Cast:
    """The people of the demonstration.

    Args:
        days: The days it plays in.
        beds: How many residents it tells of.
        staff: How many people work in it.
        seed: What chance starts from.
    """

    def __init__(self, days: Days, beds: int, staff: int, seed: int) -> None:
        self.days = days
        chance = chance_of(f"cast {seed}")
        numbers = _nhs_numbers(chance)
        told = list(texts.residents()[:beds])
        told += _more_residents(chance, beds - len(told))
        self.residents = tuple(
            Person(text, next(numbers), text.weight or round(chance.uniform(46, 80), 1))
            for text in _here_from(days, told)
        )
        self.staff = tuple(_here_from(days, _staff(chance, staff)))
        self._by_key = {person.text.key: person for person in self.residents}
        self._contacts = {contact.name: contact for contact in texts.contacts()}

    def resident(self, key: str) -> Person | None:
        """Return a resident by the stories' name; None if this home is too small for them."""
        return self._by_key.get(key)

    def here(self, day: dt.date) -> list[Person]:
        """Return who lived in the home on a day."""
        return [person for person in self.residents if self.lives_here(person, day)]

    def lives_here(self, person: Person, day: dt.date) -> bool:
        """Return whether somebody lived in the home on a day."""
        left = person.text.left
        return self.days.ago(person.text.came) < day and (left is None or day < self.days.ago(left))

    def everyday(self, person: Person, day: dt.date) -> bool:
        """Return whether everyday notes about somebody fit on a day, by what their story tells."""
        quiet = "End of life" in person.text.alerts or person.text.left_reason == "died"
        last = self.days.ago((person.text.left or 0) + _QUIET_DAYS)
        return self.lives_here(person, day) and not (quiet and day > last)

    def works(self, name: str, day: dt.date) -> str:
        """Return whoever of the staff did what a story tells of somebody.

        Args:
            name: The name in the story.
            day: The day.

        Returns:
            That name; of somebody who was not in the home that day, whoever stood in for them.
        """
        present = [person for person in self.staff if self.was_staff(person, day)]
        if any(person.name == name for person in present):
            return name
        others = [person.name for person in present if person.role in _CARERS] or [
            person.name for person in present
        ]
        return others[sum(map(ord, name)) % len(others)]

    def was_staff(self, person: StaffText, day: dt.date) -> bool:
        """Return whether somebody worked in the home on a day."""
        return self.days.ago(person.came) <= day and (
            person.left is None or day < self.days.ago(person.left)
        )

    def contact(self, name: str) -> ContactText | None:
        """Return somebody of the directory; None if there is nobody of that name."""
        return self._contacts.get(name)

    def works_for(self, name: str, day: dt.date) -> str:
        """Return the organisation somebody of the directory worked for on a day."""
        for _, organisation, since, until in self._contacts[name].posts:
            if self.days.ago(since) <= day and (until is None or day <= self.days.ago(until)):
                return organisation
        return self._contacts[name].posts[0][1]


def _here_from(days: Days, people: Sequence[_Somebody]) -> list[_Somebody]:
    """Let those who came long ago have come so early that the record never tells of an empty home.

    The stories tell of the last two years; who came since then stays where they are.
    """
    longest = max((person.came for person in people if person.left is None), default=0)
    if longest <= _RECENT_DAYS:
        return list(people)
    stretch = max(0, days.length + _QUIET_DAYS - longest) / (longest - _RECENT_DAYS)
    return [
        dataclasses.replace(
            person,
            came=person.came + round(max(0, person.came - _RECENT_DAYS) * stretch),
        )
        for person in people
    ]


def staff_ref(name: str) -> str:
    """Return the name the script speaks of a member of staff by."""
    return f"staff:{name}"


def _nhs_numbers(chance: random.Random) -> Iterator[str]:
    """Give NHS numbers from the range kept for tests, with the right check digit."""
    numbers = chance.sample(range(10**6), 10**4)
    for number in numbers:
        nine = f"999{number:06}"
        fitting = [f"{nine}{digit}" for digit in range(10) if nhs_number.is_valid(f"{nine}{digit}")]
        # for one in eleven no last digit fits
        yield from fitting


def _more_residents(chance: random.Random, count: int) -> list[ResidentText]:
    """Return residents without a story, for a home larger than the stories."""
    told: list[ResidentText] = []
    names = {person.name for person in texts.residents()}
    told_of = {person.room for person in texts.residents()}
    rooms = (str(n) for n in range(1, 10_000) if str(n) not in told_of)
    keys = [person.name for person in texts.staff() if person.role == "care assistant"]
    while len(told) < count:
        sex = chance.choice("ffm")
        name = f"{chance.choice(_WOMEN if sex == 'f' else _MEN)} {chance.choice(_SURNAMES)}"
        # a third one of the same name would be no more than confusing
        while name in names:
            name = f"{name.split(' ', maxsplit=1)[0]} {chance.choice(_SURNAMES)}-{chance.choice(_SURNAMES)}"
        names.add(name)
        born = dt.date(
            chance.randint(_OLDEST, _YOUNGEST), chance.randint(1, 12), chance.randint(1, 28)
        )
        told.append(
            ResidentText(
                name=name,
                sex=sex,
                room=next(rooms),
                born=born.isoformat(),
                came=chance.randint(60, 1500),
                gp=chance.choice(("Dr Yusuf Anwar", "Dr Sarah Whitlock")),
                choice="home practice",
                key_worker=chance.choice(keys),
                kin=f"{chance.choice(_WOMEN + _MEN)} {name.split(' ')[-1]}, "
                f"{chance.choice(('daughter', 'son', 'niece', 'brother', 'friend'))}",
                kin_phone=f"07700 900 {chance.randint(125, 999):03}",
                consent="yes",
                allergies=chance.choice(
                    ("None known", "None known", "Penicillin", "Elastic plasters")
                ),
                dnacpr=chance.choice(("in place", "not in place", "not recorded")),
                matters="",
                alerts="",
                review_every=28,
                reviewed=chance.randint(3, 40),
            )
        )
    return told


def _staff(chance: random.Random, count: int) -> list[StaffText]:
    current = [person for person in texts.staff() if person.left is None][:count]
    names = {person.name for person in texts.staff()}
    for number in range(count - len(current)):
        role, team = _EXTRA_ROLES[number % len(_EXTRA_ROLES)]
        name = ""
        while not name or name in names:
            name = f"{chance.choice(_FIRST_NAMES_OF_STAFF)} {chance.choice(_SURNAMES_OF_STAFF)}"
        names.add(name)
        phone = f"07700 900 {chance.randint(125, 999):03}"
        came = chance.randint(120, 2600)
        current.append(StaffText(name, role=role, team=team, leads=(), phone=phone, came=came))
    left = [person for person in texts.staff() if person.left is not None]
    return current + (left if count >= _BIG_ENOUGH_FOR_LEAVERS else [])
