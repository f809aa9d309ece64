"""What the page shows at a glance, as lines of words: no widget in sight."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from liaison.ui.parts.case_list import CaseLine

if TYPE_CHECKING:
    from liaison.services.glance import Answer, Behind, Glance

QUESTION: Final = "question"
"""What a line of the questions is, as others are records of a type."""

PAGES: Final[dict[str, tuple[str, object]]] = {
    "training": ("training", None),
    "checks": ("readiness", None),
    "supervisions": ("readiness", None),
    "medicines": ("visits", None),
    "planned": ("visits", None),
    "voice": ("visits", None),
    "family": ("visits", None),
    "reviews": ("transfers", None),
    "hospital": ("transfers", None),
    "own-gp": ("residents", None),
    "answered": ("concern", None),
    "fed-back": ("concern", None),
    "waits": ("referrals", None),
    "open": ("loops", {"kind": ""}),
    "reached": ("reports", {"report": "unmet-contacts"}),
    "rounds": ("rounds", None),
    "checked": ("directory", None),
}
"""The page that has everything a question is about, and what it is gone to with."""


def questions(found: Glance) -> tuple[CaseLine, ...]:
    """Return a line for each question, under the regulator's key questions."""
    return tuple(
        CaseLine(
            QUESTION, number, one.asks, _below(one), one.figure, one.state, group=one.area
        )
        for number, one in enumerate(found.answers)
    )  # fmt: skip


def _below(one: Answer) -> str:
    words = f"{one.unit}, {one.words}" if one.words else one.unit
    return words[:1].upper() + words[1:]


def records(answer: Answer, rows: Sequence[Behind]) -> tuple[CaseLine, ...]:
    """Return a line for each record behind an answer, those to be looked at under one heading."""
    headings = _headings(answer)
    return tuple(
        CaseLine(
            row.type, row.id, row.title, row.detail, row.words, row.state,
            group=headings[row.counts] if headings else "",
        )
        for row in rows
    )  # fmt: skip


def _headings(answer: Answer) -> dict[bool, str]:
    """Return the headings of what counts and of the rest; none for a plain number."""
    if answer.whole is None:
        return {}
    if answer.state == "info":
        return {True: "Counted", False: "The others"}
    return {False: "To look at", True: "As it should be"}


def told(answer: Answer) -> str:
    """Return a chart's numbers in words, for a screen reader."""
    sign = " per cent" if answer.per_cent else ""
    lines = [f"{bar.label} {bar.count}{sign}" for bar in answer.bars]
    lines += [
        f"{wait.label} {wait.days} days" + (f", usual {wait.usual}" if wait.usual else "")
        for wait in answer.waits
    ]
    return ", ".join(lines)
