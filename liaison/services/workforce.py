"""The workforce return: every training record of current staff, and what keeps one out of it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.exchange import workforce
from liaison.files import plain_errors, replace_file
from liaison.records import Record, all_specs, spec_of
from liaison.records.home import Home, Staff
from liaison.records.rules import times
from liaison.records.rules.compliance import works_here
from liaison.records.rules.expiry import expires_on
from liaison.records.training import Course, TrainingRecord
from liaison.records.vocabularies import shipped
from liaison.security.roles import Action
from liaison.services.references import Names
from liaison.store import query
from liaison.store.store import collector_paused
from liaison.store.trained import Trained, trained

if TYPE_CHECKING:
    from liaison.services.homes import OpenHome
    from liaison.store.store import Store

_KEPT: Final = "Nothing was written."
_ENDING: Final = ".csv"
_MOST_HEAD: Final = 1_000

Line = tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class LeftOut:
    """Why some training would be refused by the return, and is left out of the file.

    Args:
        why: What is wrong and where it is put right, in one or two sentences.
        records: How many training records it keeps out.
        type: The type of the record in which it is put right.
        record: That record's id; None if the home has no record of itself.
        about: What that record is called.
    """

    why: str
    records: int
    type: str
    record: int | None
    about: str


@dataclasses.dataclass(frozen=True, slots=True)
class Return:
    """What the file would hold.

    Args:
        lines: The cells of each line, by worker and day.
        left_out: What would be refused, the most records first.
        missing: How many training records that keeps out; one may have several reasons.
        staff: How many members of staff the lines are about.
    """

    lines: tuple[Line, ...]
    left_out: tuple[LeftOut, ...]
    missing: int
    staff: int


@dataclasses.dataclass(frozen=True, slots=True)
class Written:
    """The file as it was written.

    Args:
        made: What is in it and what is not.
        file: Where it is.
    """

    made: Return
    file: Path


class _Wrong:
    """Counts what keeps records out, by the record in which it is put right."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, int | None, str, str]] = Counter()
        self.records = 0

    def say(self, type_name: str, identity: int | None, about: str, why: str) -> None:
        """Note one record that is kept out."""
        self._counts[type_name, identity, about, why] += 1

    def told(self) -> tuple[LeftOut, ...]:
        """Return all of it, what keeps most records out first."""
        return tuple(
            LeftOut(why, count, type_name, identity, about)
            for (type_name, identity, about, why), count in self._counts.most_common()
        )


def workforce_return(store: Store, today: dt.date | None = None) -> Return:
    """Work out the training file of the workforce return; nothing is written.

    Every record of whoever works here today is in it, not only the latest of each course.

    Args:
        store: The home.
        today: The day; today if not given.
    """
    today = store.today() if today is None else today
    people, meant = _current(store, today)
    with collector_paused():
        rows = trained(store, meant)
        # a record's id begins with when it was written: of one day, in the order they were written
        rows.sort(key=lambda row: (meant[row[1]], row[3] or "", row[0]))
        making = _Making(store, people, today, Counter(meant[row[1]] for row in rows))
        lines = [line for row in rows if (line := making.line(row, meant[row[1]])) is not None]
    staff = len({line[1] for line in lines})
    return Return(tuple(lines), making.wrong.told(), len(rows) - len(lines), staff)


def _current(store: Store, today: dt.date) -> tuple[dict[int, Staff], dict[int, int]]:
    """Return who works here by id, and by any id they ever had, whom it means today."""
    everybody: dict[int, Staff] = {}
    for record in query.every(store, query.Query("staff", archived=True)):
        if isinstance(record, Staff) and record.id is not None:
            everybody[record.id] = record
    became = _became({identity: one.merged_into for identity, one in everybody.items()})
    people = {identity: one for identity, one in everybody.items() if works_here(one, today)}
    return people, {old: new for old, new in became.items() if new in people}


def _became(merged: Mapping[int, int | None]) -> dict[int, int]:
    """Return what each id stands for today; circles end where they began."""
    found = {}
    for first in merged:
        now, seen = first, {first}
        while (following := merged.get(now)) is not None and following not in seen:
            seen.add(following)
            now = following
        found[first] = now
    return found


@dataclasses.dataclass(frozen=True, slots=True)
class _Taught:
    """A course as the return has it: the code, the name, and for how long it counts."""

    category: str
    name: str
    months: int | None
    identity: int
    fault: str


@dataclasses.dataclass(frozen=True, slots=True)
class _Worker:
    """Somebody as the return knows them, and what keeps all of theirs out of it."""

    reference: str
    faults: tuple[tuple[str, int | None, str, str], ...]


