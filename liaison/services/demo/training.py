"""Who has learned what, from whom: sessions, records in every state, competencies, supervisions."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Final

from liaison.records.rules.days import add_months
from liaison.records.training import (
    Attendance,
    Session,
    TrainingRecord,
)
from liaison.services import starting
from liaison.services.demo.cast import Cast, staff_ref
from liaison.services.demo.chance import chance_of
from liaison.services.demo.days import Days, at, on_working_day
from liaison.services.demo.script import Pen, Script
from liaison.services.demo.skills import EXEMPT, course_id
from liaison.services.demo.texts import StaffText

_DAY: Final = dt.timedelta(days=1)
_MINUTE: Final = dt.timedelta(minutes=1)
_EVERY_YEAR: Final = 12
_YEAR: Final = 365
_HISTORY: Final = 3 * _YEAR + 120
_NEW_STARTER: Final = 84
_FOREVER: Final = 10 * _HISTORY
_SHORT: Final = 90
_WHOLE_DAY: Final = 200
_AWAY: Final = 2

MOVING: Final = "Moving and assisting people"
LIFE_SUPPORT: Final = "Basic life support"
FIRE: Final = "Fire safety"
DATA: Final = "Data security"


@dataclasses.dataclass(frozen=True, slots=True)
class _Teaching:
    """How a course is usually taught face to face.

    Args:
        days: How many days ago this year's sessions were; a year before, the same again.
        teacher: A person of the directory, or of the staff.
        cost: In pounds.
        length: In minutes.
    """

    days: tuple[int, ...]
    teacher: str
    cost: int
    length: int


_TAUGHT: Final = {
    MOVING: _Teaching((290, 198, 121, 62), "Ruby Tregenza", 0, 180),
    LIFE_SUPPORT: _Teaching((281, 187, 96), "Gareth Powell", 320, 180),
    FIRE: _Teaching((271, 179, 84), "Gareth Powell", 240, 90),
    "Medication": _Teaching((268, 140), "Ștefan Ionescu", 0, 120),
    "Safeguarding adults": _Teaching((259, 171, 77), "Helen Marsh", 0, 120),
    "Oliver McGowan: Tier 2": _Teaching((241, 52), "Denise Achebe", 180, 420),
}
_LATE_BY: Final = {
    ("Kofi Boateng", DATA): 31,
    ("Tom Pascoe", LIFE_SUPPORT): 12,
    ("Catherine Dove", "Safeguarding adults"): 4,
    ("Mary Quick", "Food hygiene"): 47,
}
_RUNS_OUT_IN: Final = {
    ("Agnieszka Wójcik", FIRE): 9,
    ("Gita Rao", FIRE): 23,
    ("Mary Quick", FIRE): 23,
    ("Ruby Tregenza", "Infection prevention and control"): 18,
    ("Moira Kelly", "Medication"): 34,
    ("Catherine Dove", "Oral health"): 41,
    ("Daniel Okafor", MOVING): 48,
    ("Helen Marsh", "Equality and diversity"): 55,
    ("Ben Holloway", "Food hygiene"): 29,
}
_MISSING: Final = frozenset(
    {
        ("Ffion Reed", MOVING),
        ("Lena Fox", "Infection prevention and control"),
        ("Andrei Popescu", "Oliver McGowan: Tier 2"),
        ("Jack Tremaine", "Health and safety"),
        ("Jack Tremaine", DATA),
    }
)
_COURSES_BY_NURSES: Final = (
    # what, taught by whom, days ago, who came, passed on from the one before
    ("Catheter care", "Grace Adeyemi", 448, ("Daniel Okafor", "Maricel Reyes", "Gita Rao"), False),
    ("Catheter care", "Daniel Okafor", 396, ("Kofi Boateng", "Priya Nair", "Joy Dela Cruz"), True),
    # competent himself, but not signed off to teach: what the lineage warns of
    ("Catheter care", "Kofi Boateng", 132, ("Ffion Reed", "Irena Novak"), True),
    ("Eating, drinking and swallowing difficulties", "Leila Haddad", 295,
     ("Ben Holloway", "Mary Quick", "Priya Nair", "Daniel Okafor", "Gita Rao"), False),
    ("Eating, drinking and swallowing difficulties", "Mary Quick", 215,
     ("Irena Novak", "Catherine Dove", "Andrei Popescu"), True),
    ("Epilepsy", "Fatima Noor", 279, ("Daniel Okafor", "Maricel Reyes", "Blessing Eze"), False),
    ("End of life care", "Gillian Strout", 520, ("Moira Kelly", "Agnieszka Wójcik", "Mary Quick"), False),
    ("End of life care", "Moira Kelly", 340, ("Joy Dela Cruz", "Catherine Dove", "Blessing Eze"), True),
    ("Dementia care", "Sue Kitto", 160, ("Agnieszka Wójcik", "Irena Novak", "Gita Rao", "Sally Burrows"),
     False),
    ("Diabetes", "Fatima Noor", 530, ("Tom Pascoe", "Kofi Boateng", "Ben Holloway"), False),
    ("Falls prevention", "Paul Rickard", 110, ("Ruby Tregenza", "Irena Novak"), False),
    ("Skin and pressure area care", "Alice Trevanion", 205,
     ("Daniel Okafor", "Kofi Boateng", "Catherine Dove", "Joy Dela Cruz"), False),
)  # fmt: skip
_PLANNED: Final = (
    # what, taught by whom, in how many days, places, who has one
    (
        FIRE,
        "Gareth Powell",
        4,
        12,
        ("Agnieszka Wójcik", "Gita Rao", "Mary Quick", "Olena Marchenko"),
    ),
    (MOVING, "Ruby Tregenza", 12, 6, ("Ffion Reed", "Olena Marchenko", "Daniel Okafor")),
    ("Oliver McGowan: Tier 2", "Denise Achebe", 33, 2, ("Andrei Popescu",)),
    ("Continence care", "Deborah Vane", 45, 8, ("Kofi Boateng", "Priya Nair")),
)


def write_training(script: Script, cast: Cast, seed: int) -> None:
    """Let what staff have learned be written down.

    Args:
        script: What is written when.
        cast: Who takes part.
        seed: What chance starts from.
    """
    chance = chance_of(f"training {seed}")
    done = list(_completed(cast, chance))
    _write_records(script, cast, done)
    _write_nurses_sessions(script, cast)
    _write_planned(script, cast)
    _write_cancelled(script, cast)


@dataclasses.dataclass(frozen=True, slots=True)
class _Done:
    """A course somebody completed."""

    person: StaffText
    course: str
    on: dt.date


def _completed(cast: Cast, chance: random.Random) -> Iterator[_Done]:
    """Return what everybody has completed, so that every state of the matrix comes about."""
    days = cast.days
    for person in cast.staff:
        for course in starting.courses():
            key = person.name, course.name
            exempt = any(key == (name, what) for name, what, *_ in EXEMPT)
            if person.role not in course.required_of or key in _MISSING or exempt:
                continue
            if person.came < _NEW_STARTER and course.name not in {FIRE, DATA, LIFE_SUPPORT}:
                # a new starter has only begun
                continue
            yield from _history(days, person, course, chance)


def _history(
    days: Days, person: StaffText, course: starting.StartingCourse, chance: random.Random
) -> Iterator[_Done]:
    """Return the last time somebody completed a course and the times before it, newest first."""
    back, exact = _last_completed(days, person, course, chance)
    step = {None: _FOREVER, _EVERY_YEAR: _YEAR - 6}.get(course.refresh_months, 3 * _YEAR - 20)
    while back <= (person.left or 0):
        back += step
    while back < min(person.came, _HISTORY):
        day = days.ago(back) if exact else on_working_day(days.ago(back))
        yield _Done(person, course.name, day)
        exact = False
        back += step


def _last_completed(
    days: Days, person: StaffText, course: starting.StartingCourse, chance: random.Random
) -> tuple[int, bool]:
    """Return how many days ago somebody last completed a course, and whether to the day."""
    key = person.name, course.name
    months = course.refresh_months
    ends_in = -_LATE_BY[key] if key in _LATE_BY else _RUNS_OUT_IN.get(key)
    if ends_in is not None and months is not None:
        # the day after the last one that counts, so many months before
        return (days.today - add_months(days.ago(-ends_in - 1), -months)).days, True
    here = person.came - 3
    if course.name in _TAUGHT:
        fitting = [back for back in _TAUGHT[course.name].days if back < here]
        return chance.choice(fitting or [min(here, 40)]), False
    if months is None:
        return min(max(person.came - 70, 5), 640), False
    longest = months * 30 - 95
    return chance.randint(min(15, here), max(min(longest, here), 16)), False


def _write_records(script: Script, cast: Cast, done: list[_Done]) -> None:
    """Let the old matrix be typed in, and each session since be written up on its day."""
    days = cast.days
    before = [one for one in done if not days.has(one.on)]
    before.sort(key=lambda one: (one.on, one.person.name, one.course))
    script.write(
        days.start + dt.timedelta(hours=5, minutes=57),
        _import(before),
        "From the old training matrix",
        kind="import",
    )
    together: defaultdict[tuple[dt.date, str], list[_Done]] = defaultdict(list)
    for one in done:
        if days.has(one.on):
            alone = "" if one.course in _TAUGHT else one.person.name
            together[one.on, f"{one.course}|{alone}"].append(one)
    for (day, _), group in sorted(together.items(), key=lambda item: item[0]):
        if group[0].course in _TAUGHT:
            _write_session(script, cast, group[0].course, day, [one.person.name for one in group])
        else:
            moment = at(day, f"{11 + len(group[0].course) % 6}:{len(group[0].person.name) * 3:02}")
            script.write(moment, _learned_alone(group[0]))


def _import(done: list[_Done]) -> Callable[[Pen], None]:
    def add(pen: Pen) -> None:
        pen.unit.start_batch()
        for one in done:
            if staff_ref(one.person.name) in pen.book:
                pen.add(_record(pen, one.person.name, one.course, one.on))

    return add


def _record(  # noqa: PLR0917  # what a record of training is
    pen: Pen, name: str, course: str, day: dt.date, session: int | None = None, teacher: str = ""
) -> TrainingRecord:
    outside = bool(teacher) and staff_ref(teacher) not in pen.book
    taught = bool(teacher) or course in _TAUGHT
    return TrainingRecord(
        staff=pen.book.id(staff_ref(name)),
        course=course_id(course),
        completed=day,
        session=session,
        taught_by=teacher or None,
        accredited="yes" if course in {LIFE_SUPPORT, FIRE} else "unknown",
        delivered_by="external" if outside or not taught else "in house",
        delivery="face to face" if taught else "e-learning",
    )


def _learned_alone(one: _Done) -> Callable[[Pen], None]:
    def add(pen: Pen) -> None:
        pen.add(_record(pen, one.person.name, one.course, one.on))

    return add


def _write_session(script: Script, cast: Cast, course: str, day: dt.date, names: list[str]) -> None:
    taught = _TAUGHT[course]
    outside = cast.contact(taught.teacher) is not None
    teacher = taught.teacher if outside else cast.works(taught.teacher, day)
    others = [person.name for person in cast.staff if cast.was_staff(person, day)]
    absent = next((name for name in others if name not in names), "")
    _held(
        script,
        cast,
        course,
        at(day, "09:30" if taught.length > _WHOLE_DAY else "13:30"),
        teacher,
        names,
        absent=absent if len(names) > 4 else "",  # noqa: PLR2004  # somebody is always ill
        cost=taught.cost if len(names) > 1 else 45,
        length=taught.length,
    )


def _held(  # noqa: PLR0917  # a session with everybody in it
    script: Script,
    cast: Cast,
    course: str,
    moment: dt.datetime,
    teacher: str,
    names: list[str],
    *,
    absent: str = "",
    cost: int = 0,
    length: int = _SHORT,
    passed_on: bool = False,
) -> None:
    """Let a session be planned, held, and everybody's record be written from it."""
    day = moment.date()
    key = f"session:{course}:{day}"
    came = [name for name in names if cast.works(name, day) == name]
    if not came:
        return
    booked = [*came, *([absent] if absent else [])]
    known = max(moment - 21 * _DAY, cast.days.start + dt.timedelta(hours=6, minutes=10))

    def plan(pen: Pen) -> None:
        session = pen.add(_session(pen, cast, course, moment, teacher, cost, length), key)
        for name in booked:
            ref = staff_ref(name)
            if ref in pen.book:
                pen.add(Attendance(session=session, staff=pen.book.id(ref)), f"{key}:{name}")

    def hold(pen: Pen) -> None:
        earlier = pen.book.maybe(f"taught:{course}") if passed_on else None
        pen.change(key, status="happened", cascaded_from=earlier)
        session = pen.book.id(key)
        for name in came:
            _attend(pen, key, name, "attended")
            pen.add(_record(pen, name, course, day, session, teacher))
        if absent:
            _attend(pen, key, absent, "did not attend")
        pen.book.note(f"taught:{course}", "session", session)

    script.write(known, plan)
    script.write(moment + (length + 20) * _MINUTE, hold)


