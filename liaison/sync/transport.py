"""What any storage must be able to do for the exchange, and nothing more.

Three verbs over immutable objects. Nothing is assumed of locks, times, order or of a list being
complete: a list may hide what was just put, a put may have worked although its answer was lost.
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from liaison.errors import UserError


class TransportTrouble(UserError):
    """The storage could not be asked or would not do it; a later round tries again."""

    code = "storage"


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
            UserError: It could not be read now.
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
