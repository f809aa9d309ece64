"""Commands that look: one record, a list, a search, what types there are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from liaison.cli.session import FILE, Command, Session
from liaison.cli.shown import answer_record
from liaison.cli.typed import conditions
from liaison.cli.which import TYPE, identity_of, record_of, refuse
from liaison.records import FieldSpec, Kind, Record, all_specs, ids, spec_of
from liaison.records.administration import Attachment
from liaison.records.values import record_to_json
from liaison.records.vocabularies import shipped
from liaison.services import attachments
from liaison.services.homes import OpenHome
from liaison.services.permissions import require_reading
from liaison.services.references import Names
from liaison.store import query
from liaison.store.search import search as find_text

_DEFAULT_HITS: Final = 50
_MOST_CHOICES: Final = 30


@click.command(cls=Command)
@click.argument("type_name", metavar="TYPE", type=TYPE)
@click.argument("words", metavar="ID", nargs=-1)
@click.option("--save-to", type=FILE, help="For an attachment: write the file here.")
@click.pass_obj
def show(session: Session, type_name: str, words: tuple[str, ...], save_to: Path | None) -> None:
    """Show one record."""
    identity, rest = identity_of(type_name, words)
    refuse(rest)
    home = session.open()
    record = record_of(home, type_name, identity)
    home.access.looked(type_name, record.id or 0)
    if save_to is not None:
        if not isinstance(record, Attachment):
            message = "--save-to is for attachments."
            raise click.UsageError(message, click.get_current_context())
        attachments.save_copy(home, record.id or 0, save_to)
    answer_record(session, home, record)


@click.command("list", cls=Command)
@click.argument("type_name", metavar="TYPE", type=TYPE)
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
    require_reading(home, type_name)
    spec = all_specs()[type_name]
    asked_for = conditions(home.store, spec, (*where, *more))
    # who asks for the archived ones means to see them
    archived = archived or any(
        c.field in {"archived", "merged_into"} and c.value for c in asked_for
    )
    asked = query.Query(type_name, asked_for, archived=archived)
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
@click.option("--type", "types", multiple=True, type=TYPE, help="Only this type of record.")
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
@click.argument("type_name", metavar="[TYPE]", type=TYPE, required=False)
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


COMMANDS: Final = (
    show,
    list_records,
    search,
    types,
)
