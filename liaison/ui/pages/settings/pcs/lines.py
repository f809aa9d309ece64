"""The PCs of the home, one line each, and those that ask to join."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liaison.records.rules import times
from liaison.ui.widgets import (
    Button,
    Card,
    Divider,
    FlowRow,
    Icon,
    StateChip,
    Text,
    Wrap,
    spaced,
)
from liaison.ui.widgets.returning import Place

if TYPE_CHECKING:
    from liaison.services.pcs.letting_in import Asking
    from liaison.services.pcs.removing import Belonging


class PcLine(QWidget):
    """One PC of the home.

    Args:
        pc: Which.
        managed: Whether it may be renamed and removed here.
    """

    opened = Signal(object)
    """Show its record (a :class:`Belonging`)."""
    renaming = Signal(object)
    """Give it another name (a :class:`Belonging`)."""
    removing = Signal(object)
    """Remove it (a :class:`Belonging`)."""

    def __init__(self, pc: Belonging, *, managed: bool) -> None:
        super().__init__()
        self.pc = pc
        row = spaced(QHBoxLayout(self), 12)
        row.addWidget(Icon("monitor", "text" if pc.belongs else "muted", 22))
        words = spaced(QVBoxLayout(), 1)
        words.addWidget(Wrap(f"{pc.name}, this one" if pc.here else pc.name, "label"))
        words.addWidget(Wrap(told(pc), "secondary"))
        row.addLayout(words, 1)
        if not pc.belongs:
            row.addWidget(StateChip("none", "Removed"))
        self.open = Button("Open", small=True)
        self.open.setAccessibleName(f"Open {pc.name}")
        self.open.clicked.connect(lambda: self.opened.emit(pc))
        row.addWidget(self.open)
        self.rename = Button("Rename", small=True)
        self.rename.setAccessibleName(f"Rename {pc.name}")
        self.rename.clicked.connect(lambda: self.renaming.emit(pc))
        row.addWidget(self.rename)
        self.remove = Button("Remove", small=True)
        self.remove.setAccessibleName(f"Remove {pc.name} from this home")
        self.remove.clicked.connect(lambda: self.removing.emit(pc))
        row.addWidget(self.remove)
        self.rename.setVisible(managed and pc.belongs)
        self.remove.setVisible(managed and pc.belongs and not pc.here)


def told(pc: Belonging) -> str:
    """Return when a PC joined, was last heard from, or was removed."""
    if pc.removed is not None:
        return f"Removed {times.show_time(pc.removed)}"
    parts = [f"Joined {times.show_time(pc.joined)}"] if pc.joined is not None else []
    if not pc.here:
        heard = f"last heard from {times.show_time(pc.heard)}" if pc.heard else "not heard from yet"
        parts.append(heard)
    return ", ".join(parts) or "It was the first one"


class AskCard(Card):
    """The one thing that is to be decided now; its title may be long, as names of PCs are.

    Args:
        title: What is asked.
        icon: Its icon.
    """

    def __init__(self, title: str, icon: str) -> None:
        super().__init__(icon=icon, kind=Card.EMPHASISED)
        self.setAccessibleName(title)
        # after the icon; a card's own title is one line, and would widen the page
        self.head.insertWidget(1, Wrap(title, "card", widest=760), 100)


class AskForm(AskCard):
    """An :class:`AskCard` with something to fill in; Escape leaves it, as its own button does."""

    left = Signal()
    """Leave it as it is."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave it with Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class AskLine(AskCard):
    """A PC that asks to join: the six digits to compare, and letting it in.

    Args:
        one: The PC.
    """

    agreed = Signal(object)
    """The digits are the same (an :class:`Asking`)."""
    refused = Signal(object)
    """They differ."""

    def __init__(self, one: Asking) -> None:
        super().__init__(f"“{one.request.name}” asks to join", "monitor")
        self.one = one
        self.digits = Text(spaced_digits(one.digits), "number")
        self.digits.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByKeyboard)
        self.digits.setAccessibleName(f"Six digits: {' '.join(one.digits)}")
        self.add(self.digits)
        self.same = Button("They are the same: let it in", "check", Button.PRIMARY)
        self.differ = Button("They differ")
        if one.contested:
            words = (
                "Another PC came with the same invitation: somebody else may have it. Let neither "
                "in, and make a new invitation."
            )
        else:
            words = (
                "Look at the new PC, or have somebody there read its six digits to you. Once it is "
                "in, it holds this home's whole record."
            )
        self.add(Wrap(words, widest=640))
        self.add(FlowRow([self.differ, self.same]))
        self.same.setEnabled(not one.contested)
        self.same.clicked.connect(lambda: self.agreed.emit(one))
        self.differ.clicked.connect(lambda: self.refused.emit(one))


def spaced_digits(digits: str) -> str:
    """Return six digits in two groups, as they are read aloud."""
    return f"{digits[:3]} {digits[3:]}"


class Lines(QWidget):
    """A column of lines that is filled anew."""

    def __init__(self, gap: float = 10) -> None:
        super().__init__()
        self._rows = spaced(QVBoxLayout(self), gap)

    def show_lines(self, lines: Iterable[QWidget], *, divided: bool = True) -> None:
        """Show other lines; the keyboard goes to what has taken the place of what it was in."""
        focus: QWidget | None = self.window().focusWidget()
        within = focus is not None and self.isAncestorOf(focus)
        before = Place(self)
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for number, line in enumerate(lines):
            if number and divided:
                self._rows.addWidget(Divider())
            self._rows.addWidget(line)
            line.show()
        if within:
            before.give_back()
