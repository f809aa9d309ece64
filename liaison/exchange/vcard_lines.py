"""vCards as phones and mail programs really write them, taken apart into properties.

Versions 2.1, 3.0 and 4.0 in any mixture, folded or not, with quoted-printable that never ends, the
wrong encoding, or no end at all. What cannot be understood costs its own line, at most its own card.
"""

from __future__ import annotations

import binascii
import dataclasses
import quopri
import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final

from liaison.exchange.sheets import NotReadable
from liaison.exchange.signatures import looks_like_utf16

LONGEST_LINE: Final = 8_000_000
"""Bytes; a portrait in one line has less."""

MOST_BYTES: Final = 128_000_000
_LONGEST_VALUE: Final = 1_000_000
_ENDS: Final = re.compile(rb"\r\n|\n|\r")
_HEAD: Final = re.compile(
    rb"(?:(?P<group>[A-Za-z0-9_-]+)\.)?(?P<name>[A-Za-z0-9_-]+)"
    rb"(?P<parameters>(?:;(?:\"[^\"]*\"|[^\":;])*)*):"
)
_PARAMETER: Final = re.compile(r';((?:"[^"]*"|[^";])*)')
_BEGIN: Final = re.compile(rb"\s*begin\s*:\s*vcard\s*", re.IGNORECASE)
_END: Final = re.compile(rb"\s*end\s*:\s*vcard\s*", re.IGNORECASE)
_BYTES_INSIDE: Final = frozenset({"PHOTO", "LOGO", "SOUND", "KEY"})
_PLAIN_KINDS: Final = frozenset(
    {"HOME", "WORK", "CELL", "VOICE", "FAX", "PAGER", "PREF", "INTERNET", "MOBILE", "MAIN", "IPHONE",
     "QUOTED-PRINTABLE", "BASE64", "8BIT", "7BIT", "X-MOBILE", "TEXT", "MSG", "CAR", "VIDEO"}
)  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class Property:
    """One property of a card.

    Args:
        name: Its name, in capitals.
        value: Its value, decoded but with the signs that separate its parts.
        kinds: What its parameters say it is: WORK, CELL, PREF ... in capitals.
        group: What it is grouped with; empty if nothing.
    """

    name: str
    value: str
    kinds: frozenset[str] = frozenset()
    group: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Card:
    """One card as it stands in a file.

    Args:
        number: Its number in the file, from 1.
        properties: What it says, in order; portraits, sounds and keys are left out.
        notes: What was put right, or could not be read.
    """

    number: int
    properties: tuple[Property, ...]
    notes: tuple[str, ...] = ()

    def all(self, name: str) -> list[Property]:
        """Return the properties of a name."""
        return [one for one in self.properties if one.name == name]

    def text(self, name: str) -> str:
        """Return the first value of a name that says anything, as plain text."""
        texts = (unescaped(one.value).strip() for one in self.all(name))
        return next((text for text in texts if text), "")


def read_cards(file: BinaryIO) -> list[Card]:
    """Return the cards in a file.

    Args:
        file: The file, opened in binary and at its beginning.

    Raises:
        NotReadable: It is larger than any list of contacts, has a line that no card has, or holds
            no card.
    """
    try:
        data = file.read(MOST_BYTES + 1)
    except OSError as fault:
        raise NotReadable(
            f"The file cannot be read to its end: {fault.strerror or 'the disk gave no reason'}.",
            "Copy it to this PC's own disk, and import the copy.",
            "file",
        ) from fault
    if len(data) > MOST_BYTES:
        raise _too_large(f"more than {MOST_BYTES // 1_000_000} MB")
    if wide := looks_like_utf16(data[:8192]):
        data = data.decode(wide, "replace").encode("utf-8", "replace")
    lines = _ENDS.split(data.removeprefix(b"\xef\xbb\xbf"))
    if any(len(line) > LONGEST_LINE for line in lines):
        raise _too_large(f"a line of more than {LONGEST_LINE // 1_000_000} MB")
    cards = [_card(number, own) for number, own in enumerate(_lines_of_cards(lines), 1)]
    if not cards:
        raise NotReadable("The file holds no vCard.", "Choose the file with the contacts.", "empty")
    return cards


def _too_large(what: str) -> NotReadable:
    return NotReadable(
        f"The file has {what}; no list of contacts has that.",
        "Choose the file with the contacts, or save them again without their pictures.",
        "too-large",
    )


def _lines_of_cards(lines: Sequence[bytes]) -> Iterator[list[bytes]]:
    """Yield the lines of each card; one that never ends, ends where the next one begins."""
    own: list[bytes] | None = None
    inside = False
    for line in lines:
        if _BEGIN.fullmatch(line):
            if own is not None and own and own[-1].strip().upper().startswith(b"AGENT"):
                # the card of somebody's assistant inside their own
                inside = True
                continue
            if own is not None:
                yield own
            own, inside = [], False
        elif _END.fullmatch(line):
            if inside:
                inside = False
            elif own is not None:
                yield own
                own = None
        elif own is not None and not inside:
            own.append(line)
    if own is not None:
        yield own


