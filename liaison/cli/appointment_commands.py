"""Commands about appointments with escort and transport, and about equipment on loan."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import click

from liaison.cli.days import day_of
from liaison.cli.session import Command, Group, Session
from liaison.cli.which import found
from liaison.records import ids, spec_of
from liaison.records.casework import Appointment
from liaison.records.rules import times
from liaison.services import appointments
from liaison.services.appointments import Going, Lent

_ON: Final = click.option("--on", metavar="DAY", help="As it is on this day; today if not given.")
_OVER: Final = ("attended", "missed", "cancelled")


@click.group("appointment", cls=Group)
def appointment() -> None:
    """Look at where residents go, and say what came of it."""


@appointment.command("coming", cls=Command)
@_ON
@click.pass_obj
def coming(session: Session, on: str | None) -> None:
    """Show what is booked.

    What is past without an outcome comes first, then what is ahead.
    """
    store = session.open().store
    shown = appointments.appointments(store, day_of(store, on, "--on") or store.today())
    session.answer([_going_json(one) for one in shown], lambda: _going_lines(shown))


@appointment.command("finish", cls=Command)
@click.argument("identity", metavar="ID")
@click.option("--status", type=click.Choice(_OVER), required=True)
@click.option("--outcome", metavar="TEXT", default="", help="What came of it.")
@click.pass_obj
def finish(session: Session, identity: str, status: appointments.Over, outcome: str) -> None:
    """Say what became of appointment ID.

    It was attended, which needs an outcome, or missed or cancelled.
    """
    home = session.open()
    number = found(home, "appointment", identity)
    appointments.finish(home, number, status, outcome)
    shown = appointments.appointment(home.store, number)
    assert shown is not None  # noqa: S101  # it was just written
    session.answer(_going_json(shown), lambda: _going_lines((shown,)))


def _going_json(one: Going) -> dict[str, Any]:
    record = one.appointment
    labels = {field.label: field.name for field in spec_of(Appointment).fields}
    return {
        "id": ids.to_text(one.id),
        "resident": _id(record.resident),
        "at": None if record.at is None else times.to_iso(record.at),
        "place": _id(record.place),
        "purpose": record.purpose,
        "escort": _id(record.escort),
        "transport": record.transport,
        "status": record.status,
        "outcome": record.outcome,
        "missing": [labels[label] for label in one.missing],
        "to_close": one.to_close,
    }


def _going_lines(shown: tuple[Going, ...]) -> Iterator[str]:
    if not shown:
        yield "Nothing is booked."
    for one in shown:
        record = one.appointment
        at = "" if record.at is None else times.show_time(record.at)
        parts = (at, one.resident, one.place, record.purpose or "")
        state = " [no outcome yet]" if one.to_close else ""
        if one.missing:
            state = f" [to arrange: {', '.join(label.lower() for label in one.missing)}]"
        yield f"  {', '.join(part for part in parts if part)}{state}"
        if record.outcome:
            yield f"      {record.status}: {record.outcome}"


@click.group("loan", cls=Group)
def loan() -> None:
    """Look at equipment on loan."""


@loan.command("list", cls=Command)
@_ON
@click.pass_obj
def list_loans(session: Session, on: str | None) -> None:
    """Show what is on loan or was asked for.

    What needs somebody comes first.
    """
    store = session.open().store
    shown = appointments.loans(store, day_of(store, on, "--on") or store.today())
    session.answer([_lent_json(one) for one in shown], lambda: _lent_lines(shown))


def _lent_json(one: Lent) -> dict[str, Any]:
    return {
        "id": ids.to_text(one.id),
        "resident": _id(one.loan.resident),
        "what": one.loan.what,
        "supplier": _id(one.loan.supplier),
        "state": one.state,
        "days": one.days,
    }


def _lent_lines(shown: tuple[Lent, ...]) -> Iterator[str]:
    if not shown:
        yield "Nothing is on loan."
    for one in shown:
        parts = (one.loan.what or "", one.resident, one.supplier)
        yield f"  {', '.join(part for part in parts if part)} [{one.state}]"


def _id(identity: int | None) -> str | None:
    return None if identity is None else ids.to_text(identity)


COMMANDS: Final = (appointment, loan)
