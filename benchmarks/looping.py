"""Open loops: what is open is found among everything that was ever closed."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from benchmarks import data, homes, pens
from benchmarks.harness import Bench, Result, check, compare, seconds_of
from liaison.records.casework import Action, Concern, Referral, Transfer
from liaison.records.home import Resident, Staff
from liaison.services import loops
from liaison.store import changes as log
from liaison.store.store import FILE_NAME
from liaison.store.unit import MOST_CHANGES

if TYPE_CHECKING:
    from pathlib import Path

    from liaison.records import Record
    from liaison.store.store import Store

_REACH: Final = 2.0
_ENTRIES: Final = 200_000
_QUICK_ENTRIES: Final = 50_000
_OPEN: Final = 500
"""So many entries are still open, as in a home where little is followed up."""
_DAY: Final = dt.date(2025, 6, 2)
_START: Final = dt.datetime(2005, 1, 3, 9, tzinfo=dt.UTC)
# as somebody would write it who wants no more than the list: what, who, since when, how many days
_PLAIN: Final = (
    """SELECT 'concern', c.id, c.raised_at, NULL, c.resident, r.name, s.name, c.situation, c.route,
    julianday(?) - julianday(substr(c.raised_at, 1, 10)) FROM concern AS c
    LEFT JOIN resident AS r ON r.id = c.resident LEFT JOIN staff AS s ON s.id = c.raised_by
    WHERE c.closed_at IS NULL AND c.archived IS NOT 1""",
    """SELECT 'action', a.id, a.id >> 20, a.due, a.resident, r.name, s.name, a.what, a.kind,
    julianday(?) - julianday((a.id >> 20) / 1000, 'unixepoch') FROM action AS a
    LEFT JOIN resident AS r ON r.id = a.resident LEFT JOIN staff AS s ON s.id = a.owner_staff
    WHERE a.done_at IS NULL AND a.archived IS NOT 1""",
    """SELECT 'referral', f.id, f.sent,
    date(f.sent, '+' || coalesce(f.threshold_days, o.typical_wait_days) || ' days'),
    f.resident, r.name, o.name, f.reason, f.next_chase, julianday(?) - julianday(f.sent)
    FROM referral AS f LEFT JOIN resident AS r ON r.id = f.resident
    LEFT JOIN organisation AS o ON o.id = f.organisation
    WHERE f.closed_on IS NULL AND f.archived IS NOT 1""",
    """SELECT 'transfer', t.id, t.at, date(substr(t.at, 1, 10), '+9 days'), t.resident, r.name,
    k.name, t.direction, t.place, julianday(?) - julianday(substr(t.at, 1, 10))
    FROM transfer AS t LEFT JOIN resident AS r ON r.id = t.resident
    LEFT JOIN staff AS k ON k.id = r.key_worker WHERE t.reviewed_on IS NULL
    AND t.direction IN ('discharge', 'return from A&E', 'move in') AND t.archived IS NOT 1""",
    """SELECT 'agenda_line', l.id, s.at, NULL, l.resident, r.name, NULL, l.question, l.round,
    julianday(?) - julianday(substr(s.at, 1, 10)) FROM agenda_outcome AS e
    JOIN agenda_line AS l ON l.id = e.line JOIN round AS s ON s.id = l.round
    LEFT JOIN resident AS r ON r.id = l.resident WHERE e.carried = 1 AND NOT EXISTS
    (SELECT 1 FROM agenda_outcome AS o WHERE o.line = l.id AND o.outcome IS NOT NULL)""",
    """SELECT 'appointment', p.id, p.at, NULL, p.resident, r.name, s.name, p.purpose, p.place,
    julianday(?1) - julianday(substr(p.at, 1, 10)) FROM appointment AS p
    LEFT JOIN resident AS r ON r.id = p.resident LEFT JOIN staff AS s ON s.id = p.escort
    WHERE p.status = 'booked' AND p.at < ?1 AND p.archived IS NOT 1""",
    """SELECT 'equipment_loan', l.id, l.next_check, l.next_check, l.resident, r.name, o.name, l.what,
    NULL, julianday(?1) - julianday(l.next_check) FROM equipment_loan AS l
    LEFT JOIN resident AS r ON r.id = l.resident LEFT JOIN organisation AS o ON o.id = l.supplier
    WHERE l.returned_on IS NULL AND l.next_check <= ?1 AND l.archived IS NOT 1""",
)


def open_loops(bench: Bench) -> Iterator[Result]:
    """Everything open among 200,000 entries, against the plain SQL for the same list.

    The quick run has 50,000 entries, of which as many are open.
    """
    count = _QUICK_ENTRIES if bench.quick else _ENTRIES
    store = _home(bench.homes.folder() / FILE_NAME, count)
    with store:
        ours = loops.read(store, _DAY, present=True).items
        plain = _plainly(store)
        check(len(ours) == len(plain) > _OPEN // 2, "the two lists differ")
        check({loop.id for loop in ours} == {row[1] for row in plain}, "the two lists differ")
        yield compare(
            f"open loops, {count // 1_000}k entries",
            _REACH,
            bench.turns(30, 100),
            lambda: seconds_of(lambda: loops.read(store, _DAY, present=True)),
            lambda: seconds_of(lambda: _plainly(store)),
        )


def _plainly(store: Store) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    for statement in _PLAIN:
        found += store.connection.execute(statement, (_DAY.isoformat(),)).fetchall()
    found.sort(key=lambda row: row[-1], reverse=True)  # type: ignore[arg-type, return-value]  # numbers
    return found


def _home(path: Path, count: int) -> Store:
    chance = random.Random(1)
    store, person = homes.empty(path)
    store.clock = lambda: _START - dt.timedelta(hours=1)
    with store.unit(person, "who there is") as unit:
        staff = [
            unit.add(Staff(name=data.person_name(chance), job_role="care assistant"))
            for _ in range(20)
        ]
        residents = [
            unit.add(Resident(name=data.person_name(chance), room=str(n), key_worker=staff[n % 20]))
            for n in range(1, homes.RESIDENTS + 1)
        ]
        places = [unit.add(data.organisation(chance, n)) for n in range(20)]
    pen = pens.Pen(6)
    homes.admit_pen(store, pen)
    entries = _entries(chance, pen, count, residents, staff, places)
    # what is open does not hang on who saved what together: large units are taken in more quickly
    while chunk := list(itertools.islice(entries, MOST_CHANGES)):
        homes.take_in(store, pen, [pen.births(chunk)])
    return store


def _entries(  # noqa: PLR0917  # whoever takes part in it
    chance: random.Random,
    pen: pens.Pen,
    count: int,
    residents: list[int],
    staff: list[int],
    places: list[int],
) -> Iterator[tuple[Record, bytes]]:
    for number in range(count):
        pen.now = _START + dt.timedelta(days=365 * 20 * number / count)
        done = number % (count // _OPEN) != 0
        record = _entry(chance, pen.now, residents, staff, places, done=done)
        yield record, chance.randbytes(log.SALT_BYTES)


def _entry(  # whoever takes part in it
    chance: random.Random,
    now: dt.datetime,
    residents: list[int],
    staff: list[int],
    places: list[int],
    *,
    done: bool,
) -> Record:
    then = now + dt.timedelta(days=chance.randrange(1, 60)) if done else None
    day = None if then is None else then.date()
    words = "Rang back." if done else None
    resident, by, place = chance.choice(residents), chance.choice(staff), chance.choice(places)
    match chance.randrange(4):
        case 0:
            return Concern(
                resident=resident, raised_by=by, raised_at=now, situation=data.note(chance),
                outcome=words, closed_at=then,
            )  # fmt: skip
        case 1:
            return Action(
                what="Order dressings", resident=resident, owner_staff=by,
                due=now.date() + dt.timedelta(days=9), outcome=words, done_at=then,
            )  # fmt: skip
        case 2:
            return Referral(
                resident=resident, organisation=place, sent=now.date(), reason=data.note(chance),
                outcome=words, closed_on=day,
            )  # fmt: skip
    return Transfer(
        resident=resident, direction="discharge", at=now, place=place, review=words, reviewed_on=day
    )
