"""Transfers: what came along, what is due after coming back, and how they compare (need N11, N12)."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.records import FieldSpec, Problem, spec_of
from liaison.records.casework import Transfer
from liaison.records.check import is_empty
from liaison.records.home import Home
from liaison.records.rules import hours, times
from liaison.records.rules import transfers as rules
from liaison.records.rules.transfers import Move
from liaison.services.editing import Unfit
from liaison.services.references import Names
from liaison.services.together import Together
from liaison.store import history, query
from liaison.store.query import Condition

if TYPE_CHECKING:
    from liaison.services.homes import OpenHome
    from liaison.store.rows import Loaded
    from liaison.store.store import Store

_BEFORE: Final = dt.timedelta(days=400)
"""How far back it is looked for where somebody came from."""


@dataclasses.dataclass(frozen=True, slots=True)
class Told:
    """A transfer with everything that follows from it.

    Args:
        transfer: The transfer.
        resident: Who it is about, named; people of one name with room and date of birth.
        place: The hospital or place.
        direction: The direction as people see it.
        out_of_hours: Whether it was out of hours by the home's own setting.
        review_due: The last day for the review; None if none is due after it.
        days_late: How many days that day is past, if nobody has reviewed; negative if it lies
            ahead; None if there is nothing to review any more.
        readmitted_after: Days since they had come back, if that is at most 30; else None.
        gone_since: When they had left for hospital, of a return.
        lacking: The fields that say something did not, or only partly, go along.
        unanswered: The fields of the checklist nobody has answered.
    """

    transfer: Transfer
    resident: str
    place: str
    direction: str
    out_of_hours: bool
    review_due: dt.date | None
    days_late: int | None
    readmitted_after: int | None
    gone_since: dt.datetime | None
    lacking: tuple[str, ...]
    unanswered: tuple[str, ...]

    @property
    def id(self) -> int:
        """The transfer's id."""
        return self.transfer.id or 0

    @property
    def flags(self) -> tuple[str, ...]:
        """What stands out about it, in words."""
        told = []
        if self.out_of_hours:
            told.append("out of hours")
        if self.readmitted_after is not None:
            days = self.readmitted_after
            told.append(f"readmitted {days} day{'' if days == 1 else 's'} after coming back")
        if self.transfer.end_of_life:
            told.append("end of life")
        return tuple(told)


# ---- reading


def between(store: Store, start: dt.date, end: dt.date) -> tuple[Told, ...]:
    """Return the transfers of a period, the latest first.

    Args:
        store: The home.
        start: Its first day.
        end: Its last day, counted in.
    """
    found = _of_period(store, start, end)
    return _told(store, found, store.today())


def _of_period(store: Store, start: dt.date, end: dt.date) -> list[Transfer]:
    where = (
        Condition("at", times.start_of_day(start), ">="),
        Condition("at", times.start_of_day(end + dt.timedelta(days=1)), "<"),
    )
    return _transfers(store, query.Query("transfer", where, order_by="at"))


def page(
    store: Store, limit: int, after: query.Position | None = None
) -> tuple[tuple[Told, ...], query.Position | None]:
    """Return a page of all transfers, the latest first, and where the next page begins.

    Args:
        store: The home.
        limit: How many at most.
        after: Where the page before ended.
    """
    found = query.page(store, query.Query("transfer", order_by="at"), after, limit)
    kept = [r for r in found.records if isinstance(r, Transfer) and not r.struck_reason]
    return _told(store, kept, store.today()), found.next


def to_review(store: Store, on: dt.date) -> tuple[Told, ...]:
    """Return whom nobody has reviewed since they came back, as it was on a day.

    Args:
        store: The home.
        on: The day; a review that was written down for later had not been made then.

    Returns:
        They, the most overdue first.
    """
    back = Condition("direction", rules.REVIEWED, "in")
    found = [
        *_transfers(store, query.Query("transfer", (Condition("reviewed_on", None), back))),
        *_transfers(
            store,
            query.Query(
                "transfer", (Condition("reviewed_on", on, ">"), back), order_by="reviewed_on"
            ),
        ),
    ]
    came = [one for one in found if one.at is not None and times.in_london(one.at).date() <= on]
    told = _told(store, came, on)
    return tuple(sorted(told, key=lambda one: (one.review_due or on, one.id)))


def of_resident(store: Store, resident: int, *, limit: int = 50) -> tuple[Told, ...]:
    """Return the latest transfers of a resident, the latest first."""
    where = (Condition("resident", resident),)
    page = query.page(store, query.Query("transfer", where, order_by="at"), limit=limit)
    found = [r for r in page.records if isinstance(r, Transfer) and not r.struck_reason]
    return _told(store, found, store.today())


def one(store: Store, identity: int) -> Told | None:
    """Return a single transfer; None if it is not here."""
    record = store.follow("transfer", identity)
    return _told(store, [record], store.today())[0] if isinstance(record, Transfer) else None


def _transfers(store: Store, asked: query.Query) -> list[Transfer]:
    return [
        record
        for record in query.every(store, asked)
        if isinstance(record, Transfer) and not record.struck_reason
    ]


def _told(store: Store, found: Sequence[Transfer], on: dt.date) -> tuple[Told, ...]:
    names = Names(store)
    names.learn(
        {
            "resident": {t.resident for t in found if t.resident is not None},
            "organisation": {t.place for t in found if t.place is not None},
        }
    )
    home = _home(store)
    moves = _moves(store, names, found)
    return tuple(_judged(store, names, home, one, moves, on) for one in found)


