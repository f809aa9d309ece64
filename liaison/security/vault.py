"""The vault: what only an unlocked home knows, on this one PC.

Change one with :func:`dataclasses.replace`, so that entries of a newer Liaison (`unknown`) survive.
Python cannot wipe memory; what is here is gone when the process is.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from typing import Final

from liaison.security.primitives import KEY_BYTES, Identity, PublicKeys
from liaison.security.wire import (
    JsonObject,
    binary,
    canonical,
    child,
    children,
    parse,
    show,
    text,
    whole,
    without,
)

_LAST_TAG: Final = (1 << 14) - 1


@dataclass(frozen=True, slots=True)
class DatabaseKeys:
    """The key of the database, and while it is being changed, the one it will have."""

    current: bytes = field(repr=False)
    pending: bytes | None = field(default=None, repr=False)
    unknown: JsonObject = field(default_factory=dict, repr=False, hash=False)

    def __post_init__(self) -> None:
        """Catch a key of the wrong length where it is made."""
        _check_keys(self.current, self.pending)

    def changing(self) -> DatabaseKeys:
        """Return the same with a key to come; a change that a crash interrupted goes on with its own."""
        return replace(self, pending=self.pending or secrets.token_bytes(KEY_BYTES))


@dataclass(frozen=True, slots=True)
class PcKeys:
    """Who this PC is.

    Args:
        name: What people call it ("Office PC").
        id: The id of its record, once there is one.
        signing: Ed25519 private key: signs units and segments.
        exchange: X25519 private key: epoch keys are sealed to it.
    """

    name: str
    id: int | None
    signing: bytes = field(repr=False)
    exchange: bytes = field(repr=False)
    unknown: JsonObject = field(default_factory=dict, repr=False, hash=False)

    def __post_init__(self) -> None:
        """Catch a key of the wrong length where it is made."""
        _check_keys(self.signing, self.exchange)

    @property
    def public(self) -> PublicKeys:
        """The halves that other PCs learn."""
        return Identity(exchange=self.exchange, signing=self.signing).public


@dataclass(frozen=True, slots=True)
class Epoch:
    """One of the home's keys for segments; all stay readable.

    Args:
        id: Its name.
        key: It.
        unknown: What a newer Liaison says of it.
        here: Whether this PC made it, and did not take it from the log.
    """

    id: str
    key: bytes = field(repr=False)
    unknown: JsonObject = field(default_factory=dict, repr=False, hash=False)
    here: bool = False

    def __post_init__(self) -> None:
        """Catch a key of the wrong length where it is made."""
        _check_keys(self.key)

    @classmethod
    def generate(cls) -> Epoch:
        """Make a new one with a random id."""
        return cls(secrets.token_hex(8), secrets.token_bytes(KEY_BYTES), here=True)


@dataclass(frozen=True, slots=True)
class Vault:
    """Everything that opens the home on this PC.

    Args:
        database: The database key.
        pc: This PC's name and keys.
        tag: The 14-bit tag of this replica, also kept in the database: a copied database is noticed.
        incarnation: Which life of this PC it is; a restored backup begins a new one.
        epochs: Keys of the segments, oldest first.
        blob_key: Key of the hash that names attachments.
        storage: Where the home's PCs meet, and the key to it, if that is an object store; what it
            holds is the exchange's own affair.
        replaced_sheet: The public signing key of the recovery sheet that was every PC's when the one
            in this key file was made here; None if it was made elsewhere, or by an older Liaison.
        unknown: Members that a newer Liaison wrote.
    """

    database: DatabaseKeys
    pc: PcKeys
    tag: int
    incarnation: int
    epochs: tuple[Epoch, ...]
    blob_key: bytes = field(repr=False)
    storage: JsonObject = field(default_factory=dict, repr=False, hash=False)
    replaced_sheet: bytes | None = None
    unknown: JsonObject = field(default_factory=dict, repr=False, hash=False)

    def __post_init__(self) -> None:
        """Catch wrong values where they are made."""
        _check_keys(self.blob_key, self.replaced_sheet)
        if not 0 <= self.tag <= _LAST_TAG or self.incarnation < 0:
            raise ValueError("a replica tag has 14 bits and an incarnation is not negative")

    @classmethod
    def generate(
        cls, pc_name: str, *, tag: int, incarnation: int = 0, pc_id: int | None = None
    ) -> Vault:
        """Make all the keys of a new home on its first PC."""
        fresh = Identity.generate()
        return cls(
            database=DatabaseKeys(secrets.token_bytes(KEY_BYTES)),
            pc=PcKeys(pc_name, pc_id, signing=fresh.signing, exchange=fresh.exchange),
            tag=tag,
            incarnation=incarnation,
            epochs=(Epoch.generate(),),
            blob_key=secrets.token_bytes(KEY_BYTES),
        )

    def encode(self) -> bytes:
        """Return the vault as JSON, to be encrypted."""
        database: JsonObject = {**self.database.unknown, "current": show(self.database.current)}
        database["pending"] = None if self.database.pending is None else show(self.database.pending)
        return canonical(
            {
                **self.unknown,
                "database": database,
                "pc": {
                    **self.pc.unknown,
                    "name": self.pc.name,
                    "id": self.pc.id,
                    "signing": show(self.pc.signing),
                    "exchange": show(self.pc.exchange),
                },
                "tag": self.tag,
                "incarnation": self.incarnation,
                "epochs": [
                    {
                        **epoch.unknown,
                        "id": epoch.id,
                        "key": show(epoch.key),
                        **({"here": True} if epoch.here else {}),
                    }
                    for epoch in self.epochs
                ],
                "blob_key": show(self.blob_key),
                **({"storage": self.storage} if self.storage else {}),
                **(
                    {"replaced_sheet": show(self.replaced_sheet)}
                    if self.replaced_sheet is not None
                    else {}
                ),
            }
        )

    @classmethod
    def decode(cls, data: bytes) -> Vault:
        """Undo :meth:`encode`.

        Raises:
            DamagedKeyFile: It is not a vault (which a Liaison that works never writes).
        """
        found = parse(data, "the vault")
        database, pc = child(found, "database"), child(found, "pc")
        return cls(
            database=DatabaseKeys(
                binary(database, "current", KEY_BYTES),
                None if database.get("pending") is None else binary(database, "pending", KEY_BYTES),
                without(database, "current", "pending"),
            ),
            pc=PcKeys(
                text(pc, "name"),
                None if pc.get("id") is None else whole(pc, "id"),
                binary(pc, "signing", KEY_BYTES),
                binary(pc, "exchange", KEY_BYTES),
                without(pc, "name", "id", "signing", "exchange"),
            ),
            tag=whole(found, "tag", 0, _LAST_TAG),
            incarnation=whole(found, "incarnation"),
            epochs=tuple(
                Epoch(
                    text(item, "id"),
                    binary(item, "key", KEY_BYTES),
                    without(item, "id", "key", "here"),
                    here=item.get("here") is True,
                )
                for item in children(found, "epochs")
            ),
            blob_key=binary(found, "blob_key", KEY_BYTES),
            storage=child(found, "storage") if "storage" in found else {},
            replaced_sheet=(
                binary(found, "replaced_sheet", KEY_BYTES) if "replaced_sheet" in found else None
            ),
            unknown=without(
                found,
                "database",
                "pc",
                "tag",
                "incarnation",
                "epochs",
                "blob_key",
                "storage",
                "replaced_sheet",
            ),
        )


def _check_keys(*keys: bytes | None) -> None:
    if any(key is not None and len(key) != KEY_BYTES for key in keys):
        raise ValueError("a key has 32 bytes")  # and says nothing about which ones
