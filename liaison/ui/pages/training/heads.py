"""The frozen edges of the matrix: the staff at the left, the courses above, and their corner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QTextOption
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLabel, QWidget

from liaison.ui import theme
from liaison.ui.pages.training import words
from liaison.ui.widgets.painting import draw_pixmap, painter_for

if TYPE_CHECKING:
    from liaison.ui.pages.training.model import MatrixModel

ROW: Final = 38
COLUMN: Final = 98
HEAD: Final = 78
STAFF: Final = 250
_SIDE: Final = 14
_SHARE: Final = 26
_LEFT: Final = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)


class Courses(QHeaderView):
    """The courses, each with its share."""

    def __init__(self, model: MatrixModel, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._rows = model
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setHighlightSections(False)
        self.setSectionsClickable(True)

    def sizeHint(self) -> QSize:
        """Ask for two lines and the share; Qt asks."""
        return QSize(theme.px(COLUMN), theme.px(HEAD))

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N803  # Qt's
        """Paint a course's name over its share; Qt asks."""
        columns = self._rows.columns
        if logicalIndex >= len(columns):
            return
        column = columns[logicalIndex]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(rect, theme.colour("raised"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.colour("border"))
        painter.setFont(theme.font(theme.CAPTION, theme.SEMIBOLD))
        painter.setPen(theme.colour("text"))
        share = theme.px(_SHARE)
        name = QRectF(rect).adjusted(theme.px(4), theme.px(6), -theme.px(4), -share)
        paint_two_lines(painter, name, column.course.name or "")
        said, state = words.share(column)
        painter.setFont(theme.font(theme.CAPTION, theme.SEMIBOLD))
        metrics = painter.fontMetrics()
        icon = theme.px(15 + 5) if state else 0
        wide = icon + metrics.horizontalAdvance(said)
        left = rect.center().x() - wide / 2
        middle = rect.bottom() - share / 2 - theme.px(1)
        if state:
            picture = theme.pixmap(words.ICONS[state], state, 15, self)
            draw_pixmap(painter, left, middle, picture)
        painter.setPen(theme.colour(state or "muted"))
        where = QRectF(left + icon, middle - share / 2, wide - icon + 2, share)
        painter.drawText(where, _LEFT, said)
        painter.restore()


def paint_two_lines(painter: QPainter, where: QRectF, name: str) -> None:
    """Paint a name over two lines at most; what does not fit is shortened."""
    metrics = painter.fontMetrics()
    lines: list[str] = []
    rest = name.split()
    while rest and len(lines) < 2:  # noqa: PLR2004  # that is how many there are
        line = rest.pop(0)
        while rest and metrics.horizontalAdvance(f"{line} {rest[0]}") <= where.width():
            line = f"{line} {rest.pop(0)}"
        lines.append(line)
    if rest:
        lines[-1] = " ".join([lines[-1], *rest])
    tall = metrics.lineSpacing()
    y = where.center().y() - tall * len(lines) / 2
    for line in lines:
        shown = metrics.elidedText(line, Qt.TextElideMode.ElideRight, round(where.width()))
        box = QRectF(where.left(), y, where.width(), tall)
        painter.drawText(box, shown, QTextOption(Qt.AlignmentFlag.AlignCenter))
        y += tall


def anchor_at(view: QAbstractItemView, index: QModelIndex) -> QWidget:
    """Return something over a cell for a popover to point at; whoever asked for it destroys it."""
    anchor = QWidget(view.viewport())
    anchor.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    anchor.setGeometry(view.visualRect(index))
    anchor.show()
    return anchor


class People(QHeaderView):
    """The staff, each with their job role."""

    def __init__(self, model: MatrixModel, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._rows = model
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setHighlightSections(False)
        self.setSectionsClickable(True)

    def sizeHint(self) -> QSize:
        """Ask for a name and a role; Qt asks."""
        return QSize(theme.px(STAFF), theme.px(ROW))

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N803  # Qt's
        """Paint a name with its role; Qt asks."""
        if logicalIndex >= len(self._rows.rows):
            return
        row = self._rows.rows[logicalIndex]
        painter.save()
        painter.fillRect(rect, theme.colour("surface"))
        line, edge = theme.colour("line"), theme.colour("border")
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), line)
        painter.fillRect(QRect(rect.right(), rect.top(), 1, rect.height()), edge)
        left, right = rect.left() + theme.px(_SIDE), rect.right() - theme.px(8)
        for points, weight, token, said in (
            (theme.BODY, theme.SEMIBOLD, "text", row.name),
            (theme.SECONDARY, theme.REGULAR, "muted", row.role),
        ):
            painter.setFont(theme.font(points, weight))
            painter.setPen(theme.colour(token))
            metrics = painter.fontMetrics()
            shown = metrics.elidedText(said, Qt.TextElideMode.ElideRight, max(right - left, 0))
            painter.drawText(QRect(left, rect.top(), right - left + 2, rect.height()), _LEFT, shown)
            left += metrics.horizontalAdvance(shown) + theme.px(8)
        painter.restore()


class Corner(QLabel):
    """What stands above the staff and beside the courses: how many people are shown."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint two lines."""
        painter = painter_for(self)
        painter.fillRect(self.rect(), theme.colour("raised"))
        bottom = QRect(0, self.height() - 1, self.width(), 1)
        painter.fillRect(bottom, theme.colour("border"))
        painter.fillRect(QRect(self.width() - 1, 0, 1, self.height()), theme.colour("border"))
        side, share = theme.px(_SIDE), theme.px(_SHARE)
        painter.setPen(theme.colour("muted"))
        painter.setFont(theme.font(theme.SECONDARY))
        room = self.width() - side
        upper = QRect(side, theme.px(6), room, self.height() - share - theme.px(6))
        painter.drawText(upper, _LEFT, self.text())
        lower = QRect(side, self.height() - share - theme.px(1), room, share)
        painter.drawText(lower, _LEFT, "In date, this course")
