"""The pages of a document under each other, as they will be on paper; only those in sight are drawn."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from liaison.ui import theme
from liaison.ui.pages.reports.pictures import Pictures
from liaison.ui.widgets.painting import box, painter_for

if TYPE_CHECKING:
    from liaison.ui.jobs import Jobs
    from liaison.ui.pages.reports.paper import Hit, Paper

ZOOMS: Final = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0)
"""How large the pages can be shown; 1.0 fills the width."""

_GAP: Final = 16
_MOST_KEPT: Final = 12
_LINE: Final = 48


class SheetsView(QAbstractScrollArea):
    """The pages of a document.

    Args:
        jobs: Work off the UI thread.
    """

    turned = Signal(int)
    """Another page is the one being read (from 0)."""
    zoomed = Signal()

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._paper: Paper | None = None
        self._zoom = 1.0
        self._tops: list[int] = []
        # once a document: of thousands of pages it would be looked for thousands of times
        self._widest = 1.0
        self._hits: dict[int, list[Hit]] = {}
        self._hit: Hit | None = None
        self._page = 0
        self._pictures = Pictures(jobs, _MOST_KEPT, self)
        self._pictures.arrived.connect(self._drawn)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setAutoFillBackground(False)
        # pages fill the width: a bar that came and went would make them too tall, then not, for ever
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.horizontalScrollBar().valueChanged.connect(self.viewport().update)
        self._tell()

    # ---- what is shown

    @property
    def page(self) -> int:
        """The page being read, from 0."""
        return self._page

    @property
    def pictures(self) -> Pictures:
        """The pictures that are kept."""
        return self._pictures

    def show_paper(self, paper: Paper | None, *, stay: bool = False) -> None:
        """Show another document.

        Args:
            paper: The document; None for none.
            stay: Whether to stay on the page that is being read, as far as there is one.
        """
        place = self._page if stay else 0
        self._paper = paper
        self._widest = max((width for width, _ in paper.sizes), default=1.0) if paper else 1.0
        self._pictures.show(paper)
        self.mark((), None)
        self._lay_out()
        self.go_to(place)
        self._tell()

    def go_to(self, page: int) -> None:
        """Show the top of a page."""
        if self._tops:
            page = min(max(page, 0), len(self._tops) - 1)
            self.verticalScrollBar().setValue(self._tops[page] - theme.px(_GAP) // 2)
            self._turn_to(page)

    def mark(self, hits: Sequence[Hit], current: Hit | None) -> None:
        """Mark where words were found, and one place of them more strongly, which is shown."""
        self._hits = {}
        for hit in hits:
            self._hits.setdefault(hit.page, []).append(hit)
        self._hit = current
        if current is not None and current.places:
            self._show_place(current)
        self.viewport().update()

    def _show_place(self, hit: Hit) -> None:
        scale = self._scale()
        top = self._tops[hit.page] + round(hit.places[0].top() * scale)
        bar = self.verticalScrollBar()
        if not bar.value() + theme.px(_GAP) <= top <= bar.value() + self.viewport().height() * 0.8:
            bar.setValue(top - self.viewport().height() // 3)

    # ---- size

    @property
    def zoom(self) -> float:
        """How large the pages are shown; 1.0 fills the width."""
        return self._zoom

    def set_zoom(self, zoom: float) -> None:
        """Show the pages larger or smaller; the place that is read stays."""
        if zoom == self._zoom:
            return
        bar = self.verticalScrollBar()
        share = bar.value() / max(self._height(), 1)
        self._zoom = zoom
        self._lay_out()
        bar.setValue(round(share * self._height()))
        self.zoomed.emit()

    def zoom_by(self, steps: int) -> None:
        """Show the pages some steps larger, or (below 0) smaller."""
        at = bisect_right(ZOOMS, self._zoom) - 1
        self.set_zoom(ZOOMS[min(max(at + steps, 0), len(ZOOMS) - 1)])

    def _scale(self) -> float:
        """Return pixels to a point: one for all pages, so that the widest fills the width."""
        room = self.viewport().width() - 2 * theme.px(_GAP)
        return max(room, 1) / self._widest * self._zoom

    def _size(self, page: int) -> QSize:
        assert self._paper is not None  # noqa: S101  # only asked while there is one
        width, height = self._paper.sizes[page]
        scale = self._scale()
        return QSize(round(width * scale), round(height * scale))

    def _height(self) -> int:
        if self._paper is None or not self._tops:
            return 0
        last = len(self._tops) - 1
        return self._tops[last] + self._size(last).height() + theme.px(_GAP)

    def _lay_out(self) -> None:
        gap = theme.px(_GAP)
        self._tops = []
        y, widest, scale = gap, 0, self._scale()
        for width, height in self._paper.sizes if self._paper is not None else ():
            self._tops.append(y)
            y += round(height * scale) + gap
            widest = max(widest, round(width * scale))
        view = self.viewport().size()
        down, across = self.verticalScrollBar(), self.horizontalScrollBar()
        down.setRange(0, max(y - view.height(), 0) if self._tops else 0)
        down.setPageStep(view.height())
        down.setSingleStep(theme.px(_LINE))
        across.setRange(0, max(widest + 2 * gap - view.width(), 0) if self._tops else 0)
        across.setPageStep(view.width())
        across.setSingleStep(theme.px(_LINE))
        self._want()
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fill the new width, and stay at the same place of the document."""
        super().resizeEvent(event)
        share = self.verticalScrollBar().value() / max(self._before, 1)
        self._lay_out()
        if event.oldSize().width() != event.size().width():
            self.verticalScrollBar().setValue(round(share * self._height()))

    @property
    def _before(self) -> int:
        """The height of everything as it was laid out last."""
        return self.verticalScrollBar().maximum() + self.verticalScrollBar().pageStep()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size and the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_pictures"):
            self._lay_out()

    # ---- what is in sight

    def _in_sight(self) -> range:
        if not self._tops:
            return range(0)
        top = self.verticalScrollBar().value()
        first = max(bisect_right(self._tops, top) - 1, 0)
        last = max(bisect_right(self._tops, top + self.viewport().height()) - 1, first)
        return range(first, last + 1)

    def _want(self) -> None:
        if not self._tops or self._paper is None:
            return
        seen = self._in_sight()
        around = [page for page in (seen.stop, seen.start - 1) if 0 <= page < len(self._tops)]
        ratio = self.devicePixelRatioF()
        widths = {page: round(self._size(page).width() * ratio) for page in [*seen, *around]}
        self._pictures.want(widths)

    def _scrolled(self) -> None:
        seen = self._in_sight()
        if seen:
            third = self.verticalScrollBar().value() + self.viewport().height() // 3
            self._turn_to(max(bisect_right(self._tops, third) - 1, 0))
        self._want()
        self.viewport().update()

    def _turn_to(self, page: int) -> None:
        if page != self._page:
            self._page = page
            self._tell()
            self.turned.emit(page)

    def _tell(self) -> None:
        if self._paper is None:
            self.setAccessibleName("Preview, nothing to show yet")
        else:
            self.setAccessibleName(f"Preview, page {self._page + 1} of {self._paper.pages}")

    def _drawn(self, page: int) -> None:
        if page in self._in_sight():
            self.viewport().update()

    # ---- painting

    def _where(self, page: int) -> QRectF:
        size = self._size(page)
        room = self.viewport().width()
        left = (
            (room - size.width()) / 2
            if size.width() + 2 * theme.px(_GAP) <= room
            else theme.px(_GAP) - self.horizontalScrollBar().value()
        )
        return QRectF(
            round(left), self._tops[page] - self.verticalScrollBar().value(),
            size.width(), size.height(),
        )  # fmt: skip

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pages in sight."""
        painter = painter_for(self.viewport())
        ground = QRectF(self.viewport().rect())
        box(painter, ground, theme.px(8), theme.colour("sunk"))
        for page in self._in_sight():
            self._paint_page(painter, page)
        if self.hasFocus():
            box(painter, ground, theme.px(8), None, theme.colour("focus"), 2)
        painter.end()

    def _paint_page(self, painter: QPainter, page: int) -> None:
        where = self._where(page)
        # paper is white whatever the window's colours are
        painter.fillRect(where, QColor("white"))
        picture = self._pictures.get(page)
        if picture is not None:
            painter.drawImage(where, picture)
        else:
            painter.setPen(QColor(theme.LIGHT.muted))
            painter.setFont(theme.font())
            painter.drawText(where, int(Qt.AlignmentFlag.AlignCenter), f"Page {page + 1}")
        scale = self._scale()
        for hit in self._hits.get(page, ()):
            tint = QColor(theme.LIGHT.focus if hit is self._hit else theme.LIGHT.duebar)
            tint.setAlphaF(0.45 if hit is self._hit else 0.3)
            for place in hit.places:
                at = QRectF(
                    where.x() + place.x() * scale, where.y() + place.y() * scale,
                    place.width() * scale, place.height() * scale,
                )  # fmt: skip
                painter.fillRect(at.adjusted(-1, -1, 1, 1), tint)
        painter.setPen(theme.colour("border"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(where.adjusted(-0.5, -0.5, 0.5, 0.5))

    # ---- keyboard and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn and scroll with the keys that do so everywhere."""
        down = self.verticalScrollBar()
        match event.key():
            case Qt.Key.Key_PageDown:
                self.go_to(self._page + 1)
            case Qt.Key.Key_PageUp:
                self.go_to(self._page - 1)
            case Qt.Key.Key_Home:
                self.go_to(0)
            case Qt.Key.Key_End:
                self.go_to(len(self._tops) - 1)
            case Qt.Key.Key_Down:
                down.setValue(down.value() + down.singleStep())
            case Qt.Key.Key_Up:
                down.setValue(down.value() - down.singleStep())
            case Qt.Key.Key_Space:
                down.setValue(down.value() + down.pageStep() * 9 // 10)
            case _:
                super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll; with Ctrl, show the pages larger or smaller."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.viewport().update()

    def sizeHint(self) -> QSize:
        """Ask for a page that can be read."""
        return QSize(theme.px(560), theme.px(520))

    def minimumSizeHint(self) -> QSize:
        """Allow little room."""
        return QSize(theme.px(200), theme.px(160))
