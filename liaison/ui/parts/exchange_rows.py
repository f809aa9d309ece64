"""One line of what the popover and the page say of the exchange: a thing, what is known, how it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liaison.ui.widgets import Elided, Icon, StateChip, Wrap, show_with, spaced

if TYPE_CHECKING:
    from liaison.ui.parts.exchanging import Said


class Row(QWidget):
    """A thing with what is known of it, and how it stands.

    Args:
        icon: Its icon.
        name: Its name.
        line: What is known of it.
        end: What stands at the end of the row.
        short: Whether a name that is too long is shortened; else it goes on in the next line.
    """

    def __init__(
        self, icon: str, name: str, line: str, end: QWidget | None = None, *, short: bool = False
    ) -> None:
        super().__init__()
        self.name, self.line = name, line
        self._icon, self._line = Icon(icon, "muted", 20), Wrap(line, "secondary")
        row = spaced(QHBoxLayout(self), 12)
        row.addWidget(self._icon)
        words = spaced(QVBoxLayout(), 0)
        words.addWidget(Elided(name, "label") if short else Wrap(name, "label"))
        words.addWidget(self._line)
        show_with(self._line, wanted=bool(line))
        row.addLayout(words, 1)
        if end is not None:
            row.addWidget(end)

    def say(self, icon: str, line: str) -> None:
        """Say something else of the thing; what stands at the end stays, with the keyboard in it."""
        self.line = line
        self._icon.set_icon(icon, "muted")
        self._line.setText(line)
        show_with(self._line, wanted=bool(line))


def chip_of(said: Said) -> StateChip:
    """Return the chip that says how something stands.

    Args:
        said: The words.
    """
    return StateChip(said.state, said.words, said.icon)
