"""The sections of a pack, ticked or not, in the order they are to be in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liaison.ui.pages.pack.facts import in_order
from liaison.ui.widgets import CheckBox, Divider, IconButton, Wrap, announce, spaced

if TYPE_CHECKING:
    from liaison.ui.pages.pack.facts import Offer

_NO_COPY = "Has no copy without names"
_INSET = 37


class Line(QWidget):
    """One section: whether it is in the pack, what it answers, and where it stands.

    Args:
        offer: The section.
    """

    moved = Signal(int)
    """It is to go up (-1) or down (1)."""

    def __init__(self, offer: Offer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.offer = offer
        self.tick = CheckBox(offer.title)
        self.tick.setToolTip(offer.about)
        self.tick.setAccessibleDescription(offer.about)
        self.words = Wrap(offer.answers, "secondary", widest=420)
        self.up = IconButton("chevron-up", f"Move {offer.title} up", small=True)
        self.down = IconButton("chevron-down", f"Move {offer.title} down", small=True)
        self.up.clicked.connect(lambda *_: self.moved.emit(-1))
        self.down.clicked.connect(lambda *_: self.moved.emit(1))
        texts = spaced(QVBoxLayout(), 0)
        texts.addWidget(self.tick)
        below = spaced(QHBoxLayout(), 0, (_INSET, 0, 0, 0))
        below.addWidget(self.words, 1)
        texts.addLayout(below)
        row = spaced(QHBoxLayout(), 4, (0, 4, 0, 8))
        row.addLayout(texts, 1)
        row.addWidget(self.up)
        row.addWidget(self.down)
        column = spaced(QVBoxLayout(self), 0)
        column.addLayout(row)
        column.addWidget(Divider())

    def answer(self, words: str) -> None:
        """Show what of another framework it answers."""
        self.words.setText(words)

    def allow(self, *, allowed: bool) -> None:
        """Let it be ticked, or not: it has no copy that names people as is wanted."""
        self.tick.setEnabled(allowed)
        self.words.setText(self.offer.answers if allowed else _NO_COPY)


class Sections(QWidget):
    """All sections; those that are ticked make the pack, from top to bottom."""

    changed = Signal()
    """Another section is ticked, or they stand in another order."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = spaced(QVBoxLayout(self), 0)
        self._barred: frozenset[str] = frozenset()
        self.lines: list[Line] = []

    def offer(self, offers: Sequence[Offer]) -> None:
        """Show the sections there are; none is ticked yet."""
        self.lines = [Line(offer) for offer in offers]
        for line in self.lines:
            self._column.addWidget(line)
            line.tick.toggled.connect(lambda _: self.changed.emit())
            line.moved.connect(lambda by, line=line: self.move_line(line, by))
        self._allow_moves()

    @property
    def chosen(self) -> tuple[str, ...]:
        """The sections of the pack, in their order."""
        return tuple(
            line.offer.name
            for line in self.lines
            if line.tick.isChecked() and line.offer.name not in self._barred
        )

    def choose(self, names: Sequence[str]) -> None:
        """Tick these, in this order, and no others."""
        order = in_order(names, [line.offer.name for line in self.lines])
        by_name = {line.offer.name: line for line in self.lines}
        self.lines = [by_name[name] for name in order if name in by_name]
        for place, line in enumerate(self.lines):
            self._column.insertWidget(place, line)
            blocked = line.tick.blockSignals(True)
            line.tick.setChecked(line.offer.name in names)
            line.tick.blockSignals(blocked)
        self._allow_moves()
        self.changed.emit()

    def answer(self, offers: Sequence[Offer]) -> None:
        """Say what of another framework they answer."""
        known = {offer.name: offer for offer in offers}
        for line in self.lines:
            line.offer = known.get(line.offer.name, line.offer)
        self.bar(self._barred)

    def bar(self, names: Collection[str]) -> None:
        """Let these not be in the pack, as long as people are named as they are now."""
        self._barred = frozenset(names)
        for line in self.lines:
            line.allow(allowed=line.offer.name not in self._barred)
        self.changed.emit()

    def move_line(self, line: Line, by: int) -> None:
        """Let a section go up or down by so many places."""
        here = self.lines.index(line)
        there = min(max(here + by, 0), len(self.lines) - 1)
        if there == here:
            return
        self.lines.insert(there, self.lines.pop(here))
        self._column.insertWidget(there, line)
        self._allow_moves()
        button = line.up if by < 0 else line.down
        if not button.isEnabled():
            # it is at the end now: the keyboard must not be lost with the button
            (line.down if by < 0 else line.up).setFocus()
        announce(self, f"{line.offer.title} is number {there + 1} of {len(self.lines)}")
        self.changed.emit()

    def _allow_moves(self) -> None:
        for place, line in enumerate(self.lines):
            line.up.setEnabled(place > 0)
            line.down.setEnabled(place < len(self.lines) - 1)
        # the keyboard goes through them as they stand
        before: QWidget | None = None
        for line in self.lines:
            for part in (line.tick, line.up, line.down):
                if before is not None:
                    QWidget.setTabOrder(before, part)
                before = part
