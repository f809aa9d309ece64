"""The PCs of the home, one line each, and those that ask to join."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liaison.records.rules import times
from liaison.ui.widgets import (
    Button,
    Card,
    Divider,
    Elided,
    FlowRow,
    Icon,
    StateChip,
    Text,
    Wrap,
    spaced,
)

if TYPE_CHECKING:
    from liaison.services.pcs.inviting import Asking
    from liaison.services.pcs.removing import Belonging


class PcLine(QWidget):
    """One PC of the home.

    Args:
        pc: Which.
        removable: Whether somebody may remove it here.
    """

    opened = Signal(object)
    """Show its record (a :class:`Belonging`)."""
    removing = Signal(object)
    """Remove it (a :class:`Belonging`)."""

    def __init__(self, pc: Belonging, *, removable: bool) -> None:
        super().__init__()
        self.pc = pc
        row = spaced(QHBoxLayout(self), 12)
        row.addWidget(Icon("monitor", "text" if pc.belongs else "muted", 22))
        words = spaced(QVBoxLayout(), 1)
        words.addWidget(Elided(f"{pc.name}, this one" if pc.here else pc.name, "label"))
        words.addWidget(Elided(told(pc), "secondary"))
        row.addLayout(words, 1)
        if not pc.belongs:
            row.addWidget(StateChip("none", "Removed"))
        self.open = Button("Open", small=True)
        self.open.setAccessibleName(f"Open {pc.name}")
        self.open.clicked.connect(lambda: self.opened.emit(pc))
        row.addWidget(self.open)
        self.remove = Button("Remove", small=True)
        self.remove.setAccessibleName(f"Remove {pc.name} from this home")
        self.remove.clicked.connect(lambda: self.removing.emit(pc))
        row.addWidget(self.remove)
        self.remove.setVisible(removable and pc.belongs and not pc.here)


def told(pc: Belonging) -> str:
    """Return when a PC joined, was last heard of, or was removed."""
    if pc.removed is not None:
        return f"Removed {times.show_time(pc.removed)}"
    parts = [f"Joined {times.show_time(pc.joined)}"] if pc.joined is not None else []
    if not pc.here:
        heard = f"last heard of {times.show_time(pc.heard)}" if pc.heard else "not heard of yet"
        parts.append(heard)
    return ", ".join(parts) or "It was the first one"


class AskLine(Card):
    """A PC that asks to join: the six digits to compare, and letting it in.

    Args:
        one: The PC.
    """

    agreed = Signal(object)
    """The digits are the same (an :class:`Asking`)."""
    refused = Signal(object)
    """They differ."""

    def __init__(self, one: Asking) -> None:
        super().__init__(f"“{one.request.name}” asks to join", "monitor", kind=Card.EMPHASISED)
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
        self.add(FlowRow([self.same, self.differ]))
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
        """Show other lines."""
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for number, line in enumerate(lines):
            if number and divided:
                self._rows.addWidget(Divider())
            self._rows.addWidget(line)
            line.show()
