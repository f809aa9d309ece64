"""Contacts and organisations as vCards of version 3.0.

Of the three versions it is the one that Outlook, iPhones, Android phones and Google all take in:
Outlook reads nothing newer, and 2.1 says nothing about its letters. What a newer card could say more
(that it is an organisation's) is said the way those programs say it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from liaison.exchange.vcard_sheets import COMPANY, OWN

MARK: Final = b"PRODID:-//Liaison//EN"
"""The third line of every card of ours."""

_LONGEST: Final = 75
_ESCAPES: Final = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})
_PLAIN: Final = {
    "phone": "TEL;TYPE=WORK,VOICE",
    "phone_out_of_hours": "TEL;TYPE=VOICE,X-OUT-OF-HOURS",
    "mobile": "TEL;TYPE=CELL,VOICE",
    "email": "EMAIL;TYPE=INTERNET,WORK",
    "website": "URL",
    "private_notes": "NOTE",
}
_ELSEWHERE: Final = frozenset({"name", "address", "postcode"})


def card_bytes(
    fields: Mapping[str, str], posts: Sequence[tuple[str, str]] = (), *, organisation: bool = False
) -> bytes:
    """Return one card.

    Args:
        fields: What it says by wire name, as text; empty ones are left out.
        posts: Role and organisation of each post a person holds.
        organisation: Whether it is an organisation's.
    """
    name = fields.get("name", "")
    lines = ["BEGIN:VCARD", "VERSION:3.0", MARK.decode(), f"FN:{escaped(name)}"]
    if organisation:
        lines += ["N:;;;;", f"ORG:{escaped(name)}", f"{COMPANY}:COMPANY"]
    else:
        lines += [f"N:{_parts_of_name(name)}", *_posts(posts)]
    if fields.get("address") or fields.get("postcode"):
        street, code = escaped(fields.get("address", "")), escaped(fields.get("postcode", ""))
        lines.append(f"ADR;TYPE=WORK:;;{street};;;{code};")
    for field, text in fields.items():
        if not text or field in _ELSEWHERE:
            continue
        own = OWN + field.upper().replace("_", "-")
        lines.append(f"{_PLAIN.get(field, own)}:{escaped(text)}")
    lines.append("END:VCARD")
    return b"".join(_folded(line) for line in lines)


def escaped(text: str) -> str:
    """Return a text as a value, or as a part of one."""
    return text.translate(_ESCAPES)


def _posts(posts: Sequence[tuple[str, str]]) -> Iterator[str]:
    for number, (role, place) in enumerate(posts):
        # most programs show one; the group says which role belongs to which place
        group = f"post{number}." if number else ""
        if place:
            yield f"{group}ORG:{escaped(place)}"
        if role:
            yield f"{group}TITLE:{escaped(role)}"


def _parts_of_name(name: str) -> str:
    """Return a name in parts: the last word is the family's, as far as anybody can know."""
    given, _, family = name.strip().rpartition(" ")
    return f"{escaped(family)};{escaped(given)};;;"


def _folded(line: str) -> bytes:
    """Return a line broken where it must be, and never inside a letter."""
    data = line.encode("utf-8", "replace")
    if len(data) <= _LONGEST:
        return data + b"\r\n"
    parts: list[bytes] = []
    room = _LONGEST
    while data:
        end = min(room, len(data))
        # bytes that only go on with a letter begin with 10
        while end < len(data) and data[end] & 0xC0 == 0x80:  # noqa: PLR2004  # two bits
            end -= 1
        parts.append(data[:end])
        data = data[end:]
        room = _LONGEST - 1
    return b"\r\n ".join(parts) + b"\r\n"
