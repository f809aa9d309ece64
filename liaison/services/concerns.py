"""Concerns and queries: raised, answered, fed back to whoever raised them, closed (domain need N7).

Nothing said here is ever gone: what is asked again keeps its first answer in the history, and the
trail tells it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.records import Problem, all_specs, spec_of
from liaison.records.administration import Person
from liaison.records.casework import Concern
from liaison.records.check import is_empty, tidy
from liaison.records.rules import concerns as rules
from liaison.records.rules import times
from liaison.services import editing
from liaison.services.references import Names
from liaison.store import history, query
from liaison.store.driver import plain_errors
from liaison.store.query import Condition

if TYPE_CHECKING:
    from liaison.services.homes import OpenHome
    from liaison.store.rows import Loaded
    from liaison.store.store import Store

_TYPE: Final = "concern"
_MOST_READ: Final = 200
"""Answers somebody has not read: more than this is no list any more."""


@dataclasses.dataclass(frozen=True, slots=True)
class Done:
    """What was written about a concern.

    Args:
        id: The concern.
        changes: The stamps of what was written, to take it back.
        warnings: What is unusual about it.
    """

    id: int
    changes: tuple[int, ...]
    warnings: tuple[Problem, ...] = ()


# ---- reading


def state_of(concern: Concern, until: dt.datetime | None = None) -> rules.State:
    """Tell how a concern stands, or stood at a moment."""
    return rules.state_of(concern.answered_at, concern.acknowledged_at, concern.closed_at, until)


def is_late(concern: Concern, at: dt.datetime) -> bool:
    """Tell whether nobody has answered a concern in the time in which an answer was wanted."""
    return (
        concern.raised_at is not None
        and state_of(concern, at) is rules.State.WAITING
        and rules.is_late(concern.urgency, concern.raised_at, at)
    )


def open_concerns(
    store: Store,
    on: dt.date | None = None,
    *,
    kind: str | None = None,
    route: str | None = None,
    resident: int | None = None,
) -> tuple[Concern, ...]:
    """Return the concerns and queries without an outcome, the oldest first.

    Args:
        store: The home.
        on: As it was at the end of this day, as known today; as it stands without it.
        kind: Only "concern" or "query".
        route: Only what goes there: "round", "GP" ...
        resident: Only what is about this resident.
    """
    also = query.equal({
        name: value
        for name, value in (("kind", kind), ("route", route), ("resident", resident))
        if value is not None
    })  # fmt: skip
    found = [*_each(store, Condition("closed_at", None), *also)]
    if on is not None:
        ends = times.start_of_day(on + dt.timedelta(days=1))
        # by what it is sorted by, so that the closed ones of years are not looked at
        found += _each(store, Condition("closed_at", ends, ">="), *also, order_by="closed_at")
        found = [one for one in found if one.raised_at is not None and one.raised_at < ends]
    return tuple(sorted(found, key=_raised))


def held_for(store: Store, contact: int, roles: tuple[str, ...] = ()) -> tuple[Concern, ...]:
    """Return the queries kept for somebody's next visit, the oldest first.

    Args:
        store: The home.
        contact: Who comes.
        roles: The roles they hold, such as "GP": what is kept for such a one and for nobody by
            name is theirs as well.
    """
    with plain_errors():
        with_duplicates = {*query.same_ids(store.connection, all_specs()["contact"], contact)}
    held = open_concerns(store, kind="query")
    return tuple(
        one
        for one in held
        if one.answered_at is None
        and (one.routed_to in with_duplicates or (one.routed_to is None and one.route in roles))
    )


def to_read(store: Store, person: int) -> tuple[Concern, ...]:
    """Return what somebody raised that came to an answer or an end they have not read, newest first.

    Args:
        store: The home.
        person: Who signed in (the id of their person record). Of somebody who is not recorded
            among the staff, it is what they wrote themselves.
    """
    staff = staff_of(store, person)
    unread = [Condition("acknowledged_at", None)]
    if staff is not None:
        unread.append(Condition("raised_by", staff))
    waiting = [
        one
        for one in _each(store, *unread)
        if _to_feed_back(one)
        and (staff is not None or history.author(store, one.id or 0) == person)
    ]
    waiting.sort(key=lambda one: one.answered_at or one.closed_at or _raised(one), reverse=True)
    return tuple(waiting[:_MOST_READ])


def staff_of(store: Store, person: int) -> int | None:
    """Return which member of staff somebody who can sign in is; None if that is not recorded."""
    record = store.get("person", person)
    return record.staff if isinstance(record, Person) else None


def is_own(store: Store, concern: Concern, person: int) -> bool:
    """Tell whether somebody raised a concern: their staff record did, or they have none and wrote it."""
    staff = staff_of(store, person)
    if staff is None:
        return history.author(store, concern.id or 0) == person
    mine, theirs = store.follow("staff", staff), store.follow("staff", concern.raised_by or 0)
    return mine is not None and theirs is not None and mine.id == theirs.id


def _each(store: Store, *where: Condition, order_by: str = "") -> Iterator[Concern]:
    for record in query.every(store, query.Query(_TYPE, where, order_by)):
        if isinstance(record, Concern) and not record.struck_reason:
            yield record


def _to_feed_back(concern: Concern) -> bool:
    return rules.to_feed_back(concern.answered_at, concern.acknowledged_at, concern.closed_at)


def _raised(concern: Concern) -> dt.datetime:
    return concern.raised_at or dt.datetime.min.replace(tzinfo=dt.UTC)


# ---- what people do


def prepared(home: OpenHome, concern: Concern) -> Concern:
    """Return a new concern with what the program fills in: the moment, and whoever signed in."""
    return dataclasses.replace(
        concern,
        raised_at=concern.raised_at or home.store.clock(),
        raised_by=concern.raised_by or staff_of(home.store, home.person),
    )


def raise_concern(home: OpenHome, concern: Concern) -> Done:
    """Raise a concern, or keep a query for somebody's next visit.

    Args:
        home: The home.
        concern: What it is; without a moment it is now, without anybody it is whoever signed in.

    Raises:
        editing.Unfit: Something is missing or cannot be; all of it is told.
        UserError: The role does not allow it.
    """
    concern = dataclasses.replace(
        prepared(home, concern),
        answer=None, answered_by=None, answered_at=None, acknowledged_at=None,
        outcome=None, closed_at=None,
    )  # fmt: skip
    editing.refuse_adding(home, _TYPE)
    found = editing.problems_of(home, concern)
    if blocking := [problem for problem in found if problem.blocks]:
        raise editing.Unfit(blocking)
    with home.unit() as unit:
        identity = unit.add(concern)
        at = unit.id
    return Done(identity, tuple(history.batch_changes(home.store, at)), tuple(found))


def answer(  # what an answer says
    home: OpenHome,
    identity: int,
    words: str,
    by: str,
    at: dt.datetime | None = None,
    *,
    shown: Loaded | None = None,
) -> Done:
    """Note the answer to a concern; whoever raised it then has it to read.

    An answer that is there already is kept in the history, and the new one is to be read again.

    Args:
        home: The home.
        identity: The concern.
        words: What was answered.
        by: Who answered.
        at: When; now without it.
        shown: The concern as a form had shown it: what others wrote since is then settled, not
            written over.

    Raises:
        editing.Unfit: Words or name are missing, or the moment cannot be.
        UserError: It is closed or struck through.
    """
    loaded, concern = _open(home, identity, shown)
    at = at or home.store.clock()
    changed = dataclasses.replace(
        concern,
        answer=tidy(words, long=True) or None,
        answered_by=tidy(by, long=False) or None,
        answered_at=at,
        acknowledged_at=None,
    )
    problems = [
        *_missing("answer", words, "Say in a few words what was answered."),
        *_missing("answered_by", by, "Say who answered."),
    ]
    return _write(home, loaded, changed, problems)


def acknowledge(home: OpenHome, identity: int, told: str = "") -> Done:
    """Note that whoever raised a concern knows what came of it.

    Args:
        home: The home.
        identity: The concern.
        told: How they were told, if it is somebody else who notes it: "Rang her at home".

    Raises:
        UserError: Nothing came of it yet, they know it already, or it is another's and it is not
            said how they were told.
    """
    loaded, concern = _standing(home, identity)
    if not _to_feed_back(concern):
        raise UserError(
            "There is nothing new to read."
            if concern.acknowledged_at is not None
            else "Nobody has answered this yet.",
            kept="Nothing was changed.",
            code="nothing-to-do",
        )
    if is_empty(told) and not is_own(home.store, concern, home.person):
        name = Names(home.store).by_id("staff", concern.raised_by or 0)
        raise UserError(
            f"{name} raised this, and has not read the answer yet.",
            kept="Nothing was changed.",
            do="If you have told them, say how: “Rang her at home”.",
            code="not-yours",
        )
    changed = dataclasses.replace(concern, acknowledged_at=home.store.clock())
    return _write(home, loaded, changed, reason=tidy(told, long=False))


def close(
    home: OpenHome,
    identity: int,
    outcome: str,
    at: dt.datetime | None = None,
    *,
    shown: Loaded | None = None,
) -> Done:
    """Close a concern with what came of it; whoever signed in stands for it by name.

    Args:
        home: The home.
        identity: The concern.
        outcome: What came of it.
        at: When; now without it.
        shown: As for :func:`answer`.

    Raises:
        editing.Unfit: There is no outcome, or the moment cannot be.
        UserError: It is closed already or struck through.
    """
    loaded, concern = _open(home, identity, shown)
    at = at or home.store.clock()
    changed = dataclasses.replace(concern, outcome=tidy(outcome, long=True) or None, closed_at=at)
    missing = _missing("outcome", outcome, "Say in a few words what came of it.")
    return _write(home, loaded, changed, missing)


def ask_again(home: OpenHome, identity: int, reason: str) -> Done:
    """Open a concern again: the answer did not help, or it has come back.

    It then waits for an answer as before; what was answered and closed stays in its trail.

    Args:
        home: The home.
        identity: The concern.
        reason: Why, in their words.

    Raises:
        UserError: It waits for an answer anyhow, or there is no reason.
    """
    loaded, concern = _standing(home, identity)
    if state_of(concern) is rules.State.WAITING:
        raise UserError(
            "Nobody has answered this yet.", kept="Nothing was changed.", code="nothing-to-do"
        )
    changed = dataclasses.replace(
        concern,
        answer=None, answered_by=None, answered_at=None, acknowledged_at=None,
        outcome=None, closed_at=None,
    )  # fmt: skip
    return _write(home, loaded, changed, reason=editing.reason_given(reason))


def pass_on(home: OpenHome, identity: int, route: str, to: int | None = None) -> Done:
    """Send a concern that waits somewhere else: from the round to the GP, as it cannot wait.

    Args:
        home: The home.
        identity: The concern.
        route: Where it goes from now on.
        to: To whom there, by name.
    """
    loaded, concern = _open(home, identity)
    return _write(home, loaded, dataclasses.replace(concern, route=route, routed_to=to))


# ---- writing


def _standing(home: OpenHome, identity: int) -> tuple[Loaded, Concern]:
    loaded = home.store.load(_TYPE, identity)
    if loaded is None or not isinstance(loaded.record, Concern) or not loaded.record.lives:
        raise UserError("This concern is not here.", kept="Nothing was changed.", code="not-found")
    if loaded.record.struck_reason:
        raise UserError(
            "This was struck through, so nothing is done with it any more.",
            kept="Nothing was changed.",
            code="nothing-to-do",
        )
    return loaded, loaded.record


def _open(home: OpenHome, identity: int, shown: Loaded | None = None) -> tuple[Loaded, Concern]:
    loaded, concern = _standing(home, identity)
    if concern.closed_at is not None:
        raise UserError(
            f"This was closed on {times.show_time(concern.closed_at)}.",
            kept="Nothing was changed.",
            do="Open it again if it is not over.",
            code="nothing-to-do",
        )
    if shown is not None and isinstance(shown.record, Concern):
        return shown, shown.record
    return loaded, concern


def _write(
    home: OpenHome,
    loaded: Loaded,
    changed: Concern,
    problems: list[Problem] | None = None,
    reason: str = "",
) -> Done:
    told = {problem.field for problem in problems or ()}
    editing.refuse_change(home, loaded, changed)
    also = [
        problem
        for problem in editing.problems_of(home, changed, loaded.record)
        if problem.field not in told
    ]
    found = [*(problems or ()), *also]
    if blocking := [problem for problem in found if problem.blocks]:
        raise editing.Unfit(blocking)
    with home.unit(reason) as unit:
        unit.save(loaded, changed)
        at = unit.id
    return Done(loaded.id, tuple(history.batch_changes(home.store, at)), tuple(found))


def _label(field: str) -> str:
    return spec_of(Concern).by_name[field].label


def _missing(field: str, words: str, do: str) -> list[Problem]:
    return [Problem(field, f"{_label(field)} is missing. {do}")] if is_empty(words) else []
