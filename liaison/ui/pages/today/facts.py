"""What the Today page shows: read in one go, off the window's thread."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING, Final

from liaison.records import spec_of
from liaison.records.administration import Person
from liaison.records.casework import Concern
from liaison.records.home import Resident
from liaison.records.rules import times
from liaison.services import lists, loop_words
from liaison.services.references import Names
from liaison.services.today import Item, Section, Today, standing, today
from liaison.services.today.items import Look, id_of
from liaison.services.today.standing import Backup, Checked, Open
from liaison.store.query import Condition, Query

if TYPE_CHECKING:
    from liaison.store.store import Store


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """An answer to a concern, for whoever raised it.

    Args:
        concern: The concern's id.
        resident: Whom it is about; ``apart`` is their room and date of birth.
        apart: See ``resident``.
        wrote: What was written, and when: "You wrote on Mon 16 Nov 2026".
        situation: The words that were written.
        who: Who answered and when.
        answer: What they answered.
    """

    concern: int
    resident: str
    apart: str
    wrote: str
    situation: str
    who: str
    answer: str


@dataclasses.dataclass(frozen=True, slots=True)
class TodayFacts:
    """Everything the page shows.

    Args:
        today: What there is to know and to do.
        home: The home's name.
        residents: How many residents live here, in words.
        answers: The answers whoever looks has not seen.
        is_staff: Whether it is recorded which member of staff looks.
        open: What has no outcome in the home; None for whom that is not.
        checked: How fresh the directory is; None for whom that is not.
        backup: How the home stands with its backups; None for whom that is not.
        mine: What whoever looks raised that nobody has answered yet: id, resident and where it
            goes.
    """

    today: Today
    home: str
    residents: str
    answers: tuple[Answer, ...]
    is_staff: bool
    open: Open | None = None
    checked: Checked | None = None
    backup: Backup | None = None
    mine: tuple[tuple[int, str, str], ...] = ()


def read(store: Store, now: dt.datetime, person: int, role: str) -> TodayFacts:
    """Read what the page shows.

    Args:
        store: The home.
        now: The present moment on the home's wall clock.
        person: The person record of whoever looks.
        role: Their role.
    """
    day = now.date()
    record = store.get("person", person)
    staff = record.staff if isinstance(record, Person) else None
    found = today(store, day, role=role, staff=staff)
    the_home = store.the("home")
    names = Names(store)
    return TodayFacts(
        found,
        "" if the_home is None else names.title(the_home.record),
        _residents(store),
        tuple(_answer(store, names, item) for item in found.sections.get(Section.ANSWERS, ())),
        staff is not None,
        open=standing.still_open(store, day) if role in _RUNS_LOOPS else None,
        checked=standing.checked(store, day) if role == "manager" else None,
        backup=standing.backup(store, now) if role == "manager" else None,
        mine=_mine(store, day, staff) if role == "carer" and staff is not None else (),
    )


_RUNS_LOOPS: Final = frozenset({"manager", "senior"})


def _mine(store: Store, day: dt.date, staff: int) -> tuple[tuple[int, str, str], ...]:
    """Return what somebody raised that waits for an answer, the oldest first."""
    look = Look(store, day)
    found = look.find(
        Concern,
        Condition("raised_by", staff),
        Condition("closed_at", None),
        Condition("answered_at", None),
        newest_first=False,
    )
    look.learn(found)
    return tuple(
        (
            id_of(one),
            loop_words.with_room(look, one.resident),
            look.name("contact", one.routed_to) or look.label(one, "route"),
        )
        for one in found
    )


def _residents(store: Store) -> str:
    spec = spec_of(Resident)
    count = lists.count(store, Query(spec.name, (Condition("left_on", None),)))
    one = count.number == 1 and not count.more
    return f"{count.words} {(spec.label if one else spec.plural).lower()}"


def _answer(store: Store, names: Names, item: Item) -> Answer:
    concern = store.get("concern", item.id)
    assert isinstance(concern, Concern)  # noqa: S101  # the item was made of it
    resident = names.record("resident", concern.resident or 0)
    apart = ""
    if isinstance(resident, Resident):
        born = times.show_plain_date(resident.date_of_birth) if resident.date_of_birth else ""
        parts = (resident.room and f"Room {resident.room}", born and f"born {born}")
        apart = " \N{MIDDLE DOT} ".join(part for part in parts if part)
    wrote = "You wrote"
    if concern.raised_at is not None:
        wrote = f"You wrote on {times.show_date(times.in_london(concern.raised_at).date())}"
    by = concern.answered_by or "Answered"
    who = by if concern.answered_at is None else f"{by}, {times.show_time(concern.answered_at)}"
    return Answer(
        item.id,
        resident.name or item.title if isinstance(resident, Resident) else item.title,
        apart,
        wrote,
        concern.situation or "",
        who,
        concern.answer or "",
    )
