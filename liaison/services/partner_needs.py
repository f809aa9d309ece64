"""What our staff need that partners in health have taught or signed off: a list to send them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from liaison.records import spec_of
from liaison.records.directory import Organisation
from liaison.records.home import Staff
from liaison.records.rules.compliance import works_here
from liaison.records.rules.gaps import Gap
from liaison.records.rules.same_name import name_key
from liaison.records.rules.standing import Facts
from liaison.records.training import Competency, Session
from liaison.services.directory import posts_of
from liaison.services.references import Names
from liaison.store import query
from liaison.store.query import Condition

if TYPE_CHECKING:
    from liaison.store.store import Store

_HEALTH: Final = frozenset({
    "GP practice", "ambulance", "community nursing", "continence", "dementia", "falls", "hospice",
    "hospital", "mental health", "pharmacy", "therapy",
})  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class Teacher:
    """Who taught a course last, from outside.

    Args:
        contact: Their id.
        name: Their name.
        organisation: The organisation's name; empty if it was not recorded.
        partner: Whether that is a partner in health, not a firm that sells training.
        at: When they taught it last.
        organisation_id: The organisation's id.
    """

    contact: int
    name: str
    organisation: str
    partner: bool
    at: dt.datetime
    organisation_id: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Need:
    """Something our staff need that a partner in health has taught or signed off before.

    Nobody of the staff is named: it is for people outside the home.

    Args:
        what: The course or the skill.
        partner: The organisation, or the person where none is recorded.
        person: Who taught it or signed it off last.
        people: How many need it.
        roles: How many of each job role.
        late: How many of them need it already.
        by: The first day on which somebody's runs out or is due for review; None: none to come.
        skill: Whether it is a skill to be reviewed, not a course.
    """

    what: str
    partner: str
    person: str
    people: int
    roles: tuple[tuple[str, int], ...]
    late: int
    by: dt.date | None
    skill: bool = False


def taught_last(store: Store, names: Names, course: int) -> Teacher | None:
    """Return who taught a course last, of those from outside; None if nobody did."""
    asked = query.Query("session", query.equal({"course": course}), order_by="at")
    for record in query.page(store, asked).records:
        if not isinstance(record, Session) or record.at is None or record.struck_reason:
            continue
        if record.teacher_contact is None or record.status == "cancelled":
            continue
        return _teacher(names, record.teacher_contact, record.organisation, record.at)
    return None


def _teacher(
    names: Names, contact: int, organisation: int | None, at: dt.datetime
) -> Teacher | None:
    person = names.record("contact", contact)
    if person is None or person.id is None:
        return None
    place = None if organisation is None else names.record("organisation", organisation)
    known = isinstance(place, Organisation)
    return Teacher(
        person.id, names.title(person), names.title(place) if place is not None else "",
        isinstance(place, Organisation) and place.kind in _HEALTH, at,
        place.id if known and place is not None else None,
    )  # fmt: skip


def course_needs(
    gaps: Iterable[Gap], teachers: Mapping[int, Teacher], on: dt.date
) -> tuple[Need, ...]:
    """Return the courses that partners in health taught before and somebody needs again.

    Args:
        gaps: What is missing; whoever has a place already is left out.
        teachers: Who taught each course last.
        on: The day.
    """
    together: defaultdict[int, list[Gap]] = defaultdict(list)
    for gap in gaps:
        teacher = teachers.get(gap.course)
        if teacher is not None and teacher.partner and not gap.booked:
            together[gap.course].append(gap)
    found = []
    for course, some in together.items():
        teacher = teachers[course]
        coming = [gap.by for gap in some if gap.by is not None and gap.by >= on]
        found.append(
            Need(
                some[0].column.course.name or "", teacher.organisation or teacher.name,
                teacher.name, len(some), _counted(gap.row.role for gap in some),
                sum(gap.is_late(on) for gap in some), min(coming, default=None),
            )
        )  # fmt: skip
    return tuple(sorted(found, key=_order))


def _order(need: Need) -> tuple[bool, int, str]:
    return need.skill, -need.people, need.what.casefold()


def _counted(roles: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(roles).items(), key=lambda pair: (-pair[1], pair[0])))


def skill_needs(
    store: Store, names: Names, facts: Facts, on: dt.date, within: int
) -> tuple[Need, ...]:
    """Return the skills to be seen again by whoever signed them off from outside.

    Args:
        store: The home.
        names: Names records.
        facts: Who works here.
        on: The day.
        within: How many days to look ahead.
    """
    here = {one.id: one for one in facts.staff if works_here(one, on)}
    last = on + dt.timedelta(days=within)
    latest: dict[tuple[int, str], Competency] = {}
    theirs = Condition("staff", tuple(one for one in here if one is not None), "in")
    for one in query.every(store, query.Query("competency", (theirs,))):
        assert isinstance(one, Competency)  # noqa: S101  # of its type
        if one.struck_reason or one.assessed_on is None:
            continue
        if one.staff is None or one.staff not in here:
            continue
        key = one.staff, name_key(one.skill or "")
        before = latest.get(key)
        # the newest first: of two of one day the first read stands
        if one.assessed_on <= on and (
            before is None or before.assessed_on is None or one.assessed_on > before.assessed_on
        ):
            latest[key] = one
    together: defaultdict[tuple[str, int], list[Competency]] = defaultdict(list)
    for one in latest.values():
        if one.review_due is not None and one.review_due <= last and one.assessor_contact:
            together[name_key(one.skill or ""), one.assessor_contact].append(one)
    found = (_skill(store, names, some, here, on) for some in together.values())
    return tuple(sorted((need for need in found if need is not None), key=_order))


def _skill(
    store: Store,
    names: Names,
    some: Sequence[Competency],
    here: Mapping[int | None, Staff],
    on: dt.date,
) -> Need | None:
    """Return what to ask for; None if whoever signed it off sells training."""
    assessor = some[0].assessor_contact or 0
    job_role = spec_of(Staff).by_name["job_role"]
    roles = [store.vocabularies.label(job_role, here[one.staff].job_role or "") for one in some]
    coming = [one.review_due for one in some if one.review_due and one.review_due >= on]
    person = names.record("contact", assessor)
    name = "" if person is None else names.title(person)
    places = [held.organisation for held in posts_of(store, assessor, on) if held.organisation]
    if places and not any(one.kind in _HEALTH for one in places):
        return None
    place = names.title(places[0]) if places else ""
    return Need(
        some[0].skill or "", place or name, name, len(some),
        _counted(roles), sum(one.review_due < on for one in some if one.review_due),
        min(coming, default=None), skill=True,
    )  # fmt: skip
