"""The facts of the report of open loops, gathered for paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from liaison.records.home import Resident
from liaison.records.rules.initials import initials
from liaison.reports.open_loops import SPEC, Facts, Group, Row
from liaison.services import loop_words, loops
from liaison.services.references import Names

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
        asked: The day, and whether residents are shown by initials.
    """
    found = loops.read(store, asked.on)
    names = Names(store)
    groups = loop_words.grouped(store, found.items, "age", found.on)
    return Facts(
        home=home_name(store),
        on=found.on,
        groups=tuple(
            Group(
                group.words,
                tuple(
                    _row(names, line, by_initials=asked.initials)
                    for line in loop_words.tell(store, group.items, found.on)
                ),
            )
            for group in groups
        ),
        kinds=tuple((loops.KINDS[kind], number) for kind, number in found.counts.items()),
        initials=asked.initials,
    )


def home_name(store: Store) -> str:
    """Return the home's name, as it stands at the head of paper."""
    loaded = store.the("home")
    return (None if loaded is None else getattr(loaded.record, "name", None)) or UNNAMED


def resident_words(names: Names, identity: int | None, words: str, *, by_initials: bool) -> str:
    """Return a resident as a copy names them: in full, or by initials with their room."""
    if not by_initials or identity is None:
        return words
    record = names.record("resident", identity)
    if not isinstance(record, Resident):
        return words
    room = f", Room {record.room}" if record.room else ""
    return f"{initials(record.name or '')}{room}"


def _row(names: Names, line: Line, *, by_initials: bool) -> Row:
    loop = line.loop
    return Row(
        line.kind,
        line.what,
        resident_words(names, loop.resident, line.resident, by_initials=by_initials),
        line.owner,
        line.step,
        loop.since_day,
        loop.due,
        loop.days,
        loop.state,
    )
