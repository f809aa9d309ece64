"""What a question comes to: a figure, how it stands, and the records behind it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Final, Literal

from liaison.charts import Bar, Wait
from liaison.records.casework import Concern, Transfer, Visit, VisitEntry
from liaison.records.rules import times
from liaison.services import transfers, visits
from liaison.services.today.items import Look, counted
from liaison.store import query
from liaison.store.query import Condition

if TYPE_CHECKING:
    from liaison.services.transfers import Told
    from liaison.services.visits import Seen
    from liaison.store.store import Store

State = Literal["ok", "due", "late", "info", "none"]
STANDS: Final[dict[State, str]] = {
    "ok": "As it should be", "due": "To look at", "late": "Something is late",
    "info": "Counted", "none": "Nothing recorded",
}  # fmt: skip
"""How an answer stands, in words."""
_CHUNK: Final = 500
MOST_MONTHS: Final = 12
"""A chart has at most so many columns; of a longer period the last months are drawn."""


@dataclasses.dataclass(frozen=True, slots=True)
class Behind:
    """A record behind a figure.

    Args:
        type: Its type; ``id`` the record.
        id: See ``type``.
        title: Whom or what it is about.
        detail: More about it, in one line.
        words: How it stands.
        state: The same as a state.
        counts: Whether it is one of those that the figure counts ("31" of "31 of 34").
    """

    type: str
    id: int
    title: str
    detail: str
    words: str
    state: State
    counts: bool = True


Rows = Callable[[], tuple[Behind, ...]]


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """What a question comes to in one home and period.

    Args:
        count: How many; of a share, how many of the whole.
        whole: Out of how many; None for a plain number.
        unit: What is counted.
        state: How it stands.
        words: What else there is to say, in a few words.
        rows: Gives the records behind it; put into words only when somebody asks for them.
        bars: Its chart as columns, if it has one.
        waits: Its chart as waits, if it has one.
        per_cent: Whether the columns are per cent of a whole.
        drawn: What the chart counts, and how.
    """

    count: int
    whole: int | None
    unit: str
    state: State
    words: str
    rows: Rows
    bars: tuple[Bar, ...] = ()
    waits: tuple[Wait, ...] = ()
    per_cent: bool = False
    drawn: str = ""

    @property
    def figure(self) -> str:
        """The figure as people read it: "31 of 34", "14", "None"."""
        if self.whole is None:
            return f"{self.count:,}" if self.count else "None"
        return f"{self.count:,} of {self.whole:,}" if self.whole else "None"


class View(Look):
    """A look at a period of a home; what several questions need is read once.

    Args:
        store: The home.
        start: The first day of the period.
        end: Its last day, counted in; what stands on a day is told as it was on that one.
    """

    def __init__(self, store: Store, start: dt.date, end: dt.date) -> None:
        super().__init__(store, end)
        self.start, self.end = start, end

    @property
    def present(self) -> bool:
        """Whether the period reaches to the present day."""
        return self.end >= self.store.today()

    def between(self, field: str) -> tuple[Condition, Condition]:
        """Return the conditions that a moment lies in the period."""
        return (
            Condition(field, times.start_of_day(self.start), ">="),
            Condition(field, self.ends, "<"),
        )

    @functools.cached_property
    def ends(self) -> dt.datetime:
        """The moment at which the period is over."""
        return times.start_of_day(self.end + dt.timedelta(days=1))

    @functools.cached_property
    def seen(self) -> tuple[Seen, ...]:
        """The visits of the period that took place, the latest first, with their notes."""
        found: list[Seen] = []
        after: query.Position | None = None
        while True:
            page = visits.visits_between(
                self.store, self.start, self.end, after=after, limit=_CHUNK
            )
            found += [one for one in page.visits if _took_place(one.visit)]
            after = page.next
            if after is None:
                return tuple(found)

    @functools.cached_property
    def notes(self) -> tuple[tuple[Visit, VisitEntry], ...]:
        """The notes of these visits, each with its visit; those struck through are left out."""
        return tuple(
            (one.visit, entry)
            for one in self.seen
            for entry in one.entries
            if entry.lives and not entry.struck_reason
        )

    @functools.cached_property
    def concerns(self) -> tuple[Concern, ...]:
        """The concerns and queries raised in the period, the latest first."""
        return tuple(self.find(Concern, *self.between("raised_at"), order_by="raised_at"))

    @functools.cached_property
    def transfers(self) -> tuple[Told, ...]:
        """The transfers of the period, the latest first."""
        return transfers.between(self.store, self.start, self.end)

    def went(self, directions: Iterable[str]) -> list[Told]:
        """Return the transfers of the period in some directions."""
        wanted = frozenset(directions)
        return [one for one in self.transfers if one.transfer.direction in wanted]

    def by_month(self, days: Iterable[dt.date]) -> tuple[Bar, ...]:
        """Return how many of some days lie in each month of the period, for a chart.

        Args:
            days: The days.
        """
        months = months_of(self.start, self.end)
        number = dict.fromkeys(((month.year, month.month) for month in months), 0)
        for day in days:
            if (day.year, day.month) in number:
                number[day.year, day.month] += 1
        return tuple(column(month, number[month.year, month.month]) for month in months)

    def resident(self, identity: int | None) -> str:
        """Return a resident's name with their room."""
        words = self.name("resident", identity)
        record = None if identity is None else self.names.record("resident", identity)
        room = getattr(record, "room", None)
        if room and words == getattr(record, "name", None):
            return f"{words}, Room {room.strip().removeprefix('Room ')}"
        return words


