"""The records that the rows of a list are about: those that are there, and those it will make."""

from __future__ import annotations

import dataclasses
from typing import Final

from liaison.records import Record, ids

# Ids of records that have none yet: stamps of the year 2248, which no clock is believed to show.
_UNBORN: Final = ids.LARGEST - (1 << 24)


def is_unborn(identity: int) -> bool:
    """Return whether an id stands for a record that the import will make."""
    return identity > _UNBORN


def place_of(identity: int) -> int:
    """Return the place of a record that the import will make among its records."""
    return ids.LARGEST - identity


@dataclasses.dataclass(eq=False, slots=True)
class Slot:
    """One record that rows are about: one that is there, or a new one.

    Args:
        number: Its place among the records of this import.
        stored: The record that is there; None for a new one.
        record: What the rows make of it; None until one of them did.
        row: The number of the row that makes a new one.
    """

    number: int
    stored: Record | None = None
    record: Record | None = None
    row: int | None = None

    @property
    def reference(self) -> int:
        """Its id, or what stands for it until it has one."""
        if self.stored is not None and self.stored.id is not None:
            return self.stored.id
        return ids.LARGEST - self.number
