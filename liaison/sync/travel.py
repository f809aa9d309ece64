"""Taking sealed objects to and fro without any key: what still works while the home is locked."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from liaison.errors import UserError
from liaison.sync import names
from liaison.sync.transport import Forbearing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from liaison.sync.shelf import Shelf
    from liaison.sync.transport import Transport


@dataclasses.dataclass(slots=True)
class Travelled:
    """What went to and fro.

    Args:
        fetched: Objects that came.
        given: Objects that the storage lacked and was given.
        trouble: What the storage said when it would not go on; None if all went well.
    """

    fetched: int = 0
    given: int = 0
    trouble: UserError | None = None


def travel(transport: Transport, shelf: Shelf, home: str) -> Travelled:
    """Fetch what is new and give the storage what it lacks; nothing is opened or believed.

    Args:
        transport: The storage.
        shelf: Where sealed objects lie on this PC.
        home: The home's id.
    """
    result = Travelled()
    try:
        there = transport.list(names.segments(home))
        result.fetched = fetch(transport, shelf, there)
        result.given = give_back(transport, shelf, there)
    except UserError as trouble:
        result.trouble = trouble
    return result


def fetch(transport: Transport, shelf: Shelf, there: Iterable[str]) -> int:
    """Put what the storage has and this PC has not onto the shelf; return how many came."""
    came = 0
    here = shelf.kept | shelf.fetched | shelf.refused
    reading = Forbearing(transport)
    for name in there:
        if name in here or not names.is_safe(name):
            continue
        data = reading.get(name)
        if data is not None:
            shelf.fetch(name, data)
            came += 1
    return came


def give_back(transport: Transport, shelf: Shelf, there: Iterable[str]) -> int:
    """Give the storage every segment that it lacks; return how many it was given."""
    lacking = sorted(shelf.kept.difference(there))
    given = 0
    for name in lacking:
        data = shelf.read(name)
        if data is not None:
            transport.put(name, data)
            given += 1
    return given
