"""Open loops: everything without an outcome, as it was on a day, oldest first (need N8).

Read in one pass over what is open; the words that a list shows are made in
:mod:`liaison.services.loop_words`, for those in sight.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from liaison.records.directory import Post
from liaison.records.home import Home
from liaison.records.rules import loops as rules
from liaison.records.rules import times
from liaison.records.rules.times import stored_day
from liaison.records.rules.transfers import REVIEWED, review_due
from liaison.services.references import Names
from liaison.services.rounds.left import read_source, settled_elsewhere
from liaison.store import query
from liaison.store.loops import NOT_SPOKEN_OF, known, open_rows
from liaison.store.query import Condition, Query
from liaison.store.stamps import made_at

if TYPE_CHECKING:
    from liaison.store.store import Store

KINDS: Final[Mapping[str, str]] = {
    "referral": "Referrals",
    "concern": "Concerns",
    "query": "Queries",
    "action": "Actions",
    "result": "Results",
    "review": "Reviews",
    "appointment": "Appointments",
    "loan": "On loan",
    "carried": "Carried over",
}
"""Every kind of loop and what several of it are called, in the order they are chosen by."""
_RESULT: Final = "result awaited"
_REVIEWED_REGULARLY: Final = "resident"
"""What a line comes from that a resident's review cycle put on the agenda."""
_TOLD_THEMSELVES: Final = frozenset({"concern", "action", "referral", "transfer"})
"""What a line of a round may be about that is open by itself."""
_LAST_HOUR: Final = 23
_NOTHING: Final[tuple[str, dt.date | None]] = ("", None)
"""No step was taken, on no day."""

Owner = tuple[str, int]
"""A type and a record: who has to see to it, or whom it is with."""


class Loop(NamedTuple):
    """Something without an outcome; a tuple, as hundreds are made for every list.

    Args:
        type: The type of the record that is open: concern, action, referral, transfer,
            appointment, equipment_loan or agenda_line.
        id: That record.
        kind: One of :data:`KINDS`.
        since_kept: The day or moment since which it is open, as kept.
        since_day: The day of that on the home's wall clock.
        due: The day by which it should have come to something; None if nobody said.
        days: How many days it has been open on the day it is looked at.
        state: How pressing that is: ok, due or late.
        resident: Whom it is about; None for nobody.
        owner: Who has to see to it, a staff or contact record; None if nobody is named.
        partner: The organisation or contact outside the home it is with; None for none.
        what: The words it was written down with, shortened.
        step: What came of it so far: "answered", "read", "acknowledged", "seen", the direction of a
            transfer, or "held" of a line whose round was held; empty for nothing.
        step_on: The day of that; None if it has none.
        route: Where a concern goes.
        pressing: Whether a concern was raised for today or now.
        chase: Whether a referral is to be asked after by now.
        carried: How often a line was carried over to another round.
    """

    type: str
    id: int
    kind: str
    since_kept: str
    since_day: dt.date
    due: dt.date | None
    days: int
    state: rules.LoopState
    resident: int | None
    owner: Owner | None
    partner: Owner | None
    what: str
    step: str = ""
    step_on: dt.date | None = None
    route: str = ""
    pressing: bool = False
    chase: bool = False
    carried: int = 0

    @property
    def since(self) -> dt.date | dt.datetime:
        """The day or moment since which it is open."""
        return times.from_stored(self.since_kept) if "T" in self.since_kept else self.since_day

    @property
    def expected(self) -> int | None:
        """How many days after its beginning something should have come of it."""
        return None if self.due is None else max((self.due - self.since_day).days, 0)


@dataclasses.dataclass(frozen=True, slots=True)
class Loops:
    """Everything that had no outcome on a day.

    Args:
        on: The day.
        items: All of it, oldest first.
    """

    on: dt.date
    items: tuple[Loop, ...]

    def of(self, kind: str) -> tuple[Loop, ...]:
        """Return those of one kind; all of them for an empty one."""
        return tuple(loop for loop in self.items if not kind or loop.kind == kind)

    @property
    def counts(self) -> dict[str, int]:
        """How many there are of each kind, in the order of :data:`KINDS`; those with none left out."""
        found = Counter(loop.kind for loop in self.items)
        return {kind: found[kind] for kind in KINDS if found[kind]}

    @property
    def by_band(self) -> tuple[tuple[rules.Band, int], ...]:
        """How many there are of each age, from the youngest."""
        found = Counter(rules.band(loop.days) for loop in self.items)
        return tuple((band, found[band]) for band in rules.BANDS)


