"""What became of a record: who changed what, when, where and why, and a way to take it back."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from liaison.records import all_specs
from liaison.records.rules import times
from liaison.services import editing, permissions
from liaison.ui import theme
from liaison.ui.parts import sheets, told, whole_save
from liaison.ui.parts.as_known import AsKnown
from liaison.ui.parts.undoing import take_back
from liaison.ui.widgets import (
    Banner,
    Button,
    EmptyState,
    Icon,
    ScrollPage,
    Segmented,
    Text,
    Wrap,
    spaced,
)
from liaison.ui.widgets.painting import box, draw_pixmap, painter_for

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.ui.desk import Desk
    from liaison.ui.parts.told import Told

_ICONS: Final = {
    "Added": ("plus", "ok"),
    "Noted": ("plus", "ok"),
    "Brought in": ("download", "info"),
    "Taken in after all": ("check", "info"),
    "Archived": ("archive", "none"),
    "Brought back": ("archive-restore", "ok"),
    "Struck through": ("x", "late"),
    "Taken back": ("undo-2", "due"),
    "Merged": ("git-merge", "info"),
    "Moved": ("arrow-right", "info"),
    "Differences settled": ("check-check", "ok"),
    "Erased by law": ("x", "late"),
}
_STAY: Final = ("pencil", "none")
_STEP_LONGEST: Final = 600
_DISC: Final = 30


class _Rail(QWidget):
    """The disc of a change, and the line that leads to the next one."""

    def __init__(self, icon: str, token: str, *, last: bool) -> None:
        super().__init__()
        self._icon = icon
        self._token = token
        self._last = last
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        """Ask for the disc; the line takes what there is."""
        return QSize(theme.px(_DISC), theme.px(_DISC))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint line and disc."""
        painter = painter_for(self)
        side = theme.px(_DISC)
        if not self._last:
            x = side / 2 - 1
            below = QRectF(x, side + 2, 2, self.height() - side - 2)
            painter.fillRect(below, theme.colour("line"))
        box(painter, QRectF(0, 0, side, side), side / 2, theme.colour(f"{self._token}bg"))
        picture = theme.pixmap(self._icon, self._token, 16, self)
        draw_pixmap(painter, (side - theme.px(16)) / 2, side / 2, picture)


