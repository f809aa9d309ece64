"""What runs out in the coming months, the sessions that would help, and what to ask partners for."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.records.rules import gaps as rules
from liaison.records.rules.gaps import Coming, Gap, Proposal
from liaison.records.rules.matrix import Matrix
from liaison.records.rules.standing import Facts, counting
from liaison.services.partner_needs import Need, Teacher, course_needs, skill_needs, taught_last
from liaison.services.references import Names
from liaison.services.training import facts_on, matrix_of

if TYPE_CHECKING:
    from liaison.store.store import Store

SPANS: Final = (30, 60, 90)
"""The days people plan by."""
LONGEST: Final = 730


@dataclasses.dataclass(frozen=True, slots=True)
class GapPlan:
    """What is missing and what to do about it.

    Args:
        made: The matrix of the day.
        within: How many days it looks ahead.
        at_once: How many of a team may be away at once; None: any number.
        gaps: What is missing or runs out, the most pressing first.
        proposals: The sessions that close most.
        needs: What to ask partners in health for.
        courses: The names of the courses of the sessions, by id.
        teachers: Who taught a course last, from outside, by course.
    """

    made: Matrix
    within: int
    at_once: int | None
    gaps: tuple[Gap, ...]
    proposals: tuple[Proposal, ...]
    needs: tuple[Need, ...]
    courses: Mapping[int, str]
    teachers: Mapping[int, Teacher]

    @property
    def late(self) -> int:
        """How many gaps there are already."""
        return self.spans[0]

    @property
    def spans(self) -> tuple[int, ...]:
        """How many are late, and how many more run out within 30, 60 and 90 days."""
        return rules.by_span(self.gaps, self.made.on, SPANS)


def gap_plan(
    store: Store, on: dt.date | None = None, within: int = SPANS[-1], *, at_once: int | None = None
) -> GapPlan:
    """Return what is missing or runs out within some days, and what would close most of it.

    Args:
        store: The home.
        on: The day; today if not given.
        within: How many days to look ahead, 0 to 730.
        at_once: How many of a team may be away at once, at least 1; None: any number.

    Raises:
        UserError: The numbers cannot be planned with.
    """
    if not 0 <= within <= LONGEST:
        raise UserError(
            f"{within:,} days ahead cannot be planned for.",
            kept="Nothing was changed.", do=f"Choose 0 to {LONGEST} days.", code="bad-number",
        )  # fmt: skip
    if at_once is not None and at_once < 1:
        raise UserError(
            "If nobody of a team may be away, nobody can be taught.",
            kept="Nothing was changed.", do="Allow at least one at a time.", code="bad-number",
        )  # fmt: skip
    on = store.today() if on is None else on
    facts = facts_on(store, on)
    made = matrix_of(store, facts, on)
    found = rules.find(made, within)
    proposals = rules.plan(
        found, counting(facts.courses), _coming(store, facts, made), at_once=at_once
    )
    names = Names(store)
    asked = {gap.course for gap in found} | {one.course for one in proposals}
    teachers = {
        course: teacher for course in asked if (teacher := taught_last(store, names, course))
    }
    return GapPlan(
        made, within, at_once, found, proposals,
        (*course_needs(found, teachers, on), *skill_needs(store, names, facts, on, within)),
        {course: names.by_id("course", course) for course in asked},
        teachers,
    )  # fmt: skip


def _coming(store: Store, facts: Facts, made: Matrix) -> tuple[Coming, ...]:
    """Return the planned sessions that have room."""
    teams = {row.staff.id: rules.team_of(row) for row in made.rows}
    booked: defaultdict[int, list[int]] = defaultdict(list)
    for place in facts.attendances:
        if place.session is not None and place.staff is not None and not place.struck_reason:
            booked[place.session].append(place.staff)
    names = Names(store)
    found = []
    for one in facts.sessions:
        if one.id is None or one.at is None or one.course is None or one.struck_reason:
            continue
        free = (one.capacity or rules.PLACES) - len(booked[one.id])
        course = names.record("course", one.course)
        if free > 0 and course is not None and course.id is not None:
            counted = Counter(teams[who] for who in booked[one.id] if who in teams)
            found.append(Coming(one.id, course.id, one.at, free, dict(counted)))
    return tuple(found)
