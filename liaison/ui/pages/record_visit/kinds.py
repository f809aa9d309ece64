"""What kind of visit it was: the three that are usual in sight, the others behind a button."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from liaison.ui.widgets import IconButton, Segmented, drop_down, spaced

if TYPE_CHECKING:
    from liaison.records.vocabularies import Item

USUAL: Final = ("visit", "phone", "video")


class KindChoice(QWidget):
    """One of the home's kinds of visit.

    Args:
        items: All of them; those of :data:`USUAL` that are there are in sight.
    """

    changed = Signal(object)

    def __init__(self, items: Sequence[Item], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        by_value = {item.value: item for item in items}
        usual = [by_value[value] for value in USUAL if value in by_value]
        self._in_sight = usual or list(items[: len(USUAL)])
        self._others = [item for item in items if item not in self._in_sight]
        self._row = spaced(QHBoxLayout(self), 2)
        self.segments = self._segments(None)
        self.more = IconButton("ellipsis", "Other kinds", small=True)
        self.menu = QMenu(self)
        for item in self._others:
            action = QAction(item.label.replace("&", "&&"), self.menu)
            action.triggered.connect(lambda *_, value=item.value: self._take(value))
            self.menu.addAction(action)
        self.more.clicked.connect(lambda: drop_down(self.menu, self.more))
        self._row.addWidget(self.segments)
        self._row.addWidget(self.more)
        self._row.addStretch(1)
        self.more.setVisible(bool(self._others))
        self.setFocusProxy(self.segments)

    def _segments(self, other: Item | None) -> Segmented:
        shown = [*self._in_sight, *([other] if other is not None else [])]
        made = Segmented([(item.value, item.label) for item in shown], self.accessibleName())
        made.changed.connect(self.changed)
        return made

    def setAccessibleName(self, name: str) -> None:
        """Name the words as well: they have the focus."""
        super().setAccessibleName(name)
        self.segments.setAccessibleName(name)

    @property
    def value(self) -> object:
        """The kind chosen; None if none is."""
        return self.segments.value

    def set_value(self, value: object) -> None:
        """Choose a kind; one of the others takes its place beside the usual ones."""
        other = next((item for item in self._others if item.value == value), None)
        made = self._segments(other)
        self._row.replaceWidget(self.segments, made)
        self.segments.hide()
        self.segments.deleteLater()
        self.segments = made
        made.set_value(value)
        made.show()
        self.setFocusProxy(made)
        self.updateGeometry()

    def _take(self, value: object) -> None:
        self.set_value(value)
        self.segments.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit(value)