def _judged(  # noqa: PLR0917  # one transfer and what it is judged by
    store: Store,
    names: Names,
    home: Home,
    transfer: Transfer,
    moves: dict[int, list[Move]],
    on: dt.date,
) -> Told:
    others = moves.get(_stands(names, transfer.resident), [])
    move = None if transfer.at is None else Move(transfer.direction or "", transfer.at)
    due = rules.review_due(transfer.direction, transfer.at, _working_days(home))
    reviewed = transfer.reviewed_on is not None and transfer.reviewed_on <= on
    answers = {name: getattr(transfer, name) for name in rules.CHECKLIST}
    declared = _direction_field()
    return Told(
        transfer=transfer,
        resident="" if transfer.resident is None else names.by_id("resident", transfer.resident),
        place="" if transfer.place is None else names.by_id("organisation", transfer.place),
        direction=store.vocabularies.label(declared, transfer.direction or ""),
        out_of_hours=transfer.at is not None
        and hours.out_of_hours(
            transfer.at, home.hours_from or _USUAL.hours_from or "",
            home.hours_to or _USUAL.hours_to or "",
        ),
        review_due=due,
        days_late=None if due is None or reviewed else (on - due).days,
        readmitted_after=None if move is None else rules.readmitted_after(move, others),
        gone_since=None if move is None else rules.left_from(move, others),
        lacking=rules.lacking(answers),
        unanswered=rules.unanswered(answers),
    )  # fmt: skip


_USUAL: Final = Home()


def _direction_field() -> FieldSpec:
    return spec_of(Transfer).by_name["direction"]


def _home(store: Store) -> Home:
    loaded = store.the("home")
    return loaded.record if loaded is not None and isinstance(loaded.record, Home) else _USUAL


def _working_days(home: Home) -> int:
    # cleared by hand: what a new home begins with
    days = home.review_working_days
    return days if days is not None else _USUAL.review_working_days or 0


def _moves(store: Store, names: Names, found: Iterable[Transfer]) -> dict[int, list[Move]]:
    """Return all transfers of some residents since well before the first of them."""
    dated = [one for one in found if one.at is not None and one.resident is not None]
    if not dated:
        return {}
    first = min(one.at for one in dated if one.at is not None) - _BEFORE
    residents = tuple({one.resident for one in dated if one.resident is not None})
    where = (Condition("resident", residents, "in"), Condition("at", first, ">="))
    moves: defaultdict[int, list[Move]] = defaultdict(list)
    for one in _transfers(store, query.Query("transfer", where)):
        if one.at is not None:
            moves[_stands(names, one.resident)].append(Move(one.direction or "", one.at))
    return moves


def _stands(names: Names, resident: int | None) -> int:
    found = None if resident is None else names.record("resident", resident)
    return (found.id if found is not None else resident) or 0


# ---- what people do


@dataclasses.dataclass(frozen=True, slots=True)
class Written:
    """Something that was written about a transfer: the stamps of it, to take it back."""

    changes: tuple[int, ...]
    warnings: tuple[Problem, ...] = ()


def review(home: OpenHome, identity: int, words: str, day: dt.date | None = None) -> Written:
    """Note what the review after coming back found; nothing is reviewed without words.

    Args:
        home: The home.
        identity: The transfer.
        words: What the review found.
        day: The day of the review; today if not given.

    Raises:
        UserError: There are no words, no review is due after it, it was made already, or the day
            cannot be right.
    """
    loaded = _loaded(home, identity)
    transfer = _of(loaded)
    if transfer.direction not in rules.REVIEWED:
        raise UserError(
            "No review is due after this transfer: it went away from us.",
            kept="Nothing was changed.",
            code="nothing-to-do",
        )
    if transfer.reviewed_on is not None:
        raise UserError(
            f"This was reviewed on {times.show_date(transfer.reviewed_on)} already.",
            kept="Nothing was changed.",
            do="Open it to read the review.",
            code="nothing-to-do",
        )
    if is_empty(words):
        problem = Problem("transfer.review", "Say in a few words what the review found.")
        raise Unfit([problem], "reviewed")
    changed = dataclasses.replace(transfer, review=words, reviewed_on=day or home.store.today())
    return _save(home, loaded, changed)


def answer(home: OpenHome, identity: int, field: str, value: str | None) -> Written:
    """Tick off one line of the checklist: whether something went along.

    Args:
        home: The home.
        identity: The transfer.
        field: One of ``rules.CHECKLIST``.
        value: One of the field's choices; None for not answered.
    """
    assert field in rules.CHECKLIST  # noqa: S101  # a mistake of ours
    loaded = _loaded(home, identity)
    changed = dataclasses.replace(_of(loaded), **{field: value})  # type: ignore[arg-type]  # by name
    return _save(home, loaded, changed)


def _save(home: OpenHome, loaded: Loaded, changed: Transfer) -> Written:
    together = Together(home)
    together.change("transfer", loaded, changed)
    saved = together.save()
    return Written(tuple(history.batch_changes(home.store, saved.unit)), saved.warnings)


def _loaded(home: OpenHome, identity: int) -> Loaded:
    loaded = home.store.load("transfer", identity)
    if loaded is None or not loaded.record.lives or loaded.record.struck_reason:
        raise UserError(
            "This transfer does not stand any more.", kept="Nothing was changed.", code="no-record"
        )
    return loaded


def _of(loaded: Loaded) -> Transfer:
    assert isinstance(loaded.record, Transfer)  # noqa: S101  # of its type
    return loaded.record
