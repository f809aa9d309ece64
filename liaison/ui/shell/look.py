"""How the window looks: light or dark, and the size of the text."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liaison.settings import LARGEST_TEXT, SMALLEST_TEXT
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
        shortcuts: Shows the sheet of shortcuts.
        lock: Locks the home.
    """

    def __init__(
        self,
        desk: Desk,
        anchor: QWidget,
        *,
        shortcuts: Callable[[], object],
        lock: Callable[[], object],
    ) -> None:
        super().__init__(anchor, f"{desk.person.name}: text size, light or dark", 340)
        self.controls = LookControls(desk)
        who = spaced(QHBoxLayout(), 12)
        who.addWidget(Avatar(desk.person.name, 40))
        who.addWidget(Elided(desk.person.name, "card"), 1)
        self.body.addLayout(who)
        self.body.addWidget(self.controls)
        self.body.addWidget(Divider())
        sheet, locking = Button("Shortcuts", "keyboard"), Button("Lock this PC", "lock")
        self.body.addWidget(FlowRow([sheet, locking]))
        for button, act in ((sheet, shortcuts), (locking, lock)):
            button.clicked.connect(self.done)
            button.clicked.connect(act)


def open_look(
    desk: Desk, anchor: QWidget, *, shortcuts: Callable[[], object], lock: Callable[[], object]
) -> Look:
    """Open the popover of the person's name; return it."""
    look = Look(desk, anchor, shortcuts=shortcuts, lock=lock)
    look.open()
    return look
