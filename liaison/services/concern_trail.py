"""The trail of a concern: noticed, told, tried, answered, each with who and when (domain need N7).

It is read from the history, so an answer that was asked about again, or an outcome that did not
last, stands in it as it was given.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from liaison.records import Record, ids, spec_of
from liaison.records.casework import Action, AgendaLine, AgendaOutcome, Concern, Round
from liaison.records.directory import ContactAttempt
from liaison.records.rules import late, times
from liaison.services.references import Names
from liaison.store import history, query
from liaison.store.query import Condition

if TYPE_CHECKING:
    from liaison.store.history import HistoryEntry
    from liaison.store.store import Store

_TYPE: Final = "concern"
_UNDO: Final = "undo"
_MOST: Final = 200
"""Attempts, agenda lines or actions of one concern: more of them is no trail any more."""


class What(enum.Enum):
    """A step of the trail, by its word on screen and on paper."""

    NOTICED = "Noticed"
    PASSED_ON = "Passed on"
    TOLD = "Told"
    TRIED = "Tried"
    AGREED = "Agreed"
    ANSWERED = "Answered"
    READ = "Answer read"
    AGAIN = "Asked again"
    CLOSED = "Closed"
    STRUCK = "Struck through"


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """One step.

    Args:
        what: What kind of step it is.
        at: When it happened.
        who: Who did it, or whom it was done with; may be empty.
        words: What was said; may be empty.
        written: When it was written down, if that was so much later that both are shown.
        by: Who wrote it down, if that is somebody else.
    """

    what: What
    at: dt.datetime
    who: str
    words: str
    written: dt.datetime | None = None
    by: str = ""

    @property
    def when_words(self) -> str:
        """When it happened; and when it was written, if that was later."""
        happened = times.show_time(self.at)
        if self.written is None:
            return happened
        return f"{happened}, written {times.show_time(self.written)}"


@dataclasses.dataclass(frozen=True, slots=True)
class Trail:
    """A concern with everything that was done about it.

    Args:
        record: The concern as it stands.
        steps: What was done, in the order in which it happened.
        author: Who wrote it down.
    """

    record: Concern
    steps: tuple[Step, ...]
    author: str


def trail(store: Store, identity: int) -> Trail | None:
    """Return the trail of a concern; None if it is not here.

    Args:
        store: The home.
        identity: The concern.
    """
    concern = store.get(_TYPE, identity)
    if not isinstance(concern, Concern):
        return None
    teller = _Teller(store, concern)
    steps = [*teller.of_itself(), *teller.of_attempts(), *teller.of_agendas(), *teller.of_actions()]
    # what happened at one moment stays in the order in which it was written
    steps.sort(key=lambda step: step.at)
    return Trail(concern, tuple(steps), teller.author)


class _Teller:
    def __init__(self, store: Store, concern: Concern) -> None:
        self._store = store
        self._concern = concern
        self._id = concern.id or 0
        self._names = Names(store)
        self._entries = history.history(store, _TYPE, self._id)
        self._own = ids.to_text(self._id)
        self._answering = {entry.unit for entry in self._entries if "answer" in entry.fields}
        """The units of work in which it was answered."""

    @property
    def author(self) -> str:
        """Who wrote the concern down."""
        return self._person(self._entries[0].person) if self._entries else ""

    def _person(self, identity: int) -> str:
        return self._names.by_id("person", identity)

    # ---- the concern's own changes

    def of_itself(self) -> Iterator[Step]:
        """Yield what the concern's own history tells."""
        told = list[Step]()
        for number, entry in enumerate(self._entries):
            if number == 0:
                told.append(self._noticed(entry))
            elif entry.kind == _UNDO:
                # a slip that was taken back at once; its history has it
                told = _without_taken_back(told, entry)
            else:
                told += self._of_change(entry)
        yield from told

    def _noticed(self, entry: HistoryEntry) -> Step:
        concern = self._concern
        who = self._names.by_id("staff", concern.raised_by) if concern.raised_by else ""
        at = concern.raised_at or entry.at
        by = self._person(entry.person)
        return Step(
            What.NOTICED, at, who, concern.situation or "", _late(at, entry.at),
            "" if _same_name(by, who) else by,
        )  # fmt: skip

    def _of_change(self, entry: HistoryEntry) -> Iterator[Step]:
        fields, writer = entry.fields, self._person(entry.person)
        if "struck_reason" in fields and fields["struck_reason"].after:
            yield Step(What.STRUCK, entry.at, writer, str(fields["struck_reason"].after))
            return
        opened = [
            name
            for name in ("answered_at", "closed_at")
            if name in fields and fields[name].before is not None and fields[name].after is None
        ]
        if opened:
            yield Step(What.AGAIN, entry.at, writer, entry.reason)
        if {"route", "routed_to"} & fields.keys():
            yield Step(What.PASSED_ON, entry.at, writer, self._goes_to(entry))
        if "answer" in fields and fields["answer"].after:
            at = _moment(fields, "answered_at") or self._concern.answered_at or entry.at
            # who answered may stand as it did before
            said = fields.get("answered_by")
            who = str(said.after or "") if said else self._concern.answered_by or ""
            yield Step(
                What.ANSWERED, at, who, str(fields["answer"].after), _late(at, entry.at), writer
            )
        if (read := _moment(fields, "acknowledged_at")) is not None:
            who = self._names.by_id("staff", self._concern.raised_by or 0)
            by = "" if _same_name(writer, who) else writer
            yield Step(What.READ, read, who, entry.reason, _late(read, entry.at), by)
        if (closed := _moment(fields, "closed_at")) is not None:
            outcome = fields.get("outcome")
            words = str(outcome.after or "") if outcome else self._concern.outcome or ""
            yield Step(What.CLOSED, closed, writer, words, _late(closed, entry.at))

    def _goes_to(self, entry: HistoryEntry) -> str:
        spec = spec_of(self._concern)
        route = entry.fields.get("route")
        value = route.after if route else self._concern.route
        words = self._store.vocabularies.label(spec.by_name["route"], str(value)) if value else ""
        to = entry.fields.get("routed_to")
        contact = to.after if to else self._concern.routed_to
        name = self._names.by_id("contact", contact) if isinstance(contact, int) else ""
        return _joined(words, name)

    # ---- what was done about it elsewhere

    def of_attempts(self) -> Iterator[Step]:
        """Yield who was tried about the resident while the concern was open."""
        concern = self._concern
        if concern.raised_at is None or concern.resident is None:
            return
        where = [Condition("resident", concern.resident), Condition("at", concern.raised_at, ">=")]
        if concern.closed_at is not None:
            where.append(Condition("at", concern.closed_at, "<="))
        asked = query.Query("contact_attempt", tuple(where), order_by="at", newest_first=False)
        for attempt in query.page(self._store, asked, limit=_MOST).records:
            if not isinstance(attempt, ContactAttempt) or attempt.struck_reason:
                continue
            at = attempt.at
            if at is None:
                continue
            entries = history.history(self._store, "contact_attempt", attempt.id or 0)
            who = _joined(
                self._names.by_id("contact", attempt.contact) if attempt.contact else "",
                self._names.by_id("organisation", attempt.organisation)
                if attempt.organisation
                else "",
            )
            spec = spec_of(attempt).by_name["how"]
            how = self._store.vocabularies.label(spec, attempt.how) if attempt.how else ""
            waited = f"waited {attempt.waited} min" if attempt.waited else ""
            result = "Got through" if attempt.reached else "No answer"
            words = _joined(result, how.lower(), waited)
            if attempt.note:
                words = f"{words}. {attempt.note}"
            written = entries[0].at if entries else at
            yield Step(
                What.TOLD if attempt.reached else What.TRIED, at, who, words, _late(at, written),
                self._person(entries[0].person) if entries else "",
            )  # fmt: skip

    def of_agendas(self) -> Iterator[Step]:
        """Yield the rounds it was brought to, and what they said."""
        lines = [one for one in self._sourced("agenda_line") if isinstance(one, AgendaLine)]
        if not lines:
            return
        wanted = tuple(line.id for line in lines)
        asked = query.Query("agenda_outcome", (Condition("line", wanted, "in"),))
        said = [
            one
            for one in query.page(self._store, asked, limit=_MOST).records
            if isinstance(one, AgendaOutcome) and not one.struck_reason
        ]
        for line in lines:
            sitting = self._store.get("round", line.round or 0)
            if not isinstance(sitting, Round) or sitting.at is None:
                continue
            name = self._names.by_id("round", line.round or 0)
            # on the agenda since it was written there; the round itself comes later
            since = history.history(self._store, "agenda_line", line.id or 0)
            if since:
                words = f"On the agenda of {name}"
                yield Step(What.PASSED_ON, since[0].at, self._person(since[0].person), words)
            for outcome in said:
                if outcome.line == line.id:
                    yield from self._of_round(outcome, sitting.at, name)

    def _of_round(self, outcome: AgendaOutcome, at: dt.datetime, name: str) -> Iterator[Step]:
        entries = history.history(self._store, "agenda_outcome", outcome.id or 0)
        if {entry.unit for entry in entries} & self._answering:
            # it was written as the answer too, which the trail tells
            return
        words = outcome.outcome or "Carried over to another round"
        what = What.PASSED_ON if outcome.carried else What.AGREED
        written = entries[0].at if entries else at
        by = self._person(entries[0].person) if entries else ""
        yield Step(what, at, name, words, _late(at, written), by)

    def of_actions(self) -> Iterator[Step]:
        """Yield what is to be done because of it."""
        for action in self._sourced("action"):
            if not isinstance(action, Action):
                continue
            entries = history.history(self._store, "action", action.id or 0)
            who = _joined(
                self._names.by_id("staff", action.owner_staff) if action.owner_staff else "",
                self._names.by_id("contact", action.owner_contact) if action.owner_contact else "",
            )
            if entries:
                due = f"due {times.show_date(action.due)}" if action.due else ""
                words = _joined(action.what or "", due)
                by = self._person(entries[0].person)
                yield Step(What.AGREED, entries[0].at, who, words, by=by)
            if action.done_at is not None:
                words = _joined(action.what or "", action.outcome or "")
                yield Step(What.AGREED, action.done_at, who, f"Done: {words}")

    def _sourced(self, type_name: str) -> Sequence[Record]:
        where = query.equal({"source_type": _TYPE, "source_id": self._own})
        found = query.page(self._store, query.Query(type_name, where), limit=_MOST).records
        return [one for one in found if not one.struck_reason]


