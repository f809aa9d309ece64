"""Erasing what the law says must go: the content of fields, and nothing else.

The record stays, its history says that something was there, who erased it, when and why, and the
log still verifies. Whoever loses their name leaves the lists and is counted nowhere; where others
point to them stands that they were erased. What it cannot reach is outside this home: backups made before, exports, paper.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.records import FieldSpec, Kind, all_specs, showing
from liaison.records.administration import Attachment
from liaison.security.roles import Action
from liaison.services.editing import kept_with_keys, reason_given
from liaison.services.references import name_field
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

_OUT: Final = {"archived": 1}
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


def leaves_lists(type_name: str, names: Collection[str]) -> bool:
    """Return whether a record is in no list and no count any more once fields of it are erased.

    So with whatever people look up by its name. Who may sign in is not decided here: that goes with
    the keys.
    """
    spec = all_specs()[type_name]
    known_by = name_field(spec)
    looked_up = bool(known_by) and spec.by_name[known_by].by_name
    return looked_up and known_by in names and type_name not in kept_with_keys()


def what_stays(type_name: str) -> str:
    """Return what an erasure in a record of a type leaves, as people are asked whether to erase it.

    Args:
        type_name: The record's type.
    """
    spec = all_specs()[type_name]
    whom = "them" if spec.somebody else "it"
    stays = f"What other records say of {whom} stays, visit notes too, unless it is erased there."
    if not leaves_lists(type_name, (name_field(spec),)):
        return stays
    label = spec.by_name[name_field(spec)].label.lower()
    return (
        f"Without the {label}, this {spec.label.lower()} is in no list and no count any more, and "
        f"“{showing.ERASED}” stands wherever it would. {stays}"
    )


def erase(
    home: OpenHome, type_name: str, identity: int, names: Sequence[str], reason: str
) -> Erased:
    """Erase the content of fields, in every version that was ever written.

    Of an attachment, erasing its fingerprint erases the bytes. What other records say of whoever it
    is stays.

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
            beside = _OUT if leaves_lists(type_name, wanted) else {}
            count = erasing.erase(store, unit, type_name, identity, wanted, beside)
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
