"""Taking back what was just done, from a toast, Ctrl+Z or a history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from liaison.services import drafts, editing
from liaison.ui.parts import told

if TYPE_CHECKING:
    from collections.abc import Iterable

    from liaison.services.drafts import Draft
    from liaison.services.homes import OpenHome
    from liaison.ui.desk import Desk


def offer_undo(desk: Desk, words: str, changes: Iterable[int]) -> None:
    """Say what was done, with a way to take it back.

    Args:
        desk: The desk.
        words: One sentence.
        changes: The stamps of what was written; none means there is nothing to take back.
    """
    wanted = tuple(changes)
    desk.say(words, (lambda: take_back(desk, wanted)) if wanted else None)


def take_back(desk: Desk, changes: Iterable[int], reason: str = "") -> None:
    """Take changes back and say what was left alone because it was changed since.

    Args:
        desk: The desk.
        changes: Their stamps.
        reason: Why, in their words.
    """
    wanted = tuple(changes)

    def undo(home: OpenHome) -> str:
        return told.undone_words(editing.undo(home, wanted, reason))

    desk.jobs.write(undo, desk.say, desk.trouble, owner=desk)


def put_draft_back(desk: Desk, draft: Draft) -> None:
    """Keep a draft again that was thrown away, once its form is gone from the screen."""
    desk.jobs.write(
        lambda home: drafts.put_back(home, draft),
        lambda _: desk.say("The draft is back."),
        desk.trouble,
        owner=desk,
    )
