"""Taking in what other PCs wrote: each replica strictly in order, none blocked by another.

What an object is stands in its signed header. Here it is fetched and proven who made it; of one
replica the segment that comes next is the one that names the last one's digest (``taking``). Two with
one number are settled in ``forks``, what a removed PC wrote on in ``removals``.
"""

from __future__ import annotations

import contextlib
import functools
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from liaison.store import erasing, segments
from liaison.sync import compacting, names, sealed
from liaison.sync.candidates import Candidate
from liaison.sync.means import NotYet, apart, look, name_of, units_in
from liaison.sync.removals import is_after_removal
from liaison.sync.rounds import Waiting
from liaison.sync.sealed import Refused
from liaison.sync.taking import take_life
from liaison.sync.transport import Forbearing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from liaison.sync.candidates import Life
    from liaison.sync.means import Means
    from liaison.sync.rounds import Round

_BEFORE_MISSING: Final = "what that PC wrote before it has not come yet"
_BREAKS: Final = "it does not continue what that PC wrote before"
_ERASED: Final = "something was erased from it, and by whom has not come yet"
_UNREADABLE: Final = (
    "it cannot be read there now: another program holds it, or it was not downloaded yet"
)
_MOST_OLD: Final = 200
"""Segments in one round of which all is here already: they are fetched for the shelf alone."""
_ONCE: Final = 64 * 1024 * 1024
"""Bytes of segments looked at together."""


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
    reading = Forbearing(means.transport)
    pool: dict[Life, list[Candidate]] = defaultdict(list)
    size = 0
    for name in ordered:
        candidate = _look_at(means, reading, name, result, littered)
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
    bundled = compacting.Bundled(compacting.bundles(means))
    for name in sorted(new):
        hint = names.read_segment(name)
        if hint is not None and bundled.has(hint):
            # its PC will take it away; a bundle that is here holds the same
            continue
        if hint is not None and hint.seq <= here.get((hint.pc, hint.incarnation), 0):
            old += 1
            if old > _MOST_OLD:
                continue
        chosen.append(name)
    return chosen


def _look_at(
    means: Means, reading: Forbearing, name: str, result: Round, littered: set[str]
) -> Candidate | None:
    """Fetch one object and prove who made it; None if it cannot be taken in now."""
    hint = names.read_segment(name)
    data = means.shelf.read_fetched(name)
    if data is None:
        data = reading.get(name)
        if data is None:
            if name in reading.unread:
                result.waiting.append(Waiting(hint.pc if hint else 0, name, _UNREADABLE))
            return None
        means.shelf.fetch(name, data)
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
    return Candidate(name, found, len(data))


def _is_as_named(name: str, data: bytes) -> bool:
    """Return whether an object has the bytes that its name was made from, but for the signature."""
    hint = names.read_segment(name)
    return hint is not None and sealed.digest_of(data).hex()[:32] == hint.hash


def _refuse(means: Means, result: Round, name: str, data: bytes, refused: Refused) -> None:
    hint = names.read_segment(name)
    if refused.damaged or not _is_as_named(name, data):
        # half written, a flipped bit: it is fetched anew with every round until it is whole
        means.shelf.drop(name)
        if hint is None and not data.startswith(sealed.MAGIC):
            # what a system or a cloud program lays into every folder never was one of ours
            return
        result.waiting.append(Waiting(hint.pc if hint else 0, name, refused.reason))
        if hint is not None:
            result.damaged.append(name)
        return
    if refused.reason == sealed.BAD_SIGNATURE:
        result.damaged.append(name)
    apart(means, result, name, refused.reason, len(data))


def _take_all(
    means: Means, pool: dict[Life, list[Candidate]], result: Round, *, last: bool = False
) -> None:
    """Take in what follows, of one replica after the other; until nothing more can be.

    News of a PC or a key may come with another PC's segment, so whoever waited is tried again.
    """
    while pool:
        before = sum(map(len, pool.values()))
        erasures = functools.cache(functools.partial(_erasures_in, means, pool))
        for life in sorted(pool):
            pool[life] = take_life(means, life, pool[life], result, erasures)
        for life in [life for life, left in pool.items() if not left]:
            del pool[life]
        if sum(map(len, pool.values())) == before:
            break
    if last:
        for life, left in pool.items():
            for one in left:
                if is_after_removal(means, life, one, result) or _is_over(means, life):
                    continue
                reason = _why_waiting(means, life, one)
                result.waiting.append(Waiting(life[0], one.name, reason))


def _erasures_in(means: Means, pool: dict[Life, list[Candidate]]) -> frozenset[tuple[int, bytes]]:
    """Return what the erasures name that are in segments which wait.

    A segment may lack what a later one erased, of its own PC or of one that waits for it.
    """
    named: set[tuple[int, bytes]] = set()
    for one in [one for several in pool.values() for one in several]:
        with contextlib.suppress(NotYet, Refused):
            for envelope in units_in(means, one.sealed):
                named |= erasing.named_in(envelope.changes)
    return frozenset(named)


def _is_over(means: Means, life: Life) -> bool:
    """Return whether nothing more is expected of a PC: it was removed, and what counts is here."""
    cut, at = means.roster.cut(life[0], life[1]), segments.frontier(means.store, life[2])
    return cut is not None and at is not None and at.replica.seq >= cut


def _why_waiting(means: Means, life: Life, candidate: Candidate) -> str:
    at = segments.frontier(means.store, life[2])
    if at is not None and candidate.first == at.seq + 1 != 1:
        return (
            _BREAKS if candidate.sealed.header.previous != at.digest else _reason(means, candidate)
        )
    return _BEFORE_MISSING if candidate.first > 1 else _reason(means, candidate)


def _reason(means: Means, candidate: Candidate) -> str:
    """Return why a segment that comes next cannot be opened."""
    try:
        envelopes = units_in(means, candidate.sealed)
    except (NotYet, Refused) as why:
        return why.reason
    return _BEFORE_MISSING if segments.is_vouched(means.store, envelopes, ()) else _ERASED
