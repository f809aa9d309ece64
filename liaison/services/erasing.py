"""Erasing what the law says must go: the content of fields, and nothing else.

The record stays, its history says that something was there, who erased it, when and why, and the
log still verifies. What it cannot reach is outside this home: backups made before, exports, paper.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.records import FieldSpec, Kind, all_specs
from liaison.records.administration import Attachment
from liaison.security.roles import Action
from liaison.services.editing import reason_given
from liaison.store import blobs, erasing

if TYPE_CHECKING:
    from liaison.services.homes import OpenHome

NOT_REACHED: Final = (
    "Backups made before, files that were exported and paper still hold it: they are to be "
    "destroyed by hand. Where the PCs meet it lies sealed until each of them has fetched this, and "
    "longer if nothing may be removed there; a PC that was removed keeps what it had. Reasons that "
    "people gave for changes are kept as they are."
)
"""What whoever erases has to be told before."""

_NO_CONTENT: Final = frozenset({Kind.REF, Kind.BOOL})


@dataclasses.dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure did.

    Args:
        fields: The fields' labels.
        changes: How many changes of the log lost content.
    """

    fields: tuple[str, ...]
    changes: int


def erasable(type_name: str) -> tuple[FieldSpec, ...]:
    """Return the fields of a type whose content can be erased.

    A reference or a yes and no holds nothing of its own: it is corrected, or what it points to is
    erased.
    """
    spec = all_specs()[type_name]
    return tuple(
        field
        for field in spec.fields
        if field.kind not in _NO_CONTENT and not (field.many and field.kind is Kind.CHOICE)
    )


def erase(
    home: OpenHome, type_name: str, identity: int, names: Sequence[str], reason: str
) -> Erased:
    """Erase the content of fields, in every version that was ever written.

    Of an attachment, erasing its fingerprint erases the bytes.

    Args:
        home: The home, as a manager opened it.
        type_name: The record's type.
        identity: The record.
        names: The wire names of the fields.
        reason: Why, such as whose request it was; it must not repeat what is erased.

    Raises:
        NotAllowed: Only a manager may.
        UserError: There is no such record, or a field holds no content of its own, or another
            window has the home open; nothing was erased.
    """
    home.require(Action.ERASE, kept="Nothing was erased.")
    reason = reason_given(reason)
    spec = all_specs()[type_name]
    fields = [_field(type_name, name) for name in dict.fromkeys(names)]
    record = home.store.get(type_name, identity)
    if record is None or not fields:
        what = f"This {spec.label.lower()} is not here." if fields else "No field was named."
        raise UserError(what, kept="Nothing was erased.", code="nothing-to-do")
    store, wanted = home.store, [field.name for field in fields]
    texts = erasing.texts_of(store.connection, identity, wanted)
    with erasing.leaving_nothing(store):
        with home.unit(reason, kind=erasing.KIND) as unit:
            count = erasing.erase(store, unit, type_name, identity, wanted)
        if isinstance(record, Attachment) and "sha256" in wanted:
            blobs.drop_unused(store, texts)
        erasing.sweep(store, type_name, identity, texts)
    return Erased(tuple(field.label for field in fields), count)


def _field(type_name: str, name: str) -> FieldSpec:
    can = erasable(type_name)
    for field in can:
        if field.name == name:
            return field
    raise UserError(
        f"{name[:60]!r} is no field of a {all_specs()[type_name].label.lower()} whose content can "
        "be erased.",
        kept="Nothing was erased.",
        do=f"These can be: {', '.join(field.name for field in can)}.",
        code="not-erasable",
    )
