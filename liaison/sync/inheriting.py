"""What removed PCs sent is made anew without what was erased by law, and the old leaves the storage.

Nobody bundles what a removed PC wrote, so a PC of the home seals it again as the log has it now: the
same numbers, the same units with their signatures, under its own signature. It is in the storage,
and was read back, before anything it stands for goes.
"""

from __future__ import annotations

import contextlib
import dataclasses
from typing import TYPE_CHECKING

from liaison.errors import UserError
from liaison.store import erasing, segments
from liaison.store.merge import units_after
from liaison.sync import body, compacting, names, sealed
from liaison.sync.means import NotYet, look, units_in
from liaison.sync.sealed import Refused
from liaison.sync.stopping import Stopped
from liaison.sync.transport import Removing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from liaison.store.changes import Envelope
    from liaison.sync.means import Means
    from liaison.sync.names import Named
    from liaison.sync.sealed import Sealed


def make_anew(means: Means, name: str) -> bool:
    """Make a removed PC's segment anew as the log has it now, if that can be.

    Args:
        means: What the exchange works with.
        name: The name of one that is kept here and that every PC of the home has passed.

    Returns:
        Whether the old one may leave the shelf; not if the storage does not show the new one yet.

    Raises:
        UserError: The storage would not go on.
    """
    data = means.shelf.read(name)
    if data is None or not isinstance(means.transport, Removing) or _lies_anew(means, name):
        return True
    try:
        # proven when it came: whoever made it anew before may have been removed since
        old = sealed.require_home(sealed.read(data), means.home)
        envelopes = units_in(means, old)
    except (Refused, NotYet):
        return True
    tag, first, last = old.header.tag, envelopes[0].unit.seq, envelopes[-1].unit.seq
    units = units_after(means.store, tag, first - 1, last - first + 1)
    # as for bundles: what two PCs erased from at once only the old one still proves
    whole = all(change.salt for one in units for change in one.changes)
    if not whole or not _are_the_same(units, envelopes):
        return True
    header = dataclasses.replace(old.header, stands_for=old.ends_with)
    before = segments.hash_of_unit(means.store, tag, first - 1)
    epoch = means.keys.for_writing(segments.highest_stamp(means.store))
    made = sealed.seal(header, body.encode(before, units), epoch, means.signer)
    return compacting.put_and_read_back(means, made, units)


def _lies_anew(means: Means, name: str) -> bool:
    """Return whether something stands for a segment already: a round was cut short after making it."""
    named = names.read_segment(name)
    if named is None:
        return False
    for other_name in sorted(means.shelf.kept):
        other = names.read_segment(other_name)
        if other is None or not other.stands or not compacting.is_covered(named, [other]):
            continue
        if not needs_anew(means, other_name):
            return True
    return False


def is_whole(means: Means, made: Sealed, named: Named, envelopes: Sequence[Envelope]) -> bool:
    """Return whether what stands for a removed PC's segments holds all that is here of them.

    A removed PC has its signing key still, and any PC of the home may have made it anew: nothing
    leaves the shelf for what says less, or would not let the next segment follow.

    Args:
        means: What the exchange works with.
        made: What came.
        named: What its name hints at.
        envelopes: Its units.
    """
    first = envelopes[0].unit.seq
    here = units_after(means.store, made.header.tag, first - 1, len(envelopes))
    if [one.unit for one in here] != [one.unit for one in envelopes]:
        # a unit's hash says nothing of its signature, which a PC that comes later asks for
        return False
    units = {one.unit.hash for one in envelopes}
    for name in sorted(means.shelf.kept):
        old = names.read_segment(name)
        if old is None or not compacting.is_covered(old, [named]):
            continue
        data = means.shelf.read(name)
        # what the disk damaged says nothing
        with contextlib.suppress(Refused, NotYet):
            if data is not None and not _stands_for(means, sealed.read(data), made, units):
                return False
    return True


def _stands_for(means: Means, old: Sealed, made: Sealed, units: Collection[bytes]) -> bool:
    begins, ends = old.header.first == made.header.first, old.header.seq == made.header.seq
    held = {one.unit.hash for one in units_in(means, old)}
    return (
        held.issubset(units)
        and (not begins or old.header.previous == made.header.previous)
        and (not ends or old.ends_with == made.ends_with)
        and (not (begins and ends) or len(held) == len(units))
    )


def _are_the_same(some: Sequence[Envelope], others: Sequence[Envelope]) -> bool:
    return [one.unit.hash for one in some] == [one.unit.hash for one in others]


def has_other(means: Means, named: Named) -> bool:
    """Return whether the same was made anew by another PC and is kept here, which is the one to keep.

    Two may do it before they hear of each other. Of them the one with the lower digest counts.

    Args:
        means: What the exchange works with.
        named: One that came and does without what was erased.
    """
    if not named.stands:
        return False
    for name in sorted(means.shelf.kept):
        other = names.read_segment(name)
        if other is None or not other.stands or not compacting.is_covered(named, [other]):
            continue
        if (other.first, other.seq) == (named.first, named.seq) and other.hash > named.hash:
            continue
        if not needs_anew(means, name):
            return True
    return False


def needs_anew(means: Means, name: str) -> bool:
    """Return whether what is kept under a name holds what was erased, or counts no more as it is.

    Args:
        means: What the exchange works with.
        name: Its name; of a removed PC, or a bundle of this one.
    """
    data = means.shelf.read(name)
    if data is None:
        return False
    try:
        envelopes = units_in(means, look(means, data, sealed.SEGMENT))
    except (NotYet, Refused) as why:
        # damaged on this PC's disk, it is fetched again by whoever needs it
        return why.reason == sealed.BAD_SIGNATURE
    return erasing.still_holds(means.store.connection, envelopes)


def is_of_other(means: Means, name: str) -> bool:
    """Return whether what is kept under a name bears no signature that counts.

    Args:
        means: What the exchange works with.
        name: Its name.
    """
    data = means.shelf.read(name)
    try:
        if data is not None:
            look(means, data, sealed.SEGMENT)
    except (NotYet, Refused) as why:
        return why.reason == sealed.BAD_SIGNATURE
    return False


def take_away(means: Means, there: Iterable[str]) -> None:
    """Take what removed PCs sent out of the storage where something made anew stands for it.

    Args:
        means: What the exchange works with.
        there: The names of all segments that the storage showed at the beginning of the round.

    Raises:
        Stopped: Nobody waits for the storage any more.
    """
    transport = means.transport
    if not isinstance(transport, Removing):
        return
    there = list(there)
    standing = [
        named
        for named in compacting.bundles(means, there)
        if means.roster.cut(named.pc, named.incarnation) is not None
    ]
    for name in there if standing else ():
        named = names.read_segment(name)
        if named is None or name in means.shelf.kept or not compacting.is_covered(named, standing):
            continue
        try:
            transport.remove(name)
        except Stopped:
            raise
        except UserError:
            # a key that may not: whatever else is there would be refused too
            return
