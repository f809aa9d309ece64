"""What a manager decides about what was set apart: one matter, or several alike at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from liaison.services.pcs import reviewing
from liaison.ui import theme
from liaison.ui.parts.answers import BegunAnswer, forgetting
from liaison.ui.widgets import (
    Banner,
    Button,
    Card,
    Field,
    FlowRow,
    LineEdit,
    Narrow,
    ScrollPage,
    Wrap,
    spaced,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QHideEvent

    from liaison.errors import UserError
    from liaison.services.pcs.matters import Matter
    from liaison.ui.desk import Desk

WIDE: Final = 760
_LEAST: Final = 160
_LONGEST: Final = 200
_MOST_TITLES: Final = 5
_LATER: Final = (
    "If anything differs from what was changed since, it waits under Settle differences."
)
_TAKEN: Final = (
    "Taken in, it is written again under your name, with who wrote it first. Where the record was "
    "changed since, both stay until somebody chooses."
)
_LEFT: Final = "Left out, it counts nowhere; it is kept and can be taken in later."


class Deciding(QWidget):
    """Takes in or leaves out what is picked, all of it or nothing.

    Args:
        desk: The desk.
        matters: What is picked; one at least.
        question: What is asked about it.
        words: What it is, in a sentence.
    """

    deciding = Signal(object, str)
    """To be written (takes the home), with the words for when it was. This may be gone by then:
    whose it is writes it."""

    def __init__(self, desk: Desk, matters: Sequence[Matter], question: str, words: str) -> None:
        super().__init__()
        self.matters = tuple(matters)
        self.able = all(one.able for one in matters)
        """Whether all of it can be taken in."""
        self.left = any(one.left for one in matters)
        """Whether it was left out before."""
        self.banner = Banner("late", "")
        self.banner.hide()
        self._column = spaced(QVBoxLayout(self), 12)
        self.sheet = ScrollPage(spacing=12, margins=(0, 0, 0, 0))
        """What it says; however long that is, what can be decided stays in sight below."""
        self.sheet.setMinimumHeight(theme.px(_LEAST))
        # it takes what the decision leaves: the page around it is not to scroll for its sake
        self.sheet.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        # nothing in it takes the focus, and arrows are to scroll it
        self.sheet.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.sheet.setAccessibleName("What was written")
        self._column.addWidget(self.sheet, 1)
        self.rows = self.sheet.body
        self.rows.addWidget(Wrap(question, "question"))
        self.rows.addWidget(Wrap(words, "muted", widest=WIDE))
        self._column.addWidget(self.banner)
        self.why = LineEdit(limit=_LONGEST)
        self.begun = BegunAnswer(desk, reviewing.where_decided(matters), {"why": self.why}, self)
        self.field = Field("Why", self.why, "It stands in the history.")
        count = len(matters)
        taking, leaving = ("Take it in", "Leave it out") if count == 1 else (
            f"Take these {count:,} in", f"Leave these {count:,} out",
        )  # fmt: skip
        self.take = Button(f"{taking} after all" if self.left else taking, "check", Button.PRIMARY)
        self.leave = Button(leaving)
        self.take.clicked.connect(self.take_in)
        self.leave.clicked.connect(self.leave_out)

    @property
    def title(self) -> str:
        """What is decided about, in a few words."""
        return self.matters[0].title if len(self.matters) == 1 else f"{len(self.matters):,} matters"

    def finish(self, more: Sequence[Button] = ()) -> None:
        """Lay out what can be decided, below the sheet of what was added to :attr:`rows`.

        Args:
            more: Buttons after the two.
        """
        asked = Narrow(self.field, WIDE)
        self.rows.addStretch(1)
        self._column.addWidget(asked)
        # why it is erased is asked with the question whether it is to be
        asked.setVisible(self.able or not self.left)
        shown = [*([self.take] if self.able else []), *([] if self.left else [self.leave]), *more]
        for button in (self.take, self.leave):
            if button not in shown:
                button.setParent(self)
                button.hide()
        self._column.addWidget(FlowRow(shown))
        if self.able:
            words = _TAKEN if self.left else f"{_TAKEN} {_LEFT}"
            self._column.addWidget(Wrap(words, "secondary", widest=WIDE))

    def take_in(self) -> None:
        """Take it in again."""
        matters, why = self.matters, self.why.text()
        self.rest(False)
        self.begun.let_go()
        self.deciding.emit(
            forgetting(self.begun.about, lambda home: reviewing.take_in_all(home, matters, why)),
            f"Taken in: {self.title}. {_LATER}",
        )

    def leave_out(self) -> None:
        """Leave it out."""
        matters, why = self.matters, self.why.text()
        self.rest(False)
        self.begun.let_go()
        them = "It is" if len(matters) == 1 else "They are"
        self.deciding.emit(
            forgetting(self.begun.about, lambda home: reviewing.leave_out_all(home, matters, why)),
            f"Left out: {self.title}. {them} kept under “Left out”.",
        )

    def say_undecided(self, error: UserError) -> None:
        """Say why it could not be written; it can be tried again.

        Args:
            error: Why.
        """
        self.rest(True)
        self.banner.say("late", " ".join(part for part in (error.what, error.do) if part))

    def rest(self, on: bool) -> None:  # noqa: FBT001  # a state, as Qt's setters
        """Let the buttons be pressed, or not while something is written."""
        for button in (self.take, self.leave):
            button.setEnabled(on)
        # what is typed after the decision would be kept, and its matter gone
        self.why.setReadOnly(not on)

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep why when something else is picked."""
        super().hideEvent(event)
        self.begun.let_go()


class SeveralPanel(Deciding):
    """Several matters that are picked: what they are, and the decisions all of them allow.

    Args:
        desk: The desk.
        matters: They.
    """

    def __init__(self, desk: Desk, matters: Sequence[Matter]) -> None:
        count = len(matters)
        saves = sum(len(one.saves) for one in matters)
        able = all(one.able for one in matters)
        super().__init__(
            desk,
            matters,
            f"Do these {count:,} belong in the record?" if able else f"{count:,} are picked",
            f"{saves:,} saves in all. One decision is made about all of them, or about none.",
        )
        self.setAccessibleName(f"{count:,} are picked")
        listed = Card(kind=Card.SUNK)
        # what stands in the way first; all of them are marked in the list
        for one in sorted(matters, key=lambda each: each.able)[:_MOST_TITLES]:
            line = QWidget()
            column = spaced(QVBoxLayout(line), 1)
            column.addWidget(Wrap(one.title, "label"))
            cannot = "" if one.able else f". Cannot be taken in: {one.hindrance}"
            column.addWidget(Wrap(f"{one.label}, {one.saves[-1].pc}{cannot}", "secondary"))
            listed.add(line)
        if count > _MOST_TITLES:
            listed.add(Wrap(f"And {count - _MOST_TITLES:,} more.", "secondary"))
        self.rows.addWidget(listed)
        if not able:
            what = "pick those that can" if self.left else "leave them out, or pick those that can"
            told = f"Not all of these can be taken in: {what}."
            self.rows.addWidget(Wrap(told, "secondary", widest=WIDE))
        self.finish()
