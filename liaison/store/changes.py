"""Units of work and changes as the log holds them and as they travel: bytes, digests, hashes.

A change hashes to a salted digest; a unit hashes the digests of its changes after the hash of the
unit before it, and the PC signs that. So content and salt of a change can be erased one day (by
law) while the chain still verifies.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final, NamedTuple

from liaison.records import foreign
from liaison.records.rules import times
from liaison.records.values import Kept
from liaison.store import stamps

BIRTH: Final = "birth"
EDIT: Final = "edit"
RESOLVE: Final = "resolve"
EVENT: Final = "event"
ERASE: Final = "erase"
"""Content that had to go by law: an edit that also names the changes it was taken out of."""
BIRTHS: Final = frozenset({BIRTH, EVENT})
_OPS: Final = frozenset({BIRTH, EDIT, RESOLVE, EVENT, ERASE})
ERASED: Final = "erased"
"""The member of an erasure's fields that is no field: stamps and what their changes hash to now."""
TAKEN_IN: Final = "taken-in"
"""The kind of a unit that says again what a withdrawn one said; its batch is that one's id."""
LEFT_OUT: Final = "left-out"
"""The kind of a unit that says that a withdrawn one, its batch, is to count nowhere."""
GONE: Final = "erased-apart"
"""The kind of a unit that says that a withdrawn one, its batch, was erased by law on every PC."""
SALT_BYTES: Final = 16
NO_HASH: Final = bytes(32)
"""Stands before a replica's first unit."""

OF_UNIT: Final = "c.stamp BETWEEN u.id AND u.last AND c.unit = u.id"
"""Joins a unit ``u`` with its changes ``c``: a stretch of stamps, so that no index is needed."""

_TAG: Final = stamps.tag_of(-1)
"""The digits of a stamp that hold its tag."""
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,62}")
_SIGNED: Final = b"liaison unit 1\n"
# what json.dumps makes anew at each call, which takes longer than writing the few words of a
# change (ensure_ascii=False, no spaces, check_circular=False: kept values never hold themselves)
_PIECES: Final[Callable[[object, int], Sequence[str]]] = vars(json.encoder)["c_make_encoder"](
    None, json.JSONEncoder().default, vars(json.encoder)["encode_basestring"], None, ":", ",", False, False, True
)  # fmt: skip
# what json.loads does around this takes longer than reading the few words of a change
_SCAN: Final[Callable[[str, int], tuple[Any, int]]] = vars(json.JSONDecoder())["scan_once"]


_NO_JSON: Final = "A change is no JSON text."
"""It does not say what stands there: that may be about somebody."""


class Change(NamedTuple):
    """One record's change: what was written and which versions it replaced.

    ``fields`` maps field names to kept values. ``over`` maps a field to the stamps it replaced; a
    field that is not in it replaced the value of the record's birth. Both are also kept as the very
    text that was hashed.
    """

    stamp: int
    type: str
    rec: int
    op: str
    fields: Mapping[str, Kept]
    over: Mapping[str, Sequence[int]]
    fields_text: str
    over_text: str
    salt: bytes
    digest: bytes
    first_digest: bytes | None = None
    """What it hashed to before something was erased from it: the chain goes on from that."""

    @property
    def written(self) -> list[str]:
        """The fields it gave a value, as versions are counted."""
        return [name for name in self.fields if name != ERASED]

    @property
    def is_derived_birth(self) -> bool:
        """Whether it is the birth of a record whose id is built from content, not from a stamp."""
        return self.op in BIRTHS and self.rec != self.stamp


class Unit(NamedTuple):
    """One transaction: who, when, why; chained to the unit before it and signed by the PC."""

    id: int
    tag: int
    seq: int
    at: str
    person: int
    kind: str
    reason: str
    batch: int | None
    hash: bytes
    signature: bytes


class Envelope(NamedTuple):
    """A unit with its changes, as one PC hands it to another."""

    unit: Unit
    changes: Sequence[Change]

    @property
    def lacks_content(self) -> bool:
        """Whether something was erased from it: an erasure must vouch for what is left."""
        return any(change.first_digest is not None for change in self.changes)


