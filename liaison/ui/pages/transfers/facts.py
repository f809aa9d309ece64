"""What the page of transfers shows, as plain words: read in a job, no widget in sight."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from liaison.records import spec_of
from liaison.records.rules import times
from liaison.records.rules import transfers as rules
from liaison.services import leaving, transfers
from liaison.services.references import Names
from liaison.ui.parts.case_list import CaseLine
from liaison.ui.parts.case_page import PAGE, Lines
from liaison.ui.parts.facts import Candidate, Link, candidate

if TYPE_CHECKING:
    import datetime as dt

    from liaison.records.casework import Transfer
    from liaison.records.vocabularies import Vocabularies
    from liaison.services.leaving import Closing
    from liaison.services.transfers import Told
    from liaison.store.query import Position
    from liaison.store.store import Store

REVIEW: Final = "review"
EVERY: Final = "every"
_TOLD: Final = (
    "cause", "ward", "transport", "rang_us", "problems", "reviewed_on", "review",
)  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class Check:
    """One line of the checklist.

    Args:
        field: The field.
        label: Its label.
        choices: Value and word of each answer.
        value: The answer; None if nobody gave one.
    """

    field: str
    label: str
    choices: tuple[tuple[str, str], ...]
    value: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class TransferFacts:
    """What the card shows.

    Args:
        told: The transfer with what follows from it.
        who: The resident; ``whom`` the same for a report about them.
        whom: See ``who``.
        where: The hospital or place.
        checks: The checklist.
        rows: What else is recorded: label and words.
        is_away: Whether the resident is in hospital, as far as it is recorded.
    """

    told: Told
    who: Link | None
    whom: Candidate | None
    where: Link | None
    checks: tuple[Check, ...]
    rows: tuple[tuple[str, str], ...]
    is_away: bool

    @property
    def record(self) -> Transfer:
        """The transfer."""
        return self.told.transfer

    @property
    def goes(self) -> bool:
        """Whether somebody goes away from us."""
        return self.record.direction in rules.GOING


# ---- the list


def review_lines(store: Store, on: dt.date) -> Lines:
    """Return who came back and was not reviewed yet, the most overdue first."""
    found = transfers.to_review(store, on)
    late = sum((one.days_late or 0) > 0 for one in found)
    number = f"{len(found)} review{'' if len(found) == 1 else 's'} to make"
    words = f"{number}, {late} past the day." if late else f"{number}."
    return Lines(
        tuple(_line(one) for one in found), words if found else "Nobody is to be reviewed."
    )


def every_line(store: Store, after: Position | None) -> Lines:
    """Return a page of all transfers, the latest first."""
    found, more = transfers.page(store, PAGE, after)
    return Lines(tuple(_line(one) for one in found), "Going to hospital and coming back.", more)


def _line(one: Told) -> CaseLine:
    at = "" if one.transfer.at is None else times.show_time(one.transfer.at)
    detail = ", ".join(part for part in (one.direction, at, one.place) if part)
    state, words = review_state(one)
    if not words:
        words = ", ".join(one.flags)
        words, state = words[:1].upper() + words[1:], "info" if words else ""
    return CaseLine("transfer", one.id, one.resident, detail, words, state)


def review_state(one: Told) -> tuple[str, str]:
    """Return how the review after a transfer stands: state and words; empty if none is due."""
    if one.review_due is None:
        return "", ""
    if one.days_late is None:
        return "ok", "Reviewed"
    days = one.days_late
    if days > 0:
        return "late", f"Review {days:,} day{'' if days == 1 else 's'} late"
    return "due" if days >= -1 else "info", f"Review by {times.show_date(one.review_due)}"


# ---- the card


def card(store: Store, identity: int) -> TransferFacts | None:
    """Return what the card of a transfer shows; None if it is not here."""
    told = transfers.one(store, identity)
    if told is None:
        return None
    record, names = told.transfer, Names(store)
    by_name = spec_of(record).by_name
    rows = [(by_name["at"].label, "" if record.at is None else times.show_time(record.at))]
    if told.gone_since is not None:
        rows.append(("Away since", times.show_time(told.gone_since)))
    if record.planned is not None:
        rows.append((by_name["planned"].label, "yes" if record.planned else "no"))
    for name in _TOLD:
        value = getattr(record, name)
        if value:
            words = value if isinstance(value, str) else times.show_date(value)
            rows.append((by_name[name].label, words))
    if told.review_due is not None:
        rows.append(("Review due by", times.show_date(told.review_due)))
    who = None if record.resident is None else names.record("resident", record.resident)
    latest = transfers.of_resident(store, who.id, limit=1) if who and who.id else ()
    return TransferFacts(
        told=told,
        who=None if who is None or who.id is None else Link("resident", who.id, told.resident),
        whom=None if who is None else candidate(store, who, names),
        where=None
        if record.place is None
        else Link("organisation", record.place, names.by_id("organisation", record.place)),
        checks=tuple(_check(store, record, name) for name in rules.CHECKLIST),
        rows=tuple(row for row in rows if row[1]),
        is_away=bool(latest) and latest[0].id == told.id and record.direction in rules.WENT,
    )


def _check(store: Store, record: Transfer, name: str) -> Check:
    field = spec_of(record).by_name[name]
    choices = tuple((item.value, item.label) for item in store.vocabularies.items(field))
    return Check(name, field.label, choices, getattr(record, name))


# ---- leaving


@dataclasses.dataclass(frozen=True, slots=True)
class LeavingFacts:
    """What is asked when somebody leaves."""

    closing: Closing
    vocabularies: Vocabularies


def leaves(store: Store, resident: int, on: dt.date) -> LeavingFacts | None:
    """Return what closes and what stays open as a resident leaves; None if they are not here."""
    found = leaving.closing(store, resident, on)
    return None if found is None else LeavingFacts(found, store.vocabularies)
