"""Naming records: the one meant by what somebody typed, and the words that name one in a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.records import Kind, Record, RecordSpec, all_specs, ids, spec_of
from liaison.records.showing import NOT_HERE, show, title
from liaison.store import query

if TYPE_CHECKING:
    from liaison.store.store import Store

_MOST_CANDIDATES: Final = 12


class NotOne(UserError):
    """A reference means no record, or more than one."""

    code = "not-one"


def name_field(spec: RecordSpec) -> str:
    """Return the field a record of a type is known by; empty if its records have no name."""
    for name in spec.title[:1]:
        field = spec.by_name[name]
        if field.kind is Kind.TEXT:
            return field.name
    return ""


def resolve(store: Store, type_name: str, typed: str) -> int:
    """Return the id of the record that is meant.

    Args:
        store: The home.
        type_name: The record type.
        typed: An id, or an exact name if only one record has it (any case).

    Raises:
        NotOne: It is none or several; several are listed with what tells them apart.
    """
    spec = all_specs()[type_name]
    if ids.looks_like_id(typed):
        found = store.follow(type_name, ids.from_text(typed))
        if found is not None and found.id is not None:
            return found.id
    field = name_field(spec)
    candidates = query.with_text(store, type_name, field, typed) if field else []
    if len(candidates) == 1 and candidates[0].id is not None:
        return candidates[0].id
    if not candidates:
        by_name = f"an id or an exact {spec.by_name[field].label.lower()}" if field else "an id"
        raise NotOne(
            f"There is no {spec.label.lower()} {typed[:80]!r}.",
            kept="Nothing was changed.",
            do=f"Give {by_name}.",
            code="not-found",
        )
    shown = "; ".join(described(store, record) for record in candidates[:_MOST_CANDIDATES])
    more = " ..." if len(candidates) > _MOST_CANDIDATES else ""
    raise NotOne(
        f"{len(candidates)} {spec.plural.lower()} are called {typed[:80]!r}: {shown}{more}.",
        kept="Nothing was changed.",
        do="Give the id of the one you mean.",
        code="not-one",
    )


def named(store: Store, record: Record) -> str:
    """Return the one line that names a record; two people of one name are told apart (rule 8)."""
    spec = spec_of(record)
    words = title(record, find=store.follow, vocabularies=store.vocabularies)
    field = name_field(spec)
    if not spec.tells_apart or not field:
        return words
    value = getattr(record, field)
    same = query.with_text(store, spec.name, field, value) if value else []
    return f"{words} ({_apart(store, record)})" if len(same) > 1 else words


def described(store: Store, record: Record) -> str:
    """Return a record's name with its id and everything that tells it from its namesakes."""
    words = title(record, find=store.follow, vocabularies=store.vocabularies)
    apart = _apart(store, record)
    identity = ids.to_text(record.id or 0)
    return f"{words} ({apart}) {identity}" if apart else f"{words} {identity}"


def _apart(store: Store, record: Record) -> str:
    spec = spec_of(record)
    parts = []
    for name in spec.tells_apart:
        field = spec.by_name[name]
        value = show(
            field,
            getattr(record, name),
            vocabularies=store.vocabularies,
            name=lambda target, rec: name_of(store, target, rec),
        )
        parts.append(
            f"{field.label.lower()} {value}" if value else f"{field.label.lower()} not recorded"
        )
    return ", ".join(parts)


def name_of(store: Store, type_name: str, identity: int) -> str:
    """Return the words that name the record an id means today."""
    record = store.follow(type_name, identity)
    return NOT_HERE if record is None else named(store, record)
