"""Look through what a PC wrote on that was removed: the list, and one matter at a time."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout

from liaison.errors import UserError
from liaison.security.roles import Action, who_may
from liaison.services.pcs import reviewing
from liaison.ui import theme
from liaison.ui.page import Page
from liaison.ui.pages.review.card import MatterPanel
from liaison.ui.parts import sheets
from liaison.ui.parts.side_line import SideLine
from liaison.ui.widgets import (
    Banner,
    Card,
    Columns,
    EmptyState,
    PageHeader,
    ScrollPage,
    Segmented,
    spaced,
)

if TYPE_CHECKING:
    from liaison.services.homes import OpenHome
    from liaison.services.pcs.reviewing import Matter
    from liaison.ui.desk import Desk
    from liaison.ui.parts.exchanging import Seen

_WAITING, _LEFT = "waiting", "left"
_ANY: Final = 16_777_215
"""Qt's own greatest height."""
_LIST, _PANEL = 240, 420


class ReviewPage(Page):
    """What was set apart after a PC was removed, for a manager to decide about.

    Args:
        desk: What a page is given.
    """

    name: ClassVar[str] = "review"
    title: ClassVar[str] = "Look through what was set apart"
    icon: ClassVar[str] = "history"
    roles: ClassVar[frozenset[str]] = frozenset(who_may(Action.PCS))

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._found: tuple[Matter, ...] | None = None
        self._at = 0
        self._follows = False
        """Whether the keyboard is to go on at what is shown next: its matter was decided."""
        self.tabs = Segmented([(_WAITING, "To decide"), (_LEFT, "Left out")], "What is shown")
        self.tabs.set_value(_WAITING)
        self.tabs.changed.connect(lambda value: self._turn(str(value)))
        self.header = PageHeader(
            self.title,
            "What a PC wrote that was removed from the home before it had come here. None of it "
            "counts until you take it in.",
            (self.tabs,),
        )
        self.banner = Banner("late", "")
        self.banner.hide()
        self._lines = QButtonGroup(self)
        self.panel: MatterPanel | None = None
        self.side = Card("To decide")
        self._list = ScrollPage(spacing=6, margins=(0, 0, 0, 0))
        self.side.add(self._list, 1)
        self.main = Card()
        self._place = ScrollPage(margins=(4, 4, 4, 4))
        self.main.add(self._place, 1)
        sheet = ScrollPage()
        sheet.body.addWidget(self.header)
        sheet.body.addWidget(self.banner)
        sheet.body.addWidget(Columns([(self.side, 1), (self.main, 3)], 16), 1)
        spaced(QVBoxLayout(self), 0).addWidget(sheet)
        theme.current().changed.connect(self._fit)
        self._fit()
        self._stale = False
        desk.exchange_told.connect(self._told)

    def _fit(self) -> None:
        """Where the two stand under each other the page scrolls, and each has what it needs."""
        roomy = theme.roomy()
        self.side.setMaximumHeight(_ANY if roomy else theme.px(_LIST))
        self.side.setMinimumHeight(0 if roomy else theme.px(_LIST))
        self.main.setMinimumHeight(0 if roomy else theme.px(_PANEL))

    @property
    def lines(self) -> list[SideLine]:
        """The lines of the list, in its order."""
        return [one for one in self._lines.buttons() if isinstance(one, SideLine)]

    def _turn(self, which: str) -> None:
        self.tabs.set_value(which)
        self.panel = None
        self.side.set_title("Left out" if which == _LEFT else "To decide")
        self._found, self._at = None, 0
        self.refresh()

    def show_argument(self, argument: object) -> None:
        """Show what was gone to: ``{"left": True}`` for what was left out.

        Args:
            argument: A mapping.
        """
        left = isinstance(argument, Mapping) and bool(argument.get(_LEFT))
        self._turn(_LEFT if left else _WAITING)

    def show_start(self) -> None:
        """Show what is to be decided."""
        if self.tabs.value != _WAITING:
            self._turn(_WAITING)

    def _told(self, _: Seen) -> None:
        # a round may have brought more, or what somebody decided on another PC
        self._stale = not self.isVisible()
        if not self._stale:
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Show how things stand by now."""
        super().showEvent(event)
        if self._stale:
            self.refresh()

    def refresh(self) -> None:
        """Read what is set apart."""
        self._stale = False
        if self.desk.jobs.home is not None:
            left = self.tabs.value == _LEFT
            self.desk.jobs.look(
                lambda home, _: (
                    left, reviewing.find(home, left=left), reviewing.not_kept(home),
                    reviewing.notes_left_out(home),
                ),
                self._show, self._fail, owner=self,
            )  # fmt: skip

    def _fail(self, error: UserError) -> None:
        self.banner.say("late", str(error))
        self.filled.emit()

    def _show(self, answer: tuple[bool, tuple[Matter, ...], tuple[str, ...], str]) -> None:
        left, found, not_kept, notes = answer
        if left != (self.tabs.value == _LEFT):
            # somebody turned over meanwhile
            return
        self.banner.hide()
        if not_kept:
            self.banner.say("late", " ".join(not_kept))
        elif notes:
            self.banner.say("info", notes)
        if found != self._found:
            self._fill(found)
        self.filled.emit()

    def _fill(self, found: tuple[Matter, ...]) -> None:
        before = self.panel.matter if self.panel is not None else None
        self._found = found
        self.side.set_note(str(len(found)))
        for line in self._lines.buttons():
            # it would still be counted until Qt has done away with it
            self._lines.removeButton(line)
        sheets.empty(self._list)
        for number, matter in enumerate(found):
            line = SideLine(matter.title, f"{matter.label}, {matter.saves[-1].pc}")
            line.clicked.connect(functools.partial(self.go_to, number))
            self._lines.addButton(line)
            sheets.put(self._list, line)
        self._list.body.addStretch(1)
        if before is not None and before in found:
            # what is being typed there goes on
            self._at = found.index(before)
            self.lines[self._at].setChecked(True)
        else:
            self.go_to(min(self._at, len(found) - 1))
        if self._follows:
            self._follows = False
            goes_on = self.lines[self._at] if found else self.tabs
            goes_on.setFocus(Qt.FocusReason.OtherFocusReason)

    def go_to(self, number: int, *_: object) -> None:
        """Show one of the matters, from 0."""
        sheets.empty(self._place)
        self.panel = None
        found = self._found or ()
        if not 0 <= number < len(found):
            sheets.put(self._place, self._nothing(), 1)
            return
        self._at = number
        self.lines[number].setChecked(True)
        self.panel = MatterPanel(found[number])
        self.panel.deciding.connect(functools.partial(self._decide, self.panel))
        sheets.put(self._place, self.panel, 1)

    def _decide(self, panel: MatterPanel, work: Callable[[OpenHome], object], words: str) -> None:
        """Write a decision; who looks at another matter meanwhile is told of it as well."""
        title = panel.matter.title

        def done(told: str) -> None:
            self.desk.say(told)
            # its buttons go with it: the keyboard goes on at the list
            self._follows = panel is self.panel
            self.refresh()

        def failed(error: UserError) -> None:
            if error.code == reviewing.DECIDED:
                done(error.what)
            elif panel is self.panel:
                panel.say_undecided(error)
            else:
                what = f"{title} is not decided: {error.what}"
                self.desk.trouble(UserError(what, kept=error.kept, do=error.do, code=error.code))

        self.desk.jobs.write(work, lambda _: done(words), failed, owner=self)

    def _nothing(self) -> EmptyState:
        if self.tabs.value == _LEFT:
            return EmptyState(
                "archive",
                "Nothing was left out",
                "What you leave out is kept here, and can be taken in later.",
            )
        return EmptyState(
            "check-check",
            "Nothing to decide",
            "When a PC is removed, what it had written and nobody had fetched by then waits here.",
        )
