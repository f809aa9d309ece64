"""Residents as one document names them: in full, by initials and room, or by letters."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from liaison.records.home import Resident
from liaison.records.rules.initials import initials, letters
from liaison.records.showing import NOT_HERE, untitled
from liaison.services.references import Names
from liaison.store import query

if TYPE_CHECKING:
    from liaison.reports.spec import Naming
    from liaison.store.store import Store

_NOBODY: Final = "Not recorded"


class Residents:
    """How a document names residents; the same one in the same way throughout.

    A letter depends on everybody who was ever recorded, not on who is met first: so the sections
    of a pack agree, and two documents from different days do not.

    Args:
        store: The home.
        as_: How they are named.
        names: What names them in full; its own unless the report has one already.
    """

    def __init__(self, store: Store, as_: Naming, names: Names | None = None) -> None:
        self._store = store
        self._as = as_
        self._names = names or Names(store)
        self._letters: dict[int, str] = {}

    def name(self, identity: int | None) -> str:
        """Return a resident's name, initials or letter."""
        if identity is None:
            return _NOBODY
        if self._as == "full":
            return self._names.by_id("resident", identity)
        record = self._names.record("resident", identity)
        if not isinstance(record, Resident) or record.id is None:
            return NOT_HERE
        if self._as == "initials":
            return initials(record.name) if record.name else untitled(record)
        return f"Resident {self._letter(record.id)}"

    def with_room(self, identity: int | None, words: str) -> str:
        """Return a resident as a table names them.

        Args:
            identity: The resident; None if it is about nobody.
            words: What names them in full there.

        Returns:
            Those words, or initials and room, or the letter: a room would say whose it is.
        """
        if self._as == "full" or identity is None:
            return words
        room = self.room(identity)
        return f"{self.name(identity)}, Room {room}" if room else self.name(identity)

    def room(self, identity: int) -> str:
        """Return the room that may stand beside a name; empty beside a letter."""
        record = self._names.record("resident", identity)
        if self._as == "letters" or not isinstance(record, Resident):
            return ""
        return record.room or ""

    def _letter(self, identity: int) -> str:
        if not self._letters:
            asked = query.Query("resident", archived=True, newest_first=False)
            known = [
                record.id
                for record in query.every(self._store, asked)
                if record.id is not None and record.merged_into is None
            ]
            # in the order they were entered, a list that was brought in would give A to the first
            known.sort(key=lambda one: hashlib.sha256(str(one).encode()).digest())
            self._letters = {one: letters(place) for place, one in enumerate(known)}
        return self._letters[identity]
