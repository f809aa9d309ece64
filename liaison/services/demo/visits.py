"""Visits are written down: who came, whom they saw, what is to be done, and what is put right later."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from liaison.records.casework import Action, Visit, VisitEntry
from liaison.services.demo.cast import Cast, staff_ref
from liaison.services.demo.chance import chance_of
from liaison.services.demo.days import at
from liaison.services.demo.script import Pen, Script
from liaison.services.demo.seen import Seen, ToDo

_MOST_AT_ONCE: Final = 8
_TOGETHER: Final = frozenset({"visit", "assessment", "clinic"})
_LATE: Final = 0.05
_BOOKED: Final = 0.14
_MINUTE: Final = dt.timedelta(minutes=1)
_DAY: Final = dt.timedelta(days=1)
_COMPANY: Final = ("Helen Marsh", "Moira Kelly", "Daniel Okafor", "Ruby Tregenza", "Priya Nair",
                   "Kofi Boateng", "Catherine Dove", "Tom Pascoe")  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class Occasion:
    """One visit with everybody who was seen at it.

    Args:
        key: The name the script speaks of it by.
        seen: Who was seen, in order.
    """

    key: str
    seen: tuple[Seen, ...]

    @property
    def first(self) -> Seen:
        """What the visit itself says is said by the first one seen."""
        return self.seen[0]

    def entry_key(self, number: int) -> str:
        """Return the name the script speaks of a note by."""
        return f"{self.key}:{number}"


def occasions(everything: Iterable[Seen]) -> Iterator[Occasion]:
    """Put together what one person saw on one day in one visit, as far as it was by appointment."""
    together: dict[tuple[object, ...], list[Seen]] = {}
    for number, seen in enumerate(sorted(everything, key=lambda s: s.moment)):
        by_appointment = seen.urgency == "planned" and seen.kind in _TOGETHER
        alone = 0 if by_appointment else number + 1
        key = (seen.who, seen.moment.date(), seen.status, alone)
        together.setdefault(key, []).append(seen)
    numbers = itertools.count(1)
    for seen_together in together.values():
        for start in range(0, len(seen_together), _MOST_AT_ONCE):
            part = seen_together[start : start + _MOST_AT_ONCE]
            yield Occasion(f"visit:{next(numbers)}", tuple(part))


def write_visits(script: Script, cast: Cast, happened: Iterable[Occasion], seed: int) -> None:
    """Let visits be written down.

    Args:
        script: What is written when.
        cast: Who takes part.
        happened: The visits, those to come too.
        seed: What chance starts from.
    """
    chance = chance_of(f"visits {seed}")
    for occasion in happened:
        _write(script, cast, occasion, chance)


def _write(script: Script, cast: Cast, occasion: Occasion, chance: random.Random) -> None:
    first = occasion.first
    visit = _visit(cast, occasion, chance)
    came = first.moment
    if first.status != "happened":
        booked = max(came - _DAY * chance.randint(4, 12), _all_known(cast, occasion))
        planned = dataclasses.replace(visit, status="planned", left_at=None)
        entries = [dataclasses.replace(entry, found=None) for entry in _entries(occasion, chance)]
        if not script.write(min(booked, script.last), _add(occasion, planned, entries)):
            return
        if first.status != "planned":
            script.write(came + 40 * _MINUTE, _change(occasion.key, status=first.status))
        return
    entries = _entries(occasion, chance)
    written = (visit.left_at or came) + chance.randint(4, 45) * _MINUTE
    if chance.random() < _LATE:
        # remembered the next morning
        written = min(at(came.date() + _DAY, f"07:{chance.randint(10, 55)}"), script.last)
    for number, seen in enumerate(occasion.seen):
        if seen.correction is not None:
            entries[number] = dataclasses.replace(entries[number], found=seen.correction.was)
    booked = came - _DAY * chance.randint(3, 9)
    can_be_booked = first.urgency == "planned" and booked > _all_known(cast, occasion)
    if can_be_booked and chance.random() < _BOOKED:
        _write_booked(script, occasion, visit, entries, booked, written)
    else:
        script.write(written, _add(occasion, visit, entries))
    for number, seen in enumerate(occasion.seen):
        follow_up(script, cast, seen, "visit_entry", occasion.entry_key(number), written)


def _all_known(cast: Cast, occasion: Occasion) -> dt.datetime:
    """Return the moment from which everybody seen at a visit stands in the record."""
    came = max(cast.days.ago(seen.person.text.came) for seen in occasion.seen)
    return max(at(came + _DAY, "08:00"), cast.days.start + _DAY)


def _write_booked(  # noqa: PLR0917  # a visit that was first planned
    script: Script,
    occasion: Occasion,
    visit: Visit,
    entries: Sequence[VisitEntry],
    booked: dt.datetime,
    written: dt.datetime,
) -> None:
    """Let a visit be planned first, and what was found be written when it had happened."""
    before = [dataclasses.replace(e, found=None, voice=None, plan_changed=None) for e in entries]
    planned = dataclasses.replace(visit, status="planned", left_at=None, id_checked=None)
    script.write(booked, _add(occasion, planned, before))

    def complete(pen: Pen) -> None:
        pen.change(
            occasion.key, status="happened", left_at=visit.left_at, id_checked=visit.id_checked
        )
        for number, entry in enumerate(entries):
            pen.change(
                occasion.entry_key(number),
                found=entry.found,
                voice=entry.voice,
                plan_changed=entry.plan_changed,
            )

    script.write(written, complete)


def _add(occasion: Occasion, visit: Visit, entries: Sequence[VisitEntry]) -> Callable[[Pen], None]:
    def add(pen: Pen) -> None:
        book, first = pen.book, occasion.first
        identity = pen.add(
            dataclasses.replace(
                visit,
                professional=book.id(f"contact:{first.who}"),
                organisation=book.id(f"organisation:{visit.organisation}"),
                round=book.id(occasion.key.replace("visit", "round"))
                if first.kind == "round"
                else None,
            ),
            occasion.key,
        )
        for number, (seen, entry) in enumerate(zip(occasion.seen, entries, strict=True)):
            pen.add(
                dataclasses.replace(entry, visit=identity, resident=book.id(seen.person.ref)),
                occasion.entry_key(number),
            )

    return add


def _change(key: str, **fields: object) -> Callable[[Pen], None]:
    def change(pen: Pen) -> None:
        pen.change(key, **fields)

    return change


def _visit(cast: Cast, occasion: Occasion, chance: random.Random) -> Visit:
    """Return the visit; its organisation is still a name."""
    first = occasion.first
    moment = first.moment
    stayed = (8 + 11 * len(occasion.seen)) * _MINUTE + chance.randint(0, 9) * _MINUTE
    if first.kind in {"phone", "video"}:
        stayed = chance.randint(3, 14) * _MINUTE
    asked = {
        "urgent": moment - chance.randint(45, 240) * _MINUTE,
        "ad hoc": moment - _DAY * chance.randint(1, 3) + chance.randint(5, 60) * _MINUTE,
    }.get(first.urgency)
    came = first.kind not in {"phone", "video"} and first.status == "happened"
    company = chance.choice(_COMPANY) if came and chance.random() < 0.4 else ""  # noqa: PLR2004
    return Visit(
        status=first.status,
        at=moment,
        kind=first.kind,
        urgency=first.urgency,
        organisation=cast.works_for(first.who, moment.date()),  # type: ignore[arg-type]  # a name yet
        others_present=cast.works(company, moment.date()) if company else None,
        requested_at=asked,
        left_at=moment + stayed,
        id_checked=True if came and chance.random() < 0.3 else None,  # noqa: PLR2004
        reason=first.reason or None,
    )


def _entries(occasion: Occasion, chance: random.Random) -> list[VisitEntry]:
    return [entry_of(seen, chance) for seen in occasion.seen]


def entry_of(seen: Seen, chance: random.Random) -> VisitEntry:
    """Return the note of one resident, without visit and resident."""
    ticks = seen.ticks
    family = "yes" if "family" in ticks else chance.choice(("not needed", "not needed", "no", None))
    sure = chance.random()
    plan = "yes" if "plan" in ticks else "not sure" if sure < 0.03 else "no"  # noqa: PLR2004
    return VisitEntry(
        raised=seen.raised or None,
        found=seen.found or None,
        plan_changed=plan if seen.found else None,
        medicines_changed=True if "medicines" in ticks else None,
        pharmacy_told=True if "pharmacy" in ticks else None,
        family_informed=family if seen.found else None,
        voice=spoken(seen.said) or None,
    )


def spoken(words: str) -> str:
    """Return what somebody said in quotation marks; who said it may stand before in brackets."""
    if not words:
        return ""
    speaker, bracket, rest = words.partition(") ") if words.startswith("(") else ("", "", words)
    return f"{speaker[1:]}: “{rest}”" if bracket else words if words[0] == "(" else f"“{rest}”"


def follow_up(  # noqa: PLR0917  # what was seen, and where it was written
    script: Script, cast: Cast, seen: Seen, type_name: str, key: str, written: dt.datetime
) -> None:
    """Let what follows from a note be written: actions, what was learned, what was put right.

    Args:
        script: What is written when.
        cast: Who takes part.
        seen: What was seen.
        type_name: The type of the record it was written in.
        key: The name the script speaks of that record by.
        written: When it was written.
    """
    for number, to_do in enumerate(seen.to_do):
        action = f"action:{key}:{number}"
        script.write(written + 2 * _MINUTE, _add_action(cast, seen, to_do, type_name, key, action))
        if to_do.done is not None:
            done = max(to_do.done, written + 5 * _MINUTE)
            script.write(done, _change(action, done_at=done, outcome=to_do.outcome))
    for field, value in seen.learned:
        script.write(
            written + 6 * _MINUTE, _change(seen.person.ref, **{field: value}), "After the visit"
        )
    if seen.correction is not None:
        moment = written + _DAY * seen.correction.days + 95 * _MINUTE
        script.write(moment, _change(key, found=seen.found), seen.correction.reason)


def _add_action(  # noqa: PLR0917  # what an action came from
    cast: Cast, seen: Seen, to_do: ToDo, type_name: str, key: str, action: str
) -> Callable[[Pen], None]:
    owner = cast.works(to_do.owner, seen.moment.date())

    def add(pen: Pen) -> None:
        pen.add(
            Action(
                what=to_do.what,
                kind=to_do.kind,
                resident=pen.book.id(seen.person.ref),
                owner_staff=pen.book.id(staff_ref(owner)),
                due=seen.moment.date() + _DAY * to_do.due,
                source_type=type_name,
                source_id=pen.book.text_id(key),
            ),
            action,
        )

    return add
