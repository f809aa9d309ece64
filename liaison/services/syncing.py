"""The exchange of a home with its other PCs: where the storage is, one round, how it stands."""

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
from liaison.records.administration import Pc
from liaison.records.rules import times
from liaison.security import KeyFileChanged
from liaison.security.roles import Action
from liaison.services import object_storage
from liaison.services.opening import open_store
from liaison.services.pcs import belonging, filling, inviting, reviewing
from liaison.services.pcs.roster import HomeRoster, means_of
from liaison.store import history, membership, segments, withdrawing
from liaison.sync import names as storage_names
from liaison.sync import shelf
from liaison.sync.exchange import Exchange
from liaison.sync.folder import Folder
from liaison.sync.means import ERASED
from liaison.sync.object_store_memory import RememberingStore
from liaison.sync.object_store_trial import try_out
from liaison.sync.rounds import together
from liaison.sync.shelf import Shelf
from liaison.sync.travel import Travelled
from liaison.sync.travel import travel as to_and_fro

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from liaison.services.homes import OpenHome
    from liaison.sync.object_store_place import Access
    from liaison.sync.object_store_trial import Trial
    from liaison.sync.rounds import Round
    from liaison.sync.transport import Transport

FILE_NAME: Final = "sync.json"
"""Beside the database: it is about this PC alone, and nothing in it is secret."""
_LARGEST: Final = 100_000
_SETTING_UP: Final = threading.RLock()
"""A round notes its end on one thread while somebody may choose another place on another."""
_FOLDER: Final = "folder"
_STORE: Final = "store"


@dataclasses.dataclass(frozen=True, slots=True)
class Setup:
    """Where this PC meets the home's other PCs.

    Both may be set while a home moves from one to the other.

    Args:
        folder: The shared folder; None if there is none.
        last: When the last round went through to its end; None if none did.
        store: The object store as people read it, "" if there is none; the way to it with its key
            lies in the vault.
    """

    folder: Path | None
    last: dt.datetime | None = None
    store: str = ""

    @property
    def shown(self) -> str:
        """Where the PCs meet, as people read it."""
        places = (str(self.folder) if self.folder else "", self.store)
        return " and ".join(place for place in places if place)


@dataclasses.dataclass(frozen=True, slots=True)
class Apart:
    """Something that was set apart, for people to look at.

    Args:
        pc: The name of the PC that wrote it, as far as that is known.
        why: Why, as the end of a sentence.
        at: When that was noticed.
        size: Its bytes.
    """

    pc: str
    why: str
    at: dt.datetime
    size: int


@dataclasses.dataclass(frozen=True, slots=True)
class Status:
    """How the exchange stands, without asking the storage.

    Args:
        setup: Where the storage is; None if this home has none.
        unsent: Segments of this PC that the storage has not.
        apart: What was set apart: segments as they came.
        to_review: Saves that were taken back out, or do not fit, and nobody decided about.
        not_counted: Entries on who belongs that change nothing, with why.
        conflicts: Fields in which PCs differ.
        asking: Invitations that are open.
        asking_until: When the last of them ends; None if none is open.
        removed: Whether this PC was removed from the home.
    """

    setup: Setup | None
    unsent: int
    apart: tuple[Apart, ...]
    to_review: tuple[Review, ...]
    not_counted: tuple[tuple[str, str], ...]
    conflicts: int
    asking: int
    asking_until: dt.datetime | None
    removed: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Review:
    """A save that does not count, kept for people to look through.

    Args:
        pc: The name of the PC on which it was made.
        why: Why it does not count, as the end of a sentence.
        at: When it was made, by that PC's clock.
        changes: How many records it changed.
    """

    pc: str
    why: str
    at: dt.datetime
    changes: int


class NotSetUp(UserError):
    """This home has no storage yet."""

    code = "no-storage"

    def __init__(self) -> None:
        super().__init__(
            "This PC does not share this home with other PCs yet.",
            kept="Nothing was changed.",
            do="Choose a folder that every PC reaches: “sync setup folder PATH”.",
        )


class Removed(UserError):
    """This PC was removed from the home."""

    code = "removed-pc"


# ---- where the storage is


