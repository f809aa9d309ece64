"""What was erased by law leaves the sealed objects on this PC too, once no PC needs them any more.

A segment is never changed, so what was erased since still lies in it. Single ones go when their PC
bundles them (``compacting``). Left are bundles that were made before, which their PC makes anew, and
what removed PCs wrote, which nobody bundles any more: that leaves the shelf once every PC has it.
The storage, which is out of anybody's hands, keeps it for who comes without a copy of the home.
"""

from __future__ import annotations

import dataclasses
import hashlib
from typing import TYPE_CHECKING, Final

from liaison.store import blobs, erasing, kept_choices, segments, withdrawing
from liaison.sync import compacting, names, sealed
from liaison.sync.means import ERASED, NotYet, look, units_in
from liaison.sync.sealed import Refused

if TYPE_CHECKING:
    from liaison.store.segments import Frontier
    from liaison.sync.means import Means

_LOOKED: Final = "erased on the shelf"
"""What this PC keeps of the last time it looked through its shelf."""
_ATTACHED: Final = "erased attachments"
"""The same for the bytes of attachments."""
_AT: Final = "at"
_DIRTY: Final = "dirty"


@dataclasses.dataclass(frozen=True, slots=True)
class _Kept:
    """A segment on the shelf that no bundling will do away with."""

    name: str
    seq: int
    at: Frontier
    removed: bool


def empty(means: Means) -> list[str]:
    """Drop from this PC what holds content that was erased since, where nobody needs it any more.

    Args:
        means: What the exchange works with.

    Returns:
        The names of bundles of this PC that hold some: they are to be made anew.
    """
    forgotten = withdrawing.forget_erased(means.store)
    _clear_fetched(means)
    _take_back(means)
    erased = len(erasing.erasures(means.store.connection))
    _drop_attachments(means, erased, anyhow=forgotten > 0)
    kept = _left_by_bundling(means) if erased else []
    if not kept:
        return []
    dirty = _dirty(means, kept, erased)
    gone = [
        one.name
        for one in kept
        if one.removed and one.name in dirty and one.seq <= compacting.passed(means, one.at)
    ]
    # set apart and refused first: it would be fetched again
    for name in gone:
        segments.set_apart(means.store, name, ERASED, 0)
    means.shelf.refuse(means.shelf.refused.union(gone))
    for name in gone:
        means.shelf.forget(name)
    return [one.name for one in kept if one.name in dirty and not one.removed]


def _drop_attachments(means: Means, erased: int, *, anyhow: bool) -> None:
    """Drop attachments whose names were erased on another PC, each time more was erased."""
    looked = kept_choices.kept_choice(means.store, _ATTACHED).get(_AT, 0)
    if looked == erased and not anyhow:
        return
    apart = (envelope for envelope, _ in withdrawing.withdrawn(means.store))
    blobs.drop_unnamed(means.store, segments.attached_in(apart))
    kept_choices.keep_choice(means.store, _ATTACHED, {_AT: erased})


def _clear_fetched(means: Means) -> None:
    """Drop what came and nobody will look into; it is not fetched again, not even while locked."""
    shelf = means.shelf
    refused = {
        one.name for one in segments.apart(means.store) if one.reason != sealed.BAD_SIGNATURE
    }
    bundles = compacting.bundles(means) if shelf.fetched else []
    for name in list(shelf.fetched):
        named = names.read_segment(name)
        bundled = named is not None and compacting.is_bundled(named, bundles)
        if bundled or name in refused or name in shelf.kept:
            shelf.drop(name)
    shelf.refuse(refused)


def _take_back(means: Means) -> None:
    """Let what was dropped be fetched again if its PC was not removed after all."""
    erased = [one.name for one in segments.apart(means.store) if one.reason == ERASED]
    bundles = compacting.bundles(means) if erased else []
    segments.take_back_apart(
        means.store,
        [
            name
            for name in erased
            if (named := names.read_segment(name)) is not None
            and means.roster.cut(named.pc, named.incarnation) is None
            and not compacting.is_covered(named, bundles)
        ],
    )


def _left_by_bundling(means: Means) -> list[_Kept]:
    """Return what this PC keeps of removed PCs, and its own bundles."""
    lives = {(at.replica.pc, at.replica.incarnation): at for at in segments.frontiers(means.store)}
    found: list[_Kept] = []
    for name in sorted(means.shelf.kept):
        named = names.read_segment(name)
        at = None if named is None else lives.get((named.pc, named.incarnation))
        if named is None or at is None:
            continue
        removed = means.roster.cut(named.pc, named.incarnation) is not None
        if removed or (named.pc == means.pc and named.first < named.seq):
            found.append(_Kept(name, named.seq, at, removed))
    return found


def _dirty(means: Means, kept: list[_Kept], erased: int) -> set[str]:
    """Return which of them hold what was erased; they are opened only when there is more of either."""
    listed = "\n".join([str(erased), *(one.name for one in kept)])
    at = hashlib.sha256(listed.encode()).hexdigest()
    looked = kept_choices.kept_choice(means.store, _LOOKED)
    if looked.get(_AT) == at:
        return set(looked[_DIRTY])
    dirty = [one.name for one in kept if _holds_erased(means, one.name)]
    kept_choices.keep_choice(means.store, _LOOKED, {_AT: at, _DIRTY: dirty})
    return set(dirty)


def _holds_erased(means: Means, name: str) -> bool:
    data = means.shelf.read(name)
    if data is None:
        return False
    try:
        envelopes = units_in(means, look(means, data, sealed.SEGMENT))
    except (NotYet, Refused):
        # damaged on this PC's disk: whoever needs it fetches it again
        return False
    return erasing.still_holds(means.store.connection, envelopes)
