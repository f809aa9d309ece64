"""What stands beside a resident's timeline: whom to reach, and what waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from liaison.ui import theme
from liaison.ui.parts import sheets
from liaison.ui.parts.card import LinkButton
from liaison.ui.parts.facts import Link
from liaison.ui.parts.reach import ReachLine
from liaison.ui.widgets import (
    AgeBar,
    Card,
    Divider,
    Icon,
    StateChip,
    Text,
    Wrap,
    spaced,
)

if TYPE_CHECKING:
    from liaison.ui.desk import Desk
    from liaison.ui.pages.residents.facts import Open, ResidentFacts

_SIDE: Final = 330


class Side(QWidget):
    """Whom to reach about a resident, and what waits."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.sheet = sheets.GutterPage(spacing=16)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.sheet)
        self._shown: ResidentFacts | None = None

    def turn(self, *, roomy: bool) -> None:
        """Stand beside the timeline, or below it."""
        policy = QSizePolicy.Policy
        if roomy:
            self.setFixedWidth(theme.px(_SIDE + sheets.GUTTER))
            self.setSizePolicy(policy.Fixed, policy.Preferred)
        else:
            self.setMinimumWidth(0)
            self.setMaximumWidth(16777215)
            self.setSizePolicy(policy.Preferred, policy.Preferred)

    def show_facts(self, found: ResidentFacts) -> None:
        """Show what was read; nothing moves if it is the same."""
        if found == self._shown:
            return
        self._shown = found
        place = self.sheet.verticalScrollBar().value()
        sheets.empty(self.sheet)
        sheets.put(self.sheet, self._reach(found))
        sheets.put(self.sheet, self._open(found))
        self.sheet.body.addStretch(1)
        self.sheet.verticalScrollBar().setValue(place)

    def _reach(self, found: ResidentFacts) -> QWidget:
        card = Card("GP and contacts")
        for number, one in enumerate(found.reach):
            if number:
                card.add(Divider())
            link = Link(one.type, one.id, one.name) if one.type else None
            phones = ((one.phone, "Phone"),) if one.phone else ()
            icon = "building-2" if one.type == "organisation" else ""
            card.add(
                ReachLine(
                    self.desk, one.name, one.detail, phones, link=link, note=one.note, icon=icon
                )
            )
        if not found.reach:
            card.add(Wrap("No GP, nurse or family is recorded yet.", "muted", widest=260))
        return card

    def _open(self, found: ResidentFacts) -> QWidget:
        total = len(found.waits) + found.more_waiting
        card = Card("Still open", note=str(total) if total else "")
        for number, one in enumerate(found.waits):
            if number:
                card.add(Divider())
            card.add(_waiting(self.desk, one))
        if found.more_waiting:
            card.add(Text(f"and {found.more_waiting} more", "secondary"))
        if not found.waits:
            card.add(Wrap("Nothing waits for an answer.", "muted", widest=260))
        last = []
        if found.next_review:
            state = "late" if found.review_late else "muted"
            last.append(_noted("repeat", found.next_review, state))
        if found.key_worker:
            last.append(_noted("user", f"Key worker {found.key_worker}", "muted"))
        if last:
            card.add(Divider())
            for line in last:
                card.add(line)
        return card


def _waiting(desk: Desk, one: Open) -> QWidget:
    part = QWidget()
    column = spaced(QVBoxLayout(part), 3)
    column.addWidget(LinkButton(desk, Link(one.type, one.id, one.what)))
    below = spaced(QHBoxLayout(), 8)
    below.addWidget(Wrap(one.detail, "secondary", widest=180), 1)
    bar = one.type == "referral"
    if not bar:
        if one.state == "ok":
            below.addWidget(Text(one.words, "label"))
        else:
            below.addWidget(StateChip(one.state, one.words))
    column.addLayout(below)
    if bar:
        column.addWidget(AgeBar(one.days, one.expected, one.state, show_icon=one.state != "ok"))
    return part


def _noted(icon: str, words: str, token: str) -> QWidget:
    part = QWidget()
    row = spaced(QHBoxLayout(part), 8)
    row.addWidget(Icon(icon, token, 16), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(Wrap(words, widest=240), 1)
    return part
