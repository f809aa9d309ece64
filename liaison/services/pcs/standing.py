"""How the exchange of a home stands, told without asking the storage."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING

from liaison.records.rules import times
from liaison.services.pcs import belonging, inviting, meeting_places, reviewing
from liaison.store import history, membership, outbox, quarantine, segments
from liaison.sync import names as storage_names
from liaison.sync.means import ERASED, SPARE

if TYPE_CHECKING:
    from liaison.services.homes import OpenHome
    from liaison.services.pcs.meeting_places import Setup


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
    withdrawn = quarantine.withdrawn(home.store)
    decided = quarantine.decided(home.store, (one.unit.id for one, _ in withdrawn))
    return Status(
        meeting_places.read_setup(home.folder),
        unsent=len(outbox.unsent(home.store)),
        apart=tuple(
            Apart(_whose(one.name, names), one.reason, moment(one.at), one.size)
            for one in segments.apart(home.store)
            # nothing is wrong with those: the record has all of it that may be kept
            if one.reason not in {ERASED, SPARE}
        ),
        to_review=tuple(
            Review(by_tag.get(one.unit.tag, ""), why, moment(one.unit.at), len(one.changes))
            for one, why in withdrawn
            # what was written again is where it belongs
            if not quarantine.is_done_again(why)
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
