"""The home's glossary: what its abbreviations mean, in plain English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from liaison.records.directory import Term
from liaison.store import query

if TYPE_CHECKING:
    from liaison.store.store import Store

_MOST: Final = 5_000
"""Terms that are read; no home has nearly as many."""


def explanations(store: Store) -> dict[str, str]:
    """Return what each abbreviation means, by the abbreviation.

    Where two meanings are recorded, both are told: which one is meant, the text around it says.
    """
    found: dict[str, list[str]] = {}
    for record in query.page(store, query.Query("term"), limit=_MOST).records:
        if isinstance(record, Term) and record.abbreviation and not record.struck_reason:
            found.setdefault(record.abbreviation.strip(), []).append(_words(record))
    return {one: " Or: ".join(dict.fromkeys(reversed(words))) for one, words in found.items()}


def _words(term: Term) -> str:
    meaning = (term.meaning or "").strip()
    explanation = (term.explanation or "").strip()
    if meaning and not meaning.endswith((".", "?", "!")):
        meaning += "."
    return " ".join(part for part in (meaning, explanation) if part)
