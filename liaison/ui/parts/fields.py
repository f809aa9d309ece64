"""Fields of a record on a form: label, editor, what is wrong below, in one column or two."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from liaison.records import FieldSpec, Problem, Record
from liaison.records.parsing import Unreadable
from liaison.ui import theme
from liaison.ui.parts import plan
from liaison.ui.parts.editors import Around, Editor, editor_for
from liaison.ui.widgets import Field, Icon, Wrap, announce, spaced

_TWO_COLUMNS_FROM: Final = 600
_HALF: Final = 330


class WarningLine(QWidget):
    """What is unusual about a value, below its field: it keeps nobody from saving.

    Args:
        at: The control it is about, for a screen reader.
    """

    def __init__(self, at: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._at = at
        self._words = Wrap("", "secondary", widest=240)
        row = spaced(QHBoxLayout(self), 6)
        row.addWidget(Icon("triangle-alert", "due", 15), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)
        self.hide()

    @property
    def words(self) -> str:
        """What is unusual; empty if nothing is."""
        return self._words.text()

    def say(self, words: str) -> None:
        """Say what is unusual, or nothing."""
        if words != self.words:
            self._words.setText(words)
            self.setVisible(bool(words))
            if words:
                announce(self._at, words)


class FormField(QWidget):
    """One field on a form; below it what is wrong, or only unusual.

    Args:
        editor: The field's editor.
    """

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.editor = editor
        spec = editor.field
        self.box = Field(spec.label, editor.control, spec.help, required=spec.required)
        self._warned = WarningLine(editor.control)
        column = spaced(QVBoxLayout(self), 4)
        column.addWidget(self.box)
        column.addWidget(self._warned)
        column.addStretch(1)

    def needs(self, width: int) -> bool:
        """Return whether it needs more than a column of some width, in pixels."""
        return (
            plan.is_wide(self.editor.field) or self.editor.control.minimumSizeHint().width() > width
        )

    @property
    def error(self) -> str:
        """What is wrong; empty if nothing is."""
        return self.box.error

    @property
    def warning(self) -> str:
        """What is unusual; empty if nothing is."""
        return self._warned.words

    def set_error(self, words: str) -> None:
        """Say what is wrong, or nothing."""
        self.box.set_error(words)

    def set_warning(self, words: str) -> None:
        """Say what is unusual, or nothing; it keeps nobody from saving."""
        self._warned.say(words)


class FieldGrid(QWidget):
    """Fields in two columns, or in one where there is little room or large text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: list[FormField] = []
        self._grid = spaced(QGridLayout(self), 16)
        self._columns = 0
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def add(self, part: FormField) -> None:
        """Add a field at the end."""
        part.setParent(self)
        self._parts.append(part)
        self._columns = 0

    def arrange(self, *, anew: bool = False) -> None:
        """Put the fields that are shown in their places.

        Args:
            anew: Even if the number of columns is the same: a field was shown or hidden.
        """
        wide_enough = self.width() >= theme.px(_TWO_COLUMNS_FROM)
        columns = 2 if theme.roomy() and wide_enough else 1
        if columns == self._columns and not anew:
            return
        self._columns = columns
        while self._grid.takeAt(0) is not None:
            pass
        half = (self.width() - self._grid.horizontalSpacing()) // 2
        row = column = 0
        for part in self._parts:
            if part.isHidden():
                continue
            span = columns if part.needs(half) else 1
            if column + span > columns:
                row, column = row + 1, 0
            self._grid.addWidget(part, row, column, 1, span, Qt.AlignmentFlag.AlignTop)
            column += span
        for number in range(2):
            self._grid.setColumnStretch(number, 1 if number < columns else 0)
            self._grid.setColumnMinimumWidth(number, 0)
        self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use one column or two."""
        super().resizeEvent(event)
        self.arrange()

    def minimumSizeHint(self) -> QSize:
        """Allow one narrow column: two are only used where there is room."""
        narrowest = max((p.minimumSizeHint().width() for p in self._parts), default=0)
        return QSize(min(narrowest, theme.px(_HALF)), super().minimumSizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and self._parts:
            self.arrange(anew=True)


class Fields(QObject):
    """The editors of some fields of one record, and what is said at each.

    Args:
        fields: The fields.
        around: What editors are given.
        parent: Whose they are.
    """

    changed = Signal(str)
    """Somebody typed or chose something in this field."""
    settled = Signal()
    """Somebody has finished with a field for now."""

    def __init__(self, fields: Sequence[FieldSpec], around: Around, parent: QObject) -> None:
        super().__init__(parent)
        self.boxes: dict[str, FormField] = {}
        for field in fields:
            editor = editor_for(field, around, self)
            editor.changed.connect(lambda name=field.name: self.changed.emit(name))
            editor.settled.connect(self.settled)
            self.boxes[field.name] = FormField(editor)

    def editor(self, name: str) -> Editor:
        """Return a field's editor."""
        return self.boxes[name].editor

    def show(self, record: Record) -> None:
        """Show a record's values."""
        for name, box in self.boxes.items():
            box.editor.set_value(getattr(record, name))

    def read(self) -> tuple[dict[str, Any], list[Problem]]:
        """Return the values as they stand, and what is no value of its field."""
        values: dict[str, Any] = {}
        problems: list[Problem] = []
        for name, box in self.boxes.items():
            try:
                values[name] = box.editor.value()
            except Unreadable as error:
                problems.append(Problem(name, str(error)))
        return values, problems

    def typed(self, names: Iterable[str]) -> dict[str, Any]:
        """Return what lies in some fields as it was typed."""
        return {name: self.editor(name).typed() for name in self.boxes if name in set(names)}

    def differing(self, before: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the names of the fields in which something else lies than before.

        Args:
            before: What lay in them (:meth:`typed`). A day or a number that is only written in
                another way is no difference: a field does that when the cursor leaves it.
        """
        now = self.typed(self.boxes)
        return tuple(
            name
            for name, typed in now.items()
            if typed != before.get(name) and not self._means(name, typed, before.get(name))
        )

    def _means(self, name: str, typed: Any, before: Any) -> bool:
        if not (isinstance(typed, str) and isinstance(before, str)):
            return False
        editor = self.editor(name)
        reader = editor.around.reader()
        try:
            return bool(reader.read(editor.field, typed) == reader.read(editor.field, before))
        except Unreadable:
            return False

    def put(self, typed: Mapping[str, Any]) -> None:
        """Show again what was typed; fields there are no more are left out."""
        for name, box in self.boxes.items():
            if name in typed:
                box.editor.put(typed[name])

    def tell(self, problems: Iterable[Problem], *, errors_at: Iterable[str]) -> list[Problem]:
        """Say at each field what is wrong or unusual, and take back what was said before.

        Args:
            problems: All of them.
            errors_at: The fields at which errors are shown already; warnings always are.

        Returns:
            The blocking problems of fields that are not here.
        """
        shown = set(errors_at)
        errors: dict[str, str] = {}
        warnings: dict[str, str] = {}
        elsewhere: list[Problem] = []
        for problem in problems:
            if problem.field not in self.boxes:
                elsewhere += [problem] if problem.blocks else []
            elif not problem.blocks:
                warnings.setdefault(problem.field, problem.message)
            elif problem.field in shown:
                errors.setdefault(problem.field, problem.message)
        for name, box in self.boxes.items():
            box.set_error(errors.get(name, ""))
            box.set_warning("" if name in errors else warnings.get(name, ""))
        return elsewhere

    @property
    def wrong(self) -> list[FormField]:
        """The fields at which something is wrong, in their order."""
        return [box for box in self.boxes.values() if box.error]


def filled(record: Record, values: Mapping[str, Any]) -> Record:
    """Return a record with other values."""
    changed: Record = dataclasses.replace(record, **values)
    return changed
