"""Which record a row of a file is: what makes the same file, taken in twice, add nothing.

A row is a record that is there if it agrees in what its type is known by (:data:`_RULES`): an
organisation's ODS code, or else its name and postcode. Types that are known by nothing of that kind
agree if everything that the row gives is equal. What is merely alike is told to a person and never
taken for the same.
"""

from __future__ import annotations

import dataclasses
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from liaison.records import FieldSpec, Kind, RecordSpec
from liaison.records.rules import phones

Values = Mapping[str, object]
"""What a row gives or a record holds, in the form in which it is compared."""

Key = tuple[object, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Rule:
    """One way in which a row says which record it is.

    Args:
        fields: What must be given and equal.
        optional: What must be equal if the row gives it.
        unless: What must not contradict: given in both and different.
    """

    fields: tuple[str, ...]
    optional: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()

    def key(self, values: Values) -> Key | None:
        """Return what is looked up; None if the rule says nothing about these values."""
        found = tuple(map(values.get, self.fields))
        return None if None in found else found

    def fits(self, row: Values, record: Values) -> bool:
        """Return whether a record that has the row's key is the one the row is about."""
        return all(
            row[name] == record.get(name) for name in self.optional if row.get(name) is not None
        ) and not any(_contradict(row.get(name), record.get(name)) for name in self.unless)


# In order: the first rule by which anything is found decides.
_RULES: Final[Mapping[str, tuple[Rule, ...]]] = {
    "organisation": (
        Rule(("ods_code",)),
        Rule(("name",), optional=("postcode",), unless=("ods_code",)),
    ),
    "contact": (
        Rule(("name", "email")),
        Rule(("name", "phone")),
        Rule(("name",), unless=("email", "phone")),
    ),
    "resident": (
        Rule(("nhs_number",)),
        Rule(("name",), optional=("date_of_birth",), unless=("nhs_number",)),
    ),
    "staff": (Rule(("worker_reference",)), Rule(("name",), unless=("worker_reference",))),
    "training_record": (Rule(("staff", "course", "completed")),),
    # other records refer to these by name: a second one would make that name say nothing
    "course": (Rule(("name",)),),
    "service": (Rule(("name",)),),
    "series": (Rule(("name",)),),
    "vocabulary_item": (Rule(("vocabulary", "value")),),
}
# Not the same, but worth a look: compared by likeness and shown to a person.
_COMPARED_BY_LIKENESS: Final = frozenset({"organisation", "contact", "resident", "staff"})


def rules_of(
    spec: RecordSpec, given: Sequence[str], always: Collection[str] = ()
) -> tuple[Rule, ...]:
    """Return how a row says which record it is, in the order in which to ask.

    Args:
        spec: The record type.
        given: The fields that the file can give.
        always: Those of them that every row gives.
    """
    if spec.name in _RULES:
        return _RULES[spec.name]
    # what every record or every row has: of the records that agree in all of it there are few,
    # and only those are compared in the rest
    sure = tuple(
        f.name for f in spec.fields if f.name in always or (f.required and f.default is None)
    )
    return (Rule(sure, optional=tuple(name for name in given if name not in sure)),)


def is_known_by_all(spec: RecordSpec) -> bool:
    """Return whether a record of a type is known by nothing but all that is said of it."""
    return spec.name not in _RULES


def compared(field: FieldSpec, value: object) -> object:
    """Return a value in the form in which it is compared; None for nothing.

    Names agree in any case and with any spaces, phone numbers in any spelling.
    """
    if value is None or value == ():
        return None
    if field.many and isinstance(value, tuple):
        return frozenset(value)
    if not isinstance(value, str):
        return value
    match field.kind:
        case Kind.PHONE:
            return next(iter(phones.search_forms(value)), value)
        case Kind.NOTE | Kind.CHOICE:
            return value
        case Kind.POSTCODE:
            return "".join(value.split()).upper()
        case _:
            return " ".join(unicodedata.normalize("NFC", value).casefold().split())


def is_compared_by_likeness(spec: RecordSpec) -> bool:
    """Return whether records of a type that are merely alike are shown to a person."""
    return spec.name in _COMPARED_BY_LIKENESS


def telling_number(spec: RecordSpec) -> str:
    """Return the field of the number by which records of a type are told apart; empty if none.

    Two that have different ones cannot be the same, however alike they look.
    """
    alone = (rule.fields[0] for rule in _RULES.get(spec.name, ()) if len(rule.fields) == 1)
    return next((name for name in alone if name != "name"), "")


def differ_for_sure(spec: RecordSpec, one: Values, other: Values) -> bool:
    """Return whether two records cannot be the same, however alike: their numbers differ."""
    number = telling_number(spec)
    return _contradict(one.get(number), other.get(number))


def _contradict(one: object, other: object) -> bool:
    return one is not None and other is not None and one != other
