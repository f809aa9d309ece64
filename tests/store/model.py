"""What merge must come to, written a second time and plainly: sets of versions per field.

Nothing here is shared with ``liaison.store``. A copy of the home is the set of changes it holds; all
that is shown follows from that set, whatever the order in which it grew.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from typing import Any


@dataclasses.dataclass(frozen=True)
class Entry:
    """One change: its version number, what it wrote and which versions it stood on."""

    stamp: int
    type: str
    rec: int
    op: str
    fields: dict[str, Any]
    over: dict[str, list[int]]

    @property
    def is_birth(self) -> bool:
        return self.op in {"birth", "event"}

    @property
    def is_plain_birth(self) -> bool:
        """The birth of a record that was typed, not built: nothing stands beside it."""
        return self.is_birth and self.rec == self.stamp


@dataclasses.dataclass(frozen=True)
class View:
    """One record as a copy of the home shows it."""

    born: bool
    shown: dict[str, Any]
    heads: dict[str, set[int]]

    def value(self, field: str) -> Any:
        return self.shown.get(field)


class Copy:
    """The changes that one PC holds, and what it must show."""

    def __init__(self) -> None:
        self.entries: dict[int, Entry] = {}
        self._by_record: dict[int, set[int]] = defaultdict(set)

    def take(self, entries: list[Entry]) -> None:
        """Add changes; those it has already change nothing."""
        for entry in entries:
            self.entries[entry.stamp] = entry
            self._by_record[entry.rec].add(entry.stamp)

    def view(self, rec: int) -> View:
        """Work out one record from nothing but its changes."""
        entries = [self.entries[stamp] for stamp in self._by_record.get(rec, ())]
        versions: dict[str, dict[int, Any]] = defaultdict(dict)
        replaced: dict[str, set[int]] = defaultdict(set)
        at_birth: dict[str, Any] = {}
        for entry in entries:
            if entry.is_plain_birth:
                at_birth = entry.fields
                continue
            for field, value in entry.fields.items():
                versions[field][entry.stamp] = value
            for field, stamps in entry.over.items():
                replaced[field] |= set(stamps)
        heads = {field: set(versions[field]) - replaced[field] for field in versions}
        # of several current versions the newest is shown; of none, what it was born with
        shown = at_birth | {field: versions[field][max(heads[field])] for field in heads}
        return View(any(entry.is_birth for entry in entries), shown, heads)

    def type_of(self, rec: int) -> str:
        return self.entries[min(self._by_record[rec])].type

    def records(self) -> list[int]:
        """Return every record of which it holds any change."""
        return sorted(self._by_record)

    def heads(self) -> set[tuple[int, str, int]]:
        """Return every current version."""
        return {
            (rec, field, stamp)
            for rec in self._by_record
            for field, stamps in self.view(rec).heads.items()
            for stamp in stamps
        }

    def replaced_before_it_came(self) -> set[tuple[int, str, int]]:
        """Return the versions that something here replaced and that are not here themselves."""
        return {
            (entry.rec, field, stamp)
            for entry in self.entries.values()
            for field, stamps in entry.over.items()
            for stamp in stamps
            if stamp not in self.entries
        }

    def conflicts(self) -> set[tuple[int, str]]:
        """Return the fields in which current versions say different things."""
        return {
            (rec, field)
            for rec in self._by_record
            for field, stamps in self.view(rec).heads.items()
            if len({self.entries[stamp].fields[field] for stamp in stamps}) > 1
        }
