"""Referrals: who waits longest and whom to ask first; what came of those that are closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from liaison.records.casework import Chase
from liaison.ui.pages.referrals import facts
from liaison.ui.pages.referrals.card import ReferralCard
from liaison.ui.parts.case_page import CasePage, Lines, Tab

if TYPE_CHECKING:
    from collections.abc import Callable

    from liaison.store.query import Position
    from liaison.store.store import Store
    from liaison.ui.desk import Desk


class ReferralsPage(CasePage):
    """The residents who were sent on to a service.

    Args:
        desk: What a page is given.
    """

    name: ClassVar[str] = "referrals"
    title: ClassVar[str] = "Referrals"
    icon: ClassVar[str] = "send"
    report: ClassVar[str] = "referral-waits"
    reads: ClassVar[frozenset[str]] = frozenset(
        {"referral", "chase", "resident", "organisation", "contact"}
    )
    shortcuts: ClassVar[tuple[tuple[str, str], ...]] = (
        ("Ctrl+N", "Refer somebody"),
        ("Esc", "Back to what was shown before"),
    )
    tabs: ClassVar[tuple[Tab, ...]] = (
        Tab(
            facts.OPEN, "No outcome yet", "referral", "Refer somebody",
            ("Nobody waits", ("Refer a resident to a service: how long they wait, who was asked and when "
             "stand here until there is an outcome.")),
        ),
        Tab(
            facts.CLOSED, "Closed", "referral", "Refer somebody",
            ("Nothing is closed yet", "Referrals with an outcome appear here, the latest first."),
        ),
    )  # fmt: skip

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, ReferralCard(desk))

    def _reading(self, tab: str, after: Position | None) -> Callable[[Store], Lines]:
        today = self.desk.today()
        if tab == facts.CLOSED:
            return lambda store: facts.closed_lines(store, after)
        return lambda store: facts.open_lines(store, today)

    def _usual(self) -> dict[str, Any]:
        return {"sent": self.desk.today()}

    def show_record(self, type_name: str, identity: int) -> None:
        """Show the card of a referral; one asking is shown on the card of its referral."""
        if type_name == "referral":
            super().show_record(type_name, identity)
            return

        def read(store: Store) -> int | None:
            chase = store.get("chase", identity)
            return chase.referral if isinstance(chase, Chase) else None

        self.desk.jobs.read(read, self._show_chased, latest=(id(self), "chase"), owner=self)

    def _show_chased(self, referral: int | None) -> None:
        if referral is not None:
            super().show_record("referral", referral)
