"""What belongs to whoever is signed in: lock, switch, password, and how the window looks."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liaison.settings import LARGEST_TEXT, SMALLEST_TEXT
from liaison.ui import theme
from liaison.ui.shell import shortcuts
from liaison.ui.shell.roles import ROLES
from liaison.ui.widgets import (
    Avatar,
    Button,
    Divider,
    Elided,
    FlowRow,
    IconButton,
    Popover,
    Segmented,
    Text,
    spaced,
)

if TYPE_CHECKING:
    from liaison.settings import Settings
    from liaison.ui.desk import Desk

_WIDE, _WIDER = 360, 560
STEP: Final = 10
THEMES: Final = (("system", "As this PC"), ("light", "Light"), ("dark", "Dark"))


def larger(settings: Settings, by: int) -> Settings:
    """Return settings with larger (or, below 0, smaller) text, within bounds."""
    size = min(max(settings.text_size + by, SMALLEST_TEXT), LARGEST_TEXT)
    return dataclasses.replace(settings, text_size=size)


class LookControls(QWidget):
    """Light or dark, and the text size; they apply at once.

    Args:
        desk: The desk.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.themes = Segmented(THEMES, "Light or dark")
        self.smaller = IconButton("minus", "Smaller text", Button.SECONDARY, small=True)
        self.larger = IconButton("plus", "Larger text", Button.SECONDARY, small=True)
        self._size = Text("", "label")
        rows = spaced(QVBoxLayout(self), 4)
        rows.addWidget(Text("Light or dark", "label"))
        rows.addWidget(self.themes)
        rows.addSpacing(8)
        rows.addWidget(Text("Text size", "label"))
        sizes = spaced(QHBoxLayout(), 10)
        sizes.addWidget(self.smaller)
        sizes.addWidget(self._size)
        sizes.addWidget(self.larger)
        sizes.addStretch(1)
        rows.addLayout(sizes)
        self.themes.changed.connect(self._choose_theme)
        self.smaller.clicked.connect(lambda: desk.set(larger(desk.settings, -STEP)))
        self.larger.clicked.connect(lambda: desk.set(larger(desk.settings, STEP)))
        desk.settings_changed.connect(self._show)
        self._show(desk.settings)

    def _choose_theme(self, theme_name: object) -> None:
        changed = dataclasses.replace(self._desk.settings, theme=str(theme_name))
        self._desk.set(changed)

    def _show(self, settings: Settings) -> None:
        self.themes.set_value(settings.theme)
        self._size.setText(f"{settings.text_size} %")
        self.smaller.setEnabled(settings.text_size > SMALLEST_TEXT)
        self.larger.setEnabled(settings.text_size < LARGEST_TEXT)


class Look(Popover):
    """The popover of the person's name.

    Args:
        desk: The desk.
        anchor: What it points at.
        sizing: Whether the focus begins at the text size, not at the first button.
    """

    locking = Signal()
    """Lock the home."""
    switching = Signal()
    """Somebody else wants to sign in."""
    changing_password = Signal()
    """Whoever is here wants another password."""
    shortcuts = Signal()
    """Show the sheet of shortcuts."""

    def __init__(self, desk: Desk, anchor: QWidget, *, sizing: bool = False) -> None:
        super().__init__(anchor, f"{desk.person.name}: lock, password, text size", _width())
        self._sizing = sizing
        self.controls = LookControls(desk)
        who = spaced(QHBoxLayout(), 12)
        who.addWidget(Avatar(desk.person.name, 40))
        words = spaced(QVBoxLayout(), 0)
        words.addWidget(Elided(desk.person.name, "card"))
        words.addWidget(Text(ROLES.get(desk.person.role, desk.person.role), "secondary"))
        who.addLayout(words, 1)
        self.body.addLayout(who)
        self.lock = Button("Lock this PC", "lock")
        self.switch = Button("Switch person", "users-round")
        self.switch.setToolTip("What you are writing is kept, and is there when you come back")
        self.password = Button("Change my password", "key-round")
        self.sheet = Button("Shortcuts", "keyboard")
        # the keys themselves are the shell's
        self.lock.setToolTip(shortcuts.LOCK)
        self.sheet.setToolTip(shortcuts.SHEET)
        self.body.addWidget(FlowRow([self.lock, self.switch, self.password, self.sheet]))
        self.body.addWidget(Divider())
        self.body.addWidget(Text("My settings", "card"))
        self.body.addWidget(self.controls)
        for button, signal in (
            (self.lock, self.locking),
            (self.switch, self.switching),
            (self.password, self.changing_password),
            (self.sheet, self.shortcuts),
        ):
            button.clicked.connect(self.done)
            button.clicked.connect(signal)

    def _first_control(self) -> QWidget:
        # at the largest size the first of the two is all there is to press
        sizes = (self.controls.larger, self.controls.smaller)
        wanted = [one for one in sizes if self._sizing and one.isEnabled()]
        return wanted[0] if wanted else super()._first_control()


def _width() -> float:
    """Return how wide it is: with large text the buttons would need more lines than there are."""
    return _WIDE if theme.roomy() else _WIDER
