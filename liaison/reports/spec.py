"""What a report is, declared once: its name, what it asks for, and who sets it on paper.

Nothing here imports the PDF library, so that listing the reports costs nothing.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Final, Generic, Literal, TypeVar

Facts = TypeVar("Facts")
Naming = Literal["full", "initials", "letters"]
"""How a copy names residents: in full, by initials and room, or as Resident A, Resident B.

Staff, where a report reduces them, have initials in both of the others.
"""


@dataclasses.dataclass(frozen=True, slots=True)
class Parameters:
    """What a report can be asked for; whatever is not named here it does not take.

    Args:
        period: Whether it covers a period (from, to).
        on: Whether it shows how things stood on a day.
        subjects: The record types it can be about one of (``--for``); none: it is about the home.
        initials: Whether there is a copy with initials or letters instead of names.
        since: Whether it begins at a moment, such as that of the last handover.
    """

    period: bool = False
    on: bool = False
    subjects: tuple[str, ...] = ()
    initials: bool = False
    since: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asked a report for; only what its :class:`Parameters` name is set.

    Args:
        start: The first day of the period.
        end: Its last day, counted in.
        on: The day it stands for.
        subject: Record type and id of whom or what it is about; None: the whole home.
        names: How residents are named.
        since: The moment it begins at, with its offset.
    """

    start: dt.date | None = None
    end: dt.date | None = None
    on: dt.date | None = None
    subject: tuple[str, int] | None = None
    names: Naming = "full"
    since: dt.datetime | None = None

    @property
    def initials(self) -> bool:
        """Whether names are reduced, in whichever way."""
        return self.names != "full"


@dataclasses.dataclass(frozen=True, slots=True)
class Printed:
    """When and by whom a report was printed, which stands at the foot of every page.

    Args:
        at: The moment, with its offset.
        by: The person's name.
    """

    at: dt.datetime
    by: str


@dataclasses.dataclass(frozen=True, slots=True)
class Document:
    """A report on paper.

    Args:
        pages: How many pages it has.
        content: The PDF file's bytes.
    """

    pages: int
    content: bytes


@dataclasses.dataclass(frozen=True, slots=True)
class ReportSpec(Generic[Facts]):
    """One report, as the command line, the window and a pack of reports read it.

    Args:
        name: Its permanent name on the command line.
        title: What people call it.
        about: One sentence that says what it shows.
        parameters: What it can be asked for.
        render: Sets its facts on paper.
        names_people: Whether it can name residents or staff, which whoever sends it is reminded of.
    """

    name: str
    title: str
    about: str
    parameters: Parameters
    render: Callable[[Facts, Printed], Document]
    names_people: bool = True


DEFAULT_HOURS: Final = 12
"""A report since a moment goes back one long shift unless another moment is asked for."""
DEFAULT_MONTHS: Final = 12
"""A report over a period covers the last year unless another is asked for."""
