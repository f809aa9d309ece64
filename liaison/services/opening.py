"""The database that belongs to some keys: opened, compared with them, given the key that is pending."""

from __future__ import annotations

import dataclasses
import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from liaison import security
from liaison.errors import UserError
from liaison.security import Unlocked, Vault
from liaison.store import driver, rekeying
from liaison.store.driver import DatabaseTrouble, WrongKey
from liaison.store.membership import replicas
from liaison.store.store import FILE_NAME, Store, now

if TYPE_CHECKING:
    from liaison.store.stamps import Clock


class CopiedDatabase(UserError):
    """The database and the key file of a folder come from different copies of the home."""

    code = "copied-database"


def rekeyed(folder: Path, unlocked: Unlocked) -> Unlocked:
    """Give a closed database the key that is pending, and make that the current one.

    Only for keys that were compared with the database: with an older key file's it could never be
    opened again.
    """
    database = unlocked.vault.database
    if database.pending is None:
        return unlocked
    path = folder / FILE_NAME
    try:
        rekeying.rekey(path, database.current, database.pending)
    except WrongKey:
        # a crash came after it had its new key; if it has neither, opening it says so
        driver.connect(path, database.pending).close()
    except DatabaseTrouble as trouble:
        if trouble.code != driver.BUSY:
            raise
        # another window has it open: it is done at the next opening
        return unlocked
    promoted = dataclasses.replace(database, current=database.pending, pending=None)
    vault = dataclasses.replace(unlocked.vault, database=promoted)
    return security.replace_vault(folder / security.FILE_NAME, unlocked, vault)


def open_store(folder: Path, unlocked: Unlocked, clock: Clock = now) -> Store:
    """Open the database that belongs to some keys.

    Args:
        folder: Where it lies.
        unlocked: The keys.
        clock: This PC's clock.

    Raises:
        UserError: It does not open, or does not belong to them.
    """
    vault = unlocked.vault
    signer = Ed25519PrivateKey.from_private_bytes(vault.pc.signing)
    keys = [key for key in (vault.database.current, vault.database.pending) if key is not None]
    for key in keys:
        try:
            # a disk that only reads is opened as such, so that what is on it can be read
            fixed = _only_reads(folder)
            store = Store(
                folder / FILE_NAME, key, None if fixed else signer, clock=clock, fixed=fixed
            )
        except WrongKey:
            # a crash while the key was changed: either may be the right one
            if key == keys[-1]:
                raise
        else:
            break
    try:
        _check_pair(store, unlocked)
        if not store.fixed:
            store.see_generation(unlocked.generation)
    except BaseException:
        store.close()
        raise
    return store


def _only_reads(folder: Path) -> bool:
    """Return whether neither the folder nor what is in it can be written to."""
    if os.access(folder, os.W_OK):
        return False
    try:
        # the key file, never the database: closing a file takes SQLite's locks on it away
        with (folder / security.FILE_NAME).open("r+b"):
            return False
    except OSError as fault:
        return fault.errno in {errno.EROFS, errno.EACCES, errno.EPERM}


def _check_pair(store: Store, unlocked: Unlocked) -> None:
    context = store.context
    try:
        unlocked.check_belongs(context.home, context.root, context.generation)
    except security.OlderKeyFile:
        # the file is as it should be, if another window changed it since this one unlocked the home
        there = security.read(store.path.with_name(security.FILE_NAME))
        there.check_belongs(context.home, context.root, context.generation)
        raise security.KeyFileChanged from None
    if context.tag != unlocked.vault.tag and not _is_next_life(store, unlocked.vault):
        raise CopiedDatabase(
            "The database in this folder was copied from another PC of this home.",
            kept="Nothing was changed.",
            do="Put this PC's own database back, or restore a backup into a new folder.",
        )


def _is_next_life(store: Store, vault: Vault) -> bool:
    """Return whether this very PC had begun another life, and a crash came before its vault knew."""
    here = {one.tag: one for one in replicas(store)}
    now, before = here.get(store.context.tag), here.get(vault.tag)
    return (
        now is not None
        and before is not None
        and now.public_key == vault.pc.public.signing
        and now.incarnation > vault.incarnation
    )
