"""Shares of staff who hold what they must: of the home, of each job role, of each team."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from liaison.records.rules import compliance
from liaison.records.rules.days import add_months
from liaison.records.rules.matrix import Matrix, Row

UNSAID: Final = "Not recorded"


@dataclasses.dataclass(frozen=True, slots=True)
class Share:
    """How some of the staff stand.

    Args:
        key: What they have in common, as it is kept; empty for nothing.
        name: The same in words.
        complete: How many of them hold every course they must.
        people: How many they are.
        held: How many of the courses that they must hold they do, over all of them.
        required: How many they must hold.
    """

    key: str
    name: str
    complete: int
    people: int
    held: int
    required: int

    @property
    def percent(self) -> Decimal:
        """The share of those who hold every course they must, in per cent (domain rule 6)."""
        return compliance.percent(self.complete, self.people)

    @property
    def percent_held(self) -> Decimal:
        """The share of courses held of those that must be, in per cent."""
        return compliance.percent(self.held, self.required)


def of_home(made: Matrix, name: str = "Everyone") -> Share:
    """Return the share of everybody."""
    return _sum("", name, made.rows)


def by_role(made: Matrix) -> tuple[Share, ...]:
    """Return the share of each job role, in the order of the matrix."""
    return _by(made, lambda row: (row.job_role or "", row.role or UNSAID))


def by_team(made: Matrix) -> tuple[Share, ...]:
    """Return the share of each team, by name; those without one last."""
    found = _by(made, lambda row: (row.staff.team or "", row.team or UNSAID))
    return tuple(sorted(found, key=lambda share: (not share.key, share.name.casefold())))


def _by(made: Matrix, of: Callable[[Row], tuple[str, str]]) -> tuple[Share, ...]:
    groups: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in made.rows:
        groups[of(row)].append(row)
    return tuple(_sum(key, name, rows) for (key, name), rows in groups.items())


def _sum(key: str, name: str, rows: Iterable[Row]) -> Share:
    listed = list(rows)
    return Share(
        key, name, sum(row.complete for row in listed), len(listed),
        sum(row.in_date for row in listed), sum(row.required for row in listed),
    )  # fmt: skip


def month_ends(on: date, months: int) -> tuple[date, ...]:
    """Return the last days of the months before a day, oldest first, and the day itself.

    Args:
        on: The day.
        months: How many days to return; the last of them is the day.
    """
    first = on.replace(day=1)
    ends = [add_months(first, -back) - timedelta(days=1) for back in range(months - 1)]
    return (*reversed(ends), on)
