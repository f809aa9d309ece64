"""Whether received values fit the columns they are for; names come from the declarations only."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from liaison.records import Kind, all_specs
from liaison.records.rules import times

if TYPE_CHECKING:
    from liaison.records import FieldSpec
    from liaison.records.values import Kept
    from liaison.store.changes import Envelope


def kind_problem(envelope: Envelope) -> str:
    """Say which received value cannot be kept in its field; empty if all can.

    Types and fields this version does not know are left alone: they wait in the log.
    """
    specs = all_specs()
    for change in envelope.changes:
        spec = specs.get(change.type)
        if spec is None:
            continue
        by_name = spec.by_name
        for name, value in change.fields.items():
            field = by_name.get(name)
            if value is not None and field is not None and not _fits(field, value):
                return f"{change.type}.{name} holds a value of another kind"
    return ""


def _fits(field: FieldSpec, value: Kept) -> bool:
    if field.is_number:
        return type(value) is int and abs(value) < 2**63
    if type(value) is not str:
        return False
    if field.kind is Kind.TIME or field.kind is Kind.DATE:
        try:
            if field.kind is Kind.TIME:
                times.from_stored(value)
            else:
                dt.date.fromisoformat(value)
        except ValueError:
            return False
    return True
