"""What the page of open loops shows: read in one go, off the window's thread."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING

from liaison.services import loop_words, loops

if TYPE_CHECKING:
    from liaison.services.loop_words import Line
    from liaison.store.store import Store


@dataclasses.dataclass(frozen=True, slots=True)
class Head:
    """A heading, and how many lie under it."""

    words: str
    count: int


@dataclasses.dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see.

    Args:
        on: The present day.
        kind: One kind of loop; empty for all.
        by: By what they are put together, a key of ``loop_words.GROUPS``.
        most: How many lines are shown.
    """

    on: dt.date
    kind: str = ""
    by: str = "age"
    most: int = 40


@dataclasses.dataclass(frozen=True, slots=True)
class LoopsFacts:
    """What the page shows.

    Args:
        total: How many there are of all kinds.
        late: How many of them are late.
        counts: How many of each kind.
        chosen: How many of the kind that is shown.
        rows: Headings and lines, in their order, as many as were asked for.
        shown: How many of the rows are lines.
    """

    total: int
    late: int
    counts: tuple[tuple[str, int], ...]
    chosen: int
    rows: tuple[Head | Line, ...]
    shown: int


def read(store: Store, asked: Asked) -> LoopsFacts:
    """Read what the page shows.

    Args:
        store: The home.
        asked: What somebody wants to see.
    """
    found = loops.read(store, asked.on, present=True)
    wanted = found.of(asked.kind)
    rows: list[Head | Line] = []
    shown = 0
    for group in loop_words.grouped(store, wanted, asked.by, asked.on):
        if shown >= asked.most:
            break
        rows.append(Head(group.words, len(group.items)))
        lines = loop_words.tell(store, group.items[: asked.most - shown], asked.on)
        rows += lines
        shown += len(lines)
    return LoopsFacts(
        len(found.items),
        sum(loop.state == "late" for loop in found.items),
        tuple(found.counts.items()),
        len(wanted),
        tuple(rows),
        shown,
    )
