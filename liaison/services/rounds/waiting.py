"""What waits to be spoken of at a round, each with why: read once, said in words."""

from __future__ import annotations

import datetime as dt
import functools
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from liaison.records import all_specs
from liaison.records.home import Home
from liaison.records.rules import chasing, times
from liaison.records.rules import concerns as concern_rules
from liaison.records.rules.rounds import Kind, Mark, Matter, review_due
from liaison.records.rules.waits import waited_days
from liaison.records.rules.working_days import add_working_days
from liaison.services.references import Names
from liaison.services.today.items import days_words, joined, short
from liaison.store import agenda as rows
from liaison.store import query
from liaison.store.driver import plain_errors
from liaison.store.loops import known

if TYPE_CHECKING:
    from liaison.store.store import Store

_MOVED_IN: Final = "move in"
_RESIDENT: Final = "resident"
_NEW: Final = Home()

_Rows = list[tuple[Any, ...]]


class Whom(NamedTuple):
    """A resident as an agenda names them: two of one name are never taken for each other.

    Args:
        id: The resident.
        name: Their name.
        room: Their room; empty if it is not recorded.
        born: The day they were born.
        left: The day they left us.
    """

    id: int
    name: str
    room: str = ""
    born: dt.date | None = None
    left: dt.date | None = None

    @property
    def apart(self) -> str:
        """What tells them from a namesake: room and date of birth."""
        room = f"Room {self.room}" if self.room else "Room not recorded"
        born = times.show_plain_date(self.born) if self.born else "date of birth not recorded"
        left = f", left {times.show_date(self.left)}" if self.left else ""
        return f"{room}, born {born}{left}" if self.born else f"{room}, {born}{left}"


class _Cycle(NamedTuple):
    """How often a resident is reviewed, and when they were."""

    every: int | None
    reviewed: dt.date | None
    moved_in: dt.date | None
    nurse: int | None

    @property
    def due(self) -> dt.date | None:
        """The day of the next review."""
        return review_due(self.every, self.reviewed, self.moved_in)


