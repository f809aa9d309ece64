"""What a spreadsheet does to a phone number, undone. Used through ``phones``."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

# 1632960123, 1632960123.0, and 1.632960123E9 or 1.632960123E+09.
_PLAIN: Final = re.compile(r"([0-9]+)(?:\.0+)?")
_SCIENTIFIC: Final = re.compile(r"([0-9](?:\.[0-9]+)?)[Ee]\+?([0-9]{1,2})")
# After the leading 0 UK numbers begin with 1, 2, 3, 5, 7, 8 or 9 and have ten digits, a few nine.
_WITHOUT_ZERO: Final = re.compile(r"[1235789][0-9]{8,9}")
_WITHOUT_PLUS: Final = re.compile(r"44[1235789][0-9]{8,9}")


def lost_its_zero(digits: str) -> bool:
    """Tell whether a string of digits is a whole UK number but for its leading 0."""
    return bool(_WITHOUT_ZERO.fullmatch(digits))


def _whole_number(text: str) -> str | None:
    """Read a cell's number as digits; None when it is no number or its last digits are gone."""
    if match := _PLAIN.fullmatch(text):
        return match[1]
    if match := _SCIENTIFIC.fullmatch(text):
        exponent = int(match[2])
        # 1.63296E+09 is what a narrow column shows of 1632960123: the end of it is not there to be
        # read, and zeros in its place would be somebody else's number.
        if len(match[1].replace(".", "")) == exponent + 1:
            return str(int(Decimal(match[1]).scaleb(exponent)))
    return None


def repair_lost_zero(text: str) -> tuple[str, str | None]:
    """Give a phone number back what a spreadsheet took from it (domain rule 9).

    Args:
        text: The number as the file has it.

    Returns:
        The number and a note to show beside it: ``1632960123`` becomes ``01632960123`` with a note
        that says so. A number that needs no repair comes back unchanged with None; one whose last
        digits were lost comes back unchanged with a note that asks for it.
    """
    cell = text.strip()
    digits = _whole_number(cell)
    if digits is None:
        if _SCIENTIFIC.fullmatch(cell):
            return text, (
                f"The spreadsheet shortened this phone number to {cell} and lost its last digits. "
                "Type the number again."
            )
        return text, None
    if lost_its_zero(digits):
        return f"0{digits}", (
            f"The spreadsheet had {cell}, without the leading 0; it was put back: 0{digits}."
        )
    if _WITHOUT_PLUS.fullmatch(digits):
        return f"+{digits}", (
            f"The spreadsheet had {cell}, without the leading +; it was put back: +{digits}."
        )
    if digits != cell:
        return digits, f"The spreadsheet had written this phone number as {cell}; it is {digits}."
    return text, None
