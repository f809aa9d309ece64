"""What a list shows, worked out from the declarations: columns, cells, sorting, filters, pages.

No screen retypes a label or a column: it asks here. Names of what records refer to are read at once
for a page, and pages are found by key, so that a page costs the same in a home of any age.
"""

from __future__ import annotations

import dataclasses
import enum
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from liaison.records import FieldSpec, Kind, Record, RecordSpec, all_specs
from liaison.records.showing import show
from liaison.services.references import Names
from liaison.store import query
from liaison.store.driver import plain_errors
from liaison.store.query import PAGE, Condition, Position, Query

if TYPE_CHECKING:
    from liaison.records.vocabularies import Vocabularies
    from liaison.store.store import Store

_LONGEST_CELL: Final = 240
_MOST_COUNTED: Final = 1_000
_NUMBERS: Final = frozenset({Kind.INT, Kind.MINUTES, Kind.MONEY})
_FILTERED: Final = frozenset({Kind.CHOICE, Kind.BOOL, Kind.REF})
# an index over references knows ids, which are in no order that means anything to a person
_SORTED: Final = frozenset(Kind) - {Kind.REF, Kind.NOTE}
_MOMENTS: Final = frozenset({Kind.DATE, Kind.TIME})


class Align(enum.Enum):
    """On which side of its column a cell stands."""

    LEFT = "left"
    RIGHT = "right"


@dataclasses.dataclass(frozen=True, slots=True)
class Column:
    """One column a list can show.

    Args:
        field: The field it shows.
        align: On which side its cells stand; numbers right, so that they can be compared.
        sortable: Whether a list of any length may be sorted by it.
    """

    field: FieldSpec
    align: Align
    sortable: bool

    @property
    def name(self) -> str:
        """The field's wire name, by which a choice of columns is remembered."""
        return self.field.name

    @property
    def label(self) -> str:
        """Its head."""
        return self.field.label


@dataclasses.dataclass(frozen=True, slots=True)
class Sorting:
    """What a list is sorted by.

    Args:
        column: The column's name; empty for the order in which records were first written.
        newest_first: Downwards: latest, largest or last in the alphabet first.
    """

    column: str = ""
    newest_first: bool = True


@dataclasses.dataclass(frozen=True, slots=True)
class Option:
    """One thing to filter by: a value (None: nothing is recorded) and the words for it."""

    value: object
    label: str


