"""Visits as people write and read them: with what was found for each resident, and what follows."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.records import Problem, Record, all_specs, ids, spec_of
from liaison.records.casework import Action, Visit, VisitEntry
from liaison.records.rules import times
from liaison.services import editing
from liaison.services.references import Names
from liaison.services.together import Together
from liaison.store import history, query
from liaison.store.query import Condition, Position
from liaison.store.rows import Loaded

if TYPE_CHECKING:
    from liaison.services.homes import OpenHome
    from liaison.store.store import Store

_HAPPENED: Final = "happened"
NOT_HAPPENED: Final = ("planned", "cancelled", "did not attend")
"""What a visit is that nobody has recorded as having happened."""


@dataclasses.dataclass(frozen=True, slots=True)
class VisitSaved:
    """What was saved of a visit.

    Args:
        visit: The visit's id.
        entries: The ids of the notes, in the order they were given in.
        actions: The ids of the actions, in the order they were given in.
        warnings: What is unusual, with fields such as ``entries.0.found``.
    """

    visit: int
    entries: tuple[int, ...]
    actions: tuple[int, ...]
    warnings: tuple[Problem, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class WholeVisit:
    """A visit as a form shows it, with the versions to save it with.

    Args:
        visit: The visit.
        entries: Its notes in the order they were written, struck-through ones too.
        actions: What follows from it or from one of its notes, done or not.
    """

    visit: Loaded
    entries: tuple[Loaded, ...]
    actions: tuple[Loaded, ...]


def record_visit(
    home: OpenHome,
    visit: Visit,
    entries: Sequence[VisitEntry],
    actions: Sequence[Action] = (),
    reason: str = "",
    *,
    also: tuple[Problem, ...] = (),
) -> VisitSaved:
    """Keep a visit with its notes and what follows from them, in one unit of work.

    Args:
        home: The home.
        visit: The visit.
        entries: A note for each resident; which visit it belongs to is not looked at.
        actions: What follows. An action about a resident with a note here comes from that note,
            any other from the visit.
        reason: Why, in their words.
        also: Problems the caller found, to be told with the others.

    Returns:
        The ids, and what is unusual.

    Raises:
        Unfit: Something is wrong. All problems of all parts are told, with fields such as
            ``visit.at``, ``entries.0.found`` and ``actions.1.due``, and nothing is saved.
    """
    together = Together(home)
    new = together.add("visit", visit)
    return _save(home, together, new, None, entries, actions, reason, also=also)


def change_visit(
    home: OpenHome,
    whole: WholeVisit,
    visit: Visit,
    entries: Sequence[VisitEntry],
    actions: Sequence[Action] = (),
    *,
    struck: Mapping[int, str] | None = None,
    reason: str = "",
    also: tuple[Problem, ...] = (),
) -> VisitSaved:
    """Correct a visit: what changed, what came to it and what is struck through, in one unit.

    Args:
        home: The home.
        whole: The visit as it was shown.
        visit: The visit as it shall be.
        entries: The notes to correct (those with an id) and to add; others stay as they are.
        actions: The actions to correct and to add; others stay as they are.
        struck: The ids of notes and actions to strike through, each with why.
        reason: Why, in their words.
        also: As for :func:`record_visit`.

    Returns:
        The ids, and what is unusual.

    Raises:
        Unfit: As for :func:`record_visit`.
        UserError: A note to be corrected is struck through or a duplicate, or a reason is missing.
    """
    struck = struck or {}
    together = Together(home)
    together.change("visit", whole.visit, visit)
    shown = {loaded.id: loaded for loaded in (*whole.entries, *whole.actions)}
    for identity, why in struck.items():
        together.strike(f"struck.{ids.to_text(identity)}", shown[identity], why)
    named = {record.id for record in (*entries, *actions)}
    stay = [
        loaded
        for loaded in whole.entries
        if loaded.id not in struck and loaded.id not in named and not loaded.record.struck_reason
    ]
    if getattr(whole.visit.record, "status", None) != visit.status:
        # a visit that has happened asks more of its notes than one that is planned
        names = Names(home.store)
        for loaded in stay:
            part = f"kept.{ids.to_text(loaded.id)}"
            together.change(part, loaded, loaded.record, _about(names, loaded.record, 0))
    return _save(home, together, whole.visit.id, whole, entries, actions, reason, stay, also)


def change_status(home: OpenHome, visit: int, status: str, reason: str) -> Visit:
    """Say that a planned visit does not take place, nobody came, or that it is planned after all.

    Args:
        home: The home.
        visit: The visit.
        status: One of :data:`NOT_HAPPENED`.
        reason: Why, in their words.

    Returns:
        The visit as it is now.

    Raises:
        UserError: There is no reason, it is not here, it has happened, or it stands so already.
    """
    reason = editing.reason_given(reason)
    stands = home.store.follow("visit", visit)
    loaded = None if stands is None else home.store.load("visit", stands.id or 0)
    record = None if loaded is None else loaded.record
    if loaded is None or not isinstance(record, Visit):
        raise _no_such_change("This visit is not here.", "")
    if status not in NOT_HAPPENED:
        raise _no_such_change(
            f"A visit is not made “{status}” like this.", "Record it, with what was found."
        )
    if record.status == _HAPPENED:
        raise _no_such_change(
            "This visit has happened.", "Correct it, or strike it through if it never took place."
        )
    if record.status == status:
        raise _no_such_change(f"This visit is {status} already.", "")
    changed = dataclasses.replace(record, status=status)
    saved, _ = editing.save(home, loaded, changed, reason)
    assert isinstance(saved, Visit)  # noqa: S101  # it is one
    return saved


def _no_such_change(what: str, do: str) -> UserError:
    return UserError(what, kept="Nothing was changed.", do=do, code="nothing-to-do")


def _save(  # noqa: PLR0917  # the parts of one form
    home: OpenHome,
    together: Together,
    visit_id: int,
    whole: WholeVisit | None,
    entries: Sequence[VisitEntry],
    actions: Sequence[Action],
    reason: str,
    stay: Sequence[Loaded] = (),
    also: tuple[Problem, ...] = (),
) -> VisitSaved:
    """Save what is new and what is different; both functions above end here."""
    shown = {} if whole is None else {x.id: x for x in (*whole.entries, *whole.actions)}
    names = Names(home.store)
    notes: dict[int, int] = {}
    problems = list(also)
    for loaded in stay:
        if resident := _resident(home.store, loaded.record):
            notes.setdefault(resident, loaded.id)
    for number, entry in enumerate(entries):
        called = _about(names, entry, number)
        part = f"entries.{number}"
        identity = _put(together, part, dataclasses.replace(entry, visit=visit_id), shown, called)
        resident = _resident(home.store, entry)
        if resident and notes.setdefault(resident, identity) != identity:
            problems.append(
                Problem(f"{part}.resident", f"{called}: there is a note in this visit already.")
            )
    for number, action in enumerate(actions):
        note = notes.get(_resident(home.store, action))
        if action.id is None and action.source_id is None:
            kind, source = (Visit, visit_id) if note is None else (VisitEntry, note)
            action = dataclasses.replace(  # noqa: PLW2901  # the same action, with where it came from
                action, source_type=spec_of(kind).name, source_id=ids.to_text(source)
            )
        _put(together, f"actions.{number}", action, shown, f"{spec_of(action).label} {number + 1}")
    saved = together.save(reason, also=tuple(problems))
    return VisitSaved(
        saved.ids.get("visit", visit_id),
        tuple(_now(saved.ids, "entries", n, entry) for n, entry in enumerate(entries)),
        tuple(_now(saved.ids, "actions", n, action) for n, action in enumerate(actions)),
        saved.warnings,
    )


def _put(
    together: Together, part: str, record: Record, shown: Mapping[int, Loaded], called: str
) -> int:
    """Add a new record or correct one that was shown; return the id to refer to it with."""
    if record.id is None:
        return together.add(part, record, called)
    together.change(part, shown[record.id], record, called)
    return record.id


def _now(made: Mapping[str, int], kind: str, number: int, record: Record) -> int:
    identity = made.get(f"{kind}.{number}", record.id)
    assert identity is not None  # noqa: S101  # it was new, or had one
    return identity


def _about(names: Names, entry: Record, number: int) -> str:
    """Return whom a note is about, to stand before its problems."""
    resident = getattr(entry, "resident", None)
    if resident is not None:
        return names.by_id("resident", resident)
    return f"{spec_of(entry).label} {number + 1}"


def _resident(store: Store, record: Record) -> int:
    """Return the id of the resident something is about today; 0 if of nobody."""
    resident = getattr(record, "resident", None)
    if resident is None:
        return 0
    meant = store.follow("resident", resident)
    return resident if meant is None or meant.id is None else meant.id


def visit_with_entries(store: Store, visit: int) -> WholeVisit | None:
    """Return a visit with its notes and actions, to show and to correct; None if it is not here."""
    stands = store.follow("visit", visit)
    loaded = None if stands is None else store.load("visit", stands.id or 0)
    if loaded is None:
        return None
    entries = _load(store, query.Query("visit_entry", query.equal({"visit": loaded.id})))
    sources = {("visit", ids.to_text(loaded.id))}
    sources |= {("visit_entry", ids.to_text(entry.id)) for entry in entries}
    asked = Condition("source_id", tuple(text for _, text in sources), "in")
    actions = [
        action
        for action in _load(store, query.Query("action", (asked,)))
        if isinstance(action.record, Action)
        and (action.record.source_type, action.record.source_id) in sources
    ]
    return WholeVisit(loaded, tuple(entries), tuple(actions))


def _load(store: Store, asked: query.Query) -> list[Loaded]:
    """Return the records of a list with their versions, in the order they were written."""
    asked = dataclasses.replace(asked, newest_first=False)
    found = [store.load(asked.type, record.id or 0) for record in query.every(store, asked)]
    return [loaded for loaded in found if loaded is not None]


@dataclasses.dataclass(frozen=True, slots=True)
class Seen:
    """A visit and its notes to read, struck-through notes too."""

    visit: Visit
    entries: tuple[VisitEntry, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class VisitPage:
    """Some visits of a list and where the next ones begin (None: there are no more)."""

    visits: tuple[Seen, ...]
    next: Position | None


def visits_between(
    store: Store,
    start: dt.date,
    end: dt.date,
    *,
    professional: int | None = None,
    organisation: int | None = None,
    newest_first: bool = True,
    after: Position | None = None,
    limit: int = query.PAGE,
) -> VisitPage:
    """Return a page of the visits of a period, each with its notes.

    Args:
        store: The home.
        start: The first day.
        end: The last day, counted in.
        professional: Only visits of this contact.
        organisation: Only visits from this organisation.
        newest_first: Whether the latest visit comes first.
        after: Where the page before ended.
        limit: How many visits at most.

    Raises:
        UserError: The period ends before it begins.
    """
    refuse_backwards(start, end)
    where = [Condition("at", times.start_of_day(start), ">=")]
    if end < dt.date.max:
        where.append(Condition("at", times.start_of_day(end + dt.timedelta(days=1)), "<"))
    if professional is not None:
        where.append(Condition("professional", professional))
    if organisation is not None:
        where.append(Condition("organisation", organisation))
    asked = query.Query("visit", tuple(where), order_by="at", newest_first=newest_first)
    page = query.page(store, asked, after, limit)
    visits = [visit for visit in page.records if isinstance(visit, Visit)]
    entries = _entries_of(store, [visit.id or 0 for visit in visits])
    seen = tuple(Seen(visit, tuple(entries[visit.id or 0])) for visit in visits)
    return VisitPage(seen, page.next)


def written_at(store: Store, entry: int) -> dt.datetime | None:
    """Return when it was written what was found at a visit; of a planned one, when it was planned.

    Args:
        store: The home.
        entry: The note's id.
    """
    changes = history.history(store, "visit_entry", entry)
    for change in changes:
        step = change.fields.get("found")
        if step is not None and step.after:
            return change.at
    return changes[0].at if changes else None


def refuse_backwards(start: dt.date, end: dt.date) -> None:
    """Refuse a period that ends before it begins.

    Raises:
        UserError: It does.
    """
    if end < start:
        raise UserError(
            f"The period ends on {times.show_date(end)}, before it begins on "
            f"{times.show_date(start)}.",
            kept="Nothing was changed.",
            do="Give an end that is not before the beginning.",
            code="period",
        )


def _entries_of(store: Store, visits: Sequence[int]) -> Mapping[int, list[VisitEntry]]:
    """Return the notes of some visits, in the order they were written."""
    found: defaultdict[int, list[VisitEntry]] = defaultdict(list)
    asked = (Condition("visit", tuple(visits), "in"),)
    wanted = set(visits)
    for entry in query.every(store, query.Query("visit_entry", asked, newest_first=False)):
        if isinstance(entry, VisitEntry) and entry.visit is not None:
            visit = entry.visit
            if visit not in wanted:
                # written for a duplicate
                stands = store.follow("visit", visit)
                visit = visit if stands is None else stands.id or visit
            found[visit].append(entry)
    return found


@dataclasses.dataclass(frozen=True, slots=True)
class Happening:
    """One thing on a resident's timeline.

    Args:
        at: When it happened: a moment, or a day where no more is known.
        record: What it was.
        visit: The visit, if it is a note of one.
    """

    at: dt.date | dt.datetime
    record: Record
    visit: Visit | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class TimelinePage:
    """A stretch of a resident's timeline and where the next one begins (None: it ends here)."""

    items: tuple[Happening, ...]
    next: tuple[str, int] | None


