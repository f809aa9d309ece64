"""Commands about referrals, transfers and what is open when somebody leaves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

import click

from liaison.cli.days import day_of
from liaison.cli.session import Command, Group, Session
from liaison.cli.which import found
from liaison.errors import UserError
from liaison.records import ids, spec_of
from liaison.records.home import Resident
from liaison.records.rules import chasing, times
from liaison.records.rules.days import add_months
from liaison.reports.spec import DEFAULT_MONTHS
from liaison.services import leaving, referrals, transfers
from liaison.services.leaving import Closing, Loose
from liaison.services.references import resolve
from liaison.services.referrals import Waiting
from liaison.services.transfers import Told
from liaison.services.visits import refuse_backwards
from liaison.store.store import Store

_ON: Final = click.option("--on", metavar="DAY", help="As it was on this day; today if not given.")
_HOW: Final = ("phone", "email", "letter", "in person")
_REASONS: Final = spec_of(Resident).by_name["left_reason"].choices


# ---- referrals


@click.group("referral", cls=Group)
def referral() -> None:
    """Follow up the residents who were sent on to a service."""


@referral.command("waits", cls=Command)
@_ON
@click.option("--for", "resident", metavar="RESIDENT", help="Those of this resident.")
@click.pass_obj
def waits(session: Session, on: str | None, resident: str | None) -> None:
    """Show how long each referral has waited.

    Those without an outcome, the longest first.
    """
    store = session.open().store
    day = day_of(store, on, "--on") or store.today()
    who = None if resident is None else resolve(store, "resident", resident)
    shown = referrals.waiting(store, day, resident=who)
    session.answer([_wait_json(one) for one in shown], lambda: _wait_lines(shown, day))


def _wait_json(one: Waiting) -> dict[str, Any]:
    return {
        "id": ids.to_text(one.id),
        "resident": _id(one.referral.resident),
        "organisation": _id(one.referral.organisation),
        "sent": None if one.referral.sent is None else one.referral.sent.isoformat(),
        "days": one.days,
        "state": one.state,
    }


def _wait_lines(shown: tuple[Waiting, ...], day: dt.date) -> Iterator[str]:
    if not shown:
        yield f"No referral was without an outcome on {times.show_date(day)}."
    for one in shown:
        yield f"  {one.words}  {one.resident}: {one.organisation}{_to_chase(one)}"
        if one.last is not None and one.last.at is not None:
            asked = times.show_date(times.in_london(one.last.at).date())
            yield f"      last chased {asked}: {one.last.result}"


def _to_chase(one: Waiting) -> str:
    if one.state == "seen":
        return ""
    too_long = " [too long]" if one.length == "too long" else ""
    if one.referral.next_chase is None:
        return too_long
    words = "to chase" if one.chase_due else "chase"
    return f"{too_long} [{words} {times.show_date(one.referral.next_chase)}]"


@referral.command("chase", cls=Command)
@click.argument("identity", metavar="ID")
@click.option(
    "--result", metavar="TEXT", default=chasing.NO_REPLY, show_default=True,
    help="What came of asking.",
)  # fmt: skip
@click.option("--how", type=click.Choice(_HOW), default="phone", show_default=True)
@click.option("--spoke-to", metavar="NAME", help="Who it was.")
@click.option("--next", "next_chase", metavar="DAY", help="Ask again then; otherwise suggested.")
@click.pass_obj
def chase(  # noqa: PLR0917  # the words of the command
    session: Session,
    identity: str,
    result: str,
    how: str,
    spoke_to: str | None,
    next_chase: str | None,
) -> None:
    """Note that somebody asked after referral ID.

    It is asked again on the day given, or on the one suggested in working days.
    """
    home = session.open()
    number = found(home, "referral", identity)
    day = day_of(home.store, next_chase, "--next")
    written = referrals.chase(
        home, number, how=how, result=result, spoke_to=spoke_to, next_chase=day
    )
    asked = referrals.chases(home.store, number)[0]
    document = {
        "id": _id(asked.id),
        "referral": ids.to_text(number),
        "at": None if asked.at is None else times.to_iso(asked.at),
        "how": asked.how,
        "spoke_to": asked.spoke_to,
        "result": asked.result,
        "next_chase": None if written.next_chase is None else written.next_chase.isoformat(),
    }
    session.answer(document, lambda: [_chased_words(written.next_chase)])


def _chased_words(day: dt.date | None) -> str:
    again = "no day is set to ask again" if day is None else f"ask again {times.show_date(day)}"
    return f"Noted; {again}."


@referral.command("acknowledged", cls=Command)
@click.argument("identity", metavar="ID")
@_ON
@click.pass_obj
def acknowledged(session: Session, identity: str, on: str | None) -> None:
    """Note that the service has referral ID."""
    _mark(session, identity, "acknowledged", on)


@referral.command("seen", cls=Command)
@click.argument("identity", metavar="ID")
@_ON
@click.pass_obj
def seen(session: Session, identity: str, on: str | None) -> None:
    """Note that the resident of ID was first seen.

    That stops the clock of the referral.
    """
    _mark(session, identity, "first_seen", on)


def _mark(session: Session, identity: str, step: referrals.Step, on: str | None) -> None:
    home = session.open()
    number = found(home, "referral", identity)
    day = day_of(home.store, on, "--on") or home.store.today()
    referrals.mark(home, number, step, day)
    _answer_wait(session, home.store, number, day)


@referral.command("close", cls=Command)
@click.argument("identity", metavar="ID")
@click.option("--outcome", metavar="TEXT", required=True, help="What came of it.")
@_ON
@click.pass_obj
def close(session: Session, identity: str, outcome: str, on: str | None) -> None:
    """Close referral ID with what came of it.

    Nothing is closed without words.
    """
    home = session.open()
    number = found(home, "referral", identity)
    day = day_of(home.store, on, "--on") or home.store.today()
    referrals.close(home, number, outcome, day)
    _answer_wait(session, home.store, number, day)


def _answer_wait(session: Session, store: Store, number: int, day: dt.date) -> None:
    shown = referrals.one(store, number, day)
    assert shown is not None  # noqa: S101  # it was just written
    session.answer(
        _wait_json(shown), lambda: [f"{shown.resident}, {shown.organisation}: {shown.words}."]
    )


# ---- transfers


@click.group("transfer", cls=Group)
def transfer() -> None:
    """Look at going to hospital and coming back."""


@transfer.command("list", cls=Command)
@click.option("--from", "start", metavar="DAY", help="From this day; 12 months back otherwise.")
@click.option("--to", "end", metavar="DAY", help="To this day; today otherwise.")
@click.pass_obj
def list_transfers(session: Session, start: str | None, end: str | None) -> None:
    """Show the transfers of a period.

    With the hours, the review due, and whether it was a readmission.
    """
    store = session.open().store
    last = day_of(store, end, "--to") or store.today()
    first = day_of(store, start, "--from") or add_months(last, -DEFAULT_MONTHS)
    refuse_backwards(first, last)
    shown = transfers.between(store, first, last)
    session.answer([_transfer_json(one) for one in shown], lambda: _transfer_lines(shown))


@transfer.command("reviews", cls=Command)
@_ON
@click.pass_obj
def reviews(session: Session, on: str | None) -> None:
    """Show who came back and was not reviewed.

    The most overdue first.
    """
    store = session.open().store
    shown = transfers.to_review(store, day_of(store, on, "--on") or store.today())
    session.answer([_transfer_json(one) for one in shown], lambda: _transfer_lines(shown))


@transfer.command("review", cls=Command)
@click.argument("identity", metavar="ID")
@click.option("--words", metavar="TEXT", required=True, help="What the review found.")
@_ON
@click.pass_obj
def review(session: Session, identity: str, words: str, on: str | None) -> None:
    """Record the review after transfer ID."""
    home = session.open()
    number = found(home, "transfer", identity)
    transfers.review(home, number, words, day_of(home.store, on, "--on"))
    shown = transfers.one(home.store, number)
    assert shown is not None  # noqa: S101  # it was just written
    session.answer(_transfer_json(shown), lambda: _transfer_lines((shown,)))


def _transfer_json(one: Told) -> dict[str, Any]:
    record = one.transfer
    return {
        "id": ids.to_text(one.id),
        "resident": _id(record.resident),
        "direction": record.direction,
        "at": None if record.at is None else times.to_iso(record.at),
        "place": _id(record.place),
        "planned": record.planned,
        "end_of_life": record.end_of_life,
        "out_of_hours": one.out_of_hours,
        "readmitted_after": one.readmitted_after,
        "review_due": None if one.review_due is None else one.review_due.isoformat(),
        "reviewed_on": None if record.reviewed_on is None else record.reviewed_on.isoformat(),
        "days_late": one.days_late,
    }


def _transfer_lines(shown: tuple[Told, ...]) -> Iterator[str]:
    if not shown:
        yield "None."
    for one in shown:
        at = "" if one.transfer.at is None else times.show_time(one.transfer.at)
        told = (at, one.resident, one.direction, one.place, *one.flags)
        yield f"  {', '.join(part for part in told if part)}"
        if one.days_late is not None and one.review_due is not None:
            late = f", {one.days_late} days late" if one.days_late > 0 else ""
            yield f"      review due {times.show_date(one.review_due)}{late}"


# ---- leaving


@click.command("leaving", cls=Command)
@click.argument("resident", metavar="RESIDENT")
@_ON
@click.option("--reason", type=click.Choice(_REASONS), help="Why they left.")
@click.option("--close", is_flag=True, help="Record that they left, and close what is listed.")
@click.pass_obj
def leave(session: Session, resident: str, on: str | None, reason: str | None, close: bool) -> None:  # noqa: FBT001  # a flag
    """Show what is open about RESIDENT, who leaves.

    What closes with it is listed, and so is what stays open. Nothing is changed unless --close says so.
    """
    home = session.open()
    number = resolve(home.store, "resident", resident)
    day = day_of(home.store, on, "--on") or home.store.today()
    shown = leaving.closing(home.store, number, day)
    assert shown is not None  # noqa: S101  # it has just been found
    if close:
        if reason is None:
            raise UserError(
                "Say why they left.",
                kept="Nothing was changed.",
                do=f"Add --reason with one of: {', '.join(_REASONS)}.",
                code="no-reason",
            )
        leaving.leave(home, number, day, reason, [loose.key for loose in shown.closes])
    document = {
        "resident": ids.to_text(number),
        "closed": close,
        "closes": [_loose_json(loose) for loose in shown.closes],
        "stays": [_loose_json(loose) for loose in shown.stays],
    }
    session.answer(document, lambda: _leaving_lines(shown, done=close))


def _loose_json(loose: Loose) -> dict[str, Any]:
    return {
        "type": loose.type,
        "id": ids.to_text(loose.id),
        "title": loose.title,
        "why": loose.why,
    }


def _leaving_lines(shown: Closing, *, done: bool) -> Iterator[str]:
    yield f"{shown.name}: {'closed' if done else 'would be closed'} ({len(shown.closes)})"
    for loose in shown.closes:
        yield f"  {loose.title}: {loose.why}"
    yield f"Stays open ({len(shown.stays)})"
    for loose in shown.stays:
        yield f"  {loose.title}: {loose.why}"


def _id(identity: int | None) -> str | None:
    return None if identity is None else ids.to_text(identity)


COMMANDS: Final = (referral, transfer, leave)
