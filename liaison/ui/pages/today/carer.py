"""Today for whoever cares for people: big tiles, answers, what is theirs to do, who comes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liaison.services.timeline import inside
from liaison.services.today import Section
from liaison.ui import clock
from liaison.ui.pages import PAGES
from liaison.ui.pages.today import boards, figures
from liaison.ui.pages.today.boards import AnswerCard, DoNext
from liaison.ui.pages.today.tiles import BigTile
from liaison.ui.widgets import (
    Button,
    Card,
    Columns,
    Elided,
    FlowRow,
    LineEdit,
    StateChip,
    Text,
    Wrap,
    spaced,
)

if TYPE_CHECKING:
    from liaison.ui.desk import Desk
    from liaison.ui.pages.today.facts import TodayFacts

_FEW_COMING: Final = 4
_COMING: Final = 8
_FEW_BELOW: Final = 4
_MOST_MINE: Final = 3
_NEEDS: Final = ("Falls", "Medicines", "Skin", "Catheter")
"""What is asked for most, each with one press."""
_FEW_TO_DO: Final = 12
_FEW_VISITS: Final = 10

#: The tiles by their page: icon, title and a sentence. The first two that there are get shown.
_TILES: Final = {
    "record-visit": ("stethoscope", "Record a visit", "Takes about a minute. Saved as you type."),
    "concern": (
        "message-circle-warning", "I'm worried about...", "A resident. A senior sees it straight away.",
    ),
    "directory": ("book-user", "Find a number", "Who does what, and how to reach them."),
    "residents": ("users", "Look up a resident", "Who they see, and what was said."),
}  # fmt: skip


class Greeting(Columns):
    """Good morning, and how their training stands.

    Args:
        desk: The desk.
    """

    def __init__(self, desk: Desk) -> None:
        said = QWidget()
        self.chip = StateChip("none", "")
        super().__init__([(said, 1), (self.chip, 0)], 12)
        # as wide as its words, also below what is said
        self._row.setAlignment(
            self.chip, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        )
        self.chip.hide()
        self._desk = desk
        self._hello = Text("", "greeting")
        self._words = Wrap("", "muted", widest=900)
        words = spaced(QVBoxLayout(said), 2)
        words.addWidget(self._hello)
        words.addWidget(self._words)
        self.greet()

    def greet(self) -> None:
        """Greet as the time of day asks for."""
        hello = clock.greeting(self._desk.now())
        self._hello.setText(f"{hello}, {self._desk.person.first_name}")

    def show_facts(self, found: TodayFacts) -> None:
        """Say what there is for them."""
        self.greet()
        self._words.setText(_in_a_word(found))
        shown = found.today.learned is None and Section.TRAINING in found.today.sections
        self.chip.setVisible(shown and found.is_staff)
        theirs = found.today.sections.get(Section.TRAINING, ())
        late = [item for item in theirs if item.late]
        if late:
            words = "1 course to renew" if len(late) == 1 else f"{len(late)} courses to renew"
            self.chip.set_state("late", words, "graduation-cap")
        elif theirs:
            self.chip.set_state("due", f"{theirs[0].title} {theirs[0].words}", "graduation-cap")
        else:
            self.chip.set_state("ok", "Your training is in date", "graduation-cap")


def _in_a_word(found: TodayFacts) -> str:
    answers, today = len(found.answers), found.today
    if answers:
        one = "One of your concerns has been answered."
        return one if answers == 1 else f"{answers} of your concerns have been answered."
    planned = [item for item in today.sections.get(Section.COMING, ()) if item.days == 0]
    if not planned:
        return "Nothing is planned for today."
    moment = planned[0].when
    assert isinstance(moment, dt.datetime)  # noqa: S101  # what is coming has a moment
    at = clock.hour(clock.in_london(moment))
    if len(planned) == 1:
        return f"One visit or appointment is planned today, at {at}."
    return f"{len(planned)} visits and appointments are planned today, the first at {at}."


def tiles(desk: Desk) -> QWidget:
    """Return the tiles of those pages that there are."""
    parts: list[tuple[QWidget, int]] = []
    for page, (icon, title, words) in _TILES.items():
        if page in PAGES and len(parts) < 2:  # noqa: PLR2004  # two stand side by side
            tile = BigTile(icon, title, words, primary=not parts)
            tile.clicked.connect(lambda *_, name=page: desk.go(name))
            parts.append((tile, 1))
    return Columns(parts)


class CarerBoard(QWidget):
    """The board below the tiles.

    Args:
        desk: The desk.
        found: What it shows.
    """

    read = Signal(object)
    """They have read an answer (the concern's id)."""

    def __init__(self, desk: Desk, found: TodayFacts) -> None:
        super().__init__()
        today = found.today
        carer = today.role == "carer"
        coming = boards.coming(desk, today, _FEW_COMING if carer else _COMING)
        left: list[QWidget] = [self._answers(found)] if found.answers else []
        right: list[QWidget] = [coming]
        if found.mine:
            left.append(self._waiting(desk, found))
        if boards.to_do(today) or today.learned is not None:
            title = "Do next" if today.learned is not None else "For you to do"
            left.append(DoNext(desk, today, title, _FEW_TO_DO))
        # what they care for stands above; who came fills what is left, for seniors beside the work
        few = _FEW_BELOW if carer and left else _FEW_VISITS
        beside = right if left and not carer else left
        beside.append(boards.visits(desk, today, few))
        if carer and "who-to-ring" in PAGES:
            right.append(_asking(desk))
        whole = spaced(QVBoxLayout(self), 16)
        if found.open is not None:
            whole.addWidget(Columns([(tile, 1) for tile in figures.of_loops(desk, found)]))
        columns = [(_column(left), 60), (_column(right), 40)]
        whole.addWidget(Columns(columns), 1)

    def _waiting(self, desk: Desk, found: TodayFacts) -> Card:
        """Return the card of what they raised and nobody has answered yet."""
        number = len(found.mine)
        card = Card("You raised, no answer yet", "clipboard-list", f"{number:,} still open")
        for identity, resident, route in found.mine[:_MOST_MINE]:
            row = spaced(QHBoxLayout(), 8)
            goes = f"Goes to {inside(route)}." if route else "Nobody was asked yet."
            row.addWidget(Text(resident or "A resident", "label"))
            row.addWidget(Elided(goes, "muted"), 1)
            look = Button("Open", small=True)
            look.setAccessibleName(f"Open what you raised about {resident}")
            look.clicked.connect(lambda *_, one=identity: desk.open("concern", one))
            row.addWidget(look)
            card.add(row)
        if number > _MOST_MINE:
            card.add(Text(f"and {number - _MOST_MINE:,} more", "secondary"))
        return card

    def _answers(self, found: TodayFacts) -> Card:
        card = Card("Answers to your concerns", "message-circle-reply")
        card.head.addWidget(StateChip("info", f"{len(found.answers)} new"))
        for answer in found.answers:
            one = AnswerCard(answer)
            one.read.connect(self.read)
            card.add(one)
        card.body.addStretch(1)
        return card


def _column(parts: Sequence[QWidget]) -> QWidget:
    """Return some cards below each other, of which the last takes the room that is left."""
    holder = QWidget()
    column = spaced(QVBoxLayout(holder), 16)
    for number, part in enumerate(parts, 1):
        column.addWidget(part, int(number == len(parts)))
    return holder


def _asking(desk: Desk) -> Card:
    """Return the card that asks whom to ring: by own words, or for what is asked for most."""
    card = Card("Who do I ring for...?", "phone-call")
    line = LineEdit(placeholder="Catheter, wheelchair, swallowing")
    line.setAccessibleName("Who do I ring for")
    line.returnPressed.connect(lambda: desk.go("who-to-ring", {"ask": line.text().strip()}))
    card.add(line)
    row = FlowRow(gap=8)
    for need in _NEEDS:
        button = Button(need, small=True)
        button.setAccessibleName(f"Who do I ring for {need.lower()}")
        button.clicked.connect(lambda *_, need=need: desk.go("who-to-ring", {"ask": need}))
        row.flow.addWidget(button)
    card.add(row)
    return card
