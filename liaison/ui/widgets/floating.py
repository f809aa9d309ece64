"""What floats over the page: popovers, and dialogs that ask before something cannot be undone."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLayout,
    QMenu,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from liaison.ui import theme, walking
from liaison.ui.widgets.button import Button
from liaison.ui.widgets.field import Field
from liaison.ui.widgets.line import LineEdit
from liaison.ui.widgets.painting import painter_for, shadow, spaced
from liaison.ui.widgets.returning import Place
from liaison.ui.widgets.text import Wrap

_EDGE = 16
"""Room for shadow and beak around a popover's card."""
_BEAK = 9
_MISSING = "Say why, in a few words."


def drop_down(menu: QMenu, button: QWidget) -> None:
    """Open a menu below its button, or above it where the screen ends.

    Qt would move it up only as far as it must, over the button that was pressed.

    Args:
        menu: The menu.
        button: What was pressed.
    """
    corner = button.mapToGlobal(QPoint(0, 0))
    tall, screen = menu.sizeHint().height(), button.screen().availableGeometry()
    below, above = corner.y() + button.height(), corner.y() - tall
    # Qt's bottom is the last row of the screen
    fits = below + tall <= screen.bottom() + 1 or above < screen.top()
    menu.popup(QPoint(corner.x(), below if fits else above))


class Popover(QFrame):
    """A card with a beak that points at what opened it.

    It stays inside the window, takes the focus to its first control, closes with Esc or a press
    elsewhere, and gives the focus back.

    Args:
        anchor: What it points at.
        name: What it is, for a screen reader.
        width: In pixels at 100 per cent.

    Attributes:
        body: The column to add to.
        closed: It has left the screen.
    """

    closed = Signal()

    def __init__(self, anchor: QWidget, name: str, width: float = 384) -> None:
        super().__init__(anchor.window())
        self._anchor = anchor
        self._beside = QRect()
        self._width = width
        self._above = False
        self._beak_x = 0.0
        self._before = Place(anchor)
        self.setAccessibleName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        edge = _EDGE + 16
        self.body = spaced(QVBoxLayout(self), 12, (edge, edge, edge, edge))
        self.hide()

    def open(self) -> None:
        """Show it beside its anchor."""
        self._before = Place(self._anchor)
        self._place()
        self.show()
        self.raise_()
        self.window().installEventFilter(self)
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)
        first = self._first_control()
        if first is self:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        first.setFocus(Qt.FocusReason.PopupFocusReason)

    def _first_control(self) -> QWidget:
        for part in walking.as_read(self):
            if part is not self and walking.takes_tab(part):
                return part
        return self

    def done(self) -> None:
        """Close it and give the focus back."""
        if not self.isVisible():
            return
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
        focus = QApplication.focusWidget()
        if focus is None or focus is self or self.isAncestorOf(focus):
            # first: what is hidden with the focus in it hands it to the next control of the window
            self._before.give_back()
        self.close()
        self.closed.emit()

    def _place(self) -> None:
        window = self.window() if self.parentWidget() is None else self.parentWidget()
        assert window is not None  # noqa: S101  # it is made with one
        edge = theme.px(_EDGE)
        self.setFixedWidth(min(theme.px(self._width) + 2 * edge, window.width()))
        self.ensurePolished()
        # twice: wrapped text knows its height once it has its width
        for _ in range(2):
            layout = self.layout()
            if layout is not None:
                layout.activate()
            # what flows in lines is taller than it asks for where it is narrow
            tall = max(self.sizeHint().height(), self.heightForWidth(self.width()))
            self.resize(self.width(), min(tall, window.height()))
        if isValid(self._anchor):
            # a list that was read anew has other buttons; it then stays beside where this one was
            self._beside = QRect(self._anchor.mapTo(window, QPoint(0, 0)), self._anchor.size())
        corner = self._beside.topLeft()
        middle = corner.x() + self._beside.width() / 2
        below = corner.y() + self._beside.height()
        self._above = below + self.height() > window.height() and corner.y() - self.height() >= 0
        y = corner.y() - self.height() + theme.px(4) if self._above else below - theme.px(4)
        x = round(middle - self.width() / 2)
        x = max(0, min(x, window.width() - self.width()))
        y = max(0, min(y, window.height() - self.height()))
        self.move(x, y)
        least = edge + theme.px(12 + _BEAK)
        self._beak_x = min(max(middle - x, least), self.width() - least)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Close at a press elsewhere; stay beside the anchor when the window changes size."""
        kind = event.type()
        if kind == QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent):
            inside = isinstance(watched, QWidget) and (
                watched is self or self.isAncestorOf(watched)
            )
            # windows of their own (a list that dropped down, a calendar) belong to it
            same = isinstance(watched, QWidget) and watched.window() is self.window()
            if same and not inside:
                self.done()
                # a press on what opened it closes it, and is not to open it again
                return watched is self._anchor
        elif kind == QEvent.Type.Resize and watched is self.parentWidget():
            self._place()
        return False

    def event(self, event: QEvent) -> bool:
        """Take the height its content needs once fonts and wrapped lines are known."""
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self._place()
        return handled

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.done()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001  # Qt's own signature
        """Close when Tab leaves it, so that the focus is never behind it."""
        left = QApplication.focusWidget()
        if left is not None and self.isAncestorOf(left) and not left.isEnabled():
            # nobody pressed Tab: a button that rests while its work is done lets go of the focus
            return walking.walk(self, forward=forward)
        moved = super().focusNextPrevChild(forward)
        focus = QApplication.focusWidget()
        if focus is not None and focus is not self and not self.isAncestorOf(focus):
            self.done()
        return moved

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint shadow, card and beak."""
        painter = painter_for(self)
        edge = theme.px(_EDGE)
        rect = QRectF(self.rect()).adjusted(edge, edge, -edge, -edge)
        shadow(painter, rect, theme.px(12), edge - 2)
        shape = QPainterPath()
        shape.addRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), theme.px(12), theme.px(12))
        beak = theme.px(_BEAK)
        tip = rect.bottom() + beak if self._above else rect.top() - beak
        base = rect.bottom() - 1 if self._above else rect.top() + 1
        point = QPainterPath(QPointF(self._beak_x - beak, base))
        point.lineTo(self._beak_x, tip)
        point.lineTo(self._beak_x + beak, base)
        point.closeSubpath()
        painter.setPen(QPen(theme.colour("border"), 1))
        painter.setBrush(theme.colour("surface"))
        painter.drawPath(shape.united(point))


