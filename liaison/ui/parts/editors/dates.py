"""Editors for days and moments, typed as people say them; what lies ahead is asked for so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from liaison.records.rules import times
from liaison.ui.parts.editors.base import Editor, Typed
from liaison.ui.widgets import DateField, TimeField, TypedField

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class _Spoken(Editor):
    control: TypedField

    def _wire(self, made: TypedField) -> TypedField:
        made.line.textEdited.connect(lambda _: self.changed.emit())
        made.changed.connect(lambda _: self.changed.emit())
        made.line.editingFinished.connect(self.settled)
        return made

    def value(self) -> Any:
        """Return the value; what is still being typed is read first."""
        if self.control.settle():
            return self.control.value
        # read once more, to say in the field's words why it is none
        return self.around.reader().read(self.field, self.control.text)

    def set_value(self, value: Any) -> None:
        """Show a value."""
        self.control.set_value(value)

    def typed(self) -> Typed:
        """Return what stands in the field."""
        return self.control.text

    def put(self, typed: Typed) -> None:
        """Show again what was typed."""
        if isinstance(typed, str):
            self.control.set_text(typed)


class Day(_Spoken):
    """A day: "today", "25 Nov 2026", "+7d", or from a calendar."""

    def make(self) -> QWidget:
        """Return the field."""
        desk, ahead, past = self.around.desk, self.field.ahead, self.field.past
        return self._wire(
            DateField(
                lambda text: times.parse_date(text, today=desk.today(), ahead=ahead, past=past),
                times.show_plain_date if self.field.distant else times.show_date,
                "Such as 25 Nov 2026, or +7d" if ahead else "Such as 25 Nov 2026, or today",
                today=desk.today,
            )
        )


class Moment(_Spoken):
    """A moment: "yesterday 14:20", "now", "tomorrow 14:20"."""

    def make(self) -> QWidget:
        """Return the field."""
        desk, ahead = self.around.desk, self.field.ahead
        return self._wire(
            TimeField(
                lambda text: times.parse_time(text, now=desk.now(), ahead=ahead),
                times.show_time,
                "Such as tomorrow 14:20" if ahead else "Such as yesterday 14:20, or now",
            )
        )
