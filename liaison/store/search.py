"""Search over everything that was typed: newest first while typing, best first on Enter.

What a person types is never query syntax: every word is quoted, so ``o'neil``, ``par-acetamol``,
``"``, ``AND`` or ``*`` are just what they look like.
"""

from __future__ import annotations

import dataclasses
import heapq
from collections.abc import Sequence
from contextlib import ExitStack
from functools import cache
from operator import itemgetter
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from liaison.records import Record, RecordSpec, all_specs
from liaison.records.rules import phones
from liaison.records.rules.letters import plain_letters
from liaison.store import derived
from liaison.store.driver import plain_errors
from liaison.store.query import of_ids
from liaison.store.rows import WHOLE, to_records
from liaison.store.schema import quote

if TYPE_CHECKING:
    from collections.abc import Iterable

    from liaison.store.store import Store

MARK_START, MARK_END = "\u2039", "\u203a"
"""Stand around the words found in a snippet."""

_SNIPPET_WORDS: Final = 12
_SHORTEST_PIECE: Final = 3
_LONGEST_QUERY: Final = 400
# What the index's stems leave off the end of words.
_ENDINGS: Final = (
    "ing", "ings", "inge", "ed", "er", "ation", "ations", "ational", "al", "ally", "ence", "ency",
    "ent", "ents", "ently", "ement", "ment", "ance", "ancy", "ant", "able", "ible", "bility",
    "bilities", "ability", "abilities", "ative", "ively", "iveness", "ity", "ities", "ism", "ize",
    "ization", "fulness", "ness", "ate", "ated", "ating", "ator", "ic", "ical", "ion", "ions",
    "ies", "ly", "ous", "ously", "ousness",
)  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class Hit:
    """A record that was found and the words around what was looked for."""

    type: str
    record: Record
    snippet: str


class _Found(NamedTuple):
    """A hit before it is a record: ``row`` is what :func:`to_records` takes."""

    type: str
    snippet: str
    row: Sequence[Any]

    @property
    def key(self) -> tuple[str, int]:
        """The type and id of the record to show; an element of a set leads to its owner."""
        spec = all_specs()[self.type]
        return (spec.owner, self.row[_OWNER]) if spec.owner else (self.type, self.row[0])


_ORDER: Final = 2
"""Where a row of :func:`_sql` says what it is sorted by; after that it is the record's."""

_OWNER: Final = 1
"""Where a link record keeps the record whose set it is an element of: right after its id."""


def phrase(typed: str, *, typing: bool) -> str:
    """Return what was typed as a query of the search index; empty if there is no word in it.

    Args:
        typed: The text of the search box.
        typing: Whether the last word may be unfinished.
    """
    unfinished = typing or len(typed) > _LONGEST_QUERY
    # half a character (of a damaged text, or a wrong code page) cannot be asked for
    typed = _plain(typed[:_LONGEST_QUERY])
    if phones.looks_like_phone(typed):
        # the index holds the digits of a number without spaces, national or international; in a
        # note it stands as it was written
        forms = (*phones.search_forms(typed), typed)
        return " OR ".join(f"{_quoted(form)}*" for form in forms)
    words = [word for word in typed.split() if any(map(str.isalnum, word))]
    if not words:
        return ""
    quoted = [_quoted(word) for word in words]
    if unfinished and not typed[-1].isspace():
        quoted[-1] = _unfinished(words[-1])
    return " AND ".join(quoted)


def _plain(typed: str) -> str:
    return typed.encode(errors="replace").decode().replace("\0", " ")


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


def _unfinished(word: str) -> str:
    """Return the query of a word of which the end may still be missing.

    The index holds the stems of words ("resid" for "resident"), so its beginning alone would lose
    the word from the letter after its stem until it is whole. Therefore also the words that it may
    become are looked for.
    """
    lower = word.lower()
    if len(lower) < _SHORTEST_PIECE:
        return f"{_quoted(word)}*"
    forms = [f"{_quoted(word)}*"]
    if lower.endswith(("y", "ys")):
        # the stem of "any" is "ani", with which "anyone" does not begin
        forms += [f"{_quoted(word + letter)}*" for letter in ascii_lowercase]
    becomes = {
        word + ending[length:]
        for ending in _ENDINGS
        for length in range(1, len(ending))
        if lower.endswith(ending[:length])
    }
    if lower[-2:-1] == lower[-1] and lower[-1].isalpha():
        becomes.add(f"{word}ing")
    return f"({' OR '.join([*forms, *map(_quoted, sorted(becomes))])})"


def search(
    store: Store,
    typed: str,
    *,
    types: Iterable[str] = (),
    limit: int = 50,
    typing: bool = False,
    best_first: bool = False,
) -> list[Hit]:
    """Find records by the words in them, newest first.

    Args:
        store: The home.
        typed: The text of the search box.
        types: Only these record types; all of them otherwise.
        limit: How many at most.
        typing: Whether the last word may be unfinished.
        best_first: Sort by how well they fit; that reads every hit, so not while typing.

    Returns:
        The records found that are neither archived nor merged; the words found are marked in
        their snippets.
    """
    query = phrase(typed, typing=typing)
    if not query:
        return []
    with plain_errors():
        searched = [
            name
            for name in store.non_empty(_searchable(tuple(types)))
            if (all_specs()[name].owner or name, WHOLE) not in store.hidden
        ]
        found = _first(store, searched, query, limit, best_first=best_first)
        return _hits(store, found)


