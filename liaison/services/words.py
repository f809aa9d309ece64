"""The lists of words that choices come from: what ships, and what the manager makes of it.

A word is kept with records by its value, which never changes. What is seen for it, and whether it is
still offered, is a ``vocabulary_item`` record of the home.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.records import FieldSpec, all_specs
from liaison.records.directory import VocabularyItem
from liaison.records.vocabularies import shipped
from liaison.services import editing, visit_templates
from liaison.store import query

if TYPE_CHECKING:
    from collections.abc import Iterator

    from liaison.services.homes import OpenHome
    from liaison.store.store import Store

#: Lists that are not the home's own: their words are the codes of a national return.
_OF_OTHERS: Final = frozenset({"workforce_category"})


@dataclasses.dataclass(frozen=True, slots=True)
class Word:
    """One word of a list.

    Args:
        value: What records keep.
        label: What people see.
        ships: Whether it comes with the program.
        was: What it is called as it ships, if the home calls it otherwise.
        retired: Whether it is no longer offered; records that have it keep it.
    """

    value: str
    label: str
    ships: bool
    was: str = ""
    retired: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class WordList:
    """One list of words.

    Args:
        vocabulary: Its permanent name.
        title: What people call it, after the field that offers it first.
        used: The labels of the record types that offer it.
        words: Its words in the order shown, retired ones last.
    """

    vocabulary: str
    title: str
    used: tuple[str, ...]
    words: tuple[Word, ...]


def word_lists(store: Store) -> tuple[WordList, ...]:
    """Return every list that the home may change, in the order of the declarations."""
    found: dict[str, list[tuple[str, FieldSpec]]] = {}
    for spec in all_specs().values():
        if spec.cls is None:
            # the elements of a set: the type that has the set is listed already
            continue
        for field in spec.fields:
            if field.vocabulary and field.vocabulary not in _OF_OTHERS:
                found.setdefault(field.vocabulary, []).append((spec.label, field))
    # no record holds it: it only fills a form in
    templates = visit_templates.field()
    found[templates.vocabulary] = [(all_specs()["visit"].label, templates)]
    return tuple(_list(store, name, fields) for name, fields in found.items())


def _list(store: Store, vocabulary: str, fields: list[tuple[str, FieldSpec]]) -> WordList:
    label, field = fields[0]
    as_shipped = {item.value: item.label for item in shipped().items(field)}
    words = tuple(
        Word(
            value=item.value,
            label=item.label,
            ships=item.value in as_shipped,
            was=_other(as_shipped.get(item.value, ""), item.label),
            retired=item.retired,
        )
        for item in store.vocabularies.items(field)
    )
    used = tuple(dict.fromkeys(used_in for used_in, _ in fields))
    return WordList(vocabulary, f"{label}: {field.label[:1].lower()}{field.label[1:]}", used, words)


def _other(shipped_as: str, label: str) -> str:
    return shipped_as if shipped_as != label else ""


def add(home: OpenHome, vocabulary: str, label: str) -> int:
    """Add a word at the end of a list.

    Args:
        home: The home.
        vocabulary: The list's permanent name.
        label: The word.

    Returns:
        The id of its record.

    Raises:
        UserError: The list has it already, or it cannot be kept.
    """
    label = " ".join(label.split())
    _refuse_twice(home.store, vocabulary, label)
    # what is kept looks like the shipped values do, and is never seen
    value = label[:1].lower() + label[1:] if not label[:2].isupper() else label
    identity, _ = editing.add(home, VocabularyItem(vocabulary=vocabulary, value=value, label=label))
    return identity


def rename(home: OpenHome, vocabulary: str, value: str, label: str) -> int:
    """Call a word otherwise, in every record that has it; return the id of its record.

    Raises:
        UserError: Another word of the list is called so, or it cannot be kept.
    """
    label = " ".join(label.split())
    _refuse_twice(home.store, vocabulary, label, besides=value)
    return _change(home, vocabulary, value, label=label)


def retire(home: OpenHome, vocabulary: str, value: str) -> int:
    """Offer a word no longer; records that have it keep it. Return the id of its record."""
    return _change(home, vocabulary, value, retired=True)


def offer(home: OpenHome, vocabulary: str, value: str) -> int:
    """Offer a word again that was retired; return the id of its record."""
    return _change(home, vocabulary, value, retired=None)


def _change(home: OpenHome, vocabulary: str, value: str, **fields: object) -> int:
    store = home.store
    kept = _kept(store, vocabulary, value)
    if kept is None or kept.id is None:
        label = _label(store, vocabulary, value)
        item = VocabularyItem(vocabulary=vocabulary, value=value, label=label)
        changed = dataclasses.replace(item, **fields)  # type: ignore[arg-type]  # by name
        return editing.add(home, changed)[0]
    loaded = store.load("vocabulary_item", kept.id)
    assert loaded is not None  # noqa: S101  # it was just read
    record = loaded.record
    changed_record = dataclasses.replace(record, **fields)  # type: ignore[arg-type]  # the same
    editing.save(home, loaded, changed_record)
    return kept.id


def _kept(store: Store, vocabulary: str, value: str) -> VocabularyItem | None:
    """Return the home's record of a word; the last one counts where PCs made several."""
    wanted = query.equal({"vocabulary": vocabulary, "value": value})
    found = [
        record
        for record in query.every(store, query.Query("vocabulary_item", wanted))
        if isinstance(record, VocabularyItem)
    ]
    return max(found, key=lambda record: record.id or 0, default=None)


def _items(store: Store, vocabulary: str) -> Iterator[Word]:
    for words in word_lists(store):
        if words.vocabulary == vocabulary:
            yield from words.words


def _label(store: Store, vocabulary: str, value: str) -> str:
    return next((word.label for word in _items(store, vocabulary) if word.value == value), value)


def _refuse_twice(store: Store, vocabulary: str, label: str, besides: str = "") -> None:
    for word in _items(store, vocabulary):
        if word.value == besides:
            continue
        if label.casefold() in {word.label.casefold(), word.value.casefold()}:
            again = word.retired
            raise UserError(
                f"{word.label} is on this list already"
                f"{', but no longer offered' if again else ''}.",
                kept="Nothing was changed.",
                do="Offer it again." if again else "Choose another word.",
                code="on-the-list",
            )
