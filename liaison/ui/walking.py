"""Where the Tab key goes on: to the next control as one reads, whatever was built in which order.

Qt remembers an order of its own, which follows the order in which widgets were made and leaves out
whole parts of a page once some of them were exchanged. Here the order is read off the screen, each
time: from top to bottom, within a line from left to right, one card after another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from shiboken6 import isValid

LAID_OUT_MS: Final = 300
"""So long what was just shown may take to find its place, layout after layout."""


def walk(window: QWidget, *, forward: bool) -> bool:
    """Give the keyboard to the next control of a window, or the one before.

    Args:
        window: The window, or a part of it that keeps the keyboard to itself.
        forward: Tab, not Shift+Tab.

    Returns:
        Whether there was one.
    """
    focus = QApplication.focusWidget()
    order = [part for part in as_read(window) if part is focus or takes_tab(part)]
    if not order or order == [focus]:
        return False
    if focus in order:
        turned = order.index(focus)
        rest = [*order[turned + 1 :], *order[:turned]]
    elif focus is not None and (near := _near(focus, window)) is not None:
        rest = [near]
    else:
        rest = order
    target = rest[0] if forward else rest[-1]
    reason = Qt.FocusReason
    target.setFocus(reason.TabFocusReason if forward else reason.BacktabFocusReason)
    bring_into_sight(target)
    return True


def _near(gone: QWidget, window: QWidget) -> QWidget | None:
    """Return what takes the keyboard over from a control that has just been hidden.

    Qt then asks for the next control as if somebody had pressed Tab, and what comes first in a
    window is its sidebar, where nobody was.
    """
    at = gone.parentWidget()
    while at is not None and at is not window and not at.isWindow():
        if at.isVisible():
            proxy = at.focusProxy()
            if proxy is not None and proxy.isVisible() and proxy.isEnabled():
                return proxy
            for part in as_read(at):
                if takes_tab(part):
                    return part
        at = at.parentWidget()
    return None


def as_read(part: QWidget) -> Iterator[QWidget]:
    """Give everything that is visible in a part of a window, as one reads it."""
    yield part
    children = [
        child
        for child in part.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        if child.isVisible() and not child.isWindow()
    ]
    for child in _sorted(children):
        yield from as_read(child)


def takes_tab(part: QWidget) -> bool:
    """Return whether Tab stops at a control."""
    by_tab = part.focusPolicy() & Qt.FocusPolicy.TabFocus
    return bool(by_tab) and part.isEnabled() and part.focusProxy() is None


def _sorted(parts: Sequence[QWidget]) -> list[QWidget]:
    """Sort what stands side by side and one below the other: lines first, then columns."""
    if len(parts) < 2:  # noqa: PLR2004  # one needs no order
        return list(parts)
    lines = _cut(parts, lambda place: (place.top(), place.bottom()))
    if len(lines) > 1:
        return [part for line in lines for part in _sorted(line)]
    columns = _cut(parts, lambda place: (place.left(), place.right()))
    if len(columns) > 1:
        return [part for column in columns for part in _sorted(column)]
    return sorted(parts, key=lambda part: (part.y(), part.x()))


def _cut(parts: Sequence[QWidget], ends: Callable[[QRect], tuple[int, int]]) -> list[list[QWidget]]:
    """Cut where nothing of two neighbours overlaps."""
    placed = sorted(((*ends(part.geometry()), part) for part in parts), key=lambda one: one[:2])
    groups: list[list[QWidget]] = []
    reached = 0
    for start, end, part in placed:
        if not groups or start > reached:
            groups.append([])
            reached = end
        groups[-1].append(part)
        reached = max(reached, end)
    return groups


def bring_into_sight(part: QWidget) -> None:
    """Scroll whatever a part lies in until it is to be seen.

    Args:
        part: The part.
    """
    above = part.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(part)
        above = above.parentWidget()


def reveal(part: QWidget) -> None:
    """Bring a part into sight, and keep it there while what is around it finds its place.

    That takes several layouts where parts lie within parts, each of which moves the end of the sheet.

    Args:
        part: The part.
    """
    bring_into_sight(part)

    def follow() -> None:
        if isValid(part):
            bring_into_sight(part)

    above = part.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea):
            bar = above.verticalScrollBar()
            link = bar.rangeChanged.connect(follow)
            QTimer.singleShot(LAID_OUT_MS, bar, partial(bar.rangeChanged.disconnect, link))
        above = above.parentWidget()
