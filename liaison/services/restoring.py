"""Restoring a backup: it becomes a home in a new folder, and goes on as another life of its PC."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

from liaison import security
from liaison.files import write_new_file
from liaison.security import KeyFile, Unlocked, roles
from liaison.security.roles import Action
from liaison.services.homes import OpenHome
from liaison.services.new_folders import new_folder, whole_path
from liaison.services.opening import open_store
from liaison.services.places import check_place
from liaison.store import backup as backups
from liaison.store.store import now

if TYPE_CHECKING:
    from liaison.store.stamps import Clock


def read_backup_keys(file: Path) -> KeyFile:
    """Return the key file in a backup: who can unlock it, without any secret.

    Raises:
        UserError: The file is not a backup, or damaged.
    """
    return security.read_bytes(backups.read_keys(file))


def restore_home(
    file: Path,
    folder: Path,
    person: str | None,
    password: str,
    *,
    recovery: bool = False,
    clock: Clock = now,
) -> OpenHome:
    """Restore a backup into a new folder and open it.

    What was restored goes on as a new incarnation of this PC, so that other PCs can tell what it
    writes from what the lost one wrote after the backup.

    Args:
        file: The backup.
        folder: Where; it must not exist, or be empty.
        person: The id or name of who unlocks it; None if only one person can.
        password: Their password at the time of the backup.
        recovery: Whether that is the recovery key of that time instead, and nobody's password.
        clock: This PC's clock.
    """
    check_place(folder)
    folder = whole_path(folder)
    with new_folder(folder) as made:
        _, keys = backups.unpack(file, made)
        unlocked = unlock_backup(keys, person, password, recovery=recovery)
        if not roles.may(unlocked.role, Action.RESTORE):
            raise security.NotAllowed(
                roles.refusal(unlocked.role, Action.RESTORE),
                kept="Nothing was restored.",
                do=roles.advice(Action.RESTORE),
            )
        path = made / security.FILE_NAME
        write_new_file(path, keys)
        with open_store(made, unlocked, clock) as store:
            vault = unlocked.vault
            replica = store.new_incarnation(
                vault.pc.public.signing, vault.pc.id or 0, vault.incarnation + 1
            )
            changed = dataclasses.replace(vault, tag=replica.tag, incarnation=replica.incarnation)
            unlocked = security.replace_vault(path, unlocked, changed)
            store.see_generation(unlocked.generation)
    home = OpenHome(folder, unlocked, open_store(folder, unlocked, clock))
    home.access.restored(file.name)
    return home


def unlock_backup(
    keys: bytes, person: str | None, password: str, *, recovery: bool = False
) -> Unlocked:
    """Unlock the key file in a backup; see :func:`restore_home`."""
    file = security.read_bytes(keys)
    return file.unlock_with_recovery(password) if recovery else file.unlock(person, password)
