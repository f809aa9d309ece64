"""The agenda of a round for 60 residents, against the plain SQL for the same lines."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from benchmarks import data, homes
from benchmarks.harness import Bench, Result, check, compare, seconds_of
from liaison.records.casework import Action, Concern, Referral, Round, Series, Transfer
from liaison.records.home import Home, Resident, Staff
from liaison.services.rounds.agenda import agenda
from liaison.store.store import FILE_NAME

if TYPE_CHECKING:
    from liaison.store.store import Store

_REACH: Final = 2.0
_RESIDENTS: Final = 60
_CLOSED: Final = 4_000
_NOW: Final = dt.datetime(2026, 11, 25, 9, tzinfo=dt.UTC)
_WEEK: Final = dt.timedelta(days=7)
_LIVES: Final = "{0}.archived IS NOT 1 AND {0}.merged_into IS NULL AND {0}.struck_reason IS NULL"
_WHO: Final = "r.name, r.room, r.date_of_birth, r.left_on"


def _day(column: str) -> str:
    """Return the SQL for a day in words, as "Mon 23 Nov 2026"."""
    day = f"substr({column}, 1, 10)"
    return (
        f"substr('SunMonTueWedThuFriSat', 1 + 3 * strftime('%w', {day}), 3) || ' ' || "
        f"ltrim(strftime('%d', {day}), '0') || ' ' || "
        "substr('JanFebMarAprMayJunJulAugSepOctNovDec', "
        f"3 * strftime('%m', {day}) - 2, 3) || strftime(' %Y', {day})"
    )


def _days(since: str) -> str:
    """Return the SQL for how many days ago a day was, in words."""
    count = f"CAST(julianday(:day) - julianday(substr({since}, 1, 10)) AS INTEGER)"
    return f"{count} || iif({count} = 1, ' day', ' days')"


_REVIEW: Final = (
    "date(coalesce(r.last_reviewed, r.moved_in), '+' || r.review_every_days || ' days')"
)
_BACK: Final = "date(substr(t.at, 1, 10), '+9 days')"
# as somebody would write it who wants no more than the lines, in the words in which they are shown:
# what, about whom, since when, why, how it stands
_PLAIN: Final = (
    f"""SELECT 'concern', c.id, c.raised_at, c.situation,
    'Raised by ' || s.name || ', ' || {_day("c.raised_at")}, {_days("c.raised_at")}, {_WHO}
    FROM concern AS c LEFT JOIN resident AS r ON r.id = c.resident
    LEFT JOIN staff AS s ON s.id = c.raised_by
    WHERE c.closed_at IS NULL AND c.route = 'round' AND {_LIVES.format("c")}""",
    f"""SELECT 'action', a.id, a.due, a.what,
    'With ' || coalesce(s.name, k.name) || ', due ' || {_day("a.due")},
    iif(a.due = :day, 'due that day', {_days("a.due")} || ' past'), {_WHO} FROM action AS a
    LEFT JOIN resident AS r ON r.id = a.resident LEFT JOIN staff AS s ON s.id = a.owner_staff
    LEFT JOIN contact AS k ON k.id = a.owner_contact
    WHERE a.done_at IS NULL AND a.due <= :day AND {_LIVES.format("a")}""",
    f"""SELECT 'referral', f.id, f.sent, f.reason,
    'Sent ' || {_day("f.sent")} || ' to ' || o.name ||
    coalesce(', usual wait ' || o.typical_wait_days || ' days', ''), {_days("f.sent")}, {_WHO},
    (SELECT count(*) FROM chase AS h WHERE h.referral = f.id) FROM referral AS f
    LEFT JOIN resident AS r ON r.id = f.resident
    LEFT JOIN organisation AS o ON o.id = f.organisation
    WHERE f.closed_on IS NULL AND f.first_seen IS NULL AND {_LIVES.format("f")}""",
    f"""SELECT 'transfer', t.id, t.at,
    'Back with us ' || {_day("t.at")} || ', ' || substr(t.at, 12, 5) || ', from ' || o.name || '.',
    'Not reviewed yet; to be by ' || {_day(_BACK)} || ' (7 working days)',
    'review due ' || {_day(_BACK)}, {_WHO}, t.problems, t.summary
    FROM transfer AS t LEFT JOIN resident AS r ON r.id = t.resident
    LEFT JOIN organisation AS o ON o.id = t.place WHERE t.reviewed_on IS NULL
    AND t.direction IN ('discharge', 'return from A&E', 'move in') AND {_LIVES.format("t")}""",
    f"""SELECT 'resident', r.id, {_REVIEW}, 'Review of how they are.',
    'Review every ' || r.review_every_days || ' days, last reviewed ' || {_day("r.last_reviewed")},
    iif({_REVIEW} = :day, 'due that day', {_days(_REVIEW)} || ' past'), {_WHO}
    FROM resident AS r WHERE {_REVIEW} <= :day AND {_LIVES.format("r")}""",
)


def agenda_of_round(bench: Bench) -> Iterator[Result]:
    """A round's agenda for 60 residents, put together from everything that waits.

    The floor is SQL that gives the same lines in the same words.
    """
    store, sitting = _home(bench)
    with store:
        lines = agenda(store, sitting).lines
        plain = _plainly(store)
        check(len(lines) == len(plain) > 2 * _RESIDENTS, "the two agendas differ")
        check(
            {(line.source, line.question, line.why, line.age, line.whom and line.whom[1:3])
             for line in lines}
            == {((row[0], row[1]), *row[3:6], (row[6], row[7])) for row in plain},
            "the two agendas differ",
        )  # fmt: skip
        yield compare(
            "agenda for 60 residents",
            _REACH,
            bench.turns(30, 100),
            lambda: seconds_of(lambda: agenda(store, sitting)),
            lambda: seconds_of(lambda: _plainly(store)),
        )


def _plainly(store: Store) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    for statement in _PLAIN:
        day = {"day": _NOW.date().isoformat()}
        found += store.connection.execute(statement, day if ":day" in statement else ()).fetchall()
    found.sort(key=lambda row: (str(row[0]), str(row[2]), str(row[6])))
    return found


def _home(bench: Bench) -> tuple[Store, int]:
    chance = random.Random(4)
    store, person = homes.empty(bench.homes.folder() / FILE_NAME)
    store.clock = lambda: _NOW
    with store.unit(person, "what waits") as unit:
        if store.the("home") is None:
            unit.add(Home(name="Benchmark"))
        place = unit.add(data.organisation(chance, 1))
        staff = [
            unit.add(Staff(name=data.person_name(chance), job_role="care assistant"))
            for _ in range(20)
        ]
        series = unit.add(Series(name="Weekly round", every="week", weekday=2))
        sitting = unit.add(Round(series=series, at=_NOW))
        for number in range(_RESIDENTS):
            resident = unit.add(
                Resident(
                    name=data.person_name(chance), room=str(number), review_every_days=28,
                    date_of_birth=dt.date(1935, 1, 1 + number % 28),
                    last_reviewed=_NOW.date() - dt.timedelta(days=20 + number % 20),
                )
            )  # fmt: skip
            by = chance.choice(staff)
            unit.add(Concern(resident=resident, raised_by=by, raised_at=_NOW - _WEEK,
                             situation=data.note(chance)))  # fmt: skip
            if number % 2:
                unit.add(Action(what="Blood results", resident=resident, owner_staff=by,
                                due=_NOW.date()))  # fmt: skip
            if number % 3:
                unit.add(Referral(resident=resident, organisation=place, reason=data.note(chance),
                                  sent=_NOW.date() - dt.timedelta(days=number)))  # fmt: skip
            if number % 6 == 0:
                unit.add(Transfer(resident=resident, direction="discharge", at=_NOW - _WEEK,
                                  place=place))  # fmt: skip
        for _ in range(_CLOSED):
            unit.add(Concern(resident=resident, raised_by=by, raised_at=_NOW - 2 * _WEEK,
                             situation=data.note(chance), outcome="Seen.",
                             closed_at=_NOW - _WEEK))  # fmt: skip
    return store, sitting
