"""The page: read, shown, and kept as it is while it is read anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from liaison.services import concerns
from liaison.ui.page import Page
from liaison.ui.pages import PAGES
from liaison.ui.pages.today import facts
from liaison.ui.pages.today.carer import CarerBoard, Greeting, tiles
from liaison.ui.pages.today.manager import ManagerBoard
from liaison.ui.parts.reminders import Reminders
from liaison.ui.parts.room import RecordRoom
from liaison.ui.parts.to_settle import ToSettle
from liaison.ui.parts.undoing import offer_undo
from liaison.ui.parts.unfinished import UnfinishedVisits
from liaison.ui.widgets import Banner, Button, Card, PageHeader, ScrollPage, spaced

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from liaison.errors import UserError
    from liaison.ui.desk import Desk
    from liaison.ui.pages.today.facts import TodayFacts


class TodayPage(Page):
    """What happened, what is coming and what waits.

    Args:
        desk: The desk.
    """

    name: ClassVar[str] = "today"
    title: ClassVar[str] = "Today"
    icon: ClassVar[str] = "sun"
    reads: ClassVar[frozenset[str]] = frozenset({
        "action", "agenda_line", "agenda_outcome", "appointment", "attendance", "chase", "concern", "contact", "course",
        "exemption", "home", "job_held", "organisation", "person", "referral", "requirement",
        "resident", "round", "session", "staff", "training_record", "transfer", "visit",
        "visit_entry",
    })  # fmt: skip

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.found: TodayFacts | None = None
        self.board: ManagerBoard | CarerBoard | None = None
        self._coming: ManagerBoard | CarerBoard | None = None
        self.sheet = ScrollPage()
        self._stack = QStackedWidget()
        # while it is empty: what it holds would be given its style here, and again later
        self._stack.addWidget(self.sheet)
        self.banner = Banner("late", "", "Try again")
        self.banner.hide()
        self.banner.pressed.connect(self.refresh)
        # a line that is empty at first, so that nothing moves when its words come
        self.header = PageHeader(self.title, " ", self._actions())
        self.greeting = Greeting(desk)
        self.unfinished = UnfinishedVisits(desk)
        self.unfinished.filled.connect(self._show_unfinished)
        self._waiting = Card()
        self._waiting.add(self.unfinished)
        self._waiting.hide()
        body = self.sheet.body
        both: list[QWidget] = [self.header, self.greeting]
        head, unused = both if self._runs_home else reversed(both)
        # what is not shown goes with the page: on its own it would stay until the program ends
        unused.setParent(self)
        unused.hide()
        body.addWidget(head)
        if not self._runs_home and self._writes:
            body.addWidget(tiles(desk))
        body.addWidget(self.banner)
        body.addWidget(Reminders(desk))
        body.addWidget(ToSettle(desk))
        body.addWidget(self._waiting)
        self._holder = spaced(QVBoxLayout(), 0)
        body.addLayout(self._holder, 1)
        self.room = RecordRoom(desk)
        self.room.left.connect(self._come_back)
        around = QWidget()
        spaced(QVBoxLayout(around), 0, (24, 20, 24, 20)).addWidget(self.room)
        self._around = around
        self._stack.addWidget(around)
        spaced(QVBoxLayout(self), 0).addWidget(self._stack)

    @property
    def _runs_home(self) -> bool:
        return self.desk.person.role == "manager"

    @property
    def _writes(self) -> bool:
        return self.desk.person.role != "reader"

    def _actions(self) -> list[QWidget]:
        actions: list[QWidget] = []
        if "glance" in PAGES:
            glance = Button("At a glance", "clipboard-check")
            glance.clicked.connect(lambda *_: self.desk.go("glance"))
            actions.append(glance)
        if "reports" in PAGES:
            report = Button("Print open loops", "printer")
            report.clicked.connect(lambda *_: self.desk.go("reports", {"report": "open-loops"}))
            actions.append(report)
        if "record-visit" in PAGES:
            record = Button("Record a visit", "stethoscope", Button.PRIMARY)
            record.clicked.connect(lambda *_: self.desk.go("record-visit"))
            actions.append(record)
        return actions

    # ---- reading

    def refresh(self) -> None:
        """Read everything anew; what is shown stays until it is there."""
        desk = self.desk
        if desk.jobs.home is None:
            return
        now, person, role = desk.now(), desk.person.id, desk.person.role
        desk.jobs.read(
            lambda store: facts.read(store, now, person, role),
            self._show,
            self._fail,
            latest=(id(self), "today"),
            owner=self,
        )
        self._look_for_drafts()

    def _look_for_drafts(self) -> None:
        if self._writes and "record-visit" in PAGES:
            self.unfinished.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """See what was begun meanwhile, and whether it is another day."""
        super().showEvent(event)
        if self.found is None or self.desk.jobs.home is None:
            return
        if self.found.today.day != self.desk.today():
            self.refresh()
        else:
            self._look_for_drafts()

    def _show_unfinished(self) -> None:
        self._waiting.setVisible(self.unfinished.count > 0)

    def _fail(self, error: UserError) -> None:
        self.banner.say("late", f"{error.what} {error.do or ''}".strip(), "Try again")

    def _show(self, found: TodayFacts) -> None:
        self.banner.hide()
        if found == self.found:
            if self._coming is None:
                self.filled.emit()
            return
        self.found = found
        self._drop_coming()
        self._coming = board = self._made(found)
        # out of sight in its place: its parts get their style where they are to be, and once
        board.hide()
        self._holder.addWidget(board)
        # put in its place in a turn of its own: both at once is long enough to be felt
        QTimer.singleShot(0, self, self._put)

    def _made(self, found: TodayFacts) -> ManagerBoard | CarerBoard:
        if self._runs_home:
            board = ManagerBoard(self.desk, found)
            _choose_as(board, self.board)
            return board
        mine = CarerBoard(self.desk, found)
        mine.read.connect(self._acknowledge)
        return mine

    def _drop_coming(self) -> None:
        """Let the board go that was to come, where newer facts came before its turn."""
        if self._coming is not None:
            self._holder.removeWidget(self._coming)
            self._coming.deleteLater()
            self._coming = None

    def _put(self) -> None:
        """Show the board that was made last in the place of the one before."""
        found, board, old = self.found, self._coming, self.board
        if found is None or board is None:
            # the one that was to come was put there by the turn before
            return
        self._coming = None
        focus = QApplication.focusWidget()
        before = ""
        if old is not None and focus is not None and old.isAncestorOf(focus):
            before = focus.accessibleName()
        self.sheet.setUpdatesEnabled(False)
        place = self.sheet.verticalScrollBar().value()
        self.board = board
        if isinstance(board, ManagerBoard):
            # somebody may have chosen another kind since it was made
            _choose_as(board, old)
            learned = found.today.learned
            staff = 0 if learned is None else learned.people
            self.header.set_subtitle(
                f"{found.home}, {found.residents}, {staff:,} staff. "
                "Press any figure to see the list behind it."
            )
        else:
            self.greeting.show_facts(found)
        board.show()
        if old is not None:
            old.hide()
            old.deleteLater()
        self.sheet.verticalScrollBar().setValue(place)
        self.sheet.setUpdatesEnabled(True)
        self.desk.count("today", len(found.answers))
        if found.today.learned is not None:
            self.desk.count("training", found.today.learned.lacking)
        if found.open is not None:
            self.desk.count("loops", found.open.total)
        if before:
            self._focus_again(before)
        self.filled.emit()

    def _focus_again(self, name: str) -> None:
        """Give the focus to what was there before by the same name, or to the page."""
        assert self.board is not None  # noqa: S101  # it was just made
        for part in self.board.findChildren(QWidget):
            if part.accessibleName() == name and part.focusPolicy() & Qt.FocusPolicy.TabFocus:
                part.setFocus(Qt.FocusReason.OtherFocusReason)
                return
        self.sheet.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- records

    def show_start(self) -> None:
        """Show the day, not a record that was open."""
        self.room.empty()
        self._come_back()

    def show_record(self, type_name: str, identity: int) -> None:
        """Show a record, such as an action."""
        self.room.read(type_name, identity)
        self._stack.setCurrentWidget(self._around)

    def _come_back(self) -> None:
        self._stack.setCurrentWidget(self.sheet)

    # ---- answers

    def _acknowledge(self, concern: int) -> None:
        """Note that whoever raised a concern has read its answer."""

        def done(read: concerns.Done) -> None:
            offer_undo(self.desk, "Marked as read.", read.changes)

        self.desk.jobs.write(
            lambda home: concerns.acknowledge(home, concern), done, self.desk.trouble, owner=self
        )


def _choose_as(board: ManagerBoard, before: QWidget | None) -> None:
    """Show the kind of what is to be done that the board before showed."""
    if isinstance(before, ManagerBoard) and before.next.chosen != board.next.chosen:
        board.next.choose(before.next.chosen)
