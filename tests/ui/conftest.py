"""Every test of the window starts from the light theme at 100 per cent."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from liaison.ui import theme


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> theme.Theme:
    """Give the application its look; a test may change it."""
    return theme.install(qapp, "light", 1.0)
