"""What the page of referrals shows, as plain words: read in a job, no widget in sight."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from liaison.records import spec_of
from liaison.records.rules import times
from liaison.services import referrals
from liaison.services.references import Names
from liaison.ui.parts.case_list import CaseLine
from liaison.ui.parts.case_page import PAGE, Lines
from liaison.ui.parts.facts import Link

if TYPE_CHECKING:
    import datetime as dt

    from liaison.records.casework import Chase, Referral
    from liaison.services.referrals import Waiting
    from liaison.store.query import Position
    from liaison.store.store import Store

OPEN: Final = "open"
CLOSED: Final = "closed"
_GROUPS: Final = ("To chase now", "Too long", "Waiting", "Seen, no outcome yet")


@dataclasses.dataclass(frozen=True, slots=True)
class Asking:
    """One asking after a referral as the card shows it."""

    id: int
    when: str
    how: str
    result: str
    struck: str


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """One referral of a chain."""

    depth: int
    link: Link
    this: bool


@dataclasses.dataclass(frozen=True, slots=True)
class ReferralFacts:
    """What the card shows.

    Args:
        wait: The referral with its clock.
        who: The resident.
        where: The place.
        person: The person there.
        rows: What else is recorded: label and words.
        askings: Who was asked and what they said, the latest first.
        chain: What it came from and what followed; empty if it stands alone.
        suggested: The day on which to ask again, if the service is asked today.
    """

    wait: Waiting
    who: Link | None
    where: Link | None
    person: Link | None
    rows: tuple[tuple[str, str], ...]
    askings: tuple[Asking, ...]
    chain: tuple[Step, ...]
    suggested: dt.date

    @property
    def record(self) -> Referral:
        """The referral."""
        return self.wait.referral


# ---- the list


def open_lines(store: Store, on: dt.date) -> Lines:
    """Return the referrals without an outcome, those to ask after first."""
    found = referrals.waiting(store, on)
    lines = sorted((_line(one) for one in found), key=lambda line: _GROUPS.index(line.group))
    waiting = sum(one.state == "waiting" for one in found)
    words = f"{_counted(waiting, 'resident waits', 'residents wait')} to be seen"
    if len(found) > waiting:
        words += f", {_counted(len(found) - waiting, 'was', 'were')} seen and lack an outcome"
    return Lines(tuple(lines), f"{words}." if found else "Nobody waits.")


def closed_lines(store: Store, after: Position | None) -> Lines:
    """Return a page of the referrals that have an outcome, those closed last first."""
    found, more = referrals.closed(store, PAGE, after)
    return Lines(
        tuple(_closed_line(one) for one in found), "What came of each, latest first.", more
    )


def _line(one: Waiting) -> CaseLine:
    seen = one.state == "seen"
    if seen:
        group = _GROUPS[3]
    elif one.chase_due:
        group = _GROUPS[0]
    else:
        group = _GROUPS[1] if one.length == "too long" else _GROUPS[2]
    words = f"{one.days:,} day{'' if one.days == 1 else 's'}"
    return CaseLine(
        "referral", one.id, one.resident, _detail(one), words, one.bar,
        one.days, one.limit, group,
    )  # fmt: skip


def _detail(one: Waiting) -> str:
    parts = [one.organisation]
    if one.state == "seen" and one.referral.first_seen is not None:
        parts.append(f"seen {times.show_date(one.referral.first_seen)}")
    elif one.last is not None and one.last.at is not None:
        asked = times.show_date(times.in_london(one.last.at).date())
        parts.append(f"chased {asked}")
    elif one.referral.acknowledged is not None:
        parts.append(f"acknowledged {times.show_date(one.referral.acknowledged)}")
    else:
        parts.append("never chased")
    return ", ".join(parts)


def _closed_line(one: Waiting) -> CaseLine:
    closed = one.referral.closed_on
    outcome = " ".join((one.referral.outcome or "").split())
    words = "" if closed is None else times.show_date(closed)
    return CaseLine("referral", one.id, one.resident, f"{one.organisation}: {outcome}", words, "ok")


# ---- the card


def card(store: Store, identity: int, on: dt.date) -> ReferralFacts | None:
    """Return what the card of a referral shows; None if it is not here."""
    wait = referrals.one(store, identity, on)
    if wait is None:
        return None
    names, record = Names(store), wait.referral
    by_name = spec_of(record).by_name
    rows = [
        (by_name[name].label, times.show_date(value))
        for name in ("sent", "acknowledged", "first_seen", "closed_on", "next_chase")
        if (value := getattr(record, name)) is not None
    ]
    if record.route:
        rows.append(
            (by_name["route"].label, store.vocabularies.label(by_name["route"], record.route))
        )
    if record.threshold_days:
        rows.append((by_name["threshold_days"].label, f"{record.threshold_days} days"))
    rows += [
        (by_name[name].label, value)
        for name in ("reason", "outcome")
        if (value := getattr(record, name))
    ]
    steps = referrals.chain(store, wait.id)
    return ReferralFacts(
        wait=wait,
        who=_link(names, "resident", record.resident),
        where=_link(names, "organisation", record.organisation),
        person=_link(names, "contact", record.contact),
        rows=tuple(rows),
        askings=tuple(_asking(store, chase) for chase in referrals.chases(store, wait.id)),
        chain=tuple(_step(names, depth, one, wait.id) for depth, one in steps)
        if len(steps) > 1
        else (),
        suggested=referrals.suggested(store, wait.id),
    )


def _link(names: Names, type_name: str, identity: int | None) -> Link | None:
    if identity is None:
        return None
    found = names.record(type_name, identity)
    stands = identity if found is None or found.id is None else found.id
    return Link(type_name, stands, names.by_id(type_name, identity))


def _step(names: Names, depth: int, referral: Referral, this: int) -> Step:
    place = (
        "" if referral.organisation is None else names.by_id("organisation", referral.organisation)
    )
    sent = "" if referral.sent is None else f", sent {times.show_date(referral.sent)}"
    over = " (closed)" if referral.closed_on else ""
    identity = referral.id or 0
    return Step(depth, Link("referral", identity, f"{place}{sent}{over}"), identity == this)


def _asking(store: Store, chase: Chase) -> Asking:
    declared = spec_of(chase).by_name["how"]
    how = store.vocabularies.label(declared, chase.how) if chase.how else ""
    told = [part for part in (how, f"spoke to {chase.spoke_to}" if chase.spoke_to else "") if part]
    return Asking(
        id=chase.id or 0,
        when="" if chase.at is None else times.show_time(chase.at),
        how=", ".join(told),
        result=chase.result or "",
        struck=chase.struck_reason or "",
    )


def _counted(number: int, one: str, several: str) -> str:
    return f"{number:,} {one if number == 1 else several}"
