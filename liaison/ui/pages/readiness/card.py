"""The card of a supervision, a skill, or somebody's dates, with the next thing to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import Signal

from liaison.records.rules import times
from liaison.records.training import Competency, Supervision
from liaison.security.roles import Action, may
from liaison.services import competency, permissions, supervision
from liaison.ui.pages.readiness import facts
from liaison.ui.pages.readiness.facts import ReadyFacts
from liaison.ui.parts import sheets
from liaison.ui.parts.case_card import CaseCard
from liaison.ui.parts.facts import Candidate
from liaison.ui.parts.say_popover import Question
from liaison.ui.widgets import Button, Card, FlowRow

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from liaison.services.homes import OpenHome
    from liaison.store.store import Store
    from liaison.ui.desk import Desk
    from liaison.ui.parts.say_popover import Said


class ReadyCard(CaseCard[ReadyFacts]):
    """Such a card.

    Args:
        desk: The desk.
    """

    icon: ClassVar[str] = "badge-check"

    add_asked = Signal(str, object)
    """Somebody wants to add a record of this type for a member of staff (an id)."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent=parent)
        self.clear("Nothing chosen", "Choose one in the list.")

    def _reading(self, type_name: str, identity: int) -> Callable[[Store], ReadyFacts | None]:
        today = self.desk.today()
        return lambda store: facts.card(store, type_name, identity, today)

    def _lay_out(self, found: ReadyFacts) -> None:
        name = ", ".join(part for part in (found.title, found.who.words) if part)
        main = Card()
        main.add(self.head(found.who, found.title, found.chip))
        if doings := self._doings(found, name):
            main.add(FlowRow(doings, gap=8))
        main.add(self.foot(found, name))
        sheets.put(self.sheet, main)
        if found.rows or found.links:
            told = Card("What is recorded")
            self.rows(told, [*found.rows, *found.links])
            sheets.put(self.sheet, told)
        self.sheet.body.addStretch(1)
        self.setAccessibleName(name)

    def _doings(self, found: ReadyFacts, name: str) -> list[QWidget]:
        parts: list[QWidget] = []
        role, record = self.desk.person.role, found.record
        writes = permissions.may_add(role, "supervision")
        if isinstance(record, Supervision) and record.done is None and writes:
            held = Button("Held ...", "circle-check")
            self.asks(held, lambda: self._held(found, name))
            parts.append(held)
        elif isinstance(record, Competency) and writes:
            anew = Button("Judged anew ...", "badge-check")
            self.asks(anew, lambda: self._anew(found, record, name))
            parts.append(anew)
        elif writes:
            add = Button("Add a supervision", "plus")
            add.clicked.connect(lambda *_: self.add_asked.emit("supervision", found.staff))
            parts.append(add)
        if may(role, Action.PRINT_REPORTS):
            paper = Button("Passport", "printer")
            paper.setAccessibleName(f"Training passport of {found.who.words}")
            asked = {
                "report": "passport",
                "about": "staff",
                "candidate": Candidate(found.staff, found.who.words, ""),
            }
            paper.clicked.connect(lambda *_: self.desk.go("reports", asked))
            parts.append(paper)
        return parts

    def _held(self, found: ReadyFacts, name: str) -> Question:
        identity = found.record.id or 0

        def work(home: OpenHome, values: Mapping[str, Any]) -> Said:
            day = values["done"] or home.store.today()
            written = supervision.hold(home, identity, day, values["next_due"], values["notes"])
            return written.changes, f"{name}: held {times.show_date(day)}."

        return Question(
            title="Held: when, and when next?",
            about=name,
            type="supervision",
            id=identity,
            page="held",
            fields=tuple(("supervision", field) for field in ("done", "next_due", "notes")),
            given={"done": self.desk.today()},
            needed=("done",),
            work=work,
        )

    def _anew(self, found: ReadyFacts, record: Competency, name: str) -> Question:
        identity = record.id or 0

        def work(home: OpenHome, values: Mapping[str, Any]) -> Said:
            written = competency.review(
                home,
                identity,
                level=values["level"],
                assessed_on=values["assessed_on"],
                review_due=values["review_due"],
            )
            return written.changes, f"{name}: judged anew."

        return Question(
            title="Judged anew",
            about=f"{name}. By whoever did before; change the record if it was somebody else.",
            type="competency",
            id=identity,
            page="anew",
            fields=tuple(("competency", field) for field in ("level", "assessed_on", "review_due")),
            given={"level": record.level, "assessed_on": self.desk.today()},
            work=work,
        )
