"""Rows of record tables as records, and what a form needs to save one safely."""

from __future__ import annotations

import dataclasses
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from liaison.records import Record, RecordSpec, all_specs
from liaison.records.fields import FieldSpec
from liaison.records.kinds import Kind
from liaison.records.values import revive
from liaison.store.schema import quote

if TYPE_CHECKING:
    from liaison.store.driver import Connection

_AS_KEPT = frozenset(
    {
        Kind.TEXT,
        Kind.NOTE,
        Kind.INT,
        Kind.MINUTES,
        Kind.CHOICE,
        Kind.REF,
        Kind.PHONE,
        Kind.EMAIL,
        Kind.URL,
        Kind.POSTCODE,
        Kind.NHS_NUMBER,
    }
)


WHOLE = "*"
"""Stands for all fields of a type that is hidden from whoever asks."""


@dataclasses.dataclass(frozen=True, slots=True)
class Loaded:
    """A record together with the versions it was loaded with.

    Saving hands both back, so a blind edit never swallows a conflict that it did not show.

    Args:
        record: The record as it was shown.
        versions: Of each field that was ever changed, the stamps that stood (more than one is a
            conflict); a field that is not listed still had the value of its birth.
    """

    record: Record
    versions: Mapping[str, tuple[int, ...]] = dataclasses.field(default_factory=dict)

    @property
    def id(self) -> int:
        """The record's id; a loaded record always has one."""
        assert self.record.id is not None  # noqa: S101  # for the type checker
        return self.record.id


@cache
def column_list(type_name: str) -> str:
    """Return the columns to select for a type's records, id first."""
    return ", ".join(quote(n) for n in ("id", *(f.name for f in all_specs()[type_name].columns)))


@cache
def _plan(type_name: str) -> tuple[tuple[str, ...], tuple[tuple[int, FieldSpec], ...]]:
    """Return the names of a row's values and which of them need converting."""
    columns = all_specs()[type_name].columns
    names = ("id", *(field.name for field in columns))
    convert = tuple(
        (place, field) for place, field in enumerate(columns, 1) if field.kind not in _AS_KEPT
    )
    return names, convert


def to_records(
    connection: Connection, spec: RecordSpec, rows: Iterable[Sequence[Any]]
) -> list[Record]:
    """Return rows (as :func:`column_list` selects them) as records, their sets filled in.

    What is hidden from whoever asks is empty, in the record and in what it is later compared with:
    saving the record leaves it as it is.
    """
    assert spec.cls is not None  # noqa: S101  # link rows are never records of their own
    names, convert = _plan(spec.name)
    kept = [list(row) for row in rows]
    sets = _sets(connection, spec, [row[0] for row in kept])
    hidden = {name for type_name, name in connection.hidden if type_name == spec.name}
    blank = [place for place, name in enumerate(names) if name in hidden]
    made: list[Record] = []
    for row in kept:
        for place in blank:
            row[place] = None
        for place, field in convert:
            if row[place] is not None:
                row[place] = revive(field, row[place])
        values = dict(zip(names, row, strict=True))
        for field_name, elements in sets.items():
            values[field_name] = tuple(elements.get(row[0], ()))
        made.append(spec.cls(**values))
    return made


def _sets(
    connection: Connection, spec: RecordSpec, owners: Sequence[int]
) -> dict[str, dict[int, list[Any]]]:
    """Return the live elements of every set of some records, by field and owner."""
    result: dict[str, dict[int, list[Any]]] = {}
    for field in spec.sets:
        elements: dict[int, list[Any]] = defaultdict(list)
        if owners:
            found = connection.execute(
                f"SELECT owner, value FROM {quote(spec.link(field.name))} "
                "WHERE owner IN (SELECT value FROM json_each(?)) AND archived IS NOT 1 "
                "ORDER BY owner, value",
                (json.dumps(owners),),
            )
            for owner, value in found:
                elements[owner].append(revive(field, value))
        result[field.name] = elements
    return result


def load(connection: Connection, spec: RecordSpec, identity: int) -> Loaded | None:
    """Return one record with its versions; None if it is not here."""
    record = get(connection, spec, identity)
    if record is None:
        return None
    versions: dict[str, list[int]] = defaultdict(list)
    for field, stamp in connection.execute(
        "SELECT field, stamp FROM field_version WHERE rec = ? ORDER BY stamp", (identity,)
    ):
        versions[field].append(stamp)
    return Loaded(record, {field: tuple(stamps) for field, stamps in versions.items()})


def get(connection: Connection, spec: RecordSpec, identity: int) -> Record | None:
    """Return one record; None if it is not here."""
    rows = connection.execute(
        f"SELECT {column_list(spec.name)} FROM {quote(spec.name)} WHERE id = ?", (identity,)
    ).fetchall()
    records = to_records(connection, spec, rows)
    return records[0] if records else None
