"""What the window tells: banners that stay, toasts that go, and places with nothing in them yet."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from liaison.ui import theme
from liaison.ui.widgets.button import Button, IconButton
from liaison.ui.widgets.chips import STATE_ICONS, State
from liaison.ui.widgets.painting import announce, barred_box, box, draw_pixmap, painter_for, spaced
from liaison.ui.widgets.picture import Icon
from liaison.ui.widgets.text import Text, Wrap

TOAST_MILLISECONDS: Final = 8_000
_FIELDS: Final = (QLineEdit, QTextEdit, QPlainTextEdit, QAbstractSpinBox)
"""What people type into."""


class Banner(QFrame):
    """A sentence across the page, with one button at most.

    Args:
        kind: info, due, late or ok.
        words: What is the matter.
        button: The button's verb, or nothing.
        closable: Whether it can be put away.

    Attributes:
        pressed: The button was pressed.
        closed: It was put away (it hides itself).
    """

    pressed = Signal()
    closed = Signal()

    def __init__(
        self,
        kind: State | str,
        words: str,
        button: str = "",
        *,
        closable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._kind = State(kind)
        self._icon = Icon(STATE_ICONS[self._kind], self._kind.value, 20)
        self._words = Wrap(words, widest=900)
        self.button = Button(button, small=True)
        self._cross = IconButton("x", "Put away", small=True)
        row = spaced(QHBoxLayout(self), 12, (16, 9, 10, 9))
        row.addWidget(self._icon)
        row.addWidget(self._words, 1)
        row.addWidget(self.button)
        row.addWidget(self._cross)
        self.button.clicked.connect(self.pressed)
        self._cross.clicked.connect(self._put_away)
        self.button.setVisible(bool(button))
        self._cross.setVisible(closable)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setMinimumHeight(0)
        self.setAccessibleName(words)

    def say(self, kind: State | str, words: str, button: str = "") -> None:
        """Show it with other words, and have them spoken."""
        self._kind = State(kind)
        self._icon.set_icon(STATE_ICONS[self._kind], self._kind.value)
        self._words.setText(words)
        self.button.set_words(button)
        self.button.setVisible(bool(button))
        self.setAccessibleName(words)
        self.show()
        self.update()
        announce(self, words, urgent=self._kind is State.LATE)

    def forget_done(self) -> None:
        """Say no more of what was done, once somebody went on to something else; trouble stays."""
        if self._kind in {State.OK, State.INFO}:
            self.hide()

    def _put_away(self) -> None:
        self.hide()
        self.closed.emit()

    def sizeHint(self) -> QSize:
        """Be at least as high as with a button."""
        hint = super().sizeHint()
        return QSize(hint.width(), max(hint.height(), theme.px(50)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tint and the bar."""
        name = self._kind.value
        bar = theme.colour(f"{name}bar" if self._kind is not State.NONE else "strong")
        painter = painter_for(self)
        tint = theme.colour(f"{name}bg")
        barred_box(painter, QRectF(self.rect()), theme.px(10), tint, bar, theme.px(4))


