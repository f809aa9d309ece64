"""What a removed PC wrote about one thing: told save by save, and taken in again or left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from liaison.records.rules import times
from liaison.services.erasing import NOT_REACHED
from liaison.services.pcs import reviewing
from liaison.ui import theme
from liaison.ui.widgets import (
    Banner,
    Button,
    Card,
    ConfirmDialog,
    Field,
    FlowRow,
    LineEdit,
    Wrap,
    spaced,
)

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.services.pcs.reviewing import Line, Matter, Save, Touched

_LONGEST: Final = 200
_MOST_SAVES: Final = 30
_MOST_RECORDS, _MOST_IN_ALL = 20, 60
"""So many records are shown of a save, and of all of them: each is many widgets."""
_SHORT: Final = 600
_LABEL: Final = 150


class MatterPanel(QWidget):
    """A matter, and what can be decided about it.

    Args:
        matter: The matter.
    """

    deciding = Signal(object, str)
    """To be written (takes the home), with the words for when it was. The panel may be gone by
    then: whose it is writes it."""

    def __init__(self, matter: Matter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.matter = matter
        self.setAccessibleName(f"{matter.label} {matter.title}")
        self.banner = Banner("late", "")
        self.banner.hide()
        rows = spaced(QVBoxLayout(self), 12)
        rows.addWidget(Wrap(_question(matter), "question"))
        rows.addWidget(Wrap(f"{matter.label}, {_who(matter)}: {matter.why}.", "muted", widest=760))
        rows.addWidget(self.banner)
        room = _MOST_IN_ALL
        for save in matter.saves[:_MOST_SAVES]:
            shown = save.touched[: min(_MOST_RECORDS, room)]
            room -= len(shown)
            rows.addWidget(_save_card(save, shown))
        if len(matter.saves) > _MOST_SAVES:
            more = len(matter.saves) - _MOST_SAVES
            rows.addWidget(Wrap(f"And {more:,} more saves, which belong to these.", "secondary"))
        self.why = LineEdit(limit=_LONGEST)
        self.field = Field("Why", self.why, "It stands in the history.")
        rows.addWidget(self.field)
        self.take = Button(
            "Take it in after all" if matter.left else "Take it in", "check", Button.PRIMARY
        )
        self.take.clicked.connect(self.take_in)
        self.leave = Button("Leave it out")
        self.leave.clicked.connect(self.leave_out)
        self.gone = Button("Erase for good...")
        self.gone.clicked.connect(self.ask_to_erase)
        self.sure: ConfirmDialog | None = None
        rows.addWidget(FlowRow([part for part, shown in self._buttons() if shown]))
        rows.addWidget(Wrap(_what_follows(matter), "secondary", widest=760))
        rows.addStretch(1)

    def _buttons(self) -> tuple[tuple[Button, bool], ...]:
        found = (
            (self.take, self.matter.able),
            (self.leave, not self.matter.left),
            (self.gone, True),
        )
        for button, shown in found:
            if not shown:
                button.setParent(self)
                button.hide()
        # why it is erased is asked with the question whether it is to be
        self.field.setVisible(self.matter.able or not self.matter.left)
        return found

    # ---- deciding

    def take_in(self) -> None:
        """Take it in again."""
        matter, why = self.matter, self.why.text()
        self._rest(False)
        self.deciding.emit(
            lambda home: reviewing.take_in(home, matter, why),
            f"Taken in: {matter.title}. If anything differs from what was changed since, it waits under "
            "Settle differences.",
        )

    def leave_out(self) -> None:
        """Leave it out."""
        matter, why = self.matter, self.why.text()
        self._rest(False)
        self.deciding.emit(
            lambda home: reviewing.leave_out(home, matter, why),
            f"Left out: {matter.title}. It is kept under “Left out”.",
        )

    def ask_to_erase(self) -> None:
        """Ask whether it is to be erased by law, and why; then erase it."""
        self.sure = ConfirmDialog(
            self.window(),
            f"Erase what was written about {self.matter.title}?",
            "Nothing of what is set apart here stays, on any PC that hears of it, and nobody can "
            f"bring it back. What the record itself says is not touched. {NOT_REACHED}",
            do="Erase for good",
            keep="Keep it",
            reason="Why, such as whose request",
            danger=True,
        )
        self.sure.accepted.connect(self._erase)
        self.sure.open()

    def _erase(self) -> None:
        matter, why = self.matter, self.sure.reason if self.sure is not None else ""
        self._rest(False)
        self.deciding.emit(
            lambda home: reviewing.erase(home, matter, why), f"Erased: {matter.label}."
        )

    def say_undecided(self, error: UserError) -> None:
        """Say why it could not be written; it can be tried again.

        Args:
            error: Why.
        """
        self._rest(True)
        self.banner.say("late", " ".join(part for part in (error.what, error.do) if part))

    def _rest(self, on: bool) -> None:  # noqa: FBT001  # a state, as Qt's setters
        for button in (self.take, self.leave, self.gone):
            button.setEnabled(on)


def _question(matter: Matter) -> str:
    if not matter.able:
        return matter.title
    return f"{matter.title}: does this belong in the record?"


def _who(matter: Matter) -> str:
    pcs = list(dict.fromkeys(save.pc for save in matter.saves))
    saves = "1 save" if len(matter.saves) == 1 else f"{len(matter.saves):,} saves"
    return f"{saves} on {' and '.join(pcs)}"


def _what_follows(matter: Matter) -> str:
    if not matter.able:
        return f"This cannot be taken in: {matter.hindrance}. {matter.what_to_do}"
    taken = (
        "Taken in, it is written again under your name, with who wrote it first. Where the record "
        "was changed since, both stay until somebody chooses."
    )
    left = (
        "" if matter.left else " Left out, it counts nowhere; it is kept and can be taken in later."
    )
    return taken + left


def _save_card(save: Save, shown: tuple[Touched, ...]) -> Card:
    card = Card(kind=Card.SUNK)
    card.add(Wrap(f"{times.show_time(save.at)}, {save.who} on {save.pc}", "secondary"))
    if save.reason:
        card.add(Wrap(f"“{save.reason}”"))
    for touched in shown:
        card.add(_touched(touched))
    if more := len(save.touched) - len(shown):
        records = "record" if more == 1 else "records"
        card.add(Wrap(f"And {more:,} more {records}, of the same save.", "secondary"))
    return card


def _touched(touched: Touched) -> QWidget:
    part = QWidget()
    rows = spaced(QVBoxLayout(part), 4)
    head = f"{touched.verb}: {touched.label} {touched.title}".strip()
    rows.addWidget(Wrap(head, "label"))
    if touched.lines:
        rows.addWidget(_lines(touched.lines))
    return part


def _lines(lines: tuple[Line, ...]) -> QWidget:
    part = QWidget()
    grid = spaced(QGridLayout(part), 4)
    top = Qt.AlignmentFlag.AlignTop
    for number, line in enumerate(lines):
        label = Wrap(line.label, "secondary")
        label.setFixedWidth(theme.px(_LABEL))
        grid.addWidget(label, number, 0, top)
        grid.addWidget(Wrap(_shortened(line.wrote), "body"), number, 1, top)
        if line.now and line.now != line.wrote:
            grid.addWidget(Wrap(f"The record says {_shortened(line.now)}", "muted"), number, 2, top)
    grid.setColumnStretch(1, 3)
    grid.setColumnStretch(2, 2)
    return part


def _shortened(words: str) -> str:
    return words if len(words) <= _SHORT else f"{words[:_SHORT]}..."
