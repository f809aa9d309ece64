"""What the section of the PCs shows, and what it has done: plain values, no widgets.

Whatever asks the storage runs beside the writer, which nobody may keep waiting: the storage may be a
share that does not answer for minutes.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, TypeVar

from liaison.files import write_new_file
from liaison.records.rules import times
from liaison.security import pairing
from liaison.services import syncing
from liaison.services.pcs import (
    belonging,
    inviting,
    letting_in,
    meeting_places,
    moved,
    naming,
    removing,
    restored,
)
from liaison.services.pcs.meeting_places import FOLDER, STORE, Setup

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from liaison.security.standing import Invited
    from liaison.services.homes import OpenHome
    from liaison.services.pcs.letting_in import Asking
    from liaison.services.pcs.removing import Belonging
    from liaison.sync.object_store_trial import Trial
    from liaison.sync.transport import Transport

T = TypeVar("T")


@dataclasses.dataclass(frozen=True, slots=True)
class Open:
    """An invitation that nobody used yet.

    Args:
        id: Its name.
        words: Its eight words.
        ends: When it ends.
    """

    id: str
    words: str = dataclasses.field(repr=False)
    ends: dt.datetime


@dataclasses.dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with the home's PCs.

    Args:
        setup: Where they meet; None if they meet nowhere that this PC knows of.
        pcs: The PCs, this one first.
        invitations: Those that are open.
        removed: Whether this PC itself was removed.
        knows_key: Whether the PCs hold the key of an object store.
        cut_off: Whether there are other PCs, and this one does not know where they meet.
        left_behind: By :data:`FOLDER` and :data:`STORE`, what is to be said of PCs that would hear
            nothing more if that place were left now; "" if there are none.
    """

    setup: Setup | None
    pcs: tuple[Belonging, ...]
    invitations: tuple[Open, ...]
    removed: bool
    knows_key: bool
    cut_off: bool = False
    left_behind: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Prepared:
    """An invitation that is in the home's log and is still to be laid into the storage.

    Args:
        id: Its name.
        transport: The storage.
        objects: What is to be laid there.
    """

    id: str
    transport: Transport
    objects: tuple[tuple[str, bytes], ...]


# ---- read


def beside(home: OpenHome, work: Callable[[OpenHome], T]) -> T:
    """Do something with a connection of its own, on a thread that may hang.

    Args:
        home: The home as it is open.
        work: What is to be done.
    """
    with syncing.beside_the_writer(home) as mine:
        return work(mine)


def read(home: OpenHome) -> Standing:
    """Return how it stands; the storage is not asked."""
    own = home.unlocked.vault.pc.id or 0
    setup = meeting_places.read_setup(home.folder)
    return Standing(
        setup,
        removing.everyone(home),
        tuple(_open(one) for one in inviting.open_invitations(home)),
        removed=own in belonging.standing_of(home).cuts,
        knows_key=bool(home.unlocked.vault.storage),
        cut_off=restored.is_cut_off(home),
        left_behind=_left_behind(home) if setup is not None and len(setup.kinds) > 1 else {},
    )


def _left_behind(home: OpenHome) -> dict[str, str]:
    found: dict[str, str] = {}
    for kind in (FOLDER, STORE):
        behind = moved.left_behind(home, folder=kind == FOLDER)
        found[kind] = moved.words(behind, folder=kind == FOLDER) if behind else ""
    return found


def _open(invited: Invited) -> Open:
    return Open(invited.id, invited.words, times.from_stored(invited.ends))


def asking(home: OpenHome, known: tuple[Asking, ...]) -> tuple[Asking, ...]:
    """Return the PCs that ask to join; asks the storage."""
    return letting_in.asking(home, meeting_places.transport_of(home), known=known)


def still_asks(home: OpenHome, one: Asking, known: tuple[Asking, ...]) -> Asking | None:
    """Look once more before somebody is let in: another PC may have come with that invitation."""
    found = asking(home, known)
    same = (now for now in found if now.request.keys == one.request.keys)
    return next((now for now in same if now.digits == one.digits), None)


