"""Every screen can be photographed: each page once, over a full home and an empty one."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QImage, QPixmap
from pytestqt.qtbot import QtBot

from liaison.ui.pages import PAGES
from tests.ui.photographs import LOOKS, contact_sheet, photograph
from tests.ui.whole import make_demonstration


@pytest.mark.parametrize("look", [LOOKS[0], LOOKS[-1]], ids=lambda look: look.name)
def test_every_screen_is_photographed_in_its_size(
    qtbot: QtBot, tmp_path: Path, window_home: Path, look: object
) -> None:
    taken: dict[str, QPixmap] = {}
    wanted = next(one for one in LOOKS if one is look)
    full = make_demonstration(tmp_path / "full")
    photograph(full, window_home, (wanted,), taken.__setitem__)
    for page in PAGES:
        assert f"{page}-{wanted.name}" in taken
        assert f"{page}-empty-{wanted.name}" in taken
    for name, picture in taken.items():
        assert (picture.width(), picture.height()) == wanted.size, name
        assert colours(picture.toImage()) > 8, f"{name} is blank"
    sheet = contact_sheet(taken)
    assert sheet.height() > sheet.width() // 6


def colours(picture: QImage) -> int:
    """Count the colours of some points of a picture: a blank page has two or three."""
    across, down = range(0, picture.width(), 7), range(0, picture.height(), 7)
    return len({picture.pixel(x, y) for x in across for y in down})
