"""The command that says who to ring, in anybody's own words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

import click

from liaison.cli.session import Command, Session
from liaison.errors import UserError
from liaison.records import ids
from liaison.records.rules import times
from liaison.records.rules.ringing import Choice
from liaison.services import ringing
from liaison.services.references import resolve
from liaison.services.ringing import Asked, Book, why_words


@click.command(cls=Command)
@click.argument("text", metavar="TEXT", nargs=-1, required=True)
@click.option("--at", metavar="TIME", help="At this time; now otherwise.")
@click.option("--for", "resident", metavar="RESIDENT", help="About this resident.")
@click.pass_obj
def who(session: Session, text: tuple[str, ...], at: str | None, resident: str | None) -> None:
    """Say who to ring for what, in your own words.

    TEXT is such as "catheter blocked". Who can be reached at that time comes first: our named link, whoever is asked about it, whose
    work it is, the places that offer it.
    """
    home = session.open()
    store = home.store
    moment = _moment(at, store.clock())
    own = None
    if resident is not None:
        own = ringing.own_of(store, resolve(store, "resident", resident))
    book = ringing.read(store)
    asked = book.ask(" ".join(text) + " ", moment, own)
    document = [_document(book, asked, choice) for choice in asked.choices]
    session.answer(document, lambda: _told(book, asked))


def _moment(typed: str | None, now: dt.datetime) -> dt.datetime:
    if typed is None:
        return now
    try:
        return times.parse_time(typed, now=now)
    except ValueError as error:
        raise UserError(f"--at: {error}", kept="Nothing was changed.", code="date") from None


def _document(book: Book, asked: Asked, choice: Choice) -> dict[str, Any]:
    return {
        "contact": None if choice.person is None else ids.to_text(choice.person),
        "organisation": None if choice.place is None else ids.to_text(choice.place),
        "phone": choice.phone or None,
        "why": why_words(book, asked, choice),
        # who cannot be reached now is reached in the other hours
        "in_hours": choice.now != asked.out,
    }


def _told(book: Book, asked: Asked) -> Iterator[str]:
    hours = "Out of hours" if asked.out else "In hours"
    yield f"{hours} until {times.show_time(asked.until)}."
    if not asked.meant:
        yield from nobody(book, asked)
        return
    yield f"For: {', '.join(asked.meant)}."
    if not asked.choices:
        yield from nobody(book, asked)
    for choice in asked.choices:
        person = book.everybody.people.get(choice.person or 0)
        place = book.everybody.places.get(choice.place or 0)
        names = [one.name for one in (person, place) if one is not None]
        state = "" if choice.now else f" [not before {times.show_time(asked.until)}]"
        yield f"  {choice.phone or 'no number'}  {', '.join(names)}{state}"
        yield f"      {why_words(book, asked, choice)}"


def nobody(book: Book, asked: Asked) -> Iterator[str]:
    """Say what to do when the directory has nobody for it."""
    yield f"Nobody in the directory is recorded for {asked.text.strip()[:80]!r}."
    practice = book.everybody.places.get(book.everybody.practice or 0)
    if practice is not None:
        number = practice.out_of_hours if asked.out else practice.phone
        yield f"The home's own practice: {practice.name}, {number or 'no number recorded'}."
    else:
        yield "The home's settings name no practice: a manager can add it (set home practice=...)."
    yield 'Somebody for it is added with "add contact ... ask_about=NEED".'


COMMANDS: Final = (who,)
