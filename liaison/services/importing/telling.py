"""How a long import says how far it is, and how it is stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, TypeVar

T = TypeVar("T")

Tell = Callable[[int, int, str], object]
"""Told rows done, rows in all (0 if that is not known yet) and what is being done.

What it raises ends the import; nothing is written then, or what was written is taken back.
"""

STEP: Final = 200
"""After so many rows it is told anew."""

READING: Final = "Reading the rows"
COMPARING: Final = "Looking for what is known already"
MATCHING: Final = "Comparing them with what is known"
CHECKING: Final = "Checking them"
WRITING: Final = "Saving them"


def untold(_done: int, _total: int, _what: str) -> None:
    """Tell nobody."""


def in_steps(items: Sequence[T], tell: Tell, what: str) -> Iterator[T]:
    """Yield items, and tell from time to time how far that is."""
    for number, item in enumerate(items):
        if number % STEP == 0:
            tell(number, len(items), what)
        yield item


def drain(*held: list[Any] | set[Any] | dict[Any, Any]) -> None:
    """Empty what holds much, one by one: let go of at once, it would stop every other thread.

    Args:
        held: Lists, sets and dictionaries that nobody needs any more.
    """
    for one in held:
        take: Callable[[], object] = one.popitem if isinstance(one, dict) else one.pop
        while one:
            take()
