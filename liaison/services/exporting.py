"""Lists written out: CSV and XLSX with every field under its label, people as vCards, days as iCalendar.

What is written, importing reads back exactly.
"""

from __future__ import annotations

import contextlib
import csv
import dataclasses
import os
import secrets
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from liaison.errors import UserError
from liaison.exchange.calendar import MAKER
from liaison.exchange.csv_writing import csv_bytes
from liaison.exchange.formulas import guard, unguard
from liaison.exchange.sheets import NotReadable
from liaison.exchange.vcard_writing import MARK, card_bytes
from liaison.exchange.xlsx_reading import read_xlsx, sheet_names
from liaison.exchange.xlsx_writing import Table, write_xlsx
from liaison.files import move_into_place, plain_errors, sweep
from liaison.records import Record, RecordSpec, all_specs
from liaison.security.roles import Action
from liaison.services import calendars
from liaison.services.export_values import Values, labels_of
from liaison.store import query

if TYPE_CHECKING:
    from liaison.services.homes import OpenHome
    from liaison.store.store import Store

DIRECTORY: Final = "directory"
"""Asked for instead of a record type: who we work with, as one file."""

ENDINGS: Final = (".csv", ".xlsx", ".vcf", ".ics")
_LONGEST_HEADINGS: Final = 1 << 16
# What a directory is made of, in the order of its sheets. Residents and staff are no part of it.
_OF_DIRECTORY: Final = ("organisation", "contact", "service")
_ON_CARDS: Final = ("organisation", "contact")


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


def export(
    home: OpenHome,
    type_name: str,
    path: Path,
    *,
    for_sharing: bool = False,
    only: Collection[int] | None = None,
) -> Exported:
    """Write the records of a type that stand in the lists to a file, of the kind its name ends in.

    Archived, merged and struck-through records are left out. The file gets its name when it is
    whole; an older export of that name is replaced, anything else is refused.

    Args:
        home: The home.
        type_name: The record type, or :data:`DIRECTORY`.
        path: The file: CSV, XLSX, (people and places) vCards or (what has a day) a calendar.
        for_sharing: Leave out what never leaves the home (fields declared sensitive).
        only: The ids of the records wanted; all of them if not given.

    Returns:
        What was written.

    Raises:
        UserError: Who opened the home may not, the file's kind does not hold such a list, or it
            cannot be written there; what was there before is as it was.
    """
    home.require(Action.EXPORT, kept="Nothing was written.")
    path = path.absolute()
    ending = path.suffix.lower()
    _refuse_place(home, path)
    specs = [all_specs()[name] for name in types_in(type_name, ending)]
    _refuse_to_replace(path, specs)
    lists = [
        _List(home.store, spec, for_sharing=for_sharing, only=None if only is None else set(only))
        for spec in specs
    ]
    sweep(path)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        with plain_errors(path):
            # what is in it is for whoever asked for it
            temporary.touch(mode=0o600, exist_ok=False)
            with temporary.open("wb") as file:
                _WRITERS[ending](file, lists)
                file.flush()
                os.fsync(file.fileno())
            move_into_place(temporary, path)
    finally:
        # what is wrong with the disk has been said; that it also cannot remove says nothing more
        with contextlib.suppress(OSError):
            temporary.unlink()
    done = Exported(
        sum(one.counts[False] for one in lists), sum(one.counts[True] for one in lists), path
    )
    what = ", ".join(spec.plural for spec in specs)
    home.access.done("exported", detail=f"{what}: {done.rows:,} to {path.name}")
    return done


def types_in(type_name: str, ending: str) -> tuple[str, ...]:
    """Return the record types a file holds.

    Args:
        type_name: The record type, or :data:`DIRECTORY`.
        ending: What the file's name ends in.

    Raises:
        UserError: There is no such file of it.
    """
    if ending not in ENDINGS:
        raise _refused(
            f"A file whose name ends in {ending or 'nothing'} cannot be written.",
            f"Choose a name that ends in {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}.",
            "no-format",
        )
    if ending == ".vcf" and type_name not in {DIRECTORY, *_ON_CARDS}:
        raise _refused(
            "Cards hold people and places outside the home, and nothing else.",
            "Choose contacts, organisations or the directory; or a name that ends in .xlsx.",
            "no-format",
        )
    if ending == ".ics" and type_name not in calendars.kinds():
        raise calendars.no_calendar()
    if type_name != DIRECTORY:
        return (type_name,)
    if ending == ".csv":
        raise _refused(
            "A CSV file holds one list; the directory is several.",
            "Choose a name that ends in .xlsx or .vcf.",
            "no-format",
        )
    return _ON_CARDS if ending == ".vcf" else _OF_DIRECTORY


