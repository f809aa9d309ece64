"""The search box of the header, and the list of hits that drops from it."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from liaison.ui import theme
from liaison.ui.widgets import LineEdit, Wrap, announce, spaced
from liaison.ui.widgets.painting import box, draw_pixmap, painter_for, shadow

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.store.store import Store
    from liaison.ui.desk import Desk
    from liaison.ui.shell.finding import Found, Group

_PAUSE_MS: Final = 120
_EDGE: Final = 14
_HIT: Final = Qt.ItemDataRole.UserRole
_STRUCK: Final = "Struck through"
_WIDTH: Final = 520


class SearchBox(LineEdit):
    """Search over people, organisations and notes while typing.

    Args:
        desk: The desk.
        types: The record types that some page can show.
    """

    went_on = Signal()
    """A hit was opened: the keyboard belongs to the page now."""

    def __init__(self, desk: Desk, types: Collection[str]) -> None:
        super().__init__(placeholder="Search people, organisations, notes")
        self._desk, self._types = desk, frozenset(types)
        self.setAccessibleName("Search")
        self.setAccessibleDescription("Hits appear while you type; arrow keys choose, Enter opens")
        self.setToolTip("Search (Ctrl+K)")
        self._hits: Hits | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._look)
        self.textEdited.connect(self._typed)
        self._indent()

    @property
    def hits(self) -> Hits:
        """The list of hits, which floats over the window."""
        if self._hits is None:
            self._hits = Hits(self)
            self._hits.opened.connect(self._open)
        return self._hits

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._indent()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the field, and the glass in it."""
        super().paintEvent(event)
        painter = painter_for(self)
        glass = theme.pixmap("search", "muted", 17, self)
        draw_pixmap(painter, theme.px(12), self.height() / 2, glass)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk through the hits with the arrow keys; Escape closes them, then empties the box."""
        key, open_now = event.key(), self._hits is not None and self._hits.isVisible()
        if key in {Qt.Key.Key_Down, Qt.Key.Key_Up} and open_now:
            self.hits.walk(1 if key == Qt.Key.Key_Down else -1)
        elif key == Qt.Key.Key_Down and self.text().strip():
            self._look()
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if open_now and not self._pause.isActive():
                self.hits.open_current()
            elif self.text().strip():
                self._look()
        elif key == Qt.Key.Key_Escape:
            self._pause.stop()
            if open_now:
                self.hits.hide()
            else:
                self.clear()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Select what was typed before, so that the next search replaces it."""
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.MouseFocusReason:
            self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Close the hits when one goes on elsewhere."""
        super().focusOutEvent(event)
        if self._hits is not None and event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
            self._hits.hide()

    def _indent(self) -> None:
        self.setTextMargins(theme.px(26), 0, 0, 0)

    def _typed(self, text: str) -> None:
        if text.strip():
            self._pause.start()
        else:
            self._pause.stop()
            if self._hits is not None:
                self._hits.hide()

    def _look(self) -> None:
        self._pause.stop()
        typed, types = self.text(), self._types

        def read(store: Store) -> tuple[Group, ...]:
            from liaison.ui.shell.finding import look_for

            return look_for(store, typed, types)

        self._desk.jobs.read(read, self._found, self._failed, latest="search", owner=self)

    def _found(self, groups: tuple[Group, ...]) -> None:
        # whoever has gone on, or emptied the box, is not interrupted
        if self.hasFocus() and self.text().strip():
            self.hits.show_groups(groups, self.text().strip())

    def _failed(self, error: UserError) -> None:
        self._desk.trouble(error)

    def _open(self, found: Found) -> None:
        self.hits.hide()
        self.clear()
        self._desk.open(found.type, found.id)
        self.went_on.emit()


class Hits(QFrame):
    """The hits, grouped by type, floating below the search box."""

    opened = Signal(object)
    """A hit was chosen: a :class:`Found`."""

    def __init__(self, under: QWidget) -> None:
        super().__init__(under.window())
        self._under = under
        self._list = QListWidget()
        self._list.setItemDelegate(_HitDelegate(self._list))
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setMouseTracking(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self._list.setAccessibleName("Hits")
        self._list.itemClicked.connect(self._clicked)
        self._nothing = Wrap("", "muted")
        edge = _EDGE + 8
        column = spaced(QVBoxLayout(self), 4, (edge, edge, edge, edge))
        column.addWidget(self._nothing)
        column.addWidget(self._list, 1)
        under.window().installEventFilter(self)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay below the box when the window changes size."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    @property
    def titles(self) -> list[str]:
        """The titles of the hits, from top to bottom."""
        items = (self._list.item(row) for row in range(self._list.count()))
        return [item.text() for item in items if item.data(_HIT) is not None]

    def show_groups(self, groups: tuple[Group, ...], typed: str) -> None:
        """Show hits, the first one chosen.

        Args:
            groups: The hits.
            typed: What was looked for.
        """
        self._list.clear()
        for group in groups:
            head = QListWidgetItem(group.label)
            head.setFlags(Qt.ItemFlag.NoItemFlags)
            self._list.addItem(head)
            for hit in group.hits:
                item = QListWidgetItem(hit.title)
                item.setData(_HIT, hit)
                parts = (_STRUCK if hit.struck else "", hit.title, hit.words, group.label)
                said = ", ".join(part for part in parts if part)
                item.setData(Qt.ItemDataRole.AccessibleTextRole, said)
                self._list.addItem(item)
        count = sum(len(group.hits) for group in groups)
        self._nothing.setVisible(count == 0)
        self._list.setVisible(count > 0)
        if count:
            self._list.setCurrentRow(1)
            announce(self, f"{count} hits. {self._list.item(1).text()}")
        else:
            words = f"Nothing found for \u201c{typed}\u201d. Try fewer letters, or another word."
            self._nothing.setText(words)
            announce(self, words)
        self._place()
        self.show()
        self.raise_()

    def walk(self, step: int) -> None:
        """Choose the next hit, or the one before."""
        row, count = self._list.currentRow(), self._list.count()
        for _ in range(count):
            row = (row + step) % count
            if self._list.item(row).data(_HIT) is not None:
                self._list.setCurrentRow(row)
                announce(self, str(self._list.item(row).data(Qt.ItemDataRole.AccessibleTextRole)))
                return

    def open_current(self) -> None:
        """Open the hit that is chosen."""
        item = self._list.currentItem()
        if item is not None:
            self._clicked(item)

    def _clicked(self, item: QListWidgetItem) -> None:
        if (hit := item.data(_HIT)) is not None:
            self.opened.emit(hit)

    def _place(self) -> None:
        window = self._under.window()
        edge = theme.px(_EDGE)
        corner = self._under.mapTo(window, QPoint(0, self._under.height()))
        left = max(corner.x() - edge, 0)
        width = min(theme.px(_WIDTH) + 2 * edge, window.width() - left)
        rows = sum(self._list.sizeHintForRow(row) for row in range(self._list.count()))
        inside = rows + 4 if self._list.count() else theme.px(44)
        height = min(inside + 2 * (edge + theme.px(8)), window.height() - corner.y())
        self.setGeometry(left, corner.y() - theme.px(6), width, height)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint shadow and card."""
        painter = painter_for(self)
        edge = theme.px(_EDGE)
        rect = QRectF(self.rect()).adjusted(edge, edge, -edge, -edge)
        shadow(painter, rect, theme.px(12), edge - 2)
        box(painter, rect, theme.px(12), theme.colour("surface"), theme.colour("border"))


