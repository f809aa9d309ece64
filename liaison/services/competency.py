"""Skills that staff were seen to have: as they stand on a day, signed off, and reviewed anew."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.records import Problem, spec_of
from liaison.records.home import Home
from liaison.records.rules.same_name import name_key
from liaison.records.rules.standing_dates import Standing, standing
from liaison.records.training import Competency
from liaison.services.references import Names
from liaison.services.together import Together
from liaison.store import history, query
from liaison.store.query import Condition

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from liaison.services.homes import OpenHome
    from liaison.store.store import Store

CAN_TEACH: Final = "can teach"
SIGNED_OFF: Final = frozenset({"competent", CAN_TEACH})
"""The levels at which somebody works on their own."""


@dataclasses.dataclass(frozen=True, slots=True)
class Skill:
    """A skill of somebody, as it was judged last.

    Args:
        competency: The record.
        staff: Whose it is.
        name: Their name, told apart from namesakes.
        level: Its level in words.
        assessor: Who judged it; empty if nobody was named.
        resident: For whom alone it counts; empty if for everybody.
        state: How its review stands.
        days: Calendar days since the review was due; negative if it lies ahead.
    """

    competency: Competency
    staff: int
    name: str
    level: str
    assessor: str
    resident: str
    state: Standing
    days: int = 0

    @property
    def id(self) -> int:
        """The competency's id."""
        return self.competency.id or 0


@dataclasses.dataclass(frozen=True, slots=True)
class Written:
    """What was written: its stamps, to take it back, and what is unusual about it."""

    changes: tuple[int, ...]
    ids: tuple[int, ...]
    warnings: tuple[Problem, ...] = ()


def due_soon_days(store: Store) -> int:
    """Return how many days ahead the home wants to hear of what runs out."""
    loaded = store.the("home")
    days = None if loaded is None else getattr(loaded.record, "due_soon_days", None)
    return (Home().due_soon_days if days is None else days) or 0


def skills(store: Store, on: dt.date, *, staff: int | None = None) -> tuple[Skill, ...]:
    """Return the skills of staff as they were judged last by a day, by name and skill.

    Args:
        store: The home.
        on: The day.
        staff: Only those of one member of staff.
    """
    where = () if staff is None else (Condition("staff", staff),)
    latest: dict[tuple[int, str, int], Competency] = {}
    names = Names(store)
    for one in query.every(store, query.Query("competency", where, newest_first=False)):
        if not isinstance(one, Competency) or one.struck_reason or one.staff is None:
            continue
        if one.assessed_on is None or one.assessed_on > on:
            continue
        person = names.record("staff", one.staff)
        whose = one.staff if person is None or person.id is None else person.id
        # what counts for one resident says nothing of another
        key = whose, name_key(one.skill or ""), one.resident or 0
        if key not in latest or _when(one) > _when(latest[key]):
            latest[key] = one
    soon = due_soon_days(store)
    found = [_told(store, names, whose, one, (on, soon)) for (whose, *_), one in latest.items()]
    found.sort(
        key=lambda one: (one.name.casefold(), name_key(one.competency.skill or ""), one.resident)
    )
    return tuple(found)


def _when(one: Competency) -> tuple[dt.date, int]:
    return one.assessed_on or dt.date.min, one.id or 0


def _told(
    store: Store, names: Names, whose: int, one: Competency, when: tuple[dt.date, int]
) -> Skill:
    on, soon = when
    by_name = spec_of(one).by_name
    by = [
        names.by_id(type_name, identity)
        for type_name, identity in (
            ("contact", one.assessor_contact),
            ("staff", one.assessor_staff),
        )
        if identity is not None
    ]
    return Skill(
        competency=one,
        staff=whose,
        name=names.by_id("staff", whose),
        level=store.vocabularies.label(by_name["level"], one.level or ""),
        assessor=" and ".join(by),
        resident="" if one.resident is None else names.by_id("resident", one.resident),
        state=standing(one.review_due, on, soon),
        days=0 if one.review_due is None else (on - one.review_due).days,
    )


