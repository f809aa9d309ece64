"""The demonstration as a list of acts, written one after the other at the moments they were made.

Everything goes through the doors that people's own work goes through; only the clock is ours. So
the history reads like one that has grown.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from liaison.records import Record, ids, spec_of
from liaison.store.store import collector_paused

if TYPE_CHECKING:
    from liaison.services.homes import OpenHome
    from liaison.store.unit import UnitOfWork

Progress = Callable[[int, int], None]
"""Told how many acts of how many are done."""


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self, moment: dt.datetime) -> None:
        self.moment = moment

    def __call__(self) -> dt.datetime:
        """Tell the moment."""
        return self.moment


class Book:
    """Which record each name in the script stands for.

    Args:
        home: The home that is written.
    """

    def __init__(self, home: OpenHome) -> None:
        self.home = home
        self._known: dict[str, tuple[str, int]] = {}

    def note(self, key: str, type_name: str, identity: int) -> None:
        """Remember which record a name stands for; the newest one counts."""
        self._known[key] = type_name, identity

    def __contains__(self, key: str) -> bool:
        """Return whether a name stands for a record yet."""
        return key in self._known

    def id(self, key: str) -> int:
        """Return the id of the record a name stands for."""
        return self._known[key][1]

    def maybe(self, key: str) -> int | None:
        """Return the id of the record a name stands for; None if it is not there (yet)."""
        return self._known[key][1] if key in self._known else None

    def text_id(self, key: str) -> str:
        """Return an id as other records hold it in a text."""
        return ids.to_text(self.id(key))

    def record(self, key: str) -> Record:
        """Return the record a name stands for, as it is now."""
        type_name, identity = self._known[key]
        found = self.home.store.get(type_name, identity)
        assert found is not None  # noqa: S101  # it was written a moment ago
        return found


class Pen:
    """Writes records in one unit of work.

    Args:
        book: Which record each name stands for.
        unit: The unit of work.
    """

    def __init__(self, book: Book, unit: UnitOfWork) -> None:
        self.book = book
        self.unit = unit

    def add(self, record: Record, key: str = "") -> int:
        """Add a record; under a name, if it will be spoken of again."""
        identity = self.unit.add(record)
        if key:
            self.book.note(key, spec_of(record).name, identity)
        return identity

    def change(self, key: str, **fields: Any) -> None:
        """Correct fields of a record of an earlier unit."""
        record = self.book.record(key)
        assert record.id is not None  # noqa: S101  # it is in the home
        loaded = self.book.home.store.load(spec_of(record).name, record.id)
        assert loaded is not None  # noqa: S101  # it is in the home
        self.unit.save(loaded, dataclasses.replace(loaded.record, **fields))


@dataclasses.dataclass(frozen=True, slots=True)
class _Act:
    at: dt.datetime
    work: Callable[[Pen], None] | None
    reason: str
    kind: str
    alone: Callable[[Book], None] | None


class Script:
    """What was written when.

    Args:
        last: The last moment of the script: what would come later is left out.
    """

    def __init__(self, last: dt.datetime) -> None:
        self._acts: list[_Act] = []
        self.last = last

    def write(
        self,
        moment: dt.datetime,
        work: Callable[[Pen], None],
        reason: str = "",
        *,
        kind: str = "save",
    ) -> bool:
        """Let something be written at a moment, as one unit of work.

        Args:
            moment: When it is written down.
            work: Writes the records.
            reason: Why, in their words.
            kind: What kind of work it is, one word.

        Returns:
            Whether the moment is in the past; what is not has not been written yet.
        """
        if moment <= self.last:
            self._acts.append(_Act(moment, work, reason, kind, None))
        return moment <= self.last

    def do(self, moment: dt.datetime, alone: Callable[[Book], None]) -> None:
        """Let a service be used at a moment, which writes units of its own."""
        if moment <= self.last:
            self._acts.append(_Act(moment, None, "", "", alone))

    def play(self, book: Book, clock: Clock, progress: Progress) -> None:
        """Write everything, in the order in which it was written down.

        Args:
            book: The home, and the names known so far.
            clock: The home's clock.
            progress: Told how far it is.
        """
        acts = self._in_order()
        with collector_paused():
            for done, act in enumerate(acts, 1):
                clock.moment = act.at
                if act.alone is not None:
                    act.alone(book)
                elif act.work is not None:
                    with book.home.unit(act.reason, kind=act.kind) as unit:
                        act.work(Pen(book, unit))
                progress(done, len(acts))

    def _in_order(self) -> list[_Act]:
        return sorted(self._acts, key=lambda act: act.at)

    def __iter__(self) -> Iterator[dt.datetime]:
        """Go through the moments at which something is written, in order."""
        return (act.at for act in self._in_order())