@lru_cache(maxsize=64)
def _codes(
    accredited: str | None, delivered_by: str | None, delivery: str | None
) -> tuple[str, str, str, str]:
    """Return the codes of what is recorded: accredited, who, which provider, how."""
    by = workforce.WHO_DELIVERED.get(delivered_by or "", "")
    return (
        workforce.ACCREDITED.get(accredited or "", workforce.ACCREDITED["unknown"]),
        by,
        # which of the return's own providers it was is not recorded
        workforce.OTHER_PROVIDER if by == workforce.WHO_DELIVERED["external"] else "",
        workforce.HOW_DELIVERED.get(delivery or "", ""),
    )


class _Making:
    """Makes lines, and notes what would be refused."""

    def __init__(
        self, store: Store, people: Mapping[int, Staff], today: dt.date, records: Counter[int]
    ) -> None:
        self._store = store
        self._people = people
        self._today = today
        self._names = Names(store)
        self.wrong = _Wrong()
        self._place, self._place_fault = self._workplace()
        self._faults = self._worker_faults(records)
        self._courses = self._all_courses()
        self._workers: dict[int, _Worker] = {}
        self._days = lru_cache(maxsize=None)(self._read_days)

    def _workplace(self) -> tuple[str, str]:
        loaded = self._store.the("home")
        home = loaded.record if loaded is not None and isinstance(loaded.record, Home) else None
        reference = ((home and home.workforce_reference) or "").strip()
        fault = workforce.reference_fault(reference)
        self._home = None if home is None else home.id
        label = spec_of(Home).by_name["workforce_reference"].label
        return (
            reference,
            f"{label}: it {fault}. It is written in the home's own record." if fault else "",
        )

    def _worker_faults(self, records: Counter[int]) -> dict[int, str]:
        """Return what is wrong with whom, of those who have records."""
        label = spec_of(Staff).by_name["worker_reference"].label
        used: defaultdict[str, list[int]] = defaultdict(list)
        for identity, person in self._people.items():
            used[(person.worker_reference or "").strip().casefold()].append(identity)
        found = {}
        for identity in records:
            reference = (self._people[identity].worker_reference or "").strip()
            shared = [one for one in used[reference.casefold()] if one != identity]
            if fault := workforce.reference_fault(reference):
                found[identity] = f"{label}: it {fault}."
            elif shared:
                others = ", ".join(self._names.of(self._people[one]) for one in shared)
                found[identity] = f"{label}: {reference} is also that of {others}."
        return found

    def _all_courses(self) -> dict[int, _Taught]:
        courses: dict[int, Course] = {}
        for record in query.every(self._store, query.Query("course", archived=True)):
            if isinstance(record, Course) and record.id is not None:
                courses[record.id] = record
        became = _became({identity: one.merged_into for identity, one in courses.items()})
        return {
            identity: _taught(courses[now]) for identity, now in became.items() if now in courses
        }

    def line(self, row: Trained, person: int) -> Line | None:
        """Return the cells of a record; None if the return would refuse it."""
        course = self._courses.get(row[2] or 0)
        worker = self._workers.get(person)
        if worker is None:
            worker = self._workers[person] = self._worker(person)
        if course is None:
            self._refuse(row, person, "Its course is not in this home.")
            return None
        completed, expires, validity, fault = self._days(row[3], row[4], course.months)
        notes = workforce.one_line(row[8]) if row[8] else ""
        too_long = workforce.notes_fault(notes)
        if worker.faults or course.fault or fault or too_long:
            for blame in worker.faults:
                self.wrong.say(*blame)
            if course.fault:
                self.wrong.say("course", course.identity, course.name, course.fault)
            for why in filter(None, (fault, f"Its notes {too_long}." if too_long else "")):
                self._refuse(row, person, why)
            return None
        accredited, by, provider, how = _codes(row[5], row[6], row[7])
        return (
            self._place,
            worker.reference,
            course.category,
            course.name,
            accredited,
            by,
            provider,
            how,
            validity,
            completed,
            expires,
            notes,
        )

    def _worker(self, person: int) -> _Worker:
        who = self._people[person]
        blamed: list[tuple[str, int | None, str, str]] = []
        if self._place_fault:
            blamed.append(("home", self._home, all_specs()["home"].label, self._place_fault))
        if fault := self._faults.get(person):
            blamed.append(("staff", person, self._names.of(who), fault))
        return _Worker((who.worker_reference or "").strip(), tuple(blamed))

    def _refuse(self, row: Trained, person: int, why: str) -> None:
        name = self._names.of(self._people[person])
        course = self._courses.get(row[2] or 0)
        day = f", {times.show_date(dt.date.fromisoformat(row[3]))}" if row[3] else ""
        about = f"{name}{f', {course.name}' if course else ''}{day}"
        self.wrong.say("training_record", row[0], about, why)

    def _read_days(
        self, completed: str | None, expires: str | None, months: int | None
    ) -> tuple[str, str, str, str]:
        """Return the day of completion, of expiry, the months, and what is wrong with them."""
        if completed is None:
            label = spec_of(TrainingRecord).by_name["completed"].label
            return "", "", "", f"{label} is missing."
        done = dt.date.fromisoformat(completed)
        if expires is not None:
            end = dt.date.fromisoformat(expires)
            validity = str(_months_until(done, end, months))
        elif months:
            end, validity = expires_on(done, months), str(months)
        else:
            end, validity = None, workforce.NEVER
        fault = workforce.days_fault(done, end, self._today)
        return workforce.shown(done), "" if end is None else workforce.shown(end), validity, fault


