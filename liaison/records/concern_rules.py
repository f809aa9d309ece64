"""Rules across the fields of a concern (as cross_rules): nothing in the future, nobody who had left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from liaison.records.fields import Around, Problem, Record, Rule, spec_of
from liaison.records.rules import times

_CLOCKS_DIFFER: Final = dt.timedelta(minutes=5)
"""Two PCs of one home show times that differ by so much without anybody noticing."""


def has_been(field: str) -> Rule:
    """Refuse a moment that has not come yet: it is noticed, answered or closed by now."""

    def rule(record: Record, around: Around) -> Iterator[Problem]:
        at = getattr(record, field)
        if at is None:
            return
        if around.now is not None:
            ahead = at > around.now + _CLOCKS_DIFFER
        else:
            ahead = around.today is not None and times.in_london(at).date() > around.today
        if ahead:
            label = spec_of(record).by_name[field].label
            yield Problem(field, f"{label}: {times.show_time(at)} has not come yet.")

    return rule


def lived_here_when_raised(record: Record, around: Around) -> Iterator[Problem]:
    """Refuse an open concern about somebody who had left by the time it was raised."""
    at, resident = getattr(record, "raised_at", None), getattr(record, "resident", None)
    if at is None or resident is None or getattr(record, "closed_at", None) is not None:
        return
    who = around.find("resident", resident)
    left = getattr(who, "left_on", None)
    if left is not None and times.in_london(at).date() > left:
        name = getattr(who, "name", None) or spec_of(record).by_name["resident"].label
        yield Problem(
            "resident",
            f"{name} left on {times.show_date(left)}. Choose somebody who lives here, or say under "
            f"“{spec_of(record).by_name['raised_at'].label}” when it was noticed.",
        )
