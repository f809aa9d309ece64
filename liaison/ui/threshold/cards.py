"""The names at the door: as many cards as there is room for, the others behind one more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QWidget

from liaison.ui import theme
from liaison.ui.shell.roles import ROLES
from liaison.ui.threshold.people import PersonCard

if TYPE_CHECKING:
    from liaison.ui.threshold.locked import Person

_MOST_ACROSS: Final = 3
_CARD_WIDTH: Final = 240
_SOMEONE_ELSE: Final = "more"


class PersonCards(QWidget):
    """A card for each person who can unlock the home; one of them is chosen."""

    chosen = Signal(object)
    """Somebody chose this card (a :class:`PersonCard`)."""

    def __init__(self) -> None:
        super().__init__()
        self._people: Sequence[Person] = ()
        self._room = (1, 1)
        self._all_shown = False
        self.cards: list[PersonCard] = []
        self._group = QButtonGroup(self)
        self._group.buttonClicked.connect(self._pressed)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)

    @property
    def key(self) -> str:
        """The id of who is chosen; empty if nobody is."""
        return str(getattr(self._group.checkedButton(), "key", ""))

    @property
    def shown(self) -> list[str]:
        """The words of the cards, in order."""
        return [card.text() for card in self.cards]

    def show_people(self, people: Sequence[Person]) -> None:
        """Show other people; whoever is chosen stays so if they are among them.

        Args:
            people: Who, in their order.
        """
        self._people = people
        self._deal()

    def fit(self, width: int) -> None:
        """Use the room there is.

        Args:
            width: How wide the cards may lie, in pixels.
        """
        self._grid.setHorizontalSpacing(theme.px(12))
        self._grid.setVerticalSpacing(theme.px(12))
        size = theme.scale()
        down = 3 if size < 1.25 else 2 if size < 1.75 else 1  # noqa: PLR2004  # what fits 768 px
        across = min(max(width // theme.px(_CARD_WIDTH), 1), _MOST_ACROSS)
        if (across, down) != self._room:
            self._room = (across, down)
            self._deal()

    def choose(self, key: str) -> bool:
        """Choose somebody by their id; return whether they are among these people."""
        if all(one.id != key for one in self._people):
            return False
        if all(card.key != key for card in self.cards):
            self._all_shown = True
            self._deal()
        next(card for card in self.cards if card.key == key).setChecked(True)
        return True

    def _pressed(self, card: PersonCard) -> None:
        if card.key == _SOMEONE_ELSE:
            self._all_shown = True
            self._deal()
        else:
            self.chosen.emit(card)

    def _deal(self) -> None:
        """Lay out the cards: those who were here last, or everybody."""
        key, people = self.key, self._people
        for card in self.cards:
            self._group.removeButton(card)
            self._grid.removeWidget(card)
            card.hide()
            card.deleteLater()
        chosen = next((one for one in people if one.id == key), None)
        across, down = self._room
        shown = list(people)
        if len(people) > across * down and not self._all_shown:
            shown = shown[: max(across * down - 1, 1)]
            if chosen is not None and chosen not in shown:
                shown = [chosen, *shown[1:]]
        self.cards = [PersonCard(one.id, one.name, ROLES.get(one.role, one.role)) for one in shown]
        if len(shown) < len(people):
            more = f"{len(people) - len(shown)} more names"
            self.cards.append(PersonCard(_SOMEONE_ELSE, "Someone else", more, "users"))
        for place, card in enumerate(self.cards):
            self._group.addButton(card)
            self._grid.addWidget(card, place // across, place % across)
        for column in range(_MOST_ACROSS):
            self._grid.setColumnStretch(column, 1 if column < across else 0)
        chosen = chosen or (shown[0] if shown else None)
        if chosen is not None:
            self.cards[shown.index(chosen)].setChecked(True)
