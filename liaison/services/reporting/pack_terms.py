"""The abbreviations that occur in facts for paper, with what the home's glossary says they mean."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from liaison.records.rules import glossary as rules
from liaison.services import glossary

if TYPE_CHECKING:
    from liaison.store.store import Store


def occurring(store: Store, facts: Iterable[Any]) -> tuple[tuple[str, str], ...]:
    """Return the abbreviations that occur, in the order of the alphabet, with their meaning.

    Args:
        store: The home, whose glossary explains them.
        facts: Facts as reports are given them: what is in them is what is printed.
    """
    known = glossary.explanations(store)
    left = set(known)
    found: set[str] = set()
    for text in _texts(facts):
        # most texts are names and labels, and what was found once need not be looked for again
        for one in rules.find(text, left):
            found.add(one.abbreviation)
        left -= found
    return tuple((one, known[one]) for one in sorted(found, key=lambda one: (one.casefold(), one)))


def _texts(facts: Any) -> Iterator[str]:
    """Yield every text in facts: dataclasses, mappings and collections of them."""
    seen: set[str] = set()
    waiting = [facts]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            if one and one not in seen:
                seen.add(one)
                yield one
        elif dataclasses.is_dataclass(one) and not isinstance(one, type):
            waiting += [getattr(one, field.name) for field in dataclasses.fields(one)]
        elif isinstance(one, Mapping):
            waiting += [*one.keys(), *one.values()]
        elif isinstance(one, Iterable) and not isinstance(one, bytes):
            waiting += one
