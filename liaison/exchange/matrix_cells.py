"""What a cell of a training matrix says: days, "N/A", "booked 3/4", "exp 12/25", and what is not clear."""

from __future__ import annotations

import datetime as dt
import enum
import re
from calendar import monthrange
from functools import lru_cache
from typing import Final, NamedTuple


class Order(enum.Enum):
    """What the first number of a day such as 03/04/2026 is."""

    DAY_FIRST = "day"
    MONTH_FIRST = "month"


class Meaning(enum.Enum):
    """What a day in a matrix is."""

    COMPLETED = "completed"
    EXPIRES = "expires"


class What(enum.Enum):
    """What kind of thing a cell says."""

    NOTHING = "nothing"
    DAYS = "days"
    NOT_REQUIRED = "not required"
    BOOKED = "booked"
    UNCLEAR = "unclear"


class Said(NamedTuple):
    """What a cell says.

    Args:
        what: The kind of thing.
        completed: The day that is said to be one of completion.
        expires: The day that is said to be one of expiry.
        bare: A day of which the cell does not say which of the two it is.
        is_month: Whether the bare day stands for a whole month, of which it is the last day.
        rest: What else stands there, for the notes.
        why: What is not clear, as a plain sentence.
        first: What the first number must be, if it can only be read one way.
    """

    what: What
    completed: dt.date | None = None
    expires: dt.date | None = None
    bare: dt.date | None = None
    is_month: bool = False
    rest: str = ""
    why: str = ""
    first: Order | None = None


_NOTHING: Final = Said(What.NOTHING)
_NO: Final = frozenset({
    "-", "--", "---", "\N{EN DASH}", "\N{EM DASH}", ".", "?", "no", "none", "not done", "to do",
    "tbc", "tba", "needed", "required", "needs doing", "outstanding", "overdue", "missing", "due",
    "expired", "never", "not started", "not booked", "to book", "to be booked", "out of date",
})  # fmt: skip
_NOT_REQUIRED: Final = frozenset({
    "n/a", "na", "n.a.", "n.a", "n\\a", "not applicable", "not required", "not req", "nr", "exempt",
    "not needed", "n/r",
})  # fmt: skip
_BOOKED: Final = re.compile(
    r"(?:re)?booked|bkd|planned|scheduled|enrolled|in progress|started|awaiting|invited",
    re.IGNORECASE,
)
_DONE: Final = re.compile(
    r"(?:y|yes|x|done|complete|completed|passed|pass|ok|in date|attended|trained|current|"
    r"\N{CHECK MARK}|\N{HEAVY CHECK MARK}|\N{SQUARE ROOT}|\N{WHITE HEAVY CHECK MARK})",
    re.IGNORECASE,
)
_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_MONTH_WORD: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_TOKEN: Final = re.compile(
    r"(?<![0-9])(?:"
    r"(?P<y1>[0-9]{4})[-/.](?P<m1>[0-9]{1,2})[-/.](?P<d1>[0-9]{1,2})"
    r"|(?P<a>[0-9]{1,2}) ?[-/.] ?(?P<b>[0-9]{1,2}) ?[-/.] ?(?P<y2>[0-9]{4}|[0-9]{2})"
    rf"|(?P<d3>[0-9]{{1,2}})(?:st|nd|rd|th)?(?: of)?[ \-]?(?P<m3>{_MONTH_WORD})[ \-,']*(?P<y3>[0-9]{{4}}|[0-9]{{2}})"
    rf"|(?P<m5>{_MONTH_WORD}) (?P<d5>[0-9]{{1,2}})(?:st|nd|rd|th)?,? (?P<y5>[0-9]{{4}})"
    rf"|(?P<m4>{_MONTH_WORD})[ \-']*(?P<y4>[0-9]{{4}}|[0-9]{{2}})"
    r"|(?P<m6>[0-9]{1,2})[-/.](?P<y6>[0-9]{4}|[0-9]{2})"
    r")(?![0-9/])",
    re.IGNORECASE,
)
_EXPIRES: Final = re.compile(
    r"\b(?:exp\w*|ex|due|renew\w*|valid(?: until| to| till)?|until|till|runs? out|next|review|refresh\w*)\b",
    re.IGNORECASE,
)
_COMPLETED: Final = re.compile(
    r"\b(?:comp\w*|done|attended|passed|trained|cert\w*|issued|on|date)\b", re.IGNORECASE
)
_EDGES: Final = " \t,;:.-()[]\N{EN DASH}*"
_NO_YEAR: Final = re.compile(r"[0-9]{1,2}(?:/[0-9]{1,2}|(?:st|nd|rd|th)? ?[A-Za-z]{3,9})")
_FIRST_SERIAL, _LAST_SERIAL = 25_569, 73_050
"""1970 and 2099, as a spreadsheet counts days."""
_SERIAL_BEGIN: Final = dt.date(1899, 12, 30)
_SPAN: Final = 60
_MONTHS_A_YEAR: Final = 12
_LONGEST: Final = 60


