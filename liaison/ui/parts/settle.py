"""Settling what two PCs changed before they heard from each other: choose one, or type another."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from liaison.records.parsing import Unreadable
from liaison.records.rules.both import both
from liaison.ui import theme
from liaison.ui.parts import facts, saving, sheets, told
from liaison.ui.parts.choice_card import SHORT_ENOUGH, ChoiceCard
from liaison.ui.parts.differences import spans
from liaison.ui.parts.editors import Around, Editor, editor_for
from liaison.ui.parts.list_beside import ListBeside
from liaison.ui.parts.side_line import SideLine
from liaison.ui.parts.undoing import offer_undo
from liaison.ui.walking import bring_into_sight
from liaison.ui.widgets import (
    Banner,
    Button,
    Card,
    Columns,
    EmptyState,
    Field,
    FilterChip,
    FlowRow,
    KeyCaps,
    ScrollPage,
    Text,
    Wrap,
    show_with,
    spaced,
)

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.services.homes import OpenHome
    from liaison.ui.desk import Desk
    from liaison.ui.parts.facts import FormFacts
    from liaison.ui.parts.told import Choice, Difference


_HEIGHTS: Final = (190, 470)
"""Of the list and of what is settled where they stand under each other."""


class SettlePanel(QWidget):
    """Settles one difference.

    Args:
        desk: The desk.
        difference: The difference.
    """

    settled = Signal()
    """It is settled."""
    later = Signal()
    """Somebody wants to decide later; both values are kept."""

    def __init__(self, desk: Desk, difference: Difference, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.difference = difference
        field = difference.field
        self._around: Around | None = None
        self.editor: Editor | None = None
        self.other: Field | None = None
        self.banner = Banner("late", "")
        self.banner.hide()
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self.cards = [self._card(choice) for choice in difference.choices]
        self.neither = FilterChip("Neither: type another", icon="pencil")
        self.neither.clicked.connect(self._type_another)
        # newest first, as they are shown; what was written first is read first
        values = [choice.value for choice in reversed(difference.choices)]
        self._both_value = both(field, values)
        self.both = FilterChip("Keep both, one after the other", icon="git-merge")
        self.both.clicked.connect(self._take_both)
        self.use = Button("", "check", Button.PRIMARY)
        self.use.clicked.connect(self.settle)
        self.missing = Text("Choose one first.", "secondary")
        self.wait = Button("Decide later")
        self.wait.clicked.connect(self.later)

        self._lay_out(difference)
        self.setAccessibleName(f"Settle: {difference.title}, {field.label}")
        self._show()
        desk.jobs.read(
            lambda store: facts.form(store, difference.type, None),
            self._take_facts,
            desk.trouble,
            owner=self,
        )

    def _lay_out(self, difference: Difference) -> None:
        self._body = spaced(QVBoxLayout(self), 14)
        words = spaced(QVBoxLayout(), 2)
        words.addWidget(Wrap(f"Which is right: {_lower(difference.field.label)}?", "question"))
        words.addWidget(Wrap(f"{difference.title}. What differs is marked.", "muted"))
        self._body.addLayout(words)
        # not at the foot: what was just done is said over that, with Undo
        keys = spaced(QHBoxLayout(), 8)
        for number in range(1, min(len(self.cards), 9) + 1):
            keys.addWidget(KeyCaps(str(number)))
        keys.addWidget(Text("choose", "secondary"))
        keys.addWidget(KeyCaps("Ctrl+\N{DOWNWARDS ARROW}"))
        keys.addWidget(Text("next difference", "secondary"))
        keys.addStretch(1)
        self._body.addLayout(keys)
        self._body.addWidget(self.banner)
        self._body.addWidget(Columns([(card, 1) for card in self.cards], 16, top=True))
        self._other_place = spaced(QVBoxLayout(), 8)
        self._other_place.addWidget(FlowRow([self.both, self.neither]))
        if self._both_value is None:
            self.both.hide()
        self._body.addLayout(self._other_place)
        before = Card(kind=Card.SUNK)
        said = difference.before or "nothing was recorded"
        before.add(
            Wrap(f"Before both: {said.rstrip('.')}. Whatever you choose, nothing is erased.")
        )
        self._body.addWidget(before)
        self._body.addStretch(1)
        self._body.addWidget(self.missing, 0, Qt.AlignmentFlag.AlignRight)
        foot = spaced(QHBoxLayout(), 8)
        foot.addStretch(1)
        foot.addWidget(self.wait)
        foot.addWidget(self.use)
        self._body.addLayout(foot)

    def _card(self, choice: Choice) -> ChoiceCard:
        other = next(c for c in self.difference.choices if c is not choice)
        card = ChoiceCard(choice, spans(choice.words, other.words))
        card.toggled.connect(lambda _: self._show())
        self._group.addButton(card)
        return card

    def _take_facts(self, found: FormFacts) -> None:
        self._around = Around(self.desk, found.vocabularies, found.names)

    @property
    def chosen(self) -> ChoiceCard | None:
        """The card that is chosen; None if none is, or another value is typed."""
        return next((card for card in self.cards if card.isChecked()), None)

    def begin(self) -> None:
        """Put the keyboard where one chooses; nothing is chosen yet."""
        card = self.chosen or self.cards[0]
        card.setFocus(Qt.FocusReason.OtherFocusReason)
        # in large letters it stands below the list, out of sight
        QTimer.singleShot(0, card, lambda: bring_into_sight(card))

    def choose(self, number: int) -> None:
        """Choose one of the values, from 0."""
        if 0 <= number < len(self.cards):
            self.cards[number].setChecked(True)
            self.cards[number].setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self) -> None:
        card = self.chosen
        typing = self.editor is not None and self.neither.isChecked()
        if card is not None:
            self.both.setChecked(False)
            self.neither.setChecked(False)
            typing = False
        together = self.both.isChecked()
        if self.other is not None:
            self.other.setVisible(typing)
        words = _short(card.choice.words) if card is not None else ""
        if words:
            self.use.set_words(f"Use {words}")
        else:
            self.use.set_words(
                "Use both" if together else "Use what is typed" if typing else "Use it"
            )
        self.use.setEnabled(card is not None or typing or together)
        show_with(self.missing, wanted=not self.use.isEnabled())

    def _type_another(self) -> None:
        if self._around is None:
            self.neither.setChecked(False)
            return
        if self.editor is None:
            field = self.difference.field
            self.editor = editor_for(field, self._around, self)
            self.other = Field(field.label, self.editor.control, field.help)
            self._other_place.addWidget(self.other)
        self._choose_none()
        self.both.setChecked(False)
        self.neither.setChecked(True)
        self._show()
        self.editor.control.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take_both(self) -> None:
        self._choose_none()
        self.neither.setChecked(False)
        self.both.setChecked(True)
        self._show()

    def _choose_none(self) -> None:
        self._group.setExclusive(False)
        for card in self.cards:
            card.setChecked(False)
        self._group.setExclusive(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose with the figures 1, 2 ..."""
        if not self.choose_by(event):
            super().keyPressEvent(event)

    def choose_by(self, event: QKeyEvent) -> bool:
        """Choose what a figure stands for; return whether the key is one."""
        number = event.key() - Qt.Key.Key_1
        if not 0 <= number < len(self.cards) or event.modifiers():
            return False
        self.choose(number)
        return True

    def settle(self) -> None:
        """Let the chosen or typed value stand for all."""
        card, editor = self.chosen, self.editor
        value: object
        if card is not None:
            value = card.choice.value
        elif self.both.isChecked():
            value = self._both_value
        elif editor is not None and self.other is not None:
            try:
                value = editor.value()
            except Unreadable as error:
                self.other.set_error(str(error))
                return
        else:
            return
        found = self.difference

        def resolve(home: OpenHome) -> tuple[int, ...]:
            return saving.settle(home, found.type, found.id, found.field.name, value, found.heads)

        if self.use.hasFocus():
            # a button that rests would hand the keyboard on to whatever comes after it
            self.begin()
        self.use.setEnabled(False)
        self.desk.jobs.write(resolve, self._done, self._fail, owner=self)

    def _done(self, changes: tuple[int, ...]) -> None:
        words = f"{self.difference.title}: {_lower(self.difference.field.label)} settled."
        offer_undo(self.desk, words, changes)
        self.settled.emit()

    def _fail(self, error: UserError) -> None:
        self._show()
        self.banner.say("late", " ".join(part for part in (error.what, error.do) if part))


