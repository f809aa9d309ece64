"""What a PC that belongs to the home could lay into the storage on purpose: signed, sealed, and wrong.

A PC that was stolen, or runs something else than Liaison, has its keys. So each of these is well made
as far as keys go; what it says is up to the test.
"""

from __future__ import annotations

import dataclasses
import json
import struct
from typing import Final

from liaison.records.rules import times
from liaison.store import changes as log
from liaison.store import segments
from liaison.store.changes import Envelope
from liaison.store.merge import units_after
from liaison.sync import body, names, sealed
from liaison.sync.means import Means
from liaison.sync.sealed import Header

HALF: Final = "\ud800"
"""Half a character: JSON can spell it, and nothing can keep it."""


@dataclasses.dataclass(frozen=True, slots=True)
class Says:
    """A unit with one change, as it is spelled.

    Args:
        fields: The JSON text of what it gives the record.
        type: The record's type.
        op: What kind of change it is.
        over: The JSON text of what it replaces.
        at: When; as the unit before it if it is empty.
    """

    fields: str
    type: str = "resident"
    op: str = log.BIRTH
    over: str = "{}"
    at: str = ""


def lay_segment(by: Means, here: Means, *said: Says) -> str:
    """Lay units of one PC into the storage that go on from what another has of it; return the name.

    Args:
        by: The PC that says it, which wrote before.
        here: The PC whose state they go on from.
        said: The units.
    """
    place = segments.frontier(here.store, by.store.context.tag)
    assert place is not None
    tag, seq = place.replica.tag, place.replica.seq
    (last,) = units_after(here.store, tag, seq - 1)
    tick = (last.changes[-1].stamp >> 14) + 1
    chain, envelopes = last.unit.hash, []
    for number, one in enumerate(said):
        unit_id, stamp = (tick + 2 * number << 14 | tag), (tick + 2 * number + 1 << 14 | tag)
        change = log.read_change(stamp, one.type, stamp, one.op, one.fields, one.over, b"5" * 16)
        at = one.at or last.unit.at
        unit = last.unit._replace(id=unit_id, seq=seq + 1 + number, at=at, reason="")
        chain = log.unit_hash(chain, unit, [change.digest])
        signature = by.signer.sign(log.signed_bytes(chain))
        envelopes.append(Envelope(unit._replace(hash=chain, signature=signature), [change]))
    return lay_words(by, here, body.encode(last.unit.hash, envelopes), len(said))


def lay_words(by: Means, here: Means, content: bytes, changes: int = 1) -> str:
    """Lay anything as the next segment of a PC into the storage; return the name."""
    place = segments.frontier(here.store, by.store.context.tag)
    assert place is not None
    at = place.replica
    header = Header(
        sealed.SEGMENT, by.home, at.pc, at.incarnation, at.tag,
        first=place.seq + 1, seq=place.seq + 1, previous=place.digest, changes=changes,
    )  # fmt: skip
    data = sealed.seal(header, content, by.keys.for_writing(1), by.signer)
    digest = sealed.digest_of(data)
    name = names.segment(by.home, at.pc, at.incarnation, place.seq + 1, digest)
    by.transport.put(name, data)
    return name


def as_body(words: bytes) -> bytes:
    """Return the words of a segment as a body, without units worth the name."""
    return struct.pack(">I", len(words)) + words + bytes(32 + 64)


def lay_beat(by: Means, counter: int, content: bytes) -> str:
    """Lay a sign of life of a PC into the storage, whatever it says; return the name."""
    tag = by.store.context.tag
    header = Header(sealed.HEARTBEAT, by.home, by.pc, 0, tag, first=counter, seq=counter)
    data = sealed.seal(header, content, by.keys.for_writing(1), by.signer)
    name = names.beat(by.home, by.pc, 0, counter, sealed.digest_of(data))
    by.transport.put(name, data)
    return name


def beat_words(by: Means, **more: object) -> bytes:
    """Return what a sign of life says, some of it changed."""
    now = times.to_stored(by.store.clock())
    return json.dumps({"program": "0", "at": now, "claims": [], **more}).encode()


def manifest(by: Means, content: bytes) -> bytes:
    """Return a manifest of a snapshot that a PC signed, whatever it says."""
    header = Header(sealed.SNAPSHOT, by.home, by.pc, 0, by.store.context.tag)
    return sealed.seal(header, content, by.keys.for_writing(1), by.signer)
