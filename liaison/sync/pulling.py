"""Taking in what other PCs wrote: each replica strictly in order, none blocked by another.

What an object is stands in its signed header. Of one replica the segment that comes next is the one
that names the last one's digest; two with one number (a PC restored from an image) are told apart
by a rule that gives every PC the same answer, and what the loser held is written again by its PC.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from liaison.store import erasing, segments, withdrawing
from liaison.store.merge import signed_by
from liaison.store.replicas import Replica
from liaison.store.stamps import tag_of
from liaison.store.unit import MOST_CHANGES
from liaison.sync import compacting, names, sealed
from liaison.sync.means import (
    ERASED,
    FORKED,
    REMOVED,
    NotYet,
    apart,
    is_of_removed,
    look,
    name_of,
    units_in,
)
from liaison.sync.rounds import Waiting
from liaison.sync.sealed import NO_HASH, Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from liaison.store.changes import Change, Envelope
    from liaison.store.segments import Frontier
    from liaison.sync.means import Means
    from liaison.sync.rounds import Round
    from liaison.sync.sealed import Sealed

_BEFORE_MISSING: Final = "what that PC wrote before it has not come yet"
_BREAKS: Final = "it does not continue what that PC wrote before"
_ERASED: Final = "something was erased from it, and by whom has not come yet"
_TAG_TAKEN: Final = "another PC of the home already goes by its number"
_WRITTEN_AGAIN: Final = "Written before this PC was restored."
_DONE_AGAIN: Final = f"{FORKED}; it was written again"
_MOST_OLD: Final = 200
"""Segments in one round of which all is here already: they are fetched for the shelf alone."""
_MOST_LATE_LIVES: Final = 3
"""Lives of a removed PC that nobody had heard of by then: each takes a number that others may need."""
_ONCE: Final = 64 * 1024 * 1024
"""Bytes of segments looked at together."""

Life = tuple[int, int, int]
"""PC, incarnation, tag."""
Erasures = Callable[[], frozenset[tuple[int, bytes]]]
"""What erasures say that have come and wait for their turn: changes, and what those hash to now."""


@dataclasses.dataclass(slots=True)
class _Candidate:
    """A segment that its PC signed, and under which name it came."""

    name: str
    sealed: Sealed
    size: int

    @property
    def first(self) -> int:
        return self.sealed.header.first

    @property
    def seq(self) -> int:
        return self.sealed.header.seq


def pull(means: Means, there: Iterable[str], result: Round, littered: set[str]) -> None:
    """Take in everything that can be taken in.

    Args:
        means: What the exchange works with.
        there: The names of all segments in the storage.
        result: What is noted on the way.
        littered: Names that were found to be copies of something; kept from round to round.
    """
    # an object is named by all of its bytes but the signature: the true one may take the place
    set_apart = {
        one.name for one in segments.apart(means.store) if one.reason != sealed.BAD_SIGNATURE
    }
    new = {
        name
        for name in (*there, *means.shelf.fetched)
        if name not in means.shelf.kept
        and name not in set_apart
        and name not in littered
        and names.is_safe(name)
    }
    # names only give an order to look in: those that are none come last
    ordered = sorted(
        _not_too_many_old(means, new), key=lambda name: (names.read_segment(name) is None, name)
    )
    pool: dict[Life, list[_Candidate]] = defaultdict(list)
    size = 0
    for name in ordered:
        candidate = _look_at(means, name, result, littered)
        if candidate is None:
            continue
        header = candidate.sealed.header
        pool[header.pc, header.incarnation, header.tag].append(candidate)
        size += candidate.size
        if size > _ONCE:
            _take_all(means, pool, result)
            size = 0
    _take_all(means, pool, result, last=True)


def _not_too_many_old(means: Means, new: set[str]) -> list[str]:
    """Leave out most of what a first fill has brought already: it fills the shelf by and by."""
    here = {
        (at.replica.pc, at.replica.incarnation): at.seq for at in segments.frontiers(means.store)
    }
    chosen: list[str] = []
    old = 0
    bundled = compacting.bundles(means)
    for name in sorted(new):
        hint = names.read_segment(name)
        if hint is not None and compacting.is_bundled(hint, bundled):
            # its PC will take it away; a bundle that is here holds the same
            continue
        if hint is not None and hint.seq <= here.get((hint.pc, hint.incarnation), 0):
            old += 1
            if old > _MOST_OLD:
                continue
        chosen.append(name)
    return chosen


def _look_at(means: Means, name: str, result: Round, littered: set[str]) -> _Candidate | None:
    """Fetch one object and prove who made it; None if it cannot be taken in now."""
    data = means.shelf.read_fetched(name)
    if data is None:
        data = means.transport.get(name)
        if data is None:
            return None
        means.shelf.fetch(name, data)
    hint = names.read_segment(name)
    try:
        found = look(means, data, sealed.SEGMENT)
    except NotYet as wait:
        result.waiting.append(Waiting(hint.pc if hint else 0, name, wait.reason, wait.newer))
        if not _is_as_named(name, data):
            # nothing is proven of it: something else may lie there the next time
            means.shelf.drop(name)
        return None
    except Refused as refused:
        _refuse(means, result, name, data, refused)
        return None
    segments.take_back_apart(means.store, [name])
    under = name_of(means, found)
    if under != name and under in means.shelf.kept:
        # the "(1)" that a cloud program made of what is here already
        littered.add(name)
        means.shelf.drop(name)
        return None
    return _Candidate(name, found, len(data))


def _is_as_named(name: str, data: bytes) -> bool:
    """Return whether an object has the bytes that its name was made from, but for the signature."""
    hint = names.read_segment(name)
    return hint is not None and sealed.digest_of(data).hex()[:32] == hint.hash


def _refuse(means: Means, result: Round, name: str, data: bytes, refused: Refused) -> None:
    hint = names.read_segment(name)
    if refused.damaged or not _is_as_named(name, data):
        # half written, a flipped bit: it is fetched anew with every round until it is whole
        result.waiting.append(Waiting(hint.pc if hint else 0, name, refused.reason))
        if hint is not None:
            result.damaged.append(name)
        means.shelf.drop(name)
        return
    if refused.reason == sealed.BAD_SIGNATURE:
        result.damaged.append(name)
    apart(means, result, name, refused.reason, len(data))


def _take_all(
    means: Means, pool: dict[Life, list[_Candidate]], result: Round, *, last: bool = False
) -> None:
    """Take in what follows, of one replica after the other; until nothing more can be.

    News of a PC or a key may come with another PC's segment, so whoever waited is tried again.
    """
    while pool:
        before = sum(map(len, pool.values()))
        erasures = functools.cache(functools.partial(_erasures_in, means, pool))
        for life in sorted(pool):
            pool[life] = _take_life(means, life, pool[life], result, erasures)
        for life in [life for life, left in pool.items() if not left]:
            del pool[life]
        if sum(map(len, pool.values())) == before:
            break
    if last:
        for life, left in pool.items():
            for one in left:
                if _is_after_removal(means, life, one, result):
                    continue
                reason = _why_waiting(means, life, one)
                result.waiting.append(Waiting(life[0], one.name, reason))


def _erasures_in(means: Means, pool: dict[Life, list[_Candidate]]) -> frozenset[tuple[int, bytes]]:
    """Return what the erasures name that are in segments which wait.

    A segment may lack what a later one erased, of its own PC or of one that waits for it.
    """
    named: set[tuple[int, bytes]] = set()
    for one in [one for several in pool.values() for one in several]:
        with contextlib.suppress(NotYet, Refused):
            for envelope in units_in(means, one.sealed):
                named |= erasing.named_in(envelope.changes)
    return frozenset(named)


def _is_after_removal(means: Means, life: Life, one: _Candidate, result: Round) -> bool:
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
    _set_late_aside(means, life[0], envelopes, cut)
    apart(means, result, one.name, REMOVED, one.size)
    return True


def _set_late_aside(means: Means, pc: int, envelopes: Sequence[Envelope], cut: int) -> None:
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
        if envelope.unit.seq > cut
        and withdrawing.is_fit(envelope)
        and signed_by(key, envelope.unit)
    ]
    withdrawing.set_aside(
        means.store,
        late,
        REMOVED,
        most=withdrawing.MOST_LATE,
        most_bytes=withdrawing.MOST_LATE_BYTES,
    )


def _why_waiting(means: Means, life: Life, candidate: _Candidate) -> str:
    at = segments.frontier(means.store, life[2])
    if at is not None and candidate.first == at.seq + 1 != 1:
        return (
            _BREAKS
            if candidate.sealed.header.previous != at.digest
            else candidate_reason(means, candidate)
        )
    return _BEFORE_MISSING if candidate.first > 1 else candidate_reason(means, candidate)


def candidate_reason(means: Means, candidate: _Candidate) -> str:
    """Return why a segment that comes next cannot be opened."""
    try:
        envelopes = units_in(means, candidate.sealed)
    except (NotYet, Refused) as why:
        return why.reason
    return _BEFORE_MISSING if segments.is_vouched(means.store, envelopes, ()) else _ERASED


def _take_life(
    means: Means,
    life: Life,
    candidates: list[_Candidate],
    result: Round,
    erasures: Erasures,
) -> list[_Candidate]:
    """Take in what follows of one replica; return what is left of its segments."""
    pc, incarnation, tag = life
    left = sorted(candidates, key=lambda one: (one.first, -one.seq, one.sealed.digest))
    while True:
        at = segments.frontier(means.store, tag)
        if at is None:
            public = means.roster.signing_key(pc)
            begins = any(one.first == 1 for one in left)
            if public is None or not begins or _has_enough_lives(means, pc, incarnation):
                return left
            segments.admit_replica(means.store, Replica(tag, pc, incarnation, public))
            continue
        if (at.replica.pc, at.replica.incarnation) != (pc, incarnation):
            for one in left:
                apart(means, result, one.name, _TAG_TAKEN, one.size)
            return []
        left, changed = _settle_old(means, at, left, result)
        if changed:
            continue
        batch, left = _next_batch(means, at, left, result, erasures)
        if not batch:
            return left


def _has_enough_lives(means: Means, pc: int, incarnation: int) -> bool:
    """Return whether nothing of a life counts, and enough such lives of its PC are known."""
    if means.roster.cut(pc, incarnation) != 0:
        return False
    known = [one.replica for one in segments.frontiers(means.store) if one.replica.pc == pc]
    idle = [one for one in known if means.roster.cut(pc, one.incarnation) == 0]
    return len(idle) >= _MOST_LATE_LIVES


def _next_batch(
    means: Means, at: Frontier, left: list[_Candidate], result: Round, erasures: Erasures
) -> tuple[bool, list[_Candidate]]:
    """Take in as many segments as share a transaction; return whether any, and the rest."""
    run: list[tuple[_Candidate, list[Envelope]]] = []
    seq, digest, size = at.seq, at.digest, 0
    rest = list(left)
    while (one := _next(rest, seq, digest)) is not None:
        count = one.sealed.header.changes
        if run and size + count > MOST_CHANGES:
            break
        try:
            envelopes = units_in(means, one.sealed)
        except NotYet:
            # tried again when a key has come
            break
        except Refused as refused:
            if run:
                # what comes before it first
                break
            rest.remove(one)
            apart(means, result, one.name, refused.reason, one.size)
            return True, rest
        rest.remove(one)
        run.append((one, envelopes))
        seq, digest, size = one.seq, one.sealed.ends_with, size + count
    if not run:
        return False, rest
    came = [envelope for _, several in run for envelope in several]
    told = erasures() if any(envelope.lacks_content for envelope in came) else frozenset()
    if _take(means, at, run, result, told):
        return True, rest
    if not segments.is_vouched(means.store, run[0][1], told):
        # it may be all that is left of what it stands for: it waits
        return False, left
    # which of them is not good is found one by one
    again = [one for one, _ in run[1:]]
    _take(means, at, run[:1], result, told, alone=True)
    return True, [*again, *rest]


def _next(left: Sequence[_Candidate], seq: int, digest: bytes) -> _Candidate | None:
    """Return the segment that comes after a number: the one that reaches farthest, then the lower."""
    fits = [
        one
        for one in left
        if one.first <= seq + 1 <= one.seq
        and (one.first <= seq or one.sealed.header.previous == digest)
    ]
    return min(fits, key=lambda one: (-one.seq, one.sealed.digest), default=None)


def _take(
    means: Means,
    at: Frontier,
    run: Sequence[tuple[_Candidate, list[Envelope]]],
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
            _set_late_aside(means, pc, envelopes, cut)
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
            _forget_bundled(means, one)
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


def _forget_bundled(means: Means, bundle: _Candidate) -> None:
    """Drop the single segments that a bundle stands for: nobody needs them any more."""
    if bundle.first == bundle.seq:
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


# ---- two segments with one number


def _settle_old(
    means: Means, at: Frontier, left: Sequence[_Candidate], result: Round
) -> tuple[list[_Candidate], bool]:
    """Deal with segments whose number was taken in before; return the rest, and whether any won."""
    rest: list[_Candidate] = []
    for one in left:
        if one.seq > at.seq:
            if _follows_a_loser(means, at, one):
                _lose(means, at, one, result)
            else:
                rest.append(one)
            continue
        known = _kept_at(means, at, one.seq)
        if known is None or one.first != one.seq:
            # inside a bundle, or a bundle itself of what is here
            _settle_bundle(means, at, one, result)
        elif known.sealed.digest == one.sealed.digest:
            means.shelf.drop(one.name)
        elif one.sealed.digest < known.sealed.digest and _chains(means, at, one):
            _rewind(means, at, known)
            return [*[other for other in left if other is not known]], True
        else:
            _lose(means, at, one, result)
    return rest, False


def _settle_bundle(means: Means, at: Frontier, one: _Candidate, result: Round) -> None:
    """Take a bundle in the place of what it stands for, if it says the same; else set it apart."""
    try:
        envelopes = units_in(means, one.sealed)
    except NotYet:
        return
    except Refused as refused:
        apart(means, result, one.name, refused.reason, one.size)
        return
    if segments.first_difference(means.store, at.replica.tag, envelopes) is not None:
        _lose(means, at, one, result)
        return
    if _is_outdated(means, one, envelopes):
        segments.set_apart(means.store, one.name, ERASED, one.size)
        means.shelf.drop(one.name)
        return
    means.shelf.keep(one.name, name_of(means, one.sealed))
    _forget_bundled(means, one)


def _is_outdated(means: Means, one: _Candidate, envelopes: Sequence[Envelope]) -> bool:
    """Return whether a segment holds what was erased since, and what is here does without it."""
    named = names.read_segment(name_of(means, one.sealed))
    assert named is not None  # noqa: S101  # made just now
    gone = means.roster.cut(named.pc, named.incarnation) is not None
    return (gone or compacting.is_covered(named, compacting.bundles(means))) and (
        erasing.still_holds(means.store.connection, envelopes)
    )


def _chains(means: Means, at: Frontier, one: _Candidate) -> bool:
    if one.seq == 1:
        return one.sealed.header.previous == NO_HASH
    before = _kept_at(means, at, one.seq - 1)
    return before is not None and before.sealed.ends_with == one.sealed.header.previous


def _kept_at(means: Means, at: Frontier, seq: int) -> _Candidate | None:
    """Return the segment with a number that was taken in, if it is kept singly."""
    start = names.segment(means.home, at.replica.pc, at.replica.incarnation, seq, b"")[:-4]
    # a copy: what turns out to be damaged leaves the shelf
    for name in [name for name in means.shelf.kept if name.startswith(start)]:
        found = _kept(means, name)
        single = found is not None and found.first == found.seq
        if found is not None and single and found.sealed.header.tag == at.replica.tag:
            return found
    return None


def _kept(means: Means, name: str) -> _Candidate | None:
    data = means.shelf.read(name)
    if data is None:
        return None
    try:
        return _Candidate(name, look(means, data, sealed.SEGMENT), len(data))
    except (Refused, NotYet):
        # damaged on this PC's disk: it is fetched again
        means.shelf.forget(name)
        return None


def _rewind(means: Means, at: Frontier, known: _Candidate) -> None:
    """Go back before a segment that lost: another one with its number counts."""
    first = units_in(means, known.sealed)[0].unit.seq
    header = known.sealed.header
    withdrawing.withdraw(means.store, at.replica.tag, first - 1, FORKED)
    back_to(means, at, header.seq - 1, header.previous)


def back_to(means: Means, at: Frontier, seq: int, digest: bytes) -> None:
    """Set a replica's segments back to a number; those beyond it are looked at anew."""
    segments.set_frontier(means.store, at.replica.tag, seq, digest)
    segments.forget_outbox(means.store, at.replica.tag, seq)
    for name in list(means.shelf.kept):
        named = names.read_segment(name)
        if (
            named is not None
            and (named.pc, named.incarnation) == (at.replica.pc, at.replica.incarnation)
            and named.seq > seq
        ):
            means.shelf.doubt(name)


