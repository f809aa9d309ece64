"""What any storage must be able to do for the exchange, and nothing more.

Three verbs over immutable objects. Nothing is assumed of locks, times, order or of a list being
complete: a list may hide what was just put, a put may have worked although its answer was lost.
"""

from __future__ import annotations

from typing import Final, Protocol, runtime_checkable

from liaison.errors import UserError

_MOST_UNREAD: Final = 8


class TransportTrouble(UserError):
    """The storage could not be asked or would not do it; a later round tries again."""

    code = "storage"


class Unreadable(TransportTrouble):
    """One object lies there and cannot be read now; others may be."""


class Transport(Protocol):
    """A place that every PC of a home reaches, and that nobody trusts."""

    def list(self, prefix: str, after: str = "") -> list[str]:
        """Return the names of objects that begin with a prefix, in ascending order.

        Args:
            prefix: A folder, ending in a slash.
            after: Only names behind this one.

        Raises:
            UserError: The storage could not be asked; never an empty list instead.
        """
        ...

    def get(self, key: str, /) -> bytes | None:
        """Return the bytes of an object; None if there is none of that name.

        Raises:
            Unreadable: It could not be read now, and nothing says that others cannot.
            UserError: The storage could not be asked.
        """
        ...

    def put(self, key: str, data: bytes, /) -> None:
        """Lay an object there, whole or not at all; the same bytes again change nothing.

        Raises:
            UserError: It could not be written; whether it is there is not known.
        """
        ...


@runtime_checkable
class Removing(Protocol):
    """A storage from which a PC can also take its own old objects away (tidying up)."""

    def remove(self, key: str, /) -> None:
        """Take an object away; nothing happens if there is none.

        Raises:
            UserError: It could not be removed now.
        """
        ...


class Forbearing:
    """A way to read objects of which a few cannot be read now: those do not stop the others.

    A cloud program has not downloaded one, or another program holds it. Where many cannot be read it
    is the storage that is in trouble, and each of them would be waited for.

    Args:
        transport: The storage.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.unread: list[str] = []
        """The names of those that could not be read."""

    def get(self, key: str) -> bytes | None:
        """Return the bytes of an object; None if there is none, or it cannot be read now.

        Raises:
            UserError: The storage could not be asked, or too many could not be read.
        """
        try:
            return self._transport.get(key)
        except Unreadable:
            if len(self.unread) >= _MOST_UNREAD:
                raise
            self.unread.append(key)
            return None
