"""Training sessions: planned, places booked, who came recorded for all at once, certificates."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.records import Problem, ids, spec_of
from liaison.records.home import Staff
from liaison.records.rules import times
from liaison.records.training import Attendance, Session, TrainingRecord
from liaison.services import lineage
from liaison.services.editing import Unfit
from liaison.services.references import Names
from liaison.services.together import Together
from liaison.store import history, query
from liaison.store.query import Condition

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from liaison.services.homes import OpenHome
    from liaison.store.rows import Loaded
    from liaison.store.store import Store

BOOKED: Final = "booked"
ATTENDED: Final = "attended"
ABSENT: Final = "did not attend"
_PLANNED: Final = "planned"
_OVER: Final = ("happened", "cancelled")
_NOT_AFTER_ALL: Final = "Did not attend after all"


@dataclasses.dataclass(frozen=True, slots=True)
class Seat:
    """A member of staff on a session.

    Args:
        attendance: The id of their place.
        staff: They.
        name: Their name, told apart from namesakes.
        role: Their job role; may be empty.
        status: Booked, attended, or did not attend.
        record: Their training record of this session; None if there is none.
        certificates: How many files are kept with that record.
    """

    attendance: int
    staff: int
    name: str
    role: str
    status: str
    record: int | None = None
    certificates: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class Occasion:
    """A session with who is on it.

    Args:
        session: The session.
        course: What is taught.
        teacher: Who teaches it; empty if nobody is named.
        organisation: The provider; may be empty.
        seats: Who is on it, by name.
        days: Calendar days until it; negative once it is past.
        doubts: What speaks against a teacher of ours on that day, in sentences.
    """

    session: Session
    course: str
    teacher: str
    organisation: str
    seats: tuple[Seat, ...]
    days: int
    doubts: tuple[str, ...] = ()

    @property
    def id(self) -> int:
        """The session's id."""
        return self.session.id or 0

    @property
    def to_record(self) -> bool:
        """Whether it is past and nobody has said who came."""
        return self.session.status == _PLANNED and self.days < 0

    @property
    def free(self) -> int | None:
        """How many places are left; None if nobody said how many there are."""
        if self.session.capacity is None:
            return None
        taken = sum(seat.status == BOOKED for seat in self.seats)
        return max(self.session.capacity - taken, 0)

    @property
    def came(self) -> tuple[Seat, ...]:
        """Who attended."""
        return tuple(seat for seat in self.seats if seat.status == ATTENDED)


@dataclasses.dataclass(frozen=True, slots=True)
class Written:
    """What was written: its stamps, to take it back, and what is unusual about it."""

    changes: tuple[int, ...]
    warnings: tuple[Problem, ...] = ()


# ---- reading


def coming(store: Store, on: dt.date) -> tuple[Occasion, ...]:
    """Return the sessions that are planned, past ones nobody has recorded too, the first first.

    Args:
        store: The home.
        on: The present day.
    """
    asked = query.Query("session", (Condition("status", _PLANNED),))
    found = [one for one in query.every(store, asked) if isinstance(one, Session)]
    found = [one for one in found if not one.struck_reason]
    found.sort(key=lambda one: (one.at is None, one.at, one.id))
    return _occasions(store, found, on)


def past(
    store: Store, limit: int, after: query.Position | None = None
) -> tuple[tuple[Occasion, ...], query.Position | None]:
    """Return a page of the sessions that are over, the latest first, and where the next begins.

    Args:
        store: The home.
        limit: How many at most.
        after: Where the page before ended.
    """
    asked = query.Query("session", (Condition("status", _OVER, "in"),), order_by="at")
    page = query.page(store, asked, after, limit)
    found = [one for one in page.records if isinstance(one, Session) and not one.struck_reason]
    return _occasions(store, found, store.today()), page.next


def one(store: Store, identity: int) -> Occasion | None:
    """Return a single session, with what speaks against its teacher; None if it is not here."""
    record = store.follow("session", identity)
    if not isinstance(record, Session):
        return None
    (found,) = _occasions(store, [record], store.today())
    if record.status != _PLANNED or record.teacher_staff is None or record.course is None:
        return found
    day = store.today() if record.at is None else times.in_london(record.at).date()
    doubts = lineage.teaching_doubts(store, record.course, record.teacher_staff, day)
    return dataclasses.replace(found, doubts=doubts)


