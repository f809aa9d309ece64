"""The tabs of the page: how everybody stands, and beside it what that follows from."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from liaison.ui.widgets import FlowRow, Segmented, spaced


class Shown(QWidget):
    """What the chosen tab shows.

    Qt's own stack asks for the height of the tallest thing in it, however long ago that was shown.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = spaced(QVBoxLayout(self), 0)
        self._current: QWidget | None = None

    def addWidget(self, widget: QWidget) -> None:
        """Add something to show; the first is shown at once."""
        widget.setVisible(False)
        self._column.addWidget(widget)
        if self._current is None:
            self.setCurrentWidget(widget)

    def currentWidget(self) -> QWidget | None:
        """Return what is shown."""
        return self._current

    def setCurrentWidget(self, widget: QWidget) -> None:
        """Show something that was added."""
        if widget is self._current:
            return
        if self._current is not None:
            self._current.hide()
        self._current = widget
        widget.show()


class Tabs(FlowRow):
    """Two rows of words, of which one word is chosen; narrow windows put them below each other.

    Args:
        first: Values and words of the first.
        second: Values and words of the second.
        name: What is chosen, for a screen reader.
    """

    changed = Signal(object)
    """Somebody chose this tab."""

    def __init__(
        self,
        first: Sequence[tuple[object, str]],
        second: Sequence[tuple[object, str]],
        name: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__((), 12, parent)
        self.groups = (Segmented(first, name), Segmented(second, f"{name}: lists"))
        for group in self.groups:
            self.flow.addWidget(group)
            group.changed.connect(self._choose)

    @property
    def value(self) -> object:
        """The tab that is shown."""
        return next((group.value for group in self.groups if group.value is not None), None)

    def set_value(self, value: object) -> None:
        """Show a tab as chosen; one that is in neither row is chosen in neither."""
        for group in self.groups:
            group.set_value(value)

    def _choose(self, value: object) -> None:
        self.set_value(value)
        self.changed.emit(value)
