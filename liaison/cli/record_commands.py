"""Commands on records: add, correct, show, list, find, and what became of them."""

from __future__ import annotations

import datetime as dt
import mimetypes
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import click

from liaison.cli.session import FILE, Command, Session, note
from liaison.cli.typed import RecordType, assignments, conditions, filled
from liaison.errors import UserError
from liaison.files import write_new_file
from liaison.records import FieldSpec, Kind, Problem, Record, all_specs, ids, spec_of
from liaison.records.administration import Attachment
from liaison.records.casework import VisitEntry
from liaison.records.rules import times
from liaison.records.showing import show as show_value
from liaison.records.values import record_to_json, to_json
from liaison.records.vocabularies import shipped
from liaison.services import editing
from liaison.services.homes import OpenHome
from liaison.services.references import Names, as_id, name_of, named, resolve
from liaison.store import history as histories
from liaison.store import query
from liaison.store.blobs import LARGEST, read_blob
from liaison.store.history import HistoryEntry, Step, Undone
from liaison.store.search import search as find_text

_TYPE: Final = RecordType()
_LABEL_WIDTH: Final = 26
_TEXT_WIDTH: Final = 74
_DEFAULT_HITS: Final = 50
_MOST_CHOICES: Final = 30


@click.command(cls=Command)
@click.argument("type_name", metavar="TYPE", type=_TYPE)
@click.argument("words", metavar="FIELD=VALUE...", nargs=-1)
@click.option("--reason", default="", help="Why, for the history.")
@click.option("--file", type=FILE, help="For an attachment: the file to keep.")
@click.pass_obj
def add(
    session: Session, type_name: str, words: tuple[str, ...], reason: str, file: Path | None
) -> None:
    """Add a record. Repeat a field that holds several: offers=A offers=B."""
    editing.refuse_kept_by_program(type_name)
    given = assignments(words)
    home = session.open()
    if type_name == "attachment":
        added = _attach(home, {word.field: word.value for word in given}, file, reason)
        warnings: list[Problem] = []
    else:
        cls = all_specs()[type_name].cls
        assert cls is not None  # noqa: S101  # RecordType accepts no link types
        added, warnings = editing.add(home, filled(home.store, cls(), given), reason)
    _warn(warnings)
    session.answer({"id": ids.to_text(added)}, lambda: _added(home, type_name, added))


def _attach(home: OpenHome, given: dict[str, str], file: Path | None, reason: str) -> int:
    if file is None or given.keys() != {"owner_type", "owner_id"}:
        message = "An attachment is added with owner_type=TYPE owner_id=ID --file FILE."
        raise click.UsageError(message, click.get_current_context())
    owner_type = _TYPE.convert(given["owner_type"], None, click.get_current_context())
    owner = resolve(home.store, owner_type, given["owner_id"])
    data = _bytes_of(file)
    media_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return editing.attach(
        home, owner_type, owner, name=file.name, media_type=media_type, data=data, reason=reason
    )


def _bytes_of(file: Path) -> bytes:
    try:
        if not file.is_file():
            what = "is not a file" if file.exists() else "is not there"
            raise UserError(f"{file} {what}.", kept="Nothing was changed.", code="file")
        with file.open("rb") as opened:
            # one byte more is enough to see that it is too large
            return opened.read(LARGEST + 1)
    except OSError as fault:
        raise UserError(
            f"{file} cannot be read: {fault.strerror}.", kept="Nothing was changed.", code="file"
        ) from None


def _added(home: OpenHome, type_name: str, added: int) -> Iterator[str]:
    yield f"Added {all_specs()[type_name].label.lower()} {ids.to_text(added)}"
    yield f"  {name_of(home.store, type_name, added)}"


@click.command("set", cls=Command)
@click.argument("type_name", metavar="TYPE", type=_TYPE)
@click.argument("words", metavar="[ID] FIELD=VALUE...", nargs=-1, required=True)
@click.option("--reason", default="", help="Why, for the history.")
@click.pass_obj
def set_fields(session: Session, type_name: str, words: tuple[str, ...], reason: str) -> None:
    """Correct a record. FIELD= clears; FIELD+=V and FIELD-=V change a field of several values."""
    identity, rest = _identity(type_name, words)
    given = assignments(rest)
    if not given:
        message = "Say what to set: FIELD=VALUE."
        raise click.UsageError(message, click.get_current_context())
    home = session.open()
    # a duplicate is corrected in the record that stands for it: nobody would see it elsewhere
    meant = home.store.follow(type_name, _found(home, type_name, identity))
    assert meant is not None  # noqa: S101  # it has just been found
    loaded = home.store.load(type_name, meant.id or 0)
    assert loaded is not None  # noqa: S101  # the same
    record, warnings = editing.save(home, loaded, filled(home.store, loaded.record, given), reason)
    _warn(warnings)
    _answer_record(session, home, record)


