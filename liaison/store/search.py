"""Search over everything that was typed: newest first while typing, best first on Enter.

What a person types is never query syntax: every word is quoted, so ``o'neil``, ``par-acetamol``,
``"``, ``AND`` or ``*`` are just what they look like.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Final

from liaison.records import Record, RecordSpec, all_specs
from liaison.records.rules import phones
from liaison.store import derived
from liaison.store.driver import plain_errors
from liaison.store.query import of_ids
from liaison.store.schema import quote

if TYPE_CHECKING:
    from collections.abc import Iterable

    from liaison.store.store import Store

MARK_START, MARK_END = "\u2039", "\u203a"
"""Stand around the words found in a snippet."""

_SNIPPET_WORDS: Final = 12
_SHORTEST_PIECE: Final = 3
_LONGEST_QUERY: Final = 400


@dataclasses.dataclass(frozen=True, slots=True)
class Hit:
    """A record that was found and the words around what was looked for."""

    type: str
    record: Record
    snippet: str


def phrase(typed: str, *, typing: bool) -> str:
    """Return what was typed as a query of the search index; empty if there is no word in it.

    Args:
        typed: The text of the search box.
        typing: Whether the last word may be unfinished.
    """
    typed = typed[:_LONGEST_QUERY].replace("\0", " ")
    if phones.looks_like_phone(typed):
        # the index holds the digits of a number without spaces, national or international
        forms = phones.search_forms(typed)
        return " OR ".join(f"{_quoted(form)}*" for form in forms)
    words = [word for word in typed.split() if any(map(str.isalnum, word))]
    if not words:
        return ""
    quoted = [_quoted(word) for word in words]
    if typing and not typed.endswith((" ", "\t")):
        quoted[-1] += "*"
    return " ".join(quoted)


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


def search(
    store: Store,
    typed: str,
    *,
    types: Iterable[str] = (),
    limit: int = 50,
    typing: bool = False,
) -> list[Hit]:
    """Find records by the words in them, newest first.

    Args:
        store: The home.
        typed: The text of the search box.
        types: Only these record types; all of them otherwise.
        limit: How many at most.
        typing: Whether the last word may be unfinished.

    Returns:
        The records found that are neither archived nor merged; the words found are marked in
        their snippets.
    """
    query = phrase(typed, typing=typing)
    if not query:
        return []
    with plain_errors():
        searched = store.non_empty(_searchable(tuple(types)))
        found = _newest(store, searched, query, limit)
        return _hits(store, found)


def find_names(store: Store, piece: str, *, types: Iterable[str], limit: int = 50) -> list[Record]:
    """Find people and places by a piece from anywhere in their name (three letters at least)."""
    pieces = [word for word in piece.replace("\0", " ").split() if len(word) >= _SHORTEST_PIECE]
    if not pieces:
        return []
    query = " ".join(map(_quoted, pieces))
    records: list[Record] = []
    with plain_errors():
        for type_name in types:
            spec = all_specs()[type_name]
            index = quote(derived.NAMES_PREFIX + type_name)
            found = store.connection.execute(
                f"SELECT rowid FROM {index} WHERE {index} MATCH ? LIMIT ?", (query, limit)
            ).fetchall()
            records += of_ids(store.connection, spec, [rowid for (rowid,) in found]).values()
    return [record for record in records if record.lives][:limit]


def _searchable(types: tuple[str, ...]) -> dict[str, RecordSpec]:
    return {
        name: spec
        for name, spec in all_specs().items()
        if derived.searched(spec) and (not types or name in types or spec.owner in types)
    }


def _newest(store: Store, types: list[str], query: str, limit: int) -> list[tuple[Any, ...]]:
    """Return type, id and snippet of the newest hits of some types."""
    if not types:
        return []
    # each type's newest hits by its own index, then the newest of those: ids are times
    parts = [
        "SELECT * FROM (SELECT "
        f"'{name}' AS type, s.rowid AS id, "
        f"snippet({quote(derived.SEARCH_PREFIX + name)}, -1, '{MARK_START}', '{MARK_END}', "
        f"' ... ', {_SNIPPET_WORDS}) AS words "
        f"FROM {quote(derived.SEARCH_PREFIX + name)} AS s JOIN {quote(name)} AS t "
        f"ON t.id = s.rowid WHERE {quote(derived.SEARCH_PREFIX + name)} MATCH ?1 "
        "AND t.archived IS NOT 1 AND t.merged_into IS NULL "
        "ORDER BY s.rowid DESC LIMIT ?2)"
        for name in types
    ]
    sql = " UNION ALL ".join(parts) + " ORDER BY id DESC LIMIT ?2"
    rows: list[tuple[Any, ...]] = store.connection.execute(sql, (query, limit)).fetchall()
    return rows


def _hits(store: Store, found: list[tuple[Any, ...]]) -> list[Hit]:
    by_type: dict[str, list[int]] = {}
    owners: dict[int, tuple[str, int]] = {}
    specs = all_specs()
    for type_name, rec, _ in found:
        spec = specs[type_name]
        if spec.owner:
            # an element of a set (a former name) leads to the record it belongs to
            (owner,) = store.connection.execute(
                f"SELECT owner FROM {quote(type_name)} WHERE id = ?", (rec,)
            ).fetchone()
            owners[rec] = (spec.owner, owner)
        shown_type, shown_id = owners.get(rec, (type_name, rec))
        by_type.setdefault(shown_type, []).append(shown_id)
    records = {
        (type_name, identity): record
        for type_name, recs in by_type.items()
        for identity, record in of_ids(store.connection, specs[type_name], recs).items()
    }
    hits: dict[tuple[str, int], Hit] = {}
    for type_name, rec, words in found:
        key = owners.get(rec, (type_name, rec))
        if key in records and records[key].lives and key not in hits:
            hits[key] = Hit(key[0], records[key], " ".join(words.split()))
    return list(hits.values())
