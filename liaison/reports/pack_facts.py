"""What an inspection pack holds, as plain facts."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any, Literal

from liaison.reports.spec import Document

Answer = Literal["yes", "unknown", "no"]
"""What a check came to: it holds, nobody looked lately, it does not hold."""


@dataclasses.dataclass(frozen=True, slots=True)
class Section:
    """A report that is a part of the pack.

    Args:
        name: The report's permanent name.
        title: What people call it.
        heading: What of the framework it answers first, such as "Safe".
        note: How much it holds: "11 open".
        also: What else of the framework it answers.
        facts: The report's own facts.
        render: What sets them, alone or as a part of this pack.
    """

    name: str
    title: str
    heading: str
    note: str
    facts: Any
    render: Callable[..., Document]
    also: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Check:
    """Something that was checked about the record.

    Args:
        what: The check, as a statement that holds or does not.
        answer: What it came to.
        words: That in a word or two.
        detail: How it is known.
    """

    what: str
    answer: Answer
    words: str
    detail: str


@dataclasses.dataclass(frozen=True, slots=True)
class Kept:
    """How many records of one kind there are, and how many of them are in the pack.

    Args:
        label: The kind.
        number: How many belong to the period.
        printed: How many of them are in this pack.
        changed: How many were changed after they were first written.
    """

    label: str
    number: int
    printed: int
    changed: int

    @property
    def left_out(self) -> int:
        """How many are not in this pack."""
        return self.number - self.printed


@dataclasses.dataclass(frozen=True, slots=True)
class Integrity:
    """What can be said about the record the pack was made from.

    Args:
        changes: How many changes its log holds.
        since: The day of the first one.
        damage: How many things were not as they were written; None if nobody looked.
        checks: What was checked.
        kept: How many records there are, by kind.
        left_out: Why some are left out, in sentences.
        head: The head of the log, as it can be typed in again; empty for an empty log.
    """

    changes: int
    since: dt.date | None
    damage: int | None
    checks: tuple[Check, ...]
    kept: tuple[Kept, ...]
    left_out: tuple[str, ...] = ()
    head: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """What the pack holds.

    Args:
        home: The home's name.
        address: Its address, on one line.
        start: The first day of the period.
        end: Its last day, counted in.
        cover: What stands on the cover: label and value. When and by whom it was printed is added.
        sections: The sections, in their order.
        words: Words the pack uses in a sense of its own, with that sense.
        terms: The abbreviations that occur, with what they mean.
        integrity: What can be said about the record.
    """

    home: str
    address: str
    start: dt.date
    end: dt.date
    cover: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    words: tuple[tuple[str, str], ...]
    terms: tuple[tuple[str, str], ...]
    integrity: Integrity