class Waiting:
    """What waits on a day, read once; whoever needs several agendas of a day keeps it.

    Args:
        store: The home.
        day: The day of the round: what is due by then waits, ages are counted to it.

    Attributes:
        alert: Carried over so often is too often; 0 for never.
    """

    def __init__(self, store: Store, day: dt.date) -> None:
        self.store = store
        self.day = day
        self.names = Names(store)
        alert, days = rows.settings(store)
        # cleared by hand: what a new home begins with
        self.alert = (_NEW.carried_alert if alert is None else alert) or 0
        self._review_days = (_NEW.review_working_days if days is None else days) or 0
        self._ends = times.start_of_day(day + dt.timedelta(days=1))
        self._stands: dict[int, int] = {}
        self._whom: dict[int, Whom] = {}
        self._cycles: dict[int, _Cycle] = {}
        self._read_residents()
        self._chased: defaultdict[int, list[tuple[str, str | None]]] = defaultdict(list)

    # ---- residents

    def _read_residents(self) -> None:
        for row in rows.residents(self.store):
            identity, name, room, born, left, every, reviewed, moved_in, nurse, gone, became = row
            if became is not None:
                self._stands[identity] = became
            elif not gone:
                self._whom[identity] = Whom(
                    identity, name or "", room or "", _day(born), _day(left)
                )
                self._cycles[identity] = _Cycle(every, _day(reviewed), _day(moved_in), nurse)

    def whom(self, identity: int | None) -> Whom | None:
        """Return how an agenda names a resident; None for nobody."""
        if identity is None:
            return None
        found = self._whom.get(identity) or self._whom.get(self._standing(identity))
        return found or Whom(identity, self.names.by_id(_RESIDENT, identity))

    def _standing(self, identity: int) -> int:
        seen: set[int] = set()
        while identity in self._stands and identity not in seen:
            seen.add(identity)
            identity = self._stands[identity]
        return identity

    def lives_here(self, identity: int | None) -> bool:
        """Return whether a resident is with us on the day."""
        found = self._whom.get(self._standing(identity or 0))
        return found is not None and (found.left is None or found.left > self.day)

    # ---- what waits

    @functools.cached_property
    def matters(self) -> list[Matter]:
        """Everything that waits on the day, in no order."""
        day, after = self.day.isoformat(), times.to_stored(self._ends).partition("Z")[0]
        said: list[Matter] = []
        for name in rows.SOURCES:
            found = rows.waiting(self.store, name, day=day, after=after)
            if name == "transfer":
                # who came back has to live here to be reviewed
                found = [row for row in found if self.lives_here(row[1])]
            said += self._said(name, found)
        return said + self._reviews()

    def of(self, type_name: str, identities: Iterable[int]) -> dict[int, tuple[Matter, str]]:
        """Return matters of a type by id, open or not, each with what came of it elsewhere.

        Args:
            type_name: A type an agenda's line can come from.
            identities: The records.

        Returns:
            By id; what came of it is empty for what still waits. What does not stand any more is
            left out.
        """
        wanted = [*identities]
        if type_name == _RESIDENT:
            return {one: told for one in wanted if (told := self._review_of(one)) is not None}
        if type_name not in rows.SOURCES or not wanted:
            return {}
        them = rows.of_ids(self.store, type_name, wanted)
        said = self._said(type_name, them)
        return {
            row[0]: (matter, _came_of_it(type_name, row))
            for row, matter in zip(them, said, strict=True)
        }

    def _said(self, type_name: str, found: _Rows) -> list[Matter]:
        """Return the rows of a type in words, one matter for each."""
        match type_name:
            case "concern":
                return self._concerns(found)
            case "action":
                return self._actions(found)
            case "referral":
                return self._referrals(found)
            case _:
                return self._transfers(found)

    # ---- each type in words; a row has the columns of ``store.agenda``

    def _concerns(self, found: _Rows) -> list[Matter]:
        staff = self.names.words("staff", [row[8] for row in found])
        said: list[Matter] = []
        for row in found:
            identity, kind, resident, raised_at, situation, urgency, route, to, by = row[:9]
            answered_at, answer, answered_by, read_at = row[9:13]
            since = self.day if raised_at is None else times.stored_day(raised_at)
            why = f"Raised by {staff.get(by, '')}, {times.show_date(since)}"
            presses = answered_at is None and urgency in concern_rules.PRESSING
            late = False
            if answered_at is not None:
                told = "" if read_at is not None else " They have not read it yet."
                heard = joined(f"Answered {_show(answered_at)}", answered_by or "")
                why = f"{why}. {heard}: {short(answer)}{told}"
            elif presses and raised_at is not None:
                late = concern_rules.is_late(urgency, times.from_stored(raised_at), self._ends)
            said.append(
                Matter(
                    "concern", identity, Kind.QUERY if kind == "query" else Kind.CONCERN,
                    resident, situation or "", why, since, _age((self.day - since).days),
                    Mark.PAST if late else Mark.OPEN, presses, route or "round", to,
                )
            )  # fmt: skip
        return said

    def _actions(self, found: _Rows) -> list[Matter]:
        staff = self.names.words("staff", [row[3] for row in found])
        contacts = self.names.words("contact", [row[4] for row in found])
        said: list[Matter] = []
        for row in found:
            identity, what, resident, by, to, due = row[:6]
            source_type, source_id = row[8:]
            day = _day(due)
            owner = joined(staff.get(by, ""), contacts.get(to, ""))
            when = "no day set" if day is None else f"due {times.show_date(day)}"
            why = f"With {owner}, {when}" if owner else f"Nobody has it, {when}"
            age, mark = _due(day, self.day)
            agreed = (source_id or "") if source_type == "agenda_line" else ""
            said.append(
                Matter(
                    "action", identity, Kind.ACTION, resident, what or "", why, day or self.day,
                    age, mark, False, "", to, None, agreed,
                )
            )  # fmt: skip
        return said

    def _referrals(self, found: _Rows) -> list[Matter]:
        at = {row[2] for row in found} - {None}
        places, usual = self.names.words("organisation", at), self._usual_waits(at)
        self._read_chases([row[0] for row in found])
        said: list[Matter] = []
        for row in found:
            identity, resident, place, contact, sent, reason, next_chase = row[:7]
            since = _day(sent) or self.day
            days = waited_days(since, self.day)
            why = f"Sent {times.show_date(since)} to {places.get(place, '')}"
            if wait := usual.get(place):
                why += f", usual wait {days_words(wait)}"
            if chased := self._chased.get(identity):
                often = "once" if len(chased) == 1 else f"{len(chased)} times"
                came = chasing.came_of(short(chased[-1][1]))
                why += f", chased {often}, last {_show(chased[-1][0])}: {came}"
            chase = _day(next_chase)
            mark = Mark.DUE if chase is not None and chase <= self.day else Mark.OPEN
            said.append(
                Matter(
                    "referral", identity, Kind.REFERRAL, resident, reason or "", why, since,
                    _age(days), Mark.PAST if wait and days > wait else mark, False, "",
                    contact, place,
                )
            )  # fmt: skip
        return said

    def _usual_waits(self, organisations: Collection[int]) -> dict[int, int | None]:
        """Return the typical wait of each organisation, of duplicates that of whoever stands."""
        found: dict[int, int | None] = {}
        for identity, (merged, days) in known(
            self.store, "organisation", organisations, "typical_wait_days"
        ).items():
            record = None if merged is None else self.store.follow("organisation", identity)
            found[identity] = getattr(record, "typical_wait_days", days)
        return found

    def _read_chases(self, referrals: Iterable[int]) -> None:
        new = [one for one in referrals if one not in self._chased]
        for referral, at, result in rows.chases(self.store, new) if new else ():
            self._chased[referral].append((at, result))

    def _transfers(self, found: _Rows) -> list[Matter]:
        places = self.names.words("organisation", [row[4] for row in found])
        days = self._review_days
        said: list[Matter] = []
        for row in found:
            identity, resident, direction, at, place, summary, medicines, problems = row[:8]
            came = self.day if at is None else times.stored_day(at)
            last_day = _working_days_after(came, days)
            new = direction == _MOVED_IN
            where = places.get(place, "")
            when = times.show_date(came) if at is None else _moment(at)
            question = f"{'Moved in' if new else 'Back with us'} {when}"
            question += f", from {where}." if where else "."
            for what, came_along in (("Summary", summary), ("Medicines", medicines)):
                if came_along in {"no", "partly"}:
                    question += (
                        f" {what} {'did not come' if came_along == 'no' else 'came in part'}."
                    )
            if problems:
                question += f" {short(problems)}"
            why = f"Not reviewed yet; to be by {times.show_date(last_day)} ({days} working days)"
            age, mark = _due(last_day, self.day)
            said.append(
                Matter(
                    "transfer", identity, Kind.NEW if new else Kind.BACK_HOME, resident, question,
                    why, came, f"review {age}", mark,
                )
            )  # fmt: skip
        return said

    # ---- the residents' own reviews

    def _reviews(self) -> list[Matter]:
        """Return the residents whose next review has come."""
        found: list[Matter] = []
        for identity, cycle in self._cycles.items():
            due = cycle.due
            if due is not None and due <= self.day:
                left = self._whom[identity].left
                if left is None or left > self.day:
                    found.append(self._review(identity, cycle, due))
        return found

    def _review(self, identity: int, cycle: _Cycle, due: dt.date | None) -> Matter:
        last = cycle.reviewed
        never = "not reviewed yet" if last is None else f"last reviewed {times.show_date(last)}"
        if due is None or due == dt.date.min:
            due, age, mark = self.day, "no review recorded", Mark.DUE
        else:
            age, mark = _due(due, self.day)
        return Matter(
            _RESIDENT, identity, Kind.REVIEW, identity, "Review of how they are.",
            f"Review every {days_words(cycle.every or 0)}, {never}",
            due, age, mark, False, "", cycle.nurse,
        )  # fmt: skip

    def _review_of(self, identity: int) -> tuple[Matter, str] | None:
        stands = self._standing(identity)
        cycle = self._cycles.get(stands)
        if cycle is None:
            return None
        due = cycle.due
        matter = self._review(stands, cycle, due)
        if not self.lives_here(stands):
            left = self._whom[stands].left
            return matter, f"Left us {times.show_date(left)}" if left else ""
        if cycle.reviewed is not None and (due is None or due > self.day):
            return matter, f"Reviewed {times.show_date(cycle.reviewed)}"
        return matter, ""


