"""What may be meant, listed under a field while somebody types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from liaison.ui import theme
from liaison.ui.widgets import LineEdit, announce
from liaison.ui.widgets.painting import box, draw_pixmap, painter_for, shadow

if TYPE_CHECKING:
    from collections.abc import Sequence

Index = QModelIndex | QPersistentModelIndex

_SHADOW: Final = 8
_MOST_SHOWN: Final = 7
_WIDEST: Final = 440


class Offer:
    """One line of what may be meant.

    Args:
        value: What is meant; what :attr:`Suggestions.taken` gives.
        words: What it is called.
        apart: What tells it from others of that name; may be empty.
        icon: An icon before it ("plus" for what is not there yet); may be empty.
        waits: Whether it is taken only if somebody moves to it: Enter alone never does.
    """

    __slots__ = ("apart", "icon", "value", "waits", "words")

    def __init__(
        self,
        value: object,
        words: str,
        apart: str = "",
        icon: str = "",
        *,
        waits: bool = False,
    ) -> None:
        self.value = value
        self.words = words
        self.apart = apart
        self.icon = icon
        self.waits = waits

    @property
    def said(self) -> str:
        """What a screen reader says."""
        return f"{self.words}, {self.apart}" if self.apart else self.words


class PickLine(LineEdit):
    """A line with an icon at its end that says: there is a list behind it.

    Args:
        icon: A Lucide name.
        placeholder: An example.
    """

    pressed = Signal()
    """The icon was pressed."""

    def __init__(self, icon: str, placeholder: str) -> None:
        super().__init__(placeholder=placeholder)
        self._icon = icon
        self._make_room()

    def set_icon(self, icon: str) -> None:
        """Show another icon at its end."""
        self._icon = icon
        self.update()

    def _make_room(self) -> None:
        self.setTextMargins(0, 0, theme.px(22), 0)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._make_room()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Show the list when the icon is pressed."""
        super().mouseReleaseEvent(event)
        if event.position().x() > self.width() - theme.px(34):
            self.pressed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line and its icon."""
        super().paintEvent(event)
        painter = painter_for(self)
        picture = theme.pixmap(self._icon, "muted", 16, self)
        draw_pixmap(painter, self.width() - theme.px(28), self.height() / 2, picture)


class _Offers(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.offers: list[Offer] = []

    def show(self, offers: Sequence[Offer]) -> None:
        self.beginResetModel()
        self.offers = list(offers)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's
        return 0 if parent.isValid() else len(self.offers)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return self.offers[index.row()].said
        if role == Qt.ItemDataRole.UserRole:
            return self.offers[index.row()]
        return None


class _Lines(QStyledItemDelegate):
    """Paints an offer: its name, and below it what tells it apart."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        offer = index.data(Qt.ItemDataRole.UserRole)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(option.rect).adjusted(theme.px(4), 1, -theme.px(4), -1)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            box(painter, rect, theme.px(6), theme.colour("soft"), theme.colour("softline"))
        left = rect.left() + theme.px(10)
        if offer.icon:
            picture = theme.pixmap(offer.icon, "accent", 16, option.widget)
            left += draw_pixmap(painter, left, rect.center().y(), picture) + theme.px(8)
        painter.setFont(theme.font(theme.BODY, theme.SEMIBOLD))
        painter.setPen(theme.colour("accent" if offer.icon else "text"))
        room = round(rect.right() - left - theme.px(8))
        line = painter.fontMetrics().height()
        elide = Qt.TextElideMode.ElideRight
        height = line
        if offer.apart:
            height += theme.px(16)
        top = rect.center().y() - height / 2
        words = painter.fontMetrics().elidedText(offer.words, elide, room)
        painter.drawText(QRectF(left, top, room, line), int(Qt.AlignmentFlag.AlignVCenter), words)
        if offer.apart:
            painter.setFont(theme.font(theme.SECONDARY))
            painter.setPen(theme.colour("muted"))
            apart = painter.fontMetrics().elidedText(offer.apart, elide, room)
            below = QRectF(left, top + line, room, theme.px(16))
            painter.drawText(below, int(Qt.AlignmentFlag.AlignVCenter), apart)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        offer = index.data(Qt.ItemDataRole.UserRole)
        return QSize(theme.px(200), theme.px(50 if offer.apart else 36))


