"""``FIELD=VALUE`` words, read as the fields of a record, all problems at once."""

from __future__ import annotations

import dataclasses
import datetime as dt
import difflib
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

import click

from liaison.records import FieldSpec, Kind, Problem, Record, RecordSpec, all_specs, check, spec_of
from liaison.records.administration import Attachment
from liaison.records.check import text_problem
from liaison.records.parsing import Reader, Unreadable
from liaison.records.rules import times
from liaison.services.editing import Unfit
from liaison.services.references import NotOne, resolve
from liaison.store.query import Condition
from liaison.store.store import Store

_ASSIGNMENT: Final = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(\+=|-=|=)(.*)", re.DOTALL)
_CONDITION: Final = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(<=|>=|=|<|>)(.*)", re.DOTALL)
_BY_OTHER_COMMANDS: Final = {
    "archived": "use archive or restore-record",
    "struck_reason": "use strike",
    "merged_into": "use merge",
    "moved_from": "use move",
}


_UNSORTED: Final = frozenset({Kind.REF, Kind.BOOL, Kind.CHOICE})
_OF_THE_FILE: Final = frozenset({"size", "sha256"})


@dataclasses.dataclass(frozen=True, slots=True)
class Assignment:
    """One ``FIELD=VALUE``, ``FIELD+=VALUE`` or ``FIELD-=VALUE``."""

    field: str
    operator: str
    value: str


