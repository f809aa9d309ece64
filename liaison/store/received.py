"""Whether received values fit the columns they are for; names come from the declarations only."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from liaison.records import Kind, all_specs
from liaison.records.rules import times
from liaison.records.values import Kept

if TYPE_CHECKING:
    from liaison.records import FieldSpec
    from liaison.store.changes import Envelope

_Check = Callable[[Kept], bool]
_TOO_LARGE: Final = 1 << 63
"""No column holds it."""


def kind_problem(envelope: Envelope) -> str:
    """Say which received value cannot be kept in its field; empty if all can.

    Types and fields this version does not know are left alone: they wait in the log.
    """
    checks = _checks()
    for change in envelope.changes:
        fits = checks.get(change.type)
        if fits is None:
            continue
        for name, value in change.fields.items():
            if value is not None and name in fits and not fits[name](value):
                return f"{change.type}.{name} holds a value of another kind"
    return ""


@functools.cache
def _checks() -> dict[str, dict[str, _Check]]:
    """Return what tells whether a value fits, by type and field."""
    return {
        name: {field.name: _check_for(field) for field in spec.fields}
        for name, spec in all_specs().items()
    }


def _check_for(field: FieldSpec) -> _Check:
    if field.is_number:
        return _is_number
    if field.kind is Kind.TIME:
        return _is_moment
    return _is_day if field.kind is Kind.DATE else _is_text


def _is_number(value: Kept) -> bool:
    return type(value) is int and -_TOO_LARGE < value < _TOO_LARGE


def _is_text(value: Kept) -> bool:
    return type(value) is str


def _is_moment(value: Kept) -> bool:
    try:
        return type(value) is str and times.from_stored(value) is not None
    except ValueError:
        return False


def _is_day(value: Kept) -> bool:
    try:
        return (
            type(value) is str
            and dt.date.fromisoformat(value) is not None
            and times.EARLIEST <= value < times.BEYOND
        )
    except ValueError:
        return False
