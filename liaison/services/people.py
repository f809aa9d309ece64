"""Who may sign in: adding people, giving passwords, changing roles, suspending, letting go.

Each step first writes what happened into the home's log (a person's record) and then brings the key
file in line, so that a crash in between leaves a record that says what is still to be done, never a
key nobody knows of. ``docs/security.md`` says what each step can and cannot take back.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import enum
from typing import TYPE_CHECKING

from liaison import security
from liaison.errors import UserError
from liaison.records import check, ids
from liaison.records.administration import Person
from liaison.records.check import tidy
from liaison.security import STANDARD, Cost
from liaison.security.passwords import refuse_weak
from liaison.security.roles import ROLES, Action
from liaison.services.colleagues import linked
from liaison.services.editing import Unfit, reason_given
from liaison.services.homes import read_keys
from liaison.services.pcs import belonging
from liaison.services.references import Names
from liaison.store import query
from liaison.store.driver import DatabaseTrouble

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from liaison.security import Unlocked
    from liaison.services.homes import OpenHome
    from liaison.store.rows import Loaded
    from liaison.store.store import Store


class State(enum.Enum):
    """How it stands with somebody's signing in; its value is what people are told."""

    ACTIVE = "Active"
    TEMPORARY = "Temporary password, not yet changed"
    NEEDS_PASSWORD = "Has no password here yet"  # noqa: S105  # words, no password
    SUSPENDED = "Suspended"
    OVER = "Last day is over"


@dataclasses.dataclass(frozen=True, slots=True)
class SignIn:
    """Somebody who may, or might again, sign in.

    Args:
        id: The id of their record.
        name: Their name.
        role: Their role.
        state: How it stands.
        until: The last day on which they may sign in.
        staff: The member of staff they are; ``colleague`` their name, empty for nobody.
        colleague: See ``staff``.
    """

    id: int
    name: str
    role: str
    state: State
    until: dt.date | None = None
    staff: int | None = None
    colleague: str = ""


def everybody(store: Store, keys: security.KeyFile) -> tuple[SignIn, ...]:
    """Return who may sign in and how it stands with each, by name; nobody who was let go.

    Args:
        store: The home.
        keys: Its key file (``homes.read_keys``).
    """
    today = store.today()
    known = {one.id: one for one in keys.people}
    names = Names(store)
    found = (
        SignIn(
            record.id or 0,
            record.name or "",
            record.role or "",
            _state(record, known.get(ids.to_text(record.id or 0)), today),
            record.until,
            record.staff,
            "" if record.staff is None else names.by_id("staff", record.staff),
        )
        for record in _records(store)
    )
    return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.id)))


def _records(store: Store) -> Iterator[Person]:
    for record in query.every(store, query.Query("person")):
        if isinstance(record, Person) and record.lives:
            yield record


def _state(record: Person, known: security.Person | None, today: dt.date) -> State:
    if record.suspended or (known is not None and known.suspended):
        return State.SUSPENDED
    if not record.may_sign_in(today):
        return State.OVER
    if known is None or not known.can_unlock:
        return State.NEEDS_PASSWORD
    return State.TEMPORARY if known.temporary else State.ACTIVE


def add(
    home: OpenHome, person: Person, password: str, *, link: bool = True, cost: Cost = STANDARD
) -> int:
    """Add somebody who may sign in, with a temporary password.

    Args:
        home: The home, unlocked by a manager.
        person: Their record: name, role, member of staff, and for agency staff the last day.
        password: A temporary password, which they change at first use.
        link: Whether somebody whose record names no member of staff is the one of their name.
        cost: What checking it costs.

    Returns:
        The id of their record. After a crash just before the end it stands without a password;
        :func:`give_password` makes that good.

    Raises:
        NotAllowed: Only a manager may.
        UserError: The record has problems, somebody of that name signs in here already, or
            several members of staff have that name.
    """
    home.require(Action.PEOPLE)
    person = dataclasses.replace(person, name=_one_line(person.name or ""))
    _fit(home, person)
    _refuse_namesake(home, person.name or "")
    if link:
        person = linked(home.store, person)
    # before the record is written: a password that will not do must leave no half of a person
    _refuse_weak(home, password, person.name)
    with home.unit(f"{person.name} may sign in as {person.role}.", kind="people") as unit:
        identity = unit.add(person)
    give_password(home, identity, password, cost=cost)
    return identity


