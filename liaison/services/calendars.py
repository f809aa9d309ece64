"""What stands in a calendar file: sessions, rounds, supervisions, follow-ups, what runs out.

A calendar lies on phones and with other firms. So no resident is named in it: a follow-up says by
whom it is due, and the rest is looked up here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.exchange.calendar import Event, calendar_bytes
from liaison.records import Record, all_specs, ids
from liaison.records.casework import Action, Round, Series
from liaison.records.rules import times
from liaison.records.training import Session, Supervision
from liaison.services import sessions
from liaison.services.references import Names
from liaison.services.training import matrix
from liaison.store import history, query
from liaison.store.query import Condition
from liaison.store.stamps import made_at

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from liaison.store.store import Store

_BACK: Final = dt.timedelta(days=92)


def kinds() -> tuple[str, ...]:
    """Return the record types of which there is a calendar file."""
    return tuple(_EVENTS)


def calendar_of(
    store: Store, type_name: str, only: Collection[int] | None = None
) -> tuple[bytes, int]:
    """Return a calendar file of what is coming, and of the last three months.

    Args:
        store: The home.
        type_name: One of :func:`kinds`; of training records, the days on which they run out.
        only: The ids of the records wanted; all of them if not given.

    Returns:
        The file, and how many events are in it.

    Raises:
        UserError: There is no calendar of these.
    """
    if type_name not in _EVENTS:
        raise no_calendar()
    events = list(_EVENTS[type_name](store, only))
    loaded = store.the("home")
    name = "" if loaded is None else getattr(loaded.record, "name", None) or ""
    plural = all_specs()[type_name].plural
    return calendar_bytes(f"{name}: {plural}" if name else plural, events), len(events)


def no_calendar() -> UserError:
    """Return what is said of a type that has no days of its own."""
    listed = ", ".join(all_specs()[name].plural.lower() for name in _EVENTS)
    return UserError(
        "A calendar file holds what has a day, and nothing else.",
        kept="Nothing was written.",
        do=f"Choose one of: {listed}; or a name that ends in .xlsx.",
        code="no-format",
    )


def _since(store: Store) -> dt.datetime:
    return store.clock() - _BACK


def _changed(store: Store, type_name: str, identity: int) -> dt.datetime:
    written = history.history(store, type_name, identity)[-1:]
    return written[0].at if written else made_at(identity)


def _records(
    store: Store, type_name: str, only: Collection[int] | None, *where: Condition
) -> Iterator[Record]:
    asked = query.Query(type_name, where, newest_first=False)
    for record in query.every(store, asked):
        if not record.struck_reason and (only is None or record.id in only):
            yield record


def _of_sessions(store: Store, only: Collection[int] | None) -> Iterator[Event]:
    names = Names(store)
    for one in _records(store, "session", only, Condition("at", _since(store), ">=")):
        if not isinstance(one, Session) or one.at is None:
            continue
        course = names.by_id("course", one.course or 0)
        teacher = sessions.teacher_of(names, one)
        yield Event(
            uid=ids.to_text(one.id or 0),
            title=f"Training: {course}",
            start=one.at,
            changed=_changed(store, "session", one.id or 0),
            minutes=one.length or 0,
            place=one.place or "",
            about=f"Taught by {teacher}" if teacher else "",
            cancelled=one.status == "cancelled",
        )


def _of_rounds(store: Store, only: Collection[int] | None) -> Iterator[Event]:
    names = Names(store)
    for one in _records(store, "round", only, Condition("at", _since(store), ">=")):
        if not isinstance(one, Round) or one.at is None:
            continue
        series = None if one.series is None else names.record("series", one.series)
        title = series.name if isinstance(series, Series) else None
        yield Event(
            uid=ids.to_text(one.id or 0),
            title=title or all_specs()["round"].label,
            start=one.at,
            changed=_changed(store, "round", one.id or 0),
            cancelled=one.status == "cancelled",
        )


def _of_actions(store: Store, only: Collection[int] | None) -> Iterator[Event]:
    names = Names(store)
    for one in _records(store, "action", only, Condition("done_at", None)):
        if not isinstance(one, Action) or one.due is None:
            continue
        by = names.by_id("staff", one.owner_staff) if one.owner_staff is not None else ""
        kind = store.vocabularies.label(all_specs()["action"].by_name["kind"], one.kind or "")
        yield Event(
            uid=ids.to_text(one.id or 0),
            title=f"{kind} due" + (f": {by}" if by else ""),
            start=one.due,
            changed=_changed(store, "action", one.id or 0),
            about="What and about whom stands in Liaison, under Open loops.",
        )


def _of_supervisions(store: Store, only: Collection[int] | None) -> Iterator[Event]:
    names = Names(store)
    field = all_specs()["supervision"].by_name["kind"]
    for one in _records(store, "supervision", only, Condition("done", None)):
        day = one.planned or one.next_due if isinstance(one, Supervision) else None
        if not isinstance(one, Supervision) or day is None:
            continue
        kind = store.vocabularies.label(field, one.kind or "")
        yield Event(
            uid=ids.to_text(one.id or 0),
            title=f"{kind}: {names.by_id('staff', one.staff or 0)}",
            start=day,
            changed=_changed(store, "supervision", one.id or 0),
        )


def _of_training(store: Store, only: Collection[int] | None) -> Iterator[Event]:
    """Yield the days on which training that counts runs out: the last one on which it does."""
    made = matrix(store)
    for row in made.rows:
        for cell, column in zip(row.cells, made.columns, strict=True):
            held = cell.held
            if held is None or held.runs_out is None or held.record is None:
                continue
            if not cell.counts or (only is not None and held.record not in only):
                continue
            if held.runs_out < times.in_london(_since(store)).date():
                continue
            yield Event(
                # of a person and a course: training anew moves the day, and doubles nothing
                uid=f"{ids.to_text(cell.staff)}-{ids.to_text(cell.course)}",
                title=f"Runs out: {column.course.name}, {row.name}",
                start=held.runs_out,
                changed=made_at(held.record),
            )


_EVENTS: Final[dict[str, Callable[[Store, Collection[int] | None], Iterator[Event]]]] = {
    "session": _of_sessions,
    "round": _of_rounds,
    "action": _of_actions,
    "supervision": _of_supervisions,
    "training_record": _of_training,
}
