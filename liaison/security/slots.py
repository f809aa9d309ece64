"""The sealed parts of a key file: each person's slot, the recovery sheet's, and the vault.

A slot says how a password opens the person's private keys and holds the vault key sealed to them. The
vault key opens the vault and, through keys derived from it, checks the whole file. HPKE does not say
who sealed; the vault's *statement*, signed by somebody on the roll over the roll and a commitment to
the vault key, does, so that nobody from outside can slip in a vault of their own.
"""

from __future__ import annotations

import hmac
import secrets
from typing import Final

from liaison.security.errors import ForeignKeyFile, NewerKeyFile, WrongPassword
from liaison.security.primitives import (
    KEY_BYTES,
    LONGEST_ID,
    NONCE_BYTES,
    SALT_BYTES,
    SIGNATURE_BYTES,
    Cost,
    Identity,
    Pin,
    Refused,
    check_signature,
    decrypt,
    derive,
    encrypt,
    password_key,
)
from liaison.security.roll import Certificate, Roll
from liaison.security.vault import Vault
from liaison.security.wire import (
    JsonObject,
    binary,
    child,
    show,
    text,
    whole,
    with_checksum,
    without,
)

_TAG_BYTES: Final = 16
_SEALED_BYTES: Final = 32 + KEY_BYTES + _TAG_BYTES
_ARGON2ID: Final = "argon2id"


def check_slot(slot: JsonObject) -> None:
    """Check the shape of a person's slot and that its cost is within bounds.

    Raises:
        DamagedKeyFile: Something is missing or of the wrong kind.
        CostRefused: It asks for more work than any Liaison would.
        NewerKeyFile: Passwords are checked in a way this version does not know.
    """
    text(slot, "person", longest=LONGEST_ID)
    binary(slot, "key", KEY_BYTES)
    binary(slot, "nonce", NONCE_BYTES)
    binary(slot, "keys", 2 * KEY_BYTES + _TAG_BYTES)
    if not is_suspended(slot):
        binary(slot, "vault_key", _SEALED_BYTES)
    method = child(slot, "kdf")
    if text(method, "name") != _ARGON2ID:
        raise NewerKeyFile
    binary(method, "salt", SALT_BYTES)
    _cost(method).check()


def is_suspended(slot: JsonObject) -> bool:
    """Return whether somebody's password opens their own keys only, not the home."""
    return slot.get("suspended") is True


def suspended(slot: JsonObject) -> JsonObject:
    """Return a slot from which the vault key is gone; the private keys stay for their return."""
    return {**without(slot, "vault_key"), "suspended": True}


def resumed(slot: JsonObject) -> JsonObject:
    """Return a slot that :func:`seal_slot` gives the vault key again."""
    return without(slot, "suspended")


def is_temporary(slot: JsonObject) -> bool:
    """Return whether the password is a manager's, to be changed at first use."""
    return slot.get("temporary") is True


def temporary(slot: JsonObject) -> JsonObject:
    """Return a slot whose password is to be changed at first use."""
    return {**slot, "temporary": True}


def lock_slot(
    pin: Pin, owner: Certificate, identity: Identity, password: bytes, cost: Cost
) -> JsonObject:
    """Put a person's private keys under their password; :func:`seal_slot` adds the vault key."""
    salt = secrets.token_bytes(SALT_BYTES)
    method: JsonObject = {
        "name": _ARGON2ID,
        "memory_kib": cost.memory_kib,
        "passes": cost.passes,
        "lanes": cost.lanes,
        "salt": show(salt),
    }
    nonce, keys = encrypt(
        password_key(password, salt, cost),
        identity.exchange + identity.signing,
        _slot_binding(pin, owner.person, method),
    )
    return {
        "person": owner.person,
        "key": show(owner.keys.signing),
        "kdf": method,
        "nonce": show(nonce),
        "keys": show(keys),
    }


def seal_slot(pin: Pin, slot: JsonObject, owner: Certificate, vault_key: bytes) -> JsonObject:
    """Return a slot, a person's or the recovery sheet's, with the vault key sealed to its owner.

    The recovery sheet's holds nothing else: its private keys are on paper. A suspended one gets none.
    """
    if is_suspended(slot):
        return with_checksum(slot)
    sealed = owner.keys.seal(vault_key, _seal_binding(pin, owner.person))
    return with_checksum({**slot, "key": show(owner.keys.signing), "vault_key": show(sealed)})


