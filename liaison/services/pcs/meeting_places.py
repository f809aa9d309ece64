"""Where the PCs of a home meet: a shared folder, an object store, or both while it moves."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import json
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.files import plain_errors, replace_file
from liaison.records.rules import times
from liaison.security.roles import Action
from liaison.services import object_storage
from liaison.services.pcs import belonging
from liaison.sync.folder import Folder
from liaison.sync.object_store_memory import RememberingStore
from liaison.sync.object_store_trial import try_out

if TYPE_CHECKING:
    from collections.abc import Callable

    from liaison.services.homes import OpenHome
    from liaison.sync.object_store_place import Access
    from liaison.sync.object_store_trial import Trial
    from liaison.sync.transport import Transport

FILE_NAME: Final = "sync.json"
"""Beside the database: it is about this PC alone, and nothing in it is secret."""
_LARGEST: Final = 100_000
SETTING_UP: Final = threading.RLock()
"""A round notes its end on one thread while somebody may choose another place on another."""
CHOOSE: Final = (
    "A manager chooses where they meet: a folder that every PC reaches (“liaison sync setup folder "
    "PATH”) or an online store (“liaison sync setup s3 URL --credentials FILE”)."
)
"""What to do while the PCs of a home meet nowhere."""
FOLDER: Final = "folder"
STORE: Final = "store"


@dataclasses.dataclass(frozen=True, slots=True)
class Setup:
    """Where this PC meets the home's other PCs.

    Both may be set while a home moves from one to the other.

    Args:
        folder: The shared folder; None if there is none.
        last: When the last round went through to its end, by whichever place; None if none did.
        store: The object store as people read it, "" if there is none; the way to it with its key
            lies in the vault.
        added: Whether a place was added since :attr:`last`: nothing can have been lost there yet.
    """

    folder: Path | None
    last: dt.datetime | None = None
    store: str = ""
    added: bool = False

    @property
    def shown(self) -> str:
        """Where the PCs meet, as people read it."""
        places = (str(self.folder) if self.folder else "", self.store)
        return " and ".join(place for place in places if place)

    @property
    def kinds(self) -> tuple[str, ...]:
        """What this PC goes by: :data:`FOLDER`, :data:`STORE`, or both while the home moves."""
        places = ((FOLDER, self.folder), (STORE, self.store))
        return tuple(kind for kind, place in places if place)

    @property
    def used(self) -> bool:
        """Whether a round went through by all of the places that are set now."""
        return self.last is not None and not self.added


class NotSetUp(UserError):
    """This home has no storage yet."""

    code = "no-storage"

    def __init__(self) -> None:
        super().__init__(
            "This PC does not share this home with other PCs yet.",
            kept="Nothing was changed.",
            do=CHOOSE,
        )


def read_setup(home: Path) -> Setup | None:
    """Return where a home's storage is; None if it has none, or nobody can tell any more.

    Args:
        home: The home's folder.
    """
    try:
        with (home / FILE_NAME).open("rb") as file:
            found = json.loads(file.read(_LARGEST))
        folder, store, last = found.get(FOLDER), found.get(STORE, ""), found.get("last")
        if (
            not isinstance(folder, str | None)
            or not isinstance(store, str)
            or not (folder or store)
        ):
            return None
        moment = None if last is None else times.from_stored(str(last))
        added = moment is not None and found.get("added") is True
        return Setup(Path(folder) if folder else None, moment, store, added)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        # it is chosen again; nothing else depends on it
        return None


def keep_setup(home: Path, setup: Setup) -> None:
    """Keep where a home's storage is.

    Args:
        home: The home's folder.
        setup: It.
    """
    last = None if setup.last is None else times.to_stored(setup.last)
    folder = str(setup.folder) if setup.folder else None
    document = {FOLDER: folder, STORE: setup.store, "last": last, "added": setup.added}
    with SETTING_UP:
        replace_file(home / FILE_NAME, json.dumps(document, indent=1).encode())


def set_up_folder(home: OpenHome, folder: Path) -> Setup:
    """Share a home through a folder that its PCs reach.

    Args:
        home: The home, unlocked by a manager.
        folder: The folder; it must be there.

    Raises:
        NotAllowed: Only a manager may.
        UserError: It is not there, cannot be read, or lies in the home's own folder.
    """
    home.require(Action.PCS)
    return use_folder(home, usable_folder(home.folder, folder))


def use_folder(home: OpenHome, folder: Path) -> Setup:
    """Meet in a folder that :func:`usable_folder` has looked at: it is not asked anything again.

    Args:
        home: The home, unlocked by a manager.
        folder: The folder's whole path.

    Raises:
        NotAllowed: Only a manager may.
        UserError: This PC's own disk would not go on.
    """
    home.require(Action.PCS)
    belonging.found(home)
    before = _setup_or_none(home)
    setup = dataclasses.replace(before, folder=folder, added=before.last is not None)
    keep_setup(home.folder, setup)
    return setup


def set_up_store(
    home: OpenHome, access: Access, *, trial: Callable[[Access], Trial] = try_out
) -> Trial:
    """Share a home through an object store, if it works.

    Args:
        home: The home, unlocked by a manager.
        access: The way to the store.
        trial: Tries it out.

    Returns:
        What worked; if something did not, nothing was changed.

    Raises:
        NotAllowed: Only a manager may.
        UserError: The key file could not be written.
    """
    told = object_storage.set_up(home, access, trial=trial)
    if told.fault is None:
        belonging.found(home)
        use_store(home, told.access)
    return told


def use_store(home: OpenHome, access: Access) -> None:
    """Meet in a store that an invitation named, or that was tried out."""
    object_storage.keep(home, access)
    before = _setup_or_none(home)
    setup = dataclasses.replace(before, store=access.place.shown, added=before.last is not None)
    keep_setup(home.folder, setup)


def leave(home: OpenHome, *, folder: bool) -> Setup:
    """Give up one of the two places while a home moves; what lies there stays.

    Args:
        home: The home, unlocked by a manager.
        folder: Whether the folder is given up; else the store.

    Returns:
        Where the PCs meet from now on.

    Raises:
        NotAllowed: Only a manager may.
        NotSetUp: They meet nowhere yet.
        UserError: They do not meet in that place, or would meet nowhere then.
    """
    home.require(Action.PCS)
    setup = _setup_or_none(home)
    place = FOLDER if folder else STORE
    if not setup.kinds:
        raise NotSetUp
    if place not in setup.kinds:
        raise UserError(
            f"This home does not meet its other PCs in a {place}.",
            kept=f"Nothing was changed: they meet in {setup.shown}.",
            do="There is nothing to give up.",
            code="no-such-place",
        )
    if not (setup.folder and setup.store):
        raise UserError(
            "This home would meet its other PCs nowhere then.",
            kept="Nothing was changed.",
            do="Set the new place up first; then give up the old one.",
            code="only-storage",
        )
    if folder:
        setup = dataclasses.replace(setup, folder=None)
    else:
        object_storage.give_up(home)
        setup = dataclasses.replace(setup, store="")
    keep_setup(home.folder, setup)
    return setup


def _setup_or_none(home: OpenHome) -> Setup:
    return read_setup(home.folder) or Setup(None)


def usable_folder(home: Path, folder: Path) -> Path:
    """Return a folder's whole path, if PCs can meet there.

    Args:
        home: The home's folder.
        folder: The folder.

    Raises:
        UserError: It is not there, cannot be read or written, lies in the home's own folder or
            holds it.
    """
    folder = folder.expanduser().absolute()
    with plain_errors(folder):
        is_there, is_file = folder.is_dir(), folder.is_file()
        own, there = home.expanduser().resolve(), folder.resolve()
        inside = there.is_relative_to(own)
        around = own.is_relative_to(there)
    if not is_there:
        raise UserError(
            f"{folder} is a file, not a folder." if is_file else f"There is no folder {folder}.",
            kept="Nothing was changed.",
            do="Choose a folder."
            if is_file
            else "Make the folder, connect the drive it lies on, or choose another one.",
            code="no-folder",
        )
    if inside:
        raise UserError(
            "The folder lies in the home's own folder, which other PCs must never reach.",
            kept="Nothing was changed.",
            do="Choose another one.",
            code="bad-place",
        )
    if around:
        raise UserError(
            "The home's own folder lies in that folder, and other PCs must never reach it.",
            kept="Nothing was changed.",
            do="Choose another one, such as a new folder in it that holds nothing else.",
            code="bad-place",
        )
    # on Windows this says nothing of a folder's rights: the first exchange does
    if not os.access(folder, os.W_OK | os.X_OK):
        raise UserError(
            f"This PC may not write in the folder {folder}.",
            kept="Nothing was changed.",
            do="Ask whoever looks after it for the right to, or choose another one.",
            code="read-only",
        )
    Folder(folder).list("v1/")
    return folder


def refuse_where_pcs_meet(home: Path, file: Path) -> None:
    """Refuse to write an invitation into the shared folder: whoever reads that could use it.

    Args:
        home: The home's folder.
        file: Where the invitation is to be written.

    Raises:
        UserError: It would lie in the folder in which the PCs meet.
    """
    setup = read_setup(home)
    if setup is None or setup.folder is None:
        return
    with plain_errors(file):
        inside = file.resolve().is_relative_to(setup.folder.resolve())
    if inside:
        raise UserError(
            "The invitation does not belong into the folder where the PCs meet: whoever reads that "
            "folder could ask to join with it.",
            kept="Nothing was written.",
            do="Choose another folder.",
            code="bad-place",
        )


def transports_of(home: OpenHome) -> tuple[Transport, ...]:
    """Return the storages of a home: one, or both while it moves from one to the other.

    Whoever exchanges often keeps them: a store remembers long lists.

    Args:
        home: The open home.

    Raises:
        NotSetUp: It has none.
    """
    setup = read_setup(home.folder)
    store = object_storage.opened(home)
    folder = setup.folder if setup is not None else None
    found: tuple[Transport | None, ...] = (store, Folder(folder) if folder else None)
    transports = tuple(one for one in found if one is not None)
    if not transports:
        raise NotSetUp
    return transports


def transport_of(home: OpenHome) -> Transport:
    """Return the storage in which a home invites other PCs.

    Args:
        home: The open home.

    Raises:
        NotSetUp: It has none.
    """
    return transports_of(home)[0]


class Places:
    """The storages of a home, kept between rounds: a store remembers long lists.

    It is asked on the thread of the rounds; only :meth:`put_away` comes from another one.
    """

    def __init__(self) -> None:
        self._key: tuple[object, ...] = ()
        self._found: tuple[Transport, ...] = ()
        self._stays = False

    def of(self, home: OpenHome) -> tuple[Transport, ...]:
        """Return the storages of an open home; none if it has none.

        Raises:
            UserError: What the vault keeps of one cannot be read.
        """
        setup = read_setup(home.folder)
        access = object_storage.access_of(home)
        key = (home.folder, setup and setup.folder, access and json.dumps(access.encode()))
        if key != self._key:
            self._found = ()
            with contextlib.suppress(NotSetUp):
                self._found = transports_of(home)
            self._key = key
            self._stays = access is not None and access.while_locked
        return self._found

    def put_away(self) -> tuple[Transport, ...]:
        """Forget keys, as the home is locked, unless one was asked to stay.

        Returns:
            The storages that can be asked all the same.
        """
        stay = tuple(
            one for one in self._found if self._stays or not isinstance(one, RememberingStore)
        )
        for one in self._found:
            if isinstance(one, RememberingStore) and one not in stay:
                one.put_away()
        self._key, self._found = (), ()
        return stay