def _identity(type_name: str, words: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Take the id off the words; the home's own record needs none."""
    if all_specs()[type_name].single and (not words or "=" in words[0]):
        return "", words
    if not words:
        message = "Say which record: its id or its exact name."
        raise click.UsageError(message, click.get_current_context())
    return words[0], words[1:]


def _refuse(rest: tuple[str, ...]) -> None:
    if rest:
        message = f"Unexpected: {' '.join(rest)[:60]!r}. A name of several words stands in quotes."
        raise click.UsageError(message, click.get_current_context())


def _found(home: OpenHome, type_name: str, identity: str) -> int:
    if identity:
        # the very record, not the one it was merged into: its own history is asked for
        number = as_id(identity)
        exact = None if number is None else home.store.get(type_name, number)
        if exact is not None and exact.id is not None:
            return exact.id
        return resolve(home.store, type_name, identity)
    loaded = home.store.the(type_name)
    assert loaded is not None  # noqa: S101  # every home has its own record
    return loaded.id


def _record(home: OpenHome, type_name: str, identity: str) -> Record:
    record = home.store.get(type_name, _found(home, type_name, identity))
    assert record is not None  # noqa: S101  # it has just been found
    return record


def _with_reason(name: str, summary: str, verb: Any) -> click.Command:
    """Make a command that does one thing to one record and asks why."""

    @click.argument("type_name", metavar="TYPE", type=_TYPE)
    @click.argument("identity", metavar="ID")
    @click.option("--reason", required=True, help="Why, for the history.")
    @click.pass_obj
    def run(session: Session, type_name: str, identity: str, reason: str) -> None:
        home = session.open()
        _answer_record(session, home, verb(home, _record(home, type_name, identity), reason))

    return click.command(name, cls=Command, help=summary)(run)


archive = _with_reason(
    "archive", "Take a record out of the lists; nothing is deleted.", editing.archive
)
restore_record = _with_reason(
    "restore-record", "Bring an archived record back.", editing.bring_back
)
strike = _with_reason("strike", "Strike a record through, with a reason.", editing.strike)


@click.command(cls=Command)
@click.argument("type_name", metavar="visit_entry", type=_TYPE)
@click.argument("identity", metavar="ID")
@click.option("--to", "resident", required=True, help="The resident it is about.")
@click.option("--reason", required=True, help="Why, for the history.")
@click.pass_obj
def move(session: Session, type_name: str, identity: str, resident: str, reason: str) -> None:
    """Move a visit note to another resident.

    The note stays where it was, struck through with the reason, and is written again on the
    resident it is really about; its attachments and actions go along.
    """
    if type_name != "visit_entry":
        message = "Only visit notes are moved: move visit_entry ID --to RESIDENT --reason TEXT."
        raise click.UsageError(message, click.get_current_context())
    home = session.open()
    entry = _record(home, type_name, identity)
    assert isinstance(entry, VisitEntry)  # noqa: S101  # of its type
    to = resolve(home.store, "resident", resident)
    _answer_record(session, home, editing.move(home, entry, to, reason))


@click.command(cls=Command)
@click.argument("type_name", metavar="TYPE", type=_TYPE)
@click.argument("identity", metavar="ID")
@click.argument("into", metavar="INTO-ID")
@click.option("--reason", default="", help="Why, for the history.")
@click.pass_obj
def merge(session: Session, type_name: str, identity: str, into: str, reason: str) -> None:
    """Merge a duplicate into another record.

    Nothing is lost: the other record stands for both from now on, also where the duplicate was
    referred to.
    """
    home = session.open()
    record, other = _record(home, type_name, identity), _record(home, type_name, into)
    _answer_record(session, home, editing.merge(home, record, other, reason))


@click.command(cls=Command)
@click.argument("type_name", metavar="TYPE", type=_TYPE)
@click.argument("words", metavar="ID", nargs=-1)
@click.option("--save-to", type=FILE, help="For an attachment: write the file here.")
@click.pass_obj
def show(session: Session, type_name: str, words: tuple[str, ...], save_to: Path | None) -> None:
    """Show one record."""
    identity, rest = _identity(type_name, words)
    _refuse(rest)
    home = session.open()
    record = _record(home, type_name, identity)
    if save_to is not None:
        if not isinstance(record, Attachment):
            message = "--save-to is for attachments."
            raise click.UsageError(message, click.get_current_context())
        write_new_file(save_to, read_blob(home.store, record))
    _answer_record(session, home, record)


def _answer_record(session: Session, home: OpenHome, record: Record) -> None:
    session.answer(record_to_json(record), lambda: _card(home, record))


def _card(home: OpenHome, record: Record) -> Iterator[str]:
    spec = spec_of(record)
    yield f"{spec.label}: {named(home.store, record)}"
    for field in spec.fields:
        value = getattr(record, field.name)
        text = _pointed_at(home, record, field) or _shown(home, field, value)
        if text and (field.name != "archived" or value):
            yield _labelled(field.label, text)
    yield _labelled("Id", ids.to_text(record.id or 0))


def _pointed_at(home: OpenHome, record: Record, field: FieldSpec) -> str:
    """Return the name of what a pair such as ``owner_type`` and ``owner_id`` points to."""
    pair, is_pair, _ = field.name.rpartition("_id")
    if not is_pair or f"{pair}_type" not in spec_of(record).by_name:
        return ""
    spec = all_specs().get(getattr(record, f"{pair}_type") or "")
    number = as_id(getattr(record, field.name) or "")
    if spec is None or spec.cls is None or number is None:
        return ""
    return name_of(home.store, spec.name, number)


def _shown(home: OpenHome, field: FieldSpec, value: object) -> str:
    return show_value(
        field,
        value,
        vocabularies=home.store.vocabularies,
        name=lambda type_name, rec: name_of(home.store, type_name, rec),
    )


def _labelled(label: str, text: str) -> str:
    lines = [
        piece for line in text.split("\n") for piece in textwrap.wrap(line, _TEXT_WIDTH) or [""]
    ]
    indent = " " * (_LABEL_WIDTH + 2)
    return f"  {label[:_LABEL_WIDTH]:<{_LABEL_WIDTH}}" + f"\n{indent}".join(lines)


@click.command("list", cls=Command)
@click.argument("type_name", metavar="TYPE", type=_TYPE)
@click.argument("more", metavar="", nargs=-1)
@click.option("--where", multiple=True, metavar="FIELD=VALUE", help="Only those; may be repeated.")
@click.option("--limit", type=click.IntRange(min=1), help="How many at most.")
@click.option("--archived", is_flag=True, help="Archived and merged ones too.")
@click.pass_obj
def list_records(  # noqa: PLR0917  # one for each option
    session: Session,
    type_name: str,
    more: tuple[str, ...],
    where: tuple[str, ...],
    limit: int | None,
    archived: bool,  # noqa: FBT001  # click passes flags so
) -> None:
    """List records, newest first. --where also takes <, <=, > and >=: "at>=2026-11-01"."""
    home = session.open()
    spec = all_specs()[type_name]
    asked = query.Query(type_name, conditions(home.store, spec, (*where, *more)), archived=archived)
    if limit is None:
        records = list(query.every(home.store, asked))
    else:
        records = query.page(home.store, asked, limit=limit).records
    session.answer(
        [record_to_json(record) for record in records], lambda: _rows(home, records, spec.plural)
    )


def _rows(home: OpenHome, records: list[Record], plural: str) -> Iterator[str]:
    names = Names(home.store)
    for record in records:
        marks = [
            word
            for word, holds in (
                ("archived", record.archived),
                ("struck through", record.struck_reason),
                ("merged", record.merged_into),
            )
            if holds
        ]
        mark = f" [{', '.join(marks)}]" if marks else ""
        yield f"{ids.to_text(record.id or 0)}  {names.of(record)}{mark}"
    if len(records) > 1:
        yield f"{len(records):,} {plural.lower()}"
    elif not records:
        yield f"No {plural.lower()}."


@click.command(cls=Command)
@click.argument("text", nargs=-1, required=True)
@click.option("--type", "types", multiple=True, type=_TYPE, help="Only this type of record.")
@click.option("--limit", type=click.IntRange(min=1), default=_DEFAULT_HITS, show_default=True)
@click.pass_obj
def search(session: Session, text: tuple[str, ...], types: tuple[str, ...], limit: int) -> None:
    """Find records by the words in them, the best fit first."""
    home = session.open()
    typed = " ".join(text)
    hits = find_text(home.store, typed, types=types, limit=limit, best_first=True)
    if not hits:
        # perhaps the last word was not finished
        hits = find_text(home.store, typed, types=types, limit=limit, typing=True)
    names = Names(home.store)
    titles = [names.of(hit.record) for hit in hits]
    session.answer(
        [
            {
                "type": hit.type,
                "id": ids.to_text(hit.record.id or 0),
                "title": words,
                "snippet": hit.snippet,
            }
            for hit, words in zip(hits, titles, strict=True)
        ],
        lambda: (
            [
                f"{ids.to_text(hit.record.id or 0)}  {spec_of(hit.record).label}: {words}\n"
                f"{'':15}{hit.snippet}"
                for hit, words in zip(hits, titles, strict=True)
            ]
            or ["Nothing found."]
        ),
    )


@click.command(cls=Command)
@click.argument("type_name", metavar="TYPE", type=_TYPE)
@click.argument("words", metavar="ID", nargs=-1)
@click.option("--at", metavar="TIME", help="As it was known then.")
@click.pass_obj
def history(session: Session, type_name: str, words: tuple[str, ...], at: str | None) -> None:
    """Show every change of a record.

    Oldest first: what changed, who did it, when and why.
    """
    identity, rest = _identity(type_name, words)
    _refuse(rest)
    home = session.open()
    moment = None if at is None else _moment(home, at)
    record = _found(home, type_name, identity)
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
}


