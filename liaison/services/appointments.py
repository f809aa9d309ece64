"""Appointments with escort and transport, and equipment on loan."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING, Final, Literal

from liaison.errors import UserError
from liaison.records import Problem, spec_of
from liaison.records.casework import Appointment, EquipmentLoan
from liaison.records.check import is_empty
from liaison.records.rules import times
from liaison.services.editing import Unfit
from liaison.services.references import Names
from liaison.services.together import Together
from liaison.store import history, query
from liaison.store.query import Condition

if TYPE_CHECKING:
    from collections.abc import Iterable

    from liaison.records import Record
    from liaison.services.homes import OpenHome
    from liaison.store.rows import Loaded
    from liaison.store.store import Store

_BOOKED: Final = "booked"
LoanState = Literal["asked for", "here", "check due", "returned"]
Step = Literal["arrived_on", "returned_on"]
Over = Literal["attended", "cancelled", "missed"]


@dataclasses.dataclass(frozen=True, slots=True)
class Going:
    """An appointment, with what is still to be arranged.

    Args:
        appointment: The appointment.
        resident: Who goes, told apart from namesakes.
        place: Where.
        escort: Who goes along; empty if nobody was named.
        days: Calendar days until it; negative once it is past.
        missing: What is still to be arranged before it: the labels of empty fields.
        to_close: Whether it is past and nobody has said what came of it.
    """

    appointment: Appointment
    resident: str
    place: str
    escort: str
    days: int
    missing: tuple[str, ...]
    to_close: bool

    @property
    def id(self) -> int:
        """The appointment's id."""
        return self.appointment.id or 0


@dataclasses.dataclass(frozen=True, slots=True)
class Lent:
    """A piece of equipment on loan.

    Args:
        loan: The loan.
        resident: Whom it is for; empty if it is for the home.
        supplier: Who lent it.
        state: How it stands.
        days: Calendar days since it was asked for, or since its check was due.
    """

    loan: EquipmentLoan
    resident: str
    supplier: str
    state: LoanState
    days: int

    @property
    def id(self) -> int:
        """The loan's id."""
        return self.loan.id or 0


@dataclasses.dataclass(frozen=True, slots=True)
class Written:
    """Something that was written: the stamps of it, to take it back."""

    changes: tuple[int, ...]
    warnings: tuple[Problem, ...] = ()


# ---- appointments


def appointments(store: Store, on: dt.date, *, resident: int | None = None) -> tuple[Going, ...]:
    """Return the appointments that are ahead, and past ones nobody has closed, the first first.

    Args:
        store: The home.
        on: The present day.
        resident: Only those of one resident.
    """
    where = [Condition("status", _BOOKED)]
    where += [] if resident is None else [Condition("resident", resident)]
    found = _appointments(store, query.Query("appointment", tuple(where)))
    found.sort(key=lambda one: (one.at is None, one.at, one.id))
    return _going(store, found, on)


def past(
    store: Store, limit: int, after: query.Position | None = None
) -> tuple[tuple[Going, ...], query.Position | None]:
    """Return a page of the appointments that are over, the latest first, and where the next begins.

    Args:
        store: The home.
        limit: How many at most.
        after: Where the page before ended.
    """
    over = ("attended", "cancelled", "missed")
    where = (Condition("status", over, "in"),)
    page = query.page(store, query.Query("appointment", where, order_by="at"), after, limit)
    found = [r for r in page.records if isinstance(r, Appointment) and not r.struck_reason]
    return _going(store, found, store.today()), page.next


def appointment(store: Store, identity: int) -> Going | None:
    """Return a single appointment; None if it is not here."""
    record = store.follow("appointment", identity)
    return _going(store, [record], store.today())[0] if isinstance(record, Appointment) else None


def _appointments(store: Store, asked: query.Query) -> list[Appointment]:
    found = query.every(store, asked)
    return [one for one in found if isinstance(one, Appointment) and not one.struck_reason]


def _going(store: Store, found: Iterable[Appointment], on: dt.date) -> tuple[Going, ...]:
    names = Names(store)
    return tuple(_one_going(names, one, on) for one in found)


def _one_going(names: Names, one: Appointment, on: dt.date) -> Going:
    days = 0 if one.at is None else (times.in_london(one.at).date() - on).days
    booked = one.status == _BOOKED
    by_name = spec_of(one).by_name
    missing = tuple(
        by_name[name].label
        for name in ("escort", "transport")
        if booked and days >= 0 and is_empty(getattr(one, name))
    )
    return Going(
        appointment=one,
        resident=_name(names, "resident", one.resident),
        place=_name(names, "organisation", one.place),
        escort=_name(names, "staff", one.escort),
        days=days,
        missing=missing,
        to_close=booked and days < 0,
    )


def finish(home: OpenHome, identity: int, status: Over, outcome: str = "") -> Written:
    """Say that an appointment was attended, missed or cancelled, and what came of it.

    Args:
        home: The home.
        identity: The appointment.
        status: Which of them.
        outcome: What came of it; needed of one that was attended.

    Raises:
        UserError: The outcome is missing, its day has not come, or it is over already.
    """
    loaded = _loaded(home, "appointment", identity)
    record = loaded.record
    assert isinstance(record, Appointment)  # noqa: S101  # of its type
    if record.status != _BOOKED:
        raise _over("appointment")
    if status == "attended" and is_empty(outcome):
        raise Unfit([Problem("appointment.outcome", "Say in a few words what came of it.")])
    changed = dataclasses.replace(record, status=status, outcome=outcome.strip() or None)
    return _save(home, loaded, changed)


