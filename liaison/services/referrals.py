"""Referrals: how long each has waited and against what, asking again, and what came of it (N9)."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, Literal

from liaison.errors import UserError
from liaison.records import Problem
from liaison.records.casework import Chase, Referral
from liaison.records.check import is_empty
from liaison.records.directory import Organisation
from liaison.records.rules import chasing, times, waits
from liaison.services import permissions
from liaison.services.editing import Unfit
from liaison.services.references import Names
from liaison.services.together import Together
from liaison.store import history, query
from liaison.store.query import Condition

if TYPE_CHECKING:
    from liaison.records.rules.chasing import Length
    from liaison.records.rules.waits import WaitState
    from liaison.services.homes import OpenHome
    from liaison.store.rows import Loaded
    from liaison.store.store import Store

_DEEPEST: Final = 50
"""Steps of a chain; a circle of mistakes ends there."""
Step = Literal["acknowledged", "first_seen"]


@dataclasses.dataclass(frozen=True, slots=True)
class Waiting:
    """A referral that was open on a day, with its clock.

    Args:
        referral: The referral.
        resident: Who waits, named; people of one name with room and date of birth.
        organisation: Where they were referred to.
        days: Calendar days waited up to that day, or until they were first seen.
        state: ``waiting``, or ``seen`` and still without an outcome.
        usual: The service's typical wait in days; None if it is not known.
        limit: After how many days it is too long; None if nobody said.
        length: How the wait compares with these.
        chase_due: Whether the service is to be asked again by that day.
        chases: How often it was asked by then.
        last: The last asking by then.
    """

    referral: Referral
    resident: str
    organisation: str
    days: int
    state: WaitState
    usual: int | None
    limit: int | None
    length: Length
    chase_due: bool
    chases: int = 0
    last: Chase | None = None

    @property
    def id(self) -> int:
        """The referral's id."""
        return self.referral.id or 0

    @property
    def bar(self) -> str:
        """The state an age bar shows: ok, due, late, or info where nothing is usual."""
        if self.state != "waiting":
            return "ok"
        return {
            "within the usual wait": "ok",
            "past the usual wait": "due",
            "too long": "late",
        }.get(self.length, "info")

    @property
    def words(self) -> str:
        """How it stands, in words: "184 days, usual wait 126"."""
        days = f"{self.days:,} day{'' if self.days == 1 else 's'}"
        if self.state == "seen":
            return f"seen after {days}, no outcome yet"
        if self.state != "waiting":
            return self.state
        told = [days]
        if self.usual:
            told.append(f"usual wait {self.usual}")
        if self.limit is not None and self.limit != self.usual:
            told.append(f"too long after {self.limit}")
        return ", ".join(told)


@dataclasses.dataclass(frozen=True, slots=True)
class Written:
    """Something that was written about a referral.

    Args:
        changes: The stamps of what was written, to take it back.
        next_chase: The day on which the service is asked next, as it stands now.
        warnings: What is unusual about it.
    """

    changes: tuple[int, ...]
    next_chase: dt.date | None = None
    warnings: tuple[Problem, ...] = ()


# ---- reading


def waiting(
    store: Store,
    on: dt.date,
    *,
    resident: int | None = None,
    organisation: int | None = None,
) -> tuple[Waiting, ...]:
    """Return the referrals without an outcome as it was on a day, those sent first before others.

    Args:
        store: The home.
        on: The day; what was closed later was still open then.
        resident: Only those of one resident.
        organisation: Only those to one place.
    """
    narrowed = tuple(
        Condition(field, value)
        for field, value in (("resident", resident), ("organisation", organisation))
        if value is not None
    )
    found = [
        *_found(store, Condition("closed_on", None), *narrowed),
        # sorted by what is asked for, so that the index over it is walked
        *_found(store, Condition("closed_on", on, ">"), *narrowed, order_by="closed_on"),
    ]
    open_then = [one for one in found if one.sent is not None and one.sent <= on]
    open_then.sort(key=lambda one: (one.sent or on, one.id or 0))
    return _told(store, open_then, on)


def _found(store: Store, *where: Condition, order_by: str = "") -> Iterable[Referral]:
    for record in query.every(store, query.Query("referral", where, order_by=order_by)):
        if isinstance(record, Referral) and not record.struck_reason:
            yield record


def one(store: Store, identity: int, on: dt.date) -> Waiting | None:
    """Return how a single referral stands on a day, closed ones too; None if it is not here."""
    record = store.follow("referral", identity)
    return _told(store, [record], on)[0] if isinstance(record, Referral) else None


