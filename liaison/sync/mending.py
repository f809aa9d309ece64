"""Putting right in the storage what it lost or other PCs could not use there, if it is whole here.

Which segments are damaged and which attachments cannot be had, each PC says in its sign of life. A
segment is laid there again as it was, under its name. An attachment lies in the database of this
PC and not on its shelf, so it is sealed anew, and what is damaged there then goes.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.store import kept_choices, segments
from liaison.store.blobs import blob_id
from liaison.sync import beating, compacting, names, pushing, sealed, travel
from liaison.sync.means import NotYet, look, opened, units_in
from liaison.sync.sealed import Header, Refused
from liaison.sync.stopping import Stopped
from liaison.sync.transport import Removing

if TYPE_CHECKING:
    from collections.abc import Collection

    from liaison.store.segments import Heard
    from liaison.sync.means import Means

_ANSWERED: Final = "attachments laid again"
"""What this PC keeps of the signs of life whose attachments it has dealt with."""


def give_back(means: Means, there: Collection[str]) -> int:
    """Give the storage every segment that it lacks: it lost them, or the home moves to it.

    Here too an attachment is there before what names it, for whoever has not come so far yet: the PC
    that has it may never come again. The others have theirs, or say what they lack.

    Args:
        means: What the exchange works with.
        there: The names of all segments that are in the storage.

    Returns:
        How many it was given.

    Raises:
        UserError: The storage would not go on.
    """
    lacking = means.shelf.kept.difference(there)
    if lacking:
        for name in _named_in(means, lacking):
            # whether it is whole says whoever fetches it: here it would be fetched by each PC
            if not means.transport.list(names.blobs(means.home, name)):
                _lay_again(means, name)
    return travel.give_back(means.transport, means.shelf, there)


def _named_in(means: Means, lacking: Collection[str]) -> dict[str, None]:
    """Return the attachments that segments name which some PC of the home has not taken in yet."""
    passed = {
        (at.replica.pc, at.replica.incarnation): compacting.passed(means, at)
        for at in segments.frontiers(means.store)
    }
    found: dict[str, None] = {}
    for name in sorted(lacking):
        hint = names.read_segment(name)
        data = None
        if hint is not None and hint.seq > passed.get((hint.pc, hint.incarnation), 0):
            data = means.shelf.read(name)
        if data is not None:
            # one that this PC cannot open names nothing that it has
            with contextlib.suppress(Refused, NotYet):
                units = units_in(means, look(means, data, sealed.SEGMENT))
                # records of other PCs say any text
                found |= dict.fromkeys(filter(names.is_blob, segments.attached_in(units)))
    return found


def mend(means: Means) -> None:
    """Put right what other PCs found damaged or missing in the storage, if it is whole here.

    Args:
        means: What the exchange works with.

    Raises:
        Stopped: Nobody waits for the storage any more.
    """
    members = means.roster.members()
    # what a removed PC said last would be looked at for ever
    heard = [one for one in segments.heard(means.store) if one.pc in members]
    for one in heard:
        for name in _said(one, "damaged"):
            data = means.shelf.read(name) if name in means.shelf.kept else None
            if data is not None:
                # a storage that will not have it keeps it as it is; nothing else depends on it
                with contextlib.suppress(UserError):
                    if means.transport.get(name) != data:
                        means.transport.put(name, data)
    _lay_attachments_again(means, heard)


def _said(one: Heard, what: str) -> list[str]:
    found = segments.read_words(one.words).get(what)
    return list(map(str, found)) if isinstance(found, list) else []


def _lay_attachments_again(means: Means, heard: list[Heard]) -> None:
    """Lay the attachments that other PCs lack, once for each time that one of them says so."""
    answered = kept_choices.kept_choice(means.store, _ANSWERED)
    now = {
        f"{one.pc}/{one.incarnation}": one.counter
        for one in heard
        if one.pc != means.pc and _said(one, "lacking")
    }
    if now == answered:
        return
    for one in heard:
        life = f"{one.pc}/{one.incarnation}"
        if now.get(life) in {None, answered.get(life)}:
            continue
        for name in filter(names.is_blob, _said(one, "lacking")):
            try:
                _lay_again(means, name)
            except Stopped:
                raise
            except UserError:
                # with the next round, as nothing is noted
                return
    if not means.is_moving:
        kept_choices.keep_choice(means.store, _ANSWERED, now)


def _lay_again(means: Means, name: str) -> None:
    """Lay an attachment into the storage unless it lies there whole; take away what is damaged."""
    data = segments.blob(means.store, name)
    if data is None:
        return
    lying = filter(names.is_safe, means.transport.list(names.blobs(means.home, name)))
    found = {key: _is_whole(means, name, means.transport.get(key)) for key in lying}
    if True not in found.values():
        epoch = means.keys.for_writing(segments.highest_stamp(means.store))
        life = beating.current_incarnation(means)
        by = Header(sealed.BLOB, means.home, means.pc, life, means.store.context.tag)
        pushing.lay_blob(means, name, data, by, epoch)
    if isinstance(means.transport, Removing):
        for key, whole in found.items():
            if whole is False:
                means.transport.remove(key)


def _is_whole(means: Means, name: str, data: bytes | None) -> bool | None:
    """Return whether an object gives an attachment; None if this PC cannot say."""
    if data is None:
        return None
    try:
        plain = opened(means, look(means, data, sealed.BLOB))
    except Refused:
        return False
    except NotYet:
        return None
    return blob_id(means.blob_key, plain) == name
