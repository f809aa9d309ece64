"""One resident's page: who they are, what everybody must know, what happened, who to reach."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from liaison.records.rules.days import add_months
from liaison.services import permissions, timeline
from liaison.services.timeline import inside
from liaison.ui import theme
from liaison.ui.pages.residents import facts
from liaison.ui.pages.residents.head import Head
from liaison.ui.pages.residents.more import HandoverButton, MoreToDo
from liaison.ui.pages.residents.side import Side
from liaison.ui.pages.residents.timeline import Asked, TimelineView
from liaison.ui.parts import sheets
from liaison.ui.widgets import (
    Banner,
    ComboBox,
    EmptyState,
    FilterChip,
    FlowRow,
    ScrollPage,
    spaced,
)

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.store.store import Store
    from liaison.ui.desk import Desk
    from liaison.ui.pages.residents.facts import ResidentFacts

_EVERYTHING: Final = "Everything"
_PERIODS: Final = (
    (3, "Last 3 months"),
    (12, "Last 12 months"),
    (None, "All of it"),
)


@dataclasses.dataclass(frozen=True, slots=True)
class _Read:
    found: ResidentFacts | None
    counts: dict[str, int]
    before: bool
    """Whether something happened before the period that is shown."""


class ResidentView(QWidget):
    """One resident's page.

    Args:
        desk: The desk.
    """

    left = Signal()
    """Somebody wants the list of residents."""
    details_asked = Signal(object)
    """Somebody wants everything that is recorded of the resident (an id)."""
    edit_asked = Signal(object)
    """Somebody wants to change the resident (an id)."""
    shown = Signal()
    """What was asked for is on the screen."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._resident: int | None = None
        self._standing = 0
        self._first = True
        self._group = ""
        self.handover, self.more = HandoverButton(desk), MoreToDo(desk)
        self.head = Head((self.handover, self.more))
        self.head.back.clicked.connect(self.left)
        self.head.details.clicked.connect(lambda *_: self.details_asked.emit(self._standing))
        self.head.change.clicked.connect(lambda *_: self.edit_asked.emit(self._standing))
        self.head.record.clicked.connect(self._record_visit)
        self.head.worried.clicked.connect(self._worry)
        if not permissions.may_change(desk.person.role, "resident", own=False):
            self.head.change.hide()
        if not permissions.may_add(desk.person.role, "visit"):
            self.head.record.hide()
        if not permissions.may_add(desk.person.role, "concern"):
            self.head.worried.hide()
        self.trouble = Banner("late", "", "Try again")
        self.trouble.hide()
        self.trouble.pressed.connect(self.refresh)
        self.state = Banner("none", "")
        self.state.hide()
        self.alerts = Banner("late", "", "Details")
        self.alerts.hide()
        self.alerts.pressed.connect(lambda: self.details_asked.emit(self._standing))
        self.chips = FlowRow(gap=8)
        self.period = ComboBox(_PERIODS, small=True)
        self.period.set_value(_PERIODS[0][0])
        self.period.setAccessibleName("Period")
        self.period.changed.connect(lambda _: self._narrow())
        self.timeline = TimelineView(desk.jobs, "Timeline")
        self.timeline.opened.connect(desk.open)
        self.timeline.items.arrived.connect(self._arrived)
        self.timeline.items.failed.connect(self._fail)
        self.nothing = EmptyState("history", "Nothing yet", "", "Show all of it")
        self.nothing.pressed.connect(self._widen)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.timeline)
        self._pages.addWidget(self.nothing)
        self.side = Side(desk)
        self._lay_out()

    def _lay_out(self) -> None:
        narrowing = spaced(QHBoxLayout(), 12)
        narrowing.addWidget(self.chips, 1)
        narrowing.addWidget(self.period, 0, Qt.AlignmentFlag.AlignTop)
        self._sheet = sheets.Edged(self._pages, 6)
        below = QWidget()
        self._below = spaced(QBoxLayout(QBoxLayout.Direction.LeftToRight, below), 16)
        self._beside = sheets.Inset(self._sheet)
        self._below.addWidget(self._beside, 1)
        self._below.addWidget(self.side)
        self._scroll = ScrollPage(spacing=14, margins=(24, 20, 24 - sheets.GUTTER, 20))
        above = spaced(QVBoxLayout(), 14, (0, 0, sheets.GUTTER, 0))
        for part in (self.head, self.trouble, self.state, self.alerts):
            above.addWidget(part)
        above.addLayout(narrowing)
        self._scroll.body.addLayout(above)
        self._scroll.body.addWidget(below, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._scroll)
        self._turn()

    def changeEvent(self, event: QEvent) -> None:
        """Stack the columns when text is large."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_below"):
            self._turn()

    def _turn(self) -> None:
        roomy = theme.roomy()
        direction = QBoxLayout.Direction
        self._below.setDirection(direction.LeftToRight if roomy else direction.TopToBottom)
        self._sheet.setMinimumHeight(theme.px(280 if roomy else 360))
        self._beside.inset(0 if roomy else theme.px(sheets.GUTTER))
        self.side.turn(roomy=roomy)

    # ---- what is shown

    @property
    def resident(self) -> int | None:
        """The resident who is shown; None for none."""
        return self._resident

    def show_resident(self, identity: int) -> None:
        """Show a resident; nothing changes until they are read."""
        if identity != self._resident:
            self._resident = identity
            self._group = ""
            self._first = True
            self.period.set_value(_PERIODS[0][0])
            self._read(from_top=True)
        else:
            self.refresh()

    def refresh(self) -> None:
        """Read everything anew; the timeline stays where it is."""
        if self._resident is not None and self.desk.jobs.home is not None:
            self._read(from_top=False)

    def _read(self, *, from_top: bool) -> None:
        identity, today, since = self._resident, self.desk.today(), self._since()
        assert identity is not None  # noqa: S101  # the callers have looked

        def read(store: Store) -> _Read:
            found = facts.resident(store, identity, today)
            counts = timeline.counts(store, identity, since)
            before = since is not None and timeline.has_any(store, identity)
            return _Read(found, counts, before)

        def done(found: _Read) -> None:
            if identity != self._resident:
                return
            if self._first and found.before and not any(found.counts.values()):
                # who left long ago, or was long well: what there is is what is wanted
                self.period.set_value(None)
                self._first = False
                self._read(from_top=True)
                return
            self._first = False
            self._show(found)
            self._show_timeline(from_top=from_top)

        self.desk.jobs.read(read, done, self._fail, latest=(id(self), "resident"), owner=self)

    def _since(self) -> dt.date | None:
        months = self.period.value
        return add_months(self.desk.today(), -months) if isinstance(months, int) else None

    def _show_timeline(self, *, from_top: bool) -> None:
        assert self._resident is not None  # noqa: S101  # one is shown
        group = next((g for g in timeline.GROUPS if g.words == self._group), None)
        types = group.types if group is not None else ()
        asked = Asked(self._resident, types, self._since(), self.desk.today())
        self.timeline.show_timeline(asked, from_top=from_top)

    def _narrow(self) -> None:
        if self._resident is not None:
            self._read(from_top=True)

    def _widen(self) -> None:
        self._group = ""
        self.period.set_value(None)
        self._narrow()

    def _show(self, read: _Read) -> None:
        self.trouble.hide()
        found = read.found
        if found is None:
            self.head.show_person("Not on this PC yet", "Another PC wrote this resident.")
            return
        self._standing = found.record.id or 0
        self._before = read.before
        self.head.show_person(found.name, found.line)
        self.handover.resident = self.more.resident = self._standing
        self.setAccessibleName(f"{found.name}, {found.line}")
        words = "  \N{MIDDLE DOT}  ".join(found.alerts)
        if found.alerts:
            if words != self.alerts.accessibleName() or self.alerts.isHidden():
                self.alerts.say("late" if found.allergic else "due", words, "Details")
        else:
            self.alerts.hide()
        if found.record.struck_reason:
            self.state.say("due", f"Struck through: {found.record.struck_reason}")
        elif found.record.archived:
            self.state.say("none", "Archived: in no list any more.")
        else:
            self.state.hide()
        self._show_chips(read.counts)
        self.side.show_facts(found)

    _before = False

    def _show_chips(self, counts: dict[str, int]) -> None:
        wanted = [(_EVERYTHING, "", _count_words(sum(counts.values())))]
        wanted += [
            (group.words, group.icon, _count_words(counts[group.words]))
            for group in timeline.GROUPS
            if counts.get(group.words) or group.words == self._group
        ]
        shown = [chip.words for chip in self._chips]
        if shown != [words for words, _, _ in wanted]:
            self._make_chips(wanted)
        for chip, (words, _, count) in zip(self._chips, wanted, strict=True):
            chip.set_count(count)
            chip.setChecked((words == _EVERYTHING and not self._group) or words == self._group)

    _chips: tuple[FilterChip, ...] = ()

    def _make_chips(self, wanted: list[tuple[str, str, str]]) -> None:
        self.chips.clear()
        made = []
        for words, icon, count in wanted:
            chip = FilterChip(words, count, icon=icon)
            chip.clicked.connect(lambda *_, words=words: self._choose(words))
            self.chips.flow.addWidget(chip)
            chip.show()
            made.append(chip)
        self._chips = tuple(made)
        self.chips.updateGeometry()

    def _choose(self, words: str) -> None:
        # pressing the one that is on shows everything again
        self._group = "" if words in {_EVERYTHING, self._group} else words
        for chip in self._chips:
            chip.setChecked((chip.words == _EVERYTHING and not self._group)
                            or chip.words == self._group)  # fmt: skip
        self._show_timeline(from_top=True)

    def _arrived(self) -> None:
        self.trouble.hide()
        if self.timeline.items.rowCount():
            self._pages.setCurrentWidget(self.timeline)
        else:
            narrowed = bool(self._group) or (self._since() is not None and self._before)
            period = next(words for months, words in _PERIODS if months == self.period.value)
            if narrowed:
                what = self._group or "Nothing"
                said = f"{what}: none" if self._group else "Nothing"
                self.nothing.say(f"{said} in this period", f"Shown: {inside(period)}.")
            else:
                self.nothing.say(
                    "Nothing has happened yet",
                    "Visits, concerns, referrals and calls appear here, the newest first.",
                )
            self.nothing.button.setVisible(narrowed)
            self._pages.setCurrentWidget(self.nothing)
        self.shown.emit()

    def _fail(self, error: UserError) -> None:
        words = " ".join(part for part in (error.what, error.do) if part)
        self.trouble.say("late", words, "Try again")

    def _worry(self) -> None:
        self.desk.go("concern", {"resident": self._standing})

    def _record_visit(self) -> None:
        self.desk.go("record-visit", {"resident": self._standing})


def _count_words(number: int) -> str:
    most = timeline.MOST_COUNTED
    return f"{most:,}+" if number > most else str(number)
