"""The sidebar: where one can go, by role; words and icons, or from 140 % text icons alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from liaison.ui import theme
from liaison.ui.mark import paint_mark
from liaison.ui.shell.places import UNDER, Group, Place
from liaison.ui.shell.tabs import PageTab, TabList, tell_open, tell_tabs

WIDE: Final = 208
"""Width with words, at 100 %."""
NARROW: Final = 84
"""Width of icons alone, whatever the text size."""
_ITEM: Final = (26, 38)
"""Least and most height with words, at 100 %: rows move together before they scroll."""
_ICON: Final = 20
_LARGEST_ICON: Final = 28
_NARROW_ITEM: Final = (36, 58)
_NARROW_GAP: Final = 5
_GAP: Final = (2, 4)
_SIDE: Final = 13
_END: Final = 13
"""Below the foot."""


class SideItem(PageTab):
    """An item of the sidebar.

    Args:
        word: Its word.
        icon: Its icon.
        keys: The shortcut, for the tooltip.
        checkable: Whether it stands for a page, and so can be the one that is open.
    """

    def __init__(self, word: str, icon: str, keys: str = "", *, checkable: bool = True) -> None:
        super().__init__()
        self.word = word
        self._icon = icon
        self._keys = keys
        self._count = 0
        self._narrow = False
        self._height = 0
        self._ring = False
        self.setCheckable(checkable)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._name()

    def set_height(self, height: int, *, narrow: bool) -> None:
        """Show the icon alone, or the word with it, at a height in pixels."""
        if (height, narrow) != (self._height, self._narrow):
            self._height, self._narrow = height, narrow
            self._name()
            self.updateGeometry()
            self.update()

    def set_count(self, count: int) -> None:
        """Show how many wait there; 0 shows nothing."""
        self._count = count
        self._name()
        self.update()

    def sizeHint(self) -> QSize:
        """Return its size at today's text size."""
        return QSize(_NARROW_ITEM[0], self._height)

    def minimumSizeHint(self) -> QSize:
        """Return the same: its words are elided before it shrinks."""
        return self.sizeHint()

    def _name(self) -> None:
        waiting = f", {self._count} waiting" if self._count else ""
        self.setAccessibleName(f"{self.word}{waiting}")
        keys = f"  {self._keys}" if self._keys else ""
        self.setToolTip(f"{self.word}{keys}" if self._narrow or self._keys else "")

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint ground, bar, icon, word and count."""
        tokens = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        radius = theme.px(8)
        chosen = self.isChecked()
        if chosen or self.isDown() or self.underMouse():
            ground = QColor(tokens.sidesel)
            ground.setAlphaF(1.0 if chosen else 0.5)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawRoundedRect(box, radius, radius)
        if chosen:
            bar = QRectF(0, box.height() * 0.22, 3, box.height() * 0.56)
            painter.setBrush(QColor(tokens.sidebar))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawRoundedRect(bar, 1.5, 1.5)
        token = "oninverse" if chosen and not tokens.dark else "sidetext"
        side = min(_ICON, _LARGEST_ICON / theme.scale()) if self._narrow else float(_ICON)
        icon = theme.pixmap(self._icon, token, round(side), self)
        width = icon.width() / icon.devicePixelRatio()
        left = (box.width() - width) / 2 if self._narrow else theme.px(13)
        painter.drawPixmap(round(left), round((box.height() - width) / 2), icon)
        if self._narrow:
            self._paint_dot(painter, box)
        else:
            self._paint_words(painter, box, left + width + theme.px(10), chosen=chosen)
        if self.hasFocus() and self._ring:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            # amber of the dark theme: the sidebar is dark in both
            painter.setPen(QPen(QColor(theme.DARK.focus), 2))
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), radius, radius)
        painter.end()

    def _paint_words(self, painter: QPainter, box: QRectF, left: float, *, chosen: bool) -> None:
        tokens = theme.tokens()
        right = box.width() - theme.px(8)
        if self._count:
            right = self._paint_count(painter, box) - theme.px(6)
        bright = "#FFFFFF" if not tokens.dark else tokens.text
        painter.setPen(QColor(bright if chosen else tokens.sidetext))
        painter.setFont(theme.font(theme.BODY, theme.SEMIBOLD if chosen else theme.REGULAR))
        if painter.fontMetrics().horizontalAdvance(self.word) > right - left:
            # whole words say more than heavy ones: bar and ground tell which page is open, too
            painter.setFont(theme.font(theme.BODY, theme.REGULAR))
        word = painter.fontMetrics().elidedText(
            self.word, Qt.TextElideMode.ElideRight, int(right - left)
        )
        where = QRectF(left, 0, right - left, box.height())
        painter.drawText(where, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, word)

    def _paint_count(self, painter: QPainter, box: QRectF) -> float:
        tokens = theme.tokens()
        text = str(self._count)
        painter.setFont(theme.font(theme.CAPTION, theme.SEMIBOLD))
        width = max(painter.fontMetrics().horizontalAdvance(text) + theme.px(14), theme.px(24))
        height = theme.px(20)
        pill = QRectF(box.width() - theme.px(9) - width, (box.height() - height) / 2, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.sideline))
        painter.drawRoundedRect(pill, height / 2, height / 2)
        painter.setPen(QColor(tokens.sidetext))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)
        return pill.left()

    def _paint_dot(self, painter: QPainter, box: QRectF) -> None:
        if self._count:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.tokens().sidebar))
            painter.drawEllipse(QRectF(box.width() - 18, 8, 12, 12))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring where the keyboard brought the focus."""
        self._ring = event.reason() != Qt.FocusReason.MouseFocusReason
        super().focusInEvent(event)


