"""When rounds are: recurring ones planned ahead, the list of what is coming and what was held."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.records.casework import Round, Series
from liaison.records.ids import derived_id
from liaison.records.rules import times
from liaison.records.rules.rounds import following, moment_of, sittings, start_of
from liaison.services import editing, permissions
from liaison.services.references import Names
from liaison.services.rounds.agenda import sitting_of
from liaison.services.rounds.left import day_of, settled_elsewhere
from liaison.services.rounds.lines import PLANNED, Sitting
from liaison.store import agenda as rows
from liaison.store import query
from liaison.store.query import Condition

if TYPE_CHECKING:
    from liaison.services.homes import OpenHome
    from liaison.store.store import Store
    from liaison.store.unit import UnitOfWork

AHEAD: Final = 2
"""So many rounds of each series are kept planned: what is carried over has somewhere to go."""
RECENT: Final = 30
_REASON: Final = "Planned as the recurring round says"
_STRUCK: Final = "struck"


@dataclasses.dataclass(frozen=True, slots=True)
class Listed:
    """A round in a list.

    Args:
        sitting: The round.
        lines: How many lines are on its agenda so far.
        left: How many of them nobody has said anything about.
        carried: How many were carried over.
    """

    sitting: Sitting
    lines: int
    left: int
    carried: int


def coming(store: Store, limit: int = RECENT) -> tuple[Listed, ...]:
    """Return the rounds that are planned, the earliest first; also those whose day is over.

    A round whose day is over and that nobody has finished stays here until somebody does.

    Args:
        store: The home.
        limit: How many at most.
    """
    where = (Condition("status", PLANNED),)
    asked = query.Query("round", where, order_by="at", newest_first=False)
    return _listed(store, _rounds(store, asked, limit))


def held(store: Store, limit: int = RECENT) -> tuple[Listed, ...]:
    """Return the rounds that were held or cancelled, the latest first.

    Args:
        store: The home.
        limit: How many at most.
    """
    found: list[Round] = []
    for record in query.every(store, query.Query("round", order_by="at"), chunk=limit):
        if isinstance(record, Round) and record.status != PLANNED and not record.struck_reason:
            found.append(record)
        if len(found) == limit:
            break
    return _listed(store, found)


def _rounds(store: Store, asked: query.Query, limit: int) -> list[Round]:
    found = query.page(store, asked, limit=limit).records
    return [one for one in found if isinstance(one, Round) and not one.struck_reason and one.at]


def _listed(store: Store, found: list[Round]) -> tuple[Listed, ...]:
    names = Names(store)
    names.learn({"series": [one.series for one in found if one.series is not None]})
    lines: defaultdict[int, dict[int, tuple[str | None, str | None]]] = defaultdict(dict)
    for sitting, line, kind, source in rows.lines(store, [one.id or 0 for one in found]):
        lines[sitting][line] = kind, source
    said: defaultdict[int, list[int]] = defaultdict(list)
    for line, _, _, carried, _ in rows.outcomes(
        store, [line for them in lines.values() for line in them]
    ):
        said[line].append(carried)
    listed: list[Listed] = []
    for one in found:
        mine = lines[one.id or 0]
        silent = {line: source for line, source in mine.items() if line not in said}
        if one.status == PLANNED and silent:
            silent = {
                line: source
                for line, source in silent.items()
                if line not in settled_elsewhere(store, {line: source}, day_of(one))
            }
        count = Counter(all(said[line]) for line in mine if line in said)
        left = len(silent) if one.status == PLANNED else 0
        listed.append(Listed(sitting_of(one, names), len(mine), left, count[True]))
    return tuple(listed)


def series_of(store: Store) -> list[Series]:
    """Return the recurring rounds there are, in the order they were written."""
    found = query.every(store, query.Query("series", newest_first=False))
    return [one for one in found if isinstance(one, Series) and not one.struck_reason]


def plan_ahead(home: OpenHome) -> list[int]:
    """Plan the next rounds of every series that says how often it comes.

    A day for which one is planned, cancelled or held already gets no second one; two PCs that plan
    the same day make the same round.

    Args:
        home: The home.

    Returns:
        The ids of the rounds that were planned; none if everything is planned.

    Raises:
        NotAllowed: Their role does not plan rounds.
    """
    editing.refuse_adding(home, "round")
    store, today = home.store, home.store.today()
    wanted: list[tuple[Series, dt.date]] = []
    for series in series_of(store):
        there = _days(store, series)
        ahead = [day for day, status in there.items() if day >= today and status == PLANNED]
        last = max(there, default=None)
        missing = AHEAD - len(ahead)
        if missing > 0:
            days = sittings(series.every, series.weekday, last, today, missing)
            wanted += [(series, day) for day in days if day not in there]
    if not wanted:
        return []
    with home.unit(_REASON) as unit:
        return [plan_on(home, unit, series, day) for series, day in wanted]


def _days(store: Store, series: Series) -> dict[dt.date, str]:
    """Return the days of a series' rounds, the latest of them, each with its status.

    A round that was struck through keeps its day as well: planned again it would be the same one,
    and what is put on the agenda of that nobody sees.
    """
    asked = query.Query("round", (Condition("series", series.id),), order_by="at")
    found = query.page(store, asked).records
    return {
        day_of(one): _STRUCK if one.struck_reason else one.status or PLANNED
        for one in sorted(found, key=lambda one: not one.struck_reason)
        if isinstance(one, Round) and one.at is not None
    }


def plan_on(home: OpenHome, unit: UnitOfWork, series: Series, day: dt.date) -> int:
    """Plan a round of a series on a day, inside a unit of work; return its id."""
    at = moment_of(day, start_of(series.start_time))
    what = (series.id or 0, times.to_stored(at))
    identity = derived_id("round", *what)
    known = home.store.load("round", identity)
    if known is None:
        return unit.add(Round(series=series.id, at=at), derived_from=what)
    if known.record.archived:
        # it was planned and taken back
        unit.save(known, dataclasses.replace(known.record, archived=None))
    return identity


def after(home: OpenHome, sitting: Round) -> tuple[int | None, Series | None, dt.date | None]:
    """Return the round that follows on one, to carry something over to.

    Args:
        home: The home.
        sitting: The round.

    Returns:
        The next planned round of its series; or, if there is none, its series and the day on which
        one is to be planned. For a single round it is the next one planned at all.

    Raises:
        UserError: There is no later round, and none can be worked out.
    """
    store = home.store
    where = [Condition("at", sitting.at, ">"), Condition("status", PLANNED)]
    if sitting.series is not None:
        where.append(Condition("series", sitting.series))
    asked = query.Query("round", tuple(where), order_by="at", newest_first=False)
    for record in query.every(store, asked, chunk=10):
        if not record.struck_reason:
            return record.id, None, None
    series = None if sitting.series is None else store.follow("series", sitting.series)
    if isinstance(series, Series):
        there = _days(store, series)
        day = following(series.every, series.weekday, max([day_of(sitting), *there]))
        while day is not None and day < store.today():
            day = following(series.every, series.weekday, day)
        if day is not None:
            return None, series, day
    raise UserError(
        "There is no later round to carry this over to.",
        kept="Nothing was changed.",
        do="Plan the next round first.",
        code="no-round",
    )


def plan(home: OpenHome, record: Round) -> int:
    """Plan a single round.

    Args:
        home: The home.
        record: When, and of which series if any.

    Raises:
        editing.Unfit: It has no moment, or the moment cannot be.
        NotAllowed: Their role does not plan rounds.
    """
    return editing.add(home, dataclasses.replace(record, status=PLANNED))[0]


def may_plan(home: OpenHome) -> bool:
    """Return whether whoever unlocked the home plans rounds and records their outcomes."""
    return home.may(permissions.work_of("agenda_outcome").add)