class HistoryLine(QWidget):
    """One save: what kind, when, who, and each field from what to what.

    Args:
        line: What is told.
        last: Whether nothing follows below it.
        can_undo: Whether it can be taken back by hand.
    """

    undo_asked = Signal(object)
    """Somebody wants to take it back (the stamps of its changes)."""

    def __init__(
        self, line: Told, *, last: bool, can_undo: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.line = line
        icon, token = _ICONS.get(line.verb, _STAY)
        row = spaced(QHBoxLayout(self), 12)
        row.addWidget(_Rail(icon, token, last=last))
        column = spaced(QVBoxLayout(), 3, (0, 3, 0, 14))
        head = spaced(QHBoxLayout(), 8)
        head.addWidget(Text(line.verb, "label"))
        head.addStretch(1)
        head.addWidget(Text(times.show_time(line.at), "secondary"))
        column.addLayout(head)
        column.addWidget(Wrap(f"{line.who}, on {line.pc}", "secondary"))
        if line.reason:
            column.addWidget(Wrap(f"“{line.reason}”"))
        if line.steps:
            column.addWidget(self._steps(line))
        self.undo = Button("Take back", "undo-2", Button.QUIET, small=True)
        self.undo.setAccessibleName(f"Take back: {line.verb.lower()} {times.show_time(line.at)}")
        self.undo.clicked.connect(lambda *_: self.undo_asked.emit(line.changes))
        column.addWidget(self.undo)
        row.addLayout(column, 1)
        # once it lies in the line: before, it would be a window of its own for a moment
        self.undo.setVisible(can_undo)
        steps = "; ".join(_said(step) for step in line.steps)
        self.setAccessibleName(
            f"{line.verb}, {times.show_time(line.at)}, {line.who} on {line.pc}. "
            f"{line.reason} {steps}".strip()
        )

    @staticmethod
    def _steps(line: Told) -> QWidget:
        part = QWidget()
        grid = spaced(QGridLayout(part), 4, (0, 4, 0, 0))
        # what was written first says little: only what it became
        born = all(not step.before for step in line.steps)
        for number, step in enumerate(line.steps):
            label = Wrap(step.label, "secondary", widest=140)
            label.setFixedWidth(theme.px(132))
            words = spaced(QHBoxLayout(), 6)
            if not born:
                before = Wrap(_shortened(step.before) or told.NOTHING, "muted", widest=240)
                words.addWidget(before, 1, Qt.AlignmentFlag.AlignTop)
                words.addWidget(Icon("arrow-right", "muted", 15), 0, Qt.AlignmentFlag.AlignTop)
            after = Wrap(_shortened(step.after) or told.NOTHING, "body", widest=300)
            words.addWidget(after, 1, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label, number, 0, Qt.AlignmentFlag.AlignTop)
            grid.addLayout(words, number, 1)
        grid.setColumnStretch(1, 1)
        return part


class HistoryPanel(QWidget):
    """What became of one record.

    Args:
        desk: The desk.
    """

    shown = Signal()
    """What was asked for is on the screen."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._what: tuple[str, int] | None = None
        self._lines: tuple[Told, ...] = ()
        self._scale = theme.scale()
        self.order = Segmented([(True, "Newest first"), (False, "Oldest first")], "Order")
        self.order.set_value(True)
        self.order.changed.connect(lambda _: self._lay_out())
        self.sheet = ScrollPage(spacing=0, margins=(4, 4, 4, 4))
        head = spaced(QHBoxLayout(), 8)
        head.addWidget(Text("History", "card"))
        head.addStretch(1)
        self.as_known = Button("As known on...", "calendar-days", Button.QUIET, small=True)
        self.as_known.clicked.connect(lambda *_: self._show_as_known())
        self.known: AsKnown | None = None
        head.addWidget(self.as_known)
        head.addWidget(self.order)
        column = spaced(QVBoxLayout(self), 12)
        column.addLayout(head)
        column.addWidget(self.sheet, 1)
        self.setAccessibleName("History")
        desk.jobs.changed.connect(self._written)
        theme.current().changed.connect(self._resize)

    @property
    def lines(self) -> list[HistoryLine]:
        """The lines that are shown, from above."""
        return [
            widget
            for n in range(self.sheet.body.count())
            if (item := self.sheet.body.itemAt(n)) is not None
            and isinstance(widget := item.widget(), HistoryLine)
        ]

    def show_record(self, type_name: str, identity: int) -> None:
        """Show what became of a record."""
        self._what = type_name, identity
        self.desk.jobs.read(
            lambda store: told.history(store, type_name, identity),
            self._show,
            self._fail,
            latest=(id(self), "history"),
            owner=self,
        )

    def _show_as_known(self) -> None:
        if self._what is not None:
            words = all_specs()[self._what[0]].label
            self.known = AsKnown(self.desk, self._what, words, self.as_known)
            self.known.open()

    def _resize(self) -> None:
        # never while Qt hands out StyleChange: it walks over widgets that would be made anew
        if self._scale != theme.scale() and self._lines:
            self._lay_out()
        self._scale = theme.scale()

    def _written(self, touched: frozenset[str]) -> None:
        if self._what is not None and self._what[0] in touched and self.desk.jobs.home is not None:
            self.show_record(*self._what)

    def _show(self, lines: tuple[Told, ...]) -> None:
        self._lines = lines
        self._lay_out()
        self.shown.emit()

    def _fail(self, error: UserError) -> None:
        sheets.empty(self.sheet)
        banner = Banner("late", error.what, "Try again")
        if self._what is not None:
            banner.pressed.connect(functools.partial(self.show_record, *self._what))
        sheets.put(self.sheet, banner)
        self.sheet.body.addStretch(1)

    def _lay_out(self) -> None:
        sheets.empty(self.sheet)
        if not self._lines:
            nothing = EmptyState(
                "history", "No history on this PC yet", "It comes with the record."
            )
            sheets.put(self.sheet, nothing, 1)
            return
        lines = self._lines[::-1] if self.order.value else self._lines
        assert self._what is not None  # noqa: S101  # it has lines
        spec = all_specs()[self._what[0]]
        by_people = editing.added_by_people(spec.name) or spec.single
        by_people = by_people and permissions.may_change(self.desk.person.role, spec.name, own=True)
        for number, line in enumerate(lines):
            first = line is self._lines[0]
            shown = HistoryLine(
                line,
                last=number == len(lines) - 1,
                # the home's own birth cannot be taken back
                can_undo=by_people and not (first and spec.single),
            )
            shown.undo_asked.connect(self._undo)
            sheets.put(self.sheet, shown)
        self.sheet.body.addStretch(1)

    def _undo(self, changes: tuple[int, ...]) -> None:
        """Take a save back; where it wrote other records too, ask whether they are meant."""
        assert self._what is not None  # noqa: S101  # it has lines
        type_name, identity = self._what
        self.desk.jobs.read(
            lambda store: whole_save.whole(store, type_name, identity, changes),
            lambda found: self._ask_how_much(changes, found),
            self.desk.trouble,
            latest=(id(self), "whole"),
            owner=self,
        )

    def _ask_how_much(self, changes: tuple[int, ...], found: whole_save.Whole) -> None:
        if not found.count:
            take_back(self.desk, changes)
            return
        dialog = whole_save.WholeSaveDialog(self, found)
        dialog.all_asked.connect(lambda: take_back(self.desk, found.changes))
        dialog.one_asked.connect(lambda: take_back(self.desk, changes))
        dialog.open()


def _said(step: told.Step) -> str:
    before = step.before or told.NOTHING
    after = step.after or told.NOTHING
    return f"{step.label}: from {before} to {after}" if step.before else f"{step.label}: {after}"


def _shortened(text: str) -> str:
    """Return a text as a history shows it: a note may be as long as a book."""
    return text if len(text) <= _STEP_LONGEST else f"{text[:_STEP_LONGEST].rstrip()} ..."
