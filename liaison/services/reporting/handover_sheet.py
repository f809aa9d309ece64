"""The facts of the hospital handover sheet, gathered for paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.records import spec_of
from liaison.records.casework import Action, Concern, Transfer, VisitEntry
from liaison.records.directory import Contact, Organisation
from liaison.records.home import Home, Resident
from liaison.records.rules import nhs_number, times
from liaison.records.showing import untitled
from liaison.reports.handover_sheet import DAYS, SPEC, Facts, Lately, Open, Reach
from liaison.services import appointments, referrals, timeline, transfers
from liaison.services.reporting.open_loops import home_name
from liaison.services.today.items import Look, joined, short
from liaison.store.query import Condition

if TYPE_CHECKING:
    from liaison.reports.spec import Asked
    from liaison.services.timeline import Happening
    from liaison.store.store import Store

__all__ = ["SPEC", "gather"]

_MOST_OPEN: Final = 5
_MOST_LATELY: Final = 40
_NOT_RECORDED: Final = "not recorded"
_LATELY: Final = ("visit_entry", "transfer", "concern", "contact_attempt", "appointment")
_NO_DAY: Final = "no date yet"


def gather(store: Store, asked: Asked) -> Facts:
    """Return what the sheet shows.

    Args:
        store: The home.
        asked: Which resident.

    Raises:
        UserError: No resident was named, or they are not here.
    """
    if asked.subject is None:
        raise UserError(
            "Say whose handover sheet it is to be.",
            kept="Nothing was printed.",
            do="Choose a resident under About (on the command line: --for).",
            code="no-subject",
        )
    record = store.follow(*asked.subject)
    if not isinstance(record, Resident) or record.id is None:
        raise UserError("This resident is not here.", kept="Nothing was printed.", code="not-found")
    today = store.today()
    look = Look(store, today)
    waiting = sorted(_open(look, record.id), key=lambda one: (not one.past, one.due == _NO_DAY))
    return Facts(
        home=home_name(store),
        on=today,
        name=record.name or untitled(record),
        called=record.known_as or (record.name or "").partition(" ")[0],
        age=_age(record, today),
        cells=_cells(look, record),
        alerts=_alerts(look, record),
        matters=" ".join((record.what_matters or "").split()),
        reach=tuple(_reach(look, record)),
        lately=tuple(_lately(look, record.id)),
        open=tuple(waiting[:_MOST_OPEN]),
        more=max(len(waiting) - _MOST_OPEN, 0),
    )


def _age(record: Resident, today: dt.date) -> str:
    told = []
    if record.date_of_birth is not None:
        born = record.date_of_birth
        years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
        told.append(f"{years} years")
    if record.known_as:
        told.append(f"known as {record.known_as}")
    return ", ".join(told)


def _cells(look: Look, record: Resident) -> tuple[tuple[str, str], ...]:
    label = {field.name: field.label for field in spec_of(record).fields}
    born, number = record.date_of_birth, record.nhs_number
    return (
        ("Born", times.show_plain_date(born) if born else _NOT_RECORDED),
        (label["nhs_number"], nhs_number.show(number) if number else _NOT_RECORDED),
        (label["room"], record.room or _NOT_RECORDED),
        (
            label["moved_in"],
            times.show_plain_date(record.moved_in) if record.moved_in else _NOT_RECORDED,
        ),
        (label["practice"], look.name("organisation", record.practice) or _NOT_RECORDED),
    )


def _alerts(look: Look, record: Resident) -> tuple[str, ...]:
    """Return what must be known at once; what is not recorded is said as well."""
    label = {field.name: field.label for field in spec_of(record).fields}
    told = [f"{label['allergies']}: {_line(record.allergies) or _NOT_RECORDED}"]
    dnacpr = look.label(record, "dnacpr") or _NOT_RECORDED
    told.append(f"{label['dnacpr']}: {dnacpr[:1].lower()}{dnacpr[1:]}")
    if record.alerts:
        told.append(_line(record.alerts))
    if record.dols_expires is not None:
        told.append(f"{label['dols_expires']} {times.show_date(record.dols_expires)}")
    return tuple(told)


def _line(text: str | None) -> str:
    return " ".join((text or "").split())


def _reach(look: Look, record: Resident) -> Iterator[Reach]:
    loaded = look.store.the("home")
    home = loaded.record if loaded is not None and isinstance(loaded.record, Home) else Home()
    yield Reach("The home, any time", "ask for the senior on duty", home.phone or _NOT_RECORDED)
    label = {field.name: field.label for field in spec_of(record).fields}
    family = label["next_of_kin"]
    also = f"; {label['attorney'].lower()}: {record.attorney}" if record.attorney else ""
    yield Reach(
        record.next_of_kin or family,
        f"{family[:1].lower()}{family[1:]}{also}",
        record.next_of_kin_phone or _NOT_RECORDED,
    )
    gp, practice = _contact(look, record.gp), _place(look, record.practice)
    if gp is not None or practice is not None:
        name = gp.name if gp is not None else ""
        place = "" if practice is None else practice.name or ""
        yield Reach(
            f"{label['gp']}, {name}" if name else place,
            place if name else label["practice"],
            (practice.phone if practice is not None and practice.phone else None)
            or (gp.phone or gp.mobile if gp is not None else None)
            or _NOT_RECORDED,
        )
    nurse = _contact(look, record.named_nurse)
    if nurse is not None:
        yield Reach(
            nurse.name or "", label["named_nurse"].lower(),
            nurse.phone or nurse.mobile or _NOT_RECORDED,
        )  # fmt: skip


def _contact(look: Look, identity: int | None) -> Contact | None:
    found = None if identity is None else look.names.record("contact", identity)
    return found if isinstance(found, Contact) else None


def _place(look: Look, identity: int | None) -> Organisation | None:
    found = None if identity is None else look.names.record("organisation", identity)
    return found if isinstance(found, Organisation) else None


def _lately(look: Look, resident: int) -> Iterator[Lately]:
    since = look.day - dt.timedelta(days=DAYS)
    found = timeline.stretch(look.store, resident, types=_LATELY, since=since, limit=_MOST_LATELY)
    past = [one for one in found if _has_been(one, look.day) and not one.record.struck_reason]
    for told, one in zip(timeline.tell(look.store, look.day, past), past, strict=True):
        what, by = _who(look, one) or (told.title, "")
        yield Lately(_when(one.at), what, by, _line(told.text))


def _has_been(one: Happening, today: dt.date) -> bool:
    day = times.in_london(one.at).date() if isinstance(one.at, dt.datetime) else one.at
    happened = one.visit is None or one.visit.status == "happened"
    return happened and day <= today


def _who(look: Look, one: Happening) -> tuple[str, str] | None:
    """Return who came, or which way somebody went, and more about it; None for anything else."""
    record = one.record
    if isinstance(record, VisitEntry) and one.visit is not None:
        place = look.name("organisation", one.visit.organisation)
        name = look.name("contact", one.visit.professional)
        kind = look.label(one.visit, "kind")
        return (name, joined(kind, place)) if name else (place or kind, kind if place else "")
    if isinstance(record, Transfer):
        return look.label(record, "direction"), look.name("organisation", record.place)
    if isinstance(record, Concern):
        return look.label(record, "kind"), f"raised by {look.name('staff', record.raised_by)}"
    return None


def _when(at: dt.date | dt.datetime) -> str:
    """Show a moment without its year, which the sheet's own day says."""
    if not isinstance(at, dt.datetime):
        return times.show_date(at).rpartition(" ")[0]
    day, _, clock = times.show_time(at).partition(", ")
    return f"{day.rpartition(' ')[0]} {clock}"


