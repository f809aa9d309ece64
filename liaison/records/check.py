"""Whether a record is fit to keep: every problem at once, in plain English.

Construction never validates, so drafts and old rows can always be held; whoever saves asks here
first. A problem either blocks saving or is a warning that a person may overrule by saving all the
same (an unusual phone number, for example: domain rule 9).
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from liaison.records import ids
from liaison.records.fields import Around, FieldSpec, Find, Problem, Record, nothing_found, spec_of
from liaison.records.kinds import Kind
from liaison.records.rules import nhs_number, phones, postcodes
from liaison.records.vocabularies import Vocabularies, shipped

LONGEST_LINE: Final = 2_000
LONGEST_NOTE: Final = 2_000_000
"""Characters; a note of a megabyte is kept, a file pasted by mistake is not."""

_EMAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;.]+")
_LARGEST: Final = 2**62
NO_RECORD: Final = "there is no such record."


def check(
    record: Record,
    *,
    find: Find | None = None,
    vocabularies: Vocabularies | None = None,
    today: dt.date | None = None,
    now: dt.datetime | None = None,
) -> list[Problem]:
    """Return everything that is wrong with a record, blocking problems first.

    Args:
        record: The record as it would be saved.
        find: How to look up what it refers to; without it references are not looked up.
        vocabularies: The home's lists of choices; the shipped ones if not given.
        today: The day, for what cannot lie in the future; not looked at if not given.
        now: The moment, where that is known more closely than the day.

    Returns:
        The problems; an empty list means it can be saved as it is.
    """
    words = vocabularies or shipped()
    spec = spec_of(record)
    problems: list[Problem] = []
    for field in spec.fields:
        value = getattr(record, field.name)
        if value is None and not field.required:
            # most of a record, of which a list has a hundred thousand
            continue
        values = value if field.many else (value,)
        filled = [v for v in values if not is_empty(v)]
        if field.required and not filled:
            problems.append(Problem(field.name, f"{field.label} is missing."))
        for item in filled:
            problems.extend(_problems_of(field, item, words))
            if find is not None and field.kind is Kind.REF and find(field.target, item) is None:
                problems.append(Problem(field.name, f"{field.label}: {NO_RECORD}"))
    around = Around(find or nothing_found, today, now)
    for rule in spec.rules:
        problems.extend(rule(record, around))
    return sorted(problems, key=lambda p: not p.blocks)


def known_before(
    problems: Iterable[Problem], record: Record, before: Record, known: Iterable[Problem]
) -> list[Problem]:
    """Let what was wrong with a record before be no reason to refuse a change of something else.

    A record may have become unfit without anybody touching it: another PC sent it, a rule is newer
    than it is, or what it refers to was corrected since.

    Args:
        problems: What is wrong with the record as it would be saved.
        record: It.
        before: The record as it was shown.
        known: What was wrong with that.

    Returns:
        The problems; what was there before, at a field that stays as it is, only warns.
    """
    there = {(problem.field, problem.message) for problem in known}
    told = [
        dataclasses.replace(problem, blocks=False)
        if (problem.field, problem.message) in there
        and getattr(record, problem.field, None) == getattr(before, problem.field, None)
        else problem
        for problem in problems
    ]
    return sorted(told, key=lambda problem: not problem.blocks)


def is_empty(value: object) -> bool:
    """Return whether a value says nothing: not given, or only spaces."""
    return value is None or (isinstance(value, str) and not value.strip())


def _problems_of(field: FieldSpec, value: object, words: Vocabularies) -> Iterator[Problem]:
    if isinstance(value, str):
        if message := text_problem(value, long=field.kind is Kind.NOTE):
            yield Problem(field.name, f"{field.label} {message}.")
            return
        yield from _text_kind_problems(field, value, words)
    elif isinstance(value, Decimal):
        if not value.is_finite() or not 0 <= value < _LARGEST or value * 100 % 1:
            yield Problem(
                field.name, f"{field.label} must be an amount of money from 0 up, in whole pence."
            )
    elif isinstance(value, int) and not isinstance(value, bool):
        # an id built from content uses all of its 63 bits
        largest = ids.LARGEST if field.kind is Kind.REF else _LARGEST
        if not 0 <= value <= largest:
            yield Problem(field.name, f"{field.label} must be a whole number from 0 up.")


def _text_kind_problems(field: FieldSpec, value: str, words: Vocabularies) -> Iterator[Problem]:
    match field.kind:
        case Kind.CHOICE:
            if not words.knows(field, value):
                yield Problem(field.name, words.unknown(field, value))
        case Kind.PHONE:
            if warning := phones.warning(value):
                yield Problem(field.name, f"{field.label}: {warning}", blocks=False)
        case Kind.NHS_NUMBER:
            if problem := nhs_number.problem(value):
                yield Problem(field.name, f"{field.label}: {problem}")
        case Kind.POSTCODE:
            if problem := postcodes.problem(value):
                yield Problem(field.name, f"{field.label}: {problem}", blocks=False)
        case Kind.EMAIL:
            if not _EMAIL.fullmatch(value):
                yield Problem(
                    field.name,
                    f"{field.label} does not look like an e-mail address: {value[:60]!r}.",
                    blocks=False,
                )
        case _:
            pass


def text_problem(text: str, *, long: bool) -> str:
    """Say why a text cannot be kept as it is; empty if it can.

    Args:
        text: What was typed or read.
        long: Whether it is a note, which may have lines and be long.
    """
    limit = LONGEST_NOTE if long else LONGEST_LINE
    if len(text) > limit:
        return f"is longer than {limit:,} characters"
    allowed = "\n\t" if long else ""
    if text.isprintable():
        return ""
    for character in text:
        category = unicodedata.category(character)
        if category == "Cs":
            return "holds half of a character (the text was damaged before it came here)"
        if category == "Cc" and character not in allowed:
            return f"holds a control character (number {ord(character)}) that cannot be kept"
    return ""


def tidy(text: str, *, long: bool) -> str:
    """Make typed or imported text fit to keep without changing what it says.

    Line ends become one kind, control characters (which no one can see or type) go, spaces around
    it go; a one-line text becomes one line.

    Args:
        text: What was typed or read.
        long: Whether it is a note, which keeps its lines.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not long:
        text = re.sub(r"[\n\t]+", " ", text)
    if not text.isprintable():
        text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc")
    return text.strip()
