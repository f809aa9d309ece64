"""Commands on what became of a record: its history, and undoing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

import click

from liaison.cli.session import Command, Session
from liaison.cli.shown import labelled, shown
from liaison.cli.which import TYPE, found, identity_of, refuse
from liaison.errors import UserError
from liaison.records import FieldSpec, all_specs, ids
from liaison.records.rules import times
from liaison.records.values import to_json
from liaison.services import editing
from liaison.services.audit_words import EMPTIED_LABEL, ERASED_WORDS, emptied_words
from liaison.services.homes import OpenHome
from liaison.services.references import as_id, name_of
from liaison.store import history as histories
from liaison.store.history import HistoryEntry, Step, Undone


@click.command(cls=Command)
@click.argument("type_name", metavar="TYPE", type=TYPE)
@click.argument("words", metavar="ID", nargs=-1)
@click.option("--at", metavar="TIME", help="As it was known then.")
@click.pass_obj
def history(session: Session, type_name: str, words: tuple[str, ...], at: str | None) -> None:
    """Show every change of a record.

    Oldest first: what changed, who did it, when and why.
    """
    identity, rest = identity_of(type_name, words)
    refuse(rest)
    home = session.open()
    moment = None if at is None else _moment(home, at)
    record = found(home, type_name, identity)
    entries = histories.history(home.store, type_name, record, as_known_at=moment)
    session.answer(
        [_entry_json(home, type_name, entry) for entry in entries],
        lambda: [line for entry in entries for line in _entry_lines(home, type_name, entry)],
    )


def _moment(home: OpenHome, typed: str) -> dt.datetime:
    now = home.store.clock()
    try:
        return times.parse_time(typed, now=now)
    except ValueError as error:
        try:
            # a day alone means until its end
            day = times.parse_date(typed, today=times.in_london(now).date())
            return times.start_of_day(day + dt.timedelta(days=1)) - dt.timedelta(seconds=1)
        except ValueError:
            raise UserError(str(error), kept="Nothing was changed.", code="time") from None


def _entry_json(home: OpenHome, type_name: str, entry: HistoryEntry) -> dict[str, Any]:
    by_name = all_specs()[type_name].by_name

    def value(name: str, worth: object) -> Any:
        field = by_name.get(name)
        return to_json(field, worth) if field is not None else worth

    return {
        "id": ids.to_text(entry.id),
        "at": times.to_iso(entry.at),
        "by": name_of(home.store, "person", entry.person),
        "pc": name_of(home.store, "pc", entry.pc),
        "reason": entry.reason,
        "op": entry.op,
        "fields": {
            name: {"from": value(name, step.before), "to": value(name, step.after)}
            for name, step in entry.fields.items()
        },
    }


_OPERATIONS: Final = {
    "birth": "written",
    "event": "noted",
    "edit": "changed",
    "resolve": "differences settled",
    "erase": "erased by law",
}


def _entry_lines(home: OpenHome, type_name: str, entry: HistoryEntry) -> Iterator[str]:
    by = name_of(home.store, "person", entry.person)
    pc = name_of(home.store, "pc", entry.pc)
    why = f": {entry.reason}" if entry.reason else ""
    yield f"{times.show_time(entry.at)}  {_OPERATIONS[entry.op]} by {by} on {pc}{why}"
    by_name = all_specs()[type_name].by_name
    rows = [
        (field.label, ERASED_WORDS if name in entry.erased else _step(home, field, step))
        for name, step in entry.fields.items()
        if (field := by_name.get(name))
    ]
    if entry.emptied is not None:
        rows.append((EMPTIED_LABEL, emptied_words(entry.emptied)))
    if entry.batch is not None:
        rows.append(("Batch", ids.to_text(entry.batch)))
    yield from labelled([*rows, ("Change", ids.to_text(entry.id))])


def _step(home: OpenHome, field: FieldSpec, step: Step) -> str:
    before, after = shown(home, field, step.before), shown(home, field, step.after)
    return f"{before or '(empty)'} -> {after or '(empty)'}" if before else after or "(empty)"


@click.command(cls=Command)
@click.argument("change", metavar="CHANGE-ID", required=False)
@click.option("--batch", metavar="ID", help="Take back everything of a batch, such as an import.")
@click.option("--reason", default="", help="Why, for the history.")
@click.pass_obj
def undo(session: Session, change: str | None, batch: str | None, reason: str) -> None:
    """Take a change back.

    The history of a record names its changes. What was changed since is left alone and listed.
    """
    if (change is None) == (batch is None):
        message = "Give the id of one change, or --batch ID."
        raise click.UsageError(message, click.get_current_context())
    home = session.open()
    stamps = _stamps(home, change, batch)
    undone = editing.undo(home, stamps, reason)
    session.answer(
        {
            "undone": undone.changes,
            "skipped": [
                {
                    "id": ids.to_text(left.change),
                    "type": left.type,
                    "record": ids.to_text(left.rec),
                    "field": left.field,
                }
                for left in undone.skipped
            ],
        },
        lambda: _undo_lines(home, undone),
    )


def _stamps(home: OpenHome, change: str | None, batch: str | None) -> list[int]:
    wanted = change or batch or ""
    number = as_id(wanted)
    found: list[int] = []
    if number is not None:
        found = (
            histories.batch_changes(home.store, number)
            if batch
            else histories.known_changes(home.store, [number])
        )
    if not found:
        raise UserError(
            f"There is no {'batch' if batch else 'change'} {wanted[:60]!r}.",
            kept="Nothing was changed.",
            do="The history of a record names its changes.",
            code="not-found",
        )
    return found


def _undo_lines(home: OpenHome, undone: Undone) -> Iterator[str]:
    yield f"Taken back: {undone.changes:,} {'change' if undone.changes == 1 else 'changes'}."
    if undone.skipped:
        yield "Left alone, because it was changed or taken back since:"
    for left in undone.skipped:
        spec = all_specs()[left.type]
        owner_type, rec = left.type, left.rec
        if spec.cls is None:
            yield f"  {spec.label}"
            continue
        yield f"  {name_of(home.store, owner_type, rec)}: {spec.by_name[left.field].label}"


COMMANDS: Final = (
    history,
    undo,
)
