"""What the page shows: the visits of a week, and one visit with all that belongs to it.

Everything here takes a store and gives frozen values, so it runs in a read job.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from liaison.records import Record, ids, spec_of
from liaison.records.casework import Action, Visit, VisitEntry
from liaison.records.rules import late, times
from liaison.services import visits
from liaison.services.references import Names
from liaison.store import history as log
from liaison.ui import clock
from liaison.ui.parts import facts
from liaison.ui.parts.facts import Link, Row

if TYPE_CHECKING:
    from liaison.services.visits import Seen
    from liaison.store.history import HistoryEntry
    from liaison.store.store import Store

MOST_A_WEEK: Final = 400
"""Visits of one week that the diary shows; a home with more looks at the list."""

PLANNED: Final = "planned"
HAPPENED: Final = "happened"


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """One visit in the diary.

    Args:
        id: The visit.
        at: When it began, or is planned for.
        until: When they left; may be unknown.
        who: Who came.
        place: Where from; may be empty.
        residents: Whom they saw, in words.
        kind: The kind of visit, as it is kept.
        kind_words: The kind in words.
        status: Its status as it is kept.
        state: A word for how it stands, with the state it is painted in; empty if it is plain.
        urgent: Whether it was urgent.
    """

    id: int
    at: dt.datetime
    until: dt.datetime | None
    who: str
    place: str
    residents: str
    kind: str
    kind_words: str
    status: str
    state: tuple[str, str] | None
    urgent: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Week:
    """The visits of a week, by day.

    Args:
        monday: Its first day.
        lines: Its visits, the earliest first.
        more: Whether there are more than could be shown.
    """

    monday: dt.date
    lines: tuple[Line, ...]
    more: bool = False

    @property
    def days(self) -> tuple[dt.date, ...]:
        """Its seven days."""
        return tuple(self.monday + dt.timedelta(days=n) for n in range(7))

    def of(self, day: dt.date) -> tuple[Line, ...]:
        """Return the visits of one of its days."""
        return tuple(one for one in self.lines if times.in_london(one.at).date() == day)

    def count(self, *statuses: str) -> int:
        """Return how many of its visits have one of some statuses."""
        return sum(one.status in statuses for one in self.lines)


def monday_of(day: dt.date) -> dt.date:
    """Return the Monday of a day's week."""
    return day - dt.timedelta(days=day.weekday())


def week(store: Store, monday: dt.date, now: dt.datetime) -> Week:
    """Return the visits of a week.

    Args:
        store: The home.
        monday: Its first day.
        now: The present moment.
    """
    sunday = monday + dt.timedelta(days=6)
    page = visits.visits_between(store, monday, sunday, newest_first=False, limit=MOST_A_WEEK)
    shown = [one for one in page.visits if not one.visit.struck_reason]
    names = Names(store)
    names.learn(
        {
            "contact": {one.visit.professional for one in shown if one.visit.professional},
            "organisation": {one.visit.organisation for one in shown if one.visit.organisation},
            "resident": {e.resident for one in shown for e in one.entries if e.resident},
        }
    )
    lines = tuple(_line(store, names, one, now) for one in shown if one.visit.at is not None)
    return Week(monday, lines, page.next is not None)


def _line(store: Store, names: Names, seen: Seen, now: dt.datetime) -> Line:
    visit = seen.visit
    assert visit.at is not None  # noqa: S101  # that is how it was found
    spec = spec_of(visit)
    words = store.vocabularies
    person = "" if visit.professional is None else names.by_id("contact", visit.professional)
    place = "" if visit.organisation is None else names.by_id("organisation", visit.organisation)
    kind = words.label(spec.by_name["kind"], visit.kind or "")
    whom = (
        names.by_id("resident", entry.resident)
        for entry in seen.entries
        if entry.resident is not None and not entry.struck_reason
    )
    return Line(
        id=visit.id or 0,
        at=visit.at,
        until=visit.left_at,
        who=person or place or kind,
        place=place if person else "",
        residents=", ".join(dict.fromkeys(whom)) or " ".join((visit.reason or "").split())[:120],
        kind=visit.kind or "",
        kind_words=kind,
        status=visit.status or "",
        state=state_of(visit, now, words.label(spec.by_name["status"], visit.status or "")),
        urgent=visit.urgency == "urgent",
    )


def state_of(visit: Visit, now: dt.datetime, words: str) -> tuple[str, str] | None:
    """Return how a visit stands as a state and a word; None for one that simply happened."""
    match visit.status:
        case "happened":
            return None
        case "planned" if visit.at is not None and times.in_london(visit.at) < now:
            return "due", "Not recorded"
        case "planned":
            return "info", "Coming"
        case "did not attend":
            return "late", words
        case _:
            return "none", words


