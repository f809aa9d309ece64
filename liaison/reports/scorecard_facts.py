"""What the partner scorecard shows, as plain facts."""

from __future__ import annotations

import dataclasses
import datetime as dt

from liaison.records.rules.spans import Spans


@dataclasses.dataclass(frozen=True, slots=True)
class Came:
    """How visits came about: counts.

    Args:
        planned: Agreed before; ``ad_hoc`` asked for; ``urgent`` for the same day.
        ad_hoc: See ``planned``.
        urgent: See ``planned``.
    """

    planned: int = 0
    ad_hoc: int = 0
    urgent: int = 0

    @property
    def all(self) -> int:
        """How many visits there were."""
        return self.planned + self.ad_hoc + self.urgent


@dataclasses.dataclass(frozen=True, slots=True)
class Wait:
    """How long one referral waited.

    Args:
        days: From sending it to somebody being seen, or to the end of the period.
        over: Whether that is longer than is usual or agreed.
    """

    days: int
    over: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Taught:
    """A session they taught.

    Args:
        on: When.
        what: The course.
        by: Who taught.
        staff: How many of our staff came.
        passed: How many colleagues our own staff then taught from it.
    """

    on: dt.date
    what: str
    by: str
    staff: int
    passed: int


@dataclasses.dataclass(frozen=True, slots=True)
class Agreed:
    """What their people took on in the period: counts.

    Args:
        in_time: Done by its day, or without one; ``late`` done later.
        late: See ``in_time``.
        open: Still open, inside its time; ``past`` open and past its day.
        past: See ``open``.
    """

    in_time: int = 0
    late: int = 0
    open: int = 0
    past: int = 0

    @property
    def all(self) -> int:
        """How much they took on."""
        return self.in_time + self.late + self.open + self.past


@dataclasses.dataclass(frozen=True, slots=True)
class Partner:
    """How it went with one organisation.

    Args:
        name: Its name.
        kind: What kind of place it is.
        links: Our named links there, each with their role.
        usual: How many days a referral usually takes, as they say; None if that is not known.
        now: How visits came about in the period.
        before: The same in as long a time before it.
        responses: Days from asking to coming: the part of the period, and how long.
        tried: How often they were tried to be reached, and ``unmet`` how often nobody answered.
        unmet: See ``tried``.
        hours: Of those unmet, how many in each hour of the day.
        seen: The waits of referrals that ended with somebody being seen.
        waiting: The waits of those that wait at the end of the period.
        closed: The waits of those that were closed without anybody being seen.
        taught: The sessions they taught, newest first.
        agreed: What their people took on.
    """

    name: str
    kind: str = ""
    links: tuple[str, ...] = ()
    usual: int | None = None
    now: Came = Came()
    before: Came = Came()
    responses: tuple[tuple[int, float], ...] = ()
    tried: int = 0
    unmet: int = 0
    hours: tuple[tuple[int, int], ...] = ()
    seen: tuple[Wait, ...] = ()
    waiting: tuple[Wait, ...] = ()
    closed: tuple[Wait, ...] = ()
    taught: tuple[Taught, ...] = ()
    agreed: Agreed = Agreed()

    @property
    def waits(self) -> tuple[Wait, ...]:
        """The waits of all referrals."""
        return (*self.seen, *self.waiting, *self.closed)

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is recorded of the period."""
        return not (self.now.all or self.tried or self.waits or self.taught or self.agreed.all)


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """What the report shows.

    Args:
        home: The home's name.
        start: The first day.
        end: The last day, counted in.
        spans: The period in parts.
        partners: The organisations, those that came most often first.
        one: Whether one organisation was asked for.
        in_full: How many of them have a page of their own; None for all of them.
    """

    home: str
    start: dt.date
    end: dt.date
    spans: Spans
    partners: tuple[Partner, ...]
    one: bool = False
    in_full: int | None = None
