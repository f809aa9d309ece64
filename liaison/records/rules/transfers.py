"""Going to hospital and coming back: reviews, readmissions, and what came along (need N11)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from liaison.records.rules.times import in_london
from liaison.records.rules.working_days import add_working_days

WENT: Final = ("admission", "A&E")
"""To hospital, from where somebody is expected back."""
BACK: Final = ("discharge", "return from A&E")
"""Back to us from hospital."""
REVIEWED: Final = (*BACK, "move in")
"""What a review is due after."""
GOING: Final = (*WENT, "move out")
"""Away from us."""
READMITTED_WITHIN: Final = 30
"""Days after coming back within which going to hospital again is a readmission."""
CHECKLIST: Final = ("summary", "medicines", "equipment")
"""What goes along with somebody, both ways."""


def review_due(direction: str | None, at: datetime | None, working_days: int) -> date | None:
    """Return the last day for the review after coming back (domain rule 2).

    Args:
        direction: The direction of the transfer.
        at: When it was.
        working_days: The home's own setting, 7 unless it was changed.

    Returns:
        Back on 06/11/2026, it is 17/11/2026; back on 18/12/2026, it is 31/12/2026. None if no
        review is due after such a transfer.
    """
    if at is None or direction not in REVIEWED:
        return None
    return add_working_days(in_london(at).date(), working_days)


@dataclasses.dataclass(frozen=True, slots=True)
class Move:
    """One transfer of a resident, as far as the others are judged by it."""

    direction: str
    at: datetime


def readmitted_after(move: Move, others: Iterable[Move]) -> int | None:
    """Tell whether somebody went to hospital again soon after coming back.

    Args:
        move: The transfer.
        others: The resident's transfers, this one among them or not.

    Returns:
        How many calendar days before they had come back, if that is at most 30; else None.
    """
    if move.direction not in WENT:
        return None
    returns = [one.at for one in others if one.direction in BACK and one.at <= move.at]
    if not returns:
        return None
    days = (in_london(move.at).date() - in_london(max(returns)).date()).days
    return days if days <= READMITTED_WITHIN else None


def left_from(move: Move, others: Iterable[Move]) -> datetime | None:
    """Return when somebody had gone who came back with a transfer; None if that is not recorded.

    Args:
        move: The return.
        others: The resident's transfers.
    """
    if move.direction not in BACK:
        return None
    before = sorted((one for one in others if one.at < move.at), key=lambda one: one.at)
    if not before or before[-1].direction not in WENT:
        # the way out was never written down, or somebody returned twice
        return None
    # to A&E and then onto a ward is one absence
    gone = before[-1].at
    for one in reversed(before):
        if one.direction not in WENT:
            break
        gone = one.at
    return gone


def is_away(moves: Iterable[Move], on: datetime) -> bool:
    """Tell whether somebody was in hospital at a moment, as far as transfers were recorded."""
    before = [one for one in moves if one.at <= on]
    last = max(before, key=lambda one: one.at, default=None)
    return last is not None and last.direction in WENT


def lacking(answers: dict[str, str | None]) -> tuple[str, ...]:
    """Return which fields of the checklist say that something did not, or only partly, go along.

    Args:
        answers: What was recorded, by field; None for what nobody answered.
    """
    return tuple(name for name in CHECKLIST if answers.get(name) in {"no", "partly"})


def unanswered(answers: dict[str, str | None]) -> tuple[str, ...]:
    """Return which fields of the checklist nobody has answered."""
    return tuple(name for name in CHECKLIST if not answers.get(name))