class _List:
    """The records of one type that are to be written, counted as they are."""

    def __init__(
        self, store: Store, spec: RecordSpec, *, for_sharing: bool, only: set[int] | None
    ) -> None:
        self.store = store
        self.only = only
        self.spec = spec
        self.values = Values(store, spec, for_sharing=for_sharing)
        self.counts: Counter[bool] = Counter()

    def records(self) -> Iterator[Record]:
        """Yield the records that stand, oldest first; count them and those struck through."""
        for record in query.every(self.store, query.Query(self.spec.name, newest_first=False)):
            if self.only is not None and record.id not in self.only:
                continue
            struck = record.struck_reason is not None
            self.counts[struck] += 1
            if not struck:
                yield record


def _write_csv(file: BinaryIO, lists: Iterable[_List]) -> None:
    for one in lists:
        rows = (one.values.texts(record) for record in one.records())
        file.writelines(csv_bytes(_guarded([one.values.headings], rows)))


def _guarded(*several: Iterable[list[str]]) -> Iterator[list[str]]:
    for rows in several:
        for row in rows:
            yield [guard(cell) for cell in row]


def _write_xlsx(file: BinaryIO, lists: Iterable[_List]) -> None:
    tables = [
        Table(one.spec.plural, one.values.headings, map(one.values.typed, one.records()))
        for one in lists
    ]
    write_xlsx(file, tables)


def _write_cards(file: BinaryIO, lists: Iterable[_List]) -> None:
    for one in lists:
        is_place = one.spec.name != "contact"
        for record in one.records():
            posts = () if is_place else one.values.posts(record)
            file.write(card_bytes(one.values.by_name(record), posts, organisation=is_place))


def _write_calendar(file: BinaryIO, lists: Iterable[_List]) -> None:
    for one in lists:
        written, count = calendars.calendar_of(one.store, one.spec.name, one.only)
        file.write(written)
        one.counts[False] += count


_WRITERS: Final = {
    ".csv": _write_csv, ".xlsx": _write_xlsx, ".vcf": _write_cards, ".ics": _write_calendar,
}  # fmt: skip


def _refuse_place(home: OpenHome, path: Path) -> None:
    with plain_errors(path):
        inside = path.resolve().is_relative_to(home.folder.resolve())
        folder_is_there = path.parent.is_dir()
        is_folder = path.is_dir()
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
    if is_folder:
        raise _refused(f"{path} is a folder.", "Choose another name.", "already-exists")


def _refuse_to_replace(path: Path, specs: list[RecordSpec]) -> None:
    with plain_errors(path):
        taken = path.exists() and not _looks_like_export(path, specs)
    if taken:
        raise _refused(
            f"{path} is there already, and it is not a list of this kind that Liaison wrote.",
            "Choose another name.",
            "already-exists",
        )


def _looks_like_export(path: Path, specs: list[RecordSpec]) -> bool:
    with path.open("rb") as file:
        if path.suffix.lower() == ".vcf":
            return MARK in file.readline(80) + file.readline(80) + file.readline(80)
        if path.suffix.lower() == ".ics":
            return MAKER.encode() in file.read(200)
        if path.suffix.lower() == ".xlsx":
            return _looks_like_workbook(file, specs)
        head = file.readline(_LONGEST_HEADINGS)
    if not head.startswith(b"\xef\xbb\xbf"):
        return False
    cells = next(csv.reader([head.decode("utf-8-sig", "replace").rstrip("\r\n")]), [])
    return _are_ours(cells, specs[0])


def _looks_like_workbook(file: BinaryIO, specs: list[RecordSpec]) -> bool:
    try:
        names = sheet_names(file)
        if names != [spec.plural for spec in specs]:
            return False
        head = next(read_xlsx(file).rows, None)
    except NotReadable:
        return False
    return head is not None and _are_ours([unguard(cell) for cell in head.cells], specs[0])


def _are_ours(cells: Collection[str], spec: RecordSpec) -> bool:
    labels = labels_of(spec)
    # somebody's own list may well have headings of ours, but hardly most of them
    return set(cells) <= labels and 2 * len(cells) > len(labels)


def _refused(what: str, do: str, code: str) -> UserError:
    return UserError(what, kept="Nothing was written.", do=do, code=code)