def open_slot(pin: Pin, slot: JsonObject, owner: Certificate, password: bytes) -> Identity:
    """Open a person's private keys with their password.

    Raises:
        WrongPassword: It is another password (the slot's checksum has already told damage apart).
        ForeignKeyFile: The keys inside are not those on the roll.
    """
    method = child(slot, "kdf")
    key = password_key(password, binary(method, "salt", SALT_BYTES), _cost(method))
    try:
        keys = decrypt(
            key,
            binary(slot, "nonce"),
            binary(slot, "keys"),
            _slot_binding(pin, owner.person, method),
        )
    except Refused:
        raise WrongPassword from None
    identity = Identity(exchange=keys[:KEY_BYTES], signing=keys[KEY_BYTES:])
    if identity.public != owner.keys:
        raise ForeignKeyFile(f"the slot of {owner.name} holds other keys than the list of people")
    return identity


def unseal_vault_key(pin: Pin, slot: JsonObject, owner: Certificate, identity: Identity) -> bytes:
    """Open the vault key that was sealed to somebody.

    Raises:
        ForeignKeyFile: It was sealed for another home or person, or changed.
    """
    try:
        return identity.unseal(
            binary(slot, "vault_key", _SEALED_BYTES), _seal_binding(pin, owner.person)
        )
    except Refused:
        raise ForeignKeyFile(f"the vault key of {owner.name} does not open") from None


def check_recovery_slot(slot: JsonObject) -> None:
    """Check the shape of the recovery sheet's slot."""
    binary(slot, "key", KEY_BYTES)
    binary(slot, "vault_key", _SEALED_BYTES)


def check_sealed_vault(sealed: JsonObject) -> None:
    """Check the shape of the encrypted vault."""
    binary(sealed, "nonce", NONCE_BYTES)
    binary(sealed, "data")
    binary(sealed, "commitment", KEY_BYTES)
    binary(sealed, "signed_by", KEY_BYTES)
    binary(sealed, "signature", SIGNATURE_BYTES)


def lock_vault(pin: Pin, vault: Vault, vault_key: bytes, statement: JsonObject) -> JsonObject:
    """Encrypt the vault, and put the statement of :func:`state` beside it."""
    nonce, data = encrypt(
        derive(vault_key, pin.bind("vault-encryption")), vault.encode(), pin.bind("vault")
    )
    return with_checksum({**statement, "nonce": show(nonce), "data": show(data)})


def state(pin: Pin, signer: Identity, roll: Roll, vault_key: bytes) -> JsonObject:
    """Sign that this vault key belongs with this roll; anybody on the roll may, a carer too."""
    commitment = _commitment(pin, vault_key)
    return {
        "commitment": show(commitment),
        "signed_by": show(signer.public.signing),
        "signature": show(signer.sign(_statement(pin, roll, commitment))),
    }


def statement_of(sealed: JsonObject) -> JsonObject:
    """Return the statement of an encrypted vault, to go on with it and a vault that changed."""
    return without(sealed, "nonce", "data", "checksum")


def check_statement(pin: Pin, sealed: JsonObject, roll: Roll, vault_key: bytes) -> None:
    """Check that somebody on the roll vouches for this vault key.

    Raises:
        ForeignKeyFile: Nobody does: the vault was made by somebody else, or for an earlier roll.
    """
    commitment = binary(sealed, "commitment", KEY_BYTES)
    signer = binary(sealed, "signed_by", KEY_BYTES)
    signature = binary(sealed, "signature", SIGNATURE_BYTES)
    if not hmac.compare_digest(commitment, _commitment(pin, vault_key)):
        raise ForeignKeyFile("the vault is from another home")
    if signer not in {one.keys.signing for one in roll.current()}:
        raise ForeignKeyFile("the vault was made by somebody who does not belong to this home")
    try:
        check_signature(signer, signature, _statement(pin, roll, commitment))
    except Refused:
        raise ForeignKeyFile("the vault was made for another list of people") from None


def open_vault(pin: Pin, sealed: JsonObject, vault_key: bytes) -> Vault:
    """Decrypt the vault.

    Raises:
        ForeignKeyFile: It is under another key.
    """
    key = derive(vault_key, pin.bind("vault-encryption"))
    try:
        data = decrypt(key, binary(sealed, "nonce"), binary(sealed, "data"), pin.bind("vault"))
    except Refused:
        raise ForeignKeyFile("the vault does not open") from None
    return Vault.decode(data)


def _cost(method: JsonObject) -> Cost:
    return Cost(whole(method, "memory_kib"), whole(method, "passes"), whole(method, "lanes"))


def _slot_binding(pin: Pin, person: str, method: JsonObject) -> bytes:
    return pin.bind("slot", person=person, kdf=method)


def _seal_binding(pin: Pin, person: str) -> bytes:
    # RECOVERY is nobody's id, so the sheet needs no purpose of its own.
    return pin.bind("vault-key", recipient=person)


def _commitment(pin: Pin, vault_key: bytes) -> bytes:
    return derive(vault_key, pin.bind("vault-commitment"))


def _statement(pin: Pin, roll: Roll, commitment: bytes) -> bytes:
    return pin.bind("vault-statement", roll=roll.digest(), commitment=show(commitment))
