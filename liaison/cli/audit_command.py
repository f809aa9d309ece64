"""Commands on the log as a whole: reading it, and erasing what the law says must go."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator
from typing import Any, Final

import click

from liaison.cli.days import day_of
from liaison.cli.session import Command, Session
from liaison.cli.shown import labelled
from liaison.cli.which import TYPE, found, identity_of
from liaison.errors import UserError
from liaison.records import all_specs, ids
from liaison.records.administration import AccessEvent
from liaison.records.fields import spec_of
from liaison.records.rules import times
from liaison.services import audit as audits
from liaison.services import erasing
from liaison.services.audit import Line
from liaison.services.references import resolve
from liaison.store.audit import Asked

_DEFAULT_LINES: Final = 1_000
_ERASE_WORD: Final = "erase"
_TWICE: Final = 2


@click.command(cls=Command)
@click.option("--from", "start", metavar="DAY", help="From this day on.")
@click.option("--to", "end", metavar="DAY", help="Up to this day, counted in.")
@click.option("--who", metavar="NAME", help="Only what this person did: their name or id.")
@click.option("--type", "kinds", multiple=True, metavar="TYPE", help="Only this; may be repeated.")
@click.option("--limit", type=click.IntRange(min=1), default=_DEFAULT_LINES, show_default=True)
@click.pass_obj
def audit(  # noqa: PLR0917  # one for each option
    session: Session,
    start: str | None,
    end: str | None,
    who: str | None,
    kinds: tuple[str, ...],
    limit: int,
) -> None:
    """Show who changed, opened, printed and exported what.

    Newest first. TYPE is a type of record, such as visit_entry, or a kind of access, such as
    opened, "sign in", "failed sign in", printed, exported.
    """
    types, accesses = _sorted_out(kinds)
    home = session.open()
    store = home.store
    first, last = day_of(store, start, "--from"), day_of(store, end, "--to")
    asked = Asked(
        person=None if who is None else resolve(store, "person", who),
        types=types,
        kinds=accesses,
        start=None if first is None else times.start_of_day(first),
        end=None if last is None else times.start_of_day(last + dt.timedelta(days=1)),
    )
    lines = list(audits.every(store, asked, limit))
    session.answer(
        [_as_json(line) for line in lines],
        lambda: [said for line in lines for said in _said(line)] or ["Nothing."],
    )


def _sorted_out(kinds: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Tell types of record from kinds of access."""
    known = spec_of(AccessEvent).by_name["kind"].choices
    accesses = tuple(word for word in kinds if word in known)
    types = tuple(TYPE.convert(word, None, None) for word in kinds if word not in known)
    if types and accesses:
        message = "Name types of record or kinds of access, not both at once."
        raise click.UsageError(message, click.get_current_context())
    return types, accesses


def _as_json(line: Line) -> dict[str, Any]:
    return {
        "id": ids.to_text(line.changes[-1]),
        "at": times.to_iso(line.at),
        "by": line.who,
        "pc": line.pc,
        "did": line.access or line.verb.lower(),
        "type": line.type or None,
        "record": ids.to_text(line.rec) if line.rec else None,
        "title": line.title or None,
        "reason": line.reason or None,
        "detail": line.detail or None,
        "fields": {step.name: {"from": step.before, "to": step.after} for step in line.steps},
    }


def _said(line: Line) -> Iterator[str]:
    about = f" {line.about}" if line.about else ""
    detail = f" ({line.detail})" if line.detail else ""
    why = f": {line.reason}" if line.reason else ""
    yield (
        f"{times.show_time(line.at)}  {line.who}, on {line.pc}: "
        f"{line.verb.lower()}{about}{detail}{why}"
    )
    yield from labelled(
        [
            (
                step.label,
                f"{step.before} -> {step.after or '(empty)'}" if step.before else step.after,
            )
            for step in line.steps
        ]
    )


CONFIRM: Final = click.option(
    "--confirm", count=True, help="Twice, where nobody can be asked: it cannot be undone."
)


@click.command(cls=Command)
@click.argument("type_name", metavar="TYPE", type=TYPE)
@click.argument("words", metavar="ID FIELD...", nargs=-1)
@click.option("--reason", required=True, help="Why, such as whose request; kept for good.")
@CONFIRM
@click.pass_obj
def erase(
    session: Session, type_name: str, words: tuple[str, ...], reason: str, confirm: int
) -> None:
    """Erase what fields hold, as the law may demand.

    Only for managers. It goes from the record, its history, search and drafts; that something was
    erased, by whom and why stays. Backups made before still hold it.
    """
    identity, fields = identity_of(type_name, words)
    if not fields:
        message = "Say which fields to erase."
        raise click.UsageError(message, click.get_current_context())
    home = session.open()
    record = found(home, type_name, identity)
    spec = all_specs()[type_name]
    labels = ", ".join(spec.by_name[name].label for name in fields if name in spec.by_name)
    stays = erasing.what_stays(type_name)
    confirm_twice(f"{labels} of this {spec.label.lower()}", confirm, stays)
    done = erasing.erase(home, type_name, record, fields, reason)
    session.answer(
        {"erased": list(fields), "changes": done.changes},
        lambda: [_erased(done), stays, erasing.NOT_REACHED],
    )


def _erased(done: erasing.Erased) -> str:
    changes = f"{done.changes:,} {'change' if done.changes == 1 else 'changes'}"
    return f"Erased: {', '.join(done.fields)}, in {changes} of the history."


def confirm_twice(what: str, times_said: int, stays: str = "") -> None:
    """Ask twice, in two ways; somebody who hits Enter twice has said neither.

    Args:
        what: What is to be erased, as the beginning of a sentence.
        times_said: How often --confirm was said.
        stays: What is left all the same.

    Raises:
        UserError: They did not mean it, or nobody could be asked.
    """
    if times_said >= _TWICE:
        return
    refused = UserError(
        "Nothing was confirmed.",
        kept="Nothing was erased.",
        do="To erase without being asked, say --confirm twice.",
        code="not-confirmed",
    )
    if sys.stdin is None or not sys.stdin.isatty():
        raise refused
    told = (f"{what}: nobody can bring it back.", stays, erasing.NOT_REACHED)
    click.echo(" ".join(filter(None, told)), err=True)
    if not click.confirm("Erase it for good", err=True):
        raise refused
    if click.prompt(f"Type {_ERASE_WORD} to confirm", err=True).strip().lower() != _ERASE_WORD:
        raise refused


COMMANDS: Final = (audit, erase)
