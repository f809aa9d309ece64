"""Segments that their PCs signed: those that came and wait for their turn, and those kept here."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from liaison.store import outbox, segments
from liaison.sync import names, sealed
from liaison.sync.means import NotYet, look, name_of
from liaison.sync.sealed import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from liaison.store.segments import Frontier
    from liaison.sync.means import Means
    from liaison.sync.sealed import Sealed

Life = tuple[int, int, int]
"""PC, incarnation, tag."""


@dataclasses.dataclass(slots=True)
class Candidate:
    """A segment that its PC signed, and under which name it came."""

    name: str
    sealed: Sealed
    size: int

    @property
    def first(self) -> int:
        """The number of the first segment that it stands for."""
        return self.sealed.header.first

    @property
    def stands(self) -> bool:
        """Whether it stands for others."""
        return self.sealed.stands

    @property
    def seq(self) -> int:
        """Its number."""
        return self.sealed.header.seq


def single_at(means: Means, at: Frontier, seq: int) -> Candidate | None:
    """Return the segment with a number that counts here, if it lies here singly.

    Either it was taken in or sent and is kept, or this PC built it and it was not sent yet.
    """
    start = names.segment(means.home, at.replica.pc, at.replica.incarnation, seq, b"")[:-4]
    # a copy: what turns out to be damaged leaves the shelf
    for name in [name for name in means.shelf.kept if name.startswith(start)]:
        found = kept_under(means, name)
        if found is not None and not found.stands and found.sealed.header.tag == at.replica.tag:
            return found
    for one in outbox.unsent(means.store):
        if (one.tag, one.seq) == (at.replica.tag, seq):
            built = sealed.require_home(sealed.read(one.data), means.home)
            return Candidate(one.name, built, len(one.data))
    return None


def kept_under(means: Means, name: str) -> Candidate | None:
    """Return what is kept under a name; one that turns out to be damaged leaves the shelf."""
    data = means.shelf.read(name)
    if data is None:
        return None
    try:
        return Candidate(name, look(means, data, sealed.SEGMENT), len(data))
    except (Refused, NotYet) as why:
        # damaged on this PC's disk: it is fetched again. Not if whoever made it anew was removed
        # since: it is made anew once more
        if why.reason != sealed.BAD_SIGNATURE:
            means.shelf.forget(name)
        return None


def forget_bundled(means: Means, bundle: Candidate) -> None:
    """Drop the segments that another one stands for: nobody needs them any more."""
    if not bundle.stands:
        return
    header = bundle.sealed.header
    under = name_of(means, bundle.sealed)
    for name in list(means.shelf.kept):
        named = names.read_segment(name)
        if (
            named is not None
            and (named.pc, named.incarnation) == (header.pc, header.incarnation)
            and bundle.first <= named.seq <= bundle.seq
            and name != under
        ):
            means.shelf.forget(name)


def back_to(means: Means, at: Frontier, seq: int, digest: bytes) -> None:
    """Set a replica's segments back to a number, in the transaction that takes their units out.

    Those beyond it are to be doubted afterwards, not before: a crash in between would leave the
    winner of a fork with nothing to be compared with.
    """
    segments.set_frontier(means.store, at.replica.tag, seq, digest)
    outbox.forget(means.store, at.replica.tag, seq)


def doubt_beyond(means: Means, reached: Mapping[tuple[int, int], int]) -> None:
    """Let segments be looked at anew that are kept beyond what has been taken in.

    Args:
        means: What the exchange works with.
        reached: The number of the last segment of each PC's each life that was taken in.
    """
    for name in list(means.shelf.kept):
        named = names.read_segment(name)
        if named is not None and named.seq > reached.get((named.pc, named.incarnation), named.seq):
            means.shelf.doubt(name)


def doubt_what_was_left(means: Means) -> None:
    """Make good what a crash left after units were taken out, or an image put back without the shelf.

    What lies here is not fetched, so without this it would never be taken in.
    """
    kept = filter(None, map(names.read_segment, means.shelf.kept))
    # of a life that nothing is known of all of it
    reached = dict.fromkeys(((named.pc, named.incarnation) for named in kept), 0)
    for at in segments.frontiers(means.store):
        life = at.replica.pc, at.replica.incarnation
        reached[life] = max(at.seq, reached.get(life, 0))
    doubt_beyond(means, reached)