def read_setup(home: Path) -> Setup | None:
    """Return where a home's storage is; None if it has none, or nobody can tell any more.

    Args:
        home: The home's folder.
    """
    try:
        with (home / FILE_NAME).open("rb") as file:
            found = json.loads(file.read(_LARGEST))
        folder, store, last = found.get(_FOLDER), found.get(_STORE, ""), found.get("last")
        if (
            not isinstance(folder, str | None)
            or not isinstance(store, str)
            or not (folder or store)
        ):
            return None
        moment = None if last is None else times.from_stored(str(last))
        return Setup(Path(folder) if folder else None, moment, store)
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
    document = {_FOLDER: folder, _STORE: setup.store, "last": last}
    with _SETTING_UP:
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
    # in a place that is new nothing can have been lost yet
    setup = dataclasses.replace(_setup_or_none(home), folder=folder, last=None)
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
    setup = dataclasses.replace(_setup_or_none(home), store=access.place.shown, last=None)
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
        UserError: They would meet nowhere then.
    """
    home.require(Action.PCS)
    setup = _setup_or_none(home)
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
        UserError: It is not there, cannot be read or written, or lies in the home's own folder.
    """
    folder = folder.expanduser().absolute()
    with plain_errors(folder):
        is_there = folder.is_dir()
        inside = folder.resolve().is_relative_to(home.expanduser().resolve())
    if not is_there:
        raise UserError(
            f"There is no folder {folder}.",
            kept="Nothing was changed.",
            do="Make the folder, connect the drive it lies on, or choose another one.",
            code="no-folder",
        )
    if inside:
        raise UserError(
            "The folder lies in the home's own folder, which other PCs must never reach.",
            kept="Nothing was changed.",
            do="Choose another one.",
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


@contextlib.contextmanager
def beside_the_writer(home: OpenHome) -> Iterator[OpenHome]:
    """Open a home once more, to exchange while somebody works on it through another connection.

    Args:
        home: The home as it is open.

    Raises:
        UserError: It cannot be opened now.
    """
    store = open_store(home.folder, home.unlocked, home.store.clock)
    try:
        yield type(home)(home.folder, home.unlocked, store)
    finally:
        store.close()


# ---- one round


def once(home: OpenHome, *, transports: Sequence[Transport] = ()) -> Round:
    """Fetch what other PCs wrote and send what this one wrote, once.

    Args:
        home: The open home.
        transports: The storages, as :func:`transports_of` gave them, if they were kept.

    Returns:
        What it came to; a storage that would not go on is in it.

    Raises:
        NotSetUp: The home has no storage.
        Removed: This PC was removed from the home.
        UserError: This PC's own disk would not go on.
    """
    transports = transports or transports_of(home)
    began = read_setup(home.folder)
    bring_in_line(home)
    result = _exchange(home, transports)
    if result.changes:
        bring_in_line(home)
    _refuse_removed(home)
    _end(home, transports, result, began)
    return result


def beside(home: OpenHome, transports: Sequence[Transport]) -> Round:
    """Do a round beside somebody who works on the home: the key file is only read.

    A new life of this PC is the one exception: the vault must know of it. What came may ask for
    more (:func:`bring_in_line`), which is done where the key file is written otherwise.

    Args:
        home: The home, with a connection of its own.
        transports: The storages.

    Returns:
        What it came to; a storage that would not go on is in it.

    Raises:
        Removed: This PC was removed from the home.
        UserError: This PC's own disk would not go on.
    """
    began = read_setup(home.folder)
    result = _exchange(home, transports)
    _refuse_removed(home)
    _end(home, transports, result, began)
    return result


def _exchange(home: OpenHome, transports: Sequence[Transport]) -> Round:
    roster = HomeRoster(home)
    _refuse_removed(home)
    result = together(_rounds(home, transports, roster))
    if result.changes:
        # another connection's lists are out of date
        home.store.refresh()
    return result


def _rounds(home: OpenHome, transports: Sequence[Transport], roster: HomeRoster) -> list[Round]:
    """Do a round with each storage; while a home moves, carry from each to the other."""
    if len(transports) == 1:
        return [Exchange(means_of(home, transports[0], roster)).round()]
    begun = frozenset(Shelf(home.folder / shelf.FOLDER_NAME).kept)

    def go_by(transport: Transport) -> Round:
        means = means_of(home, transport, roster)
        return Exchange(means).round(carried=means.shelf.kept - begun)

    found = [go_by(one) for one in transports]
    if any(one.taken for one in found[1:]):
        # what the others brought is given to the first too, unless it does not answer
        found += [go_by(one) for one in transports[:1] if found[0].trouble is None]
    return found


def _end(
    home: OpenHome, transports: Sequence[Transport], result: Round, began: Setup | None
) -> None:
    """Answer PCs that were let in, and note that a round went through."""
    if result.trouble is not None:
        return
    with contextlib.suppress(UserError):
        # an answer that cannot be laid there now is laid there in the next round
        for transport in transports:
            inviting.deliver(home, transport)
        filling.clear(home, transports)
        inviting.clear(home, transports)
    with _SETTING_UP:
        setup = read_setup(home.folder)
        if setup is not None and began is not None:
            # a place that is new has lost nothing
            result.went_back = result.went_back and setup.last is not None
            if (setup.folder, setup.store) == (began.folder, began.store):
                # it was this place that the round went through
                keep_setup(home.folder, dataclasses.replace(setup, last=home.store.clock()))


def travel(folder: Path, home: str, transports: Sequence[Transport]) -> Travelled:
    """Let sealed objects go to and fro while the home is locked; nothing is opened or believed.

    Args:
        folder: The home's folder.
        home: The home's id.
        transports: The storages that can be asked without the home's keys.

    Raises:
        UserError: This PC's own disk would not go on.
    """
    result = Travelled()
    lying = Shelf(folder / shelf.FOLDER_NAME)
    for transport in transports:
        one = to_and_fro(transport, lying, home)
        result.fetched += one.fetched
        result.given += one.given
        result.trouble = result.trouble or one.trouble
    return result


def bring_in_line(home: OpenHome, *, rotates: bool = True) -> None:
    """Let log and key file follow each other; another window that is at it does it as well.

    Args:
        home: The open home.
        rotates: Whether the database may get a key that is waiting for it, which it must be closed
            for.
    """
    with contextlib.suppress(KeyFileChanged):
        belonging.in_line(home)
    if rotates and home.unlocked.vault.database.pending is not None:
        home.rotate(insist=False)
    home.look_again()


def _refuse_removed(home: OpenHome) -> None:
    own = home.unlocked.vault.pc.id or 0
    if HomeRoster(home).cut(own, home.unlocked.vault.incarnation) is None:
        return
    record = home.store.get("pc", own)
    day = record.removed_at if isinstance(record, Pc) else None
    when = f" on {times.show_time(day)}" if day else ""
    raise Removed(
        f"This PC was removed from the home{when}.",
        kept="What was written here stays here, and is sent to nobody.",
        do="Ask a manager. To belong again it joins anew, with an invitation and into a new folder.",
    )


# ---- how it stands


def status(home: OpenHome, *, conflicts: int | None = None) -> Status:
    """Return how the exchange of an open home stands.

    Args:
        home: The home.
        conflicts: In how many fields PCs differ, if that is known: looking goes over every field.
    """
    standing = belonging.standing_of(home)
    own = home.unlocked.vault.pc.id or 0
    names = {one.id: one.name for one in standing.pcs.values()}
    by_tag = {one.tag: names.get(one.pc, "") for one in membership.replicas(home.store)}
    moment = times.from_stored
    opened = inviting.open_invitations(home)
    withdrawn = withdrawing.withdrawn(home.store)
    decided = withdrawing.decided(home.store, (one.unit.id for one, _ in withdrawn))
    return Status(
        read_setup(home.folder),
        unsent=len(segments.unsent(home.store)),
        apart=tuple(
            Apart(_whose(one.name, names), one.reason, moment(one.at), one.size)
            for one in segments.apart(home.store)
            # nothing is wrong with those: the record has all of it that may be kept
            if one.reason != ERASED
        ),
        to_review=tuple(
            Review(by_tag.get(one.unit.tag, ""), why, moment(one.unit.at), len(one.changes))
            for one, why in withdrawn
            # what was written again is where it belongs
            if not withdrawing.is_done_again(why)
            and one.unit.id not in decided
            and not reviewing.is_note(one, why)
        ),
        not_counted=tuple((names.get(one.pc, ""), one.why) for one in standing.not_counted),
        conflicts=len(history.conflicts(home.store)) if conflicts is None else conflicts,
        asking=len(opened),
        asking_until=max((moment(one.ends) for one in opened), default=None),
        removed=own in standing.cuts,
    )


def _whose(name: str, known: dict[int, str]) -> str:
    hint = storage_names.read_segment(name)
    return known.get(hint.pc, "") if hint is not None else ""