def of_staff(store: Store, staff: int, on: dt.date) -> tuple[Occasion, ...]:
    """Return the sessions to come on which somebody has a place, the first first."""
    where = (Condition("staff", staff), Condition("status", BOOKED))
    places = query.every(store, query.Query("attendance", where))
    wanted = {p.session for p in places if isinstance(p, Attendance) and not p.struck_reason}
    return tuple(one for one in coming(store, on) if one.id in wanted and one.days >= 0)


def _occasions(store: Store, found: Sequence[Session], on: dt.date) -> tuple[Occasion, ...]:
    names = Names(store)
    numbers = tuple(session.id or 0 for session in found)
    places = _places(store, numbers)
    records = _records(store, numbers)
    files = _files(store, records.values())
    names.learn(
        {
            "staff": {p.staff for listed in places.values() for p in listed if p.staff is not None}
            | {s.teacher_staff for s in found if s.teacher_staff is not None},
            "course": {s.course for s in found if s.course is not None},
            "contact": {s.teacher_contact for s in found if s.teacher_contact is not None},
            "organisation": {s.organisation for s in found if s.organisation is not None},
        }
    )
    told = []
    for session in found:
        seats = [_seat(store, names, place, records, files) for place in places[session.id or 0]]
        seats.sort(key=lambda seat: (seat.name.casefold(), seat.attendance))
        days = 0 if session.at is None else (times.in_london(session.at).date() - on).days
        told.append(
            Occasion(
                session=session,
                course=_name(names, "course", session.course),
                teacher=teacher_of(names, session),
                organisation=_name(names, "organisation", session.organisation),
                seats=tuple(seats),
                days=days,
            )
        )
    return tuple(told)


def teacher_of(names: Names, session: Session) -> str:
    """Return who teaches a session, from outside and of ours; empty if nobody is named."""
    both = (
        _name(names, "contact", session.teacher_contact),
        _name(names, "staff", session.teacher_staff),
    )
    return " and ".join(part for part in both if part)


def _places(store: Store, sessions: tuple[int, ...]) -> defaultdict[int, list[Attendance]]:
    found: defaultdict[int, list[Attendance]] = defaultdict(list)
    asked = query.Query("attendance", (Condition("session", sessions, "in"),))
    for place in query.every(store, asked) if sessions else ():
        if isinstance(place, Attendance) and not place.struck_reason and place.staff is not None:
            session = store.follow("session", place.session or 0)
            found[0 if session is None else session.id or 0].append(place)
    return found


def _records(store: Store, sessions: tuple[int, ...]) -> dict[tuple[int, int], TrainingRecord]:
    """Return the training written from some sessions, by session and member of staff."""
    found: dict[tuple[int, int], TrainingRecord] = {}
    asked = query.Query("training_record", (Condition("session", sessions, "in"),))
    for record in query.every(store, asked) if sessions else ():
        assert isinstance(record, TrainingRecord)  # noqa: S101  # of its type
        if not record.struck_reason and record.session and record.staff:
            found.setdefault((record.session, record.staff), record)
    return found


def _files(store: Store, records: Iterable[TrainingRecord]) -> Counter[str]:
    """Return how many files are kept with some training records, by the record's id as text."""
    owners = tuple(ids.to_text(record.id or 0) for record in records)
    if not owners:
        return Counter()
    where = (Condition("owner_id", owners, "in"), Condition("owner_type", "training_record"))
    found = query.every(store, query.Query("attachment", where))
    return Counter(getattr(one, "owner_id", "") for one in found if not one.struck_reason)


def _seat(
    store: Store,
    names: Names,
    place: Attendance,
    records: dict[tuple[int, int], TrainingRecord],
    files: Counter[str],
) -> Seat:
    staff = place.staff or 0
    person = names.record("staff", staff)
    role = ""
    if isinstance(person, Staff) and person.job_role:
        role = store.vocabularies.label(spec_of(Staff).by_name["job_role"], person.job_role)
    record = records.get((place.session or 0, staff))
    identity = None if record is None else record.id
    return Seat(
        attendance=place.id or 0,
        staff=staff,
        name=names.by_id("staff", staff),
        role=role,
        status=place.status or BOOKED,
        record=identity,
        certificates=0 if identity is None else files[ids.to_text(identity)],
    )


def _name(names: Names, type_name: str, identity: int | None) -> str:
    return "" if identity is None else names.by_id(type_name, identity)


# ---- what people do


