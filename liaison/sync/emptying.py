"""What was erased by law leaves the sealed objects on this PC too, once no PC needs them any more.

A segment is never changed, so what was erased since still lies in it. Single ones go when their PC
bundles them (``compacting``). Left are bundles that were made before, which their PC makes anew, and
what removed PCs wrote, which nobody bundles any more: any PC makes that anew (``inheriting``).
Attachments leave the storage by their names, which an erasure leaves behind for that.
"""

from __future__ import annotations

import dataclasses
import hashlib
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.store import blobs, erased_apart, erasing, kept_choices, quarantine, segments
from liaison.sync import compacting, inheriting, names, sealed
from liaison.sync.means import ERASED
from liaison.sync.stopping import Stopped
from liaison.sync.transport import Removing

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
    forgotten = quarantine.forget_erased(means.store)
    _clear_fetched(means)
    _take_back(means)
    erased = len(erasing.erasures(means.store.connection))
    came_back = len(erased_apart.stamps(means.store.connection))
    _drop_attachments(means, erased + came_back, anyhow=forgotten > 0)
    kept = _left_by_bundling(means) if erased else []
    if not kept:
        return []
    dirty = _dirty(means, kept, erased)
    for one in kept:
        if (
            one.removed
            and one.name in dirty
            and one.seq <= compacting.passed(means, one.at)
            and inheriting.make_anew(means, one.name)
        ):
            # set apart and refused first: it would be fetched again
            segments.set_apart(means.store, one.name, ERASED, 0)
            means.shelf.refuse({*means.shelf.refused, one.name})
            means.shelf.forget(one.name)
    return [one.name for one in kept if one.name in dirty and not one.removed]


def _drop_attachments(means: Means, erased: int, *, anyhow: bool) -> None:
    """Drop attachments whose names were erased on another PC, each time more was erased."""
    looked = kept_choices.kept_choice(means.store, _ATTACHED).get(_AT, 0)
    if looked == erased and not anyhow:
        return
    apart = (envelope for envelope, _ in quarantine.withdrawn(means.store))
    blobs.drop_unnamed(means.store, segments.attached_in(apart))
    kept_choices.keep_choice(means.store, _ATTACHED, {_AT: erased})


def take_attachments_away(means: Means) -> None:
    """Take erased attachments out of the storage, whoever laid them there, once every PC knows.

    A PC that does not know yet would take one for lost. If somebody attaches the same file on
    another PC just then, that PC lays it there again as soon as it is told to lack (``mending``).

    Args:
        means: What the exchange works with.

    Raises:
        UserError: The storage could not be asked.
    """
    transport = means.transport
    if not isinstance(transport, Removing):
        return
    leaving = blobs.leaving(means.store)
    if not leaving or not _all_know(means):
        return
    for name in leaving:
        lying = transport.list(names.blobs(means.home, name))
        try:
            for one in filter(names.is_safe, lying):
                transport.remove(one)
        except Stopped:
            raise
        except UserError:
            # a key that may not: they are tried again with the next round
            return
        if not means.is_moving:
            blobs.has_left(means.store, [name])


def _all_know(means: Means) -> bool:
    """Return whether every PC of the home has all that came here from whoever erased something."""
    tags = erasing.erasers(means.store.connection)
    return all(
        compacting.passed(means, at) >= at.seq
        # what was erased here since this round sent is in no segment yet
        and (at.replica.pc != means.pc or at.covered >= at.replica.seq)
        for at in segments.frontiers(means.store)
        if at.replica.tag in tags
    )


def _clear_fetched(means: Means) -> None:
    """Drop what came and nobody will look into; it is not fetched again, not even while locked."""
    shelf = means.shelf
    refused = {
        one.name for one in segments.apart(means.store) if one.reason != sealed.BAD_SIGNATURE
    }
    bundles = compacting.Bundled(compacting.bundles(means) if shelf.fetched else ())
    for name in list(shelf.fetched):
        named = names.read_segment(name)
        bundled = named is not None and bundles.has(named)
        if bundled or name in refused or name in shelf.kept:
            shelf.drop(name)
    shelf.refuse(refused)


def _take_back(means: Means) -> None:
    """Let what was dropped be fetched again if its PC was not removed after all."""
    counts = {
        one.name: named
        for one in segments.apart(means.store)
        if one.reason == ERASED
        and (named := names.read_segment(one.name)) is not None
        and means.roster.cut(named.pc, named.incarnation) is None
    }
    # what was made anew in the place of it counts no more
    for name in sorted(means.shelf.kept) if counts else ():
        made = names.read_segment(name)
        stands = made is not None and any(
            compacting.is_covered(named, [made]) for named in counts.values()
        )
        if (
            stands
            and made is not None
            and made.pc != means.pc
            and inheriting.is_of_other(means, name)
        ):
            means.shelf.forget(name)
    bundles = compacting.bundles(means) if counts else []
    segments.take_back_apart(
        means.store,
        [name for name, named in counts.items() if not compacting.is_covered(named, bundles)],
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
    members = sorted(means.roster.members())
    listed = "\n".join([str(erased), str(members), *(one.name for one in kept)])
    at = hashlib.sha256(listed.encode()).hexdigest()
    looked = kept_choices.kept_choice(means.store, _LOOKED)
    if looked.get(_AT) == at:
        return set(looked[_DIRTY])
    dirty = [one.name for one in kept if inheriting.needs_anew(means, one.name)]
    kept_choices.keep_choice(means.store, _LOOKED, {_AT: at, _DIRTY: dirty})
    return set(dirty)
