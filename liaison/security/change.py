"""Change a key file: always a whole new one, proven to open before it replaces the old.

Each function takes the home as it was unlocked and returns it as it is now. If it raises, the file on
disk is the old one, whole; only when the disk fails just after, syncing the folder, it is the new one,
and the message says so.
"""

from __future__ import annotations

import dataclasses
import secrets
from typing import TYPE_CHECKING

from liaison.files import replace_file
from liaison.security import slots
from liaison.security.document import encode
from liaison.security.errors import (
    DamagedKeyFile,
    KeyFileChanged,
    NoKeyFile,
    NotAllowed,
)
from liaison.security.keyfile import Unlocked, read, read_bytes
from liaison.security.primitives import KEY_BYTES, STANDARD, Cost, Identity, password_bytes
from liaison.security.recovery import RecoveryKey
from liaison.security.roll import Certificate, Roll, certify_sheet, write_roll
from liaison.security.wire import JsonObject, with_checksum, without

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from liaison.security.vault import Vault


def replace_vault(path: Path, unlocked: Unlocked, vault: Vault) -> Unlocked:
    """Store another vault; anybody who unlocked the home may.

    Args:
        path: The key file.
        unlocked: The home as it was unlocked.
        vault: The new vault, made from `unlocked.vault` with :func:`dataclasses.replace`.

    Raises:
        KeyFileChanged: Another Liaison changed the file meanwhile.
        CannotWrite: The file could not be written; the old one is intact.
    """
    document = unlocked.file.document
    statement = slots.statement_of(document.vault)
    locked = slots.lock_vault(document.pin, vault, unlocked.vault_key, statement)
    return save_parts(path, unlocked, {**document.current, "vault": locked}, unlocked.vault_key)


def change_password(
    path: Path, unlocked: Unlocked, password: str, *, cost: Cost = STANDARD
) -> Unlocked:
    """Give the person who unlocked the home another password: their one slot is wrapped anew.

    Args:
        path: The key file.
        unlocked: The home as the person unlocked it.
        password: The new password.
        cost: What checking it costs.

    Raises:
        NotAllowed: The recovery key unlocked it, which has no password.
        BadPassword: The password is empty or not text.
        KeyFileChanged: Another Liaison changed the file meanwhile.
        CannotWrite: The file could not be written; the old password still works.
    """
    if unlocked.by_recovery:
        raise NotAllowed(
            "The recovery key has no password.",
            do="Give a manager a new password instead.",
            kept="Nothing was changed.",
        )
    document = unlocked.file.document
    owner = next(one for one in document.roll.members if one.person == unlocked.person)
    new = slots.lock_slot(document.pin, owner, unlocked.identity, password_bytes(password), cost)
    # their own from now on, no longer a manager's
    old = without(document.slots[owner.person], "temporary")
    locked = document.slots | {owner.person: with_checksum({**old, **new})}
    parts = {**document.current, "slots": list(locked.values())}
    return save_parts(path, unlocked, parts, unlocked.vault_key)


def new_recovery_key(
    path: Path,
    unlocked: Unlocked,
    keep: Callable[[RecoveryKey], None] = lambda _key: None,
    *,
    key: RecoveryKey | None = None,
    replaces: bytes | None = None,
) -> tuple[Unlocked, RecoveryKey]:
    """Make a new recovery sheet; the old one stops working for this key file.

    The vault key is new as well, so that the old sheet with an old copy of the key file does not open
    what the vault will hold later. Old copies still open with the old sheet, and the app says so.

    Args:
        path: The key file.
        unlocked: The home as a manager unlocked it.
        keep: Called with the new key just before the old one stops working, to write it down: a
            crash must not leave a home whose key is nowhere. If it raises, the old one still works.
        key: The key on a sheet that is printed already; a new one unless given.
        replaces: The public signing key of the sheet that the home's other PCs have, noted in the
            vault; the one that is replaced here unless given.

    Raises:
        NotAllowed: Somebody else unlocked it.
        KeyFileChanged: Another Liaison changed the file meanwhile.
        CannotWrite: The file could not be written; the old sheet still works.
    """
    check_may_admit(unlocked, "make a new recovery sheet")
    if unlocked.by_recovery:
        # It could sign the next sheet's certificate, but not a roll on which it no longer is.
        raise NotAllowed(
            "A new recovery sheet is made by a manager.",
            kept="Nothing was changed.",
            do="Give a manager a new password first, then unlock with it.",
        )
    document, key = unlocked.file.document, key or RecoveryKey.generate()
    paper = Identity.from_recovery(key.secret, document.pin.home_id)
    sheet = certify_sheet(document.pin, unlocked.identity, paper.public)
    keep(key)
    # in one file with the sheet: should a crash come before the log hears of it, this says what it
    # may take the place of
    replaced = replaces or document.roll.recovery.keys.signing
    vault = dataclasses.replace(unlocked.vault, replaced_sheet=replaced)
    return reseal(path, unlocked, document.roll.members, sheet, vault=vault), key