class Sidebar(QWidget):
    """The dark spine of the window.

    Args:
        home: The home's name.
        groups: Where its person can go.
        foot: What stands at the foot; their pages are asked for as ``chosen`` too.
    """

    chosen = Signal(str)
    """A page, or an item of the foot, was asked for by its name."""

    def __init__(self, home: str, groups: Sequence[Group], foot: Sequence[Place]) -> None:
        super().__init__()
        tell_tabs()
        self.setAccessibleName("Sidebar")
        self._head = _Head(home)
        self._items: dict[str, SideItem] = {}
        self._captions: list[_Caption] = []
        inside = TabList()
        inside.setAccessibleName("Pages")
        inside.setAutoFillBackground(False)
        self._list = QVBoxLayout(inside)
        self._list.setContentsMargins(_SIDE, 0, _SIDE, 0)
        self._scroll = scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # where it comes, and when rows move, the page that is open stays in sight
        scroll.verticalScrollBar().rangeChanged.connect(self._show_chosen)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # while it is empty: what it holds would be given its style here, and again later
        scroll.setWidget(inside)
        inside.setAutoFillBackground(False)
        scroll.viewport().setAutoFillBackground(False)
        keys = iter(range(1, 10))
        for group in groups:
            if group.caption:
                caption = _Caption(group.caption)
                self._captions.append(caption)
                self._list.addWidget(caption)
            for place in group.places:
                digit = next(keys, None)
                self._list.addWidget(self._item(place, f"Ctrl+{digit}" if digit else ""))
        self._list.addStretch(1)
        self._foot = QVBoxLayout()
        self._foot.setContentsMargins(_SIDE, 0, _SIDE, 0)
        for place in foot:
            words = "Ctrl+L" if place.page == "lock" else ""
            self._foot.addWidget(self._item(place, words))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._head)
        whole.addWidget(scroll, 1)
        whole.addLayout(self._foot)
        self._narrow = False
        self._space()

    @property
    def pages(self) -> tuple[str, ...]:
        """The pages listed, from top to bottom, without the foot."""
        return tuple(name for name, item in self._items.items() if self._list.indexOf(item) >= 0)

    def item(self, name: str) -> SideItem | None:
        """Return the item of a page; None if it is not listed."""
        return self._items.get(name)

    def show_open(self, page: str) -> None:
        """Mark the page that is open, or what it belongs to; none if neither is in the list."""
        if page not in self._items:
            page = UNDER.get(page, page)
        for name, item in self._items.items():
            if item.isCheckable() and item.isChecked() != (name == page):
                item.setChecked(name == page)
                tell_open(item)
        self._show_chosen()

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001  # a state, as Qt's setters
        """Show icons alone, or words with them."""
        if narrow != self._narrow:
            self._narrow = narrow
            for caption in self._captions:
                caption.setVisible(not narrow)
            self._head.set_narrow(narrow)
            self._space()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme and the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_narrow"):
            self._space()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the window's height: rows move together before they scroll."""
        super().resizeEvent(event)
        self._space()

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint the ground."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.tokens().side))
        painter.end()

    def _item(self, place: Place, keys: str) -> SideItem:
        # a page is a state, an action such as locking is not
        item = SideItem(place.word, place.icon, keys, checkable=place.page not in {"lock", "look"})
        item.clicked.connect(lambda: self._clicked(place.page))
        self._items[place.page] = item
        return item

    def _clicked(self, page: str) -> None:
        # a click unchecks a checked button; which page is open is the shell's to say
        item = self._items[page]
        if item.isCheckable():
            item.setChecked(not item.isChecked())
        self.chosen.emit(page)

    def _space(self) -> None:
        self.setFixedWidth(NARROW if self._narrow else theme.px(WIDE))
        if self._narrow:
            (least, most), (tight, gap) = _NARROW_ITEM, (_NARROW_GAP, _NARROW_GAP)
            captions = 0
        else:
            (least, most), (tight, gap) = map(theme.px, _ITEM), map(theme.px, _GAP)
            captions = sum(caption.sizeHint().height() for caption in self._captions)
        number = max(len(self._items), 1)
        room = self.height() - self._head.sizeHint().height() - captions - theme.px(_END)
        # each row and each caption has a gap after it
        gaps = number + (0 if self._narrow else len(self._captions))
        if room < number * most + gaps * gap:
            gap = tight
        height = min(max((room - gaps * gap) // number, least), most)
        for item in self._items.values():
            item.set_height(height, narrow=self._narrow)
        self._list.setSpacing(gap)
        self._foot.setSpacing(gap)
        self._foot.setContentsMargins(_SIDE, gap, _SIDE, theme.px(_END))

    def _show_chosen(self) -> None:
        for name in self.pages:
            if (item := self._items[name]).isChecked():
                self._scroll.ensureWidgetVisible(item, 0, item.height())


class _Caption(QWidget):
    """The caption of a group."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self._words = words
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(words)

    def sizeHint(self) -> QSize:
        return QSize(10, theme.px(24))

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QColor(theme.tokens().sidemuted))
        painter.setFont(theme.font(theme.CAPTION, theme.SEMIBOLD))
        where = QRectF(self.rect()).adjusted(theme.px(15), 0, 0, -theme.px(2))
        painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, self._words)
        painter.end()


class _Head(QWidget):
    """The mark and the home's name."""

    def __init__(self, home: str) -> None:
        super().__init__()
        self._home = home
        self._narrow = False
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{home}, Liaison record")
        self.setToolTip(home)

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001  # a state, as Qt's setters
        self._narrow = narrow
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(10, 72 if self._narrow else theme.px(67))

    def paintEvent(self, _: QPaintEvent) -> None:
        tokens = theme.tokens()
        painter = QPainter(self)
        if self._narrow:
            side = 44
            square = QRectF((self.width() - side) / 2, 14, side, side)
            paint_mark(painter, square, tokens.sidebar)
        else:
            side = theme.px(34)
            square = QRectF(theme.px(16), theme.px(16), side, side)
            paint_mark(painter, square, tokens.sidebar)
            left = square.right() + theme.px(10)
            width = self.width() - left - theme.px(8)
            upper = QRectF(left, square.top() - theme.px(1), width, side / 2 + theme.px(2))
            lower = QRectF(left, square.center().y(), width, side / 2 + theme.px(2))
            painter.setPen(QColor("#FFFFFF" if not tokens.dark else tokens.text))
            painter.setFont(theme.font(theme.BODY, theme.SEMIBOLD))
            name = painter.fontMetrics().elidedText(
                self._home, Qt.TextElideMode.ElideRight, int(width)
            )
            painter.drawText(upper, Qt.AlignmentFlag.AlignVCenter, name)
            painter.setPen(QColor(tokens.sidemuted))
            painter.setFont(theme.font(theme.CAPTION))
            painter.drawText(lower, Qt.AlignmentFlag.AlignVCenter, "Liaison record")
        painter.end()
