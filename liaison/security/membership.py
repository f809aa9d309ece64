"""Who belongs to a home: let people in, name them anew, change their role, suspend them, let them go.

Each function takes the home as a manager or the recovery key unlocked it and returns it as it is now;
the key file is replaced whole or not at all (see :mod:`liaison.security.change`). What letting somebody
go cannot take back: copies of the home they made before still open with their old password.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from liaison.security import slots
from liaison.security.change import check_may_admit, reseal
from liaison.security.errors import NoSuchPerson, NotAllowed
from liaison.security.primitives import STANDARD, Cost, Identity, password_bytes
from liaison.security.roll import MANAGER, Certificate, certify, certify_sheet
from liaison.security.vault import Epoch

if TYPE_CHECKING:
    from pathlib import Path

    from liaison.security.keyfile import Unlocked
    from liaison.security.wire import JsonObject


def admit(
    path: Path,
    unlocked: Unlocked,
    *,
    person: str,
    name: str,
    role: str,
    password: str,
    cost: Cost = STANDARD,
    temporary: bool = True,
) -> Unlocked:
    """Add a person, or give one who forgot their password new keys and a new password.

    Args:
        path: The key file.
        unlocked: The home as a manager or the recovery key unlocked it.
        person: The id of the person's record.
        name: Their name.
        role: Their role.
        password: Their new password.
        cost: What checking it costs.
        temporary: Whether somebody else chose it, so that they change it at first use.

    Raises:
        NotAllowed: Somebody else unlocked it, or a manager means themself.
        BadPassword: The password is empty or not text.
        KeyFileChanged: Another Liaison changed the file meanwhile.
        CannotWrite: The file could not be written; nothing changed.
    """
    check_may_admit(unlocked, "let people in")
    if person == unlocked.person:
        raise NotAllowed(
            "You cannot give yourself a temporary password.",
            kept="Nothing was changed.",
            do="Change your password.",
        )
    pin = unlocked.file.document.pin
    typed, identity = password_bytes(password), Identity.generate()
    new = certify(pin, unlocked.identity, person=person, name=name, role=role, keys=identity.public)
    roll = unlocked.file.document.roll
    # whom they let in with their old keys is vouched for by who does this
    members, recovery = _vouched_anew(unlocked, without=person)
    at = next((n for n, one in enumerate(roll.members) if one.person == person), len(members))
    slot = slots.lock_slot(pin, new, identity, typed, cost)
    if temporary:
        slot = slots.temporary(slot)
    return reseal(
        path, unlocked, [*members[:at], new, *members[at:]], recovery, new_slots={person: slot}
    )


def reappoint(path: Path, unlocked: Unlocked, *, person: str, name: str, role: str) -> Unlocked:
    """Give somebody another name or another role; their password stays.

    Args:
        path: The key file.
        unlocked: The home as a manager or the recovery key unlocked it.
        person: The id of their record.
        name: Their name from now on.
        role: Their role from now on.

    Raises:
        NoSuchPerson: They are not on the list of people.
        NotAllowed: Somebody else unlocked it, or no manager would be left.
    """
    check_may_admit(unlocked, "change people's names and roles")
    document = unlocked.file.document
    old = _member(unlocked, person)
    if role != MANAGER:
        _keep_a_manager(unlocked, without=person)
    new = certify(
        document.pin, unlocked.identity, person=person, name=name, role=role, keys=old.keys
    )
    members, recovery = _vouched_anew(unlocked, without=person)
    at = document.roll.members.index(old)
    return reseal(path, unlocked, [*members[:at], new, *members[at:]], recovery)


def suspend(path: Path, unlocked: Unlocked, *, person: str) -> Unlocked:
    """Keep somebody out for a while: their password opens the home no more, and is kept.

    The vault has a new key from now on, so that the one they may have kept opens nothing.

    Args:
        path: The key file.
        unlocked: The home as a manager or the recovery key unlocked it.
        person: The id of their record.

    Raises:
        NoSuchPerson: They are not on the list of people, or have no password.
        NotAllowed: Somebody else unlocked it, a manager means themself, or no manager would be left.
    """
    check_may_admit(unlocked, "suspend people")
    if person == unlocked.person:
        raise NotAllowed(
            "You cannot suspend yourself.",
            kept="Nothing was changed.",
            do="Ask another manager to do it.",
        )
    _keep_a_manager(unlocked, without=person)
    return _with_slot(path, unlocked, person, slots.suspended(_slot(unlocked, person)))


def resume(path: Path, unlocked: Unlocked, *, person: str) -> Unlocked:
    """Let somebody who was suspended in again, with the password they had.

    Args:
        path: The key file.
        unlocked: The home as a manager or the recovery key unlocked it.
        person: The id of their record.

    Raises:
        NoSuchPerson: They are not on the list of people, or have no password.
        NotAllowed: Somebody else unlocked it.
    """
    check_may_admit(unlocked, "let people in")
    return _with_slot(path, unlocked, person, slots.resumed(_slot(unlocked, person)))


def dismiss(path: Path, unlocked: Unlocked, *, person: str) -> Unlocked:
    """Let somebody go: their slot is dropped, and every key they could know is made anew.

    The vault has a new key from now on, and it names the key that the database is to have
    (``pending``) and a new key for what PCs send each other. The caller gives the database its new
    key and then stores the vault with it as the current one.

    Args:
        path: The key file.
        unlocked: The home as a manager or the recovery key unlocked it.
        person: The id of their record.

    Raises:
        NoSuchPerson: They are not on the list of people.
        NotAllowed: Somebody else unlocked it, a manager means themself, or no manager would be left.
    """
    check_may_admit(unlocked, "let people go")
    if person == unlocked.person:
        raise NotAllowed(
            "You cannot remove yourself.",
            kept="Nothing was changed.",
            do="Ask another manager to do it.",
        )
    _member(unlocked, person)
    _keep_a_manager(unlocked, without=person)
    members, recovery = _vouched_anew(unlocked, without=person)
    vault = unlocked.vault
    rotated = dataclasses.replace(
        vault, database=vault.database.changing(), epochs=(*vault.epochs, Epoch.generate())
    )
    return reseal(path, unlocked, members, recovery, vault=rotated)


def _slot(unlocked: Unlocked, person: str) -> JsonObject:
    name = _member(unlocked, person).name
    try:
        return unlocked.file.document.slots[person]
    except KeyError:
        raise NoSuchPerson(
            f"{name} has no password on this PC.", do="Give them a temporary password."
        ) from None


def _with_slot(path: Path, unlocked: Unlocked, person: str, slot: JsonObject) -> Unlocked:
    roll = unlocked.file.document.roll
    return reseal(path, unlocked, roll.members, roll.recovery, new_slots={person: slot})


def _member(unlocked: Unlocked, person: str) -> Certificate:
    for one in unlocked.file.document.roll.members:
        if one.person == person:
            return one
    raise NoSuchPerson(
        "This person is not on the list of people who can unlock this home.",
        do="Look at the list of people; they may have been removed already.",
    )


def _keep_a_manager(unlocked: Unlocked, *, without: str) -> None:
    document = unlocked.file.document
    able = {person for person, slot in document.slots.items() if not slots.is_suspended(slot)}
    if not any(
        one.role == MANAGER and one.person in able - {without} for one in document.roll.members
    ):
        raise NotAllowed(
            "They are the only manager of this home.",
            kept="Nothing was changed.",
            do="Make somebody else a manager first.",
        )


def _vouched_anew(unlocked: Unlocked, *, without: str) -> tuple[list[Certificate], Certificate]:
    """Return the others' certificates, with none that rests on the keys of the one left out.

    A manager whose keys no longer count vouches for nobody: whom they let in, and the sheet they
    made, are certified again, with the same keys, by who unlocked the home.
    """
    document, signer = unlocked.file.document, unlocked.identity
    gone = {one.keys.signing for one in document.roll.members if one.person == without}
    kept = [
        certify(
            document.pin, signer, person=one.person, name=one.name, role=one.role, keys=one.keys
        )
        # nobody can vouch for themself: what vouched for who does this stays
        if one.signed_by in gone and one.keys.signing != signer.public.signing
        else one
        for one in document.roll.members
        if one.person != without
    ]
    recovery = document.roll.recovery
    # the sheet cannot vouch for itself: when it unlocked the home, what vouched for it stays
    if recovery.signed_by in gone and not unlocked.by_recovery:
        recovery = certify_sheet(document.pin, signer, recovery.keys)
    return kept, recovery
