"""The cards of the answer: the number to ring, who stands behind it, and how to refer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from liaison.records import Kind
from liaison.ui import theme
from liaison.ui.parts.card import CopyButton, LinkButton
from liaison.ui.parts.facts import Link
from liaison.ui.parts.reach import Disc, ReachLine
from liaison.ui.widgets import (
    Avatar,
    Button,
    Card,
    Divider,
    FlowRow,
    Icon,
    IconButton,
    StateChip,
    Text,
    Wrap,
    announce,
    spaced,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from liaison.ui.desk import Desk
    from liaison.ui.pages.ringing.facts import Answer, Ring, Unreached
    from liaison.ui.parts.facts import Row

_COPIED_MS: Final = 3_000


class MainCard(Card):
    """The number to ring: the largest thing on the page.

    Args:
        may_note: Whether this person may note whether they got through.
    """

    got_through = Signal()
    no_answer = Signal()

    def __init__(self, *, may_note: bool) -> None:
        super().__init__(kind=Card.EMPHASISED, margins=(24, 16, 24, 16))
        self.ring: Ring | None = None
        self.title = Wrap("", "question", widest=640)
        self.state = StateChip("ok", "")
        self.why = Wrap("", "muted", widest=640)
        self.number = Wrap("", "number", widest=900)
        self.copy = IconButton("copy", "Copy the number", shortcut="Ctrl+Shift+C")
        self.copy.clicked.connect(self._copy)
        self.ask_for = Wrap("", widest=640)
        self.got = Button("I got through", "phone-call", Button.PRIMARY, big=True)
        self.tried = Button("Tried, no answer", "phone-missed", big=True)
        self.got.clicked.connect(lambda *_: self.got_through.emit())
        self.tried.clicked.connect(lambda *_: self.no_answer.emit())
        self._copied = QTimer(self)
        self._copied.setSingleShot(True)
        self._copied.setInterval(_COPIED_MS)
        self._copied.timeout.connect(lambda: self.copy.set_icon("copy"))
        self.body.setSpacing(theme.px(8))
        self._top = spaced(QBoxLayout(QBoxLayout.Direction.LeftToRight), 8)
        self._top.addWidget(self.title, 1, Qt.AlignmentFlag.AlignTop)
        self._top.addWidget(self.state, 0, Qt.AlignmentFlag.AlignTop)
        self.add(self._top)
        self._why_at = self.body.count()
        self.add(self.why)
        row = spaced(QHBoxLayout(), 12)
        row.addWidget(self.number, 1)
        row.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignVCenter)
        self.add(row)
        self.add(self.ask_for)
        self._buttons = FlowRow((self.got, self.tried), gap=12)
        self.add(self._buttons)
        self._buttons.setVisible(may_note)
        self._last = QWidget()
        last = spaced(QHBoxLayout(self._last), 8)
        last.addWidget(Icon("history", "due", 17), 0, Qt.AlignmentFlag.AlignTop)
        self.last = Wrap("", widest=640)
        last.addWidget(self.last, 1)
        self.add(self._last)
        self._figures()

    def show_answer(self, answer: Answer) -> None:
        """Show whom to ring.

        Args:
            answer: With somebody to ring.
        """
        ring = answer.main
        assert ring is not None  # noqa: S101  # else another part of the page is shown
        if self.ring is None or self.ring.phone != ring.phone:
            self.copy.set_icon("copy")
        self.ring = ring
        self.title.setText(answer.title)
        self.why.setText(answer.why)
        self.state.set_state("ok" if ring.now else "none", ring.state, "" if ring.now else "moon")
        self.number.setText(ring.phone)
        self.number.setAccessibleName(f"Number of {ring.name}: {ring.phone}")
        self.copy.set_name(f"Copy the number of {ring.name}")
        self.ask_for.setText(answer.ask_for)
        self.ask_for.setVisible(bool(answer.ask_for))
        self.last.setText(answer.tried)
        self._last.setVisible(bool(answer.tried))
        self.setAccessibleName(f"{answer.title}, {ring.phone}")

    def _copy(self) -> None:
        if self.ring is not None:
            QGuiApplication.clipboard().setText(self.ring.phone)
            self.copy.set_icon("check")
            self._copied.start()
            announce(self.copy, "Copied")

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "number"):
            self._figures()

    def _figures(self) -> None:
        # digits of one width: the number is dialled one by one
        direction = QBoxLayout.Direction
        self._top.setDirection(direction.LeftToRight if theme.roomy() else direction.TopToBottom)
        # where letters are large, the number comes before the reasons
        self.body.removeWidget(self.why)
        self.body.insertWidget(self._why_at + (0 if theme.roomy() else 1), self.why)
        self.number.setFont(theme.with_features(theme.font(46, theme.BOLD), "tnum"))


def ring_card(desk: Desk, ring: Ring) -> Card:
    """Return the card of somebody behind the first.

    Args:
        desk: The desk.
        ring: Who.
    """
    card = Card()
    top = Qt.AlignmentFlag.AlignTop
    head = spaced(QHBoxLayout(), 12)
    is_person = ring.contact is not None
    head.addWidget(Avatar(ring.name, 44) if is_person else Disc("building-2", 44), 0, top)
    words = spaced(QVBoxLayout(), 2)
    words.addWidget(LinkButton(desk, Link(ring.type, ring.id, ring.name)))
    words.addWidget(Wrap(ring.detail, "secondary", widest=240))
    head.addLayout(words, 1)
    card.add(head)
    chip = StateChip("ok" if ring.now else "none", ring.state, "" if ring.now else "moon")
    card.add(FlowRow((chip,)))
    if ring.phone:
        row = spaced(QHBoxLayout(), 8)
        row.addWidget(Icon("phone", "muted", 18))
        shown = Wrap(ring.phone, "phone", widest=260)
        shown.setAccessibleName(f"Number of {ring.name}: {ring.phone}")
        row.addWidget(shown, 1)
        row.addWidget(CopyButton(ring.phone, f"Number of {ring.name}"))
        card.add(row)
    if ring.rows:
        card.add(Divider())
        add_rows(card, ring.rows)
    card.body.addStretch(1)
    card.setAccessibleName(ring.name)
    return card


def others_card(desk: Desk, rings: Iterable[Ring]) -> Card:
    """Return the card of who else there is."""
    card = Card("Who else there is")
    for number, ring in enumerate(rings):
        if number:
            card.add(Divider())
        card.add(
            ReachLine(
                desk,
                ring.name,
                f"{ring.detail}. {ring.state}.",
                ((ring.phone, "Number"),) if ring.phone else (),
                link=Link(ring.type, ring.id, ring.name),
                icon="" if ring.contact is not None else "building-2",
            )
        )
    return card


def refer_card(answer: Answer) -> tuple[Card, Button]:
    """Return how to refer, when the number was checked, and the button that copies all of it."""
    card = Card("How to refer", "clipboard-list")
    if answer.place:
        card.add(Wrap(answer.place, "label", widest=280))
    if answer.refer:
        add_rows(card, answer.refer)
    else:
        card.add(Wrap("Nothing is recorded about referring there.", "muted", widest=280))
    card.body.addStretch(1)
    line = spaced(QHBoxLayout(), 8)
    icon, token = ("clock-alert", "due") if answer.stale else ("badge-check", "ok")
    line.addWidget(Icon(icon, token, 17), 0, Qt.AlignmentFlag.AlignTop)
    line.addWidget(Wrap(answer.checked, "secondary", widest=260), 1)
    card.add(line)
    copy = Button("Copy to a visit note", "clipboard-paste")
    card.add(FlowRow((copy,)))
    return card, copy


def danger_card() -> Card:
    """Return what comes before everything else."""
    card = Card()
    row = spaced(QHBoxLayout(), 12)
    row.addWidget(Icon("siren", "late", 24), 0, Qt.AlignmentFlag.AlignTop)
    words = spaced(QVBoxLayout(), 2)
    words.addWidget(Text("Life in danger: 999", "label"))
    words.addWidget(Wrap("Ring first, record after.", "secondary", widest=240))
    row.addLayout(words, 1)
    card.add(row)
    card.setAccessibleName("Life in danger: 999")
    return card


def unreached_card(desk: Desk, found: tuple[Unreached, ...], more: int) -> Card:
    """Return who was tried and has not been reached since."""
    card = Card("Tried and not reached yet", "phone-missed", str(len(found) + more))
    for one in found:
        card.add(LinkButton(desk, Link(one.type, one.id, one.name)))
        card.add(Wrap(one.words, "secondary", widest=280))
    if more:
        card.add(Text(f"and {more} more", "secondary"))
    return card


def add_rows(card: Card, rows: Iterable[Row]) -> None:
    """Add fields of a record to a card, each label above its words."""
    for row in rows:
        part = QWidget()
        column = spaced(QVBoxLayout(part), 1)
        column.addWidget(Text(row.field.label, "caption"))
        words = Wrap(row.text, widest=300)
        words.setAccessibleName(f"{row.field.label}: {words.text()}")
        column.addWidget(words)
        card.add(part)


def copy_words(answer: Answer) -> None:
    """Copy whom to ring and how to refer, to be pasted into a note."""
    ring = answer.main
    if ring is None:
        return
    lines = [f"{ring.name}, {ring.phone}", answer.why, answer.ask_for]
    lines += [
        f"{row.field.label}: {row.text}" for row in answer.refer if row.field.kind is not Kind.INT
    ]
    QApplication.clipboard().setText("\n".join(line for line in lines if line))
