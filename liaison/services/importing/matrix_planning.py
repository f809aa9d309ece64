"""What taking in a training matrix would do, worked out without writing anything."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from liaison.exchange.matrix_cells import Meaning, Said, What, as_text, only_month
from liaison.records import Problem, check, spec_of
from liaison.records.fields import Around
from liaison.records.home import Staff
from liaison.records.rules import times
from liaison.records.rules.days import add_months
from liaison.records.training import TrainingRecord
from liaison.security.roles import Action
from liaison.services.importing.matrix_days import Days, Place, parts
from liaison.services.importing.matrix_known import Known
from liaison.services.importing.matrix_meant import Meant
from liaison.services.importing.matrix_plan import MatrixPlan, MatrixWishes
from liaison.services.importing.planning import Note, Rejected
from liaison.services.importing.telling import (
    CHECKING,
    READING,
    STEP,
    Tell,
    untold,
)
from liaison.store.position import position
from liaison.store.store import collector_paused

if TYPE_CHECKING:
    from liaison.exchange.matrix_reading import Matrix
    from liaison.services.homes import OpenHome


_ANYWHERE: Final = (-1, -1)
_PROBLEMS: Final = "Problems"
_WORKED_OUT: Final = "The day of completion was worked out from the day it runs out."
_DELIVERY: Final = {
    "e-learning": "e-learning", "elearning": "e-learning", "e learning": "e-learning",
    "online": "e-learning", "face to face": "face to face", "f2f": "face to face",
    "classroom": "face to face", "practical": "face to face",
}  # fmt: skip


def preview_matrix(
    home: OpenHome, matrix: Matrix, wishes: MatrixWishes | None = None, *, tell: Tell = untold
) -> MatrixPlan:
    """Work out what taking in a matrix would do; nothing is written.

    Args:
        home: The home.
        matrix: The matrix as the file holds it.
        wishes: How to read it.
        tell: Told from time to time how far it is; what it raises ends the work.
    """
    home.require(Action.IMPORT)
    stood_at = position(home.store)
    with collector_paused():
        return _Planning(home, matrix, wishes or MatrixWishes(), tell).plan(stood_at)


class _Planning:
    """Works a plan out, once."""

    def __init__(self, home: OpenHome, matrix: Matrix, wishes: MatrixWishes, tell: Tell) -> None:
        self._home = home
        self._store = home.store
        self._today = home.store.today()
        self._matrix = matrix
        self._wishes = wishes
        self._tell = tell
        tell(0, 0, READING)
        self._days = Days(matrix, self._today, wishes.meaning, wishes.order)
        self._meant = Meant(home.store, self._days, wishes)
        self._problems: dict[tuple[int, int], list[str]] = defaultdict(list)
        self._named: dict[tuple[int, int], str] = {}
        self._kept_cells: dict[Place, None] = {}
        self._notes: list[Note] = []
        self._unchanged = self._not_required = 0

    # ---- the cells

    def plan(self, stood_at: int) -> MatrixPlan:
        """Return the plan."""
        births = list(self._fresh(self._records()))
        rejected = tuple(
            Rejected(key[1], tuple(dict.fromkeys(problems)), (self._named[key],))
            for key, problems in sorted(self._problems.items())
        )
        used = {record.staff for record, _ in births}, {record.course for record, _ in births}
        remarks = [*self._matrix.remarks, *self._meant.shared()]
        for grid in self._matrix.grids:
            remarks += [f"{grid.name}: {one}" if grid.name else one for one in grid.remarks]
        return MatrixPlan(
            people=self._meant.people,
            courses=self._meant.courses,
            births=tuple(record for record, _ in births),
            # whoever has nothing that can come in is not added either
            new_staff={key: made for key, made in self._meant.new_staff.items() if key in used[0]},
            new_courses={
                key: made for key, made in self._meant.new_courses.items() if key in used[1]
            },
            unchanged=self._unchanged,
            not_required=self._not_required,
            rejected=rejected,
            notes=tuple(self._notes),
            questions=self._days.questions,
            meaning=self._days.meaning,
            order=self._days.order,
            rejects=tuple(self._rejects()),
            remarks=tuple(remarks),
            position=stood_at,
            wishes=self._wishes,
        )

    def _records(self) -> Iterator[tuple[TrainingRecord, list[Place]]]:
        """Yield what cells say as records; a day of completion and one of expiry are one record."""
        together: dict[tuple[int, int, int, int], list[Place]] = {}
        # asked once for each row and column, not for each cell
        persons: dict[tuple[int, int], tuple[int | None, str]] = {}
        courses: dict[tuple[int, int], tuple[int | None, str]] = {}
        for number, (place, said) in enumerate(self._days.said.items()):
            if number % STEP == 0:
                self._tell(number, len(self._days.said), READING)
            match said.what:
                case What.NOT_REQUIRED:
                    self._not_required += 1
                    continue
                case What.BOOKED:
                    _, line, _ = parts(self._matrix, place)
                    words = (
                        f"{self._days.where(place)}: “{said.rest}” is no training yet. Book the "
                    )
                    self._notes.append(Note(line.row, f"{words}place on a session.", line.name))
                    continue
            row, column = (place.grid, place.line), (place.grid, place.column)
            if row not in persons:
                persons[row] = self._meant.person(place)
            if column not in courses:
                courses[column] = self._meant.course(place)
            (person, no_person), (course, no_course) = persons[row], courses[column]
            if person is None or course is None:
                for why in filter(None, (no_person, no_course)):
                    self._refuse([place], why, named=True)
                continue
            if said.what is What.UNCLEAR:
                self._refuse([place], said.why)
                continue
            # of a sheet of one kind of days, another sheet may hold the other kind
            here = _ANYWHERE if self._matrix.grids[place.grid].meaning else row
            together.setdefault((*here, person, course), []).append(place)
        for (_, _, person, course), places in together.items():
            for some in self._apart(places):
                record = self._record(person, course, some)
                if record is not None:
                    yield record, some

    def _apart(self, places: list[Place]) -> list[list[Place]]:
        """Return which cells of a course make a record together: a "completed" with an "expires"."""
        if len(places) == 1:
            return [places]
        told = [self._days.column(place).meaning for place in places]
        if sorted(one.value if one else "" for one in told) == sorted(one.value for one in Meaning):
            return [places]
        return [[place] for place in places]

    def _record(self, person: int, course: int, places: list[Place]) -> TrainingRecord | None:
        completed: dt.date | None = None
        expires: dt.date | None = None
        rest: list[str] = []
        for place in places:
            said = self._days.said[place]
            done, end, why = self._resolved(place, said)
            if why:
                self._refuse([place], why)
                return None
            completed, expires = completed or done, expires or end
            if said.rest:
                rest.append(said.rest)
        notes = " ".join(rest)
        delivery = _DELIVERY.get(notes.casefold()) if notes else None
        notes = "" if delivery else notes
        if completed is None and expires is not None:
            months = self._meant.taught(course).refresh_months
            if not months:
                self._refuse(
                    places,
                    f"It runs out on {times.show_date(expires)}, and the course has no interval "
                    "from which the day of completion could be worked out.",
                )
                return None
            completed = add_months(expires + dt.timedelta(days=1), -months)
            if completed > self._today:
                self._refuse(
                    places,
                    f"It cannot run out on {times.show_date(expires)}: the course lasts "
                    f"{months} months, so it would be completed in the future.",
                )
                return None
            notes = f"{_WORKED_OUT} {notes}".strip()
        return TrainingRecord(
            staff=person, course=course, completed=completed, expires=expires,
            delivery=delivery, notes=notes or None,
        )  # fmt: skip

    def _resolved(self, place: Place, said: Said) -> tuple[dt.date | None, dt.date | None, str]:
        """Return the days of completion and expiry that a cell gives, and what is wrong with it."""
        completed, expires, bare = said.completed, said.expires, said.bare
        if bare is not None:
            meaning = self._days.column(place).meaning or self._days.meaning
            if meaning is Meaning.EXPIRES:
                expires = bare
            elif said.is_month:
                return None, None, only_month(self._days.value(place))
            else:
                completed = bare
        return completed, expires, ""

    # ---- what is known, and what is not fit

    def _fresh(
        self, records: Iterable[tuple[TrainingRecord, list[Place]]]
    ) -> Iterator[tuple[TrainingRecord, list[Place]]]:
        """Yield the records that are not there yet and are fit to keep."""
        wanted = list(records)
        known = Known(self._store, {record.staff or 0 for record, _ in wanted})
        problems_of = self._checker()
        for number, (record, places) in enumerate(wanted):
            if number % STEP == 0:
                self._tell(number, len(wanted), CHECKING)
            if known.has(record):
                self._unchanged += 1
                continue
            if blocking := [problem for problem in problems_of(record) if problem.blocks]:
                self._refuse(places, " ".join(problem.message for problem in blocking))
                continue
            known.add(record)
            yield record, places

    def _checker(self) -> Callable[[TrainingRecord], Iterable[Problem]]:
        """Return what says all that is wrong with a record, as saving by hand would."""
        find, today = self._meant.finder(), self._today
        vocabularies, now = self._store.vocabularies, self._store.clock()
        rules = spec_of(TrainingRecord).rules
        around = Around(find, today, now)
        fit: set[tuple[str | None, str | None]] = set()

        def problems(record: TrainingRecord) -> Iterable[Problem]:
            words = record.delivery, record.notes
            if words in fit:
                # but for whom, what and when it is like one that was looked at whole
                return [problem for rule in rules for problem in rule(record, around)]
            found = check(record, find=find, vocabularies=vocabularies, today=today, now=now)
            if not found:
                fit.add(words)
            return found

        return problems

    def _refuse(self, places: Sequence[Place], why: str, *, named: bool = False) -> None:
        """Note that cells cannot come in; of a name or heading, once for each row."""
        first = places[0]
        _, line, _ = parts(self._matrix, first)
        words = why if named else f"{self._days.where(first)}: {why}"
        self._problems[first.grid, line.row].append(words)
        self._named[first.grid, line.row] = line.name
        self._kept_cells |= dict.fromkeys(places)

    def _rejects(self) -> Iterator[tuple[str, ...]]:
        """Yield the file of what cannot come in, in the shape of a matrix."""
        if not self._kept_cells:
            return
        headings: dict[tuple[str, Meaning | None], int] = {}
        rows: dict[tuple[int, int], dict[int, str]] = defaultdict(dict)
        for place in self._kept_cells:
            _, line, column = parts(self._matrix, place)
            # what was answered is said in the file, so that it is not asked again
            meaning = column.meaning or self._wishes.meaning
            at = headings.setdefault((column.heading, meaning), len(headings))
            rows[place.grid, place.line][at] = as_text(self._days.value(place))
        fields = spec_of(Staff).by_name
        shown = [
            f"{heading} ({meaning.value})" if meaning else heading for heading, meaning in headings
        ]
        yield (fields["name"].label, fields["job_role"].label, *shown, _PROBLEMS)
        for (grid, number), given in rows.items():
            line = self._matrix.grids[grid].lines[number]
            problems = self._problems[grid, line.row]
            filled = [given.get(at, "") for at in range(len(headings))]
            yield (line.name, line.role, *filled, " ".join(dict.fromkeys(problems)))
