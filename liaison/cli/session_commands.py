"""Commands about training sessions, skills signed off, supervisions and the dates staff keep."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any, Final

import click

from liaison.cli.days import day_of
from liaison.cli.session import FILE, Command, Group, Session
from liaison.cli.which import found
from liaison.errors import UserError
from liaison.records import ids
from liaison.records.rules import times
from liaison.records.training import Competency
from liaison.services import certificates, competency, sessions, supervision
from liaison.services.attachments import read_file
from liaison.services.homes import OpenHome
from liaison.services.references import NotOne, resolve
from liaison.services.sessions import Occasion
from liaison.services.supervision import Date
from liaison.store.store import Store

_ON: Final = click.option("--on", metavar="DAY", help="As it was on this day; today if not given.")
_LEVELS: Final = ("aware", "supervised", "competent", "can teach")


# ---- sessions


@click.group("session", cls=Group)
def session_group() -> None:
    """Book places on training sessions, and record who came."""


@session_group.command("list", cls=Command)
@click.option("--past", is_flag=True, help="Those that are over, the latest first.")
@click.option("--limit", type=int, default=50, show_default=True, help="With --past: how many.")
@click.pass_obj
def list_sessions(session: Session, past: bool, limit: int) -> None:  # noqa: FBT001  # a switch
    """Show the sessions that are planned, with who has a place."""
    store = session.open().store
    shown = (
        sessions.past(store, max(limit, 1))[0] if past else sessions.coming(store, store.today())
    )
    session.answer([_json(one) for one in shown], lambda: _lines(shown))


@session_group.command("book", cls=Command)
@click.argument("identity", metavar="ID")
@click.argument("staff", nargs=-1, required=True, metavar="STAFF...")
@click.pass_obj
def book(session: Session, identity: str, staff: tuple[str, ...]) -> None:
    """Give STAFF (ids or exact names) a place on session ID."""
    home = session.open()
    number = found(home, "session", identity)
    written = sessions.book(home, number, _staff(home.store, staff))
    _answer(session, home.store, number, [problem.message for problem in written.warnings])


@session_group.command("give-up", cls=Command)
@click.argument("identity", metavar="ID")
@click.argument("staff", metavar="STAFF")
@click.option("--reason", required=True, metavar="TEXT", help="Why, for the history.")
@click.pass_obj
def give_up(session: Session, identity: str, staff: str, reason: str) -> None:
    """Take the place of STAFF on session ID back."""
    home = session.open()
    number = found(home, "session", identity)
    (who,) = _staff(home.store, (staff,))
    shown = _one(home.store, number)
    place = next((seat for seat in shown.seats if seat.staff == who), None)
    if place is None:
        raise UserError(
            f"{staff} has no place on this session.", kept="Nothing was changed.", code="not-found"
        )
    sessions.give_up(home, place.attendance, reason)
    _answer(session, home.store, number)


@session_group.command("attended", cls=Command)
@click.argument("identity", metavar="ID")
@click.argument("staff", nargs=-1, metavar="STAFF...")
@click.option("--all", "everybody", is_flag=True, help="Everybody who has a place came.")
@click.pass_obj
def attended(session: Session, identity: str, staff: tuple[str, ...], everybody: bool) -> None:  # noqa: FBT001  # a switch
    """Say that STAFF came to session ID; their training is recorded with that."""
    home = session.open()
    number = found(home, "session", identity)
    came = _staff(home.store, staff)
    if everybody:
        seats = _one(home.store, number).seats
        came += [seat.staff for seat in seats if seat.status == sessions.BOOKED]
    written = sessions.record_attendance(home, number, came)
    _answer(session, home.store, number, [problem.message for problem in written.warnings])


@session_group.command("cancel", cls=Command)
@click.argument("identity", metavar="ID")
@click.option("--reason", required=True, metavar="TEXT", help="Why, for the history.")
@click.pass_obj
def cancel(session: Session, identity: str, reason: str) -> None:
    """Say that session ID does not take place."""
    home = session.open()
    number = found(home, "session", identity)
    sessions.cancel(home, number, reason)
    _answer(session, home.store, number)


@session_group.command("certify", cls=Command)
@click.argument("identity", metavar="ID")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=FILE)
@click.option("--for", "staff", metavar="STAFF", help="Whose they are; else their names say so.")
@click.option("--all", "everybody", is_flag=True, help="They are for everybody who attended.")
@click.pass_obj
def certify(  # one for each option
    session: Session,
    identity: str,
    files: tuple[Any, ...],
    staff: str | None,
    everybody: bool,  # noqa: FBT001  # a switch
) -> None:
    """Keep certificates with the training of those who attended session ID."""
    if staff is not None and everybody:
        raise click.UsageError("Say --for or --all, not both.")
    home = session.open()
    number = found(home, "session", identity)
    shown = _one(home.store, number)
    holders = {seat.staff: seat.record for seat in shown.came if seat.record is not None}
    incoming = [read_file(file) for file in files]
    if everybody:
        pairs = [(record, file) for file in incoming for record in holders.values()]
    elif staff is not None:
        (who,) = _staff(home.store, (staff,))
        if who not in holders:
            raise _nobody(staff)
        pairs = [(holders[who], file) for file in incoming]
    else:
        pairs = []
        named = certificates.suggested(shown, [file.name for file in incoming])
        for record, file in zip(named, incoming, strict=True):
            if record is None:
                raise _nobody(file.name)
            pairs.append((record, file))
    done = certificates.certify(home, pairs)
    session.answer(
        {"attached": done.attached, "known": list(done.known)},
        lambda: [
            f"{done.attached} attached.",
            *(f"{name} was there already." for name in done.known),
        ],
    )


def _nobody(what: str) -> UserError:
    return UserError(
        f"{what}: nobody with training recorded from this session is meant.",
        kept="Nothing was attached.",
        do="Say whose it is with --for, or use --all.",
        code="not-found",
    )


def _answer(session: Session, store: Store, number: int, warnings: Iterable[str] = ()) -> None:
    shown = _one(store, number)
    session.answer(_json(shown), lambda: [*_lines((shown,)), *warnings])


def _one(store: Store, number: int) -> Occasion:
    shown = sessions.one(store, number)
    assert shown is not None  # noqa: S101  # it has just been found
    return shown


def _staff(store: Store, typed: Iterable[str]) -> list[int]:
    return [resolve(store, "staff", one) for one in typed]


def _json(one: Occasion) -> dict[str, Any]:
    session = one.session
    return {
        "id": ids.to_text(one.id),
        "course": _id(session.course),
        "course_name": one.course,
        "at": None if session.at is None else times.to_iso(session.at),
        "status": session.status,
        "teacher": one.teacher or None,
        "places": session.capacity,
        "free": one.free,
        "staff": [
            {
                "id": ids.to_text(seat.staff), "name": seat.name, "status": seat.status,
                "training_record": _id(seat.record), "certificates": seat.certificates,
            }
            for seat in one.seats
        ],
        "warnings": list(one.doubts),
    }  # fmt: skip


def _lines(shown: tuple[Occasion, ...]) -> Iterator[str]:
    if not shown:
        yield "None."
    for one in shown:
        at = "" if one.session.at is None else times.show_time(one.session.at)
        parts = (at, one.course, one.teacher, one.session.status or "")
        free = "" if one.free is None else f", {one.free} free"
        late = " [who came is not recorded]" if one.to_record else ""
        yield f"{', '.join(part for part in parts if part)}{free}{late}"
        yield from (f"    {seat.name}: {seat.status}" for seat in one.seats)
        yield from (f"    ! {words}" for words in one.doubts)


# ---- skills


@click.command("skills", cls=Command)
@_ON
@click.option("--for", "staff", metavar="STAFF", help="Those of this member of staff.")
@click.pass_obj
def skills(session: Session, on: str | None, staff: str | None) -> None:
    """Show the skills staff were seen to have."""
    store = session.open().store
    who = None if staff is None else resolve(store, "staff", staff)
    shown = competency.skills(store, day_of(store, on, "--on") or store.today(), staff=who)
    session.answer(
        [
            {
                "id": ids.to_text(one.id),
                "staff": ids.to_text(one.staff),
                "name": one.name,
                "skill": one.competency.skill,
                "level": one.competency.level,
                "assessed_on": _day(one.competency.assessed_on),
                "assessor": one.assessor or None,
                "review_due": _day(one.competency.review_due),
                "state": one.state,
                "delegated": bool(one.competency.delegated),
                "resident": _id(one.competency.resident),
            }
            for one in shown
        ],
        lambda: (
            [f"{one.name}: {one.competency.skill}, {one.level.lower()}{_due(one)}" for one in shown]
            or ["No skill was signed off."]
        ),
    )


def _due(one: competency.Skill) -> str:
    due = one.competency.review_due
    if due is None:
        return ""
    return f"; review {'was ' if one.state == 'late' else ''}due {times.show_date(due)}"


@click.command("sign-off", cls=Command)
@click.argument("skill", metavar="SKILL")
@click.argument("staff", nargs=-1, required=True, metavar="STAFF...")
@click.option("--level", type=click.Choice(_LEVELS), required=True, help="How well.")
@click.option("--by", "assessor", metavar="WHO", help="A contact, or a member of staff.")
@click.option("--on", metavar="DAY", help="When it was judged; today if not given.")
@click.option("--review", metavar="DAY", help="When it is to be judged anew.")
@click.option("--for-resident", "resident", metavar="RESIDENT", help="For this resident alone.")
@click.option("--delegated", is_flag=True, help="A task that somebody delegated.")
@click.pass_obj
def sign_off(  # noqa: PLR0917  # one for each option
    session: Session,
    skill: str,
    staff: tuple[str, ...],
    level: str,
    assessor: str | None,
    on: str | None,
    review: str | None,
    resident: str | None,
    delegated: bool,  # noqa: FBT001  # a switch
) -> None:
    """Sign SKILL off for STAFF, all at once."""
    home = session.open()
    contact, ours = (None, None) if assessor is None else _assessor(home, assessor)
    record = Competency(
        skill=skill,
        level=level,
        assessed_on=day_of(home.store, on, "--on") or home.store.today(),
        assessor_contact=contact,
        assessor_staff=ours,
        review_due=day_of(home.store, review, "--review"),
        delegated=delegated or None,
        resident=None if resident is None else resolve(home.store, "resident", resident),
    )
    written = competency.sign_off(home, record, _staff(home.store, staff))
    session.answer(
        [ids.to_text(one) for one in written.ids],
        lambda: [
            f"{skill}: signed off for {len(written.ids)}.",
            *(problem.message for problem in written.warnings),
        ],
    )


def _assessor(home: OpenHome, typed: str) -> tuple[int | None, int | None]:
    try:
        return resolve(home.store, "contact", typed), None
    except NotOne as error:
        if error.code != "not-found":
            raise
    return None, resolve(home.store, "staff", typed)


# ---- the dates staff keep


@click.command("readiness", cls=Command)
@click.option(
    "--within", type=int, default=90, show_default=True, metavar="DAYS",
    help="How many days to look ahead.",
)  # fmt: skip
@click.option("--for", "staff", metavar="STAFF", help="All dates of this member of staff.")
@_ON
@click.pass_obj
def readiness(session: Session, within: int, staff: str | None, on: str | None) -> None:
    """Show the dates that staff have to keep.

    Supervisions, appraisals, registrations, DBS checks and reviews of skills.
    """
    store = session.open().store
    who = None if staff is None else resolve(store, "staff", staff)
    day = day_of(store, on, "--on") or store.today()
    shown = supervision.readiness(store, day, max(within, 0), staff=who)
    session.answer([_date_json(one) for one in shown], lambda: _date_lines(shown))


def _date_json(one: Date) -> dict[str, Any]:
    return {
        "staff": ids.to_text(one.staff),
        "name": one.name,
        "kind": one.kind,
        "what": one.what,
        "type": one.type,
        "id": ids.to_text(one.id),
        "day": _day(one.day),
        "last": _day(one.last),
        "planned": one.planned,
        "state": one.state,
        "days": one.days,
    }


def _date_lines(shown: tuple[Date, ...]) -> Iterator[str]:
    if not shown:
        yield "Nothing is due."
    for one in shown:
        yield f"{one.name}: {one.what}, {supervision.words(one)}"


@click.group("supervision", cls=Group)
def supervision_group() -> None:
    """Record supervisions and appraisals."""


@supervision_group.command("held", cls=Command)
@click.argument("identity", metavar="ID")
@click.option("--on", metavar="DAY", help="When it was held; today if not given.")
@click.option("--next", "next_due", metavar="DAY", help="When the next one is due.")
@click.option("--notes", metavar="TEXT", help="What was said; private.")
@click.pass_obj
def held(
    session: Session, identity: str, on: str | None, next_due: str | None, notes: str | None
) -> None:
    """Say that the planned supervision or appraisal ID was held."""
    home = session.open()
    number = found(home, "supervision", identity)
    day = day_of(home.store, on, "--on") or home.store.today()
    after = day_of(home.store, next_due, "--next")
    supervision.hold(home, number, day, after, notes)
    session.answer(
        {"id": ids.to_text(number), "done": day.isoformat(), "next_due": _day(after)},
        lambda: [f"Held on {times.show_date(day)}."],
    )


def _id(identity: int | None) -> str | None:
    return None if identity is None else ids.to_text(identity)


def _day(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()


COMMANDS: Final = (session_group, skills, sign_off, readiness, supervision_group)
