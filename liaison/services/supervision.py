"""Supervisions and appraisals, and the dates that every member of staff has to keep."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, Final, Literal

from liaison.errors import UserError
from liaison.records import Problem, spec_of
from liaison.records.home import Staff
from liaison.records.rules import times
from liaison.records.rules.compliance import works_here
from liaison.records.rules.expiry import expires_on
from liaison.records.rules.standing_dates import Standing, standing
from liaison.records.training import Supervision
from liaison.security.roles import Action
from liaison.services import competency
from liaison.services.references import Names
from liaison.services.together import Together
from liaison.store import history, query
from liaison.store.query import Condition

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from liaison.services.homes import OpenHome
    from liaison.store.store import Store

Kind = Literal["supervision", "appraisal", "nmc", "dbs", "skill"]
MEETINGS: Final[tuple[Kind, ...]] = ("supervision", "appraisal")
_ORDER: Final = {"late": 0, "due": 1, "none": 2, "ok": 3}


@dataclasses.dataclass(frozen=True, slots=True)
class Date:
    """A date that a member of staff has to keep.

    Args:
        kind: Which.
        staff: Whose it is.
        name: Their name, told apart from namesakes.
        what: The date in the words of its field.
        type: The record that says so; ``id`` the record.
        id: See ``type``.
        day: The day it is to be done by, or is planned for; None if nobody said.
        last: The day it was done last; None if that is not recorded.
        planned: Whether ``day`` is a day that was agreed.
        state: How it stands.
        days: Calendar days since ``day``; negative if it lies ahead.
    """

    kind: Kind
    staff: int
    name: str
    what: str
    type: str
    id: int
    day: dt.date | None
    last: dt.date | None
    planned: bool
    state: Standing
    days: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class Written:
    """What was written: its stamps, to take it back, and what is unusual about it."""

    changes: tuple[int, ...]
    warnings: tuple[Problem, ...] = ()


def readiness(
    store: Store, on: dt.date, within: int = 90, *, staff: int | None = None
) -> tuple[Date, ...]:
    """Return the dates of everybody who works here, the most pressing first.

    Args:
        store: The home.
        on: The present day.
        within: How many days ahead to look; what lies further ahead is left out.
        staff: All dates of one member of staff, however far ahead.
    """
    people = _people(store, on, staff)
    names = Names(store)
    names.learn({"staff": [person.id for person in people if person.id is not None]})
    looked = _Looked(store, names, on, competency.due_soon_days(store))
    meetings = looked.meetings(people)
    found: list[Date] = []
    for person in people:
        found += looked.of_meetings(person, meetings[person.id or 0])
        found += looked.of_checks(person)
    known = {person.id for person in people}
    for skill in competency.skills(store, on, staff=staff):
        if skill.staff in known and skill.competency.review_due is not None:
            found.append(looked.of_skill(skill))
    if staff is None:
        # what nobody has ever said is told, whatever is far ahead is not
        found = [one for one in found if one.state != "ok" or -one.days <= within]
        found = [one for one in found if not (one.day is None and one.last is not None)]
    found.sort(key=lambda one: (_ORDER[one.state], -one.days, one.name.casefold(), one.what))
    return tuple(found)


def _people(store: Store, on: dt.date, staff: int | None) -> list[Staff]:
    if staff is not None:
        record = store.follow("staff", staff)
        return [record] if isinstance(record, Staff) else []
    found = query.every(store, query.Query("staff"))
    return [one for one in found if isinstance(one, Staff) and works_here(one, on)]


class _Looked:
    """One look at the dates of staff on a day."""

    def __init__(self, store: Store, names: Names, on: dt.date, soon: int) -> None:
        self._store, self._names, self._on, self._soon = store, names, on, soon
        home = store.the("home")
        # a home that repeats none has cleared it, or is older than the field
        self._dbs_months = getattr(home.record, "dbs_months", None) if home is not None else None

    def meetings(self, people: Sequence[Staff]) -> defaultdict[int, list[Supervision]]:
        theirs = Condition("staff", tuple(p.id for p in people if p.id is not None), "in")
        found: defaultdict[int, list[Supervision]] = defaultdict(list)
        for one in query.every(self._store, query.Query("supervision", (theirs,))):
            if isinstance(one, Supervision) and not one.struck_reason and one.staff is not None:
                person = self._names.record("staff", one.staff)
                found[one.staff if person is None else person.id or 0].append(one)
        return found

    def of_meetings(self, person: Staff, meetings: Iterable[Supervision]) -> Iterable[Date]:
        field = spec_of(Supervision).by_name["kind"]
        by_kind: defaultdict[str, list[Supervision]] = defaultdict(list)
        for one in meetings:
            by_kind[one.kind or ""].append(one)
        for kind in MEETINGS:
            what = self._store.vocabularies.label(field, kind)
            held = [one for one in by_kind[kind] if one.done is not None and one.done <= self._on]
            last = max(held, key=lambda one: (one.done, one.id), default=None)
            open_ = [one for one in by_kind[kind] if one.done is None]
            ahead = min(
                open_, key=lambda one: (one.planned or one.next_due or dt.date.max, one.id),
                default=None,
            )  # fmt: skip
            source = ahead or last
            agreed = None if ahead is None else ahead.planned
            day = agreed or (None if source is None else source.next_due)
            done = None if last is None else last.done
            if source is None:
                yield self._date(kind, person, what, ("staff", person.id or 0), None, None)
            else:
                about = ("supervision", source.id or 0)
                yield self._date(kind, person, what, about, day, done, planned=agreed is not None)

    def of_checks(self, person: Staff) -> Iterable[Date]:
        by_name, about = spec_of(Staff).by_name, ("staff", person.id or 0)
        if person.nmc_pin or person.nmc_expires:
            label = by_name["nmc_expires"].label
            yield self._date("nmc", person, label, about, person.nmc_expires, None)
        label = by_name["dbs_checked"].label
        again = None
        if self._dbs_months and person.dbs_checked is not None:
            again = expires_on(person.dbs_checked, self._dbs_months)
        yield self._date("dbs", person, label, about, again, person.dbs_checked)

    def of_skill(self, skill: competency.Skill) -> Date:
        one = skill.competency
        return Date(
            "skill", skill.staff, skill.name, one.skill or "", "competency", skill.id,
            one.review_due, one.assessed_on, False, skill.state, skill.days,
        )  # fmt: skip

    def _date(  # noqa: PLR0917  # what a date is
        self,
        kind: Kind,
        person: Staff,
        what: str,
        about: tuple[str, int],
        day: dt.date | None,
        last: dt.date | None,
        *,
        planned: bool = False,
    ) -> Date:
        state = standing(day, self._on, self._soon)
        if day is None and last is not None:
            # it was done, and nobody said when again
            state = "ok"
        days = 0 if day is None else (self._on - day).days
        name = self._names.of(person)
        return Date(kind, person.id or 0, name, what, *about, day, last, planned, state, days)


def hold(
    home: OpenHome,
    identity: int,
    done: dt.date,
    next_due: dt.date | None = None,
    notes: str | None = None,
) -> Written:
    """Say that a planned supervision or appraisal was held.

    Args:
        home: The home.
        identity: It.
        done: The day it was held.
        next_due: When the next one is due.
        notes: What was said; private.

    Raises:
        UserError: It was held already, or a day cannot be right.
    """
    home.require(Action.LOOK_PRIVATE)
    loaded = home.store.load("supervision", identity)
    record = None if loaded is None else loaded.record
    if loaded is None or not isinstance(record, Supervision) or record.struck_reason:
        raise UserError(
            "This does not stand any more.", kept="Nothing was changed.", code="no-record"
        )
    if record.done is not None:
        raise UserError(
            "It is recorded already that this was held.",
            kept="Nothing was changed.",
            do="Change it in its card, or add the next one.",
            code="nothing-to-do",
        )
    changed = dataclasses.replace(
        record, done=done, next_due=next_due or record.next_due, notes=notes or record.notes
    )
    together = Together(home)
    together.change("supervision", loaded, changed)
    saved = together.save()
    return Written(tuple(history.batch_changes(home.store, saved.unit)), saved.warnings)


def words(one: Date) -> str:
    """Say how a date stands: "9 days late", "planned Mon 23 Nov 2026", "not recorded"."""
    if one.day is None:
        return "not recorded" if one.last is None else f"last {times.show_date(one.last)}"
    shown = times.show_date(one.day)
    if one.state == "late":
        return f"{one.days:,} day{'' if one.days == 1 else 's'} late (was due {shown})"
    verb = "planned" if one.planned else "runs out" if one.kind == "nmc" else "due"
    return f"{verb} {shown}"
