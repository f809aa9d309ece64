"""Whether somebody holds a course on a day, and the share of those who do (domain rules 1 and 6).

Everything is worked out for one day, "as it was on": records of later days are left out, and what is
known today of that day counts.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from liaison.records.home import Staff
from liaison.records.rules.expiry import expires_on
from liaison.records.rules.same_name import name_key
from liaison.records.training import Course, JobHeld, Requirement, TrainingRecord

DATA_SECURITY_PERCENT: Final = 95
"""The national target: this share of staff had data security training in the last 12 months."""
DATA_SECURITY_MONTHS: Final = 12
_DATA_SECURITY_NAME: Final = "data security"
_DATA_SECURITY_CATEGORY: Final = "26"
_LEAST_PARTS: Final = 2
_TENTH: Final = Decimal("0.1")
_MONTHS_A_YEAR: Final = 12
_NUMBERS: Final = (
    "", "", "two ", "three ", "four ", "five ", "six ", "seven ", "eight ", "nine ", "ten ",
)  # fmt: skip


class State(enum.Enum):
    """How one person stands with one course on a day, in the words people see."""

    IN_DATE = "in date"
    DUE_SOON = "due soon"
    OUT_OF_DATE = "out of date"
    MISSING = "missing"
    BOOKED = "booked"
    NOT_REQUIRED = "not required"
    EXEMPT = "exempt"


class Held(NamedTuple):
    """The training that counts longest for a course.

    Args:
        record: The training record's id.
        completed: The day it was completed.
        runs_out: The last day it counts; None: it never runs out.
    """

    record: int | None
    completed: date
    runs_out: date | None

    def in_date(self, on: date) -> bool:
        """Return whether it still counts on a day."""
        return self.runs_out is None or on <= self.runs_out

    def outlasts(self, other: Held) -> bool:
        """Return whether it counts longer than another; of two alike the newer one is shown."""
        return (self.runs_out or date.max, self.completed) > (
            other.runs_out or date.max,
            other.completed,
        )


class Done(NamedTuple):
    """What counts of a training record: whose it is, of which course, from when until when."""

    id: int | None
    staff: int | None
    course: int | None
    completed: date | None
    expires: date | None = None


@lru_cache(maxsize=4096)
def _end(completed: date, months: int | None) -> date | None:
    return None if months is None else expires_on(completed, months)


def runs_out(
    record: TrainingRecord | Done, course: Course, counted_as: Course | None = None
) -> date | None:
    """Return the last day on which training counts.

    Training in a course that also counts as another counts for that one as if it had been
    completed on the same day, and no longer than it lasts itself.

    Args:
        record: The training; it has a completion date.
        course: The course it was in.
        counted_as: The course it is asked for; ``course`` itself if not given.

    Returns:
        The day; None if it never runs out.
    """
    assert record.completed is not None  # noqa: S101  # required of every record
    own = record.expires or _end(record.completed, course.refresh_months)
    if counted_as is None or counted_as.id == course.id:
        return own
    asked = _end(record.completed, counted_as.refresh_months)
    return min((end for end in (own, asked) if end is not None), default=None)


def counts_as(courses: Mapping[int, Course]) -> dict[int, frozenset[int]]:
    """Return what each course counts as: itself, what it satisfies, and so on (circles end).

    Args:
        courses: The courses by id.
    """
    found: dict[int, frozenset[int]] = {}
    for identity in courses:
        reached, ahead = {identity}, [identity]
        while ahead:
            for also in courses[ahead.pop()].satisfies:
                if also in courses and also not in reached:
                    reached.add(also)
                    ahead.append(also)
        found[identity] = frozenset(reached)
    return found


def parts_of(
    courses: Mapping[int, Course], counting: Mapping[int, frozenset[int]]
) -> dict[int, tuple[int, ...]]:
    """Return the numbered parts of each course that has some, such as the Care Certificate's 16.

    A part is a course that the whole also counts as, and that is called as the whole is, with a
    number: "Care Certificate 3: Duty of care". One alone is no part of anything.

    Args:
        courses: The courses by id.
        counting: What each course counts as (:func:`counts_as`).
    """
    found: dict[int, tuple[int, ...]] = {}
    for identity, also in counting.items():
        whole = courses[identity]
        if not whole.name or not whole.lives or len(also) < _LEAST_PARTS + 1:
            continue
        # without blanks and accents, as names are compared: "carecertificate3:dutyofcare"
        numbered = re.compile(rf"{re.escape(name_key(whole.name))}\W*(?:standard|part|unit)?\d")
        parts = tuple(
            part
            for part in sorted(also)
            if part != identity
            and courses[part].lives
            and numbered.match(name_key(courses[part].name or ""))
        )
        if len(parts) >= _LEAST_PARTS:
            found[identity] = parts
    return found


def joined(parts: Iterable[Held], whole: Course) -> Held | None:
    """Return what holding every part of a course comes to; None without any part.

    It is completed with the last part and runs out with the first, or by the course's own rule if
    that is earlier.

    Args:
        parts: What is held of each part.
        whole: The course.
    """
    held = list(parts)
    if not held:
        return None
    completed = max(part.completed for part in held)
    ends = [part.runs_out for part in held] + [_end(completed, whole.refresh_months)]
    return Held(None, completed, min((end for end in ends if end is not None), default=None))


def works_here(person: Staff, on: date) -> bool:
    """Return whether somebody worked in the home on a day, the last day counted in.

    Whoever was archived after they left is still found on the days they were here; whoever was
    archived without having left was entered by mistake.
    """
    if person.merged_into is not None or person.struck_reason:
        return False
    if person.archived and person.left_on is None:
        return False
    started = person.started is None or person.started <= on
    return started and (person.left_on is None or on <= person.left_on)


def job_role_on(person: Staff, jobs: Iterable[JobHeld], on: date) -> str | None:
    """Return the job role somebody had on a day: the latest one they had taken up by then.

    Args:
        person: The member of staff.
        jobs: Their dated job roles, in any order.
        on: The day.

    Returns:
        The role; the one on their own record where no dated one reaches back so far.
    """
    begun = [(job.since, job.id or 0, job) for job in jobs if job.since and job.since <= on]
    return max(begun, key=lambda entry: entry[:2])[2].job_role if begun else person.job_role


def required_from(requirement: Requirement, person: Staff) -> date:
    """Return the first day on which somebody must hold a course; new starters have time for it."""
    begins = requirement.since or date.min
    if person.started is None:
        return begins
    try:
        grace_over = person.started + timedelta(days=requirement.grace_days or 0)
    except OverflowError:
        grace_over = date.max
    return max(begins, grace_over)


def state_of(
    held: Held | None,
    on: date,
    *,
    required: bool,
    exempt: bool,
    booked: bool,
    due_soon_days: int,
) -> State:
    """Return how somebody stands with a course.

    Args:
        held: The training that counts longest; None if there is none.
        on: The day.
        required: Whether they must hold the course on that day.
        exempt: Whether they need not, by exemption.
        booked: Whether a place on a coming session is held for them.
        due_soon_days: How many days before it runs out a course is due soon.
    """
    if held is not None and held.in_date(on):
        end = held.runs_out
        if not required or exempt or end is None or (end - on).days > due_soon_days:
            return State.IN_DATE
        return State.BOOKED if booked else State.DUE_SOON
    if booked:
        return State.BOOKED
    if exempt:
        return State.EXEMPT
    if not required:
        return State.NOT_REQUIRED
    return State.MISSING if held is None else State.OUT_OF_DATE


def percent(part: int, whole: int, target: int = 100) -> Decimal:
    """Return a share in per cent with one decimal; nobody of nobody is all of them.

    Args:
        part: How many do.
        whole: Out of how many.
        target: A target in per cent; a share below it never rounds up to it.
    """
    if whole == 0:
        return Decimal(100)
    share = Decimal(100 * part) / whole
    shown = share.quantize(_TENTH, ROUND_HALF_UP)
    if any(share < line <= shown for line in (target, 100)):
        shown = share.quantize(_TENTH, ROUND_DOWN)
    return shown


def data_security(courses: Iterable[Course]) -> frozenset[int]:
    """Return the courses the national target for data security is about.

    They are known by their name; where none has it in its name, by their workforce category.
    """
    known = list(courses)
    wanted = name_key(_DATA_SECURITY_NAME)
    named = [c.id for c in known if c.id is not None and wanted in name_key(c.name or "")]
    category = [c.id for c in known if c.id is not None and c.category == _DATA_SECURITY_CATEGORY]
    return frozenset(named or category)


def refresh_words(months: int | None) -> str:
    """Say how often a course is refreshed: "Every three years", or "Once"."""
    if months is None:
        return "Once"
    number, unit = (months, "month") if months % _MONTHS_A_YEAR else (months // 12, "year")
    if number == 1:
        return f"Every {unit}"
    words = _NUMBERS[number] if number < len(_NUMBERS) else f"{number} "
    return f"Every {words}{unit}s"
