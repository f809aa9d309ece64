"""The command that says who was tried, and who has not been reached since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

import click

from liaison.cli.days import day_of
from liaison.cli.session import Command, Session
from liaison.records import ids
from liaison.records.rules import times
from liaison.services import attempts
from liaison.services.attempts import UNMET_DAYS, Tried, Unmet
from liaison.services.references import Names
from liaison.services.visits import refuse_backwards

_DAYS: Final = 30


@click.command("attempts", cls=Command)
@click.option("--unmet", is_flag=True, help="Only whom nobody has reached since they were tried.")
@click.option(
    "--from",
    "start",
    metavar="D",
    help=f"From this day on; {_DAYS} days ago, {UNMET_DAYS} with --unmet.",
)
@click.option("--to", "end", metavar="D", help="Up to this day; today otherwise.")
@click.pass_obj
def attempts_command(session: Session, unmet: bool, start: str | None, end: str | None) -> None:  # noqa: FBT001  # click passes flags so
    """List attempts to reach somebody, newest first.

    With --unmet: whom nobody has reached since they were tried, how often and how long. One is
    noted with "add contact_attempt contact=NAME at=now reached=no waited=20".
    """
    store = session.open().store
    if unmet and end is not None:
        message = "--unmet is about who is waited for today; it goes with --from alone."
        raise click.UsageError(message, click.get_current_context())
    today = store.today()
    usual = today - dt.timedelta(days=UNMET_DAYS if unmet else _DAYS)
    first = day_of(store, start, "--from") or usual
    last = day_of(store, end, "--to") or today
    refuse_backwards(first, last)
    names = Names(store)
    if unmet:
        waiting = attempts.unmet(store, days=(today - first).days)
        document = [_unmet_json(names, one) for one in waiting]
        session.answer(document, lambda: _unmet_lines(names, waiting))
        return
    over = times.start_of_day(last + dt.timedelta(days=1))
    found = attempts.tried(store, times.start_of_day(first), over)[::-1]
    session.answer([_as_json(one) for one in found], lambda: _lines(names, found))


def _id(identity: int | None) -> str | None:
    return None if identity is None else ids.to_text(identity)


def _unmet_json(names: Names, one: Unmet) -> dict[str, Any]:
    return {
        "contact": _id(one.contact),
        "organisation": _id(one.organisation),
        "name": _name(names, one),
        "tries": one.tries,
        "waited": one.waited,
        "out_of_hours": one.out,
        "first": times.to_iso(one.first),
        "last": times.to_iso(one.last),
    }


def _name(names: Names, one: Unmet) -> str:
    is_person = one.contact is not None
    identity = (one.contact if is_person else one.organisation) or 0
    return names.by_id("contact" if is_person else "organisation", identity)


def _as_json(one: Tried) -> dict[str, Any]:
    attempt = one.attempt
    return {
        "id": _id(attempt.id),
        "at": None if attempt.at is None else times.to_iso(attempt.at),
        "contact": _id(attempt.contact),
        "organisation": _id(attempt.organisation),
        "resident": _id(attempt.resident),
        "how": attempt.how,
        "reached": bool(attempt.reached),
        "waited": attempt.waited,
        "out_of_hours": one.out,
        "note": attempt.note,
    }


def _unmet_lines(names: Names, waiting: tuple[Unmet, ...]) -> Iterator[str]:
    if not waiting:
        yield "Nobody who was tried is still to be reached."
    for one in waiting:
        often = "once" if one.tries == 1 else f"{one.tries:,} times"
        waited = f", {one.waited:,} minutes in all" if one.waited else ""
        out = f", {one.out:,} out of hours" if one.out else ""
        yield f"{_name(names, one)}: tried {often}{waited}{out}, last {times.show_time(one.last)}"


def _lines(names: Names, found: tuple[Tried, ...]) -> Iterator[str]:
    if not found:
        yield "No attempt to reach anybody was noted in this time."
    for one in found:
        attempt = one.attempt
        at = "" if attempt.at is None else times.show_time(attempt.at)
        out = " (out of hours)" if one.out else ""
        what = "got through" if attempt.reached else "no answer"
        waited = f", {attempt.waited:,} minutes" if attempt.waited else ""
        about = "" if attempt.resident is None else names.by_id("resident", attempt.resident)
        about = f", about {about}" if about else ""
        yield f"{at}{out}  {names.by_id(*one.whom)}: {what}{waited}{about}"
        if attempt.note:
            yield f"      {attempt.note}"


COMMANDS: Final = (attempts_command,)
