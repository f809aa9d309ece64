"""Where a home's object store is and with which key it opens: read from what a person was given.

Nothing here talks to a network. :class:`Access` is what lies in the vault (:meth:`Access.encode`),
and what an invitation carries, so that on a second PC nothing is typed. No secret stands in a
``repr`` or in a message.
"""

from __future__ import annotations

import configparser
import csv
import ipaddress
import json
import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from liaison.errors import UserError

#: A credentials file is a few lines, and a certificate a few thousand letters.
MOST_BYTES: Final = 1 << 18
USUAL_REGION: Final = "us-east-1"
_BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]")
_PREFIX: Final = re.compile(r"[A-Za-z0-9._=-]+(/[A-Za-z0-9._=-]+)*")
_REGION: Final = re.compile(r"[A-Za-z0-9-]{1,40}")
_REGION_IN_HOST: Final = re.compile(r"^s3[.-]([a-z]{2}(?:-[a-z]+)+-\d)\.")
_EXAMPLE: Final = "https://store.example.org/bucket/folder"

# What people's stores call the two halves of a key, in lower case without spaces, dots and signs.
_ACCESS_NAMES: Final = ("accesskeyid", "awsaccesskeyid", "s3accesskey", "accesskey", "keyid")
_SECRET_NAMES: Final = (
    "secretaccesskey",
    "awssecretaccesskey",
    "s3secretkey",
    "secretkey",
    "applicationkey",
)
_TOKEN_NAMES: Final = ("sessiontoken", "awssessiontoken")


class UnusableAddress(UserError):
    """What was given as the store's address, key or certificate cannot be used."""

    code = "store-address"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in which store a home's segments lie.

    Args:
        endpoint: The store's address without bucket ("https://store.example.org").
        bucket: The bucket.
        prefix: A folder in the bucket, without slashes at its ends; empty for the bucket itself.
        region: The region the store signs for.
        authority: A certificate (PEM) to trust besides those of this PC; empty for none.
        plain: Whether a connection without encryption was asked for; to this very PC it needs no
            asking.
    """

    endpoint: str
    bucket: str
    prefix: str = ""
    region: str = USUAL_REGION
    authority: str = field(default="", repr=False)
    plain: bool = False

    def __post_init__(self) -> None:
        """Catch a place that cannot be one where it is made."""
        parts = urlsplit(self.endpoint)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise UnusableAddress(
                "That is not the address of a store.", do=f"It looks like {_EXAMPLE}"
            )
        if parts.scheme == "http" and not (self.plain or is_this_pc(parts.hostname)):
            raise UnusableAddress(
                "The address begins with http: on the way to the store everybody could see which "
                "files come and go.",
                do="Use the address that begins with https.",
                code="store-not-encrypted",
            )
        if not _BUCKET.fullmatch(self.bucket):
            raise UnusableAddress(
                "The address does not name a bucket.",
                do=f"Write it behind the address: {_EXAMPLE}",
            )
        if self.prefix and not (_PREFIX.fullmatch(self.prefix) and _steps_only_down(self.prefix)):
            raise UnusableAddress(
                "The folder in the bucket has letters that a store may not take.",
                do="Use letters of the alphabet, figures, dots, dashes and slashes.",
            )
        if not _REGION.fullmatch(self.region):
            raise UnusableAddress(
                "That is not the name of a region.", do=f"It looks like {USUAL_REGION}"
            )
        if self.authority and "-----BEGIN CERTIFICATE-----" not in self.authority:
            raise UnusableAddress(
                "That file is not a certificate.",
                do="Ask for the certificate as a PEM file, which begins with BEGIN CERTIFICATE.",
            )

    @property
    def shown(self) -> str:
        """Where it is, as a person reads it; there is no secret in it."""
        host = urlsplit(self.endpoint).netloc
        return "/".join(part for part in (host, self.bucket, self.prefix) if part)


@dataclass(frozen=True, slots=True)
class Credentials:
    """The key to the store: what it is called, its secret half, and a token if it is a passing one."""

    access: str = field(repr=False)
    secret: str = field(repr=False)
    token: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        """Catch an empty or garbled half where it is made."""
        for half in (self.access, self.secret):
            if not half or not half.isascii() or not half.isprintable() or " " in half:
                raise UnusableAddress(
                    "The key for the store is empty or has letters that no key has.",
                    do="Copy both halves of it again.",
                    code="store-key",
                )


@dataclass(frozen=True, slots=True)
class Access:
    """Everything that opens the store: this lies in the vault, and nowhere in the clear.

    Args:
        place: Where it is.
        credentials: The key.
        refuses_overwriting: Whether the store was seen to refuse a second object under one name by
            itself; otherwise it is asked before each put.
        while_locked: Whether the key may stay in memory while the home is locked, so that sealed
            segments go on travelling.
    """

    place: Place
    credentials: Credentials
    refuses_overwriting: bool = False
    while_locked: bool = False

    def encode(self) -> dict[str, object]:
        """Return it as what can stand in JSON, for the vault and for an invitation."""
        place, key = self.place, self.credentials
        return {
            "endpoint": place.endpoint,
            "bucket": place.bucket,
            "prefix": place.prefix,
            "region": place.region,
            "authority": place.authority,
            "plain": place.plain,
            "access": key.access,
            "secret": key.secret,
            "token": key.token,
            "refuses_overwriting": self.refuses_overwriting,
            "while_locked": self.while_locked,
        }

    @classmethod
    def decode(cls, found: dict[str, object]) -> Access:
        """Undo :meth:`encode`; members that a newer Liaison wrote are passed over.

        Raises:
            UnusableAddress: It is not what :meth:`encode` makes.
        """
        return cls(
            Place(
                _text(found, "endpoint"),
                _text(found, "bucket"),
                _text(found, "prefix"),
                _text(found, "region"),
                _text(found, "authority"),
                plain=_flag(found, "plain"),
            ),
            Credentials(_text(found, "access"), _text(found, "secret"), _text(found, "token")),
            refuses_overwriting=_flag(found, "refuses_overwriting"),
            while_locked=_flag(found, "while_locked"),
        )


def place_from_url(
    url: str, *, region: str = "", authority: str = "", plain: bool = False
) -> Place:
    """Read the address of a store as it is pasted: ``https://store.example.org/bucket/folder``.

    Args:
        url: The address with bucket and, if the home shares the bucket, a folder. A region may
            stand behind it as ``?region=eu-west-2``.
        region: The region, if it was asked for apart; else the one in the address, else the one
            in the name of the host, else the one that most stores take.
        authority: A certificate (PEM) to trust besides those of this PC.
        plain: Whether a connection without encryption to another PC is asked for.

    Raises:
        UnusableAddress: It cannot be the address of a store, or holds a key.
    """
    try:
        parts = urlsplit(url.strip())
        # reading it is what finds out
        _ = parts.port
    except ValueError as fault:
        raise UnusableAddress(
            "That is not the address of a store.", do=f"It looks like {_EXAMPLE}"
        ) from fault
    if parts.username or parts.password:
        raise UnusableAddress(
            "The address has a key in it. Addresses are shown on the screen, keys are not.",
            do="Give the key in a file of its own, and the address without it.",
            code="store-key-in-address",
        )
    asked = parse_qs(parts.query)
    if set(asked) - {"region"} or parts.fragment:
        raise UnusableAddress(
            "Behind the address stands something that is not known here.",
            do=f"It looks like {_EXAMPLE}",
        )
    bucket, _, prefix = unquote(parts.path).strip("/").partition("/")
    return Place(
        f"{parts.scheme.lower()}://{_host(parts)}",
        bucket,
        prefix.strip("/"),
        region or asked.get("region", [""])[0] or _region_of(parts.hostname or ""),
        authority,
        plain=plain,
    )


def read_credentials(data: bytes) -> Credentials:
    """Read a key from the file it was given in.

    Understood: lines of ``NAME = VALUE`` as most programs keep them (with or without a heading in
    brackets), the two-line CSV that stores let people download, and a JSON object.

    Args:
        data: The file, read once; whoever reads it tells the person to delete it.

    Raises:
        UnusableAddress: There is no key in it, or more than one.
    """
    if len(data) > MOST_BYTES:
        raise _no_key("That file is too large to hold a key.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = ""
    for reading in (_from_json, _from_lines, _from_csv):
        found = {_plain(name): value.strip() for name, value in reading(text).items()}
        access, secret = _first(found, _ACCESS_NAMES), _first(found, _SECRET_NAMES)
        if access and secret:
            return Credentials(access, secret, _first(found, _TOKEN_NAMES))
    raise _no_key("There is no key for a store in that file.")


def is_this_pc(host: str) -> bool:
    """Return whether a host is this very PC: what goes there crosses no network."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _no_key(what: str) -> UnusableAddress:
    return UnusableAddress(
        what,
        do="The file has two lines: access_key_id = ... and secret_access_key = ...",
        code="store-key",
    )


