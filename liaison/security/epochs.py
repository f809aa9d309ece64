"""The keys for what PCs send each other, as the entries of the log tell of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from liaison.security import entries as said
from liaison.security.wire import text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from liaison.security.entries import Entry
    from liaison.security.standing import Placed


@dataclass(frozen=True, slots=True)
class EpochEntry:
    """A key for what PCs send each other.

    Args:
        id: Its name.
        announced: The id of the first unit that announced it and counts; None if it is only known
            from somebody whose authority had ended, or handed on to open with: it may open what was
            sent, and nothing is written under it.
        sealed: It, by the id of the PC it is sealed to.
        made_for: The ids of the PCs that were given it when it was announced.
        given: The ids of the PCs that have it, by the word of somebody whose word counts.
        senders: The ids of the PCs that sent such a word.
    """

    id: str
    announced: int | None
    sealed: dict[int, bytes]
    made_for: frozenset[int] = frozenset()
    given: frozenset[int] = frozenset()
    senders: frozenset[int] = frozenset()


def epochs_of(
    found: Mapping[str, tuple[Entry, Sequence[Placed]]],
    ever: Collection[bytes],
    counting: Collection[str],
) -> tuple[EpochEntry, ...]:
    """Return the keys, the one announced first first; one more to open with gives nobody anything.

    Args:
        found: Every entry with where it stands in the log, by its digest.
        ever: The keys whose signature ever counted.
        counting: The digests of the entries that count.
    """
    epochs: dict[str, EpochEntry] = {}
    for entry, places in found.values():
        if entry.kind != said.EPOCH or entry.signer not in ever:
            continue
        name, sealed = text(entry.body, "id"), said.sealed_of(entry.body)
        known = epochs.get(name, EpochEntry(name, None, {}))
        announced, made_for = known.announced, known.made_for
        if entry.digest in counting:
            if not said.only_opens(entry.body):
                first = min(place.unit for place in places)
                announced = first if announced is None else min(first, announced)
                if not said.known_to(entry.body):
                    made_for |= sealed.keys() | {place.pc for place in places}
            # what counts is opened first, if both are sealed to one PC
            epochs[name] = EpochEntry(
                name, announced, {**known.sealed, **sealed}, made_for,
                known.given | sealed.keys() | said.known_to(entry.body),
                known.senders | {place.pc for place in places},
            )  # fmt: skip
        else:
            epochs[name] = replace(known, sealed={**sealed, **known.sealed})
    return tuple(sorted(epochs.values(), key=lambda one: (one.announced or 0, one.id)))
