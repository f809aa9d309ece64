"""Make the key file of a new home."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from liaison.files import write_new_file
from liaison.security.document import encode
from liaison.security.keyfile import Unlocked, read_bytes
from liaison.security.primitives import (
    KEY_BYTES,
    STANDARD,
    Cost,
    Identity,
    Pin,
    password_bytes,
)
from liaison.security.recovery import RecoveryKey
from liaison.security.roll import MANAGER, certify, certify_sheet, write_roll
from liaison.security.slots import lock_slot, lock_vault, seal_slot, state
from liaison.security.wire import JsonObject

if TYPE_CHECKING:
    from pathlib import Path

    from liaison.security.vault import Vault


def create(
    path: Path,
    *,
    home_id: str,
    person: str,
    name: str,
    password: str,
    vault: Vault,
    role: str = MANAGER,
    cost: Cost = STANDARD,
) -> tuple[Unlocked, RecoveryKey]:
    """Make the key file of a new home, with its first manager and its recovery key.

    Args:
        path: Where; there must be no such file yet.
        home_id: The new home's id.
        person: The id of the first manager's record.
        name: Their name.
        password: Their password.
        vault: The keys of the home on this PC.
        role: Their role; only a manager can be first.
        cost: What checking the password costs.

    Returns:
        The home, unlocked, and the recovery key, which is kept nowhere else.

    Raises:
        BadPassword: The password is empty or not text.
        CannotWrite: The file could not be written, or there is one already.
    """
    if role != MANAGER:
        raise ValueError("the first person of a home is a manager")
    typed = password_bytes(password)
    identity, recovery_key = Identity.generate(), RecoveryKey.generate()
    pin = Pin(home_id, identity.public.signing)
    first = certify(pin, identity, person=person, name=name, role=role, keys=identity.public)
    paper = Identity.from_recovery(recovery_key.secret, home_id)
    roll = write_roll(
        pin, identity, members=[first], recovery=certify_sheet(pin, identity, paper.public)
    )
    vault_key = secrets.token_bytes(KEY_BYTES)
    slot = lock_slot(pin, first, identity, typed, cost)
    statement = state(pin, identity, roll, vault_key)
    parts: JsonObject = {
        "roll": roll.document,
        "slots": [seal_slot(pin, slot, first, vault_key)],
        "recovery": seal_slot(pin, {}, roll.recovery, vault_key),
        "vault": lock_vault(pin, vault, vault_key, statement),
    }
    data = encode(pin, 1, parts, vault_key)
    # A home that cannot be opened again, by password or by paper, must never be made.
    read_bytes(data).unlock_with_recovery(recovery_key)
    made = read_bytes(data).unlock_as(identity, person)
    write_new_file(path, data)
    return made, recovery_key