def _follows_a_loser(means: Means, at: Frontier, one: _Candidate) -> bool:
    previous = one.sealed.header.previous.hex()[:32]
    if one.sealed.header.previous in {at.digest, NO_HASH}:
        return False
    return any(
        set_apart.reason == FORKED
        and (named := names.read_segment(set_apart.name)) is not None
        and named.hash == previous
        for set_apart in segments.apart(means.store)
    )


def _lose(means: Means, at: Frontier, one: _Candidate, result: Round) -> None:
    """Set a segment apart that another one with its number beat; its own PC writes it again."""
    name = name_of(means, one.sealed)
    if at.replica.pc == means.pc:
        try:
            envelopes = units_in(means, one.sealed)
        except (NotYet, Refused):
            envelopes = []
        lost = [
            envelope
            for envelope in envelopes
            if segments.first_difference(means.store, at.replica.tag, [envelope]) is not None
            or at.replica.seq < envelope.unit.seq
        ]
        with means.store.together():
            withdrawing.set_aside(means.store, lost, FORKED)
            segments.set_apart(means.store, name, FORKED, one.size)
        result.set_apart.append(FORKED)
    else:
        apart(means, result, name, FORKED, one.size)
    means.shelf.drop(one.name)


def write_again(means: Means, result: Round) -> None:
    """Write what forks of this PC held again, once nothing of its earlier lives is to come."""
    if all(wait.pc != means.pc for wait in result.waiting):
        result.written_again += withdrawing.write_again(
            means.store, means.pc, FORKED, _DONE_AGAIN, _WRITTEN_AGAIN
        )


# ---- PCs that were removed


def withdraw_removed(means: Means, result: Round) -> None:
    """Take out what removed PCs wrote after their cut point; take in again what counts after all."""
    for at in segments.frontiers(means.store):
        cut = means.roster.cut(at.replica.pc, at.replica.incarnation)
        if cut is None or at.replica.pc == means.pc or at.replica.seq <= cut:
            continue
        whole = _as_written(means, withdrawing.emptied_beyond(means.store, at.replica.tag, cut))
        withdrawn = withdrawing.withdraw(means.store, at.replica.tag, cut, REMOVED, whole)
        result.withdrawn += len(withdrawn)
        seq, digest = _last_before(means, at, cut)
        back_to(means, at, seq, digest)
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
        kept = _kept(means, name) if named and (named.pc, named.incarnation) in lives else None
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
        found = _kept(means, name)
        if found is None or found.sealed.header.tag != at.replica.tag:
            continue
        try:
            last = units_in(means, found.sealed)[-1].unit.seq
        except (NotYet, Refused):
            continue
        if last <= cut:
            return found.seq, found.sealed.ends_with
    return 0, NO_HASH
