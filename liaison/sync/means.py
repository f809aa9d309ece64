"""What an exchange works with, and the questions every part of it asks about an object."""

from __future__ import annotations

import contextlib
import dataclasses
from typing import TYPE_CHECKING, Final

from liaison.store import segments
from liaison.sync import body, names, sealed
from liaison.sync.sealed import Refused

if TYPE_CHECKING:
    from liaison.store.changes import Envelope
    from liaison.store.store import Store
    from liaison.store.unit import Signer
    from liaison.sync.roster import EpochKeys, Lives, Roster
    from liaison.sync.rounds import Round
    from liaison.sync.sealed import Sealed
    from liaison.sync.shelf import Shelf
    from liaison.sync.transport import Transport

NOT_APPROVED: Final = "this PC does not know yet who wrote it"
NO_KEY: Final = (
    "the key it needs has not reached this PC yet; if it stays so, ask a manager whether this PC was "
    "removed"
)
NEEDS_NEWER: Final = "a newer version of Liaison wrote it"
REMOVED: Final = "it had not arrived yet when that PC was removed"
ERASED: Final = "it holds what was erased by law since"
SPARE: Final = "another PC made the same anew"
FORKED: Final = segments.FORKED
_REMOVED_ONCE: Final = "it was written after that PC was removed"
"""What the version before kept in the place of :data:`REMOVED`."""


def is_of_removed(reason: str) -> bool:
    """Return whether something is set apart as its PC was removed.

    Args:
        reason: Why, as it is kept; the version before had other words for it.
    """
    return reason in {REMOVED, _REMOVED_ONCE}


@dataclasses.dataclass(frozen=True, slots=True)
class Means:
    """What an exchange works with.

    Args:
        store: The open home.
        transport: The storage.
        shelf: Where sealed objects lie on this PC.
        roster: Who belongs to the home.
        keys: The home's epoch keys.
        lives: How this PC begins a new incarnation.
        signer: This PC's signing key.
        pc: The id of this PC's record.
        blob_key: The home's key for the names of attachments.
        places: By what this PC meets the others, for them to know while the home moves.
    """

    store: Store
    transport: Transport
    shelf: Shelf
    roster: Roster
    keys: EpochKeys
    lives: Lives
    signer: Signer
    pc: int
    blob_key: bytes = dataclasses.field(repr=False)
    places: tuple[str, ...] = ()

    @property
    def is_moving(self) -> bool:
        """Whether this PC goes by several places: what was done in one is to be done in each."""
        return len(self.places) > 1

    @property
    def home(self) -> str:
        """The home's id."""
        return self.store.context.home


class NotYet(Exception):
    """An object cannot be opened yet; it may be later.

    Args:
        reason: Why, as the end of a sentence.
        newer: It needs a newer Liaison.
    """

    def __init__(self, reason: str, *, newer: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.newer = newer


def look(means: Means, data: bytes, kind: int) -> Sealed:
    """Read an object's outside and prove who made it.

    Args:
        means: What the exchange works with.
        data: Its bytes.
        kind: What it must carry.

    Returns:
        The object: of this home, signed by the PC that it names; of a removed PC also what one of
        the home made anew. Its units are signed by the PC that wrote them in any case.

    Raises:
        Refused: It never counts, or is damaged.
        NotYet: Nothing can be said of it yet.
    """
    try:
        found = sealed.read(data)
    except Refused as refused:
        if refused.newer:
            raise NotYet(NEEDS_NEWER, newer=True) from None
        raise
    found = sealed.require_home(found, means.home)
    if found.header.kind != kind:
        raise Refused("it is something else than its name says")
    public = means.roster.signing_key(found.header.pc)
    if public is None:
        raise NotYet(NOT_APPROVED)
    try:
        sealed.require_signature(found, public)
    except Refused:
        if not _is_made_anew(means, found):
            raise
    return found


def _is_made_anew(means: Means, found: Sealed) -> bool:
    """Return whether a PC of the home made a segment of a removed one anew (``inheriting``)."""
    header = found.header
    if not found.stands or means.roster.cut(header.pc, header.incarnation) is None:
        return False
    for pc in means.roster.members():
        public = means.roster.signing_key(pc)
        with contextlib.suppress(Refused):
            if public is not None:
                sealed.require_signature(found, public)
                return True
    return False


def opened(means: Means, found: Sealed) -> bytes:
    """Decrypt an object that was looked at.

    Raises:
        Refused: It does not open with the key it names.
        NotYet: That key has not come yet.
    """
    key = means.keys.key(found.header.epoch)
    if key is not None:
        return sealed.open_body(found, key)
    for maybe in means.keys.spare(found.header.epoch):
        with contextlib.suppress(Refused):
            return sealed.open_body(found, maybe)
    raise NotYet(NO_KEY)


def units_in(means: Means, found: Sealed) -> list[Envelope]:
    """Return the units of a segment that was looked at.

    Raises:
        Refused: What is in it are no whole units of that replica.
        NotYet: Its key has not come yet.
    """
    envelopes = body.decode(opened(means, found), found.header.tag)
    if sum(len(one.changes) for one in envelopes) != found.header.changes:
        raise Refused("it holds another number of changes than it says")
    return envelopes


def name_of(means: Means, found: Sealed) -> str:
    """Return the name a segment should have."""
    header = found.header
    return names.segment(
        means.home,
        header.pc,
        header.incarnation,
        header.seq,
        found.digest,
        header.first if found.stands else 0,
    )


def apart(means: Means, result: Round, name: str, reason: str, size: int) -> None:
    """Set an object apart, with the reason; the storage is not asked for it again."""
    if segments.set_apart(means.store, name, reason, size):
        result.set_apart.append(reason)
    means.shelf.drop(name)
