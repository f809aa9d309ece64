"""The key file brought in line with the people's records, which are the truth of who belongs.

A crash between the two steps of ``services.people`` leaves a record that says what is still to be
done. The next manager who opens the home finishes it here.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from liaison import security
from liaison.files import CannotWrite
from liaison.records import ids
from liaison.records.administration import Person

if TYPE_CHECKING:
    from pathlib import Path

    from liaison.security import Unlocked
    from liaison.store.store import Store


def in_line(path: Path, unlocked: Unlocked, store: Store) -> Unlocked:
    """Bring a key file in line with the people's records.

    Nobody is let in by it: somebody whose record has no slot needs a temporary password.

    Args:
        path: The key file.
        unlocked: The home as a manager unlocked it; anybody else changes nothing.
        store: Its database.

    Returns:
        The home as it is now; whoever opened it gives the database the key that may be pending.
    """
    if not unlocked.may_admit or unlocked.by_recovery:
        return unlocked
    for one in unlocked.file.people:
        record = store.get("person", ids.from_text(one.id))
        # a record that is not here yet says nothing against them
        if isinstance(record, Person):
            # what cannot be done now (a full disk, another window) is done at the next opening;
            # until then opening obeys the record
            with contextlib.suppress(security.NotAllowed, security.KeyFileChanged, CannotWrite):
                unlocked = _one(path, unlocked, one, record)
    return unlocked


def _one(path: Path, unlocked: Unlocked, known: security.Person, record: Person) -> Unlocked:
    """Bring one person's part of the key file in line with their record."""
    if not record.lives:
        return security.dismiss(path, unlocked, person=known.id)
    name, role = record.name or known.name, record.role or known.role
    if (name, role) != (known.name, known.role):
        unlocked = security.reappoint(path, unlocked, person=known.id, name=name, role=role)
    if record.suspended and known.can_unlock:
        return security.suspend(path, unlocked, person=known.id)
    if known.suspended and not record.suspended:
        return security.resume(path, unlocked, person=known.id)
    return unlocked
