"""Failed sign-ins, kept beside the locked home until somebody who may opens it.

Whoever fails holds no key, so the program has none either: each failure is sealed to this PC's
public key, which lies in the file, and can be read only with the private one in the vault. What was
noted cannot be altered or taken out unseen: each entry has a seal under a key that is then replaced
by its hash, and only the opened home knows the first of these keys. What that cannot show: failures
after somebody put back the file as it was at the last sign-in, or put nothing at all into it.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hmac
import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from liaison.files import CannotWrite, replace_file
from liaison.security.errors import DamagedKeyFile
from liaison.security.primitives import (
    KEY_BYTES,
    Identity,
    PublicKeys,
    Refused,
    decrypt,
    derive,
    encrypt,
    mac,
)
from liaison.security.wire import JsonObject, binary, canonical, child, children, parse, show, text

if TYPE_CHECKING:
    from pathlib import Path

    from liaison.security.vault import Vault

FILE_NAME: Final = "failed-sign-ins.json"
"""The file, beside the key file."""
MOST: Final = 500
"""Failures that are kept; of more, only how many there were."""

_VERSION: Final = 1
_NEXT: Final = b"liaison failed sign-in, next"
_START: Final = b"liaison failed sign-ins, start"
_ENTRY: Final = b"liaison failed sign-in, entry"


@dataclass(frozen=True, slots=True)
class Failure:
    """One failed sign-in.

    Args:
        at: When, as times are kept.
        person: The id of whose name was chosen; empty if it is nobody's here. What a stranger
            typed for a name is not kept: it may be a password.
        why: Why it failed, in a few words.
    """

    at: str
    person: str
    why: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What was found in the file.

    Args:
        series: Names this beginning of the file; two files never share one.
        failures: The failures, oldest first.
        more: How many more there were.
        trouble: What is wrong with the file, in a sentence; empty if nothing is.
    """

    series: str = ""
    failures: tuple[Failure, ...] = ()
    more: int = 0
    trouble: str = ""


def note(folder: Path, failure: Failure) -> None:
    """Keep a failed sign-in; where nothing can be written, the attempt is refused all the same."""
    path = folder / FILE_NAME
    try:
        found = parse(path.read_bytes(), "the file")
        entries, key = children(found, "entries"), binary(found, "key", KEY_BYTES)
        if len(entries) < MOST:
            plain = canonical({"at": failure.at, "person": failure.person, "why": failure.why})
            sealed = PublicKeys(binary(found, "public", KEY_BYTES), b"").seal(plain, _ENTRY)
            found["entries"] = [*entries, {"sealed": show(sealed), "seal": show(mac(key, sealed))}]
            found["key"] = show(derive(key, _NEXT))
        else:
            more = found.get("more")
            found["more"] = (more if isinstance(more, int) else 0) + 1
    except (OSError, DamagedKeyFile):
        # what is wrong with it is told when the home is next opened
        return
    with contextlib.suppress(CannotWrite):
        # a folder that cannot be written to keeps nothing, and is no reason to let anybody in
        replace_file(path, json.dumps(found, indent=1).encode())


def begin(folder: Path, vault: Vault) -> None:
    """Begin an empty file; what the one before held was taken.

    Raises:
        CannotWrite: The folder cannot be written to.
    """
    key, public = secrets.token_bytes(KEY_BYTES), vault.pc.public.exchange
    start = canonical({"key": show(key), "series": secrets.token_hex(8), "public": show(public)})
    nonce, data = encrypt(_start_key(vault), start, _START)
    document: JsonObject = {
        "format": "liaison-failed-sign-ins",
        "version": _VERSION,
        "public": show(public),
        "start": {"nonce": show(nonce), "data": show(data)},
        "key": show(key),
        "entries": [],
        "more": 0,
    }
    replace_file(folder / FILE_NAME, json.dumps(document, indent=1).encode())


def take(folder: Path, vault: Vault) -> Taken | None:
    """Read what failed since the file was begun; None if there is no file.

    Args:
        folder: The home.
        vault: Its vault, which is open.
    """
    try:
        data = (folder / FILE_NAME).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as fault:
        return Taken(trouble=f"The list of failed sign-ins cannot be read: {fault.strerror}.")
    try:
        return _read(parse(data, "the file"), vault)
    except (DamagedKeyFile, Refused, ValueError, binascii.Error):
        return Taken(trouble="The list of failed sign-ins was altered, or is damaged.")


def _read(found: JsonObject, vault: Vault) -> Taken:
    sealed_start = child(found, "start")
    start = parse(
        decrypt(
            _start_key(vault), binary(sealed_start, "nonce"), binary(sealed_start, "data"), _START
        ),
        "the start",
    )
    key, series = binary(start, "key", KEY_BYTES), text(start, "series")
    mine = Identity(exchange=vault.pc.exchange, signing=vault.pc.signing)
    failures: list[Failure] = []
    trouble = ""
    for entry in children(found, "entries"):
        sealed = base64.b64decode(text(entry, "sealed", longest=4096), validate=True)
        if not hmac.compare_digest(mac(key, sealed), binary(entry, "seal")):
            trouble = "The list of failed sign-ins was altered: entries were changed or taken out."
            break
        key = derive(key, _NEXT)
        said = parse(mine.unseal(sealed, _ENTRY), "an entry")
        failures.append(Failure(text(said, "at"), str(said.get("person") or ""), text(said, "why")))
    if not trouble and key != binary(found, "key", KEY_BYTES):
        trouble = "The list of failed sign-ins was altered: its last entries are missing."
    if found.get("public") != start.get("public"):
        trouble = trouble or "The list of failed sign-ins was altered: it was to be kept from us."
    more = found.get("more")
    return Taken(series, tuple(failures), more if isinstance(more, int) else 0, trouble)


def _start_key(vault: Vault) -> bytes:
    return derive(vault.blob_key, _START)
