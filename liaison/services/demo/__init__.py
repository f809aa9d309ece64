"""The demonstration home: two years of a small care home that never was, made in a few seconds.

It is written through the doors people's own work goes through, act by act at the moments they were
made, so that it has a history to read. The same seed, day and size give the same records, ids and
stamps; only keys and what is worked out from them (the PC's id, names of attached bytes) differ.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Final

from liaison.records import all_specs
from liaison.records.rules import times
from liaison.security import STANDARD, Cost
from liaison.services import founding, starting
from liaison.services.demo import place, texts
from liaison.services.demo.afterwards import write_afterwards
from liaison.services.demo.casework import write_casework
from liaison.services.demo.cast import Cast
from liaison.services.demo.crowd import write_crowd
from liaison.services.demo.days import Days
from liaison.services.demo.directory import write_directory
from liaison.services.demo.everyday import write_everyday_calls, write_everyday_concerns
from liaison.services.demo.people import (
    MANAGER,
    NAME,
    SIGNED_IN,
    write_home,
    write_residents,
    write_staff,
)
from liaison.services.demo.rounds import write_rounds
from liaison.services.demo.routine import everyday
from liaison.services.demo.script import Book, Clock, Progress, Script
from liaison.services.demo.seen import told
from liaison.services.demo.skills import write_skills
from liaison.services.demo.training import write_training
from liaison.services.demo.visits import occasions, write_visits
from liaison.services.pcs import joining
from liaison.store import query

if TYPE_CHECKING:
    from liaison.services.homes import OpenHome

# Printed on purpose: the people in this home are made up.
PASSWORD: Final = "willow by the quiet water"  # noqa: S105
NOTES_A_YEAR: Final = 11
"""How many visit notes a resident has in a year, unless somebody asks for another number."""

LARGEST_HOME: Final = 200
MOST_STAFF: Final = 300
MOST_YEARS: Final = 20
MOST_NOTES: Final = 1_000_000
_TAG: Final = 1_207
"""The demonstration's replica tag: with one by chance, ids and stamps would differ each time."""


@dataclasses.dataclass(frozen=True, slots=True)
class Size:
    """How large the demonstration is.

    Args:
        beds: How many beds the home has, and how many residents the record tells of.
        staff: How many people work in it.
        years: How many years the record goes back.
        notes: How many visit notes; None for as many as such a home would have.
        seed: What chance starts from.
    """

    beds: int = 32
    staff: int = 22
    years: int = 2
    notes: int | None = None
    seed: int = 1


def _no_progress(_done: int, _all: int) -> None:
    pass


def make(
    folder: Path,
    *,
    size: Size | None = None,
    today: dt.date | None = None,
    password: str = PASSWORD,
    cost: Cost = STANDARD,
    progress: Progress = _no_progress,
) -> None:
    """Make a demonstration home; it has its name only once it is whole.

    Args:
        folder: Where; it must not exist, or be empty.
        size: How large it is.
        today: The day it is told from; the present one unless given.
        password: Opens it.
        cost: What checking the password costs.
        progress: Told how far it is.

    Raises:
        UserError: It cannot be made there.
    """
    joining.refuse_waiting(folder, "Choose another folder for the demonstration.")
    size = size or Size()
    days = Days(today or times.in_london(dt.datetime.now(tz=dt.UTC)).date(), size.years)
    with place.making(folder) as made:
        clock = Clock(days.start)
        home, _ = founding.make_home(
            made, name=NAME, person=MANAGER, password=password, cost=cost, clock=clock, tag=_TAG
        )
        with home:
            place.begin(made)
            fill(home, clock, days, size, progress)
        place.finish(made)


def fill(
    home: OpenHome, clock: Clock, days: Days, size: Size, progress: Progress = _no_progress
) -> None:
    """Fill an empty home.

    Args:
        home: The home, just made.
        clock: The clock it was opened with.
        days: The days it plays in.
        size: How large it is.
        progress: Told how far it is.
    """
    clock.moment = days.start + dt.timedelta(minutes=20)
    starting.add_starting_lists(home)
    book = Book(home)
    the_home = home.store.the("home")
    assert the_home is not None  # noqa: S101  # every home has one
    book.note("home", "home", the_home.id)
    book.note(SIGNED_IN, "person", home.person)
    script_of(days, size).play(book, clock, progress)


def script_of(days: Days, size: Size) -> Script:
    """Return everything that is written in a demonstration, and when.

    Args:
        days: The days it plays in.
        size: How large it is.
    """
    cast = Cast(days, size.beds, size.staff, size.seed)
    blocks = texts.stories()
    script = Script(days.now)
    write_directory(script, days)
    write_home(script, days, size.beds)
    write_staff(script, cast)
    write_residents(script, cast, blocks)
    stories = list(told(cast, blocks))
    wanted = size.beds * NOTES_A_YEAR * size.years if size.notes is None else size.notes
    usual = min(wanted, size.beds * NOTES_A_YEAR * size.years)
    daily = list(everyday(cast, max(0, usual - len(stories)), size.seed))
    seen = stories + daily
    visits = list(occasions(one for one in seen if one.kind != "round"))
    write_visits(script, cast, visits, size.seed)
    write_casework(script, cast, blocks)
    write_everyday_concerns(script, cast, size.seed)
    write_everyday_calls(script, cast, size.seed)
    rounds = [one for one in seen if one.kind == "round"]
    write_rounds(script, cast, blocks, rounds, size.seed)
    write_training(script, cast, size.seed)
    write_skills(script, cast, size.seed)
    write_afterwards(script, cast, visits, size.seed)
    # what a round only carried over has no note
    written = sum(one.kind != "round" or bool(one.found) for one in seen)
    if wanted > written and size.notes is not None:
        write_crowd(script, cast, wanted - written, size.seed)
    return script


def counts(home: OpenHome) -> dict[str, int]:
    """Return how many records of each type a home has, those out of the lists too."""
    found = {
        spec.name: len(
            query.identities(home.store, query.Query(spec.name, archived=True), limit=2**40)[0]
        )
        for spec in all_specs().values()
        if spec.cls is not None
    }
    return {name: number for name, number in found.items() if number}


__all__ = [
    "LARGEST_HOME",
    "MOST_NOTES",
    "MOST_STAFF",
    "MOST_YEARS",
    "PASSWORD",
    "Size",
    "counts",
    "fill",
    "make",
    "script_of",
]