# ---- one visit


@dataclasses.dataclass(frozen=True, slots=True)
class NoteFacts:
    """A note of a visit as the card shows it.

    Args:
        record: The note.
        resident: Whom it is about.
        apart: Their room and date of birth.
        rows: What it says.
        actions: What follows from it.
        author: Who wrote it, and when; of a late entry, how long after.
        fate: What became of it since, if it was struck through or moved; None if it simply stands.
    """

    record: VisitEntry
    resident: Link
    apart: str
    rows: tuple[Row, ...]
    actions: tuple[ActionFacts, ...]
    author: str
    fate: Fate | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Fate:
    """What became of a note.

    Args:
        moved: Whether it was moved to another resident, or came from one.
        words: Who did it and when; before the name of the resident, if there is one.
        resident: Whom it went to, or came from.
    """

    moved: bool
    words: str
    resident: Link | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class ActionFacts:
    """A follow-up as the card shows it: what, who by when, and how it stands."""

    record: Action
    what: str
    who: str
    state: tuple[str, str]


@dataclasses.dataclass(frozen=True, slots=True)
class VisitFacts:
    """A visit as the card shows it.

    Args:
        record: The visit.
        who: Who came.
        links: The person and the place they lead to.
        when: When, in words.
        response: How soon they came after they were asked, in words; empty if that is not known.
        kind: Kind and urgency in words.
        state: How it stands, as a state and a word.
        rows: What else is recorded of the visit.
        notes: Its notes.
        actions: What follows from the visit itself.
    """

    record: Visit
    who: str
    links: tuple[Link, ...]
    when: str
    response: str
    kind: str
    state: tuple[str, str]
    rows: tuple[Row, ...]
    notes: tuple[NoteFacts, ...]
    actions: tuple[ActionFacts, ...]


_IN_HEAD: Final = frozenset(
    {"status", "at", "kind", "urgency", "professional", "organisation", "left_at", "requested_at"}
)


def visit(store: Store, identity: int, now: dt.datetime) -> VisitFacts | None:
    """Return what the card of a visit shows; None if it is not on this PC."""
    whole = visits.visit_with_entries(store, identity)
    if whole is None or not isinstance(whole.visit.record, Visit):
        return None
    record = whole.visit.record
    names = Names(store)
    links = tuple(
        Link(target, value, names.by_id(target, value))
        for target, value in (
            ("contact", record.professional), ("organisation", record.organisation),
        )
        if value is not None
    )  # fmt: skip
    spec = spec_of(record)
    words = store.vocabularies
    kind = words.label(spec.by_name["kind"], record.kind or "")
    # that a visit was planned is what one expects
    urgency = "" if record.urgency == PLANNED else record.urgency or ""
    urgency = words.label(spec.by_name["urgency"], urgency)
    said = words.label(spec.by_name["status"], record.status or "")
    entries = [x.record for x in whole.entries if isinstance(x.record, VisitEntry)]
    actions = [x.record for x in whole.actions if isinstance(x.record, Action)]
    by_note = {e.id or 0: [a for a in actions if _comes_from(a, e)] for e in entries}
    of_notes = {a.id for found in by_note.values() for a in found}
    return VisitFacts(
        record=record,
        who=links[0].words if links else kind,
        links=links,
        when=_when(record),
        response=_response(record),
        kind=" \N{MIDDLE DOT} ".join(part for part in (kind, urgency) if part),
        state=state_of(record, now, said) or ("ok", said),
        rows=tuple(_rows(store, names, record, _IN_HEAD)),
        notes=tuple(
            dataclasses.replace(
                _note(store, names, entry, by_note[entry.id or 0], now.date(), record),
                fate=_fate(store, names, entry, entries),
            )
            for entry in entries
        ),
        actions=tuple(_action(names, a, now.date()) for a in actions if a.id not in of_notes),
    )


def _when(record: Visit) -> str:
    if record.at is None:
        return ""
    begun = times.show_time(record.at)
    if record.left_at is None:
        return begun
    same = times.in_london(record.at).date() == times.in_london(record.left_at).date()
    left = times.show_time(record.left_at)
    return f"{begun} to {left.partition(', ')[2] if same else left}"


def _response(record: Visit) -> str:
    """Return how soon they came after they were asked."""
    if record.requested_at is None:
        return ""
    asked = f"Asked for {times.show_time(record.requested_at)}"
    if record.at is None or record.status != HAPPENED or record.at < record.requested_at:
        return asked
    return f"{asked}; came {late.span_words(record.at - record.requested_at)} later"


