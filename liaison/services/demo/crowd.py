"""Many more visits than a home has, to see how Liaison does after twenty busy years.

Words are put together from lists here, and the visits of some days are one unit of work.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Sequence
from typing import Final

from liaison.records.casework import Visit, VisitEntry
from liaison.records.rules import times
from liaison.services.demo.cast import Cast, Person
from liaison.services.demo.chance import chance_of
from liaison.services.demo.script import Pen, Script
from liaison.services.demo.wording import Mixer

_MOST_AT_ONCE: Final = 8
_COMERS: Final = (
    ("Dr Yusuf Anwar", "Meadow Lane Surgery", "visit"),
    ("Dr Sarah Whitlock", "Meadow Lane Surgery", "phone"),
    ("Grace Adeyemi", "Tamar Community Nursing", "visit"),
    ("Sam Bright", "Tamar Community Nursing", "visit"),
    ("Bronwen Lloyd", "Tamar Community Nursing", "visit"),
    ("Ștefan Ionescu", "Fore Street Pharmacy", "visit"),
    ("Hannah Price", "Westbrook Community Therapy", "assessment"),
    ("Mark Nance", "Older People's Mental Health Team", "visit"),
    ("Ruth Penhale", "Penhale Podiatry", "clinic"),
    ("Julie Hendy", "Meadow Lane Surgery", "clinic"),
)
_URGENCIES: Final = ("planned", "planned", "planned", "ad hoc", "urgent")
_FIRST_HOUR: Final = 8
# a unit of its own for each day spends more time on search than on writing
_NOTES_A_UNIT: Final = 2_000


def write_crowd(script: Script, cast: Cast, count: int, seed: int) -> None:
    """Let so many more notes be written, evenly over all days.

    Args:
        script: What is written when.
        cast: Who takes part.
        count: How many notes.
        seed: What chance starts from.
    """
    days = cast.days
    mixer = Mixer(f"crowd {seed}")
    chance = chance_of(f"crowd {seed}").random
    done, written = 0, 0
    some_days: list[_Day] = []
    for back in range(days.length - 1, 0, -1):
        share = count * (days.length - back) // (days.length - 1) - done
        day = days.ago(back)
        here = cast.here(day)
        if share and here:
            done += share
            some_days.append(_Day(times.start_of_day(day), here, share))
        if some_days and (done - written >= _NOTES_A_UNIT or back == 1):
            written = done
            moment = some_days[-1].midnight + dt.timedelta(hours=20)
            script.write(moment, _some(tuple(some_days), mixer, chance))
            some_days.clear()


@dataclasses.dataclass(frozen=True, slots=True)
class _Day:
    """One day: when it begins, who lived here, and how many notes it has."""

    midnight: dt.datetime
    here: list[Person]
    count: int


def _some(days: Sequence[_Day], mixer: Mixer, chance: Callable[[], float]) -> Callable[[Pen], None]:
    def write(pen: Pen) -> None:
        for day in days:
            _write(pen, day, mixer, chance)

    return write


def _write(pen: Pen, day: _Day, mixer: Mixer, chance: Callable[[], float]) -> None:
    book, add = pen.book, pen.unit.add
    residents = [(book.id(person.ref), person.text.sex) for person in day.here]
    comers = [
        (book.id(f"contact:{who}"), book.id(f"organisation:{where}"), kind)
        for who, where, kind in _COMERS
    ]
    left = day.count
    while left:
        contact, organisation, kind = comers[int(chance() * len(comers))]
        minute = int(chance() * 600)
        moment = day.midnight + dt.timedelta(hours=_FIRST_HOUR, minutes=minute)
        visit = add(
            Visit(
                at=moment,
                kind=kind,
                urgency=_URGENCIES[minute % len(_URGENCIES)],
                professional=contact,
                organisation=organisation,
                left_at=moment + dt.timedelta(minutes=10 + minute % 40),
            )
        )
        first = int(chance() * len(residents))
        seen = min(left, minute % _MOST_AT_ONCE + 1, len(residents))
        left -= seen
        for number in range(seen):
            resident, sex = residents[(first + number) % len(residents)]
            raised, found = mixer.note(sex)
            add(
                VisitEntry(
                    visit=visit,
                    resident=resident,
                    raised=raised,
                    found=found,
                    plan_changed="no" if minute % 5 else "yes",
                )
            )
