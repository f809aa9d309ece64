"""Days as they are typed after an option: ``2026-11-23``, ``23/11/2026``, ``today``, ``-30d``."""

from __future__ import annotations

import datetime as dt

from liaison.errors import UserError
from liaison.records.rules import times
from liaison.store.store import Store


def day_of(store: Store, typed: str | None, option: str) -> dt.date | None:
    """Return the day that was typed; None if nothing was.

    Args:
        store: The home, whose clock says what today is.
        typed: What was typed.
        option: The option it was typed after, for the message.

    Raises:
        UserError: It is not a day.
    """
    if typed is None:
        return None
    try:
        return times.parse_date(typed, today=store.today())
    except ValueError as error:
        raise UserError(f"{option}: {error}", kept="Nothing was changed.", code="date") from None


def time_of(store: Store, typed: str | None, option: str) -> dt.datetime | None:
    """Return the moment that was typed; None if nothing was.

    Args:
        store: The home, whose clock says what today is.
        typed: What was typed.
        option: The option it was typed after, for the message.

    Raises:
        UserError: It is not a moment.
    """
    if typed is None:
        return None
    try:
        return times.parse_time(typed, now=store.clock())
    except ValueError as error:
        raise UserError(f"{option}: {error}", kept="Nothing was changed.", code="date") from None