def _card(number: int, lines: Sequence[bytes]) -> Card:
    properties: list[Property] = []
    notes: list[str] = []
    for line in _unfolded(lines):
        head = _HEAD.match(line)
        if head is None:
            notes.append(f"A line was left out that is no part of a card: {_shown(line)}")
            continue
        found = _property(head, line[head.end() :], notes)
        if found is not None:
            properties.append(found)
    return Card(number, tuple(properties), tuple(dict.fromkeys(notes)))


def _shown(line: bytes) -> str:
    return repr(line[:40].decode("utf-8", "replace"))


def _unfolded(lines: Sequence[bytes]) -> Iterator[bytes]:
    """Yield whole lines: what was broken over several is put together again."""
    parts: list[bytes] = []
    soft = False
    for line in lines:
        if parts and soft and not _ends_unfinished(line):
            # quoted-printable goes on without a blank in front
            parts[-1] = parts[-1][:-1]
            parts.append(line)
        elif parts and line[:1] in {b" ", b"\t"}:
            parts.append(line[1:])
        elif parts and line.strip() and _HEAD.match(line[:2_000]) is None:
            # a note whose lines nobody folded
            parts += [b"" if _holds_bytes(parts[0]) else b"\n", line]
        elif line.strip():
            if parts:
                yield b"".join(parts)
            parts = [line]
        soft = _is_quoted(parts[0]) and parts[-1].endswith(b"=") if parts else False
    if parts:
        yield b"".join(parts)


def _ends_unfinished(line: bytes) -> bool:
    """Return whether a line is a property of its own, although the one before asks for more."""
    head = _HEAD.match(line[:2_000])
    # "https:" and "Tel:" stand in notes as well
    known = {b"TEL", b"EMAIL", b"N", b"FN", b"ORG", b"ADR", b"TITLE", b"NOTE", b"URL", b"VERSION",
             b"PHOTO", b"UID", b"REV", b"BDAY", b"ROLE", b"CATEGORIES", b"LABEL"}  # fmt: skip
    return head is not None and (
        bool(head["parameters"] or head["group"])
        or head["name"] in known
        or head["name"].startswith(b"X-")
    )


def _is_quoted(line: bytes) -> bool:
    return b"QUOTED-PRINTABLE" in line[:500].partition(b":")[0].upper()


def _holds_bytes(line: bytes) -> bool:
    head = _HEAD.match(line[:2_000])
    return head is not None and head["name"].decode().upper() in _BYTES_INSIDE


def _property(head: re.Match[bytes], raw: bytes, notes: list[str]) -> Property | None:
    name = head["name"].decode().upper()
    if name in _BYTES_INSIDE:
        return None
    if len(raw) > _LONGEST_VALUE:
        notes.append(f"{name.capitalize()} was left out: it is longer than any text.")
        return None
    kinds: set[str] = set()
    charset, coding = "", ""
    for parameter in _PARAMETER.findall(head["parameters"].decode("utf-8", "replace")):
        key, sign, value = parameter.partition("=")
        key, value = key.strip().upper(), value.strip().strip('"').upper()
        if not sign:
            # as version 2.1 has them: TEL;WORK;VOICE
            kinds.add(key)
            coding = key if key in {"QUOTED-PRINTABLE", "BASE64", "B"} else coding
        elif key == "TYPE":
            kinds.update(one.strip() for one in value.split(","))
        elif key == "CHARSET":
            charset = value
        elif key == "ENCODING":
            coding = value
        elif key == "PREF":
            kinds.add("PREF")
    data = _decoded(raw, coding)
    return Property(
        name, _as_text(data, charset), frozenset(kinds), (head["group"] or b"").decode()
    )


def _decoded(raw: bytes, coding: str) -> bytes:
    if coding == "QUOTED-PRINTABLE":
        return quopri.decodestring(raw.removesuffix(b"="))
    if coding in {"B", "BASE64"}:
        try:
            return binascii.a2b_base64(b"".join(raw.split()))
        except binascii.Error:
            return raw
    return raw


def _as_text(data: bytes, charset: str) -> str:
    """Return bytes as text: what is UTF-8 is that, whatever the card says it is."""
    for code in ("utf-8", charset):
        try:
            return data.decode(code).replace("\r\n", "\n").replace("\0", "")
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
    return data.decode("cp1252", "replace").replace("\r\n", "\n").replace("\0", "")


_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)


def unescaped(value: str) -> str:
    """Return a value as plain text: its backslashes undone."""
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


def parts_of(value: str, between: str = ";") -> list[str]:
    """Return the parts of a value, such as family and given name, as plain texts."""
    parts = [""]
    escaping = False
    for letter in value:
        if escaping:
            parts[-1] += f"\\{letter}"
            escaping = False
        elif letter == "\\":
            escaping = True
        elif letter == between:
            parts.append("")
        else:
            parts[-1] += letter
    return [unescaped(part).strip() for part in parts]
