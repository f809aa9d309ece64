"""What the demonstration home is made from: people, directory, stories and notes in plain files.

The files lie in ``resources/demo``. Days are told as "so many days ago", so that the home is always
of today, whenever it is made.
"""

from __future__ import annotations

import dataclasses
import functools
import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from liaison.settings import resource

_FOLDER: Final = "demo"
_STORIES: Final = ("1.txt", "2.txt", "3.txt", "4.txt")
MARKS: Final = '?="+>&~'
"""What a line of a note begins with: raised, found, said, ticked, to be done, learned, corrected."""


@dataclasses.dataclass(frozen=True, slots=True)
class ResidentText:
    """A resident as the files tell of them; days are so many days ago."""

    name: str
    sex: str
    room: str
    born: str
    came: int
    gp: str
    choice: str
    key_worker: str
    kin: str
    kin_phone: str
    consent: str
    allergies: str
    dnacpr: str
    matters: str
    alerts: str
    review_every: int | None
    reviewed: int | None
    known_as: str = ""
    practice: str = "Meadow Lane Surgery"
    attorney: str = ""
    stay: str = "permanent"
    dols: int | None = None
    left: int | None = None
    left_reason: str = ""
    weight: float | None = None

    @property
    def key(self) -> str:
        """What the stories call them: the name, with the room where two have the same."""
        return f"{self.name} / {self.room}" if self.name == "Margaret Evans" else self.name

    @property
    def called(self) -> str:
        """What they are called to their face."""
        return self.known_as or self.name.split(" ")[0]


