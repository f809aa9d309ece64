"""The facts of visits and admissions in figures, gathered for paper."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.records.casework import Visit, VisitEntry
from liaison.records.directory import Organisation
from liaison.records.home import Resident
from liaison.records.rules import times
from liaison.records.rules.spans import Spans, spans
from liaison.reports.activity import SPEC, Admissions, Facts, Practice, Seen
from liaison.services import transfers
from liaison.services.directory import held_on
from liaison.services.reporting.naming import Residents
from liaison.services.reporting.open_loops import home_name
from liaison.services.reporting.scorecard import Places
from liaison.services.today.items import Look, id_of
from liaison.store import query
from liaison.store.query import Condition

if TYPE_CHECKING:
    from liaison.reports.spec import Asked
    from liaison.store.store import Store

__all__ = ["SPEC", "gather"]

_DAY: Final = dt.timedelta(days=1)
_CHUNK: Final = 500
_GP: Final = "GP"
_PRACTICE: Final = "GP practice"
_ADMISSION: Final = "admission"


def gather(store: Store, asked: Asked) -> Facts:
    """Return what the report shows.

    Args:
        store: The home.
        asked: The period, and how residents are named.

    Raises:
        UserError: The period has no beginning or end.
    """
    if asked.start is None or asked.end is None:
        raise UserError(
            "Say which period the figures are of.",
            kept="Nothing was printed.",
            do="Give the first and the last day.",
            code="period",
        )
    start, end = asked.start, asked.end
    parts = spans(start, end)
    look = Look(store, store.today())
    length = (end - start).days + 1
    try:
        since = start - dt.timedelta(days=length)
    except OverflowError:
        since = start
    visits = list(_visits(look, since, end))
    now = [one for one in visits if one.day >= start]
    earlier = [one for one in visits if one.day < start]
    return Facts(
        home=home_name(store),
        start=start,
        end=end,
        spans=parts,
        planned=_by_part(parts, now, "planned"),
        ad_hoc=_by_part(parts, now, "ad hoc"),
        urgent=_by_part(parts, now, "urgent"),
        before=(len(earlier), sum(one.is_planned for one in earlier)),
        practices=tuple(_practices(look, now, end)),
        residents=tuple(_residents(look, now, Residents(store, asked.names, look.names), end)),
        admissions=_admissions(store, parts, start, end, since),
        names=asked.names,
    )


@dataclasses.dataclass(frozen=True, slots=True)
class _Visit:
    """A visit that took place, its day on the home's wall, and whom it was about as they stand."""

    visit: Visit
    day: dt.date
    residents: frozenset[int]

    @property
    def urgency(self) -> str:
        """How it came about."""
        return self.visit.urgency or "planned"

    @property
    def is_planned(self) -> bool:
        """Whether it was agreed before."""
        return self.urgency == "planned"


def _visits(look: Look, start: dt.date, end: dt.date) -> Iterator[_Visit]:
    where = (
        Condition("at", times.start_of_day(start), ">="),
        Condition("at", times.start_of_day(end + _DAY), "<"),
    )
    found = [
        one
        for one in look.each(Visit, *where, order_by="at")
        if one.status == "happened" and one.at
    ]
    about: defaultdict[int, set[int]] = defaultdict(set)
    for first in range(0, len(found), _CHUNK):
        ids = tuple(id_of(one) for one in found[first : first + _CHUNK])
        for entry in look.each(VisitEntry, Condition("visit", ids, "in")):
            standing = look.names.record("resident", entry.resident or 0)
            if standing is not None and standing.id is not None and entry.visit is not None:
                about[entry.visit].add(standing.id)
    for one in found:
        assert one.at is not None  # noqa: S101  # only such were kept
        yield _Visit(one, times.in_london(one.at).date(), frozenset(about[id_of(one)]))


def _by_part(parts: Spans, visits: list[_Visit], urgency: str) -> tuple[int, ...]:
    counts = [0] * len(parts.parts)
    for one in visits:
        place = parts.place(one.day)
        if place is not None and one.urgency == urgency:
            counts[place] += 1
    return tuple(counts)


def _lives_here(record: Resident, on: dt.date) -> bool:
    return record.left_on is None or record.left_on > on


