"""A death, or the end of a stay: what is closed with it, and what somebody still has to finish.

Nothing is closed silently: what could be closed is proposed, listed, and closed only if somebody
confirms it. What belongs to others (equipment on loan) or is still to be known (results, answers to
concerns) stays open and is named.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Final, TypeVar

from liaison.errors import UserError
from liaison.records import Problem, Record, spec_of
from liaison.records.casework import (
    Action,
    Appointment,
    Concern,
    EquipmentLoan,
    Referral,
    Transfer,
    Visit,
    VisitEntry,
)
from liaison.records.home import Resident
from liaison.records.rules import times
from liaison.records.rules.transfers import REVIEWED
from liaison.services.references import Names
from liaison.services.together import Together
from liaison.store import history, query
from liaison.store.query import Condition

if TYPE_CHECKING:
    from liaison.services.homes import OpenHome
    from liaison.store.store import Store

R = TypeVar("R", bound=Record)
Key = tuple[str, int]
_DIED: Final = "died"
_SHORT: Final = 120


@dataclasses.dataclass(frozen=True, slots=True)
class Loose:
    """Something open about a resident.

    Args:
        type: The record's type; ``id`` the record.
        id: See ``type``.
        title: What it is: "Referral: Wheelchair Service, Mon 18 May 2026".
        why: What would become of it, or why it stays open.
    """

    type: str
    id: int
    title: str
    why: str

    @property
    def key(self) -> Key:
        """Its type and id."""
        return self.type, self.id


@dataclasses.dataclass(frozen=True, slots=True)
class Closing:
    """What is open about a resident who leaves.

    Args:
        resident: The resident, as they stand.
        name: Their name, told apart from namesakes.
        closes: What is proposed to be closed.
        stays: What stays open until somebody finishes it.
    """

    resident: Resident
    name: str
    closes: tuple[Loose, ...]
    stays: tuple[Loose, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Left:
    """What was written as somebody left.

    Args:
        changes: The stamps of it, to take all of it back.
        closed: How many things were closed.
        stays: What stays open.
    """

    changes: tuple[int, ...]
    closed: int
    stays: tuple[Loose, ...]


# ---- what is open


def closing(store: Store, resident: int, on: dt.date) -> Closing | None:
    """Return what closes and what stays open as a resident leaves; None if they are not here.

    Args:
        store: The home.
        resident: The resident.
        on: The day they leave.
    """
    who = store.follow("resident", resident)
    if not isinstance(who, Resident) or who.id is None:
        return None
    look = _Look(store, who.id)
    closes = (
        *look.visits(on), *look.appointments(), *look.referrals(), *look.reviews(),
        *look.transfers_ahead(),
    )  # fmt: skip
    stays = (*look.shared_visits(on), *look.loans(), *look.actions(), *look.concerns())
    return Closing(who, look.names.by_id("resident", who.id), closes, stays)


class _Look:
    def __init__(self, store: Store, resident: int) -> None:
        self.store = store
        self.resident = resident
        self.names = Names(store)

    def _each(self, cls: type[R], *where: Condition) -> Iterator[R]:
        asked = query.Query(
            spec_of(cls).name, (Condition("resident", self.resident), *where), newest_first=False
        )
        for record in query.every(self.store, asked):
            if isinstance(record, cls) and not record.struck_reason:
                yield record

    def _loose(self, record: Record, *parts: str | None, why: str) -> Loose:
        spec = spec_of(record)
        told = ", ".join(part for part in parts if part)
        return Loose(spec.name, record.id or 0, f"{spec.label}: {told}", why)

    def _place(self, identity: int | None) -> str:
        return "" if identity is None else self.names.by_id("organisation", identity)

    def _planned(self, on: dt.date) -> Iterator[tuple[Visit, frozenset[int]]]:
        """Yield the visits planned from a day on, with the other residents they are about."""
        ahead = (Condition("status", "planned"), Condition("at", times.start_of_day(on), ">="))
        # sorted by what is asked for: those ahead are few, whatever has happened
        asked = query.Query("visit", ahead, order_by="at", newest_first=False)
        visits = [
            visit
            for visit in query.every(self.store, asked)
            if isinstance(visit, Visit) and not visit.struck_reason
        ]
        seen: defaultdict[int, set[int]] = defaultdict(set)
        wanted = Condition("visit", tuple(visit.id or 0 for visit in visits), "in")
        for entry in query.every(self.store, query.Query("visit_entry", (wanted,))):
            if isinstance(entry, VisitEntry) and not entry.struck_reason and entry.resident:
                who = self.names.record("resident", entry.resident)
                seen[entry.visit or 0].add((who.id if who is not None else None) or entry.resident)
        for visit in visits:
            whom = seen[visit.id or 0]
            if self.resident in whom:
                yield visit, frozenset(whom - {self.resident})

    def _visit(self, visit: Visit, why: str) -> Loose:
        who = (
            self.names.by_id("contact", visit.professional)
            if visit.professional is not None
            else self._place(visit.organisation)
        )
        at = "" if visit.at is None else times.show_time(visit.at)
        return self._loose(visit, who, at, why=why)

    def visits(self, on: dt.date) -> Iterator[Loose]:
        for visit, others in self._planned(on):
            if not others:
                yield self._visit(visit, "is cancelled")

    def shared_visits(self, on: dt.date) -> Iterator[Loose]:
        for visit, others in self._planned(on):
            if others:
                names = ", ".join(self.names.by_id("resident", one) for one in sorted(others))
                yield self._visit(visit, f"is also for {names}")

    def appointments(self) -> Iterator[Loose]:
        for one in self._each(Appointment, Condition("status", "booked")):
            at = "" if one.at is None else times.show_time(one.at)
            yield self._loose(one, self._place(one.place), at, why="is cancelled")

    def referrals(self) -> Iterator[Loose]:
        for one in self._each(Referral, Condition("closed_on", None)):
            sent = "" if one.sent is None else f"sent {times.show_date(one.sent)}"
            yield self._loose(
                one, self._place(one.organisation), sent, why="is closed, as they left"
            )

    def reviews(self) -> Iterator[Loose]:
        back = Condition("direction", REVIEWED, "in")
        for one in self._each(Transfer, Condition("reviewed_on", None), back):
            if not _is_ahead(one, self.store):
                yield self._transfer(one, "needs no review, as they left")

    def transfers_ahead(self) -> Iterator[Loose]:
        """Yield the transfers that were planned and do not come about."""
        ends = times.start_of_day(self.store.today() + dt.timedelta(days=1))
        for one in self._each(Transfer, Condition("at", ends, ">=")):
            yield self._transfer(one, "is struck through, as it does not come about")

    def _transfer(self, one: Transfer, why: str) -> Loose:
        direction = self.store.vocabularies.label(
            spec_of(one).by_name["direction"], one.direction or ""
        )
        at = "" if one.at is None else times.show_time(one.at)
        return self._loose(one, direction, at, why=why)

    def loans(self) -> Iterator[Loose]:
        for one in self._each(EquipmentLoan, Condition("returned_on", None)):
            why = "is to go back" if one.arrived_on else "was asked for and has to be cancelled"
            yield self._loose(one, one.what, self._place(one.supplier), why=why)

    def actions(self) -> Iterator[Loose]:
        for one in self._each(Action, Condition("done_at", None)):
            result = one.kind == "result awaited"
            due = "" if one.due is None else f"due {times.show_date(one.due)}"
            why = "the result still has to be read" if result else "needs an outcome"
            yield self._loose(one, one.what, due, why=why)

    def concerns(self) -> Iterator[Loose]:
        for one in self._each(Concern, Condition("closed_at", None)):
            why = "needs an outcome" if one.answered_at else "still needs an answer"
            yield self._loose(one, " ".join((one.situation or "").split())[:_SHORT], why=why)


def _is_ahead(transfer: Transfer, store: Store) -> bool:
    return transfer.at is not None and times.in_london(transfer.at).date() > store.today()


# ---- what people do


def leave(
    home: OpenHome,
    resident: int,
    on: dt.date,
    reason: str,
    close: Collection[Key],
) -> Left:
    """Note that a resident left or died, and close what somebody confirmed, in one step.

    Args:
        home: The home.
        resident: The resident.
        on: The day they left.
        reason: Why, a choice of the resident's record.
        close: What is to be closed, of what :func:`closing` proposes.

    Returns:
        What was written, and what stays open.

    Raises:
        UserError: They are not here, the day cannot be right, something is not among what is
            proposed any more, or the role does not allow it.
    """
    store = home.store
    found = closing(store, resident, on)
    loaded = None if found is None else store.load("resident", found.resident.id or 0)
    if found is None or loaded is None:
        raise UserError("This resident is not here.", kept="Nothing was changed.", code="no-record")
    proposed = {loose.key for loose in found.closes}
    if not set(close) <= proposed:
        raise UserError(
            "Something was closed or changed meanwhile.",
            kept="Nothing was changed.",
            do="Look at the list again.",
            code="outdated",
        )
    problems = []
    if on > store.today():
        label = spec_of(Resident).by_name["left_on"].label
        problems.append(
            Problem("resident.left_on", f"{label}: {times.show_date(on)} lies in the future.")
        )
    declared = spec_of(Resident).by_name["left_reason"]
    words = f"{store.vocabularies.label(declared, reason)}, {times.show_date(on)}"
    together = Together(home)
    for key in close:
        _close(home, together, key, on, words)
    together.change(
        "resident", loaded, dataclasses.replace(found.resident, left_on=on, left_reason=reason)
    )
    saved = together.save(words, also=tuple(problems))
    changes = history.batch_changes(store, saved.unit)
    return Left(tuple(changes), len(close), found.stays)


def _close(home: OpenHome, together: Together, key: Key, on: dt.date, words: str) -> None:
    loaded = home.store.load(*key)
    assert loaded is not None  # noqa: S101  # it has just been proposed
    changed: Record
    match loaded.record:
        case Visit() as visit:
            reason = "\n".join(part for part in (visit.reason, words) if part)
            changed = dataclasses.replace(visit, status="cancelled", reason=reason)
        case Appointment() as appointment:
            changed = dataclasses.replace(appointment, status="cancelled", outcome=words)
        case Referral() as referral:
            closed = max(on, referral.sent or on)
            changed = dataclasses.replace(
                referral, closed_on=closed, outcome=words, next_chase=None
            )
        case Transfer() as transfer if _is_ahead(transfer, home.store):
            together.strike(f"{key[0]}.{key[1]}", loaded, words)
            return
        case Transfer() as transfer:
            came = on if transfer.at is None else times.in_london(transfer.at).date()
            changed = dataclasses.replace(transfer, reviewed_on=max(on, came), review=words)
        case other:
            raise TypeError(f"a {spec_of(other).name} is not closed by leaving")
    together.change(f"{key[0]}.{key[1]}", loaded, changed, spec_of(changed).label)
