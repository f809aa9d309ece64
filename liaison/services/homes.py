"""Making, opening, backing up and restoring a home: where its keys and its database meet."""

from __future__ import annotations

import dataclasses
import platform
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from liaison import security
from liaison.errors import UserError
from liaison.files import CannotWrite, write_new_file
from liaison.files import plain_errors as plain_file_errors
from liaison.records import check, ids
from liaison.records.administration import Pc, Person
from liaison.records.check import text_problem, tidy
from liaison.records.home import Home as HomeRecord
from liaison.records.rules import times
from liaison.security import STANDARD, Cost, KeyFile, RecoveryKey, Unlocked, Vault, roles
from liaison.security.passwords import refuse_weak
from liaison.security.roles import Action
from liaison.services import permissions, upkeep
from liaison.services.access import AccessLog, watching
from liaison.services.membership import in_line
from liaison.services.new_folders import new_folder, refuse_taken, whole_path
from liaison.services.opening import open_store, rekeyed
from liaison.services.pcs import belonging
from liaison.services.places import check_place
from liaison.store import backup as backups
from liaison.store import driver
from liaison.store.driver import DatabaseTrouble, WrongKey
from liaison.store.mark import Incomplete
from liaison.store.membership import replicas
from liaison.store.replicas import Context, Replica
from liaison.store.stamps import MOST_TAGS
from liaison.store.store import FILE_NAME, Store, now