def reseal(
    path: Path,
    unlocked: Unlocked,
    members: Sequence[Certificate],
    recovery: Certificate,
    *,
    new_slots: Mapping[str, JsonObject] | None = None,
    vault: Vault | None = None,
) -> Unlocked:
    """Sign another roll and seal a new vault key to everybody on it.

    Args:
        path: The key file.
        unlocked: The home as a manager or the recovery key unlocked it.
        members: Who belongs from now on; whoever is missing loses their slot.
        recovery: The certificate of the recovery sheet.
        new_slots: Slots that are new or wrapped anew, by person.
        vault: The vault, if it is to be another one.
    """
    document = unlocked.file.document
    pin, old = document.pin, document.roll
    roll = write_roll(
        pin,
        unlocked.identity,
        members=members,
        recovery=recovery,
        former=(*old.issuers, *old.current()),
        unknown=without(old.document, "members", "recovery", "issuers", "signed_by", "signature"),
    )
    return reseal_roll(path, unlocked, roll, new_slots=new_slots, vault=vault)


def reseal_roll(
    path: Path,
    unlocked: Unlocked,
    roll: Roll,
    *,
    new_slots: Mapping[str, JsonObject] | None = None,
    vault: Vault | None = None,
) -> Unlocked:
    """Seal a new vault key to everybody on a roll that a manager has signed.

    Args:
        path: The key file.
        unlocked: The home as somebody on the roll unlocked it.
        roll: Who belongs from now on; whoever is missing loses their slot.
        new_slots: Slots that are new or wrapped anew, by person.
        vault: The vault, if it is to be another one.
    """
    document = unlocked.file.document
    pin = document.pin
    vault_key = secrets.token_bytes(KEY_BYTES)
    locked = {**document.slots, **(new_slots or {})}
    statement = slots.statement_of(document.vault)
    statement |= slots.state(pin, unlocked.identity, roll, vault_key)
    parts = {
        **document.current,
        "roll": roll.document,
        "slots": [
            slots.seal_slot(pin, locked[one.person], one, vault_key)
            for one in roll.members
            if one.person in locked
        ],
        "recovery": slots.seal_slot(pin, document.recovery, roll.recovery, vault_key),
        "vault": slots.lock_vault(pin, vault or unlocked.vault, vault_key, statement),
    }
    return save_parts(path, unlocked, parts, vault_key)


def save_parts(path: Path, unlocked: Unlocked, parts: JsonObject, vault_key: bytes) -> Unlocked:
    """Write the next generation, unless the file on disk is another than the one unlocked."""
    _check_same(path, unlocked)
    document = unlocked.file.document
    data = encode(document.pin, document.generation + 1, parts, vault_key)
    # A file that does not open must never replace one that does.
    made = read_bytes(data).unlock_as(unlocked.identity, unlocked.person)
    replace_file(path, data)
    return made


def _check_same(path: Path, unlocked: Unlocked) -> None:
    """Refuse to overwrite what another Liaison wrote; a missing or damaged file is made good."""
    try:
        found = read(path)
    except (NoKeyFile, DamagedKeyFile):
        return
    if found.data != unlocked.file.data:
        raise KeyFileChanged


def check_may_admit(unlocked: Unlocked, what: str) -> None:
    """Refuse who is neither a manager nor holds the recovery key."""
    if not unlocked.may_admit:
        raise NotAllowed(
            f"Only a manager can {what}.", kept="Nothing was changed.", do="Ask a manager."
        )
