"""Taking one replica's segments into the log: those that follow, as many as share a transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from liaison.store import segments, withdrawing
from liaison.store.merge import signed_by
from liaison.store.replicas import Replica
from liaison.store.unit import MOST_CHANGES
from liaison.sync.candidates import forget_bundled
from liaison.sync.forks import settle_old
from liaison.sync.means import FORKED, REMOVED, NotYet, apart, name_of, units_in
from liaison.sync.removals import has_enough_lives, set_late_aside
from liaison.sync.sealed import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison.store.changes import Envelope
    from liaison.store.segments import Frontier
    from liaison.sync.candidates import Candidate, Life
    from liaison.sync.means import Means
    from liaison.sync.rounds import Round

Erasures = Callable[[], frozenset[tuple[int, bytes]]]
"""What erasures say that have come and wait for their turn: changes, and what those hash to now."""
_TAG_TAKEN: Final = "another PC of the home already goes by its number"


def take_life(
    means: Means,
    life: Life,
    candidates: list[Candidate],
    result: Round,
    erasures: Erasures,
) -> list[Candidate]:
    """Take in what follows of one replica; return what is left of its segments."""
    pc, incarnation, tag = life
    left = sorted(candidates, key=lambda one: (one.first, -one.seq, one.sealed.digest))
    held: list[Candidate] = []
    while True:
        at = segments.frontier(means.store, tag)
        if at is None:
            public = means.roster.signing_key(pc)
            begins = any(one.first == 1 for one in left)
            if public is None or not begins or has_enough_lives(means, pc, incarnation):
                return [*held, *left]
            segments.admit_replica(means.store, Replica(tag, pc, incarnation, public))
            continue
        if (at.replica.pc, at.replica.incarnation) != (pc, incarnation):
            for one in left:
                apart(means, result, one.name, _TAG_TAKEN, one.size)
            return []
        left, changed = settle_old(means, at, left, result)
        if changed:
            continue
        batch, left = _next_batch(means, at, left, held, result, erasures)
        if not batch:
            return [*held, *left]


def _next_batch(  # noqa: PLR0917  # what there is to take, and with what
    means: Means,
    at: Frontier,
    left: list[Candidate],
    held: list[Candidate],
    result: Round,
    erasures: Erasures,
) -> tuple[bool, list[Candidate]]:
    """Take in as many segments as share a transaction; return whether any, and the rest.

    What cannot be taken in yet goes to those that are held: another one may fit its place.
    """
    run: list[tuple[Candidate, list[Envelope]]] = []
    seq, digest, size, units = at.seq, at.digest, 0, at.replica.seq
    removed = means.roster.cut(at.replica.pc, at.replica.incarnation) is not None
    rest = list(left)
    while (one := _next(rest, seq, digest, farthest=not removed)) is not None:
        count = one.sealed.header.changes
        if run and size + count > MOST_CHANGES:
            break
        try:
            envelopes = units_in(means, one.sealed)
        except NotYet:
            if run:
                break
            # tried again when a key has come
            rest.remove(one)
            held.append(one)
            continue
        except Refused as refused:
            if run:
                # what comes before it first
                break
            rest.remove(one)
            apart(means, result, one.name, refused.reason, one.size)
            return True, rest
        rest.remove(one)
        if removed and one.stands and not _may_stand(at, envelopes, units):
            held.append(one)
            continue
        run.append((one, envelopes))
        seq, digest, size = one.seq, one.sealed.ends_with, size + count
        units = max(units, envelopes[-1].unit.seq)
    if not run:
        return False, rest
    came = [envelope for _, several in run for envelope in several]
    told = erasures() if any(envelope.lacks_content for envelope in came) else frozenset()
    if _take(means, at, run, result, told):
        return True, rest
    if not segments.is_vouched(means.store, run[0][1], told):
        # it may be all that is left of what it stands for: it waits
        first = run[0][0]
        held.append(first)
        return True, [one for one in left if one is not first and one not in held]
    # which of them is not good is found one by one
    again = [one for one, _ in run[1:]]
    _take(means, at, run[:1], result, told, alone=True)
    return True, [*again, *rest]


def _may_stand(at: Frontier, envelopes: Sequence[Envelope], units: int) -> bool:
    """Return whether what stands for a removed PC's segments is to be taken in.

    Args:
        at: How far its segments have come.
        envelopes: What is in it.
        units: The number of its last unit that is here.
    """
    if envelopes[-1].unit.seq <= units:
        # it would only use up numbers, so that what is still to come looked old
        return False
    # another PC may have made it: each signature is looked at, not the last one's alone
    key = Ed25519PublicKey.from_public_bytes(at.replica.public_key)
    return all(signed_by(key, one.unit) for one in envelopes)


def _next(
    left: Sequence[Candidate], seq: int, digest: bytes, *, farthest: bool
) -> Candidate | None:
    """Return the segment that comes after a number: the one that reaches farthest, then the lower.

    A removed PC could still say of one that it stands for any number, so of its segments the nearest.
    """
    fits = [
        one
        for one in left
        if one.first <= seq + 1 <= one.seq
        and (one.first <= seq or one.sealed.header.previous == digest)
    ]
    way = -1 if farthest else 1
    return min(fits, key=lambda one: (way * one.seq, one.sealed.digest), default=None)


def _take(
    means: Means,
    at: Frontier,
    run: Sequence[tuple[Candidate, list[Envelope]]],
    result: Round,
    told: frozenset[tuple[int, bytes]],
    *,
    alone: bool = False,
) -> bool:
    """Take in segments that follow each other; what is wrong is dealt with only if asked to.

    Returns:
        Whether they are in.
    """
    pc, tag = at.replica.pc, at.replica.tag
    envelopes = [envelope for _, several in run for envelope in several]
    last = run[-1][0]
    cut = means.roster.cut(pc, at.replica.incarnation)
    if cut is not None and envelopes[-1].unit.seq > cut:
        if alone:
            _take_until(means, at, envelopes, cut)
            set_late_aside(means, pc, envelopes, cut)
            apart(means, result, last.name, REMOVED, last.size)
        return False
    ours = pc == means.pc
    problem = segments.take(
        means.store,
        tag,
        envelopes,
        seq=last.seq,
        digest=last.sealed.ends_with,
        ours=ours,
        told=told,
    )
    if not problem:
        for one, several in run:
            means.shelf.keep(one.name, name_of(means, one.sealed))
            forget_bundled(means, one)
            result.taken += 1
            result.changes += sum(len(envelope.changes) for envelope in several)
        return True
    if alone:
        differs = segments.first_difference(means.store, tag, envelopes)
        if ours and differs is not None:
            # this PC was set back and wrote on: what it wrote since was never sent
            withdrawing.withdraw(means.store, tag, differs - 1, FORKED)
            _take(means, at, run, result, told)
        else:
            apart(means, result, last.name, problem, last.size)
    return False


def _take_until(means: Means, at: Frontier, envelopes: Sequence[Envelope], cut: int) -> None:
    """Take in what still counts of a segment of a removed PC."""
    good = [envelope for envelope in envelopes if envelope.unit.seq <= cut]
    if good:
        segments.take(means.store, at.replica.tag, good, seq=at.seq, digest=at.digest, ours=False)
