"""Which fields of a record a form asks for, under which headings, and how wide each is."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from typing import Final

from liaison.records import FieldSpec, Kind, RecordSpec
from liaison.services import editing

# attachments come from files, so a form of theirs would ask for what nobody knows
_FROM_FILES: Final = frozenset({"attachment"})


@dataclasses.dataclass(frozen=True, slots=True)
class Section:
    """Some fields of a record under one heading.

    Args:
        title: The heading; empty if the type has only one section.
        fields: Those that are always shown.
        rare: Those that are folded away until somebody asks for more.
    """

    title: str
    fields: tuple[FieldSpec, ...]
    rare: tuple[FieldSpec, ...]


def sections(spec: RecordSpec, without: Collection[str] = ()) -> tuple[Section, ...]:
    """Return what a form of a type asks for, in the order of its declaration.

    Args:
        spec: The type.
        without: Fields that are not for whoever fills it in.
    """
    found: dict[str, tuple[list[FieldSpec], list[FieldSpec]]] = {}
    for field in spec.fields:
        if field.asked and field.name not in without:
            usual, rare = found.setdefault(field.section, ([], []))
            (rare if field.rare else usual).append(field)
    return tuple(Section(title, tuple(a), tuple(b)) for title, (a, b) in found.items())


def asked(spec: RecordSpec, without: Collection[str] = ()) -> tuple[FieldSpec, ...]:
    """Return every field that a form of a type asks for, in the order of the form.

    Args:
        spec: The type.
        without: As for :func:`sections`.
    """
    return tuple(f for section in sections(spec, without) for f in (*section.fields, *section.rare))


def is_wide(field: FieldSpec) -> bool:
    """Return whether a field needs the whole width of a form: long texts and sets."""
    return field.kind is Kind.NOTE or field.many


def may_add(spec: RecordSpec) -> bool:
    """Return whether people may add records of a type with a form."""
    return (
        spec.cls is not None and spec.name not in _FROM_FILES and editing.added_by_people(spec.name)
    )


def short(spec: RecordSpec) -> tuple[FieldSpec, ...]:
    """Return what to ask for when a record is added on the way, from inside another form.

    That is what it must have, and the first way to reach somebody: a contact without a phone number
    is of little use.
    """
    wanted = [field for field in asked(spec) if field.required]
    reach = next((f for f in asked(spec) if f.kind is Kind.PHONE and f not in wanted), None)
    return (*wanted, reach) if reach else tuple(wanted)
