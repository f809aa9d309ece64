"""Commands about concerns and queries: raised, answered, read by whoever raised them, closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

import click

from liaison.cli.days import day_of
from liaison.cli.session import Command, Group, Session, note
from liaison.cli.shown import answer_record
from liaison.cli.typed import Assignment, assignments, filled
from liaison.cli.which import found
from liaison.records import ids
from liaison.records.casework import Concern
from liaison.records.rules import times
from liaison.records.rules.concerns import State
from liaison.records.values import record_to_json
from liaison.services import concern_trail, concerns
from liaison.services.concerns import Done
from liaison.services.homes import OpenHome
from liaison.services.references import Names, resolve

_TYPE: Final = "concern"
_STATES: Final = {
    "waiting": State.WAITING, "answered": State.ANSWERED, "read": State.READ,
}  # fmt: skip
_ID: Final = click.argument("identity", metavar="ID")
_AT: Final = click.option("--at", metavar="TIME", help="When; now if not given.")


@click.group("concern", cls=Group)
def concern() -> None:
    """Raise what somebody noticed, and answer it."""


@concern.command("raise", cls=Command)
@click.argument("words", metavar="FIELD=VALUE...", nargs=-1, required=True)
@click.pass_obj
def raise_concern(session: Session, words: tuple[str, ...]) -> None:
    """Raise a concern, or keep a query (kind=query) for somebody's next visit.

    Needed are resident=RESIDENT and situation=TEXT; raised_by=STAFF if the program does not know
    which member of staff you are. It goes to the next round unless route=ROUTE says otherwise;
    urgency=today or urgency=now if it cannot wait.
    """
    given = assignments(words)
    home = session.open()
    # what the program knows is filled in first, so that all that is missing is told at once
    blank = concerns.prepared(home, Concern())
    wanted = filled(home.store, blank, given)
    assert isinstance(wanted, Concern)  # noqa: S101  # it was made from one
    done = concerns.raise_concern(home, wanted)
    _warn(done)
    session.answer({"id": ids.to_text(done.id)}, lambda: _raised(home, done.id))


def _raised(home: OpenHome, identity: int) -> Iterator[str]:
    record = home.store.get(_TYPE, identity)
    assert isinstance(record, Concern)  # noqa: S101  # it was just written
    yield f"Raised {_line(Names(home.store), record)}"
    yield f"  {ids.to_text(identity)}"


@concern.command("answer", cls=Command)
@_ID
@click.argument("words", metavar="[FIELD=VALUE...]", nargs=-1)
@click.option("--answer", metavar="TEXT", help="What was answered.")
@click.option("--by", metavar="NAME", help="Who answered.")
@_AT
@click.pass_obj
def answer(  # noqa: PLR0917  # the options of one command
    session: Session,
    identity: str,
    words: tuple[str, ...],
    answer: str | None,
    by: str | None,
    at: str | None,
) -> None:
    """Note the answer to concern ID; whoever raised it then has it to read."""
    given = _given(words, answer=answer, answered_by=by, answered_at=at)
    home = session.open()
    number = found(home, _TYPE, identity)
    read = _read(home, given)
    done = concerns.answer(
        home, number, read.answer or "", read.answered_by or "", read.answered_at
    )
    _answer(session, home, done)


@concern.command("acknowledge", cls=Command)
@_ID
@click.option("--told", metavar="TEXT", default="", help="How you told whoever raised it.")
@click.pass_obj
def acknowledge(session: Session, identity: str, told: str) -> None:
    """Note that whoever raised concern ID knows what came of it."""
    home = session.open()
    _answer(session, home, concerns.acknowledge(home, found(home, _TYPE, identity), told))


@concern.command("close", cls=Command)
@_ID
@click.argument("words", metavar="[FIELD=VALUE...]", nargs=-1)
@click.option("--outcome", metavar="TEXT", help="What came of it.")
@_AT
@click.pass_obj
def close(
    session: Session, identity: str, words: tuple[str, ...], outcome: str | None, at: str | None
) -> None:
    """Close concern ID with what came of it; nothing is closed without words, or a name."""
    given = _given(words, outcome=outcome, closed_at=at)
    home = session.open()
    number = found(home, _TYPE, identity)
    read = _read(home, given)
    _answer(session, home, concerns.close(home, number, read.outcome or "", read.closed_at))


@concern.command("reopen", cls=Command)
@_ID
@click.option("--reason", metavar="TEXT", required=True, help="Why it is not over.")
@click.pass_obj
def reopen(session: Session, identity: str, reason: str) -> None:
    """Open concern ID again: the answer did not help, or it has come back."""
    home = session.open()
    _answer(session, home, concerns.ask_again(home, found(home, _TYPE, identity), reason))


@concern.command("list", cls=Command)
@click.option("--state", type=click.Choice(list(_STATES)), help="Only those that stand so.")
@click.option("--on", metavar="DAY", help="As it was on this day; as it stands if not given.")
@click.option("--query", "queries", is_flag=True, help="Only queries kept for a visit.")
@click.option("--mine", is_flag=True, help="Only what came to an answer you have not read.")
@click.option("--route", metavar="ROUTE", help="Only what goes there, such as round or GP.")
@click.option("--for", "resident", metavar="RESIDENT", help="Only those about this resident.")
@click.pass_obj
def list_concerns(  # noqa: PLR0917  # the options of one command
    session: Session,
    state: str | None,
    on: str | None,
    queries: bool,  # noqa: FBT001  # a flag
    mine: bool,  # noqa: FBT001  # a flag
    route: str | None,
    resident: str | None,
) -> None:
    """List the concerns and queries without an outcome, the oldest first."""
    home = session.open()
    store = home.store
    day = day_of(store, on, "--on")
    until = store.clock() if day is None else times.start_of_day(day + dt.timedelta(days=1))
    if mine:
        shown = concerns.to_read(store, home.person)
    else:
        shown = concerns.open_concerns(
            store, day,
            kind="query" if queries else None,
            route=None if route is None else _read(home, {"route": route}).route,
            resident=None if resident is None else resolve(store, "resident", resident),
        )  # fmt: skip
    if state is not None:
        shown = tuple(one for one in shown if concerns.state_of(one, until) is _STATES[state])
    names = Names(store)
    document = [
        record_to_json(one)
        | {"state": _word(concerns.state_of(one, until)), "late": concerns.is_late(one, until)}
        for one in shown
    ]
    session.answer(document, lambda: _lines(names, shown))


def _word(state: State) -> str:
    return next((word for word, one in _STATES.items() if one is state), "closed")


def _lines(names: Names, shown: tuple[Concern, ...]) -> Iterator[str]:
    if not shown:
        yield "None."
    for one in shown:
        yield f"  {_line(names, one)}"
        yield f"      {concerns.state_of(one).value}. {_in_one_line(one.situation)}"
        if one.answer:
            yield f"      {one.answered_by or 'Answered'}: {_in_one_line(one.answer)}"
        yield f"      {ids.to_text(one.id or 0)}"


def _line(names: Names, one: Concern) -> str:
    at = "" if one.raised_at is None else f"{times.show_time(one.raised_at)}  "
    by = "" if one.raised_by is None else f" ({names.by_id('staff', one.raised_by)})"
    who = names.by_id("resident", one.resident or 0)
    return f"{at}{who}: {one.kind or _TYPE}, {one.urgency or 'routine'}, for {one.route}{by}"


def _in_one_line(text: str | None) -> str:
    return " ".join((text or "").split())


@concern.command("trail", cls=Command)
@_ID
@click.pass_obj
def trail(session: Session, identity: str) -> None:
    """Show what was noticed, told, tried and answered about concern ID, in order."""
    home = session.open()
    told = concern_trail.trail(home.store, found(home, _TYPE, identity))
    assert told is not None  # noqa: S101  # it has just been found
    document = [
        {
            "what": step.what.value,
            "at": times.to_iso(step.at),
            "written": None if step.written is None else times.to_iso(step.written),
            "who": step.who or None,
            "by": step.by or None,
            "words": step.words,
        }
        for step in told.steps
    ]

    def lines() -> Iterator[str]:
        yield _line(Names(home.store), told.record)
        for step in told.steps:
            by = f" (written by {step.by})" if step.by else ""
            who = f"  {step.who}" if step.who else ""
            yield f"  {step.what.value}  {step.when_words}{who}{by}"
            if step.words:
                yield f"      {_in_one_line(step.words)}"

    session.answer(document, lines)


# ---- reading what was typed


def _given(words: tuple[str, ...], **options: str | None) -> dict[str, str]:
    """Return what was typed by field, as words or after options."""
    given = {name: typed for name, typed in options.items() if typed is not None}
    for word in assignments(words):
        if word.field not in options:
            message = f"{word.field} is not for this command; it takes {', '.join(options)}."
            raise click.UsageError(message, click.get_current_context())
        if word.field in given:
            message = f"{word.field} is given twice."
            raise click.UsageError(message, click.get_current_context())
        given[word.field] = word.value
    return given


def _read(home: OpenHome, given: dict[str, str]) -> Concern:
    """Return a concern with nothing but what was typed."""
    words = [Assignment(name, "=", typed) for name, typed in given.items()]
    read = filled(home.store, Concern(), words)
    assert isinstance(read, Concern)  # noqa: S101  # it was made from one
    return read


def _warn(done: Done) -> None:
    for problem in done.warnings:
        note(problem.message)


def _answer(session: Session, home: OpenHome, done: Done) -> None:
    _warn(done)
    record = home.store.get(_TYPE, done.id)
    assert record is not None  # noqa: S101  # it was just written
    answer_record(session, home, record)


COMMANDS: Final = (concern,)
