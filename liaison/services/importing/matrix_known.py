"""What training of some people is recorded already, as a matrix would say it of them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING

from liaison.records.rules import compliance
from liaison.records.rules.compliance import Done, Held
from liaison.records.rules.standing import counting, id_of, stand_ins
from liaison.records.training import Course, TrainingRecord
from liaison.store import query
from liaison.store.trained import trained

if TYPE_CHECKING:
    from collections.abc import Collection

    from liaison.store.store import Store

_Key = tuple[int | None, int | None]


class Known:
    """What is recorded, and what follows from it.

    A matrix also shows training under the courses it counts as: the higher tier under the lower
    one, sixteen parts as the whole. Read back, that is no training of its own.

    Args:
        store: The home.
        people: Of whom; of their duplicates too.
    """

    def __init__(self, store: Store, people: Collection[int]) -> None:
        courses = [
            one
            for one in query.every(store, query.Query("course", archived=True))
            if isinstance(one, Course)
        ]
        self._courses = {id_of(one): one for one in courses}
        self._counting = counting(courses)
        self._parts = compliance.parts_of(self._courses, self._counting)
        whose = stand_ins([*query.every(store, query.Query("staff", archived=True))])
        stands_for = stand_ins(courses)
        meant = {old for old, now in whose.items() if now in people}
        self._days: set[tuple[_Key, dt.date]] = set()
        #: By person, course and day: until when what is recorded elsewhere counts there.
        self._follows: defaultdict[tuple[_Key, dt.date], set[dt.date | None]] = defaultdict(set)
        held: defaultdict[int, dict[int, Held]] = defaultdict(dict)
        for identity, staff, course, completed, expires, *_ in trained(store, {*people, *meant}):
            who, what = whose.get(staff, staff), stands_for.get(course or 0, course)
            if completed is None or what is None:
                continue
            end = None if expires is None else dt.date.fromisoformat(expires)
            done = Done(identity, who, what, dt.date.fromisoformat(completed), end)
            self._take(done, held[who])
        for who, theirs in held.items():
            self._join(who, theirs)

    def _take(self, done: Done, held: dict[int, Held]) -> None:
        """Note a record, and under which other courses it is shown."""
        taught = self._courses.get(done.course or 0)
        if taught is None or done.completed is None:
            return
        self._days.add(((done.staff, done.course), done.completed))
        for asked in self._counting.get(id_of(taught), ()):
            end = compliance.runs_out(done, taught, self._courses[asked])
            if asked != done.course:
                self._follows[(done.staff, asked), done.completed].add(end)
            before = held.get(asked)
            if before is None or _longer(end, before.runs_out):
                held[asked] = Held(done.id, done.completed, end)

    def _join(self, who: int, held: Mapping[int, Held]) -> None:
        """Note the courses of which somebody holds every part."""
        for whole, parts in self._parts.items():
            if all(part in held for part in parts):
                found = compliance.joined([held[part] for part in parts], self._courses[whole])
                if found is not None:
                    self._follows[(who, whole), found.completed].add(found.runs_out)

    def has(self, record: TrainingRecord) -> bool:
        """Return whether a record would say nothing that is not known."""
        if record.completed is None:
            return False
        key = record.staff, record.course
        if (key, record.completed) in self._days:
            return True
        follows = self._follows.get((key, record.completed))
        return follows is not None and (record.expires is None or record.expires in follows)

    def add(self, record: TrainingRecord) -> None:
        """Note a record that is to be written: the same one again adds nothing."""
        if record.completed is not None:
            self._days.add(((record.staff, record.course), record.completed))


def _longer(end: dt.date | None, before: dt.date | None) -> bool:
    return before is not None and (end is None or end > before)
