"""What PCs wrote on that were removed: out of the record, aside for people, or in after all."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from liaison.store import quarantine, segments, withdrawing
from liaison.store.merge import signed_by
from liaison.store.stamps import tag_of
from liaison.sync import names
from liaison.sync.candidates import back_to, doubt_beyond, kept_under
from liaison.sync.means import REMOVED, NotYet, apart, is_of_removed, units_in
from liaison.sync.sealed import NO_HASH, Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison.store.changes import Change, Envelope
    from liaison.store.segments import Frontier
    from liaison.sync.candidates import Candidate, Life
    from liaison.sync.means import Means
    from liaison.sync.rounds import Round

_MOST_LATE_LIVES: Final = 3
"""Lives of a removed PC that nobody had heard of by then: each takes a number that others may need."""


def withdraw_removed(means: Means, result: Round) -> None:
    """Take out what removed PCs wrote after their cut point; take in again what counts after all."""
    for at in segments.frontiers(means.store):
        cut = means.roster.cut(at.replica.pc, at.replica.incarnation)
        if cut is None or at.replica.pc == means.pc or at.replica.seq <= cut:
            continue
        whole = _as_written(means, withdrawing.emptied_beyond(means.store, at.replica.tag, cut))
        seq, digest = _last_before(means, at, cut)
        # together: else a crash would leave segments for taken in whose units are not
        with means.store.together():
            withdrawn = withdrawing.withdraw(means.store, at.replica.tag, cut, REMOVED, whole)
            back_to(means, at, seq, digest)
        doubt_beyond(means, {(at.replica.pc, at.replica.incarnation): seq})
        result.withdrawn += len(withdrawn)
    counts_again = [
        one.name
        for one in segments.apart(means.store)
        if is_of_removed(one.reason)
        and (named := names.read_segment(one.name)) is not None
        and means.roster.cut(named.pc, named.incarnation) is None
    ]
    if counts_again:
        segments.take_back_apart(means.store, counts_again)


def _as_written(means: Means, stamps: frozenset[int]) -> list[Change]:
    """Return changes as their PCs once wrote them, as far as segments on the shelf hold them."""
    lives = {
        (at.replica.pc, at.replica.incarnation)
        for at in segments.frontiers(means.store)
        if at.replica.tag in map(tag_of, stamps)
    }
    found: list[Change] = []
    # what turns out to be damaged leaves the shelf
    for name in sorted(means.shelf.kept) if stamps else ():
        named = names.read_segment(name)
        kept = kept_under(means, name) if named and (named.pc, named.incarnation) in lives else None
        if kept is None:
            continue
        with contextlib.suppress(NotYet, Refused):
            envelopes = units_in(means, kept.sealed)
            found += [one for unit in envelopes for one in unit.changes if one.stamp in stamps]
    return found


def _last_before(means: Means, at: Frontier, cut: int) -> tuple[int, bytes]:
    """Return the last segment that holds nothing beyond a unit: its number and its digest."""
    kept = [
        name
        for name in means.shelf.kept
        if (named := names.read_segment(name)) is not None
        and (named.pc, named.incarnation) == (at.replica.pc, at.replica.incarnation)
    ]
    for name in sorted(kept, reverse=True):
        found = kept_under(means, name)
        if found is None or found.sealed.header.tag != at.replica.tag:
            continue
        try:
            last = units_in(means, found.sealed)[-1].unit.seq
        except (NotYet, Refused):
            continue
        if last <= cut:
            return found.seq, found.sealed.ends_with
    return 0, NO_HASH


def is_after_removal(means: Means, life: Life, one: Candidate, result: Round) -> bool:
    """Set a segment apart that a removed PC wrote behind others that do not count either."""
    cut = means.roster.cut(life[0], life[1])
    if cut is None:
        return False
    try:
        envelopes = units_in(means, one.sealed)
    except (NotYet, Refused):
        return False
    if envelopes[0].unit.seq <= cut:
        return False
    set_late_aside(means, life[0], envelopes, cut)
    apart(means, result, one.name, REMOVED, one.size)
    return True


def set_late_aside(means: Means, pc: int, envelopes: Sequence[Envelope], cut: int) -> None:
    """Keep what a removed PC wrote on for people to look at; it counts only if a manager says so.

    Of what is not fit to be read, or not signed by that PC, only the segment is set apart.
    """
    public = means.roster.signing_key(pc)
    if public is None:
        return
    key = Ed25519PublicKey.from_public_bytes(public)
    late = [
        envelope
        for envelope in envelopes
        if envelope.unit.seq > cut and quarantine.is_fit(envelope) and signed_by(key, envelope.unit)
    ]
    quarantine.set_aside(
        means.store,
        late,
        REMOVED,
        pc=pc,
        most=quarantine.MOST_LATE,
        most_bytes=quarantine.MOST_LATE_BYTES,
    )


def has_enough_lives(means: Means, pc: int, incarnation: int) -> bool:
    """Return whether nothing of a life counts, and enough such lives of its PC are known."""
    if means.roster.cut(pc, incarnation) != 0:
        return False
    known = [one.replica for one in segments.frontiers(means.store) if one.replica.pc == pc]
    idle = [one for one in known if means.roster.cut(pc, one.incarnation) == 0]
    return len(idle) >= _MOST_LATE_LIVES