def _without_taken_back(told: list[Step], entry: HistoryEntry) -> list[Step]:
    """Leave out the last step of each kind that an undo emptied or put back."""
    gone = {
        "answer": What.ANSWERED,
        "acknowledged_at": What.READ,
        "closed_at": What.CLOSED,
        "route": What.PASSED_ON,
        "struck_reason": What.STRUCK,
    }
    fields = entry.fields
    kinds = {kind for name, kind in gone.items() if name in fields and fields[name].after is None}
    if "route" in fields or "routed_to" in fields:
        kinds.add(What.PASSED_ON)
    if any(name in fields and fields[name].after is not None for name in ("answer", "closed_at")):
        kinds.add(What.AGAIN)
    left = list(told)
    for kind in kinds:
        for place in range(len(left) - 1, -1, -1):
            if left[place].what is kind:
                del left[place]
                break
    return left


def _moment(fields: Mapping[str, history.Step], name: str) -> dt.datetime | None:
    after = fields[name].after if name in fields else None
    return after if isinstance(after, dt.datetime) else None


def _late(at: dt.datetime, written: dt.datetime) -> dt.datetime | None:
    return written if late.is_late(at, written) else None


def _same_name(one: str, other: str) -> bool:
    return one.casefold().split(" (")[0] == other.casefold().split(" (")[0]


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
