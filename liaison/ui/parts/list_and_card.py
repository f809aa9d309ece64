"""A page with a list, the card of whoever is chosen beside it, and a room for the rest behind both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from liaison.ui import theme
from liaison.ui.page import Page
from liaison.ui.parts import sheets
from liaison.ui.parts.room import OpenForm, OpenRecord, RecordRoom
from liaison.ui.widgets import OneOf, ScrollPage, spaced

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison.ui.desk import Desk
    from liaison.ui.parts.side_card import SideCard


class ListAndCard(Page):
    """Such a page; from 140 per cent text the card stands below the list.

    Args:
        desk: What a page is given.
        card: The card.
    """

    def __init__(self, desk: Desk, card: SideCard[Any]) -> None:
        super().__init__(desk)
        self.card = card
        self._has_card = True
        self.card.edit_asked.connect(self._change)
        self.card.history_asked.connect(lambda name, one: self._open_room().history(name, one))
        self.room = RecordRoom(desk)
        self.room.left.connect(self._leave_room)

    def _put_together(
        self,
        above: Sequence[QWidget],
        left: QWidget,
        *,
        share: int = 0,
        instead: QWidget | None = None,
    ) -> None:
        """Lay the page out.

        Args:
            above: What stands over list and card.
            left: The list with what belongs to it.
            share: The list's share of the width, beside the card's 1; 0 for its own width.
            instead: What stands in the place of both while there is nothing.
        """
        below = QWidget()
        self._below = spaced(QBoxLayout(QBoxLayout.Direction.LeftToRight, below), 16)
        self._beside = sheets.Inset(left)
        self._below.addWidget(self._beside, share)
        self._below.addWidget(self.card, 1)
        self._bodies = OneOf()
        self._bodies.addWidget(below)
        if instead is not None:
            self._bodies.addWidget(instead)
        self._scroll = ScrollPage(spacing=16, margins=(24, 20, 24 - sheets.GUTTER, 20))
        top = spaced(QVBoxLayout(), 16, (0, 0, sheets.GUTTER, 0))
        for part in above:
            top.addWidget(part)
        self._scroll.body.addLayout(top)
        self._scroll.body.addWidget(self._bodies, 1)
        self._room = QWidget()
        spaced(QVBoxLayout(self._room), 0, (24, 20, 24, 20)).addWidget(self.room)
        self.stack = QStackedWidget()
        self.stack.addWidget(self._scroll)
        self.stack.addWidget(self._room)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.stack)
        self._turn()

    def _list_place(self) -> QWidget:
        """Return what takes the focus when list and card come to the front."""
        raise NotImplementedError

    def changeEvent(self, event: QEvent) -> None:
        """Stack list and card when text is large."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_below"):
            self._turn()

    def _turn(self) -> None:
        direction = QBoxLayout.Direction
        roomy = theme.roomy()
        self._below.setDirection(direction.LeftToRight if roomy else direction.TopToBottom)
        # what stands alone in its row ends where the header does
        alone = not roomy or not self._has_card
        self._beside.inset(theme.px(sheets.GUTTER) if alone else 0)

    def _show_card(self, *, shown: bool = True) -> None:
        """Show the card, or leave its room to the list."""
        self.card.setVisible(shown)
        if shown != self._has_card:
            self._has_card = shown
            self._turn()

    # ---- beside the list

    def open_form(self) -> object:
        """Return the form that is being filled in, or the record that is read in full."""
        return self.room.open_form()

    def reopen(self, form: object) -> None:
        """Show what was left open."""
        if isinstance(form, OpenForm | OpenRecord):
            self._open_room().reopen(form)

    def _open_room(self) -> RecordRoom:
        self.stack.setCurrentWidget(self._room)
        return self.room

    def _leave_room(self) -> None:
        self.stack.setCurrentWidget(self._scroll)
        self._list_place().setFocus(Qt.FocusReason.OtherFocusReason)

    def _change(self, type_name: str, identity: int) -> None:
        self._open_room().change(type_name, identity)
