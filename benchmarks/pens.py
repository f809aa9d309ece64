"""A PC that writes: units of work as they reach another PC, to fill homes with and to merge."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from liaison.records import spec_of
from liaison.records.rules import times
from liaison.records.values import Kept, kept_columns
from liaison.store import changes as log
from liaison.store.replicas import Replica
from liaison.store.stamps import Stamper

if TYPE_CHECKING:
    from liaison.records import Record

START: Final = dt.datetime(2005, 1, 3, 9, tzinfo=dt.UTC)

Edit = tuple[int, Mapping[str, Kept], bytes]
"""A record, the fields to write and a salt."""

# what is saved in one visit has one moment
_stored: Final = functools.lru_cache(1)(times.to_stored)


@dataclasses.dataclass(slots=True)
class Pen:
    """A PC that writes units of work, as they reach another PC.

    Args:
        tag: Its replica tag.
        now: What its clock shows.
        units: How many units it has written.
        hash: Where its chain stands.
    """

    tag: int
    now: dt.datetime = START
    units: int = 0
    hash: bytes = log.NO_HASH
    signer: Ed25519PrivateKey = dataclasses.field(init=False)
    _stamper: Stamper = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        """Derive its key from its tag."""
        self.signer = Ed25519PrivateKey.from_private_bytes(self.tag.to_bytes(32, "big"))
        self._stamper = Stamper(self.tag, 0, lambda: self.now)

    @property
    def replica(self) -> Replica:
        """What other PCs know of it."""
        return Replica(self.tag, self.tag, 0, self.signer.public_key().public_bytes_raw())

    def birth(self, record: Record, salt: bytes) -> log.Envelope:
        """Write a new record in a unit of its own, as a person's save does."""
        return self.births(((record, salt),))

    def births(self, records: Iterable[tuple[Record, bytes]]) -> log.Envelope:
        """Write new records, each with its salt, all in one unit, as an import does."""
        identity = self._stamper.next()
        changes: list[log.Change] = []
        for record, salt in records:
            spec, stamp = spec_of(record), self._stamper.next()
            fields = kept_columns(spec, record)
            changes.append(log.make_change(stamp, spec.name, stamp, log.BIRTH, fields, {}, salt))
        return self._seal(identity, changes)

    def edits(self, type_name: str, edits: Iterable[Edit]) -> log.Envelope:
        """Write edits of fields that nobody has edited before, all in one unit."""
        identity = self._stamper.next()
        changes = [
            log.make_change(self._stamper.next(), type_name, rec, log.EDIT, fields, {}, salt)
            for rec, fields, salt in edits
        ]
        return self._seal(identity, changes)

    def _seal(self, identity: int, changes: Sequence[log.Change]) -> log.Envelope:
        self.units += 1
        unit = log.Unit(
            identity, self.tag, self.units, _stored(self.now), 1, "save", "", None, b"", b""
        )
        self.hash = log.unit_hash(self.hash, unit, [change.digest for change in changes])
        signature = self.signer.sign(log.signed_bytes(self.hash))
        return log.Envelope(unit._replace(hash=self.hash, signature=signature), changes)
