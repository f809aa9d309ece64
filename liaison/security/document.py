"""The key file as a document: its parts, its versions, and what can be checked without a secret.

```
format, version, about, generation, home_id, root
roll       members, recovery, issuers: certificates; signed_by, signature         (roll.py)
slots      per person: kdf, nonce, keys, vault_key, checksum                       (slots.py)
recovery   key, vault_key, checksum
vault      commitment, signed_by, signature, nonce, data, checksum
mac        over all of it but itself and the checksum, under a key from the vault key
checksum   over all of it but itself; unkeyed
```

`format`, `version`, `mac` and `checksum` mean the same in every version, so that damage is told from
a newer version, and an older file can be authenticated after it was upgraded in memory.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from liaison.security.errors import DamagedKeyFile, ForeignKeyFile, NewerKeyFile
from liaison.security.primitives import KEY_BYTES, LONGEST_ID, Pin, derive, mac
from liaison.security.roll import Certificate, Roll
from liaison.security.slots import check_recovery_slot, check_sealed_vault, check_slot
from liaison.security.wire import (
    JsonObject,
    binary,
    canonical,
    checksum,
    child,
    children,
    intact,
    parse,
    readable,
    show,
    text,
    whole,
    with_checksum,
    without,
)

if TYPE_CHECKING:
    from collections.abc import Callable

FORMAT: Final = "liaison-keys"
VERSION: Final = 1
ABOUT: Final = "The keys of a Liaison home. Nobody can open the home without this file. Do not edit it; back it up with the home."

#: Steps that turn a document of one version into the next one's, applied one after the other on
#: reading. A step gets its own copy, and leaves certificates, roll and vault statement word for word
#: as they were signed. The MAC is checked over the document as it was stored.
UPGRADES: dict[int, Callable[[JsonObject], JsonObject]] = {}


@dataclass(frozen=True, slots=True, repr=False)
class Document:
    """A key file whose shape and checksums are right; nothing in it is trusted yet.

    Args:
        data: The bytes as stored.
        stored: The document as stored, in the version it has.
        current: The same in this version.
        pin: The home it says it is for.
        generation: The count of its replacements.
        roll: Who belongs.
        slots: The slots by person.
    """

    data: bytes
    stored: JsonObject
    current: JsonObject
    pin: Pin
    generation: int
    roll: Roll
    slots: dict[str, JsonObject]

    @property
    def recovery(self) -> JsonObject:
        """The recovery sheet's slot."""
        return child(self.current, "recovery")

    @property
    def vault(self) -> JsonObject:
        """The encrypted vault."""
        return child(self.current, "vault")

    def check_mac(self, vault_key: bytes) -> None:
        """Check that the file as stored is as somebody who could open it wrote it.

        Raises:
            ForeignKeyFile: It was changed by somebody else.
        """
        if not hmac.compare_digest(
            binary(self.stored, "mac", KEY_BYTES), _mac(self.pin, self.stored, vault_key)
        ):
            raise ForeignKeyFile("it does not fit its own seal")


def decode(data: bytes) -> Document:
    """Read a key file from bytes and check all that needs no secret.

    Raises:
        DamagedKeyFile: It is not as it was written; the message names the part.
        NewerKeyFile: It is intact and of a newer version.
        CostRefused: It asks for an absurd amount of work.
        ForeignKeyFile: Its parts are not about the same people.
    """
    stored = parse(data, "the file")
    if stored.get("format") != FORMAT:
        raise DamagedKeyFile("it is not a Liaison key file")
    if not intact(stored):
        raise DamagedKeyFile(_damaged_part(stored))
    version = whole(stored, "version")
    if version > VERSION:
        raise NewerKeyFile
    current = stored
    for step in range(version, VERSION):
        if step not in UPGRADES:
            raise DamagedKeyFile(f"no Liaison wrote version {version}")
        current = UPGRADES[step](parse(canonical(current), "the file"))
    pin = Pin(text(current, "home_id", longest=LONGEST_ID), binary(current, "root", KEY_BYTES))
    binary(stored, "mac", KEY_BYTES)
    roll = Roll.parse(child(current, "roll"))
    slots = _slots(current, roll)
    return Document(data, stored, current, pin, whole(current, "generation", 1), roll, slots)


def encode(pin: Pin, generation: int, parts: JsonObject, vault_key: bytes) -> bytes:
    """Write a key file of this version from its parts, sealed under the vault key.

    Args:
        pin: The home.
        generation: The count of its replacements, this one included.
        parts: Roll, slots, recovery and vault, with whatever else the old file held.
        vault_key: The vault key.
    """
    document: JsonObject = {
        "format": FORMAT,
        "version": VERSION,
        "about": ABOUT,
        "generation": generation,
        "home_id": pin.home_id,
        "root": show(pin.root),
    }
    document |= {
        name: value for name, value in parts.items() if name not in {*document, "mac", "checksum"}
    }
    document["mac"] = show(_mac(pin, document, vault_key))
    return readable(with_checksum(document))


def _mac(pin: Pin, document: JsonObject, vault_key: bytes) -> bytes:
    return mac(
        derive(vault_key, pin.bind("file-mac")), canonical(without(document, "mac", "checksum"))
    )


def _slots(current: JsonObject, roll: Roll) -> dict[str, JsonObject]:
    """Check the sealed parts, and that they are of the people on the roll; return slots by person."""
    recovery, vault = child(current, "recovery"), child(current, "vault")
    check_recovery_slot(recovery)
    check_sealed_vault(vault)
    members = {member.person: member for member in roll.members}
    found: dict[str, JsonObject] = {}
    for slot in children(current, "slots"):
        check_slot(slot)
        owner = members.get(text(slot, "person"))
        if owner is None or owner.person in found:
            raise ForeignKeyFile("there is a slot of somebody who is not on the list of people")
        _check_owner(slot, owner)
        found[owner.person] = slot
    _check_owner(recovery, roll.recovery)
    for part in (*found.values(), recovery, vault):
        if part.get("checksum") != checksum(part):
            raise DamagedKeyFile(_damaged_part(current))
    return found


def _check_owner(slot: JsonObject, owner: Certificate) -> None:
    if binary(slot, "key", KEY_BYTES) != owner.keys.signing:
        raise ForeignKeyFile(f"the slot of {owner.name} is from another home or another time")


def _damaged_part(document: JsonObject) -> str:
    """Find what a checksum can say about where the damage is."""
    slots = document.get("slots")
    for slot in slots if isinstance(slots, list) else ():
        if not intact(slot):
            return f"the slot of {_name(document, slot)}"
    for part, what in (("recovery", "the slot of the recovery sheet"), ("vault", "the vault")):
        if not intact(document.get(part)):
            return what
    return "outside the slots and the vault"


def _name(document: JsonObject, slot: object) -> str:
    """Return whose slot it is, as far as a damaged document can say."""
    try:
        person = text(slot if isinstance(slot, dict) else {}, "person")
        return next(
            text(member, "name")
            for member in children(child(document, "roll"), "members")
            if member.get("person") == person
        )
    except (DamagedKeyFile, StopIteration):
        return "somebody"
