"""What a resident's page shows beside the timeline: read in one go, off the window's thread."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from liaison.records import spec_of
from liaison.records.casework import Action, Concern, Referral, Transfer
from liaison.records.directory import Contact, Organisation
from liaison.records.home import Resident
from liaison.records.rules import nhs_number, times, waits
from liaison.records.showing import untitled
from liaison.services import directory
from liaison.services.timeline import inside
from liaison.services.today.items import Look, ago, days_words, due, id_of, joined, short
from liaison.store.query import Condition

if TYPE_CHECKING:
    from liaison.store.store import Store

_MOST_OPEN: Final = 12
_DOT: Final = " \N{MIDDLE DOT} "
_NO_ALLERGY: Final = frozenset(
    {"none", "none known", "nil", "nil known", "no known allergies", "nka", "nkda", "no"}
)
_CAME_BACK: Final = ("discharge", "return from A&E", "move in")


@dataclasses.dataclass(frozen=True, slots=True)
class Reach:
    """Somebody to reach about a resident.

    Args:
        name: Their name.
        detail: Who they are for the resident.
        phone: Their number; empty if none is recorded.
        note: What else to know; may be empty.
        type: The type of their own record; empty if they have none, as a daughter.
        id: That record.
    """

    name: str
    detail: str
    phone: str
    note: str = ""
    type: str = ""
    id: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class Open:
    """Something about a resident that waits.

    Args:
        type: The type of the record that it opens.
        id: That record.
        what: What waits.
        detail: Who does it, or what is usual.
        words: How long it has waited, or when it is due.
        days: How long it has waited.
        expected: How long that usually takes; None if nobody said.
        state: ok, due or late.
    """

    type: str
    id: int
    what: str
    detail: str
    words: str
    days: int
    expected: int | None
    state: str


@dataclasses.dataclass(frozen=True, slots=True)
class ResidentFacts:
    """What a resident's page shows beside the timeline.

    Args:
        record: The resident.
        name: Their name.
        line: What tells them from everybody else.
        alerts: What everybody must know; empty if nothing is recorded.
        allergic: Whether an allergy is among them.
        reach: Whom to reach about them.
        waits: What waits, the most pressing first.
        more_waiting: How many more wait than are shown.
        next_review: When they are to be reviewed next, in words; empty if no cycle is set.
        review_late: Whether that day has passed.
        key_worker: Their key worker's name; empty for none.
    """

    record: Resident
    name: str
    line: str
    alerts: tuple[str, ...]
    allergic: bool
    reach: tuple[Reach, ...]
    waits: tuple[Open, ...]
    more_waiting: int
    next_review: str
    review_late: bool
    key_worker: str


def resident(store: Store, identity: int, today: dt.date) -> ResidentFacts | None:
    """Return what a resident's page shows; None if they are not on this PC.

    Args:
        store: The home.
        identity: The resident; of a duplicate, whoever stands for both is shown.
        today: The present day.
    """
    record = store.follow("resident", identity)
    if not isinstance(record, Resident):
        return None
    look = Look(store, today)
    look.learn([record])
    waiting = sorted(
        _waiting(look, id_of(record)), key=lambda one: (_PRESSING[one.state], -one.days)
    )
    review, late = _review(record, today)
    return ResidentFacts(
        record=record,
        name=record.name or untitled(record),
        line=_line(record, today),
        alerts=tuple(_alerts(look, record)),
        allergic=bool(_allergies(record)),
        reach=tuple(_reach(look, record)),
        waits=tuple(waiting[:_MOST_OPEN]),
        more_waiting=max(len(waiting) - _MOST_OPEN, 0),
        next_review=review,
        review_late=late,
        key_worker=look.name("staff", record.key_worker),
    )


_PRESSING: Final = {"late": 0, "due": 1, "ok": 2}


def _line(record: Resident, today: dt.date) -> str:
    parts = [
        f"Likes “{record.known_as}”" if record.known_as else "",
        f"Room {record.room}" if record.room else "Room not recorded",
        _born(record.date_of_birth, record.left_on or today),
        f"NHS {nhs_number.show(record.nhs_number)}" if record.nhs_number else "",
        f"left {times.show_plain_date(record.left_on)}" if record.left_on else "",
    ]
    return _DOT.join(part for part in parts if part)


def _born(day: dt.date | None, on: dt.date) -> str:
    if day is None:
        return "date of birth not recorded"
    age = on.year - day.year - ((on.month, on.day) < (day.month, day.day))
    return f"born {times.show_plain_date(day)}, {age}"


def _allergies(record: Resident) -> str:
    """Return the allergies; nothing where it says that there are none."""
    told = (record.allergies or "").strip()
    return "" if told.casefold().rstrip(".") in _NO_ALLERGY else told


def _alerts(look: Look, record: Resident) -> Iterator[str]:
    if allergies := _allergies(record):
        yield f"Allergies: {short(allergies)}"
    if record.alerts:
        yield short(record.alerts)
    if record.dnacpr == "in place":
        label = spec_of(record).by_name["dnacpr"].label
        yield f"{label} {inside(look.label(record, 'dnacpr'))}"
    if record.sharing_consent == "no":
        yield "Does not agree to sharing information"


def _reach(look: Look, record: Resident) -> Iterator[Reach]:
    seen: set[int] = set()
    for field, contact in (("gp", record.gp), ("named_nurse", record.named_nurse)):
        person = None if contact is None else look.names.record("contact", contact)
        if isinstance(person, Contact) and id_of(person) not in seen:
            seen.add(id_of(person))
            note = _choice(look, record) if field == "gp" else ""
            yield _person(look, person, spec_of(record).by_name[field].label, note)
    practice = None if record.practice is None else look.names.record(
        "organisation", record.practice
    )  # fmt: skip
    if isinstance(practice, Organisation):
        label = spec_of(record).by_name["practice"].label
        yield Reach(
            practice.name or untitled(practice),
            label,
            practice.phone or "",
            "",
            "organisation",
            id_of(practice),
        )
    if record.next_of_kin:
        label = spec_of(record).by_name["next_of_kin"].label
        yield Reach(record.next_of_kin, label, record.next_of_kin_phone or "")


def _choice(look: Look, record: Resident) -> str:
    if record.gp_choice in {None, "not recorded"}:
        return ""
    return f"Choice of GP: {inside(look.label(record, 'gp_choice'))}"


def _person(look: Look, person: Contact, label: str, note: str) -> Reach:
    detail = label
    for holder in directory.posts_of(look.store, id_of(person), look.day)[:1]:
        role = look.label(holder.post, "role")
        # "GP, GP, Meadow Lane Surgery" says it twice
        known = role if label.casefold() == role.casefold() else f"{label}, {inside(role)}"
        place = holder.organisation.name if holder.organisation is not None else ""
        detail = joined(known, place or "")
    phone = person.phone or person.mobile or ""
    return Reach(person.name or untitled(person), detail, phone, note, "contact", id_of(person))


def _waiting(look: Look, identity: int) -> Iterator[Open]:
    mine = Condition("resident", identity)
    yield from _referrals(look, mine)
    actions = look.find(Action, mine, Condition("done_at", None))
    look.learn(actions)
    for action in actions:
        days = 0 if action.due is None else look.days_since(action.due)
        owner = look.name("staff", action.owner_staff) or look.name("contact", action.owner_contact)
        state = "late" if days > 0 else "due" if action.due and days == 0 else "ok"
        words = "no day set" if action.due is None else due(days)
        yield Open("action", id_of(action), action.what or "", owner, words, days, None, state)
    for concern in look.find(Concern, mine, Condition("closed_at", None)):
        days = 0 if concern.raised_at is None else look.days_since(concern.raised_at)
        detail = "answered, not closed" if concern.answered_at else "no answer yet"
        state = "ok" if concern.answered_at else "due"
        what = short(concern.situation)
        yield Open("concern", id_of(concern), what, detail, days_words(days), days, None, state)
    for transfer in look.find(
        Transfer, mine, Condition("reviewed_on", None), Condition("direction", _CAME_BACK, "in")
    ):
        if transfer.at is None or (days := look.days_since(transfer.at)) < 0:
            continue
        detail = f"{look.label(transfer, 'direction')} {times.show_date(times.in_london(transfer.at).date())}"
        what = "Review after coming back"
        yield Open("transfer", id_of(transfer), what, detail, days_words(days), days, None, "due")


def _referrals(look: Look, mine: Condition) -> Iterator[Open]:
    found = [
        referral
        for referral in look.find(
            Referral, mine, Condition("closed_on", None), Condition("first_seen", None)
        )
        if referral.sent is not None
    ]
    look.learn(found)
    for referral in found:
        assert referral.sent is not None  # noqa: S101  # the others were left out above
        place = look.names.record("organisation", referral.organisation or 0)
        usual = referral.threshold_days or getattr(place, "typical_wait_days", None)
        days = waits.waited_days(referral.sent, look.day)
        chase = referral.next_chase is not None and referral.next_chase <= look.day
        state = "late" if usual is not None and days > usual else "due" if chase else "ok"
        detail = f"usual wait {days_words(usual)}" if usual else "waiting to be seen"
        what = look.name("organisation", referral.organisation)
        yield Open("referral", id_of(referral), what, detail, days_words(days), days, usual, state)


def _review(record: Resident, today: dt.date) -> tuple[str, bool]:
    if record.left_on is not None or not record.review_every_days:
        return "", False
    if record.last_reviewed is None:
        return "Not reviewed yet", True
    try:
        day = record.last_reviewed + dt.timedelta(days=record.review_every_days)
    except OverflowError:
        return "", False
    near = ago((today - day).days)
    return f"Next review {times.show_date(day)}, {near}", day < today
