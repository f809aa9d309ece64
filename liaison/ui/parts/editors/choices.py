"""Editors that choose: yes and no, a few words in sight, or one of a long list found by typing."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QTimer

from liaison.records.parsing import Unreadable
from liaison.ui.parts.editors.base import Around, Editor, Typed
from liaison.ui.parts.suggestions import Offer, PickLine, Suggestions
from liaison.ui.widgets import LineEdit, Segmented

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from liaison.records import FieldSpec
    from liaison.records.vocabularies import Item

_MOST_SEGMENTS: Final = 4
_MOST_LETTERS: Final = 40


def offered(field: FieldSpec, around: Around, also: object = None) -> list[Item]:
    """Return the choices of a field that are not retired, and the one it has, retired or not."""
    items = around.vocabularies.items(field)
    return [item for item in items if not item.retired or item.value == also]


def few_enough(field: FieldSpec, around: Around) -> bool:
    """Return whether all choices of a field can stand side by side."""
    items = offered(field, around)
    letters = sum(len(item.label) for item in items)
    return len(items) <= _MOST_SEGMENTS and letters <= _MOST_LETTERS


class _Pressed(Editor):
    control: Segmented

    def _wire(self, made: Segmented) -> Segmented:
        made.changed.connect(lambda _: self.changed.emit())
        made.changed.connect(lambda _: self.settled.emit())
        return made

    def value(self) -> Any:
        """Return what is chosen."""
        return self.control.value

    def set_value(self, value: Any) -> None:
        """Choose a value."""
        self.control.set_value(value)

    def typed(self) -> Typed:
        """Return what is chosen."""
        return self.control.value

    def put(self, typed: Typed) -> None:
        """Choose it again."""
        self.control.set_value(typed)


class YesNo(_Pressed):
    """Yes, no, or not recorded: nothing chosen would say no less clearly than "no"."""

    def make(self) -> QWidget:
        """Return the three words."""
        choices: list[tuple[object, str]] = [(True, "Yes"), (False, "No")]
        if not self.field.required:
            choices.append((None, "Not recorded"))
        return self._wire(Segmented(choices))


class Segments(_Pressed):
    """Two to four words, all of them in sight; pressing the chosen one again takes it back."""

    def make(self) -> QWidget:
        """Return the words."""
        items = offered(self.field, self.around)
        optional = not self.field.required
        return self._wire(Segmented([(i.value, i.label) for i in items], optional=optional))

    def set_value(self, value: Any) -> None:
        """Choose a value; a retired one is kept though it is not offered."""
        self._kept = value
        super().set_value(value)

    def value(self) -> Any:
        """Return what is chosen, or what was there and is not offered any more."""
        chosen = self.control.value
        kept = getattr(self, "_kept", None)
        is_offered = any(i.value == kept for i in offered(self.field, self.around))
        return kept if chosen is None and kept is not None and not is_offered else chosen


class ChoiceLine(Editor):
    """One of a long list: press Down to see all of it, or type a piece of a word."""

    control: LineEdit

    def make(self) -> QWidget:
        """Return the line with its list."""
        line = PickLine("chevron-down", "Choose, or type a few letters")
        line.textEdited.connect(self._typed)
        line.editingFinished.connect(self._settle)
        self._list = Suggestions(line, self.field.label)
        self._list.taken.connect(self._take)
        self._list.asked.connect(lambda: self._offer(""))
        # offering on every letter at once would announce each half word
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(60)
        self._soon.timeout.connect(lambda: self._offer(line.text()))
        self._also: object = None
        return line

    def _typed(self, text: str) -> None:
        self._soon.start()
        self.changed.emit()

    def _offer(self, text: str) -> None:
        wanted = text.strip().casefold()
        items = offered(self.field, self.around, self._also)
        begins = [i for i in items if i.label.casefold().startswith(wanted)]
        within = [i for i in items if wanted in i.label.casefold() and i not in begins]
        self._list.offer([Offer(item.value, item.label) for item in (*begins, *within)])

    def _take(self, value: object) -> None:
        self._soon.stop()
        self._show(value)
        self.changed.emit()
        self.settled.emit()

    def _settle(self) -> None:
        """Read what was typed, so that the line says the whole word."""
        self._soon.stop()
        # what cannot be read stays as typed, and is said at the field
        with contextlib.suppress(Unreadable):
            self._show(self.value())
        self.settled.emit()

    def _show(self, value: object) -> None:
        words = self.around.words(self.field, value)
        if words != self.control.text():
            self.control.setText(words)

    def value(self) -> Any:
        """Return the value meant by what stands in the line."""
        return self.around.reader().read(self.field, self.control.text())

    def set_value(self, value: Any) -> None:
        """Show a value."""
        self._also = value
        self._show(value)

    def typed(self) -> Typed:
        """Return the line."""
        return self.control.text()

    def put(self, typed: Typed) -> None:
        """Show a line again."""
        if isinstance(typed, str):
            self.control.setText(typed)
