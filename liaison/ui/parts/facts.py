"""What a card, a picker and a form show of a record: read in one go, off the window's thread.

Everything here takes a store and gives frozen values, so it runs in a read job.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from liaison.records import FieldSpec, Kind, Record, RecordSpec, all_specs, ids, spec_of
from liaison.records.showing import show
from liaison.services.references import Names, as_id, name_field
from liaison.store import query
from liaison.store.search import find_names, search

if TYPE_CHECKING:
    from liaison.records.vocabularies import Vocabularies
    from liaison.store.rows import Loaded
    from liaison.store.store import Store

FEW: Final = 5
"""Records of one kind that a card lists below a record; the rest is a list of its own."""

_SHORTEST_PIECE: Final = 3
_MOST_TO_SORT: Final = 200


@dataclasses.dataclass(frozen=True, slots=True)
class Link:
    """A record that something leads to: its type, id and the words that name it."""

    type: str
    id: int
    words: str


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """One field of a record as its card shows it.

    Args:
        field: The field.
        text: Its value in words; empty if nothing is recorded.
        links: For references, the records it leads to.
    """

    field: FieldSpec
    text: str
    links: tuple[Link, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Child:
    """A way in which records of another type belong to a record.

    Args:
        type: The other type.
        field: Its field that points here.
        pair: The field that says which type the other one points to, if it may be any.
    """

    type: str
    field: str
    pair: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Children:
    """The newest few records that belong to a record in one way, and whether there are more."""

    child: Child
    label: str
    links: tuple[Link, ...]
    more: bool


@dataclasses.dataclass(frozen=True, slots=True)
class CardFacts:
    """Everything a card shows.

    Args:
        record: The record as it is.
        title: The words that name it.
        apart: What tells it from others of its name.
        sections: The fields that hold something, by heading.
        children: What belongs to it; kinds of which there is nothing are left out.
        stands: For a duplicate, the record that stands for both.
    """

    record: Record
    title: str
    apart: str
    sections: tuple[tuple[str, tuple[Row, ...]], ...]
    children: tuple[Children, ...]
    stands: Link | None = None


def card(store: Store, type_name: str, identity: int) -> CardFacts | None:
    """Return what the card of a record shows; None if it is not on this PC."""
    record = store.get(type_name, identity)
    if record is None:
        return None
    names = Names(store)
    found: dict[str, list[Row]] = {}
    spec = spec_of(record)
    for field in spec.fields:
        if field.asked and (row := row_of(store, names, record, field)).text:
            found.setdefault(field.section, []).append(row)
    if source := _points_to(names, record):
        found.setdefault("", []).append(source)
    stands = None
    if record.merged_into is not None:
        stands = Link(type_name, record.merged_into, names.by_id(type_name, record.merged_into))
    return CardFacts(
        record=record,
        title=names.title(record),
        apart=apart(store, names, record),
        sections=tuple((title, tuple(rows)) for title, rows in found.items()),
        children=tuple(_children(store, names, record)),
        stands=stands,
    )


def row_of(store: Store, names: Names, record: Record, field: FieldSpec) -> Row:
    """Return one field of a record as it is shown."""
    value = getattr(record, field.name)
    text = show(field, value, vocabularies=store.vocabularies, name=names.by_id)
    links: tuple[Link, ...] = ()
    if field.kind is Kind.REF and value is not None:
        targets = value if field.many else (value,)
        links = tuple(Link(field.target, t, names.by_id(field.target, t)) for t in targets)
    return Row(field, text, links)


def _points_to(names: Names, record: Record) -> Row | None:
    """Return what a pair such as ``source_type`` and ``source_id`` points to."""
    spec = spec_of(record)
    for field in spec.fields:
        pair = field.name.removesuffix("_id")
        if pair == field.name or f"{pair}_type" not in spec.by_name:
            continue
        target = all_specs().get(getattr(record, f"{pair}_type") or "")
        identity = as_id(getattr(record, field.name) or "")
        if target is not None and target.cls is not None and identity is not None:
            words = names.by_id(target.name, identity)
            named = dataclasses.replace(field, label=spec.by_name[f"{pair}_type"].label)
            shown = f"{target.label}: {words}"
            return Row(named, shown, (Link(target.name, identity, shown),))
    return None


def apart(store: Store, names: Names, record: Record) -> str:
    """Return what tells a record from others of its name: room and date of birth, say.

    Only what is recorded; empty for types whose titles are never alike.
    """
    spec = spec_of(record)
    parts = []
    for name in spec.tells_apart:
        field = spec.by_name[name]
        if words := row_of(store, names, record, field).text:
            parts.append(f"{field.label} {words}" if field.kind in _SAYS_LITTLE else words)
    return " \N{MIDDLE DOT} ".join(parts)


# "14" or "Mon 3 Mar 1938" alone could mean anything
_SAYS_LITTLE: Final = frozenset({Kind.TEXT, Kind.DATE})


def children_of(spec: RecordSpec) -> Iterator[Child]:
    """Yield the ways in which other records belong to one of a type, as the declarations say.

    Only what an index finds: a card must not read a whole table.
    """
    for other in all_specs().values():
        if other.cls is None:
            continue
        for field in other.fields:
            if field.name == "merged_into":
                continue
            if field.kind is Kind.REF and field.target == spec.name:
                if field.many or field.indexed:
                    yield Child(other.name, field.name)
            elif field.indexed and field.name.endswith("_id"):
                pair = f"{field.name.removesuffix('_id')}_type"
                if pair in other.by_name and other.name != "access_event":
                    yield Child(other.name, field.name, pair)


def conditions(child: Child, spec: RecordSpec, identity: int) -> tuple[query.Condition, ...]:
    """Return what holds for the records that belong to one in some way."""
    if not child.pair:
        return (query.Condition(child.field, identity),)
    return query.equal({child.pair: spec.name, child.field: ids.to_text(identity)})


def label_of(child: Child, spec: RecordSpec) -> str:
    """Return the heading over such records: their plural, and how they are meant if in two ways."""
    other = all_specs()[child.type]
    several = [c for c in children_of(spec) if c.type == child.type]
    if len(several) < 2 or child.pair:  # noqa: PLR2004  # two ways need telling apart
        return other.plural
    return f"{other.plural}: {other.by_name[child.field].label.lower()}"


def _children(store: Store, names: Names, record: Record) -> Iterator[Children]:
    spec = spec_of(record)
    assert record.id is not None  # noqa: S101  # it was read
    for child in children_of(spec):
        wanted = query.Query(child.type, conditions(child, spec, record.id))
        page = query.page(store, wanted, limit=FEW)
        if page.records:
            links = tuple(
                Link(child.type, other.id or 0, _without(store, names, other, child.field))
                for other in page.records
            )
            yield Children(child, label_of(child, spec), links, page.next is not None)


def _without(store: Store, names: Names, record: Record, field: str) -> str:
    """Return a record's title without what everybody can see already: whose it is."""
    spec = spec_of(record)
    rest = [name for name in spec.title if name != field]
    if len(rest) == len(spec.title):
        return names.of(record)
    parts = (row_of(store, names, record, spec.by_name[name]).text for name in rest)
    return ", ".join(part for part in parts if part) or names.of(record)


