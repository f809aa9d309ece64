"""Where people type or choose: several lines, one of a list; :mod:`~liaison.ui.widgets.line` has one line.

They take plain text only, keep their own undo, and leave every key that is not for typing (Ctrl+S,
Ctrl+K ...) to the window.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QPlainTextEdit,
    QSizePolicy,
    QStyledItemDelegate,
    QWidget,
)

from liaison.ui import theme
from liaison.ui.widgets.line import FIELD_HEIGHT, is_for_the_window
from liaison.ui.widgets.painting import draw_pixmap, painter_for


class TextArea(QPlainTextEdit):
    """Several lines of plain text; it grows while one types.

    Tab leaves it, Ctrl+Tab types a tab.

    Args:
        text: What it holds at first.
        placeholder: An example; never the only label.
        lines: How many lines it shows at least.
        most: How many it grows to before it scrolls.
        limit: As for :class:`LineEdit`.
    """

    too_long = Signal(int)

    def __init__(
        self,
        text: str = "",
        placeholder: str = "",
        *,
        lines: int = 3,
        most: int = 12,
        limit: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._lines = lines
        self._most = most
        self._limit = limit
        self._over = 0
        self.setTabChangesFocus(True)
        self.setPlaceholderText(placeholder)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.textChanged.connect(self._measure)
        self.document().documentLayout().documentSizeChanged.connect(self._grow)
        self.setPlainText(text)
        self._grow()

    def text(self) -> str:
        """Return what is typed."""
        return self.toPlainText()

    def set_text(self, text: str) -> None:
        """Show other text; what was there cannot be brought back with undo."""
        self.setPlainText(text)

    def set_lines(self, lines: int) -> None:
        """Set how many lines it shows at least."""
        self._lines = lines
        self._grow()

    def set_limit(self, limit: int) -> None:
        """Set how many characters may be kept; 0 for any number."""
        self._limit = limit
        self._measure()

    def _measure(self) -> None:
        over = max(len(self.toPlainText()) - self._limit, 0) if self._limit else 0
        if over != self._over:
            self._over = over
            self.too_long.emit(over)

    def _grow(self) -> None:
        # the layout of a plain text edit counts its height in lines
        lines = round(self.document().documentLayout().documentSize().height())
        lines = min(max(lines, self._lines), self._most)
        line = self.fontMetrics().lineSpacing()
        around = 2 * round(self.document().documentMargin()) + theme.px(2 * 5) + 4
        height = lines * line + around
        if height != self.minimumHeight():
            self.setFixedHeight(height)

    def sizeHint(self) -> QSize:
        """Ask for a comfortable column."""
        return QSize(theme.px(320), self.minimumHeight())

    def minimumSizeHint(self) -> QSize:
        """Allow a narrow column."""
        return QSize(theme.px(120), self.minimumHeight())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap anew, which may take more or fewer lines."""
        super().resizeEvent(event)
        self._grow()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.StyleChange, QEvent.Type.FontChange}:
            self._grow()

    def event(self, event: QEvent) -> bool:
        """Leave the window's shortcuts to the window."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            undo = event.matches(QKeySequence.StandardKey.Undo)
            if is_for_the_window(event) or (undo and not self.document().isUndoAvailable()):
                event.ignore()
                return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Type, unless the key is the window's."""
        control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if control and event.key() == Qt.Key.Key_Tab:
            self.insertPlainText("\t")
        elif is_for_the_window(event):
            event.ignore()
        else:
            super().keyPressEvent(event)


class ComboBox(QComboBox):
    """One of a list of values.

    Args:
        choices: Values with their words; None as a value stands for nothing chosen.
        small: 32 pixels high.

    Attributes:
        changed: The value that somebody chose.
    """

    changed = Signal(object)

    def __init__(
        self,
        choices: Sequence[tuple[object, str]] = (),
        *,
        small: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._values: list[object] = []
        self._height = 32 if small else FIELD_HEIGHT
        self.setMaxVisibleItems(12)
        # the list's own delegate paints a menu and obeys no style sheet
        self.setItemDelegate(QStyledItemDelegate(self))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setMinimumContentsLength(6)
        self.set_choices(choices)
        self.activated.connect(lambda index: self.changed.emit(self._values[index]))
        self._restyle()

    def set_choices(self, choices: Sequence[tuple[object, str]]) -> None:
        """Offer other values; the chosen one stays if it is still offered."""
        before = self.value
        self.clear()
        self._values = [value for value, _ in choices]
        self.addItems([words for _, words in choices])
        self.set_value(before)

    @property
    def value(self) -> object:
        """The value chosen; None if none is."""
        index = self.currentIndex()
        return self._values[index] if index >= 0 else None

    def set_value(self, value: object) -> None:
        """Choose a value; one that is not offered chooses none."""
        self.setCurrentIndex(self._values.index(value) if value in self._values else -1)

    def _restyle(self) -> None:
        self.setFixedHeight(theme.px(self._height))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._restyle()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the page, never the value: a choice is not changed by passing over it."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the field with its arrow."""
        super().paintEvent(event)
        painter = painter_for(self)
        arrow = theme.pixmap("chevron-down", "muted", 16, self)
        draw_pixmap(painter, self.width() - theme.px(28), self.height() / 2, arrow)