def closed(
    store: Store, limit: int, after: query.Position | None = None
) -> tuple[tuple[Waiting, ...], query.Position | None]:
    """Return a page of the referrals that have an outcome, those closed last first.

    Args:
        store: The home.
        limit: How many at most.
        after: Where the page before ended.

    Returns:
        They, as they stood on the day they were closed, and where the next page begins.
    """
    where = (Condition("closed_on", dt.date.min, ">="),)
    page = query.page(store, query.Query("referral", where, order_by="closed_on"), after, limit)
    found = [r for r in page.records if isinstance(r, Referral) and not r.struck_reason]
    return _told(store, found, store.today()), page.next


def _told(store: Store, found: Sequence[Referral], on: dt.date) -> tuple[Waiting, ...]:
    names = Names(store)
    names.learn(
        {
            "resident": {r.resident for r in found if r.resident is not None},
            "organisation": {r.organisation for r in found if r.organisation is not None},
        }
    )
    asked = _chases(store, found, on)
    return tuple(_wait(names, referral, asked.get(referral.id or 0, []), on) for referral in found)


def _wait(names: Names, referral: Referral, asked: Sequence[Chase], on: dt.date) -> Waiting:
    sent = referral.sent or on
    clock = waits.wait(sent, referral.first_seen, referral.closed_on, on)
    place = (
        None
        if referral.organisation is None
        else names.record("organisation", referral.organisation)
    )
    usual = (place.typical_wait_days or None) if isinstance(place, Organisation) else None
    still = clock.state == "waiting"
    return Waiting(
        referral=referral,
        resident=_name(names, "resident", referral.resident),
        organisation=_name(names, "organisation", referral.organisation),
        days=clock.days,
        state=clock.state,
        usual=usual,
        limit=chasing.limit_of(usual, referral.threshold_days),
        length=chasing.length(clock.days, usual, referral.threshold_days),
        chase_due=still and referral.next_chase is not None and referral.next_chase <= on,
        chases=len(asked),
        last=asked[-1] if asked else None,
    )


def _name(names: Names, type_name: str, identity: int | None) -> str:
    return "" if identity is None else names.by_id(type_name, identity)


def _chases(store: Store, found: Sequence[Referral], on: dt.date) -> Mapping[int, list[Chase]]:
    asked: dict[int, list[Chase]] = {}
    if not found:
        return asked
    wanted = tuple(referral.id or 0 for referral in found)
    for chase in query.every(store, query.Query("chase", (Condition("referral", wanted, "in"),))):
        if not isinstance(chase, Chase) or chase.struck_reason or chase.at is None:
            continue
        if times.in_london(chase.at).date() <= on:
            asked.setdefault(chase.referral or 0, []).append(chase)
    for chases in asked.values():
        chases.sort(key=lambda chase: (chase.at, chase.id))
    return asked


def chases(store: Store, identity: int) -> tuple[Chase, ...]:
    """Return every asking after a referral, the latest first, struck ones too."""
    where = (Condition("referral", identity),)
    found = [c for c in query.every(store, query.Query("chase", where)) if isinstance(c, Chase)]
    found.sort(key=lambda chase: (chase.at is not None, chase.at, chase.id), reverse=True)
    return tuple(found)


def chain(store: Store, identity: int) -> tuple[tuple[int, Referral], ...]:
    """Return the chain a referral belongs to: what it came from and what followed, in order.

    Args:
        store: The home.
        identity: The referral.

    Returns:
        Pairs of depth (0 is where the chain began) and referral; one alone if it stands alone.
    """
    start = store.follow("referral", identity)
    if not isinstance(start, Referral):
        return ()
    # a chain is about one resident, so these few are all there can be
    theirs = {one.id or 0: one for one in _found(store, Condition("resident", start.resident))}
    theirs[start.id or 0] = start
    children: dict[int, list[Referral]] = {}
    for referral in theirs.values():
        children.setdefault(referral.parent or 0, []).append(referral)
    first, seen = start, {start.id or 0}
    while first.parent in theirs and first.parent not in seen:
        first = theirs[first.parent]
        seen.add(first.id or 0)
    told: list[tuple[int, Referral]] = []

    def tell(referral: Referral, depth: int) -> None:
        if depth < _DEEPEST and all(referral.id != known.id for _, known in told):
            told.append((depth, referral))
            for child in sorted(
                children.get(referral.id or 0, []), key=lambda r: (r.sent or dt.date.min, r.id)
            ):
                tell(child, depth + 1)

    tell(first, 0)
    return tuple(told)


