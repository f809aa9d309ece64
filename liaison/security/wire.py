"""How the key file is written: strict JSON, one canonical form to sign, checksums, typed access.

JSON so that a person can look at it; strict so that a flipped bit cannot mean something else: no
duplicate members, no fractions, no halves of characters, no odd spellings of base64. Members that
this version does not know stay where they are, and signatures and checksums cover them.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from typing import Final, NoReturn

from liaison.records import foreign
from liaison.records.rules import times
from liaison.security.errors import DamagedKeyFile

JsonObject = dict[str, object]

#: A key file is a few kB; anything larger is refused before it is parsed.
MAX_BYTES: Final = 1 << 20
_MAX_DEPTH: Final = 32
_MAX_WHOLE: Final = (1 << 63) - 1


def canonical(value: object) -> bytes:
    """Return the one spelling of a JSON value that is signed, authenticated and hashed."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False).encode("ascii")


def readable(document: JsonObject) -> bytes:
    """Return the spelling that is stored: indented, in a sensible order, plain ASCII."""
    return json.dumps(document, indent=2, allow_nan=False).encode("ascii") + b"\n"


def parse(data: bytes, what: str) -> JsonObject:
    """Read a JSON object from bytes that may hold anything.

    Args:
        data: The bytes.
        what: What they should be, for the message ("the file").

    Returns:
        The object, of objects, lists, strings, whole numbers, booleans and None only.

    Raises:
        DamagedKeyFile: They are not strict JSON, too large or too deeply nested.
    """
    if len(data) > MAX_BYTES:
        raise DamagedKeyFile(f"{what} is too large to be one")
    if not data.strip(b"\0 \t\r\n"):
        raise DamagedKeyFile(f"{what} is empty")
    try:
        # "-sig": Notepad may have put a byte order mark in front; that harms nothing.
        found = json.loads(
            data.decode("utf-8-sig"),
            object_pairs_hook=_without_duplicates,
            parse_float=_refuse,
            parse_constant=_refuse,
        )
        _check_depth(found, _MAX_DEPTH)
        if not foreign.is_text(found):
            raise ValueError  # noqa: TRY301  # told like the rest
    except (ValueError, RecursionError):
        # From None: the text of the cause may quote what the file holds.
        raise DamagedKeyFile(f"{what} cannot be read as JSON") from None
    if not isinstance(found, dict):
        raise DamagedKeyFile(f"{what} is not a key file")
    return found


def checksum(part: JsonObject) -> str:
    """Return the checksum of a part: unkeyed, against accidents only, over all its other members."""
    return hashlib.sha256(canonical(without(part, "checksum"))).hexdigest()[:16]


def with_checksum(part: JsonObject) -> JsonObject:
    """Return the part with its checksum, freshly computed, as the last member."""
    return {**without(part, "checksum"), "checksum": checksum(part)}


def intact(part: object) -> bool:
    """Tell whether a part is an object whose checksum is right."""
    return isinstance(part, dict) and part.get("checksum") == checksum(part)


def without(part: JsonObject, *names: str) -> JsonObject:
    """Return a copy of an object without some of its members."""
    return {name: value for name, value in part.items() if name not in names}


def text(part: JsonObject, name: str, *, longest: int = 200) -> str:
    """Return a member that must be a non-empty string."""
    value = part.get(name)
    if not isinstance(value, str) or not value or len(value) > longest:
        raise DamagedKeyFile(f"“{name}” is not right")
    return value


def moment(part: JsonObject, name: str) -> str:
    """Return a member that must be a time in kept form."""
    value = text(part, name)
    try:
        times.from_stored(value)
    except ValueError:
        raise DamagedKeyFile(f"“{name}” is not right") from None
    return value


def whole(part: JsonObject, name: str, least: int = 0, most: int = _MAX_WHOLE) -> int:
    """Return a member that must be a whole number within bounds."""
    value = part.get(name)
    # bool is an int to Python, not to a key file.
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise DamagedKeyFile(f"“{name}” is not right")
    return value


def binary(part: JsonObject, name: str, length: int | None = None) -> bytes:
    """Return a member that must be bytes in base64, of one length if given."""
    value = part.get(name)
    try:
        found = base64.b64decode(value, validate=True) if isinstance(value, str) else None
    except (binascii.Error, ValueError):
        found = None
    if found is None or show(found) != value or (length is not None and len(found) != length):
        raise DamagedKeyFile(f"“{name}” is not right")
    return found


def show(value: bytes) -> str:
    """Return bytes as base64, as they are stored."""
    return base64.b64encode(value).decode("ascii")


def child(part: JsonObject, name: str) -> JsonObject:
    """Return a member that must be an object."""
    value = part.get(name)
    if not isinstance(value, dict):
        raise DamagedKeyFile(f"“{name}” is not right")
    return value


def children(part: JsonObject, name: str) -> list[JsonObject]:
    """Return a member that must be a list of objects."""
    value = part.get(name)
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise DamagedKeyFile(f"“{name}” is not right")
    return value


def _without_duplicates(pairs: list[tuple[str, object]]) -> JsonObject:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _refuse(_: str) -> NoReturn:
    raise ValueError


def _check_depth(value: object, left: int) -> None:
    if left == 0:
        raise ValueError
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            _check_depth(item, left - 1)
