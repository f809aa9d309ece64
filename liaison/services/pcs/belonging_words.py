"""What entries on who belongs say, in words: those of a removed PC are shown to people."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from liaison.records import ids, spec_of
from liaison.records.administration import Membership, Pc, Person
from liaison.security import entries as said

if TYPE_CHECKING:
    from collections.abc import Callable

    from liaison.store.changes import Change

_MEMBERSHIP: Final = spec_of(Membership).name
_VERBS: Final = {
    said.PC_GONE: "Removed from the home",
    said.GONE: "Removed from the home",
    said.PC: "Let in",
    said.PERSON: "Given keys and a role",
    said.SLOT: "Given another password",
    said.SHEET: "Made anew",
    said.INVITATION: "Made or withdrawn",
}
"""What was done, by the kind of the entry; the others are about keys alone."""
_WITHOUT_NAME: Final = {said.SHEET: "Recovery sheet", said.INVITATION: "Invitation"}
_NAMELESS: Final = "One that it does not name"


def removes(change: Change) -> bool:
    """Return whether a change says that a PC or a person does not belong any more."""
    return change.type == _MEMBERSHIP and _kind(_body(change)) in {said.PC_GONE, said.GONE}


def told(change: Change, name: Callable[[str, int], str]) -> tuple[str, str, str] | None:
    """Return what an entry is about, who that is, and what was done; None if it is of keys alone.

    Nothing of it was proven, and it may say anything.

    Args:
        change: The change that brought the entry.
        name: Names a record, by its type and its id.
    """
    body = _body(change)
    kind = _kind(body)
    if kind not in _VERBS:
        return None
    if kind in _WITHOUT_NAME:
        return _WITHOUT_NAME[kind], "", _VERBS[kind]
    spec = spec_of(Pc if kind in {said.PC, said.PC_GONE} else Person)
    about = _about(body, kind)
    return spec.label, name(spec.name, about) if about else _NAMELESS, _VERBS[kind]


def _about(body: dict[str, Any], kind: str) -> int:
    """Return the id of the PC or person that an entry is about; 0 if it says none."""
    if kind in {said.PC, said.PC_GONE}:
        number = body.get("pc")
        # what is no id cannot be asked for
        return number if isinstance(number, int) and 0 < number <= ids.LARGEST else 0
    certificate = body.get("certificate")
    holder = certificate if kind == said.PERSON and isinstance(certificate, dict) else body
    person = holder.get("person")
    return (ids.as_id(person) or 0) if isinstance(person, str) else 0


def _kind(body: dict[str, Any]) -> str:
    found = body.get("kind")
    return found if isinstance(found, str) else ""


def _body(change: Change) -> dict[str, Any]:
    try:
        found = json.loads(str(change.fields.get("entry")))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
