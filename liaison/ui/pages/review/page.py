"""Look through what a PC wrote on that was removed: the list, and one matter at a time."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from liaison.errors import UserError
from liaison.security.roles import Action, who_may
from liaison.services.pcs import reviewing
from liaison.ui import theme
from liaison.ui.pages.review.card import MatterPanel
from liaison.ui.pages.review.deciding import SeveralPanel
from liaison.ui.parts import sheets
from liaison.ui.parts.follows_exchange import FollowsExchange
from liaison.ui.parts.list_beside import ListBeside
from liaison.ui.parts.pick_list import PickLine, PickList
from liaison.ui.widgets import (
    Button,
    EmptyState,
    PageHeader,
    ScrollPage,
    Segmented,
    Wrap,
    spaced,
)

if TYPE_CHECKING:
    from liaison.services.homes import OpenHome
    from liaison.services.pcs.matters import Matter
    from liaison.ui.desk import Desk
    from liaison.ui.job import Job
    from liaison.ui.pages.review.deciding import Deciding

_WAITING, _LEFT = "waiting", "left"
_HEIGHTS: Final = (240, 420)
"""Of the list and of what is open where they stand under each other."""


class ReviewPage(FollowsExchange):
    """What was set apart after a PC was removed, for a manager to decide about.

    Args:
        desk: What a page is given.
    """

    name: ClassVar[str] = "review"
    title: ClassVar[str] = "Look through what was set apart"
    icon: ClassVar[str] = "history"
    roles: ClassVar[frozenset[str]] = frozenset(who_may(Action.PCS))
    shortcuts: ClassVar[tuple[tuple[str, str], ...]] = (
        ("Up, Down", "The one before, or the next"),
        ("Shift+Up, Shift+Down", "Pick several"),
        ("Ctrl+A", "Pick all of them"),
        ("Esc", "Only one again"),
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._found: tuple[Matter, ...] | None = None
        self._follows = False
        """Whether the keyboard is to go on at what is shown next: its matter was decided."""
        self._going: list[tuple[Job, Deciding]] = []
        """About what decisions are being written; these may be gone by then."""
        self.tabs = Segmented([(_WAITING, "To decide"), (_LEFT, "Left out")], "What is shown")
        self.tabs.set_value(_WAITING)
        self.tabs.changed.connect(lambda value: self._turn(str(value)))
        self.header = PageHeader(
            self.title,
            "What a PC wrote that was removed from the home before it had come here. None of it "
            "counts until you take it in.",
            (self.tabs,),
        )
        self.panel: MatterPanel | None = None
        """The one matter that is shown."""
        self.several: SeveralPanel | None = None
        """The matters that are picked, if several are."""
        self.list = PickList()
        self.list.changed.connect(self._pick_others)
        self.hint = Wrap("To pick several: Ctrl or Shift and click.", "secondary")
        self.all = Button("Pick all", small=True)
        self.all.clicked.connect(self._pick_all)
        both = ListBeside("To decide", self.list, _HEIGHTS)
        self.side, self._place = both.side, both.place
        self.side.head.addWidget(self.all)
        self.side.add(self.hint)
        sheet = ScrollPage()
        sheet.body.addWidget(self.header)
        sheet.body.addWidget(self.banner)
        sheet.body.addWidget(both, 1)
        spaced(QVBoxLayout(self), 0).addWidget(sheet)
        theme.current().changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        several = len(self._found or ()) > 1
        self.all.setVisible(several)
        # in large letters the lines need the room; F1 says it too
        self.hint.setVisible(several and theme.roomy())

    @property
    def lines(self) -> list[PickLine]:
        """The lines of the list, in its order."""
        return self.list.lines

    def _turn(self, which: str) -> None:
        self._follows = False
        self.tabs.set_value(which)
        self.panel = self.several = None
        self.side.set_title("Left out" if which == _LEFT else "To decide")
        self._found = None
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

    def refresh(self) -> None:
        """Read what is set apart."""
        left = self.tabs.value == _LEFT
        self.read_shown(
            lambda home: (
                left, reviewing.find(home, left=left), reviewing.not_kept(home),
                reviewing.notes_left_out(home),
            ),
            self._show,
        )  # fmt: skip

    def unread(self, error: UserError) -> None:
        """Say why it could not be read; the keyboard stays where it is."""
        self._follows = False
        super().unread(error)

    def _show(self, answer: tuple[bool, tuple[Matter, ...], tuple[str, ...], str]) -> None:
        left, found, not_kept, notes = answer
        # the lines may be made anew, and would hand the keyboard on to the sidebar
        follows, self._follows = self._follows or self.list.has_keyboard, False
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
        follows = follows and self.isVisible()
        if follows and found:
            self.list.focus()
        elif follows:
            self.tabs.setFocus(Qt.FocusReason.OtherFocusReason)
        self.filled.emit()

    def _fill(self, found: tuple[Matter, ...]) -> None:
        before = self._shown.matters if self._shown is not None else ()
        at = min(self.list.picked, default=0) if self._found is not None else 0
        self._found = found
        self.side.set_note(str(len(found)))
        # more may have come of one that is picked
        known = {one.id for one in before}
        stay = tuple(number for number, one in enumerate(found) if one.id in known)
        picked = stay or ((min(at, len(found) - 1),) if found else ())
        self.list.fill([(one.title, f"{one.label}, {one.saves[-1].pc}") for one in found], picked)
        self._fit()
        if not found or tuple(found[number] for number in picked) != before:
            self._show_picked(goes_on=bool(stay))

    @property
    def _shown(self) -> MatterPanel | SeveralPanel | None:
        return self.panel or self.several

    def _pick_all(self) -> None:
        self.list.pick_all()
        self.list.focus()

    def _pick_others(self) -> None:
        # whoever picks has gone on already
        self._follows = False
        self._show_picked()

    def _show_picked(self, *, goes_on: bool = False) -> None:
        """Show what is picked: one matter with all it says, or what several are.

        Args:
            goes_on: Whether they are the same ones, or what is left of them, so that what was typed
                about them stays.
        """
        if self._found is None:
            # turned over: what is still listed goes once the others are read
            return
        before = self._shown
        typed = before.why.text() if before is not None and goes_on else ""
        focus: QWidget | None = self.window().focusWidget()
        typing = goes_on and focus is not None and self._place.isAncestorOf(focus)
        if before is not None and focus is not before.why:
            # what else had the keyboard there is made anew
            typing = typing and bool(typed)
        matters = [self._found[number] for number in self.list.picked]
        fewer = before is not None and bool(typed) and len(matters) < len(before.matters)
        if before is not None and fewer:
            # it is kept for what is left of them from now on
            before.begun.forget()
        sheets.empty(self._place)
        self.panel = self.several = None
        if len(matters) == 1:
            self.panel = MatterPanel(self.desk, matters[0])
        elif matters:
            self.several = SeveralPanel(self.desk, matters)
        shown = self._shown
        if shown is None:
            sheets.put(self._place, self._nothing(), 1)
            return
        decide = functools.partial(self._decide, shown)
        shown.deciding.connect(decide)
        if self.panel is not None:
            self.panel.asked.connect(lambda sure: sure.deciding.connect(decide))
        shown.why.setText(typed)
        sheets.put(self._place, shown, 1)
        shown.begun.look()
        if fewer:
            shown.begun.note("why")
        if self._is_going(shown):
            shown.rest(False)
        if typing:
            shown.why.setFocus(Qt.FocusReason.OtherFocusReason)

    def _decide(self, shown: Deciding, work: Callable[[OpenHome], object], words: str) -> None:
        """Write a decision; who looks at another matter meanwhile is told of it as well."""
        undecided = f"{shown.title} {'is' if len(shown.matters) == 1 else 'are'} not decided"

        def ended() -> None:
            # the one decided about may have been shown anew since
            now = self._shown
            if now is not None and now is not shown and not self._is_going(now):
                now.rest(True)

        def done(told: str) -> None:
            ended()
            self.desk.say(told)
            # its buttons go with it: the keyboard goes on at the list
            self._follows = shown is self._shown
            self.refresh()
            # what was left out leaves only a note, which by itself waits for the next round
            self.desk.exchange_wanted.emit()

        def failed(error: UserError) -> None:
            if error.code == reviewing.DECIDED:
                done(error.what)
                return
            ended()
            if shown is self._shown:
                shown.say_undecided(error)
            else:
                what = f"{undecided}: {error.what}"
                self.desk.trouble(UserError(what, kept=error.kept, do=error.do, code=error.code))

        job = self.desk.jobs.write(work, lambda _: done(words), failed, owner=self)
        self._going = [(one, each) for one, each in self._going if not one.ended]
        self._going.append((job, shown))
        now = self._shown
        if now is not None and now is not shown and self._is_going(now):
            # it was made anew while it was asked whether to erase it
            now.rest(False)
            now.begun.let_go()

    def _is_going(self, shown: Deciding) -> bool:
        """Whether a decision about something that is shown is being written."""
        here = {one.id for one in shown.matters}
        return any(
            not job.ended and not here.isdisjoint(one.id for one in each.matters)
            for job, each in self._going
        )

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