def give_password(home: OpenHome, identity: int, password: str, *, cost: Cost = STANDARD) -> None:
    """Give somebody a temporary password, because they forgot theirs or have none here yet.

    Args:
        home: The home, unlocked by a manager or with the recovery sheet.
        identity: The id of the person's record.
        password: The temporary password.
        cost: What checking it costs.

    Raises:
        NotAllowed: Only a manager may, and nobody gives one to themself.
        BadPassword: It is too short or too easy to guess.
    """
    home.require(Action.PEOPLE)
    person = _loaded(home, identity).record
    assert isinstance(person, Person)  # noqa: S101  # of its type
    _refuse_weak(home, password, person.name)
    _adopt(
        home,
        security.admit(
            _file(home), home.unlocked, person=ids.to_text(identity), name=person.name or "",
            role=person.role or "", password=password, cost=cost,
        ),
    )  # fmt: skip
    _note(home, identity, "A temporary password was given")


def change_password(home: OpenHome, old: str, password: str, *, cost: Cost = STANDARD) -> None:
    """Change one's own password.

    Args:
        home: The home as they unlocked it.
        old: Their password until now: whoever finds an unlocked PC must not lock its user out.
        password: The new one.
        cost: What checking it costs.

    Raises:
        WrongPassword: The old one is another; nothing was changed.
        BadPassword: The new one is too short or too easy to guess.
    """
    _keys(home).unlock(home.unlocked.person, old)
    replace_password(home, password, cost=cost)


def replace_password(home: OpenHome, password: str, *, cost: Cost = STANDARD) -> None:
    """Change one's own password where the old one has opened the home a moment ago.

    Args:
        home: The home as they unlocked it.
        password: The new one.
        cost: What checking it costs.

    Raises:
        BadPassword: It is too short or too easy to guess.
    """
    home.require(Action.OWN_PASSWORD)
    _refuse_weak(home, password, home.unlocked.name)
    _adopt(home, security.change_password(_file(home), home.unlocked, password, cost=cost))
    _note(home, ids.from_text(home.unlocked.person), "Changed their own password")


def choose_password(home: OpenHome, password: str, *, cost: Cost = STANDARD) -> None:
    """Choose one's own password in place of the temporary one, which has just opened the home.

    Args:
        home: The home as they unlocked it with the temporary password.
        password: Their own.
        cost: What checking it costs.

    Raises:
        UserError: It is the temporary one again, or the password they have is their own already.
        BadPassword: It is too short or too easy to guess.
    """
    _refuse_weak(home, password, home.unlocked.name)
    if not home.unlocked.must_change:
        raise UserError(
            "Your password is your own already.",
            kept="Nothing was changed.",
            do="Type it to choose another one.",
            code="own-password",
        )
    try:
        _keys(home).unlock(home.unlocked.person, password)
    except security.WrongPassword:
        _adopt(home, security.change_password(_file(home), home.unlocked, password, cost=cost))
        _note(home, ids.from_text(home.unlocked.person), "Chose a password of their own")
        return
    raise UserError(
        "This is the temporary password, which somebody else knows.",
        kept="Nothing was changed.",
        do="Choose another one.",
        code="same-password",
    )


