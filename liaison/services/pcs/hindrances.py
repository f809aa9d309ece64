"""Why what was set apart cannot be written again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from liaison.records import Kind, all_specs, ids
from liaison.services.editing import kept_with_keys
from liaison.store import quarantine, writing_again
from liaison.store.changes import BIRTHS, ERASE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from liaison.records.values import Kept
    from liaison.store.changes import Change, Envelope
    from liaison.store.store import Store

NEVER: Final = "it says who belongs to the home, or is damaged"
REMOVES: Final = "who belongs is decided by those who do"
_NEWER: Final = "a newer Liaison wrote what this one does not know"
_ERASES: Final = "it erased something, which only an erasure made here can do"
_UNFOUNDED: Final = "it builds on something that is not here"
_EMPTIED: Final = "all that it said was erased by law"
WHAT_TO_DO: Final = {
    NEVER: "Leave it out.",
    REMOVES: "If that was right, do the same under Settings, then leave it out.",
    _EMPTIED: "Leave it out.",
    _NEWER: "Install the newest Liaison first.",
    _ERASES: "Erase it again.",
    _UNFOUNDED: "Look again when more has come, or leave it out.",
}
"""What to do instead of taking it in, by why that cannot be."""


def hindrance(store: Store, envelopes: Iterable[Envelope]) -> str:
    """Return why units cannot be written again together; "" if they can.

    Args:
        store: The home.
        envelopes: The units, none of which says who belongs.
    """
    keys = kept_with_keys()
    content = [one for unit in envelopes for one in unit.changes if one.type not in keys]
    if any(_is_newer(one) for one in content):
        return _NEWER
    if any(one.op == ERASE for one in content):
        return _ERASES
    if content and all(map(quarantine.is_emptied, content)):
        return _EMPTIED
    born = {(one.type, one.rec) for one in content if one.op in BIRTHS}
    born |= {("", rec) for _, rec in born}
    touched = {named for one in content for named in ((one.type, one.rec), *_referred(one))}
    return _UNFOUNDED if writing_again.unfounded(store, touched - born) else ""


def _is_newer(change: Change) -> bool:
    spec = all_specs().get(change.type)
    return spec is None or any(name not in spec.by_name for name in change.written)


def _referred(change: Change) -> Iterator[tuple[str, int]]:
    """Return the records that a change points to: their types, "" for any, and ids."""
    spec = all_specs()[change.type]
    for name, value in change.fields.items():
        field = spec.by_name.get(name)
        if field is None or not value:
            continue
        if field.kind is Kind.REF and isinstance(value, int):
            yield field.target, value
        # a record of any type is named by two texts, of which one is its type
        elif f"{name.removesuffix('_id')}_type" in spec.by_name and (record := named(value)):
            yield "", record


def named(value: Kept) -> int:
    """Return the id that a kept value may be; 0 for none.

    Args:
        value: The value of a field, as it is kept.
    """
    if isinstance(value, str):
        return ids.as_id(value) or 0
    return value if isinstance(value, int) else 0
