"""What the page of the inspection pack offers, worked out without a home."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Final

from liaison.records.rules.days import add_months
from liaison.services import reporting
from liaison.services.reporting import pack

MONTHS: Final = (12, 6, 3)
"""How far back a pack goes, to choose from, the usual first."""


@dataclasses.dataclass(frozen=True, slots=True)
class Offer:
    """A section that a pack can hold.

    Args:
        name: The report's permanent name.
        title: What people call it.
        about: One sentence that says what it shows.
        answers: What of the framework it answers; empty for nothing.
    """

    name: str
    title: str
    about: str
    answers: str


def offered(framework: str) -> tuple[Offer, ...]:
    """Return every section a pack can hold, with what of a framework each answers.

    Args:
        framework: The framework's permanent name.
    """
    items, overall = pack.framework(framework).items, pack.framework(framework).overall
    found = []
    for name in pack.fits():
        spec = reporting.spec_of_report(name)
        answered = [item.label for item in items if name in item.reports]
        answers = "All of them" if name in overall else ", ".join(answered)
        found.append(Offer(name, spec.title, spec.about, answers))
    return tuple(found)


def in_order(chosen: Sequence[str], every: Sequence[str]) -> tuple[str, ...]:
    """Return all sections in the order they are shown in: the chosen ones first."""
    return (*chosen, *(name for name in every if name not in chosen))


def period(today: dt.date, months: int) -> tuple[dt.date, dt.date]:
    """Return the first and last day of so many months up to today."""
    return add_months(today, -months) + dt.timedelta(days=1), today
