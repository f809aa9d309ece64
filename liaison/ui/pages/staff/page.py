"""Staff: the list, and the card of whoever is chosen."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from liaison.security.roles import Action, who_may
from liaison.store.query import Condition
from liaison.ui import theme
from liaison.ui.pages.staff.card import StaffCard
from liaison.ui.parts.last_chosen import remembered_tab
from liaison.ui.parts.list_and_card import ListAndCard
from liaison.ui.parts.record_list import Empty, RecordList
from liaison.ui.widgets import Button, PageHeader, Segmented

if TYPE_CHECKING:
    from liaison.ui.desk import Desk
    from liaison.ui.parts.saving import Saved

_STAFF: Final = "staff"
_HERE: Final = (Condition("left_on", None),)
_LEFT: Final = (Condition("left_on", dt.date.min, ">="),)


class StaffPage(ListAndCard):
    """Who works here, and how they stand.

    Args:
        desk: What a page is given.
    """

    name: ClassVar[str] = "staff"
    title: ClassVar[str] = "Staff"
    icon: ClassVar[str] = "id-card"
    # numbers, checks and training of colleagues are for those who lead
    roles: ClassVar[frozenset[str]] = frozenset(who_may(Action.LOOK_PRIVATE))
    reads: ClassVar[frozenset[str]] = frozenset(
        {
            _STAFF, "training_record", "course", "requirement", "exemption", "session",
            "attendance", "competency", "supervision", "job_held", "resident", "home",
        }
    )  # fmt: skip
    shortcuts: ClassVar[tuple[tuple[str, str], ...]] = (
        ("Ctrl+N", "Add a member of staff"),
        ("Esc", "Back to what was shown before"),
    )

    def __init__(self, desk: Desk) -> None:
        self.card: StaffCard
        super().__init__(desk, StaffCard(desk))
        self._filled = False
        self._wanted: int | None = None
        """Who was opened from elsewhere and is not in the list yet: somebody just added."""
        self.card.add_asked.connect(self._add)
        self.card.certificates_asked.connect(
            lambda who, files: self.desk.go("training", {"certificates": files, "of": who})
        )
        self.room.saved.connect(self._saved)
        self._lay_out()

    def _lay_out(self) -> None:
        self.add = Button("Add a member of staff", "user-plus", Button.PRIMARY, shortcut="Ctrl+N")
        self.add.clicked.connect(lambda *_: self._open_room().add(_STAFF))
        self.who = Segmented([("here", "Working here"), ("left", "Left")], "Which staff")
        self.who.set_value("here")
        left = remembered_tab(self.desk, self.name, self.who, ("here", "left")) == "left"
        self.who.changed.connect(self._choose)
        self.dates = Button("Supervision and skills", "badge-check")
        self.dates.clicked.connect(lambda *_: self.desk.go("readiness"))
        self.header = PageHeader(self.title, "", (self.who, self.dates, self.add))
        empty = Empty(
            "id-card",
            "No staff yet",
            "Everybody who works here appears in this list, with their training.",
            "Add a member of staff",
        )
        self.list = RecordList(
            self.desk,
            _STAFF,
            _LEFT if left else _HERE,
            columns=("name", "job_role", "team"),
            empty=empty,
        )
        self.list.adding.connect(lambda: self._open_room().add(_STAFF))
        self.list.looked_at.connect(self._look)
        self.list.opened.connect(lambda *_: self.card.focusNextChild())
        self.list.model.arrived.connect(self._arrived)
        self._put_together([self.header], self.list, share=1)

    def _list_place(self) -> QWidget:
        return self.list.table

    def _turn(self) -> None:
        super()._turn()
        self.list.setMinimumHeight(theme.px(300))
        self.card.setMinimumHeight(theme.px(300))

    # ---- what is shown

    def _choose(self, which: object) -> None:
        self.list.set_where(_HERE if which == "here" else _LEFT)

    def _arrived(self) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self.list.show_record(wanted)
        if self.card.staff is None and self.list.model.rowCount():
            self.list.table.go_to(0)
        # beside an empty list there is nobody to choose
        self._show_card(shown=self.card.staff is not None or self.list.model.rowCount() > 0)
        if not self._filled:
            self._filled = True
            self.filled.emit()

    def _look(self, identity: object) -> None:
        if self._wanted is not None:
            # the list has been read anew, without who is wanted
            return
        if isinstance(identity, int):
            if identity != self.card.staff:
                self.card.show_record(_STAFF, identity)
        else:
            self.card.clear()

    def refresh(self) -> None:
        """Read the card anew; the list does so by itself."""
        self.card.refresh()

    def show_start(self) -> None:
        """Show list and card."""
        self.room.empty()
        self.stack.setCurrentWidget(self._scroll)
        self.list.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_argument(self, argument: object) -> None:
        """Show the form of a new member of staff, ``{"add": True}``."""
        if isinstance(argument, dict) and argument.get("add"):
            self._open_room().add(_STAFF)

    def show_record(self, type_name: str, identity: int) -> None:
        """Show the card of a member of staff; anything else in full."""
        self.room.empty()
        if type_name == _STAFF:
            self.stack.setCurrentWidget(self._scroll)
            self._show_card()
            self.card.show_record(_STAFF, identity)
            if self.list.model.find(identity) >= 0:
                self.list.show_record(identity)
            else:
                self._wanted = identity
        else:
            self._open_room().read(type_name, identity)

    def _add(self, type_name: str, staff: int) -> None:
        if type_name == "competency":
            # one skill is often seen of several at once: its form ticks whom
            self.desk.go("training", {"sign_off": True, "of": staff})
        else:
            self._open_room().add(type_name, {_STAFF: staff})

    def _saved(self, saved: Saved) -> None:
        if saved.type == _STAFF:
            self.desk.open(_STAFF, saved.id)
