"""The frame of a page: its header with the actions, and the scrolling sheet it lies on."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from liaison.ui import theme
from liaison.ui.widgets.flow import FlowRow
from liaison.ui.widgets.painting import spaced
from liaison.ui.widgets.picture import Icon
from liaison.ui.widgets.text import Elided, Wrap


class PageHeader(QWidget):
    """Title, a sentence below it, and the page's actions at the right (below, from 140 per cent).

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
        below = spaced(QHBoxLayout(), 6)
        below.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        below.addWidget(self._subtitle, 1)
        words = spaced(QVBoxLayout(), 3)
        words.addWidget(self._title)
        words.addLayout(below)
        self.buttons = FlowRow(actions)
        self._row = spaced(QBoxLayout(QBoxLayout.Direction.LeftToRight, self), 12)
        self._row.addLayout(words, 1)
        self._row.addWidget(self.buttons, 0, Qt.AlignmentFlag.AlignVCenter)
        self.set_subtitle(subtitle)
        self._turn()

    def set_title(self, title: str) -> None:
        """Show another title."""
        self._title.setText(title)

    def set_subtitle(self, words: str, icon: str = "", token: str = "muted") -> None:  # noqa: S107  # a colour's name
        """Show another sentence below the title, with an icon or without."""
        self._subtitle.setText(words)
        self._subtitle.setVisible(bool(words))
        self._icon.setVisible(bool(icon))
        if icon:
            self._icon.set_icon(icon, token)

    def changeEvent(self, event: QEvent) -> None:
        """Put the actions below the title when text is large."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._turn()

    def _turn(self) -> None:
        roomy = theme.roomy()
        self._row.setDirection(
            QBoxLayout.Direction.LeftToRight if roomy else QBoxLayout.Direction.TopToBottom
        )


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
        self.body = spaced(QVBoxLayout(sheet), spacing, margins)
        self.setWidget(sheet)
        # setWidget turns it on, and the page's ground would be painted twice
        sheet.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
