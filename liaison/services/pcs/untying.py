"""Two PCs may each have merged one of two records into the other: then neither is in any list.

The older one is let stand, as reading a reference to either of them does (``Store.follow``). Every
PC that meets such a ring does the same, and the same done twice is no difference.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from liaison.records import all_specs
from liaison.store import query

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from liaison.services.homes import OpenHome

WHY: Final = "Two PCs had merged these records into each other; the older one stands for both."


def untie(home: OpenHome) -> int:
    """Let one record stand of each ring of records that were merged into each other.

    Args:
        home: The open home.

    Returns:
        How many records stand again.

    Raises:
        UserError: It could not be written.
    """
    if home.cannot_write is not None:
        return 0
    stood = 0
    for spec in all_specs().values():
        if spec.events or spec.single:
            # those are never merged
            continue
        for identity in _oldest(query.merged_on(home.store, spec.name)):
            loaded = home.store.load(spec.name, identity)
            if loaded is not None:
                with home.unit(WHY) as unit:
                    unit.save(loaded, dataclasses.replace(loaded.record, merged_into=None))
                stood += 1
    return stood


def _oldest(into: Mapping[int, int]) -> Iterator[int]:
    """Yield the oldest record of each ring.

    Args:
        into: What each record became, of those that became one that was merged itself.
    """
    seen: set[int] = set()
    for first in into:
        path: list[int] = []
        now: int | None = first
        while now is not None and now not in seen:
            seen.add(now)
            path.append(now)
            now = into.get(now)
        if now in path:
            yield min(path[path.index(now) :])
