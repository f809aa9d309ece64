"""The facts of the report of open loops, gathered for paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from liaison.reports.open_loops import SPEC, Facts, Group, Row
from liaison.services import loop_words, loops
from liaison.services.references import Names
from liaison.services.reporting.naming import Residents

if TYPE_CHECKING:
    from liaison.reports.spec import Asked
    from liaison.services.loop_words import Line
    from liaison.store.store import Store

__all__ = ["SPEC", "gather"]

UNNAMED: Final = "This home"


def gather(store: Store, asked: Asked) -> Facts:
    """Return what the report shows.

    Args:
        store: The home.
        asked: The day, and how residents are named.
    """
    found = loops.read(store, asked.on)
    residents = Residents(store, asked.names, Names(store))
    groups = loop_words.grouped(store, found.items, "age", found.on)
    return Facts(
        home=home_name(store),
        on=found.on,
        groups=tuple(
            Group(
                group.words,
                tuple(
                    _row(residents, line) for line in loop_words.tell(store, group.items, found.on)
                ),
            )
            for group in groups
        ),
        kinds=tuple((loops.KINDS[kind], number) for kind, number in found.counts.items()),
        names=asked.names,
    )


def home_name(store: Store) -> str:
    """Return the home's name, as it stands at the head of paper."""
    loaded = store.the("home")
    return (None if loaded is None else getattr(loaded.record, "name", None)) or UNNAMED


def _row(residents: Residents, line: Line) -> Row:
    loop = line.loop
    return Row(
        line.kind,
        line.what,
        residents.with_room(loop.resident, line.resident),
        line.owner,
        line.step,
        loop.since_day,
        loop.due,
        loop.days,
        loop.state,
    )