def deliver(home: OpenHome, told: Callable[[int, int], object]) -> int:
    """Tell PCs that were let in what they need, with a copy of the record; asks the storage."""
    return sum(
        letting_in.deliver(home, one, told=told) for one in meeting_places.transports_of(home)
    )


def take_away(home: OpenHome, invitation: str) -> bool:
    """Take an invitation's offer away; return whether nobody came in with it; asks the storage."""
    at_each = [
        inviting.take_away(home, one, invitation) for one in meeting_places.transports_of(home)
    ]
    return all(at_each)


def file_of(home: OpenHome, invitation: Open) -> bytes:
    """Return an invitation as a file; it holds the way to an object store with its key."""
    whole = pairing.Invitation(
        invitation.words, belonging.pin_of(home), home.unlocked.vault.storage
    )
    return inviting.as_file(home, whole, invitation.ends)


def save(home: Path, data: bytes, file: Path) -> None:
    """Write an invitation into a new file, but not where everybody who shares that folder reads it.

    Args:
        home: The home's folder.
        data: The invitation.
        file: The file.
    """
    meeting_places.refuse_where_pcs_meet(home, file)
    write_new_file(file, data)


# ---- for write jobs; none of them asks the storage


def use_folder(home: OpenHome, folder: Path, *, alone: bool) -> Setup:
    """Let the PCs meet in a folder that was looked at.

    Args:
        home: The home, unlocked by a manager.
        folder: The folder.
        alone: Whether a store in which they meet now is left at once.
    """
    setup = meeting_places.use_folder(home, folder)
    return meeting_places.leave(home, folder=False) if alone and setup.store else setup


def use_store(home: OpenHome, told: Trial, *, alone: bool) -> Setup:
    """Let the PCs meet in a store that was tried out.

    Args:
        home: The home, unlocked by a manager.
        told: What came of that: it works.
        alone: Whether a folder in which they meet now is left at once.
    """
    meeting_places.set_up_store(home, told.access, trial=lambda _: told)
    setup = meeting_places.read_setup(home.folder) or Setup(None, store=told.access.place.shown)
    return meeting_places.leave(home, folder=True) if alone and setup.folder else setup


def leave(home: OpenHome, *, folder: bool) -> Setup:
    """Give up one of two places."""
    return meeting_places.leave(home, folder=folder)


def invite(home: OpenHome) -> Prepared:
    """Make an invitation; :func:`lay` then lays it into the storage."""
    transport = meeting_places.transport_of(home)
    pocket = _Pocket()
    made = inviting.invite(home, pocket)
    return Prepared(made.invitation.id, transport, tuple(pocket.objects.items()))


def lay(prepared: Prepared) -> None:
    """Lay an invitation into the storage; for a job that needs no home."""
    for name, data in prepared.objects:
        prepared.transport.put(name, data)


def withdraw(home: OpenHome, invitation: str) -> None:
    """Let an invitation end; :func:`take_away` then tidies up."""
    inviting.withdraw(home, invitation)


def let_in(home: OpenHome, one: Asking) -> None:
    """Let a PC in; :func:`deliver` then tells it."""
    letting_in.let_in(home, one)


def rename(home: OpenHome, pc: int, name: str) -> str:
    """Give a PC another name; return it as it is kept."""
    return naming.rename(home, pc, name)


def remove(home: OpenHome, pc: int, reason: str) -> None:
    """Remove a PC."""
    removing.remove(home, pc, reason)


class _Pocket:
    """Takes what is laid into it; somebody else carries it to the storage."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}

    def list(self, prefix: str, after: str = "") -> list[str]:
        return sorted(one for one in self.objects if one.startswith(prefix) and one > after)

    def get(self, key: str, /) -> bytes | None:
        return self.objects.get(key)

    def put(self, key: str, data: bytes, /) -> None:
        self.objects[key] = data
