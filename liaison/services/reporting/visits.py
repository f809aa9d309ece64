"""The facts of the visits report, gathered for paper."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.records import FieldSpec, Kind, Record, casework, directory, home, ids, spec_of
from liaison.records.rules import late
from liaison.records.rules.corrections import is_struck
from liaison.records.rules.same_name import name_key
from liaison.records.rules.times import in_london, show_plain_date
from liaison.records.showing import show, untitled
from liaison.reports.visits import SPEC, Entry, Facts, FollowUp, Resident, State, Visit
from liaison.services import visits as services
from liaison.services.directory import held_on
from liaison.services.references import Names
from liaison.services.reporting.naming import Residents
from liaison.store import query
from liaison.store.history import history
from liaison.store.query import Condition
from liaison.store.written import first_written

if TYPE_CHECKING:
    from liaison.reports.spec import Asked, Naming
    from liaison.services.visits import Seen
    from liaison.store.store import Store

__all__ = ["SPEC", "gather"]

_UNNAMED: Final = "This home"
_PLAIN_VISIT: Final = "visit"
_OTHER: Final = "other"
_CHANGED: Final = "yes"
_CHUNK: Final = 500
_TOLD_ELSEWHERE: Final = frozenset({"visit", "resident", "raised", "found", "voice", "moved_from"})
_COMMON: Final = frozenset({"archived", "struck_reason", "merged_into"})


def gather(store: Store, asked: Asked) -> Facts:
    """Return what the report shows.

    Args:
        store: The home.
        asked: The period, whom or what it is about, and how residents are named.

    Raises:
        UserError: The period ends before it begins, has no beginning or end, or it is about
            something that is not in this home.
    """
    if asked.start is None or asked.end is None:
        raise UserError(
            "Say which period the visits are from.",
            kept="Nothing was printed.",
            do="Give the first and the last day.",
            code="period",
        )
    loaded = store.the("home")
    named = None if loaded is None else getattr(loaded.record, "name", None)
    people = _People(store, asked.names)
    kind, identity = asked.subject or ("", 0)
    about = "" if not kind else _about(store, people, kind, identity)
    seen = _seen(store, asked.start, asked.end, kind, identity)
    if kind == "resident":
        seen = _of_resident(store, seen, identity)
    today = store.today()
    return Facts(
        home=named or _UNNAMED,
        start=asked.start,
        end=asked.end,
        visits=_Gathered(store, people, seen, today, only_resident=kind == "resident").visits(),
        about=about,
        only_resident=kind == "resident",
        names=asked.names,
    )


def _about(store: Store, people: _People, kind: str, identity: int) -> str:
    found = store.follow(kind, identity)
    if found is None:
        raise UserError(
            "What the report is to be about is not in this home.",
            kept="Nothing was printed.",
            do="Look it up in the list and give its id.",
            code="not-found",
        )
    if isinstance(found, home.Resident):
        resident = people.resident(found.id)
        parts = (f"room {resident.room}" if resident.room else "", resident.born)
        apart = ", ".join(part for part in parts if part)
        told = apart and (people.as_ != "full" or people.shares(found))
        return f"to {resident.name}" + (f" ({apart})" if told else "")
    word = "by" if isinstance(found, directory.Contact) else "from"
    return f"{word} {Names(store).of(found)}"


def _seen(store: Store, start: dt.date, end: dt.date, kind: str, identity: int) -> list[Seen]:
    """Return the visits of the period, newest first, each with its notes."""
    found: list[Seen] = []
    after = None
    while True:
        page = services.visits_between(
            store,
            start,
            end,
            professional=identity if kind == "contact" else None,
            organisation=identity if kind == "organisation" else None,
            after=after,
            limit=_CHUNK,
        )
        found += page.visits
        after = page.next
        if after is None:
            return found


def _of_resident(store: Store, seen: Iterable[Seen], resident: int) -> list[Seen]:
    """Keep what concerns one resident: the visits with a note about them, and only that note."""
    same = set(query.same_ids(store.connection, spec_of(home.Resident), resident))
    kept = (
        services.Seen(
            visit.visit, tuple(entry for entry in visit.entries if entry.resident in same)
        )
        for visit in seen
    )
    return [visit for visit in kept if visit.entries]


class _People:
    """Residents as this copy names them: told apart (domain rule 8), or without their names."""

    def __init__(self, store: Store, as_: Naming) -> None:
        self._store = store
        self.as_ = as_
        self._reduced = Residents(store, as_)
        self._known: dict[int, Resident] = {}
        everybody = query.every(store, query.Query("resident", archived=True))
        self._called = Counter(
            name_key(record.name)
            for record in everybody
            if isinstance(record, home.Resident) and record.name and record.merged_into is None
        )

    def shares(self, record: home.Resident) -> bool:
        """Return whether somebody else has the same name."""
        return self._called[name_key(record.name or "")] > 1

    def resident(self, identity: int | None) -> Resident:
        """Return how a resident is named."""
        if identity is None:
            return Resident("Not recorded")
        if identity not in self._known:
            self._known[identity] = self._named(identity)
        return self._known[identity]

    def _named(self, identity: int) -> Resident:
        record = self._store.follow("resident", identity)
        if not isinstance(record, home.Resident):
            return Resident("Not on this PC yet")
        name, room = record.name or untitled(record), record.room or ""
        if self.as_ != "full":
            return Resident(self._reduced.name(identity), self._reduced.room(identity))
        if not self.shares(record):
            return Resident(name, room)
        born = record.date_of_birth
        return Resident(
            name,
            room or "Room not recorded",
            f"born {show_plain_date(born)}" if born else "date of birth not recorded",
        )


class _Gathered:
    """Everything around some visits, read for all of them at once."""

    def __init__(
        self,
        store: Store,
        people: _People,
        seen: Sequence[Seen],
        today: dt.date,
        *,
        only_resident: bool,
    ) -> None:
        self._store = store
        self._people = people
        self._seen = seen
        self._today = today
        self._only_resident = only_resident
        self._names = Names(store)
        self._written = first_written(
            store, (entry.id or 0 for visit in seen for entry in visit.entries)
        )
        self._actions = _actions_of(store, seen)
        self._posts = _posts_of(store, seen)
        self._called: dict[int, tuple[list[dt.datetime], list[str]]] = {}

    def visits(self) -> tuple[Visit, ...]:
        """Return the visits as the report shows them."""
        return tuple(self._visit(seen) for seen in self._seen)

    def _visit(self, seen: Seen) -> Visit:
        visit = seen.visit
        assert visit.at is not None  # noqa: S101  # it was found by its time
        day = in_london(visit.at).date()
        kind = "" if visit.kind == _PLAIN_VISIT else self._label(visit, "kind")
        # an action of the visit may be about anybody: a copy about one resident leaves it out
        actions = () if self._only_resident else self._follow_ups("visit", visit.id)
        return Visit(
            at=visit.at,
            kind=kind,
            status=visit.status or "",
            status_label=self._label(visit, "status").capitalize(),
            urgency=visit.urgency or "",
            urgency_label=self._label(visit, "urgency").capitalize(),
            person="" if not visit.professional else self._by_id("contact", visit.professional),
            role=self._role(visit, day),
            organisation=self._organisation(visit),
            left_at=visit.left_at,
            requested_at=visit.requested_at,
            others=visit.others_present or "",
            reason=visit.reason or "",
            entries=tuple(self._entry(entry, visit) for entry in seen.entries),
            follow_ups=actions,
            struck=_struck(visit),
        )

    def _entry(self, entry: casework.VisitEntry, visit: casework.Visit) -> Entry:
        written = self._written.get(entry.id or 0)
        ended = visit.left_at or visit.at
        after = written is not None and ended is not None and late.is_late(ended, written)
        return Entry(
            resident=self._people.resident(entry.resident),
            raised=entry.raised or "",
            found=entry.found or "",
            voice=entry.voice or "",
            more=self._more(entry),
            follow_ups=self._follow_ups("visit_entry", entry.id),
            written=written if after else None,
            struck=_struck(entry),
            moved=entry.moved_from is not None,
            changed=entry.plan_changed == _CHANGED,
        )

    def _more(self, entry: casework.VisitEntry) -> tuple[str, ...]:
        """Return what else was recorded, each with its label."""
        said = []
        for field in spec_of(entry).columns:
            value = getattr(entry, field.name)
            if value is None or field.sensitive or field.name in _TOLD_ELSEWHERE | _COMMON:
                continue
            shown = show(field, value, vocabularies=self._store.vocabularies, name=self._by_id)
            said.append(f"{field.label}: {shown.lower()}")
        return tuple(said)

    def _follow_ups(self, kind: str, identity: int | None) -> tuple[FollowUp, ...]:
        found = self._actions.get((kind, ids.to_text(identity or 0)), ())
        return tuple(self._follow_up(action) for action in found)

    def _follow_up(self, action: casework.Action) -> FollowUp:
        owner = ""
        if action.owner_staff is not None:
            owner = self._by_id("staff", action.owner_staff)
        elif action.owner_contact is not None:
            owner = self._by_id("contact", action.owner_contact)
        state: State = "open"
        if action.done_at is not None:
            state = "done"
        elif action.due is not None and action.due < self._today:
            state = "past"
        return FollowUp(
            action.what or "", owner, action.due, state, action.done_at, _struck(action)
        )

    def _role(self, visit: casework.Visit, day: dt.date) -> str:
        """Return what somebody was on the day of a visit, at the place they came from."""
        held = [
            post
            for post in self._posts.get(visit.professional or 0, ())
            if not post.struck_reason and held_on(post, day)
        ]
        there = [post for post in held if post.organisation == visit.organisation]
        post = next(iter(there or held), None)
        # "other" says less than nothing after a name
        return "" if post is None or post.role == _OTHER else self._label(post, "role")

    def _organisation(self, visit: casework.Visit) -> str:
        """Return where somebody came from, by the name it had on the day (domain rule 11)."""
        if visit.organisation is None or visit.at is None:
            return ""
        found = self._store.follow("organisation", visit.organisation)
        if found is None or found.id is None:
            return self._by_id("organisation", visit.organisation)
        if found.id not in self._called:
            self._called[found.id] = _names_over_time(self._store, found.id)
        moments, names = self._called[found.id]
        if not names:
            return self._by_id("organisation", visit.organisation)
        # what happened before the first name was written is known by that name
        return names[max(0, bisect_right(moments, visit.at) - 1)]

    def _by_id(self, type_name: str, identity: int) -> str:
        return self._names.by_id(type_name, identity)

    def _label(self, record: Record, name: str) -> str:
        field: FieldSpec = spec_of(record).by_name[name]
        value = getattr(record, name)
        if value is None:
            return ""
        assert field.kind is Kind.CHOICE  # noqa: S101  # nothing else is asked for
        return self._store.vocabularies.label(field, value)


def _struck(record: Record) -> str:
    return record.struck_reason or "" if is_struck(record.struck_reason) else ""


def _names_over_time(store: Store, organisation: int) -> tuple[list[dt.datetime], list[str]]:
    """Return the names an organisation has had, each with when it was written."""
    moments: list[dt.datetime] = []
    names: list[str] = []
    for entry in history(store, "organisation", organisation):
        step = entry.fields.get("name")
        if step is not None and isinstance(step.after, str):
            moments.append(entry.at)
            names.append(step.after)
    return moments, names


def _actions_of(
    store: Store, seen: Sequence[Seen]
) -> Mapping[tuple[str, str], list[casework.Action]]:
    """Return what follows from visits and their notes, by what it came from."""
    sources = [ids.to_text(visit.visit.id or 0) for visit in seen]
    sources += [ids.to_text(entry.id or 0) for visit in seen for entry in visit.entries]
    found: defaultdict[tuple[str, str], list[casework.Action]] = defaultdict(list)
    asked = query.Query(
        "action", (Condition("source_id", tuple(sources), "in"),), newest_first=False
    )
    for action in query.every(store, asked):
        if isinstance(action, casework.Action):
            found[action.source_type or "", action.source_id or ""].append(action)
    return found


def _posts_of(store: Store, seen: Sequence[Seen]) -> Mapping[int, list[directory.Post]]:
    """Return the posts of everybody who came, by the id the visits know them by."""
    came = {visit.visit.professional for visit in seen if visit.visit.professional is not None}
    found: dict[int, list[directory.Post]] = {}
    for contact in came:
        stands = store.follow("contact", contact)
        meant = contact if stands is None else stands.id
        # there are few people and each has few posts; a duplicate's posts count too
        asked = query.Query("post", (Condition("contact", meant),), newest_first=False)
        found[contact] = [
            post for post in query.every(store, asked) if isinstance(post, directory.Post)
        ]
    return found