def find_names(store: Store, piece: str, *, types: Iterable[str], limit: int = 50) -> list[Record]:
    """Find people and places by a piece from anywhere in their name (three letters at least)."""
    letters = plain_letters(_plain(piece))
    pieces = [word for word in letters.split() if len(word) >= _SHORTEST_PIECE]
    if not pieces:
        return []
    query = " ".join(map(_quoted, pieces))
    records: list[Record] = []
    with plain_errors():
        for type_name in types:
            spec = all_specs()[type_name]
            index = quote(derived.NAMES_PREFIX + type_name)
            # the newest first; those that are gone must not use up the limit
            found = store.connection.execute(
                f"SELECT s.rowid FROM {index} AS s JOIN {quote(type_name)} AS t ON t.id = s.rowid "
                f"WHERE {index} MATCH ? AND t.archived IS NOT 1 AND t.merged_into IS NULL "
                "ORDER BY s.rowid DESC LIMIT ?",
                (query, limit),
            ).fetchall()
            by_id = of_ids(store.connection, spec, [rowid for (rowid,) in found])
            records += [by_id[rowid] for (rowid,) in found]
    return records[:limit]


def _searchable(types: tuple[str, ...]) -> dict[str, RecordSpec]:
    return {
        name: spec
        for name, spec in all_specs().items()
        if derived.searched(spec) and (not types or name in types or spec.owner in types)
    }


def _first(
    store: Store, types: list[str], query: str, limit: int, *, best_first: bool
) -> list[_Found]:
    """Return the newest or best hits of some types in that order."""
    with ExitStack() as opened:
        # each index gives its hits in order and one at a time (newest first by id, ids are times):
        # what is not among the first of all types is not even looked at, and gets no snippet
        hits = [
            store.connection.execute(_sql(name, best_first), (_in_sight(store, name, query),))
            for name in types
        ]
        for cursor in hits:
            # left open, it would keep reading the state of this moment
            opened.callback(cursor.close)
        found: dict[tuple[str, int], _Found] = {}
        for name, words, _, *row in heapq.merge(*hits, key=itemgetter(_ORDER)):
            hit = _Found(name, words, row)
            # a record may be found by several elements of its sets: it counts once
            found.setdefault(hit.key, hit)
            if len(found) >= limit:
                break
        return list(found.values())


def _in_sight(store: Store, type_name: str, query: str) -> str:
    """Return a query that looks only at the fields of a type that whoever asks may see."""
    searched = {field.name for field in derived.searched(all_specs()[type_name])}
    hidden = [name for kind, name in store.hidden if kind == type_name and name in searched]
    return f"- {{{' '.join(map(_quoted, hidden))}}} : ({query})" if hidden else query


@cache
def _sql(type_name: str, best_first: bool) -> str:  # noqa: FBT001  # a key of the cache
    spec = all_specs()[type_name]
    index = quote(derived.SEARCH_PREFIX + type_name)
    columns = ", ".join(f"t.{quote(field.name)}" for field in spec.columns)
    living = "{0}.archived IS NOT 1 AND {0}.merged_into IS NULL"
    source, where, rec = f"{quote(type_name)} AS t ON t.id = s.rowid", living.format("t"), "s.rowid"
    if spec.owner:
        source += f" JOIN {quote(spec.owner)} AS o ON o.id = t.owner"
        where, rec = f"{where} AND {living.format('o')}", "t.owner"
    value, order = ("s.rank", "s.rank") if best_first else (f"-{rec}", f"{rec} DESC")
    # CROSS: the index first, in its order, and then each record
    return (
        f"SELECT '{type_name}', "
        f"snippet({index}, -1, '{MARK_START}', '{MARK_END}', ' ... ', {_SNIPPET_WORDS}), "
        f"{value}, s.rowid, {columns} FROM {index} AS s CROSS JOIN {source} "
        f"WHERE {index} MATCH ? AND {where} ORDER BY {order}"
    )


def _hits(store: Store, found: list[_Found]) -> list[Hit]:
    """Return records for what was found; an element of a set leads to the record it belongs to."""
    specs = all_specs()
    rows: dict[str, list[Sequence[Any]]] = {}
    owners: dict[str, list[int]] = {}
    for hit in found:
        owner_type, identity = hit.key
        if specs[hit.type].owner:
            owners.setdefault(owner_type, []).append(identity)
        else:
            rows.setdefault(hit.type, []).append(hit.row)
    records: dict[tuple[str, int], Record] = {}
    for type_name, kept in rows.items():
        made = to_records(store.connection, specs[type_name], kept)
        records |= {(type_name, row[0]): record for row, record in zip(kept, made, strict=True)}
    for type_name, identities in owners.items():
        made_of = of_ids(store.connection, specs[type_name], identities)
        records |= {(type_name, identity): record for identity, record in made_of.items()}
    return [
        Hit(hit.key[0], records[hit.key], " ".join(hit.snippet.split()))
        for hit in found
        if hit.key in records
    ]