def _rows(store: Store, names: Names, record: Record, without: frozenset[str]) -> Iterator[Row]:
    for field in spec_of(record).fields:
        if field.asked and field.name not in without:
            row = facts.row_of(store, names, record, field)
            if row.text:
                yield row


def _note(  # noqa: PLR0917  # what a note is shown with
    store: Store,
    names: Names,
    entry: VisitEntry,
    actions: Sequence[Action],
    today: dt.date,
    visit: Visit,
) -> NoteFacts:
    resident = store.follow("resident", entry.resident or 0)
    return NoteFacts(
        record=entry,
        resident=_resident(store, names, entry),
        apart="" if resident is None else facts.apart(store, names, resident),
        rows=tuple(_rows(store, names, entry, frozenset({"visit", "resident"}))),
        actions=tuple(_action(names, action, today) for action in actions),
        author=_author(store, names, entry, visit),
    )


def _fate(
    store: Store, names: Names, entry: VisitEntry, entries: Sequence[VisitEntry]
) -> Fate | None:
    """Return where a note went or came from, who did it and when."""
    if entry.struck_reason:
        by = _who_and_when(
            names, [e for e in log.history(store, "visit_entry", entry.id or 0) if _strikes(e)]
        )
        copy = next((e for e in entries if e.moved_from == entry.id and e.lives), None)
        if copy is None:
            return Fate(moved=False, words=f"Struck through{by}")
        return Fate(moved=True, words=f"Moved{by}, to", resident=_told_apart(names, copy))
    before = next((e for e in entries if e.id is not None and e.id == entry.moved_from), None)
    if before is None:
        return None
    by = _who_and_when(names, log.history(store, "visit_entry", entry.id or 0)[:1])
    return Fate(moved=True, words=f"Moved here{by}, from", resident=_told_apart(names, before))


def _strikes(change: HistoryEntry) -> bool:
    step = change.fields.get("struck_reason")
    return step is not None and bool(step.after)


def _who_and_when(names: Names, changes: Sequence[HistoryEntry]) -> str:
    if not changes:
        return ""
    last = changes[-1]
    return f" by {names.by_id('person', last.person)}, {times.show_time(last.at)}"


def _told_apart(names: Names, entry: VisitEntry) -> Link:
    # moved between two of one name, the name alone would say nothing
    return Link("resident", entry.resident or 0, names.by_id("resident", entry.resident or 0))


def _resident(store: Store, names: Names, entry: VisitEntry) -> Link:
    identity = entry.resident or 0
    record = store.follow("resident", identity)
    words = names.by_id("resident", identity) if record is None else names.title(record)
    return Link("resident", identity, words)


def _author(store: Store, names: Names, entry: VisitEntry, visit: Visit) -> str:
    written = log.history(store, "visit_entry", entry.id or 0)[:1]
    if not written:
        return ""
    first = _first_words(log.history(store, "visit_entry", entry.id or 0))
    said = f"Written by {names.by_id('person', first.person)}, {times.show_time(first.at)}"
    ended = None if visit.status != HAPPENED else visit.left_at or visit.at
    if ended is not None and late.is_late(ended, first.at):
        said += f": a late entry, {late.span_words(first.at - ended)} afterwards"
    return said


def _first_words(changes: Sequence[HistoryEntry]) -> HistoryEntry:
    """Return when a note was written: what was found, of one that was planned before."""
    for change in changes:
        step = change.fields.get("found")
        if step is not None and step.after:
            return change
    return changes[0]


def _comes_from(action: Action, entry: VisitEntry) -> bool:
    return (
        action.source_type == "visit_entry"
        and entry.id is not None
        and action.source_id == ids.to_text(entry.id)
    )


def _action(names: Names, action: Action, today: dt.date) -> ActionFacts:
    doer = ""
    if action.owner_staff is not None:
        doer = names.by_id("staff", action.owner_staff)
    elif action.owner_contact is not None:
        doer = names.by_id("contact", action.owner_contact)
    by = f"by {clock.short_day(action.due)}" if action.due is not None else ""
    who = ", ".join(part for part in (doer, by) if part)
    return ActionFacts(action, action.what or "", who, action_state(action, today))


def action_state(action: Action, today: dt.date) -> tuple[str, str]:
    """Return how a follow-up stands, as a state and a word."""
    if action.struck_reason:
        return "none", "Struck through"
    if action.done_at is not None:
        return "ok", "Done"
    if action.due is None:
        return "info", "Open"
    days = (action.due - today).days
    if days < 0:
        return "late", f"Late {-days} d"
    if days == 0:
        return "due", "Due today"
    return "info", f"Due in {days} d"
