"""Dates and skills of staff: what is past or near, and the card of one beside the list."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from liaison.security.roles import Action, who_may
from liaison.ui.pages.readiness import facts
from liaison.ui.pages.readiness.card import ReadyCard
from liaison.ui.parts.case_page import CasePage, Lines, Tab

if TYPE_CHECKING:
    from collections.abc import Callable

    from liaison.store.query import Position
    from liaison.store.store import Store
    from liaison.ui.desk import Desk


_SKILL: Final = "competency"


class ReadinessPage(CasePage):
    """Supervisions, appraisals, registrations, checks and skills.

    Args:
        desk: What a page is given.
    """

    name: ClassVar[str] = "readiness"
    title: ClassVar[str] = "Supervision and skills"
    icon: ClassVar[str] = "badge-check"
    report: ClassVar[str] = "staff-dates"
    # as the page of staff: numbers and checks of colleagues are for those who lead
    roles: ClassVar[frozenset[str]] = frozenset(who_may(Action.LOOK_PRIVATE))
    reads: ClassVar[frozenset[str]] = frozenset(
        {"supervision", "competency", "staff", "contact", "resident", "home"}
    )
    shortcuts: ClassVar[tuple[tuple[str, str], ...]] = (
        ("Ctrl+N", "Add a supervision, or sign off a skill"),
        ("Esc", "Back to what was shown before"),
    )
    tabs: ClassVar[tuple[Tab, ...]] = (
        Tab(
            facts.DATES, "Dates to keep", "supervision", "Add a supervision",
            ("Nothing is due", "Supervisions, checks and reviews appear here before they are due."),
        ),
        Tab(
            facts.SKILLS, "Skills", _SKILL, "Sign off a skill",
            ("No skill yet", "What somebody was seen to be able to do appears here."),
        ),
    )  # fmt: skip

    def __init__(self, desk: Desk) -> None:
        card = ReadyCard(desk)
        super().__init__(desk, card)
        card.add_asked.connect(self._add_for)

    def _reading(self, tab: str, after: Position | None) -> Callable[[Store], Lines]:
        today = self.desk.today()
        if tab == facts.SKILLS:
            return lambda store: facts.skill_lines(store, today)
        return lambda store: facts.date_lines(store, today)

    def _add(self, *_: object) -> None:
        if self.tab.adds == _SKILL:
            # one skill is often seen of several at once: its form ticks whom
            self.desk.go("training", {"sign_off": True})
        else:
            super()._add()

    def _add_for(self, type_name: str, staff: int) -> None:
        if type_name == _SKILL:
            self.desk.go("training", {"sign_off": True, "of": staff})
        else:
            self._open_room().add(type_name, {"staff": staff})

    def show_argument(self, argument: object) -> None:
        """Also show a list: ``{"tab": "skills"}``."""
        if isinstance(argument, dict) and "tab" in argument:
            self.show_tab(str(argument["tab"]))
            argument = {key: value for key, value in argument.items() if key != "tab"}
        super().show_argument(argument)

    def show_record(self, type_name: str, identity: int) -> None:
        """Show the card of a supervision or a skill, beside a list of its kind."""
        if (
            type_name == _SKILL
            and self.tab.adds != _SKILL
            and not self._lines_have(type_name, identity)
        ):
            self.show_tab(facts.SKILLS)
        super().show_record(type_name, identity)

    def _lines_have(self, type_name: str, identity: int) -> bool:
        return self.list.cases.find((type_name, identity)) >= 0
