"""Commands about visits: record one whole, say what became of a planned one, look at a week."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, Final

import click

from liaison.cli.days import day_of
from liaison.cli.session import Command, Group, Session, note
from liaison.cli.shown import answer_record
from liaison.cli.typed import assignments, filled
from liaison.cli.which import found
from liaison.errors import UserError
from liaison.records import ids
from liaison.records.casework import Action, Visit, VisitEntry
from liaison.records.rules import late, times
from liaison.records.values import record_to_json
from liaison.services import visit_templates, visits
from liaison.services.homes import OpenHome
from liaison.services.references import Names, resolve
from liaison.services.visit_templates import Template
from liaison.services.visits import Seen
from liaison.store.store import Store

_MOST_A_WEEK: Final = 1_000
_WORDS: Final = {status.replace(" ", "-"): status for status in visits.NOT_HAPPENED}


@click.group(cls=Group)
def visit() -> None:
    """Record a visit whole, look at a week of visits."""


@visit.command(cls=Command)
@click.argument("words", metavar="FIELD=VALUE...", nargs=-1)
@click.option(
    "--seen", "seen", multiple=True, metavar="RESIDENT=FOUND",
    help="Whom they saw, and what was found or advised; may be repeated. "
    "Of a planned visit only RESIDENT.",
)  # fmt: skip
@click.option(
    "--awaited", "awaited", multiple=True, metavar="RESIDENT=RESULT",
    help="A result that is awaited; it stays open until it is recorded.",
)  # fmt: skip
@click.option("--template", "named", help="A usual kind of visit, to fill in beforehand.")
@click.option("--reason", default="", help="Why, for the history.")
@click.pass_obj
def record(  # noqa: PLR0917  # one for each option
    session: Session,
    words: tuple[str, ...],
    seen: tuple[str, ...],
    awaited: tuple[str, ...],
    named: str | None,
    reason: str,
) -> None:
    """Record a visit with everybody who was seen, all of it or nothing.

    For example: visit record at="today 10:05" professional="Grace Adeyemi" --template dressing
    --seen "Dorothy Hale=Wound smaller."
    """
    given = assignments(words)
    home = session.open()
    store = home.store
    template = None if named is None else visit_templates.template(store.vocabularies, named)
    begun = Visit() if template is None else template.visit(Visit())
    made = filled(store, begun, given)
    assert isinstance(made, Visit)  # noqa: S101  # it was one
    entries = [_entry(store, typed, template) for typed in seen]
    actions = [_awaited(store, typed) for typed in awaited]
    if template is not None and made.status == "happened" and made.at is not None:
        follow = [template.action(entry.resident or 0, made.at) for entry in entries]
        actions += [action for action in follow if action is not None]
    saved = visits.record_visit(home, made, entries, actions, reason)
    for warning in saved.warnings:
        note(f"Note: {warning.message}")
    document = {
        "id": ids.to_text(saved.visit),
        "entries": [ids.to_text(one) for one in saved.entries],
        "actions": [ids.to_text(one) for one in saved.actions],
    }
    session.answer(document, lambda: [f"Recorded visit {ids.to_text(saved.visit)}"])


def _entry(store: Store, typed: str, template: Template | None) -> VisitEntry:
    who, _, said = typed.partition("=")
    entry = VisitEntry(resident=resolve(store, "resident", who.strip()), found=said.strip() or None)
    return entry if template is None else template.entry(entry)


def _awaited(store: Store, typed: str) -> Action:
    who, equals, what = typed.partition("=")
    if not equals or not what.strip():
        raise UserError(
            f"--awaited {typed!r}: it does not say which result.",
            kept="Nothing was saved.",
            do='Write it as --awaited "Dorothy Hale=Blood test".',
            code="no-result",
        )
    resident = resolve(store, "resident", who.strip())
    return Action(what=what.strip(), kind="result awaited", resident=resident)


@visit.command(cls=Command)
@click.argument("identity", metavar="ID")
@click.argument("became", metavar="|".join(_WORDS), type=click.Choice(tuple(_WORDS)))
@click.option("--reason", required=True, help="Why, for the history.")
@click.pass_obj
def status(session: Session, identity: str, became: str, reason: str) -> None:
    """Say that a planned visit is cancelled, that nobody came, or that it is planned after all."""
    home = session.open()
    which = found(home, "visit", identity)
    answer_record(session, home, visits.change_status(home, which, _WORDS[became], reason))


@visit.command(cls=Command)
@click.option("--on", metavar="DAY", help="A day of the week; today if not given.")
@click.pass_obj
def week(session: Session, on: str | None) -> None:
    """Show the visits of a week, planned ones too; late entries with both times."""
    home = session.open()
    day = day_of(home.store, on, "--on") or home.store.today()
    monday = day - dt.timedelta(days=day.weekday())
    page = visits.visits_between(
        home.store, monday, monday + dt.timedelta(days=6), newest_first=False, limit=_MOST_A_WEEK
    )
    shown = [one for one in page.visits if not one.visit.struck_reason]
    session.answer(
        [_json(home.store, one) for one in shown], lambda: _week_lines(home, monday, shown)
    )


def _standing(seen: Seen) -> list[VisitEntry]:
    return [entry for entry in seen.entries if not entry.struck_reason]


def _written(store: Store, seen: Seen) -> dt.datetime | None:
    """Return when the last of a visit's notes was written."""
    moments = [visits.written_at(store, entry.id or 0) for entry in _standing(seen)]
    return max((at for at in moments if at is not None), default=None)


def _is_late(seen: Seen, written: dt.datetime | None) -> bool:
    ended = seen.visit.left_at or seen.visit.at
    happened = seen.visit.status == "happened" and ended is not None and written is not None
    return happened and late.is_late(ended, written)  # type: ignore[arg-type]  # neither is None


def _json(store: Store, seen: Seen) -> dict[str, Any]:
    written = _written(store, seen)
    return {
        **record_to_json(seen.visit),
        "residents": [ids.to_text(e.resident or 0) for e in _standing(seen)],
        "written": None if written is None else times.to_iso(written),
        "late": _is_late(seen, written),
    }


def _week_lines(home: OpenHome, monday: dt.date, shown: Sequence[Seen]) -> Iterator[str]:
    store = home.store
    names = Names(store)
    yield f"Week of {times.show_date(monday)}"
    for seen in shown:
        record_ = seen.visit
        person, place = record_.professional, record_.organisation
        who = names.by_id("contact", person) if person else ""
        who = who or (names.by_id("organisation", place) if place else "")
        whom = ", ".join(names.by_id("resident", e.resident or 0) for e in _standing(seen))
        at = "" if record_.at is None else times.show_time(record_.at)
        parts = (at, record_.status or "", record_.kind or "", who, whom)
        yield f"{ids.to_text(record_.id or 0)}  {', '.join(part for part in parts if part)}"
        written = _written(store, seen)
        if written is not None and _is_late(seen, written):
            yield f"    late entry, written {times.show_time(written)}"
    if not shown:
        yield "No visits."


@visit.command(cls=Command)
@click.pass_obj
def templates(session: Session) -> None:
    """List the usual kinds of visit that can be filled in beforehand."""
    store = session.open().store
    made = visit_templates.templates(store.vocabularies)
    session.answer(
        [dataclasses.asdict(one) for one in made],
        lambda: [f"{one.value}: {one.ask}" if one.ask else one.value for one in made],
    )


COMMANDS: Final = (visit,)
