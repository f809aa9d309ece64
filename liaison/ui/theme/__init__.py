"""How the window looks: colours, type, sizes and icons, light or dark, at 100 to 200 per cent.

The application calls :func:`install` once, before its first widget. Everybody else asks::

    theme.px(16)                 a length at today's text size
    theme.font(12, theme.SEMIBOLD)
    theme.colour("accent")       a QColor; tokens().accent is the same as text
    theme.pixmap("check", "onaccent", 18, widget)
    theme.icon("printer")        a QIcon, for what cannot paint its own
    theme.roomy()                False from 140 %: columns stack, the sidebar shows icons

All of it is read when a widget paints or lays itself out: after a switch every widget gets a
``StyleChange`` event (and :data:`Theme.changed` is emitted for what is no widget).
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Final

from PySide6 import QtGui
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from liaison.ui.theme import fonts, icons, style
from liaison.ui.theme.fonts import BOLD, REGULAR, SEMIBOLD, with_features
from liaison.ui.theme.tokens import DARK, LIGHT, Tokens, contrast

__all__ = [
    "BODY", "BOLD", "CAPTION", "DARK", "LIGHT", "REGULAR", "SECONDARY", "SEMIBOLD", "Theme",
    "Tokens", "colour", "contrast", "current", "font", "icon", "install", "pixmap", "pt", "px",
    "roomy", "scale", "tokens", "with_features",
]  # fmt: skip

BODY: Final = 10.5
SECONDARY: Final = 9.5
CAPTION: Final = 9.0
"""Point sizes at 100 per cent; nothing on the screen is smaller than a caption."""

FUSION: Final = "started-as-fusion"
"""A property of an application that was started with Fusion: asking for it again from Python costs
the start several milliseconds, as the answer is a style object with all its enumerations."""

_NARROW_FROM: Final = 1.4
_LARGEST: Final = 2.0


class Theme(QObject):
    """The look of the running application; made by :func:`install`.

    Args:
        app: The application.
        choice: ``system``, ``light`` or ``dark``.
        scale: Text size, 1.0 to 2.0.
    """

    changed = Signal()

    def __init__(self, app: QApplication, choice: str = "system", scale: float = 1.0) -> None:
        super().__init__(app)
        self._app = app
        self._choice = choice
        self._scale = scale
        self._family = fonts.load()
        self.tokens = LIGHT
        if app.property(FUSION) is not True:
            app.setStyle("Fusion")
        app.styleHints().colorSchemeChanged.connect(self._follow_system)
        self._apply()

    @property
    def choice(self) -> str:
        """What was chosen: ``system``, ``light`` or ``dark``."""
        return self._choice

    @property
    def scale(self) -> float:
        """The text size: 1.0 is 100 per cent."""
        return self._scale

    def choose(self, choice: str) -> None:
        """Use the light or the dark theme, or follow the system.

        Args:
            choice: ``system``, ``light`` or ``dark``.
        """
        self._choice = choice
        # laying every widget out anew for the colours it has already would be felt
        if self._wanted() is not self.tokens:
            self._apply()

    def resize(self, scale: float) -> None:
        """Use another text size; everything grows with it, live.

        Args:
            scale: 1.0 to 2.0; what lies outside is brought inside.
        """
        scale = min(max(scale, 1.0), _LARGEST)
        if scale != self._scale:
            self._scale = scale
            self._apply()

    def font(self, points: float, weight: QFont.Weight = REGULAR) -> QFont:
        """Return a font; ``points`` at 100 per cent."""
        return fonts.font(self._family, points * self._scale, weight)

    def system_is_dark(self) -> bool:
        """Return whether the computer asks for a dark window."""
        return self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark

    def _follow_system(self) -> None:
        if self._choice == "system":
            self._apply()

    def _wanted(self) -> Tokens:
        dark = self.system_is_dark() if self._choice == "system" else self._choice == "dark"
        return DARK if dark else LIGHT

    def _apply(self) -> None:
        self.tokens = self._wanted()
        icons.forget()
        icon.cache_clear()
        with _collector_paused():
            # a sheet in place of another is given to each widget once for every widget around it
            self._app.setStyleSheet("")
            self._app.setPalette(style.palette(self.tokens))
            self._app.setFont(self.font(BODY))
            # last: it tells every widget to lay itself out and paint anew
            self._app.setStyleSheet(style.sheet(self.tokens, self._scale))
        self.changed.emit()


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep Python's collector still: Qt goes over all widgets by their bare addresses.

    A forgotten widget that was collected in the middle of that would end the program.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


_themes: list[Theme] = []


def install(app: QApplication, choice: str = "system", scale: float = 1.0) -> Theme:
    """Give the application its look, or change it if it has one.

    Args:
        app: The application.
        choice: ``system``, ``light`` or ``dark``.
        scale: Text size, 1.0 to 2.0.
    """
    if _themes:
        theme = _themes[0]
        theme.choose(choice)
        theme.resize(scale)
    else:
        theme = Theme(app, choice, scale)
        _themes.append(theme)
    return theme


def current() -> Theme:
    """Return the look of the running application.

    Raises:
        RuntimeError: :func:`install` was not called.
    """
    if not _themes:
        raise RuntimeError("theme.install() comes before the first widget")
    return _themes[0]


def tokens() -> Tokens:
    """Return the colours as they are now."""
    return current().tokens


def colour(token: str) -> QColor:
    """Return a colour by its token, such as ``accent``."""
    return QColor(getattr(current().tokens, token))


def scale() -> float:
    """Return the text size: 1.0 is 100 per cent."""
    return current().scale


def roomy() -> bool:
    """Return whether columns stand side by side; from 140 per cent they stack."""
    return current().scale < _NARROW_FROM


def px(length: float) -> int:
    """Return a length in the window's pixels at today's text size."""
    return round(length * current().scale)


def pt(points: float) -> float:
    """Return a type size at today's text size."""
    return points * current().scale


def font(points: float = BODY, weight: QFont.Weight = REGULAR) -> QFont:
    """Return a font; ``points`` at 100 per cent."""
    return current().font(points, weight)


def pixmap(name: str, token: str, size: int, widget: QWidget) -> QPixmap:
    """Draw an icon for a widget's screen.

    Args:
        name: Its name in Lucide.
        token: The colour's token.
        size: In pixels at 100 per cent.
        widget: Where it is painted.
    """
    return icons.pixmap(name, colour(token).name(), px(size), widget.devicePixelRatioF())


@lru_cache(maxsize=128)
def icon(name: str, token: str = "text", size: int = 18) -> QtGui.QIcon:  # noqa: S107  # a colour's name
    """Return an icon for what cannot paint its own; to be asked for again at a ``StyleChange``.

    Args:
        name: Its name in Lucide.
        token: The colour's token.
        size: In pixels at 100 per cent.
    """
    # by its module: the class is made when it is first named, which the first window never does
    made = QtGui.QIcon()
    for ratio in (1.0, 1.25, 1.5, 2.0, 3.0):
        picture = icons.pixmap(name, colour(token).name(), px(size), ratio)
        made.addPixmap(picture)
        off = icons.pixmap(name, colour("disabled").name(), px(size), ratio)
        made.addPixmap(off, QtGui.QIcon.Mode.Disabled)
    return made
