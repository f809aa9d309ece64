"""When training runs out (domain rule 1)."""

from __future__ import annotations

from datetime import date, timedelta

from liaison.records.rules.days import add_months, show_date


def expires_on(completed: date, months: int) -> date:
    """Give the last day on which training still counts (domain rule 1).

    Args:
        completed: The day the training was completed.
        months: How many months it lasts, at least 1.

    Returns:
        The day before the anniversary: 15/03/2026 + 12 months runs out on 14/03/2027.

    Raises:
        ValueError: ``months`` is less than 1.
    """
    if months < 1:
        raise ValueError(f"Training lasts at least one month, not {months}.")
    # Clamp first, then step back one day: 29/02/2024 + 12 months is 28/02/2025, so the last day is
    # 27/02/2025. The other order would give 28/02/2025, a day too long.
    return add_months(completed, months) - timedelta(days=1)


def completed_problem(completed: date, today: date) -> str | None:
    """Say what is wrong with a completion date (domain rule 1).

    Args:
        completed: The day the training is said to have been completed.
        today: Today's date.

    Returns:
        A plain sentence when the date is in the future, else None.
    """
    if completed <= today:
        return None
    return (
        f"The completion date {show_date(completed)} is in the future (today is "
        f"{show_date(today)}). Training is recorded once it is done."
    )
