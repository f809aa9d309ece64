"""The page of rounds: one round line by line, or all of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from liaison.records.rules import times
from liaison.security.roles import may
from liaison.services import permissions
from liaison.services.reporting import action_of
from liaison.services.rounds import deciding, doing, planning
from liaison.services.rounds.lines import PLANNED
from liaison.ui import theme
from liaison.ui.page import Page
from liaison.ui.pages import PAGES
from liaison.ui.pages.rounds import facts
from liaison.ui.pages.rounds.all_rounds import AllRounds
from liaison.ui.pages.rounds.board import Board
from liaison.ui.parts.answers import asked_about
from liaison.ui.parts.facts import Candidate
from liaison.ui.parts.reason import ReasonDialog
from liaison.ui.parts.room import RecordRoom
from liaison.ui.parts.say_popover import Question, SayPopover
from liaison.ui.parts.undoing import offer_undo
from liaison.ui.widgets import Banner, Button, PageHeader, ScrollPage, spaced

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.services.homes import OpenHome
    from liaison.services.rounds.lines import Line
    from liaison.services.rounds.writing import Done
    from liaison.store.store import Store
    from liaison.ui.desk import Desk
    from liaison.ui.parts.say_popover import Said

_AGENDA: Final = "round-agenda"
_MINUTES: Final = "round-minutes"


class RoundsPage(Page):
    """Rounds and clinics.

    Args:
        desk: What a page is given.
    """

    name: ClassVar[str] = "rounds"
    title: ClassVar[str] = "Rounds"
    icon: ClassVar[str] = "clipboard-list"
    reads: ClassVar[frozenset[str]] = frozenset({
        "series", "round", "agenda_line", "agenda_outcome", "concern", "action", "referral", "chase",
        "transfer", "resident", "staff", "contact", "organisation", "post", "home",
    })  # fmt: skip
    shortcuts: ClassVar[tuple[tuple[str, str], ...]] = (
        ("Ctrl+Enter", "Record the outcome and go on"),
        ("Ctrl+D", "Carry the line over"),
        ("Alt+Up", "Move the line up"),
        ("Alt+Down", "Move the line down"),
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.round: int | None = None
        self._begun = False
        self._tried: object = None
        self._buttons()
        self.header = PageHeader(self.title, " ", self._actions)
        self.banner = Banner("late", "", "Try again")
        self.banner.hide()
        self.banner.pressed.connect(self.refresh)
        self.board = Board(desk)
        self.board.off_asked.connect(self._take_off)
        self.board.back_asked.connect(self._take_back)
        self.board.came_up.connect(self._bring_into_sight)
        self.all = AllRounds(plans=self._plans)
        self.all.chosen.connect(self.show_round)
        self.all.series_chosen.connect(partial(self.show_record, "series"))
        self.all.series_wanted.connect(lambda: self._add_form("series"))
        self._parts = QStackedWidget()
        self._views = QWidget()
        column = spaced(QVBoxLayout(self._views), 0)
        column.addWidget(self.board)
        column.addWidget(self.all)
        self.sheet = ScrollPage(spacing=12)
        for part in (self.header, self.banner):
            self.sheet.body.addWidget(part)
        self.sheet.body.addWidget(self._views, 1)
        self.room = RecordRoom(desk)
        self.room.left.connect(self._come_back)
        around = QWidget()
        spaced(QVBoxLayout(around), 0, (24, 20, 24, 20)).addWidget(self.room)
        self._around = around
        self._parts.addWidget(self.sheet)
        self._parts.addWidget(around)
        spaced(QVBoxLayout(self), 0).addWidget(self._parts)
        self._turn()

    # ---- its buttons

    def _buttons(self) -> None:
        self.to_all = Button("All rounds", "list", Button.QUIET)
        self.to_all.clicked.connect(lambda *_: self.show_all())
        self.change = Button("Change", "pencil")
        self.change.clicked.connect(lambda *_: self._change())
        self.add = Button("Add to agenda", "plus")
        self.add.clicked.connect(lambda *_: self._add_line())
        self.print = Button("Print agenda", "printer")
        self.print.clicked.connect(lambda *_: self._print())
        self.off = Button("Call off", "calendar-x")
        self.off.clicked.connect(lambda *_: self._call_off())
        self.finish = Button("Finish round", "clipboard-check")
        self.finish.clicked.connect(lambda *_: self._finish())
        self.plan_one = Button("Plan one round", "calendar-plus")
        self.plan_one.clicked.connect(lambda *_: self._add_form("round"))
        self.plan_series = Button("Add a recurring round", "repeat")
        self.plan_series.clicked.connect(lambda *_: self._add_form("series"))
        self._actions: list[QWidget] = [
            self.to_all, self.change, self.add, self.print, self.off, self.finish,
            self.plan_one, self.plan_series,
        ]  # fmt: skip

    @property
    def _plans(self) -> bool:
        return permissions.may_add(self.desk.person.role, "round")

    def _turn(self) -> None:
        """Show one round or all of them, with the buttons that are of use there."""
        one = self.round is not None
        self.board.setVisible(one)
        self.all.setVisible(not one)
        found = self.board.found
        sitting = None if found is None or not one else found.agenda.sitting
        is_open = sitting is not None and sitting.status == PLANNED
        has_come = sitting is not None and sitting.at <= self.desk.now()
        role = self.desk.person.role
        self.to_all.setVisible(one)
        self.change.setVisible(is_open and self._plans and not has_come)
        self.add.setVisible(is_open and permissions.may_add(role, "agenda_line"))
        prints = "reports" in PAGES and may(role, action_of(_AGENDA))
        self.print.setVisible(sitting is not None and prints)
        self.print.set_words("Print agenda" if is_open else "Print minutes")
        self.off.setVisible(is_open and self._plans)
        self.finish.setVisible(is_open and has_come and self._plans)
        self.plan_one.setVisible(not one and self._plans)
        self.plan_series.setVisible(not one and self._plans)
        if sitting is None:
            self.header.set_title(self.title)
            self.header.set_subtitle(
                "What is coming, what comes back, and what was agreed." if not one else " "
            )
        else:
            place = f", {sitting.place}" if sitting.place else ""
            self.header.set_title(f"{sitting.name}{place}")
            self.header.set_subtitle(self.board.subtitle)

    # ---- where it is

    def show_start(self) -> None:
        """Show the round that is next, or that nobody has finished; all of them if none is."""
        self.room.empty()
        self._come_back()
        self._begun = False
        if self.desk.jobs.home is None:
            return
        self.desk.jobs.read(
            facts.first,
            lambda found: self.show_all() if found is None else self.show_round(found),
            self._fail,
            latest=(id(self), "first"),
            owner=self,
        )

    def show_argument(self, argument: object) -> None:
        """Show one round: ``{"round": id}``."""
        if isinstance(argument, Mapping) and isinstance(argument.get("round"), int):
            self.show_round(argument["round"])

    def show_record(self, type_name: str, identity: int) -> None:
        """Show a round, the round of a line with the line open, or a recurring round."""
        if type_name == "series":
            self.room.read(type_name, identity)
            self._parts.setCurrentWidget(self._around)
            return

        def found(which: tuple[int, int | None] | None) -> None:
            if which is None:
                self.show_all()
                return
            sitting, line = which
            self.show_round(sitting)
            if line is not None:
                self.board.open_line(line)

        self.desk.jobs.read(
            lambda store: facts.round_of(store, type_name, identity), found, self._fail, owner=self
        )

    def show_round(self, identity: int) -> None:
        """Show one round."""
        self._come_back()
        if identity != self.round:
            self.board.close_line()
            self.board.found = None
        self.round = identity
        self._turn()
        self.refresh()

    def show_all(self) -> None:
        """Show all rounds."""
        self.board.close_line()
        self.round = None
        self._turn()
        self.refresh()

    def _come_back(self) -> None:
        self._parts.setCurrentWidget(self.sheet)

    def open_form(self) -> object:
        """Return the form that is being filled in behind the page, or the record that is read there."""
        return self.room.open_form()

    def reopen(self, form: object) -> None:
        """Show it again."""
        self.room.reopen(form)  # type: ignore[arg-type]  # what open_form returned
        self._parts.setCurrentWidget(self._around)

    # ---- reading

    def refresh(self) -> None:
        """Read everything anew; what is shown stays until it is there."""
        desk, identity = self.desk, self.round
        if desk.jobs.home is None:
            return
        if identity is None:
            desk.jobs.read(
                facts.index, self._show_all, self._fail, latest=(id(self), "rounds"), owner=self
            )
            return

        def read(store: Store) -> facts.Board:
            return facts.board(store, identity)

        desk.jobs.read(read, self._show_round, self._fail, latest=(id(self), "rounds"), owner=self)

    def _fail(self, error: UserError) -> None:
        if error.code == "not-found":
            self.desk.trouble(error)
            self.show_all()
            return
        self.banner.say("late", f"{error.what} {error.do or ''}".strip(), "Try again")

    def _show_all(self, found: facts.Index) -> None:
        self.banner.hide()
        if self.round is not None:
            return
        self.all.show_index(found, self.desk.now())
        self._turn()
        self.filled.emit()
        self._write_once("plan", planning.plan_ahead, when=self._plans)

    def _show_round(self, found: facts.Board) -> None:
        self.banner.hide()
        if self.round != found.agenda.sitting.id:
            return
        self.board.show_board(found)
        self._turn()
        self.filled.emit()
        unwritten = any(line.id is None for line in found.agenda.lines)
        if unwritten and permissions.may_add(self.desk.person.role, "agenda_line"):
            identity = found.agenda.sitting.id
            self._write_once(found, lambda home: doing.draw_up(home, identity), when=True)
        elif not self._begun and not unwritten:
            self._begun = True
            # once the board is on the screen: the cursor then stands in what is shown
            QTimer.singleShot(0, self, self._begin)

    def _begin(self) -> None:
        found = self.board.found
        if found is not None and found.agenda.sitting.at <= self.desk.now():
            self.board.begin()

    def _bring_into_sight(self, opened: QWidget) -> None:
        # its height is known once it is laid out
        QTimer.singleShot(
            0, opened, lambda: self.sheet.ensureWidgetVisible(opened, 0, theme.px(16))
        )

    def _write_once(self, what: object, work: Any, *, when: bool) -> None:
        """Let the program write what follows by itself; what a disk refuses is not tried for ever."""
        home = self.desk.jobs.home
        if not when or what == self._tried or home is None or home.cannot_write is not None:
            return
        self._tried = what
        self.desk.jobs.write(work, lambda _: None, self.desk.trouble, owner=self)

    # ---- what is done

    def _add_form(self, type_name: str) -> None:
        self._tried = None
        self.room.add(type_name)
        self._parts.setCurrentWidget(self._around)

    def _change(self) -> None:
        if self.round is not None:
            self.room.change("round", self.round)
            self._parts.setCurrentWidget(self._around)

    def _print(self) -> None:
        found = self.board.found
        if found is None:
            return
        sitting = found.agenda.sitting
        report = _AGENDA if sitting.status == PLANNED else _MINUTES
        words = f"{times.show_time(sitting.at)}, {sitting.name}"
        about = {"about": "round", "candidate": Candidate(sitting.id, words, "")}
        self.desk.go("reports", {"report": report, **about})

    def _ask(self, question: Question, button: QWidget) -> None:
        SayPopover(self.desk, question, button).begin()

    def _add_line(self) -> None:
        if self.round is None:
            return
        identity = self.round

        def work(home: OpenHome, values: Mapping[str, Any]) -> Said:
            done = doing.add_line(home, identity, values["question"] or "", values["resident"])
            return done.changes, "Put on the agenda."

        self._ask(
            Question(
                "Add to the agenda", "Something else to be spoken of at this round.",
                "round", identity, "add",
                (("agenda_line", "resident"), ("agenda_line", "question")), work,
                needed=("question",), verb="Add",
            ),
            self.add,
        )  # fmt: skip

    def _finish(self) -> None:
        found, identity = self.board.found, self.round
        if found is None or identity is None:
            return
        left = found.agenda.to_do
        about, verb = "Each line has an outcome or is carried over.", "Finish round"
        if left:
            lines = "1 line has" if left == 1 else f"{left} lines have"
            to = f" to {found.following}" if found.following else ""
            about = f"{lines} no outcome yet and will be carried over{to}."
            verb = f"Carry {left} over and finish"

        def work(home: OpenHome, values: Mapping[str, Any]) -> Said:
            done = deciding.finish(
                home, identity, attendees=values["attendees"] or "",
                minutes=values["minutes"] or "", carry_rest=bool(left),
            )  # fmt: skip
            return done.changes, "Round finished."

        sitting = found.agenda.sitting
        given = {"attendees": sitting.attendees or sitting.who, "minutes": sitting.minutes or None}
        self._ask(
            Question(
                "Finish this round", about, "round", identity, "finish",
                (("round", "attendees"), ("round", "minutes")), work, given, verb=verb,
            ),
            self.finish,
        )  # fmt: skip

    def _call_off(self) -> None:
        found, identity = self.board.found, self.round
        if found is None or identity is None:
            return
        to = f" to {found.following}" if found.following else " to the next round"

        def work(home: OpenHome, values: Mapping[str, Any]) -> Said:
            return deciding.cancel(home, identity, values["minutes"] or "").changes, "Called off."

        self._ask(
            Question(
                "Call this round off", f"What is on its agenda is carried over{to}.",
                "round", identity, "off", (("round", "minutes"),), work, verb="Call off",
            ),
            self.off,
        )  # fmt: skip

    def _take_off(self, line: Line) -> None:
        if line.id is None:
            return
        identity, comes_back = line.id, line.source is not None
        dialog = ReasonDialog(
            self.desk,
            asked_about("agenda_line", identity, "take-off"),
            self,
            "Take this off the agenda?",
            "It stays open and comes back at the next round."
            if comes_back
            else "Somebody wrote it on this agenda, so it does not come back by itself. It stays in "
            "the history, with your name and the reason.",
            do="Take off",
            keep="Leave it on",
        )
        dialog.accepted.connect(lambda: self._remove(identity, dialog, comes_back=comes_back))
        dialog.open()

    def _remove(self, line: int, dialog: ReasonDialog, *, comes_back: bool) -> None:
        reason = dialog.reason
        words = "Taken off the agenda. It stays open." if comes_back else "Taken off the agenda."

        def done(removed: Done) -> None:
            offer_undo(self.desk, words, removed.changes)

        self.desk.jobs.write(
            dialog.finishing(lambda home: doing.remove(home, line, reason)),
            done,
            self.desk.trouble,
            owner=self,
        )

    def _take_back(self, line: Line) -> None:
        if line.id is None:
            return
        identity = line.id
        dialog = ReasonDialog(
            self.desk,
            asked_about("agenda_line", identity, "take-back"),
            self,
            "Take back what was recorded?",
            "It stays in the history, struck through, with your name and the reason. What it did "
            "elsewhere, such as the answer to a concern, stays as it is.",
            do="Take back",
            keep="Leave it",
        )

        def agreed() -> None:
            reason = dialog.reason
            self.desk.jobs.write(
                dialog.finishing(lambda home: deciding.take_back(home, identity, reason)),
                lambda changes: offer_undo(
                    self.desk, "Taken back. The line is to be spoken of again.", changes
                ),
                self.desk.trouble,
                owner=self,
            )

        dialog.accepted.connect(agreed)
        dialog.open()
