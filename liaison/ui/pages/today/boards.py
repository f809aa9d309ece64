"""The cards both kinds of Today page are made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liaison.services import permissions
from liaison.services.outcomes import CLOSED_WITH
from liaison.services.today import Item, Section
from liaison.ui import theme
from liaison.ui.pages.today.lines import DoLine, HappeningLine
from liaison.ui.parts.closing import ClosingPopover, Subject
from liaison.ui.widgets import (
    Avatar,
    Button,
    Card,
    Divider,
    EmptyState,
    FilterChip,
    FlowRow,
    Icon,
    StateChip,
    Text,
    Wrap,
    show_with,
    spaced,
)

if TYPE_CHECKING:
    from liaison.services.today import Today
    from liaison.ui.desk import Desk
    from liaison.ui.pages.today.facts import Answer

TO_DO: Final = (
    Section.CONCERNS,
    Section.REVIEWS,
    Section.ACTIONS,
    Section.RESULTS,
    Section.REFERRALS,
    Section.TRAINING,
)
"""The sections of what is to be done, the most pressing first."""
_SHORT: Final = {
    Section.CONCERNS: "Concerns",
    Section.REVIEWS: "Reviews",
    Section.ACTIONS: "Actions",
    Section.RESULTS: "Results",
    Section.REFERRALS: "Referrals",
    Section.TRAINING: "Training",
}
_FEW_TO_DO: Final = 10
_MOST_TO_DO: Final = 200


def to_do(today: Today) -> list[Item]:
    """Return what is to be done: what is late first, then by section."""
    every = [item for section in TO_DO for item in today.sections.get(section, ())]
    return sorted(every, key=lambda item: not item.late)


class Unfolding(Card):
    """A card with a list of which the first few are shown until somebody asks for all.

    Args:
        title: As for a card; ``icon`` too.
        icon: See ``title``.
        few: How many are shown at first.
        ruled: Whether a rule parts the lines.
    """

    def __init__(self, title: str, icon: str, few: int, *, ruled: bool = True) -> None:
        super().__init__(title, icon)
        self._few = few
        self._ruled = ruled
        self._made: list[Callable[[QWidget], QWidget]] = []
        self._lines = QWidget(self)
        self._column = spaced(QVBoxLayout(self._lines), 0)
        self.more = Button("", "chevron-down", Button.QUIET, small=True, parent=self)
        self.more.clicked.connect(lambda *_: self._show(len(self._made)))
        # no higher than the title: the card is not to grow by it
        self.more.setFixedHeight(theme.px(24))
        self.head.addWidget(self.more)
        self.add(self._lines)
        self.body.addStretch(1)

    def show_lines(
        self, made: Sequence[Callable[[QWidget], QWidget]], *, every: bool = False
    ) -> None:
        """Show other lines.

        Args:
            made: Make the lines, in what they are given; only those that are shown are made.
            every: Whether all of them are shown at once.
        """
        self._made = [*made]
        self._show(len(self._made) if every else self._few)

    def _show(self, number: int) -> None:
        had_focus = self.more.hasFocus()
        # else each comes with the card
        seen = self.isVisible()
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for place, make in enumerate(self._made[:number]):
            if place and self._ruled:
                self._column.addWidget(Divider(self._lines))
            line = make(self._lines)
            self._column.addWidget(line)
            if seen:
                line.show()
        show_with(self._lines, wanted=bool(self._made))
        show_with(self.more, wanted=number < len(self._made))
        self.more.set_words("Show all")
        self.more.setAccessibleName(f"{self.accessibleName()}: show all {len(self._made):,}")
        if had_focus:
            # what was asked for begins where the button stood
            part = self._column.itemAt(self._column.count() - 1)
            last = None if part is None else part.widget()
            if last is not None:
                last.setFocus(Qt.FocusReason.OtherFocusReason)


class DoNext(Unfolding):
    """What is to be done, all of it or one kind.

    Args:
        desk: The desk.
        today: What there is.
        title: The card's title.
        few: How many are shown at first.
    """

    def __init__(
        self, desk: Desk, today: Today, title: str = "Do next", few: int = _FEW_TO_DO
    ) -> None:
        super().__init__(title, "list-checks", few)
        self._desk = desk
        self._chosen: Section | None = None
        self._items = to_do(today)
        self._chips: dict[Section | None, FilterChip] = {}
        kinds = [s for s in TO_DO if today.sections.get(s)]
        self.chips = FlowRow(gap=6)
        if len(kinds) > 1:
            self._chip(None, "All", len(self._items))
            for section in kinds:
                self._chip(section, _SHORT[section], today.count(section))
            self.body.insertWidget(0, self.chips)
        else:
            # it goes with the card: on its own it would stay until the program ends
            self.chips.setParent(self)
            self.chips.hide()
        if not self._items:
            words = "Concerns, referrals, actions and training that need somebody appear here."
            if today.learned is None:
                words = "What you are to do, and your training before it runs out, appear here."
            self.body.insertWidget(0, EmptyState("circle-check", "Nothing is waiting", words), 1)
        self.choose(None)

    def _chip(self, section: Section | None, words: str, count: int) -> None:
        chip = FilterChip(words, count, parent=self.chips)
        chip.clicked.connect(lambda *_: self.choose(section))
        self._chips[section] = chip
        self.chips.flow.addWidget(chip)

    @property
    def chosen(self) -> Section | None:
        """The kind that is shown; None if it is all of them."""
        return self._chosen

    def show_first(self) -> None:
        """Go to the first line."""
        place = self._column.itemAt(0)
        line = None if place is None else place.widget()
        if line is not None:
            line.setFocus(Qt.FocusReason.OtherFocusReason)

    def choose(self, section: Section | None) -> None:
        """Show one kind of what is to be done, or all of it."""
        self._chosen = section if section in self._chips else None
        section = self._chosen
        for kind, chip in self._chips.items():
            chip.setChecked(kind is section)
        items = [item for item in self._items if section in {None, item.section}]
        late = sum(item.late for item in items)
        self.set_note(f"{late:,} late" if late else "")
        self.show_lines([self._maker(item) for item in items[:_MOST_TO_DO]])

    def _maker(self, item: Item) -> Callable[[QWidget], QWidget]:
        def make(parent: QWidget) -> QWidget:
            closes = item.type in CLOSED_WITH and item.section is not Section.ANSWERS
            may = permissions.may_change(self._desk.person.role, item.type, own=True)
            line = DoLine(item, closes=closes and may, parent=parent)
            line.outcome.clicked.connect(
                lambda *_: ClosingPopover(
                    self._desk,
                    Subject(item.type, item.id, item.title, item.detail),
                    line.outcome,
                    line.verb,
                ).begin()
            )
            line.button.clicked.connect(lambda *_: self._desk.open(item.type, item.id))
            return line

        return make


class Happening(Unfolding):
    """Who comes, or who came.

    Args:
        desk: The desk.
        items: What happens or happened.
        title: As for a card; ``icon`` too.
        icon: See ``title``.
        few: How many are shown at first.
        empty: What it says while there is nothing: a title and a sentence.
    """

    def __init__(  # noqa: PLR0917  # the parts of a card
        self,
        desk: Desk,
        items: Sequence[Item],
        title: str,
        icon: str,
        few: int,
        empty: tuple[str, str],
    ) -> None:
        super().__init__(title, icon, few, ruled=True)
        self._desk = desk
        if not items:
            self.body.insertWidget(0, EmptyState(icon, *empty), 1)
        self.show_lines([self._maker(item) for item in items])

    def _maker(self, item: Item) -> Callable[[QWidget], QWidget]:
        def make(parent: QWidget) -> QWidget:
            line = HappeningLine(item, today=item.days == 0, parent=parent)
            line.clicked.connect(lambda *_: self._desk.open(item.type, item.id))
            return line

        return make


def coming(desk: Desk, today: Today, few: int) -> Happening:
    """Return the card of who comes."""
    items = today.sections.get(Section.COMING, ())
    card = Happening(
        desk, items, "Coming", "calendar-check", few,
        ("Nobody is expected", "Planned visits, rounds, appointments and training appear here."),
    )  # fmt: skip
    expected = sum(item.days == 0 for item in items)
    card.set_note(f"{expected} today, {len(items)} within a week" if items else "")
    return card


def visits(desk: Desk, today: Today, few: int) -> Happening:
    """Return the card of who came in the last days."""
    items = today.sections.get(Section.VISITS, ())
    return Happening(
        desk, items, "Visits of the last days", "stethoscope", few,
        ("No visit in the last days", "Visits appear here once they are recorded."),
    )  # fmt: skip


class AnswerCard(Card):
    """One answer, for whoever raised the concern.

    Args:
        answer: The answer.
    """

    read = Signal(object)
    """Whoever raised it has read it (the concern's id)."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(kind=Card.SUNK)
        head = spaced(QHBoxLayout(), 12)
        head.addWidget(Avatar(answer.resident))
        names = spaced(QVBoxLayout(), 0)
        names.addWidget(Text(answer.resident, "label"))
        names.addWidget(Text(answer.apart, "secondary"))
        head.addLayout(names)
        head.addStretch(1)
        head.addWidget(StateChip("ok", "Answered"))
        self.button = Button("I've read this", "check", small=True)
        self.button.setAccessibleName(f"I've read this: {answer.resident}")
        self.button.clicked.connect(lambda *_: self.read.emit(answer.concern))
        head.addWidget(self.button)
        self.add(head)
        self.add(Wrap(f"{answer.wrote}: “{answer.situation}”", "muted", widest=900))
        reply = spaced(QHBoxLayout(), 8)
        reply.addWidget(Icon("corner-down-right", "accent", 18), 0, Qt.AlignmentFlag.AlignTop)
        words = spaced(QVBoxLayout(), 1)
        words.addWidget(Text(answer.who, "label"))
        words.addWidget(Wrap(f"“{answer.answer}”", widest=900))
        reply.addLayout(words, 1)
        self.add(reply)
        self.body.addStretch(1)
        self.setAccessibleName(f"Answer about {answer.resident}")
