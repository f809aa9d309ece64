"""Who comes, who goes where, and who came in the last days."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from liaison.records import spec_of
from liaison.records.casework import AgendaLine, Appointment, Round, Visit, VisitEntry
from liaison.records.fields import Record
from liaison.records.rules import times
from liaison.records.training import Session
from liaison.services.today.items import Item, Look, Section, ago, counted, id_of, joined, short
from liaison.store.query import Condition

DAYS_AHEAD: Final = 7
DAYS_BACK: Final = 7
MOST_VISITS: Final = 25
"""So many of the visits that happened: nobody reads more of them on one page."""


def coming(look: Look) -> list[Item]:
    """Return what is planned from this day on, the earliest first."""
    between = _between(look.day, DAYS_AHEAD)
    visits = look.find(Visit, *between, Condition("status", "planned"))
    rounds = look.find(Round, *between, Condition("status", "planned"))
    appointments = look.find(Appointment, *between, Condition("status", "booked"))
    sessions = look.find(Session, *between, Condition("status", "planned"))
    seen = _of_visits(look, visits)
    lines = _of_rounds(look, rounds)
    look.learn([*visits, *rounds, *appointments, *sessions, *_all(seen), *_all(lines)])
    items: list[Item] = []
    for visit in visits:
        who = _who(look, visit)
        about = _residents(look, seen.get(id_of(visit), ()))
        items.append(_coming(look, visit, visit.at, who, about or short(visit.reason)))
    for sitting in rounds:
        lines_here = lines.get(id_of(sitting), ())
        number = len({line.resident for line in lines_here if line.resident is not None})
        about = counted(number, "resident", "residents") if number else ""
        # a round without a series is named by its moment, which stands beside it already
        title = look.name("series", sitting.series) or "Round"
        items.append(_coming(look, sitting, sitting.at, title, about))
    for appointment in appointments:
        who = look.name("resident", appointment.resident)
        where = look.name("organisation", appointment.place)
        escort = look.name("staff", appointment.escort)
        about = joined(short(appointment.purpose), where, escort and f"with {escort}")
        items.append(_coming(look, appointment, appointment.at, who, about))
    for session in sessions:
        teacher = look.name("contact", session.teacher_contact)
        teacher = teacher or look.name("staff", session.teacher_staff)
        about = joined("Training", teacher, session.place or "")
        title = look.name("course", session.course)
        items.append(_coming(look, session, session.at, title, about))
    return sorted(items, key=lambda item: (-item.days, _moment(item), item.id))


def _moment(item: Item) -> dt.datetime:
    assert isinstance(item.when, dt.datetime)  # noqa: S101  # what is coming has a moment
    return item.when


def visits(look: Look) -> list[Item]:
    """Return the visits of the last days, the latest first; those nobody recorded say so.

    Of a home to which very many come these are the latest, and all those that nobody recorded.
    """
    between = _between(look.day - dt.timedelta(days=DAYS_BACK), DAYS_BACK + 1)
    found = look.each(Visit, *between, order_by="at", chunk=MOST_VISITS)
    happened = (visit for visit in found if visit.status != "planned")
    expected = look.find(Visit, *between, Condition("status", "planned"))
    wanted = [
        *itertools.islice(happened, MOST_VISITS),
        *(visit for visit in expected if _is_past(look, visit)),
    ]
    wanted.sort(key=lambda visit: (visit.at, visit.id), reverse=True)
    seen = _of_visits(look, wanted)
    look.learn([*wanted, *_all(seen)])
    items: list[Item] = []
    for visit in wanted:
        assert visit.at is not None  # noqa: S101  # that is how it was found
        days = look.days_since(visit.at)
        planned = visit.status == "planned"
        state = "" if visit.status == "happened" else look.label(visit, "status").lower()
        words = "planned, nothing recorded" if planned else joined(ago(days), state)
        about = _residents(look, seen.get(id_of(visit), ())) or short(visit.reason)
        items.append(
            Item(
                Section.VISITS, "visit", id_of(visit), _who(look, visit), about, visit.at, words,
                days, late=planned,
            )
        )  # fmt: skip
    return items


def _between(first: dt.date, days: int) -> tuple[Condition, Condition]:
    ends = first + dt.timedelta(days=days)
    return (
        Condition("at", times.start_of_day(first), ">="),
        Condition("at", times.start_of_day(ends), "<"),
    )


def _is_past(look: Look, visit: Visit) -> bool:
    """Return whether a visit was planned for a day that is over; today's may still happen."""
    return visit.at is not None and look.days_since(visit.at) > 0


def _who(look: Look, visit: Visit) -> str:
    """Return who came and from where; the kind of visit if neither is recorded."""
    who = joined(
        look.name("contact", visit.professional), look.name("organisation", visit.organisation)
    )
    return who or look.label(visit, "kind")


def _residents(look: Look, entries: Iterable[VisitEntry]) -> str:
    return look.residents(entry.resident for entry in entries)


def _coming(look: Look, record: Record, at: dt.datetime | None, title: str, about: str) -> Item:
    assert at is not None  # noqa: S101  # that is how it was found
    days = look.days_since(at)
    name = spec_of(record).name
    return Item(Section.COMING, name, id_of(record), title, about, at, ago(days), days)


def _of_visits(look: Look, visits: Sequence[Visit]) -> Mapping[int, list[VisitEntry]]:
    found: defaultdict[int, list[VisitEntry]] = defaultdict(list)
    if visits:
        wanted = tuple(id_of(visit) for visit in visits)
        for entry in look.find(VisitEntry, Condition("visit", wanted, "in")):
            found[entry.visit or 0].append(entry)
    return found


def _of_rounds(look: Look, rounds: Sequence[Round]) -> Mapping[int, list[AgendaLine]]:
    found: defaultdict[int, list[AgendaLine]] = defaultdict(list)
    if rounds:
        wanted = tuple(id_of(sitting) for sitting in rounds)
        for line in look.find(AgendaLine, Condition("round", wanted, "in")):
            found[line.round or 0].append(line)
    return found


def _all(by_owner: Mapping[int, Sequence[Record]]) -> list[Record]:
    return [record for records in by_owner.values() for record in records]
