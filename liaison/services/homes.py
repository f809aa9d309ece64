"""A home that somebody has unlocked, and opening it: where its keys and its database meet."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Self

from liaison import security
from liaison.errors import UserError
from liaison.files import CannotWrite
from liaison.records import ids
from liaison.records.administration import Person
from liaison.records.check import text_problem, tidy
from liaison.records.rules import times
from liaison.security import KeyFile, Unlocked, roles
from liaison.security.roles import Action
from liaison.services import permissions, upkeep
from liaison.services.access import AccessLog, watching
from liaison.services.membership import in_line
from liaison.services.new_folders import whole_path
from liaison.services.opening import open_store, rekeyed
from liaison.services.pcs import belonging
from liaison.services.places import check_place
from liaison.store import driver
from liaison.store.driver import DatabaseTrouble, WrongKey
from liaison.store.mark import Incomplete
from liaison.store.membership import replicas
from liaison.store.replicas import Context
from liaison.store.store import Store, now

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


def may_stay(store: Store, person: int) -> bool:
    """Return whether somebody's record still lets them in today.

    Args:
        store: The home.
        person: The id of their person record; one that is not here yet says nothing against them.
    """
    record = store.follow("person", person)
    return not isinstance(record, Person) or record.may_sign_in(store.today())


def _refuse_whose_time_is_over(home: OpenHome) -> None:
    """Refuse agency staff after their last day, and whoever another PC suspended or removed."""
    if home.unlocked.by_recovery:
        return
    if not may_stay(home.store, home.person):
        raise security.NotAllowed(
            f"{home.unlocked.name} may not sign in any more.",
            kept="Nothing was changed.",
            # two managers may have removed each other on two PCs
            do="Ask a manager. If none can sign in, the recovery sheet is the way back.",
        )