class Suggestions(QFrame):
    """A floating list under a field; the focus stays in the field.

    Args:
        field: The field that is typed in.
        name: What the list holds, for screen readers.
    """

    taken = Signal(object)
    """Somebody chose this (the value of an offer)."""
    asked = Signal()
    """Somebody pressed Down or pressed into the empty field: show what there is."""

    def __init__(self, field: QWidget, name: str) -> None:
        super().__init__(field.window())
        self._field = field
        self._model = _Offers(self)
        self._view = QListView(self)
        self._view.setModel(self._model)
        self._view.setItemDelegate(_Lines(self._view))
        self._view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._view.setAccessibleName(name)
        self._view.setMouseTracking(True)
        self._view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self._view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._view.entered.connect(self._view.setCurrentIndex)
        self._view.clicked.connect(lambda index: self._take(index.row()))
        self.setAccessibleName(name)
        layout = QVBoxLayout(self)
        edge = _SHADOW + 4
        layout.setContentsMargins(edge, edge, edge, edge)
        layout.addWidget(self._view)
        self.hide()
        field.installEventFilter(self)
        if isinstance(field, PickLine):
            field.pressed.connect(self.asked)
        # it floats in the window, not in the field, and would outlive it
        field.destroyed.connect(self.deleteLater)

    def offer(self, offers: Sequence[Offer]) -> None:
        """Show what may be meant; nothing hides the list."""
        self._model.show(offers)
        if not offers or not self._field.hasFocus():
            self.hide()
            return
        self._place()
        self.show()
        self.raise_()
        first = QModelIndex() if offers[0].waits else self._model.index(0)
        self._view.setCurrentIndex(first)
        one = "1 found" if len(offers) == 1 else f"{len(offers)} found"
        announce(self._field, f"{one}: {offers[0].said}")

    @property
    def offers(self) -> list[Offer]:
        """What is offered now."""
        return self._model.offers if self.isVisible() else []

    def _place(self) -> None:
        window = self._field.window()
        if self.parentWidget() is not window:
            self.setParent(window)
        shown = self._model.offers[:_MOST_SHOWN]
        height = sum(theme.px(50 if o.apart else 36) for o in shown) + 2 * _SHADOW + 12
        width = max(self._field.width(), self._wanted()) + 2 * _SHADOW
        below = self._field.mapTo(window, QPoint(0, self._field.height()))
        above = self._field.mapTo(window, QPoint(0, 0))
        left = max(min(below.x() - _SHADOW, window.width() - width), 0)
        top = below.y() - _SHADOW + 4
        if top + height > window.height() and above.y() - height > 0:
            top = above.y() - height + _SHADOW - 4
        self.setGeometry(QRect(left, top, min(width, window.width()), height))

    def _wanted(self) -> int:
        """Return a width at which room and date of birth can be read, within reason."""
        name = QFontMetrics(theme.font(theme.BODY, theme.SEMIBOLD))
        apart = QFontMetrics(theme.font(theme.SECONDARY))
        widest = max(
            max(name.horizontalAdvance(o.words), apart.horizontalAdvance(o.apart))
            for o in self._model.offers
        )
        return min(max(widest + theme.px(56), theme.px(280)), theme.px(_WIDEST))

    def _take(self, row: int) -> None:
        if 0 <= row < len(self._model.offers):
            value = self._model.offers[row].value
            self.hide()
            self.taken.emit(value)

    def _move(self, by: int) -> None:
        count = self._model.rowCount()
        # none is chosen at first where each waits: up is then the last
        row = (max(self._view.currentIndex().row(), min(-by, 0)) + by) % count
        self._view.setCurrentIndex(self._model.index(row))
        announce(self._field, self._model.offers[row].said)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the keys that move in the list from the field's; hide with the field."""
        if watched is self._field:
            if event.type() == QEvent.Type.FocusOut:
                self.hide()
            elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
                if self.isVisible():
                    return self._key(event.key())
                if event.key() == Qt.Key.Key_Down and not event.modifiers():
                    self.asked.emit()
                    return True
            elif event.type() == QEvent.Type.MouseButtonRelease and self._is_empty():
                self.asked.emit()
        return super().eventFilter(watched, event)

    def _is_empty(self) -> bool:
        return isinstance(self._field, QLineEdit) and not self._field.text()

    def _key(self, key: int) -> bool:
        match key:
            case Qt.Key.Key_Down:
                self._move(1)
            case Qt.Key.Key_Up:
                self._move(-1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._take(self._view.currentIndex().row())
            case Qt.Key.Key_Escape:
                self.hide()
            case _:
                return False
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the card it floats on."""
        painter = painter_for(self)
        rect = QRectF(self.rect()).adjusted(_SHADOW, _SHADOW, -_SHADOW, -_SHADOW)
        shadow(painter, rect, theme.px(10), _SHADOW)
        box(painter, rect, theme.px(10), theme.colour("surface"), theme.colour("border"))
