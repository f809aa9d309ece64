"""The recovery sheet: making a new one, and coming back in with it."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable
from pathlib import Path

from liaison import security
from liaison.errors import UserError
from liaison.files import CannotWrite
from liaison.records import ids
from liaison.records.administration import Person
from liaison.security import STANDARD, Cost, KeyFile, RecoveryKey
from liaison.security.passwords import refuse_weak
from liaison.security.roles import Action
from liaison.services import homes
from liaison.services.access import watching
from liaison.services.homes import OpenHome
from liaison.services.pcs import belonging
from liaison.store.driver import DatabaseTrouble
from liaison.store.stamps import Clock
from liaison.store.store import now


def new_sheet(
    home: OpenHome,
    keep: Callable[[RecoveryKey], None] = lambda _key: None,
    *,
    key: RecoveryKey | None = None,
) -> RecoveryKey:
    """Make a new recovery key for a home; the old sheet stops working.

    Backups made before still open with the old one.

    Args:
        home: The home, unlocked by a manager.
        keep: Called with the new key just before the old sheet stops working, to write it down.
        key: The key on a sheet that is printed and proven already; a new one unless given.

    Raises:
        NotAllowed: Somebody else unlocked it.
        UserError: This PC was removed from the home.
        KeyFileChanged: Another Liaison changed the key file meanwhile.
        CannotWrite: The key file could not be written; the old sheet still works.
    """
    home.require(Action.PEOPLE)
    path = home.folder / security.FILE_NAME
    key = key or RecoveryKey.generate()
    standing = belonging.standing_of(home)
    if home.unlocked.vault.pc.id in standing.cuts:
        raise UserError(
            "This PC was removed from the home: a sheet made here would open nothing on the others.",
            kept="The sheet there is goes on opening the home, on this PC too.",
            do="Make a new sheet on a PC that belongs to the home.",
            code="removed-pc",
        )
    # that of the log: one made here before may not have been told to anybody yet
    known = standing.sheet
    try:
        home.unlocked, _ = security.new_recovery_key(
            path, home.unlocked, keep, key=key,
            replaces=None if known is None else known.keys.signing,
        )  # fmt: skip
    except CannotWrite:
        if not _is_in_force(home.folder, key):
            raise
        # in place, and only its folder not synced: to say that it failed would have the sheet that
        # works destroyed
        same = home.unlocked
        home.unlocked = homes.read_keys(home.folder).unlock_as(same.identity, same.person)
    # the sheet before is done with, whatever the database does; the next opening does this again
    with contextlib.suppress(DatabaseTrouble):
        home.store.see_generation(home.unlocked.generation)
        belonging.publish(home)
    home.access.done("role changed", detail="A new recovery sheet; the one before stopped working")
    return key


def _is_in_force(folder: Path, key: RecoveryKey) -> bool:
    try:
        homes.read_keys(folder).unlock_with_recovery(key)
    except UserError:
        return False
    return True


def managers(keys: KeyFile) -> tuple[security.Person, ...]:
    """Return who can be given a new password with the recovery sheet."""
    return tuple(person for person in keys.people if person.role == "manager")


def come_back(
    folder: Path,
    typed: str,
    person: str,
    password: str,
    *,
    cost: Cost = STANDARD,
    clock: Clock = now,
) -> OpenHome:
    """Open a home with its recovery sheet: give a manager a new password, and unlock with that.

    The sheet stays valid.

    Args:
        folder: The home.
        typed: The recovery key as typed.
        person: The id of the manager.
        password: Their new password.
        cost: What checking it costs.
        clock: This PC's clock.

    Raises:
        BadRecoveryKey: A typing mistake.
        WrongRecoveryKey: The key of another home or of an old sheet.
        BadPassword: The new password is too short or too easy to guess.
        UserError: The key file or the database does not allow it.
    """
    keys = homes.read_keys(folder)
    # the sheet is nobody's in particular
    with watching(folder, keys, "", clock):
        unlocked = keys.unlock_with_recovery(typed)
    found = next((one for one in managers(keys) if one.id == person), None)
    if found is None:
        raise UserError(
            "The recovery sheet lets a manager back in.",
            kept="Nothing was changed.",
            do="Choose a manager's name.",
            code="not-a-manager",
        )
    refuse_weak(password, [found.name])
    path = folder.expanduser().absolute() / security.FILE_NAME
    security.admit(
        path, unlocked, person=found.id, name=found.name, role=found.role,
        password=password, cost=cost, temporary=False,  # it is their own choice
    )  # fmt: skip
    _bring_back_record(folder, found, typed, clock)
    home = homes.open_home(folder, found.id, password, clock=clock)
    home.access.done(
        "role changed",
        ("person", ids.from_text(found.id)),
        "Came back in with the recovery sheet, with a new password",
    )
    return home


def _bring_back_record(folder: Path, manager: security.Person, typed: str, clock: Clock) -> None:
    """Let the record of a manager allow again what the sheet allows.

    They may have been removed or suspended on another PC, or their last day may be over.
    """
    unlocked = homes.read_keys(folder).unlock_with_recovery(typed)
    identity = ids.from_text(manager.id)
    with homes.open_unlocked(folder, unlocked, clock=clock) as home:
        loaded = home.store.load("person", identity)
        if loaded is None or not isinstance(loaded.record, Person):
            return
        ends = loaded.record.until
        over = ends is not None and ends < home.store.today()
        back = dataclasses.replace(
            loaded.record, archived=None, suspended=None, until=None if over else ends
        )
        # nobody else's hand: the sheet is nobody in particular, and they hold it
        with home.store.unit(
            identity, "Came back in with the recovery sheet.", kind="people"
        ) as unit:
            unit.save(loaded, back)
