"""Phone numbers: kept as typed, found by any spelling, never refused (domain rule 9)."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

from liaison.records.rules._spreadsheet_phones import lost_its_zero, repair_lost_zero

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

__all__ = ["looks_like_phone", "normalise", "repair_lost_zero", "search_forms", "warning"]

_REGION: Final = "GB"
_COUNTRY_CODE: Final = 44
# Besides spaces, what the store's SQL drops from a stored number before it compares. Keep in step.
SIGNS: Final = "()-./+"
_NO_SIGNS: Final = str.maketrans("", "", SIGNS)
_EXTENSION: Final = re.compile(r"[\s,]*(?:x|ext|extn|extension)\.?\s*[0-9]{1,6}\s*", re.IGNORECASE)
_TYPED: Final = re.compile(r"[0-9\s()./+-]+")
_DATE: Final = re.compile(r"[0-9]{1,2}([/.])[0-9]{1,2}\1[0-9]{2,4}|[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FEWEST_DIGITS: Final = 3
_LONGEST_SHORT_NUMBER: Final = 6
# Digits of a UK number without its leading 0: the fewest it can have, and the usual count.
_WHOLE_NUMBER: Final = 9
_USUAL_LENGTH: Final = 10

_PLAIN: Final = re.compile(r"0[1-9][0-9]{9}")
_FOR_TESTS: Final = "is one of the numbers kept for tests and drama; nobody answers it"
_NOT_IN_USE: Final = "is not of a kind that is in use; look for a mistyped digit"
# As they follow +44. Ofcom keeps these for drama and tests: nobody ever answers them.
_TEST_NUMBERS: Final = re.compile(
    r"1632|1(?:1[3-8]|[2-6]1)4960|1914980|2079460|28964960|2920180|3069990|7700900|8081570|9098790"
)


def _without_extension(text: str) -> str:
    match = _EXTENSION.search(text)
    return text[: match.start()] if match and match.end() == len(text) else text


def _strip(text: str) -> str:
    return "".join(text.split()).translate(_NO_SIGNS)


def looks_like_phone(text: str) -> bool:
    """Tell whether what was typed into a search box can be a phone number or its beginning.

    Args:
        text: What was typed.

    Returns:
        True for at least three digits with nothing but the usual signs between them, and perhaps an
        extension, unless it is plainly a date.
    """
    number = _without_extension(text)
    if not _TYPED.fullmatch(number) or _DATE.fullmatch(text.strip()):
        return False
    return len(_strip(number)) >= _FEWEST_DIGITS


def _split_country(text: str) -> tuple[str, str]:
    """Split typed digits into a country's way of beginning and the rest.

    Returns:
        ``("0", rest)`` for a UK number in any spelling, ``("00", rest)`` for one from abroad, and
        ``("", digits)`` where the digits do not say.
    """
    digits = _strip(text)
    has_plus = text.lstrip(" (").startswith("+")
    country = digits if has_plus else digits.removeprefix("00")
    from_abroad = has_plus or digits.startswith("00")
    # The store drops the plus, so somebody who copies what is stored types 44 alone.
    if country.startswith("44") and (from_abroad or not digits.startswith("0")):
        # The 0 of "+44 (0)1632" does not belong there, but that is how people write it.
        return "0", country.removeprefix("44").removeprefix("0")
    if from_abroad:
        return "00", country
    if digits.startswith("0"):
        return "0", digits.removeprefix("0")
    return ("0", digits) if lost_its_zero(digits) else ("", digits)


def search_forms(text: str) -> tuple[str, ...]:
    """List the digits under which a number that somebody looks for may be stored (domain rule 9).

    Stored numbers stay as typed; the store only drops spaces and ``( ) - . / +`` before comparing,
    so ``+44 (0)1632 960123`` is found under ``4401632960123``. The beginning of a number gives the
    beginnings of its forms.

    Args:
        text: What was typed into the search box.

    Returns:
        The forms, the national one first; empty when the text is no phone number.
    """
    number = _without_extension(text)
    digits = _strip(number)
    if not digits or not _TYPED.fullmatch(number):
        return ()
    country, rest = _split_country(number)
    forms = [digits]
    # One digit more than the country's own would match half the directory.
    if country == "0" and len(rest) > 1:
        forms = [f"0{rest}", f"44{rest}", f"440{rest}", f"0044{rest}", f"00440{rest}", digits]
        if len(rest) >= _WHOLE_NUMBER:
            forms.append(rest)  # Typed in without its 0.
    elif country == "00" and len(rest) >= _FEWEST_DIGITS:
        forms = [rest, f"00{rest}"]
    return tuple(dict.fromkeys(forms))


def _parsed(text: str) -> PhoneNumber | None:
    import phonenumbers

    try:
        return phonenumbers.parse(text, _REGION)
    except phonenumbers.NumberParseException:
        return None


def _is_whole(number: PhoneNumber) -> bool:
    """Tell whether a number has a length that can be dialled, whether or not it is in use."""
    import phonenumbers

    if number.country_code == _COUNTRY_CODE and number.italian_leading_zero:
        return False  # Too short to lose its leading 0, which is not dialled after +44.
    possible = phonenumbers.is_possible_number_with_reason(number)
    return bool(
        possible == phonenumbers.ValidationResult.IS_POSSIBLE
        or phonenumbers.is_valid_number(number)
    )


def normalise(text: str) -> str | None:
    """Write a number the one international way, for comparing (domain rule 9).

    Args:
        text: The number as typed; without a country code it is a UK one.

    Returns:
        E.164 without extension, as ``+441632960123``; None for what is no whole number.
    """
    import phonenumbers

    number = _parsed(text)
    if number is None or not _is_whole(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _is_known_short(digits: str) -> bool:
    import phonenumbers

    number = _parsed(digits)
    return number is not None and phonenumbers.is_valid_short_number_for_region(number, _REGION)


@functools.cache
def _in_use() -> re.Pattern[str]:
    """Return what every UK number of ten digits in use looks like, without its leading 0.

    One pattern, made of the library's own: it answers in a fraction of the time, which a list of
    100,000 numbers shows.
    """
    import phonenumbers

    patterns = []
    # Guernsey, Jersey and Man have the same country code
    for region in phonenumbers.region_codes_for_country_code(_COUNTRY_CODE):
        known = phonenumbers.PhoneMetadata.metadata_for_region(region)
        if known is None or known.general_desc is None:
            continue
        general = known.general_desc.national_number_pattern
        kinds = (
            known.fixed_line, known.mobile, known.toll_free, known.premium_rate, known.shared_cost,
            known.voip, known.personal_number, known.pager, known.uan, known.voicemail,
        )  # fmt: skip
        patterns += [
            f"(?=(?:{general})$)(?:{kind.national_number_pattern})"
            for kind in kinds
            if kind is not None and kind.national_number_pattern
        ]
    return re.compile("|".join(patterns), re.ASCII)


def _unusual_plain(digits: str) -> str | None:
    """Say what is unusual about a UK number of 11 digits with its leading 0."""
    national = digits[1:]
    if _TEST_NUMBERS.match(national):
        return _FOR_TESTS
    return None if _in_use().fullmatch(national) else _NOT_IN_USE


def _unusual_number(number: str) -> str | None:
    """Say what is unusual about a number that is meant to be a whole one."""
    import phonenumbers

    parsed = _parsed(number)
    valid = parsed is not None and phonenumbers.is_valid_number(parsed)
    national = str(parsed.national_number) if parsed is not None else ""
    is_uk = _split_country(number)[0] != "00"
    usual_length = not is_uk or len(national) == _USUAL_LENGTH
    if parsed is None or not _is_whole(parsed) or not (valid or usual_length):
        count = len(_strip(number))
        digits = "1 digit" if count == 1 else f"{count} digits"
        usual = ", where most UK numbers have 11 with the leading 0" if is_uk else ""
        return f"has the wrong length for a phone number: {digits}{usual}"
    if is_uk and _TEST_NUMBERS.match(national):
        return _FOR_TESTS
    return None if valid else _NOT_IN_USE


def _unusual(text: str) -> str | None:
    """Say what is unusual about a number, as the end of a sentence that begins with it."""
    number = _without_extension(text)
    digits = _strip(number)
    if not digits or not _TYPED.fullmatch(number):
        return "is not only digits; a telephone could not dial it"
    if _PLAIN.fullmatch(digits) and "+" not in number:
        return _unusual_plain(digits)
    if digits.startswith("0") or "+" in number:
        return _unusual_number(number)
    if len(digits) <= _LONGEST_SHORT_NUMBER:
        if _is_known_short(digits):
            return "is a short number, which works only from a telephone in the UK"
        return "is too short to be a whole number; is the area code missing?"
    if lost_its_zero(digits):
        return "looks like a UK number without its leading 0"
    return _unusual_number(number)


def warning(text: str) -> str | None:
    """Say in plain English what is unusual about a phone number; never a reason to refuse it.

    Args:
        text: The number as typed; nothing at all is nothing unusual.

    Returns:
        A plain sentence for short codes, test numbers such as 01632, a wrong length, letters and
        numbers not in use; else None (domain rule 9).
    """
    if not text.strip():
        return None
    unusual = _unusual(text.strip())
    end = "" if unusual is not None and unusual.endswith("?") else "."
    return f"“{text.strip()}” {unusual}{end} It is kept as typed." if unusual else None