def _practices(look: Look, visits: list[_Visit], end: dt.date) -> Iterator[Practice]:
    """Yield each practice with its visits, and under it each GP with theirs."""
    places = Places(look)
    by_place: defaultdict[int, list[_Visit]] = defaultdict(list)
    by_person: defaultdict[int, list[_Visit]] = defaultdict(list)
    home_of: dict[int, int] = {}
    for one in visits:
        place = places.of(one.visit.organisation, one.visit.professional, one.day)
        standing = look.names.record("organisation", place or 0)
        if place is not None and isinstance(standing, Organisation) and standing.kind == _PRACTICE:
            by_place[place].append(one)
        person = look.names.record("contact", one.visit.professional or 0)
        if (
            person is not None
            and person.id is not None
            and any(
                post.role == _GP and held_on(post, one.day)
                for post in places.posts.get(person.id, ())
            )
        ):
            by_person[person.id].append(one)
            if place is not None:
                home_of[person.id] = place
    registered = _registered(look, end)
    for place in _most_first(look, "organisation", by_place, registered):
        yield _practice(
            look.name("organisation", place),
            "",
            registered["organisation", place],
            by_place[place],
        )
    for doctor in _most_first(look, "contact", by_person, registered):
        where = look.name("organisation", home_of.get(doctor) or places.of(None, doctor, end))
        yield _practice(
            look.name("contact", doctor),
            where or _GP,
            registered["contact", doctor],
            by_person[doctor],
        )


def _registered(look: Look, end: dt.date) -> defaultdict[tuple[str, int], int]:
    """Count the residents of each practice and of each GP."""
    found: defaultdict[tuple[str, int], int] = defaultdict(int)
    for resident in look.each(Resident):
        if not _lives_here(resident, end):
            continue
        for type_name, identity in (("organisation", resident.practice), ("contact", resident.gp)):
            record = None if identity is None else look.names.record(type_name, identity)
            if record is not None and record.id is not None:
                found[type_name, record.id] += 1
    return found


def _most_first(
    look: Look,
    type_name: str,
    visits: defaultdict[int, list[_Visit]],
    registered: defaultdict[tuple[str, int], int],
) -> list[int]:
    known = {*visits, *(identity for kind, identity in registered if kind == type_name)}
    return sorted(known, key=lambda one: (-len(visits[one]), look.name(type_name, one)))


def _practice(name: str, place: str, registered: int, visits: list[_Visit]) -> Practice:
    return Practice(
        name,
        place,
        registered,
        len(visits),
        sum(one.is_planned for one in visits),
        len(frozenset[int]().union(*(one.residents for one in visits))),
        max((one.day for one in visits), default=None),
    )


def _residents(
    look: Look, visits: list[_Visit], residents: Residents, end: dt.date
) -> Iterator[Seen]:
    seen: defaultdict[int, list[_Visit]] = defaultdict(list)
    for one in visits:
        for resident in one.residents:
            seen[resident].append(one)
    everybody = query.Query("resident", archived=True)
    rows: list[Seen] = []
    for record in query.every(look.store, everybody):
        if not isinstance(record, Resident) or record.merged_into is not None:
            continue
        identity = id_of(record)
        here = _lives_here(record, end) and not record.archived and not record.struck_reason
        came = seen.get(identity, [])
        if not came and (not here or (record.moved_in is not None and record.moved_in > end)):
            continue
        people = {one.visit.professional for one in came if one.visit.professional is not None}
        rows.append(
            Seen(
                residents.with_room(identity, look.name("resident", identity)),
                len(came),
                sum(one.is_planned for one in came),
                len(people),
                max((one.day for one in came), default=None),
                left=not here,
            )
        )
    yield from sorted(rows, key=lambda one: (-one.times, one.resident.casefold()))


def _admissions(
    store: Store, parts: Spans, start: dt.date, end: dt.date, since: dt.date
) -> Admissions:
    planned, unplanned, unsaid = ([0] * len(parts.parts) for _ in range(3))
    told = [
        one
        for one in transfers.between(store, start, end)
        if one.transfer.direction == _ADMISSION and one.transfer.at is not None
    ]
    for one in told:
        assert one.transfer.at is not None  # noqa: S101  # only such were kept
        place = parts.place(times.in_london(one.transfer.at).date())
        kinds = {True: planned, False: unplanned, None: unsaid}
        if place is not None:
            kinds[one.transfer.planned][place] += 1
    earlier = transfers.between(store, since, start - _DAY) if since < start else ()
    return Admissions(
        tuple(planned),
        tuple(unplanned),
        tuple(unsaid),
        sum(one.out_of_hours for one in told),
        sum(bool(one.transfer.end_of_life) for one in told),
        sum(one.readmitted_after is not None for one in told),
        sum(one.transfer.direction == _ADMISSION for one in earlier),
    )
