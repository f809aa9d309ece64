"""What is asked of a person about a row that may be known already, and what they said."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Final

MAY_BE: Final = "This may be"
"""How a note begins that says what a suggestion does."""


@dataclasses.dataclass(frozen=True, slots=True)
class Same:
    """What somebody said of a row: that it is about a record, although nothing proves it.

    Args:
        row: The row's number.
        record: The id of a record that is there; None for one of another row.
        other_row: The number of that other row, which must stand above it.
        take: The fields in which the row is right; None for all that it gives.
        new: It is none of those that it may be, but a new record.
    """

    row: int
    record: int | None = None
    other_row: int | None = None
    take: frozenset[str] | None = None
    new: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Several:
    """A row that may be more than one: it comes in when somebody says which (:class:`Same`).

    Args:
        row: The row's number.
        records: The ids of the records it may be.
        other_rows: The numbers of the rows above it that it may be.
        by: By what, in the words of the labels, such as "Name and Date of birth".
        given: What the row gives, by field.
        entry: What a row is called in its file.
    """

    row: int
    records: tuple[int, ...]
    other_rows: tuple[int, ...]
    by: str
    given: Mapping[str, object]
    entry: str = "row"


@dataclasses.dataclass(frozen=True, slots=True)
class Suggestion:
    """A new row that may be the same as a record, or as a row above it.

    Args:
        row: The row's number.
        record: The id of the record; None if it is another row.
        other_row: The number of that row.
        score: How alike they look, up to 1.
        reasons: What they have in common, in plain words.
        given: What the row gives, by field: what there is to choose from.
        other: What that other row gives; nothing if it is a record.
        entry: What a row is called in its file.
    """

    row: int
    record: int | None
    other_row: int | None
    score: float
    reasons: tuple[str, ...]
    given: Mapping[str, object]
    other: Mapping[str, object] = dataclasses.field(default_factory=dict)
    entry: str = "row"
