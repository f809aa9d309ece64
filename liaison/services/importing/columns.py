"""Which column of a file is which field: by name, by label, by what people call it, or as told."""

from __future__ import annotations

import dataclasses
import difflib
import functools
import json
from collections.abc import Mapping, Sequence
from typing import Final

from liaison.errors import UserError
from liaison.records import FieldSpec, Kind, RecordSpec, all_specs
from liaison.records.fields import Record
from liaison.settings import resource

_KEPT_BY_PROGRAM: Final = frozenset({f.name for f in dataclasses.fields(Record)} | {"moved_from"})
_JOINED_KINDS: Final = {Kind.TEXT: " ", Kind.NOTE: "\n"}
_NEAR: Final = 4
_MOST_NAMED: Final = 12


class CannotMap(UserError):
    """It is not clear which column is which field."""

    code = "columns"

    def __init__(self, what: str, do: str = "", code: str | None = None) -> None:
        super().__init__(what, kept="Nothing was changed.", do=do, code=code)


@dataclasses.dataclass(frozen=True, slots=True)
class Column:
    """One column of a file.

    Args:
        place: Where it stands, from 0.
        heading: Its heading; empty if it has none.
    """

    place: int
    heading: str = ""

    @property
    def name(self) -> str:
        """What a person calls it."""
        return self.heading or f"column {self.place + 1}"


@dataclasses.dataclass(frozen=True, slots=True)
class Columns:
    """How a file is read.

    Args:
        headings: Its row of headings; None if it has none.
        used: Of each field the columns it is read from, in the order to join them in.
        unused: The columns nothing is read from.
    """

    headings: tuple[str, ...] | None
    used: Mapping[FieldSpec, tuple[Column, ...]]
    unused: tuple[Column, ...]


def exchanged(spec: RecordSpec) -> list[FieldSpec]:
    """Return the fields that files hold: all but those the program keeps itself."""
    return [field for field in spec.fields if field.name not in _KEPT_BY_PROGRAM]


def beside(spec: RecordSpec) -> list[FieldSpec]:
    """Return the fields of another type that the rows of a list give as well.

    A person stands in nearly every list of contacts with what they are and where: that is a post.
    """
    if spec.name != "contact":
        return []
    post = all_specs()["post"]
    return [post.by_name["role"], post.by_name["organisation"]]


def taken_in(spec: RecordSpec) -> list[FieldSpec]:
    """Return every field that a column of a list can be."""
    return [*exchanged(spec), *beside(spec)]


def field_named(spec: RecordSpec, named: str) -> FieldSpec:
    """Return the field meant by its wire name or its label, in any spelling.

    Raises:
        CannotMap: There is none; the near ones are listed.
    """
    fields = _by_key(spec.name)
    found = fields.get(_key(named))
    if found is None:
        near = difflib.get_close_matches(_key(named), fields, n=_NEAR)
        names = list(dict.fromkeys(fields[key].name for key in near))
        names = names or [field.name for field in taken_in(spec)]
        raise CannotMap(
            f"{_one(spec).capitalize()} has no field {named[:60]!r} that a file can fill.",
            f"{'Near ones' if near else 'It has'}: {', '.join(names)}.",
            "no-field",
        )
    return found


def match(
    spec: RecordSpec,
    first_row: Sequence[str],
    *,
    has_headings: bool,
    told: Sequence[tuple[str, str]] = (),
    fixed: frozenset[str] = frozenset(),
) -> Columns:
    """Work out which column is which field.

    Args:
        spec: The record type.
        first_row: The first row of the file.
        has_headings: Whether that row has the headings; otherwise columns have numbers alone.
        told: Pairs of a column (heading, or number from 1) and a field, as somebody said; an empty
            field leaves the column out.
        fixed: Fields that have one value for every row, and so need no column.

    Raises:
        CannotMap: A column or field is not there, or nothing fits.
    """
    columns = [
        Column(place, " ".join(cell.split()) if has_headings else "")
        for place, cell in enumerate(first_row)
    ]
    used: dict[FieldSpec, list[Column]] = {}
    left_out: set[int] = set()
    for where, name in told:
        column = _column(columns, where, has_headings=has_headings)
        if not name.strip():
            left_out.add(column.place)
            continue
        field = field_named(spec, name)
        if field.name in fixed:
            raise CannotMap(f"{field.label} is given twice: by {column.name} and for every row.")
        if column not in used.setdefault(field, []):
            used[field].append(column)
    for field, several in used.items():
        if len(several) > 1 and not (field.many or field.kind in _JOINED_KINDS):
            named = " and ".join(column.name for column in several)
            raise CannotMap(f"{field.label} has one value, but is read from {named}.")
    if has_headings:
        taken = left_out | {column.place for several in used.values() for column in several}
        free = [column for column in columns if column.place not in taken]
        for field, several in _guessed(spec, free).items():
            if field not in used and field.name not in fixed:
                used[field] = several
    if not used:
        raise _nothing_fits(spec, columns, has_headings=has_headings)
    taken = {column.place for several in used.values() for column in several}
    return Columns(
        tuple(first_row) if has_headings else None,
        {field: tuple(several) for field, several in used.items()},
        tuple(column for column in columns if column.place not in taken),
    )


