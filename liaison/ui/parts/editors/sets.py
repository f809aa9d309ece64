"""Editors of sets: each element a chip that can be taken out, and a way to put one in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from liaison.records import ids
from liaison.records.parsing import Unreadable
from liaison.records.showing import NOT_HERE
from liaison.ui.parts.editors.base import Editor, Typed
from liaison.ui.parts.editors.choices import offered
from liaison.ui.parts.editors.picker import Finder, referred
from liaison.ui.parts.facts import Candidate
from liaison.ui.widgets import FilterChip, FlowRow, LineEdit, announce, set_wrong, spaced

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLineEdit


class SetBox(QWidget):
    """The chips of a set above the line that puts one in; named and described as one control."""

    def __init__(self, line: QLineEdit) -> None:
        super().__init__()
        self.line = line
        self.chips = FlowRow(gap=6)
        column = spaced(QVBoxLayout(self), 6)
        column.addWidget(self.chips)
        column.addWidget(line)
        self.setFocusProxy(line)

    def event(self, event: QEvent) -> bool:
        """Hand the red edge on to the line."""
        if event.type() == QEvent.Type.DynamicPropertyChange:
            set_wrong(self.line, wrong=bool(self.property("wrong")))
        return super().event(event)

    def setAccessibleName(self, name: str) -> None:
        """Name the line as well: it has the focus."""
        super().setAccessibleName(name)
        self.line.setAccessibleName(name)

    def setAccessibleDescription(self, words: str) -> None:
        """Describe the line as well."""
        super().setAccessibleDescription(words)
        self.line.setAccessibleDescription(words)


class _Chips(Editor):
    """A set whose elements are put in one by one."""

    control: SetBox

    def _box(self, line: QLineEdit) -> SetBox:
        self._elements: dict[object, str] = {}
        box = SetBox(line)
        box.chips.hide()
        return box

    def _put_in(self, element: object, words: str) -> None:
        if element not in self._elements:
            self._elements[element] = words
            self._show()
            announce(self.control.line, f"{words} added")
        self.changed.emit()
        self.settled.emit()

    def _take_out(self, element: object) -> None:
        words = self._elements.pop(element)
        self._show()
        self.control.line.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self.control.line, f"{words} taken out")
        self.changed.emit()
        self.settled.emit()

    def _show(self) -> None:
        chips = self.control.chips
        chips.clear()
        for element, words in self._elements.items():
            chip = FilterChip(words, on=True, closable=True)
            chip.setCheckable(False)
            chip.setAccessibleName(f"Take out {words}")
            chip.setToolTip("Take out")
            chip.clicked.connect(lambda *_, e=element: self._take_out(e))
            chips.flow.addWidget(chip)
        chips.setVisible(bool(self._elements))
        chips.updateGeometry()


class RefSet(_Chips):
    """Several records that a field refers to."""

    def make(self) -> QWidget:
        """Return the chips and the line that finds records."""
        self.finder = Finder(self.field.target, self.around, self)
        self.finder.typed.connect(self.changed)
        self.finder.picked.connect(self._pick)
        self.finder.finished.connect(self.settled)
        return self._box(self.finder.line)

    def _pick(self, candidate: Candidate) -> None:
        self.finder.line.clear()
        self._put_in(candidate.id, candidate.words)

    def value(self) -> Any:
        """Return the ids.

        Raises:
            Unreadable: Something was typed and nothing of it picked.
        """
        if self.finder.line.text().strip():
            raise Unreadable(
                f"{self.field.label}: choose one from the list that opens as you type, or empty "
                "the line."
            )
        return tuple(self._elements)

    def set_value(self, value: Any) -> None:
        """Show some records."""
        self._elements = {one: self._words(one) for one in value or ()}
        self._show()

    def _words(self, identity: int) -> str:
        return self.around.name(self.field.target, identity) or NOT_HERE

    def typed(self) -> Typed:
        """Return what was picked, and what was typed of the next one."""
        picked = [{"id": ids.to_text(one)} for one in self._elements if isinstance(one, int)]
        text = self.finder.line.text()
        return [*picked, text] if text else picked

    def put(self, typed: Typed) -> None:
        """Show again what was picked."""
        if isinstance(typed, list):
            self.set_value(self.references(typed))
            self.finder.line.setText(next((t for t in typed if isinstance(t, str)), ""))

    def references(self, typed: Typed) -> tuple[int, ...]:
        """Return the ids of what was picked."""
        entries = typed if isinstance(typed, list) else []
        return tuple(one for entry in entries for one in referred(entry))


class TextSet(_Chips):
    """Several texts: type one and press Enter."""

    def make(self) -> QWidget:
        """Return the chips and the line for the next one."""
        line = LineEdit(placeholder="Type one and press Enter")
        line.textEdited.connect(lambda _: self.changed.emit())
        line.returnPressed.connect(self._enter)
        line.editingFinished.connect(self.settled)
        return self._box(line)

    def _enter(self) -> None:
        text = self.control.line.text().strip()
        if text:
            self.control.line.clear()
            self._put_in(text, text)

    def value(self) -> Any:
        """Return the texts; one that was typed without Enter counts."""
        reader = self.around.reader()
        typed = (*self._elements, self.control.line.text())
        read = (reader.read(self.field, str(text)) for text in typed)
        return tuple(dict.fromkeys(text for text in read if text is not None))

    def set_value(self, value: Any) -> None:
        """Show some texts."""
        self._elements = {text: text for text in value or ()}
        self._show()

    def typed(self) -> Typed:
        """Return the texts, the one that is being typed last."""
        return [*self._elements, self.control.line.text()]

    def put(self, typed: Typed) -> None:
        """Show them again."""
        if isinstance(typed, list) and typed:
            *done, last = (text for text in typed if isinstance(text, str))
            self.set_value(done)
            self.control.line.setText(last)


class ChoiceSet(Editor):
    """Several of a list: every choice is a chip, on or off."""

    control: FlowRow

    def make(self) -> QWidget:
        """Return the chips."""
        self._chips: dict[str, FilterChip] = {}
        self._kept: tuple[str, ...] = ()
        row = FlowRow(gap=6)
        for item in offered(self.field, self.around):
            chip = FilterChip(item.label)
            chip.toggled.connect(lambda _: self.changed.emit())
            chip.clicked.connect(lambda *_: self.settled.emit())
            self._chips[item.value] = chip
            row.flow.addWidget(chip)
        for first in tuple(self._chips.values())[:1]:
            row.setFocusProxy(first)
        return row

    def value(self) -> Any:
        """Return what is chosen, and what was there and is not offered any more."""
        chosen = tuple(value for value, chip in self._chips.items() if chip.isChecked())
        return (*chosen, *self._kept)

    def set_value(self, value: Any) -> None:
        """Choose some values."""
        wanted = tuple(value or ())
        self._kept = tuple(one for one in wanted if one not in self._chips)
        for one, chip in self._chips.items():
            # only what somebody presses is a change of theirs
            chip.blockSignals(True)
            chip.setChecked(one in wanted)
            chip.blockSignals(False)
            chip.update()

    def typed(self) -> Typed:
        """Return what is chosen."""
        return list(self.value())

    def put(self, typed: Typed) -> None:
        """Choose it again."""
        if isinstance(typed, list):
            self.set_value([one for one in typed if isinstance(one, str)])
