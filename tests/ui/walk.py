"""What can be wrong with a screen for somebody who does not see it, or uses no mouse.

Each function looks at everything below a widget and returns what is wrong, in words.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QLabel,
    QScrollArea,
    QTableView,
    QWidget,
)

from liaison.ui.widgets import Button, Elided, StateChip, Tag, Wrap

#: A role that tells nobody what a control is for.
_NO_ROLE: Final = {
    QAccessible.Role.NoRole,
    QAccessible.Role.Client,
    QAccessible.Role.Pane,
    QAccessible.Role.Border,
}
"""A named view that scrolls is a region, which has none of these to offer."""
_SMALLEST_POINTS: Final = 9.0
_MOST_STOPS: Final = 600
_ROUNDING: Final = 2


def describe(widget: QWidget) -> str:
    """Say which widget it is."""
    text = getattr(widget, "text", None)
    words = widget.accessibleName() or (text() if callable(text) else "")
    within = widget.parentWidget()
    return f"{type(widget).__name__} {words!r} in {type(within).__name__}"


def controls(root: QWidget) -> list[QWidget]:
    """Return what the Tab key should reach."""
    return [
        widget
        for widget in (root, *root.findChildren(QWidget))
        if (widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        and widget.isVisible()
        and widget.isEnabled()
        and widget.focusProxy() is None
        and widget.window() is root.window()
    ]


# ---- names and roles


def interfaces(interface: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    """Walk what a screen reader is told of a part of the window."""
    if interface.state().invisible:
        return
    yield interface
    # of a long table the first rows tell
    for number in range(min(interface.childCount(), 60)):
        child = interface.child(number)
        if child.isValid():
            yield from interfaces(child)


def told(root: QWidget) -> list[str]:
    """Return what a screen reader could not tell: no name, or no role for a control."""
    found = []
    for widget in controls(root):
        interface = QAccessible.queryAccessibleInterface(widget)
        if not interface.text(QAccessible.Text.Name).strip():
            found.append(f"no name: {describe(widget)}")
        if interface.role() in _NO_ROLE and not isinstance(widget, QAbstractScrollArea):
            found.append(f"role {interface.role().name}: {describe(widget)}")
    pressed = {
        QAccessible.Role.Button,
        QAccessible.Role.CheckBox,
        QAccessible.Role.RadioButton,
        QAccessible.Role.ListItem,
        QAccessible.Role.Link,
        QAccessible.Role.PageTab,
        QAccessible.Role.ComboBox,
        QAccessible.Role.EditableText,
        QAccessible.Role.MenuItem,
        QAccessible.Role.ButtonMenu,
        QAccessible.Role.ColumnHeader,
    }
    return found + [
        f"no name: a {interface.role().name} at {interface.rect()}"
        for interface in interfaces(QAccessible.queryAccessibleInterface(root))
        if interface.role() in pressed and not interface.text(QAccessible.Text.Name).strip()
    ]


# ---- the keyboard


def stops(root: QWidget) -> list[QWidget]:
    """Press Tab until the keyboard is back where it began; return where it was."""
    window = root.window()
    first = _focus()
    if first is None or first not in controls(window):
        window.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyClick(window, Qt.Key.Key_Tab)
        first = _focus()
    if first is None:
        return []
    seen = [first]
    for _ in range(_MOST_STOPS):
        here = _focus()
        QTest.keyClick(here or window, Qt.Key.Key_Tab)
        there = _focus()
        if there is None or there is seen[0]:
            break
        seen.append(there)
        if there is here or seen.count(there) > 1:
            break
    return seen


def _focus() -> QWidget | None:
    focus = QApplication.focusWidget()
    # a scroll area takes the focus for what is in it
    while focus is not None and focus.focusProxy() is not None:
        focus = focus.focusProxy()
    return focus


def by_tab(root: QWidget) -> list[str]:
    """Return what is wrong with walking by Tab: traps, what is left out, jumps backwards."""
    walked = stops(root)
    if not walked:
        return ["nothing takes the keyboard"]
    found = []
    if len(walked) > 1 and walked[-1] in walked[:-1]:
        found.append(f"a trap: Tab stays at {describe(walked[-1])}")
    wanted = controls(root)
    found += [f"Tab leaves out {describe(each)}" for each in wanted if each not in walked]
    inside = [each for each in walked if root.isAncestorOf(each)]
    # the walk is a circle: begin it at the first control of the page
    for before, after in itertools.pairwise(inside):
        if goes_back(before, after) and after is not wanted[0]:
            found.append(f"Tab goes back from {describe(before)} to {describe(after)}")
    return found


def goes_back(before: QWidget, after: QWidget) -> bool:
    """Return whether a control stands before another in the same column or row."""
    one, two = _place(before), _place(after)
    shared = min(one.right(), two.right()) - max(one.left(), two.left())
    column = shared > min(one.width(), two.width()) // 2
    if column and two.bottom() < one.top():
        return True
    level = min(one.bottom(), two.bottom()) - max(one.top(), two.top())
    row = level > min(one.height(), two.height()) // 2
    return row and before.parent() is after.parent() and two.right() < one.left()


def _place(widget: QWidget) -> QRect:
    return QRect(widget.mapTo(widget.window(), QPoint(0, 0)), widget.size())


# ---- what is to be read


def unreadable(root: QWidget, scale: float = 1.0) -> list[str]:
    """Return words that are too small, cut off or stand over the edge of what holds them."""
    found = []
    for widget in root.findChildren(QWidget):
        if not widget.isVisible() or not isinstance(widget, QLabel | QAbstractButton):
            continue
        if not widget.text().strip():
            continue
        points = widget.font().pointSizeF()
        if 0 < points < _SMALLEST_POINTS * scale - 0.01:
            found.append(f"{points:.1f} points: {describe(widget)}")
        if (over := _cut_off(widget)) > _ROUNDING:
            found.append(f"{over} pixels cut off: {describe(widget)}")
    return found


def too_wide(root: QWidget) -> list[str]:
    """Return what scrolls sideways, or lies beyond the edges."""
    found = [
        f"scrolls sideways: {describe(area)}"
        for area in root.findChildren(QAbstractScrollArea)
        # a table, such as who has done which training, is as wide as what it holds
        if area.isVisible()
        and not isinstance(area, QTableView)
        and area.horizontalScrollBar().maximum() > 0
    ]
    for part in root.findChildren(QWidget):
        left = part.mapTo(root, QPoint(0, 0)).x()
        inside = left >= 0 and left + part.width() <= root.width()
        if part.isVisible() and not inside and not _in_table(part, root):
            end = left + part.width()
            found.append(f"from {left} to {end} of {root.width()}: {describe(part)}")
    return found


def _in_table(part: QWidget, root: QWidget) -> bool:
    above = part.parentWidget()
    while above is not None and above is not root:
        if isinstance(above, QTableView):
            return True
        above = above.parentWidget()
    return False


def _cut_off(widget: QLabel | QAbstractButton) -> int:
    if isinstance(widget, Elided | StateChip | Tag):
        needed = QRect(0, 0, min(widget.width(), 8), widget.height())
    elif isinstance(widget, Wrap) or (isinstance(widget, QLabel) and widget.wordWrap()):
        needed = QRect(0, 0, 0, widget.heightForWidth(widget.width()))
    elif isinstance(widget, QLabel):
        needed = QRect(0, 0, _advance(widget), widget.fontMetrics().height())
    elif isinstance(widget, Button):
        needed = QRect(0, 0, widget.minimumSizeHint().width(), 0)
    else:
        return 0
    over = max(needed.width() - widget.width(), needed.height() - widget.height())
    return max(over, _beyond(widget))


def _advance(label: QLabel) -> int:
    lines = label.text().split("\n")
    return max(label.fontMetrics().horizontalAdvance(line) for line in lines)


def _beyond(widget: QWidget) -> int:
    """Return how far a widget stands over the edge of what holds it, up to what scrolls."""
    place, over = widget.rect(), 0
    holder: QWidget = widget
    while (outer := holder.parentWidget()) is not None and not holder.isWindow():
        scroller = outer.parentWidget()
        if isinstance(scroller, QAbstractScrollArea) and scroller.viewport() is outer:
            sideways = isinstance(scroller, QScrollArea) and (
                scroller.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff
            )
            if not sideways:
                return over
            here = QRect(widget.mapTo(outer, QPoint(0, 0)), place.size())
            return max(over, here.right() - outer.rect().right())
        here = QRect(widget.mapTo(outer, QPoint(0, 0)), place.size())
        edges = outer.rect()
        over = max(
            over,
            edges.left() - here.left(),
            here.right() - edges.right(),
            edges.top() - here.top(),
            here.bottom() - edges.bottom(),
        )
        holder = outer
    return over