def appoint(
    home: OpenHome,
    identity: int,
    *,
    name: str | None = None,
    role: str | None = None,
    until: dt.date | None = None,
    reason: str = "",
) -> None:
    """Give somebody another name, role or last day; what is None stays as it is.

    Args:
        home: The home, unlocked by a manager.
        identity: The id of the person's record.
        name: Their name from now on.
        role: Their role from now on.
        until: The last day on which they may sign in.
        reason: Why, in the manager's words.

    Raises:
        NotAllowed: Only a manager may, and one manager must stay.
        UserError: The record would have problems, or somebody else has that name.
    """
    home.require(Action.PEOPLE)
    loaded = _loaded(home, identity)
    person = loaded.record
    assert isinstance(person, Person)  # noqa: S101  # of its type
    changed = dataclasses.replace(
        person,
        name=person.name if name is None else _one_line(name),
        role=role or person.role,
        until=until or person.until,
    )
    _fit(home, changed)
    if changed.name != person.name:
        _refuse_namesake(home, changed.name or "", but=identity)
    demoted = person.role == "manager" != changed.role
    if demoted or (changed.until or dt.date.max) < (person.until or dt.date.max):
        _refuse_last_manager(home, identity)
    if demoted:
        _refuse_oneself(home, identity)
    with home.unit(reason, kind="people") as unit:
        unit.save(loaded, changed)
    if changed.role != person.role:
        words = (ROLES.get(role or "", role or "none") for role in (person.role, changed.role))
        _note(home, identity, " to ".join(words))
    if (changed.name, changed.role) != (person.name, person.role):
        _adopt(
            home,
            security.reappoint(
                _file(home), home.unlocked, person=ids.to_text(identity),
                name=changed.name or "", role=changed.role or "",
            ),
        )  # fmt: skip


def link_staff(home: OpenHome, identity: int, staff: int | None, reason: str = "") -> None:
    """Say which member of staff somebody who signs in is; None for none of them.

    Args:
        home: The home, unlocked by a manager.
        identity: The id of the person's record.
        staff: The member of staff.
        reason: Why, in the manager's words.

    Raises:
        NotAllowed: Only a manager may.
        UserError: There is no such person or member of staff.
    """
    home.require(Action.PEOPLE)
    loaded = _loaded(home, identity)
    changed = dataclasses.replace(loaded.record, staff=staff)  # type: ignore[call-arg]  # a person
    assert isinstance(changed, Person)  # noqa: S101  # of its type
    _fit(home, changed)
    with home.unit(reason, kind="people") as unit:
        unit.save(loaded, changed)


def stay(home: OpenHome, identity: int, reason: str = "") -> None:
    """Take away somebody's last day: they may sign in until further notice.

    Args:
        home: The home, unlocked by a manager.
        identity: The id of the person's record.
        reason: Why, in the manager's words.
    """
    home.require(Action.PEOPLE)
    loaded = _loaded(home, identity)
    changed = dataclasses.replace(loaded.record, until=None)  # type: ignore[call-arg]  # a person
    with home.unit(reason, kind="people") as unit:
        unit.save(loaded, changed)


def suspend(home: OpenHome, identity: int, reason: str) -> None:
    """Keep somebody out for a while; their password stays for their return."""
    home.require(Action.PEOPLE)
    _refuse_last_manager(home, identity)
    _refuse_oneself(home, identity)
    _mark(home, identity, reason, suspended=True)
    _adopt(home, security.suspend(_file(home), home.unlocked, person=ids.to_text(identity)))
    _note(home, identity, "Suspended")


def resume(home: OpenHome, identity: int, reason: str) -> None:
    """Let somebody who was suspended in again."""
    home.require(Action.PEOPLE)
    _mark(home, identity, reason, suspended=None)
    _adopt(home, security.resume(_file(home), home.unlocked, person=ids.to_text(identity)))
    _note(home, identity, "Let in again")


def remove(home: OpenHome, identity: int, reason: str) -> None:
    """Let somebody go: their record stays, their keys go, and every key they knew is made anew.

    The database gets its new key at once if nobody else has the home open, otherwise at the next
    opening. Copies of the home that they made before still open with their old password.

    Args:
        home: The home, unlocked by a manager; its database is closed and opened again.
        identity: The id of the person's record.
        reason: Why, in the manager's words.
    """
    home.require(Action.PEOPLE)
    _refuse_last_manager(home, identity)
    _refuse_oneself(home, identity)
    _mark(home, identity, reason, archived=True)
    _adopt(home, security.dismiss(_file(home), home.unlocked, person=ids.to_text(identity)))
    _note(home, identity, "Removed, and their keys with them")
    home.rotate()


def _note(home: OpenHome, identity: int, words: str) -> None:
    """Have the audit say what was done about somebody's way in; records alone do not tell it."""
    home.access.done("role changed", ("person", identity), words)


def _mark(home: OpenHome, identity: int, reason: str, **fields: object) -> None:
    loaded = _loaded(home, identity)
    changed = dataclasses.replace(loaded.record, **fields)  # type: ignore[arg-type]  # by name
    with home.unit(reason_given(reason), kind="people") as unit:
        unit.save(loaded, changed)


