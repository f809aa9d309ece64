"""The card of a transfer: what went along, what is due, and the review."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QWidget

from liaison.security.roles import Action, may
from liaison.services import permissions, transfers
from liaison.ui import theme
from liaison.ui.pages.transfers import facts
from liaison.ui.pages.transfers.facts import Check, TransferFacts
from liaison.ui.parts import sheets
from liaison.ui.parts.case_card import CaseCard
from liaison.ui.parts.say_popover import Question
from liaison.ui.parts.undoing import offer_undo
from liaison.ui.widgets import Button, Card, FlowRow, Segmented, StateChip, Wrap, spaced

if TYPE_CHECKING:
    from collections.abc import Callable

    from liaison.services.homes import OpenHome
    from liaison.store.store import Store
    from liaison.ui.desk import Desk
    from liaison.ui.parts.say_popover import Said

_LABEL = 190


class TransferCard(CaseCard[TransferFacts]):
    """The card of a transfer.

    Args:
        desk: The desk.
    """

    icon: ClassVar[str] = "ambulance"

    sheet_asked = Signal(object)
    """Somebody wants the handover sheet of a resident (a Candidate)."""
    leaving_asked = Signal(object)
    """A resident will not come back (their id)."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent=parent)
        self.clear("Nothing chosen", "Choose one in the list.")

    def _reading(self, type_name: str, identity: int) -> Callable[[Store], TransferFacts | None]:
        return lambda store: facts.card(store, identity)

    def _lay_out(self, found: TransferFacts) -> None:
        told = found.told
        main = Card()
        below = ", ".join(part for part in (told.direction, told.place) if part)
        name = f"{told.resident}, {below}"
        state, words = facts.review_state(told)
        chip = (state, words) if words else ("none", "Away from us" if found.goes else "With us")
        main.add(self.head(found.who, below, chip))
        if told.flags:
            flags = [StateChip("due", flag[:1].upper() + flag[1:]) for flag in told.flags]
            row = FlowRow(flags, gap=8)
            row.setAccessibleName("What stands out")
            main.add(row)
        main.add(self._doing(found))
        main.add(self.foot(found, name))
        sheets.put(self.sheet, main)
        sheets.put(self.sheet, self._checklist(found))
        more = Card("What is recorded")
        where = (("Where", found.where),) if found.where else ()
        self.rows(more, [*where, *found.rows])
        sheets.put(self.sheet, more)
        self.sheet.body.addStretch(1)
        self.setAccessibleName(f"Transfer: {name}")

    # ---- what can be done

    def _doing(self, found: TransferFacts) -> QWidget:
        role = self.desk.person.role
        parts: list[QWidget] = []
        if found.told.days_late is not None and permissions.may_change(role, "transfer", own=False):
            self.review = Button("Record the review ...", "clipboard-check")
            self.asks(self.review, lambda: self._review_question(found))
            parts.append(self.review)
        if found.goes and found.whom is not None and may(role, Action.PRINT_SHEETS):
            print_sheet = Button("Handover sheet", "printer")
            print_sheet.clicked.connect(lambda *_: self.sheet_asked.emit(found.whom))
            parts.append(print_sheet)
        if found.is_away and permissions.may_add(role, "transfer"):
            back = Button("Came back ...", "undo-2")
            direction = "return from A&E" if found.record.direction == "A&E" else "discharge"
            given = {
                "add": True, "resident": found.record.resident, "place": found.record.place,
                "direction": direction,
            }  # fmt: skip
            back.clicked.connect(lambda *_: self.desk.go("transfers", given))
            parts.append(back)
        if found.goes and may(role, Action.RESIDENTS) and found.who is not None:
            resident = found.who.id
            left = Button("Will not come back ...", "door-open", Button.QUIET)
            left.setToolTip("They died or moved: what closes with it is listed first")
            left.clicked.connect(lambda *_: self.leaving_asked.emit(resident))
            parts.append(left)
        return FlowRow(parts, gap=8)

    def _review_question(self, found: TransferFacts) -> Question:
        identity = found.told.id

        def work(home: OpenHome, values: Mapping[str, Any]) -> Said:
            written = transfers.review(
                home, identity, values["review"] or "", values["reviewed_on"]
            )
            return written.changes, f"Review of {found.told.resident} recorded."

        return Question(
            title="What did the review find?",
            about=f"{found.told.resident}, {found.told.direction}",
            type="transfer",
            id=identity,
            page="review",
            fields=(("transfer", "review"), ("transfer", "reviewed_on")),
            given={"reviewed_on": self.desk.today()},
            needed=("review",),
            work=work,
        )

    # ---- the checklist

    def _checklist(self, found: TransferFacts) -> QWidget:
        card = Card("What went along")
        writes = permissions.may_change(self.desk.person.role, "transfer", own=False)
        for check in found.checks:
            card.add(self._check(found, check, writes=writes))
        return card

    def _check(self, found: TransferFacts, check: Check, *, writes: bool) -> QWidget:
        part = QWidget()
        direction = QBoxLayout.Direction
        row = spaced(
            QBoxLayout(direction.LeftToRight if theme.roomy() else direction.TopToBottom, part), 8
        )
        label = Wrap(check.label, "body", widest=_LABEL)
        row.addWidget(label, 1, Qt.AlignmentFlag.AlignVCenter)
        if not writes:
            words = dict(check.choices).get(check.value or "", "Not answered")
            row.addWidget(Wrap(words, "label"), 0)
            return part
        answer = Segmented(list(check.choices), check.label)
        answer.set_value(check.value)
        answer.changed.connect(functools.partial(self._answer, found.told.id, check))
        row.addWidget(answer, 0)
        return part

    def _answer(self, identity: int, check: Check, value: object) -> None:
        word = dict(check.choices).get(str(value), "not answered")
        wanted = value if isinstance(value, str) else None
        self.desk.jobs.write(
            lambda home: transfers.answer(home, identity, check.field, wanted),
            lambda written: offer_undo(
                self.desk, f"{check.label}: {word.lower()}.", written.changes
            ),
            self.desk.trouble,
            owner=self,
        )