def read_cell(value: object, order: Order, today: dt.date) -> Said:
    """Return what a cell says.

    Args:
        value: What stands in it: a text, a day, a number, or nothing.
        order: What the first number of a day such as 03/04/2026 is.
        today: The day, by which years of two digits are read.
    """
    match value:
        case None:
            return _NOTHING
        case str():
            return _read_text(value, order, today)
        case dt.datetime():
            return _certain(value.date(), today)
        case dt.date():
            return _certain(value, today)
        case bool():
            return _done_when("Yes") if value else _NOTHING
        case int() | float():
            return _number(value)
        case _:
            # a time without a day, as a 0 that is shown as a date
            return _NOTHING


def has_day(value: object) -> bool:
    """Return whether a cell may say a day on which something was done or runs out."""
    if isinstance(value, str):
        return _TOKEN.search(value) is not None and not _BOOKED.match(value)
    if isinstance(value, int | float):
        return _FIRST_SERIAL <= value <= _LAST_SERIAL
    return isinstance(value, dt.date)


def as_text(value: object) -> str:
    """Return what stands in a cell, as somebody would type it."""
    match value:
        case None:
            return ""
        case dt.date():
            return f"{value.day:02}/{value.month:02}/{value.year:04}"
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value).strip()


@lru_cache(maxsize=4096)
def _certain(day: dt.date, today: dt.date) -> Said:
    if abs(day.year - today.year) > _SPAN:
        return Said(What.UNCLEAR, why=f"The year {day.year} cannot be right.")
    return Said(What.DAYS, bare=day)


def _number(value: float) -> Said:
    if value == 0:
        return _NOTHING
    if float(value).is_integer() and _FIRST_SERIAL <= value <= _LAST_SERIAL:
        # a day that lost its form on the way
        return Said(What.DAYS, bare=_SERIAL_BEGIN + dt.timedelta(days=int(value)))
    return Said(What.UNCLEAR, why=f"{as_text(value)} is a number, not a day.")


def _done_when(text: str) -> Said:
    return Said(What.UNCLEAR, why=f"“{text[:_LONGEST]}” says that it was done, but not when.")


@lru_cache(maxsize=8192)
def _read_text(value: str, order: Order, today: dt.date) -> Said:
    text = " ".join(value.split())
    low = text.casefold().strip("*!")
    if not low or low in _NO:
        return _NOTHING
    if low in _NOT_REQUIRED:
        return Said(What.NOT_REQUIRED)
    if _BOOKED.match(text):
        return Said(What.BOOKED, rest=text)
    if _DONE.fullmatch(low):
        return _done_when(text)
    if low.isascii() and low.isdecimal():
        return _number(int(low)) if len(low) <= len(str(_LAST_SERIAL)) else _unclear(text)
    return _read_days(text, order, today)


