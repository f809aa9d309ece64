"""The training matrix: staff down, courses across, how each stands on a day, and the sums."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from liaison.records.fields import FieldSpec, spec_of
from liaison.records.home import Staff
from liaison.records.rules import compliance
from liaison.records.rules.compliance import State
from liaison.records.rules.expiry import expires_on
from liaison.records.rules.same_name import name_key
from liaison.records.rules.standing import Cell, Day, Facts, id_of
from liaison.records.training import Course
from liaison.records.vocabularies import Vocabularies


@dataclasses.dataclass(frozen=True, slots=True)
class Target:
    """A share of staff somebody outside the home asks for.

    Args:
        percent: The share to reach.
        part: How many there are who count towards it.
        whole: Out of how many.
    """

    percent: int
    part: int
    whole: int

    @property
    def share(self) -> Decimal:
        """The share reached, in per cent with one decimal."""
        return compliance.percent(self.part, self.whole, self.percent)

    @property
    def met(self) -> bool:
        """Whether the share is reached."""
        return 100 * self.part >= self.percent * self.whole


@dataclasses.dataclass(frozen=True, slots=True)
class Column:
    """One course and how many hold it.

    Args:
        course: The course.
        group: How often it is refreshed, in words; columns of one group stand together.
        in_date: How many of those who must hold it do.
        required: How many must hold it.
        target: A target from outside the home, if there is one for it.
    """

    course: Course
    group: str
    in_date: int
    required: int
    target: Target | None = None

    @property
    def share(self) -> Decimal:
        """The share of those who must hold it and do, in per cent with one decimal."""
        return compliance.percent(self.in_date, self.required)


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """One member of staff and how many of the courses they must hold they do.

    Args:
        staff: The member of staff.
        name: Their name, told apart from others of the same name.
        job_role: Their job role on the day, as it is kept; ``role`` as people see it.
        role: See ``job_role``.
        team: Their team as people see it; empty if not recorded.
        cells: One for each column, in the order of the columns.
        in_date: How many courses that they must hold they do.
        required: How many they must hold.
    """

    staff: Staff
    name: str
    job_role: str | None
    role: str
    team: str
    cells: tuple[Cell, ...]
    in_date: int
    required: int

    @property
    def complete(self) -> bool:
        """Whether they hold every course they must."""
        return self.in_date == self.required


@dataclasses.dataclass(frozen=True, slots=True)
class Matrix:
    """The training of everybody who worked in the home on a day.

    Args:
        on: The day.
        due_soon_days: How many days before it runs out a course is due soon.
        columns: The courses, those refreshed most often first, once-only ones last.
        rows: The staff, by job role and name.
    """

    on: date
    due_soon_days: int
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def complete(self) -> int:
        """How many members of staff hold every course they must."""
        return sum(row.complete for row in self.rows)

    @property
    def share_complete(self) -> Decimal:
        """The share of staff who hold every course they must, in per cent (domain rule 6)."""
        return compliance.percent(self.complete, len(self.rows))

    @property
    def in_date(self) -> int:
        """How many of all required cells are in date."""
        return sum(row.in_date for row in self.rows)

    @property
    def required(self) -> int:
        """How many cells are required."""
        return sum(row.required for row in self.rows)

    @property
    def share_in_date(self) -> Decimal:
        """The share of all required cells that are in date, in per cent."""
        return compliance.percent(self.in_date, self.required)

    def count(self, state: State) -> int:
        """Return how many cells are in a state."""
        return sum(cell.state is state for row in self.rows for cell in row.cells)


def build(
    facts: Facts,
    on: date,
    *,
    due_soon_days: int,
    vocabularies: Vocabularies,
    names: Mapping[int, str],
    usual: Sequence[str] = (),
) -> Matrix:
    """Work the matrix out.

    Args:
        facts: The records it follows from.
        on: The day.
        due_soon_days: How many days before it runs out a course is due soon.
        vocabularies: The home's lists, for the order and words of job roles.
        names: The names to show by staff id; the recorded name where there is none.
        usual: Names of courses in the order homes are used to; the others come after them, in the
            order they were added.

    Returns:
        The matrix, with a column for each course that is required of anybody in it; where a home
        has not said yet what it requires, for each that anybody in it holds or is booked on.
    """
    day = Day(facts, on, due_soon_days)
    people = [
        (person, compliance.job_role_on(person, day.jobs[id_of(person)], on))
        for person in facts.staff
        if compliance.works_here(person, on)
    ]
    place_of = {name_key(name): n for n, name in enumerate(usual)}
    shown = sorted(_shown(day, people), key=lambda course: _place(course, place_of))
    # only what is shown: most courses of a home may be parts of others that nobody must hold
    cells = [tuple([day.cell(person, role, c) for c in shown]) for person, role in people]
    rows = [
        _row(person, role, line, vocabularies, names)
        for (person, role), line in zip(people, cells, strict=True)
    ]
    order = {item.value: n for n, item in enumerate(vocabularies.items(_field("job_role")))}
    rows.sort(key=lambda r: (order.get(r.job_role or "", len(order)), name_key(r.name), r.staff.id))
    targets = compliance.data_security(day.listed)
    columns = [_column(day, c, [line[n] for line in cells], targets) for n, c in enumerate(shown)]
    return Matrix(on, due_soon_days, tuple(columns), tuple(rows))


def _shown(day: Day, people: Sequence[tuple[Staff, str | None]]) -> list[Course]:
    """Return the courses that are columns.

    The Care Certificate is one, not one for each of its standards.
    """
    required = day.required_of({role for _, role in people})
    return required or [
        course
        for course in day.listed
        if any(day.cell(*who, course).state is not State.NOT_REQUIRED for who in people)
    ]


def _place(course: Course, usual: Mapping[str, int]) -> tuple[bool, int, int]:
    """Return where a course stands: those refreshed most often first, those done once last."""
    place = usual.get(name_key(course.name or ""), len(usual))
    return course.refresh_months is None, course.refresh_months or 0, place


def _row(
    person: Staff,
    role: str | None,
    cells: tuple[Cell, ...],
    vocabularies: Vocabularies,
    names: Mapping[int, str],
) -> Row:
    counted = [cell.in_date for cell in cells if cell.counts]
    return Row(
        staff=person,
        name=names.get(id_of(person)) or person.name or "",
        job_role=role,
        role=vocabularies.label(_field("job_role"), role) if role else "",
        team=vocabularies.label(_field("team"), person.team) if person.team else "",
        cells=cells,
        in_date=sum(counted),
        required=len(counted),
    )


def _column(day: Day, course: Course, cells: Sequence[Cell], targets: frozenset[int]) -> Column:
    counted = [cell for cell in cells if cell.counts]
    target = None
    if course.id in targets and counted:
        recent = sum(
            cell.last_done is not None
            and day.on <= expires_on(cell.last_done, compliance.DATA_SECURITY_MONTHS)
            for cell in counted
        )
        target = Target(compliance.DATA_SECURITY_PERCENT, recent, len(counted))
    return Column(
        course=course,
        group=compliance.refresh_words(course.refresh_months),
        in_date=sum(cell.in_date for cell in counted),
        required=len(counted),
        target=target,
    )


def _field(name: str) -> FieldSpec:
    return spec_of(Staff).by_name[name]
