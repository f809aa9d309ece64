"""Buttons: primary (one on a page), secondary, quiet; with an icon, small or big."""

from __future__ import annotations

from enum import Enum
from typing import ClassVar

from PySide6 import QtGui
from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFocusEvent, QFont, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from liaison.ui import theme
from liaison.ui.widgets.line import FIELD_HEIGHT
from liaison.ui.widgets.painting import box, draw_pixmap, painter_for

_BY_KEYBOARD = frozenset(
    {
        Qt.FocusReason.TabFocusReason,
        Qt.FocusReason.BacktabFocusReason,
        Qt.FocusReason.ShortcutFocusReason,
        Qt.FocusReason.OtherFocusReason,
        Qt.FocusReason.ActiveWindowFocusReason,
        Qt.FocusReason.PopupFocusReason,
    }
)


class Role(Enum):
    """How much a button stands out."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    QUIET = "quiet"
    DANGER = "danger"
    """For what cannot be undone, in a dialog that has asked."""


class Button(QPushButton):
    """A button with a verb.

    Args:
        words: What it does: "Save visit".
        icon: A Lucide name, or nothing.
        role: ``Button.PRIMARY`` (one on a page), ``SECONDARY``, ``QUIET`` or ``DANGER``.
        small: 32 pixels high, for rows and banners.
        big: 48 pixels high, for the one thing on the screen.
        beside_field: As high as a field, for a row with one.
        shortcut: Such as ``Ctrl+S``; it works and the tip says it.
        parent: The parent.
    """

    PRIMARY: ClassVar = Role.PRIMARY
    SECONDARY: ClassVar = Role.SECONDARY
    QUIET: ClassVar = Role.QUIET
    DANGER: ClassVar = Role.DANGER

    def __init__(
        self,
        words: str = "",
        icon: str = "",
        role: Role = Role.SECONDARY,
        *,
        small: bool = False,
        big: bool = False,
        beside_field: bool = False,
        shortcut: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.role = role
        self._icon = icon
        self._height = 32 if small else 48 if big else FIELD_HEIGHT if beside_field else 40
        self._points = 12.0 if big else theme.BODY
        self._ring = False
        self.words = ""
        self._shortcut = shortcut
        self.set_words(words)
        # Enter presses the one that has the focus, in dialogs too
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        if shortcut:
            # not a button's own shortcut: Qt would hold the button down for a tenth of a second,
            # and the keys typed meanwhile would go to where the focus was
            keys = QtGui.QKeySequence(shortcut)
            QtGui.QShortcut(keys, self).activated.connect(self.click)
            self.setToolTip(shortcut)

    def set_words(self, words: str) -> None:
        """Show another verb."""
        self.words = words
        # an ampersand in a name is no mnemonic
        self.setText(words.replace("&", "&&"))
        self.setAccessibleName(words)
        self.updateGeometry()

    def set_icon(self, icon: str) -> None:
        """Show another icon, or none."""
        self._icon = icon
        self.updateGeometry()
        self.update()

    def set_role(self, role: Role) -> None:
        """Let it stand out more or less."""
        self.role = role
        self.update()

    def _font(self) -> QFont:
        return theme.font(self._points, theme.SEMIBOLD)

    def _padding(self) -> int:
        side = 8 if self.role is Role.QUIET else 12 if self._height == 32 else 16  # noqa: PLR2004
        return theme.px(side)

    def sizeHint(self) -> QSize:
        """Ask for icon, gap and words with room at both sides."""
        self.setFont(self._font())
        width = 2 * self._padding() + self._content_width()
        return QSize(width, theme.px(self._height))

    def minimumSizeHint(self) -> QSize:
        """Never be narrower than its words: a button is not shortened."""
        return self.sizeHint()

    def _content_width(self) -> int:
        width = self.fontMetrics().horizontalAdvance(self.words)
        if self._icon:
            width += theme.px(18) + (theme.px(8) if self.words else 0)
        if self.menu() is not None:
            width += theme.px(22)
        return width

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme and the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Be pressed with Enter as with the space bar."""
        bare = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if not enter or bare != Qt.KeyboardModifier.NoModifier:
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():
            # a key that is held down is one press
            self.click()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring where the keyboard brought the focus."""
        self._ring = event.reason() in _BY_KEYBOARD
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        self._ring = False
        super().focusOutEvent(event)

    def _colours(self) -> tuple[QColor | None, QColor | None, str]:
        """Return the fill, the edge and the token of the words."""
        colour = theme.colour
        hover, down = self.underMouse() and self.isEnabled(), self.isDown()
        if self.role in {Role.PRIMARY, Role.DANGER}:
            if not self.isEnabled():
                # off, but still to be read: a sentence beside it says what is missing
                return colour("sunk"), colour("border"), "muted"
            if self.role is Role.DANGER:
                fill = colour("late")
                return (fill.darker(115) if hover or down else fill), None, "surface"
            fill = colour("accenthi" if hover or down else "accent")
            return (fill.darker(115) if down else fill), None, "onaccent"
        if self.role is Role.QUIET:
            if not self.isEnabled():
                return None, None, "disabled"
            return (colour("soft") if hover or down else None), None, "accent"
        if not self.isEnabled():
            return colour("surface"), colour("border"), "disabled"
        if down:
            return colour("sunk"), colour("strong"), "text"
        return (
            colour("raised" if hover else "surface"),
            colour("muted" if hover else "btn"),
            "text",
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the button as it stands."""
        painter = painter_for(self)
        fill, edge, words = self._colours()
        rect, radius = QRectF(self.rect()), theme.px(8)
        box(painter, rect, radius, fill, edge)
        if self._ring and self.hasFocus():
            box(painter, rect, radius, None, theme.colour("focus"), 2)
            if self.role in {Role.PRIMARY, Role.DANGER}:
                # amber on teal is 1.2 to 1: a light line inside makes the ring visible
                inner = rect.adjusted(2, 2, -2, -2)
                box(painter, inner, radius - 2, None, theme.colour("surface"), 1.5)
        self._paint_content(painter, words)

    def _paint_content(self, painter: QPainter, token: str) -> None:
        painter.setFont(self._font())
        self.setFont(self._font())
        room = self.width() - 2 * min(self._padding(), self.width() // 6)
        width = min(self._content_width(), room)
        x = (self.width() - width) / 2
        end = x + width
        middle = self.height() / 2
        if self._icon:
            picture = theme.pixmap(self._icon, token, 18, self)
            x += draw_pixmap(painter, x, middle, picture) + theme.px(8)
        if self.menu() is not None:
            end -= theme.px(22)
            chevron = theme.pixmap("chevron-down", token, 16, self)
            draw_pixmap(painter, end + theme.px(6), middle, chevron)
        painter.setPen(theme.colour(token))
        words = self.fontMetrics().elidedText(
            self.words, Qt.TextElideMode.ElideRight, max(round(end - x) + 1, 0)
        )
        where = QRectF(x, 0, end - x + 2, self.height())
        painter.drawText(
            where, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), words
        )


class IconButton(Button):
    """A button that shows only an icon; its name is said and shown as a tip.

    Args:
        icon: A Lucide name.
        name: What it does: "Close".
        role: As for :class:`Button`.
        small: 32 pixels square, not 40.
        shortcut: As for :class:`Button`.
        parent: The parent.
    """

    def __init__(
        self,
        icon: str,
        name: str,
        role: Role = Role.QUIET,
        *,
        small: bool = False,
        shortcut: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("", icon, role, small=small, shortcut=shortcut, parent=parent)
        self.set_name(name)

    def set_name(self, name: str) -> None:
        """Say and show another name."""
        self.setAccessibleName(name)
        self.setToolTip(f"{name} ({self._shortcut})" if self._shortcut else name)

    def sizeHint(self) -> QSize:
        """Ask for a square."""
        side = theme.px(self._height)
        return QSize(side, side)