def _read_days(text: str, order: Order, today: dt.date) -> Said:
    found: dict[Meaning | None, tuple[dt.date, bool]] = {}
    first: Order | None = None
    rest: list[str] = []
    end = 0
    for match in _TOKEN.finditer(text):
        before, end = text[end : match.start()], match.end()
        meaning, left = _meaning(before)
        rest.append(left)
        try:
            day, is_month, must = _day(match, order, today)
        except ValueError as fault:
            return Said(What.UNCLEAR, why=f"“{text[:_LONGEST]}”: {fault}", first=_sure(match))
        first = first or must
        if is_month and meaning is Meaning.COMPLETED:
            return Said(What.UNCLEAR, why=_only_month(text))
        if found.setdefault(meaning, (day, is_month)) != (day, is_month):
            return Said(What.UNCLEAR, why=f"“{text[:_LONGEST]}” says more than one day.")
    if not found:
        if _NO_YEAR.fullmatch(text):
            return Said(What.UNCLEAR, why=f"“{text}”: the year is missing.")
        return _unclear(text)
    rest.append(text[end:])
    bare, is_month = found.get(None, (None, False))
    completed, expires = (found.get(one, (None,))[0] for one in Meaning)
    if bare is not None and expires is not None and completed is None and not is_month:
        # beside a day of expiry the other one is the day it was done
        completed, bare = bare, None
    if bare is not None and completed is not None and expires is None:
        expires, bare, is_month = bare, None, False
    words = " ".join(part for one in rest if (part := one.strip(_EDGES)))
    return Said(What.DAYS, completed, expires, bare, is_month, words, "", first)


def _unclear(text: str) -> Said:
    return Said(What.UNCLEAR, why=f"“{text[:_LONGEST]}” is not a day.")


def _only_month(text: str) -> str:
    return f"“{text[:_LONGEST]}” names a month, not the day on which it was completed."


def only_month(value: object) -> str:
    """Say of a cell that it names a month where a day of completion is needed."""
    return _only_month(as_text(value))


def _meaning(before: str) -> tuple[Meaning | None, str]:
    """Return what the words before a day make of it, and what is left of them."""
    for meaning, words in ((Meaning.EXPIRES, _EXPIRES), (Meaning.COMPLETED, _COMPLETED)):
        if words.search(before):
            return meaning, words.sub("", before)
    return None, before


def _day(match: re.Match[str], order: Order, today: dt.date) -> tuple[dt.date, bool, Order | None]:
    """Return the day a match means, whether only its month was given, and what must come first.

    Raises:
        ValueError: There is no such day.
    """
    part = match.groupdict()
    if part["y1"]:
        return _date(part["y1"], int(part["m1"]), int(part["d1"]), today), False, None
    if part["a"]:
        one, other = int(part["a"]), int(part["b"])
        day, month = (one, other) if order is Order.DAY_FIRST else (other, one)
        return _date(part["y2"], month, day, today), False, _sure(match)
    for number in "35":
        if part[f"d{number}"]:
            month = _month(part[f"m{number}"])
            return _date(part[f"y{number}"], month, int(part[f"d{number}"]), today), False, None
    month = _month(part["m4"]) if part["m4"] else int(part["m6"])
    if not 1 <= month <= _MONTHS_A_YEAR:
        raise ValueError("the year is missing.")
    year = _year(part["y4"] or part["y6"], today)
    return dt.date(year, month, monthrange(year, month)[1]), True, None


def _sure(match: re.Match[str]) -> Order | None:
    if not match["a"]:
        return None
    one, other = int(match["a"]), int(match["b"])
    if one > _MONTHS_A_YEAR >= other:
        return Order.DAY_FIRST
    return Order.MONTH_FIRST if other > _MONTHS_A_YEAR >= one else None


def _month(word: str) -> int:
    short = word.casefold()[:3]
    return next(number for number, name in enumerate(_MONTHS, 1) if name.startswith(short))


def _date(year: str, month: int, day: int, today: dt.date) -> dt.date:
    full = _year(year, today)
    try:
        return dt.date(full, month, day)
    except ValueError:
        raise ValueError(f"there is no day {day} in month {month} of {full}.") from None


def _year(digits: str, today: dt.date) -> int:
    year = int(digits)
    if len(digits) == 2:  # noqa: PLR2004
        # nothing in a matrix is older than a working life, or so far ahead
        year += today.year // 100 * 100
        year -= 100 if year > today.year + _SPAN // 3 else 0
    if abs(year - today.year) > _SPAN:
        raise ValueError(f"the year {year} cannot be right.")
    return year
