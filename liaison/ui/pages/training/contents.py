"""What each tab but the matrix shows, made when somebody first looks at it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from liaison.ui.pages.training.gap_view import GapView, Wanted
from liaison.ui.pages.training.lineage_view import LineageView
from liaison.ui.pages.training.requirement_view import RequirementView
from liaison.ui.pages.training.shares_view import SharesView
from liaison.ui.parts.record_list import Empty, RecordList

if TYPE_CHECKING:
    from liaison.ui.desk import Desk
    from liaison.ui.pages.training.tabs import Shown

EMPTY: Final = {
    "training_record": Empty(
        "graduation-cap", "No training recorded yet",
        "What your staff completed appears here, and in the matrix.", "Record training",
    ),
    "session": Empty(
        "calendar-plus", "No session yet", "Plan one, and book places for your staff.",
        "Add a session",
    ),
    "exemption": Empty("user-check", "Nobody is exempt", "Who need not hold a course, and why."),
    "course": Empty(
        "book-open", "No course yet", "Add what your staff must learn, and how often.",
        "Add a course",
    ),
}  # fmt: skip
"""What a list says while there is nothing in it."""
View = GapView | SharesView | LineageView | RequirementView
_VIEWS: Final = frozenset({"gaps", "compliance", "lineage", "requirement"})


class Contents(QObject):
    """What follows from the matrix, and the lists of records behind it.

    Args:
        desk: The desk.
        shown: Where they are shown.
        plan: Plans a session that the gap plan proposes.
        may_write: Whether whoever is here records training.
        may_require: Whether they say who must hold what.
        may_print: Whether they print.
    """

    opened = Signal(str, object)
    """Somebody wants to see a record: its type and id."""
    adding = Signal(str)
    """Somebody wants to add a record of a type."""
    adding_given = Signal(str, object)
    """The same, with what it is about: a mapping by field."""
    listing = Signal(str)
    """Somebody wants to see the list of a type that has no tab."""

    def __init__(
        self,
        desk: Desk,
        shown: Shown,
        plan: Callable[[Wanted], object],
        *,
        may_write: bool,
        may_require: bool,
        may_print: bool,
    ) -> None:
        super().__init__(shown)
        self._desk, self._shown, self._plan = desk, shown, plan
        self._writes, self._requires, self._prints = may_write, may_require, may_print
        self._lists: dict[str, RecordList] = {}
        self.views: dict[str, View] = {}
        """Those that follow from the matrix, as far as they were looked at."""
        self._stale: set[str] = set()

    def of(self, name: str) -> QWidget:
        """Return what a tab shows, as it stands today."""
        return self._view(name) if name in _VIEWS else self._list(name)

    def lineage(self) -> LineageView:
        """Return who taught whom."""
        view = self._view("lineage")
        assert isinstance(view, LineageView)  # noqa: S101  # it is what the tab shows
        return view

    def refresh(self) -> None:
        """Read what is in sight anew; the rest is read when somebody looks at it."""
        shown = self._shown.currentWidget()
        for name, view in self.views.items():
            if view is shown:
                view.refresh()
            else:
                # one of them takes a while in a large home
                self._stale.add(name)

    def _list(self, name: str) -> RecordList:
        if name not in self._lists:
            made = RecordList(self._desk, name, empty=EMPTY[name], parent=self._shown)
            # places, who came and certificates of a session are on a page of their own
            made.opened.connect(self._desk.open if name == "session" else self.opened)
            made.adding.connect(lambda: self.adding.emit(name))
            self._lists[name] = made
            self._shown.addWidget(made)
        return self._lists[name]

    def _view(self, name: str) -> View:
        if name in self.views:
            if name in self._stale:
                self._stale.discard(name)
                self.views[name].refresh()
            return self.views[name]
        made: View
        if name == "gaps":
            made = GapView(self._desk, may_write=self._writes, may_print=self._prints)
            made.plan_asked.connect(self._plan)
        elif name == "compliance":
            made = SharesView(self._desk)
        elif name == "lineage":
            made = LineageView(self._desk, may_print=self._prints)
            made.opened.connect(lambda one: self._desk.open("session", one))
        else:
            made = RequirementView(self._desk, may_write=self._requires)
            made.opened.connect(self.opened)
            made.adding.connect(self.adding_given)
            made.listing.connect(self.listing)
        self.views[name] = made
        self._shown.addWidget(made)
        made.refresh()
        return made
