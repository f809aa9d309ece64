"""Joining a home in the window: where somebody stands with it, from one start of Liaison to the next.

What was filled in is kept beside the folder of the home to be, so that a restart goes on where it
stood. Nothing of it is secret: the words of an invitation and the key of a store are asked for again,
and the file of an invitation is read again where it lies.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.files import plain_errors, replace_file
from liaison.security import STANDARD, Cost, pairing
from liaison.services import syncing
from liaison.services.pcs import answers, filling, joining, meeting_places
from liaison.services.pcs.naming import fit_name
from liaison.sync.folder import Folder
from liaison.sync.object_store import ObjectStore
from liaison.sync.object_store_place import Access
from liaison.sync.transport import TransportTrouble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from liaison.security import Unlocked
    from liaison.security.pairing import Invitation
    from liaison.services.homes import OpenHome
    from liaison.services.pcs.joining import Waiting
    from liaison.sync.rounds import Round
    from liaison.sync.transport import Transport

INVITATION: Final = "invitation"
PLACE: Final = "place"
NAME: Final = "name"
"""The parts of the form that a trouble can belong to."""

_LARGEST: Final = 100_000
_OF_THE_INVITATION: Final = frozenset(
    {
        "no-such-invitation",
        "invitation-ended",
        "invitation-used",
        "bad-invitation",
        joining.AskedBefore.code,
    }
)


class InPart(UserError):
    """Something about one part of the form.

    Args:
        part: Which: :data:`INVITATION`, :data:`PLACE` or :data:`NAME`.
        error: What is wrong with it.
    """

    def __init__(self, part: str, error: UserError) -> None:
        super().__init__(error.what, kept=error.kept, do=error.do, code=error.code)
        self.part = part
        self.error = error


@dataclasses.dataclass(frozen=True, slots=True)
class Way:
    """What somebody has filled in to join a home; nothing of it is secret.

    Args:
        asked: Whether this PC has asked to join.
        by_words: Whether the invitation is typed; else it is a file.
        file: The invitation's file, as typed.
        in_store: Whether the PCs meet in an object store; else in a folder.
        folder: The folder, as typed.
        address: The store's address, as typed.
        region: Its region, as typed.
        name: What people shall call this PC.
    """

    asked: bool = False
    by_words: bool = False
    file: str = ""
    in_store: bool = False
    folder: str = ""
    address: str = ""
    region: str = ""
    name: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Meeting:
    """An invitation, and where the PCs of its home meet.

    Args:
        invitation: The invitation.
        setup: Where, for the home to be.
        access: The way to the object store; None if they meet in a folder.
        name: What people shall call this PC.
    """

    invitation: Invitation
    setup: meeting_places.Setup
    access: Access | None
    name: str

    def transport(self) -> Transport:
        """Return the storage."""
        if self.access is not None:
            return ObjectStore(self.access)
        assert self.setup.folder is not None  # noqa: S101  # it is one or the other
        return Folder(self.setup.folder)


# ---- from one start to the next


def way_file(target: Path) -> Path:
    """Return where it is kept, beside the folder of the home to be."""
    waiting = joining.waiting_file(target)
    return waiting.with_name(f"{waiting.name}.json")


def keep(target: Path, way: Way) -> None:
    """Keep what was filled in.

    Raises:
        UserError: This PC's disk would not go on.
    """
    path = way_file(target)
    with plain_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, json.dumps(dataclasses.asdict(way), indent=1).encode())


def kept(target: Path) -> Way | None:
    """Return what was filled in; None if nothing was, or nobody can tell any more."""
    try:
        with way_file(target).open("rb") as file:
            found = json.loads(file.read(_LARGEST))
        way = Way(**found)
    except (OSError, ValueError, TypeError):
        # it is filled in again
        return None
    plain = Way()
    same = all(
        type(getattr(way, field.name)) is type(getattr(plain, field.name))
        for field in dataclasses.fields(Way)
    )
    return way if same else None


def forget(target: Path) -> None:
    """Forget what was filled in: this PC has joined, or somebody does something else."""
    for path in (way_file(target), joining.copy_file(target)):
        with plain_errors(path):
            path.unlink(missing_ok=True)
    filling.discard_copy(joining.copy_file(target))


def give_up(target: Path) -> None:
    """Give up joining for good: this PC's keys go, so that nobody can let it in any more.

    Args:
        target: Where the home was to lie.

    Raises:
        UserError: This PC's disk would not go on.
    """
    forget(target)
    path = joining.waiting_file(target)
    with plain_errors(path):
        path.unlink(missing_ok=True)


# ---- the form


def meeting(way: Way, words: str, target: Path, access: Callable[[], Access] | None) -> Meeting:
    """Read what was filled in.

    Args:
        way: It.
        words: The invitation's words, if they were typed.
        target: Where the home is to lie.
        access: Returns the way to the object store, as it was filled in; None if it was not.

    Raises:
        InPart: Something of it cannot be used, and which.
    """
    with at(INVITATION):
        invitation = _invitation(way, words)
    with at(NAME):
        name = fit_name(way.name)
    with at(PLACE):
        if invitation.storage:
            found: Access | None = Access.decode(invitation.storage)
        elif way.in_store and access is not None:
            found = access()
        else:
            found = None
        if found is not None:
            return Meeting(
                invitation, meeting_places.Setup(None, store=found.place.shown), found, name
            )
        if not way.folder.strip():
            raise UserError(
                "The folder is missing.", do="Choose the one that the other PCs share.",
                code="no-folder",
            )  # fmt: skip
        folder = meeting_places.usable_folder(target, Path(way.folder.strip()))
        return Meeting(invitation, meeting_places.Setup(folder), None, name)


def carries_storage(file: Path) -> bool:
    """Return whether an invitation's file says where the PCs meet, so that nobody need be asked.

    Raises:
        InPart: The file is no invitation, or cannot be read.
    """
    with at(INVITATION):
        return bool(_read_file(file).storage)


def ask(
    meeting: Meeting,
    target: Path,
    *,
    known: Waiting | None = None,
    again: bool = False,
    cost: Cost = STANDARD,
) -> Waiting:
    """Ask to join, or see what came of it; see :func:`liaison.services.pcs.joining.ask`.

    Raises:
        InPart: The invitation or the storage cannot be used, and which.
        UserError: No home can be made there.
    """
    try:
        return joining.ask(
            meeting.invitation, target, meeting.transport(), meeting.name,
            known=known, again=again, cost=cost,
        )  # fmt: skip
    except (TransportTrouble, answers.NotThereNow) as error:
        raise InPart(PLACE, error) from error
    except UserError as error:
        if error.code in _OF_THE_INVITATION:
            raise InPart(INVITATION, error) from error
        raise


def fetch(
    waiting: Waiting, meeting: Meeting, target: Path, told: Callable[[int, int], object]
) -> Waiting:
    """Fetch the copy of the home that lies there; see :func:`liaison.services.pcs.joining.fetch`.

    Raises:
        UserError: The storage or this PC's disk would not go on.
    """
    return joining.fetch(waiting, target, meeting.transport(), told)


def complete(
    waiting: Waiting, meeting: Meeting, target: Path, person: str, password: str
) -> OpenHome:
    """Make the home on this PC; see :func:`liaison.services.pcs.joining.complete`.

    Raises:
        WrongPassword: It is another one.
        UserError: No home can be made there.
    """
    home = joining.complete(
        waiting, target, person, password,
        beside=lambda made: meeting_places.keep_setup(made, meeting.setup),
        storage=meeting.access.encode() if meeting.access else None,
    )  # fmt: skip
    with contextlib.suppress(UserError):
        # the home is there: what is left beside it does nothing
        forget(target)
    return home


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Filled:
    """What the first fetching came to.

    Args:
        round: The round.
        touched: The types of the records that came.
        unlocked: The keys, as they are now.
        before: The keys, as they were.
    """

    round: Round
    touched: frozenset[str]
    unlocked: Unlocked
    before: Unlocked


def fill(home: OpenHome, told: Callable[[int, int], object]) -> Filled:
    """Fetch the record for the first time, beside the connection through which the home is open.

    :func:`take_over` is to follow, where the home is written to otherwise.

    Args:
        home: The home as it is open, just joined.
        told: Told how many packets of how many are here; it may raise to end it, and everything
            that came stays.

    Raises:
        UserError: This PC's own disk would not go on.
    """
    before = home.unlocked
    with syncing.beside_the_writer(home) as mine:
        storages = [_Counting(one, told) for one in meeting_places.transports_of(mine)]
        came = syncing.beside(mine, storages)
        return Filled(came, mine.store.take_touched(), mine.unlocked, before)


def take_over(home: OpenHome, filled: Filled) -> None:
    """Let the open home follow what came.

    Raises:
        UserError: The key file could not be written.
    """
    if home.unlocked is filled.before:
        home.unlocked = filled.unlocked
    home.store.refresh()
    syncing.bring_in_line(home, rotates=False)
    with contextlib.suppress(UserError):
        # a fetching that nobody waited for may have left something beside the home
        forget(home.folder)


class _Counting:
    """A storage that says how much of it has come.

    Args:
        storage: The storage.
        told: Told how many of how many.
    """

    def __init__(self, storage: Transport, told: Callable[[int, int], object]) -> None:
        self._storage, self._told = storage, told
        self._wanted: set[str] = set()
        self._come: set[str] = set()

    def list(self, prefix: str, after: str = "") -> list[str]:
        self._told(len(self._come), len(self._wanted))
        found = self._storage.list(prefix, after)
        self._wanted.update(found)
        return found

    def get(self, key: str, /) -> bytes | None:
        data = self._storage.get(key)
        self._come.add(key)
        self._wanted.add(key)
        self._told(len(self._come), len(self._wanted))
        return data

    def put(self, key: str, data: bytes, /) -> None:
        self._told(len(self._come), len(self._wanted))
        self._storage.put(key, data)


@contextmanager
def at(part: str) -> Iterator[None]:
    """Let what goes wrong inside belong to a part of the form."""
    try:
        yield
    except UserError as error:
        raise InPart(part, error) from error


def _invitation(way: Way, words: str) -> Invitation:
    if way.by_words:
        return pairing.Invitation(pairing.read_words(words))
    if not way.file.strip():
        raise UserError(
            "The invitation is missing.",
            do="Choose its file, or type its eight words.",
            code="no-file",
        )
    return _read_file(Path(way.file.strip()))


def _read_file(file: Path) -> Invitation:
    file = file.expanduser()
    with plain_errors(file):
        if not file.is_file():
            raise UserError(
                f"There is no file {file}.",
                kept="Nothing was changed.",
                do="Choose the file of the invitation, or type its eight words.",
                code="no-file",
            )
        with file.open("rb") as opened:
            return pairing.read_invitation(opened.read(_LARGEST))
