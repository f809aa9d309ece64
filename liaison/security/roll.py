"""The roll: who belongs to the home, signed by a manager, checked back to the root of trust.

A certificate says that a person (or the recovery sheet) has these public keys and this role; a
manager or the recovery key signed it, and so on up to the root, the first manager's key. Keys of
managers who left, or of recovery sheets since replaced, stay as *issuers* as long as a chain needs
them; they may no longer sign a roll. Each signature covers all members of what it signs, also those
this version does not know, and is bound to one home and one purpose.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.security.errors import DamagedKeyFile, ForeignKeyFile
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
from liaison.security.wire import (
    JsonObject,
    binary,
    canonical,
    child,
    children,
    show,
    text,
    without,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

#: The id and the role of the recovery sheet; no person may have either.
RECOVERY: Final = "recovery"
MANAGER: Final = "manager"
#: Whose signature admits others.
AUTHORITY: Final = frozenset({MANAGER, RECOVERY})
_LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class Certificate:
    """Whose keys are whose, as somebody with authority signed it.

    Args:
        person: The id of the person's record, or `RECOVERY`.
        name: Their name, for the unlock screen.
        role: What they may do in the app; a role this version does not know has no authority.
        keys: Their public keys.
        signed_by: The signer's Ed25519 public key.
        document: The certificate as stored.
    """

    person: str
    name: str
    role: str
    keys: PublicKeys
    signed_by: bytes
    document: JsonObject

    @classmethod
    def parse(cls, document: JsonObject) -> Certificate:
        """Read one; the signature is checked with the roll."""
        binary(document, "signature", SIGNATURE_BYTES)
        return cls(
            text(document, "person", longest=LONGEST_ID),
            text(document, "name"),
            text(document, "role", longest=LONGEST_ID),
            PublicKeys(
                binary(document, "exchange", KEY_BYTES), binary(document, "signing", KEY_BYTES)
            ),
            binary(document, "signed_by", KEY_BYTES),
            document,
        )


def certify(
    pin: Pin, signer: Identity, *, person: str, name: str, role: str, keys: PublicKeys
) -> Certificate:
    """Make the certificate of a person.

    Raises:
        UserError: The name is empty or far too long.
    """
    if RECOVERY in (person, role):
        raise ValueError("the recovery sheet is not a person")
    if not 0 < len(person) <= LONGEST_ID:
        raise ValueError(f"a person's id has 1 to {LONGEST_ID} characters")
    if not name.strip() or len(name) > _LONGEST_NAME:
        raise UserError(
            f"A person needs a name of at most {_LONGEST_NAME} characters.",
            kept="Nothing was changed.",
            do="Type their name as it is to appear on the unlock screen.",
            code="bad-name",
        )
    return _certified(pin, signer, person, name, role, keys)


def certify_sheet(pin: Pin, signer: Identity, keys: PublicKeys) -> Certificate:
    """Make the certificate of a recovery sheet."""
    return _certified(pin, signer, RECOVERY, "the recovery sheet", RECOVERY, keys)


@dataclass(frozen=True, slots=True)
class Roll:
    """The roll of a home, parsed; trust it only after :meth:`verify`.

    Args:
        members: The certificates of the people who belong to the home now.
        recovery: The certificate of the current recovery sheet.
        issuers: Certificates that others were signed with and that no longer belong.
        document: The roll as stored.
    """

    members: tuple[Certificate, ...]
    recovery: Certificate
    issuers: tuple[Certificate, ...]
    document: JsonObject

    @classmethod
    def parse(cls, document: JsonObject) -> Roll:
        """Read a roll and check its shape.

        Raises:
            DamagedKeyFile: Something is missing or of the wrong kind.
        """
        binary(document, "signed_by", KEY_BYTES)
        binary(document, "signature", SIGNATURE_BYTES)
        found = cls(
            tuple(Certificate.parse(item) for item in children(document, "members")),
            Certificate.parse(child(document, "recovery")),
            tuple(Certificate.parse(item) for item in children(document, "issuers")),
            document,
        )
        people = [member.person for member in found.members]
        if not people or len(set(people)) != len(people):
            raise DamagedKeyFile("the list of people is not right")
        return found

    def current(self) -> tuple[Certificate, ...]:
        """Everybody who can open the home now: the members and the recovery sheet."""
        return (*self.members, self.recovery)

    def digest(self) -> str:
        """Return a hash of the whole roll, to bind other statements to it."""
        return hashlib.sha256(canonical(self.document)).hexdigest()

    def verify(self, pin: Pin) -> None:
        """Follow every certificate to the root, and check who signed the roll.

        Raises:
            ForeignKeyFile: The roll, or somebody on it, is not from this home's managers.
        """
        if self.recovery.role != RECOVERY or any(
            RECOVERY in (one.person, one.role) for one in self.members
        ):
            raise ForeignKeyFile("a person and the recovery sheet are mixed up")
        self._verify_chains(pin)
        signer = binary(self.document, "signed_by", KEY_BYTES)
        if signer not in {one.keys.signing for one in self.current() if one.role in AUTHORITY}:
            raise ForeignKeyFile("the list of people is not signed by a manager of this home")
        _check(pin, "roll", self.document, "the list of people")

    def _verify_chains(self, pin: Pin) -> None:
        """Walk from the root to everybody it vouches for, and refuse a roll with anybody else on it."""
        vouched: dict[bytes, list[Certificate]] = {}
        everybody = (*self.current(), *self.issuers)
        for one in everybody:
            vouched.setdefault(one.signed_by, []).append(one)
        trusted, waiting, reached = {pin.root}, [pin.root], 0
        while waiting:
            for one in vouched.get(waiting.pop(), ()):
                _check(pin, "certificate", one.document, f"the certificate of {one.name}")
                reached += 1
                if one.role in AUTHORITY and one.keys.signing not in trusted:
                    trusted.add(one.keys.signing)
                    waiting.append(one.keys.signing)
        if reached != len(everybody):
            raise ForeignKeyFile(
                "somebody on the list of people was not admitted by a manager of this home"
            )


def write_roll(
    pin: Pin,
    signer: Identity,
    *,
    members: Sequence[Certificate],
    recovery: Certificate,
    former: Sequence[Certificate] = (),
    unknown: JsonObject | None = None,
) -> Roll:
    """Make and sign a roll.

    Args:
        pin: The home.
        signer: A manager among the members, or the recovery key on this roll.
        members: Certificates of the people who belong.
        recovery: Certificate of the recovery sheet.
        former: Certificates of anybody else ever; those that no chain needs any longer are dropped.
        unknown: Members of the old roll that this version does not know.
    """
    present = [one.keys.signing for one in (*members, recovery)]
    pool = {one.keys.signing: one for one in (*former, *members, recovery)}
    needed: dict[bytes, JsonObject] = {}
    waiting = list(present)
    for key in waiting:  # grows on the way up to the root
        issuer = pool.get(pool[key].signed_by)
        if issuer is not None and issuer.keys.signing not in {*present, *needed}:
            needed[issuer.keys.signing] = issuer.document
            waiting.append(issuer.keys.signing)
    document: JsonObject = {
        **(unknown or {}),
        "members": [one.document for one in members],
        "recovery": recovery.document,
        "issuers": list(needed.values()),
    }
    return Roll.parse(_signed(pin, signer, "roll", document))


def _certified(  # noqa: PLR0917 - both callers are above, and say what is what
    pin: Pin, signer: Identity, person: str, name: str, role: str, keys: PublicKeys
) -> Certificate:
    document: JsonObject = {"person": person, "name": name, "role": role}
    document |= {"exchange": show(keys.exchange), "signing": show(keys.signing)}
    return Certificate.parse(_signed(pin, signer, "certificate", document))


def _signed(pin: Pin, signer: Identity, purpose: str, document: JsonObject) -> JsonObject:
    signed = {**document, "signed_by": show(signer.public.signing)}
    return {**signed, "signature": show(signer.sign(pin.bind(purpose, body=signed)))}


def is_signed(pin: Pin, certificate: Certificate) -> bool:
    """Return whether a certificate is signed by the key it names; whose key that is, is not asked."""
    try:
        _check(pin, "certificate", certificate.document, certificate.name)
    except ForeignKeyFile:
        return False
    return True


def _check(pin: Pin, purpose: str, document: JsonObject, what: str) -> None:
    message = pin.bind(purpose, body=without(document, "signature"))
    try:
        check_signature(
            binary(document, "signed_by", KEY_BYTES),
            binary(document, "signature", SIGNATURE_BYTES),
            message,
        )
    except Refused:
        raise ForeignKeyFile(f"the signature on {what} does not fit") from None
