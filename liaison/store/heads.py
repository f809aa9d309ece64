"""Heads of the log as other places have seen them, so that what was taken out can be told.

The end of a chain of units can be cut off, and the whole of it written anew by somebody with the
keys: within one database that fits. A head that lies elsewhere, in a backup or on paper, still says
how far the chain had come and what it hashed to there.
"""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.records.rules import times
from liaison.store.mark import Head

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison.store.driver import Connection

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# people read O for 0 and I or L for 1
_READ_AS: Final = str.maketrans("OIL", "011")
_HASH_BYTES: Final = 8
_LETTERS: Final = 13
_GROUPS: Final = ((0, 4), (4, 8), (8, 13))
_SHAPE: Final = re.compile(r"(\d{1,15})-([0-9A-F]{4})-([0-9A-TV-Z]{13})")


@dataclasses.dataclass(frozen=True, slots=True)
class Witness:
    """What some place has seen of the log.

    Args:
        where: The place, as it begins a sentence: "The backup of Mon 3 Nov 2026, 14:20".
        heads: How far each replica's chain had come; a hash may be cut off after its first bytes.
    """

    where: str
    heads: Sequence[Head]


def heads_of(connection: Connection) -> list[Head]:
    """Return how far every replica's chain has come, this PC's among them."""
    rows = connection.execute(
        "SELECT r.tag, r.seq, coalesce(u.at, ''), r.hash FROM replica AS r "
        "LEFT JOIN unit AS u ON u.tag = r.tag AND u.seq = r.seq WHERE r.seq > 0 ORDER BY r.tag"
    )
    return [Head(*row) for row in rows]


def to_text(head: Head) -> str:
    """Write a head so that it can be typed in from paper: 4211-0A3F-7K2M-9Q4T-8X1BC."""
    number = int.from_bytes(head.hash[:_HASH_BYTES], "big")
    letters = "".join(_ALPHABET[number >> 5 * place & 31] for place in reversed(range(_LETTERS)))
    groups = [letters[start:end] for start, end in _GROUPS]
    return "-".join([str(head.seq), f"{head.tag:04X}", *groups])


def from_text(typed: str) -> Head:
    """Read a head as it was typed.

    Raises:
        UserError: It is none.
    """
    plain = re.sub(r"[\s,.]", "", typed.upper()).translate(_READ_AS)
    parts = plain.split("-", 2)
    joined = "-".join([*parts[:2], parts[2].replace("-", "")]) if len(parts) > 2 else plain  # noqa: PLR2004  # number, replica, letters
    match = _SHAPE.fullmatch(joined)
    if match is None:
        raise _no_head(typed)
    seq, tag, letters = match.groups()
    number = 0
    for letter in letters:
        number = number << 5 | _ALPHABET.index(letter)
    if number.bit_length() > 8 * _HASH_BYTES:
        raise _no_head(typed)
    return Head(int(tag, 16), int(seq), "", number.to_bytes(_HASH_BYTES, "big"))


def _no_head(typed: str) -> UserError:
    return UserError(
        f"{typed[:60]!r} is not the head of a log.",
        kept="Nothing was checked.",
        do="It stands at the foot of the audit report: 4211-0A3F-7K2M-9Q4T-8X1BC.",
        code="head",
    )


def missing(connection: Connection, witness: Witness) -> list[str]:
    """Say what a database lacks of what a place has seen, or holds otherwise; nothing: all is here."""
    found: list[str] = []
    for head in witness.heads:
        row = connection.execute(
            "SELECT r.seq, p.name, (SELECT u.at FROM unit AS u WHERE u.tag = r.tag "
            "AND u.seq = r.seq) FROM replica AS r LEFT JOIN pc AS p ON p.id = r.pc WHERE r.tag = ?",
            (head.tag,),
        ).fetchone()
        if row is None:
            found.append(f"{witness.where} holds what a PC wrote that is not known here.")
            continue
        seq, name, last = row
        pc = name or "a PC"
        if seq < head.seq:
            gone = head.seq - seq
            what = "1 save is" if gone == 1 else f"{gone:,} saves are"
            after = f", all after {times.show_time(times.from_stored(last))}" if last else ""
            found.append(f"{witness.where} knows of more: {what} missing here of {pc}{after}.")
            continue
        unit = connection.execute(
            "SELECT hash, at FROM unit WHERE tag = ? AND seq = ?", (head.tag, head.seq)
        ).fetchone()
        if unit is None or unit[0][: len(head.hash)] != head.hash:
            when = f", written on {times.show_time(times.from_stored(unit[1]))}," if unit else ""
            found.append(
                f"{witness.where} saw another log: save {head.seq:,} of {pc}{when} or one before it "
                "was changed since."
            )
    return found
