"""Concerns, referrals, transfers, appointments, loans and calls, as the stories tell them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Final

from liaison.records.casework import (
    Appointment,
    Chase,
    Concern,
    EquipmentLoan,
    Referral,
    Transfer,
)
from liaison.records.directory import ContactAttempt
from liaison.services.demo.cast import Cast, Person, staff_ref
from liaison.services.demo.days import Days, at, on_working_day
from liaison.services.demo.script import Pen, Script
from liaison.services.demo.texts import Block

_MINUTE: Final = dt.timedelta(minutes=1)
_DAY: Final = dt.timedelta(days=1)
_OFFICE_OPENS: Final = "09:15"


def write_casework(script: Script, cast: Cast, blocks: tuple[Block, ...]) -> None:
    """Let everything of the stories but the visits be written down.

    Args:
        script: What is written when.
        cast: Who takes part.
        blocks: The stories.
    """
    tellers: dict[str, Callable[[Script, Cast, Block, Person], None]] = {
        "concern": _concern,
        "query": _concern,
        "referral": _referral,
        "transfer": _transfer,
        "appointment": _appointment,
        "loan": _loan,
        "call": _call,
    }
    for block in blocks:
        person = cast.resident(block.resident)
        teller = tellers.get(block.kind)
        if person is not None and teller is not None and cast.days.has(cast.days.told(block.day)):
            teller(script, cast, block, person)


def _moment(days: Days, block: Block) -> dt.datetime:
    return at(days.told(block.day), block.clock or _OFFICE_OPENS)


def concern_key(resident: str, moment: dt.datetime) -> str:
    """Return the name the script speaks of a concern by."""
    return f"concern:{resident}:{moment:%Y-%m-%d %H:%M}"


def _concern(script: Script, cast: Cast, block: Block, person: Person) -> None:
    days = cast.days
    raised = _moment(days, block)
    name, urgency, route = block.words
    by = cast.works(name, raised.date())
    key = concern_key(block.resident, raised)
    routed = block.get("routed")

    def add(pen: Pen) -> None:
        book = pen.book
        pen.add(
            Concern(
                kind="query" if block.kind == "query" else "concern",
                resident=book.id(person.ref),
                raised_by=book.id(staff_ref(by)),
                raised_at=raised,
                situation=block.get("situation"),
                background=block.get("background") or None,
                assessment=block.get("assessment") or None,
                asking=block.get("asking") or None,
                urgency=urgency,
                route=route,
                routed_to=book.id(f"contact:{routed}") if routed else None,
            ),
            key,
        )

    script.write(raised + 3 * _MINUTE, add)
    if not block.get("answer"):
        return
    when, by_whom, answer = block.get("answer").split(" | ", 2)
    if when == "round":
        answered = days.round_after(raised.date()) + 25 * _MINUTE
        if answered.date() >= days.today:
            return
    else:
        answered = _after(raised, when)
    if not script.write(answered, answer_of(key, answered, by_whom, answer)):
        return
    if seen := block.get("seen"):
        acknowledged = max(_after(answered, seen), answered + 20 * _MINUTE)
        script.write(acknowledged, change_of(key, acknowledged_at=acknowledged))
    if closing := block.get("closed"):
        when, outcome = closing.split(" | ", 1)
        closed = max(_after(answered, when), answered + 25 * _MINUTE)
        script.write(closed, change_of(key, outcome=outcome, closed_at=closed))


def _after(moment: dt.datetime, told: str) -> dt.datetime:
    """Return the time told as days after a moment, and a clock."""
    days, clock = told.split(" ")
    return at(moment.date() + _DAY * int(days), clock)


def answer_of(key: str, moment: dt.datetime, by: str, answer: str) -> Callable[[Pen], None]:
    """Return the work of answering a concern."""
    return change_of(key, answer=answer, answered_by=by, answered_at=moment)


def change_of(key: str, **fields: object) -> Callable[[Pen], None]:
    """Return the work of correcting fields of a record of an earlier unit."""

    def change(pen: Pen) -> None:
        pen.change(key, **fields)

    return change


def _referral(script: Script, cast: Cast, block: Block, person: Person) -> None:
    days = cast.days
    sent = days.told(block.day)
    key = f"referral:{block.resident}:{block.get('name', block.day)}"
    parent = f"referral:{block.resident}:{block.get('from')}"
    organisation, route, *contact = block.words

    def add(pen: Pen) -> None:
        book = pen.book
        pen.add(
            Referral(
                resident=book.id(person.ref),
                organisation=book.id(f"organisation:{organisation}"),
                contact=book.id(f"contact:{contact[0]}") if contact else None,
                sent=sent,
                reason=block.get("reason"),
                route=route,
                parent=book.maybe(parent),
                threshold_days=int(block.get("threshold")) if block.get("threshold") else None,
                next_chase=days.told(block.get("next")) if block.get("next") else None,
            ),
            key,
        )

    script.write(at(sent, "16:10"), add)
    for field, name, clock in (
        ("acknowledged", "acknowledged", "11:40"),
        ("first_seen", "seen", "16:30"),
    ):
        if block.get(name):
            day = days.told(block.get(name))
            script.write(at(day, clock), change_of(key, **{field: day}))
    for chase in block.all("chase"):
        _chase(script, days, key, chase)
    if block.get("closed"):
        when, outcome = block.get("closed").split(" | ", 1)
        day = days.told(when)
        script.write(
            at(day, "17:05"), change_of(key, closed_on=day, outcome=outcome, next_chase=None)
        )


def _chase(script: Script, days: Days, key: str, told: str) -> None:
    when, how, spoke_to, result = told.split(" | ")
    day, clock = when.split(" ")
    moment = at(on_working_day(days.told(day)), clock)

    def add(pen: Pen) -> None:
        pen.add(
            Chase(
                referral=pen.book.id(key),
                at=moment,
                how=how,
                # a message or a letter reaches nobody in person
                spoke_to=spoke_to or None,
                result=result,
            )
        )

    script.write(moment + 6 * _MINUTE, add)


def _transfer(script: Script, cast: Cast, block: Block, person: Person) -> None:
    days = cast.days
    moment = _moment(days, block)
    key = f"transfer:{block.resident}:{block.day}:{block.words[0]}"
    direction, *place = block.words
    ward = place[0].rpartition(", ")[2] if place and ", " in place[0] else ""

    def add(pen: Pen) -> None:
        pen.add(
            Transfer(
                resident=pen.book.id(person.ref),
                direction=direction,
                at=moment,
                place=pen.book.id(f"organisation:{place[0]}") if place else None,
                ward=ward or None,
                planned=block.get("planned") == "yes",
                cause=block.get("cause") or None,
                end_of_life=True if block.get("end_of_life") == "yes" else None,
                summary=block.get("summary") or None,
                medicines=block.get("medicines") or None,
                equipment=block.get("equipment") or None,
                transport=block.get("transport") or None,
                rang_us=block.get("rang") or None,
                problems=block.get("problems") or None,
            ),
            key,
        )

    script.write(moment + 50 * _MINUTE, add)
    if block.get("reviewed"):
        when, review = block.get("reviewed").split(" | ", 1)
        day = days.told(when)
        script.write(at(day, "15:55"), change_of(key, reviewed_on=day, review=review))


def _appointment(script: Script, cast: Cast, block: Block, person: Person) -> None:
    days = cast.days
    moment = at(on_working_day(days.told(block.day)), block.clock)
    key = f"appointment:{block.resident}:{block.day}"
    booked = min(moment - 16 * _DAY, script.last)
    escort = cast.works(block.get("escort"), booked.date())

    def add(pen: Pen) -> None:
        pen.add(
            Appointment(
                resident=pen.book.id(person.ref),
                at=moment,
                place=pen.book.id(f"organisation:{block.words[0]}"),
                purpose=block.get("purpose"),
                escort=pen.book.id(staff_ref(escort)),
                transport=block.get("transport") or None,
            ),
            key,
        )

    if not cast.lives_here(person, booked.date()):
        booked = at(days.ago(person.text.came - 1), "10:10")
    script.write(booked, add)
    if block.get("status") != "booked":
        change = change_of(key, status=block.get("status"), outcome=block.get("outcome"))
        script.write(moment + dt.timedelta(hours=4), change)


def _loan(script: Script, cast: Cast, block: Block, person: Person) -> None:
    days = cast.days
    asked = days.told(block.day)
    key = f"loan:{block.resident}:{block.day}"
    what, supplier = block.words

    def add(pen: Pen) -> None:
        pen.add(
            EquipmentLoan(
                resident=pen.book.id(person.ref),
                what=what,
                supplier=pen.book.id(f"organisation:{supplier}"),
                requested_on=asked,
            ),
            key,
        )

    script.write(at(asked, "12:20"), add)
    if block.get("arrived"):
        day = days.told(block.get("arrived"))
        check = days.told(block.get("check"))
        script.write(at(day, "14:45"), change_of(key, arrived_on=day, next_check=check))
    if block.get("returned"):
        day = days.told(block.get("returned"))
        script.write(at(day, "10:45"), change_of(key, returned_on=day, next_check=None))


def _call(script: Script, cast: Cast, block: Block, person: Person) -> None:
    moment = _moment(cast.days, block)
    work = attempt(
        moment,
        block.words[0],
        int(block.get("waited", "0")),
        block.get("note"),
        reached=block.get("reached") == "yes",
        person=person,
    )
    script.write(moment + _MINUTE * (int(block.get("waited", "0")) + 2), work)


def attempt(  # what an attempt is
    moment: dt.datetime,
    where: str,
    waited: int,
    note: str,
    *,
    reached: bool,
    person: Person | None,
) -> Callable[[Pen], None]:
    """Return the work of noting a try at reaching somebody by telephone."""

    def add(pen: Pen) -> None:
        pen.add(
            ContactAttempt(
                at=moment,
                organisation=pen.book.id(f"organisation:{where}"),
                resident=pen.book.id(person.ref) if person else None,
                how="phone",
                waited=waited,
                reached=reached,
                note=note or None,
            )
        )

    return add
