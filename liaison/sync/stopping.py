"""A storage that somebody can stop asking: the home is locked, the window closes, or it takes too long.

A request that is under way ends when the system says so; the next one is not begun. What a round had
done by then is whole, and the next round goes on from there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from liaison.sync.transport import Removing, TransportTrouble

if TYPE_CHECKING:
    from collections.abc import Callable

    from liaison.sync.transport import Transport


class Stopped(TransportTrouble):
    """Nobody waits for the storage any more."""

    code = "stopped"


class Stoppable:
    """A storage that is asked nothing more once somebody says so.

    Args:
        transport: The storage.
        is_stopped: Whether somebody said so.
    """

    def __init__(self, transport: Transport, is_stopped: Callable[[], bool]) -> None:
        self._transport = transport
        self._is_stopped = is_stopped

    def list(self, prefix: str, after: str = "") -> list[str]:
        """Return the names below a prefix; see :class:`~liaison.sync.transport.Transport`.

        Raises:
            Stopped: It is not to be asked any more.
        """
        self._go_on()
        found = self._transport.list(prefix, after)
        self._go_on()
        return found

    def get(self, key: str, /) -> bytes | None:
        """Return the bytes of an object; None if there is none; raises as :meth:`list` does."""
        self._go_on()
        data = self._transport.get(key)
        self._go_on()
        return data

    def put(self, key: str, data: bytes, /) -> None:
        """Lay an object there; raises as :meth:`list` does, but not once it is there."""
        self._go_on()
        self._transport.put(key, data)

    def _go_on(self) -> None:
        if self._is_stopped():
            raise Stopped(
                "The exchange with the other PCs was interrupted.",
                kept="What was written here waits to be sent.",
            )


class StoppableRemoving(Stoppable):
    """A storage that can also take objects away.

    Args:
        transport: The storage.
        is_stopped: Whether somebody said that it is asked nothing more.
    """

    def __init__(self, transport: Transport, is_stopped: Callable[[], bool]) -> None:
        super().__init__(transport, is_stopped)
        self._removing = transport

    def remove(self, key: str, /) -> None:
        """Take an object away; raises as :meth:`list` does."""
        self._go_on()
        if isinstance(self._removing, Removing):
            self._removing.remove(key)


def stoppable(transport: Transport, is_stopped: Callable[[], bool]) -> Stoppable:
    """Return a storage that is asked nothing more once somebody says so.

    Args:
        transport: The storage.
        is_stopped: Whether somebody said so; asked on the thread of the round.
    """
    if isinstance(transport, Removing):
        return StoppableRemoving(transport, is_stopped)
    return Stoppable(transport, is_stopped)
