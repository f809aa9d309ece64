"""Tidying up: many small segments of this PC become one, once every other PC has passed them.

A bundle is a segment like any other that stands for a stretch of numbers. It is in the storage, and
was read back from there, before anything it stands for goes; a crash in between leaves both, which
harms nobody. What was erased by law meanwhile is not in it; a bundle that was made before is made
anew. Where nothing may be taken away, the storage keeps what it has.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.store import outbox, segments
from liaison.store.merge import units_after
from liaison.store.unit import MOST_CHANGES
from liaison.sync import body, names, sealed
from liaison.sync.means import FORKED, NotYet, look, name_of, units_in
from liaison.sync.sealed import Header, Refused
from liaison.sync.stopping import Stopped
from liaison.sync.transport import Removing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from liaison.store.changes import Envelope
    from liaison.store.segments import Frontier
    from liaison.sync.means import Means
    from liaison.sync.names import Named
    from liaison.sync.sealed import Sealed

WORTH_IT: Final = 128
"""Single segments that are bundled together at least: fewer are no burden."""
_FEWEST: Final = 2
_TEXT: Final = 16 * 1024 * 1024


def bundles(means: Means, there: Collection[str] | None = None) -> list[Named]:
    """Return the bundles that were proven and are kept here, and what was made anew.

    Args:
        means: What the exchange works with.
        there: Only those of these names; None for all.
    """
    kept = means.shelf.kept
    found = map(names.read_segment, kept if there is None else kept.intersection(there))
    return [named for named in found if named is not None and named.stands]


class Bundled:
    """What some bundles stand for: to be asked of each segment, however many of both there are.

    Args:
        kept: The bundles.
    """

    def __init__(self, kept: Iterable[Named]) -> None:
        spans: defaultdict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
        for one in kept:
            spans[one.pc, one.incarnation].append((one.first, one.seq))
        # where they begin, and how far those that begin there or before go
        self._of = {
            life: ([first for first, _ in found], [*accumulate((seq for _, seq in found), max)])
            for life, several in spans.items()
            if (found := sorted(several))
        }

    def has(self, single: Named) -> bool:
        """Return whether one of them stands for a single segment."""
        firsts, farthest = self._of.get((single.pc, single.incarnation), ([], []))
        place = bisect_right(firsts, single.first)
        return not single.stands and place > 0 and single.seq <= farthest[place - 1]


def is_covered(named: Named, kept: Iterable[Named]) -> bool:
    """Return whether one of some other bundles stands for everything that a segment stands for."""
    return any(
        (one.pc, one.incarnation) == (named.pc, named.incarnation)
        and one.first <= named.first
        and named.seq <= one.seq
        and one != named
        for one in kept
    )


def forget_covered(means: Means) -> None:
    """Drop what other PCs bundled from the shelf, where the bundle is.

    Both lie there if they came together, or if a crash came while the single ones were dropped; they
    would be given back to the storage each time their PC takes them away.

    Args:
        means: What the exchange works with.
    """
    kept = bundles(means)
    bundled = Bundled(kept)
    for name in list(means.shelf.kept) if kept else ():
        named = names.read_segment(name)
        if (
            named is not None
            and named.pc != means.pc
            and bundled.has(named)
            and means.roster.cut(named.pc, named.incarnation) is None
        ):
            means.shelf.forget(name)


def passed(means: Means, at: Frontier) -> int:
    """Return up to which number every other PC of the home says to have a life's segments."""
    claims = segments.claims(means.store)
    others = means.roster.members() - {means.pc}
    life = at.replica.pc, at.replica.incarnation
    # a PC that is alone waits for nobody
    return min((claims.get((pc, *life), 0) for pc in others), default=at.seq)


def compact(means: Means, there: Collection[str], dirty: Collection[str] = ()) -> int:
    """Bundle old segments of this PC, if it is worth it and everybody has them.

    Args:
        means: What the exchange works with.
        there: The names of all segments that the storage showed at the beginning of the round.
        dirty: The names of bundles of this PC that hold what was erased since: they are made anew.

    Returns:
        How many segments the storage has fewer.

    Raises:
        UserError: The storage would not go on.
    """
    transport = means.transport
    if not isinstance(transport, Removing):
        return 0
    gone = _take_away(means, transport, there)
    for at in segments.frontiers(means.store):
        if at.replica.pc == means.pc:
            singles = _passed(means, at, there)
            least = _least(means, at, singles)
            made = len(singles) >= least and _bundle(means, at, singles, least)
            made |= _make_anew(means, at, dirty)
            if made:
                gone += _take_away(means, transport, there)
    return gone


def _make_anew(means: Means, at: Frontier, dirty: Iterable[str]) -> bool:
    """Make bundles without what was erased since; return whether any was."""
    until = passed(means, at)
    made = False
    for name in dirty:
        named = names.read_segment(name)
        if named is None or (named.pc, named.incarnation) != (means.pc, at.replica.incarnation):
            continue
        # after a crash the new one may lie beside the old one
        lies = is_covered(named, bundles(means))
        if lies or (named.seq <= until and _bundle(means, at, [name], 1)):
            means.shelf.forget(name)
            made = True
    return made


