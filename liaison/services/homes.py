"""Making, opening, backing up and restoring a home: where its keys and its database meet."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import platform
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from liaison import security
from liaison.errors import UserError
from liaison.files import plain_errors as plain_file_errors
from liaison.files import write_new_file
from liaison.records import ids
from liaison.records.administration import Pc, Person
from liaison.records.home import Home as HomeRecord
from liaison.security import STANDARD, Cost, KeyFile, RecoveryKey, Unlocked, Vault
from liaison.services.places import check_place
from liaison.store import backup as backups
from liaison.store.driver import WrongKey
from liaison.store.stamps import MOST_TAGS
from liaison.store.store import FILE_NAME, Context, Replica, Store, now

if TYPE_CHECKING:
    from liaison.store.stamps import Clock
    from liaison.store.unit import UnitOfWork


class HomeExists(UserError):
    """There is something in the folder already."""

    code = "already-exists"


class CopiedDatabase(UserError):
    """The database and the key file of a folder come from different copies of the home."""

    code = "copied-database"


class OpenHome:
    """A home that somebody has unlocked.

    Args:
        folder: Where it lies.
        unlocked: Its keys and who unlocked it.
        store: Its database.
    """

    def __init__(self, folder: Path, unlocked: Unlocked, store: Store) -> None:
        self.folder = folder
        self.unlocked = unlocked
        self.store = store

    @property
    def person(self) -> int:
        """The id of the person record of whoever unlocked it."""
        return ids.from_text(self.unlocked.person)

    @contextmanager
    def unit(
        self, reason: str = "", *, kind: str = "save", batch: int | None = None
    ) -> Iterator[UnitOfWork]:
        """Write records as whoever unlocked the home; see ``Store.unit``."""
        with self.store.unit(self.person, reason, kind=kind, batch=batch) as unit:
            yield unit

    def backup(self, path: Path) -> backups.About:
        """Write a verified backup of the home as it is now."""
        return backups.write_backup(
            self.store, self.unlocked.vault.database.current, self.unlocked.file.data, path
        )

    def close(self) -> None:
        """Close the home."""
        self.store.close()

    def __enter__(self) -> Self:
        """Use the home in a ``with`` block; it closes at the end."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the home."""
        self.close()


def read_keys(folder: Path) -> KeyFile:
    """Return a home's key file: who can unlock it, without any secret.

    Raises:
        UserError: The folder is not a home, or its key file is damaged.
    """
    check_place(folder)
    return security.read(folder / security.FILE_NAME)


def make_home(
    folder: Path,
    *,
    name: str,
    person: str,
    password: str,
    cost: Cost = STANDARD,
    clock: Clock = now,
) -> tuple[OpenHome, RecoveryKey]:
    """Make an empty home with its first manager.

    Everything is made in a folder beside the one asked for and gets its name last, so a power cut
    leaves a whole home or none.

    Args:
        folder: Where; it must not exist, or be empty.
        name: The home's name.
        person: The name of its first manager.
        password: Their password.
        cost: What checking the password costs.
        clock: This PC's clock.

    Returns:
        The home, open, and its recovery key, which is kept nowhere else.
    """
    check_place(folder)
    name, person = _named(name, "the home"), _named(person, "its manager")
    vault = Vault.generate(platform.node() or "This PC", tag=secrets.randbelow(MOST_TAGS))
    with _new_folder(folder) as made:
        home_id = secrets.token_hex(16)
        unlocked, recovery = _found(
            made, home_id, vault, name=name, person=person, password=password, cost=cost,
            clock=clock,
        )  # fmt: skip
    return OpenHome(folder, unlocked, _open_store(folder, unlocked, clock)), recovery


def _found(
    folder: Path,
    home_id: str,
    vault: Vault,
    *,
    name: str,
    person: str,
    password: str,
    cost: Cost,
    clock: Clock,
) -> tuple[Unlocked, RecoveryKey]:
    """Fill a new home's folder: its database with the first unit, then its key file."""
    signer = Ed25519PrivateKey.from_private_bytes(vault.pc.signing)
    public = vault.pc.public.signing
    pc = ids.derived_id("pc", public.hex())
    replica = Replica(vault.tag, pc, vault.incarnation, public)
    vault = dataclasses.replace(vault, pc=dataclasses.replace(vault.pc, id=pc))
    path = folder / FILE_NAME
    # the root of trust is the manager's key, which is made with the key file
    context = Context(home_id, b"", vault.tag, 0)
    with Store.create(
        path, vault.database.current, context=context, replica=replica, signer=signer, clock=clock
    ) as store:
        with store.unit(0, "The home was made.", kind="found") as unit:
            manager = unit.add(Person(name=person, role="manager"))
            unit.person = manager
            unit.add(HomeRecord(name=name))
            unit.add(Pc(name=vault.pc.name, joined_at=clock()), derived_from=(public.hex(),))
        unlocked, recovery = security.create(
            folder / security.FILE_NAME,
            home_id=home_id,
            person=ids.to_text(manager),
            name=person,
            password=password,
            vault=vault,
            cost=cost,
        )
        store.found(unlocked.root, unlocked.generation)
    return unlocked, recovery


