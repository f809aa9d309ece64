"""What is known of a home while it is locked."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from liaison.ui import clock

if TYPE_CHECKING:
    from liaison.security import Person as KeyPerson
    from liaison.settings import KnownHome, KnownPerson

    Person = KeyPerson | KnownPerson

_LONG_AGO: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


@dataclasses.dataclass(frozen=True, slots=True)
class Locked:
    """What is known of a home while it is locked.

    Args:
        people: Who belongs to it, as its key file says, or as this PC remembers.
        known: What this PC remembers of it.
        now: The present moment.
        lock_after: After how many minutes without anybody it locks itself; 0 to say nothing of it.
    """

    people: Sequence[Person]
    known: KnownHome
    now: Callable[[], dt.datetime] = clock.now
    lock_after: int = 0

    def in_order(self) -> list[Person]:
        """Return who can unlock it: those who were here last first, then by name."""

        def last_here(person: Person) -> dt.datetime:
            return self.known.seen.get(person.id, _LONG_AGO)

        able = sorted((one for one in self.people if one.can_unlock), key=lambda one: one.name)
        return sorted(able, key=last_here, reverse=True)

    def facts(self) -> list[tuple[str, str]]:
        """Return what may be said of it: icons and sentences."""
        facts = [("shield-check", "Encrypted; only this home's people hold a key")]
        if self.known.backed_up_at is not None:
            ago = clock.ago(self.known.backed_up_at, self.now().date())
            facts.insert(0, ("hard-drive", f"Backed up {ago}"))
        if self.lock_after:
            minutes = f"{self.lock_after} minute{'' if self.lock_after == 1 else 's'}"
            facts.append(("lock", f"Locks itself after {minutes}"))
        return facts

    def managers(self, but: str = "") -> str:
        """Return the names of managers other than somebody: "Helen or Moira"; empty if none."""
        names = [one.name for one in self.people if one.role == "manager" and one.id != but]
        return " or ".join(names[:2])