@dataclasses.dataclass(frozen=True, slots=True)
class Filter:
    """A field a list can be filtered by.

    Args:
        field: The field.
        options: What can be chosen; for a reference only that nothing is recorded, because the
            record itself is found by its name.
    """

    field: FieldSpec
    options: tuple[Option, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """One record as a list shows it.

    Args:
        id: The record's id.
        cells: The texts of the columns asked for, one line each.
        marks: In words, why it looks different: archived, struck through, merged.
    """

    id: int
    cells: tuple[str, ...]
    marks: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class ListPage:
    """Some rows of a list and where the next ones begin (None: there are no more)."""

    rows: list[Row]
    next: Position | None


@dataclasses.dataclass(frozen=True, slots=True)
class Count:
    """How many records a list has, as far as they were counted."""

    number: int
    more: bool

    @property
    def words(self) -> str:
        """The count as it is shown, such as "32" or "more than 1,000"."""
        return f"more than {self.number:,}" if self.more else f"{self.number:,}"


def columns(spec: RecordSpec) -> tuple[Column, ...]:
    """Return every column a list of a type can show, in the order of the declaration.

    Sensitive fields are none of them: a list is seen by whoever walks past.
    """
    return tuple(
        _column(field)
        for field in spec.fields
        if not field.sensitive and (field.asked or field.name in spec.shows)
    )


def default_columns(spec: RecordSpec) -> tuple[Column, ...]:
    """Return the columns a list shows until somebody chooses others."""
    return chosen_columns(spec, spec.shows)


def chosen_columns(spec: RecordSpec, names: Iterable[str]) -> tuple[Column, ...]:
    """Return the columns of some names in their order; a name that is none any more is left out."""
    by_name = {column.name: column for column in columns(spec)}
    return tuple(by_name[name] for name in dict.fromkeys(names) if name in by_name)


def _column(field: FieldSpec) -> Column:
    number = field.kind in _NUMBERS and not field.many
    sortable = field.indexed and field.kind in _SORTED and not field.many
    return Column(field, Align.RIGHT if number else Align.LEFT, sortable)


def default_sorting(spec: RecordSpec) -> Sorting:
    """Return what a list is sorted by until somebody chooses otherwise.

    It is the first shown column that can be sorted by: names from A on, the latest moment first,
    and of what lies ahead the earliest.
    """
    for column in default_columns(spec):
        if column.sortable:
            latest = column.field.kind in _MOMENTS and not column.field.ahead
            return Sorting(column.name, newest_first=latest)
    return Sorting()


def filters(spec: RecordSpec, vocabularies: Vocabularies) -> tuple[Filter, ...]:
    """Return what a list of a type can be filtered by: its choices, yes or no, and references.

    Args:
        spec: The record type.
        vocabularies: The home's lists of choices.
    """
    return tuple(
        Filter(column.field, _options(column.field, vocabularies))
        for column in columns(spec)
        if column.field.kind in _FILTERED
    )


def _options(field: FieldSpec, vocabularies: Vocabularies) -> tuple[Option, ...]:
    nothing = Option(None, "Nothing recorded")
    match field.kind:
        case Kind.BOOL:
            return Option(True, "Yes"), Option(False, "No"), nothing
        case Kind.CHOICE:
            items = vocabularies.items(field)
            return (*(Option(item.value, item.label) for item in items), nothing)
        case _:
            return (nothing,)


def conditions(spec: RecordSpec, chosen: Mapping[str, Sequence[object]]) -> tuple[Condition, ...]:
    """Return the conditions for what was chosen in the filters.

    Args:
        spec: The record type.
        chosen: Of each field what was chosen; nothing chosen means that anything goes. Of several
            values any will do; of a set's, all must be in it. None (nothing recorded) stands alone.

    Raises:
        ValueError: A field has no filter, or None is among several values.
    """
    found: list[Condition] = []
    for name, values in chosen.items():
        field = spec.by_name[name]
        if field.kind not in _FILTERED or field.sensitive:
            raise ValueError(f"Lists are not filtered by {spec.name}.{name}.")
        if None in values and len(values) > 1:
            raise ValueError(f"{spec.name}.{name}: nothing recorded is chosen alone.")
        if field.many or len(values) == 1:
            found += [Condition(name, value) for value in values]
        elif values:
            found.append(Condition(name, tuple(values), "in"))
    return tuple(found)


def asked(
    spec: RecordSpec,
    chosen: Mapping[str, Sequence[object]] | None = None,
    sorting: Sorting | None = None,
    *,
    archived: bool = False,
) -> Query:
    """Return the query of a list.

    Args:
        spec: The record type.
        chosen: What was chosen in the filters, see :func:`conditions`.
        sorting: What it is sorted by; the type's own order if not given.
        archived: Whether to show archived and merged records too.

    Raises:
        ValueError: It cannot be sorted or filtered so.
    """
    by = default_sorting(spec) if sorting is None else sorting
    if by.column and not any(c.name == by.column and c.sortable for c in columns(spec)):
        raise ValueError(f"Lists are not sorted by {spec.name}.{by.column}.")
    return Query(
        spec.name,
        conditions(spec, chosen or {}),
        order_by=by.column,
        newest_first=by.newest_first,
        archived=archived,
    )


def page(
    store: Store,
    asked_for: Query,
    shown: Sequence[Column],
    after: Position | None = None,
    limit: int = PAGE,
) -> ListPage:
    """Return one page of a list, ready to show.

    Args:
        store: The home.
        asked_for: The list's query.
        shown: The columns.
        after: Where the page before ended.
        limit: How many rows at most.
    """
    found = query.page(store, asked_for, after, limit)
    return ListPage(rows(store, found.records, shown), found.next)


def rows_of(
    store: Store, type_name: str, identities: Sequence[int], shown: Sequence[Column]
) -> list[Row]:
    """Return the rows of some ids in their order; for a list that holds its ids.

    Args:
        store: The home.
        type_name: The record type.
        identities: The ids in sight, as ``store.query.identities`` gave them.
        shown: The columns.
    """
    with plain_errors():
        by_id = query.of_ids(store.connection, all_specs()[type_name], list(identities))
    return rows(store, [by_id[rec] for rec in identities if rec in by_id], shown)


def rows(store: Store, records: Sequence[Record], shown: Sequence[Column]) -> list[Row]:
    """Return records of one type as rows; what they refer to is read at once.

    Args:
        store: The home.
        records: The records.
        shown: The columns.
    """
    names = Names(store)
    names.learn(_referred_to(records, shown))
    words = store.vocabularies
    return [
        Row(
            record.id or 0,
            tuple(
                _one_line(
                    show(c.field, getattr(record, c.name), vocabularies=words, name=names.by_id)
                )
                for c in shown
            ),
            _marks(record),
        )
        for record in records
    ]


def _referred_to(records: Iterable[Record], shown: Sequence[Column]) -> Mapping[str, set[int]]:
    found: defaultdict[str, set[int]] = defaultdict(set)
    pointing = [column.field for column in shown if column.field.kind is Kind.REF]
    for record in records:
        for field in pointing:
            value = getattr(record, field.name)
            found[field.target].update(value if field.many else [value] if value else [])
    return found


def _one_line(text: str) -> str:
    """Return a text as a cell holds it: a note may be as long as a book."""
    line = " ".join(text[: 2 * _LONGEST_CELL].split())
    if len(line) <= _LONGEST_CELL and len(text) <= 2 * _LONGEST_CELL:
        return line
    return f"{line[:_LONGEST_CELL].rstrip()} ..."


def _marks(record: Record) -> tuple[str, ...]:
    marks = (
        ("archived", record.archived),
        ("struck through", record.struck_reason),
        ("merged", record.merged_into is not None),
    )
    return tuple(word for word, holds in marks if holds)


def count(store: Store, asked_for: Query, most: int = _MOST_COUNTED) -> Count:
    """Count the records of a list, no further than is of use to a person.

    Args:
        store: The home.
        asked_for: The list's query.
        most: Where to stop: counting all of a large home takes longer than showing a page.
    """
    found, beyond = query.identities(store, asked_for, limit=most)
    return Count(len(found), more=beyond is not None)
