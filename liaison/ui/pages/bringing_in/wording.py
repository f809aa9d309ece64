"""The words for what is in a list: a row's cells, a row's name, a record that it makes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from liaison.exchange.formulas import unguard
from liaison.records import FieldSpec, Record, RecordSpec
from liaison.records.showing import show
from liaison.services import importing
from liaison.services.importing import Several, Suggestion
from liaison.services.references import Names

if TYPE_CHECKING:
    from liaison.store.store import Store

_LONGEST: Final = 160
_BELOW: Final = 4


def joined(cells: Sequence[str]) -> str:
    """Return what stands in cells as one text, cut where it is long."""
    text = ", ".join(" ".join(unguard(cell[:_LONGEST]).split()) for cell in cells if cell.strip())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} ..."


def called(one: Suggestion | Several) -> str:
    """Return the name that a row gives, or where it stands."""
    return str(one.given.get("name") or f"{one.entry.capitalize()} {one.row:,}")


class Words:
    """A record's words; what it refers to may be a record the list makes.

    Args:
        store: The store.
        names: The names of what is referred to.
        spec: The record type.
    """

    def __init__(self, store: Store, names: Names, spec: RecordSpec) -> None:
        self._store = store
        self._names = names
        self._spec = spec
        self._shown = [
            spec.by_name[name]
            for name in dict.fromkeys((*spec.shows, "phone", "email", "room", "date_of_birth"))
            if name in spec.by_name and name not in spec.title
        ]

    def value(self, field: FieldSpec, value: object) -> str:
        """Return a value of a field."""
        return show(field, value, vocabularies=self._store.vocabularies, name=self._name)

    def _name(self, target: str, identity: int) -> str:
        return "(in this list)" if importing.is_unborn(identity) else self._names.by_id(
            target, identity
        )  # fmt: skip

    def title(self, record: Record) -> str:
        """Return what a record is called."""
        parts = (
            self.value(self._spec.by_name[name], getattr(record, name))
            for name in self._spec.title
            if name in self._spec.by_name
        )
        return joined([part for part in parts if part]) or self._spec.label

    def below(self, record: Record) -> str:
        """Return what else tells it apart."""
        found = []
        for field in self._shown:
            value = getattr(record, field.name)
            if value != field.default and (said := self.value(field, value)):
                found.append(f"{field.label}: {said}")
            if len(found) == _BELOW:
                break
        return joined(found)

    def changes(self, before: Record, after: Record) -> str:
        """Return what a row changes in a record that is known."""
        found = []
        for field in self._spec.fields:
            was, now = getattr(before, field.name), getattr(after, field.name)
            if was != now:
                said = self.value(field, was)
                found.append(
                    f"{field.label}: {said} becomes {self.value(field, now)}"
                    if said
                    else f"{field.label}: {self.value(field, now)}"
                )
        return "; ".join(found)[: 2 * _LONGEST]