# ---- loans


def loans(store: Store, on: dt.date, *, resident: int | None = None) -> tuple[Lent, ...]:
    """Return what is on loan or was asked for, what needs somebody first.

    Args:
        store: The home.
        on: The present day.
        resident: Only what is for one resident.
    """
    where = [Condition("returned_on", None)]
    where += [] if resident is None else [Condition("resident", resident)]
    found = query.every(store, query.Query("equipment_loan", tuple(where)))
    lent = _lent(
        store, (r for r in found if isinstance(r, EquipmentLoan) and not r.struck_reason), on
    )
    order = {"check due": 0, "asked for": 1, "here": 2, "returned": 3}
    return tuple(sorted(lent, key=lambda one: (order[one.state], -one.days, one.id)))


def returned(
    store: Store, limit: int, after: query.Position | None = None
) -> tuple[tuple[Lent, ...], query.Position | None]:
    """Return a page of what went back, the latest first, and where the next page begins.

    Args:
        store: The home.
        limit: How many at most.
        after: Where the page before ended.
    """
    where = (Condition("returned_on", dt.date.min, ">="),)
    page = query.page(
        store, query.Query("equipment_loan", where, order_by="returned_on"), after, limit
    )
    found = (r for r in page.records if isinstance(r, EquipmentLoan) and not r.struck_reason)
    return _lent(store, found, store.today()), page.next


def loan(store: Store, identity: int) -> Lent | None:
    """Return a single loan; None if it is not here."""
    record = store.follow("equipment_loan", identity)
    return _lent(store, [record], store.today())[0] if isinstance(record, EquipmentLoan) else None


def _lent(store: Store, found: Iterable[EquipmentLoan], on: dt.date) -> tuple[Lent, ...]:
    names = Names(store)
    told = []
    for one in found:
        state, since = _state(one, on)
        told.append(
            Lent(
                loan=one,
                resident=_name(names, "resident", one.resident),
                supplier=_name(names, "organisation", one.supplier),
                state=state,
                days=0 if since is None else (on - since).days,
            )
        )
    return tuple(told)


def _state(one: EquipmentLoan, on: dt.date) -> tuple[LoanState, dt.date | None]:
    if one.returned_on is not None and one.returned_on <= on:
        return "returned", one.returned_on
    if one.arrived_on is None or one.arrived_on > on:
        return "asked for", one.requested_on
    if one.next_check is not None and one.next_check <= on:
        return "check due", one.next_check
    return "here", one.arrived_on


def mark_loan(home: OpenHome, identity: int, step: Step, day: dt.date) -> Written:
    """Note that equipment arrived or went back.

    Args:
        home: The home.
        identity: The loan.
        step: Which of the two.
        day: The day.

    Raises:
        UserError: It went back already, or the day cannot be right.
    """
    loaded = _loaded(home, "equipment_loan", identity)
    record = loaded.record
    assert isinstance(record, EquipmentLoan)  # noqa: S101  # of its type
    if record.returned_on is not None:
        raise _over("equipment_loan")
    changed = (
        dataclasses.replace(record, arrived_on=day)
        if step == "arrived_on"
        else dataclasses.replace(record, returned_on=day, next_check=None)
    )
    return _save(home, loaded, changed)


def checked(home: OpenHome, identity: int, next_check: dt.date | None) -> Written:
    """Note that equipment was checked, by saying when the next check is; None for never again.

    Args:
        home: The home.
        identity: The loan.
        next_check: When it is checked next.

    Raises:
        UserError: It went back already, or the day is not ahead.
    """
    loaded = _loaded(home, "equipment_loan", identity)
    record = loaded.record
    assert isinstance(record, EquipmentLoan)  # noqa: S101  # of its type
    if record.returned_on is not None:
        raise _over("equipment_loan")
    if next_check is not None and next_check <= home.store.today():
        label = spec_of(record).by_name["next_check"].label
        raise Unfit([Problem("next_check", f"{label}: that day does not lie ahead.")])
    return _save(home, loaded, dataclasses.replace(record, next_check=next_check))


# ---- both


def _name(names: Names, type_name: str, identity: int | None) -> str:
    return "" if identity is None else names.by_id(type_name, identity)


def _save(home: OpenHome, loaded: Loaded, changed: Record) -> Written:
    together = Together(home)
    together.change(spec_of(changed).name, loaded, changed)
    saved = together.save()
    return Written(tuple(history.batch_changes(home.store, saved.unit)), saved.warnings)


def _loaded(home: OpenHome, type_name: str, identity: int) -> Loaded:
    loaded = home.store.load(type_name, identity)
    if loaded is None or not loaded.record.lives or loaded.record.struck_reason:
        raise UserError(
            "This does not stand any more.", kept="Nothing was changed.", code="no-record"
        )
    return loaded


def _over(type_name: str) -> UserError:
    words = {"appointment": "This appointment is over", "equipment_loan": "This went back"}
    return UserError(
        f"{words[type_name]} already.",
        kept="Nothing was changed.",
        do="Open it to see what was recorded.",
        code="nothing-to-do",
    )
