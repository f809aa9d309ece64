"""How one record reads in a terminal."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterable, Iterator
from typing import Final

from liaison.cli.session import Session
from liaison.records import FieldSpec, Record, all_specs, ids, spec_of
from liaison.records.showing import show as show_value
from liaison.records.values import record_to_json
from liaison.services.homes import OpenHome
from liaison.services.references import as_id, name_of, named

_COLUMNS: Final = 100
_NARROWEST: Final = 30
_GAPS: Final = 4


def answer_record(session: Session, home: OpenHome, record: Record) -> None:
    """Print one record: as JSON, or as a card of what it holds."""
    session.answer(record_to_json(record), lambda: _card(home, record))


def _card(home: OpenHome, record: Record) -> Iterator[str]:
    spec = spec_of(record)
    yield f"{spec.label}: {named(home.store, record)}"
    rows: list[tuple[str, str]] = []
    for field in spec.fields:
        value = getattr(record, field.name)
        text = _pointed_at(home, record, field) or shown(home, field, value)
        if text and (field.name != "archived" or value):
            rows.append((field.label, text))
    yield from labelled([*rows, ("Id", ids.to_text(record.id or 0))])


def _pointed_at(home: OpenHome, record: Record, field: FieldSpec) -> str:
    """Return the name of what a pair such as ``owner_type`` and ``owner_id`` points to."""
    pair, is_pair, _ = field.name.rpartition("_id")
    if not is_pair or f"{pair}_type" not in spec_of(record).by_name:
        return ""
    spec = all_specs().get(getattr(record, f"{pair}_type") or "")
    number = as_id(getattr(record, field.name) or "")
    if spec is None or spec.cls is None or number is None:
        return ""
    return name_of(home.store, spec.name, number)


def shown(home: OpenHome, field: FieldSpec, value: object) -> str:
    """Return a field's value as a person reads it; what it refers to by name."""
    return show_value(
        field,
        value,
        vocabularies=home.store.vocabularies,
        name=lambda type_name, rec: name_of(home.store, type_name, rec),
    )


def labelled(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield labels and texts in two columns, long texts wrapped to the width of the terminal."""
    rows = list(rows)
    label_width = max((len(label) for label, _ in rows), default=0)
    columns = shutil.get_terminal_size(fallback=(_COLUMNS, 24)).columns
    width = max(columns - label_width - _GAPS, _NARROWEST)
    indent = " " * (label_width + _GAPS)
    for label, text in rows:
        lines = [part for line in text.split("\n") for part in textwrap.wrap(line, width) or [""]]
        yield f"  {label:<{label_width}}  " + f"\n{indent}".join(lines)


def spaced(digits: str) -> str:
    """Return the six digits of a new PC as they are read out: 123 456."""
    return f"{digits[:3]} {digits[3:]}"