class Malformed(ValueError):
    """What came from another PC is not a unit of work; says what is wrong."""


def dump(value: object) -> str:
    """Return the one JSON text of a value that is hashed and kept (never has a line break)."""
    return "".join(_PIECES(value, 0))


def make_change(  # noqa: PLR0917  # the columns of one log entry
    stamp: int,
    type_name: str,
    rec: int,
    op: str,
    fields: Mapping[str, Kept],
    over: Mapping[str, Sequence[int]],
    salt: bytes,
) -> Change:
    """Return a new change with its digest."""
    fields_text, over_text = dump(fields), dump(over) if over else "{}"
    digest = digest_of(stamp, type_name, rec, op, fields_text, over_text, salt)
    return Change(stamp, type_name, rec, op, fields, over, fields_text, over_text, salt, digest)


def digest_of(  # noqa: PLR0917  # the columns of one log entry
    stamp: int, type_name: str, rec: int, op: str, fields: str, over: str, salt: bytes
) -> bytes:
    """Return the salted digest of a change (32 bytes)."""
    # JSON texts hold no line break, so the lines cannot be shifted against each other
    content = f"{stamp}\n{type_name}\n{rec}\n{op}\n{fields}\n{over}"
    return sha256(salt + content.encode()).digest()


def unit_hash(before: bytes, unit: Unit, digests: Sequence[bytes]) -> bytes:
    """Return the hash of a unit (32 bytes): the one before it, its own words, its changes."""
    # id, tag, seq, at, person, kind, reason, batch
    words = dump(unit[:8])
    return sha256(b"%s%s%s\n%s" % (_SIGNED, before, words.encode(), b"".join(digests))).digest()


def signed_bytes(unit_digest: bytes) -> bytes:
    """Return what the PC signs: not the bare hash, so that no other message can pass for it."""
    return _SIGNED + unit_digest


def encode(envelope: Envelope) -> bytes:
    """Return an envelope as bytes to keep or send."""
    unit, changes = envelope
    rows = [
        [
            *(c.stamp, c.type, c.rec, c.op, c.fields_text, c.over_text, c.salt.hex()),
            # only a change that something was erased from says what it once hashed to
            *([c.first_digest.hex()] if c.first_digest is not None else []),
        ]
        for c in changes
    ]
    return dump([[*unit[:8], unit.hash.hex(), unit.signature.hex()], rows]).encode()


def decode(body: bytes) -> Envelope:
    """Read an envelope back.

    Raises:
        Malformed: The bytes are not an envelope.
    """
    try:
        words, rows = json.loads(body)
        words[8:] = [bytes.fromhex(word) for word in words[8:]]
        unit = Unit._make(words)
        # a text that is no UTF-8 cannot be hashed
        dump(words[:8]).encode()
        if not (_is_id(unit.seq) and type(unit.tag) is int and 0 <= unit.tag < stamps.MOST_TAGS):
            raise ValueError(words)  # noqa: TRY301  # told apart from nothing else
        changes = [
            read_change(stamp, type_name, rec, op, fields, over, *map(bytes.fromhex, secrets))
            for stamp, type_name, rec, op, fields, over, *secrets in rows
        ]
    except (ValueError, TypeError, LookupError, RecursionError) as error:
        message = f"not a unit of work: {type(error).__name__}"
        raise Malformed(message) from None
    return Envelope(unit, changes)


def read_change(  # noqa: PLR0917  # the columns of one log entry
    stamp: int,
    type_name: str,
    rec: int,
    op: str,
    fields: str,
    over: str,
    salt: bytes,
    first_digest: bytes | None = None,
) -> Change:
    """Return a change from its columns, its digest computed anew.

    Raises:
        ValueError: The texts are not JSON.
    """
    digest = digest_of(stamp, type_name, rec, op, fields, over, salt)
    return Change(
        stamp,
        type_name,
        rec,
        op,
        _read(fields),
        _read(over) if over != "{}" else {},
        fields,
        over,
        salt,
        digest,
        None if first_digest == digest else first_digest,
    )


