"""How a field's value is kept: in the database, in the change log and in JSON.

The database and the change log keep the same form, so replaying the log is copying: text as text,
dates as ``2026-11-23``, times as UTC plus offset (domain rule 3), money as whole pence, yes and no
as 1 and 0, a reference as the other record's id. JSON for scripts is friendlier: times as ISO 8601
with offset, ids as 13 characters, money in pounds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import Final

from liaison.records import ids
from liaison.records.fields import FieldSpec, Record, RecordSpec, all_specs, spec_of
from liaison.records.kinds import Kind
from liaison.records.rules import times

Kept = str | int | None
"""A value as the database and the change log hold it."""

Json = str | int | float | bool | list["Json"] | None


def _pence(amount: Decimal | int) -> int:
    return int((Decimal(amount) * 100).to_integral_value())


_KEEPERS: Final[Mapping[Kind, Callable[..., Kept]]] = {
    Kind.TIME: times.to_stored,
    Kind.DATE: dt.date.isoformat,
    Kind.MONEY: _pence,
}
# a yes becomes 1; what is no whole number at all is refused, where int() would cut it off
_WHOLE: Final[Callable[..., Kept]] = int.__index__


def keep(field: FieldSpec, value: object) -> Kept:
    """Return a value (one element, for a set) as the database and the change log hold it."""
    if value is None or isinstance(value, str):
        return value
    return _KEEPERS.get(field.kind, _WHOLE)(value)


_READERS: Final[Mapping[Kind, Callable[..., object]]] = {
    Kind.TIME: times.from_stored,
    Kind.DATE: dt.date.fromisoformat,
    Kind.MONEY: lambda pence: Decimal(pence) / 100,
    Kind.BOOL: bool,
}


def revive(field: FieldSpec, kept: Kept) -> object:
    """Return a kept value (one element, for a set) as the program uses it."""
    if kept is None:
        return None
    reader = _READERS.get(field.kind)
    return kept if reader is None else reader(kept)


def to_json(field: FieldSpec, value: object) -> Json:
    """Return a value (a set as a list) as scripts see it."""
    if field.many:
        assert isinstance(value, tuple)  # noqa: S101  # for the type checker
        return [_to_json(field, item) for item in value]
    return _to_json(field, value)


def _to_json(field: FieldSpec, value: object) -> Json:
    if value is None or isinstance(value, str | bool):
        return value
    match field.kind:
        case Kind.REF:
            assert isinstance(value, int)  # noqa: S101  # for the type checker
            return ids.to_text(value)
        case Kind.TIME:
            assert isinstance(value, dt.datetime)  # noqa: S101  # for the type checker
            return times.to_iso(value)
        case Kind.DATE:
            assert isinstance(value, dt.date)  # noqa: S101  # for the type checker
            return value.isoformat()
        case Kind.MONEY:
            assert isinstance(value, Decimal)  # noqa: S101  # for the type checker
            return float(value)
        case _:
            assert isinstance(value, int)  # noqa: S101  # for the type checker
            return value


def record_to_json(record: Record) -> dict[str, Json]:
    """Return a record flat, as the command line prints it: id, type, then every field."""
    spec = spec_of(record)
    identity = None if record.id is None else ids.to_text(record.id)
    document: dict[str, Json] = {"id": identity, "type": spec.name}
    for field in spec.fields:
        document[field.name] = to_json(field, getattr(record, field.name))
    document["archived"] = bool(record.archived)
    return document


def kept_columns(spec: RecordSpec, record: Record) -> dict[str, Kept]:
    """Return the kept values of a record's fields, sets apart, empty ones left out."""
    read, keepers = _plan(spec.name)
    # most fields of a record are empty, most others texts
    return {
        name: value if isinstance(value, str) else kept(value)
        for (name, kept), value in zip(keepers, read(record), strict=True)
        if value is not None
    }


_Keepers = tuple[tuple[str, Callable[..., Kept]], ...]


@cache
def _plan(type_name: str) -> tuple[Callable[[Record], tuple[object, ...]], _Keepers]:
    """Return what reads all columns of a record at once, and each one's name with what keeps it."""
    columns = all_specs()[type_name].columns
    keepers = tuple((field.name, _KEEPERS.get(field.kind, _WHOLE)) for field in columns)
    return attrgetter(*(name for name, _ in keepers)), keepers