# ---- what people do


def suggested(store: Store, identity: int) -> dt.date:
    """Return the day on which to ask again, if a service is asked today."""
    today = store.today()
    wait = one(store, identity, today)
    if wait is None:
        return chasing.next_chase(today, 0, None, None)
    return chasing.next_chase(today, wait.days, wait.usual, wait.referral.threshold_days)


def chase(  # what somebody says about one asking
    home: OpenHome,
    identity: int,
    *,
    how: str | None = "phone",
    result: str = chasing.NO_REPLY,
    spoke_to: str | None = None,
    next_chase: dt.date | None = None,
) -> Written:
    """Note that a service was asked after a referral, and when it is asked next.

    Args:
        home: The home.
        identity: The referral.
        how: By which way.
        result: What they said.
        spoke_to: Who it was.
        next_chase: When to ask again; the suggested day if not given.

    Returns:
        What was written. Whoever may not plan (a carer) notes the asking alone.

    Raises:
        UserError: The referral is over, there are no words, or the day is past.
    """
    loaded = _open(home, identity)
    referral = _of(loaded)
    day = next_chase or suggested(home.store, identity)
    problems = []
    if is_empty(result):
        problems.append(Problem("chase.result", "Say in a few words what came of asking."))
    if words := chasing.next_chase_problem(day, home.store.today()):
        problems.append(Problem("referral.next_chase", words))
    together = Together(home)
    together.add(
        "chase",
        Chase(
            referral=loaded.id,
            at=home.store.clock(),
            how=how,
            spoke_to=spoke_to or None,
            result=result,
        ),
    )
    plans = home.may(permissions.work_of("referral").change)
    if plans:
        together.change("referral", loaded, dataclasses.replace(referral, next_chase=day))
    saved = together.save(also=tuple(problems))
    return Written(
        tuple(history.batch_changes(home.store, saved.unit)),
        day if plans else referral.next_chase,
        saved.warnings,
    )


def mark(home: OpenHome, identity: int, step: Step, day: dt.date) -> Written:
    """Note that a referral was acknowledged, or that its resident was first seen.

    Args:
        home: The home.
        identity: The referral.
        step: Which of the two.
        day: The day it happened.

    Raises:
        UserError: The referral is over, or the day cannot be right.
    """
    loaded = _open(home, identity)
    changes: dict[str, object] = {step: day}
    if step == "first_seen":
        # nobody asks when somebody will be seen who has been seen
        changes["next_chase"] = None
    changed = dataclasses.replace(_of(loaded), **changes)  # type: ignore[arg-type]  # by name
    return _save(home, loaded, changed)


def close(home: OpenHome, identity: int, outcome: str, day: dt.date | None = None) -> Written:
    """Say what came of a referral, which is done with that; nothing is closed without words.

    Args:
        home: The home.
        identity: The referral.
        outcome: What came of it.
        day: The day it was closed; today if not given.

    Raises:
        UserError: There are no words, the referral is over already, or the day cannot be right.
    """
    loaded = _open(home, identity)
    if is_empty(outcome):
        raise Unfit([Problem("referral.outcome", "Say in a few words what came of it.")], "closed")
    closed_on = day or home.store.today()
    changed = dataclasses.replace(
        _of(loaded), outcome=outcome, closed_on=closed_on, next_chase=None
    )
    return _save(home, loaded, changed)


def _save(home: OpenHome, loaded: Loaded, changed: Referral) -> Written:
    together = Together(home)
    together.change("referral", loaded, changed)
    saved = together.save()
    return Written(
        tuple(history.batch_changes(home.store, saved.unit)), changed.next_chase, saved.warnings
    )


def _open(home: OpenHome, identity: int) -> Loaded:
    loaded = home.store.load("referral", identity)
    referral = None if loaded is None else loaded.record
    if loaded is None or not isinstance(referral, Referral):
        raise UserError("This referral is not here.", kept="Nothing was changed.", code="no-record")
    if referral.closed_on is not None or not referral.lives or referral.struck_reason:
        raise UserError(
            "This referral is closed already.",
            kept="Nothing was changed.",
            do="Open it to see what came of it.",
            code="nothing-to-do",
        )
    return loaded


def _of(loaded: Loaded) -> Referral:
    assert isinstance(loaded.record, Referral)  # noqa: S101  # _open has looked
    return loaded.record
