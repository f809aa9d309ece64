"""Icons: Lucide's line drawings, coloured from the theme and drawn for the screen they are on."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from liaison.settings import resource


@lru_cache(maxsize=512)
def _drawing(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=1024)
def pixmap(name: str, colour: str, size: int, ratio: float) -> QPixmap:
    """Draw an icon.

    Args:
        name: Its name in Lucide, such as ``calendar-days``.
        colour: ``#RRGGBB``.
        size: Its width and height in the window's pixels.
        ratio: Pixels of the screen to one of the window.

    Raises:
        FileNotFoundError: It is not among the icons that ship.
    """
    drawing = _drawing(name).replace("currentColor", colour)
    picture = QPixmap(round(size * ratio), round(size * ratio))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    QSvgRenderer(QByteArray(drawing.encode())).render(painter, QRectF(picture.rect()))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


def forget() -> None:
    """Forget the drawn icons; those of the theme before are not needed again soon."""
    pixmap.cache_clear()
