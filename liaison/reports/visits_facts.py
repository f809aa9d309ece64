"""What the visits report shows, as plain facts."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Final, Literal

from liaison.reports.spec import Naming

State = Literal["done", "open", "past"]
"""How something to be done stands: done, still open, or open and past its date."""
HAPPENED: Final = "happened"
PLANNED: Final = "planned"
URGENT: Final = "urgent"


@dataclasses.dataclass(frozen=True, slots=True)
class Resident:
    """A resident as this copy names them.

    Args:
        name: The name, or initials.
        room: The room, as recorded.
        born: The date of birth, where another resident has the same name (domain rule 8).
    """

    name: str
    room: str = ""
    born: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class FollowUp:
    """Something to be done after a visit.

    Args:
        what: What.
        owner: Who does it.
        due: By when.
        state: Whether it is done, still open, or open and past its date.
        done_at: When it was done.
        struck: Why it was struck through, if it was.
    """

    what: str
    owner: str = ""
    due: dt.date | None = None
    state: State = "open"
    done_at: dt.datetime | None = None
    struck: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """What a visit meant for one resident.

    Args:
        resident: Whom it is about.
        raised: What the home raised.
        found: What was found and advised.
        voice: What the resident or family said.
        more: What else was recorded, such as "Care plan changed: Yes".
        follow_ups: What is to be done.
        written: When it was written, if that was much later (domain rule 13).
        struck: Why it was struck through, if it was.
        moved: Whether it was first written on another resident's record.
        changed: Whether the plan was changed.
    """

    resident: Resident
    raised: str = ""
    found: str = ""
    voice: str = ""
    more: tuple[str, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    written: dt.datetime | None = None
    struck: str = ""
    moved: bool = False
    changed: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Visit:
    """A visit and what it meant for each resident.

    Args:
        at: When it began, or was to begin.
        kind: What kind it was, as people read it; empty for a plain visit.
        status: Its wire value: happened, planned, cancelled, did not attend.
        status_label: That, as people read it.
        urgency: Its wire value: planned, ad hoc, urgent.
        urgency_label: That, as people read it.
        person: Who came.
        role: What they were on that day.
        organisation: Where they came from, by the name of that day.
        left_at: When it ended.
        requested_at: When it was asked for.
        others: Who else was there.
        reason: What it was for.
        entries: A note for each resident.
        follow_ups: What is to be done that is not about one of them.
        struck: Why it was struck through, if it was.
    """

    at: dt.datetime
    kind: str = ""
    status: str = HAPPENED
    status_label: str = ""
    urgency: str = PLANNED
    urgency_label: str = ""
    person: str = ""
    role: str = ""
    organisation: str = ""
    left_at: dt.datetime | None = None
    requested_at: dt.datetime | None = None
    others: str = ""
    reason: str = ""
    entries: tuple[Entry, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    struck: str = ""

    @property
    def counts(self) -> bool:
        """Whether it took place."""
        return self.status == HAPPENED and not self.struck

    @property
    def tells(self) -> bool:
        """Whether it changed a plan or left something open: what an extract is about."""
        kept = [entry for entry in self.entries if not entry.struck]
        actions = [*self.follow_ups, *(one for entry in kept for one in entry.follow_ups)]
        return self.counts and (
            any(entry.changed for entry in kept)
            or any(one.state != "done" and not one.struck for one in actions)
        )


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """What the report shows.

    Args:
        home: The home's name.
        start: The first day.
        end: The last day, counted in.
        visits: The visits, newest first.
        about: Of whom or what: the words after "Visits", such as "by Tom Redway"; empty for all.
        only_resident: Whether only what concerns one resident is shown.
        names: How residents are named.
        extract: Whether only the visits that tell something new are listed one by one; all of them
            are counted.
    """

    home: str
    start: dt.date
    end: dt.date
    visits: tuple[Visit, ...]
    about: str = ""
    only_resident: bool = False
    names: Naming = "full"
    extract: bool = False

    @property
    def listed(self) -> tuple[Visit, ...]:
        """The visits that are listed one by one."""
        return tuple(visit for visit in self.visits if visit.tells) if self.extract else self.visits