def _took_place(visit: Visit) -> bool:
    return visit.status == "happened" and not visit.struck_reason


def column(day: dt.date, number: int) -> Bar:
    """Return the column of a month."""
    return Bar(f"{day:%b}", number, "ok", f"{day:%b}"[0])


def months_of(start: dt.date, end: dt.date) -> tuple[dt.date, ...]:
    """Return the first days of the months of a period, the last twelve of a longer one."""
    found: list[dt.date] = []
    month = end.replace(day=1)
    while len(found) < MOST_MONTHS and month >= start.replace(day=1):
        found.append(month)
        if month == dt.date.min:
            break
        month = (month - dt.timedelta(days=1)).replace(day=1)
    return tuple(reversed(found))


def share(
    part: Sequence[object], whole: Sequence[object], unit: str, words: str, rows: Rows, *,
    late: bool = False, judged: bool = True,
) -> Found:  # fmt: skip
    """Return a share of a whole: all of it is as it should be, less is to be looked at.

    Args:
        part: Those that are as they should be.
        whole: All of them.
        unit: What is counted.
        words: What else there is to say.
        rows: Gives the records behind the whole.
        late: Whether one of those that are not has a day that is past.
        judged: Whether less than all is less than it should be.
    """
    state: State = "ok"
    if not whole:
        state = "none"
    elif not judged:
        state = "info"
    elif len(part) < len(whole):
        state = "late" if late else "due"
    return Found(len(part), len(whole), unit, state, words, rows)


def half_within(spans: Iterable[dt.timedelta]) -> str:
    """Return what is typical of some spans in words: half of them were no longer."""
    ordered = sorted(spans)
    if not ordered:
        return ""
    days = ordered[(len(ordered) - 1) // 2] // dt.timedelta(days=1)
    return "half on the same day" if days == 0 else f"half within {counted(days, 'day', 'days')}"


def day_of(at: dt.datetime | None) -> dt.date:
    """Return the day of a moment on the home's wall clock; the first day there is of none."""
    return dt.date.min if at is None else times.in_london(at).date()


def moved(one: Transfer) -> dt.date:
    """Return the day of a transfer."""
    return day_of(one.at)