def _named(name: str, whose: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise UserError(f"The name of {whose} is missing.", kept="Nothing was made.", code="name")
    return name


def open_home(folder: Path, person: str | None, password: str, *, clock: Clock = now) -> OpenHome:
    """Unlock and open a home.

    Args:
        folder: Where it lies.
        person: The id or name of who unlocks it; None if only one person can.
        password: Their password.
        clock: This PC's clock.

    Raises:
        UserError: It does not open, in plain words.
    """
    unlocked = read_keys(folder).unlock(person, password)
    return OpenHome(folder, unlocked, _open_store(folder, unlocked, clock))


def _open_store(folder: Path, unlocked: Unlocked, clock: Clock) -> Store:
    vault = unlocked.vault
    signer = Ed25519PrivateKey.from_private_bytes(vault.pc.signing)
    keys = [key for key in (vault.database.current, vault.database.pending) if key is not None]
    for key in keys:
        try:
            store = Store(folder / FILE_NAME, key, signer, clock=clock)
        except WrongKey:
            # a crash while the key was changed: either may be the right one
            if key == keys[-1]:
                raise
        else:
            break
    try:
        _check_pair(store, unlocked)
        store.see_generation(unlocked.generation)
    except BaseException:
        store.close()
        raise
    return store


def _check_pair(store: Store, unlocked: Unlocked) -> None:
    context = store.context
    unlocked.check_belongs(context.home, context.root, context.generation)
    if context.tag != unlocked.vault.tag:
        raise CopiedDatabase(
            "The database in this folder was copied from another PC of this home.",
            kept="Nothing was changed.",
            do="Put this PC's own database back, or restore a backup into a new folder.",
        )


def restore_home(
    file: Path, folder: Path, person: str | None, password: str, *, clock: Clock = now
) -> OpenHome:
    """Restore a backup into a new folder and open it.

    What was restored goes on as a new incarnation of this PC, so that other PCs can tell what it
    writes from what the lost one wrote after the backup.

    Args:
        file: The backup.
        folder: Where; it must not exist, or be empty.
        person: The id or name of who unlocks it; None if only one person can.
        password: Their password at the time of the backup.
        clock: This PC's clock.
    """
    check_place(folder)
    backups.read_about(file)
    with _new_folder(folder) as made:
        _, keys = backups.unpack(file, made)
        unlocked = security.read_bytes(keys).unlock(person, password)
        path = made / security.FILE_NAME
        write_new_file(path, keys)
        with _open_store(made, unlocked, clock) as store:
            vault = unlocked.vault
            replica = store.new_incarnation(
                vault.pc.public.signing, vault.pc.id or 0, vault.incarnation + 1
            )
            changed = dataclasses.replace(vault, tag=replica.tag, incarnation=replica.incarnation)
            unlocked = security.replace_vault(path, unlocked, changed)
            store.see_generation(unlocked.generation)
    return OpenHome(folder, unlocked, _open_store(folder, unlocked, clock))


@contextmanager
def _new_folder(folder: Path) -> Iterator[Path]:
    """Make a folder's contents beside it and give it its name once they are whole."""
    target = folder.expanduser().absolute()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        what = "a home" if (target / security.FILE_NAME).exists() else "something"
        raise HomeExists(
            f"There is {what} in {target} already.",
            kept="It was not touched.",
            do="Choose another folder, or an empty one.",
        )
    made = target.with_name(f".{target.name}.{secrets.token_hex(4)}.new")
    with plain_file_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        made.mkdir(mode=0o700)
    try:
        yield made
        with plain_file_errors(target):
            if target.is_dir():
                # empty, as was just seen; a rename onto it fails on Windows
                target.rmdir()
            made.rename(target)
            _sync_folder(target.parent)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # pragma: no cover  # NTFS journals the rename
        return
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
