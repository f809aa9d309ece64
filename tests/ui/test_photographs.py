"""Every screen can be photographed: each page once, over a full home and an empty one."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QImage, QPixmap
from pytestqt.qtbot import QtBot

from liaison.ui.pages import PAGES
from tests.ui.photographs import LOOKS, contact_sheet, photograph


def test_every_screen_is_photographed_in_its_size(
    qtbot: QtBot, demonstration: Path, window_home: Path
) -> None:
    taken: dict[str, QPixmap] = {}
    wanted = LOOKS[-1]
    photograph(demonstration, window_home, (wanted,), taken.__setitem__)
    for page in PAGES:
        assert f"{page}-{wanted.name}" in taken
        assert f"{page}-empty-{wanted.name}" in taken
    for name, picture in taken.items():
        assert (picture.width(), picture.height()) == wanted.size, name
        assert not is_blank(picture.toImage()), f"{name} is blank"
    sheet = contact_sheet(taken)
    assert sheet.height() > sheet.width() // 6


def is_blank(picture: QImage) -> bool:
    """Look at some points of a picture until there are more colours than a blank page has."""
    seen: set[int] = set()
    for y in range(0, picture.height(), 7):
        seen.update(picture.pixel(x, y) for x in range(0, picture.width(), 7))
        if len(seen) > 8:
            return False
    return True