def sign_off(
    home: OpenHome, competency: Competency, staff: Iterable[int], reason: str = ""
) -> Written:
    """Sign a skill off for one or several members of staff, all of them or none.

    Args:
        home: The home.
        competency: The skill, its level, when and by whom; whose it is is not looked at.
        staff: They.
        reason: Why, in their words.

    Raises:
        Unfit: Something is wrong; all of it is told and nothing is saved.
    """
    people = list(dict.fromkeys(staff))
    together, names = Together(home), Names(home.store)
    problems: list[Problem] = []
    if not people:
        problems.append(
            Problem("staff", f"{spec_of(Competency).by_name['staff'].label} is missing.")
        )
    for number, person in enumerate(people):
        part, called = f"staff.{number}", names.by_id("staff", person)
        record = dataclasses.replace(competency, id=None, staff=person)
        together.add(part, record, called)
        if _is_there(home.store, record):
            words = f"{called}: this skill was signed off on that day already."
            problems.append(Problem(f"{part}.assessed_on", words))
    saved = together.save(reason, also=tuple(problems))
    changes = tuple(history.batch_changes(home.store, saved.unit))
    everybody = [names.by_id("staff", person) for person in people]
    return Written(changes, tuple(saved.ids.values()), _told_once(saved.warnings, everybody))


def _told_once(warnings: Iterable[Problem], people: Sequence[str]) -> tuple[Problem, ...]:
    """Say once what holds for all of them: twenty times over, nobody would read it."""
    warnings = tuple(warnings)
    said = {problem.message for problem in warnings}
    told: dict[str, Problem] = {}
    for problem in warnings:
        words = next(
            (
                rest
                for name in people
                if (rest := problem.message.removeprefix(f"{name}: ")) != problem.message
            ),
            problem.message,
        )
        is_of_all = len(people) > 1 and all(f"{name}: {words}" in said for name in people)
        message = words if is_of_all else problem.message
        told.setdefault(message, dataclasses.replace(problem, message=message))
    return tuple(told.values())


def _is_there(store: Store, record: Competency) -> bool:
    if record.staff is None or record.assessed_on is None:
        return False
    same = query.equal({"staff": record.staff, "assessed_on": record.assessed_on})
    skill = name_key(record.skill or "")
    return any(
        isinstance(one, Competency)
        and not one.struck_reason
        and name_key(one.skill or "") == skill
        and one.resident == record.resident
        for one in query.every(store, query.Query("competency", same))
    )


def review(
    home: OpenHome,
    identity: int,
    *,
    level: str | None,
    assessed_on: dt.date,
    review_due: dt.date | None,
    assessor_contact: int | None = None,
    assessor_staff: int | None = None,
) -> Written:
    """Judge a skill anew; what was judged before stays as it was.

    Args:
        home: The home.
        identity: What was judged before.
        level: The level now; as before if not given.
        assessed_on: The day.
        review_due: When it is judged next.
        assessor_contact: Who judged it, from outside.
        assessor_staff: Who judged it, of our staff; whoever did before if neither is given.

    Raises:
        UserError: It does not stand any more, or something is wrong.
    """
    before = home.store.get("competency", identity)
    if not isinstance(before, Competency) or not before.lives or before.struck_reason:
        raise UserError(
            "This skill does not stand any more.", kept="Nothing was changed.", code="no-record"
        )
    if assessor_contact is None and assessor_staff is None:
        assessor_contact, assessor_staff = before.assessor_contact, before.assessor_staff
    now = dataclasses.replace(
        before,
        level=level or before.level,
        assessed_on=assessed_on,
        review_due=review_due,
        assessor_contact=assessor_contact,
        assessor_staff=assessor_staff,
    )
    return sign_off(home, now, [before.staff or 0])