def _host(parts: SplitResult) -> str:
    return parts.netloc.lower()


def _region_of(host: str) -> str:
    """Return the region that stands in the name of a host, or the one most stores take."""
    found = _REGION_IN_HOST.match(host)
    return found.group(1) if found else USUAL_REGION


def _steps_only_down(prefix: str) -> bool:
    return not {".", ".."} & set(prefix.split("/"))


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _first(found: dict[str, str], names: tuple[str, ...]) -> str:
    return next((found[name] for name in names if found.get(name)), "")


def _from_json(text: str) -> dict[str, str]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: value for name, value in found.items() if isinstance(value, str)}


def _from_lines(text: str) -> dict[str, str]:
    reader = configparser.ConfigParser(interpolation=None, delimiters=("=",), strict=False)
    body = text if text.lstrip().startswith("[") else "[key]\n" + text
    try:
        reader.read_string(body)
    except configparser.Error:
        return {}
    sections = [dict(reader[name]) for name in reader.sections()]
    # several keys: which is meant cannot be known
    return sections[0] if len(sections) == 1 else {}


def _from_csv(text: str) -> dict[str, str]:
    try:
        rows = [row for row in csv.reader(text.splitlines()) if row]
    except csv.Error:
        return {}
    match rows:
        case [names, values] if len(names) == len(values):
            return dict(zip(names, values, strict=True))
    return {}


def _text(found: dict[str, object], name: str) -> str:
    value = found.get(name, "")
    if not isinstance(value, str):
        raise UnusableAddress("What is kept about the store cannot be read.", do="Set it up again.")
    return value


def _flag(found: dict[str, object], name: str) -> bool:
    return found.get(name) is True