def read(store: Store, on: dt.date | None = None, *, present: bool = False) -> Loops:
    """Return everything without an outcome, as it was on a day and is known today.

    What was written down late counts from when it was, not from when it was written; what was
    struck through, archived or found to be a duplicate does not count.

    Args:
        store: The home.
        on: The day; today if not given.
        present: Whether that is the present day by whoever asks; then nothing that was written is
            taken for a later day's.
    """
    today = store.today()
    day = today if on is None else on
    reader = _Reader(store, day, present=present or day >= today)
    found = [
        *reader.concerns(), *reader.actions(), *reader.referrals(), *reader.reviews(),
        *reader.appointments(), *reader.loans(), *reader.lines(),
    ]  # fmt: skip
    # the places of since_day, type and id: asked for each of hundreds
    found.sort(key=_OLDEST_FIRST)
    return Loops(reader.on, tuple(found))


_OLDEST_FIRST: Final = itemgetter(4, 0, 1)


class _Reader:
    """Reads what is open of each type; of whom it names, only what decides who stands for whom."""

    def __init__(self, store: Store, on: dt.date, *, present: bool) -> None:
        self.on = on
        self._store = store
        self._rows = open_rows(store, on, REVIEWED, present=present)
        self._known: dict[str, dict[int, tuple[Any, ...]]] = {}
        self._merged: dict[str, dict[int, int]] = {}
        self._learn()

    def _learn(self) -> None:
        """Read at once what is needed of the records that any of the rows names."""
        for type_name, columns in _NAMED.items():
            wanted = {row[place] for name, place in columns for row in self._rows[name]} - {None}
            if type_name == "staff":
                wanted |= {row[1] for row in self._known["resident"].values()} - {None}
            found = known(self._store, type_name, wanted, *_NEEDED.get(type_name, ()))
            self._known[type_name] = found
            merged = self._merged[type_name] = {}
            for identity in (one for one, row in found.items() if row[0] is not None):
                # duplicates are followed to who stands for them today
                record = self._store.follow(type_name, identity)
                if record is not None and record.id is not None:
                    merged[identity] = record.id

    def _stands(self, type_name: str) -> Callable[[Any, Any], Any]:
        """Return what gives who stands for an id today: ``stands(identity, identity)``.

        A dictionary's own ``get``, which also hands back None for None: it is asked for every
        loop, of which there may be hundreds.
        """
        return self._merged[type_name].get

    def _last(self, *steps: tuple[str, str | None]) -> tuple[str, dt.date | None]:
        """Return the latest step that had been taken by the day, as its word and its day."""
        for words, kept in steps:
            if kept is not None and (day := stored_day(kept)) <= self.on:
                return words, day
        return "", None

    def concerns(self) -> list[Loop]:
        on, about, staff, contact = self.on, *map(self._stands, ("resident", "staff", "contact"))
        found: list[Loop] = []
        for row in self._rows["concern"]:
            identity, at, resident, by, to, what, kind, urgency, route, answered, read_at = row
            raised = stored_day(at)
            step, step_on = _NOTHING
            if answered is not None:
                step, step_on = self._last(("read", read_at), ("answered", answered))
            wanted = rules.concern_due(raised, urgency)
            # whoever answered has done their part: the home goes on with it
            due = None if step else wanted
            partner = None if to is None else ("contact", contact(to, to))
            owner = partner
            if partner is None or step:
                owner = None if by is None else ("staff", staff(by, by))
            days = (on - raised).days
            found.append(
                Loop(
                    "concern", identity, "query" if kind == "query" else "concern", at, raised,
                    due, days, rules.state(days, due, on), about(resident, resident), owner,
                    partner, what or "", step, step_on, route or "", wanted is not None,
                )
            )  # fmt: skip
        return found

    def actions(self) -> list[Loop]:
        on, about, staff, contact = self.on, *map(self._stands, ("resident", "staff", "contact"))
        found: list[Loop] = []
        for identity, due_text, resident, by, to, what, kind in self._rows["action"]:
            due = None if due_text is None else dt.date.fromisoformat(due_text)
            since = rules.begun(_written(identity), due)
            partner = None if to is None else ("contact", contact(to, to))
            owner = partner if by is None else ("staff", staff(by, by))
            days = max((on - since).days, 0)
            found.append(
                Loop(
                    "action", identity, "result" if kind == _RESULT else "action",
                    since.isoformat(), since, due, days, rules.state(days, due, on),
                    about(resident, resident), owner, partner, what or "",
                )
            )  # fmt: skip
        return found

    def referrals(self) -> list[Loop]:
        on, today = self.on, self.on.isoformat()
        about, contact, place = map(self._stands, ("resident", "contact", "organisation"))
        usual = self._usual_waits()
        found: list[Loop] = []
        for row in self._rows["referral"]:
            identity, sent, resident, to, at, what, limit, chase, heard, seen = row
            day = dt.date.fromisoformat(sent)
            step, step_on = _NOTHING
            if heard is not None or seen is not None:
                step, step_on = self._last(("seen", seen), ("acknowledged", heard))
            due = rules.referral_due(day, limit, usual.get(at), _date(chase))
            partner = None if at is None else ("organisation", place(at, at))
            owner = partner if to is None else ("contact", contact(to, to))
            days = (on - day).days
            found.append(
                Loop(
                    "referral", identity, "referral", sent, day, due, days,
                    rules.state(days, due, on), about(resident, resident), owner, partner,
                    what or "", step, step_on, "", False, chase is not None and chase <= today,
                )
            )  # fmt: skip
        return found

    def _usual_waits(self) -> dict[int | None, int | None]:
        """Return the typical wait of each organisation, of duplicates that of whoever stands."""
        found: dict[int | None, int | None] = {}
        for identity, (merged, days) in self._known["organisation"].items():
            record = self._store.follow("organisation", identity) if merged is not None else None
            found[identity] = getattr(record, "typical_wait_days", days)
        return found

    def reviews(self) -> list[Loop]:
        rows = self._rows["transfer"]
        working_days = review_working_days(self._store) if rows else 0
        on, about, staff, place = self.on, *map(self._stands, ("resident", "staff", "organisation"))
        workers = self._workers
        found: list[Loop] = []
        for identity, at, resident, to, direction in rows:
            came = stored_day(at)
            due = _review_due(direction, came, working_days)
            worker = workers.get(resident)
            owner = None if worker is None else ("staff", staff(worker, worker))
            partner = None if to is None else ("organisation", place(to, to))
            days = (on - came).days
            found.append(
                Loop(
                    "transfer", identity, "review", at, came, due, days, rules.state(days, due, on),
                    about(resident, resident), owner, partner, "", direction, came,
                )
            )  # fmt: skip
        return found

    def appointments(self) -> list[Loop]:
        """Return the appointments that are past, of which nobody has said what came of them."""
        found: list[Loop] = []
        for identity, at, resident, escort, to, what in self._rows["appointment"]:
            day = stored_day(at)
            # whoever went along can say; else whoever looks after the resident
            asked = self._workers.get(resident) if escort is None else escort
            found.append(
                self._with_staff(
                    ("appointment", identity, "appointment"), (at, day, day), resident, asked, to,
                    what=what or "",
                )
            )  # fmt: skip
        return found

    def loans(self) -> list[Loop]:
        """Return what is on loan past the day it was to be checked or to go back."""
        found: list[Loop] = []
        for identity, check, resident, supplier, what in self._rows["equipment_loan"]:
            due = dt.date.fromisoformat(check)
            found.append(
                self._with_staff(
                    ("equipment_loan", identity, "loan"), (check, due, due), resident,
                    self._workers.get(resident), supplier, what=what or "",
                )
            )  # fmt: skip
        return found

    @functools.cached_property
    def _workers(self) -> dict[int, int | None]:
        """Who looks after each resident, as kept."""
        return {one: row[1] for one, row in self._known["resident"].items()}

    def _with_staff(
        self,
        which: tuple[str, int, str],
        days: tuple[str, dt.date, dt.date | None],
        resident: int | None,
        asked: int | None,
        place: int | None,
        *,
        what: str = "",
    ) -> Loop:
        """Return a loop that a member of staff has to see to, with a place outside the home.

        Args:
            which: Its type, id and kind.
            days: Since when, as kept and as a day, and by when it should have come to something.
            resident: Whom it is about.
            asked: The member of staff.
            place: The place.
            what: The words it was written down with.
        """
        on, (kept, since, due) = self.on, days
        about, staff, stands = map(self._stands, ("resident", "staff", "organisation"))
        lasted = (on - since).days
        return Loop(
            *which, kept, since, due, lasted, rules.state(lasted, due, on),
            about(resident, resident), None if asked is None else ("staff", staff(asked, asked)),
            None if place is None else ("organisation", stands(place, place)), what,
        )  # fmt: skip

    def lines(self) -> list[Loop]:
        """Return the lines that were carried over, or stood on a round that was not held.

        A line about a concern, an action, a referral or a transfer is left out: that is open by
        itself, or was settled without the round.
        """
        rows = sorted(self._rows["agenda_line"], key=lambda row: (row[1], row[0]))
        elsewhere = settled_elsewhere(
            self._store,
            {row[0]: (row[3], row[4]) for row in rows if row[3] == _REVIEWED_REGULARLY},
            self.on,
        )
        chains: dict[Hashable, list[Any]] = {}
        begun: dict[tuple[str, int], Hashable] = {}
        for row in rows:
            source = read_source((row[3], row[4]))
            if row[0] in elsewhere or (source is not None and source[0] in _TOLD_THEMSELVES):
                continue
            # one that was written by hand is followed from round to round by what it comes from
            key = (
                begun.get(source, source) if source else (row[2], " ".join((row[5] or "").split()))
            )
            begun["agenda_line", row[0]] = key
            chain = chains.setdefault(key, [])
            if chain and chain[-1][8]:
                # that one came to an end: this is another matter
                chain.clear()
            chain.append(row)
        names, about = Names(self._store), self._stands("resident")
        found: list[Loop] = []
        for chain in chains.values():
            identity, _, resident, _, _, what, series, _, settled, missed = chain[-1]
            carried = sum(row[7] > 0 for row in chain)
            if settled or not (carried or missed):
                continue
            sitting = None if series is None else names.record("series", series)
            contact = getattr(sitting, "professional", None)
            place = getattr(sitting, "organisation", None)
            first = chain[0][1]
            days = max((self.on - stored_day(first)).days, 0)
            found.append(
                Loop(
                    "agenda_line", identity, "carried", first, stored_day(first), None, days,
                    rules.state(days, None, self.on), about(resident, resident), _stands(names, "contact", contact),
                    _stands(names, "organisation", place), what or "",
                    "held" if missed == NOT_SPOKEN_OF else "", carried=carried,
                )
            )  # fmt: skip
        return found


