"""The command that shows what happened, what is coming and what waits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

import click

from liaison.cli.session import Command, Session
from liaison.records import ids
from liaison.records.administration import Person
from liaison.records.rules import times
from liaison.services.homes import OpenHome
from liaison.services.today import SHOWN_TO, Item, Today
from liaison.services.today import today as today_of


@click.command(cls=Command)
@click.option(
    "--role", type=click.Choice(list(SHOWN_TO)), help="As this role sees it; your own otherwise."
)
@click.pass_obj
def today(session: Session, role: str | None) -> None:
    """Show what waits, what is coming and who came.

    That is what is open and due, what is planned for the next seven days, and the visits of the
    last seven.
    """
    home = session.open()
    person = _person(home)
    found = today_of(
        home.store,
        home.store.today(),
        role=role or person.role or "reader",
        staff=person.staff,
    )
    session.answer([_as_json(item) for item in found.items], lambda: _told(found))


def _person(home: OpenHome) -> Person:
    record = home.store.get("person", home.person)
    # whoever has a key is recorded, if not yet on this PC
    return record if isinstance(record, Person) else Person()


def _as_json(item: Item) -> dict[str, Any]:
    return {
        "section": item.section.value,
        "type": item.type,
        "id": ids.to_text(item.id),
        "title": item.title,
        "detail": item.detail,
        "when": _iso(item.when),
        "words": item.words,
        "days": item.days,
        "late": item.late,
    }


def _iso(when: dt.date | dt.datetime | None) -> str | None:
    if isinstance(when, dt.datetime):
        return times.to_iso(when)
    return None if when is None else when.isoformat()


def _told(found: Today) -> Iterator[str]:
    yield times.show_date(found.day)
    for section, items in found.sections.items():
        if items:
            yield f"\n{section.value} ({len(items):,})"
        for item in items:
            when = f"{item.when_words}, " if item.when_words else ""
            detail = f"\n      {item.detail}" if item.detail else ""
            yield f"  {item.title} [{when}{item.words}]{detail}"
    if not found.items:
        yield "Nothing is waiting, and nothing is planned for the next days."


COMMANDS: Final = (today,)
