"""The glance command: what an inspector asks first, and the records behind an answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import click

from liaison.cli.days import day_of
from liaison.cli.session import Command, Session
from liaison.records import ids
from liaison.records.rules import times
from liaison.services import glance as questions
from liaison.services.glance import Answer, Behind, Glance

_SIGNS: Final = {"ok": " ", "due": "!", "late": "!", "info": " ", "none": " "}


@click.command(cls=Command)
@click.argument("question", required=False)
@click.option("--from", "start", metavar="DAY", help="First day; 12 months before the last.")
@click.option("--to", "end", metavar="DAY", help="Last day; today.")
@click.pass_obj
def glance(session: Session, question: str | None, start: str | None, end: str | None) -> None:
    """Answer what an inspector asks first.

    With the name of a question: the records behind its answer.
    """
    store = session.open().store
    last = day_of(store, end, "--to") or store.today()
    first = day_of(store, start, "--from") or questions.period(last)[0]
    if question is None:
        found = questions.read(store, first, last)
        session.answer([_as_json(one) for one in found.answers], lambda: _lines(found))
        return
    rows = questions.behind(store, question, first, last)
    session.answer([_row_json(row) for row in rows], lambda: _row_lines(rows))


def _as_json(one: Answer) -> dict[str, Any]:
    return {
        "question": one.name,
        "area": one.area,
        "asks": one.asks,
        "count": one.count,
        "whole": one.whole,
        "unit": one.unit,
        "state": one.state,
        "words": one.words,
    }


def _lines(found: Glance) -> Iterator[str]:
    yield " to ".join(map(times.show_date, (found.start, found.end)))
    for area, answers in found.areas:
        yield area
        for one in answers:
            yield f"  {_SIGNS[one.state]} {one.asks} {one.said[:1].upper()}{one.said[1:]}. [{one.name}]"


def _row_json(row: Behind) -> dict[str, Any]:
    return {
        "type": row.type,
        "id": ids.to_text(row.id),
        "title": row.title,
        "detail": row.detail,
        "words": row.words,
        "state": row.state,
        "counts": row.counts,
    }


def _row_lines(rows: tuple[Behind, ...]) -> Iterator[str]:
    if not rows:
        yield "Nothing is recorded of this in the period."
    for row in rows:
        about = f" ({row.detail})" if row.detail else ""
        yield f"  {_SIGNS[row.state]} {row.title}{about}: {row.words}"


COMMANDS: Final = (glance,)
