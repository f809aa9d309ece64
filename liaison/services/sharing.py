"""Before a list leaves the home: what is in the file, and what stays here."""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import TYPE_CHECKING, Final

from liaison.records import Kind, RecordSpec, all_specs
from liaison.services.export_values import Values
from liaison.services.exporting import DIRECTORY, types_in
from liaison.store import query

if TYPE_CHECKING:
    from liaison.store.store import Store

_NEEDS: Final = "service"


@dataclasses.dataclass(frozen=True, slots=True)
class Share:
    """What is to leave, and for whom.

    Args:
        type: The record type, or ``exporting.DIRECTORY``.
        only: The ids that are wanted; None for all.
        for_sharing: Whether it is for somebody else: what is declared sensitive stays here.
        ending: What kind of file: ".xlsx", ".csv" or ".vcf".
    """

    type: str = DIRECTORY
    only: frozenset[int] | None = None
    for_sharing: bool = True
    ending: str = ".xlsx"


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """The records of one type in a file.

    Args:
        type: The record type.
        count: How many.
        fields: The labels of what is said of each.
        kept_here: The labels of what is left out.
        free: The labels of long texts, which leave as they were typed.
    """

    type: str
    count: int
    fields: tuple[str, ...]
    kept_here: tuple[str, ...]
    free: tuple[str, ...]

    @property
    def words(self) -> str:
        """How many of what, such as "42 contacts"."""
        spec = all_specs()[self.type]
        return f"{self.count:,} {(spec.label if self.count == 1 else spec.plural).lower()}"


@dataclasses.dataclass(frozen=True, slots=True)
class Preview:
    """What leaves with a file and what stays.

    Args:
        parts: What leaves.
        struck: How many records stay because they are struck through.
    """

    parts: tuple[Part, ...]
    struck: int

    @property
    def count(self) -> int:
        """How many records leave."""
        return sum(part.count for part in self.parts)


def preview(store: Store, share: Share) -> Preview:
    """Return what would be in a file; nothing is written.

    Args:
        store: The home.
        share: What is to leave.

    Raises:
        UserError: There is no such file of it.
    """
    only = wanted(store, share)
    parts, struck = [], 0
    for name in types_in(share.type, share.ending):
        spec = all_specs()[name]
        counts = _counts(store, spec, only)
        struck += counts[True]
        leaves = Values(store, spec, for_sharing=share.for_sharing)
        everything = Values(store, spec, for_sharing=False)
        said = set(leaves.headings)
        parts.append(
            Part(
                name,
                counts[False],
                tuple(leaves.headings),
                tuple(words for words in everything.headings if words not in said),
                tuple(field.label for field in leaves.fields if field.kind is Kind.NOTE),
            )
        )
    return Preview(tuple(parts), struck)


def wanted(store: Store, share: Share) -> frozenset[int] | None:
    """Return the ids to export: with part of the directory goes what its records name as needs."""
    if share.only is None or share.type != DIRECTORY:
        return share.only
    needs: set[int] = set()
    for type_name, field in (("contact", "ask_about"), ("organisation", "offers")):
        for record in query.every(store, query.Query(type_name)):
            if record.id in share.only:
                needs.update(getattr(record, field))
    return share.only | _standing(store, needs)


def _standing(store: Store, needs: set[int]) -> set[int]:
    found = (store.follow(_NEEDS, need) for need in needs)
    return {one.id for one in found if one is not None and one.id is not None}


def _counts(store: Store, spec: RecordSpec, only: frozenset[int] | None) -> Counter[bool]:
    """Count the records that stand (False) and those struck through (True)."""
    return Counter(
        record.struck_reason is not None
        for record in query.every(store, query.Query(spec.name))
        if only is None or record.id in only
    )
