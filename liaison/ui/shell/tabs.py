"""What a screen reader is told of the sidebar: a list of pages, of which one is open.

Of itself Qt tells a button that stays down as a check box, which is the wrong word for a page.
"""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleActionInterface, QAccessibleEvent
from PySide6.QtWidgets import QAccessibleWidget, QPushButton, QWidget


class PageTab(QPushButton):
    """A button that stands for a page, if it is checkable: checked while the page is open."""


class TabList(QWidget):
    """What the buttons of the pages stand in."""


def tell_tabs() -> None:
    """Have screen readers told of page tabs as what they are; to be called before there are any."""
    _install()


def tell_open(tab: PageTab) -> None:
    """Have screen readers told that another page is open."""
    QAccessible.updateAccessibility(QAccessibleEvent(tab, QAccessible.Event.Selection))


@cache
def _install() -> None:
    QAccessible.installFactory(_told)


def _told(_: str, about: QObject) -> QAccessibleWidget | None:
    if isinstance(about, PageTab) and about.isCheckable():
        return _ToldTab(about, QAccessible.Role.PageTab)
    if isinstance(about, TabList):
        return QAccessibleWidget(about, QAccessible.Role.PageTabList)
    return None


class _ToldTab(QAccessibleWidget):
    """A page tab: it can be pressed, and is selected while its page is open."""

    def state(self) -> QAccessible.State:
        state = super().state()
        tab = self.object()
        state.selectable = True
        state.selected = isinstance(tab, PageTab) and tab.isChecked()
        return state

    def actionNames(self) -> list[str]:
        return [QAccessibleActionInterface.pressAction(), *super().actionNames()]

    def doAction(self, name: str) -> None:
        tab = self.object()
        if name == QAccessibleActionInterface.pressAction() and isinstance(tab, PageTab):
            tab.click()
        else:
            super().doAction(name)