def _attend(pen: Pen, key: str, name: str, status: str) -> None:
    if f"{key}:{name}" in pen.book:
        pen.change(f"{key}:{name}", status=status)
    else:
        # came without having been down for it
        pen.add(
            Attendance(session=pen.book.id(key), staff=pen.book.id(staff_ref(name)), status=status)
        )


def _session(  # noqa: PLR0917  # what a session is
    pen: Pen,
    cast: Cast,
    course: str,
    moment: dt.datetime,
    teacher: str,
    cost: int,
    length: int,
    places: int = 12,
) -> Session:
    contact = cast.contact(teacher)
    organisation = cast.works_for(teacher, moment.date()) if contact else ""
    return Session(
        course=course_id(course),
        at=moment,
        teacher_contact=pen.book.id(f"contact:{teacher}") if contact else None,
        teacher_staff=None if contact else pen.book.id(staff_ref(teacher)),
        organisation=pen.book.id(f"organisation:{organisation}") if organisation else None,
        delivery="face to face",
        on_site=places > _AWAY,
        place="Lounge" if places > _AWAY else "Care Academy, room 3",
        length=length,
        cost=Decimal(cost) if cost else None,
        capacity=places,
    )


def _write_nurses_sessions(script: Script, cast: Cast) -> None:
    for course, teacher, back, names, passed_on in _COURSES_BY_NURSES:
        day = on_working_day(cast.days.ago(back))
        ours = cast.contact(teacher) is None
        if cast.days.has(day) and not (ours and cast.works(teacher, day) != teacher):
            moment = at(day, "14:15")
            _held(script, cast, course, moment, teacher, list(names), passed_on=passed_on)