def _one_line(name: str) -> str:
    return " ".join(tidy(name, long=False).split())


def _refuse_namesake(home: OpenHome, name: str, but: int = 0) -> None:
    wanted = name.casefold()
    people = [one for one in _keys(home).people if one.id != ids.to_text(but)]
    if any(one.name.casefold() == wanted for one in people):
        raise UserError(
            f"There is a {name} who signs in here already.",
            kept="Nothing was changed.",
            do="Add something that tells them apart, such as “Mary Jones (nights)”.",
            code="same-name",
        )
    # whose keys were not made, as the program ended before
    recorded = [
        one
        for one in query.every(home.store, query.Query("person"))
        if isinstance(one, Person) and one.lives and one.id != but
    ]
    if any((one.name or "").casefold() == wanted for one in recorded):
        raise UserError(
            f"There is a {name} here already, who has no password yet.",
            kept="Nothing was changed.",
            do="Give them a temporary password, or add something that tells the two apart.",
            code="same-name",
        )


def _refuse_weak(home: OpenHome, password: str, name: str | None) -> None:
    """Refuse a new password that others would guess, knowing the home and the person."""
    of_the_home = home.store.the("home")
    house = getattr(of_the_home.record, "name", None) if of_the_home is not None else None
    refuse_weak(password, [known for known in (house, name) if known])


def _refuse_last_manager(home: OpenHome, identity: int) -> None:
    """Refuse, before anything is written, what takes the last manager away who may sign in.

    Whoever may sign in until further notice is only replaced by somebody who may do so too: a last
    day comes by itself, and after it nobody could open the home.
    """
    ends = {
        one.id: _end(home, one)
        for one in _keys(home).people
        if one.role == "manager" and one.can_unlock
    }
    own = ends.pop(ids.to_text(identity), None)
    if own is None:
        # they are no manager, or are out already: nothing is lost
        return
    least = own if own == dt.date.max else home.store.today()
    if not any(end >= least for end in ends.values()):
        raise security.NotAllowed(
            "They are the only manager of this home who can sign in without a last day."
            if own == dt.date.max
            else "They are the only manager of this home who can sign in.",
            kept="Nothing was changed.",
            do="Make somebody else a manager first, without a last day.",
        )


def _end(home: OpenHome, known: security.Person) -> dt.date:
    """Return the last day on which somebody's record lets them sign in."""
    record = home.store.get("person", ids.from_text(known.id))
    if not isinstance(record, Person):
        # a record that is not here yet says nothing against them
        return dt.date.max
    if not record.lives or record.suspended:
        return dt.date.min
    return record.until or dt.date.max


def _refuse_oneself(home: OpenHome, identity: int) -> None:
    if ids.to_text(identity) == home.unlocked.person:
        raise security.NotAllowed(
            "You cannot do this to yourself.",
            kept="Nothing was changed.",
            do="Ask another manager to do it.",
        )


def _fit(home: OpenHome, person: Person) -> None:
    today = home.store.today()
    problems = check(person, find=home.store.get, vocabularies=home.store.vocabularies, today=today)
    if blocking := [problem for problem in problems if problem.blocks]:
        raise Unfit(blocking)


def _loaded(home: OpenHome, identity: int) -> Loaded:
    loaded = home.store.load("person", identity)
    if loaded is None or not loaded.record.lives:
        raise UserError(
            "This person is not on the list of people who can sign in.",
            kept="Nothing was changed.",
            code="no-such-person",
        )
    return loaded


def _keys(home: OpenHome) -> security.KeyFile:
    return read_keys(home.folder)


def _file(home: OpenHome) -> Path:
    return home.folder / security.FILE_NAME


def _adopt(home: OpenHome, unlocked: Unlocked) -> None:
    home.unlocked = unlocked
    # the key file holds already: to say that it did not would be wrong, and opening does this again
    with contextlib.suppress(DatabaseTrouble):
        home.store.see_generation(unlocked.generation)
        # the home's other PCs learn of it from the log
        belonging.publish(home)
    # it may be their own role that changed
    home.look_again()
