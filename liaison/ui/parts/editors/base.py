"""What every editor can do, and what it is given."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from liaison.records.parsing import Reader
from liaison.records.showing import show

if TYPE_CHECKING:
    from liaison.records import FieldSpec
    from liaison.records.vocabularies import Vocabularies
    from liaison.ui.desk import Desk
    from liaison.ui.parts.facts import Candidate

Typed = Any
"""What lies in an editor as it was typed, in whatever JSON holds: kept in drafts."""


@dataclasses.dataclass(frozen=True)
class Around:
    """What editors are given.

    Args:
        desk: The desk.
        vocabularies: The home's lists of choices.
        names: The records that are referred to, as they are shown, by type and id.
        add: Asks for a new record in place: its type, what was typed, the widget to stand by, and
            what to call with the new record. None where nothing can be added.
    """

    desk: Desk
    vocabularies: Vocabularies
    names: Mapping[tuple[str, int], Candidate]
    add: Callable[[str, str, QWidget, Callable[[Candidate], object]], object] | None = None

    def reader(self) -> Reader:
        """Return what reads typed values at this moment."""
        return Reader(self.desk.now(), self.vocabularies)

    def words(self, field: FieldSpec, value: object) -> str:
        """Return a value as it is shown."""
        return show(field, value, vocabularies=self.vocabularies, name=self.name)

    def name(self, type_name: str, identity: int) -> str:
        """Return the words that name a record that is referred to."""
        found = self.names.get((type_name, identity))
        return found.words if found is not None else ""


class Editor(QObject):
    """Where one field's value is typed or chosen; the base of one class a kind.

    Args:
        field: The field.
        around: What editors are given.
        parent: Whose it is.
    """

    changed = Signal()
    """Somebody typed or chose something."""
    settled = Signal()
    """Somebody has finished with it for now: a good moment to look whether it is right."""

    def __init__(self, field: FieldSpec, around: Around, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.around = around
        self.control: QWidget = self.make()

    def make(self) -> QWidget:
        """Return the control that goes under the label."""
        raise NotImplementedError

    def value(self) -> Any:
        """Return the value as it stands.

        Raises:
            liaison.records.parsing.Unreadable: What was typed is no value of this field.
        """
        raise NotImplementedError

    def set_value(self, value: Any) -> None:
        """Show a value."""
        raise NotImplementedError

    def typed(self) -> Typed:
        """Return what lies in the editor as it was typed, for a draft."""
        raise NotImplementedError

    def put(self, typed: Typed) -> None:
        """Show again what was typed; what an older version wrote differently is left out."""
        raise NotImplementedError

    def is_empty(self) -> bool:
        """Return whether nothing is typed or chosen."""
        return self.typed() in (None, "", [], [""])

    def references(self, typed: Typed) -> tuple[int, ...]:
        """Return the ids of the records a draft of this editor refers to."""
        return ()
