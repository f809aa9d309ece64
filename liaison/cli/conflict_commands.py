"""Commands about what two PCs wrote differently without knowing of each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import click

from liaison.cli.session import Command, Group, Session
from liaison.cli.shown import answer_record, shown
from liaison.cli.which import TYPE, found
from liaison.errors import UserError
from liaison.records import all_specs, ids
from liaison.records.rules import times
from liaison.records.values import to_json
from liaison.services import editing
from liaison.services.homes import OpenHome
from liaison.services.pcs import twins
from liaison.services.pcs.twins import Twins
from liaison.services.references import name_of
from liaison.store import history
from liaison.store.history import Conflict

_NAMES_IT: Final = "“liaison conflicts list” names each in brackets: type, id and field."
_PICK: Final = "Let one stand: “liaison conflicts pick”, the words in brackets, and its number."
_NUMBERS_THEM: Final = "“liaison conflicts list” says which number each value has."


@click.group("conflicts", cls=Group)
def conflicts() -> None:
    """Settle what two PCs wrote differently."""


@conflicts.command("list", cls=Command)
@click.pass_obj
def list_conflicts(session: Session) -> None:
    """List the fields in which PCs differ, the value that is shown first."""
    home = session.open()
    open_ones = history.conflicts(home.store)
    session.answer(
        [_as_json(home, one) for one in open_ones],
        lambda: (
            [*(line for one in open_ones for line in _lines(home, one)), _PICK]
            if open_ones
            else ["No differences."]
        ),
    )


@conflicts.command("twice", cls=Command)
@click.pass_obj
def list_twice(session: Session) -> None:
    """List records that two PCs may both have made; “liaison merge” makes one of two."""
    found = twins.find(session.open().store)
    session.answer(
        [_twins_as_json(one) for one in found],
        lambda: [line for one in found for line in _told_twins(one)] or ["Nothing."],
    )


def _twins_as_json(one: Twins) -> dict[str, Any]:
    return {
        "type": one.type,
        "records": [
            {"id": ids.to_text(one.first), "title": one.name, "pc": one.pc},
            {"id": ids.to_text(one.second), "title": one.second_name, "pc": one.second_pc},
        ],
        "reasons": list(one.reasons),
    }


def _told_twins(one: Twins) -> Iterator[str]:
    yield f"{all_specs()[one.type].label} {one.name}: {', '.join(one.reasons)}"
    yield f"  {ids.to_text(one.first)}  on {one.pc}"
    yield f"  {ids.to_text(one.second)}  on {one.second_pc}, written later"
    yield f"  liaison merge {one.type} {ids.to_text(one.second)} {ids.to_text(one.first)}"


@conflicts.command("pick", cls=Command)
@click.argument("type_name", type=TYPE, metavar="TYPE")
@click.argument("identity", metavar="ID|NAME")
@click.argument("field", metavar="FIELD")
@click.argument("number", metavar="NUMBER")
@click.option("--reason", default="", help="Why, for the history.")
@click.pass_obj
def pick(  # noqa: PLR0917  # one for each word
    session: Session, type_name: str, identity: str, field: str, number: str, reason: str
) -> None:
    """Let one of the values stand, by its number in “liaison conflicts list”."""
    home = session.open()
    record = found(home, type_name, identity)
    if field not in all_specs()[type_name].by_name:
        raise _none(f"{all_specs()[type_name].label} has no field “{field[:60]}”.", _NAMES_IT)
    conflict = next(
        (one for one in history.conflicts(home.store) if (one.rec, one.field) == (record, field)),
        None,
    )
    if conflict is None:
        raise _none(
            f"PCs do not differ in “{field}” there.",
            "Somebody may have settled it already: “liaison conflicts list” has what is left.",
        )
    numbered = {str(at): version for at, version in enumerate(conflict.versions, 1)}
    chosen = numbered.get(number)
    if chosen is None:
        raise _none(
            f"There are {len(numbered)} values, none with the number “{number[:60]}”.",
            _NUMBERS_THEM,
        )
    heads = [one.stamp for one in conflict.versions]
    answer_record(
        session, home,
        editing.settle(home, type_name, record, field, chosen.value, heads, reason),
    )  # fmt: skip


def _none(what: str, do: str) -> UserError:
    return UserError(what, kept="Nothing was changed.", do=do, code="no-such-conflict")


def _as_json(home: OpenHome, one: Conflict) -> dict[str, Any]:
    spec = all_specs()[one.type]
    return {
        "type": one.type,
        "id": ids.to_text(one.rec),
        "title": name_of(home.store, one.type, one.rec),
        "field": one.field,
        "values": [
            {
                "number": number,
                "value": to_json(spec.by_name[one.field], version.value),
                "at": times.to_iso(version.at),
                "by": name_of(home.store, "person", version.person),
                "pc": name_of(home.store, "pc", version.pc),
                "reason": version.reason,
            }
            for number, version in enumerate(one.versions, 1)
        ],
    }


def _lines(home: OpenHome, one: Conflict) -> Iterator[str]:
    spec = all_specs()[one.type]
    field = spec.by_name[one.field]
    yield (
        f"{spec.label} {name_of(home.store, one.type, one.rec)}, {field.label} "
        f"({one.type} {ids.to_text(one.rec)} {one.field})"
    )
    for number, version in enumerate(one.versions, 1):
        who = name_of(home.store, "person", version.person)
        where = name_of(home.store, "pc", version.pc)
        value = shown(home, field, version.value)
        yield f"  {number}  {value}  ({who}, {where}, {times.show_time(version.at)})"


COMMANDS: Final = (conflicts,)
