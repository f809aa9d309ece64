"""The facts of a shift's handover, gathered for paper."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, TypeVar

from liaison.records import Record
from liaison.records.casework import (
    Action,
    Appointment,
    Chase,
    Concern,
    Referral,
    Transfer,
    Visit,
    VisitEntry,
)
from liaison.records.directory import ContactAttempt
from liaison.records.rules import times
from liaison.reports.shift_handover import SPEC, Facts, Row
from liaison.reports.spec import DEFAULT_HOURS
from liaison.services import loop_words, loops, timeline
from liaison.services.reporting.open_loops import home_name
from liaison.services.timeline import Happening
from liaison.services.today import happening
from liaison.services.today.items import Look, id_of
from liaison.store.query import Condition
from liaison.store.stamps import made_at

if TYPE_CHECKING:
    from liaison.reports.spec import Asked
    from liaison.store.store import Store

__all__ = ["SPEC", "gather"]

R = TypeVar("R", bound=Record)
_DAYS_AHEAD: Final = 1
_MOST_OPEN: Final = 12


def gather(store: Store, asked: Asked) -> Facts:
    """Return what the sheet shows.

    Args:
        store: The home.
        asked: From when on; 12 hours back if that is not said.
    """
    now = store.clock()
    since = asked.since or now - dt.timedelta(hours=DEFAULT_HOURS)
    look = Look(store, store.today())
    happened = sorted(_happened(look, since, now), key=lambda one: (_moment(one), one.record.id))
    open_now = loops.read(store, look.day)
    # what presses, then what has waited longest
    pressing = [
        loop for loop in open_now.items if loop.state != "ok" or loop.pressing or loop.chase
    ]
    shown = sorted(pressing, key=lambda loop: (not loop.pressing, loop.state != "late"))
    shown = shown[:_MOST_OPEN]
    return Facts(
        home=home_name(store),
        since=times.in_london(since),
        until=times.in_london(now),
        happened=tuple(_rows(look, happened, since)),
        coming=tuple(
            Row(_shortly(item.when), "", item.title, item.detail)
            for item in happening.coming(look)
            if -item.days <= _DAYS_AHEAD and item.when is not None
        ),
        open=tuple(
            Row(
                line.days, line.resident, f"{line.kind}: {line.what}",
                f"{line.owner}. {line.step}.", "Late" if line.loop.state == "late" else "Open",
                line.loop.state == "late",
            )
            for line in loop_words.tell(store, shown, look.day)
        ),
        more_open=len(open_now.items) - len(shown),
    )  # fmt: skip


def _happened(look: Look, since: dt.datetime, until: dt.datetime) -> Iterator[Happening]:
    """Yield what happened between two moments, whatever it was, and what was only then written."""

    def within(cls: type[R], field: str) -> list[R]:
        found = look.find(cls, Condition(field, since, ">="), Condition(field, until, "<="))
        # a discharge of Friday evening that nobody had time to write down is news on Saturday
        new = itertools.takewhile(lambda one: made_at(id_of(one)) >= since, look.each(cls))
        return [*found, *(one for one in new if (at := getattr(one, field)) and at < since)]

    visits = {id_of(one): one for one in within(Visit, "at") if one.status != "planned"}
    entries = look.find(VisitEntry, Condition("visit", tuple(visits), "in")) if visits else []
    for entry in entries:
        visit = visits.get(entry.visit or 0)
        if visit is not None and visit.at is not None:
            yield Happening(visit.at, entry, visit)
    told = {entry.visit for entry in entries}
    for identity, visit in visits.items():
        if identity not in told and visit.at is not None:
            yield Happening(visit.at, visit)
    seen: set[int] = set()
    raised = [(one.raised_at, one) for one in within(Concern, "raised_at")]
    closed = [(one.closed_at, one) for one in within(Concern, "closed_at")]
    answered = [
        (one.answered_at, one)
        for one in look.find(Concern, Condition("closed_at", None))
        if one.answered_at is not None and since <= one.answered_at <= until
    ]
    for at, concern in (*raised, *closed, *answered):
        # raised and answered in one shift is one matter
        if at is not None and id_of(concern) not in seen:
            seen.add(id_of(concern))
            yield Happening(at, concern)
    for one in within(Transfer, "at"):
        yield Happening(one.at or since, one)
    for call in within(ContactAttempt, "at"):
        yield Happening(call.at or since, call)
    for gone in within(Appointment, "at"):
        yield Happening(gone.at or since, gone)
    for action in within(Action, "done_at"):
        yield Happening(action.done_at or since, action)
    for referral in look.find(Referral, Condition("sent", times.in_london(since).date(), ">=")):
        if referral.sent is not None and referral.sent <= times.in_london(until).date():
            yield Happening(referral.sent, referral)
    yield from _chases(look, since, until)


def _chases(look: Look, since: dt.datetime, until: dt.datetime) -> Iterator[Happening]:
    """Yield how open referrals were asked after."""
    waiting = tuple(id_of(one) for one in look.find(Referral, Condition("closed_on", None)))
    if not waiting:
        return
    for chase in look.find(Chase, Condition("referral", waiting, "in")):
        if chase.at is not None and since <= chase.at <= until:
            yield Happening(chase.at, chase)


def _shortly(when: dt.date | dt.datetime) -> str:
    """Return a day or moment without its year, which stands at the head of the sheet."""
    if isinstance(when, dt.datetime):
        return times.show_time(when).replace(f" {times.in_london(when).year},", ",", 1)
    return times.show_date(when)[: -len(" 2026")]


def _moment(one: Happening) -> dt.datetime:
    """Return when something was; a day without a time stands at its beginning."""
    return one.at if isinstance(one.at, dt.datetime) else times.start_of_day(one.at)


def _rows(look: Look, found: list[Happening], since: dt.datetime) -> Iterator[Row]:
    about = {id_of(one.record): _resident(look, one.record) for one in found}
    look.names.learn({"resident": {who for who in about.values() if who is not None}})
    for one, told in zip(found, timeline.tell(look.store, look.day, found), strict=True):
        when = one.at
        who = about[id_of(one.record)]
        words = _shortly(when)
        state = "" if told.mark is None else told.mark.words
        late = told.mark is not None and told.mark.state == "late"
        title = told.title
        if isinstance(one.record, Visit):
            title = look.names.title(dataclasses.replace(one.record, at=None))
        if isinstance(when, dt.datetime) and when < since:
            title = f"{title} (written down later)"
        yield Row(words, loop_words.with_room(look, who), title, told.text, state, late)


def _resident(look: Look, record: Record) -> int | None:
    if isinstance(record, Chase):
        referral = look.names.record("referral", record.referral or 0)
        found = getattr(referral, "resident", None)
    else:
        found = getattr(record, "resident", None)
    return found if isinstance(found, int) else None
