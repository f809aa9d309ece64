"""The recovery key as a person sees it: 34 characters on a printed sheet.

160 random bits as 32 characters of Crockford's base32 and two check characters over the whole key,
in nine blocks. What is typed is checked here, before any cryptography, so that a slip of the finger
is told from a key that belongs to another home.

The check characters live in GF(32), the field whose 32 elements are the 32 characters. With data
characters d0 to d31 they are p = d0 + ... + d31 and q = 0*d0 + 1*d1 + ... + 31*d31. Seen as a code,
each position is a column (1, 0), (1, 1) ... (1, 31), then (1, 0) for p and (0, 1) for q. No column is
zero, so one wrong character is always noticed. No two columns are multiples of each other, except
the first and the 33rd, so two wrong characters, or two that changed places (neighbours or not), are
always noticed too, unless they are just those two. Anything worse slips through once in 1,024 times
and then fails against the home's keys.
"""

from __future__ import annotations

import hmac
import secrets
import unicodedata
from typing import Final, final

from liaison.security.errors import BadRecoveryKey

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES: Final = {character: value for value, character in enumerate(ALPHABET)} | {
    "O": 0,
    "I": 1,
    "L": 1,
}
_DATA: Final = 32
_LENGTH: Final = 34
_BLOCK: Final = 4
_BYTES: Final = 20
#: x^5 + x^2 + 1, irreducible over GF(2).
_POLYNOMIAL: Final = 0b100101


@final
class RecoveryKey:
    """The key on the recovery sheet.

    Neither `repr` nor `str` shows it, so that it cannot reach a log by accident; ask for
    :attr:`text` or :attr:`blocks`.
    """

    __slots__ = ("_secret",)

    def __init__(self, secret: bytes) -> None:
        """Hold the 20 bytes of a recovery key."""
        if len(secret) != _BYTES:
            raise ValueError("a recovery key has 20 bytes")
        self._secret = bytes(secret)

    @classmethod
    def generate(cls) -> RecoveryKey:
        """Make a new one from the system's randomness."""
        return cls(secrets.token_bytes(_BYTES))

    @classmethod
    def parse(cls, typed: str) -> RecoveryKey:
        """Read what a person typed from the sheet.

        Case, spaces and hyphens do not matter; O is read as 0, I and L as 1.

        Raises:
            BadRecoveryKey: It cannot be right; the message says what to look at, without quoting it.
        """
        values = [
            _value(character)
            for character in unicodedata.normalize("NFKC", typed)
            if not _is_gap(character)
        ]
        if len(values) != _LENGTH:
            raise BadRecoveryKey(
                f"A recovery key has {_LENGTH} letters and digits; you typed {len(values)}.",
                do="Type all nine blocks from the sheet: eight of four characters and one of two.",
            )
        _check(values)
        whole = 0
        for value in values[:_DATA]:
            whole = whole << 5 | value
        return cls(whole.to_bytes(_BYTES, "big"))

    @property
    def secret(self) -> bytes:
        """The 20 bytes from which the recovery keys are derived."""
        return self._secret

    @property
    def blocks(self) -> tuple[str, ...]:
        """The nine blocks as printed on the sheet."""
        whole = int.from_bytes(self._secret, "big")
        values = [whole >> shift & 31 for shift in range(5 * (_DATA - 1), -1, -5)]
        characters = "".join(ALPHABET[value] for value in (*values, *_check_values(values)))
        return tuple(characters[start : start + _BLOCK] for start in range(0, _LENGTH, _BLOCK))

    @property
    def text(self) -> str:
        """The key as one line, blocks apart."""
        return " ".join(self.blocks)

    def __eq__(self, other: object) -> bool:
        """Compare in constant time."""
        if not isinstance(other, RecoveryKey):
            return NotImplemented
        return hmac.compare_digest(self._secret, other._secret)

    __hash__ = None  # type: ignore[assignment]  # a secret has no place in a set or a dictionary

    def __repr__(self) -> str:
        """Say what it is without saying it."""
        return "<RecoveryKey>"

    def __reduce__(self) -> str:
        """Refuse to be pickled or copied into anything that outlives the sheet."""
        raise TypeError("a recovery key is not pickled")


def _is_gap(character: str) -> bool:
    """Tell whether a character only keeps the blocks apart: a space, dash, minus or invisible mark."""
    return (
        character.isspace()
        or unicodedata.category(character) in {"Pd", "Cf", "Zs"}
        or character == "\u2212"
    )


def _value(character: str) -> int:
    value = _VALUES.get(character.upper())
    if value is None:
        raise BadRecoveryKey(
            "A recovery key has only digits and letters, and never the letter U.",
            do="Compare what you typed with the sheet; V and U look alike.",
        )
    return value


def _times(left: int, right: int) -> int:
    """Multiply in GF(32)."""
    product = 0
    while right:
        if right & 1:
            product ^= left
        left <<= 1
        if left & 32:
            left ^= _POLYNOMIAL
        right >>= 1
    return product


def _check_values(data: list[int]) -> tuple[int, int]:
    """Return the two check characters of 32 data characters, as values."""
    total = weighted = 0
    for position, value in enumerate(data):
        total ^= value
        weighted ^= _times(position, value)
    return total, weighted


def _check(values: list[int]) -> None:
    """Raise unless the check characters are right, naming the block where one mistake would be."""
    total, weighted = _check_values(values[:_DATA])
    total ^= values[_DATA]
    weighted ^= values[_DATA + 1]
    if not total and not weighted:
        return
    last = _LENGTH // _BLOCK + 1
    if total and weighted:
        # If one character is wrong by e at position a, then total = e and weighted = a * e.
        position = next(place for place in range(_DATA) if _times(place, total) == weighted)
        block = position // _BLOCK + 1
        first = f"block {block}"
    elif weighted:
        block, first = last, f"block {last}"
    else:
        # the very first character and the first check character look alike
        block, first = 1, f"blocks 1 and {last}"
    raise BadRecoveryKey(
        "There is a typing mistake in the recovery key.",
        do=f"Look at {first} first; if it is right, compare all nine with the sheet.",
        block=block,
    )
