"""Appointments and loans: what is coming and still to be arranged, what is here and to be checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from liaison.ui.pages.appointments import facts
from liaison.ui.pages.appointments.card import AppointmentCard
from liaison.ui.parts.case_page import CasePage, Lines, Tab

if TYPE_CHECKING:
    from collections.abc import Callable

    from liaison.store.query import Position
    from liaison.store.store import Store
    from liaison.ui.desk import Desk

_BOOK = "Book an appointment"
_LOAN = "Ask for equipment"


class AppointmentsPage(CasePage):
    """Where residents go, and what was lent to them.

    Args:
        desk: What a page is given.
    """

    name: ClassVar[str] = "appointments"
    title: ClassVar[str] = "Appointments and loans"
    icon: ClassVar[str] = "calendar-clock"
    reads: ClassVar[frozenset[str]] = frozenset(
        {"appointment", "equipment_loan", "resident", "organisation", "staff"}
    )
    shortcuts: ClassVar[tuple[tuple[str, str], ...]] = (
        ("Ctrl+N", "Book an appointment, or ask for equipment"),
        ("Esc", "Back to what was shown before"),
    )
    tabs: ClassVar[tuple[Tab, ...]] = (
        Tab(
            facts.COMING, "Coming", "appointment", _BOOK,
            ("Nothing booked", ("Book where a resident goes, with whom and how: it stands here until it "
             "is written down what came of it.")),
        ),
        Tab(
            facts.PAST, "Past", "appointment", _BOOK,
            ("Nothing past yet", "Appointments that are over appear here, the latest first."),
        ),
        Tab(
            facts.LOANS, "On loan", "equipment_loan", _LOAN,
            ("Nothing on loan", ("Write down what you asked for: frames, mattresses and the like stand "
             "here until they go back.")),
        ),
        Tab(
            facts.BACK, "Went back", "equipment_loan", _LOAN,
            ("Nothing went back yet", "Equipment that went back appears here, the latest first."),
        ),
    )  # fmt: skip

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, AppointmentCard(desk))

    def _reading(self, tab: str, after: Position | None) -> Callable[[Store], Lines]:
        today = self.desk.today()
        match tab:
            case facts.PAST:
                return lambda store: facts.past_lines(store, after)
            case facts.LOANS:
                return lambda store: facts.loan_lines(store, today)
            case facts.BACK:
                return lambda store: facts.returned_lines(store, after)
            case _:
                return lambda store: facts.coming_lines(store, today)

    def _usual(self) -> dict[str, Any]:
        loans = self.tab.adds == "equipment_loan"
        return {"requested_on": self.desk.today()} if loans else {}

    def show_argument(self, argument: object) -> None:
        """Also show a list of loans: ``{"tab": "loans"}``, or a new loan's form with ``add``."""
        if isinstance(argument, dict) and "tab" in argument:
            self.show_tab(str(argument["tab"]))
            argument = {key: value for key, value in argument.items() if key != "tab"}
        super().show_argument(argument)

    def show_record(self, type_name: str, identity: int) -> None:
        """Show the card of an appointment or a loan, beside a list of its kind."""
        loans = self.tab.adds == "equipment_loan"
        if loans != (type_name == "equipment_loan"):
            self.show_tab(facts.COMING if loans else facts.LOANS)
        super().show_record(type_name, identity)
