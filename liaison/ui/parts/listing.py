"""What a list reads: its ids in order, the rows in sight, and what is searched for in it."""

from __future__ import annotations

import dataclasses
from array import array
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from liaison.records import FieldSpec, Kind, Record, RecordSpec, all_specs, spec_of
from liaison.records.values import keep
from liaison.services import lists
from liaison.services.lists import Align, Column, Sorting
from liaison.store import query
from liaison.store.query import Condition, Query
from liaison.store.search import find_names, search
from liaison.ui.parts.model import Cell, Head, ListRow
from liaison.ui.parts.states import state_of

if TYPE_CHECKING:
    from liaison.store.store import Store

MOST_FOUND: Final = 500
"""Records that a search within a list shows; who has to look further types another word."""

_MOST_NAMED: Final = 8
_SHARES: Final = {
    Kind.NOTE: 6, Kind.REF: 4, Kind.TIME: 4, Kind.CHOICE: 3, Kind.BOOL: 2, Kind.INT: 2,
    Kind.MINUTES: 2, Kind.MONEY: 2, Kind.EMAIL: 4, Kind.URL: 4,
}  # fmt: skip
_NAME_SHARE: Final = 5
_LEAST: Final = {
    Kind.TIME: 184, Kind.DATE: 138, Kind.CHOICE: 150, Kind.REF: 140, Kind.NOTE: 180,
    Kind.INT: 80, Kind.MINUTES: 80, Kind.BOOL: 80, Kind.PHONE: 128, Kind.EMAIL: 180,
}  # fmt: skip
"""How wide a column must be to show a date or a number whole."""

_USUAL_LEAST: Final = 104
_NAME_LEAST: Final = 180


@dataclasses.dataclass(frozen=True)
class Listing:
    """One list as it is read; see :class:`liaison.ui.parts.model.Reading`.

    Args:
        spec: The record type.
        shown: The columns.
        where: What must hold, beside what was chosen in filters.
        chosen: What was chosen in the filters, by field.
        sorting: What it is sorted by.
        archived: Whether archived and merged records are shown too.
        typed: What is searched for in it; nothing shows all of it.
    """

    spec: RecordSpec
    shown: tuple[Column, ...]
    where: tuple[Condition, ...] = ()
    chosen: Mapping[str, Sequence[object]] = dataclasses.field(default_factory=dict)
    sorting: Sorting = dataclasses.field(default_factory=Sorting)
    archived: bool = False
    typed: str = ""

    @property
    def heads(self) -> tuple[Head, ...]:
        """The columns' headings."""
        return tuple(
            Head(
                column.name,
                column.label,
                column.sortable,
                column.align is Align.RIGHT,
                _share(column.field, first=number == 0),
                _least(column.field, first=number == 0),
            )
            for number, column in enumerate(self.shown)
        )

    @property
    def query(self) -> Query:
        """The query of the whole list."""
        asked = lists.asked(self.spec, self.chosen, self.sorting, archived=self.archived)
        return dataclasses.replace(asked, where=(*self.where, *asked.where))

    def ids(self, store: Store, after: Any, limit: int) -> tuple[array[int], Any]:
        """Return the ids of a stretch of the list; all of them at once for a search."""
        if self.typed.strip():
            return self._found(store), None
        return query.identities(store, self.query, after, limit)

    def rows(self, store: Store, wanted: Sequence[int]) -> Mapping[int, ListRow]:
        """Return the rows of some ids."""
        by_id = query.of_ids(store.connection, self.spec, list(wanted))
        records = [by_id[identity] for identity in wanted if identity in by_id]
        made = lists.rows(store, records, self.shown)
        return {row.id: self._row(record, row) for record, row in zip(records, made, strict=True)}

    def _row(self, record: Record, row: lists.Row) -> ListRow:
        cells = tuple(
            Cell(text, state_of(column.field, getattr(record, column.name)))
            for column, text in zip(self.shown, row.cells, strict=True)
        )
        mark = ", ".join(row.marks)
        said = [
            f"{column.label}: {text}"
            for column, text in zip(self.shown, row.cells, strict=True)
            if text
        ]
        words = "; ".join([*said, mark] if mark else said)
        return ListRow(cells, words, mark[:1].upper() + mark[1:])

    # ---- searching

    def _found(self, store: Store) -> array[int]:
        """Return the ids of what a search finds: by its own words and by whom it is about."""
        hits = search(store, self.typed, types=(self.spec.name,), limit=MOST_FOUND, typing=True)
        records = {hit.record.id or 0: hit.record for hit in hits}
        records |= self._named(store, MOST_FOUND - len(records))
        wanted = [r for r in records.values() if all(_holds(store, r, c) for c in self.query.where)]
        return array("q", (record.id or 0 for record in self._sorted(wanted)))

    def _named(self, store: Store, limit: int) -> dict[int, Record]:
        """Return the first records about somebody of the name that is searched for."""
        found: dict[int, Record] = {}
        for name in self.spec.title:
            field = self.spec.by_name[name]
            named = any(f.by_name for f in all_specs()[field.target].columns) if field.target else 0
            if not (named and field.indexed):
                continue
            for other in find_names(store, self.typed, types=(field.target,), limit=_MOST_NAMED):
                where = (Condition(name, other.id), *self.query.where)
                about = dataclasses.replace(self.query, where=where)
                page = query.page(store, about, limit=max(limit - len(found), 0) or 1)
                found |= {record.id or 0: record for record in page.records}
        return found

    def _sorted(self, records: list[Record]) -> list[Record]:
        name = self.sorting.column
        if not name:
            return sorted(records, key=lambda r: r.id or 0, reverse=self.sorting.newest_first)
        field = self.spec.by_name[name]

        def key(record: Record) -> tuple[bool, Any, int]:
            kept = keep(field, getattr(record, name))
            word = kept.casefold() if isinstance(kept, str) else kept
            # what is empty sorts as the list itself has it: first upwards, last downwards
            return word is not None, word if word is not None else "", record.id or 0

        return sorted(records, key=key, reverse=self.sorting.newest_first)


def _least(field: FieldSpec, *, first: bool) -> int:
    usual = _LEAST.get(field.kind, _USUAL_LEAST)
    # what names a record is what the list is read by
    return max(usual, _NAME_LEAST) if first else usual


def _share(field: FieldSpec, *, first: bool) -> int:
    if first and field.kind is Kind.TEXT:
        return _NAME_SHARE
    return 4 if field.many else _SHARES.get(field.kind, 3)


def _holds(store: Store, record: Record, condition: Condition) -> bool:
    """Return whether a condition of a list holds for a record that a search found."""
    field = spec_of(record).by_name[condition.field]
    value = getattr(record, condition.field)
    if field.many:
        return (not value) if condition.value is None else condition.value in value
    if condition.comparison == "in":
        assert isinstance(condition.value, tuple)  # noqa: S101  # what "in" is given
        return value in condition.value
    if condition.value is None or value is None:
        return value is condition.value
    if condition.comparison != "=":
        return _compares(keep(field, value), condition.comparison, keep(field, condition.value))
    if field.kind is Kind.REF and value != condition.value:
        # merged meanwhile: both may stand for one
        stands, meant = (store.follow(field.target, one) for one in (value, condition.value))  # type: ignore[arg-type]  # ids
        return stands is not None and meant is not None and stands.id == meant.id
    return bool(value == condition.value)


def _compares(left: Any, comparison: str, right: Any) -> bool:
    return bool(
        {
            "<": left < right,
            "<=": left <= right,
            ">": left > right,
            ">=": left >= right,
        }[comparison]
    )
