"""What a segment carries: units with their changes, written small.

Numbers that follow from others are left out: the hashes of units (the chain gives them), the tag
(the header has it), what a stamp shares with its unit's. Salts and signatures, which no packing
makes smaller, stand as raw bytes behind the words.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, Final

from liaison.records import foreign
from liaison.store import changes as log
from liaison.store.changes import Envelope, Malformed, dump
from liaison.store.stamps import LARGEST, MOST_TAGS, TAG_BITS
from liaison.store.unit import MOST_CHANGES
from liaison.sync.sealed import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LENGTH: Final = struct.Struct(">I")
_HASH_BYTES: Final = 32
_SIGNATURE_BYTES: Final = 64
_MOST_CHANGES_IN_BODY: Final = MOST_CHANGES
_SALTED: Final = 1
_EMPTIED: Final = 2


def encode(before: bytes, envelopes: Sequence[Envelope]) -> bytes:
    """Return whole units of one replica as a body.

    Args:
        before: The hash of the unit before the first of them.
        envelopes: The units, in order and without a gap.
    """
    raw: list[bytes] = [before]
    words: list[object] = []
    for unit, changes in envelopes:
        last = unit.id >> TAG_BITS
        rows: list[object] = []
        for change in changes:
            tick = change.stamp >> TAG_BITS
            flags = 0
            if change.salt:
                flags |= _SALTED
                raw.append(change.salt)
            if change.first_digest is not None:
                flags |= _EMPTIED
                raw.append(change.first_digest)
            rec = 0 if change.rec == change.stamp else change.rec
            rows.append(
                (
                    tick - last,
                    change.type,
                    rec,
                    change.op,
                    change.fields_text,
                    change.over_text,
                    flags,
                )
            )
            last = tick
        raw.append(unit.signature)
        # the hash is not said: the chain gives it
        words.append((unit.id, *unit[3:8], rows))
    first = envelopes[0].unit.seq if envelopes else 0
    text = dump([first, words]).encode()
    return _LENGTH.pack(len(text)) + text + b"".join(raw)


def decode(body: bytes, tag: int) -> list[Envelope]:
    """Read a body back; the units' hashes are worked out along the chain.

    Args:
        body: What was in a segment, its signature checked.
        tag: The replica that wrote it, as its header says.

    Raises:
        Refused: It is none.
    """
    try:
        return _decode(body, tag)
    except (ValueError, TypeError, LookupError, RecursionError, struct.error) as error:
        words = f"what is in it are no units of work ({type(error).__name__})"
        raise Refused(words) from None


def _decode(body: bytes, tag: int) -> list[Envelope]:
    if not 0 <= tag < MOST_TAGS:
        raise Malformed("tag")
    (length,) = _LENGTH.unpack_from(body)
    words_end = _LENGTH.size + length
    seq, words = foreign.read_json(body[_LENGTH.size : words_end])
    if type(seq) is not int or not 0 < seq <= LARGEST - len(words):
        raise Malformed("number")
    # a part that is cut off ends behind the body: one look at the end finds it
    at = words_end + _HASH_BYTES
    chain = body[words_end:at]
    found: list[Envelope] = []
    count = 0
    for unit_id, moment, person, kind, reason, batch, rows in words:
        count += len(rows)
        if count > _MOST_CHANGES_IN_BODY:
            raise Malformed("too many changes")
        changes, end = _changes(rows, unit_id, tag, body, at)
        at = end + _SIGNATURE_BYTES
        unit = log.Unit(unit_id, tag, seq, moment, person, kind, reason, batch, b"", body[end:at])
        digests = [c.digest if c.first_digest is None else c.first_digest for c in changes]
        chain = log.unit_hash(chain, unit, digests)
        found.append(Envelope(unit._replace(hash=chain), changes))
        seq += 1
    if not found or at != len(body):
        raise Malformed("length")
    return found


def _changes(
    rows: Iterable[Any], unit_id: int, tag: int, body: bytes, at: int
) -> tuple[list[log.Change], int]:
    """Return the changes of a unit, and where its signature begins.

    Args:
        rows: What the words say of them.
        unit_id: The unit.
        tag: The replica.
        body: All of the bytes.
        at: Where the raw bytes of these changes begin.
    """
    changes: list[log.Change] = []
    read_change = log.read_change
    tick = unit_id >> TAG_BITS
    for later, type_name, rec, op, fields, over, flags in rows:
        tick += later
        stamp = tick << TAG_BITS | tag
        if not 0 < stamp <= LARGEST:
            raise Malformed("stamp")
        salt, first = b"", None
        if flags & _SALTED:
            salt = body[at : at + log.SALT_BYTES]
            at += log.SALT_BYTES
        if flags & _EMPTIED:
            first = body[at : at + _HASH_BYTES]
            at += _HASH_BYTES
        changes.append(read_change(stamp, type_name, rec or stamp, op, fields, over, salt, first))
    return changes, at


def before(body: bytes) -> bytes:
    """Return the hash of the unit before the first one of a body that was decoded well."""
    (length,) = _LENGTH.unpack_from(body)
    start = _LENGTH.size + length
    return body[start : start + _HASH_BYTES]