def book(home: OpenHome, identity: int, staff: Iterable[int]) -> Written:
    """Give members of staff a place on a session.

    Args:
        home: The home.
        identity: The session.
        staff: They; whoever has a place already keeps it.

    Raises:
        UserError: The session is over or full, nobody is named, or somebody has left by then.
    """
    loaded = _loaded(home, identity)
    session = _planned(loaded)
    found = _stands(home.store, loaded)
    taken = {seat.staff for seat in found.seats}
    people = [one for one in dict.fromkeys(staff) if one not in taken]
    if not people:
        raise Unfit([Problem("staff", "Choose who gets a place; those chosen have one already.")])
    problems = []
    if found.free is not None and len(people) > found.free:
        label = spec_of(session).by_name["capacity"].label
        free = "none is" if not found.free else f"{found.free} {_are(found.free)}"
        problems.append(
            Problem("capacity", f"{label}: {free} left, for {len(people)}. Change how many there "
                    "are, or book fewer.")
        )  # fmt: skip
    names = Names(home.store)
    problems += _elsewhere(home.store, names, session, people)
    together = Together(home)
    for number, person in enumerate(people):
        together.add(
            f"staff.{number}",
            Attendance(session=loaded.id, staff=person, status=BOOKED),
            names.by_id("staff", person),
        )
    saved = together.save(also=tuple(problems))
    return Written(tuple(history.batch_changes(home.store, saved.unit)), saved.warnings)


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _elsewhere(
    store: Store, names: Names, session: Session, people: Sequence[int]
) -> list[Problem]:
    """Warn of those who have a place on another session at the same time."""
    if session.at is None:
        return []
    end = session.at + dt.timedelta(minutes=session.length or 0)
    found = []
    for other in coming(store, store.today()):
        at = other.session.at
        if other.id == session.id or at is None:
            continue
        if at > end or at + dt.timedelta(minutes=other.session.length or 0) < session.at:
            continue
        for seat in other.seats:
            if seat.staff in people and seat.status == BOOKED:
                words = (
                    f"{names.by_id('staff', seat.staff)} also has a place on {other.course}, "
                    f"{times.show_time(at)}."
                )
                found.append(Problem("staff", words, blocks=False))
    return found


def give_up(home: OpenHome, attendance: int, reason: str) -> Written:
    """Take a booked place back; it stays readable, struck through with the reason.

    Args:
        home: The home.
        attendance: The place.
        reason: Why, in their words.

    Raises:
        UserError: There is no reason, or they have attended.
    """
    loaded = home.store.load("attendance", attendance)
    place = None if loaded is None else loaded.record
    if loaded is None or not isinstance(place, Attendance) or place.struck_reason:
        raise _gone("This place")
    if place.status != BOOKED:
        raise UserError(
            "It is recorded whether they came to this session.",
            kept="Nothing was changed.",
            do="Correct who came instead.",
            code="nothing-to-do",
        )
    together = Together(home)
    together.strike("attendance", loaded, reason)
    saved = together.save(reason)
    return Written(tuple(history.batch_changes(home.store, saved.unit)), saved.warnings)


def record_attendance(home: OpenHome, identity: int, came: Iterable[int]) -> Written:
    """Say who came to a session: places, training records and the session itself, all at once.

    Whoever came without a place is added; whoever had one and did not come is noted so. Said anew,
    it corrects what was said before: training of somebody who did not come after all is struck
    through.

    Args:
        home: The home.
        identity: The session.
        came: Who came.

    Raises:
        UserError: It was cancelled, its day has not come, nobody is named, or somebody had left.
    """
    loaded = _loaded(home, identity)
    session = loaded.record
    assert isinstance(session, Session)  # noqa: S101  # _loaded has looked
    people = list(dict.fromkeys(came))
    problems = _may_be_recorded(home.store, session, people)
    if any(problem.blocks for problem in problems):
        raise Unfit(problems)
    assert session.at is not None  # noqa: S101  # a session without a time was refused
    together, names = Together(home), Names(home.store)
    if session.status != "happened":
        together.change("session", loaded, dataclasses.replace(session, status="happened"))
    found = _stands(home.store, loaded)
    seats = {seat.staff: seat for seat in found.seats}
    for number, seat in enumerate(found.seats):
        _say(home.store, together, f"seat.{number}", seat, came=seat.staff in people)
    day = times.in_london(session.at).date()
    for number, person in enumerate(people):
        part, called = f"staff.{number}", names.by_id("staff", person)
        if person not in seats:
            attended = Attendance(session=loaded.id, staff=person, status=ATTENDED)
            together.add(f"{part}.place", attended, called)
        if not _is_recorded(home.store, session, person, day):
            together.add(part, _training(names, session, loaded.id, person, day), called)
    saved = together.save(also=tuple(problems))
    return Written(tuple(history.batch_changes(home.store, saved.unit)), saved.warnings)


