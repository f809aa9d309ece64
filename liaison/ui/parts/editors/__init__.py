"""One editor for each kind of value: what a form puts under a field's label."""

from __future__ import annotations

from typing import TYPE_CHECKING

from liaison.records import FieldSpec, Kind
from liaison.ui.parts.editors.base import Around, Editor
from liaison.ui.parts.editors.choices import ChoiceLine, Segments, YesNo, few_enough
from liaison.ui.parts.editors.dates import Day, Moment
from liaison.ui.parts.editors.lines import Line, Long
from liaison.ui.parts.editors.picker import RefPicker
from liaison.ui.parts.editors.sets import ChoiceSet, RefSet, TextSet

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

__all__ = ["Around", "Editor", "RefPicker", "editor_for"]


def editor_for(field: FieldSpec, around: Around, parent: QObject | None = None) -> Editor:
    """Return a new editor for a field.

    Args:
        field: The field.
        around: What editors are given.
        parent: Whose it is.
    """
    if field.many:
        many = {Kind.REF: RefSet, Kind.CHOICE: ChoiceSet}
        return many.get(field.kind, TextSet)(field, around, parent)
    match field.kind:
        case Kind.NOTE:
            return Long(field, around, parent)
        case Kind.DATE:
            return Day(field, around, parent)
        case Kind.TIME:
            return Moment(field, around, parent)
        case Kind.BOOL:
            return YesNo(field, around, parent)
        case Kind.CHOICE:
            kind = Segments if few_enough(field, around) else ChoiceLine
            return kind(field, around, parent)
        case Kind.REF:
            return RefPicker(field, around, parent)
        case _:
            return Line(field, around, parent)
