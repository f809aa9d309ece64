"""Everyday concerns and calls, throughout the time and about whoever lived in the home."""

from __future__ import annotations

import datetime as dt
import random
from typing import Final

from liaison.records.casework import Concern
from liaison.services.demo import texts
from liaison.services.demo.casework import answer_of, attempt, change_of, concern_key
from liaison.services.demo.cast import Cast, Person, staff_ref
from liaison.services.demo.chance import chance_of
from liaison.services.demo.days import at, on_working_day
from liaison.services.demo.script import Pen, Script
from liaison.services.demo.texts import ConcernText

_MINUTE: Final = dt.timedelta(minutes=1)
_DAY: Final = dt.timedelta(days=1)
_USUAL_YEARS: Final = 32 * 2
_FEWEST: Final = 5


def write_everyday_concerns(script: Script, cast: Cast, seed: int) -> None:
    """Let everyday concerns be raised, answered, read and closed throughout the time.

    Args:
        script: What is written when.
        cast: Who takes part.
        seed: What chance starts from.
    """
    chance = chance_of(f"concerns {seed}")
    told = list(texts.concerns())
    chance.shuffle(told)
    told = told[: _share(cast, len(told))]
    length = cast.days.length
    for number, text in enumerate(told):
        back = 20 + int((length - 50) * (number + chance.random()) / len(told))
        night = text.route == "out of hours"
        clock = f"{chance.choice((2, 3, 22, 23)) if night else chance.randint(8, 19):02}"
        raised = at(cast.days.ago(back), f"{clock}:{chance.randint(0, 59):02}")
        fitting = [
            person
            for person in cast.here(raised.date())
            if text.sex in {"", person.text.sex}
            and text.resident in {"", person.text.name}
            and cast.everyday(person, raised.date())
        ]
        if fitting:
            _write_everyday(script, cast, text, chance.choice(fitting), raised, chance)


def _share(cast: Cast, count: int) -> int:
    """Return how many everyday matters a home of this size has, of those of the usual one."""
    return min(count, max(_FEWEST, count * len(cast.residents) * cast.days.years // _USUAL_YEARS))


def _write_everyday(  # noqa: PLR0917  # who raised what about whom, and when
    script: Script,
    cast: Cast,
    text: ConcernText,
    person: Person,
    raised: dt.datetime,
    chance: random.Random,
) -> None:
    by = cast.works(text.raised_by, raised.date())
    key = concern_key(person.text.key, raised)
    contact = text.answered_by if cast.contact(text.answered_by) else ""

    def add(pen: Pen) -> None:
        pen.add(
            Concern(
                kind="query" if text.route == "pharmacist" else "concern",
                resident=pen.book.id(person.ref),
                raised_by=pen.book.id(staff_ref(by)),
                raised_at=raised,
                situation=text.situation,
                urgency=text.urgency,
                route=text.route,
                routed_to=pen.book.id(f"contact:{contact}") if contact else None,
            ),
            key,
        )

    script.write(raised + 3 * _MINUTE, add)
    hours = {"now": 1, "today": 5}.get(text.urgency, chance.randint(20, 140))
    answered = raised + dt.timedelta(hours=hours, minutes=chance.randint(0, 59))
    if text.urgency == "routine":
        answered = at(on_working_day(answered.date()), f"{chance.randint(9, 17):02}:10")
    script.write(answered, answer_of(key, answered, text.answered_by, text.answer))
    read = answered + dt.timedelta(hours=chance.randint(1, 20), minutes=7)
    script.write(read, change_of(key, acknowledged_at=read))
    closed = read + _DAY * chance.randint(0, 9) + 11 * _MINUTE
    outcome = chance.choice(texts.sayings()["concern closed"])
    script.write(closed, change_of(key, outcome=outcome, closed_at=closed))


def write_everyday_calls(script: Script, cast: Cast, seed: int) -> None:
    """Let the everyday tries at reaching somebody be noted throughout the time."""
    chance = chance_of(f"calls {seed}")
    told = list(texts.calls())
    chance.shuffle(told)
    told = told[: _share(cast, len(told))]
    length = cast.days.length
    for number, (where, waited, reached, note) in enumerate(told):
        day = cast.days.ago(2 + int((length - 30) * (number + chance.random()) / len(told)))
        night = where.startswith("NHS 111")
        if not night:
            day = on_working_day(day)
        clock = f"{chance.choice((1, 4, 20, 22)) if night else chance.randint(8, 16):02}"
        moment = at(day, f"{clock}:{chance.randint(0, 59):02}")
        here = [person for person in cast.here(day) if cast.everyday(person, day)]
        about = chance.choice(here) if here and chance.random() < 0.6 else None  # noqa: PLR2004
        work = attempt(moment, where, waited, note, reached=reached, person=about)
        script.write(moment + _MINUTE * (waited + 2), work)