def _open(look: Look, resident: int) -> Iterator[Open]:
    store, today = look.store, look.day
    for review in transfers.to_review(store, today):
        standing = look.names.record("resident", review.transfer.resident or 0)
        if standing is not None and standing.id == resident and review.review_due is not None:
            yield _due(f"Review after {review.direction.lower()}", review.place, review.review_due,
                       today)  # fmt: skip
    for wait in referrals.waiting(store, today, resident=resident):
        sent = wait.referral.sent
        since = f"Referred {times.show_plain_date(sent)}: " if sent is not None else ""
        yield Open(f"{since}{short(wait.referral.reason)}", wait.organisation, _NO_DAY)
    for going in appointments.appointments(store, today, resident=resident):
        at = going.appointment.at
        if at is not None and going.days >= 0:
            yield Open(
                f"Appointment: {short(going.appointment.purpose)}", going.place,
                times.show_date(times.in_london(at).date())[:-5],
            )  # fmt: skip
    for action in look.find(Action, Condition("resident", resident), Condition("done_at", None)):
        owner = look.name("staff", action.owner_staff) or look.name("contact", action.owner_contact)
        yield _due(action.what or "", owner, action.due, today)
    for concern in look.find(
        Concern, Condition("resident", resident), Condition("closed_at", None)
    ):
        route = "" if concern.route == "other" else look.label(concern, "route")
        to = look.name("contact", concern.routed_to) or route
        raised = concern.raised_at
        on = "" if raised is None else f" {_when(raised).rpartition(' ')[0]}"
        kind = look.label(concern, "kind")
        yield Open(f"{kind}{on}: {short(concern.situation)}", to, _NO_DAY)


def _due(what: str, who: str, due: dt.date | None, today: dt.date) -> Open:
    if due is None:
        return Open(what, who, _NO_DAY)
    # a weekday and a day: the year is the sheet's
    return Open(what, who, times.show_date(due)[:-5], past=due < today)
