"""What waits to be spoken of at a round, each with why: read once, said in words."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from liaison.records import all_specs
from liaison.records.directory import Organisation
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

if TYPE_CHECKING:
    from liaison.store.store import Store

_MOVED_IN: Final = "move in"
_RESIDENT: Final = "resident"


@dataclasses.dataclass(frozen=True, slots=True)
class Whom:
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


@dataclasses.dataclass(frozen=True, slots=True)
class _Resident:
    whom: Whom
    every: int | None
    reviewed: dt.date | None
    moved_in: dt.date | None
    nurse: int | None


class Waiting:
    """What waits on a day, read once; whoever needs several agendas of a day keeps it.

    Args:
        store: The home.
        day: The day of the round: what is due by then waits, ages are counted to it.
    """

    def __init__(self, store: Store, day: dt.date) -> None:
        self.store = store
        self.day = day
        self.names = Names(store)
        loaded = store.the("home")
        self.home = loaded.record if loaded and isinstance(loaded.record, Home) else Home()
        self._stands: dict[int, int] = {}
        self._residents = self._read_residents()
        self._chased: defaultdict[int, list[tuple[str, str | None]]] = defaultdict(list)

    # ---- residents

    def _read_residents(self) -> dict[int, _Resident]:
        found: dict[int, _Resident] = {}
        for row in rows.residents(self.store):
            identity, name, room, born, left, every, reviewed, moved_in, nurse, gone, became = row
            if became is not None:
                self._stands[identity] = became
            elif not gone:
                whom = Whom(identity, name or "", room or "", _day(born), _day(left))
                found[identity] = _Resident(whom, every, _day(reviewed), _day(moved_in), nurse)
        return found

    def whom(self, identity: int | None) -> Whom | None:
        """Return how an agenda names a resident; None for nobody."""
        if identity is None:
            return None
        known = self._residents.get(self._standing(identity))
        if known is not None:
            return known.whom
        return Whom(identity, self.names.by_id(_RESIDENT, identity))

    def _standing(self, identity: int) -> int:
        seen: set[int] = set()
        while identity in self._stands and identity not in seen:
            seen.add(identity)
            identity = self._stands[identity]
        return identity

    def lives_here(self, identity: int | None) -> bool:
        """Return whether a resident is with us on the day."""
        known = self._residents.get(self._standing(identity or 0))
        return known is not None and (known.whom.left is None or known.whom.left > self.day)

    # ---- what waits

    @functools.cached_property
    def matters(self) -> list[Matter]:
        """Everything that waits on the day, in no order."""
        ends = times.to_stored(times.start_of_day(self.day + dt.timedelta(days=1)))
        found = {
            name: rows.waiting(
                self.store, name, day=self.day.isoformat(), after=ends.partition("Z")[0]
            )
            for name in rows.SOURCES
        }
        # who came back has to live here to be reviewed
        found["transfer"] = [row for row in found["transfer"] if self.lives_here(row[1])]
        matters = self._said(found)
        return [*matters, *self._reviews()]

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
        said = self._said({type_name: them})
        return {
            row[0]: (matter, _came_of_it(type_name, row))
            for row, matter in zip(them, said, strict=True)
        }

    def _said(self, found: dict[str, list[tuple[Any, ...]]]) -> list[Matter]:
        self._learn(found)
        said: list[Matter] = []
        for type_name, them in found.items():
            make = getattr(self, f"_{type_name}")
            said += [make(*row) for row in them]
        return said

    def _learn(self, found: dict[str, list[tuple[Any, ...]]]) -> None:
        """Read at once whom the words name, and how referrals were chased."""
        staff = {row[8] for row in found.get("concern", ())}
        staff |= {row[3] for row in found.get("action", ())}
        contacts = {row[4] for row in found.get("action", ())}
        places = {row[2] for row in found.get("referral", ())}
        places |= {row[4] for row in found.get("transfer", ())}
        self.names.learn(
            {
                "staff": staff - {None},
                "contact": contacts - {None},
                "organisation": places - {None},
            }
        )
        referrals = [row[0] for row in found.get("referral", ()) if row[0] not in self._chased]
        for referral, at, result in rows.chases(self.store, referrals) if referrals else ():
            self._chased[referral].append((at, result))

    def _name(self, type_name: str, identity: int | None) -> str:
        return "" if identity is None else self.names.by_id(type_name, identity)

    def _ago(self, day: dt.date) -> int:
        return max(0, (self.day - day).days)

    # ---- each in words

    def _concern(  # noqa: PLR0917  # a row
        self, identity: int, kind: str, resident: int | None, raised_at: str | None,
        situation: str | None, urgency: str | None, route: str | None, routed_to: int | None,
        raised_by: int | None, answered_at: str | None, answer: str | None, by: str | None,
        acknowledged_at: str | None, *_closed: object,
    ) -> Matter:  # fmt: skip
        raised = None if raised_at is None else times.from_stored(raised_at)
        since = self.day if raised is None else times.in_london(raised).date()
        why = f"Raised by {self._name('staff', raised_by)}, {times.show_date(since)}"
        late = False
        if answered_at is not None:
            told = "" if acknowledged_at is not None else " They have not read it yet."
            said = joined(f"Answered {_show(answered_at)}", by or "")
            why = f"{why}. {said}: {short(answer)}{told}"
        elif raised is not None:
            end = times.start_of_day(self.day + dt.timedelta(days=1))
            late = concern_rules.is_late(urgency, raised, end)
        return Matter(
            "concern", identity, Kind.QUERY if kind == "query" else Kind.CONCERN, resident,
            situation or "", why, since, _age(self._ago(since)),
            mark=Mark.PAST if late else Mark.OPEN,
            pressing=answered_at is None and urgency in {"now", "today"},
            route=route or "round", person=routed_to,
        )  # fmt: skip

    def _action(  # noqa: PLR0917  # a row
        self, identity: int, what: str | None, resident: int | None, staff: int | None,
        contact: int | None, due: str | None, _done: str | None, _outcome: str | None,
        source_type: str | None, source_id: str | None,
    ) -> Matter:  # fmt: skip
        owner = joined(self._name("staff", staff), self._name("contact", contact))
        day = _day(due)
        when = "no day set" if day is None else f"due {times.show_date(day)}"
        why = f"With {owner}, {when}" if owner else f"Nobody has it, {when}"
        age, mark = self._due(day)
        return Matter(
            "action", identity, Kind.ACTION, resident, what or "", why, day or self.day, age,
            mark=mark, person=contact,
            agreed=(source_id or "") if source_type == "agenda_line" else "",
        )  # fmt: skip

    def _due(self, day: dt.date | None) -> tuple[str, Mark]:
        if day is None:
            return "no day set", Mark.OPEN
        days = (self.day - day).days
        if days > 0:
            return f"{days_words(days)} past", Mark.PAST
        return ("due that day", Mark.DUE) if days == 0 else (_due_words(day), Mark.OPEN)

    def _referral(  # noqa: PLR0917  # a row
        self, identity: int, resident: int | None, organisation: int | None,
        contact: int | None, sent: str | None, reason: str | None, next_chase: str | None,
        *_closed: object,
    ) -> Matter:  # fmt: skip
        since = _day(sent) or self.day
        days = waited_days(since, self.day)
        place = self.names.record("organisation", organisation) if organisation else None
        usual = place.typical_wait_days if isinstance(place, Organisation) else None
        chased = self._chased.get(identity, [])
        parts = [f"Sent {times.show_date(since)} to {self._name('organisation', organisation)}"]
        if usual:
            parts.append(f"usual wait {days_words(usual)}")
        if chased:
            often = "once" if len(chased) == 1 else f"{len(chased)} times"
            came = chasing.came_of(short(chased[-1][1]))
            parts.append(f"chased {often}, last {_show(chased[-1][0])}: {came}")
        chase = _day(next_chase)
        mark = Mark.DUE if chase is not None and chase <= self.day else Mark.OPEN
        return Matter(
            "referral", identity, Kind.REFERRAL, resident, reason or "", ", ".join(parts), since,
            _age(days), mark=Mark.PAST if usual and days > usual else mark,
            person=contact, place=organisation,
        )  # fmt: skip

    def _transfer(  # noqa: PLR0917  # a row
        self, identity: int, resident: int | None, direction: str | None, at: str | None,
        place: int | None, summary: str | None, medicines: str | None, problems: str | None,
        *_reviewed: object,
    ) -> Matter:  # fmt: skip
        moment = None if at is None else times.from_stored(at)
        came = self.day if moment is None else times.in_london(moment).date()
        days = self.home.review_working_days
        days = Home().review_working_days if days is None else days
        last_day = add_working_days(came, days or 0)
        new = direction == _MOVED_IN
        where = self._name("organisation", place)
        when = times.show_date(came) if moment is None else times.show_time(moment)
        question = f"{'Moved in' if new else 'Back with us'} {when}"
        question += f", from {where}." if where else "."
        for what, came_along in (("Summary", summary), ("Medicines", medicines)):
            if came_along in {"no", "partly"}:
                question += f" {what} {'did not come' if came_along == 'no' else 'came in part'}."
        if problems:
            question += f" {short(problems)}"
        why = f"Not reviewed yet; to be by {times.show_date(last_day)} ({days} working days)"
        age, mark = self._due(last_day)
        return Matter(
            "transfer", identity, Kind.NEW if new else Kind.BACK_HOME, resident, question, why,
            came, f"review {age}", mark=mark,
        )  # fmt: skip

    # ---- the residents' own reviews

    def _reviews(self) -> list[Matter]:
        """Return the residents whose next review has come."""
        found: list[Matter] = []
        for identity, resident in self._residents.items():
            if resident.every and self.lives_here(identity):
                due = self._next_review(resident)
                if due is not None and due <= self.day:
                    found.append(self._review(resident, due))
        return found

    @staticmethod
    def _next_review(resident: _Resident) -> dt.date | None:
        return review_due(resident.every, resident.reviewed, resident.moved_in)

    def _review(self, resident: _Resident, due: dt.date | None) -> Matter:
        last = resident.reviewed
        never = "not reviewed yet" if last is None else f"last reviewed {times.show_date(last)}"
        known = due is not None and due > dt.date.min
        age, mark = self._due(due) if known else ("no review recorded", Mark.DUE)
        return Matter(
            _RESIDENT, resident.whom.id, Kind.REVIEW, resident.whom.id,
            "Review of how they are.",
            f"Review every {days_words(resident.every or 0)}, {never}",
            due if due is not None and known else self.day, age, mark=mark, person=resident.nurse,
        )  # fmt: skip

    def _review_of(self, identity: int) -> tuple[Matter, str] | None:
        resident = self._residents.get(self._standing(identity))
        if resident is None:
            return None
        due = self._next_review(resident)
        matter = self._review(resident, due)
        if not self.lives_here(identity):
            left = resident.whom.left
            return matter, f"Left us {times.show_date(left)}" if left else ""
        if resident.reviewed is not None and (due is None or due > self.day):
            return matter, f"Reviewed {times.show_date(resident.reviewed)}"
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
    day = times.in_london(times.from_stored(kept)).date() if "T" in kept else _day(kept)
    return "" if day is None else times.show_date(day)


def _age(days: int) -> str:
    return "that day" if days == 0 else days_words(days)


def _due_words(day: dt.date) -> str:
    return f"due {times.show_date(day)}"