# ---- picking a record


@dataclasses.dataclass(frozen=True, slots=True)
class Candidate:
    """A record that may be meant by what somebody types.

    Args:
        id: Its id.
        words: What it is called.
        apart: What tells it from others of that name.
    """

    id: int
    words: str
    apart: str


def candidate(store: Store, record: Record, names: Names | None = None) -> Candidate:
    """Return a record as a picker shows it."""
    names = names or Names(store)
    return Candidate(record.id or 0, names.title(record), apart(store, names, record))


def candidates(store: Store, type_name: str, typed: str, limit: int = 8) -> list[Candidate]:
    """Return the records that may be meant while somebody types.

    Args:
        store: The home.
        type_name: The record type.
        typed: What was typed so far; nothing offers the newest.
        limit: How many at most.
    """
    names = Names(store)
    return [candidate(store, record, names) for record in _meant(store, type_name, typed, limit)]


def _meant(store: Store, type_name: str, typed: str, limit: int) -> list[Record]:
    spec = all_specs()[type_name]
    typed = typed.strip()
    if not typed:
        return query.page(store, query.Query(type_name), limit=limit).records
    found: dict[int, Record] = {}
    if any(field.by_name for field in spec.columns):
        # every word must be in the name; the short ones, which no index holds, are looked at here
        long = " ".join(word for word in typed.split() if len(word) >= _SHORTEST_PIECE)
        if long:
            called = find_names(store, long, types=(type_name,), limit=_MOST_TO_SORT)
            found |= {r.id or 0: r for r in called if _says(r, spec, typed)}
        found = dict(sorted(found.items(), key=lambda item: not _begins(item[1], spec, typed)))
    if len(found) < limit:
        for hit in search(store, typed, types=(type_name,), limit=limit, typing=True):
            found.setdefault(hit.record.id or 0, hit.record)
    return list(found.values())[:limit]


def _says(record: Record, spec: RecordSpec, typed: str) -> bool:
    text = " ".join(
        getattr(record, field.name) or "" for field in spec.columns if field.by_name
    ).casefold()
    short = [word for word in typed.casefold().split() if len(word) < _SHORTEST_PIECE]
    return all(word in text for word in short)


def _begins(record: Record, spec: RecordSpec, typed: str) -> bool:
    """Return whether a name begins with what was typed: that one is meant more often."""
    name = getattr(record, name_field(spec) or spec.title[0])
    return isinstance(name, str) and name.casefold().startswith(typed.casefold())


# ---- filling in a form


@dataclasses.dataclass(frozen=True, slots=True)
class FormFacts:
    """What a form starts from.

    Args:
        loaded: The record with its versions; None for a new one.
        title: The words that name it; empty for a new one.
        apart: What tells it from others of its name; empty for a new one.
        vocabularies: The home's lists of choices.
        names: What it refers to, and what a draft of it does, as it is shown.
    """

    loaded: Loaded | None
    title: str
    apart: str
    vocabularies: Vocabularies
    names: Mapping[tuple[str, int], Candidate]


def form(
    store: Store, type_name: str, identity: int | None, also: Iterable[tuple[str, int]] = ()
) -> FormFacts:
    """Return what a form starts from.

    Args:
        store: The home.
        type_name: The record type.
        identity: The record that is to be changed; None for a new one.
        also: What else is referred to, by type and id: from a draft, or given by a page.
    """
    spec = all_specs()[type_name]
    loaded = None if identity is None else store.load(type_name, identity)
    wanted = dict.fromkeys(also)
    if loaded is not None:
        for field in spec.fields:
            value = getattr(loaded.record, field.name)
            if field.kind is Kind.REF and value is not None:
                targets = value if field.many else (value,)
                wanted |= dict.fromkeys((field.target, target) for target in targets)
    names = Names(store)
    found: dict[tuple[str, int], Candidate] = {}
    for target, other in wanted:
        record = store.follow(target, other)
        if record is not None:
            # under the id that is kept: a duplicate is shown by what stands for it
            shown = candidate(store, record, names)
            found[target, other] = dataclasses.replace(shown, id=other)
    title = "" if loaded is None else names.title(loaded.record)
    told_apart = "" if loaded is None else apart(store, names, loaded.record)
    return FormFacts(loaded, title, told_apart, store.vocabularies, found)