class Differences(QWidget):
    """Everything that is to be settled: the list at the left, the one being settled at the right.

    Args:
        desk: The desk.
    """

    counted = Signal(int)
    """How many differences there are."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._found: tuple[Difference, ...] = ()
        self._at = 0
        self._lines = QButtonGroup(self)
        self._begins = False
        """Whether the keyboard is to be where one chooses once there is something to settle."""
        self.panel: SettlePanel | None = None
        self._list = ScrollPage(spacing=6, margins=(0, 0, 0, 0))
        both = ListBeside("To settle", self._list, _HEIGHTS)
        self.side, self.main, self._place = both.side, both.main, both.place
        self.side.setMinimumWidth(theme.px(220))
        spaced(QVBoxLayout(self), 0).addWidget(both)
        self.setAccessibleName("Settle differences")
        desk.jobs.changed.connect(lambda _: self.refresh())
        self.refresh()

    @property
    def lines(self) -> list[QAbstractButton]:
        """The lines of the list, in its order."""
        return self._lines.buttons()

    def begin(self) -> None:
        """Put the keyboard where one chooses, now or as soon as there is something to settle."""
        self._begins = self.panel is None
        if self.panel is not None:
            self.panel.begin()

    def refresh(self) -> None:
        """Read what is to be settled."""
        if self.desk.jobs.home is not None:
            self.desk.jobs.read(
                told.differences, self._show, self.desk.trouble, latest=(id(self), "all"),
                owner=self,
            )  # fmt: skip

    def _show(self, found: tuple[Difference, ...]) -> None:
        if found == self._found and self.panel is not None:
            return
        before = self.panel.difference if self.panel is not None else None
        focus: QWidget | None = self.window().focusWidget()
        in_list = focus is not None and self.side.isAncestorOf(focus)
        if in_list:
            # the lines are made anew, and would hand the keyboard on to the sidebar
            self._place.setFocus(Qt.FocusReason.OtherFocusReason)
        self._found = found
        self.side.set_note(str(len(found)))
        for line in self._lines.buttons():
            # it would still be counted until Qt has done away with it
            self._lines.removeButton(line)
        sheets.empty(self._list)
        for number, difference in enumerate(found):
            sheets.put(self._list, self._line(difference, number))
        self._list.body.addStretch(1)
        self.counted.emit(len(found))
        if before in found and before is not None:
            # what is being chosen or typed there goes on
            self._at = found.index(before)
            self._lines.buttons()[self._at].setChecked(True)
            if in_list:
                self._lines.buttons()[self._at].setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.go_to(min(self._at, len(found) - 1))

    def _line(self, difference: Difference, number: int) -> QWidget:
        line = SideLine(difference.title, difference.field.label)
        self._lines.addButton(line)
        line.clicked.connect(functools.partial(self.go_to, number))
        return line

    def go_to(self, number: int, *_: object) -> None:
        """Show one of the differences, from 0."""
        begins, self._begins = self._begins, False
        focus: QWidget | None = self.window().focusWidget()
        was_here = focus is not None and self.main.isAncestorOf(focus)
        if was_here:
            # what goes would hand the keyboard on to whatever comes next in the window
            self._place.setFocus(Qt.FocusReason.OtherFocusReason)
        sheets.empty(self._place)
        self.panel = None
        if not 0 <= number < len(self._found):
            nothing = EmptyState(
                "check-check",
                "Nothing to settle",
                "When two PCs change the same thing before they hear from each other, both "
                "values wait here.",
            )
            sheets.put(self._place, nothing, 1)
            return
        self._at = number
        self._lines.buttons()[number].setChecked(True)
        self.panel = SettlePanel(self.desk, self._found[number])
        self.panel.later.connect(lambda: self.go_to((self._at + 1) % len(self._found)))
        sheets.put(self._place, self.panel, 1)
        if was_here or begins:
            self.panel.begin()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go on to the next difference with Ctrl+Down."""
        control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if control and event.key() == Qt.Key.Key_Down and self._found:
            self.go_to((self._at + 1) % len(self._found))
        elif control and event.key() == Qt.Key.Key_Up and self._found:
            self.go_to((self._at - 1) % len(self._found))
        elif self.panel is None or not self.panel.choose_by(event):
            super().keyPressEvent(event)


def _lower(label: str) -> str:
    """Return a label inside a sentence; an abbreviation stays as it is."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= SHORT_ENOUGH else "this one"
