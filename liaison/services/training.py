"""What staff have learned: the matrix on a day, and recording training for several at once."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final, TypeVar

from liaison.records import Problem, Record, spec_of
from liaison.records.home import Home, Staff
from liaison.records.rules import times
from liaison.records.rules.compliance import State, works_here
from liaison.records.rules.matrix import Matrix, Row, build
from liaison.records.rules.same_name import name_key
from liaison.records.rules.standing import Facts
from liaison.records.training import (
    Attendance,
    Course,
    Exemption,
    JobHeld,
    Requirement,
    Session,
    TrainingRecord,
)
from liaison.services import starting
from liaison.services.references import Names
from liaison.services.together import Saved, Together
from liaison.store import query
from liaison.store.driver import plain_errors
from liaison.store.lasting import completed, lasting
from liaison.store.query import Condition
from liaison.store.stamps import made_at

if TYPE_CHECKING:
    from liaison.services.homes import OpenHome
    from liaison.store.store import Store

R = TypeVar("R", bound=Record)

# The matrix is made of nearly all there is; larger pages are fewer statements.
_CHUNK: Final = 5_000


def matrix(store: Store, on: dt.date | None = None, *, staff: int | None = None) -> Matrix:
    """Return how everybody who worked in the home on a day stood with every course.

    Args:
        store: The home.
        on: The day; today if not given.
        staff: Only this member of staff, if they worked here; nothing is read of the others, so
            the shares of the columns are theirs alone.
    """
    on = store.today() if on is None else on
    return matrix_of(store, facts_on(store, on, staff), on)


def matrix_of(store: Store, facts: Facts, on: dt.date) -> Matrix:
    """Return how everybody stood on a day, from facts that were read for it.

    Args:
        store: The home.
        facts: What was read (:func:`facts_on`).
        on: The day.
    """
    built = build(
        facts,
        on,
        due_soon_days=_due_soon_days(store),
        vocabularies=store.vocabularies,
        names=_names(store, [person for person in facts.staff if works_here(person, on)]),
        usual=[course.name for course in starting.courses()],
    )
    return dataclasses.replace(built, rows=tuple(_softened(row, on) for row in built.rows))


def _softened(row: Row, on: dt.date) -> Row:
    """Say of somebody just written down that nothing is recorded yet, not that all is missing.

    Whoever has no starting day was just written down, for all one knows: what they did before may
    still be recorded, so the time for new starters runs from the day of their record.
    """
    if row.staff.started is not None or row.staff.id is None:
        return row
    known = times.in_london(made_at(row.staff.id)).date()
    if (on - known).days >= (Requirement().grace_days or 0):
        return row
    cells = tuple(
        cell._replace(unsaid=True) if cell.state is State.MISSING else cell for cell in row.cells
    )
    return dataclasses.replace(row, cells=cells)


def _names(store: Store, people: Sequence[Staff]) -> dict[int, str]:
    """Return the names of those who share theirs with somebody, told apart (domain rule 8)."""
    names = Names(store)
    called = Counter(name_key(person.name or "") for person in people)
    return {
        person.id: names.of(person)
        for person in people
        if person.id is not None and called[name_key(person.name or "")] > 1
    }


def _due_soon_days(store: Store) -> int:
    loaded = store.the("home")
    days = None if loaded is None else getattr(loaded.record, "due_soon_days", None)
    if days is None:
        # cleared by hand: what a new home begins with
        days = Home().due_soon_days
    return days or 0


def facts_on(
    store: Store, on: dt.date, only: int | None = None, *, since: dt.date | None = None
) -> Facts:
    """Read what decides the matrix: one list of each type, and nothing of who left long ago.

    Args:
        store: The home.
        on: The day.
        only: Only this member of staff.
        since: The first of several days the facts are to do for, of which ``on`` is the last.
    """
    midnight = times.start_of_day(on)
    people = _people(store, since or on, only)
    ids = tuple(person.id for person in people if person.id is not None)
    theirs = Condition("staff", ids, "in")
    coming = _all(store, Session, Condition("at", midnight, ">="), Condition("status", "planned"))
    return Facts(
        staff=people,
        # references may point to archived and merged ones
        courses=_all(store, Course, archived=True),
        requirements=_all(store, Requirement),
        exemptions=_all(store, Exemption, theirs),
        jobs=_all(store, JobHeld, theirs),
        # what outlasts all else on one day need not on another
        trained=(lasting if since is None else completed)(store, ids, on),
        sessions=coming,
        attendances=_all(
            store,
            Attendance,
            Condition("session", tuple(session.id for session in coming), "in"),
            Condition("status", "booked"),
        ),
    )


def _people(store: Store, on: dt.date, only: int | None) -> list[Staff]:
    """Return who may have worked here on a day, and whoever was merged into them."""
    if only is None:
        stay = _all(store, Staff, Condition("left_on", None), archived=True)
        found = stay + _all(store, Staff, Condition("left_on", on, ">="), archived=True)
    else:
        record = store.follow("staff", only)
        found = [record] if isinstance(record, Staff) else []
    known = {person.id for person in found if person.id is not None}
    spec = spec_of(Staff)
    with plain_errors():
        merged = set(query.same_ids(store.connection, spec, *known)) - known
        others = query.of_ids(store.connection, spec, [*merged]) if merged else {}
    return found + [person for person in others.values() if isinstance(person, Staff)]


def _all(store: Store, cls: type[R], *where: Condition, archived: bool = False) -> list[R]:
    asked = query.Query(spec_of(cls).name, where, archived=archived)
    return [record for record in query.every(store, asked, _CHUNK) if isinstance(record, cls)]


def record_training(
    home: OpenHome, training: TrainingRecord, staff: Iterable[int], reason: str = ""
) -> Saved:
    """Record that one or several members of staff completed a course.

    Whoever had a place on its session has attended it from then on.

    Args:
        home: The home.
        training: What they completed, when and with whom; whose it is is not looked at.
        staff: The members of staff.
        reason: Why, in their words.

    Returns:
        The ids of the new records by part (``staff.0`` is the first one's), and what is unusual.

    Raises:
        Unfit: Something is wrong; all of it is told and nothing is saved.
    """
    together = Together(home)
    names = Names(home.store)
    people = list(dict.fromkeys(staff))
    problems: list[Problem] = []
    if not people:
        label = spec_of(TrainingRecord).by_name["staff"].label
        problems.append(Problem("staff", f"{label} is missing."))
    for number, person in enumerate(people):
        part, called = f"staff.{number}", names.by_id("staff", person)
        record = dataclasses.replace(training, id=None, staff=person)
        together.add(part, record, called)
    for number, place in enumerate(_places(home.store, training, people)):
        loaded = home.store.load("attendance", place.id or 0)
        assert loaded is not None  # noqa: S101  # it has just been read
        together.change(
            f"attendance.{number}", loaded, dataclasses.replace(place, status="attended")
        )
    return together.save(reason, also=tuple(problems))


def _places(store: Store, training: TrainingRecord, people: Sequence[int]) -> Iterable[Attendance]:
    if training.session is None:
        return ()
    return [
        place
        for place in _all(
            store, Attendance, *query.equal({"session": training.session, "status": "booked"}),
            Condition("staff", tuple(people), "in"),
        )
        if not place.struck_reason
    ]  # fmt: skip
