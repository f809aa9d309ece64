"""Commands that write: add, correct, archive, strike through, move, merge."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import click

from liaison.cli.session import FILE, Command, Session, note
from liaison.cli.shown import answer_record
from liaison.cli.typed import assignments, filled
from liaison.cli.which import TYPE, found, identity_of, record_of
from liaison.errors import UserError
from liaison.records import Problem, all_specs, ids
from liaison.records.casework import VisitEntry
from liaison.services import editing
from liaison.services.homes import OpenHome
from liaison.services.references import name_of, resolve
from liaison.store.blobs import LARGEST


@click.command(cls=Command)
@click.argument("type_name", metavar="TYPE", type=TYPE)
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
    owner_type = TYPE.convert(given["owner_type"], None, click.get_current_context())
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
@click.argument("type_name", metavar="TYPE", type=TYPE)
@click.argument("words", metavar="[ID] FIELD=VALUE...", nargs=-1, required=True)
@click.option("--reason", default="", help="Why, for the history.")
@click.pass_obj
def set_fields(session: Session, type_name: str, words: tuple[str, ...], reason: str) -> None:
    """Correct a record. FIELD= clears; FIELD+=V and FIELD-=V change a field of several values."""
    identity, rest = identity_of(type_name, words)
    given = assignments(rest)
    if not given:
        message = "Say what to set: FIELD=VALUE."
        raise click.UsageError(message, click.get_current_context())
    home = session.open()
    # a duplicate is corrected in the record that stands for it: nobody would see it elsewhere
    meant = home.store.follow(type_name, found(home, type_name, identity))
    assert meant is not None  # noqa: S101  # it has just been found
    loaded = home.store.load(type_name, meant.id or 0)
    assert loaded is not None  # noqa: S101  # the same
    record, warnings = editing.save(home, loaded, filled(home.store, loaded.record, given), reason)
    _warn(warnings)
    answer_record(session, home, record)


def _with_reason(name: str, summary: str, verb: Any) -> click.Command:
    """Make a command that does one thing to one record and asks why."""

    @click.argument("type_name", metavar="TYPE", type=TYPE)
    @click.argument("identity", metavar="ID")
    @click.option("--reason", required=True, help="Why, for the history.")
    @click.pass_obj
    def run(session: Session, type_name: str, identity: str, reason: str) -> None:
        home = session.open()
        answer_record(session, home, verb(home, record_of(home, type_name, identity), reason))

    return click.command(name, cls=Command, help=summary)(run)


archive = _with_reason(
    "archive", "Take a record out of the lists; nothing is deleted.", editing.archive
)
restore_record = _with_reason(
    "restore-record", "Bring an archived record back.", editing.bring_back
)
strike = _with_reason("strike", "Strike a record through, with a reason.", editing.strike)


@click.command(cls=Command)
@click.argument("type_name", metavar="visit_entry", type=TYPE)
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
    entry = record_of(home, type_name, identity)
    assert isinstance(entry, VisitEntry)  # noqa: S101  # of its type
    to = resolve(home.store, "resident", resident)
    answer_record(session, home, editing.move(home, entry, to, reason))


@click.command(cls=Command)
@click.argument("type_name", metavar="TYPE", type=TYPE)
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
    record, other = record_of(home, type_name, identity), record_of(home, type_name, into)
    answer_record(session, home, editing.merge(home, record, other, reason))


def _warn(warnings: Iterable[Problem]) -> None:
    for warning in warnings:
        note(f"Note: {warning.message}")


COMMANDS: Final = (
    add,
    set_fields,
    archive,
    restore_record,
    strike,
    move,
    merge,
)