class _HitDelegate(QStyledItemDelegate):
    """Paints a group's name as a caption, and a hit as a title with the words below."""

    def sizeHint(self, _: QStyleOptionViewItem, index: QModelIndex) -> QSize:  # type: ignore[override]  # Qt hands an index
        hit = index.data(_HIT)
        height = 28 if hit is None else 46 if hit.words else 34
        return QSize(0, theme.px(height))

    def paint(  # type: ignore[override]  # Qt hands an index
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex
    ) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        hit: Found | None = index.data(_HIT)
        rect: QRect = option.rect
        inner = rect.adjusted(theme.px(10), 0, -theme.px(10), 0)
        left = Qt.AlignmentFlag.AlignLeft
        if hit is None:
            painter.setFont(theme.font(theme.CAPTION, theme.SEMIBOLD))
            painter.setPen(theme.colour("muted"))
            painter.drawText(inner, left | Qt.AlignmentFlag.AlignVCenter, str(index.data()))
        else:
            state = option.state
            if state & QStyle.StateFlag.State_Selected:
                box(painter, QRectF(rect), theme.px(8), theme.colour("soft"))
            elif state & QStyle.StateFlag.State_MouseOver:
                box(painter, QRectF(rect), theme.px(8), theme.colour("raised"))
            self._paint_hit(painter, inner, hit)
        painter.restore()

    @staticmethod
    def _paint_hit(painter: QPainter, inner: QRect, hit: Found) -> None:
        elide = Qt.TextElideMode.ElideRight
        align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        half = inner.height() // 2
        upper = inner if not hit.words else inner.adjusted(0, theme.px(4), 0, -half)
        painter.setFont(theme.font(theme.BODY, theme.SEMIBOLD))
        painter.setPen(theme.colour("text"))
        room = inner.width()
        if hit.struck:
            room = _paint_struck(painter, upper)
            painter.setFont(theme.font(theme.BODY, theme.SEMIBOLD))
            painter.setPen(theme.colour("muted"))
        title = painter.fontMetrics().elidedText(hit.title, elide, room)
        painter.drawText(upper, align, title)
        if hit.words:
            painter.setFont(theme.font(theme.SECONDARY))
            painter.setPen(theme.colour("muted"))
            words = painter.fontMetrics().elidedText(hit.words, elide, inner.width())
            painter.drawText(inner.adjusted(0, half, 0, -theme.px(4)), align, words)


def _paint_struck(painter: QPainter, line: QRect) -> int:
    """Paint at the right of a line that it was struck through; return the width left of that."""
    painter.setFont(theme.font(theme.CAPTION, theme.SEMIBOLD))
    width = painter.fontMetrics().horizontalAdvance(_STRUCK) + theme.px(16)
    height = painter.fontMetrics().height() + theme.px(4)
    top = line.center().y() - height / 2
    chip = QRectF(line.right() - width, top, width, height)
    box(painter, chip, height / 2, theme.colour("nonebg"))
    painter.setPen(theme.colour("none"))
    painter.drawText(chip, int(Qt.AlignmentFlag.AlignCenter), _STRUCK)
    return line.width() - width - theme.px(8)