class _Undo(QPushButton):
    """The button of a toast: an underlined word on the inverse ground."""

    def __init__(self, words: str, parent: QWidget) -> None:
        super().__init__(words, parent)
        self.setAccessibleName(words)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        """Ask for the word and a place to press."""
        self.setFont(theme.font(theme.BODY, theme.SEMIBOLD))
        width = self.fontMetrics().horizontalAdvance(self.text()) + 2 * theme.px(10)
        return QSize(width, theme.px(34))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the word, its line and the focus."""
        painter = painter_for(self)
        font = theme.font(theme.BODY, theme.SEMIBOLD)
        font.setUnderline(True)
        painter.setFont(font)
        painter.setPen(theme.colour("oninverse"))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self.text())
        if self.hasFocus():
            # the focus colours are made for the page; on the inverse ground its own text is clearest
            box(painter, QRectF(self.rect()), theme.px(6), None, theme.colour("oninverse"), 2)


class Toast(QFrame):
    """What was done, for eight seconds, with a way to take it back. Never for errors.

    It waits while the mouse is over it or the focus in it, and one that can be taken back goes as
    soon as something else is typed.

    Args:
        window: The widget it floats over, at the foot.
        words: One sentence.
        undo: The word of its button, or nothing.

    Attributes:
        undone: The button was pressed.
        gone: It has left the screen.
    """

    undone = Signal()
    gone = Signal()

    def __init__(self, window: QWidget, words: str, undo: str = "") -> None:
        super().__init__(window)
        self._window = window
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(TOAST_MILLISECONDS)
        self._timer.timeout.connect(self.leave)
        self.words = words
        self._label = Wrap(words, widest=520)
        # the ground is inverse, so the text is too; a kind of text would have the page's colour
        self._label.setProperty("kind", "toast")
        self._button = _Undo(undo or "Undo", self)
        self._button.setVisible(bool(undo))
        row = spaced(QHBoxLayout(self), 10, (16, 8, 10, 8))
        row.addWidget(Icon("circle-check", "oninverse", 20))
        row.addWidget(self._label, 1)
        row.addWidget(self._button)
        self._button.clicked.connect(self._undo)
        self._button.installEventFilter(self)
        self.setAccessibleName(words)
        window.installEventFilter(self)
        self._typed_in: QWidget | None = None
        if undo:
            app = QApplication.instance()
            assert isinstance(app, QApplication)  # noqa: S101  # there are no widgets without
            app.focusChanged.connect(self._watch)
            self._watch(None, QApplication.focusWidget())

    def start(self) -> None:
        """Show it, say it, and let the seconds run."""
        self._place()
        self.show()
        self.raise_()
        announce(self, self.words)
        self._timer.start()

    @property
    def running(self) -> bool:
        """Whether the seconds run."""
        return self._timer.isActive()

    def leave(self) -> None:
        """Take it off the screen."""
        self._timer.stop()
        self.hide()
        self.gone.emit()
        self.deleteLater()

    def _watch(self, _: QWidget | None, focus: QWidget | None) -> None:
        """Follow the field that somebody may type into."""
        if self._typed_in is not None and isValid(self._typed_in):
            self._typed_in.removeEventFilter(self)
        self._typed_in = focus if isinstance(focus, _FIELDS) else None
        if self._typed_in is not None:
            self._typed_in.installEventFilter(self)

    def _undo(self) -> None:
        self.undone.emit()
        self.leave()

    def _place(self) -> None:
        room = self._window.width() - 2 * theme.px(24)
        width = min(self.sizeHint().width() + theme.px(8), room)
        self.resize(width, theme.px(50))
        self.resize(width, max(self.sizeHint().height(), theme.px(50)))
        # at the left: at the right foot lie the buttons one presses next
        self.move(theme.px(24), self._window.height() - self.height() - theme.px(24))

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Stay at the foot of the window, and wait while somebody is about to press Undo."""
        kind = event.type()
        if isinstance(event, QKeyEvent) and watched is self._typed_in:
            # by the next words it is no longer what an Undo seems to be about
            if kind == QEvent.Type.KeyPress and event.text().isprintable() and event.text():
                self.leave()
        elif watched is self._window and kind == QEvent.Type.Resize:
            self._place()
        elif watched is self._button and kind == QEvent.Type.FocusIn:
            self._timer.stop()
        elif watched is self._button and kind == QEvent.Type.FocusOut and self.isVisible():
            self._timer.start()
        return False

    def event(self, event: QEvent) -> bool:
        """Wait while the mouse is over it."""
        if event.type() == QEvent.Type.Enter:
            self._timer.stop()
        elif event.type() == QEvent.Type.Leave and not self._button.hasFocus():
            self._timer.start()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the inverse ground."""
        box(painter_for(self), QRectF(self.rect()), theme.px(10), theme.colour("inverse"))


class _Disc(Icon):
    """An icon in a soft disc."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "accent", 24)

    def sizeHint(self) -> QSize:
        """Ask for the disc."""
        return QSize(theme.px(52), theme.px(52))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint disc and icon."""
        painter: QPainter = painter_for(self)
        box(painter, QRectF(self.rect()), self.width() / 2, theme.colour("soft"))
        picture = theme.pixmap(self.icon_name, "accent", 24, self)
        draw_pixmap(painter, (self.width() - theme.px(24)) / 2, self.height() / 2, picture)


class EmptyState(QWidget):
    """Where nothing is yet: what will appear here and how it starts.

    Args:
        icon: A Lucide name.
        title: Plain words: "No answers waiting".
        words: One sentence.
        action: The verb of its button, or nothing.
        action_icon: The button's icon.

    Attributes:
        pressed: The button was pressed.
    """

    pressed = Signal()

    def __init__(
        self,
        icon: str,
        title: str,
        words: str = "",
        action: str = "",
        *,
        action_icon: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        centre = Qt.AlignmentFlag.AlignHCenter
        column = spaced(QVBoxLayout(self), 8, (16, 16, 16, 16))
        column.addStretch(1)
        column.addWidget(_Disc(icon), 0, centre)
        self._title = Text(title, "card")
        column.addWidget(self._title, 0, centre)
        self._words = Wrap(words, "muted", widest=420)
        self._words.setAlignment(centre)
        column.addWidget(self._words)
        self.button = Button(action, action_icon)
        self.button.clicked.connect(self.pressed)
        column.addWidget(self.button, 0, centre)
        # once they lie in it: what is shown before would be a window of its own for a moment
        self._words.setVisible(bool(words))
        self.button.setVisible(bool(action))
        column.addStretch(1)
        self.setAccessibleName(title)

    def say(self, title: str, words: str) -> None:
        """Show other words."""
        self._title.setText(title)
        self._words.setText(words)
        self._words.setVisible(bool(words))
        self.setAccessibleName(title)
