"""What managers sign about who belongs, as it travels to a home's other PCs.

Each entry is a JSON object with a kind, a rising number (``order``), the signer's public key and a
signature that is bound to this home. Where it was written, and by which PC it was sent, says nothing
about whether it counts: :mod:`liaison.security.standing` decides that from all of them together.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from liaison.security.errors import DamagedKeyFile
from liaison.security.primitives import (
    KEY_BYTES,
    LONGEST_ID,
    SIGNATURE_BYTES,
    Identity,
    Pin,
    PublicKeys,
    Refused,
    check_signature,
)
from liaison.security.roll import Certificate, Roll
from liaison.security.slots import check_slot, suspended
from liaison.security.wire import (
    MAX_BYTES,
    JsonObject,
    binary,
    canonical,
    child,
    children,
    moment,
    parse,
    show,
    text,
    whole,
    without,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

PERSON: Final = "person"
"""Somebody belongs, with these keys, this role and this slot."""
SLOT: Final = "password"
"""Somebody chose another password; signed by themself."""
VOUCHER: Final = "certificate"
"""A certificate of somebody who left, which others' certificates rest on."""
GONE: Final = "person removed"
SHEET: Final = "recovery sheet"
ROLL: Final = "list of people"
PC: Final = "PC joined"
PC_GONE: Final = "PC removed"
EPOCH: Final = "keys for PCs"
END: Final = "authority ended"
INVITATION: Final = "invitation"
#: What takes something away: it counts whatever became of its signer meanwhile (removal wins).
ENDINGS: Final = frozenset({GONE, PC_GONE, END})
KINDS: Final = ENDINGS | {PERSON, SLOT, VOUCHER, SHEET, ROLL, PC, EPOCH, INVITATION}

_PURPOSE: Final = "membership"
_LONGEST_NAME: Final = 200
#: What of a slot is this PC's own, and does not travel.
_ON_THIS_PC: Final = ("vault_key", "checksum", "suspended")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry whose shape and signature are right; whether it counts is another matter.

    Args:
        kind: What it says.
        order: Higher than that of every entry its signer knew.
        signer: The Ed25519 public key that signed it.
        digest: What tells it from every other.
        body: All of it.
    """

    kind: str
    order: int
    signer: bytes
    digest: str
    body: JsonObject

    @property
    def newer(self) -> tuple[int, str]:
        """What it is compared by: of two made without knowing of each other one wins everywhere."""
        return self.order, self.digest


@dataclass(frozen=True, slots=True)
class PcEntry:
    """A PC as a manager approved it.

    Args:
        id: The id of its record.
        name: What people call it.
        keys: Its public keys.
        tag: The tag of its first life.
        invitation: The invitation it came with; empty for the first PC.
    """

    id: int
    name: str
    keys: PublicKeys
    tag: int
    invitation: str = ""


def sign(pin: Pin, signer: Identity, kind: str, order: int, **parts: object) -> JsonObject:
    """Return a signed entry."""
    body: JsonObject = {
        "kind": kind,
        "order": order,
        **parts,
        "signed_by": show(signer.public.signing),
    }
    return {**body, "signature": show(signer.sign(pin.bind(_PURPOSE, body=body)))}


def as_text(document: JsonObject) -> str:
    """Return an entry as the log keeps it."""
    return canonical(document).decode("ascii")


def read(pin: Pin, kept: str) -> Entry:
    """Read an entry and check its shape and its signature.

    Raises:
        DamagedKeyFile: It is no entry, or one of a newer Liaison.
        Refused: Its signature does not fit: it was changed, or is another home's.
    """
    if len(kept) > MAX_BYTES or not kept.isascii():
        raise DamagedKeyFile("it is no entry")
    body = parse(kept.encode("ascii"), "it")
    kind = text(body, "kind")
    if kind not in KINDS:
        raise DamagedKeyFile("it is of a newer Liaison")
    _check_shape(kind, body)
    signer = binary(body, "signed_by", KEY_BYTES)
    message = pin.bind(_PURPOSE, body=without(body, "signature"))
    check_signature(signer, binary(body, "signature", SIGNATURE_BYTES), message)
    digest = hashlib.sha256(canonical(body)).hexdigest()[:32]
    return Entry(kind, whole(body, "order", 1), signer, digest, body)


def _check_shape(kind: str, body: JsonObject) -> None:
    """Refuse an entry whose members are not what its kind asks for."""
    if kind in {PERSON, VOUCHER, SHEET}:
        certificate_of(body)
    if kind == PERSON:
        own, slot = certificate_of(body), slot_of(body)
        if slot is not None and (slot["person"], slot["key"]) != (
            own.person,
            show(own.keys.signing),
        ):
            raise DamagedKeyFile("its slot is somebody else's")
        strings(body, "restores")
    elif kind in {SLOT, GONE}:
        text(body, "person", longest=LONGEST_ID)
        if kind == SLOT and slot_of(body) is None:
            raise DamagedKeyFile("it has no slot")
    elif kind == ROLL:
        Roll.parse(child(body, "roll"))
    elif kind == PC:
        pc_of(body)
    elif kind == PC_GONE:
        whole(body, "pc", 1)
        cuts_of(body)
    elif kind == EPOCH:
        text(body, "id", longest=16)
        sealed_of(body)
        known_to(body)
    elif kind == END:
        binary(body, "key", KEY_BYTES)
        strings(body, "keeps")
    elif kind == INVITATION:
        text(body, "id", longest=LONGEST_ID)
        text(body, "words")
        moment(body, "ends")


def certificate_of(body: JsonObject) -> Certificate:
    """Return the certificate an entry carries."""
    return Certificate.parse(child(body, "certificate"))


def slot_of(body: JsonObject) -> JsonObject | None:
    """Return the slot an entry carries, without what is each PC's own."""
    if body.get("slot") is None:
        return None
    slot = child(body, "slot")
    # the sealed vault key is each PC's own, and so is missing
    check_slot(suspended(slot))
    return slot


