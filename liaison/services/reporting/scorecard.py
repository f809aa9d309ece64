"""The facts of the partner scorecard, gathered for paper."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.records.casework import Action, Referral, Visit
from liaison.records.directory import Contact, Organisation, Post
from liaison.records.rules import times
from liaison.records.rules.spans import Spans, spans
from liaison.records.training import Attendance, Session
from liaison.reports.scorecard import SPEC
from liaison.reports.scorecard_facts import Agreed, Came, Facts, Partner, Taught, Wait
from liaison.services import attempts
from liaison.services.directory import held_on
from liaison.services.reporting.open_loops import home_name
from liaison.services.today.items import Look, id_of
from liaison.store.query import Condition
from liaison.store.stamps import made_at

if TYPE_CHECKING:
    from liaison.reports.spec import Asked
    from liaison.store.store import Store

__all__ = ["SPEC", "Places", "gather"]

_DAY: Final = dt.timedelta(days=1)


def gather(store: Store, asked: Asked) -> Facts:
    """Return what the report shows.

    Args:
        store: The home.
        asked: The period, and the organisation; without one, all that anything is recorded of.

    Raises:
        UserError: The period has no beginning or end, or the organisation is not here.
    """
    if asked.start is None or asked.end is None:
        raise UserError(
            "Say which period the scorecard is of.",
            kept="Nothing was printed.",
            do="Give the first and the last day.",
            code="period",
        )
    parts = spans(asked.start, asked.end)
    reading = _Reading(store, asked.start, asked.end, parts)
    if asked.subject is not None:
        found = store.follow(*asked.subject)
        if not isinstance(found, Organisation) or found.id is None:
            raise UserError(
                "This organisation is not here.", kept="Nothing was printed.", code="not-found"
            )
        partners = [reading.partner(found.id)]
    else:
        every = (reading.partner(identity) for identity in reading.known)
        partners = sorted(
            (one for one in every if not one.is_empty),
            key=lambda one: (-one.now.all, one.name.casefold()),
        )
    return Facts(
        home_name(store), asked.start, asked.end, parts, tuple(partners), asked.subject is not None
    )


class Places:
    """Which organisation something counts for: the one it names, or where the person worked then.

    Args:
        look: What reads the home.
    """

    def __init__(self, look: Look) -> None:
        self._look = look
        self.posts: defaultdict[int, list[Post]] = defaultdict(list)
        for post in look.each(Post):
            contact = self._standing("contact", post.contact)
            if contact is not None:
                self.posts[contact].append(post)

    def _standing(self, type_name: str, identity: int | None) -> int | None:
        found = None if identity is None else self._look.names.record(type_name, identity)
        return None if found is None else found.id

    def of(self, organisation: int | None, contact: int | None, day: dt.date) -> int | None:
        """Return the organisation as it stands today; None if none can be told."""
        named = self._standing("organisation", organisation)
        if named is not None:
            return named
        person = self._standing("contact", contact)
        held = [post for post in self.posts.get(person or 0, ()) if held_on(post, day)]
        return self._standing("organisation", held[0].organisation) if held else None


class _Reading:
    """Everything of the period, read once and kept by organisation."""

    def __init__(self, store: Store, start: dt.date, end: dt.date, parts: Spans) -> None:
        self._look = look = Look(store, store.today())
        self._places = Places(look)
        self._start, self._end, self._parts = start, end, parts
        # how things stood at the end of the period, or today where that lies ahead
        self._on = min(end, look.day)
        self._visits: defaultdict[int, list[Visit]] = defaultdict(list)
        self._before: defaultdict[int, list[Visit]] = defaultdict(list)
        self._referrals: defaultdict[int, list[Referral]] = defaultdict(list)
        self._tries: defaultdict[int, list[attempts.Tried]] = defaultdict(list)
        self._sessions: defaultdict[int, list[Session]] = defaultdict(list)
        self._actions: defaultdict[int, list[Action]] = defaultdict(list)
        self._read()
        self.known = {
            *self._visits, *self._referrals, *self._tries, *self._sessions, *self._actions,
        }  # fmt: skip

    def _read(self) -> None:
        look, places = self._look, self._places
        first = times.start_of_day(self._start)
        after = times.start_of_day(self._end + _DAY)
        for visit, earlier in self._happened(first, after):
            at = times.in_london(visit.at or first).date()
            place = places.of(visit.organisation, visit.professional, at)
            if place is not None:
                (self._before if earlier else self._visits)[place].append(visit)
        for referral in look.each(Referral, Condition("sent", self._end, "<=")):
            ended = referral.first_seen or referral.closed_on
            place = places.of(referral.organisation, None, self._end)
            if place is not None and (ended is None or ended >= self._start):
                self._referrals[place].append(referral)
        for tried in attempts.tried(look.store, first, after):
            call = tried.attempt
            at = times.in_london(call.at or first).date()
            place = places.of(call.organisation, call.contact, at)
            if place is not None:
                self._tries[place].append(tried)
        sessions = look.find(Session, Condition("at", first, ">="), Condition("at", after, "<"))
        for session in sessions:
            day = times.in_london(session.at or first).date()
            # a course our own staff teach in another's rooms is not theirs
            place = places.of(session.organisation, session.teacher_contact, day)
            theirs = session.teacher_staff is None and session.status == "happened"
            if place is not None and theirs:
                self._sessions[place].append(session)
        for action in look.each(Action):
            made = made_at(id_of(action))
            if action.owner_contact is not None and first <= made < after:
                place = places.of(None, action.owner_contact, times.in_london(made).date())
                if place is not None:
                    self._actions[place].append(action)

    def _happened(self, first: dt.datetime, after: dt.datetime) -> Iterator[tuple[Visit, bool]]:
        """Yield the visits of the period, and of as long a time before it."""
        length = (self._end - self._start).days + 1
        try:
            since = times.start_of_day(self._start - dt.timedelta(days=length))
        except OverflowError:
            since = first
        where = Condition("at", since, ">="), Condition("at", after, "<")
        for visit in self._look.each(Visit, *where, order_by="at"):
            if visit.status == "happened" and visit.at is not None:
                yield visit, visit.at < first

    def partner(self, identity: int) -> Partner:
        """Return how it went with one organisation."""
        look = self._look
        record = look.names.record("organisation", identity)
        kind = look.label(record, "kind") if isinstance(record, Organisation) else ""
        tries = self._tries[identity]
        missed = [one for one in tries if not one.attempt.reached]
        hours = Counter(times.in_london(one.attempt.at).hour for one in missed if one.attempt.at)
        usual = record.typical_wait_days if isinstance(record, Organisation) else None
        seen, waiting, closed = self._waits(identity, usual)
        return Partner(
            name=look.name("organisation", identity),
            kind=kind[:1].upper() + kind[1:],
            links=tuple(self._links(identity)),
            usual=usual,
            now=_came(self._visits[identity]),
            before=_came(self._before[identity]),
            responses=tuple(self._responses(identity)),
            tried=len(tries),
            unmet=len(missed),
            hours=tuple(sorted(hours.items())),
            seen=seen,
            waiting=waiting,
            closed=closed,
            taught=tuple(self._taught(identity)),
            agreed=self._agreed(identity),
        )

    def _links(self, identity: int) -> Iterator[str]:
        look = self._look
        for contact, posts in self._places.posts.items():
            person = look.names.record("contact", contact)
            if not isinstance(person, Contact) or not person.named_link:
                continue
            for post in posts:
                if (
                    held_on(post, self._on)
                    and self._places.of(post.organisation, None, self._on) == identity
                ):
                    role = "" if post.role in {None, "other"} else look.label(post, "role")
                    yield ", ".join(part for part in (person.name, role) if part)

    def _responses(self, identity: int) -> Iterator[tuple[int, float]]:
        for visit in self._visits[identity]:
            if visit.at is None or visit.requested_at is None or visit.requested_at > visit.at:
                continue
            place = self._parts.place(times.in_london(visit.at).date())
            if place is not None:
                yield place, (visit.at - visit.requested_at) / _DAY

    def _waits(
        self, identity: int, usual: int | None
    ) -> tuple[tuple[Wait, ...], tuple[Wait, ...], tuple[Wait, ...]]:
        seen: list[Wait] = []
        waiting: list[Wait] = []
        closed: list[Wait] = []
        for one in self._referrals[identity]:
            assert one.sent is not None  # noqa: S101  # it was found by it
            if one.first_seen is not None and one.first_seen <= self._on:
                where, until = seen, one.first_seen
            elif one.closed_on is not None and one.closed_on <= self._on:
                where, until = closed, one.closed_on
            else:
                where, until = waiting, self._on
            limit = one.threshold_days if one.threshold_days is not None else usual
            days = max((until - one.sent).days, 0)
            where.append(Wait(days, limit is not None and days > limit))
        return tuple(seen), tuple(waiting), tuple(closed)

    def _taught(self, identity: int) -> Iterator[Taught]:
        sessions = self._sessions[identity]
        if not sessions:
            return
        look = self._look
        passed = defaultdict(list)
        for later in look.each(Session):
            if later.cascaded_from is not None and later.status == "happened":
                passed[later.cascaded_from].append(id_of(later))
        for session in sorted(sessions, key=lambda one: one.at or times.start_of_day(self._start), reverse=True):  # fmt: skip
            ours = self._came_to([id_of(session)])
            after: list[int] = []
            ahead = list(passed[id_of(session)])
            while ahead:
                one = ahead.pop()
                if one not in after:
                    after.append(one)
                    ahead += passed[one]
            assert session.at is not None  # noqa: S101  # it was found by it
            yield Taught(
                times.in_london(session.at).date(),
                look.name("course", session.course),
                look.name("contact", session.teacher_contact),
                len(ours),
                len(self._came_to(after) - ours),
            )

    def _came_to(self, sessions: list[int]) -> set[int]:
        if not sessions:
            return set()
        found = self._look.each(
            Attendance, Condition("session", tuple(sessions), "in"), Condition("status", "attended")
        )
        return {one.staff for one in found if one.staff is not None}

    def _agreed(self, identity: int) -> Agreed:
        counts: Counter[str] = Counter()
        for action in self._actions[identity]:
            done = None if action.done_at is None else times.in_london(action.done_at).date()
            if done is not None:
                counts["late" if action.due is not None and done > action.due else "in_time"] += 1
            else:
                past = action.due is not None and action.due < self._on
                counts["past" if past else "open"] += 1
        return Agreed(**counts)


def _came(visits: list[Visit]) -> Came:
    counts = Counter(visit.urgency or "planned" for visit in visits)
    return Came(counts["planned"], counts["ad hoc"], counts["urgent"])