_NAMED: Final[Mapping[str, tuple[tuple[str, int], ...]]] = {
    "resident": (
        ("concern", 2), ("action", 2), ("referral", 2), ("transfer", 2), ("agenda_line", 2),
        ("appointment", 2), ("equipment_loan", 2),
    ),
    "staff": (("concern", 3), ("action", 3), ("appointment", 3)),
    "contact": (("concern", 4), ("action", 4), ("referral", 3)),
    "organisation": (
        ("referral", 4), ("transfer", 3), ("appointment", 4), ("equipment_loan", 3),
    ),
}  # fmt: skip
"""In which column of which rows records of a type are named; residents name staff too."""
_NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "resident": ("key_worker",),
    "organisation": ("typical_wait_days",),
}
"""What is needed of whom loops name, beside who stands for them."""


def _stands(names: Names, type_name: str, identity: int | None) -> Owner | None:
    record = None if identity is None else names.record(type_name, identity)
    return None if record is None or record.id is None else (type_name, record.id)


def review_working_days(store: Store) -> int:
    """Return within how many working days whoever came back is to be reviewed."""
    home = store.the("home")
    days = home.record.review_working_days if home and isinstance(home.record, Home) else None
    # cleared by hand: what a new home begins with
    return days if days is not None else Home().review_working_days or 0


def partners(store: Store, loops: Sequence[Loop]) -> dict[int, Owner]:
    """Return the organisation behind each contact that a loop is with, by the contact's id.

    Args:
        store: The home.
        loops: The loops.
    """
    contacts = {loop.partner[1] for loop in loops if loop.partner and loop.partner[0] == "contact"}
    found: dict[int, Owner] = {}
    if contacts:
        asked = Query("post", (Condition("contact", tuple(contacts), "in"),), newest_first=False)
        for post in query.every(store, asked):
            if isinstance(post, Post) and post.contact and post.organisation and not post.until:
                found[post.contact] = ("organisation", post.organisation)
    return found


def _date(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)


@functools.lru_cache(maxsize=4_096)  # what is open is read again for every list
def _written(identity: int) -> dt.date:
    """Return the day on which a record was written down, by the home's wall clock."""
    moment = made_at(identity)
    return (times.in_london(moment) if moment.hour == _LAST_HOUR else moment).date()


@functools.lru_cache(maxsize=4_096)
def _review_due(direction: str, came: dt.date, working_days: int) -> dt.date | None:
    # counted again for every list, and always the same
    return review_due(direction, times.start_of_day(came), working_days)
