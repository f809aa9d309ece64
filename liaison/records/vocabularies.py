"""The lists people choose from: shipped with the program, extended by the manager."""

from __future__ import annotations

import csv
import dataclasses
import difflib
import functools
import json
from collections.abc import Iterable, Mapping

from liaison.records.fields import FieldSpec
from liaison.settings import resource


@dataclasses.dataclass(frozen=True, slots=True)
class Item:
    """One choice: ``value`` is what is kept, ``label`` what a person sees."""

    value: str
    label: str
    retired: bool = False


class Vocabularies:
    """Every list a choice may come from.

    Args:
        lists: The items of each vocabulary by its name, in the order shown.
    """

    def __init__(self, lists: Mapping[str, tuple[Item, ...]]) -> None:
        self._lists = dict(lists)

    def items(self, field: FieldSpec) -> tuple[Item, ...]:
        """Return the choices of a field in the order shown, retired ones last."""
        if field.choices:
            return _fixed(field.choices)
        return self._lists.get(field.vocabulary, ())

    def knows(self, field: FieldSpec, value: str) -> bool:
        """Return whether a value may be kept in a field (retired ones may: they were in use)."""
        return any(item.value == value for item in self.items(field))

    def has(self, vocabulary: str, value: str) -> bool:
        """Return whether a value is on a list that the manager may extend."""
        return any(item.value == value for item in self._lists.get(vocabulary, ()))

    def match(self, field: FieldSpec, typed: str) -> str:
        """Return the value meant by what was typed: the value or label, in any case.

        Raises:
            ValueError: No such choice; the message lists the near ones.
        """
        wanted = typed.strip().casefold()
        items = self.items(field)
        for item in items:
            if wanted == item.value.casefold():
                return item.value
        for item in items:
            if wanted == item.label.casefold():
                return item.value
        raise ValueError(self.unknown(field, typed))

    def label(self, field: FieldSpec, value: str) -> str:
        """Return what a person sees for a kept value; the value itself if it is not listed."""
        for item in self.items(field):
            if item.value == value:
                return item.label
        return value

    def unknown(self, field: FieldSpec, typed: str) -> str:
        """Say that a choice is not on the list, and which ones come near."""
        items = [item for item in self.items(field) if not item.retired]
        names = [item.label if item.value.isdigit() else item.value for item in items]
        folded = {name.casefold(): name for name in names}
        wanted = typed.strip().casefold()
        close = difflib.get_close_matches(wanted, folded, n=5, cutoff=0.5)
        close += [key for key in folded if wanted and wanted in key and key not in close]
        few = 12
        if len(names) <= few:
            return f"{field.label}: {typed[:60]!r} is not one of the choices: {', '.join(names)}."
        offered = [folded[key] for key in close[:few]] or names[:few]
        lead = "Near ones" if close else "Choices"
        return (
            f"{field.label}: {typed[:60]!r} is not one of the choices. "
            f"{lead}: {', '.join(offered)}, ..."
        )

    def extended(
        self,
        records: Iterable[tuple[str | None, str | None, str | None, int | None, bool | None]],
    ) -> Vocabularies:
        """Return these lists with the manager's additions, renamings and retirements.

        Args:
            records: Of each kept item its vocabulary, value, label, position and retirement; as
                they lie in the database, where whatever was not given is None.
        """
        lists: dict[str, dict[str, tuple[float, Item]]] = {
            name: {item.value: (float(n), item) for n, item in enumerate(items)}
            for name, items in self._lists.items()
        }
        for vocabulary, value, label, position, retired in records:
            if not vocabulary or not value:
                continue
            known = lists.setdefault(vocabulary, {})
            place = float(len(known)) if value not in known else known[value][0]
            place = place if position is None else position - 0.5
            known[value] = (place, Item(value, label or _label(value), bool(retired)))
        return Vocabularies(
            {
                name: tuple(
                    item for _, item in sorted(items.values(), key=lambda e: (e[1].retired, e[0]))
                )
                for name, items in lists.items()
            }
        )


@functools.cache
def _fixed(choices: tuple[str, ...]) -> tuple[Item, ...]:
    """Return the items of a field whose choices are fixed: asked for every record of a list."""
    return tuple(Item(value, _label(value)) for value in choices)


def _label(value: str) -> str:
    return value[:1].upper() + value[1:]


@functools.cache
def shipped() -> Vocabularies:
    """Return the lists that come with the program."""
    lists = json.loads(resource("vocabularies.json").read_text("utf-8"))
    made = {
        name: tuple(Item(value, _label(value)) for value in values)
        for name, values in lists.items()
    }
    with resource("workforce_categories.csv").open(encoding="utf-8-sig", newline="") as file:
        made["workforce_category"] = tuple(
            Item(row["bulk_upload_code"], row["category"]) for row in csv.DictReader(file)
        )
    return Vocabularies(made)
