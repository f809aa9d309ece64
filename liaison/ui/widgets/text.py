"""Words on the screen: plain, wrapped, shortened, and keys to press."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6 import QtGui
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from liaison.ui import theme
from liaison.ui.widgets.painting import box, painter_for, spaced


class _Tips:
    """What explains abbreviations in a text, once somebody knows any; the tip of a label says it."""

    explain: Callable[[str], str] | None = None

    def of(self, words: str) -> str:
        """Return the tip of a text; empty if nothing is to be explained."""
        return self.explain(words) if self.explain is not None and words else ""

    def put(self, label: QLabel) -> None:
        """Give a label its tip, or take an older one of ours away."""
        tip = self.of(label.text())
        if tip or label.property("explained"):
            label.setProperty("explained", bool(tip))
            label.setToolTip(tip)


tips: Final = _Tips()


class Text(QLabel):
    """One line of plain text.

    Args:
        words: The words; never markup.
        kind: A kind of text of ``theme.style.TEXT_KINDS``: title, card, label, body, secondary ...
        parent: The parent.
    """

    def __init__(self, words: str = "", kind: str = "body", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        # else a tall card spreads its lines apart
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setProperty("kind", kind)
        self.setText(words)

    def setText(self, words: str) -> None:
        """Show other words."""
        super().setText(words)
        tips.put(self)

    def set_kind(self, kind: str) -> None:
        """Show the words as another kind of text."""
        if kind != self.property("kind"):
            self.setProperty("kind", kind)
            self.style().unpolish(self)
            self.style().polish(self)


class Wrap(Text):
    """Plain text over as many lines as it needs; its height follows its width.

    Qt's own wrapped label asks for a tall narrow window; this one fixes its height when it is given
    its width.

    Args:
        words: The words; line breaks are kept.
        kind: As for :class:`Text`.
        widest: The width it asks for at most, in pixels at 100 per cent.
        whole: What stands between parts that no line is to break, such as a dot between numbers
            and dates; lines then end after it. Nothing for running words.
    """

    def __init__(
        self,
        words: str = "",
        kind: str = "body",
        parent: QWidget | None = None,
        *,
        widest: float = 560,
        whole: str = "",
    ) -> None:
        self._widest, self._whole = widest, whole
        super().__init__(words, kind, parent)
        self.setWordWrap(True)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(False)
        self.setSizePolicy(policy)

    def setText(self, words: str) -> None:
        """Show other words."""
        super().setText(words)
        self._fit()
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        """Tell layouts that the height is fixed: it is, for the width at hand."""
        return False

    def heightForWidth(self, width: int) -> int:
        """Return the height of the lines at a width, as they are painted."""
        return round(self._lay_out(max(width, theme.px(80)))[1])

    def sizeHint(self) -> QSize:
        """Ask for one line, up to the widest."""
        lines = self.text().split("\n")
        natural = max(self.fontMetrics().horizontalAdvance(line) for line in lines) + 2
        return QSize(min(natural, theme.px(self._widest)), self.minimumHeight())

    def minimumSizeHint(self) -> QSize:
        """Allow a narrow column."""
        return QSize(min(self.sizeHint().width(), theme.px(80)), self.minimumHeight())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the width."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.StyleChange, QEvent.Type.FontChange}:
            self._fit()
            self.updateGeometry()

    def _fit(self) -> None:
        height = self.heightForWidth(self.width())
        if height != self.minimumHeight():
            self.setFixedHeight(height)

    def _lay_out(self, width: float) -> tuple[list[QtGui.QTextLayout], float]:
        """Break the words into lines; return the paragraphs and their height in all.

        Qt's label never breaks a word that is wider than the line: the end of a long name or
        address would be cut off.
        """
        option = QtGui.QTextOption(self.alignment())
        option.setWrapMode(QtGui.QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        paragraphs, y = [], 0.0
        step = self.fontMetrics().lineSpacing()
        begin = 0
        for words in self.text().split("\n") if self.text() else []:
            paragraph = QtGui.QTextLayout(self._unbroken(words), self.font(), self)
            paragraph.setTextOption(option)
            if marked := self._marked(begin, begin + len(words)):
                paragraph.setFormats(marked)
            begin += len(words) + 1
            paragraph.beginLayout()
            while (line := paragraph.createLine()).isValid():
                line.setLineWidth(width)
                line.setPosition(QPointF(0, y))
                y += step
            paragraph.endLayout()
            paragraphs.append(paragraph)
        return paragraphs, y

    def _unbroken(self, words: str) -> str:
        # as painted only: whoever reads the label, such as a screen reader, is told plain spaces
        if not self._whole:
            return words
        parts = words.split(self._whole)
        return self._whole.join(part.replace(" ", "\N{NO-BREAK SPACE}") for part in parts)

    def _marked(
        self, start: int, end: int
    ) -> list[QtGui.QTextLayout.FormatRange]:  # for those that mark some
        """Return what is marked in a paragraph of the text."""
        return []

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the lines."""
        painter = painter_for(self)
        painter.setPen(self.palette().windowText().color())
        for paragraph in self._lay_out(self.width())[0]:
            paragraph.draw(painter, QPointF(0, 0))


