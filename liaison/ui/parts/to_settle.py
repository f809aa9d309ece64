"""What PCs left to be settled or looked through, across the top of Today, with the way to where that is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from liaison.security.roles import Action, may
from liaison.ui.parts.exchanging import many
from liaison.ui.widgets import Banner

if TYPE_CHECKING:
    from liaison.ui.desk import Desk
    from liaison.ui.parts.exchanging import Seen

PAGE: Final = "differences"
REVIEW: Final = "review"


class ToSettle(Banner):
    """Says how much is to be settled, to those who may; gone while nothing is.

    Args:
        desk: The desk.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__("info", "", "Review")
        self._desk = desk
        self._twice = False
        self.hide()
        self._reviews = False
        self.pressed.connect(self._go)
        if may(desk.person.role, Action.UNDO_OTHERS):
            desk.exchange_told.connect(self.show_seen)
            if desk.exchange is not None:
                self.show_seen(desk.exchange)

    def _go(self) -> None:
        if self._reviews:
            self._desk.go(REVIEW)
        else:
            self._desk.go(PAGE, {"twice": self._twice})

    def show_seen(self, seen: Seen) -> None:
        """Show how it stands now.

        Args:
            seen: How the exchange stands.
        """
        settle = seen.overview.to_settle if seen.overview is not None else 0
        twice = seen.twice if may(self._desk.person.role, Action.STRIKE_OTHERS) else 0
        words = []
        if settle:
            words.append(f"Two PCs changed the same thing: {many(settle, 'difference')} to settle.")
        if twice:
            words.append(f"{many(twice, 'record')} may have been entered on two PCs.")
        apart = len(seen.overview.status.to_review) if seen.overview is not None else 0
        if apart and may(self._desk.person.role, Action.PCS):
            words.append(f"A PC that was removed had written on: {many(apart, 'save')} set apart.")
        self._reviews = bool(words) and not settle and not twice
        self._twice = bool(twice and not settle)
        said = " ".join(words)
        if said and (self.isHidden() or said != self.accessibleName()):
            self.say("info", said, "Review")
        elif not said:
            self.hide()
