"""The share of staff who hold what they must on several days, worked out in one pass.

A matrix for each day would count all training again for every one of them. Here each record is
counted once, as the days go on; the sums are those that each day's own matrix would have.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from liaison.records.fields import Record
from liaison.records.home import Staff
from liaison.records.rules import compliance
from liaison.records.rules.compliance import Held
from liaison.records.rules.shares import Share
from liaison.records.rules.standing import Facts, counting, id_of, stand_ins, stands
from liaison.records.training import JobHeld, Requirement

_Key = tuple[int, int]
_Lasts = tuple[date, date]
"""Until when training counts, and when it was completed: the larger one counts longer."""
_NEVER: Final = date.max


def shares_on(facts: Facts, days: Sequence[date], name: Callable[[date], str]) -> tuple[Share, ...]:
    """Return the home's share on each of several days, as it was on that day.

    Args:
        facts: The records it follows from, of everybody who worked here on any of the days.
        days: The days, the earliest first.
        name: What the share of a day is called.
    """
    learned, found = _Learned(facts), []
    for day in days:
        learned.go_on(day)
        found.append(_share(facts, learned, day, name(day)))
    return tuple(found)


class _Learned:
    """What everybody had completed by a day; it goes on from day to day, never back."""

    def __init__(self, facts: Facts) -> None:
        self.people, self.courses = stand_ins(facts.staff), stand_ins(facts.courses)
        self._known = {id_of(course): course for course in facts.courses}
        self._satisfied = counting(facts.courses)
        self._parts = compliance.parts_of(self._known, self._satisfied)
        self.lasts: dict[_Key, _Lasts] = {}
        # the latest first: what comes next is taken off the end
        self._ahead = sorted(self._counting(facts), reverse=True)

    def _counting(self, facts: Facts) -> Iterable[tuple[date, _Key, date]]:
        """Return of each record when it was completed, for what it counts, and until when."""
        satisfied, known = self._satisfied, self._known
        for record in facts.trained:
            course = self.courses.get(record.course or 0, record.course or 0)
            completed = record.completed
            if course not in satisfied or completed is None:
                continue
            if isinstance(record, Record) and not stands(record):
                continue
            person = self.people.get(record.staff or 0, record.staff or 0)
            for asked in satisfied[course]:
                end = compliance.runs_out(record, known[course], known[asked])
                yield completed, (person, asked), end or _NEVER

    def go_on(self, day: date) -> None:
        """Count what was completed until a day."""
        ahead, lasts = self._ahead, self.lasts
        while ahead and ahead[-1][0] <= day:
            completed, key, end = ahead.pop()
            self._take(key, (end, completed))
        for whole, parts in self._parts.items():
            for person in [person for person, course in lasts if course == parts[0]]:
                pieces = [lasts.get((person, part)) for part in parts]
                if None not in pieces:
                    self._join(person, whole, [piece for piece in pieces if piece is not None])

    def _join(self, person: int, whole: int, pieces: Iterable[_Lasts]) -> None:
        """Let whoever holds every numbered part of a course hold the course."""
        held = [Held(None, done, None if end is _NEVER else end) for end, done in pieces]
        found = compliance.joined(held, self._known[whole])
        if found is not None:
            for asked in self._satisfied[whole].difference(self._parts[whole]):
                self._take((person, asked), (found.runs_out or _NEVER, found.completed))

    def _take(self, key: _Key, lasts: _Lasts) -> None:
        known = self.lasts.get(key)
        if known is None or lasts > known:
            self.lasts[key] = lasts


def _share(facts: Facts, learned: _Learned, day: date, name: str) -> Share:
    asked = _asked(facts, learned, day)
    exempt = {
        (learned.people.get(one.staff or 0, one.staff), learned.courses.get(one.course or 0, one.course))
        for one in facts.exemptions
        if stands(one) and (one.until is None or day <= one.until)
    }  # fmt: skip
    jobs: defaultdict[int, list[JobHeld]] = defaultdict(list)
    for job in facts.jobs:
        if stands(job):
            jobs[learned.people.get(job.staff or 0, job.staff or 0)].append(job)
    complete = people = held = required = 0
    for person in facts.staff:
        if not compliance.works_here(person, day):
            continue
        role = compliance.job_role_on(person, jobs[id_of(person)], day)
        mine, wanted = _of(person, asked.get(role, {}), learned.lasts, exempt, day)
        people += 1
        complete += mine == wanted
        held += mine
        required += wanted
    return Share("", name, complete, people, held, required)


def _asked(
    facts: Facts, learned: _Learned, day: date
) -> dict[str | None, dict[int, list[Requirement]]]:
    """Return what is asked of each job role on a day: the requirements by course."""
    listed: set[int] = {id_of(course) for course in facts.courses if stands(course)}
    found: defaultdict[str | None, dict[int, list[Requirement]]] = defaultdict(dict)
    for one in facts.requirements:
        course = learned.courses.get(one.course or 0, one.course or 0)
        if stands(one) and course in listed and (one.since is None or one.since <= day):
            found[one.job_role].setdefault(course, []).append(one)
    return found


def _of(
    person: Staff,
    asked: Mapping[int, Sequence[Requirement]],
    lasts: Mapping[_Key, _Lasts],
    exempt: set[tuple[int | None, int | None]],
    day: date,
) -> tuple[int, int]:
    """Return how many of the courses that somebody must hold they do, and how many they must."""
    identity, held, required = id_of(person), 0, 0
    for course, requirements in asked.items():
        key = identity, course
        if key in exempt:
            continue
        found = lasts.get(key)
        if found is not None and found[0] >= day:
            held += 1
            required += 1
        elif any(compliance.required_from(one, person) <= day for one in requirements):
            required += 1
    return held, required
