"""Making a home: its database with the first unit, its key file with the first manager."""

from __future__ import annotations

import dataclasses
import platform
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from liaison import security
from liaison.errors import UserError
from liaison.records import check, ids
from liaison.records.administration import Pc, Person
from liaison.records.check import tidy
from liaison.records.home import Home as HomeRecord
from liaison.security import STANDARD, Cost, RecoveryKey, Unlocked, Vault
from liaison.security.passwords import refuse_weak
from liaison.services.homes import OpenHome
from liaison.services.new_folders import new_folder, whole_path
from liaison.services.opening import open_store
from liaison.services.places import check_place
from liaison.store.replicas import Context, Replica
from liaison.store.stamps import MOST_TAGS
from liaison.store.store import FILE_NAME, Store, now

if TYPE_CHECKING:
    from liaison.store.stamps import Clock


def make_home(
    folder: Path,
    *,
    name: str,
    person: str,
    password: str,
    keep_recovery_key: Callable[[RecoveryKey], None] = lambda _key: None,
    cost: Cost = STANDARD,
    clock: Clock = now,
    tag: int | None = None,
) -> tuple[OpenHome, RecoveryKey]:
    """Make an empty home with its first manager.

    Everything is made in a folder beside the one asked for and gets its name last, so a power cut
    leaves a whole home or none.

    Args:
        folder: Where; it must not exist, or be empty.
        name: The home's name.
        person: The name of its first manager.
        password: Their password.
        keep_recovery_key: Called with the recovery key just before the home gets its name, to
            write it down: a home whose key is nowhere must not come to be. If it raises, there is
            no home.
        cost: What checking the password costs.
        clock: This PC's clock.
        tag: The replica tag, for a home whose ids shall repeat; by chance unless given.

    Returns:
        The home, open, and its recovery key, which is kept nowhere else.

    Raises:
        BadPassword: The password is too short or too easy to guess.
        UserError: No home can be made there, or a name will not do.
    """
    check_place(folder)
    folder = whole_path(folder)
    name = _named(HomeRecord(name=_one_line(name)), "the home")
    person = _named(Person(name=_one_line(person), role="manager"), "its manager")
    refuse_weak(password, (name, person))
    tag = secrets.randbelow(MOST_TAGS) if tag is None else tag
    vault = Vault.generate(platform.node() or "This PC", tag=tag)
    with new_folder(folder) as made:
        home_id = secrets.token_hex(16)
        unlocked, recovery = _found(
            made, home_id, vault, name=name, person=person, password=password, cost=cost,
            clock=clock,
        )  # fmt: skip
        keep_recovery_key(recovery)
    return OpenHome(folder, unlocked, open_store(folder, unlocked, clock)), recovery


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


def _one_line(name: str) -> str:
    return " ".join(tidy(name, long=False).split())


def _named(record: HomeRecord | Person, whose: str) -> str:
    if problems := check(record):
        said = " ".join(problem.message for problem in problems)
        raise UserError(f"The name of {whose}: {said}", kept="Nothing was made.", code="name")
    return record.name or ""
