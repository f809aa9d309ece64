"""What staff are excused from, which skills they were seen to have, and their supervisions."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from typing import Final

from liaison.records import Record, ids
from liaison.records.training import Competency, Exemption, Supervision
from liaison.services.demo import texts
from liaison.services.demo.cast import Cast, staff_ref
from liaison.services.demo.chance import chance_of
from liaison.services.demo.days import Days, at, on_working_day
from liaison.services.demo.script import Pen, Script

_DAY: Final = dt.timedelta(days=1)
_YEAR: Final = 365
_APPRAISED_EVERY: Final = 4
_AFTERNOON: Final = 45
EXEMPT: Final = (
    ("Mary Quick", "Care Certificate", "NVQ level 3 in 2009, counted by the commissioner.", None),
    (
        "Sally Burrows",
        "Moving and assisting people",
        "Back operation; does no moving until occupational health says.",
        70,
    ),
)
"""Who need not hold which course, why, and for how many more days (None: for good)."""
_SKILLS: Final = (
    # who, skill, level, assessed how many days ago, by whom, review in how many days, for whom
    ("Daniel Okafor", "Catheter bag change and washout", "can teach", 448, "Grace Adeyemi", 80, ""),
    ("Maricel Reyes", "Catheter bag change and washout", "competent", 448, "Grace Adeyemi", 80, ""),
    ("Kofi Boateng", "Catheter bag change and washout", "competent", 380, "Daniel Okafor", 15, ""),
    ("Priya Nair", "Catheter bag change and washout", "supervised", 380, "Daniel Okafor", -20, ""),
    ("Ruby Tregenza", "Moving and assisting: teaching others", "can teach", 760, "Denise Achebe", -30, ""),
    ("Daniel Okafor", "Rescue medicine for a fit", "competent", 279, "Fatima Noor", 86, "Kenneth Yeo"),
    ("Maricel Reyes", "Rescue medicine for a fit", "competent", 279, "Fatima Noor", 86, "Kenneth Yeo"),
    ("Blessing Eze", "Syringe pump", "competent", 400, "Gillian Strout", -35, ""),
    ("Moira Kelly", "Syringe pump", "can teach", 400, "Gillian Strout", 330, ""),
    ("Tom Pascoe", "Taking blood", "competent", 300, "Julie Hendy", 65, ""),
    ("Mary Quick", "Thickened drinks and safe feeding", "can teach", 295, "Leila Haddad", 70, "Betty Chegwidden"),
    ("Irena Novak", "Thickened drinks and safe feeding", "competent", 215, "Mary Quick", 150, ""),
    ("Ben Holloway", "Thickened drinks and safe feeding", "competent", 295, "Leila Haddad", 70, ""),
    ("Gita Rao", "Blood pressure, pulse and oxygen", "competent", 200, "Tom Pascoe", 165, ""),
    ("Ffion Reed", "Blood pressure, pulse and oxygen", "supervised", 60, "Tom Pascoe", 30, ""),
    ("Olena Marchenko", "Hoist, with a second person", "aware", 20, "Ruby Tregenza", 10, ""),
    ("Agnieszka Wójcik", "Hoist and sling of Mr Wolski", "can teach", 120, "Owen Bassett", 245, "Tadeusz Wolski"),
    ("Andrei Popescu", "Giving medicines", "supervised", 90, "Moira Kelly", -5, ""),
)  # fmt: skip


def write_skills(script: Script, cast: Cast, seed: int) -> None:
    """Let exemptions, competencies and supervisions be written down.

    Args:
        script: What is written when.
        cast: Who takes part.
        seed: What chance starts from.
    """
    _write_exemptions(script, cast)
    _write_competencies(script, cast)
    _write_supervisions(script, cast, chance_of(f"supervisions {seed}"))


def course_id(name: str) -> int:
    """Return the id of a course of the starting lists, which is built from its name."""
    return ids.derived_id("course", name)


def _adding(make: Callable[[Pen], Record]) -> Callable[[Pen], None]:
    """Return the work of adding one record."""

    def add(pen: Pen) -> None:
        pen.add(make(pen))

    return add


def _write_exemptions(script: Script, cast: Cast) -> None:
    days = cast.days
    for name, course, reason, until in EXEMPT:
        if cast.works(name, days.today) == name:
            work = _adding(_exemption(days, name, course, reason, until))
            script.write(at(on_working_day(days.ago(44)), "10:35"), work)


def _exemption(
    days: Days, name: str, course: str, reason: str, until: int | None
) -> Callable[[Pen], Record]:
    return lambda pen: Exemption(
        staff=pen.book.id(staff_ref(name)),
        course=course_id(course),
        reason=reason,
        until=None if until is None else days.ago(-until),
    )


def _write_competencies(script: Script, cast: Cast) -> None:
    days = cast.days
    for number, skill in enumerate(_SKILLS):
        name, _, _, back, by, _, whom = skill
        day = on_working_day(days.ago(back))
        if back > days.length + _YEAR or cast.works(name, day) != name:
            continue
        if cast.contact(by) is None and cast.works(by, day) != by:
            continue
        person = cast.resident(whom) if whom else None
        if whom and (person is None or not cast.lives_here(person, day)):
            continue
        moment = max(at(day, f"16:{number + 10}"), days.start + dt.timedelta(hours=6, minutes=30))
        script.write(moment, _adding(_competency(cast, skill, day, person.ref if person else "")))


def _competency(
    cast: Cast, skill: tuple[str, str, str, int, str, int, str], day: dt.date, ref: str
) -> Callable[[Pen], Record]:
    name, what, level, _, by, due_in, _ = skill
    outside = cast.contact(by) is not None
    return lambda pen: Competency(
        staff=pen.book.id(staff_ref(name)),
        skill=what,
        level=level,
        assessed_on=day,
        assessor_contact=pen.book.id(f"contact:{by}") if outside else None,
        assessor_staff=None if outside else pen.book.id(staff_ref(by)),
        review_due=cast.days.ago(-due_in),
        delegated=True if ref else None,
        resident=pen.book.id(ref) if ref else None,
    )


def _write_supervisions(script: Script, cast: Cast, chance: random.Random) -> None:
    """Let everybody be supervised every quarter or so and appraised once a year; some are late."""
    days = cast.days
    for person in cast.staff:
        back = min(person.came - 30, days.length - 12) - chance.randint(0, 40)
        number = 0
        while back > (person.left or 0) + 4:
            number += 1
            day = on_working_day(days.ago(back))
            done = _supervision(person.name, number, day, chance)
            script.write(at(day, f"14:{10 + number % _AFTERNOON:02}"), _adding(done))
            back -= chance.randint(78, 104)
        if person.left is None and number:
            coming = on_working_day(days.ago(-chance.randint(4, 40)))
            moment = at(on_working_day(days.ago(9)), "09:50")
            script.write(moment, _adding(_supervision_to_come(person.name, coming)))


def _supervision(
    name: str, number: int, day: dt.date, chance: random.Random
) -> Callable[[Pen], Record]:
    note = chance.choice(texts.sayings()["supervision"])
    return lambda pen: Supervision(
        staff=pen.book.id(staff_ref(name)),
        kind="supervision" if number % _APPRAISED_EVERY else "appraisal",
        planned=day - _DAY * (number % 5),
        done=day,
        next_due=day + _DAY * (91 if number % _APPRAISED_EVERY else _YEAR),
        notes=note,
    )


def _supervision_to_come(name: str, day: dt.date) -> Callable[[Pen], Record]:
    return lambda pen: Supervision(
        staff=pen.book.id(staff_ref(name)), kind="supervision", planned=day
    )
