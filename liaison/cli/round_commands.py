"""Commands about rounds and clinics: what is coming, the agenda, outcomes, minutes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import click

from liaison.cli.days import day_of
from liaison.cli.session import Command, Group, Session
from liaison.cli.which import found
from liaison.errors import UserError
from liaison.records import ids
from liaison.records.casework import AgendaLine, Round
from liaison.records.rules import times
from liaison.security.roles import Action
from liaison.services.homes import OpenHome
from liaison.services.references import resolve
from liaison.services.rounds import deciding, doing, planning
from liaison.services.rounds.agenda import Agenda, agenda
from liaison.services.rounds.deciding import FollowUp, Settles
from liaison.services.rounds.lines import Line, Said, Sitting, State
from liaison.services.rounds.planning import Listed

_ROUND: Final = click.option(
    "--round", "sitting", metavar="ROUND", help="Its id; the next round otherwise."
)


@click.group("round", cls=Group)
def rounds() -> None:
    """Plan rounds, show agendas, record outcomes."""


# ---- which there are


@rounds.command("list", cls=Command)
@click.option("--held", is_flag=True, help="Those that were held or called off instead.")
@click.pass_obj
def listed(session: Session, held: bool) -> None:  # noqa: FBT001  # a switch
    """List the rounds that are coming, and those nobody has finished."""
    store = session.open().store
    shown = planning.held(store) if held else planning.coming(store)
    session.answer([_sitting(one.sitting) | _counts(one) for one in shown], lambda: _listed(shown))


@rounds.command("plan", cls=Command)
@click.option("--at", metavar="TIME", help="Plan one round then; otherwise all that are due.")
@click.option("--series", metavar="NAME", help="Which recurring round it belongs to.")
@click.pass_obj
def plan(session: Session, at: str | None, series: str | None) -> None:
    """Plan the next rounds of every recurring one, or one round at a time.

    A recurring round is added with "add series name=... every=week weekday=2 start_time=14:00".
    """
    home = session.open()
    if at is None:
        made = planning.plan_ahead(home)
    else:
        try:
            moment = times.parse_time(at, now=home.store.clock())
        except ValueError as error:
            raise UserError(f"--at: {error}", kept="Nothing was planned.", code="date") from None
        which = None if series is None else resolve(home.store, "series", series)
        made = [planning.plan(home, Round(series=which, at=moment))]
    planned = [agenda(home.store, one).sitting for one in made]
    session.answer([_sitting(one) for one in planned], lambda: _planned(planned))


def _planned(planned: Sequence[Sitting]) -> Iterator[str]:
    if not planned:
        yield "Everything that comes back is planned already."
    for one in planned:
        yield f"Planned: {_named(one)}"


def _counts(one: Listed) -> dict[str, Any]:
    return {"lines": one.lines, "left": one.left, "carried": one.carried}


def _sitting(one: Sitting) -> dict[str, Any]:
    return {
        "id": ids.to_text(one.id),
        "series": None if one.series is None else ids.to_text(one.series),
        "name": one.name,
        "at": times.to_iso(times.in_london(one.at)),
        "status": one.status,
        "who": one.who or None,
        "place": one.place or None,
        "note": one.note or None,
    }


def _named(one: Sitting) -> str:
    who = ", ".join(part for part in (one.who, one.place) if part)
    note = f" [{one.note}]" if one.note else ""
    return f"{times.show_time(one.at)}  {one.name}{f': {who}' if who else ''}{note}"


def _listed(shown: Sequence[Listed]) -> Iterator[str]:
    if not shown:
        yield 'No round is planned. "round plan" plans those that come back.'
    for one in shown:
        lines = "1 line" if one.lines == 1 else f"{one.lines} lines"
        left = f", {one.left} to do" if one.left else ""
        carried = f", {one.carried} carried over" if one.carried else ""
        yield f"  {_named(one.sitting)} ({lines}{left}{carried})  {ids.to_text(one.sitting.id)}"


# ---- the agenda


@rounds.command("agenda", cls=Command)
@click.argument("identity", metavar="[ROUND]", required=False)
@click.pass_obj
def show_agenda(session: Session, identity: str | None) -> None:
    """Show the agenda of a round, the next one if none is named, with why each line is there.

    What waits is written on it now, so that each line has its id.
    """
    home = session.open()
    sitting = _which(home, identity)
    if home.may(Action.RECORD):
        doing.draw_up(home, sitting)
    shown = agenda(home.store, sitting)
    session.answer([_line(line) for line in shown.lines], lambda: _told(shown))


@rounds.command("add", cls=Command)
@click.argument("question")
@click.option("--resident", metavar="RESIDENT", help="Whom it is about.")
@_ROUND
@click.pass_obj
def add(session: Session, question: str, resident: str | None, sitting: str | None) -> None:
    """Put QUESTION on the agenda of the next round."""
    home = session.open()
    whom = None if resident is None else resolve(home.store, "resident", resident)
    which = _which(home, sitting)
    (line,) = doing.add_line(home, which, question, whom).ids
    _answer_line(session, home, line)


@rounds.command("remove", cls=Command)
@click.argument("line")
@click.option(
    "--reason", default="", metavar="TEXT", help="Why; only a line of your own needs none."
)
@click.pass_obj
def remove(session: Session, line: str, reason: str) -> None:
    """Take LINE off its agenda; what it is about stays open and comes back at the next round."""
    home = session.open()
    number = _line_id(home, line)
    sitting = _round_of(home, number)
    doing.remove(home, number, reason)
    shown = agenda(home.store, sitting)
    session.answer([_line(one) for one in shown.lines], lambda: _told(shown))


@rounds.command("order", cls=Command)
@click.argument("lines", nargs=-1, required=True)
@click.pass_obj
def order(session: Session, lines: tuple[str, ...]) -> None:
    """Put LINES first on their agenda, in this order."""
    home = session.open()
    numbers = [_line_id(home, line) for line in lines]
    sitting = _round_of(home, numbers[0])
    doing.order(home, sitting, numbers)
    shown = agenda(home.store, sitting)
    session.answer([_line(one) for one in shown.lines], lambda: _told(shown))


# ---- what was agreed


@rounds.command("outcome", cls=Command)
@click.argument("line")
@click.argument("words", metavar="TEXT")
@click.option(
    "--settles", type=click.Choice([one.value for one in Settles]),
    help="Whether that closes or only answers what the line is about; the usual otherwise.",
)  # fmt: skip
@click.option("--follow-up", metavar="TEXT", help="What is to be done.")
@click.option("--who", metavar="STAFF", help="Who does it.")
@click.option("--by", metavar="DAY", help="By when.")
@click.pass_obj
def outcome(  # noqa: PLR0917  # the words of the command
    session: Session,
    line: str,
    words: str,
    settles: str | None,
    follow_up: str | None,
    who: str | None,
    by: str | None,
) -> None:
    """Record what was agreed about LINE; the concern is answered, the action done with it."""
    home = session.open()
    number = _line_id(home, line)
    wanted = None
    if follow_up is not None or who is not None or by is not None:
        staff = None if who is None else resolve(home.store, "staff", who)
        wanted = FollowUp(follow_up or "", staff=staff, due=day_of(home.store, by, "--by"))
    deciding.record(
        home, number, words, follow_up=wanted, settles=None if settles is None else Settles(settles)
    )
    _answer_line(session, home, number)


@rounds.command("carry", cls=Command)
@click.argument("line")
@click.option("--to", metavar="ROUND", help="To this round; the next one of its kind otherwise.")
@click.pass_obj
def carry(session: Session, line: str, to: str | None) -> None:
    """Carry LINE over to a later round, on whose agenda it stands from now on."""
    home = session.open()
    number = _line_id(home, line)
    deciding.carry(home, number, None if to is None else found(home, "round", to))
    _answer_line(session, home, number)


@rounds.command("take-back", cls=Command)
@click.argument("line")
@click.option("--reason", required=True, metavar="TEXT", help="Why.")
@click.pass_obj
def take_back(session: Session, line: str, reason: str) -> None:
    """Strike through what was recorded about LINE, which is then to be spoken of again."""
    home = session.open()
    number = _line_id(home, line)
    deciding.take_back(home, number, reason)
    _answer_line(session, home, number)


@rounds.command("finish", cls=Command)
@click.argument("identity", metavar="[ROUND]", required=False)
@click.option("--attendees", default="", metavar="TEXT", help="Who attended.")
@click.option("--minutes", default="", metavar="TEXT", help="What else was said.")
@click.option("--carry-rest", is_flag=True, help="Carry over the lines that are left.")
@click.pass_obj
def finish(  # the words of the command
    session: Session,
    identity: str | None,
    attendees: str,
    minutes: str,
    carry_rest: bool,  # noqa: FBT001  # a switch
) -> None:
    """End a round that was held; each line must have an outcome or be carried over."""
    home = session.open()
    sitting = _which(home, identity)
    deciding.finish(home, sitting, attendees=attendees, minutes=minutes, carry_rest=carry_rest)
    _answer_minutes(session, agenda(home.store, sitting))


@rounds.command("cancel", cls=Command)
@click.argument("identity", metavar="[ROUND]", required=False)
@click.option("--why", default="", metavar="TEXT", help="Why, for its minutes.")
@click.pass_obj
def cancel(session: Session, identity: str | None, why: str) -> None:
    """Call a round off; everything on its agenda is carried over to the next one."""
    home = session.open()
    sitting = _which(home, identity)
    deciding.cancel(home, sitting, why)
    _answer_minutes(session, agenda(home.store, sitting))


@rounds.command("minutes", cls=Command)
@click.argument("identity", metavar="ROUND")
@click.pass_obj
def minutes(session: Session, identity: str) -> None:
    """Show what was agreed at a round; "report round-minutes" prints it."""
    home = session.open()
    _answer_minutes(session, agenda(home.store, found(home, "round", identity)))


# ---- parts


def _which(home: OpenHome, identity: str | None) -> int:
    if identity:
        return found(home, "round", identity)
    coming = planning.coming(home.store, limit=1)
    if not coming:
        raise UserError(
            "No round is planned.",
            kept="Nothing was changed.",
            do='"round plan" plans those that come back.',
            code="no-round",
        )
    return coming[0].sitting.id


def _line_id(home: OpenHome, typed: str) -> int:
    return found(home, "agenda_line", typed)


def _round_of(home: OpenHome, line: int) -> int:
    record = home.store.get("agenda_line", line)
    return (record.round or 0) if isinstance(record, AgendaLine) else 0


def _answer_line(session: Session, home: OpenHome, line: int) -> None:
    shown = agenda(home.store, _round_of(home, line))
    one = next(found for found in shown.lines if found.id == line)
    session.answer(_line(one), lambda: _line_words(one))


def _line(line: Line) -> dict[str, Any]:
    return {
        "id": None if line.id is None else ids.to_text(line.id),
        "number": line.number,
        "kind": line.kind.value,
        "resident": None if line.whom is None else ids.to_text(line.whom.id),
        "question": line.question,
        "why": line.why,
        "state": line.state.value,
        "outcomes": [_said(one) for one in line.said],
        "elsewhere": line.elsewhere or None,
        "carried": line.carried,
        "often": line.often,
        "source_type": None if line.source is None else line.source[0],
        "source_id": None if line.source is None else ids.to_text(line.source[1]),
    }


def _said(one: Said) -> dict[str, Any]:
    return {
        "outcome": one.words or None,
        "carried": one.carried,
        "to": None if one.to is None else times.to_iso(times.in_london(one.to)),
        "by": one.by,
        "at": times.to_iso(times.in_london(one.at)),
    }


def _told(shown: Agenda) -> Iterator[str]:
    yield f"{_named(shown.sitting)}  {ids.to_text(shown.sitting.id)}"
    if not shown.lines:
        yield "Nothing is on the agenda."
    for line in shown.lines:
        yield from _line_words(line)


def _line_words(line: Line) -> Iterator[str]:
    whom = "" if line.whom is None else f"{line.whom.name} ({line.whom.apart}): "
    state = line.state.value.lower()
    often = " [carried over too often]" if line.often else ""
    yield f"  {line.number:>2} {line.kind.value}  {whom}{' '.join(line.question.split())}"
    identity = "" if line.id is None else f"  {ids.to_text(line.id)}"
    yield f"       {line.why} [{state}]{often}{identity}"
    for one in line.said:
        when = "" if one.to is None else f" to {times.show_time(one.to)}"
        words = f"Carried over{when}" if one.carried else one.words
        yield f"       {words} ({one.by}, {times.show_time(one.at)})"
    if line.state is State.ELSEWHERE:
        yield f"       {line.elsewhere}"


def _answer_minutes(session: Session, shown: Agenda) -> None:
    document = _sitting(shown.sitting) | {
        "attendees": shown.sitting.attendees or None,
        "minutes": shown.sitting.minutes or None,
        "lines": [_line(line) for line in shown.lines],
    }
    session.answer(document, lambda: _minutes(shown))


def _minutes(shown: Agenda) -> Iterator[str]:
    yield from _told(shown)
    if shown.sitting.attendees:
        yield f"Attended: {shown.sitting.attendees}"
    if shown.sitting.minutes:
        yield shown.sitting.minutes


COMMANDS: Final = (rounds,)