def same(store: Store, type_name: str, identity: int | None) -> frozenset[int]:
    """Return every id by which one record is known: its own and its duplicates'."""
    if identity is None:
        return frozenset()
    stands = store.follow(type_name, identity)
    meant = identity if stands is None or stands.id is None else stands.id
    with plain_errors():
        known = query.same_ids(store.connection, all_specs()[type_name], meant)
    return frozenset(known)


def _came_of_it(type_name: str, row: tuple[Any, ...]) -> str:
    """Say what came of something elsewhere than at a round; empty if it still waits."""
    closed = rows.closed(type_name, row)
    return f"{_show(closed)}: {short(rows.outcome(type_name, row)) or 'done'}" if closed else ""


def _day(kept: str | None) -> dt.date | None:
    return None if kept is None else dt.date.fromisoformat(kept)


def _show(kept: str) -> str:
    return times.show_date(times.stored_day(kept))


# the same few days are spoken of in every list: counted and said once
_working_days_after = functools.lru_cache(maxsize=1_024)(add_working_days)


@functools.lru_cache(maxsize=1_024)
def _moment(kept: str) -> str:
    return times.show_time(times.from_stored(kept))


@functools.lru_cache(maxsize=1_024)
def _age(days: int) -> str:
    return "that day" if days <= 0 else days_words(days)


@functools.lru_cache(maxsize=1_024)
def _due(day: dt.date | None, on: dt.date) -> tuple[str, Mark]:
    """Say how something stands on a day that is due on another."""
    if day is None:
        return "no day set", Mark.OPEN
    days = (on - day).days
    if days > 0:
        return f"{days_words(days)} past", Mark.PAST
    return ("due that day", Mark.DUE) if days == 0 else (f"due {times.show_date(day)}", Mark.OPEN)
