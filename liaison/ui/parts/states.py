"""Which choices say how something stands, and in which tint they are painted."""

from __future__ import annotations

from typing import Final

from liaison.records import FieldSpec, Kind

#: The field, and in which tint each of its words is painted; words that are not here stay plain.
_STATES: Final = {
    "status": {
        "happened": "ok",
        "attended": "ok",
        "active": "ok",
        "planned": "info",
        "booked": "info",
        "cancelled": "none",
        "closed": "none",
        "merged": "none",
        "missed": "late",
        "did not attend": "late",
    },
    "urgency": {"urgent": "late", "now": "late", "today": "due"},
    "level": {"can teach": "ok", "competent": "ok", "supervised": "info", "aware": "none"},
    "dnacpr": {"in place": "info"},
}


def state_of(field: FieldSpec, value: object) -> str:
    """Return the state a value stands for (ok, due, late, none, info); empty if it is no state.

    A chip always says the word as well: the tint is never the only sign.
    """
    if field.kind is not Kind.CHOICE or not isinstance(value, str):
        return ""
    return _STATES.get(field.name, {}).get(value, "")