def _read(text: str) -> Any:
    """Read a JSON text as :func:`dump` writes it: nothing before it, nothing behind it."""
    try:
        value, end = _SCAN(text, 0)
    except StopIteration:
        raise ValueError(_NO_JSON) from None
    if end != len(text):
        raise ValueError(_NO_JSON)
    return value


def shape_problem(envelope: Envelope) -> str:
    """Say what is wrong with the shape of a received unit; empty if nothing is.

    Names are only checked for their shape here: unknown types and fields of a newer PC are kept.
    """
    unit = envelope.unit
    if not (_is_id(unit.id) and _is_id(unit.seq) and _is_id(unit.person)) or (
        unit.batch is not None and not _is_id(unit.batch)
    ):
        return "a number of the unit is out of range"
    if unit.id >= stamps.HIGHEST_RECEIVED:
        return "its stamps lie too far in the future"
    if stamps.tag_of(unit.id) != unit.tag:
        return "the unit's stamp belongs to another replica"
    if type(unit.kind) is not str or type(unit.reason) is not str or not _is_time(unit.at):
        return "a word of the unit is not what it should be"
    tag, last = unit.tag, unit.id
    for stamp, type_name, rec, op, fields, over, text, _, _, _, _ in envelope.changes:
        # as _is_id says it: a call for each of two numbers would take as long as all the rest
        if (
            type(stamp) is not int
            or type(rec) is not int
            or not last < stamp <= stamps.LARGEST
            or not 0 < rec <= stamps.LARGEST
        ):
            return "the stamps of the unit do not rise"
        if stamp >= stamps.HIGHEST_RECEIVED:
            return "its stamps lie too far in the future"
        if stamp & _TAG != tag:
            return "a change's stamp belongs to another replica"
        last = stamp
        if problem := _change_problem(stamp, type_name, op, fields, over):
            return problem
        # the hash covers how it is spelled, not what that comes to
        if foreign.ESCAPE in text and not foreign.is_text(fields):
            return "a field holds half a character"
    return ""


def _is_id(number: object) -> bool:
    return type(number) is int and 0 < number <= stamps.LARGEST


@lru_cache(maxsize=4096)
def _is_name(word: str) -> bool:
    return _NAME.fullmatch(word) is not None


def _is_time(word: object) -> bool:
    try:
        return type(word) is str and times.from_stored(word) is not None
    except ValueError:
        return False


def _change_problem(stamp: int, type_name: object, op: object, fields: object, over: object) -> str:
    if type(op) is not str or type(type_name) is not str:
        return "a change is of an unknown kind"
    if op not in _OPS or not _is_name(type_name):
        return "a change is of an unknown kind"
    if type(fields) is not dict or type(over) is not dict:
        return "a change has no fields"
    for name, value in fields.items():
        if not _is_name(name):
            return "a field has an impossible name"
        if value is not None and type(value) is not str and type(value) is not int:
            return "a field holds neither text nor a number"
    if op == ERASE and not _is_naming(fields.get(ERASED, "{}")):
        return "an erasure does not say what it was taken out of"
    for name, replaced in over.items():
        if name not in fields or type(replaced) is not list:
            return "a change replaces a field that it does not write"
        # this is what lets the highest stamp always be the value shown
        if any(not _is_id(old) or old >= stamp for old in replaced):
            return "a change replaces something newer than itself"
    return ""


def _is_naming(text: Kept) -> bool:
    """Return whether a text names changes as an erasure does: the guard on the log reads it too."""
    try:
        said = json.loads(str(text))
        return type(said) is dict and all(
            _is_id(int(stamp)) and str(int(stamp)) == stamp and bytes.fromhex(left)
            for stamp, left in said.items()
        )
    except (ValueError, TypeError, RecursionError):
        return False
