"""What a person typed, read as a field's value.

Used by the command line, by imports and by forms: whatever is accepted in one place is accepted in
all. A text that cannot be read raises :class:`Unreadable` with a plain sentence.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Final

from liaison.records import ids
from liaison.records.check import tidy
from liaison.records.fields import FieldSpec
from liaison.records.kinds import Kind
from liaison.records.rules import nhs_number, postcodes, times
from liaison.records.vocabularies import Vocabularies

_YES: Final = frozenset({"yes", "y", "true", "1", "on"})
_NO: Final = frozenset({"no", "n", "false", "0", "off"})
_LARGEST_NUMBER: Final = 10**9
# [0-9], not \d: a digit of another script is more likely a mistake than a number
_DIGITS: Final = re.compile(r"[0-9]+")
_BELOW_ZERO: Final = re.compile(r"[-\N{MINUS SIGN}][0-9]+")
_WHOLE: Final = re.compile(r"[0-9]{1,10}")
_AMOUNT: Final = re.compile(r"(?:[0-9]{1,9}|[0-9]{1,3}(?:,[0-9]{3}){1,2})(?:\.[0-9]{1,2})?")


class Unreadable(ValueError):
    """A typed text is not a value of its field; says why and what would be."""


def only_ids(_type: str, text: str) -> int:
    """Resolve a reference given as an id; names need a store to look them up in."""
    return ids.from_text(text)


@dataclasses.dataclass(frozen=True, slots=True)
class Reader:
    """Reads typed values.

    Args:
        now: The present moment, for "today", "-30d" and "yesterday 14:20".
        vocabularies: The home's lists of choices.
        resolve: Finds the record a reference means (type, text -> id); raises ``ValueError``
            with the candidates if it is not exactly one.
        fixed: Whether to refuse dates that mean another day whenever they are read, such as
            "today" or "mon": in a file they were typed nobody knows when.
    """

    now: dt.datetime
    vocabularies: Vocabularies
    resolve: Callable[[str, str], int] = only_ids
    fixed: bool = False

    def read(self, field: FieldSpec, typed: str) -> object:
        """Return the value (one element, for a set) that a text stands for; None for nothing.

        Raises:
            Unreadable: The text is not a value of this field.
        """
        text = tidy(typed, long=field.kind is Kind.NOTE)
        if not text:
            return None
        try:
            return self._read(field, text)
        except ValueError as error:
            message = str(error)
            named = message if message.startswith(field.label) else f"{field.label}: {message}"
            raise Unreadable(named) from None

    def _read(self, field: FieldSpec, text: str) -> object:
        match field.kind:
            case Kind.DATE:
                # the day on the home's wall, not in UTC: they differ for an hour in summer
                today = times.in_london(self.now).date()
                return times.parse_date(
                    text, today=today, ahead=field.ahead, fixed=self.fixed, past=field.past
                )
            case Kind.TIME:
                return times.parse_time(text, now=self.now, ahead=field.ahead, fixed=self.fixed)
            case Kind.INT | Kind.MINUTES:
                return _whole_number(_without_unit(field, text))
            case Kind.MONEY:
                return _money(text)
            case Kind.BOOL:
                return _yes_or_no(text)
            case Kind.CHOICE:
                return self.vocabularies.match(field, text)
            case Kind.REF:
                return self.resolve(field.target, text)
            case Kind.NHS_NUMBER:
                return nhs_number.clean(text)
            case Kind.POSTCODE:
                return postcodes.tidy(text)
            case _:
                return text


def _without_unit(field: FieldSpec, text: str) -> str:
    """Return a number without what it counts, as cards show it and people write it: "28 days"."""
    unit = "min" if field.kind is Kind.MINUTES else field.unit
    number, _, words = text.partition(" ")
    return number if unit and words.casefold() in {unit, f"{unit}s"} else text


def _whole_number(text: str) -> int:
    shown = repr(text[:40])
    if _BELOW_ZERO.fullmatch(text):
        raise ValueError(f"{shown} is below zero; this is a whole number from 0 up")
    if not _DIGITS.fullmatch(text):
        raise ValueError(f"{shown} is not a whole number")
    # a short text only: Python refuses to convert thousands of digits, in words of its own
    if not _WHOLE.fullmatch(text) or int(text) > _LARGEST_NUMBER:
        raise ValueError(f"{shown} is more than {_LARGEST_NUMBER:,}, the most there can be")
    return int(text)


def _money(text: str) -> Decimal:
    plain = text.removeprefix("£").strip()
    if not _AMOUNT.fullmatch(plain):
        message = f"{text[:40]!r} is not an amount of money such as 12.50"
        raise ValueError(message)
    return Decimal(plain.replace(",", "")).quantize(Decimal("0.01"))


def _yes_or_no(text: str) -> bool:
    word = text.casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    message = f"{text[:40]!r} is neither yes nor no"
    raise ValueError(message)
