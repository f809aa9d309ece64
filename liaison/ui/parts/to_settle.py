"""What PCs left to be settled or looked through, across the top of Today, with the way to where that is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QHBoxLayout

from liaison.security.roles import Action, may
from liaison.ui.parts.exchanging import many
from liaison.ui.widgets import Banner, Button, show_with

if TYPE_CHECKING:
    from liaison.ui.desk import Desk
    from liaison.ui.parts.exchanging import Seen

PAGE: Final = "differences"
REVIEW: Final = "review"


class ToSettle(Banner):
    """Says how much is to be settled or looked through, to those who may; gone while nothing is.

    Args:
        desk: The desk.

    Attributes:
        look: Leads to what was set apart; the banner's own button to differences and to records
            entered twice.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__("info", "")
        self._desk = desk
        self._twice = False
        self.look = Button("Look through", small=True)
        row = self.layout()
        assert isinstance(row, QHBoxLayout)  # noqa: S101  # a banner is one row
        row.insertWidget(row.indexOf(self.button) + 1, self.look)
        self.hide()
        self.pressed.connect(lambda: desk.go(PAGE, {"twice": self._twice}))
        self.look.clicked.connect(lambda: desk.go(REVIEW))
        if may(desk.person.role, Action.UNDO_OTHERS):
            desk.exchange_told.connect(self.show_seen)
            if desk.exchange is not None:
                self.show_seen(desk.exchange)

    def show_seen(self, seen: Seen) -> None:
        """Show how it stands now.

        Args:
            seen: How the exchange stands.
        """
        role = self._desk.person.role
        settle = seen.overview.to_settle if seen.overview is not None else 0
        twice = seen.twice if may(role, Action.STRIKE_OTHERS) else 0
        apart = len(seen.overview.status.to_review) if seen.overview is not None else 0
        looks = bool(apart) and may(role, Action.PCS)
        words = []
        if settle:
            words.append(f"Two PCs changed the same thing: {many(settle, 'difference')} to settle.")
        if twice:
            words.append(f"{many(twice, 'record')} may have been entered on two PCs.")
        if looks:
            words.append(f"A PC that was removed had written on: {many(apart, 'save')} set apart.")
        self._twice = bool(twice and not settle)
        said = " ".join(words)
        show_with(self.look, wanted=looks)
        if said and (self.isHidden() or said != self.accessibleName()):
            self.say("info", said, "Settle" if settle else "Compare" if twice else "")
        elif not said:
            self.hide()
