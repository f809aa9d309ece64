"""Whom and what the rows and columns of a training matrix mean, and who and what is new."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterator
from typing import TYPE_CHECKING, Final, TypeVar

from liaison.errors import UserError
from liaison.records import Find, Record, check, ids, spec_of
from liaison.records.home import Staff
from liaison.records.training import Course
from liaison.services.importing.matrix_days import Days, Place, parts
from liaison.services.importing.matrix_matching import (
    LEFT,
    NEW,
    Found,
    Matching,
    course_key,
    person_key,
    role_said,
)

if TYPE_CHECKING:
    from liaison.exchange.matrix_reading import Line
    from liaison.services.importing.matrix_plan import MatrixWishes
    from liaison.store.store import Store

R = TypeVar("R", bound=Record)

_MOST_SHOWN: Final = 8
# What has no id yet goes by one that no record has: ids are stamps, and this one lies far ahead.
_UNBORN: Final = ids.LARGEST


class Meant:
    """Finds who and what is meant, once for each name and heading.

    Args:
        store: The home.
        days: The cells, read.
        wishes: What was said about names and headings.

    Attributes:
        people: The names, in the order of the file.
        courses: The headings, in their order.
        new_staff: Who is to be added, by the id that stands for theirs until then.
        new_courses: The courses to be added, in the same way.
    """

    def __init__(self, store: Store, days: Days, wishes: MatrixWishes) -> None:
        self._store = store
        self._days = days
        self._wishes = wishes
        self._matching = Matching(
            store,
            {person_key(name): target for name, target in wishes.people},
            {course_key(name): target for name, target in wishes.courses},
        )
        self._by_row: dict[tuple[str, str], Found] = {}
        self._by_heading: dict[str, Found] = {}
        self.people, self.courses = self._names()
        self.new_staff: dict[int, Staff] = {}
        self.new_courses: dict[int, Course] = {}

    def _names(self) -> tuple[tuple[Found, ...], tuple[Found, ...]]:
        """Find out whom names and which courses headings mean."""
        under: Counter[str] = Counter()
        beside: Counter[str] = Counter()
        rows: dict[tuple[str, str], tuple[str, list[int]]] = {}
        headings: dict[str, str] = {}
        self._roles: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for grid in self._days.matrix.grids:
            for line in grid.lines:
                if role := _row_key(line)[1]:
                    self._roles[person_key(line.name)][role] = None
                rows.setdefault(_row_key(line), (line.name, []))[1].append(line.row)
            for column in grid.columns:
                headings.setdefault(course_key(column.heading), column.heading)
        for place in self._days.said:
            _, line, column = parts(self._days.matrix, place)
            under[course_key(column.heading)] += 1
            beside[person_key(line.name)] += 1
        for (key, role), (name, numbers) in rows.items():
            found = self._matching.person(name, role, tuple(numbers), beside[key])
            self._by_row[key, role] = found
        for key, heading in headings.items():
            self._by_heading[key] = self._matching.course(heading, under[key])
        self._refuse_strangers({key for key, _ in rows}, headings)
        people: dict[str, Found] = {}
        for (key, _), found in self._by_row.items():
            # of two of one name who were told apart by their roles, neither is asked about
            if key not in people or people[key].target is not None:
                people[key] = found
        return tuple(people.values()), tuple(self._by_heading.values())

    def shared(self) -> Iterator[str]:
        """Yield what is to be said of names that stand in several rows of a sheet: one person's."""
        for grid in self._days.matrix.grids:
            rows: defaultdict[tuple[str, str], list[Line]] = defaultdict(list)
            for line in grid.lines:
                rows[_row_key(line)].append(line)
            for key, lines in rows.items():
                found = self._by_row[key]
                is_known = found.target is not None or self._wishes.new_people
                if len(lines) > 1 and is_known and found.target != LEFT:
                    numbers = ", ".join(f"{line.row:,}" for line in lines)
                    sheet = f" of {grid.name}" if grid.name else ""
                    yield (
                        f"“{lines[0].name}” stands in rows {numbers}{sheet}: they are read as one "
                        "person's."
                    )

    def _refuse_strangers(self, people: Container[str], headings: Container[str]) -> None:
        """Refuse what was said about a name or heading that the file does not have."""
        strangers = [name for name, _ in self._wishes.people if person_key(name) not in people]
        strangers += [name for name, _ in self._wishes.courses if course_key(name) not in headings]
        if strangers:
            shown = ", ".join(f"“{name}”" for name in strangers[:_MOST_SHOWN])
            raise UserError(
                f"The matrix has no name or heading {shown}.",
                kept="Nothing was changed.",
                do="Say it as it stands in the file.",
                code="no-column",
            )

    def person(self, place: Place) -> tuple[int | None, str]:
        """Return who a row is about, and else why not."""
        _, line, _ = parts(self._days.matrix, place)
        found = self._by_row[_row_key(line)]
        if isinstance(found.target, int):
            return found.target, ""
        if found.target == LEFT:
            return None, ""
        if found.several:
            words = "; ".join(words for _, words in found.several)
            return None, f"“{line.name}” may be more than one: {words}. Say who it is."
        if found.target == NEW or self._wishes.new_people:
            roles = self._roles[person_key(line.name)]
            if len(roles) > 1:
                # made one, one's training would be shown as the other's
                return None, (
                    f"“{line.name}” has several job roles in the file ({', '.join(roles)}) and may "
                    "be several people. Add them to the staff first."
                )
            return self._make_person(line.name, line.role)
        near = "; ".join(words for _, words in found.near)
        hint = f" It may be {near}." if near else ""
        return None, f"Nobody is called “{line.name}”.{hint}"

    def _make_person(self, written: str, role: str) -> tuple[int | None, str]:
        key = person_key(written)
        name = _shown_name(written)
        for reference, made in self.new_staff.items():
            if person_key(made.name or "") == key:
                return reference, ""
        field = spec_of(Staff).by_name["job_role"]
        job = None
        for said in (role, role_said(written), self._wishes.new_people):
            try:
                job = self._store.vocabularies.match(field, said) if said else None
            except ValueError:
                continue
            if job is not None:
                break
        if job is None:
            return None, f"“{name}” cannot be added: the row gives no job role that is on the list."
        return self._born(self.new_staff, Staff(name=name, job_role=job))

    def course(self, place: Place) -> tuple[int | None, str]:
        """Return what a column is about, and else why not."""
        heading = self._days.column(place).heading
        key = course_key(heading)
        found = self._by_heading[key]
        if isinstance(found.target, int):
            return found.target, ""
        if found.target == LEFT:
            return None, ""
        if found.several:
            words = "; ".join(words for _, words in found.several)
            return None, f"“{heading}” may be more than one course: {words}. Say which."
        if found.target == NEW or self._wishes.new_courses:
            for reference, made in self.new_courses.items():
                if course_key(made.name or "") == key:
                    return reference, ""
            return self._born(self.new_courses, Course(name=heading))
        near = "; ".join(words for _, words in found.near)
        hint = f" It may be {near}." if near else ""
        return None, f"No course is called “{heading}”.{hint}"

    def _born(self, among: dict[int, R], record: R) -> tuple[int | None, str]:
        """Return what stands for a new record until it is written, and else why it cannot be."""
        problems = check(record, vocabularies=self._store.vocabularies)
        if blocking := [problem.message for problem in problems if problem.blocks]:
            return None, f"It cannot be added: {' '.join(blocking)}"
        reference = _UNBORN - len(among)
        among[reference] = record
        return reference, ""

    def taught(self, course: int) -> Course:
        """Return a course, one that is still to be added too."""
        if course in self.new_courses:
            return self.new_courses[course]
        found = self._matching.courses.get(course) or self._store.get("course", course)
        return found if isinstance(found, Course) else Course()

    def finder(self) -> Find:
        """Return what finds staff and courses, the new ones too, without asking the home again."""
        ours: dict[tuple[str, int], Record] = {
            **{("staff", key): one for key, one in self._matching.staff.items()},
            **{("course", key): one for key, one in self._matching.courses.items()},
            **{("staff", key): one for key, one in self.new_staff.items()},
            **{("course", key): one for key, one in self.new_courses.items()},
        }
        store = self._store

        def find(type_name: str, identity: int) -> Record | None:
            return ours.get((type_name, identity)) or store.get(type_name, identity)

        return find


def _row_key(line: Line) -> tuple[str, str]:
    """Return what a row says of whom it is about: two of one name may have different roles."""
    return person_key(line.name), (line.role or role_said(line.name)).casefold()


def _shown_name(written: str) -> str:
    """Return a name as it is kept: first name first, as it is written otherwise."""
    last, comma, first = written.partition(",")
    text = f"{first} {last}" if comma else written
    for sign in "([":
        text = text.split(sign, 1)[0] if not comma else text
    if comma:
        first = first.split("(", 1)[0].split("[", 1)[0].split(" - ", 1)[0]
        text = f"{first} {last}"
    return " ".join(text.split(" - ", 1)[0].replace("*", "").split())
