"""Staff by their initials in facts for paper, wherever a report has a place for their names."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from liaison.records.home import Staff
from liaison.records.rules.initials import initials
from liaison.store import query

if TYPE_CHECKING:
    from liaison.store.store import Store

#: What stands between the names in a list of people.
_BETWEEN: Final = re.compile(r"(, | and |; )")


def short_names(store: Store) -> dict[str, str]:
    """Return the initials of everybody who works or worked here, by their full name."""
    asked = query.Query("staff", archived=True, newest_first=False)
    return {
        one.name: initials(one.name)
        for one in query.every(store, asked)
        if isinstance(one, Staff) and one.name
    }


def by_initials(facts: Any, short: Mapping[str, str]) -> Any:
    """Return facts in which staff are named by their initials.

    A text that is a name, or a list with the name in it, is changed. A sentence is not: what
    somebody wrote in a note stays as it was written.

    Args:
        facts: What a report is given: dataclasses, mappings and collections of them.
        short: The initials, by full name; see :func:`short_names`.
    """
    if type(facts) is str:
        return "".join(short.get(part, part) for part in _BETWEEN.split(facts))
    if dataclasses.is_dataclass(facts) and not isinstance(facts, type):
        changed = {
            field.name: after
            for field in dataclasses.fields(facts)
            if (after := by_initials(before := getattr(facts, field.name), short)) is not before
            and after != before
        }
        return dataclasses.replace(facts, **changed) if changed else facts
    if isinstance(facts, Mapping):
        return {by_initials(key, short): by_initials(one, short) for key, one in facts.items()}
    if type(facts) in {tuple, list, set, frozenset}:
        return type(facts)(by_initials(one, short) for one in facts)
    return facts