if TYPE_CHECKING:
    from liaison.store.stamps import Clock
    from liaison.store.unit import UnitOfWork


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
        self.access = AccessLog(self)
        """What is noted of who looked, printed, exported."""
        self._recorded: str | None = None
        self.look_again()

    @property
    def person(self) -> int:
        """The id of the person record of whoever unlocked it."""
        return ids.from_text(self.unlocked.person)

    def may(self, action: Action) -> bool:
        """Return whether whoever unlocked the home may do something.

        Their key and their record must both allow it: after a crash between the two, the one that
        allows less counts.
        """
        return all(roles.may(role, action) for role in self._roles)

    def require(self, action: Action, *, kept: str = "Nothing was changed.") -> None:
        """Refuse what the role of whoever unlocked the home does not allow.

        Args:
            action: What is to be done.
            kept: What became of it, for the message.

        Raises:
            NotAllowed: They may not; it says whom to ask.
        """
        for role in self._roles:
            if not roles.may(role, action):
                raise security.NotAllowed(
                    roles.refusal(role, action), kept=kept, do=roles.advice(action)
                )

    @property
    def role(self) -> str:
        """The role to show them things by: of their key's and their record's, the lesser one."""
        return min(self._roles, key=lambda role: sum(roles.may(role, one) for one in Action))

    @property
    def _roles(self) -> tuple[str, ...]:
        """The role in the key file and, if it is another, the one in their record."""
        if self._recorded is None:
            self._recorded = self.unlocked.role
            if not self.unlocked.by_recovery:
                record = self.store.get("person", self.person)
                if isinstance(record, Person) and record.role:
                    self._recorded = record.role
        if self._recorded == self.unlocked.role:
            return (self.unlocked.role,)
        return (self.unlocked.role, self._recorded)

    def look_again(self) -> None:
        """Look up again what whoever unlocked the home may do: their record has changed."""
        self._recorded = None
        hidden = frozenset[tuple[str, str]]().union(*map(permissions.hidden_from, self._roles))
        self.store.hide(hidden)

    @contextmanager
    def unit(
        self, reason: str = "", *, kind: str = "save", batch: int | None = None
    ) -> Iterator[UnitOfWork]:
        """Write records as whoever unlocked the home; see ``Store.unit``.

        Raises:
            UserError: The reason cannot be kept as it is, or the disk or another program prevented
                the writing; nothing was written.
        """
        reason = fit_reason(reason)
        with self.store.unit(self.person, reason, kind=kind, batch=batch) as unit:
            yield unit

    def backup(self, path: Path) -> backups.About:
        """Write a verified backup of the home as it is now.

        Args:
            path: The file; an older backup of that name is replaced, anything else is refused.

        Raises:
            NotAllowed: Who unlocked the home may not make one.
            UserError: It cannot be written there.
        """
        self.require(Action.BACKUP, kept="No backup was made.")
        path = path.absolute()
        refuse_place(self.folder, path)
        keys = partial(keys_of_copy, self.folder)
        about = backups.write_backup(self.store, self.store.key, keys, path)
        self.access.done("backed up", detail=f"To {path.name} in {path.parent}")
        return about

    @property
    def cannot_write(self) -> UserError | None:
        """Why nothing can be written to this home; None if it can be."""
        if self.store.loss is not None:
            return Incomplete(self.store.loss)
        return driver.read_only_media() if self.store.fixed else None

    def keys_changed(self) -> bool:
        """Whether another window has changed who may open the home since this one unlocked it.

        Raises:
            UserError: The key file cannot be read.
        """
        return read_keys(self.folder).generation > self.unlocked.generation

    def go_on(self) -> None:
        """Go on with what is there, although the outside mark says that something is missing.

        That it was decided, by whom, and what is missing stays in the audit.

        Raises:
            NotAllowed: Only a manager decides it.
        """
        loss = self.store.loss
        if loss is None:
            return
        self.require(Action.RESTORE)
        now = self.store.clock()
        upkeep.change(
            self.folder,
            lambda before: dataclasses.replace(before, went_on=times.to_stored(now)),
            now,
        )
        self.store.accept_loss()
        self.store.see_generation(self.unlocked.generation)
        self.access.done("restored", detail=f"Went on with what was there. {loss.words}")
        self.finish()

    def finish(self) -> None:
        """Finish what a crash, or another PC, left to be done between somebody's record and keys."""
        with _another_time():
            self._finish_new_life()
            belonging.follow(self)
        if self.may(Action.PEOPLE):
            before = self.unlocked
            self.unlocked = in_line(self.folder / security.FILE_NAME, before, self.store)
            if self.unlocked is not before:
                self.store.see_generation(self.unlocked.generation)
                self.look_again()
        with _another_time():
            belonging.publish(self)

    def _finish_new_life(self) -> None:
        """Let the vault know of a life that had begun when a crash came."""
        vault = self.unlocked.vault
        for one in replicas(self.store):
            if one.tag == self.store.context.tag != vault.tag:
                changed = dataclasses.replace(vault, tag=one.tag, incarnation=one.incarnation)
                path = self.folder / security.FILE_NAME
                self.unlocked = security.replace_vault(path, self.unlocked, changed)
                self.store.see_generation(self.unlocked.generation)

    def rotate(self, *, insist: bool = True) -> None:
        """Give the database its pending key; its store is closed for that and another one opened.

        If another window has the home open it stays pending, and is done at the next opening.

        Args:
            insist: Whether to say so if the disk does not let it happen; it stays pending then too.

        Raises:
            UserError: The disk is full, or did not do what was asked.
        """
        clock = self.store.clock
        self.store.close()
        try:
            self.unlocked = rekeyed(self.folder, self.unlocked)
        except (DatabaseTrouble, CannotWrite):
            if insist:
                raise
        finally:
            self._reopen(clock)
            self.look_again()

    def _reopen(self, clock: Clock) -> None:
        """Open the database anew; twice, if the disk refuses once: nothing works without it."""
        try:
            self.store = open_store(self.folder, self.unlocked, clock)
        except UserError:
            self.store = open_store(self.folder, self.unlocked, clock)

    def close(self) -> None:
        """Close the home, once what was noted of looking and the like is written."""
        self.access.close()
        self.store.close()

    def __enter__(self) -> Self:
        """Use the home in a ``with`` block; it closes at the end."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the home."""
        self.close()


@contextmanager
def _another_time() -> Iterator[None]:
    """Leave to the next opening what a full disk or another window prevents; not what is damaged."""
    try:
        yield
    except (security.KeyFileChanged, CannotWrite):
        return
    except DatabaseTrouble as trouble:
        if trouble.code == WrongKey.code:
            raise