@dataclasses.dataclass(frozen=True, slots=True)
class StaffText:
    """A member of staff as the files tell of them."""

    name: str
    role: str
    team: str
    leads: tuple[str, ...]
    phone: str
    came: int
    left: int | None = None
    nmc: str = ""
    nmc_in: int = 0
    held: tuple[tuple[str, int], ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class OrganisationText:
    """An organisation as the files tell of it."""

    name: str
    kind: str
    offers: tuple[str, ...]
    checked: int
    criteria: str = ""
    refer: str = ""
    hours: str = ""
    phone: str = ""
    ooh: str = ""
    email: str = ""
    address: str = ""
    postcode: str = ""
    ods: str = ""
    parent: str = ""
    wait: int | None = None
    former: tuple[str, ...] = ()
    status: str = "active"
    private: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class ContactText:
    """A named person outside; posts are (role, organisation, since, until), in days ago."""

    name: str
    phone: str = ""
    mobile: str = ""
    email: str = ""
    ask: tuple[str, ...] = ()
    best: str = ""
    cover: str = "in hours"
    deputy: str = ""
    link: bool = False
    checked: int = 0
    archived: bool = False
    private: str = ""
    posts: tuple[tuple[str, str, int, int | None], ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Block:
    """One thing that happened to a resident.

    Args:
        resident: Whom it is about, as ``ResidentText.key``.
        kind: ``visit``, ``round``, ``concern``, ``query``, ``referral``, ``transfer``, ``call`` ...
        day: When, such as ``184`` days ago or ``F16``, the Friday on or before.
        clock: At what time, such as ``10:20``; empty if it has none.
        words: What else stands in its first line.
        lines: Its other lines: what each begins with, and the rest.
    """

    resident: str
    kind: str
    day: str
    clock: str
    words: tuple[str, ...]
    lines: tuple[tuple[str, str], ...]

    def get(self, name: str, otherwise: str = "") -> str:
        """Return what a line says; the first one if there are several."""
        return next((text for mark, text in self.lines if mark == name), otherwise)

    def all(self, name: str) -> list[str]:
        """Return what every line of that kind says."""
        return [text for mark, text in self.lines if mark == name]


@dataclasses.dataclass(frozen=True, slots=True)
class Note:
    """An everyday note that may be about anybody, with gaps such as ``{him}`` to fill.

    Args:
        raised: What was raised.
        found: What was found or advised.
        said: What the resident said, if anything.
        ticks: Which boxes were ticked.
        months: The months of the year it fits; empty for all.
        sex: ``m`` or ``f`` if it fits only one.
        to_do: What is to be done afterwards and what came of it, or nothing.
        next: What was written about the same resident when it was looked at again.
    """

    raised: str
    found: str
    said: str = ""
    ticks: frozenset[str] = frozenset()
    months: frozenset[int] = frozenset()
    sex: str = ""
    to_do: tuple[str, ...] = ()
    next: Note | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class ConcernText:
    """An everyday concern in the words of whoever raised it."""

    raised_by: str
    urgency: str
    route: str
    situation: str
    answered_by: str
    answer: str
    sex: str = ""
    resident: str = ""


@functools.cache
def residents() -> tuple[ResidentText, ...]:
    """Return the residents with a story, those that a small home should have first."""
    return tuple(ResidentText(**entry) for entry in _entries("residents.json"))


@functools.cache
def staff() -> tuple[StaffText, ...]:
    """Return the staff, those that a small home should have first."""
    return tuple(StaffText(**entry) for entry in _entries("staff.json"))


@functools.cache
def organisations() -> tuple[OrganisationText, ...]:
    """Return the directory's organisations; those they are a part of come before them."""
    return tuple(OrganisationText(**entry) for entry in _entries("organisations.json"))


@functools.cache
def contacts() -> tuple[ContactText, ...]:
    """Return the directory's people."""
    return tuple(ContactText(**entry) for entry in _entries("contacts.json"))


@functools.cache
def many() -> dict[str, Any]:
    """Return the word lists for homes with more notes than anybody would write by hand."""
    words: dict[str, Any] = json.loads(_text("many.json"))
    return words


@functools.cache
def sayings() -> dict[str, tuple[str, ...]]:
    """Return short texts by what they are for: minutes, supervisions and the like."""
    found: dict[str, tuple[str, ...]] = {}
    for title, lines in _sections(_text("sayings.txt")):
        found[title] = tuple(lines)
    return found


@functools.cache
def stories() -> tuple[Block, ...]:
    """Return everything that the stories tell, resident by resident."""
    found: list[Block] = []
    for file in _STORIES:
        resident, lines = "", list[str]()
        for line in [*_text("stories", file).splitlines(), ""]:
            if line.startswith("## "):
                resident = line[3:]
            elif line:
                lines.append(line)
            elif lines:
                found.append(_block(resident, lines))
                lines = []
    return tuple(found)


@functools.cache
def routine() -> dict[str, tuple[Note, ...]]:
    """Return the everyday notes by who comes."""
    return {title: tuple(_notes(lines)) for title, lines in _sections(_text("routine.txt"))}


def _notes(lines: list[str]) -> list[Note]:
    """Read notes; a line that begins with ``^`` tells how the one before it went on."""
    found: list[Note] = []
    following: Note | None = None
    for line in reversed(lines):
        note = dataclasses.replace(_note(line.removeprefix("^")), next=following)
        if line.startswith("^"):
            following = note
        else:
            found.append(note)
            following = None
    return found[::-1]


@functools.cache
def calls() -> tuple[tuple[str, int, bool, str], ...]:
    """Return everyday calls: whom, minutes waited, whether anybody answered, and what came of it."""
    return tuple(
        (where, int(waited), reached == "yes", note)
        for where, waited, reached, note in map(_parts, _text("calls.txt").splitlines())
    )


@functools.cache
def concerns() -> tuple[ConcernText, ...]:
    """Return everyday concerns."""
    return tuple(_concern(line) for line in _text("concerns.txt").splitlines())


def _concern(line: str) -> ConcernText:
    parts, resident, sex = _parts(line), "", ""
    if parts[0].startswith("@"):
        resident = parts.pop(0)[1:]
    if parts[0].startswith("["):
        sex, parts[0] = parts[0][1], parts[0][4:]
    raised_by, urgency, route, situation, answered_by, answer = parts
    return ConcernText(
        raised_by, urgency, route, situation, answered_by, answer, sex=sex, resident=resident
    )


def _block(resident: str, lines: list[str]) -> Block:
    head, *words = _parts(lines[0])
    kind, day, *clock = head.split(" ")
    return Block(
        resident, kind, day, clock[0] if clock else "", tuple(words), tuple(map(_line, lines[1:]))
    )


def _line(line: str) -> tuple[str, str]:
    if line[0] in MARKS:
        return line[0], line[1:].strip()
    name, _, text = line.partition(": ")
    return name.rstrip(":"), text.strip()


def _note(line: str) -> Note:
    months, sex = frozenset[int](), ""
    if line.startswith("["):
        tag, _, line = line[1:].partition("] ")
        if tag in {"m", "f"}:
            sex = tag
        else:
            first, last = map(int, tag.split("-"))
            after = last if last >= first else last + 12
            months = frozenset((month - 1) % 12 + 1 for month in range(first, after + 1))
    raised, found, *more = _parts(line)
    said, ticks, to_do = "", frozenset[str](), tuple[str, ...]()
    for part in more:
        if part.startswith("+"):
            ticks = frozenset(tick.strip() for tick in part[1:].split(","))
        elif part.startswith(">"):
            what, _, outcome = part[1:].partition(" ; ")
            to_do = what, outcome
        else:
            said = part.lstrip('"')
    return Note(raised, found, said, ticks, months, sex, to_do)


def _sections(text: str) -> Iterator[tuple[str, list[str]]]:
    for section in text.split("## ")[1:]:
        title, *lines = section.splitlines()
        yield title, [line for line in lines if line]


def _parts(line: str) -> list[str]:
    return [part.strip() for part in line.split(" | ")]


def _entries(file: str) -> Iterable[dict[str, Any]]:
    for entry in json.loads(_text(file)):
        yield {name: _tuple(value) for name, value in entry.items()}


def _tuple(value: Any) -> Any:
    return tuple(map(_tuple, value)) if isinstance(value, list) else value


def _text(*parts: str) -> str:
    return resource(_FOLDER, *parts).read_text("utf-8")
