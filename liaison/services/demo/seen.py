"""What was seen: a resident, by somebody, on a day. Told by the stories or drawn from everyday notes."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from typing import Final

from liaison.services.demo.cast import Cast, Person
from liaison.services.demo.days import FRIDAY, TUESDAY, at, on_weekday, on_working_day
from liaison.services.demo.texts import Block

_URGENCIES: Final = frozenset({"planned", "ad hoc", "urgent"})
_STATUSES: Final = frozenset({"cancelled", "did not attend"})
_NURSES: Final = frozenset({"Grace Adeyemi", "Sam Bright", "Elaine Dobbs"})
_GP_OF_THE_ROUND: Final = "Dr Yusuf Anwar"


@dataclasses.dataclass(frozen=True, slots=True)
class ToDo:
    """Something to be done afterwards.

    Args:
        what: What.
        owner: Which member of staff.
        due: After how many days.
        kind: As in ``Action.kind``.
        done: When it was done; None if it is open.
        outcome: What came of it.
    """

    what: str
    owner: str
    due: int
    kind: str = "follow up"
    done: dt.datetime | None = None
    outcome: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Correction:
    """What stood there first, and why it was put right some days later."""

    days: int
    reason: str
    was: str


@dataclasses.dataclass(frozen=True, slots=True)
class Seen:
    """One resident at one visit.

    Args:
        person: The resident.
        moment: When.
        who: Who came, by name.
        raised: What was raised.
        found: What was found or advised.
        said: What the resident or the family said.
        ticks: Which boxes were ticked: plan, medicines, pharmacy, family.
        kind: As in ``Visit.kind``; ``round`` for a line of the weekly round.
        urgency: As in ``Visit.urgency``.
        status: As in ``Visit.status``.
        to_do: What is to be done afterwards.
        learned: Fields of the resident that were corrected because of it.
        correction: How the note itself was put right, if it was.
        carried: Whether the round carried it over.
        reason: Why they came or did not.
    """

    person: Person
    moment: dt.datetime
    who: str
    raised: str
    found: str
    said: str = ""
    ticks: frozenset[str] = frozenset()
    kind: str = "visit"
    urgency: str = "planned"
    status: str = "happened"
    to_do: tuple[ToDo, ...] = ()
    learned: tuple[tuple[str, str], ...] = ()
    correction: Correction | None = None
    carried: bool = False
    reason: str = ""


def told(cast: Cast, blocks: tuple[Block, ...]) -> Iterator[Seen]:
    """Return what the stories tell was seen, as far as the record goes back."""
    for block in blocks:
        person = cast.resident(block.resident)
        if person is None or block.kind not in {"visit", "round"}:
            continue
        moment = _moment(cast, block)
        if moment is not None and cast.days.has(moment.date()):
            yield _seen(cast, block, person, moment)


def _moment(cast: Cast, block: Block) -> dt.datetime | None:
    days = cast.days
    if block.kind == "round":
        return days.past_round(int(block.day))
    day = days.told(block.day)
    urgency, _, _ = _words(block)
    if urgency == "planned" and day != days.today and not block.day.startswith("F"):
        # people who come by appointment have their days
        moved = (
            on_weekday(day, (TUESDAY, FRIDAY)) if block.words[0] in _NURSES else on_working_day(day)
        )
        crosses = (moved >= days.today) != (day >= days.today) or moved == days.today
        day = day if crosses else moved
    return at(day, block.clock)


def _words(block: Block) -> tuple[str, str, str]:
    urgency, kind, status = "planned", "visit", "happened"
    for word in block.words[1:]:
        if word in _URGENCIES:
            urgency = word
        elif word in _STATUSES:
            status = word
        else:
            kind = word
    return urgency, kind, status


def _seen(cast: Cast, block: Block, person: Person, moment: dt.datetime) -> Seen:
    urgency, kind, status = ("planned", "round", "happened")
    who = _GP_OF_THE_ROUND
    if block.kind == "visit":
        urgency, kind, status = _words(block)
        who = block.words[0]
        if moment.date() >= cast.days.today:
            status = "planned"
    return Seen(
        person=person,
        moment=moment,
        who=who,
        raised=block.get("?"),
        found=block.get("="),
        said=block.get('"'),
        ticks=frozenset(tick.strip() for tick in block.get("+").split(",") if tick),
        kind=kind,
        urgency=urgency,
        status=status,
        to_do=tuple(_to_do(moment, text) for text in block.all(">")),
        learned=tuple(
            (field, str(getattr(person.text, field)))
            for field in (text.partition(" | ")[0] for text in block.all("&"))
        ),
        correction=_correction(block.get("~")),
        carried=block.get("carried") == "yes",
        reason=block.get("reason"),
    )


def _to_do(moment: dt.datetime, text: str) -> ToDo:
    """Read ``what | who | +days | done +days clock | outcome`` or ``... | open [| kind]``."""
    what, owner, due, state, *rest = [part.strip() for part in text.split(" | ")]
    kind = "result awaited" if "esult" in what else "follow up"
    if state == "open":
        return ToDo(what, owner, int(due), rest[0] if rest else kind)
    _, after, clock = state.split(" ")
    done = at(moment.date() + dt.timedelta(days=int(after)), clock)
    return ToDo(what, owner, int(due), kind, done, rest[0])


def _correction(text: str) -> Correction | None:
    if not text:
        return None
    days, reason, was = (part.strip() for part in text.split(" | "))
    return Correction(int(days), reason, was)
