"""The days of the demonstration: all told from one day, on the home's own clock."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from typing import Final

from liaison.records.rules import times
from liaison.records.rules.working_days import is_bank_holiday

MONDAY, TUESDAY, WEDNESDAY, FRIDAY, SATURDAY = 0, 1, 2, 4, 5
_LONDON: Final = times.in_london(dt.datetime(2020, 1, 1, tzinfo=dt.UTC)).tzinfo
_FRIDAY: Final = re.compile(r"F(\d+)([+-]\d+)?")
_LAST_WRITING: Final = "06:30"
_ROUND_AT: Final = "14:00"


@dataclasses.dataclass(frozen=True, slots=True)
class Days:
    """The days around the one on which the demonstration is made.

    Args:
        today: That day. Nothing is written after half past six in its morning.
        years: How many years the record goes back.
    """

    today: dt.date
    years: int

    @property
    def length(self) -> int:
        """How many days the record goes back."""
        return self.years * 365

    @property
    def now(self) -> dt.datetime:
        """The last moment at which anything was written."""
        return at(self.today, _LAST_WRITING)

    @property
    def start(self) -> dt.datetime:
        """The moment the home began to keep this record."""
        return at(self.ago(self.length + 3), "09:00")

    def ago(self, days: int) -> dt.date:
        """Return the day so many days ago (or ahead, below 0)."""
        return self.today - dt.timedelta(days=days)

    def told(self, day: str) -> dt.date:
        """Return the day a story tells: ``16`` days ago; ``F16-1``, the day before the Friday."""
        if match := _FRIDAY.fullmatch(day):
            found = self.ago(int(match[1]))
            found -= dt.timedelta(days=(found.weekday() - FRIDAY) % 7)
            return found + dt.timedelta(days=int(match[2] or 0))
        return self.ago(int(day))

    def has(self, day: dt.date) -> bool:
        """Return whether the record goes back to a day."""
        return day > self.ago(self.length)

    @property
    def rounds(self) -> list[dt.datetime]:
        """The weekly rounds, from the first one to the next but one to come."""
        first = self.ago(self.length - 1)
        first += dt.timedelta(days=(WEDNESDAY - first.weekday()) % 7)
        count = (self.today - first).days // 7 + 3
        return [at(first + dt.timedelta(weeks=n), _ROUND_AT) for n in range(count)]

    def past_round(self, days: int) -> dt.datetime | None:
        """Return the round in the week that was so many days ago (0 to 6: the last one)."""
        past = [moment for moment in self.rounds if moment.date() < self.today]
        back = days // 7 + 1
        return past[-back] if back <= len(past) else None

    def round_after(self, day: dt.date) -> dt.datetime:
        """Return the next round after a day."""
        return next(moment for moment in self.rounds if moment.date() > day)


def at(day: dt.date, clock: str) -> dt.datetime:
    """Return a moment by the home's clock, with a plain offset."""
    hour, minute = map(int, clock.split(":"))
    moment = dt.datetime(day.year, day.month, day.day, hour, minute, tzinfo=_LONDON)
    return times.from_stored(times.to_stored(moment))


def on_weekday(day: dt.date, weekdays: tuple[int, ...]) -> dt.date:
    """Return the nearest day that is one of some weekdays; of two, the later."""
    steps = sorted(range(-3, 4), key=lambda step: (abs(step), -step))
    days = (day + dt.timedelta(days=step) for step in steps)
    return next(found for found in days if found.weekday() in weekdays)


def on_working_day(day: dt.date) -> dt.date:
    """Return a day on which people who come by appointment come: that one or the next."""
    while day.weekday() >= SATURDAY or is_bank_holiday(day):
        day += dt.timedelta(days=1)
    return day
