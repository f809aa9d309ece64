"""Abbreviations explained where they are shown: a tip when the mouse rests on them or Tab comes by.

The parts of the window know no home. What a word means is asked from whoever taught it last: once a
home is open that is its glossary, and nobody before and after.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from html import escape
from typing import Final, NamedTuple

from PySide6 import QtGui
from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, QTimer
from PySide6.QtWidgets import QToolTip, QWidget

from liaison.ui import theme
from liaison.ui.widgets.painting import box, painter_for
from liaison.ui.widgets.text import Wrap, tips

_MOST_REMEMBERED: Final = 256
"""Texts of which the tip is remembered: about two pages."""
_MOST: Final = 6
"""Words that one tip explains; more would fill the screen."""


class Meaning(NamedTuple):
    """An abbreviation in a text, and what it means.

    Args:
        start: Where it begins, in characters.
        end: Where it ends.
        word: The abbreviation.
        words: What it means.
    """

    start: int
    end: int
    word: str
    words: str


Finder = Callable[[str], Sequence[Meaning]]
"""Finds the abbreviations in a text."""


class _Taught:
    """Holds what finds abbreviations."""

    find: Finder | None = None


def teach(find: Finder) -> None:
    """Say what finds abbreviations from now on."""
    _Taught.find = find
    # a label asks again each time it is laid out; what is remembered is forgotten with the home
    tips.explain = lru_cache(maxsize=_MOST_REMEMBERED)(tip_of)


def forget(find: Finder) -> None:
    """Explain nothing any more, unless somebody else has taught something since."""
    if _Taught.find is find:
        _Taught.find = tips.explain = None


def meanings(text: str) -> Sequence[Meaning]:
    """Return the abbreviations in a text, from the left."""
    return _Taught.find(text) if _Taught.find is not None and text else ()


def said_of(text: str) -> str:
    """Return what the abbreviations in a text mean, for a screen reader."""
    return " ".join(f"{word}: {words}" for word, words in _each(text))


def tip_of(text: str) -> str:
    """Return what the abbreviations in a text mean, as a tool tip; empty if there are none."""
    lines = [f"<b>{escape(word)}</b>: {escape(words)}" for word, words in _each(text)]
    return f"<span>{'<br>'.join(lines)}</span>" if lines else ""


def _each(text: str) -> list[tuple[str, str]]:
    found = {one.word: one.words for one in meanings(text)}
    return list(found.items())[:_MOST]


def show_tip(part: QWidget, tip: str) -> None:
    """Show a tip below a control that has the keyboard; it goes when the keyboard goes on."""

    def show() -> None:
        if part.hasFocus():
            corner = part.mapToGlobal(QPoint(theme.px(8), part.height() + theme.px(2)))
            QToolTip.showText(corner, tip, part)

    # Qt tells the style of the focus after the control, and takes any tip away at that
    QTimer.singleShot(0, part, show)


class Explained(Wrap):
    """What people wrote: abbreviations in it are underlined, and Tab stops to explain them.

    Without any it is a :class:`Wrap`, which Tab passes over.

    Args:
        words: The words.
        kind: As for :class:`liaison.ui.widgets.Text`.
        name: What it is, for a screen reader ("Explanation"); the words follow.
        widest: As for :class:`liaison.ui.widgets.Wrap`.
    """

    def __init__(
        self,
        words: str = "",
        kind: str = "body",
        parent: QWidget | None = None,
        *,
        name: str = "",
        widest: float = 560,
    ) -> None:
        self._name = name
        self._meanings: Sequence[Meaning] = ()
        super().__init__(words, kind, parent, widest=widest)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.learn()

    def setText(self, words: str) -> None:
        """Show other words."""
        super().setText(words)
        self.learn()

    def learn(self) -> None:
        """Find the abbreviations anew: the words or the glossary changed."""
        self._meanings = meanings(self.text())
        policy = Qt.FocusPolicy
        self.setFocusPolicy(policy.StrongFocus if self._meanings else policy.ClickFocus)
        tips.put(self)
        self.setAccessibleName(f"{self._name}: {self.text()}" if self._name else self.text())
        self.setAccessibleDescription(said_of(self.text()))
        self.update()

    def focusInEvent(self, event: QtGui.QFocusEvent) -> None:
        """Explain the words when the keyboard comes by."""
        super().focusInEvent(event)
        self.update()
        reasons = Qt.FocusReason
        if self._meanings and event.reason() in {
            reasons.TabFocusReason,
            reasons.BacktabFocusReason,
        }:
            show_tip(self, tip_of(self.text()))

    def focusOutEvent(self, event: QtGui.QFocusEvent) -> None:
        """Take ring and tip away."""
        super().focusOutEvent(event)
        QToolTip.hideText()
        self.update()

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:
        """Take the tip away with Esc; show it again with Enter or the space bar."""
        keys = Qt.Key
        if event.key() == keys.Key_Escape and QToolTip.isVisible():
            QToolTip.hideText()
        elif event.key() in {keys.Key_Return, keys.Key_Enter, keys.Key_Space} and self._meanings:
            show_tip(self, tip_of(self.text()))
        else:
            event.ignore()

    def event(self, event: QEvent) -> bool:
        """Keep Esc from shortcuts while a tip is in the way."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QtGui.QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and QToolTip.isVisible()
        ):
            event.accept()
            return True
        return super().event(event)

    def _marked(self, start: int, end: int) -> list[QtGui.QTextLayout.FormatRange]:
        ranges = []
        for one in self._meanings:
            if start <= one.start < end:
                marked = QtGui.QTextLayout.FormatRange()
                marked.start, marked.length = one.start - start, one.end - one.start
                look = QtGui.QTextCharFormat()
                look.setUnderlineStyle(QtGui.QTextCharFormat.UnderlineStyle.DotLine)
                look.setUnderlineColor(theme.colour("accent"))
                marked.format = look
                ranges.append(marked)
        return ranges

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        """Paint the lines, and the ring when the keyboard is here."""
        super().paintEvent(event)
        if self.hasFocus() and self._meanings:
            rect = QRectF(self.rect())
            box(painter_for(self), rect, theme.px(4), None, theme.colour("focus"), 2)
