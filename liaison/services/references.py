"""Naming records: the one meant by what somebody typed, and the words that name one in a list."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.records import Kind, Record, RecordSpec, all_specs, ids, spec_of
from liaison.records.rules.same_name import name_key
from liaison.records.showing import NOT_HERE, show
from liaison.store import query
from liaison.store.search import find_names

if TYPE_CHECKING:
    from liaison.store.store import Store

_MOST_CANDIDATES: Final = 12
_MOST_NEAR: Final = 5
_MOST_NAMESAKES: Final = 200
_TITLE_DEPTH: Final = 3


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
    typed = typed.strip()
    found = None if (identity := as_id(typed)) is None else store.follow(type_name, identity)
    if found is not None and found.id is not None:
        return found.id
    field = name_field(spec)
    # half a character (a byte of another code page) is in no name, and cannot be asked for
    is_text = not any("\ud800" <= letter <= "\udfff" for letter in typed)
    called = namesakes(store, spec, typed) if field and is_text else []
    exact = [record for record in called if _folded(getattr(record, field)) == _folded(typed)]
    if len(exact) == 1 and exact[0].id is not None:
        return exact[0].id
    if not exact:
        raise _not_found(store, spec, typed if is_text else repr(typed), field)
    shown = "; ".join(described(store, record) for record in exact[:_MOST_CANDIDATES])
    more = " ..." if len(exact) > _MOST_CANDIDATES else ""
    raise NotOne(
        f"{len(exact)} {spec.plural.lower()} are called {typed[:80]!r}: {shown}{more}.",
        kept="Nothing was changed.",
        do="Give the id of the one you mean.",
        code="not-one",
    )


def as_id(typed: str) -> int | None:
    """Return the id a text is, or None; "Physiotherapy" has the shape of one and is none."""
    try:
        return ids.from_text(typed)
    except ValueError:
        return None


def namesakes(store: Store, spec: RecordSpec, name: str) -> list[Record]:
    """Return the records in the lists that are called so, whatever case, accents and spaces."""
    key = name_key(name)
    field = name_field(spec)
    found = {record.id: record for record in query.with_text(store, spec.name, field, name)}
    if spec.by_name[field].by_name:
        # the database's own comparison knows the letters of English alone
        for record in find_names(store, name, types=(spec.name,), limit=_MOST_NAMESAKES):
            if name_key(getattr(record, field) or "") == key:
                found.setdefault(record.id, record)
    return list(found.values())


def _not_found(store: Store, spec: RecordSpec, typed: str, field: str) -> NotOne:
    label = spec.label.lower()
    by_name = f"an id or an exact {spec.by_name[field].label.lower()}" if field else "an id"
    do = f"Give {by_name}."
    if field and spec.by_name[field].by_name:
        near = find_names(store, typed, types=(spec.name,), limit=_MOST_NEAR)
        if near:
            do = f"Near ones: {'; '.join(described(store, record) for record in near)}. {do}"
    return NotOne(
        f"There is no {label} {typed[:80]!r}.", kept="Nothing was changed.", do=do,
        code="not-found",
    )  # fmt: skip


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def named(store: Store, record: Record, *, depth: int = _TITLE_DEPTH) -> str:
    """Return the one line that names a record; two people of one name are told apart (rule 8).

    Args:
        store: The home.
        record: The record to name.
        depth: How many references deep to follow, so that a circle ends.
    """
    spec = spec_of(record)
    words = _title(store, record, depth)
    field = name_field(spec)
    if not spec.tells_apart or not field:
        return words
    value = getattr(record, field)
    others = namesakes(store, spec, value) if value else []
    is_alone = all(other.id == record.id for other in others)
    return words if is_alone else f"{words} ({_apart(store, record)})"


def described(store: Store, record: Record) -> str:
    """Return a record's name with its id and everything that tells it from its namesakes."""
    words = _title(store, record, _TITLE_DEPTH)
    apart = _apart(store, record)
    identity = ids.to_text(record.id or 0)
    return f"{words} ({apart}) {identity}" if apart else f"{words} {identity}"


def _title(store: Store, record: Record, depth: int) -> str:
    """Return a record's title; people in it are told from their namesakes as everywhere."""
    spec = spec_of(record)

    def name(target: str, identity: int) -> str:
        other = store.follow(target, identity)
        if other is None:
            return NOT_HERE
        return named(store, other, depth=depth - 1) if depth > 0 else spec_of(other).label

    parts = (
        show(
            spec.by_name[part],
            getattr(record, part),
            vocabularies=store.vocabularies,
            name=name,
        )
        for part in spec.title
    )
    return ", ".join(part for part in parts if part) or spec.label


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
