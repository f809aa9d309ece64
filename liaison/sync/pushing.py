"""Sending what this PC wrote: built once, kept, and sent byte for byte until the storage has it.

The order is what makes it safe. A segment is in the outbox before anything is sent, its attachments
are in the storage before it, and it is marked as sent only when the storage said that it has it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from liaison.store import outbox, segments
from liaison.store.blobs import blob_id
from liaison.store.merge import units_after
from liaison.store.unit import MOST_CHANGES
from liaison.sync import body, names, sealed
from liaison.sync.means import NotYet, look, opened, units_in
from liaison.sync.roster import EpochKey
from liaison.sync.rounds import Waiting
from liaison.sync.sealed import Header, Refused
from liaison.sync.transport import Forbearing, Unreadable

if TYPE_CHECKING:
    from collections.abc import Collection

    from liaison.store.changes import Envelope
    from liaison.store.outbox import Unsent
    from liaison.store.segments import Frontier
    from liaison.sync.means import Means
    from liaison.sync.rounds import Round

_PAGE: Final = 500
_MOST_TEXT: Final = 32 * 1024 * 1024
"""Characters in a segment, unless a single unit has more."""


def build(means: Means, result: Round) -> None:
    """Put everything this PC wrote and no segment holds into segments, in the outbox.

    Earlier lives of this PC are sent too (a backup may be all there is left of them), unless
    something of theirs is still to come.
    """
    troubled = {wait.pc for wait in result.waiting}
    ahead = {
        (pc, incarnation, seq)
        for (_, pc, incarnation), seq in segments.claims(means.store).items()
        if pc == means.pc
    }
    for at in segments.frontiers(means.store):
        if at.replica.pc != means.pc:
            continue
        earlier = at.replica.tag != means.store.context.tag
        if earlier and (
            means.pc in troubled
            or any(inc == at.replica.incarnation and seq > at.seq for _, inc, seq in ahead)
        ):
            continue
        while at.covered < at.replica.seq:
            at = _build_one(means, at)  # noqa: PLW2901  # it goes on from where it came


def _build_one(means: Means, at: Frontier) -> Frontier:
    """Build the next segment of a replica of this PC; return how far it has come."""
    replica = at.replica
    units = _next_units(means, at)
    seq = at.seq + 1
    header = Header(
        sealed.SEGMENT,
        means.home,
        replica.pc,
        replica.incarnation,
        replica.tag,
        first=seq,
        seq=seq,
        previous=at.digest,
        changes=sum(len(one.changes) for one in units),
    )
    epoch = means.keys.for_writing(units[0].unit.id)
    data = sealed.seal(header, body.encode(_before(means, at), units), epoch, means.signer)
    digest = sealed.digest_of(data)
    name = names.segment(means.home, replica.pc, replica.incarnation, seq, digest)
    last = units[-1].unit.seq
    new = outbox.Unsent(replica.tag, seq, name, data)
    if outbox.put(means.store, new, (units[0].unit.seq, last), digest):
        return segments.Frontier(replica, seq, digest, last)
    # another program of this PC has built one meanwhile
    now = segments.frontier(means.store, replica.tag)
    assert now is not None  # noqa: S101  # it was known a moment ago
    return now


def _before(means: Means, at: Frontier) -> bytes:
    return segments.hash_of_unit(means.store, at.replica.tag, at.covered)


def _next_units(means: Means, at: Frontier) -> list[Envelope]:
    """Return the units of the next segment: whole ones, all under one key, not too many."""
    found: list[Envelope] = []
    changes = text = 0
    after = at.covered
    epoch = ""
    while page := units_after(means.store, at.replica.tag, after, _PAGE):
        for one in page:
            changes += len(one.changes)
            text += sum(len(c.fields_text) + len(c.over_text) for c in one.changes)
            key = means.keys.for_writing(one.unit.id).id
            # the unit that brings a new key still goes under the old one, what follows does not
            if found and (changes > MOST_CHANGES or text > _MOST_TEXT or key != epoch):
                return found
            epoch = key
            found.append(one)
        after = page[-1].unit.seq
    return found


def send(means: Means, result: Round, there: Collection[str]) -> set[str]:
    """Send what is in the outbox, attachments first; mark what the storage has.

    Args:
        means: What the exchange works with.
        result: What is noted on the way.
        there: The names of all segments that the storage showed.

    Returns:
        The names of those that were sent now.

    Raises:
        UserError: The storage would not go on; the rest stays in the outbox.
    """
    waiting = outbox.unsent(means.store)
    result.unsent = len(waiting)
    sent: set[str] = set()
    for one in waiting:
        if one.name not in there:
            _send_blobs(means, one)
            means.shelf.put(one.name, one.data)
            means.transport.put(one.name, one.data)
            sent.add(one.name)
        elif one.name not in means.shelf.kept:
            means.shelf.put(one.name, one.data)
        outbox.mark_sent(means.store, one.tag, one.seq)
        result.sent += 1
        result.unsent -= 1
    return sent


def _send_blobs(means: Means, one: Unsent) -> None:
    """Send the attachments that a segment names."""
    found = sealed.require_home(sealed.read(one.data), means.home)
    for name in segments.attached_in(units_in(means, found)):
        data = segments.blob(means.store, name)
        if means.transport.list(names.blobs(means.home, name)):
            continue
        if data is None:
            # erased meanwhile: the segment says so too, or one of the next does
            continue
        lay_blob(means, name, data, found.header, _key_of(means, found.header.epoch))


def lay_blob(means: Means, name: str, data: bytes, by: Header, epoch: EpochKey) -> None:
    """Lay an attachment into the storage.

    Args:
        means: What the exchange works with.
        name: Its name.
        data: Its bytes.
        by: The header of what speaks of it: which life of this PC lays it there.
        epoch: The key to seal it with.

    Raises:
        UserError: The storage would not go on.
    """
    header = Header(sealed.BLOB, means.home, means.pc, by.incarnation, by.tag)
    object_ = sealed.seal(header, data, epoch, means.signer)
    means.transport.put(names.blob(means.home, name, sealed.digest_of(object_)), object_)


def _key_of(means: Means, epoch: str) -> EpochKey:
    key = means.keys.key(epoch)
    assert key is not None  # noqa: S101  # this PC has just built a segment with it
    return EpochKey(epoch, key)


def fetch_blobs(means: Means, result: Round) -> None:
    """Fetch the attachments whose records have come and whose bytes have not.

    Where many cannot be read now the others are not waited for: what this PC wrote is still to go.

    Raises:
        UserError: The storage would not go on.
    """
    reading = Forbearing(means.transport)
    missing = segments.missing_blobs(means.store)
    for number, name in enumerate(missing):
        try:
            if names.is_blob(name) and _fetch_blob(means, reading, name, result):
                continue
        except Unreadable:
            result.lacking += missing[number:]
            return
        result.lacking.append(name)


def _fetch_blob(means: Means, reading: Forbearing, name: str, result: Round) -> bool:
    unfit: list[Waiting] = []
    for there in means.transport.list(names.blobs(means.home, name)):
        if not names.is_safe(there):
            continue
        data = reading.get(there)
        if data is None:
            continue
        try:
            plain = opened(means, look(means, data, sealed.BLOB))
        except (Refused, NotYet) as why:
            unfit.append(Waiting(0, there, why.reason))
            continue
        # the name is a keyed hash of the bytes: nobody can slip in another file
        if blob_id(means.blob_key, plain) == name:
            segments.keep_blob(means.store, name, plain)
            return True
        unfit.append(Waiting(0, there, "it is not the file that its name says"))
    # told only if none of those that lie there is whole
    result.waiting += unfit
    return False
