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

    from liaison.services.colleagues import Colleague
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

OF_THE_NAME: Final = 0
NOBODY: Final = -1

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
        staff: The member of staff they are; :data:`OF_THE_NAME` for whoever has their name,
            :data:`NOBODY` for none of them.
    """

    name: str
    role: str
    until: dt.date | None = None
    staff: int = 0


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


def whose_name(person: SignIn) -> str:
    """Return in a sentence which member of staff somebody is."""
    if person.staff is None:
        return "Linked with none of our staff: answers to what they raise reach nobody's Today."
    return f"What they raise carries the name {person.colleague}, of our staff."


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
    record = Person(name=wanted.name, role=wanted.role, until=wanted.until, staff=staff_of(wanted))
    identity = people.add(home, record, password, link=wanted.staff == OF_THE_NAME)
    return Given(identity, wanted.name, password)


def change(home: OpenHome, person: SignIn, wanted: Wanted) -> None:
    """Give somebody another name, role or last day."""
    people.appoint(
        home, person.id, name=wanted.name, role=wanted.role, until=wanted.until,
        reason="Name, role or last day changed.",
    )  # fmt: skip
    if wanted.until is None and person.until is not None:
        people.stay(home, person.id, "The last day was taken away.")
    if staff_of(wanted) != person.staff:
        people.link_staff(home, person.id, staff_of(wanted), "Which member of staff they are.")


def staff_of(wanted: Wanted) -> int | None:
    """Return the member of staff who was chosen; None if nobody was."""
    return None if wanted.staff in {OF_THE_NAME, NOBODY} else wanted.staff


def staff_choices(found: tuple[Colleague, ...], person: SignIn | None) -> list[tuple[object, str]]:
    """Return whom of our staff somebody may be.

    Args:
        found: Everybody who works here.
        person: Who signs in; None for somebody new.
    """
    first = (OF_THE_NAME, "Whoever of our staff has this name")
    people_here = [
        (one.id, f"{one.name} (signs in already)" if one.taken else one.name) for one in found
    ]
    own = None if person is None else person.staff
    if own is not None and all(one.id != own for one in found):
        people_here.append((own, "Somebody who does not work here any more"))
    none = (NOBODY, "None of our staff")
    return [*([first] if person is None else []), none, *people_here]


def give_password(home: OpenHome, person: SignIn) -> Given:
    """Give somebody a temporary password that Liaison thinks up."""
    password = passphrase()
    people.give_password(home, person.id, password)
    return Given(person.id, person.name, password)


def remove(home: OpenHome, person: SignIn, reason: str) -> bool:
    """Let somebody go; return whether the database has its new key already."""
    people.remove(home, person.id, reason)
    return home.unlocked.vault.database.pending is None