def _write_planned(script: Script, cast: Cast) -> None:
    """Let the sessions to come be planned, with who has a place."""
    days = cast.days
    for course, teacher, ahead, places, names in _PLANNED:
        at_home = places > _AWAY
        day = on_working_day(days.ago(-ahead))
        if cast.contact(teacher) is not None or cast.works(teacher, days.today) == teacher:
            booked = [name for name in names if cast.works(name, days.today) == name]
            moment = at(day, "13:30" if at_home else "09:30")
            plan = _plan(cast, course, moment, teacher, places, booked)
            script.write(at(on_working_day(days.ago(18)), "11:05"), plan)


def _plan(  # noqa: PLR0917  # what a session is
    cast: Cast, course: str, moment: dt.datetime, teacher: str, places: int, booked: list[str]
) -> Callable[[Pen], None]:
    taught = _TAUGHT.get(course)

    def plan(pen: Pen) -> None:
        cost, length = (taught.cost, taught.length) if taught else (0, _SHORT)
        session = pen.add(_session(pen, cast, course, moment, teacher, cost, length, places))
        for name in booked:
            pen.add(Attendance(session=session, staff=pen.book.id(staff_ref(name))))

    return plan


def _write_cancelled(script: Script, cast: Cast) -> None:
    """Let one session fall through, as they do."""
    moment = at(on_working_day(cast.days.ago(150)), "13:30")

    def plan(pen: Pen) -> None:
        pen.add(_session(pen, cast, FIRE, moment, "Gareth Powell", 240, 90), "session:cancelled")

    def cancel(pen: Pen) -> None:
        pen.change("session:cancelled", status="cancelled")

    script.write(moment - 30 * _DAY, plan)
    script.write(moment - 2 * _DAY, cancel, "Half the home had the stomach bug")
