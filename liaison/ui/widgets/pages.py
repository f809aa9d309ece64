"""The frame of a page: its header with the actions, and the scrolling sheet it lies on."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from liaison.ui import theme
from liaison.ui.widgets.flow import FlowRow
from liaison.ui.widgets.painting import show_with, spaced
from liaison.ui.widgets.picture import Icon
from liaison.ui.widgets.text import Elided, Wrap


class PageHeader(QWidget):
    """Title, a sentence below it, and the page's actions at the right.

    From 140 per cent text they stand below, unless there is room for them and for the sentence.

    Args:
        title: The page's title.
        subtitle: A sentence.
        actions: Its buttons; one of them primary at most.

    Attributes:
        buttons: The row they stand in.
    """

    def __init__(
        self,
        title: str,
        subtitle: str = "",
        actions: Sequence[QWidget] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._title = Elided(title, "title")
        self._icon = Icon("circle-check", "ok", 16)
        self._subtitle = Wrap("", "muted", widest=900)
        # a widget, hidden when there is nothing to say: an empty layout would allow no width
        self._below = QWidget()
        below = spaced(QHBoxLayout(self._below), 6)
        below.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        below.addWidget(self._subtitle, 1)
        words = spaced(QVBoxLayout(), 3)
        words.addWidget(self._title)
        words.addWidget(self._below)
        self.buttons = FlowRow(actions)
        self._row = spaced(QBoxLayout(QBoxLayout.Direction.LeftToRight, self), 12)
        self._row.addLayout(words, 1)
        self._row.addWidget(self.buttons, 0, Qt.AlignmentFlag.AlignVCenter)
        self.set_subtitle(subtitle)

    def set_title(self, title: str) -> None:
        """Show another title."""
        self._title.setText(title)

    def set_subtitle(self, words: str, icon: str = "", token: str = "muted") -> None:  # noqa: S107  # a colour's name
        """Show another sentence below the title, with an icon or without."""
        self._subtitle.setText(words)
        show_with(self._below, wanted=bool(words))
        show_with(self._icon, wanted=bool(icon))
        if icon:
            self._icon.set_icon(icon, token)
        self._turn()

    def changeEvent(self, event: QEvent) -> None:
        """Put the actions below the title when text is large."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._turn()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the actions beside the title where both fit."""
        super().resizeEvent(event)
        self._turn()

    def _turn(self) -> None:
        beside = theme.roomy() or self._fits()
        self._row.setDirection(
            QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        )

    def _fits(self) -> bool:
        title = self._title.fontMetrics().horizontalAdvance(self._title.text())
        between, buttons = self._row.spacing(), self.buttons.sizeHint()
        left = self.width() - between - buttons.width()
        if title > left:
            return False
        # in a narrow column a sentence may take more room than the buttons would below it
        below = self._subtitle.heightForWidth(self.width()) + between + buttons.height()
        return self._subtitle.heightForWidth(left) <= below


class ScrollPage(QScrollArea):
    """The sheet of a page: it scrolls, so that no content ever decides the window's size.

    Attributes:
        body: The column to add to.
    """

    def __init__(
        self,
        spacing: float = 16,
        margins: tuple[float, float, float, float] = (24, 20, 24, 20),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        sheet = QWidget()
        self.body = spaced(_Column(sheet, self), spacing, margins)
        self.setWidget(sheet)
        # setWidget turns it on, and the page's ground would be painted twice
        sheet.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)


class _Column(QVBoxLayout):
    """The column on a sheet: a scroll bar takes its room from the right margin, not from the content.

    So the content ends in line with what stands above, and is as wide, and so as tall, with the bar
    as without it. Were it taller without the bar, the bar would come and go until the program ends.

    Args:
        sheet: The sheet.
        area: What scrolls it.
    """

    def __init__(self, sheet: QWidget, area: QScrollArea) -> None:
        super().__init__(sheet)
        self._area = area

    def setGeometry(self, rect: QRect) -> None:
        """Lay the content out as wide as it is without the bar."""
        super().setGeometry(rect.adjusted(0, 0, self._taken(rect.width()), 0))

    def heightForWidth(self, width: int) -> int:
        """Return the height of the content as it is laid out on so wide a sheet."""
        return super().heightForWidth(width + self._taken(width))

    def minimumSize(self) -> QSize:
        """Return the least size, with a bar in the margin."""
        whole = super().minimumSize()
        # where there is not even that room without the bar, the margin has none to give
        fits = whole.width() <= self._area.maximumViewportSize().width()
        return whole - QSize(self._most, 0) if fits else whole

    @property
    def _most(self) -> int:
        return min(
            self._area.verticalScrollBar().sizeHint().width(), self.contentsMargins().right()
        )

    def _taken(self, width: int) -> int:
        return max(0, min(self._area.maximumViewportSize().width() - width, self._most))


class OneOf(QStackedWidget):
    """Several parts in one place, of which one is shown; it asks for the room of that one only.

    Qt's own asks for the room of the largest, so that a short part would lie in the middle of a
    long emptiness.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.currentChanged.connect(lambda _: self.updateGeometry())

    def sizeHint(self) -> QSize:
        """Ask for what the shown part asks for."""
        shown = self.currentWidget()
        return shown.sizeHint() if shown is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Shrink no further than the shown part does."""
        shown = self.currentWidget()
        if shown is None:
            return super().minimumSizeHint()
        return shown.minimumSizeHint().expandedTo(shown.minimumSize())
