"""Transfers: whom to review, and everybody who went to hospital and came back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from liaison.records.casework import Transfer
from liaison.security.roles import Action, may
from liaison.ui.pages.transfers import facts
from liaison.ui.pages.transfers.card import TransferCard
from liaison.ui.pages.transfers.leaving import LeavingSheet
from liaison.ui.parts.case_page import CasePage, Lines, Tab

if TYPE_CHECKING:
    from collections.abc import Callable

    from liaison.store.query import Position
    from liaison.store.store import Store
    from liaison.ui.desk import Desk
    from liaison.ui.parts.saving import Saved

_LEAVING = "leaving"


class TransfersPage(CasePage):
    """Going to hospital and coming back.

    Args:
        desk: What a page is given.
    """

    name: ClassVar[str] = "transfers"
    title: ClassVar[str] = "Transfers"
    icon: ClassVar[str] = "ambulance"
    report: ClassVar[str] = "transfers"
    reads: ClassVar[frozenset[str]] = frozenset({"transfer", "resident", "organisation", "home"})
    shortcuts: ClassVar[tuple[tuple[str, str], ...]] = (
        ("Ctrl+N", "Record a transfer"),
        ("Esc", "Back to what was shown before"),
    )
    tabs: ClassVar[tuple[Tab, ...]] = (
        Tab(
            facts.REVIEW, "To review", "transfer", "Record a transfer",
            ("Nobody is to be reviewed", ("Record that somebody went to hospital or came back: whoever "
             "came back stands here until the review.")),
        ),
        Tab(
            facts.EVERY, "All of them", "transfer", "Record a transfer",
            ("No transfers yet", ("Going to hospital, coming back, moving in and moving out stand here "
             "once the first is recorded.")),
        ),
    )  # fmt: skip

    def __init__(self, desk: Desk) -> None:
        card = TransferCard(desk)
        super().__init__(desk, card)
        card.sheet_asked.connect(self._print_sheet)
        card.leaving_asked.connect(self.ask_leaving)

    def _reading(self, tab: str, after: Position | None) -> Callable[[Store], Lines]:
        today = self.desk.today()
        if tab == facts.EVERY:
            return lambda store: facts.every_line(store, after)
        return lambda store: facts.review_lines(store, today)

    def _usual(self) -> dict[str, Any]:
        return {"at": self.desk.now()}

    def show_argument(self, argument: object) -> None:
        """Show a new transfer's form, or what is asked when somebody left: ``{"leaving": id}``."""
        if isinstance(argument, dict) and isinstance(argument.get(_LEAVING), int):
            self.room.empty()
            self.ask_leaving(argument[_LEAVING])
        else:
            super().show_argument(argument)

    def ask_leaving(self, resident: object) -> None:
        """Ask what closes, as a resident left or died."""
        if not isinstance(resident, int):
            return
        sheet = LeavingSheet(self.desk, resident)
        sheet.done.connect(self.room.back)
        self._open_room().frame(sheet)

    def open_form(self) -> object:
        """Return the form that is being filled in."""
        shown = self.room.currentWidget()
        if isinstance(shown, LeavingSheet) and self.room.isVisible():
            return {_LEAVING: shown.resident}
        return super().open_form()

    def reopen(self, form: object) -> None:
        """Show a form that was left open."""
        if isinstance(form, dict):
            self.show_argument(form)
        else:
            super().reopen(form)

    def _saved(self, saved: Saved) -> None:
        super()._saved(saved)
        record = saved.loaded.record if saved.loaded is not None else None
        moved_out = isinstance(record, Transfer) and record.direction == "move out"
        if moved_out and may(self.desk.person.role, Action.RESIDENTS):
            # nothing closes silently: what is open about them is listed
            self.ask_leaving(getattr(record, "resident", None))

    def _print_sheet(self, whom: object) -> None:
        asked = {"report": "handover-sheet", "about": "resident", "candidate": whom}
        self.desk.go("reports", asked)
