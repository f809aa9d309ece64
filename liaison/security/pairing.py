"""What an inviting PC and a new one lay into the storage for each other, before they share a key.

The invitation is eight words (82 bits). Keys derived from them seal the offer (which home, whose root
of trust) and the new PC's request (its public keys); whoever only has the storage can read and forge
neither. The answer is sealed to the new PC's key and signed by a PC of the home. Whoever has stolen
the words as well meets the six digits: both PCs work them out from all public keys, slowly on purpose,
so that keys which give the same six digits cannot be looked for quickly.
"""

from __future__ import annotations

import base64
import binascii
import functools
import re
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.records.rules import times
from liaison.security.errors import DamagedKeyFile
from liaison.security.passphrases import word_list
from liaison.security.primitives import (
    KEY_BYTES,
    SALT_BYTES,
    SIGNATURE_BYTES,
    STANDARD,
    Cost,
    Identity,
    Pin,
    PublicKeys,
    Refused,
    check_signature,
    decrypt,
    derive,
    encrypt,
    password_key,
)
from liaison.security.vault import Epoch
from liaison.security.wire import (
    JsonObject,
    binary,
    canonical,
    child,
    children,
    intact,
    moment,
    parse,
    readable,
    show,
    text,
    whole,
    with_checksum,
    without,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

WORDS: Final = 8
_FORMAT: Final = "liaison-invitation"
_VERSION: Final = 1
_ABOUT: Final = "Lets one more PC join a Liaison home. It works once and ends after seven days."
_SEPARATORS: Final = str.maketrans(dict.fromkeys("-,.;\n\t", " "))
_MILLION: Final = 1_000_000
_SIX_DIGITS: Final = re.compile(r"(?:[\s-]*[0-9]){6}[\s-]*")


class BadInvitation(UserError):
    """What was typed or chosen is no invitation."""

    code = "bad-invitation"


@dataclass(frozen=True, slots=True)
class Invitation:
    """What the new PC is given.

    Args:
        words: Eight words.
        pin: The home, if the invitation came as a file; the words alone find it in the storage.
        storage: The way to the storage with its key, if the invitation came as a file and the PCs
            meet in an object store.
    """

    words: str = field(repr=False)
    pin: Pin | None = None
    storage: JsonObject = field(default_factory=dict, repr=False, hash=False)

    @property
    def id(self) -> str:
        """Its name in the storage; says nothing of the words."""
        return invitation_id(self.words)


@dataclass(frozen=True, slots=True)
class Offer:
    """What the inviting PC says to whoever has the words.

    Args:
        pin: The home.
        home: The home's name.
        pc: The name of the inviting PC.
        ends: When the invitation ends, in kept form.
        salt: Goes into the digits.
    """

    pin: Pin
    home: str
    pc: str
    ends: str
    salt: bytes


@dataclass(frozen=True, slots=True)
class Request:
    """What a new PC asks.

    Args:
        name: What people call it.
        keys: Its public keys.
    """

    name: str
    keys: PublicKeys


@dataclass(frozen=True, slots=True, repr=False)
class Welcome:
    """What a PC that was approved is told.

    Args:
        tag: The tag of its first life.
        blob_key: The home's key for the names of attachments.
        epochs: The home's keys for what PCs send each other, the oldest first.
        entries: Who belongs, as managers signed it.
    """

    tag: int
    blob_key: bytes
    epochs: tuple[Epoch, ...]
    entries: tuple[str, ...]


def new_words() -> str:
    """Return the words of a new invitation."""
    return " ".join(secrets.choice(_words()) for _ in range(WORDS))


@functools.cache
def _words() -> tuple[str, ...]:
    """Return the words an invitation may have: "yo-yo" would read as two, since a dash separates."""
    return tuple(word for word in word_list() if word.isalpha())


def read_words(typed: str) -> str:
    """Return an invitation's words as they were typed, however they were separated.

    Raises:
        BadInvitation: A word is missing or misspelled.
    """
    words = typed.translate(_SEPARATORS).casefold().split()
    if unknown := [word for word in words if word not in set(_words())]:
        raise BadInvitation(
            f"“{unknown[0][:30]}” is not a word of an invitation.",
            kept="Nothing was changed.",
            do="Look at it again: a letter may be wrong.",
        )
    if len(words) != WORDS:
        typed_so_many = {0: "none was typed", 1: "only one was typed"}
        raise BadInvitation(
            f"An invitation has {WORDS} words; "
            f"{typed_so_many.get(len(words), f'{len(words)} were typed')}.",
            kept="Nothing was changed.",
            do="Type all of them, or use the file.",
        )
    return " ".join(words)


def invitation_id(words: str) -> str:
    """Return the name of an invitation in the storage."""
    return derive(words.encode(), b"liaison invitation name 1")[:16].hex()


def care_for(*, with_store: bool) -> str:
    """Say what an invitation's file gives away, and so what to do with it.

    Args:
        with_store: Whether it holds the way to an object store.
    """
    store = " and the key to the store" if with_store else ""
    return (
        f"The file holds keys: the words with which another PC asks to join{store}. Carry it to the new PC "
        "yourself, send it to nobody, and delete it once that PC has joined."
    )


def write_invitation(invitation: Invitation, home: str, ends: dt.datetime) -> bytes:
    """Return an invitation as a file.

    Args:
        invitation: The invitation.
        home: The home's name.
        ends: When it ends. Whoever opens the file reads it; Liaison goes by what lies in the storage.
    """
    assert invitation.pin is not None  # noqa: S101  # whoever invites knows their home
    return readable(
        with_checksum(
            {
                "format": _FORMAT,
                "version": _VERSION,
                "about": f"{_ABOUT} {care_for(with_store=bool(invitation.storage))}",
                "home": home,
                "ends": times.to_iso(ends),
                "words": invitation.words,
                "home_id": invitation.pin.home_id,
                "root": show(invitation.pin.root),
                **({"storage": invitation.storage} if invitation.storage else {}),
            }
        )
    )


def read_invitation(data: bytes) -> Invitation:
    """Read an invitation from a file.

    Raises:
        BadInvitation: It is something else, damaged, or of a newer Liaison.
    """
    try:
        found = parse(data, "the file")
        if found.get("format") != _FORMAT:
            raise BadInvitation(
                "This file is no invitation.",
                kept="Nothing was changed.",
                do="Choose the file that the PC which invites made for it.",
            )
        if whole(found, "version") > _VERSION:
            raise BadInvitation(
                "This invitation is from a newer Liaison.",
                kept="Nothing was changed.",
                do="Install the newest Liaison on this PC first.",
            )
        if not intact(found):
            raise DamagedKeyFile("the invitation")  # noqa: TRY301  # told like any other damage
        pin = Pin(text(found, "home_id", longest=64), binary(found, "root", KEY_BYTES))
        storage = child(found, "storage") if "storage" in found else {}
        return Invitation(read_words(text(found, "words")), pin, storage)
    except DamagedKeyFile:
        raise BadInvitation(
            "This invitation is damaged.",
            kept="Nothing was changed.",
            do="Copy the file again, type its words, or make a new one.",
        ) from None


def write_offer(words: str, offer: Offer) -> bytes:
    """Return an offer, sealed under the words."""
    return _seal(
        words,
        "offer",
        {
            "home_id": offer.pin.home_id,
            "root": show(offer.pin.root),
            "home": offer.home,
            "pc": offer.pc,
            "ends": offer.ends,
            "salt": show(offer.salt),
        },
    )


def read_offer(words: str, data: bytes) -> Offer:
    """Read an offer.

    Raises:
        Refused: It was not made with these words, or was changed.
    """
    found = _open(words, "offer", data)
    try:
        return Offer(
            Pin(text(found, "home_id", longest=64), binary(found, "root", KEY_BYTES)),
            text(found, "home"),
            text(found, "pc"),
            moment(found, "ends"),
            binary(found, "salt", SALT_BYTES),
        )
    except DamagedKeyFile:
        raise Refused from None


def write_request(words: str, request: Request) -> bytes:
    """Return a new PC's request, sealed under the words."""
    keys = {"exchange": show(request.keys.exchange), "signing": show(request.keys.signing)}
    return _seal(words, "request", {"name": request.name, **keys})


def read_request(words: str, data: bytes) -> Request:
    """Read a new PC's request.

    Raises:
        Refused: It was not made with these words, or was changed.
    """
    found = _open(words, "request", data)
    try:
        return Request(
            text(found, "name"),
            PublicKeys(binary(found, "exchange", KEY_BYTES), binary(found, "signing", KEY_BYTES)),
        )
    except DamagedKeyFile:
        raise Refused from None


def write_kept(words: str, identity: Identity) -> bytes:
    """Return a new PC's private keys as they wait for the answer, sealed under the words."""
    keys = {"exchange": show(identity.exchange), "signing": show(identity.signing)}
    return _seal(words, "kept", dict(keys))


def read_kept(words: str, data: bytes) -> Identity:
    """Read a new PC's private keys back.

    Raises:
        Refused: They wait for another invitation, or were changed.
    """
    found = _open(words, "kept", data)
    try:
        return Identity(binary(found, "exchange", KEY_BYTES), binary(found, "signing", KEY_BYTES))
    except DamagedKeyFile:
        raise Refused from None


def digits(offer: Offer, keys: PublicKeys, *, cost: Cost = STANDARD) -> str:
    """Return the six digits that both PCs show; takes as long as checking a password.

    Args:
        offer: The offer: home and root of trust.
        keys: The new PC's public keys.
        cost: What it costs to work them out.
    """
    message = offer.pin.bind(
        "pairing", exchange=show(keys.exchange), signing=show(keys.signing), ends=offer.ends
    )
    number = int.from_bytes(password_key(message, offer.salt, cost)[:8], "big") % _MILLION
    return f"{number:06}"


def write_welcome(pin: Pin, pc: Identity, to: PublicKeys, welcome: Welcome) -> bytes:
    """Return the answer to a request: signed by a PC of the home, sealed to the new one.

    Args:
        pin: The home.
        pc: The keys of the PC that answers.
        to: The new PC.
        welcome: What it is told.
    """
    body: JsonObject = {
        "tag": welcome.tag,
        "blob_key": show(welcome.blob_key),
        "epochs": [{"id": one.id, "key": show(one.key)} for one in welcome.epochs],
        "entries": list(welcome.entries),
        "to": show(to.signing),
        "signed_by": show(pc.public.signing),
    }
    signed = {**body, "signature": show(pc.sign(pin.bind("welcome", body=body)))}
    return to.seal(canonical(signed), pin.bind("welcome-seal"))


def read_welcome(pin: Pin, identity: Identity, data: bytes) -> tuple[Welcome, bytes]:
    """Read the answer to one's own request.

    Returns:
        What it says, and the key it is signed with: whose that is, its entries must tell.

    Raises:
        Refused: It is for another PC, from another home, or was changed.
    """
    try:
        found = parse(identity.unseal(data, pin.bind("welcome-seal")), "it")
        signer = binary(found, "signed_by", KEY_BYTES)
        message = pin.bind("welcome", body=without(found, "signature"))
        check_signature(signer, binary(found, "signature", SIGNATURE_BYTES), message)
        if binary(found, "to", KEY_BYTES) != identity.public.signing:
            raise Refused
        entries = found.get("entries")
        if not isinstance(entries, list) or not all(isinstance(one, str) for one in entries):
            raise Refused
        for one in entries:
            # whether it counts is another matter
            text(parse(one.encode(), "it"), "kind")
        epochs = tuple(
            Epoch(text(one, "id"), binary(one, "key", KEY_BYTES))
            for one in children(found, "epochs")
        )
        return (
            Welcome(
                whole(found, "tag", 0, (1 << 14) - 1),
                binary(found, "blob_key", KEY_BYTES),
                epochs,
                tuple(entries),
            ),
            signer,
        )
    except DamagedKeyFile:
        raise Refused from None


def _key(words: str, purpose: str) -> bytes:
    return derive(words.encode(), f"liaison invitation {purpose} 1".encode())


def _seal(words: str, purpose: str, document: JsonObject) -> bytes:
    nonce, data = encrypt(_key(words, purpose), canonical(document), purpose.encode())
    return base64.b64encode(nonce + data) + b"\n"


def _open(words: str, purpose: str, data: bytes) -> JsonObject:
    try:
        raw = base64.b64decode(data.strip(), validate=True)
        return parse(decrypt(_key(words, purpose), raw[:12], raw[12:], purpose.encode()), "it")
    except (binascii.Error, ValueError, DamagedKeyFile):
        raise Refused from None


def are_six_digits(typed: str) -> bool:
    """Return whether what was typed can be such digits, spaces and dashes aside."""
    return _SIX_DIGITS.fullmatch(typed) is not None


def same_digits(typed: str, shown: Sequence[str]) -> str | None:
    """Return which of some six digits was typed, spaces and dashes aside; None if none was."""
    wanted = "".join(mark for mark in typed if mark.isdigit())
    return next((one for one in shown if secrets.compare_digest(one, wanted)), None)