class ConfirmDialog(QDialog):
    """Asks before something that no click can undo; its buttons repeat the verb.

    Args:
        parent: The window it belongs to.
        question: The title: "Move this note to Joan Tully?".
        words: What will happen.
        do: The verb that does it: "Move the note".
        keep: The verb that leaves all as it is: "Keep it here".
        reason: The label of a line that must be filled in; nothing for none.
        danger: Whether what it does destroys something.

    Attributes:
        accepted: It was agreed to (Qt's own signal); :attr:`reason` then says why.
    """

    def __init__(
        self,
        parent: QWidget,
        question: str,
        words: str,
        *,
        do: str,
        keep: str,
        reason: str = "",
        danger: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(question)
        self.setAccessibleName(question)
        self.setAccessibleDescription(words)
        self.setModal(True)
        self.do = Button(do, role=Button.DANGER if danger else Button.PRIMARY)
        self.keep = Button(keep)
        self._line = LineEdit(limit=2_000)
        self._field = Field(reason, self._line, required=True) if reason else None
        self._line.textChanged.connect(self._not_missing)
        self._line.returnPressed.connect(self._agree)
        self._before = Place(parent)
        self.finished.connect(self._leave)

        column = spaced(QVBoxLayout(self), 12, (24, 20, 24, 20))
        column.addWidget(Wrap(question, "question", widest=420))
        column.addWidget(Wrap(words, widest=420))
        if self._field is not None:
            column.addWidget(self._field)
        column.addStretch(1)
        row = spaced(QHBoxLayout(), 8)
        row.addStretch(1)
        row.addWidget(self.keep)
        row.addWidget(self.do)
        column.addLayout(row)
        self.do.clicked.connect(self._agree)
        self.keep.clicked.connect(self.reject)
        # with large text several buttons need more
        column.setSizeConstraint(QLayout.SizeConstraint.SetMinimumSize)
        column.addStrut(theme.px(352))
        # what changes nothing is what Enter presses by mistake
        (self._line if self._field is not None else self.keep).setFocus()

    def open(self) -> None:
        """Ask, and remember where the focus was."""
        parent = self.parentWidget()
        assert parent is not None  # noqa: S101  # it is made with one
        self._before = Place(parent)
        super().open()

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001  # Qt's own signature
        """Go on by Tab as one reads."""
        return walking.walk(self, forward=forward)

    def _leave(self) -> None:
        self._before.give_back()
        # its window would keep it, and every one after it, until the program ends
        self.deleteLater()

    @property
    def reason(self) -> str:
        """The reason that was given."""
        return self._line.text().strip()

    def _not_missing(self, text: str) -> None:
        if self._field is not None and self._field.error == _MISSING and text.strip():
            self._field.set_error(None)

    def _agree(self) -> None:
        if self._field is not None and not self.reason:
            self._field.set_error(_MISSING)
            self._line.setFocus()
        elif self._field is None or not self._field.error:
            self.accept()
