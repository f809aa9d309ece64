"""What a value can be: its kind, the Python type that goes with it, and a field's declaration."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
from decimal import Decimal
from typing import Annotated, Final


class Kind(enum.Enum):
    """How a value is kept, typed and shown; the names are those of the record catalogue."""

    TEXT = "text"
    NOTE = "note"
    DATE = "date"
    TIME = "time"
    INT = "int"
    MINUTES = "minutes"
    MONEY = "money"
    BOOL = "bool"
    CHOICE = "choice"
    REF = "ref"
    PHONE = "phone"
    EMAIL = "email"
    URL = "url"
    POSTCODE = "postcode"
    NHS_NUMBER = "nhs_number"

    # a member is one object; Enum's own hash is Python code, and kinds are looked up for each value
    __hash__ = object.__hash__


WHOLE_NUMBERS: Final = frozenset({Kind.INT, Kind.MINUTES, Kind.MONEY, Kind.BOOL, Kind.REF})
"""Kinds kept as SQLite integers: money in pence, a reference as the other record's id."""

SEARCHED: Final = frozenset(
    {
        Kind.TEXT,
        Kind.NOTE,
        Kind.PHONE,
        Kind.EMAIL,
        Kind.URL,
        Kind.POSTCODE,
        Kind.NHS_NUMBER,
    }
)
"""Kinds whose words a search finds, unless the field says otherwise."""

# A set: its elements are records of a link type, so two PCs never overwrite each other.
MANY: Final = "many"

Text = Annotated[str | None, Kind.TEXT]
Note = Annotated[str | None, Kind.NOTE]
Date = Annotated[dt.date | None, Kind.DATE]
Time = Annotated[dt.datetime | None, Kind.TIME]
Int = Annotated[int | None, Kind.INT]
Minutes = Annotated[int | None, Kind.MINUTES]
Money = Annotated[Decimal | None, Kind.MONEY]
Flag = Annotated[bool | None, Kind.BOOL]
Choice = Annotated[str | None, Kind.CHOICE]
Ref = Annotated[int | None, Kind.REF]
Phone = Annotated[str | None, Kind.PHONE]
Email = Annotated[str | None, Kind.EMAIL]
Url = Annotated[str | None, Kind.URL]
Postcode = Annotated[str | None, Kind.POSTCODE]
NhsNumber = Annotated[str | None, Kind.NHS_NUMBER]
Texts = Annotated[tuple[str, ...], Kind.TEXT, MANY]
Choices = Annotated[tuple[str, ...], Kind.CHOICE, MANY]
Refs = Annotated[tuple[int, ...], Kind.REF, MANY]

Value = str | int | bool | Decimal | dt.date | dt.datetime | None
"""One field's value in memory (a set is a tuple of these)."""


@dataclasses.dataclass(frozen=True, slots=True)
class Field:
    """The declaration of one field, written beside its kind.

    Args:
        label: What a person sees before it.
        required: Whether a record without it has a problem.
        sensitive: Never leaves in a shared or redacted output.
        help: One sentence for whoever fills it in.
        of: For a reference, the record type it points to; for a choice, the name of a vocabulary
            that the manager may extend, or the fixed values themselves.
        searched: Whether a search looks at it; by default every kind of text is.
        by_name: Whether a piece from the middle of it also finds the record (names of people).
        indexed: Whether lists may sort and filter by it without reading the whole table.
        section: The heading that begins with this field on forms and cards; fields without one go
            on under the last.
        rare: Whether forms fold it away until somebody asks for more.
        asked: Whether forms ask for it; not what the program itself fills in.
        ahead: For a day or moment that usually lies ahead: "fri" typed there is the coming one.
        distant: For a day that usually lies years back, such as a birthday: which weekday it was
            says nothing, so it is shown without it.
        past: For a day that never lies ahead, such as a birthday: "30" typed there is 1930.
        unit: For a whole number, what is counted, such as "day"; it stands behind the number.
    """

    label: str
    required: bool = False
    sensitive: bool = False
    help: str = ""
    of: str | tuple[str, ...] = ""
    searched: bool | None = None
    by_name: bool = False
    indexed: bool = False
    section: str = ""
    rare: bool = False
    asked: bool = True
    ahead: bool = False
    distant: bool = False
    past: bool = False
    unit: str = ""
