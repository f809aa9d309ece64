"""The commands that show what has no outcome yet, and what happened to one resident."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

import click

from liaison.cli.days import day_of
from liaison.cli.session import Command, Session
from liaison.cli.which import found
from liaison.records import ids
from liaison.records.rules import times
from liaison.records.values import record_to_json
from liaison.services import loop_words, timeline
from liaison.services import loops as open_loops
from liaison.services.homes import OpenHome
from liaison.services.loops import Loop, Loops


@click.command(cls=Command)
@click.option("--on", "on", metavar="DAY", help="As it was on this day; today otherwise.")
@click.option(
    "--by",
    type=click.Choice(list(loop_words.GROUPS)),
    default="age",
    help="Put together by age, owner, resident or partner.",
)
@click.pass_obj
def loops(session: Session, on: str | None, by: str) -> None:
    """Show everything that has no outcome yet, oldest first.

    Concerns, queries, actions, results, referrals, reviews after coming back, appointments that
    are past, equipment whose check is due, and lines of rounds that were carried over. Nothing leaves this list until somebody records what came of it.
    """
    home = session.open()
    store = home.store
    made = open_loops.read(store, day_of(store, on, "--on"))
    session.answer([_as_json(loop) for loop in made.items], lambda: _told(home, made, by))


def _as_json(loop: Loop) -> dict[str, Any]:
    return {
        "id": ids.to_text(loop.id),
        "type": loop.type,
        "since": _iso(loop.since),
        "due": _iso(loop.due),
        "days": loop.days,
        "owner": None if loop.owner is None else ids.to_text(loop.owner[1]),
        "resident": None if loop.resident is None else ids.to_text(loop.resident),
    }


def _iso(moment: dt.date | dt.datetime | None) -> str | None:
    if isinstance(moment, dt.datetime):
        return times.to_iso(moment)
    return None if moment is None else moment.isoformat()


def _told(home: OpenHome, made: Loops, by: str) -> Iterator[str]:
    count = len(made.items)
    day = times.show_date(made.on)
    if not count:
        yield f"Nothing was without an outcome on {day}."
        return
    yield f"{count:,} without an outcome on {day}."
    for group in loop_words.grouped(home.store, made.items, by, made.on):
        yield f"\n{group.words} ({len(group.items):,})"
        for line in loop_words.tell(home.store, group.items, made.on):
            about = f", {line.resident}" if line.resident else ""
            late = " [late]" if line.loop.state == "late" else ""
            yield f"  {line.days}{late}: {line.kind}: {line.what}{about}"
            yield f"      {line.owner}. {line.step}."


@click.command("timeline", cls=Command)
@click.argument("resident")
@click.option("--since", metavar="DAY", help="Only what happened from this day on.")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice(list(timeline.KINDS)),
    help="Only this kind; may be repeated.",
)
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True)
@click.pass_obj
def timeline_command(  # the options of one command
    session: Session, resident: str, since: str | None, kinds: tuple[str, ...], limit: int
) -> None:
    """Show what happened to a resident, the latest first.

    RESIDENT is an id, or an exact name that only one resident has.
    """
    home = session.open()
    store = home.store
    identity = found(home, "resident", resident)
    types = [name for kind in kinds for name in timeline.KINDS[kind].types]
    first = day_of(store, since, "--since")
    items = timeline.stretch(store, identity, types=types, since=first, limit=limit)
    session.answer(
        [
            {"at": _iso(one.at)} | record_to_json(one.record)
            for one in items
        ],
        lambda: _happened(home, identity, items),
    )  # fmt: skip


def _happened(
    home: OpenHome, resident: int, items: tuple[timeline.Happening, ...]
) -> Iterator[str]:
    who = timeline.who(home.store, resident)
    yield who
    if not items:
        yield "Nothing is recorded."
    for told in timeline.tell(home.store, home.store.today(), items):
        mark = f" [{told.mark.words}]" if told.mark else ""
        struck = f" [struck through: {told.struck}]" if told.struck else ""
        yield f"\n{told.when}  {told.title}{mark}{struck}"
        for line in told.text.split("\n"):
            if line:
                yield f"  {line}"
        if told.author:
            yield f"  {told.author}"


COMMANDS: Final = (loops, timeline_command)
