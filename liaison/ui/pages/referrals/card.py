"""The card of a referral: its clock, asking again in one press, and what came of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liaison.records.rules import times
from liaison.records.rules.chasing import NO_REPLY
from liaison.services import permissions, referrals
from liaison.ui.pages.referrals import facts
from liaison.ui.pages.referrals.facts import Asking, ReferralFacts, Step
from liaison.ui.parts import sheets
from liaison.ui.parts.card import LinkButton
from liaison.ui.parts.case_card import CaseCard
from liaison.ui.parts.say_popover import Question
from liaison.ui.widgets import (
    AgeBar,
    Button,
    Card,
    Divider,
    Explained,
    FlowRow,
    Icon,
    Text,
    Wrap,
    spaced,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from liaison.services.homes import OpenHome
    from liaison.store.store import Store
    from liaison.ui.desk import Desk
    from liaison.ui.parts.say_popover import Said

_CHASE = (
    ("chase", "result"), ("chase", "how"), ("chase", "spoke_to"), ("referral", "next_chase"),
)  # fmt: skip
_INDENT = 18


class ReferralCard(CaseCard[ReferralFacts]):
    """The card of a referral.

    Args:
        desk: The desk.
    """

    icon: ClassVar[str] = "send"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent=parent)
        self.clear("Nothing chosen", "Choose one in the list.")

    def _reading(self, type_name: str, identity: int) -> Callable[[Store], ReferralFacts | None]:
        today = self.desk.today()
        return lambda store: facts.card(store, identity, today)

    def _lay_out(self, found: ReferralFacts) -> None:
        main = Card()
        name = f"{found.wait.resident}, {found.wait.organisation}"
        main.add(self.head(found.who, found.wait.organisation, _chip(found)))
        if found.wait.state == "waiting":
            bar = AgeBar(found.wait.days, found.wait.limit, found.wait.bar, found.wait.words)
            main.add(bar)
        main.add(self._doing(found))
        main.add(self.foot(found, name))
        sheets.put(self.sheet, main)
        told = Card("What is recorded")
        self.rows(
            told,
            [
                *((("Where", found.where),) if found.where else ()),
                *((("Person there", found.person),) if found.person else ()),
                *found.rows,
            ],
        )
        sheets.put(self.sheet, told)
        if found.askings or found.wait.state == "waiting":
            sheets.put(self.sheet, self._askings(found.askings))
        if found.chain:
            sheets.put(self.sheet, self._chain(found.chain))
        self.sheet.body.addStretch(1)
        self.setAccessibleName(f"Referral: {name}")

    # ---- what can be done

    def _doing(self, found: ReferralFacts) -> QWidget:
        role = self.desk.person.role
        parts: list[QWidget] = []
        open_still = found.record.closed_on is None and found.record.lives
        plans = permissions.may_change(role, "referral", own=False)
        if open_still and found.wait.state == "waiting" and permissions.may_add(role, "chase"):
            self.no_reply = Button(NO_REPLY, "phone-missed")
            self.no_reply.setToolTip(_next_words(found.suggested))
            self._no_reply(found)
            self.chase = Button("Chased ...", "phone-call")
            self.asks(self.chase, lambda: self._chase_question(found, plans=plans))
            parts += [self.no_reply, self.chase]
        if open_still and plans:
            if found.record.acknowledged is None and found.wait.state == "waiting":
                parts.append(self._marking(found, "acknowledged", "Acknowledged ...", "mail"))
            if found.wait.state == "waiting":
                parts.append(self._marking(found, "first_seen", "First seen ...", "stethoscope"))
            self.outcome = Button("Record the outcome ...", "circle-check")
            self.asks(self.outcome, lambda: self._outcome_question(found))
            parts.append(self.outcome)
            follow = Button("Refer on", "send", Button.QUIET)
            follow.setToolTip("A referral that follows from this one")
            given = {"add": True, "resident": found.record.resident, "parent": found.record.id}
            follow.clicked.connect(lambda *_: self.desk.go("referrals", given))
            parts.append(follow)
        return FlowRow(parts, gap=8)

    def _no_reply(self, found: ReferralFacts) -> None:
        identity, name = found.wait.id, found.wait.organisation

        def words(written: referrals.Written) -> str:
            again = written.next_chase
            return (
                f"{name}: chased, no reply. {'' if again is None else _next_words(again)}".strip()
            )

        self.press(self.no_reply, lambda home: referrals.chase(home, identity), words)

    def _chase_question(self, found: ReferralFacts, *, plans: bool) -> Question:
        identity = found.wait.id

        def work(home: OpenHome, values: Mapping[str, Any]) -> Said:
            written = referrals.chase(
                home,
                identity,
                how=values["how"],
                result=values["result"] or "",
                spoke_to=values["spoke_to"],
                next_chase=values.get("next_chase"),
            )
            again = written.next_chase
            return written.changes, f"Chase noted. {_next_words(again) if again else ''}".strip()

        return Question(
            title="What did they say?",
            about=self._about(found),
            type="referral",
            id=identity,
            page="chase",
            fields=_CHASE if plans else _CHASE[:3],
            given={"how": "phone", **({"next_chase": found.suggested} if plans else {})},
            work=work,
        )

    def _marking(self, found: ReferralFacts, step: referrals.Step, words: str, icon: str) -> Button:
        button = Button(words, icon)
        identity = found.wait.id

        def work(home: OpenHome, values: Mapping[str, Any]) -> Said:
            day: dt.date = values[step] or home.store.today()
            written = referrals.mark(home, identity, step, day)
            return written.changes, f"{words.removesuffix(' ...')} {times.show_date(day)}, noted."

        self.asks(
            button,
            lambda: Question(
                title=words.removesuffix(" ..."),
                about=self._about(found),
                type="referral",
                id=identity,
                page=step,
                fields=(("referral", step),),
                given={step: self.desk.today()},
                needed=(step,),
                work=work,
            ),
        )
        return button

    def _outcome_question(self, found: ReferralFacts) -> Question:
        identity = found.wait.id

        def work(home: OpenHome, values: Mapping[str, Any]) -> Said:
            written = referrals.close(home, identity, values["outcome"] or "", values["closed_on"])
            return written.changes, f"Outcome recorded: {found.wait.organisation}."

        return Question(
            title="What came of it?",
            about=self._about(found),
            type="referral",
            id=identity,
            page="outcome",
            fields=(("referral", "outcome"), ("referral", "closed_on")),
            given={"closed_on": self.desk.today()},
            needed=("outcome",),
            work=work,
        )

    @staticmethod
    def _about(found: ReferralFacts) -> str:
        return f"{found.wait.resident}, {found.wait.organisation}: {found.wait.words}"

    # ---- what is told

    @staticmethod
    def _askings(askings: tuple[Asking, ...]) -> QWidget:
        card = Card("Who was asked", note=str(len(askings)) if len(askings) > 1 else "")
        for number, asking in enumerate(askings):
            if number:
                card.add(Divider())
            part = QWidget()
            column = spaced(QVBoxLayout(part), 2)
            column.addWidget(Text(asking.when, "label"))
            words = Explained(asking.result, name="Result")
            if asking.struck:
                font = words.font()
                font.setStrikeOut(True)
                words.setFont(font)
            column.addWidget(words)
            below = ", ".join(
                part
                for part in (
                    asking.how,
                    f"struck through: {asking.struck}" if asking.struck else "",
                )
                if part
            )
            if below:
                column.addWidget(Wrap(below, "secondary"))
            card.add(part)
        if not askings:
            card.add(Wrap("Nobody has asked after this referral yet.", "muted"))
        return card

    def _chain(self, chain: tuple[Step, ...]) -> QWidget:
        card = Card("Where it came from and what followed")
        for step in chain:
            part = QWidget()
            row = spaced(QHBoxLayout(part), 6, (_INDENT * min(step.depth, 6), 0, 0, 0))
            icon = "map-pin" if step.this else "corner-down-right"
            row.addWidget(Icon(icon, "muted", 16), 0, Qt.AlignmentFlag.AlignTop)
            if step.this:
                row.addWidget(Wrap(f"{step.link.words} (this one)", "label"), 1)
            else:
                row.addWidget(LinkButton(self.desk, step.link))
                row.addStretch(1)
            card.add(part)
        return card


def _chip(found: ReferralFacts) -> tuple[str, str]:
    wait = found.wait
    if found.record.closed_on is not None:
        return "none", "Closed"
    if wait.state == "seen":
        return "due", "Seen, no outcome yet"
    if wait.chase_due:
        return "late", "To chase"
    return {
        "late": ("late", "Waiting too long"),
        "due": ("due", "Past the usual wait"),
        "ok": ("info", "Waiting"),
    }.get(wait.bar, ("info", "Waiting, no usual wait known"))


def _next_words(day: dt.date) -> str:
    return f"Ask again {times.show_date(day)}."
