"""Commands about the NHS's list of practices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import click

from liaison.cli.exchange_commands import opened_list
from liaison.cli.session import FILE, Command, Group, Session, note
from liaison.records import ids
from liaison.records.rules import times
from liaison.records.rules.practices import Practice
from liaison.services import ods
from liaison.services.ods import Accepted, Difference, Differences, What

_MOST_LINES: Final = 40
_HEADS: Final = {
    What.RENAMED: "Renamed",
    What.CLOSED: "Closed",
    What.PHONE: "New phone number",
    What.ADDRESS: "New address",
}


@click.group("ods", cls=Group)
def group() -> None:
    """Use the NHS's list of GP practices.

    It is the file epraccur.csv of the NHS Organisation Data Service: load it, look practices up, add
    them to the directory, and see what a newer one says otherwise.
    """


@group.command("load", cls=Command)
@click.argument("file", metavar="FILE", type=FILE)
@click.pass_obj
def load(session: Session, file: Path) -> None:
    """Load the list in FILE, to look practices up in."""
    with opened_list(file) as data:
        done = ods.load(session.open(), data)
    document = {"lines": done.lines, "gp_practices": done.practices}
    session.answer(
        document,
        lambda: [f"{done.lines:,} lines loaded, {done.practices:,} of them open GP practices."],
    )


@group.command("search", cls=Command)
@click.argument("words", metavar="TEXT", nargs=-1, required=True)
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 500))
@click.pass_obj
def search(session: Session, words: tuple[str, ...], limit: int) -> None:
    """Find practices by a part of their name, town, postcode or code."""
    found = ods.search(session.open().store, " ".join(words), limit)
    session.answer([_document(one) for one in found], lambda: map(_line, found))


@group.command("add", cls=Command)
@click.argument("code", metavar="CODE")
@click.option("--reason", default="", help="Why, for the history.")
@click.pass_obj
def add(session: Session, code: str, reason: str) -> None:
    """Add the practice with a code to the directory."""
    identity, practice, warnings = ods.add(session.open(), code, reason)
    for warning in warnings:
        note(warning.message)
    document = _document(practice) | {"id": ids.to_text(identity)}
    session.answer(document, lambda: [f"Added: {_line(practice)}"])


@group.command("refresh", cls=Command)
@click.argument("file", metavar="FILE", type=FILE)
@click.option(
    "--against", type=FILE, metavar="OLDFILE", help="Compare with an older list; needs no home."
)
@click.option("--accept", "accepted", metavar="all|CODE,...", help="Take over what is different.")
@click.option("--reason", default="", help="Why, for the history.")
@click.pass_obj
def refresh(
    session: Session, file: Path, against: Path | None, accepted: str | None, reason: str
) -> None:
    """Compare a newer list with the directory: renamed, closed, new phone or address.

    Nothing is changed unless --accept says what to take over. No resident is moved. A practice
    that turned dormant (on the list, but seeing nobody) is named, and nothing can be taken over.
    """
    if against is not None and accepted is not None:
        message = "--accept changes the directory; it does not go with --against."
        raise click.UsageError(message, click.get_current_context())
    with opened_list(file) as data:
        if against is not None:
            with opened_list(against) as older:
                found = ods.compare(data, older)
            session.answer(_documents(found), lambda: _told(found))
            return
        home = session.open()
        found = ods.refresh(home, data)
    document = _documents(found)
    done: Accepted | None = None
    if accepted is not None:
        done = ods.accept(home, found, ods.chosen(found, accepted), reason)
        document["accepted"] = list(dict.fromkeys(one.code for one in done.done))
        document["batch"] = None if done.batch is None else ids.to_text(done.batch)
    session.answer(document, lambda: _told(found, done))


def _document(practice: Practice) -> dict[str, Any]:
    return {
        "code": practice.code,
        "name": practice.name,
        "postcode": practice.postcode,
        "phone": practice.phone,
        "status": practice.status,
    }


def _line(practice: Practice) -> str:
    said = [practice.name, practice.postcode, practice.phone, practice.code]
    if not practice.is_open:
        said.append(practice.status)
    if not practice.is_gp_practice:
        said.append("no GP practice")
    return ", ".join(filter(None, said))


def _documents(found: Differences) -> dict[str, Any]:
    def pairs(what: What) -> list[dict[str, str]]:
        return [{"code": one.code, "from": one.before, "to": one.now} for one in found.of(what)]

    document: dict[str, Any] = {
        "renamed": pairs(What.RENAMED),
        "closed": [
            {"code": one.code, "name": one.name, "on": one.now or None}
            for one in found.of(What.CLOSED)
        ],
        "phone": pairs(What.PHONE),
        "address": pairs(What.ADDRESS),
        "residents": {
            code: [ids.to_text(identity) for identity in people]
            for code, people in found.residents.items()
        },
    }
    if found.dormant:
        document["dormant"] = [{"code": code, "name": name} for code, name in found.dormant.items()]
    return document


def _told(found: Differences, done: Accepted | None = None) -> Iterator[str]:
    practices = "practice" if found.compared == 1 else "practices"
    if not found.found:
        nothing = "nothing to take over" if found.dormant else "nothing is different"
        yield f"{found.compared:,} {practices} compared: {nothing}."
    else:
        yield (
            f"{found.compared:,} {practices} compared: "
            f"{len(found.codes):,} of them {'is' if len(found.codes) == 1 else 'are'} different."
        )
    for what, head in _HEADS.items():
        its = found.of(what)
        if its:
            yield f"{head}:"
            yield from (f"  {_said(one)}" for one in its[:_MOST_LINES])
            if len(its) > _MOST_LINES:
                yield f"  ... and {len(its) - _MOST_LINES:,} more"
    for code, people in found.residents.items():
        number = "1 resident is" if len(people) == 1 else f"{len(people):,} residents are"
        yield f"{number} with {code}. Nobody is moved."
    if found.dormant:
        yield "Dormant in the newer list (it sees nobody, but has not closed); ring them first:"
        dormant = list(found.dormant.items())
        yield from (f"  {name} ({code})" for code, name in dormant[:_MOST_LINES])
        if len(dormant) > _MOST_LINES:
            yield f"  ... and {len(dormant) - _MOST_LINES:,} more"
    if found.unlisted:
        yield f"Not in the newer list: {', '.join(found.unlisted[:_MOST_LINES])}."
    if done is not None:
        yield from _done(done)
    elif found.found and any(one.organisation is not None for one in found.found):
        yield "Nothing was changed. To take all of it over: --accept all"


def _said(one: Difference) -> str:
    named = f"{one.name} ({one.code})"
    if one.what is What.RENAMED:
        return f"{named} is now {one.now}"
    if one.what is What.CLOSED:
        return f"{named} on {times.show_date(dt.date.fromisoformat(one.now))}" if one.now else named
    before, now = (", ".join(text.split("\n")) or "nothing" for text in (one.before, one.now))
    return f"{named}: {before} is now {now}"


def _done(done: Accepted) -> Iterator[str]:
    changes = "1 change" if len(done.done) == 1 else f"{len(done.done):,} changes"
    yield f"{changes} taken over."
    for one in done.left:
        yield f"Left alone, because it was changed meanwhile: {_said(one)}"
    if done.batch is not None:
        yield f"To take it all back: liaison undo --batch {ids.to_text(done.batch)}"


COMMANDS: Final = (group,)
