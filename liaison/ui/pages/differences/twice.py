"""Records that two PCs both made, perhaps of the same person or place: side by side, to be merged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from liaison.records import all_specs
from liaison.services.pcs import twins
from liaison.ui.parts.undoing import offer_undo
from liaison.ui.widgets import (
    Banner,
    Button,
    Card,
    Columns,
    EmptyState,
    FlowRow,
    Tag,
    Wrap,
    spaced,
)

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.services.pcs.twins import Twins
    from liaison.ui.desk import Desk

_MOST_FIELDS: Final = 8


class TwinsCard(Card):
    """Two records side by side, and what can be said of them.

    Args:
        desk: The desk.
        found: The two.
    """

    settled = Signal()
    """Somebody said what the two are."""

    def __init__(self, desk: Desk, found: Twins) -> None:
        label = all_specs()[found.type].label
        super().__init__(f"Is this the same {label.lower()}?")
        self._desk = desk
        self.found = found
        self.setAccessibleName(f"{found.name} and {found.second_name}: the same?")
        self.add(FlowRow([Tag("check", reason) for reason in found.reasons]))
        self.add(Columns([(self._side(0), 1), (self._side(1), 1)], 16, top=True))
        self.banner = Banner("late", "")
        self.banner.hide()
        self.add(self.banner)
        self.same = Button("They are the same", "git-merge", Button.PRIMARY)
        self.same.setToolTip("The first stands for both; nothing is erased")
        self.same.clicked.connect(self.merge)
        self.different = Button("They are different")
        self.different.clicked.connect(self.keep_both)
        self.look = Button("Open the first", role=Button.QUIET)
        self.look.clicked.connect(lambda: desk.open(found.type, found.first))
        self.look_second = Button("Open the second", role=Button.QUIET)
        self.look_second.clicked.connect(lambda: desk.open(found.type, found.second))
        self.add(FlowRow([self.same, self.different, self.look, self.look_second]))

    def _side(self, which: int) -> QWidget:
        found = self.found
        side = Card(kind=Card.SUNK)
        side.add(Wrap((found.name, found.second_name)[which], "label"))
        order = ("Written first", "Written later")[which]
        side.add(Wrap(f"{order}, on {(found.pc, found.second_pc)[which]}", "secondary"))
        told = [one for one in found.fields if one[1:] != (found.name, found.second_name)]
        for label, *values in told[:_MOST_FIELDS]:
            differs = values[0] != values[1]
            side.add(Wrap(f"{label}: {values[which] or 'nothing'}", "label" if differs else "body"))
        return side

    def merge(self) -> None:
        """Let the first stand for both."""
        self._rest(False)
        found = self.found
        self._desk.jobs.write(
            lambda home: twins.merge(home, found), self._merged, self._fail, owner=self
        )

    def _merged(self, changes: tuple[int, ...]) -> None:
        offer_undo(self._desk, f"Merged; {self.found.name} stands for both.", changes)

    def keep_both(self) -> None:
        """Remember that they are different."""
        self._rest(False)
        found, desk = self.found, self._desk

        def said(_: None) -> None:
            desk.say(f"{found.name}: kept as two.")
            self.settled.emit()

        desk.jobs.write(lambda home: twins.say_different(home, found), said, self._fail, owner=self)

    def _fail(self, error: UserError) -> None:
        self._rest(True)
        self.banner.say("late", " ".join(part for part in (error.what, error.do) if part))

    def _rest(self, on: bool) -> None:  # noqa: FBT001  # a state, as Qt's setters
        for button in (self.same, self.different):
            button.setEnabled(on)


class Twice(QWidget):
    """Everything that two PCs may both have made.

    Args:
        desk: The desk.
    """

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._found: tuple[Twins, ...] | None = None
        self.cards: list[TwinsCard] = []
        self._column = spaced(QVBoxLayout(self), 16)
        self.setAccessibleName("Perhaps entered twice")
        desk.jobs.changed.connect(self._written)

    def _written(self, touched: frozenset[str]) -> None:
        if self.isVisible() and touched & {"resident", "contact", "organisation", "staff"}:
            self.refresh()

    def refresh(self) -> None:
        """Look for them anew."""
        if self._desk.jobs.home is not None:
            self._desk.jobs.look(
                lambda home, _: twins.find(home.store), self._show, self._desk.trouble, owner=self
            )

    def _show(self, found: tuple[Twins, ...]) -> None:
        if found == self._found:
            return
        self._found = found
        while (item := self._column.takeAt(0)) is not None:
            if (part := item.widget()) is not None:
                part.hide()
                part.deleteLater()
        self.cards = [TwinsCard(self._desk, one) for one in found]
        for card in self.cards:
            card.settled.connect(self.refresh)
            self._column.addWidget(card)
            card.show()
        if not found:
            nothing = EmptyState(
                "check-check",
                "Nothing was entered twice",
                "When two PCs both add somebody before they hear from each other, the two wait here "
                "to be merged.",
            )
            self._column.addWidget(nothing)
            nothing.show()
        self._column.addStretch(1)