def timeline(
    store: Store,
    resident: int,
    after: tuple[str, int] | None = None,
    limit: int = query.PAGE,
    *,
    types: Collection[str] = (),
    since: dt.date | None = None,
) -> TimelinePage:
    """Return what happened to a resident, newest first; archived records are left out.

    Struck-through ones stay, with their reason (domain rule 7).

    Args:
        store: The home.
        resident: The resident's id.
        after: Where the page before ended.
        limit: How many at most.
        types: Only records of these types; all of them if none is given.
        since: Only what happened from this day on.
    """
    found, following = query.timeline(
        store, resident, after, limit, types=types, since=_from_day(since)
    )
    items = [(at, record) for at, record in found if record.lives]
    visits = _visits_of(store, (record for _, record in items))
    return TimelinePage(
        tuple(
            Happening(_moment(at), record, visits.get(getattr(record, "visit", None) or 0))
            for at, record in items
        ),
        following,
    )


def timeline_counts(
    store: Store, resident: int, since: dt.date | None = None, most: int = 1_000
) -> dict[str, int]:
    """Count what happened to a resident by type, archived records left out.

    Args:
        store: The home.
        resident: The resident's id.
        since: Only what happened from this day on.
        most: Where to stop counting each type; one more than this says that there are more.
    """
    return query.timeline_counts(store, resident, since=_from_day(since), most=most)


def _from_day(since: dt.date | None) -> str:
    """Return the moment a day begins here, in the UTC that times are kept in."""
    if since is None:
        return ""
    # without the clock's offset behind it: it sorts before whatever is kept of that moment
    return times.to_stored(times.start_of_day(since)).partition("Z")[0]


def _moment(kept: str) -> dt.date | dt.datetime:
    return times.from_stored(kept) if "T" in kept else dt.date.fromisoformat(kept)


def _visits_of(store: Store, records: Iterable[Record]) -> dict[int, Visit]:
    """Return the visits some notes belong to, by the id the notes know them by."""
    wanted = {r.visit for r in records if isinstance(r, VisitEntry) and r.visit is not None}
    visits: dict[int, Visit] = {}
    found = query.of_ids(store.connection, all_specs()["visit"], sorted(wanted))
    for identity, record in found.items():
        stands = record if record.merged_into is None else store.follow("visit", identity)
        if isinstance(stands, Visit):
            visits[identity] = stands
    return visits