def fit(spec: RecordSpec, headings: Sequence[str]) -> tuple[int, int]:
    """Return how well headings fit a type, the greater the better; (0, 0) if none is known.

    Args:
        spec: The record type.
        headings: The first row of the file.

    Returns:
        How many columns are known, then how many required fields no column gives, below 0.
    """
    columns = [Column(place, " ".join(cell.split())) for place, cell in enumerate(headings)]
    found = _guessed(spec, columns)
    if not found:
        return 0, 0
    lacking = sum(field.required and field not in found for field in exchanged(spec))
    return sum(map(len, found.values())), -lacking


def joint(field: FieldSpec) -> str:
    """Return what stands between the texts of several columns that make up one field."""
    return _JOINED_KINDS.get(field.kind, "")


def _key(name: str) -> str:
    """Reduce a name to what its spellings share: "Post code", "postcode" and "POST_CODE"."""
    return "".join(filter(str.isalnum, name.casefold()))


@functools.cache
def _by_key(type_name: str) -> dict[str, FieldSpec]:
    fields = taken_in(all_specs()[type_name])
    # wire names last: they win where one is the label of another field
    return {_key(f.label): f for f in fields} | {_key(f.name): f for f in fields}


@dataclasses.dataclass(frozen=True, slots=True)
class _Spellings:
    """What people call the columns of one record type, reduced to keys."""

    fields: Mapping[str, FieldSpec]
    joined: Mapping[FieldSpec, tuple[frozenset[str], ...]]


@functools.cache
def _spellings(type_name: str) -> _Spellings:
    own = {field.name: field for field in taken_in(all_specs()[type_name])}
    fields: dict[str, FieldSpec] = {}
    joined: dict[FieldSpec, tuple[frozenset[str], ...]] = {}
    for group in json.loads(resource("column_names.json").read_text("utf-8")):
        if group["types"] and type_name not in group["types"]:
            continue
        for name, words in group["fields"].items():
            if name in own:
                # groups for a few types stand after those for all, and win
                fields |= {_key(word): own[name] for word in words}
        for name, parts in group.get("joined", {}).items():
            joined[own[name]] = tuple(frozenset(map(_key, words)) for words in parts)
    return _Spellings(fields, joined)


def _guessed(spec: RecordSpec, columns: Sequence[Column]) -> dict[FieldSpec, list[Column]]:
    """Match headings: names and labels first, then what else people call them."""
    words = _spellings(spec.name)
    found: dict[FieldSpec, list[Column]] = {}
    for names in (_by_key(spec.name), words.fields):
        for column in columns:
            field = names.get(_key(column.heading))
            taken = any(column in several for several in found.values())
            # of two columns of one name the first is read; the other is shown as not used
            if field is not None and not taken:
                found.setdefault(field, [column])
    for field, parts in words.joined.items():
        several = [column for part in parts for column in columns if _key(column.heading) in part]
        # "Title" alone is nobody's name, but "Address 1" alone is an address
        if field not in found and len(several) > (field.kind is not Kind.NOTE):
            found[field] = several
    return found


def _column(columns: Sequence[Column], where: str, *, has_headings: bool) -> Column:
    wanted = where.strip()
    called = [c for c in columns if has_headings and _key(c.heading) == _key(wanted) != ""]
    if len(called) == 1:
        return called[0]
    if len(called) > 1:
        places = ", ".join(str(column.place + 1) for column in called)
        raise CannotMap(
            f"{len(called)} columns are headed {wanted[:60]!r}.",
            f"Say which by its number: {places}.",
            "no-column",
        )
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 7:  # noqa: PLR2004  # no sheet has more
        if 1 <= int(wanted) <= len(columns):
            return columns[int(wanted) - 1]
        raise CannotMap(
            f"There is no column {int(wanted)}; the first row has {len(columns)}.",
            code="no-column",
        )
    if not has_headings:
        raise CannotMap(
            f"Without headings a column is named by its number, not {wanted[:60]!r}.",
            "Write for example 1=name.",
            "no-column",
        )
    names = [column.heading for column in columns if column.heading]
    near = difflib.get_close_matches(wanted, names, n=_NEAR)
    raise CannotMap(
        f"There is no column {wanted[:60]!r}.",
        f"{'Near ones' if near else 'The file has'}: {_listed(near or names)}.",
        "no-column",
    )


def _nothing_fits(spec: RecordSpec, columns: Sequence[Column], *, has_headings: bool) -> CannotMap:
    if not has_headings:
        return CannotMap(
            "Without headings nobody can know which column is which.",
            "Say so by number, for example 1=name.",
            "no-mapping",
        )
    names = [column.heading for column in columns if column.heading]
    labels = [field.label for field in taken_in(spec)]
    return CannotMap(
        f"None of the headings is one of {_one(spec)}: {_listed(names)}.",
        f"Say which column is which; {_one(spec)} has {_listed(labels)}. If the first row "
        "is not a row of headings, say that there are none.",
        "no-mapping",
    )


def _one(spec: RecordSpec) -> str:
    """Return a type's label with its article: "a contact", "an organisation"."""
    label = spec.label.lower()
    return f"{'an' if label.startswith(tuple('aeiou')) else 'a'} {label}"


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(name[:60] for name in names[:_MOST_NAMED]) + more
