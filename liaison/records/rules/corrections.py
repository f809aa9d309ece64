"""Corrections never erase: what still stands, and what was moved away (domain rule 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Correctable(Protocol):
    """Anything that can be struck through or archived; every record can."""

    @property
    def struck_reason(self) -> str | None:
        """Why the entry was struck through; None or empty when it was not."""

    @property
    def archived(self) -> bool:
        """Whether the entry was put away."""


Entry = TypeVar("Entry", bound=Correctable)


def is_struck(struck_reason: str | None) -> bool:
    """Tell whether an entry was struck through; a reason of blanks is none."""
    return bool(struck_reason and struck_reason.strip())


def stands(struck_reason: str | None, archived: bool) -> bool:  # noqa: FBT001 - the record's field
    """Tell whether an entry still stands (domain rule 7).

    Args:
        struck_reason: Why it was struck through, if it was.
        archived: Whether it was put away.

    Returns:
        True when it counts in lists, totals and reports. What does not stand is never erased: it
        stays in the history, with who, when and why.
    """
    return not archived and not is_struck(struck_reason)


def standing(entries: Iterable[Entry]) -> list[Entry]:
    """Keep the entries that still stand, in their order."""
    return [entry for entry in entries if stands(entry.struck_reason, entry.archived)]


def left_out_of_export(struck_reason: str | None, *, moved_away: bool) -> bool:
    """Tell whether a person's export leaves an entry out (domain rule 7).

    Args:
        struck_reason: Why it was struck through, if it was.
        moved_away: Whether another entry says it was moved from this one.

    Returns:
        True only when both hold: a note saved on the wrong resident is about somebody else. A note
        that was struck through but not moved is still held on this person, and is exported as
        struck through.
    """
    return moved_away and is_struck(struck_reason)


def for_export(entries: Iterable[Entry], moved_away: Callable[[Entry], bool]) -> list[Entry]:
    """Keep the entries a person's export holds, in their order; archived ones are held as well.

    Args:
        entries: Everything recorded on the person.
        moved_away: Tells of an entry whether another one says it was moved from it.
    """
    return [
        entry
        for entry in entries
        if not left_out_of_export(entry.struck_reason, moved_away=moved_away(entry))
    ]
