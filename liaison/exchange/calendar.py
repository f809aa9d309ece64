"""Calendar files (iCalendar): events that every calendar on a PC or phone takes in."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable
from typing import Final

MAKER: Final = "-//Liaison//Liaison//EN"
"""What stands in a file of ours, by which it is known again."""
_LONGEST: Final = 1_000


@dataclasses.dataclass(frozen=True, slots=True)
class Event:
    """Something in a calendar.

    Args:
        uid: What it is known by for ever, so that a newer file corrects it instead of doubling it.
        title: What it is.
        start: When it begins; a day alone for something that lasts all day.
        changed: When it was changed last.
        minutes: How long it takes; 0 for a moment, or all day.
        place: Where; may be empty.
        about: More about it; may be empty.
        cancelled: Whether it does not take place.
    """

    uid: str
    title: str
    start: dt.datetime | dt.date
    changed: dt.datetime
    minutes: int = 0
    place: str = ""
    about: str = ""
    cancelled: bool = False


def calendar_bytes(name: str, events: Iterable[Event]) -> bytes:
    """Return a calendar file; times in it are in UTC, which every calendar shows as its own.

    Args:
        name: What the calendar is called.
        events: What is in it.
    """
    # only who writes a calendar needs it
    from icalendar import Calendar
    from icalendar import Event as Entry

    made = Calendar()
    made.add("prodid", MAKER)
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", _plain(name))
    for event in events:
        entry = Entry()
        entry.add("uid", f"{event.uid}@liaison")
        entry.add("dtstamp", event.changed.astimezone(dt.UTC).replace(microsecond=0))
        entry.add("summary", _plain(event.title))
        if isinstance(event.start, dt.datetime):
            entry.add("dtstart", event.start.astimezone(dt.UTC).replace(microsecond=0))
            if event.minutes:
                entry.add("duration", dt.timedelta(minutes=event.minutes))
        else:
            entry.add("dtstart", event.start)
            # a day to remember is no day on which somebody is busy
            entry.add("transp", "TRANSPARENT")
        for field, words in (("location", event.place), ("description", event.about)):
            if words:
                entry.add(field, _plain(words))
        entry.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
        made.add_component(entry)
    written: bytes = made.to_ical()
    return written


def _plain(text: str) -> str:
    """Return a text without what no calendar can hold."""
    kept = "".join(letter for letter in text if letter in "\n\t" or letter.isprintable())
    return kept[:_LONGEST]
