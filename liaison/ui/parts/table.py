"""The table of a list: painted rows, a heading to sort by, and the keyboard."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QFocusEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from liaison.ui import theme
from liaison.ui.parts.model import Head, LazyModel
from liaison.ui.widgets.painting import box, draw_pixmap

Index = QModelIndex | QPersistentModelIndex

ROW: Final = 42
_SIDE: Final = 12
_CHIP: Final = 24
_SAID: Final = 88
_ICONS: Final = {
    "ok": "circle-check",
    "due": "triangle-alert",
    "late": "circle-x",
    "none": "minus",
    "info": "info",
}
"""The icon of each state: a tint alone says nothing to many eyes."""


class _Inks:
    """Fonts and colours of one theme and text size: a page of a list asks for hundreds of them."""

    def __init__(self) -> None:
        self.name = theme.font(theme.BODY, theme.SEMIBOLD)
        self.words = theme.font(theme.BODY)
        self.figures = theme.with_features(theme.font(theme.BODY), "tnum")
        self.chip = theme.font(theme.SECONDARY, theme.SEMIBOLD)
        self.metrics = {id(font): QFontMetrics(font) for font in self._fonts}
        tokens = ("text", "muted", "soft", "raised", "line", *_ICONS, *(f"{s}bg" for s in _ICONS))
        self.colours = {token: theme.colour(token) for token in tokens}

    @property
    def _fonts(self) -> tuple[QFont, ...]:
        return self.name, self.words, self.figures, self.chip

    def shortened(self, text: str, font: QFont, width: int) -> str:
        """Return a text as far as there is room for it."""
        return self.metrics[id(font)].elidedText(text, Qt.TextElideMode.ElideRight, width)

    def width(self, text: str, font: QFont) -> int:
        """Return how wide a text is."""
        return self.metrics[id(font)].horizontalAdvance(text)


class Cells(QStyledItemDelegate):
    """Paints a list's cells: words, and chips for what says how something stands."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._inks: _Inks | None = None
        self.edge = 0
        """Where what is in sight ends: a cell that goes on beyond it is shortened before it."""

    def restyle(self) -> None:
        """Forget the fonts and colours of the theme before."""
        self._inks = None

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        inks = self._inks
        if inks is None:
            inks = self._inks = _Inks()
        rect = option.rect
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, inks.colours["soft" if chosen else "raised"])
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, inks.colours["line"])
        model = index.model()
        # the row at once: asking Qt for each of its roles takes longer than painting them
        row = model.row(index.row()) if isinstance(model, LazyModel) else None
        if row is None or not isinstance(model, LazyModel):
            return
        column = index.column()
        cell, first = row.cells[column], column == 0
        if not cell.text:
            return
        side = theme.px(_SIDE)
        inside = rect.adjusted(side, 0, -side // 2, -1)
        inside.setRight(min(inside.right(), self.edge - side // 2))
        if cell.state:
            self._chip(painter, inks, inside, cell.text, cell.state)
            return
        font = inks.name if first else inks.words
        align = Qt.AlignmentFlag.AlignVCenter
        if model.heads[column].right:
            # figures that stand below each other are to be compared
            font, align = inks.figures, align | Qt.AlignmentFlag.AlignRight
        painter.setFont(font)
        painter.setPen(inks.colours["muted" if row.mark else "text"])
        shown = inks.shortened(cell.text, font, inside.width())
        painter.drawText(inside, int(align), shown)
        if row.mark and first:
            beside = inks.width(shown, font) + theme.px(8)
            self._chip(painter, inks, inside.adjusted(beside, 0, 0, 0), row.mark, "none")

    def _chip(self, painter: QPainter, inks: _Inks, rect: QRect, text: str, state: str) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        around = theme.px(8) + theme.px(15) + theme.px(5) + theme.px(10)
        shown = inks.shortened(text, inks.chip, max(rect.width() - around, 0))
        height = theme.px(_CHIP)
        width = around + inks.width(shown, inks.chip)
        chip = QRectF(rect.left(), rect.center().y() - height / 2 + 1, width, height)
        box(painter, chip, height / 2, inks.colours[f"{state}bg"])
        table = self.parent()
        if isinstance(table, QWidget):
            picture = theme.pixmap(_ICONS[state], state, 15, table)
            draw_pixmap(painter, chip.left() + theme.px(8), chip.center().y(), picture)
        painter.setFont(inks.chip)
        painter.setPen(inks.colours[state])
        words = chip.adjusted(theme.px(8 + 15 + 5), 0, 0, 0)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), shown)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Ask for a row's height; Qt asks."""
        return QSize(theme.px(120), theme.px(ROW))


class Heading(QHeaderView):
    """The headings of a list's columns; those it can be sorted by can be pressed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.sortable: frozenset[int] = frozenset()
        self.sorted_column = -1
        self.descending = False
        self.setHighlightSections(False)
        self.setSectionsClickable(True)
        self.setSectionsMovable(False)
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setMouseTracking(True)
        self._over = -1

    def sizeHint(self) -> QSize:
        """Ask for 36 pixels; Qt asks."""
        return QSize(super().sizeHint().width(), theme.px(36))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show which heading would be pressed."""
        self._over = self.logicalIndexAt(event.position().toPoint())
        super().mouseMoveEvent(event)
        self.viewport().update()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is about to be pressed."""
        self._over = -1
        super().leaveEvent(event)
        self.viewport().update()

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N803  # Qt's
        """Paint a heading, with an arrow if the list is sorted by it."""
        painter.save()
        painter.fillRect(rect, theme.colour("surface"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.colour("border"))
        words = str(self.model().headerData(logicalIndex, Qt.Orientation.Horizontal) or "")
        sorted_by = logicalIndex == self.sorted_column
        over = logicalIndex == self._over and logicalIndex in self.sortable
        token = "text" if sorted_by or over else "muted"
        painter.setFont(theme.font(theme.CAPTION, theme.SEMIBOLD))
        painter.setPen(theme.colour(token))
        # as its cells, it is shortened where what is in sight ends
        wide = min(rect.right() + 1, self.viewport().width()) - rect.left()
        room = wide - theme.px(_SIDE) - (theme.px(18) if sorted_by else 0)
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room)
        inside = rect.adjusted(theme.px(_SIDE), 0, 0, -1)
        painter.drawText(inside, int(Qt.AlignmentFlag.AlignVCenter), shown)
        if sorted_by:
            arrow = theme.pixmap("arrow-down" if self.descending else "arrow-up", token, 14, self)
            x = inside.left() + painter.fontMetrics().horizontalAdvance(shown) + theme.px(4)
            draw_pixmap(painter, x, rect.center().y(), arrow)
        painter.restore()


class Table(QTableView):
    """The rows of a list.

    Arrows move, Enter opens, Home and End go to the ends; letters are handed on to be searched for.

    Args:
        model: The rows.
        name: What the list is called, for screen readers.
    """

    chosen = Signal(object)
    """Somebody opened this record (an id)."""
    looked_at = Signal(object)
    """The current row is this record now (an id); None if there is none."""
    typed = Signal(str)
    """Somebody began to type a name."""
    sort_asked = Signal(int)
    """Somebody pressed the heading of this column."""

    def __init__(self, model: LazyModel, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.heading = Heading(self)
        self.setHorizontalHeader(self.heading)
        self.setModel(model)
        self._cells = Cells(self)
        self.setItemDelegate(self._cells)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setMouseTracking(True)
        self.verticalHeader().hide()
        # every row has one height: nothing is measured, however long the list is
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.heading.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.heading.sectionClicked.connect(self.sort_asked)
        self.selectionModel().currentRowChanged.connect(self._look)
        self.doubleClicked.connect(self._open)
        # what is shortened at the edge is another cell then, or more of it
        for part in (self.viewport(), self.heading.viewport()):
            self.horizontalScrollBar().valueChanged.connect(lambda _, part=part: part.update())
        self._heads: tuple[Head, ...] = ()
        self._restyle()

    @property
    def rows(self) -> LazyModel:
        """The model."""
        model = self.model()
        assert isinstance(model, LazyModel)  # noqa: S101  # it was given one
        return model

    def take_heads(self, sorted_by: str, *, descending: bool) -> None:
        """Take over the model's columns: their widths, and which can be sorted by.

        Args:
            sorted_by: The field the list is sorted by; empty for none.
            descending: Whether it is sorted downwards.
        """
        heads = self.rows.heads
        self._heads = heads
        self.heading.sortable = frozenset(n for n, head in enumerate(heads) if head.sortable)
        fields = [head.field for head in heads]
        self.heading.sorted_column = fields.index(sorted_by) if sorted_by in fields else -1
        self.heading.descending = descending
        self.heading.viewport().update()
        self._fit()

    def go_to(self, row: int) -> None:
        """Make a row the current one and bring it into sight."""
        if 0 <= row < self.rows.rowCount():
            index = self.rows.index(row, 0)
            place = self.visualRect(index)
            # what is said of a save lies over the foot of the list for some seconds
            if place.top() < 0 or place.bottom() > self.viewport().height() - theme.px(_SAID):
                self.scrollTo(index, self.ScrollHint.PositionAtCenter)
            self.setCurrentIndex(index)

    def _restyle(self) -> None:
        self._cells.restyle()
        header = self.verticalHeader()
        header.setMinimumSectionSize(theme.px(ROW))
        header.setDefaultSectionSize(theme.px(ROW))
        self.verticalScrollBar().setSingleStep(theme.px(ROW))
        self.heading.setMinimumSectionSize(theme.px(48))
        self._fit()

    def _fit(self) -> None:
        heads = self._heads
        if not heads or self.heading.count() != len(heads):
            return
        least = [theme.px(head.least) for head in heads]
        spare = max(self.viewport().width() - sum(least), 0)
        total = sum(head.share for head in heads)
        for column, head in enumerate(heads):
            self.setColumnWidth(column, least[column] + spare * head.share // total)
        last = len(heads) - 1
        # what the division leaves over, so that no strip stays empty
        over = self.viewport().width() - self.heading.length()
        if over > 0:
            self.setColumnWidth(last, self.columnWidth(last) + over)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width out anew."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_heads"):
            self._restyle()

    def _look(self, current: QModelIndex) -> None:
        self.looked_at.emit(self.rows.identity(current.row()) if current.isValid() else None)

    def _open(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(self.rows.identity(index.row()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open on Enter, go to the ends of the list on Home and End."""
        plain = event.modifiers() in {
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        }
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and plain:
            self._open(self.currentIndex())
        elif event.key() == Qt.Key.Key_Home and plain:
            self.go_to(0)
        elif event.key() == Qt.Key.Key_End and plain:
            self.go_to(self.rows.rowCount() - 1)
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Hand on what is typed: looking through the rows would read the whole list."""
        if search.strip():
            self.typed.emit(search)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begin at the first row, so that arrows work at once."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid():
            self.go_to(0)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows, and the ring around the current one."""
        self._cells.edge = self.viewport().width()
        super().paintEvent(event)
        current = self.currentIndex()
        if not (self.hasFocus() and current.isValid()):
            return
        row = self.visualRect(current)
        ring = QRectF(1, row.top() + 1, self.viewport().width() - 2, row.height() - 2)
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box(painter, ring, theme.px(6), None, theme.colour("focus"), 2)
        painter.end()
