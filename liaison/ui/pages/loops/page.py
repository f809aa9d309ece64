"""The page of open loops: filters, groups, lines, and the button that begins with the oldest."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from liaison.security.roles import may
from liaison.services import loop_words, permissions
from liaison.services.loops import KINDS
from liaison.services.reporting import action_of
from liaison.ui import theme
from liaison.ui.page import Page
from liaison.ui.pages import PAGES
from liaison.ui.pages.loops import facts
from liaison.ui.pages.loops.facts import Asked, Head
from liaison.ui.pages.loops.line import Heading, LoopLine
from liaison.ui.parts import sheets
from liaison.ui.parts.closing import ClosingPopover, Subject
from liaison.ui.widgets import (
    Banner,
    Button,
    EmptyState,
    FilterChip,
    FlowRow,
    PageHeader,
    ScrollPage,
    Segmented,
    Text,
    spaced,
)

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.services.loop_words import Line
    from liaison.ui.desk import Desk
    from liaison.ui.pages.loops.facts import LoopsFacts

MORE: Final = 40
"""So many lines are shown at first, and so many more each time somebody asks."""
_AT_ONCE: Final = 8
"""So many lines are made in one turn of the window: all at once would be felt."""
_REPORT: Final = "open-loops"
_NEEDS: Final = {"Chase": "chase", "Answer": "concern"}


class LoopsPage(Page):
    """Everything without an outcome, oldest first.

    Args:
        desk: What a page is given.
    """

    name: ClassVar[str] = "loops"
    title: ClassVar[str] = "Open loops"
    icon: ClassVar[str] = "repeat"
    reads: ClassVar[frozenset[str]] = frozenset(
        {
            "concern", "action", "referral", "chase", "transfer", "agenda_line", "agenda_outcome",
            "round", "resident", "staff", "contact", "organisation", "post", "home", "series",
            "appointment", "equipment_loan",
        }
    )  # fmt: skip

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.found: LoopsFacts | None = None
        self.lines: list[LoopLine] = []
        self._asked = Asked(desk.today(), most=MORE)
        self._coming: list[Head | Line] = []
        self._focus: int | None = None
        self._next: int | None = None
        self._begin = False
        self.start = Button("Start with the oldest", "arrow-right", Button.PRIMARY)
        self.start.clicked.connect(self.begin_with_the_oldest)
        self.print = Button("Print", "printer")
        self.print.clicked.connect(lambda *_: desk.go("reports", {"report": _REPORT}))
        actions: list[QWidget] = [self.start]
        if "reports" in PAGES and may(desk.person.role, action_of(_REPORT)):
            actions.insert(0, self.print)
        self.header = PageHeader(self.title, " ", actions)
        self.banner = Banner("late", "", "Try again")
        self.banner.hide()
        self.banner.pressed.connect(self.refresh)
        self._build_filters()
        self.list = QWidget()
        self._column = spaced(QVBoxLayout(self.list), 0, (8, 4, 8, 4))
        self.nothing = EmptyState(
            "circle-check",
            "Nothing is open",
            "Concerns, referrals, actions, reviews, past appointments and overdue equipment stand "
            "here until somebody records an outcome.",
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self.nothing)
        self.more = Button("", "chevron-down", Button.QUIET)
        self.more.clicked.connect(self._show_more)
        self.more.setParent(self)
        self.more.hide()
        self._sheet = sheets.Edged(self._stack)
        self._page = page = ScrollPage(spacing=12)
        page.body.addWidget(self.header)
        page.body.addWidget(self.banner)
        page.body.addWidget(self._filters)
        page.body.addWidget(self._sheet, 1)
        spaced(QVBoxLayout(self), 0).addWidget(page)
        self._turn()

    def _build_filters(self) -> None:
        self.by = Segmented([*loop_words.GROUPS.items()], "Group by")
        self.by.set_value("age")
        self.by.changed.connect(lambda by: self._ask(by=str(by)))
        self.chips = FlowRow(gap=8)
        self._chips: dict[str, FilterChip] = {}
        for kind, words in {"": "All", **KINDS}.items():
            chip = FilterChip(words)
            chip.clicked.connect(lambda *_, kind=kind: self._ask(kind=kind))
            self._chips[kind] = chip
            self.chips.flow.addWidget(chip)
            chip.setVisible(not kind)
        self._filters = QWidget()
        self._row = spaced(QBoxLayout(QBoxLayout.Direction.LeftToRight, self._filters), 14)
        group = spaced(QHBoxLayout(), 8)
        group.addWidget(Text("Group by", "muted"))
        group.addWidget(self.by)
        group.addStretch(1)
        self._row.addLayout(group)
        self._row.setAlignment(group, Qt.AlignmentFlag.AlignTop)
        self._row.addWidget(self.chips, 1)

    def changeEvent(self, event: QEvent) -> None:
        """Stack the filters when text is large."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_sheet"):
            self._turn()

    def _turn(self) -> None:
        direction, roomy = QBoxLayout.Direction, theme.roomy()
        self._row.setDirection(direction.LeftToRight if roomy else direction.TopToBottom)

    # ---- what is shown

    def show_start(self) -> None:
        """Show everything, put together by age."""
        self._ask(kind="", by="age", most=MORE)

    def show_argument(self, argument: object) -> None:
        """Show one kind, ``{"kind": "referral"}``, or by whom: ``{"by": "owner"}``."""
        if not isinstance(argument, Mapping):
            return
        kind, by = str(argument.get("kind", "")), str(argument.get("by", "age"))
        if kind in self._chips and by in loop_words.GROUPS:
            self._ask(kind=kind, by=by, most=MORE)

    def _ask(self, **wanted: object) -> None:
        self._asked = dataclasses.replace(self._asked, **wanted)  # type: ignore[arg-type]  # by name
        self.by.set_value(self._asked.by)
        for kind, chip in self._chips.items():
            chip.setChecked(kind == self._asked.kind)
        self.refresh()

    def refresh(self) -> None:
        """Read everything anew; what is shown stays until it is there."""
        desk = self.desk
        if desk.jobs.home is None:
            return
        asked = self._asked = dataclasses.replace(self._asked, on=desk.today())
        desk.jobs.read(
            lambda store: facts.read(store, asked),
            self._show,
            self._fail,
            latest=(id(self), "loops"),
            owner=self,
        )

    def _fail(self, error: UserError) -> None:
        self.banner.say("late", f"{error.what} {error.do or ''}".strip(), "Try again")

    def _show(self, found: LoopsFacts) -> None:
        self.banner.hide()
        self.desk.count(self.name, found.total)
        if found == self.found:
            self.filled.emit()
            return
        self._focus = self._focused() if self._next is None else self._next
        self._next = None
        self.found = found
        self._say(found)
        counts = dict(found.counts)
        for kind, chip in self._chips.items():
            chip.set_count(counts.get(kind, 0) if kind else found.total)
            chip.setVisible(not kind or kind in counts or kind == self._asked.kind)
        self.start.setEnabled(bool(found.chosen))
        self._empty()
        self._coming = [*found.rows]
        self._stack.setCurrentWidget(self.list if found.rows else self.nothing)
        self._make_some()

    def _say(self, found: LoopsFacts) -> None:
        if not found.total:
            self.header.set_subtitle("Everything has an outcome.")
            return
        things = "1 thing has" if found.total == 1 else f"{found.total:,} things have"
        late = f" {found.late:,} late." if found.late else ""
        self.header.set_subtitle(
            f"{things} no outcome yet.{late} Nothing leaves this list until someone records one."
        )

    def _empty(self) -> None:
        self.lines = []
        self.more.hide()
        self._column.removeWidget(self.more)
        self.more.setParent(self)
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()

    def _put(self, part: QWidget) -> None:
        self._column.addWidget(part)
        # Qt would show it only when it lays the list out
        part.show()

    def _make_some(self) -> None:
        """Make a few lines, and the others in turns of their own."""
        for row in self._coming[:_AT_ONCE]:
            self._put(self._made(row))
        self._coming = self._coming[_AT_ONCE:]
        if self._coming:
            QTimer.singleShot(0, self, self._make_some)
            return
        assert self.found is not None  # noqa: S101  # its rows were made
        left = self.found.chosen - self.found.shown
        if left > 0:
            self.more.set_words(f"Show {min(left, MORE):,} more")
            self.more.setAccessibleName(f"Show more: {left:,} are not shown yet")
            self._put(self.more)
        self._column.addStretch(1)
        self._give_focus()
        self.filled.emit()
        if self._begin:
            self._begin = False
            self.begin_with_the_oldest()

    def _made(self, row: Head | Line) -> QWidget:
        if isinstance(row, Head):
            return Heading(row.words, row.count, "" if self.lines else "oldest first")
        line = LoopLine(row, may=self._may(row))
        line.words.clicked.connect(lambda *_: self.desk.open(row.loop.type, row.loop.id))
        line.button.clicked.connect(lambda *_: self._do(line))
        self.lines.append(line)
        return line

    def _may(self, line: Line) -> bool:
        role, type_name = self.desk.person.role, line.loop.type
        if line.verb == "Record" and type_name == "agenda_line":
            return permissions.may_add(role, "agenda_outcome")
        if line.verb == "Chase":
            return permissions.may_add(role, _NEEDS["Chase"])
        return permissions.may_change(role, _NEEDS.get(line.verb, type_name), own=True)

    # ---- the focus, which stays where somebody works

    def _focused(self) -> int | None:
        focus = QApplication.focusWidget()
        for number, line in enumerate(self.lines):
            if focus is not None and (line is focus or line.isAncestorOf(focus)):
                return number
        return None

    def _give_focus(self) -> None:
        if self._focus is None:
            return
        if self.lines:
            self.lines[min(self._focus, len(self.lines) - 1)].setFocus(
                Qt.FocusReason.OtherFocusReason
            )
        else:
            self.by.setFocus(Qt.FocusReason.OtherFocusReason)
        self._focus = None

    # ---- what is done

    def _show_more(self) -> None:
        # what was asked for begins where the button stood
        self._next = len(self.lines)
        self._ask(most=self._asked.most + MORE)

    def begin_with_the_oldest(self) -> None:
        """Go to the line that has waited longest and see to it."""
        oldest = max(self.lines, key=lambda line: line.line.loop.days, default=None)
        if oldest is None:
            return
        if self._asked.by != "age":
            # grouped otherwise, the oldest of all may not be among the first lines
            self._begin = True
            self._ask(by="age")
            return
        self._page.ensureWidgetVisible(oldest)
        oldest.button.setFocus(Qt.FocusReason.OtherFocusReason)
        self._do(oldest)

    def _do(self, line: LoopLine) -> None:
        loop, words = line.line.loop, line.line
        if line.verb == "Open":
            self.desk.open(loop.type, loop.id)
            return
        subject = Subject(loop.type, loop.id, words.what, words.resident)
        popover = ClosingPopover(self.desk, subject, line.button, line.verb)
        popover.saved.connect(lambda: self._go_on_at(line))
        popover.begin()

    def _go_on_at(self, line: LoopLine) -> None:
        # the list is made anew, and what was pressed with it
        if line in self.lines:
            self._next = self.lines.index(line)
