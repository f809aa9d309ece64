"""A line that is open: why it is there, what was agreed, who does what by when."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QPaintEvent, QShortcut
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from liaison.records import all_specs, spec_of
from liaison.records.casework import Action, AgendaOutcome
from liaison.records.rules import times
from liaison.services.drafts import About
from liaison.services.editing import Unfit
from liaison.services.rounds import deciding
from liaison.services.rounds.deciding import FollowUp, Settles
from liaison.services.rounds.lines import State
from liaison.ui import theme
from liaison.ui.pages.rounds.row import ICONS
from liaison.ui.parts.editors import Around
from liaison.ui.parts.fields import Fields
from liaison.ui.parts.keeper import Keeper
from liaison.ui.widgets import (
    Banner,
    Button,
    Elided,
    Explained,
    FlowRow,
    KeyCaps,
    Segmented,
    StateChip,
    Tag,
    Text,
    Wrap,
    spaced,
)
from liaison.ui.widgets.painting import box, painter_for

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.records import FieldSpec, Problem
    from liaison.records.vocabularies import Vocabularies
    from liaison.services.drafts import Draft
    from liaison.services.homes import OpenHome
    from liaison.services.rounds.lines import Line
    from liaison.services.rounds.writing import Done
    from liaison.ui.desk import Desk

_OUTCOME: Final = "outcome"
_TASK: Final = ("what", "owner_staff", "due")
_SETTLES: Final = "settles"
_WORDS: Final = {
    "concern": {
        Settles.CLOSE: "Answers and closes it",
        Settles.ANSWER: "Answers it",
        Settles.NOTHING: "Only for the minutes",
    },
    "action": {Settles.CLOSE: "It is done", Settles.NOTHING: "It stays open"},
    "transfer": {Settles.CLOSE: "Review done", Settles.NOTHING: "Not reviewed yet"},
    "resident": {Settles.CLOSE: "Review done", Settles.NOTHING: "Not reviewed yet"},
    "referral": {Settles.NOTHING: "It goes on waiting", Settles.CLOSE: "Close the referral"},
}


class OpenLine(QFrame):
    """A line in full: with the fields for its outcome, or with what was recorded.

    Args:
        desk: The desk.
        line: The line, which is written (it has an id).
        vocabularies: The home's lists of choices.
        decides: Whether whoever looks may record an outcome.
        changes: Whether the round's agenda is still open.
    """

    recorded = Signal(object, str)
    """Something was written (a ``Done``), and the sentence that says so."""
    closed = Signal()
    """Somebody wants it closed again."""
    off_asked = Signal()
    """Somebody wants it taken off the agenda."""
    back_asked = Signal()
    """Somebody wants what was recorded taken back."""

    def __init__(
        self, desk: Desk, line: Line, vocabularies: Vocabularies, *, decides: bool, changes: bool
    ) -> None:
        super().__init__()
        assert line.id is not None  # noqa: S101  # the board opens written lines only
        self.desk = desk
        self.line = line
        self.identity = line.id
        self.fields: Fields | None = None
        self.settles: Segmented | None = None
        self.keeper: Keeper | None = None
        self.banner = Banner("late", "")
        self.banner.hide()
        self.setAccessibleName(f"Line {line.number}")
        column = spaced(QVBoxLayout(self), 8, (16, 12, 16, 14))
        column.addLayout(self._head())
        if line.question:
            column.addWidget(Explained(line.question))
        column.addWidget(Wrap(line.why, "secondary", widest=900))
        for said in line.said:
            column.addLayout(self._said(said))
        if line.elsewhere:
            column.addWidget(StateChip("info", f"Settled {line.elsewhere}"[:90], "check-check"))
        column.addWidget(self.banner)
        self._grid: QBoxLayout | None = None
        self._holder: QWidget | None = None
        self._begins = False
        self.record = Button("Record outcome", "check", Button.PRIMARY)
        self.carry = Button("Carry over", "corner-down-right")
        asks = decides and changes and line.state in {State.TO_DO, State.ELSEWHERE}
        if asks:
            column.addWidget(self._form(vocabularies))
        column.addLayout(self._foot(asks=asks, decides=decides, changes=changes))
        leave = QShortcut(QKeySequence("Esc"), self)
        leave.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        leave.activated.connect(self.closed)
        self._restyle()

    # ---- what is said

    def _head(self) -> QHBoxLayout:
        line = self.line
        row = spaced(QHBoxLayout(), 8)
        row.addWidget(Text(str(line.number), "label"))
        row.addWidget(Tag(ICONS[line.kind], line.kind.value))
        if line.whom is not None:
            row.addWidget(Elided(line.whom.name, "label"))
            row.addWidget(Elided(line.whom.apart, "muted"), 1)
        else:
            row.addStretch(1)
        if line.carried:
            state = "late" if line.often else "due"
            often = "once" if line.carried == 1 else f"{line.carried} times"
            row.addWidget(StateChip(state, f"Carried over {often}", "repeat"))
        elif line.age:
            row.addWidget(Text(line.age, "secondary"))
        return row

    def _said(self, said: Any) -> QVBoxLayout:
        column = spaced(QVBoxLayout(), 2)
        when = f" to {times.show_time(said.to)}" if said.to is not None else ""
        column.addWidget(Explained(f"Carried over{when}." if said.carried else said.words))
        column.addWidget(Text(f"{said.by}, {times.show_time(said.at)}", "secondary"))
        return column

    # ---- what is asked

    def _form(self, vocabularies: Vocabularies) -> QWidget:
        self.fields = Fields(
            [self._outcome_field(), *self._task_fields()],
            Around(self.desk, vocabularies, {}),
            self,
        )
        self.fields.changed.connect(self._put_right)
        self.keeper = Keeper(
            self.desk, About("agenda_line", self.identity, _OUTCOME), self._to_keep, self
        )
        self.keeper.failed.connect(self._trouble)
        holder = QWidget()
        column = spaced(QVBoxLayout(holder), 8)
        boxes = self.fields.boxes
        self._grid = spaced(QBoxLayout(QBoxLayout.Direction.LeftToRight), 12)
        left, right = spaced(QVBoxLayout(), 8), spaced(QVBoxLayout(), 8)
        pair = spaced(QHBoxLayout(), 12)
        for name in ("owner_staff", "due"):
            pair.addWidget(boxes[name], 1)
        for name in (_OUTCOME, "what"):
            left.addWidget(boxes[name])
        right.addLayout(pair)
        self._ask_what_it_means(right)
        right.addStretch(1)
        self._grid.addLayout(left, 11)
        self._grid.addLayout(right, 10)
        column.addLayout(self._grid)
        # nothing is typed before it is known what was typed here last time
        holder.setEnabled(False)
        self._holder = holder
        self._enable(on=False)
        self.keeper.find(self._found, self._trouble)
        return holder

    def _ask_what_it_means(self, column: QVBoxLayout) -> None:
        """Ask what the outcome does with the record the line is about, where that can be chosen."""
        source = self.line.source
        ways = deciding.ways(None if source is None else source[0])
        if len(ways) < 2 or source is None:  # noqa: PLR2004  # nothing to choose from
            return
        words = _WORDS[source[0]]
        called = f"What that means for the {all_specs()[source[0]].label.lower()}"
        self.settles = Segmented([(way.value, words[way]) for way in ways], called)
        self.settles.set_value(ways[0].value)
        self.settles.changed.connect(lambda _: self._typed())
        column.addWidget(Text(called, "label"))
        column.addWidget(self.settles)

    @staticmethod
    def _outcome_field() -> FieldSpec:
        return dataclasses.replace(spec_of(AgendaOutcome).by_name[_OUTCOME], required=True)

    @staticmethod
    def _task_fields() -> list[FieldSpec]:
        fields = [spec_of(Action).by_name[name] for name in _TASK]
        helped = {"what": "Left empty, it is the outcome"}
        return [
            dataclasses.replace(field, required=False, help=helped.get(field.name, ""))
            for field in fields
        ]

    def _foot(self, *, asks: bool, decides: bool, changes: bool) -> QHBoxLayout:
        row = spaced(QHBoxLayout(), 8)
        self._keys = QWidget()
        keys = spaced(QHBoxLayout(self._keys), 8)
        if asks:
            for shortcut, words in (
                ("Ctrl+Enter", "record and go on"),
                ("Ctrl+D", "carry over"),
            ):
                keys.addWidget(KeyCaps(shortcut))
                keys.addWidget(Text(words, "secondary"))
        row.addWidget(self._keys)
        row.addStretch(1)
        parts: list[QWidget] = []
        source = self.line.source
        if source is not None and source[0] in all_specs() and source[0] != "agenda_line":
            label = all_specs()[source[0]].label.lower()
            show = Button(f"Open the {label}", "external-link", Button.QUIET)
            show.clicked.connect(lambda *_: self.desk.open(*source))
            parts.append(show)
        if changes and not self.line.said:
            off = Button("Take off", "x", Button.QUIET)
            if self.line.source is not None:
                off.setToolTip("It stays open and comes back at the next round")
            off.clicked.connect(self.off_asked)
            parts.append(off)
        if decides and changes and self.line.said:
            back = Button("Take back", "undo-2")
            back.clicked.connect(self.back_asked)
            parts.append(back)
        if asks:
            self.carry.clicked.connect(self.carry_over)
            self.record.clicked.connect(self.save)
            for keys_, work in (
                ("Ctrl+Return", self.save), ("Ctrl+Enter", self.save), ("Ctrl+D", self.carry_over),
            ):  # fmt: skip
                pressed = QShortcut(QKeySequence(keys_), self)
                pressed.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
                pressed.activated.connect(work)
            parts.append(self.carry)
            parts.append(self.record)
        else:
            close = Button("Close", "chevron-up")
            close.clicked.connect(self.closed)
            parts.append(close)
        # with large text they take several lines
        row.addWidget(FlowRow(parts))
        return row

    # ---- drafts

    def _put_right(self, name: str) -> None:
        """Take back what was said of a field: somebody is at it."""
        assert self.fields is not None  # noqa: S101  # somebody typed
        self.fields.boxes[name].set_error("")
        self.banner.hide()
        self._typed()

    def _typed(self) -> None:
        if self.keeper is not None:
            self.keeper.note()

    def _to_keep(self) -> tuple[Mapping[str, Any], Mapping[str, tuple[int, ...]]]:
        assert self.fields is not None  # noqa: S101  # somebody typed
        typed = self.fields.typed(self.fields.boxes)
        if self.settles is not None:
            typed[_SETTLES] = self.settles.value
        return typed, {}

    def _found(self, draft: Draft | None) -> None:
        if self.fields is None or self._holder is None:
            return
        self._holder.setEnabled(True)
        self._enable(on=True)
        if self._begins:
            self.begin()
        if draft is None:
            return
        self.fields.put(draft.typed)
        kept = draft.typed.get(_SETTLES)
        if self.settles is not None and kept in {way.value for way in Settles}:
            self.settles.set_value(kept)

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep what was typed when it leaves the screen."""
        super().hideEvent(event)
        if self.keeper is not None:
            self.keeper.keep()

    # ---- writing

    def begin(self) -> None:
        """Put the cursor where the outcome is written."""
        self._begins = True
        if self.fields is not None:
            self.fields.editor(_OUTCOME).control.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def save(self) -> None:
        """Record the outcome, if it is right; otherwise say at each field what is not."""
        if self.fields is None or self.keeper is None or not self.record.isEnabled():
            return
        values, unread = self.fields.read()
        if unread:
            self._tell(unread)
            return
        wanted = None
        if any(values[name] is not None for name in _TASK):
            wanted = FollowUp(values["what"] or "", staff=values["owner_staff"], due=values["due"])
        words = values[_OUTCOME] or ""
        settles = None if self.settles is None else Settles(str(self.settles.value))
        identity = self.identity

        def work(home: OpenHome) -> Done:
            return deciding.record(home, identity, words, settles=settles, follow_up=wanted)

        self._write(work, f"Outcome recorded{self._for_whom()}.")

    def carry_over(self) -> None:
        """Carry it over to the next round."""
        if self.fields is None or self.keeper is None or not self.carry.isEnabled():
            return
        if str(self.fields.editor(_OUTCOME).typed() or "").strip():
            self._say("You have typed an outcome. Record it, or empty the field to carry it over.")
            self.fields.editor(_OUTCOME).control.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        identity = self.identity
        self._write(lambda home: deciding.carry(home, identity), f"Carried over{self._for_whom()}.")

    def _for_whom(self) -> str:
        return "" if self.line.whom is None else f" for {self.line.whom.name}"

    def _write(self, work: Any, words: str) -> None:
        assert self.keeper is not None  # noqa: S101  # its buttons are there
        self.banner.hide()
        self._enable(on=False)
        self.keeper.save(work, lambda done, _: self._saved(done, words), self._refuse)

    def _saved(self, done: Done, words: str) -> None:
        assert self.keeper is not None  # noqa: S101  # it saved
        self.keeper.stop()
        self.recorded.emit(done, words)

    def _enable(self, *, on: bool) -> None:
        self.record.setEnabled(on)
        self.carry.setEnabled(on)

    def _refuse(self, error: UserError) -> None:
        self._enable(on=True)
        if isinstance(error, Unfit):
            self._tell(
                [
                    dataclasses.replace(problem, field=problem.field.rpartition(".")[2])
                    for problem in error.problems
                ]
            )
        else:
            self._trouble(error)

    def _tell(self, problems: list[Problem]) -> None:
        assert self.fields is not None  # noqa: S101  # it was saved from them
        elsewhere = self.fields.tell(problems, errors_at=self.fields.boxes)
        if elsewhere:
            self._say(" ".join(problem.message for problem in elsewhere))
        for wrong in self.fields.wrong[:1]:
            wrong.editor.control.setFocus(Qt.FocusReason.OtherFocusReason)

    def _trouble(self, error: UserError) -> None:
        self._say(" ".join(part for part in (error.what, error.do) if part))

    def _say(self, words: str) -> None:
        self.banner.say("late", words)
        self.banner.show()

    # ---- its look

    def changeEvent(self, event: QEvent) -> None:
        """Stack its fields when text is large."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_keys"):
            self._restyle()

    def _restyle(self) -> None:
        direction, roomy = QBoxLayout.Direction, theme.roomy()
        if self._grid is not None:
            self._grid.setDirection(direction.LeftToRight if roomy else direction.TopToBottom)
        self._keys.setVisible(roomy and self._keys.layout() is not None)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the edge of the one thing that is being done now."""
        rect = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        colour = theme.colour
        box(painter_for(self), rect, theme.px(12), colour("surface"), colour("accent"), 2)
