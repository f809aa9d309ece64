"""The card of an appointment or a loan: what is still to be arranged, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from liaison.records import spec_of
from liaison.records.rules import times
from liaison.services import appointments, permissions
from liaison.ui.pages.appointments import facts
from liaison.ui.pages.appointments.facts import GoingFacts, LentFacts
from liaison.ui.parts import sheets
from liaison.ui.parts.case_card import CaseCard
from liaison.ui.parts.say_popover import Question
from liaison.ui.widgets import Banner, Button, Card, FlowRow

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from liaison.services.appointments import Over, Step
    from liaison.services.homes import OpenHome
    from liaison.store.store import Store
    from liaison.ui.desk import Desk
    from liaison.ui.parts.facts import Link
    from liaison.ui.parts.say_popover import Said

_OVER: tuple[tuple[Over, str, str], ...] = (
    ("attended", "Attended ...", "circle-check"),
    ("missed", "Missed ...", "circle-x"),
    ("cancelled", "Cancelled ...", "x"),
)


class AppointmentCard(CaseCard[GoingFacts | LentFacts]):
    """The card of an appointment or a loan.

    Args:
        desk: The desk.
    """

    icon: ClassVar[str] = "calendar-clock"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent=parent)
        self.clear("Nothing chosen", "Choose one in the list.")

    def _reading(
        self, type_name: str, identity: int
    ) -> Callable[[Store], GoingFacts | LentFacts | None]:
        return lambda store: facts.card(store, type_name, identity)

    def _lay_out(self, found: GoingFacts | LentFacts) -> None:
        if isinstance(found, GoingFacts):
            self._appointment(found)
        else:
            self._loan(found)
        self.sheet.body.addStretch(1)

    # ---- an appointment

    def _appointment(self, found: GoingFacts) -> None:
        record = found.record
        at = "" if record.at is None else times.show_time(record.at)
        name = ", ".join(part for part in (found.going.resident, found.going.place, at) if part)
        main = Card()
        main.add(self.head(found.who, found.going.place or at, found.chip))
        if found.going.missing:
            words = " and ".join(label.lower() for label in found.going.missing)
            main.add(Banner("due", f"Still to be arranged: {words}."))
        if finishing := self._finishing(found, name):
            main.add(FlowRow(finishing, gap=8))
        main.add(self.foot(found, name))
        sheets.put(self.sheet, main)
        by_name = spec_of(record).by_name
        told = Card("What is recorded")
        self.rows(
            told,
            [
                *_shown(by_name["place"].label, found.where),
                *_shown(by_name["escort"].label, found.escort),
                *found.rows,
            ],
        )
        sheets.put(self.sheet, told)
        self.setAccessibleName(f"Appointment: {name}")

    def _finishing(self, found: GoingFacts, name: str) -> list[QWidget]:
        if found.record.status != "booked" or not permissions.may_change(
            self.desk.person.role, "appointment", own=False
        ):
            return []
        shown = _OVER if found.going.days <= 0 else _OVER[2:]
        parts: list[QWidget] = []
        for status, words, icon in shown:
            button = Button(words, icon)
            self.asks(button, lambda status=status, words=words: self._over(  # type: ignore[misc]  # bound now
                found, name, status, words.removesuffix(" ...")
            ))  # fmt: skip
            parts.append(button)
        return parts

    def _over(self, found: GoingFacts, name: str, status: Over, word: str) -> Question:
        identity = found.going.id

        def work(home: OpenHome, values: Mapping[str, Any]) -> Said:
            written = appointments.finish(home, identity, status, values["outcome"] or "")
            return written.changes, f"{word}: {found.going.resident}."

        return Question(
            title="What came of it?" if status == "attended" else f"{word}: why?",
            about=name,
            type="appointment",
            id=identity,
            page=status,
            fields=(("appointment", "outcome"),),
            needed=("outcome",) if status == "attended" else (),
            work=work,
        )

    # ---- a loan

    def _loan(self, found: LentFacts) -> None:
        record = found.record
        name = ", ".join(part for part in (record.what or "", found.lent.resident) if part)
        main = Card()
        main.add(self.head(found.who, record.what or "", found.chip))
        if steps := self._steps(found, name):
            main.add(FlowRow(steps, gap=8))
        main.add(self.foot(found, name))
        sheets.put(self.sheet, main)
        told = Card("What is recorded")
        label = spec_of(record).by_name["supplier"].label
        self.rows(told, [*_shown(label, found.where), *found.rows])
        sheets.put(self.sheet, told)
        self.setAccessibleName(f"Equipment on loan: {name}")

    def _steps(self, found: LentFacts, name: str) -> list[QWidget]:
        state = found.lent.state
        if state == "returned" or not permissions.may_change(
            self.desk.person.role, "equipment_loan", own=False
        ):
            return []
        parts: list[QWidget] = []
        if state == "asked for":
            parts.append(self._marking(found, name, "arrived_on", "Arrived ...", "download"))
        else:
            checked = Button("Checked ...", "badge-check")
            self.asks(checked, lambda: self._check(found, name))
            parts.append(checked)
        parts.append(self._marking(found, name, "returned_on", "Went back ...", "undo-2"))
        return parts

    def _marking(self, found: LentFacts, name: str, step: Step, words: str, icon: str) -> Button:
        button = Button(words, icon)
        identity, word = found.lent.id, words.removesuffix(" ...")

        def work(home: OpenHome, values: Mapping[str, Any]) -> Said:
            day: dt.date = values[step] or home.store.today()
            written = appointments.mark_loan(home, identity, step, day)
            return written.changes, f"{found.record.what}: {word.lower()} {times.show_date(day)}."

        self.asks(
            button,
            lambda: Question(
                title=word,
                about=name,
                type="equipment_loan",
                id=identity,
                page=step,
                fields=(("equipment_loan", step),),
                given={step: self.desk.today()},
                needed=(step,),
                work=work,
            ),
        )
        return button

    def _check(self, found: LentFacts, name: str) -> Question:
        identity = found.lent.id

        def work(home: OpenHome, values: Mapping[str, Any]) -> Said:
            written = appointments.checked(home, identity, values["next_check"])
            return written.changes, f"{found.record.what}: checked."

        return Question(
            title="Checked: when is the next check?",
            about=name,
            type="equipment_loan",
            id=identity,
            page="checked",
            fields=(("equipment_loan", "next_check"),),
            work=work,
        )


def _shown(label: str, link: Link | None) -> tuple[tuple[str, Link], ...]:
    return () if link is None else ((label, link),)
