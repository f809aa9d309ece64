"""What the exchange has to be told of a home's PCs and keys; whoever opens the home provides it.

The exchange itself decides nothing about who belongs: it asks a roster whose signatures count and
how far, and it asks for the key of an epoch. Both read the log, so what a round took in may change
their answers; they are asked anew for every segment.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from liaison.store.replicas import Replica


@dataclasses.dataclass(frozen=True, slots=True)
class EpochKey:
    """One of the home's keys for what lies in the storage.

    Args:
        id: Its name, up to 16 ASCII characters.
        key: 32 bytes.
    """

    id: str
    key: bytes = dataclasses.field(repr=False)


class Roster(Protocol):
    """Who belongs to the home, as far as this PC knows by now."""

    def signing_key(self, pc: int) -> bytes | None:
        """Return the Ed25519 public key (32 bytes) of a PC.

        Args:
            pc: The id of the PC's record.

        Returns:
            The key of every PC that a manager ever approved, also of one removed since; None for
            one that is not known or not approved (yet): what it wrote waits.
        """
        ...

    def cut(self, pc: int, incarnation: int) -> int | None:
        """Return how far what a PC wrote counts.

        Args:
            pc: The id of the PC's record.
            incarnation: Which life of it.

        Returns:
            None for a PC that belongs to the home; of one that was removed, the number of the last
            *unit* (``unit.seq``) of that incarnation that counts, 0 for none of them.
        """
        ...

    def members(self) -> frozenset[int]:
        """Return the ids of the PCs that belong to the home now, this one among them."""
        ...


class EpochKeys(Protocol):
    """The keys that segments are encrypted with; they are only ever added to."""

    def key(self, epoch: str) -> bytes | None:
        """Return the key of an epoch; None if it has not reached this PC (what it opens waits)."""
        ...

    def spare(self, epoch: str) -> tuple[bytes, ...]:
        """Return what may be the key of an epoch that has not reached this PC, to be tried.

        A removed PC made it, and said so in what does not count; or somebody laid it in the storage,
        beside the log. Either may have said anything.

        Raises:
            Stopped: Nobody waits for the storage any more.
        """
        ...

    def for_writing(self, unit: int) -> EpochKey:
        """Return the key for a segment that holds a unit.

        A new epoch reaches the other PCs inside a segment, which must be one they can open. So this
        is the newest epoch that no removed PC has, of those announced by a unit *older* than the
        given one; the unit that announces an epoch still goes under the one before it. A segment is
        ended where the answer changes.

        Args:
            unit: The id (stamp) of the unit; for what is no unit, the highest stamp there is.
        """
        ...


class Lives(Protocol):
    """How this PC goes on as a replica of its own when it finds that it was set back."""

    def begin(self, incarnation: int) -> Replica:
        """Begin a new incarnation: ``Store.new_incarnation``, and the vault must learn of it.

        Args:
            incarnation: Its number, higher than any this PC ever had.

        Returns:
            The replica that writes from now on.
        """
        ...