class Elided(Text):
    """One line of plain text that is shortened with an ellipsis; the tip then says all of it.

    Args:
        words: The words.
        kind: As for :class:`Text`.
        mode: Where it is shortened.
    """

    def __init__(
        self,
        words: str = "",
        kind: str = "body",
        parent: QWidget | None = None,
        *,
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> None:
        self._mode = mode
        super().__init__(words, kind, parent)

    def minimumSizeHint(self) -> QSize:
        """Allow a few letters only."""
        return QSize(
            min(theme.px(48), super().sizeHint().width()), super().minimumSizeHint().height()
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the whole text as a tip where it does not fit."""
        super().resizeEvent(event)
        self._set_tip()

    def setText(self, words: str) -> None:
        """Show other words."""
        super().setText(words)
        self._set_tip()

    def _set_tip(self) -> None:
        whole = "" if self._fits() else as_tip(self.text())
        tip = "<br>".join(part for part in (whole, tips.of(self.text())) if part)
        if tip != self.toolTip():
            self.setToolTip(tip)

    def _fits(self) -> bool:
        # what Qt remembers: each layout asks several times
        return super().sizeHint().width() <= self.width()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint as much as there is room for."""
        if self._fits():
            super().paintEvent(event)
            return
        painter = painter_for(self)
        painter.setFont(self.font())
        painter.setPen(self.palette().windowText().color())
        line = self.fontMetrics().elidedText(self.text(), self._mode, self.width())
        painter.drawText(self.rect(), int(self.alignment()), line)


def as_tip(words: str) -> str:
    """Return words for a tool tip, which would take some for markup otherwise."""
    from html import escape

    return f"<span>{escape(words)}</span>"


class KeyCap(QLabel):
    """One key of the keyboard, drawn as a cap."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(key, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Ask for the key's name and an edge around it."""
        self.setFont(theme.font(theme.CAPTION, theme.SEMIBOLD))
        width = self.fontMetrics().horizontalAdvance(self.text()) + theme.px(12)
        return QSize(max(width, theme.px(22)), theme.px(22))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cap and its letter."""
        painter = painter_for(self)
        t = theme.colour
        rect = QRectF(self.rect())
        box(painter, rect, theme.px(5), t("raised"), t("btn"))
        painter.setFont(theme.font(theme.CAPTION, theme.SEMIBOLD))
        painter.setPen(t("muted"))
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), self.text())


class KeyCaps(QWidget):
    """A shortcut such as ``Ctrl+K``, a cap for each key.

    Args:
        shortcut: Keys joined by ``+``.
    """

    def __init__(self, shortcut: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = spaced(QHBoxLayout(self), 4)
        for key in shortcut.split("+"):
            row.addWidget(KeyCap(key))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(shortcut.replace("+", " "))