def travelling(slot: Mapping[str, object]) -> JsonObject:
    """Return what of a slot other PCs can use: the private keys under the password."""
    return without(dict(slot), *_ON_THIS_PC)


def pc_of(body: JsonObject) -> PcEntry:
    """Return the PC an entry approves."""
    return PcEntry(
        whole(body, "pc", 1),
        text(body, "name", longest=_LONGEST_NAME),
        PublicKeys(binary(body, "exchange", KEY_BYTES), binary(body, "signing", KEY_BYTES)),
        whole(body, "tag", 0, (1 << 14) - 1),
        text(body, "invitation") if body.get("invitation") else "",
    )


def cuts_of(body: JsonObject) -> dict[int, int]:
    """Return, by incarnation, the number of the last unit of a removed PC that counts."""
    return {
        whole(one, "incarnation"): whole(one, "seq") for one in children(body, "cuts")
    }  # fmt: skip


def sealed_of(body: JsonObject) -> dict[int, bytes]:
    """Return an epoch's key as it is sealed, by the id of the PC it is sealed to."""
    return {whole(one, "pc", 1): binary(one, "key") for one in children(body, "sealed")}


def epoch_parts(
    epoch: str, sealed: list[JsonObject], *, known: Iterable[int] = (), opens: bool = False
) -> dict[str, object]:
    """Return an epoch's key as an entry spells it.

    Args:
        epoch: Its name.
        sealed: It, as :func:`seal_epoch` gives it.
        known: The ids of the PCs that have it already: what said so may be withdrawn.
        opens: Whether it is handed on to open with only, and nothing is to be written under it.
    """
    parts: dict[str, object] = {"id": epoch, "sealed": sealed}
    if has := sorted(known):
        parts["known"] = has
    if opens:
        parts["opens"] = True
    return parts


def known_to(body: JsonObject) -> frozenset[int]:
    """Return the ids of the PCs that had an epoch's key when it was sealed to others."""
    value = body.get("known", [])
    if not isinstance(value, list) or not all(type(one) is int for one in value):
        raise DamagedKeyFile("“known” is not right")
    return frozenset(value)


def only_opens(body: JsonObject) -> bool:
    """Return whether an epoch's key is handed on to open with: somebody who was removed made it."""
    return body.get("opens") is True


def strings(body: JsonObject, name: str) -> frozenset[str]:
    """Return a member that is a list of texts; empty if it is not there."""
    value = body.get(name, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise DamagedKeyFile(f"“{name}” is not right")
    return frozenset(value)


def seal_epoch(pin: Pin, epoch: str, key: bytes, to: Sequence[PcEntry]) -> list[JsonObject]:
    """Return an epoch's key sealed to some PCs."""
    return [
        {"pc": one.id, "key": show(one.keys.seal(key, _epoch_binding(pin, epoch, one.id)))}
        for one in to
    ]


def open_epoch(pin: Pin, epoch: str, pc: int, identity: Identity, sealed: bytes) -> bytes:
    """Open an epoch's key that was sealed to a PC.

    Raises:
        Refused: It was sealed to another PC, or is no key.
    """
    key = identity.unseal(sealed, _epoch_binding(pin, epoch, pc))
    if len(key) != KEY_BYTES:
        raise Refused
    return key


def _epoch_binding(pin: Pin, epoch: str, pc: int) -> bytes:
    return pin.bind("epoch-key", epoch=epoch, pc=pc)


def same(one: object, other: object) -> bool:
    """Return whether two JSON values are the same."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
