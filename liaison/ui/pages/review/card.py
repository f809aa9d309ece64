"""What a removed PC wrote about one thing: told save by save, and taken in again or left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QGridLayout, QVBoxLayout, QWidget

from liaison.records.rules import times
from liaison.services.erasing import NOT_REACHED
from liaison.services.pcs import reviewing
from liaison.ui import theme
from liaison.ui.pages.review.deciding import WIDE, Deciding
from liaison.ui.parts.reason import ReasonDialog
from liaison.ui.widgets import Button, Card, Wrap, spaced

if TYPE_CHECKING:
    from liaison.services.pcs.matters import Line, Matter, Save, Touched
    from liaison.ui.desk import Desk

_MOST_SAVES: Final = 30
_MOST_RECORDS, _MOST_IN_ALL = 20, 60
"""So many records are shown of a save, and of all of them: each is many widgets."""
_SHORT: Final = 600
_LABEL: Final = 150


class EraseDialog(ReasonDialog):
    """Asks whether what was written about a matter is to be erased by law, and why.

    It outlives the panel it was asked on, which is made anew as more comes of the matter.

    Args:
        desk: The desk.
        matter: The matter.
        parent: The widget it belongs to.
    """

    deciding = Signal(object, str)
    """As :attr:`Deciding.deciding`."""

    def __init__(self, desk: Desk, matter: Matter, parent: QWidget) -> None:
        super().__init__(
            desk,
            reviewing.where_erased(matter),
            parent,
            f"Erase what was written about {matter.title}?",
            "Nothing of what is set apart here stays, on any PC that hears of it, and nobody can "
            f"bring it back. What the record itself says is not touched. {NOT_REACHED}",
            do="Erase for good",
            keep="Keep it",
            label="Why, such as whose request",
            danger=True,
        )
        self._matter = matter
        # not at once as it is agreed to: by now nothing more is kept of the answer
        self.finished.connect(self._erase)

    def _erase(self, result: int) -> None:
        if result != QDialog.DialogCode.Accepted:
            return
        matter, why = self._matter, self.reason
        self.deciding.emit(
            lambda home: reviewing.erase(home, matter, why), f"Erased: {matter.label}."
        )


class MatterPanel(Deciding):
    """A matter, and what can be decided about it.

    Args:
        desk: The desk.
        matter: The matter.
    """

    asked = Signal(object)
    """Somebody is asked whether to erase it (the :class:`EraseDialog`, whose decision counts)."""

    def __init__(self, desk: Desk, matter: Matter) -> None:
        super().__init__(
            desk, (matter,), _question(matter), f"{matter.label}, {_who(matter)}: {matter.why}."
        )
        self._desk = desk
        self.matter = matter
        self.setAccessibleName(f"{matter.label} {matter.title}")
        room = _MOST_IN_ALL
        for save in matter.saves[:_MOST_SAVES]:
            shown = save.touched[: min(_MOST_RECORDS, room)]
            room -= len(shown)
            self.rows.addWidget(_save_card(save, shown))
        if len(matter.saves) > _MOST_SAVES:
            more = len(matter.saves) - _MOST_SAVES
            self.rows.addWidget(
                Wrap(f"And {more:,} more saves, which belong to these.", "secondary")
            )
        if not matter.able:
            words = f"This cannot be taken in: {matter.hindrance}. {matter.what_to_do}"
            self.rows.addWidget(Wrap(words, "secondary", widest=WIDE))
        self.gone = Button("Erase for good...")
        self.gone.clicked.connect(self.ask_to_erase)
        self.sure: EraseDialog | None = None
        self.finish([self.gone])

    def ask_to_erase(self) -> None:
        """Ask whether it is to be erased by law, and why; then erase it."""
        sure = EraseDialog(self._desk, self.matter, self)
        sure.accepted.connect(self._go)
        self.sure = sure
        self.asked.emit(sure)
        sure.open()

    def _go(self) -> None:
        self.rest(False)
        # what was typed about it for another decision goes with it
        self.begun.let_go()

    def rest(self, on: bool) -> None:  # noqa: FBT001  # a state, as Qt's setters
        """Let the buttons be pressed, or not while something is written."""
        super().rest(on)
        self.gone.setEnabled(on)


def _question(matter: Matter) -> str:
    if not matter.able:
        return matter.title
    return f"{matter.title}: does this belong in the record?"


def _who(matter: Matter) -> str:
    pcs = list(dict.fromkeys(save.pc for save in matter.saves))
    saves = "1 save" if len(matter.saves) == 1 else f"{len(matter.saves):,} saves"
    return f"{saves} on {' and '.join(pcs)}"


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
    head = f"{touched.label} {touched.verb.lower()}: {touched.title}".removesuffix(": ")
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
