"""Cells read as values: what spreadsheets do to dates and phone numbers is undone, and said."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from liaison.exchange.formulas import unguard
from liaison.exchange.lists_in_cells import split_at_commas, split_values
from liaison.exchange.sheets import Row
from liaison.records import FieldSpec, Kind, RecordSpec, all_specs
from liaison.records.check import LONGEST_LINE
from liaison.records.parsing import Reader, Unreadable
from liaison.records.rules import phones, times
from liaison.services.importing.columns import Columns, joint
from liaison.services.references import NotOne, as_id, name_field, resolve
from liaison.store import query

if TYPE_CHECKING:
    from liaison.store.store import Store

_NAME_WITH_ID: Final = re.compile(r"(?P<name>.*?)\s*\[(?P<id>[0-9A-Za-z]{13})\]", re.DOTALL)
_MIDNIGHT: Final = re.compile(r"[ T]0?0:00(:00(\.0+)?)?")
_MONTH_BETWEEN_HYPHENS: Final = re.compile(r"([0-9]{1,2})-([A-Za-z]{3,9})-([0-9]{2,4})")
_SERIAL: Final = re.compile(r"[0-9]{5}(?:\.0+)?")
_SERIAL_START: Final = dt.date(1899, 12, 30)
_KEPT_AS_TYPED: Final = re.compile("'[0-9]")
_OF_DIGITS: Final = frozenset(
    {Kind.PHONE, Kind.DATE, Kind.TIME, Kind.INT, Kind.MINUTES, Kind.MONEY, Kind.NHS_NUMBER}
)
_FREE_TEXT: Final = frozenset({Kind.TEXT, Kind.NOTE})


@dataclasses.dataclass(eq=False, slots=True)
class Draft:
    """One row on its way to becoming a record.

    Args:
        row: The row as it was read.
        values: What it gives, by field; nothing for an empty cell.
        waiting: References to records of its own type, as typed: other rows may make those.
        beside: What it gives for another type of record, by field, as typed.
        problems: Why it cannot come in.
        notes: What was put right, or is unusual.
        take: The fields in which it is right about a record that is there; None for all of them.
    """

    row: Row
    values: dict[str, object] = dataclasses.field(default_factory=dict)
    waiting: dict[str, list[str]] = dataclasses.field(default_factory=dict)
    beside: dict[str, str] = dataclasses.field(default_factory=dict)
    problems: list[str] = dataclasses.field(default_factory=list)
    notes: list[str] = dataclasses.field(default_factory=list)
    take: frozenset[str] | None = None


class CellReader:
    """Reads the rows of one file; remembers which record each name means.

    Args:
        store: The home.
        spec: What the rows are.
        columns: Which column is which field.
        fixed: The values every row has, by field.
    """

    def __init__(
        self, store: Store, spec: RecordSpec, columns: Columns, fixed: Mapping[str, object]
    ) -> None:
        self._store = store
        self._spec = spec
        self._fixed = dict(fixed)
        self._places = [
            (field, tuple(column.place for column in several))
            for field, several in columns.used.items()
        ]
        headings = columns.headings
        self._width = None if headings is None else len(headings)
        self._reader = reader(store, self.meant)
        self._known: dict[tuple[str, str], int | NotOne] = {}

    def draft(self, row: Row) -> Draft:
        """Return what a row gives."""
        draft = Draft(row, dict(self._fixed), notes=list(row.notes))
        if row.problem:
            draft.problems.append(row.problem)
            return draft
        cells = row.cells
        if self._width is not None and any(cell.strip() for cell in cells[self._width :]):
            draft.problems.append(
                f"It has {len(cells)} cells, but there are {self._width} headings: a text with the "
                "sign that separates cells in it must stand in quotation marks."
            )
            return draft
        for field, places in self._places:
            texts = [
                text
                for place in places
                if place < len(cells) and (text := unguard(cells[place]).strip())
            ]
            if texts and self._spec.by_name.get(field.name) is not field:
                draft.beside[field.name] = " ".join(texts)
            elif texts:
                self._put(draft, field, texts)
        return draft

    def _put(self, draft: Draft, field: FieldSpec, texts: Sequence[str]) -> None:
        try:
            if field.many:
                value: object = self._set(draft, field, texts)
            else:
                text = texts[0] if len(texts) == 1 else joint(field).join(texts)
                value = self._one(draft, field, text)
        except Unreadable as error:
            draft.problems.append(str(error))
            return
        if value is not None and value != ():
            draft.values[field.name] = value

    def _set(self, draft: Draft, field: FieldSpec, texts: Sequence[str]) -> tuple[object, ...]:
        found: dict[object, None] = {}
        for text in texts:
            for value in self._elements(draft, field, split_values(text)):
                if value is not None:
                    found.setdefault(value)
        return tuple(found)

    def _elements(
        self, draft: Draft, field: FieldSpec, elements: Sequence[str]
    ) -> Iterable[object]:
        pieces = split_at_commas(elements[0]) if len(elements) == 1 else []
        if len(pieces) < 2 or field.kind in _FREE_TEXT:  # noqa: PLR2004  # nothing to take apart
            return [self._one(draft, field, element) for element in elements]
        try:
            # "Catheter care, adults" may be one thing
            return [self._reader.read(field, elements[0])]
        except Unreadable:
            return [self._one(draft, field, piece) for piece in pieces]

    def _one(self, draft: Draft, field: FieldSpec, text: str) -> object:
        kind = field.kind
        # before it is looked at more closely: a name of ten megabytes is compared with others
        if kind is not Kind.NOTE and len(text) > LONGEST_LINE:
            message = f"{field.label} is longer than {LONGEST_LINE:,} characters."
            raise Unreadable(message)
        if kind in _OF_DIGITS and _KEPT_AS_TYPED.match(text):
            # an apostrophe makes a spreadsheet keep 01632 960123 as it is typed
            text = text[1:]
        if kind is Kind.PHONE:
            text, note = phones.repair_lost_zero(text)
            if note:
                draft.notes.append(f"{field.label}: {note}")
        elif kind is Kind.DATE or kind is Kind.TIME:
            return self._moment(draft, field, text)
        elif kind is Kind.REF and field.target == self._spec.name and name_field(self._spec):
            known = self._by_id(field.target, text)
            if known is None:
                draft.waiting.setdefault(field.name, []).append(text)
            return known
        return self._reader.read(field, text)

    def _moment(self, draft: Draft, field: FieldSpec, text: str) -> object:
        """Read a date or time as a file has it: the same one whenever it is read again."""
        text = _MONTH_BETWEEN_HYPHENS.sub(r"\1 \2 \3", text)
        now = self._reader.now
        today = times.in_london(now).date()
        try:
            if field.kind is Kind.TIME:
                return times.parse_time(text, now=now, fixed=True)
            if _SERIAL.fullmatch(text):
                day = _SERIAL_START + dt.timedelta(days=int(text[:5]))
                draft.notes.append(
                    f"{field.label}: the spreadsheet had {text}, the number it keeps for "
                    f"{times.show_date(day)}."
                )
                return day
            return times.parse_date(_MIDNIGHT.sub("", text), today=today, fixed=True)
        except ValueError as error:
            message = f"{field.label}: {error}"
            raise Unreadable(message) from None

    def meant(self, type_name: str, typed: str) -> int:
        """Return the id of the record that is meant by a name, an id, or both: ``Name [id]``.

        Raises:
            ValueError: It is not exactly one; says so.
        """
        key = type_name, typed
        if key not in self._known:
            self._known[key] = self._look_up(type_name, typed)
        found = self._known[key]
        if isinstance(found, NotOne):
            # one of perhaps many: what to do is said once, for all of them
            raise ValueError(found.what)  # noqa: TRY004  # a value nobody can read
        return found

    def is_ambiguous(self, type_name: str, typed: str) -> bool:
        """Return whether a text, found to mean no single record, means several."""
        found = self._known.get((type_name, typed))
        return isinstance(found, NotOne) and found.code == NotOne.code

    def _look_up(self, type_name: str, typed: str) -> int | NotOne:
        by_id = self._by_id(type_name, typed)
        if by_id is not None:
            return by_id
        match = _NAME_WITH_ID.fullmatch(typed)
        # an id of another home says nothing here, but the name may
        name = match["name"] if match and match["name"] and _has_name(type_name) else typed
        try:
            return resolve(self._store, type_name, name)
        except NotOne as error:
            merged = None if error.code == NotOne.code else self._merged(type_name, name)
            return error if merged is None else merged

    def _merged(self, type_name: str, name: str) -> int | None:
        """Return the record into which all that were called so were merged; None if not one."""
        field = name_field(all_specs()[type_name])
        if not field:
            return None
        called = query.Query(type_name, query.equal({field: name}), archived=True)
        found = {
            stands.id
            for record in query.every(self._store, called)
            if record.merged_into is not None
            and (stands := self._store.follow(type_name, record.id or 0)) is not None
            and stands.lives
        }
        return found.pop() if len(found) == 1 else None

    def _by_id(self, type_name: str, typed: str) -> int | None:
        match = _NAME_WITH_ID.fullmatch(typed)
        identity = as_id(match["id"]) if match else None
        found = None if identity is None else self._store.follow(type_name, identity)
        return None if found is None else found.id


def reader(store: Store, resolves: Callable[[str, str], int]) -> Reader:
    """Return what reads typed values for a home, references as given."""
    return Reader(now=store.clock(), vocabularies=store.vocabularies, resolve=resolves)


def _has_name(type_name: str) -> bool:
    return bool(name_field(all_specs()[type_name]))
