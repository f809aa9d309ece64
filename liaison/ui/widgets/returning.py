"""Giving the keyboard back to where it was, once what floated over a page has gone."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from liaison.ui import walking


class Place:
    """Where the keyboard is now, and how to find back there or near it.

    What had the focus may be gone when it is to be given back: a card is made anew when something
    was written. The next control of the same part of the page is then the one that is meant.

    Args:
        near: What opens; used where nothing in its window has the focus.
    """

    def __init__(self, near: QWidget) -> None:
        # the window's own: it has one while another window is in front, too
        focus: QWidget | None = near.window().focusWidget()
        self._chain = list(_upwards(near if focus is None else focus))

    def give_back(self) -> None:
        """Put the focus where it was, or on the first control of the nearest part still there."""
        for part in self._chain:
            if not isValid(part) or not part.isVisible():
                continue
            target = part if _takes_keys(part) else _first(part)
            if target is not None:
                target.setFocus(Qt.FocusReason.PopupFocusReason)
                return


def _upwards(part: QWidget) -> Iterator[QWidget]:
    at: QWidget | None = part
    # the window's first control is the sidebar's, and nobody was there
    while at is not None and not at.isWindow():
        yield at
        at = at.parentWidget()


def _takes_keys(part: QWidget) -> bool:
    return part.isEnabled() and part.focusPolicy() != Qt.FocusPolicy.NoFocus


def _first(part: QWidget) -> QWidget | None:
    return next((each for each in walking.as_read(part) if walking.takes_tab(each)), None)
