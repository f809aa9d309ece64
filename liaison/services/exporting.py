"""Lists written out: every field under its label, in a form that importing reads back exactly."""

from __future__ import annotations

import contextlib
import csv
import dataclasses
import datetime as dt
import os
import secrets
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.exchange.csv_writing import csv_bytes
from liaison.exchange.formulas import guard
from liaison.exchange.lists_in_cells import join_values
from liaison.files import move_into_place, plain_errors, sweep
from liaison.records import FieldSpec, Kind, Record, RecordSpec, all_specs, ids
from liaison.records.rules import nhs_number, times
from liaison.services.importing.columns import exchanged
from liaison.services.references import Names, name_field
from liaison.store import query

if TYPE_CHECKING:
    from liaison.services.homes import OpenHome
    from liaison.store.store import Store

_LONGEST_HEADINGS: Final = 1 << 16


@dataclasses.dataclass(frozen=True, slots=True)
class Exported:
    """A list that was written.

    Args:
        rows: How many records are in it.
        struck: How many were left out because they are struck through.
        file: Where it is.
    """

    rows: int
    struck: int
    file: Path


def export(home: OpenHome, type_name: str, path: Path, *, for_sharing: bool = False) -> Exported:
    """Write every record of a type in the lists to a CSV file.

    Archived, merged and struck-through records are left out. The file gets its name when it is
    whole; an older export of that name is replaced, anything else is refused.

    Args:
        home: The home.
        type_name: The record type.
        path: The file.
        for_sharing: Leave out what never leaves the home (fields declared sensitive).

    Returns:
        What was written.

    Raises:
        UserError: It cannot be written there; what was there before is as it was.
    """
    spec = all_specs()[type_name]
    path = path.absolute()
    fields = [field for field in exchanged(spec) if not (for_sharing and field.sensitive)]
    _refuse_to_replace(home, path, {field.label for field in exchanged(spec)})
    writer = _Writer(home.store, fields)
    counts: Counter[bool] = Counter()
    sweep(path)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        with plain_errors(path):
            # what is in it is for whoever asked for it
            temporary.touch(mode=0o600, exist_ok=False)
            with temporary.open("wb") as file:
                file.writelines(csv_bytes(writer.rows(_records(home.store, spec, counts))))
                file.flush()
                os.fsync(file.fileno())
            move_into_place(temporary, path)
    finally:
        # what is wrong with the disk has been said; that it also cannot remove says nothing more
        with contextlib.suppress(OSError):
            temporary.unlink()
    return Exported(counts[False], counts[True], path)


def _records(store: Store, spec: RecordSpec, counts: Counter[bool]) -> Iterator[Record]:
    """Yield the records that stand, oldest first; count them and those struck through."""
    for record in query.every(store, query.Query(spec.name, newest_first=False)):
        struck = record.struck_reason is not None
        counts[struck] += 1
        if not struck:
            yield record


class _Writer:
    """Writes values as importing reads them."""

    def __init__(self, store: Store, fields: Sequence[FieldSpec]) -> None:
        self._store = store
        self._fields = fields
        self._names = Names(store)
        self._called: dict[str, Counter[str]] = {}
        self._references: dict[tuple[str, int], str] = {}

    def rows(self, records: Iterable[Record]) -> Iterator[list[str]]:
        """Yield the headings, then the cells of each record."""
        yield [guard(field.label) for field in self._fields]
        for record in records:
            yield [guard(self._cell(field, getattr(record, field.name))) for field in self._fields]

    def _cell(self, field: FieldSpec, value: object) -> str:
        if isinstance(value, tuple):
            return join_values(self._one(field, one) for one in value)
        return "" if value is None else self._one(field, value)

    def _one(self, field: FieldSpec, value: object) -> str:
        match value:
            case bool():
                return "Yes" if value else "No"
            case dt.datetime():
                return _time(value)
            case dt.date():
                return f"{value:%d/%m}/{value.year:04}"
            case Decimal():
                return f"{value:.2f}"
            case int() if field.kind is Kind.REF:
                return self._reference(field.target, value)
            case str() if field.kind is Kind.CHOICE:
                return self._choice(field, value)
            case str() if field.kind is Kind.NHS_NUMBER:
                return nhs_number.show(value)
            case _:
                return str(value)

    def _choice(self, field: FieldSpec, value: str) -> str:
        """Return a choice as people see it, if that is read back as the same."""
        words = self._store.vocabularies
        label = words.label(field, value)
        try:
            return label if words.match(field, label) == value else value
        except ValueError:
            return value

    def _reference(self, type_name: str, identity: int) -> str:
        """Return the name of what is referred to, with its id where the name alone is not enough."""
        key = type_name, identity
        if key not in self._references:
            self._references[key] = self._referred(type_name, identity)
        return self._references[key]

    def _referred(self, type_name: str, identity: int) -> str:
        record = self._store.follow(type_name, identity)
        if record is None:
            return f"[{ids.to_text(identity)}]"
        field = name_field(all_specs()[type_name])
        name = getattr(record, field) if field else None
        if name and record.lives and self._bearers(type_name, field)[_folded(name)] == 1:
            return str(name)
        title = name or self._names.title(record)
        return f"{title} [{ids.to_text(record.id or identity)}]"

    def _bearers(self, type_name: str, field: str) -> Counter[str]:
        if type_name not in self._called:
            names = query.texts(self._store, type_name, field)
            self._called[type_name] = Counter(map(_folded, names))
        return self._called[type_name]


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def _time(at: dt.datetime) -> str:
    """Return a time as a British spreadsheet reads it, in the home's time."""
    local = times.in_london(at)
    clock = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
    # only in the hour that comes twice the shown time says which
    zone = f" {local.tzname()}" if times.show_time(at).endswith(("BST", "GMT")) else ""
    return f"{local:%d/%m}/{local.year:04} {clock}{zone}"


def _refuse_to_replace(home: OpenHome, path: Path, labels: set[str]) -> None:
    with plain_errors(path):
        inside = path.resolve().is_relative_to(home.folder.resolve())
        folder_is_there = path.parent.is_dir()
        taken = path.is_dir() or (path.exists() and not _looks_like_export(path, labels))
    if inside:
        raise _refused(
            "The home's own folder holds nothing that everybody can read.",
            "Choose another folder.",
            "bad-place",
        )
    if not folder_is_there:
        raise _refused(
            f"There is no folder {path.parent}.",
            "Make the folder, or choose another one.",
            "no-folder",
        )
    if taken:
        raise _refused(
            f"{path} is there already, and it is not a list of this kind that Liaison wrote.",
            "Choose another name.",
            "already-exists",
        )


def _looks_like_export(path: Path, labels: set[str]) -> bool:
    with path.open("rb") as file:
        head = file.readline(_LONGEST_HEADINGS)
    if not head.startswith(b"\xef\xbb\xbf"):
        return False
    cells = next(csv.reader([head.decode("utf-8-sig", "replace").rstrip("\r\n")]), [])
    # somebody's own list may well have headings of ours, but hardly most of them
    return set(cells) <= labels and 2 * len(cells) > len(labels)


def _refused(what: str, do: str, code: str) -> UserError:
    return UserError(what, kept="Nothing was written.", do=do, code=code)