def _may_be_recorded(store: Store, session: Session, people: Sequence[int]) -> list[Problem]:
    by_name = spec_of(session).by_name
    if session.status == "cancelled":
        return [Problem("status", f"{by_name['status'].label}: this session was cancelled.")]
    if session.at is None or times.in_london(session.at).date() > store.today():
        when = "at no time yet" if session.at is None else f"on {times.show_time(session.at)}"
        return [Problem("at", f"{by_name['at'].label}: it is {when}. Record who came once it was.")]
    if not people:
        return [Problem("staff", "Tick who came. If nobody did, cancel the session instead.")]
    if session.at > store.clock():
        words = f"{by_name['at'].label}: it begins at {times.show_time(session.at)}."
        return [Problem("at", words, blocks=False)]
    return []


def _say(store: Store, together: Together, part: str, seat: Seat, *, came: bool) -> None:
    """Note of a place whether its holder came; strike training that was written wrongly."""
    status = ATTENDED if came else ABSENT
    if seat.status != status:
        place = store.load("attendance", seat.attendance)
        assert place is not None  # noqa: S101  # it has just been read
        changed = dataclasses.replace(place.record, status=status)  # type: ignore[call-arg]  # an Attendance
        together.change(part, place, changed, seat.name)
    if not came and seat.record is not None:
        record = store.load("training_record", seat.record)
        assert record is not None  # noqa: S101  # it has just been read
        together.strike(f"{part}.training", record, _NOT_AFTER_ALL)


def _is_recorded(store: Store, session: Session, person: int, day: dt.date) -> bool:
    """Return whether somebody's training of that day is there, from this session or by hand."""
    same = query.equal({"staff": person, "course": session.course, "completed": day})
    found = query.every(store, query.Query("training_record", same))
    return any(not other.struck_reason for other in found)


def _training(
    names: Names, session: Session, identity: int, person: int, day: dt.date
) -> TrainingRecord:
    outside = session.teacher_contact is not None or session.organisation is not None
    teacher = teacher_of(names, session) or _name(names, "organisation", session.organisation)
    within = None if not teacher else "in house"
    return TrainingRecord(
        staff=person,
        course=session.course,
        completed=day,
        session=identity,
        taught_by=teacher or None,
        delivered_by="external" if outside else within,
        delivery=session.delivery,
    )


def cancel(home: OpenHome, identity: int, reason: str) -> Written:
    """Say that a planned session does not take place.

    Args:
        home: The home.
        identity: The session.
        reason: Why; it stands in the history.

    Raises:
        UserError: It is over already, or there is no reason.
    """
    loaded = _loaded(home, identity)
    session = _planned(loaded)
    if not reason.strip():
        raise Unfit([Problem("reason", "Say in a few words why.")], "cancelled")
    together = Together(home)
    together.change("session", loaded, dataclasses.replace(session, status="cancelled"))
    saved = together.save(reason.strip())
    return Written(tuple(history.batch_changes(home.store, saved.unit)), saved.warnings)


def _stands(store: Store, loaded: Loaded) -> Occasion:
    assert isinstance(loaded.record, Session)  # noqa: S101  # of its type
    (found,) = _occasions(store, [loaded.record], store.today())
    return found


def _loaded(home: OpenHome, identity: int) -> Loaded:
    loaded = home.store.load("session", identity)
    if loaded is None or not loaded.record.lives or loaded.record.struck_reason:
        raise _gone("This session")
    return loaded


def _planned(loaded: Loaded) -> Session:
    session = loaded.record
    assert isinstance(session, Session)  # noqa: S101  # of its type
    if session.status != _PLANNED:
        was = "was cancelled" if session.status == "cancelled" else "has taken place"
        raise UserError(
            f"This session {was}.",
            kept="Nothing was changed.",
            do="Plan another one.",
            code="nothing-to-do",
        )
    return session


def _gone(what: str) -> UserError:
    return UserError(
        f"{what} does not stand any more.", kept="Nothing was changed.", code="no-record"
    )