class RecordType(click.ParamType[str]):
    """A record type by its wire name."""

    name = "type"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the wire name; a hyphen may stand for the underscore."""
        word = str(value).replace("-", "_").lower()
        names = [name for name, spec in all_specs().items() if spec.cls is not None]
        if word not in names:
            near = difflib.get_close_matches(word, names, n=4)
            hint = f" Near ones: {', '.join(near)}." if near else ' "liaison types" lists them.'
            self.fail(f"{value!r} is not a type of record.{hint}", param, ctx)
        return word


def assignments(words: Iterable[str]) -> list[Assignment]:
    """Read ``FIELD=VALUE`` words.

    Raises:
        click.UsageError: A word is none.
    """
    found = []
    for word in words:
        match = _ASSIGNMENT.fullmatch(word)
        if match is None:
            message = (
                f"{word[:60]!r} is not of the form FIELD=VALUE. "
                'Several words stand in quotes: name="Mary Jones".'
            )
            raise click.UsageError(message, click.get_current_context())
        found.append(Assignment(match[1].lower(), match[2], match[3]))
    return found


def reader(store: Store) -> Reader:
    """Return what reads typed values for a home: with its words, its clock and its names."""
    return Reader(
        now=store.clock(),
        vocabularies=store.vocabularies,
        resolve=lambda type_name, typed: _resolved(store, type_name, typed),
    )


def _resolved(store: Store, type_name: str, typed: str) -> int:
    try:
        return resolve(store, type_name, typed)
    except NotOne as error:
        # one of perhaps several problems: what to do is said once, for all of them
        raise ValueError(error.what) from None


def filled(store: Store, record: Record, words: Sequence[Assignment]) -> Record:
    """Return a record with typed values put in.

    Args:
        store: The home.
        record: A new record, or the one to change.
        words: What was typed; repeating a set's field collects its elements.

    Raises:
        Unfit: Something cannot be read; everything wrong is listed, not only the first.
    """
    spec = spec_of(record)
    reads = reader(store)
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for word in words:
        try:
            field = _settable(spec, word.field)
            values[field.name] = _assigned(field, word, values, record, reads)
        except Unreadable as error:
            problems.append(Problem(word.field, str(error)))
    changed: Record = dataclasses.replace(record, **values)
    if problems:
        unread = {problem.field for problem in problems}
        others = check(changed, find=store.get, vocabularies=store.vocabularies)
        problems += [p for p in others if p.blocks and p.field not in unread]
        raise Unfit(problems)
    return changed


def _settable(spec: RecordSpec, name: str) -> FieldSpec:
    if name in _BY_OTHER_COMMANDS:
        message = f"{name} is not set like this: {_BY_OTHER_COMMANDS[name]}."
        raise Unreadable(message)
    if spec.cls is Attachment and name in _OF_THE_FILE:
        message = f"{spec.by_name[name].label} is what the file itself says; attach another one."
        raise Unreadable(message)
    field = spec.by_name.get(name)
    if field is None:
        own = [f.name for f in spec.fields if f.name not in _BY_OTHER_COMMANDS]
        near = difflib.get_close_matches(name, own, n=4) or own
        message = f"A {spec.label.lower()} has no field {name!r}; it has {', '.join(near)}."
        raise Unreadable(message)
    return field


def _assigned(
    field: FieldSpec, word: Assignment, values: dict[str, Any], record: Record, reads: Reader
) -> object:
    if not field.many:
        if word.operator != "=":
            message = f"{field.label} has one value: write {field.name}=VALUE."
            raise Unreadable(message)
        if field.name in values:
            message = f"{field.label} is given twice."
            raise Unreadable(message)
        return reads.read(field, word.value)
    value = reads.read(field, word.value)
    # the first "=" of a command starts the set anew, the next ones add to it
    start = () if word.operator == "=" else getattr(record, field.name)
    elements = values.get(field.name, start)
    if value is None:
        return elements
    if word.operator == "-=":
        if value not in elements:
            message = f"{field.label}: {word.value[:60]!r} is not among them."
            raise Unreadable(message)
        return tuple(element for element in elements if element != value)
    return elements if value in elements else (*elements, value)


def conditions(store: Store, spec: RecordSpec, words: Iterable[str]) -> tuple[Condition, ...]:
    """Read ``FIELD=VALUE`` conditions (also ``<``, ``<=``, ``>``, ``>=``).

    Raises:
        click.UsageError: A word is none.
        Unfit: A field or value cannot be read.
    """
    found: list[Condition] = []
    problems: list[Problem] = []
    reads = reader(store)
    for word in words:
        match = _CONDITION.fullmatch(word)
        if match is None:
            message = f"{word[:60]!r} is not of the form FIELD=VALUE."
            raise click.UsageError(message, click.get_current_context())
        name = match[1].lower()
        field = spec.by_name.get(name)
        try:
            field = field or _settable(spec, name)
            found += _of_a_day(field, match[3], match[2], reads) or [
                _condition(field, reads.read(field, match[3]), match[2])
            ]
        except Unreadable as error:
            problems.append(Problem(name, str(error)))
    if problems:
        raise Unfit(problems, "listed")
    return tuple(found)


def _of_a_day(field: FieldSpec, typed: str, comparison: str, reads: Reader) -> list[Condition]:
    """Return what a day means for a field that holds a moment; nothing if it is not a day."""
    if field.kind is not Kind.TIME:
        return []
    try:
        today = times.in_london(reads.now).date()
        day = times.parse_date(typed, today=today, ahead=field.ahead)
    except ValueError:
        return []
    begins = Condition(field.name, times.start_of_day(day), ">=")
    ends = Condition(field.name, times.start_of_day(day + dt.timedelta(days=1)), "<")
    return {
        "=": [begins, ends],
        ">=": [begins],
        "<=": [ends],
        ">": [dataclasses.replace(ends, comparison=">=")],
        "<": [dataclasses.replace(begins, comparison="<")],
    }[comparison]


def _condition(field: FieldSpec, value: object, comparison: str) -> Condition:
    if comparison != "=" and (value is None or field.many or field.kind in _UNSORTED):
        message = f"{field.label}: only {field.name}=VALUE can be asked for."
        raise Unreadable(message)
    if isinstance(value, str) and (problem := text_problem(value, long=True)):
        message = f"{field.label} {problem}."
        raise Unreadable(message)
    # nearly all records were never archived and say nothing about it
    return Condition(field.name, value or None if field.name == "archived" else value, comparison)
