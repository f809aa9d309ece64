"""References from one row of a list to another one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from liaison.records import RecordSpec
from liaison.services.importing.cells import CellReader, Draft
from liaison.services.importing.identity import compared
from liaison.services.references import name_field

if TYPE_CHECKING:
    from liaison.services.importing.matching import Known


class References:
    """References to records of the file's own type, which other rows of the file may make.

    Args:
        spec: The record type.
        drafts: The rows without problems.
        found: Of each of them the record it is about.
        cells: Knows which records of the home are called what.
    """

    def __init__(
        self,
        spec: RecordSpec,
        drafts: Sequence[Draft],
        found: dict[int, Known],
        cells: CellReader,
    ) -> None:
        self._spec = spec
        self._cells = cells
        self._by_name: dict[object, set[int]] = defaultdict(set)
        field = name_field(spec)
        if not field or not any(draft.waiting for draft in drafts):
            return
        self._name = spec.by_name[field]
        for draft in drafts:
            name = compared(self._name, draft.values.get(field))
            if name is not None and id(draft) in found:
                self._by_name[name].add(found[id(draft)].slot.reference)

    def settle(self, draft: Draft) -> None:
        """Put into a row's values what its references mean, or note why that is not clear."""
        for name, texts in draft.waiting.items():
            field = self._spec.by_name[name]
            meant: list[int] = []
            for text in texts:
                try:
                    meant.append(self._meant(text))
                except ValueError as error:
                    draft.problems.append(f"{field.label}: {error}")
            if field.many:
                known = draft.values.get(name, ())
                assert isinstance(known, tuple)  # noqa: S101  # a set's values
                draft.values[name] = tuple(dict.fromkeys((*known, *meant)))
            elif meant:
                draft.values[name] = meant[0]

    def _meant(self, text: str) -> int:
        in_file = self._by_name.get(compared(self._name, text), set())
        if len(in_file) > 1:
            message = f"several rows of this file are called {text[:80]!r}."
            raise ValueError(message)
        try:
            here = self._cells.meant(self._spec.name, text)
        except ValueError:
            if in_file and not self._cells.is_ambiguous(self._spec.name, text):
                return next(iter(in_file))
            raise
        if in_file - {here}:
            message = f"a row of this file and one in the home are both called {text[:80]!r}."
            raise ValueError(message)
        return here