def _entry_lines(home: OpenHome, type_name: str, entry: HistoryEntry) -> Iterator[str]:
    by = name_of(home.store, "person", entry.person)
    pc = name_of(home.store, "pc", entry.pc)
    why = f": {entry.reason}" if entry.reason else ""
    yield f"{times.show_time(entry.at)}  {_OPERATIONS[entry.op]} by {by} on {pc}{why}"
    by_name = all_specs()[type_name].by_name
    for name, step in entry.fields.items():
        if field := by_name.get(name):
            yield _labelled(field.label, _step(home, field, step))
    yield _labelled("Change", ids.to_text(entry.id))


def _step(home: OpenHome, field: FieldSpec, step: Step) -> str:
    before, after = _shown(home, field, step.before), _shown(home, field, step.after)
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
        yield "Left alone, because it was changed since:"
    for left in undone.skipped:
        spec = all_specs()[left.type]
        owner_type, rec = left.type, left.rec
        if spec.cls is None:
            yield f"  {spec.label}"
            continue
        yield f"  {name_of(home.store, owner_type, rec)}: {spec.by_name[left.field].label}"


@click.command(cls=Command)
@click.argument("type_name", metavar="[TYPE]", type=_TYPE, required=False)
@click.pass_obj
def types(session: Session, type_name: str | None) -> None:
    """List the types of record, or the fields of one."""
    specs = [spec for spec in all_specs().values() if spec.cls is not None]
    if type_name is None:
        session.answer(
            [{"type": spec.name, "label": spec.label} for spec in specs],
            lambda: [f"{spec.name:<18}{spec.label}" for spec in specs],
        )
        return
    fields = all_specs()[type_name].fields
    session.answer(
        [
            {
                "field": field.name,
                "label": field.label,
                "kind": field.kind.value,
                "required": field.required,
                "set": field.many,
            }
            for field in fields
        ],
        lambda: [
            f"{field.name:<22}{field.label:<30}{_kind(field)}{', required' if field.required else ''}"
            for field in fields
        ],
    )


def _kind(field: FieldSpec) -> str:
    kind = f"{field.target}" if field.target else field.kind.value
    items = shipped().items(field) if field.kind is Kind.CHOICE else ()
    values = [item.value for item in items]
    choices = f" ({', '.join(values)})" if 0 < len(values) <= _MOST_CHOICES else ""
    return f"several {kind}{choices}" if field.many else f"{kind}{choices}"


def _warn(warnings: Iterable[Problem]) -> None:
    for warning in warnings:
        note(f"Note: {warning.message}")


COMMANDS: Final = (
    add,
    set_fields,
    show,
    list_records,
    search,
    history,
    undo,
    archive,
    restore_record,
    strike,
    move,
    merge,
    types,
)
