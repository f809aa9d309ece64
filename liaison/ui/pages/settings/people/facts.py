"""What the people section shows, and what it has done: plain values, no widgets."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING, Final

from liaison.records.administration import Person
from liaison.records.rules import times
from liaison.security.passphrases import passphrase
from liaison.security.roles import ROLES, Line, describe
from liaison.services import homes, people
from liaison.services.people import SignIn, State

if TYPE_CHECKING:
    from pathlib import Path

    from liaison.services.homes import OpenHome
    from liaison.store.store import Store

#: How each state is told: the colour of its chip and its icon.
CHIPS: Final = {
    State.ACTIVE: ("ok", ""),
    State.TEMPORARY: ("due", "key-round"),
    State.NEEDS_PASSWORD: ("late", "key-round"),
    State.SUSPENDED: ("none", "lock"),
    State.OVER: ("none", "calendar-x"),
}

#: What a role is for, in a sentence.
MEANT_FOR: Final = {
    "manager": "Everything, also who may sign in.",
    "senior": "All of the work, and putting right what others wrote.",
    "carer": "Visits, notes and concerns; their own can be put right.",
    "reader": "Looks at records and prints reports; writes nothing.",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Wanted:
    """What stands in the form of a person.

    Args:
        name: Their name.
        role: Their role.
        until: The last day on which they may sign in; None for until further notice.
    """

    name: str
    role: str
    until: dt.date | None = None


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Given:
    """A password that was given to somebody; it is shown once and kept nowhere.

    Args:
        id: The id of their record.
        name: Their name.
        password: The temporary password.
    """

    id: int
    name: str
    password: str


def read(store: Store, folder: Path) -> tuple[SignIn, ...]:
    """Return who may sign in, by name; for a read job."""
    return people.everybody(store, homes.read_keys(folder))


def ends(person: SignIn, today: dt.date) -> str:
    """Return when somebody's time ends, in words; empty if it does not, or has."""
    if person.until is None or person.until < today:
        return ""
    return f"Ends on {times.show_date(person.until)}"


def below(person: SignIn) -> str:
    """Return the line below somebody's name."""
    return ROLES.get(person.role, person.role)


def role_choices() -> list[tuple[object, str]]:
    """Return the roles one can have."""
    return list(ROLES.items())


def table() -> tuple[Line, ...]:
    """Return what each role may do."""
    return describe()


# ---- for write jobs


def add(home: OpenHome, wanted: Wanted) -> Given:
    """Add somebody with a password that Liaison thinks up."""
    password = passphrase()
    record = Person(name=wanted.name, role=wanted.role, until=wanted.until)
    identity = people.add(home, record, password)
    return Given(identity, wanted.name, password)


def change(home: OpenHome, person: SignIn, wanted: Wanted) -> None:
    """Give somebody another name, role or last day."""
    people.appoint(
        home, person.id, name=wanted.name, role=wanted.role, until=wanted.until,
        reason="Name, role or last day changed.",
    )  # fmt: skip
    if wanted.until is None and person.until is not None:
        people.stay(home, person.id, "The last day was taken away.")


def give_password(home: OpenHome, person: SignIn) -> Given:
    """Give somebody a temporary password that Liaison thinks up."""
    password = passphrase()
    people.give_password(home, person.id, password)
    return Given(person.id, person.name, password)


def remove(home: OpenHome, person: SignIn, reason: str) -> bool:
    """Let somebody go; return whether the database has its new key already."""
    people.remove(home, person.id, reason)
    return home.unlocked.vault.database.pending is None