def _taught(course: Course) -> _Taught:
    labels = spec_of(Course).by_name
    category = course.category or ""
    name = workforce.one_line(course.name or "")
    faults = []
    if not category:
        faults.append(f"{labels['category'].label} is missing.")
    elif not shipped().has("workforce_category", category):
        faults.append(f"{labels['category'].label}: {category!r} is not one of the return's own.")
    if fault := workforce.name_fault(name):
        faults.append(f"{labels['name'].label} {fault}.")
    return _Taught(category, name, course.refresh_months, course.id or 0, " ".join(faults))


def _months_until(completed: dt.date, end: dt.date, usual: int | None) -> int:
    """Return for how many months training counts: of a day given by hand, the months begun."""
    if usual and expires_on(completed, usual) == end:
        return usual
    months = max(1, (end.year - completed.year) * 12 + end.month - completed.month)
    if expires_on(completed, months) < end:
        months += 1
    return min(months, workforce.MOST_MONTHS)


def write_return(home: OpenHome, path: Path) -> Written:
    """Write the workforce return's training file, whole or not at all.

    What the return would refuse is left out of it and told. An earlier return of that name is
    replaced, anything else is refused.

    Args:
        home: The home.
        path: The file; its name ends in .csv.

    Returns:
        What was written and what was left out.

    Raises:
        NotAllowed: Who opened the home may not write lists out.
        UserError: There is nothing that the return would accept, or it cannot be written there;
            what was there before is as it was.
    """
    home.require(Action.EXPORT, kept=_KEPT)
    path = path.absolute()
    _refuse_place(home, path)
    made = workforce_return(home.store)
    if not made.lines:
        raise _nothing(made.left_out)
    replace_file(path, workforce.file_bytes(made.lines))
    home.access.done("exported", detail=f"Workforce return: {len(made.lines):,} to {path.name}")
    return Written(made, path)


def _nothing(left_out: Sequence[LeftOut]) -> UserError:
    if not left_out:
        return UserError(
            "Nobody who works here has a training record.",
            kept=_KEPT, do="Record training first.", code="nothing-to-write",
        )  # fmt: skip
    first = left_out[0]
    return UserError(
        f"The return would refuse every training record. {first.about}: {first.why}",
        kept=_KEPT, do="Put that right first; the check lists all of it.",
        code="nothing-to-write",
    )  # fmt: skip


def told(left_out: Iterable[LeftOut]) -> list[str]:
    """Return what is left out in words, a line each."""
    return [
        f"{one.about}: {one.why} {_counted(TrainingRecord, one.records)} left out."
        for one in left_out
    ]


def counted(made: Return) -> str:
    """Return how much is in the file, in words."""
    return f"{_counted(TrainingRecord, len(made.lines))} of {_counted(Staff, made.staff)}"


def _counted(cls: type[Record], number: int) -> str:
    spec = spec_of(cls)
    return f"{number:,} {(spec.label if number == 1 else spec.plural).lower()}"


def _refuse_place(home: OpenHome, path: Path) -> None:
    if path.suffix.lower() != _ENDING:
        raise UserError(
            f"{path.name} is no name for the workforce return.",
            kept=_KEPT, do=f"Choose a name that ends in {_ENDING}.", code="no-format",
        )  # fmt: skip
    with plain_errors(path):
        inside = path.resolve().is_relative_to(home.folder.resolve())
        has_folder = path.parent.is_dir()
        is_there = path.exists()
        is_ours = is_there and path.is_file() and _is_return(path)
    if inside:
        raise UserError(
            "A list does not go into the home's own folder.",
            kept=_KEPT, do="Choose another folder.", code="bad-place",
        )  # fmt: skip
    if not has_folder:
        raise UserError(
            f"There is no folder {path.parent}.",
            kept=_KEPT, do="Make the folder, or choose another one.", code="no-folder",
        )  # fmt: skip
    if is_there and not is_ours:
        raise UserError(
            f"{path.name} is there already, and it is not a workforce return.",
            kept="It was not touched.", do="Choose another name.", code="already-exists",
        )  # fmt: skip


def _is_return(path: Path) -> bool:
    with path.open("rb") as file:
        return workforce.is_ours(file.readline(_MOST_HEAD))