def _take_away(means: Means, transport: Removing, there: Iterable[str]) -> int:
    """Take segments of this PC away that one of its bundles stands for."""
    kept = bundles(means)
    gone = 0
    for name in there:
        named = names.read_segment(name)
        if named is None or named.pc != means.pc or not is_covered(named, kept):
            continue
        if named.stands and name in means.shelf.kept:
            # of two that stand for the same, the one that is kept counts
            continue
        means.shelf.forget(name)
        try:
            transport.remove(name)
        except Stopped:
            raise
        except UserError:
            # a key that may not: whatever else is there would be refused too
            break
        gone += 1
    return gone


def _passed(means: Means, at: Frontier, there: Collection[str]) -> list[str]:
    """Return the single segments of a life that follow each other and that every PC has."""
    life = at.replica.pc, at.replica.incarnation
    until = min(passed(means, at), _undivided(means, at))
    bundled = Bundled(bundles(means))
    found: dict[int, str] = {}
    for name in means.shelf.kept.intersection(there):
        named = names.read_segment(name)
        if (
            named is not None
            and (named.pc, named.incarnation) == life
            and named.first == named.seq <= until
            and not bundled.has(named)
        ):
            found[named.seq] = name
    run: list[str] = []
    for seq in sorted(found):
        if run and seq - 1 not in found:
            break
        run.append(found[seq])
    return run


def _undivided(means: Means, at: Frontier) -> int:
    """Return up to which number a life of this PC has one line only.

    Of what comes after it a PC may have said that it has it and meant the other line: it settles
    which of them counts by single segments, and a bundle would leave it none.
    """
    lost = [
        named.first
        for one in segments.apart(means.store)
        if one.reason == FORKED
        and (named := names.read_segment(one.name)) is not None
        and (named.pc, named.incarnation) == (at.replica.pc, at.replica.incarnation)
    ]
    return min(lost, default=at.seq + 1) - 1


def _least(means: Means, at: Frontier, singles: list[str]) -> int:
    """Return how many segments are bundled at least: few, if one holds what was erased since."""
    numbers = [named.seq for named in map(names.read_segment, singles) if named is not None]
    if not _FEWEST <= len(numbers) < WORTH_IT:
        return WORTH_IT
    emptied = outbox.is_emptied(means.store, at.replica.tag, numbers[0], numbers[-1])
    return _FEWEST if emptied else WORTH_IT


def _bundle(means: Means, at: Frontier, singles: list[str], least: int) -> bool:
    """Make a bundle of as many segments as it can hold; return whether it is in the storage."""
    parts: list[Sealed] = []
    changes = size = 0
    for name in singles:
        data = means.shelf.read(name)
        if data is None:
            break
        try:
            part = look(means, data, sealed.SEGMENT)
        except (Refused, NotYet):
            # damaged on this disk: the next round fetches it again
            means.shelf.forget(name)
            break
        changes += part.header.changes
        size += part.body_bytes
        if part.header.tag != at.replica.tag or changes > MOST_CHANGES or size > _TEXT:
            break
        parts.append(part)
    if len(parts) < least:
        return False
    first, last = parts[0], parts[-1]
    units = _units(means, at, first.header.first, last.header.seq)
    if not units:
        return False
    header = Header(
        sealed.SEGMENT,
        means.home,
        at.replica.pc,
        at.replica.incarnation,
        at.replica.tag,
        first=first.header.first,
        seq=last.header.seq,
        previous=first.header.previous,
        stands_for=last.ends_with,
        changes=sum(len(one.changes) for one in units),
    )
    before = segments.hash_of_unit(means.store, at.replica.tag, units[0].unit.seq - 1)
    epoch = means.keys.for_writing(segments.highest_stamp(means.store))
    data = sealed.seal(header, body.encode(before, units), epoch, means.signer)
    return put_and_read_back(means, data, units)


def _units(means: Means, at: Frontier, first: int, last: int) -> list[Envelope]:
    """Return the units of a stretch of segments as the log has them now; none if it cannot say."""
    numbers = outbox.units_of(means.store, at.replica.tag, first, last)
    if numbers is None:
        return []
    units = units_after(means.store, at.replica.tag, numbers[0] - 1, numbers[1] - numbers[0] + 1)
    # what two PCs erased from at once has lost its salt: only the segments still prove the chain
    whole = all(change.salt for one in units for change in one.changes)
    return units if whole else []


def put_and_read_back(means: Means, data: bytes, units: list[Envelope]) -> bool:
    """Lay what stands for others into the storage; return whether it is there, and kept here.

    Args:
        means: What the exchange works with.
        data: The sealed segment.
        units: What is in it.

    Raises:
        UserError: The storage would not go on.
    """
    found = look(means, data, sealed.SEGMENT)
    name = name_of(means, found)
    means.transport.put(name, data)
    back = means.transport.get(name)
    if back != data or units_in(means, look(means, back, sealed.SEGMENT)) != units:
        return False
    means.shelf.put(name, data)
    return True
