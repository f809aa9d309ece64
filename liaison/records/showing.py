"""How values and records read on screen and on paper: plain words, British dates, no ids."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from liaison.records.fields import FieldSpec, Record, spec_of
from liaison.records.kinds import Kind
from liaison.records.rules import nhs_number, times
from liaison.records.vocabularies import Vocabularies

_TITLE_DEPTH = 3
NOT_HERE = "(not on this PC yet)"
"""Stands for a record that another PC will send."""
ERASED = "Erased by law"
"""Stands for content that nobody knows any more, as the name of somebody who had to be forgotten."""


def show(
    field: FieldSpec, value: object, *, vocabularies: Vocabularies, name: Callable[[str, int], str]
) -> str:
    """Return a field's value (a set joined by commas) as a person reads it.

    Args:
        field: The field's declaration.
        value: Its value in memory; nothing is shown as an empty text.
        vocabularies: The home's lists of choices.
        name: Returns the title of a referenced record by type and id.
    """
    values = value if isinstance(value, tuple) else (value,)
    return ", ".join(_show(field, v, vocabularies, name) for v in values if v is not None)


def _show(
    field: FieldSpec, value: object, vocabularies: Vocabularies, name: Callable[[str, int], str]
) -> str:
    match value:
        case bool():
            return "Yes" if value else "No"
        case dt.datetime():
            return times.show_time(value)
        case dt.date():
            return times.show_plain_date(value) if field.distant else times.show_date(value)
        case Decimal():
            return f"£{value:,.2f}"
        case int() if field.kind is Kind.REF:
            return name(field.target, value)
        case int() if field.kind is Kind.MINUTES:
            return f"{value} min"
        case int() if field.unit:
            return f"{value:,} {field.unit}" + ("" if value == 1 else "s")
        case str() if field.kind is Kind.CHOICE:
            return vocabularies.label(field, value)
        case str() if field.kind is Kind.NHS_NUMBER:
            return nhs_number.show(value)
        case _:
            return str(value)


def title(
    record: Record,
    *,
    find: Callable[[str, int], Record | None],
    vocabularies: Vocabularies,
    depth: int = _TITLE_DEPTH,
) -> str:
    """Return the one line that names a record in a list, from its declared title fields.

    Args:
        record: The record to name.
        find: Looks up what it refers to by type and id.
        vocabularies: The home's lists of choices.
        depth: How many references deep to follow, so that a circle ends.
    """

    def name(target: str, identity: int) -> str:
        other = find(target, identity)
        if other is None:
            return NOT_HERE
        if depth < 1:
            return spec_of(other).label
        return title(other, find=find, vocabularies=vocabularies, depth=depth - 1)

    spec = spec_of(record)
    parts = (
        show(field, getattr(record, field.name), vocabularies=vocabularies, name=name)
        for field in (spec.by_name[n] for n in spec.title)
    )
    return ", ".join(part for part in parts if part) or untitled(record)


def beside(label: str, title: str) -> str:
    """Return a title as it stands beside the label of its type, which it may begin with itself.

    Args:
        label: What people call a record of that type, such as "Visit".
        title: The words that name the record.
    """
    return "" if title == label else title.removeprefix(f"{label}, ")


def untitled(record: Record) -> str:
    """Return what stands for a record whose title says nothing.

    Nobody can save one without what its type has to have: of a saved one it was erased by law.
    """
    spec = spec_of(record)
    had = record.id is not None and any(spec.by_name[name].required for name in spec.title)
    return ERASED if had else spec.label