def refuse_place(folder: Path, path: Path) -> None:
    """Refuse a file that a backup cannot become.

    Args:
        folder: The home.
        path: The file.

    Raises:
        UserError: It lies in the home's own folder or in none, or is something else already.
    """
    with plain_file_errors(path):
        inside = path.resolve().is_relative_to(folder.resolve())
        folder_is_there = path.parent.is_dir()
        taken = path.is_dir() or (path.exists() and not backups.looks_like_backup(path))
    if inside:
        raise UserError(
            "A backup inside the home's own folder would be lost together with it.",
            kept="No backup was made.",
            do="Choose another folder, best on another disk.",
            code="bad-place",
        )
    if not folder_is_there:
        raise UserError(
            f"There is no folder {path.parent}.",
            kept="No backup was made.",
            do="Make the folder, or choose another one.",
            code="no-folder",
        )
    if taken:
        raise UserError(
            f"{path} is there already, and it is not a backup.",
            kept="It was not touched, and no backup was made.",
            do="Choose another name.",
            code="already-exists",
        )


def read_keys(folder: Path) -> KeyFile:
    """Return a home's key file: who can unlock it, without any secret.

    Raises:
        UserError: The folder is not a home, or its key file is damaged.
    """
    check_place(folder)
    return security.read(whole_path(folder) / security.FILE_NAME)


def keys_of_copy(folder: Path, copy: Context) -> bytes:
    """Return a home's key file as it goes into a backup.

    It is replaced before the database hears of that, so one that is read after a copy was made is
    never older than the copy knows.

    Args:
        folder: The home.
        copy: What the copy of its database knows of it.

    Raises:
        UserError: It is not the copy's key file: nobody could restore the two together.
    """
    keys = read_keys(folder)
    keys.check_belongs(copy.home, copy.root, copy.generation)
    return keys.data


def read_backup_keys(file: Path) -> KeyFile:
    """Return the key file in a backup: who can unlock it, without any secret.

    Raises:
        UserError: The file is not a backup, or damaged.
    """
    return security.read_bytes(backups.read_keys(file))


def fit_reason(reason: str) -> str:
    """Return a reason as it is kept: one line.

    Raises:
        UserError: It is too long, or not text.
    """
    reason = tidy(reason, long=False)
    if problem := text_problem(reason, long=False):
        raise UserError(
            f"The reason {problem}.",
            kept="Nothing was changed.",
            do="Say in a few words why.",
            code="reason",
        )
    return reason


def check_new_place(folder: Path) -> None:
    """Refuse a folder in which no new home can be made, before anybody is asked for more.

    Raises:
        UserError: A home would come to harm there, or something is there already.
    """
    check_place(folder)
    refuse_taken(whole_path(folder))


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
    keys = read_keys(folder)
    with watching(folder, keys, person, clock):
        return open_unlocked(folder, keys.unlock(person, password), clock=clock)


def open_unlocked(folder: Path, unlocked: Unlocked, *, clock: Clock = now) -> OpenHome:
    """Open a home whose keys are open already.

    Args:
        folder: Where it lies.
        unlocked: Its keys and who unlocked it.
        clock: This PC's clock.

    Raises:
        UserError: It does not open, in plain words.
    """
    folder = whole_path(folder)
    home = OpenHome(folder, unlocked, open_store(folder, unlocked, clock))
    try:
        _refuse_whose_time_is_over(home)
        # else it is looked at as it is; what waits to be finished waits on
        if home.cannot_write is None:
            home.finish()
            if home.unlocked.vault.database.pending is not None:
                # somebody was let go, and a crash or another open window kept this from being
                # finished; a full disk must not keep everybody else from reading what is there
                home.rotate(insist=False)
    except BaseException:
        home.close()
        raise
    return home


def _refuse_whose_time_is_over(home: OpenHome) -> None:
    """Refuse agency staff after their last day, and whoever another PC suspended or removed."""
    if home.unlocked.by_recovery:
        return
    person = home.store.follow("person", home.person)
    today = home.store.today()
    # a record that is not here yet says nothing against them
    if isinstance(person, Person) and not person.may_sign_in(today):
        raise security.NotAllowed(
            f"{home.unlocked.name} may not sign in any more.",
            kept="Nothing was changed.",
            do="Ask a manager.",
        )


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
