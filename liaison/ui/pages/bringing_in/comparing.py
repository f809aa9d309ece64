"""A row beside what it may be the same as, merged field by field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from liaison.ui.pages.bringing_in.alike import said_same
from liaison.ui.parts.differences import spans
from liaison.ui.parts.marked import MarkedChoice
from liaison.ui.widgets import Button, Card, Columns, Text, Wrap, spaced

if TYPE_CHECKING:
    from liaison.ui.pages.bringing_in.alike import Choosable, Pair


class _Choice:
    """One field: what is known at the left, what the row says at the right."""

    def __init__(self, field: Choosable, whose: str, parent: QWidget) -> None:
        self.field = field
        self.group = QButtonGroup(parent)
        self.ours = MarkedChoice(spans(field.ours, field.theirs), f"{field.label}, {whose}")
        self.theirs = MarkedChoice(spans(field.theirs, field.ours), f"{field.label}, in the list")
        for button in (self.ours, self.theirs):
            self.group.addButton(button)
        # ours stay, and gaps are filled
        (self.ours if field.ours else self.theirs).setChecked(True)


class Comparing(Card):
    """Asks whether a row is the same as what is known, and which fields of it are right."""

    merged = Signal(object)
    """They are the same, as this says (``Same``)."""
    kept_apart = Signal(int)
    """They are not; the row's number."""
    left = Signal()
    """Somebody goes back without an answer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Are these the same?", parent=parent)
        self.choices: list[_Choice] = []
        self._pair: Pair | None = None
        self._words = Wrap("", "muted", widest=760)
        self.add(self._words)
        self._box = QWidget()
        self.add(self._box)
        self._alike = Wrap("", "secondary", widest=760)
        self.add(self._alike)
        self.merge = Button("Yes, merge them", "git-merge", Button.PRIMARY)
        self.merge.clicked.connect(self._merge)
        self.apart = Button("No, keep both")
        self.apart.clicked.connect(self._keep)
        self.back = Button("Decide later", "", Button.QUIET)
        self.back.clicked.connect(self.left)
        row = spaced(QHBoxLayout(), 8)
        for button in (self.merge, self.apart, self.back):
            row.addWidget(button)
        row.addStretch(1)
        self.add(row)

    def show_pair(self, pair: Pair) -> None:
        """Show a row beside what it may be."""
        self._pair = pair
        one = pair.suggestion
        whose = "in Liaison" if one.record is not None else f"{one.entry} {one.other_row:,}"
        why = " and ".join(one.reasons)
        self._words.setText(
            f"{pair.ours} ({whose}) and {pair.theirs} ({one.entry} {one.row:,} of the list) have "
            f"{why}. Where they differ, choose what stays."
        )
        old = self._box
        self._box = QWidget()
        column = spaced(QVBoxLayout(self._box), 10)
        self.choices = [_Choice(field, whose, self._box) for field in pair.fields]
        sides = f"{whose[:1].upper()}{whose[1:]}", "In the list"
        for choice in self.choices:
            column.addWidget(Text(choice.field.label, "label"))
            pair_of = (_under(sides[0], choice.ours), _under(sides[1], choice.theirs))
            column.addWidget(Columns([(one, 1) for one in pair_of], 12, top=True))
        if not self.choices:
            column.addWidget(Wrap(f"The {one.entry} says nothing that is not known.", "secondary"))
        self.body.replaceWidget(old, self._box)
        old.hide()
        old.deleteLater()
        self._box.show()
        self._alike.setText(f"The same in both. {'; '.join(pair.alike)}.")
        self._alike.setVisible(bool(pair.alike))

    def begin(self) -> None:
        """Give the first choice the keyboard."""
        first = self.choices[0].group.checkedButton() if self.choices else None
        (first or self.merge).setFocus(Qt.FocusReason.OtherFocusReason)

    def _merge(self) -> None:
        if self._pair is not None:
            take = frozenset(one.field.name for one in self.choices if one.theirs.isChecked())
            self.merged.emit(said_same(self._pair.suggestion, take))

    def _keep(self) -> None:
        if self._pair is not None:
            self.kept_apart.emit(self._pair.suggestion.row)


def _under(caption: str, choice: QWidget) -> QWidget:
    side = QWidget()
    column = spaced(QVBoxLayout(side), 2)
    column.addWidget(Text(caption, "caption"))
    column.addWidget(choice)
    return side
