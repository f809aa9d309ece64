"""A line of an agenda, and a round, as people are shown them."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
from typing import TYPE_CHECKING, Final, NamedTuple

from liaison.records.rules import times

if TYPE_CHECKING:
    from liaison.records.rules.rounds import Kind, Mark
    from liaison.services.rounds.waiting import Whom

PLANNED: Final = "planned"
BY_HAND: Final = "agenda_line"
"""What a line comes from that was carried over and had been written on an agenda by hand."""


class State(enum.Enum):
    """How a line stands, by the word on its chip."""

    TO_DO = "To do"
    OUTCOME = "Outcome recorded"
    CARRIED = "Carried over"
    ELSEWHERE = "Settled meanwhile"


@dataclasses.dataclass(frozen=True, slots=True)
class Said:
    """What somebody recorded about a line; two people at two PCs may both have.

    Args:
        id: The entry.
        words: The outcome; empty if it was carried over.
        carried: Whether it was carried over.
        to: When the round is that it was carried to.
        by: Who recorded it.
        at: When.
    """

    id: int
    words: str
    carried: bool
    to: dt.datetime | None
    by: str
    at: dt.datetime


class Line(NamedTuple):
    """A line of an agenda; a tuple, as it has hundreds.

    Args:
        id: The line; None for what would be put on the agenda by itself and is not written yet.
        number: Its place on the agenda, from 1.
        kind: What it is about.
        whom: The resident; None if it is about nobody in particular.
        question: What is to be spoken of.
        why: Why it is there.
        age: How it stands on the day of the round.
        mark: The same, as a mark.
        state: Whether it has an outcome.
        said: What was recorded about it, oldest first.
        elsewhere: What came of it without the round, if it was settled meanwhile.
        carried: At how many rounds in a row it was carried over.
        often: Whether that is more often than the home accepts.
        source: The record it comes from; None for one that somebody wrote on the agenda.
    """

    id: int | None
    number: int
    kind: Kind
    whom: Whom | None
    question: str
    why: str
    age: str
    mark: Mark
    state: State
    said: tuple[Said, ...] = ()
    elsewhere: str = ""
    carried: int = 0
    often: bool = False
    source: tuple[str, int] | None = None

    @property
    def by_hand(self) -> bool:
        """Whether somebody wrote it on the agenda, here or where it was carried over from."""
        return self.source is None or self.source[0] == BY_HAND


@dataclasses.dataclass(frozen=True, slots=True)
class Sitting:
    """One round, as people name it.

    Args:
        id: The round.
        series: The recurring round it belongs to; None for a single one.
        name: The name of the series, or "Round".
        at: When it is.
        status: planned, happened or cancelled.
        who: Who comes.
        place: Where they come from.
        attendees: Who attended.
        minutes: Its minutes.
        note: What is unusual about its day.
        every: How often it comes, in the words of the list.
    """

    id: int
    series: int | None
    name: str
    at: dt.datetime
    status: str
    who: str = ""
    place: str = ""
    attendees: str = ""
    minutes: str = ""
    note: str = ""
    every: str = ""

    @property
    def day(self) -> dt.date:
        """The day of the round on the home's wall clock."""
        return times.in_london(self.at).date()
